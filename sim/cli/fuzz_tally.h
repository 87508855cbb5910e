// SPDX-License-Identifier: Apache-2.0
/* The results of the programs of `hsx fuzz`: one as a worker sends it, and the sum of all. */
#ifndef HSX_CLI_FUZZ_TALLY_H
#define HSX_CLI_FUZZ_TALLY_H

#include "progress.h"
#include <hsx/status.h>
#include <hsx/target.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One program. It is followed by the texts of a divergence: one line, the whole report, the
 * command that reproduces it. */
struct fuzz_outcome {
    uint64_t steps, records, cycles, faults, svcs;
    uint64_t order, cycle; /* of the divergence */
    bool diverged;
    size_t line, report, command; /* bytes of each, without a NUL */
    size_t texts;                 /* bytes of the three */
};

struct fuzz_tally {
    struct progress progress;
    json_t *failures;    /* owned; NULL unless asked for */
    uint64_t first_seed; /* of the first program that diverged */
    uint64_t end;        /* the cycle in which the last program ended, or diverged */
    uint64_t programs, diverged, steps, records, cycles, faults, svcs;
};

/* In a worker: writes outcome to out, and what diverged in cosim if status is not HSX_OK;
 * reproduce is the command that reproduces the program. HSX_ERR_MEMORY. */
enum hsx_status fuzz_outcome_send(struct fuzz_outcome *outcome, enum hsx_status status,
                                  const struct hsx_target *cosim, const char *reproduce, FILE *out);

/* In the parent process: adds what send wrote for the program with that seed, and reports a
 * divergence. Returns the number of bytes used; 0: incomplete, and not added. */
size_t fuzz_tally_take(struct fuzz_tally *t, uint64_t seed, const void *bytes, size_t size);

void fuzz_tally_print(const struct fuzz_tally *t, uint64_t tasks, double seconds, FILE *out);
/* The same as an object, NULL: out of memory; first is the seed of the first program. */
json_t *fuzz_tally_json(const struct fuzz_tally *t, uint64_t first, uint64_t tasks, double seconds);

void fuzz_tally_close(struct fuzz_tally *t);

#endif
