// SPDX-License-Identifier: Apache-2.0
/* The run loop: takes records and stops from the target and handles them. */
#include "internal.h"
#include <string.h>

/* What the executive does in response to the last record is part of its event. */
static bool is_answered(enum hsx_stop reason)
{
    return reason == HSX_STOP_FAULT || reason == HSX_STOP_RETURN || reason == HSX_STOP_ALARM;
}

/* A tick has an effect only as an alarm, which ends a run of the target. */
static void note_writer(struct hsx_exec *e, const struct hsx_run *run)
{
    e->writer = (struct hsx_exec_writer){.event = HSX_EV_TICK};
    for (size_t i = run->count; run->reason != HSX_STOP_ALARM && i-- > 0;) {
        const struct hsx_record *record = &e->records[i];

        if (record->event != HSX_EV_TICK) {
            e->writer = (struct hsx_exec_writer){
                .pid = e->tasks[record->slot].pid, .pc = record->pc, .event = record->event};
            return;
        }
    }
}

/* The event of a task with which a run ended; HSX_EV_TICK: no task's event. */
static enum hsx_event last_event(const struct hsx_run *run)
{
    switch (run->reason) {
    case HSX_STOP_SVC:
        return HSX_EV_SVC;
    case HSX_STOP_BRK:
        return HSX_EV_BRK;
    case HSX_STOP_FAULT:
        return HSX_EV_FAULT;
    case HSX_STOP_RETURN:
        return HSX_EV_RETURN;
    case HSX_STOP_POINT:
        return HSX_EV_RETIRE;
    default:
        return HSX_EV_TICK;
    }
}

/* The same for a run without records, where only its last event can have changed something
 * that is watched. */
static void note_writer_of_tally(struct hsx_exec *e, const struct hsx_run *run)
{
    e->writer = (struct hsx_exec_writer){.event = last_event(run)};
    if (e->writer.event != HSX_EV_TICK) {
        e->writer.pid = e->tasks[run->slot].pid;
        e->writer.pc = e->tally.pc;
    }
}

static void take_records(struct hsx_exec *e, const struct hsx_run *run)
{
    size_t ring_start = exec_ring_start(e, e->records, run->count);
    size_t plain = run->count - (run->count != 0 && is_answered(run->reason));
    bool one_by_one = e->has_sink && !e->sink.records;
    uint64_t order = e->order;

    if (run->count != 0 && !one_by_one) {
        exec_count(e, e->records, run->count);
    }
    for (size_t i = one_by_one ? 0 : ring_start; i < run->count; i++) {
        if (one_by_one) {
            exec_count(e, &e->records[i], 1);
        }
        if (i >= ring_start) {
            exec_ring_record(e, &e->records[i], order + i);
        }
        if (one_by_one && i < plain) {
            exec_emit_record(e, &e->records[i], e->event_order, e->record_cycles[i]);
        }
    }
    if (e->has_sink && !one_by_one && plain != 0) {
        e->sink.records(e->sink.ctx, &(struct hsx_exec_records){.exec = e,
                                                                .records = e->records,
                                                                .cycles = e->record_cycles,
                                                                .count = plain,
                                                                .order = order});
    }
}

/* The same for a run without records, whose events have not been reported. */
static void take_tally(struct hsx_exec *e, const struct hsx_run *run)
{
    e->order += e->tally.events;
    e->event_order = e->order - 1;
    e->now += e->tally.ticks;
    e->steps += run->retired;
    e->tally.events = 0;
    e->tally.ticks = 0;
    if (run->reason == HSX_STOP_SVC) {
        e->tasks[run->slot].counters.traps++;
    }
}

static void answer_record(struct hsx_exec *e, const struct hsx_run *run)
{
    size_t last = run->count - 1;
    uint16_t pc = run->tally ? e->tally.pc : e->records[last].pc;

    switch (run->reason) {
    case HSX_STOP_ALARM:
        exec_expire(e);
        break;
    case HSX_STOP_FAULT:
        exec_end_task(e, run->slot, HSX_RING_FAULT, pc);
        break;
    default:
        exec_end_task(e, run->slot, HSX_RING_HALT, pc);
        break;
    }
    exec_end_broken(e);
    exec_set_alarm(e);
    if (!run->tally) {
        exec_emit_record(e, &e->records[last], e->event_order, e->record_cycles[last]);
    } else {
        e->woken_count = 0;
    }
}

