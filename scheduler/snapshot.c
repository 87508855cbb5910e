/*
 * The whole machine as bytes: memories, contexts, queue, time, tasks, waits,
 * mailboxes, ring. Reading builds a second executive and only then touches
 * the target.
 */
#include "blob.h"
#include "internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static const char magic[8] = {'H', 'S', 'X', 'S', 'N', 'A', 'P', '1'};

enum { CRC_SIZE = 4 };

/* ---- The target */

/* A target's state on its way out or in. */
struct machine {
    uint32_t code[HSX_CODE_SIZE / 4];
    uint8_t data[HSX_DATA_SIZE];
    struct hsx_context contexts[HSX_MAX_CONTEXTS];
    uint8_t queue[HSX_MAX_CONTEXTS];
    size_t queue_count;
    uint8_t turn_left;
    struct hsx_totals totals;
};

static void read_machine(struct hsx_exec *e, struct machine *m)
{
    const struct hsx_target_ops *ops = e->target->ops;

    exec_ok(e, ops->read_code(e->target, 0, m->code, HSX_CODE_SIZE / 4));
    exec_ok(e, ops->read_data(e->target, 0, m->data, HSX_DATA_SIZE));
    for (unsigned i = 0; i < e->target->contexts; i++) {
        exec_ok(e, ops->read_context(e->target, (uint8_t)i, &m->contexts[i]));
    }
    exec_ok(e,
            ops->read_queue(e->target, m->queue, HSX_MAX_CONTEXTS, &m->queue_count, &m->turn_left));
    exec_ok(e, ops->read_totals(e->target, &m->totals));
}

/* Tick steps first: the distance to the next tick follows from both. */
static enum hsx_status write_machine(struct hsx_exec *e, const struct machine *m)
{
    const struct hsx_target_ops *ops = e->target->ops;
    enum hsx_status status = ops->write_code(e->target, 0, m->code, HSX_CODE_SIZE / 4);

    if (status == HSX_OK) {
        status = ops->write_data(e->target, 0, m->data, HSX_DATA_SIZE);
    }
    if (status == HSX_OK) {
        status = ops->write_queue(e->target, m->queue, 0, 0);
    }
    for (unsigned i = 0; i < e->target->contexts && status == HSX_OK; i++) {
        status = ops->write_context(e->target, (uint8_t)i, &m->contexts[i]);
    }
    if (status == HSX_OK) {
        status = ops->write_queue(e->target, m->queue, m->queue_count, m->turn_left);
    }
    if (status == HSX_OK) {
        status = ops->set_tick_steps(e->target, e->config.tick_steps);
    }
    if (status == HSX_OK) {
        status = ops->write_totals(e->target, &m->totals);
    }
    if (status == HSX_OK) {
        status = ops->set_alarm(e->target, e->alarm != 0, (uint32_t)e->alarm);
    }
    return status;
}

static void put_context(struct blob *b, const struct hsx_context *c)
{
    const uint16_t halves[] = {c->pc,        c->sp,        c->reg_base,  c->stack_limit,
                               c->stack_top, c->code_base, c->data_base, c->call_depth};

    for (size_t i = 0; i < sizeof halves / sizeof halves[0]; i++) {
        blob_put(b, halves[i], 2);
    }
    blob_put(b, c->code_len, 4);
    blob_put(b, c->data_len, 4);
    blob_put(b, c->psw, 1);
    blob_put(b, c->slice, 1);
    blob_put(b, c->flags, 1);
    blob_put(b, c->state, 1);
}

static void get_context(struct blob *b, struct hsx_context *c)
{
    uint16_t *const halves[] = {&c->pc,        &c->sp,        &c->reg_base,  &c->stack_limit,
                                &c->stack_top, &c->code_base, &c->data_base, &c->call_depth};

    for (size_t i = 0; i < sizeof halves / sizeof halves[0]; i++) {
        *halves[i] = (uint16_t)blob_get(b, 2);
    }
    c->code_len = (uint32_t)blob_get(b, 4);
    c->data_len = (uint32_t)blob_get(b, 4);
    c->psw = (uint8_t)blob_get(b, 1);
    c->slice = (uint8_t)blob_get(b, 1);
    c->flags = (uint8_t)blob_get(b, 1);
    c->state = (uint8_t)blob_get(b, 1);
}

