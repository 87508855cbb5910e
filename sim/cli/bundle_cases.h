// SPDX-License-Identifier: Apache-2.0
/* The bundle of conformance cases that fail (docs/bundle.md). */
#ifndef HSX_CLI_BUNDLE_CASES_H
#define HSX_CLI_BUNDLE_CASES_H

#include "device.h"
#include <hsx/conform.h>

struct bundle_case {
    const struct hsx_conform_case *test;
    char *what; /* owned by the caller */
};

struct bundle_cases {
    const char *dir, *command;
    const char *file; /* with all cases, whose number is */
    size_t all;
    const struct bundle_case *cases;     /* that fail, in the file's order, */
    size_t count;                        /* and their number, at least 1 */
    const struct device_options *device; /* NULL: they fail on the C VM */
};

/* Writes report, cases, command and JUnit XML; for one case traces of the C VM and of the core,
 * and a wave if there is a model that has its window and writes waves. Progress and errors are
 * reported on stderr. */
enum hsx_status bundle_write_cases(const struct bundle_cases *bundle);

#endif