static void complete(struct hsx_exec *e, size_t at)
{
    struct trap trap = e->traps[at];

    e->writer = (struct hsx_exec_writer){
        .pid = e->tasks[trap.slot].pid, .pc = trap.pc, .event = HSX_EV_COMPLETE};
    e->trap_count--;
    memmove(e->traps + at, e->traps + at + 1, (e->trap_count - at) * sizeof e->traps[0]);
    exec_complete(e, &trap);
}

enum hsx_status hsx_exec_complete_trap(struct hsx_exec *e, uint32_t pid)
{
    int slot = exec_slot_of(e, pid);
    size_t at = 0;

    while (at < e->trap_count && e->traps[at].slot != slot) {
        at++;
    }
    if (at == e->trap_count) {
        return HSX_ERR_STATE;
    }
    exec_sync(e);
    if (e->failed == HSX_OK) {
        complete(e, at);
    }
    return e->failed;
}

static void note_trap(struct hsx_exec *e, const struct hsx_run *run)
{
    uint64_t latency = e->config.trap_latency;

    e->traps[e->trap_count++] =
        (struct trap){.slot = run->slot,
                      .pc = run->tally ? e->tally.pc : e->records[run->count - 1].pc,
                      .insn = run->tally ? e->tally.insn : e->records[run->count - 1].insn,
                      .steps = e->steps - 1,
                      .due = latency < UINT64_MAX - e->steps ? e->steps + latency : UINT64_MAX};
}

static void jump_to(struct hsx_exec *e, uint64_t now)
{
    struct hsx_exec_event event = {.kind = HSX_EV_TICK};

    e->writer = (struct hsx_exec_writer){.event = HSX_EV_TICK};
    e->now = now;
    exec_ok(e, e->target->ops->jump_to(e->target, (uint32_t)e->now));
    e->event_order = e->order++;
    exec_expire(e);
    exec_event_end(e, &event);
}

enum hsx_status hsx_exec_tick(struct hsx_exec *e)
{
    exec_sync(e);
    if (e->failed == HSX_OK) {
        jump_to(e, e->now + 1);
    }
    return e->failed;
}

static bool wanted(const struct hsx_exec_run *run, enum hsx_event event)
{
    return (run->stop_on & 1u << event) != 0;
}

static bool stop_for(struct hsx_exec_run *run, enum hsx_event event, uint32_t pid)
{
    if (!wanted(run, event)) {
        return false;
    }
    run->reason = HSX_RUN_EVENT;
    run->event = event;
    run->pid = pid;
    return true;
}

/* Handle one stop of the target; true: the caller's run ends with it. */
static bool take_stop(struct hsx_exec *e, const struct hsx_run *stop, struct hsx_exec_run *run)
{
    uint32_t pid = e->tasks[stop->slot].pid;

    if (stop->reason != HSX_STOP_RECORDS) {
        exec_sync(e);
    }
    switch (stop->reason) {
    case HSX_STOP_SVC:
        note_trap(e, stop);
        return false;
    case HSX_STOP_BRK:
        return stop_for(run, HSX_EV_BRK, pid);
    case HSX_STOP_FAULT:
        answer_record(e, stop);
        return stop_for(run, HSX_EV_FAULT, pid);
    case HSX_STOP_RETURN:
        answer_record(e, stop);
        return stop_for(run, HSX_EV_RETURN, pid);
    case HSX_STOP_ALARM:
        answer_record(e, stop);
        return stop_for(run, HSX_EV_TICK, 0);
    case HSX_STOP_IDLE:
        if (e->trap_count != 0) {
            e->traps[0].due = e->steps;
            return false;
        }
        if (timers_first(&e->timers)) {
            /* No task is READY, RUNNING or TRAPPED, but one waits for a deadline. */
            jump_to(e, timers_first(&e->timers)->deadline);
            return stop_for(run, HSX_EV_TICK, 0);
        }
        run->reason = HSX_RUN_STALLED;
        return true;
    default:
        return false;
    }
}

