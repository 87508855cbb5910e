// SPDX-License-Identifier: Apache-2.0
/* The result of a run of tasks, as text, as JSON and as exit status. */
#ifndef HSX_CLI_REPORT_H
#define HSX_CLI_REPORT_H

#include "run_options.h"
#include <hsx/exec.h>
#include <jansson.h>
#include <stdio.h>

/* Exit statuses of commands that run tasks; if several apply, the first. A run ended by a
 * signal has 128 + the signal's number instead. */
enum {
    HSX_EXIT_FAULTED = 3, /* a task faulted */
    HSX_EXIT_STEPS = 4,   /* the step limit ended it */
    HSX_EXIT_STALLED = 5  /* the tasks left are PAUSED or wait forever */
};

struct hsx_report {
    enum hsx_run_end reason;
    struct hsx_exec_stats stats;
    struct hsx_task_info tasks[HSX_MAX_CONTEXTS];
    struct hsx_exec_error hints[HSX_MAX_CONTEXTS];       /* of each task; empty: none */
    char places[HSX_MAX_CONTEXTS][HSX_SYMBOL_TEXT_SIZE]; /* symbol at its pc; empty: unknown */
    size_t count;
};

/* From a failed executive it takes what can be had without reading the machine. */
enum hsx_status hsx_report_take(struct hsx_exec *exec, enum hsx_run_end reason,
                                const struct hsx_run_options *options, struct hsx_report *report);
int hsx_report_exit(const struct hsx_report *report);
/* One line per task, and one for all. */
void hsx_report_print(const struct hsx_report *report, FILE *out);
/* {target, reason, steps, cycles, ticks, exit, tasks: [...]}; the caller owns it. */
json_t *hsx_report_json(const struct hsx_report *report, const char *target);

#endif
