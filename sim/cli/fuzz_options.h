// SPDX-License-Identifier: Apache-2.0
/* What `hsx fuzz` was asked to do. */
#ifndef HSX_FUZZ_OPTIONS_H
#define HSX_FUZZ_OPTIONS_H

#include "bundle.h"
#include "device.h"
#include "fuzz_coverage.h"
#include "trace_options.h"
#include "wave.h"
#include <argp.h>
#include <hsx/fuzz.h>

struct fuzz_request {
    struct device_options device;
    struct wave_options wave;
    struct bundle_options bundle;
    struct trace_options trace;
    uint64_t seed;
    uint64_t count;
    uint64_t tasks;
    uint64_t steps;
    uint64_t check_steps;
    unsigned jobs;
    bool json;
    struct fuzz_coverage_options coverage;
    const char *corpus;           /* folder, or NULL */
    struct hsx_fuzz_recipe edits; /* as requested */
};

/* Its input is a struct fuzz_request that fuzz_request_init has filled. */
extern const struct argp fuzz_argp;

void fuzz_request_init(struct fuzz_request *request);

/* The command that reproduces one program, for the caller to free; NULL when out of memory. */
char *fuzz_command(const struct fuzz_request *request, const struct hsx_fuzz_recipe *recipe);

#endif
