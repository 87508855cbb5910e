// SPDX-License-Identifier: Apache-2.0
#include "faulty_target.h"
#include <stdlib.h>
#include <string.h>

struct faulty {
    struct hsx_target target;
    struct hsx_target *inner;
    struct planted_fault fault;
    size_t records;
    size_t writes;
    size_t wakes;
};

static struct faulty *faulty_of(struct hsx_target *t)
{
    return (struct faulty *)t;
}

static bool planted(const struct faulty *f, enum fault_kind kind)
{
    return f->fault.kind == kind;
}

static void faulty_destroy(struct hsx_target *t)
{
    struct faulty *f = faulty_of(t);

    f->inner->ops->destroy(f->inner);
    free(f);
}

/* The fault is in record number `at` of all runs: finds its place in this one. */
static void damage_records(struct faulty *f, struct hsx_run *run, size_t place)
{
    switch (f->fault.kind) {
    case FAULT_FLIP:
        ((uint8_t *)&run->records[place])[f->fault.offset] ^= f->fault.mask;
        break;
    case FAULT_STOP_EARLY:
        run->count = place;
        run->reason = HSX_STOP_IDLE;
        break;
    case FAULT_STOP_LATE:
        if (place + 1 < run->capacity) {
            run->records[place + 1] = run->records[place];
            run->count = place + 2;
        }
        break;
    default:
        break;
    }
}

static enum hsx_status faulty_run(struct hsx_target *t, struct hsx_run *run)
{
    struct faulty *f = faulty_of(t);
    enum hsx_status status = f->inner->ops->run(f->inner, run);
    size_t first = f->records;

    f->records += run->count;
    if (status != HSX_OK || run->records == NULL) {
        return status;
    }
    if (f->fault.at >= first && f->fault.at < first + run->count) {
        damage_records(f, run, f->fault.at - first);
        if (planted(f, FAULT_HANG)) {
            run->count = f->fault.at - first;
            return HSX_ERR_MACHINE;
        }
    }
    if (planted(f, FAULT_STOP_SLOT) && run->reason == HSX_STOP_SVC) {
        run->slot ^= 1;
    }
    if (planted(f, FAULT_STOP_REASON) && run->reason == HSX_STOP_SVC) {
        run->reason = HSX_STOP_BRK;
    }
    if (planted(f, FAULT_MEMORY)) {
        uint8_t byte = 0;

        f->inner->ops->read_data(f->inner, (uint32_t)f->fault.offset, &byte, 1);
        byte ^= f->fault.mask;
        f->inner->ops->write_data(f->inner, (uint32_t)f->fault.offset, &byte, 1);
    }
    return status;
}

static enum hsx_status faulty_read_data(struct hsx_target *t, uint32_t addr, void *bytes,
                                        size_t len)
{
    struct faulty *f = faulty_of(t);

    return f->inner->ops->read_data(f->inner, addr, bytes, len);
}

static enum hsx_status faulty_write_data(struct hsx_target *t, uint32_t addr, const void *bytes,
                                         size_t len)
{
    struct faulty *f = faulty_of(t);

    if (planted(f, FAULT_DROP_WRITE) && f->writes++ == f->fault.at) {
        return HSX_OK;
    }
    return f->inner->ops->write_data(f->inner, addr, bytes, len);
}

static enum hsx_status faulty_read_code(struct hsx_target *t, uint32_t addr, uint32_t *words,
                                        size_t count)
{
    struct faulty *f = faulty_of(t);

    return f->inner->ops->read_code(f->inner, addr, words, count);
}

static enum hsx_status faulty_write_code(struct hsx_target *t, uint32_t addr, const uint32_t *words,
                                         size_t count)
{
    struct faulty *f = faulty_of(t);

    return f->inner->ops->write_code(f->inner, addr, words,
                                     count - (planted(f, FAULT_DROP_CODE) ? 1 : 0));
}

static enum hsx_status faulty_read_context(struct hsx_target *t, uint8_t slot,
                                           struct hsx_context *ctx)
{
    struct faulty *f = faulty_of(t);

    return f->inner->ops->read_context(f->inner, slot, ctx);
}

