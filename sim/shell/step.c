// SPDX-License-Identifier: Apache-2.0
/* step, continue, next and finish: letting one task get on. */
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

/* Until the task is at a line that is known and not the one where it was. */
static bool step_line(struct hsx_shell *s, struct args *a)
{
    struct hsx_task_info before[HSX_MAX_CONTEXTS];
    const struct hsx_symbol_line *from, *at;
    struct clock c = {.until_end = true};
    struct hsx_task_info task, now;
    size_t count = clock_tasks(s, before);

    if (!take_runner(s, a, &task)) {
        return false;
    }
    from = code_line(s, task.pid, task.ctx.pc);
    if (!symbols_of(s, task.pid)) {
        return shell_fail(s, "no source lines are known of task %u", (unsigned)task.pid);
    }
    c.watched = task.pid;
    do {
        c.steps++;
        if (!clock_advance(s, &c)) {
            return false;
        }
        at = NULL;
        if (hsx_exec_task(s->exec, task.pid, &now) == HSX_OK &&
            now.counters.steps != task.counters.steps) {
            at = code_line(s, task.pid, now.ctx.pc);
        }
    } while (strcmp(c.reason, "steps") == 0 &&
             (!at || (from && at->line == from->line && strcmp(at->file, from->file) == 0)));
    console_break(s);
    clock_answer(s, &c, before, count);
    answer_set(s, "line", at ? json_line(s, task.pid, now.ctx.pc) : json_null());
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

/* Until the watched task has done one instruction; *now is how it is then. */
static bool do_one(struct hsx_shell *s, struct clock *c, const struct hsx_task_info *task,
                   struct hsx_task_info *now)
{
    c->steps = c->done;
    c->back_sp = 0;
    do {
        c->steps++;
        if (!clock_advance(s, c)) {
            return false;
        }
    } while (strcmp(c->reason, "steps") == 0 && hsx_exec_task(s->exec, task->pid, now) == HSX_OK &&
             now->counters.steps == task->counters.steps);
    return true;
}

/* Until its sp is there again. Calls are not counted: a jump in C code may be one. */
static bool come_back(struct hsx_shell *s, struct clock *c, uint32_t sp)
{
    c->steps = UINT64_MAX;
    c->back_sp = sp;
    return clock_advance(s, c);
}

bool run_next(struct hsx_shell *s, struct args *a)
{
    struct hsx_task_info before[HSX_MAX_CONTEXTS];
    struct clock c = {.until_end = true};
    struct hsx_task_info task, now;
    size_t count = clock_tasks(s, before);
    bool call;

    if (!take_runner(s, a, &task)) {
        return false;
    }
    c.watched = task.pid;
    call = opcode_at(s, &task, task.ctx.pc) == HSX_OP_CALL;
    if (!do_one(s, &c, &task, &now)) {
        return false;
    }
    if (call && strcmp(c.reason, "steps") == 0 && now.ctx.sp < task.ctx.sp &&
        !come_back(s, &c, task.ctx.sp)) {
        return false;
    }
    console_break(s);
    clock_answer(s, &c, before, count);
    return true;
}

void show_next(FILE *out, const json_t *answer)
{
    show_clock(out, answer);
}

/* Was the last instruction of the task a RET? The ring has it, unless others ran for long. */
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

/* Behind the RET that leaves sp above where it is now. What a function pops before its RET
 * does so, too, and is done one by one. */
bool run_finish(struct hsx_shell *s, struct args *a)
{
    struct hsx_task_info before[HSX_MAX_CONTEXTS];
    struct clock c = {.until_end = true};
    struct hsx_task_info task, now;
    size_t count = clock_tasks(s, before);
    uint32_t above;

    if (!take_runner(s, a, &task)) {
        return false;
    }
    if (task.ctx.call_depth == 0) {
        return shell_fail(s, "task %u is in no function that it called", (unsigned)task.pid);
    }
    c.watched = task.pid;
    above = task.ctx.sp + 1u;
    for (;;) {
        if (!come_back(s, &c, above)) {
            return false;
        }
        if (strcmp(c.reason, "returned") != 0 || has_returned(s, &task)) {
            break;
        }
        if (hsx_exec_task(s->exec, task.pid, &task) != HSX_OK || !do_one(s, &c, &task, &now)) {
            return false;
        }
        if (strcmp(c.reason, "steps") != 0) {
            break;
        }
    }
    console_break(s);
    clock_answer(s, &c, before, count);
    return true;
}

void show_finish(FILE *out, const json_t *answer)
{
    show_clock(out, answer);
}