/* Records cost more than the instructions: if nobody reads them the machine only counts,
 * and those in the ring are recalled when it is read. */
static bool needs_records(const struct hsx_exec *e)
{
    return !e->target->ops->recall || e->has_sink || e->unseen != 0 || e->config.ring > HSX_RECALL;
}

static bool run_with_records(struct hsx_exec *e, struct hsx_run *run)
{
    run->records = e->records;
    run->cycles = e->has_sink ? e->record_cycles : NULL;
    run->capacity = EXEC_BATCH;
    exec_fill_ring(e);
    return exec_ok(e, e->target->ops->run(e->target, run));
}

static bool run_without_records(struct hsx_exec *e, struct hsx_run *run)
{
    run->tally = &e->tally;
    run->recallable = e->config.ring != 0;
    if (run->recallable && !e->ring_behind) {
        e->ring_behind = true;
        e->ring_order = e->order;
    }
    return exec_ok(e, e->target->ops->run(e->target, run));
}

/* Account for a run of the target, which succeeded if ok; true: the caller's run ends. */
static bool take_run(struct hsx_exec *e, bool ok, const struct hsx_run *stop,
                     struct hsx_exec_run *run)
{
    if (stop->tally) {
        note_writer_of_tally(e, stop);
        take_tally(e, stop);
    } else {
        if (e->stop_count != 0) {
            note_writer(e, stop);
        }
        take_records(e, stop);
    }
    run->steps += stop->retired;
    e->stretch_left = stop->reason == HSX_STOP_RECORDS ? stop->max_steps - stop->retired : 0;
    return !ok || take_stop(e, stop, run);
}

/* Let the target run for at most budget steps; true: the caller's run ends. */
static bool run_target(struct hsx_exec *e, uint64_t budget, struct hsx_exec_run *run)
{
    struct hsx_run stop = {.max_steps = budget};
    bool records = e->stop_count != 0 || needs_records(e);
    bool ok = records ? run_with_records(e, &stop) : run_without_records(e, &stop);

    return take_run(e, ok, &stop, run);
}

/* The same, with nothing to stop at but an interrupt. */
static bool run_on(struct hsx_exec *e, uint64_t budget, struct hsx_exec_run *run)
{
    bool ended;

    e->target->interrupt = run->interrupt;
    ended = run_target(e, budget, run);
    e->target->interrupt = NULL;
    return ended;
}

static uint64_t steps_in(const struct hsx_record *records, size_t count)
{
    uint64_t steps = 0;

    for (size_t i = 0; i < count; i++) {
        steps += records[i].event == HSX_EV_RETIRE || records[i].event == HSX_EV_SVC ||
                 records[i].event == HSX_EV_BRK;
    }
    return steps;
}

/* A machine that looks for points stops at them by itself, except at the next
 * instruction: that one is checked here, and may have to be passed. */
static bool run_looking(struct hsx_exec *e, uint64_t budget, struct hsx_exec_run *run)
{
    struct hsx_run stop = {.max_steps = budget, .look = true, .pass = true};

    return exec_break_hit(e, run) || take_run(e, run_without_records(e, &stop), &stop, run);
}

/*
 * A stretch in which something may stop the run. The target runs it, and its records show
 * whether it contains a place to stop; if so, the target goes back and runs only up to
 * there. So a run ends where it would if it ran one instruction at a time.
 */
static bool run_to_stop(struct hsx_exec *e, uint64_t budget, struct hsx_exec_run *run)
{
    struct hsx_run stretch = {.max_steps = budget < e->ahead ? budget : e->ahead};
    struct lookout lookout;

    exec_look_out(e, run, &lookout);
    if (!run_with_records(e, &stretch)) {
        return take_run(e, false, &stretch, run);
    }
    size_t before = exec_records_to_stop(e, run, &stretch, &lookout);
    uint64_t steps = steps_in(e->records, before);

    if (before == stretch.count) {
        e->ahead = 2 * e->ahead < EXEC_AHEAD_MOST ? 2 * e->ahead : EXEC_AHEAD_MOST;
        return take_run(e, true, &stretch, run);
    }
    e->ahead = EXEC_AHEAD_LEAST;
    if (!exec_ok(e, e->target->ops->go_back(e->target))) {
        return true;
    }
    if (steps == 0) {
        return exec_break_hit(e, run) || run_target(e, 1, run);
    }
    return run_target(e, steps, run);
}