static enum hsx_status faulty_write_context(struct hsx_target *t, uint8_t slot,
                                            const struct hsx_context *ctx)
{
    struct faulty *f = faulty_of(t);
    struct hsx_context damaged = *ctx;

    if (planted(f, FAULT_CONTEXT)) {
        ((uint8_t *)&damaged)[f->fault.offset] ^= f->fault.mask;
    }
    return f->inner->ops->write_context(f->inner, slot, &damaged);
}

static enum hsx_status faulty_set_state(struct hsx_target *t, uint8_t slot, enum hsx_state state)
{
    struct faulty *f = faulty_of(t);

    return f->inner->ops->set_state(f->inner, slot, state);
}

static enum hsx_status faulty_make_ready(struct hsx_target *t, uint8_t slot)
{
    struct faulty *f = faulty_of(t);

    if (planted(f, FAULT_NO_READY) && f->wakes++ == f->fault.at) {
        return HSX_OK;
    }
    return f->inner->ops->make_ready(f->inner, slot);
}

static enum hsx_status faulty_read_queue(struct hsx_target *t, uint8_t *slots, size_t capacity,
                                         size_t *count, uint8_t *turn_left)
{
    struct faulty *f = faulty_of(t);
    enum hsx_status status = f->inner->ops->read_queue(f->inner, slots, capacity, count, turn_left);

    *turn_left = (uint8_t)(*turn_left + (planted(f, FAULT_TURN_LEFT) ? 1 : 0));
    return status;
}

static enum hsx_status faulty_write_queue(struct hsx_target *t, const uint8_t *slots, size_t count,
                                          uint8_t turn_left)
{
    struct faulty *f = faulty_of(t);

    return f->inner->ops->write_queue(f->inner, slots, count, turn_left);
}

static enum hsx_status faulty_set_alarm(struct hsx_target *t, bool armed, uint32_t when)
{
    struct faulty *f = faulty_of(t);

    return planted(f, FAULT_REFUSE) ? HSX_ERR_STATE
                                    : f->inner->ops->set_alarm(f->inner, armed, when);
}

static enum hsx_status faulty_count_event(struct hsx_target *t)
{
    struct faulty *f = faulty_of(t);

    return f->inner->ops->count_event(f->inner);
}

static enum hsx_status faulty_jump_to(struct hsx_target *t, uint32_t now)
{
    struct faulty *f = faulty_of(t);

    return f->inner->ops->jump_to(f->inner, now);
}

static enum hsx_status faulty_set_tick_steps(struct hsx_target *t, uint32_t tick_steps)
{
    struct faulty *f = faulty_of(t);

    return f->inner->ops->set_tick_steps(f->inner, tick_steps);
}

static enum hsx_status faulty_read_totals(struct hsx_target *t, struct hsx_totals *totals)
{
    struct faulty *f = faulty_of(t);
    enum hsx_status status = f->inner->ops->read_totals(f->inner, totals);

    totals->now += planted(f, FAULT_TOTAL_NOW) ? 1 : 0;
    return status;
}

static enum hsx_status faulty_write_totals(struct hsx_target *t, const struct hsx_totals *totals)
{
    struct faulty *f = faulty_of(t);

    return f->inner->ops->write_totals(f->inner, totals);
}

static const struct hsx_target_ops faulty_ops = {
    .name = "faulty",
    .destroy = faulty_destroy,
    .run = faulty_run,
    .read_data = faulty_read_data,
    .write_data = faulty_write_data,
    .read_code = faulty_read_code,
    .write_code = faulty_write_code,
    .read_context = faulty_read_context,
    .write_context = faulty_write_context,
    .set_state = faulty_set_state,
    .make_ready = faulty_make_ready,
    .read_queue = faulty_read_queue,
    .write_queue = faulty_write_queue,
    .set_alarm = faulty_set_alarm,
    .count_event = faulty_count_event,
    .jump_to = faulty_jump_to,
    .set_tick_steps = faulty_set_tick_steps,
    .read_totals = faulty_read_totals,
    .write_totals = faulty_write_totals,
};

struct hsx_target *faulty_target_create(struct hsx_target *inner, const struct planted_fault *fault)
{
    struct faulty *f = calloc(1, sizeof *f);

    if (!f) {
        return NULL;
    }
    f->target.ops = &faulty_ops;
    f->target.contexts = inner->contexts;
    f->target.windows = inner->windows;
    f->target.units = inner->units;
    f->inner = inner;
    f->fault = *fault;
    return &f->target;
}
