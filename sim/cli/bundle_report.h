// SPDX-License-Identifier: Apache-2.0
/* The page of a bundle that describes the difference. */
#ifndef HSX_CLI_BUNDLE_REPORT_H
#define HSX_CLI_BUNDLE_REPORT_H

#include "bundle.h"
#include "bundle_log.h"
#include <hsx/cosim.h>
#include <hsx/shrink.h>

struct bundle_report {
    const struct bundle_request *request;
    const struct hsx_fuzz_program *program; /* as reported */
    const struct hsx_shrink_result *shrunk; /* NULL: not reduced */
    unsigned tasks;                         /* of the program as it was found, */
    size_t words;
    uint64_t steps;
    const struct hsx_target *cosim; /* diverged */
    const struct bundle_log *log;
    const char *rerun; /* the command that runs the program of the bundle, or NULL */
    bool has_wave;
    char **assembly; /* of each task */
};

void bundle_report_write(const struct bundle_report *report, FILE *out);

#endif
