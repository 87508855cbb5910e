// SPDX-License-Identifier: Apache-2.0
/* `hsx fuzz --coverage` and `--steer`: count points over processes, list the holes, write and
 * read the counts. */
#ifndef HSX_CLI_FUZZ_COVERAGE_H
#define HSX_CLI_FUZZ_COVERAGE_H

#include <hsx/coverage.h>
#include <hsx/fuzz.h>
#include <jansson.h>
#include <stdbool.h>

struct fuzz_coverage_options {
    bool wanted;       /* to be reported */
    bool counts;       /* wanted, or for something else */
    const char *path;  /* for the counts, or NULL */
    const char *steer; /* counts to read the aim from, or NULL */
};

struct fuzz_coverage {
    struct fuzz_coverage_options options;
    struct hsx_coverage *coverage;
    uint64_t *sum;    /* of all programs */
    uint64_t *newest; /* of the last program taken */
    size_t points;
    struct hsx_lost_watch lost;
    struct hsx_fuzz_aim *aim;
};

/* Reads the --steer counts and allocates the counters. HSX_ERR_IO, HSX_ERR_FORMAT: message says
 * what is wrong, and in which line. */
enum hsx_status fuzz_coverage_open(struct fuzz_coverage *c, unsigned contexts, char *message,
                                   size_t size);
void fuzz_coverage_close(struct fuzz_coverage *c);

/* Around a program, in a worker: send writes what it reached. */
void fuzz_coverage_begin(struct fuzz_coverage *c, struct hsx_target *device);
bool fuzz_coverage_send(struct fuzz_coverage *c, FILE *out);

/* In the parent process: adds what send wrote. */
void fuzz_coverage_take(struct fuzz_coverage *c, const void *bytes, size_t size);

/* Prints points, holes by group and each hole; or the same as an object, NULL: out of memory. */
bool fuzz_coverage_print(const struct fuzz_coverage *c, FILE *out);
json_t *fuzz_coverage_json(const struct fuzz_coverage *c);

/* Writes the file of counts, completely or not at all; false: not written, with a line on
 * standard error. */
bool fuzz_coverage_save(const struct fuzz_coverage *c, const char *program);

#endif
