// SPDX-License-Identifier: Apache-2.0
/* Running both machines, and comparing each record that they make. */
#include "cosim_internal.h"
#include <string.h>

static void remember(struct cosim_ring *ring, const struct hsx_record *record, uint64_t order,
                     uint64_t cycle)
{
    struct cosim_event *event = &ring->events[ring->count++ % COSIM_HISTORY];

    event->record = *record;
    event->order = order;
    event->cycle = cycle;
}

void cosim_remember_event(struct hsx_cosim *c, uint8_t event)
{
    struct hsx_record record = {.event = event, .slot = COSIM_EXECUTIVE};

    remember(&c->all, &record, c->order++, c->cycle);
}

static bool is_of_task(const struct hsx_cosim *c, const struct hsx_record *record)
{
    return record->event != HSX_EV_TICK && record->slot < c->target.contexts;
}

/* The first of count records that is one of the newest COSIM_HISTORY of its task. */
static size_t first_remembered(const struct hsx_cosim *c, const struct hsx_record *records,
                               size_t count)
{
    uint8_t newer[HSX_MAX_CONTEXTS] = {0};
    size_t first = count;

    for (size_t i = count; i-- > 0;) {
        if (is_of_task(c, &records[i]) && newer[records[i].slot] < COSIM_HISTORY) {
            newer[records[i].slot]++;
            first = i;
        }
    }
    return first;
}

/* Adds count records that agreed to the history. */
static void remember_batch(struct hsx_cosim *c, const struct hsx_record *records,
                           const uint64_t *cycles, size_t count)
{
    size_t first = count > COSIM_HISTORY ? count - COSIM_HISTORY : 0;

    for (size_t i = first_remembered(c, records, count); i < count; i++) {
        if (is_of_task(c, &records[i])) {
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

/* The inputs of compare_batch: one run of each machine. */
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

/* A stop caused by the last event, regardless of the run's limits. */
static bool is_event(enum hsx_stop reason)
{
    return names_slot(reason) || reason == HSX_STOP_ALARM;
}

/* The golden machine has run past its first `same` records: tasks that ran since then are
 * READY at their earlier place. */
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

/* The device failed after count records: compare those first, as they mostly contain the
 * cause, then show what the golden machine does next. */
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
    if (device->reason == HSX_STOP_INTERRUPT && !is_event(golden->reason)) {
        return HSX_OK; /* anywhere */
    }
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
    if (device->reason == HSX_STOP_INTERRUPT && device->count == 0) {
        return HSX_OK;
    }
    /* One more than the device made, to check that the golden machine stops as well. */
    golden.capacity = device->count +
                      (device->reason != HSX_STOP_RECORDS && device->reason != HSX_STOP_INTERRUPT);
    status = c->golden->ops->run(c->golden, &golden);
    if (status == HSX_OK) {
        status = compare_batch(c, &b);
    }
    return status == HSX_OK ? compare_stops(c, &golden, device) : status;
}

/* The device runs freely until it stops, and the golden machine, with the caller's tally, must
 * stop at the same place. */
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
        status = c->device->ops->read_totals(c->device, &totals);
    }
    if (status == HSX_OK && device.reason == HSX_STOP_INTERRUPT) {
        if (totals.order == c->order) {
            run->reason = device.reason;
            return HSX_OK;
        }
        run->max_steps = device.retired;
    }
    if (status == HSX_OK) {
        status = c->golden->ops->run(c->golden, run);
    }
    if (status == HSX_OK) {
        status = c->golden->ops->read_totals(c->golden, &golden_totals);
    }
    if (status != HSX_OK) {
        return status;
    }
    c->order = golden_totals.order;
    c->cycle = totals.cycles;
    status = compare_stops(c, run, &device);
    return status == HSX_OK ? cosim_check_totals(c, &golden_totals, &totals) : status;
}

enum hsx_status cosim_recall(struct hsx_target *target, struct hsx_record *records,
                             uint64_t *orders, size_t capacity, size_t *count)
{
    struct hsx_target *golden = cosim_of(target)->golden;

    return golden->ops->recall(golden, records, orders, capacity, count);
}

enum hsx_status cosim_run(struct hsx_target *target, struct hsx_run *run)
{
    struct hsx_cosim *c = cosim_of(target);
    uint64_t left = run->max_steps;

    run->count = 0;
    run->retired = 0;
    if (run->records && run->capacity == 0) {
        return HSX_ERR_ARGUMENT;
    }
    if (cosim_diverged(c)) {
        return HSX_ERR_DIVERGED;
    }
    c->device->interrupt = target->interrupt;
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