static void put_machine(struct blob *b, const struct machine *m, unsigned contexts)
{
    for (size_t i = 0; i < HSX_CODE_SIZE / 4; i++) {
        blob_put(b, m->code[i], 4);
    }
    blob_put_bytes(b, m->data, HSX_DATA_SIZE);
    for (unsigned i = 0; i < contexts; i++) {
        put_context(b, &m->contexts[i]);
    }
    blob_put(b, m->queue_count, 1);
    blob_put_bytes(b, m->queue, m->queue_count);
    blob_put(b, m->turn_left, 1);
    blob_put(b, m->totals.order, 8);
    blob_put(b, m->totals.steps, 8);
    blob_put(b, m->totals.now, 4);
    blob_put(b, m->totals.tick_due, 1);
}

static void get_machine(struct blob *b, struct machine *m, unsigned contexts)
{
    const uint8_t *bytes;

    for (size_t i = 0; i < HSX_CODE_SIZE / 4; i++) {
        m->code[i] = (uint32_t)blob_get(b, 4);
    }
    bytes = blob_get_bytes(b, HSX_DATA_SIZE);
    if (bytes) {
        memcpy(m->data, bytes, HSX_DATA_SIZE);
    }
    for (unsigned i = 0; i < contexts; i++) {
        get_context(b, &m->contexts[i]);
    }
    m->queue_count = (size_t)blob_get_max(b, 1, contexts);
    for (size_t i = 0; i < m->queue_count; i++) {
        m->queue[i] = (uint8_t)blob_get_max(b, 1, contexts - 1);
    }
    m->turn_left = (uint8_t)blob_get(b, 1);
    m->totals.order = blob_get(b, 8);
    m->totals.steps = blob_get(b, 8);
    m->totals.now = (uint32_t)blob_get(b, 4);
    m->totals.tick_due = (uint32_t)blob_get_max(b, 1, 1);
}

/* ---- The executive */

static void put_metadata(struct blob *b, const struct task *t)
{
    blob_put(b, t->metadata.count, 2);
    for (size_t i = 0; i < t->metadata.count; i++) {
        const struct hsx_image_mailbox *box = &t->metadata.items[i];
        size_t len = box->bindings ? strlen(box->bindings) : 0;

        blob_put(b, t->metadata_ids[i], 4);
        blob_put_bytes(b, box->target, sizeof box->target);
        blob_put(b, box->capacity, 2);
        blob_put(b, box->mode, 2);
        blob_put(b, box->has_owner, 1);
        blob_put(b, box->owner_pid, 4);
        blob_put(b, box->bindings != NULL, 1);
        blob_put(b, len, 4);
        blob_put_bytes(b, box->bindings, len);
    }
}

static void get_bindings(struct blob *b, struct hsx_image_mailbox *box)
{
    bool there = blob_get_max(b, 1, 1);
    size_t len = (size_t)blob_get(b, 4);
    const uint8_t *text = blob_get_bytes(b, len);

    if (text && there) {
        box->bindings = calloc(len + 1, 1);
        b->bad = box->bindings == NULL;
        if (box->bindings) {
            memcpy(box->bindings, text, len);
        }
    }
}

static void get_metadata(struct blob *b, struct task *t)
{
    size_t count = (size_t)blob_get(b, 2);

    t->metadata.items = calloc(count + 1, sizeof *t->metadata.items);
    t->metadata_ids = calloc(count + 1, sizeof *t->metadata_ids);
    if (!t->metadata.items || !t->metadata_ids) {
        b->bad = true;
        return;
    }
    for (size_t i = 0; i < count && !b->bad; i++) {
        struct hsx_image_mailbox *box = &t->metadata.items[i];
        const uint8_t *target;

        t->metadata.count = i + 1;
        t->metadata_ids[i] = (uint32_t)blob_get(b, 4);
        target = blob_get_bytes(b, sizeof box->target);
        if (target) {
            memcpy(box->target, target, sizeof box->target - 1);
        }
        box->capacity = (uint16_t)blob_get(b, 2);
        box->mode = (uint16_t)blob_get(b, 2);
        box->has_owner = blob_get_max(b, 1, 1);
        box->owner_pid = (uint32_t)blob_get(b, 4);
        get_bindings(b, box);
    }
}

