// SPDX-License-Identifier: Apache-2.0
/* step, continue, next and finish: advancing one task. */
#include "clock.h"
#include <hsx/isa.h>
#include <string.h>

bool run_continue(struct hsx_shell *s, struct args *a)
{
    struct clock c = {.steps = UINT64_MAX};

    return arg_end(s, a) && clock_run_for(s, &c);
}

void show_continue(FILE *out, const json_t *answer)
{
    show_clock(out, answer);
}

/* The advance of one task: its state before and now, and the limits of the run. */
struct stride {
    struct hsx_task_info before[HSX_MAX_CONTEXTS]; /* all tasks */
    size_t count;
    struct hsx_task_info task, now;
    struct clock clock;
};

/* PID, or the task whose turn is next. */
static bool take_runner(struct hsx_shell *s, struct args *a, struct hsx_task_info *task)
{
    if (arg_left(a)) {
        if (!arg_task(s, a, task)) {
            return false;
        }
    } else {
        uint32_t pid = find_next_pid(s);

        if (pid == 0 || hsx_exec_task(s->exec, pid, task) != HSX_OK) {
            return shell_fail(s, "no task is ready");
        }
    }
    if (clock_has_ended(s, task->pid) || task->ctx.state == HSX_PAUSED) {
        return shell_fail(s, "task %u is %s, expected one that can run", (unsigned)task->pid,
                          hsx_state_name(task->ctx.state));
    }
    return arg_end(s, a);
}

static bool begin_stride(struct hsx_shell *s, struct args *a, struct stride *stride)
{
    stride->count = clock_tasks(s, stride->before);
    if (!take_runner(s, a, &stride->task)) {
        return false;
    }
    stride->clock = (struct clock){.until_end = true, .watched = stride->task.pid};
    return true;
}

static bool end_stride(struct hsx_shell *s, const struct stride *stride)
{
    console_break(s);
    clock_answer(s, &stride->clock, stride->before, stride->count);
    return true;
}

/* Whether it has come as far as requested, with nothing else ending the run. */
static bool done(const struct stride *stride)
{
    return strcmp(stride->clock.reason, "steps") == 0;
}

/* Until the task is at a known line other than the one where it was. */
static bool step_line(struct hsx_shell *s, struct args *a)
{
    const struct hsx_symbol_line *from, *at;
    struct stride t;

    if (!begin_stride(s, a, &t)) {
        return false;
    }
    from = code_line(s, t.task.pid, t.task.ctx.pc);
    if (!symbols_of(s, t.task.pid)) {
        return shell_fail(s, "no source lines are known of task %u", (unsigned)t.task.pid);
    }
    do {
        t.clock.steps++;
        if (!clock_advance(s, &t.clock)) {
            return false;
        }
        at = NULL;
        if (hsx_exec_task(s->exec, t.task.pid, &t.now) == HSX_OK &&
            t.now.counters.steps != t.task.counters.steps) {
            at = code_line(s, t.task.pid, t.now.ctx.pc);
        }
    } while (done(&t) &&
             (!at || (from && at->line == from->line && strcmp(at->file, from->file) == 0)));
    end_stride(s, &t);
    answer_set(s, "line", at ? json_line(s, t.task.pid, t.now.ctx.pc) : json_null());
    return true;
}

bool run_step(struct hsx_shell *s, struct args *a)
{
    return arg_is(a, "line") ? step_line(s, a) : clock_step(s, a);
}

void show_step(FILE *out, const json_t *answer)
{
    show_clock(out, answer);
    if (json_is_object(json_object_get(answer, "line"))) {
        print_line(out, json_object_get(answer, "line"));
    }
}

/* The opcode of the instruction at pc; 0: there is none. */
static uint8_t opcode_at(struct hsx_shell *s, const struct hsx_task_info *task, uint32_t pc)
{
    uint32_t word = 0;

    return code_word(s, &task->ctx, pc, &word) ? HSX_INSN_OPCODE(word) : 0;
}

/* Until the task has done one instruction; t->now is its state then. */
static bool do_one(struct hsx_shell *s, struct stride *t)
{
    t->clock.steps = t->clock.done;
    t->clock.back_sp = 0;
    do {
        t->clock.steps++;
        if (!clock_advance(s, &t->clock)) {
            return false;
        }
    } while (done(t) && hsx_exec_task(s->exec, t->task.pid, &t->now) == HSX_OK &&
             t->now.counters.steps == t->task.counters.steps);
    return true;
}

/* Until its sp is back. Calls are not counted: a jump in C code may be a CALL. */
static bool come_back(struct hsx_shell *s, struct stride *t, uint32_t sp)
{
    t->clock.steps = UINT64_MAX;
    t->clock.back_sp = sp;
    return clock_advance(s, &t->clock);
}

bool run_next(struct hsx_shell *s, struct args *a)
{
    struct stride t;
    bool call;

    if (!begin_stride(s, a, &t)) {
        return false;
    }
    call = opcode_at(s, &t.task, t.task.ctx.pc) == HSX_OP_CALL;
    if (!do_one(s, &t)) {
        return false;
    }
    if (call && done(&t) && t.now.ctx.sp < t.task.ctx.sp && !come_back(s, &t, t.task.ctx.sp)) {
        return false;
    }
    return end_stride(s, &t);
}

void show_next(FILE *out, const json_t *answer)
{
    show_clock(out, answer);
}

/* Whether the last instruction of the task was a RET. It is in the ring, unless others ran
 * for long. */
static bool has_returned(struct hsx_shell *s, const struct hsx_task_info *task)
{
    struct hsx_ring_entry entries[HSX_DEFAULT_RING];
    size_t count = hsx_exec_ring(s->exec, entries, HSX_DEFAULT_RING);

    while (count > 0) {
        const struct hsx_ring_entry *entry = &entries[--count];

        if (entry->pid == task->pid && entry->event == HSX_RING_STEP) {
            return opcode_at(s, task, entry->pc) == HSX_OP_RET;
        }
    }
    return true;
}

/* Until after the RET that leaves sp above its present value. Pops before the RET do that
 * as well, and are done one by one. */
bool run_finish(struct hsx_shell *s, struct args *a)
{
    struct stride t;
    uint32_t above;

    if (!begin_stride(s, a, &t)) {
        return false;
    }
    if (t.task.ctx.call_depth == 0) {
        return shell_fail(s, "task %u is in no function that it called", (unsigned)t.task.pid);
    }
    above = t.task.ctx.sp + 1u;
    for (;;) {
        if (!come_back(s, &t, above)) {
            return false;
        }
        if (strcmp(t.clock.reason, "returned") != 0 || has_returned(s, &t.task)) {
            break;
        }
        if (hsx_exec_task(s->exec, t.task.pid, &t.task) != HSX_OK || !do_one(s, &t)) {
            return false;
        }
        if (!done(&t)) {
            break;
        }
    }
    return end_stride(s, &t);
}

void show_finish(FILE *out, const json_t *answer)
{
    show_clock(out, answer);
}
