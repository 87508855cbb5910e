// SPDX-License-Identifier: Apache-2.0
#include "cosim_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hsx_cosim *cosim_of(struct hsx_target *target)
{
    return (struct hsx_cosim *)target;
}

static const struct hsx_cosim *const_cosim_of(const struct hsx_target *target)
{
    return (const struct hsx_cosim *)target;
}

static bool diverged(const struct hsx_cosim *c)
{
    return c->divergence.kind != HSX_DIVERGED_NOT;
}

static void cosim_destroy(struct hsx_target *target)
{
    struct hsx_cosim *c = cosim_of(target);

    c->device->ops->destroy(c->device);
    c->golden->ops->destroy(c->golden);
    free(c->tasks);
    free(c);
}

static void remember(struct cosim_ring *ring, const struct hsx_record *record, uint64_t order,
                     uint64_t cycle)
{
    struct cosim_event *event = &ring->events[ring->count++ % COSIM_HISTORY];

    event->record = *record;
    event->order = order;
    event->cycle = cycle;
}

/* Takes count records that agreed into the history. */
static void remember_batch(struct hsx_cosim *c, const struct hsx_record *records,
                           const uint64_t *cycles, size_t count)
{
    size_t first = count > COSIM_HISTORY ? count - COSIM_HISTORY : 0;

    for (size_t i = 0; i < count; i++) {
        if (records[i].event != HSX_EV_TICK && records[i].slot < c->target.contexts) {
            remember(&c->tasks[records[i].slot], &records[i], c->order + i, cycles[i]);
        }
    }
    for (size_t i = first; i < count; i++) {
        remember(&c->all, &records[i], c->order + i, cycles[i]);
    }
    if (count > 0) {
        c->cycle = cycles[count - 1];
    }
    c->order += count;
    c->stats.records += count;
}

/* What is read in compare_batch: one run of each machine. */
struct both {
    struct hsx_run *device;
    const struct hsx_run *golden;
    const uint64_t *cycles;
};

static enum hsx_status record_differs(struct hsx_cosim *c, const struct both *b, size_t i)
{
    const struct hsx_record *golden = &b->golden->records[i];
    const struct hsx_record *device = &b->device->records[i];
    const struct cosim_field *field = cosim_first_difference(cosim_record_fields, golden, device);

    cosim_diverge(c, HSX_DIVERGED_RECORD, golden->slot, field->name,
                  cosim_field_value(golden, field), cosim_field_value(device, field));
    c->divergence.golden_record = *golden;
    c->divergence.device_record = *device;
    c->divergence.cycle = b->cycles[i];
    return HSX_ERR_DIVERGED;
}

static bool names_slot(enum hsx_stop reason)
{
    return reason == HSX_STOP_SVC || reason == HSX_STOP_BRK || reason == HSX_STOP_FAULT ||
           reason == HSX_STOP_RETURN;
}

/* The golden machine has gone on past its first `same` records: whose turn has
 * come since is READY where it was then. */
static void go_back(struct hsx_cosim *c, const struct hsx_run *golden, size_t same)
{
    for (size_t i = golden->count; i-- > same;) {
        const struct hsx_record *record = &golden->records[i];
        struct hsx_context ctx;

        if (record->event != HSX_EV_TICK &&
            c->golden->ops->read_context(c->golden, record->slot, &ctx) == HSX_OK) {
            ctx.pc = record->pc;
            ctx.state = HSX_READY;
            c->golden->ops->write_context(c->golden, record->slot, &ctx);
        }
    }
}

static enum hsx_status compare_batch(struct hsx_cosim *c, const struct both *b)
{
    size_t made = b->device->count;
    size_t common = made < b->golden->count ? made : b->golden->count;
    size_t same = common;

    if (memcmp(b->device->records, b->golden->records, common * sizeof(struct hsx_record)) != 0) {
        for (same = 0; memcmp(&b->device->records[same], &b->golden->records[same],
                              sizeof(struct hsx_record)) == 0;) {
            same++;
        }
    }
    remember_batch(c, b->device->records, b->cycles, same);
    b->device->count = same;
    go_back(c, b->golden, same);
    if (same < common) {
        return record_differs(c, b, same);
    }
    if (b->golden->count > same) {
        cosim_diverge(c, HSX_DIVERGED_MISSING, b->golden->records[same].slot, "stop",
                      HSX_STOP_RECORDS, b->device->reason);
        c->divergence.golden_record = b->golden->records[same];
        return HSX_ERR_DIVERGED;
    }
    if (made > same) {
        cosim_diverge(c, HSX_DIVERGED_EXTRA, b->device->records[same].slot, "stop",
                      b->golden->reason, HSX_STOP_RECORDS);
        c->divergence.device_record = b->device->records[same];
        c->divergence.cycle = b->cycles[same];
        return HSX_ERR_DIVERGED;
    }
    return HSX_OK;
}

