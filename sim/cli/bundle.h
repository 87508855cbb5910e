// SPDX-License-Identifier: Apache-2.0
/*
 * A folder with everything needed to understand a difference between core and C VM
 * (docs/bundle.md), with the program made as small as possible.
 */
#ifndef HSX_CLI_BUNDLE_H
#define HSX_CLI_BUNDLE_H

#include "device.h"
#include "run_options.h"
#include <argp.h>
#include <hsx/fuzz.h>

struct bundle_options {
    const char *dir; /* NULL: not requested */
    bool none;       /* no bundle, even where one is made by default */
    uint64_t shrink_seconds;
};

void bundle_options_init(struct bundle_options *options);

/* --bundle, --no-bundle and --shrink-seconds, for argp's children; input is a struct
 * bundle_options. */
extern const struct argp bundle_argp;

struct bundle_request {
    const struct bundle_options *options;
    const char *dir;
    const struct device_options *device;
    const char *command; /* what found the difference */
    uint64_t check_steps;
};

/* Makes the folder from a program that diverges, and changes the program. Progress and
 * errors are reported on stderr. */
enum hsx_status bundle_write(const struct bundle_request *request,
                             struct hsx_fuzz_program *program);

/* hsx_trace_hash of the image of each task. False: a task makes no image. */
bool bundle_hashes(const struct hsx_fuzz_program *program, uint32_t hashes[HSX_FUZZ_MAX_TASKS]);

/* The images of a run as a program, whose data and mailboxes are those of *bytes and
 * *lists, which are freed with bundle_images_free. HSX_ERR_ARGUMENT: they exceed the
 * limits of a program. */
struct bundle_images {
    char *bytes[HSX_FUZZ_MAX_TASKS];
    struct hsx_image image[HSX_FUZZ_MAX_TASKS];
    size_t count;
};

enum hsx_status bundle_images(const struct hsx_run_options *options,
                              struct hsx_fuzz_program *program, struct bundle_images *images);
void bundle_images_free(struct bundle_images *images);

#endif