static void put_task(struct blob *b, const struct task *t)
{
    uint64_t counters[sizeof t->counters / sizeof(uint64_t)];

    blob_put(b, t->pid, 4);
    if (t->pid == 0) {
        return;
    }
    blob_put_bytes(b, t->name, sizeof t->name);
    blob_put(b, t->code_base, 4);
    blob_put(b, t->code_len, 4);
    blob_put(b, t->data_base, 4);
    blob_put(b, t->data_len, 4);
    blob_put(b, t->stack_base, 4);
    blob_put(b, t->stack_bytes, 4);
    blob_put(b, t->stack_top, 2);
    blob_put(b, t->reg_base, 2);
    blob_put(b, t->window, 2);
    blob_put(b, t->lowest_sp, 2);
    blob_put(b, t->ended, 1);
    blob_put(b, t->pause_pending, 1);
    blob_put(b, t->end_number, 8);
    blob_put(b, t->wait.kind, 1);
    blob_put(b, t->wait.buffer, 2);
    blob_put(b, t->wait.max_length, 2);
    blob_put(b, t->wait.info, 2);
    blob_put(b, t->wait.has_info, 1);
    memcpy(counters, &t->counters, sizeof counters);
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        blob_put(b, counters[i], 8);
    }
    put_metadata(b, t);
}

static void get_wait(struct blob *b, struct wait *wait)
{
    wait->kind = (enum hsx_state)blob_get_max(b, 1, HSX_SLEEP);
    wait->buffer = (uint16_t)blob_get(b, 2);
    wait->max_length = (uint16_t)blob_get_max(b, 2, HSX_DATA_SIZE - wait->buffer);
    wait->info = (uint16_t)blob_get_max(b, 2, HSX_DATA_SIZE - 20);
    wait->has_info = blob_get_max(b, 1, 1);
    b->bad = b->bad || (wait->kind != HSX_FREE && wait->kind < HSX_WAIT_MBX);
}

static void get_task(struct blob *b, struct task *t)
{
    uint64_t counters[sizeof t->counters / sizeof(uint64_t)];
    const uint8_t *name;

    t->pid = (uint32_t)blob_get_max(b, 4, UINT16_MAX);
    if (t->pid == 0) {
        return;
    }
    name = blob_get_bytes(b, sizeof t->name);
    if (name) {
        memcpy(t->name, name, sizeof t->name - 1);
    }
    t->code_base = (uint32_t)blob_get_max(b, 4, HSX_CODE_SIZE);
    t->code_len = (uint32_t)blob_get_max(b, 4, HSX_CODE_SIZE - t->code_base);
    t->data_base = (uint32_t)blob_get_max(b, 4, HSX_DATA_SIZE);
    t->data_len = (uint32_t)blob_get_max(b, 4, HSX_DATA_SIZE - t->data_base);
    t->stack_base = (uint32_t)blob_get_max(b, 4, HSX_DATA_SIZE);
    t->stack_bytes = (uint32_t)blob_get_max(b, 4, HSX_DATA_SIZE - t->stack_base);
    t->stack_top = (uint16_t)blob_get(b, 2);
    t->reg_base = (uint16_t)blob_get_max(b, 2, HSX_DATA_SIZE - HSX_WINDOW_SIZE);
    t->window = (uint16_t)blob_get_max(b, 2, HSX_DATA_SIZE - HSX_WINDOW_SIZE);
    t->lowest_sp = (uint16_t)blob_get(b, 2);
    t->ended = blob_get_max(b, 1, 1);
    t->pause_pending = blob_get_max(b, 1, 1);
    t->end_number = blob_get(b, 8);
    get_wait(b, &t->wait);
    for (size_t i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        counters[i] = blob_get(b, 8);
    }
    memcpy(&t->counters, counters, sizeof counters);
    get_metadata(b, t);
}