/* One instruction. A pending tick comes first; one that wakes a task stops the target, so
 * the breakpoint is looked up again. */
static bool advance_one(struct hsx_exec *e, struct hsx_exec_run *run)
{
    if (run->only != 0 && !exec_put_first(e, run->only)) {
        if (e->trap_count != 0) {
            e->traps[0].due = e->steps;
            return false;
        }
        run->reason = HSX_RUN_STALLED;
        return true;
    }
    return exec_break_hit(e, run) || run_target(e, 1, run);
}

/* False: the target cannot go back, at present or at all. */
static bool marked(struct hsx_exec *e)
{
    return e->target->ops->mark && e->target->ops->mark(e->target) == HSX_OK;
}

static bool interrupted(const struct hsx_exec *e, const struct hsx_exec_run *run)
{
    return run->interrupt && *run->interrupt != 0 && e->stretch_left == 0;
}

/* A machine that was let run is held again only when its steps are done, or for an interrupt. */
static uint64_t stretch_of(const struct hsx_exec *e)
{
    return e->stretch_left != 0 ? e->stretch_left : EXEC_STRETCH;
}

/* One iteration: a trap that is due, or a stretch of instructions. True: the caller's run
 * has ended. */
static bool advance(struct hsx_exec *e, struct hsx_exec_run *run)
{
    uint64_t budget = run->max_steps - run->steps;

    if (run->progress) {
        run->progress(run->progress_ctx, run->steps);
    }
    if (interrupted(e, run)) {
        run->reason = HSX_RUN_INTERRUPTED;
        return true;
    }
    if (e->trap_count != 0 && e->traps[0].due <= e->steps) {
        uint32_t pid = e->tasks[e->traps[0].slot].pid;

        complete(e, 0);
        return stop_for(run, HSX_EV_COMPLETE, pid);
    }
    if (e->live == 0) {
        run->reason = HSX_RUN_ENDED;
        return true;
    }
    if (budget == 0) {
        run->reason = HSX_RUN_STEPS;
        if (run->steps != 0 && e->stop_count != 0) {
            exec_break_hit(e, run); /* it stopped in front of one */
        }
        return true;
    }
    bool may_stop = e->stop_count != 0 || run->back_pid != 0;
    bool looks = e->looks && run->back_pid == 0 && !needs_records(e);

    if (run->only != 0 || (may_stop && !looks && !marked(e))) {
        return advance_one(e, run);
    }
    if (e->trap_count != 0 && e->traps[0].due - e->steps < budget) {
        budget = e->traps[0].due - e->steps;
    }
    if (run->interrupt && stretch_of(e) < budget) {
        budget = stretch_of(e);
    }
    if (may_stop && looks) {
        return run_looking(e, budget, run);
    }
    return may_stop ? run_to_stop(e, budget, run) : run_on(e, budget, run);
}

enum hsx_status hsx_exec_run(struct hsx_exec *e, struct hsx_exec_run *run)
{
    bool ended = false;

    run->steps = 0;
    run->pid = 0;
    e->stretch_left = 0;
    e->ahead = EXEC_AHEAD_LEAST;
    exec_refresh_watches(e);
    e->looks = exec_give_points(e);
    e->tick_wanted = wanted(run, HSX_EV_TICK);
    exec_set_alarm(e);
    while (e->failed == HSX_OK && !ended) {
        ended = advance(e, run);
        /* Checked at an end as well: the next run starts from the present values. */
        ended = (e->failed == HSX_OK && exec_watch_hit(e, run)) || ended;
    }
    e->tick_wanted = false;
    exec_set_alarm(e);
    return e->failed;
}
