// SPDX-License-Identifier: Apache-2.0
/* clock: running the machine. */
#include "clock.h"
#include <hsx/dis.h>
#include <hsx/isa.h>
#include <inttypes.h>
#include <string.h>

enum { ON_BRK = 1u << HSX_EV_BRK, ON_COMPLETE = 1u << HSX_EV_COMPLETE };

static json_t *next_of(struct hsx_shell *s, const struct hsx_task_info *task)
{
    char text[HSX_DIS_SIZE];
    json_t *next;

    code_text(s, &task->ctx, task->ctx.pc, text, sizeof text);
    next = json_pack("{s:I, s:i, s:s}", "pid", (json_int_t)task->pid, "pc", (int)task->ctx.pc,
                     "text", text);
    name_code(s, next, task->pid, task->ctx.pc);
    return next;
}

size_t clock_tasks(struct hsx_shell *s, struct hsx_task_info *tasks)
{
    size_t count = 0;

    hsx_exec_tasks(s->exec, tasks, HSX_MAX_CONTEXTS, &count);
    return count;
}

/* Slots of the queue from its head; returns how many. */
static size_t read_queue(struct hsx_shell *s, uint8_t *slots, uint8_t *turn_left)
{
    struct hsx_target *t = s->config.target;
    size_t count = 0;

    *turn_left = 0;
    t->ops->read_queue(t, slots, HSX_MAX_CONTEXTS, &count, turn_left);
    return count;
}

json_t *json_next(struct hsx_shell *s)
{
    struct hsx_task_info tasks[HSX_MAX_CONTEXTS];
    uint8_t slots[HSX_MAX_CONTEXTS];
    uint8_t turn_left;
    size_t count = read_queue(s, slots, &turn_left) != 0 ? clock_tasks(s, tasks) : 0;

    for (size_t i = 0; i < count; i++) {
        if (tasks[i].slot == slots[0]) {
            return next_of(s, &tasks[i]);
        }
    }
    return json_null();
}

uint32_t find_next_pid(struct hsx_shell *s)
{
    json_t *next = json_next(s);
    uint32_t pid = (uint32_t)get_number(next, "pid");

    json_decref(next);
    return pid;
}

void print_next(FILE *out, const json_t *answer)
{
    const json_t *next = json_object_get(answer, "next");

    if (json_is_object(next)) {
        fprintf(out, "next: task %u at 0x%04X", (unsigned)get_number(next, "pid"),
                (unsigned)get_number(next, "pc"));
        print_name(out, next);
        fprintf(out, "  %s\n", get_text(next, "text"));
    } else {
        fprintf(out, "next: no task is ready\n");
    }
}

/* ---- Running */

static bool stop(struct clock *c, const char *reason)
{
    c->reason = reason;
    return true;
}

bool clock_has_ended(struct hsx_shell *s, uint32_t pid)
{
    struct hsx_task_info task;

    return pid == 0 || hsx_exec_task(s->exec, pid, &task) != HSX_OK ||
           task.ctx.state == HSX_RETURNED || task.ctx.state == HSX_EXITED ||
           task.ctx.state == HSX_FAULTED;
}

/* Evaluates how a part of the run ended; true: the command ends. */
static bool judge(struct hsx_shell *s, struct clock *c, uint32_t live)
{
    struct hsx_exec_stats stats;

    hsx_exec_stats(s->exec, &stats);
    switch (c->last.reason) {
    case HSX_RUN_ENDED:
        return stop(c, "ended");
    case HSX_RUN_STALLED:
        return stop(c, c->only != 0 ? "not ready" : "stalled");
    case HSX_RUN_BREAK:
        return stop(c, "point");
    case HSX_RUN_RETURNED:
        return stop(c, "returned");
    case HSX_RUN_INTERRUPTED:
        return stop(c, "interrupted");
    case HSX_RUN_EVENT:
        if (c->until_end && stats.live != live && clock_has_ended(s, c->watched)) {
            return stop(c, "end");
        }
        if (c->last.event == HSX_EV_BRK || (c->until & 1u << c->last.event) != 0) {
            return stop(c, "event");
        }
        return false;
    default:
        return c->done == c->steps && stop(c, "steps");
    }
}