static void put_traps(struct blob *b, const struct hsx_exec *e)
{
    blob_put(b, e->trap_count, 1);
    for (size_t i = 0; i < e->trap_count; i++) {
        blob_put(b, e->traps[i].slot, 1);
        blob_put(b, e->traps[i].insn, 4);
        blob_put(b, e->traps[i].steps, 8);
        blob_put(b, e->traps[i].due, 8);
    }
}

static void get_traps(struct blob *b, struct hsx_exec *e)
{
    bool seen[HSX_MAX_CONTEXTS] = {false};

    e->trap_count = (size_t)blob_get_max(b, 1, e->target->contexts);
    for (size_t i = 0; i < e->trap_count && !b->bad; i++) {
        uint8_t slot = (uint8_t)blob_get_max(b, 1, e->target->contexts - 1);

        e->traps[i].slot = slot;
        e->traps[i].insn = (uint32_t)blob_get(b, 4);
        e->traps[i].steps = blob_get(b, 8);
        e->traps[i].due = blob_get(b, 8);
        b->bad = b->bad || seen[slot] || e->tasks[slot].pid == 0;
        seen[slot] = true;
    }
}

static void put_timers(struct blob *b, const struct hsx_exec *e)
{
    blob_put(b, e->timers.count, 1);
    for (size_t i = 0; i < e->timers.count; i++) {
        blob_put(b, e->timers.heap[i].slot, 1);
        blob_put(b, e->timers.heap[i].deadline, 8);
    }
}

static void get_timers(struct blob *b, struct hsx_exec *e)
{
    size_t count = (size_t)blob_get_max(b, 1, e->target->contexts);

    for (size_t i = 0; i < count && !b->bad; i++) {
        uint8_t slot = (uint8_t)blob_get_max(b, 1, e->target->contexts - 1);
        uint64_t deadline = blob_get(b, 8);

        if (timers_of(&e->timers, slot) || e->tasks[slot].wait.kind == HSX_FREE ||
            deadline <= e->now || deadline - e->now > UINT32_MAX) {
            b->bad = true;
        } else {
            timers_add(&e->timers, slot, e->tasks[slot].pid, deadline);
        }
    }
}

static void put_ring(struct blob *b, const struct hsx_exec *e)
{
    size_t kept = e->ring_total < e->config.ring ? (size_t)e->ring_total : e->config.ring;

    blob_put(b, kept, 4);
    for (size_t i = 0; i < kept; i++) {
        const struct hsx_ring_entry *entry = &e->ring[(e->ring_total - kept + i) % e->config.ring];

        blob_put(b, entry->order, 8);
        blob_put(b, entry->pid, 4);
        blob_put(b, entry->pc, 2);
        blob_put(b, entry->event, 1);
    }
}

static void get_ring(struct blob *b, struct hsx_exec *e)
{
    size_t kept = (size_t)blob_get_max(b, 4, UINT32_MAX);

    for (size_t i = 0; i < kept && !b->bad; i++) {
        uint64_t order = blob_get(b, 8);
        uint32_t pid = (uint32_t)blob_get(b, 4);
        uint16_t pc = (uint16_t)blob_get(b, 2);

        exec_ring_add(e, order, pid, pc, (enum hsx_ring_event)blob_get_max(b, 1, HSX_RING_FAULT));
    }
}

