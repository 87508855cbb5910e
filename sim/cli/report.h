// SPDX-License-Identifier: Apache-2.0
/* How a run of tasks ended, for people, programs and the exit status. */
#ifndef HSX_CLI_REPORT_H
#define HSX_CLI_REPORT_H

#include "run_options.h"
#include <hsx/exec.h>
#include <jansson.h>
#include <stdio.h>

/* Exit statuses of commands that run tasks; where several apply, the first. A run that a
 * signal ended has 128 and the signal's number, before all of these. */
enum {
    HSX_EXIT_FAULTED = 3, /* a task faulted */
    HSX_EXIT_STEPS = 4,   /* the step limit ended it */
    HSX_EXIT_STALLED = 5  /* those left are PAUSED or wait forever */
};

struct hsx_report {
    enum hsx_run_end reason;
    struct hsx_exec_stats stats;
    struct hsx_task_info tasks[HSX_MAX_CONTEXTS];
    struct hsx_exec_error hints[HSX_MAX_CONTEXTS];       /* of each task; empty: none */
    char places[HSX_MAX_CONTEXTS][HSX_SYMBOL_TEXT_SIZE]; /* what its pc is in; empty: unknown */
    size_t count;
};

/* Of an executive that has failed it takes all that no machine has to be read for. */
enum hsx_status hsx_report_take(struct hsx_exec *exec, enum hsx_run_end reason,
                                const struct hsx_run_options *options, struct hsx_report *report);
int hsx_report_exit(const struct hsx_report *report);
/* One line a task, and one for all. */
void hsx_report_print(const struct hsx_report *report, FILE *out);
/* {target, reason, steps, cycles, ticks, exit, tasks: [...]}; the caller's. */
json_t *hsx_report_json(const struct hsx_report *report, const char *target);

#endif
