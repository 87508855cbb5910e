// SPDX-License-Identifier: Apache-2.0
/* sched: counters, the trace ring, slices. */
#include "shell.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_LIMIT = 16 };

static const struct {
    const char *key, *column;
} counters[] = {{"steps", "steps"},          {"turns", "turns"},
                {"traps", "traps"},          {"blocks", "blocks"},
                {"wakes", "wakes"},          {"timeouts", "timeouts"},
                {"faults", "faults"},        {"ends", "ends"},
                {"mbox_steps", "mbx"},       {"mbox_wakes", "mbx.wk"},
                {"mbox_timeouts", "mbx.to"}, {"stack_used_max", "stack"}};

enum { COUNTERS = sizeof counters / sizeof counters[0] };

static json_t *json_counters(const struct hsx_task_info *task)
{
    const struct hsx_counters *c = &task->counters;
    const uint64_t values[COUNTERS] = {
        c->steps,  c->turns, c->traps,      c->blocks,     c->wakes,         c->timeouts,
        c->faults, c->ends,  c->mbox_steps, c->mbox_wakes, c->mbox_timeouts, task->stack_used_max};
    json_t *object = json_pack("{s:I, s:o, s:s}", "pid", (json_int_t)task->pid, "name",
                               json_text(task->name), "state", hsx_state_name(task->ctx.state));

    for (unsigned i = 0; i < COUNTERS; i++) {
        json_object_set_new(object, counters[i].key, json_number(values[i]));
    }
    return object;
}

static bool answer_ring(struct hsx_shell *s, size_t limit)
{
    size_t room = limit < s->config.exec.ring ? limit : s->config.exec.ring;
    struct hsx_ring_entry *entries = calloc(room + 1, sizeof *entries);
    size_t count;

    if (!entries) {
        return shell_fail(s, "out of memory");
    }
    count = hsx_exec_ring(s->exec, entries, room);
    answer_set(s, "trace", json_array());
    for (size_t i = 0; i < count; i++) {
        answer_add(s, "trace",
                   json_pack("{s:I, s:I, s:i, s:s}", "order", (json_int_t)entries[i].order, "pid",
                             (json_int_t)entries[i].pid, "pc", (int)entries[i].pc, "event",
                             hsx_ring_event_name((enum hsx_ring_event)entries[i].event)));
    }
    free(entries);
    return true;
}

static bool sched_stats(struct hsx_shell *s, struct args *a)
{
    struct hsx_task_info tasks[HSX_MAX_CONTEXTS];
    uint64_t limit = DEFAULT_LIMIT;
    struct hsx_exec_stats stats;
    size_t count;

    if ((arg_left(a) && !arg_number(s, a, "LIMIT", 0, UINT32_MAX, &limit)) || !arg_end(s, a)) {
        return false;
    }
    hsx_exec_stats(s->exec, &stats);
    hsx_exec_tasks(s->exec, tasks, HSX_MAX_CONTEXTS, &count);
    answer_number(s, "steps", stats.steps);
    answer_number(s, "ticks", stats.now);
    answer_set(s, "tasks", json_array());
    for (size_t i = 0; i < count; i++) {
        answer_add(s, "tasks", json_counters(&tasks[i]));
    }
    answer_number(s, "broken_invariants", stats.broken_invariants);
    if (stats.last_broken) {
        answer_number(s, "last_broken_pid", stats.last_broken_pid);
        answer_text(s, "last_broken", stats.last_broken);
    }
    return answer_ring(s, (size_t)limit);
}

static bool sched_slice(struct hsx_shell *s, struct args *a)
{
    struct hsx_task_info task;
    uint64_t slice;

    if (!arg_task(s, a, &task)) {
        return false;
    }
    if (!arg_is(a, "slice")) {
        return shell_fail(s, "expected 'slice' after the task");
    }
    if (!arg_number(s, a, "N", 1, UINT8_MAX, &slice) || !arg_end(s, a)) {
        return false;
    }
    if (hsx_exec_set_slice(s->exec, task.pid, (uint8_t)slice) != HSX_OK) {
        return shell_fail(s, "the slice cannot be set");
    }
    answer_number(s, "pid", task.pid);
    answer_number(s, "slice", slice);
    return true;
}

bool run_sched(struct hsx_shell *s, struct args *a)
{
    if (!arg_left(a) || arg_is(a, "stats")) {
        return sched_stats(s, a);
    }
    return sched_slice(s, a);
}

void show_sched(FILE *out, const json_t *answer)
{
    const json_t *item;
    size_t i;

    if (json_object_get(answer, "slice")) {
        fprintf(out, "task %u: slice %u\n", (unsigned)get_number(answer, "pid"),
                (unsigned)get_number(answer, "slice"));
        return;
    }
    fprintf(out, "  pid");
    for (unsigned k = 0; k < COUNTERS; k++) {
        fprintf(out, " %8s", counters[k].column);
    }
    fputc('\n', out);
    json_array_foreach(json_object_get(answer, "tasks"), i, item)
    {
        fprintf(out, "%5u", (unsigned)get_number(item, "pid"));
        for (unsigned k = 0; k < COUNTERS; k++) {
            fprintf(out, " %8" PRIu64, get_number(item, counters[k].key));
        }
        fputc('\n', out);
    }
    if (get_number(answer, "broken_invariants") != 0) {
        fprintf(out, "broken invariants: %" PRIu64 ", last of task %u: %s\n",
                get_number(answer, "broken_invariants"),
                (unsigned)get_number(answer, "last_broken_pid"), get_text(answer, "last_broken"));
    }
    json_array_foreach(json_object_get(answer, "trace"), i, item)
    {
        fprintf(out, "%8" PRIu64 "  task %u  0x%04X  %s\n", get_number(item, "order"),
                (unsigned)get_number(item, "pid"), (unsigned)get_number(item, "pc"),
                get_text(item, "event"));
    }
}