static void put_exec(struct blob *b, const struct hsx_exec *e)
{
    blob_put(b, e->target->contexts, 2);
    blob_put(b, e->config.tick_steps, 4);
    blob_put(b, e->config.trap_latency, 8);
    blob_put(b, e->config.stack_bytes, 4);
    blob_put(b, e->config.protect, 1);
    blob_put(b, e->config.call, 1);
    blob_put(b, e->next_pid, 4);
    blob_put(b, e->next_end_number, 8);
    blob_put(b, e->now, 8);
    blob_put(b, e->broken_invariants, 8);
    blob_put(b, e->last_broken_pid, 4);
    for (unsigned i = 0; i < e->target->contexts; i++) {
        put_task(b, &e->tasks[i]);
    }
    put_traps(b, e);
    put_timers(b, e);
    mbox_save(e->mbox, b);
    put_ring(b, e);
}

/* Tasks and mailboxes must speak of the same waits and the same task ids. */
static bool consistent(const struct hsx_exec *e)
{
    for (unsigned i = 0; i < e->target->contexts; i++) {
        const struct task *t = &e->tasks[i];

        if (e->mbox->tasks[i].pid != t->pid || t->pid >= e->next_pid ||
            (t->wait.kind == HSX_WAIT_MBX) != (e->mbox->tasks[i].wait_desc != MBOX_NONE) ||
            (t->pid != 0 && exec_slot_of(e, t->pid) != (int)i)) {
            return false;
        }
    }
    return e->mbox->tasks[exec_host_slot(e)].pid == 0;
}

static bool get_exec(struct blob *b, struct hsx_exec *e)
{
    e->config.tick_steps = (uint32_t)blob_get(b, 4);
    e->config.trap_latency = blob_get(b, 8);
    e->config.stack_bytes = (uint32_t)blob_get(b, 4);
    e->config.protect = blob_get_max(b, 1, 1);
    e->config.call = (enum hsx_call_mode)blob_get_max(b, 1, HSX_CALLS_WORD);
    e->next_pid = (uint32_t)blob_get_max(b, 4, UINT16_MAX + 1u);
    e->next_end_number = blob_get(b, 8);
    e->now = blob_get(b, 8);
    e->broken_invariants = blob_get(b, 8);
    e->last_broken_pid = (uint32_t)blob_get(b, 4);
    e->last_broken = e->broken_invariants ? "before the snapshot was taken" : NULL;
    for (unsigned i = 0; i < e->target->contexts && !b->bad; i++) {
        get_task(b, &e->tasks[i]);
        e->live += e->tasks[i].pid != 0 && !e->tasks[i].ended;
    }
    get_traps(b, e);
    get_timers(b, e);
    if (b->bad || !exec_stack_ok(e->config.stack_bytes) || !mbox_load(e->mbox, b)) {
        return false;
    }
    get_ring(b, e);
    return !b->bad && consistent(e);
}

/* ---- Files */

enum hsx_status hsx_exec_save(struct hsx_exec *e, uint8_t **bytes, size_t *size)
{
    struct machine *m = calloc(1, sizeof *m);
    struct blob b = {0};

    if (!m) {
        return HSX_ERR_MEMORY;
    }
    exec_sync(e);
    read_machine(e, m);
    blob_put_bytes(&b, magic, sizeof magic);
    put_exec(&b, e);
    put_machine(&b, m, e->target->contexts);
    blob_put(&b, crc32(0, b.bytes, (uInt)b.size), CRC_SIZE);
    free(m);
    if (b.bad || e->failed != HSX_OK) {
        free(b.bytes);
        return e->failed != HSX_OK ? e->failed : HSX_ERR_MEMORY;
    }
    *bytes = b.bytes;
    *size = b.size;
    return HSX_OK;
}

static enum hsx_status refuse(struct hsx_exec_error *error, const char *why)
{
    snprintf(error->text, sizeof error->text, "%s", why);
    return HSX_ERR_FORMAT;
}

static enum hsx_status check_file(const struct blob *file, struct hsx_exec_error *error)
{
    size_t end = file->size - CRC_SIZE;

    if (file->size < sizeof magic + CRC_SIZE || memcmp(file->bytes, magic, sizeof magic) != 0) {
        return refuse(error, "not a snapshot, expected HSXSNAP1 at its start");
    }
    if (crc32(0, file->bytes, (uInt)end) != exec_word(file->bytes + end)) {
        return refuse(error, "the snapshot is damaged: its CRC does not match");
    }
    return HSX_OK;
}

