// SPDX-License-Identifier: Apache-2.0
/* Snapshots: the file's frame, the executive's part, and restoring. The format is
 * described in docs/snapshot.md. */
#include "snapshot_parts.h"
#include <hsx/word.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { FORMAT_VERSION = 2, HEADER_SIZE = 20, CRC_AT = 16 };

static const uint8_t magic[8] = {'H', 'S', 'X', 'S', 'N', 'A', 'P', '\n'};

/* ---- The executive's part */

/* Limits of the machine that made it: they must equal ours. */
static void code_limits(struct codec *c, const struct hsx_exec *e)
{
    const uint64_t ours[] = {e->target->contexts, e->mbox->desc_count, e->mbox->handle_count,
                             e->config.ring};
    static const char *const names[] = {"contexts", "mailbox descriptors", "handles a task",
                                        "entries of the trace ring"};

    for (unsigned i = 0; i < sizeof ours / sizeof ours[0]; i++) {
        uint64_t theirs = codec_number(c, ours[i], UINT32_MAX);

        if (theirs != ours[i] && !c->failed) {
            char why[120];

            snprintf(why, sizeof why, "made with %llu %s, this machine has %llu",
                     (unsigned long long)theirs, names[i], (unsigned long long)ours[i]);
            codec_fail(c, why);
        }
    }
}

static void code_config(struct codec *c, struct hsx_exec_config *k)
{
    CODEC(c, k->call, HSX_CALLS_WORD);
    CODEC(c, k->protect, 1);
    CODEC(c, k->stack_bytes, UINT32_MAX);
    CODEC(c, k->tick_steps, UINT32_MAX);
    CODEC(c, k->trap_latency, UINT64_MAX);
    codec_check(c, exec_stack_ok(k->stack_bytes), "the stack size is not possible");
}

static void code_counters(struct codec *c, struct hsx_counters *n)
{
    uint64_t *const all[] = {&n->steps,      &n->turns,      &n->traps,        &n->blocks,
                             &n->wakes,      &n->timeouts,   &n->faults,       &n->ends,
                             &n->mbox_steps, &n->mbox_wakes, &n->mbox_timeouts};

    for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++) {
        CODEC(c, *all[i], UINT64_MAX);
    }
}

static void code_wait(struct codec *c, struct wait *w)
{
    CODEC(c, w->kind, HSX_SLEEP);
    CODEC(c, w->buffer, UINT16_MAX);
    CODEC(c, w->max_length, UINT16_MAX);
    CODEC(c, w->info, UINT16_MAX);
    CODEC(c, w->has_info, 1);
}

static void code_timer(struct codec *c, struct hsx_exec *e, uint8_t slot)
{
    const struct timer *timer = timers_of(&e->timers, slot);
    uint64_t deadline = timer ? timer->deadline : 0;

    CODEC(c, deadline, UINT64_MAX);
    if (c->loading && deadline != 0) {
        timers_add(&e->timers, slot, e->tasks[slot].pid, deadline);
    }
}

static void save_metadata(struct codec *c, const struct task *t)
{
    char *json = t->metadata.count != 0 ? hsx_mailboxes_format(&t->metadata) : NULL;
    size_t len = json ? strlen(json) : 0;

    if (t->metadata.count != 0 && !json) {
        codec_no_memory(c);
    }
    codec_number(c, len, UINT32_MAX);
    codec_bytes(c, json, len);
    free(json);
}

static void load_metadata(struct codec *c, struct task *t)
{
    size_t len = (size_t)codec_number(c, 0, UINT32_MAX);
    struct hsx_image_error error;
    enum hsx_status status;

    if (len == 0 || !codec_check(c, len <= c->size - c->at, "the data end here")) {
        return;
    }
    status = hsx_mailboxes_parse((const char *)c->bytes + c->at, len, &t->metadata, &error);
    if (status == HSX_ERR_MEMORY) {
        codec_no_memory(c);
        return;
    }
    if (status != HSX_OK) {
        codec_fail(c, error.text);
        return;
    }
    c->at += len;
    t->metadata_ids = calloc(t->metadata.count + 1, sizeof *t->metadata_ids);
    if (!t->metadata_ids) {
        codec_no_memory(c);
    }
}

static void code_metadata(struct codec *c, struct task *t)
{
    if (c->loading) {
        load_metadata(c, t);
    } else {
        save_metadata(c, t);
    }
    for (size_t i = 0; i < t->metadata.count && !c->failed; i++) {
        CODEC(c, t->metadata_ids[i], UINT32_MAX);
    }
}

