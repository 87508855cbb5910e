// SPDX-License-Identifier: Apache-2.0
/* How far a long run is, on one line of a terminal; nothing when standard error is none. */
#ifndef HSX_CLI_PROGRESS_H
#define HSX_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool on;      /* standard error is a terminal */
    bool shown;   /* the line is there */
    bool blocked; /* another line has begun and is not at its end */
    const char *unit;
    uint64_t total; /* UINT64_MAX: nobody knows */
    double start, last;
};

/* unit: "steps", "programs", ... */
void progress_begin(struct progress *progress, const char *unit, uint64_t total);
/* So many are done. Shows a line, after the first second four times a second. For struct
 * hsx_exec_run: progress is a struct progress. */
void progress_tell(void *progress, uint64_t done);
/* Takes the line away, before something else is written. */
void progress_clear(struct progress *progress);

#endif
