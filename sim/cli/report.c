// SPDX-License-Identifier: Apache-2.0
#include "report.h"
#include "commands.h"
#include "signals.h"
#include <hsx/isa.h>
#include <inttypes.h>

enum hsx_status hsx_report_take(struct hsx_exec *exec, enum hsx_run_end reason,
                                const struct hsx_run_options *options, struct hsx_report *report)
{
    enum hsx_status status;

    report->reason = reason;
    hsx_exec_stats(exec, &report->stats);
    status = hsx_exec_tasks(exec, report->tasks, HSX_MAX_CONTEXTS, &report->count);
    for (size_t i = 0; i < report->count; i++) {
        report->hints[i].text[0] = '\0';
        hsx_options_name(options, report->tasks[i].pid, report->tasks[i].ctx.pc, report->places[i],
                         sizeof report->places[i]);
        if (status == HSX_OK) {
            hsx_exec_hint(exec, report->tasks[i].pid, &report->hints[i]);
        }
    }
    return status;
}

int hsx_report_exit(const struct hsx_report *report)
{
    if (report->reason == HSX_RUN_INTERRUPTED) {
        return hsx_signals_exit(HSX_EXIT_OK);
    }
    for (size_t i = 0; i < report->count; i++) {
        if (report->tasks[i].ctx.state == HSX_FAULTED) {
            return HSX_EXIT_FAULTED;
        }
    }
    switch (report->reason) {
    case HSX_RUN_STEPS:
        return HSX_EXIT_STEPS;
    case HSX_RUN_STALLED:
        return HSX_EXIT_STALLED;
    default:
        return HSX_EXIT_OK;
    }
}

static bool has_exit_status(const struct hsx_task_info *task)
{
    return task->ctx.state == HSX_RETURNED || task->ctx.state == HSX_EXITED;
}

static void print_task(const struct hsx_task_info *task, const char *place, FILE *out)
{
    fprintf(out, "%5" PRIu32 "  %-20s  %-8s  %12" PRIu64 "  ", task->pid, task->name,
            hsx_state_name(task->ctx.state), task->counters.steps);
    if (has_exit_status(task)) {
        fprintf(out, "exit %" PRIu32 "\n", task->exit_status);
        return;
    }
    if (task->ctx.state == HSX_FAULTED) {
        fprintf(out, "%s ", hsx_fault_name(task->fault));
    }
    fprintf(out, "at pc 0x%04X", (unsigned)task->ctx.pc);
    if (place[0] != '\0') {
        fprintf(out, " <%s>", place);
    }
    fputc('\n', out);
}

static const char *reason_text(enum hsx_run_end reason)
{
    switch (reason) {
    case HSX_RUN_STEPS:
        return "the step limit was reached";
    case HSX_RUN_STALLED:
        return "the tasks left wait forever";
    case HSX_RUN_INTERRUPTED:
        return "interrupted";
    default:
        return "all tasks have ended";
    }
}

void hsx_report_print(const struct hsx_report *report, FILE *out)
{
    fprintf(out, "  pid  %-20s  %-8s  %12s  %s\n", "name", "state", "steps", "result");
    for (size_t i = 0; i < report->count; i++) {
        print_task(&report->tasks[i], report->places[i], out);
    }
    for (size_t i = 0; i < report->count; i++) {
        if (report->hints[i].text[0] != '\0') {
            fprintf(out, "task %" PRIu32 ": %s\n", report->tasks[i].pid, report->hints[i].text);
        }
    }
    fprintf(out, "%s: %" PRIu64 " steps, %" PRIu64 " cycles, %" PRIu64 " ms\n",
            reason_text(report->reason), report->stats.steps, report->stats.cycles,
            report->stats.now);
}

static const char *reason_word(enum hsx_run_end reason)
{
    switch (reason) {
    case HSX_RUN_STEPS:
        return "steps";
    case HSX_RUN_STALLED:
        return "stalled";
    case HSX_RUN_INTERRUPTED:
        return "interrupted";
    default:
        return "ended";
    }
}

static json_t *task_json(const struct hsx_task_info *task, const char *place, const char *hint)
{
    const struct hsx_counters *c = &task->counters;
    json_t *exit_status =
        has_exit_status(task) ? json_integer((json_int_t)task->exit_status) : json_null();
    json_t *fault =
        task->ctx.state == HSX_FAULTED ? json_string(hsx_fault_name(task->fault)) : json_null();

    return json_pack(
        "{s:I, s:s, s:s, s:o, s:o, s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s?, s:s?}", "pid",
        (json_int_t)task->pid, "name", task->name, "state", hsx_state_name(task->ctx.state),
        "exit_status", exit_status, "fault", fault, "pc", (int)task->ctx.pc, "steps",
        (json_int_t)c->steps, "turns", (json_int_t)c->turns, "traps", (json_int_t)c->traps,
        "blocks", (json_int_t)c->blocks, "wakes", (json_int_t)c->wakes, "timeouts",
        (json_int_t)c->timeouts, "stack_used_max", (json_int_t)task->stack_used_max, "symbol",
        place[0] != '\0' ? place : NULL, "hint", hint[0] != '\0' ? hint : NULL);
}

json_t *hsx_report_json(const struct hsx_report *report, const char *target)
{
    json_t *tasks = json_array();

    for (size_t i = 0; i < report->count; i++) {
        json_array_append_new(
            tasks, task_json(&report->tasks[i], report->places[i], report->hints[i].text));
    }
    return json_pack("{s:s, s:s, s:i, s:I, s:I, s:I, s:o}", "target", target, "reason",
                     reason_word(report->reason), "exit", hsx_report_exit(report), "steps",
                     (json_int_t)report->stats.steps, "cycles", (json_int_t)report->stats.cycles,
                     "ticks", (json_int_t)report->stats.now, "tasks", tasks);
}