bool clock_advance(struct hsx_shell *s, struct clock *c)
{
    unsigned ends =
        c->until_end ? 1u << HSX_EV_FAULT | 1u << HSX_EV_RETURN | (unsigned)ON_COMPLETE : 0;
    struct hsx_exec_stats stats;
    uint64_t rest;

    for (;;) {
        hsx_exec_stats(s->exec, &stats);
        if (stats.steps >= s->config.max_steps && c->done != c->steps) {
            return stop(c, "limit");
        }
        rest = c->steps - c->done;
        if (rest > s->config.max_steps - stats.steps) {
            rest = s->config.max_steps - stats.steps;
        }
        c->last = (struct hsx_exec_run){.max_steps = rest,
                                        .only = c->only,
                                        .back_pid = c->back_sp != 0 ? c->watched : 0,
                                        .back_sp = c->back_sp,
                                        .interrupt = s->config.interrupt,
                                        .stop_on = c->until | ends | ON_BRK |
                                                   (mail_is_wanted(s) ? (unsigned)ON_COMPLETE : 0)};
        if (hsx_exec_run(s->exec, &c->last) != HSX_OK || !mail_drain(s)) {
            return shell_fail(s, "the machine has failed");
        }
        c->done += c->last.steps;
        if (judge(s, c, stats.live)) {
            return true;
        }
    }
}

/* ---- Answering */

static uint64_t steps_of(const struct hsx_task_info *tasks, size_t count, uint32_t pid)
{
    for (size_t i = 0; i < count; i++) {
        if (tasks[i].pid == pid) {
            return tasks[i].counters.steps;
        }
    }
    return 0;
}

static json_t *json_writer(struct hsx_shell *s, const struct hsx_exec_writer *writer)
{
    enum hsx_event event = writer->event == HSX_EV_COMPLETE ? HSX_EV_SVC : writer->event;
    json_t *object = json_pack("{s:s}", "event", hsx_event_name(event));

    if (writer->pid != 0) {
        json_object_set_new(object, "pid", json_number(writer->pid));
        json_object_set_new(object, "pc", json_number(writer->pc));
        name_code(s, object, writer->pid, writer->pc);
    }
    return object;
}

static void print_writer(FILE *out, const json_t *writer)
{
    if (!json_object_get(writer, "pid")) {
        fprintf(out, ", changed by a %s", get_text(writer, "event"));
        return;
    }
    fprintf(out, ", changed by %stask %u at 0x%04X",
            strcmp(get_text(writer, "event"), "svc") == 0 ? "the SVC of " : "",
            (unsigned)get_number(writer, "pid"), (unsigned)get_number(writer, "pc"));
    print_name(out, writer);
}

void clock_answer(struct hsx_shell *s, const struct clock *c, const struct hsx_task_info *before,
                  size_t count)
{
    struct hsx_task_info after[HSX_MAX_CONTEXTS];
    size_t after_count = clock_tasks(s, after);
    struct hsx_exec_stop point;

    answer_number(s, "steps", c->done);
    answer_set(s, "tasks", json_array());
    for (size_t i = 0; i < after_count; i++) {
        uint64_t steps = after[i].counters.steps - steps_of(before, count, after[i].pid);

        if (steps != 0) {
            answer_add(s, "tasks",
                       json_pack("{s:I, s:I}", "pid", (json_int_t)after[i].pid, "steps",
                                 (json_int_t)steps));
        }
    }
    answer_text(s, "reason", c->reason);
    if (strcmp(c->reason, "point") == 0 && find_point(s, c->last.stop_id, &point)) {
        answer_set(s, "point", json_point(s, &point));
        if (point.kind != HSX_BREAK_PC) {
            answer_set(s, "writer", json_writer(s, &c->last.writer));
        }
    }
    if (strcmp(c->reason, "returned") == 0) {
        answer_number(s, "pid", c->watched);
    }
    if (strcmp(c->reason, "event") == 0 || strcmp(c->reason, "end") == 0) {
        enum hsx_event event = c->last.event == HSX_EV_COMPLETE ? HSX_EV_SVC : c->last.event;

        answer_text(s, "event", hsx_event_name(event));
        answer_number(s, "pid", c->last.pid);
    }
    answer_set(s, "next", json_next(s));
}

