// SPDX-License-Identifier: Apache-2.0
/*
 * Many runs of one kind, distributed over processes, with one report.
 *
 * Run i is made by worker i modulo the number of workers, and results are taken in the
 * order of the runs, so that the report is the same for any number of workers. A single
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

    /* Called first in a worker that is a separate process; may be NULL. */
    enum hsx_status (*start)(void *ctx);

    /* In the worker: does run number index and writes its result as bytes, or, with
     * HSX_ERR_MACHINE, the cause in one line, if it knows one. */
    enum hsx_status (*make)(void *ctx, uint64_t index, FILE *result);

    /* In the calling process, one after another. */
    void (*take)(void *ctx, uint64_t index, const void *result, size_t size);
};

struct jobs_error {
    uint64_t index; /* the first run that has no result */
    char text[160];
};

/* Ends early at a signal (signals.h, deferred), with the results up to the first missing
 * one, or when a run or a worker fails, described in *error. */
enum hsx_status jobs_run(const struct jobs *jobs, struct jobs_error *error);

#endif