/* The device failed after count records: compare those first, for the cause
 * mostly lies there, then show what the golden machine does next. */
static enum hsx_status device_failed(struct hsx_cosim *c, struct both *b, struct hsx_run *golden,
                                     enum hsx_status failure)
{
    enum hsx_status status;

    golden->capacity = b->device->count + 1;
    status = c->golden->ops->run(c->golden, golden);
    if (status != HSX_OK) {
        return status;
    }
    bool more = golden->count > b->device->count;

    golden->count -= more;
    status = compare_batch(c, b);
    if (status != HSX_OK) {
        return status;
    }
    snprintf(c->divergence.message, sizeof c->divergence.message, "%s",
             c->options.device_message ? c->options.device_message(c->device)
                                       : hsx_status_name(failure));
    cosim_diverge(c, HSX_DIVERGED_MACHINE, more ? golden->records[golden->count].slot : -1, "run",
                  HSX_OK, failure);
    if (more) {
        c->divergence.golden_record = golden->records[golden->count++];
        go_back(c, golden, golden->count - 1);
    }
    return HSX_ERR_DIVERGED;
}

static enum hsx_status compare_stops(struct hsx_cosim *c, const struct hsx_run *golden,
                                     const struct hsx_run *device)
{
    if (golden->reason != device->reason) {
        return cosim_diverge(c, HSX_DIVERGED_STOP, names_slot(golden->reason) ? golden->slot : -1,
                             "stop", golden->reason, device->reason);
    }
    if (names_slot(golden->reason) && golden->slot != device->slot) {
        return cosim_diverge(c, HSX_DIVERGED_STOP, golden->slot, "stop slot", golden->slot,
                             device->slot);
    }
    return HSX_OK;
}

/* One run of the device into *device, followed by the golden machine. */
static enum hsx_status run_both(struct hsx_cosim *c, struct hsx_run *device)
{
    struct hsx_run golden = {.max_steps = device->max_steps, .records = c->golden_records};
    struct both b = {device, &golden, device->cycles};
    enum hsx_status status = c->device->ops->run(c->device, device);

    if (status == HSX_ERR_MACHINE) {
        return device_failed(c, &b, &golden, status);
    }
    if (status != HSX_OK) {
        return status;
    }
    if (device->count == 0 && device->reason == HSX_STOP_RECORDS) {
        return HSX_OK;
    }
    /* One more than the device made, to see that the golden machine stops too. */
    golden.capacity = device->count + (device->reason != HSX_STOP_RECORDS);
    status = c->golden->ops->run(c->golden, &golden);
    if (status == HSX_OK) {
        status = compare_batch(c, &b);
    }
    return status == HSX_OK ? compare_stops(c, &golden, device) : status;
}

/* The device runs freely up to where it stops, and the golden machine, with the caller's tally,
 * is to stop there, too. */
static enum hsx_status follow(struct hsx_cosim *c, struct hsx_run *run)
{
    struct hsx_run device = {.max_steps = run->max_steps};
    struct hsx_totals golden_totals = {0};
    struct hsx_totals totals = {0};
    enum hsx_status status = c->device->ops->run(c->device, &device);

    if (status == HSX_ERR_MACHINE) {
        return cosim_agree(c, "run", HSX_OK, status);
    }
    if (status == HSX_OK) {
        status = c->golden->ops->run(c->golden, run);
    }
    if (status == HSX_OK) {
        status = c->golden->ops->read_totals(c->golden, &golden_totals);
    }
    if (status == HSX_OK) {
        status = c->device->ops->read_totals(c->device, &totals);
    }
    if (status != HSX_OK) {
        return status;
    }
    c->order = golden_totals.order;
    c->cycle = totals.cycles;
    status = compare_stops(c, run, &device);
    return status == HSX_OK ? cosim_check_totals(c, &golden_totals, &totals) : status;
}

static enum hsx_status cosim_recall(struct hsx_target *target, struct hsx_record *records,
                                    uint64_t *orders, size_t capacity, size_t *count)
{
    struct hsx_target *golden = cosim_of(target)->golden;

    return golden->ops->recall(golden, records, orders, capacity, count);
}