bool clock_run_for(struct hsx_shell *s, struct clock *c)
{
    struct hsx_task_info before[HSX_MAX_CONTEXTS];
    size_t count = clock_tasks(s, before);

    if (!clock_advance(s, c)) {
        return false;
    }
    console_break(s);
    clock_answer(s, c, before, count);
    return true;
}

static void show_steps(FILE *out, const json_t *answer)
{
    const json_t *tasks = json_object_get(answer, "tasks");
    const json_t *task;
    const char *separator = ": ";
    uint64_t steps = get_number(answer, "steps");
    size_t i;

    fprintf(out, "%" PRIu64 " step%s", steps, steps == 1 ? "" : "s");
    json_array_foreach(tasks, i, task)
    {
        fprintf(out, "%stask %u %" PRIu64, separator, (unsigned)get_number(task, "pid"),
                get_number(task, "steps"));
        separator = ", ";
    }
    fputc('\n', out);
}

static void show_event(FILE *out, const json_t *answer)
{
    const char *event = get_text(answer, "event");
    unsigned pid = (unsigned)get_number(answer, "pid");

    if (strcmp(event, "tick") == 0) {
        fprintf(out, "stopped: a tick\n");
    } else if (strcmp(get_text(answer, "reason"), "end") == 0) {
        fprintf(out, "stopped: task %u has ended\n", pid);
    } else {
        fprintf(out, "stopped: %s of task %u\n", event, pid);
    }
}

static void show_reason(FILE *out, const json_t *answer)
{
    static const struct {
        const char *word, *text;
    } reasons[] = {{"ended", "all tasks have ended"},
                   {"stalled", "the tasks left are paused or wait forever"},
                   {"not ready", "the task is no longer ready"},
                   {"interrupted", "interrupted"},
                   {"limit", "the limit of --steps is reached"}};
    const char *reason = get_text(answer, "reason");

    if (strcmp(reason, "point") == 0) {
        fprintf(out, "stopped: ");
        print_point(out, json_object_get(answer, "point"));
        if (json_object_get(answer, "writer")) {
            print_writer(out, json_object_get(answer, "writer"));
        }
        fputc('\n', out);
        return;
    }
    if (strcmp(reason, "returned") == 0) {
        fprintf(out, "stopped: task %u has come back\n", (unsigned)get_number(answer, "pid"));
        return;
    }
    if (json_object_get(answer, "event")) {
        show_event(out, answer);
        return;
    }
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (strcmp(reason, reasons[i].word) == 0) {
            fprintf(out, "stopped: %s\n", reasons[i].text);
        }
    }
}

/* ---- The commands */

bool clock_step(struct hsx_shell *s, struct args *a)
{
    struct clock c = {.steps = 1};
    struct hsx_task_info task;

    if (arg_left(a) && strcmp(a->words[a->next], "-p") != 0 &&
        !arg_number(s, a, "N", 1, UINT64_MAX, &c.steps)) {
        return false;
    }
    if (arg_is(a, "-p")) {
        if (!arg_task(s, a, &task)) {
            return false;
        }
        if (task.ctx.state != HSX_READY && task.ctx.state != HSX_RUNNING) {
            return shell_fail(s, "task %u is %s, only a READY one can step", (unsigned)task.pid,
                              hsx_state_name(task.ctx.state));
        }
        c.only = task.pid;
    }
    return arg_end(s, a) && clock_run_for(s, &c);
}

