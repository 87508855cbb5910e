// SPDX-License-Identifier: Apache-2.0
#include "timeline.h"
#include "export.h"

static struct timeline_task *task_of(struct timeline *t, uint32_t pid)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->tasks[i].pid == pid) {
            return &t->tasks[i];
        }
    }
    if (t->count == TIMELINE_TASKS) {
        return NULL;
    }
    t->tasks[t->count] = (struct timeline_task){.pid = pid, .since = t->now};
    return &t->tasks[t->count++];
}

static void change(struct timeline *t, uint32_t pid, enum hsx_state state, uint64_t at, uint16_t pc)
{
    struct timeline_task *task = task_of(t, pid);

    if (!task || task->state == state) {
        return;
    }
    if (task->state != HSX_FREE && at > task->since) {
        t->stretch(t->ctx, task, at);
    }
    task->state = state;
    task->since = at;
    task->steps = 0;
    task->pc = pc;
}

/* The task that had the turn is READY from the end of its last instruction. */
static void stop_running(struct timeline *t)
{
    struct timeline_task *task = t->running != 0 ? task_of(t, t->running) : NULL;

    if (task && task->state == HSX_RUNNING) {
        change(t, t->running, HSX_READY, t->now, 0);
    }
    t->running = 0;
}

static void record(struct timeline *t, const struct hsx_trace_event *ev, uint64_t at)
{
    struct timeline_task *task;

    if (t->running != ev->pid) {
        stop_running(t);
        change(t, ev->pid, HSX_RUNNING, t->now, ev->record.pc);
        t->running = ev->pid;
    }
    task = task_of(t, ev->pid);
    if (task) {
        task->steps += hsx_trace_is_step(ev);
    }
    switch (ev->kind) {
    case HSX_EV_SVC:
        change(t, ev->pid, HSX_TRAPPED, at, ev->record.pc);
        break;
    case HSX_EV_BRK:
        change(t, ev->pid, HSX_PAUSED, at, ev->record.pc);
        break;
    case HSX_EV_FAULT:
    case HSX_EV_RETURN:
        change(t, ev->pid, HSX_FREE, at, 0);
        break;
    default:
        return;
    }
    t->running = 0;
}

static void settle(struct timeline *t, const struct hsx_trace_event *ev, uint64_t at)
{
    enum hsx_state state = ev->has & HSX_TRACE_STATE ? (enum hsx_state)ev->state : HSX_READY;

    if (state >= HSX_RETURNED || (ev->kind == HSX_EV_EXTERNAL && ev->what[0] == 'k')) {
        state = HSX_FREE;
    }
    change(t, ev->pid, state == HSX_RUNNING ? HSX_READY : state, at, ev->record.pc);
}

/* In the stretch in which a task waits for the completion of its call or, if that is
 * immediate, in the one that ended with the call. */
static uint64_t asked_at(struct timeline *t, uint32_t pid, uint64_t at)
{
    const struct timeline_task *task = task_of(t, pid);
    uint64_t since = task ? task->since : at;

    return since < at || since == 0 ? since : since - 1;
}

void timeline_event(struct timeline *t, const struct hsx_trace_event *ev)
{
    uint64_t at = export_time(ev) > t->now ? export_time(ev) : t->now;
    uint64_t asked = ev->woken_count != 0 && ev->pid != 0 ? asked_at(t, ev->pid, at) : at;

    if (ev->kind < HSX_EV_TICK && ev->pid != 0) {
        record(t, ev, at);
    } else if ((ev->kind == HSX_EV_COMPLETE || ev->kind == HSX_EV_EXTERNAL) && ev->pid != 0) {
        settle(t, ev, at);
    }
    for (size_t i = 0; i < ev->woken_count; i++) {
        change(t, ev->woken[i], HSX_READY, at, 0);
        if (ev->kind == HSX_EV_COMPLETE && t->wake) {
            t->wake(t->ctx, ev->pid, asked, ev->woken[i], at);
        }
    }
    t->now = at;
}

void timeline_end(struct timeline *t)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->tasks[i].state != HSX_FREE && t->now > t->tasks[i].since) {
            t->stretch(t->ctx, &t->tasks[i], t->now);
        }
    }
}
