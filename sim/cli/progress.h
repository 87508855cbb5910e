// SPDX-License-Identifier: Apache-2.0
/* The progress of a long run, on one line of a terminal; nothing if standard error is not a
 * terminal. */
#ifndef HSX_CLI_PROGRESS_H
#define HSX_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool on;      /* standard error is a terminal */
    bool shown;   /* the line is on the screen */
    bool blocked; /* another line is unfinished */
    const char *unit;
    uint64_t total; /* UINT64_MAX: unknown */
    double start, last;
};

/* unit: "steps", "programs", ... */
void progress_begin(struct progress *progress, const char *unit, uint64_t total);
/* Reports that so many are done. Updates the line four times a second, after the first
 * second. Fits struct hsx_exec_run; progress is a struct progress. */
void progress_show(void *progress, uint64_t done);
/* Clears the line, before other output. */
void progress_clear(struct progress *progress);

#endif