static bool clock_run(struct hsx_shell *s, struct args *a)
{
    struct clock c = {.steps = UINT64_MAX};

    if (arg_is(a, "until")) {
        if (arg_is(a, "end")) {
            c.until_end = true;
        } else if (arg_is(a, "tick")) {
            c.until = 1u << HSX_EV_TICK;
        } else if (arg_is(a, "svc")) {
            c.until = ON_COMPLETE;
        } else if (arg_is(a, "fault")) {
            c.until = 1u << HSX_EV_FAULT;
        } else if (arg_is(a, "brk")) {
            c.until = ON_BRK;
        } else {
            return shell_fail(s, "EVENT is %s%s%s, expected brk, end, fault, svc or tick",
                              arg_left(a) ? "'" : "", arg_left(a) ? a->words[a->next] : "missing",
                              arg_left(a) ? "'" : "");
        }
    }
    return arg_end(s, a) && clock_run_for(s, &c);
}

static bool clock_status(struct hsx_shell *s, struct args *a)
{
    struct hsx_task_info tasks[HSX_MAX_CONTEXTS];
    uint8_t slots[HSX_MAX_CONTEXTS];
    bool cycles = arg_is(a, "cycles");
    struct hsx_totals totals = {0};
    uint64_t deadline = UINT64_MAX;
    struct hsx_exec_stats stats;
    uint8_t turn_left;
    size_t count, queued;

    if (!arg_end(s, a)) {
        return false;
    }
    hsx_exec_stats(s->exec, &stats);
    s->config.target->ops->read_totals(s->config.target, &totals);
    count = clock_tasks(s, tasks);
    queued = read_queue(s, slots, &turn_left);
    answer_number(s, "steps", stats.steps);
    answer_number(s, "events", stats.order);
    answer_number(s, "ticks", stats.now);
    answer_set(s, "tick_due", json_boolean(totals.tick_due != 0));
    answer_set(s, "queue", json_array());
    for (size_t q = 0; q < queued; q++) {
        for (size_t i = 0; i < count; i++) {
            if (tasks[i].slot == slots[q]) {
                answer_add(s, "queue", json_number(tasks[i].pid));
            }
        }
    }
    answer_number(s, "turn_left", turn_left);
    for (size_t i = 0; i < count; i++) {
        if (tasks[i].has_deadline && tasks[i].deadline < deadline) {
            deadline = tasks[i].deadline;
        }
    }
    answer_set(s, "deadline", deadline != UINT64_MAX ? json_number(deadline) : json_null());
    if (cycles) {
        answer_number(s, "cycles", stats.cycles);
    }
    answer_set(s, "next", json_next(s));
    return true;
}

static void show_status(FILE *out, const json_t *answer)
{
    const json_t *pid;
    size_t i;

    fprintf(out, "%" PRIu64 " steps, %" PRIu64 " events, %" PRIu64 " ms%s\n",
            get_number(answer, "steps"), get_number(answer, "events"), get_number(answer, "ticks"),
            json_is_true(json_object_get(answer, "tick_due")) ? ", a tick comes first" : "");
    fprintf(out, "ready:");
    json_array_foreach(json_object_get(answer, "queue"), i, pid)
    {
        fprintf(out, " %u", (unsigned)json_integer_value(pid));
    }
    if (i == 0) {
        fprintf(out, " none");
    }
    if (get_number(answer, "turn_left") != 0) {
        fprintf(out, ", %u left of the first one's turn",
                (unsigned)get_number(answer, "turn_left"));
    }
    if (json_is_integer(json_object_get(answer, "deadline"))) {
        fprintf(out, "; next deadline: %" PRIu64 " ms", get_number(answer, "deadline"));
    }
    fputc('\n', out);
    if (json_object_get(answer, "cycles")) {
        fprintf(out, "%" PRIu64 " cycles\n", get_number(answer, "cycles"));
    }
    print_next(out, answer);
}

bool run_clock(struct hsx_shell *s, struct args *a)
{
    if (arg_is(a, "step")) {
        return clock_step(s, a);
    }
    if (arg_is(a, "run")) {
        return clock_run(s, a);
    }
    if (arg_is(a, "status")) {
        return clock_status(s, a);
    }
    return shell_fail(s, "expected step, run or status");
}

void show_clock(FILE *out, const json_t *answer)
{
    if (json_object_get(answer, "queue")) {
        show_status(out, answer);
        return;
    }
    show_steps(out, answer);
    show_reason(out, answer);
    print_next(out, answer);
}
