// SPDX-License-Identifier: Apache-2.0
/*
 * Many runs of one kind, shared out to processes, with one report.
 *
 * Run i is made by worker i modulo the number of workers, and results are taken in the
 * order of the runs: what is told is the same for any number of workers. One
 * worker is this process itself.
 */
#ifndef HSX_CLI_JOBS_H
#define HSX_CLI_JOBS_H

#include <hsx/status.h>
#include <stdint.h>
#include <stdio.h>

enum { JOBS_MAX = 256 };

struct jobs {
    unsigned workers; /* 1 .. JOBS_MAX */
    uint64_t count;   /* of runs */
    void *ctx;

    /* First thing in a worker that is a process of its own; may be NULL. */
    enum hsx_status (*start)(void *ctx);

    /* In the worker: run number index; what it has to tell goes to result as bytes. */
    enum hsx_status (*make)(void *ctx, uint64_t index, FILE *result);

    /* In the calling process, one after another. */
    void (*take)(void *ctx, uint64_t index, const void *result, size_t size);
};

struct jobs_error {
    uint64_t index; /* the first run that has no result */
    char text[160];
};

/* Ends early at a signal (signals.h, deferred), with the results that come without a gap, or
 * when a run or a worker fails: then *error tells of it. */
enum hsx_status jobs_run(const struct jobs *jobs, struct jobs_error *error);

#endif