/* next takes the place of what e was; the target follows. */
static enum hsx_status take_over(struct hsx_exec *e, struct hsx_exec *next, const struct machine *m,
                                 struct hsx_exec_error *error)
{
    struct machine *before = calloc(1, sizeof *before);
    const struct timer *first = timers_first(&next->timers);
    enum hsx_status status;

    if (!before) {
        return HSX_ERR_MEMORY;
    }
    read_machine(e, before);
    next->alarm = first ? first->deadline : 0;
    next->order = m->totals.order;
    next->steps = m->totals.steps;
    status = e->failed == HSX_OK ? write_machine(next, m) : e->failed;
    if (status == HSX_ERR_ARGUMENT) {
        exec_ok(e, write_machine(e, before));
        status = refuse(error, "the snapshot holds a state that no machine can be in");
    } else {
        exec_ok(e, status);
    }
    free(before);
    return e->failed == HSX_OK ? status : e->failed;
}

/* A fresh executive beside e, of the same shape, that has touched nothing. */
static struct hsx_exec *make_next(const struct hsx_exec *e)
{
    struct hsx_exec *next = calloc(1, sizeof *next);

    if (next) {
        next->target = e->target;
        next->config = e->config;
        next->sink = e->sink;
        next->has_sink = e->has_sink;
        next->next_stop_id = e->next_stop_id;
        timers_init(&next->timers);
        if (exec_create_pools(next) != HSX_OK) {
            hsx_exec_destroy(next);
            next = NULL;
        }
    }
    return next;
}

static enum hsx_status parse(struct blob *b, struct hsx_exec *next, struct machine *m,
                             struct hsx_exec_error *error)
{
    unsigned contexts = next->target->contexts;

    b->at = sizeof magic;
    b->size -= CRC_SIZE;
    if (blob_get(b, 2) != contexts) {
        return refuse(error, "the snapshot is of a machine with another number of contexts");
    }
    if (!get_exec(b, next)) {
        return refuse(error, "the snapshot's tasks and mailboxes do not fit together, or are of "
                             "another profile");
    }
    get_machine(b, m, contexts);
    if (b->bad || b->at != b->size || m->totals.now != (uint32_t)next->now) {
        return refuse(error, "the snapshot's machine does not fit its tasks");
    }
    return HSX_OK;
}

/* What e was ends up in next. */
static enum hsx_status swap(struct hsx_exec *e, struct hsx_exec *next)
{
    struct hsx_exec *old = malloc(sizeof *old);

    if (!old) {
        return HSX_ERR_MEMORY;
    }
    memcpy(old, e, sizeof *old);
    memcpy(e, next, sizeof *e);
    memcpy(next, old, sizeof *next);
    free(old);
    return HSX_OK;
}

static enum hsx_status restore(struct hsx_exec *e, struct hsx_exec *next, struct machine *m,
                               struct blob *b, struct hsx_exec_error *error)
{
    enum hsx_status status = parse(b, next, m, error);

    if (status == HSX_OK) {
        status = take_over(e, next, m, error);
    }
    return status == HSX_OK ? swap(e, next) : status;
}

enum hsx_status hsx_exec_restore(struct hsx_exec *e, const uint8_t *bytes, size_t size,
                                 struct hsx_exec_error *error)
{
    struct blob b = {.bytes = (uint8_t *)bytes, .size = size};
    struct hsx_exec *next;
    struct machine *m;
    enum hsx_status status;

    error->text[0] = '\0';
    exec_sync(e);
    status = e->failed == HSX_OK ? check_file(&b, error) : e->failed;
    if (status != HSX_OK) {
        return status;
    }
    next = make_next(e);
    m = calloc(1, sizeof *m);
    status = next && m ? restore(e, next, m, &b, error) : HSX_ERR_MEMORY;
    free(m);
    hsx_exec_destroy(next);
    return status;
}
