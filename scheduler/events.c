// SPDX-License-Identifier: Apache-2.0
/* Order numbers and the sink, which all events of the record order share. */
#include "internal.h"

void exec_sync(struct hsx_exec *e)
{
    struct hsx_totals totals = {0};

    if (!exec_ok(e, e->target->ops->read_totals(e->target, &totals))) {
        return;
    }
    e->cycles = totals.cycles;
    if (totals.order != e->order || totals.steps != e->steps || totals.now != (uint32_t)e->now) {
        exec_ok(e, HSX_ERR_MACHINE);
    }
}

void exec_set_alarm(struct hsx_exec *e)
{
    const struct timer *first = timers_first(&e->timers);
    uint64_t when = first ? first->deadline : 0;

    if (e->tick_wanted && (!first || when > e->now + 1)) {
        when = e->now + 1;
    }
    if (when == e->alarm) {
        return;
    }
    e->alarm = when;
    exec_ok(e, e->target->ops->set_alarm(e->target, when != 0, (uint32_t)when));
}

void exec_event_begin(struct hsx_exec *e)
{
    exec_ok(e, e->target->ops->count_event(e->target));
    e->event_order = e->order++;
}

static void emit(struct hsx_exec *e, struct hsx_exec_event *event)
{
    if (e->has_sink) {
        event->steps = e->steps;
        event->now = e->now;
        event->woken = e->woken;
        event->woken_count = e->woken_count;
        e->sink.event(e->sink.ctx, event);
    }
    e->woken_count = 0;
}

void exec_event_end(struct hsx_exec *e, struct hsx_exec_event *event)
{
    exec_end_broken(e);
    exec_set_alarm(e);
    event->order = e->event_order;
    event->cycle = e->cycles;
    emit(e, event);
}

enum hsx_status exec_external_end(struct hsx_exec *e, const char *what, int slot)
{
    return exec_mail_end(e, what, slot, NULL);
}

enum hsx_status exec_mail_end(struct hsx_exec *e, const char *what, int slot,
                              const struct hsx_exec_mail *mail)
{
    struct hsx_exec_event event = {.kind = HSX_EV_EXTERNAL, .what = what, .mail = mail};

    if (slot >= 0) {
        exec_describe(e, &event, (uint8_t)slot);
    }
    exec_event_end(e, &event);
    return e->failed;
}

void exec_emit_record(struct hsx_exec *e, const struct hsx_record *record, uint64_t order,
                      uint64_t cycle)
{
    struct hsx_exec_event event = {
        .order = order, .cycle = cycle, .kind = (enum hsx_event)record->event, .record = record};

    if (record->event != HSX_EV_TICK) {
        event.pid = e->tasks[record->slot].pid;
        event.slot = record->slot;
        event.reg_base = e->tasks[record->slot].window;
    }
    emit(e, &event);
}

void exec_describe(struct hsx_exec *e, struct hsx_exec_event *event, uint8_t slot)
{
    struct hsx_context ctx;

    event->pid = e->tasks[slot].pid;
    event->slot = slot;
    event->reg_base = e->tasks[slot].window;
    if (e->has_sink && exec_read_context(e, slot, &ctx)) {
        event->ctx = ctx;
    }
}

void hsx_exec_slot_task(const struct hsx_exec *e, uint8_t slot, uint32_t *pid, uint16_t *reg_base)
{
    bool there = slot < e->target->contexts;

    *pid = there ? e->tasks[slot].pid : 0;
    *reg_base = there ? e->tasks[slot].window : 0;
}

void hsx_exec_set_sink(struct hsx_exec *e, const struct hsx_exec_sink *sink)
{
    e->has_sink = sink != NULL;
    if (sink) {
        e->sink = *sink;
    }
}