static enum hsx_status cosim_run(struct hsx_target *target, struct hsx_run *run)
{
    struct hsx_cosim *c = cosim_of(target);
    uint64_t left = run->max_steps;

    run->count = 0;
    run->retired = 0;
    if (run->records && run->capacity == 0) {
        return HSX_ERR_ARGUMENT;
    }
    if (diverged(c)) {
        return HSX_ERR_DIVERGED;
    }
    if (c->options.follow && run->tally) {
        return follow(c, run);
    }
    for (;;) {
        size_t room = run->records ? run->capacity - run->count : COSIM_BATCH;
        struct hsx_run part = {
            .max_steps = left < c->until_check ? left : c->until_check,
            .records = run->records ? run->records + run->count : c->device_records,
            .cycles = run->records && run->cycles ? run->cycles + run->count : c->cycles,
            .capacity = room < COSIM_BATCH ? room : COSIM_BATCH,
        };
        enum hsx_status status = run_both(c, &part);

        if (run->records) {
            run->count += part.count;
        }
        run->retired += part.retired;
        left -= part.retired;
        c->until_check -= part.retired;
        if (status == HSX_OK && part.reason == HSX_STOP_STEPS && c->until_check == 0) {
            c->until_check = c->options.check_steps;
            status = cosim_check_all(c);
        }
        if (status != HSX_OK) {
            return status;
        }
        run->reason = part.reason;
        run->slot = part.slot;
        if (part.reason == HSX_STOP_STEPS && left > 0) {
            run->reason = HSX_STOP_RECORDS;
        }
        if (run->reason != HSX_STOP_RECORDS || (run->records && run->count == run->capacity)) {
            return HSX_OK;
        }
    }
}

static enum hsx_status cosim_read_data(struct hsx_target *target, uint32_t addr, void *bytes,
                                       size_t len)
{
    struct hsx_cosim *c = cosim_of(target);

    if (diverged(c)) {
        return HSX_ERR_DIVERGED;
    }
    enum hsx_status golden = c->golden->ops->read_data(c->golden, addr, bytes, len);

    if (golden != HSX_OK) {
        return golden;
    }
    enum hsx_status device = c->device->ops->read_data(c->device, addr, c->device_memory, len);
    enum hsx_status status = cosim_agree(c, "read_data", golden, device);

    c->stats.reads++;
    return status == HSX_OK ? cosim_check_data(c, addr, bytes, c->device_memory, len) : status;
}

static enum hsx_status cosim_read_code(struct hsx_target *target, uint32_t addr, uint32_t *words,
                                       size_t count)
{
    struct hsx_cosim *c = cosim_of(target);

    if (diverged(c)) {
        return HSX_ERR_DIVERGED;
    }
    enum hsx_status golden = c->golden->ops->read_code(c->golden, addr, words, count);

    for (size_t done = 0; golden == HSX_OK && done < count;) {
        uint32_t device[64];
        size_t part = count - done < 64 ? count - done : 64;
        enum hsx_status status = cosim_agree(
            c, "read_code", golden,
            c->device->ops->read_code(c->device, addr + 4 * (uint32_t)done, device, part));

        for (size_t i = 0; status == HSX_OK && i < part; i++) {
            if (words[done + i] != device[i]) {
                c->divergence.addr = addr + 4 * (uint32_t)(done + i);
                return cosim_diverge(c, HSX_DIVERGED_CODE, -1, "code", words[done + i], device[i]);
            }
        }
        if (status != HSX_OK) {
            return status;
        }
        done += part;
    }
    c->stats.reads++;
    return golden;
}

static enum hsx_status cosim_read_context(struct hsx_target *target, uint8_t slot,
                                          struct hsx_context *ctx)
{
    struct hsx_cosim *c = cosim_of(target);
    struct hsx_context device = {0};

    if (diverged(c)) {
        return HSX_ERR_DIVERGED;
    }
    enum hsx_status of_golden = c->golden->ops->read_context(c->golden, slot, ctx);

    if (of_golden != HSX_OK || !c->known[slot]) {
        return of_golden;
    }
    enum hsx_status status = cosim_agree(c, "read_context", of_golden,
                                         c->device->ops->read_context(c->device, slot, &device));

    c->stats.reads++;
    return status == HSX_OK ? cosim_check_context(c, slot, ctx, &device) : status;
}