static void code_task(struct codec *c, struct hsx_exec *e, uint8_t slot)
{
    struct task *t = &e->tasks[slot];

    CODEC(c, t->pid, UINT16_MAX);
    if (t->pid == 0) {
        return;
    }
    codec_text(c, t->name, sizeof t->name);
    CODEC(c, t->code_base, UINT16_MAX);
    CODEC(c, t->code_len, HSX_CODE_SIZE);
    CODEC(c, t->data_base, HSX_DATA_SIZE);
    CODEC(c, t->data_len, HSX_DATA_SIZE - HSX_DATA_LINK);
    CODEC(c, t->stack_base, UINT16_MAX);
    CODEC(c, t->stack_bytes, HSX_DATA_SIZE);
    CODEC(c, t->stack_top, UINT16_MAX);
    CODEC(c, t->reg_base, UINT16_MAX);
    CODEC(c, t->window, UINT16_MAX);
    CODEC(c, t->lowest_sp, UINT16_MAX);
    CODEC(c, t->ended, 1);
    CODEC(c, t->pause_pending, 1);
    CODEC(c, t->end_number, UINT64_MAX);
    code_wait(c, &t->wait);
    code_timer(c, e, slot);
    code_counters(c, &t->counters);
    code_metadata(c, t);
    e->live += c->loading && !t->ended;
}

static void code_traps(struct codec *c, struct hsx_exec *e)
{
    CODEC(c, e->trap_count, e->target->contexts);
    for (size_t i = 0; i < e->trap_count; i++) {
        CODEC(c, e->traps[i].slot, e->target->contexts - 1);
        CODEC(c, e->traps[i].insn, UINT32_MAX);
        CODEC(c, e->traps[i].steps, UINT64_MAX);
        CODEC(c, e->traps[i].due, UINT64_MAX);
    }
}

static void code_ring(struct codec *c, struct hsx_exec *e)
{
    uint64_t kept = e->ring_total < e->config.ring ? e->ring_total : e->config.ring;
    uint64_t first = e->ring_total - kept;

    CODEC(c, kept, UINT32_MAX);
    if (!codec_check(c, kept <= e->config.ring, "the trace ring is too long")) {
        return;
    }
    for (uint64_t i = first; i < first + kept; i++) {
        struct hsx_ring_entry *entry = &e->ring[i % e->config.ring];

        CODEC(c, entry->order, UINT64_MAX);
        CODEC(c, entry->pid, UINT16_MAX);
        CODEC(c, entry->pc, UINT16_MAX);
        CODEC(c, entry->event, HSX_RING_FAULT);
    }
    if (c->loading) {
        e->ring_total = kept;
    }
}

static void code_broken(struct codec *c, struct hsx_exec *e)
{
    unsigned which = exec_invariant_number(e->last_broken);

    CODEC(c, e->broken_invariants, UINT64_MAX);
    CODEC(c, e->last_broken_pid, UINT16_MAX);
    CODEC(c, which, EXEC_INVARIANTS);
    e->last_broken = exec_invariant_text(which);
}

static void code_all(struct codec *c, struct hsx_exec *e, struct snap_machine *m)
{
    code_limits(c, e);
    code_config(c, &e->config);
    CODEC(c, e->now, UINT64_MAX);
    CODEC(c, e->next_pid, UINT16_MAX + 1u);
    CODEC(c, e->next_end_number, UINT64_MAX);
    for (unsigned i = 0; i < e->target->contexts && !c->failed; i++) {
        code_task(c, e, (uint8_t)i);
    }
    code_traps(c, e);
    code_broken(c, e);
    snap_code_machine(c, m, e->target->contexts);
    if (!c->failed) {
        snap_code_mail(c, e->mbox);
    }
    code_ring(c, e);
}

/* ---- Saving */

static uint32_t crc_of(const uint8_t *bytes, size_t size)
{
    uLong crc = crc32(0, bytes, CRC_AT);

    return (uint32_t)crc32(crc, bytes + HEADER_SIZE, (uInt)(size - HEADER_SIZE));
}

static void put_header(uint8_t *bytes, size_t size)
{
    memcpy(bytes, magic, sizeof magic);
    hsx_store_word(bytes + 8, FORMAT_VERSION);
    hsx_store_word(bytes + 12, (uint32_t)(size - HEADER_SIZE));
    hsx_store_word(bytes + CRC_AT, crc_of(bytes, size));
}

enum hsx_status hsx_exec_save(struct hsx_exec *e, uint8_t **bytes, size_t *size)
{
    struct snap_machine *m = calloc(1, sizeof *m);
    uint8_t header[HEADER_SIZE] = {0};
    struct codec c = {.loading = false};

    exec_sync(e);
    exec_fill_ring(e);
    for (unsigned i = 0; i < e->target->contexts; i++) {
        exec_take_tally(e, (uint8_t)i);
    }
    if (!m || !exec_ok(e, snap_read_machine(e->target, m))) {
        free(m);
        return m ? e->failed : HSX_ERR_MEMORY;
    }
    codec_bytes(&c, header, sizeof header);
    code_all(&c, e, m);
    free(m);
    if (c.failed) {
        free(c.bytes);
        return HSX_ERR_MEMORY;
    }
    put_header(c.bytes, c.size);
    *bytes = c.bytes;
    *size = c.size;
    return HSX_OK;
}

/* ---- Restoring */

static const char *wrong_frame(const uint8_t *bytes, size_t size)
{
    if (size < HEADER_SIZE || memcmp(bytes, magic, sizeof magic) != 0) {
        return "not a snapshot, expected \"HSXSNAP\" at the start";
    }
    if (hsx_load_word(bytes + 8) != FORMAT_VERSION) {
        return "a snapshot of another version, expected 2";
    }
    if (size - HEADER_SIZE != hsx_load_word(bytes + 12)) {
        return "its length is not the one in its header: cut off or grown";
    }
    if (crc_of(bytes, size) != hsx_load_word(bytes + CRC_AT)) {
        return "its checksum is wrong: damaged";
    }
    return NULL;
}

static enum hsx_status refuse(struct hsx_exec_error *error, enum hsx_status status, const char *why)
{
    if (error) {
        snprintf(error->text, sizeof error->text, "%s", why);
    }
    return status;
}

/* A second executive like e, to load into. */
static struct hsx_exec *stage(const struct hsx_exec *e)
{
    struct hsx_exec *staged = calloc(1, sizeof *staged);

    if (staged) {
        staged->target = e->target;
        staged->config = e->config;
        staged->sink = e->sink;
        staged->has_sink = e->has_sink;
        staged->cycles = e->cycles;
        timers_init(&staged->timers);
        if (exec_create_pools(staged) != HSX_OK) {
            hsx_exec_destroy(staged);
            return NULL;
        }
    }
    return staged;
}

static enum hsx_status load_all(const uint8_t *bytes, size_t size, struct hsx_exec *staged,
                                struct snap_machine *m, struct hsx_exec_error *error)
{
    struct codec c = {
        .loading = true, .bytes = (uint8_t *)(uintptr_t)bytes, .at = HEADER_SIZE, .size = size};
    const struct timer *first;

    code_all(&c, staged, m);
    codec_check(&c, c.at == size, "there is more than expected");
    if (!c.failed) {
        snap_check(&c, staged, m);
    }
    if (c.no_memory) {
        return refuse(error, HSX_ERR_MEMORY, "out of memory");
    }
    if (c.failed) {
        return refuse(error, HSX_ERR_FORMAT, c.why);
    }
    first = timers_first(&staged->timers);
    staged->order = m->totals.order;
    staged->steps = m->totals.steps;
    staged->alarm = first ? first->deadline : 0;
    m->totals.now = (uint32_t)staged->now;
    m->tick_steps = staged->config.tick_steps;
    m->alarm_armed = first != NULL;
    m->alarm = (uint32_t)staged->alarm;
    return HSX_OK;
}

/* A target may refuse what another one holds, so the old state is kept until
 * the new one is in. */
static enum hsx_status replace_machine(struct hsx_exec *e, const struct snap_machine *m,
                                       struct hsx_exec_error *error)
{
    struct snap_machine *old = calloc(1, sizeof *old);
    enum hsx_status status = HSX_OK;

    if (!old) {
        status = refuse(error, HSX_ERR_MEMORY, "out of memory");
    } else if (exec_ok(e, snap_read_machine(e->target, old))) {
        old->tick_steps = e->config.tick_steps;
        old->alarm_armed = e->alarm != 0;
        old->alarm = (uint32_t)e->alarm;
        status = snap_write_machine(e->target, m);
        if (status != HSX_OK) {
            exec_ok(e, snap_write_machine(e->target, old));
            refuse(error, status, "this target cannot hold it");
        }
    }
    free(old);
    return e->failed != HSX_OK ? refuse(error, e->failed, "the machine has failed") : status;
}

static void become(struct hsx_exec *e, struct hsx_exec *staged)
{
    exec_keep_stops(staged, e);
    exec_release(e);
    *e = *staged;
    free(staged);
}

enum hsx_status hsx_exec_restore(struct hsx_exec *e, const uint8_t *bytes, size_t size,
                                 struct hsx_exec_error *error)
{
    const char *wrong = wrong_frame(bytes, size);
    struct snap_machine *m;
    struct hsx_exec *staged;
    enum hsx_status status;

    if (wrong) {
        return refuse(error, HSX_ERR_FORMAT, wrong);
    }
    exec_sync(e);
    exec_fill_ring(e); /* the machine cannot recall these afterwards */
    if (e->failed != HSX_OK) {
        return refuse(error, e->failed, "the machine has failed");
    }
    m = calloc(1, sizeof *m);
    staged = stage(e);
    if (!m || !staged) {
        status = refuse(error, HSX_ERR_MEMORY, "out of memory");
    } else {
        status = load_all(bytes, size, staged, m, error);
    }
    if (status == HSX_OK) {
        status = replace_machine(e, m, error);
    }
    if (status == HSX_OK) {
        become(e, staged);
        for (unsigned i = 0; i < e->target->contexts; i++) {
            exec_note_sp(e, (uint8_t)i, m->contexts[i].sp);
        }
    } else {
        hsx_exec_destroy(staged);
    }
    free(m);
    return status;
}