static enum hsx_status cosim_read_queue(struct hsx_target *target, uint8_t *slots, size_t capacity,
                                        size_t *count, uint8_t *turn_left)
{
    struct hsx_cosim *c = cosim_of(target);
    uint8_t device[HSX_MAX_CONTEXTS];
    size_t device_count = 0;
    uint8_t device_left = 0;

    if (diverged(c)) {
        return HSX_ERR_DIVERGED;
    }
    enum hsx_status of_golden =
        c->golden->ops->read_queue(c->golden, slots, capacity, count, turn_left);

    if (of_golden != HSX_OK) {
        return of_golden;
    }
    enum hsx_status status = cosim_agree(
        c, "read_queue", of_golden,
        c->device->ops->read_queue(c->device, device, sizeof device, &device_count, &device_left));

    c->stats.reads++;
    return status == HSX_OK
               ? cosim_check_queue(c, slots, *count, *turn_left, device, device_count, device_left)
               : status;
}

/* Cycles are the device's; the golden machine has no clock. */
static enum hsx_status cosim_read_totals(struct hsx_target *target, struct hsx_totals *totals)
{
    struct hsx_cosim *c = cosim_of(target);
    struct hsx_totals golden = {0};
    enum hsx_status of_golden = c->golden->ops->read_totals(c->golden, &golden);
    enum hsx_status of_device = c->device->ops->read_totals(c->device, totals);

    if (diverged(c)) {
        return HSX_OK;
    }
    enum hsx_status status = cosim_agree(c, "read_totals", of_golden, of_device);

    return status == HSX_OK ? cosim_check_totals(c, &golden, totals) : status;
}

/* A call that changes both machines in the same way. */
#define BOTH(call, ...)                                                                            \
    (diverged(c) ? HSX_ERR_DIVERGED                                                                \
                 : cosim_agree(c, #call, c->golden->ops->call(c->golden, __VA_ARGS__),             \
                               c->device->ops->call(c->device, __VA_ARGS__)))

static enum hsx_status cosim_write_data(struct hsx_target *target, uint32_t addr, const void *bytes,
                                        size_t len)
{
    struct hsx_cosim *c = cosim_of(target);

    return BOTH(write_data, addr, bytes, len);
}

static enum hsx_status cosim_write_code(struct hsx_target *target, uint32_t addr,
                                        const uint32_t *words, size_t count)
{
    struct hsx_cosim *c = cosim_of(target);

    return BOTH(write_code, addr, words, count);
}

static enum hsx_status cosim_write_context(struct hsx_target *target, uint8_t slot,
                                           const struct hsx_context *ctx)
{
    struct hsx_cosim *c = cosim_of(target);
    enum hsx_status status = BOTH(write_context, slot, ctx);

    if (status == HSX_OK) {
        c->known[slot] = true;
    }
    return status;
}

static enum hsx_status cosim_set_state(struct hsx_target *target, uint8_t slot,
                                       enum hsx_state state)
{
    struct hsx_cosim *c = cosim_of(target);

    return BOTH(set_state, slot, state);
}

static enum hsx_status cosim_make_ready(struct hsx_target *target, uint8_t slot)
{
    struct hsx_cosim *c = cosim_of(target);

    return BOTH(make_ready, slot);
}

static enum hsx_status cosim_write_queue(struct hsx_target *target, const uint8_t *slots,
                                         size_t count, uint8_t turn_left)
{
    struct hsx_cosim *c = cosim_of(target);

    return BOTH(write_queue, slots, count, turn_left);
}

static enum hsx_status cosim_set_alarm(struct hsx_target *target, bool armed, uint32_t when)
{
    struct hsx_cosim *c = cosim_of(target);

    return BOTH(set_alarm, armed, when);
}

/* The history shows that the executive acted here. */
static void remember_event(struct hsx_cosim *c, uint8_t event)
{
    struct hsx_record record = {.event = event, .slot = COSIM_EXECUTIVE};

    remember(&c->all, &record, c->order++, c->cycle);
}

static enum hsx_status cosim_count_event(struct hsx_target *target)
{
    struct hsx_cosim *c = cosim_of(target);
    enum hsx_status status =
        diverged(c) ? HSX_ERR_DIVERGED
                    : cosim_agree(c, "count_event", c->golden->ops->count_event(c->golden),
                                  c->device->ops->count_event(c->device));

    if (status == HSX_OK) {
        remember_event(c, HSX_EV_COMPLETE);
    }
    return status;
}

static enum hsx_status cosim_jump_to(struct hsx_target *target, uint32_t now)
{
    struct hsx_cosim *c = cosim_of(target);
    enum hsx_status status = BOTH(jump_to, now);

    if (status == HSX_OK) {
        remember_event(c, HSX_EV_TICK);
    }
    return status;
}

static enum hsx_status cosim_set_tick_steps(struct hsx_target *target, uint32_t tick_steps)
{
    struct hsx_cosim *c = cosim_of(target);

    return BOTH(set_tick_steps, tick_steps);
}

static enum hsx_status cosim_write_totals(struct hsx_target *target,
                                          const struct hsx_totals *totals)
{
    struct hsx_cosim *c = cosim_of(target);
    enum hsx_status status = BOTH(write_totals, totals);

    if (status == HSX_OK) {
        c->order = totals->order;
    }
    return status;
}

/* All operations but recall, which only a device that is followed has. */
#define OPERATIONS                                                                                 \
    .name = "cosim", .destroy = cosim_destroy, .run = cosim_run, .read_data = cosim_read_data,     \
    .write_data = cosim_write_data, .read_code = cosim_read_code, .write_code = cosim_write_code,  \
    .read_context = cosim_read_context, .write_context = cosim_write_context,                      \
    .set_state = cosim_set_state, .make_ready = cosim_make_ready, .read_queue = cosim_read_queue,  \
    .write_queue = cosim_write_queue, .set_alarm = cosim_set_alarm,                                \
    .count_event = cosim_count_event, .jump_to = cosim_jump_to,                                    \
    .set_tick_steps = cosim_set_tick_steps, .read_totals = cosim_read_totals,                      \
    .write_totals = cosim_write_totals

static const struct hsx_target_ops cosim_ops = {OPERATIONS};
static const struct hsx_target_ops following_ops = {OPERATIONS, .recall = cosim_recall};

enum hsx_status hsx_cosim_create(struct hsx_target *device, struct hsx_target *golden,
                                 const struct hsx_cosim_options *options, struct hsx_target **cosim)
{
    struct hsx_cosim *c = calloc(1, sizeof *c);
    struct cosim_ring *tasks = calloc(device->contexts, sizeof *tasks);
    bool usable = device->contexts == golden->contexts && device->units == golden->units;

    if (!c || !tasks || !usable) {
        free(c);
        free(tasks);
        device->ops->destroy(device);
        golden->ops->destroy(golden);
        return usable ? HSX_ERR_MEMORY : HSX_ERR_ARGUMENT;
    }
    c->target.ops = options && options->follow ? &following_ops : &cosim_ops;
    c->target.contexts = device->contexts;
    c->target.units = device->units;
    c->device = device;
    c->golden = golden;
    c->tasks = tasks;
    if (options) {
        c->options = *options;
    }
    if (c->options.check_steps == 0) {
        c->options.check_steps = UINT64_MAX;
    }
    c->until_check = c->options.check_steps;
    *cosim = &c->target;
    return HSX_OK;
}

void hsx_cosim_restart(struct hsx_target *cosim, struct hsx_target *golden, const char *reproduce)
{
    struct hsx_cosim *c = cosim_of(cosim);

    c->golden->ops->destroy(c->golden);
    c->golden = golden;
    c->options.reproduce = reproduce;
    c->stats = (struct hsx_cosim_stats){0};
    c->divergence = (struct hsx_divergence){0};
    c->order = 0;
    c->cycle = 0;
    c->until_check = c->options.check_steps;
    memset(c->known, 0, sizeof c->known);
    c->all.count = 0;
    for (unsigned slot = 0; slot < c->target.contexts; slot++) {
        c->tasks[slot].count = 0;
    }
}

enum hsx_status hsx_cosim_finish(struct hsx_target *cosim)
{
    struct hsx_cosim *c = cosim_of(cosim);

    return diverged(c) ? HSX_ERR_DIVERGED : cosim_check_all(c);
}

const struct hsx_divergence *hsx_cosim_divergence(const struct hsx_target *cosim)
{
    return &const_cosim_of(cosim)->divergence;
}

void hsx_cosim_read_stats(const struct hsx_target *cosim, struct hsx_cosim_stats *stats)
{
    *stats = const_cosim_of(cosim)->stats;
}

struct hsx_target *hsx_cosim_device(const struct hsx_target *cosim)
{
    return const_cosim_of(cosim)->device;
}

struct hsx_target *hsx_cosim_golden(const struct hsx_target *cosim)
{
    return const_cosim_of(cosim)->golden;
}
