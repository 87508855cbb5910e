// SPDX-License-Identifier: Apache-2.0
/* The RTL core as the machine under test: which simulator, which model. */
#ifndef HSX_CLI_DEVICE_H
#define HSX_CLI_DEVICE_H

#include <argp.h>
#include <hsx/rtl.h>

struct device_options {
    bool icarus;
    const char *program; /* compiled for vvp; NULL: the core as built */
    const char *model;   /* a Verilated model's name; NULL: by the number of contexts */
    unsigned reset_seed; /* see hsx_model_create */
    bool bus;            /* all accesses over the core's bus, see hsx_target_rtl_access_directly */
    const struct hsx_rtl_wave *wave; /* or NULL; it shows the bus, which is then used */
    unsigned contexts;               /* the minimum needed; 0: the usual number */
};

enum { DEVICE_BUS_EVERY = 64 /* one in so many short runs uses the bus for everything */ };

/* --sim, --program, --model, --reset-seed and --bus, for argp's children; input is a struct
 * device_options. */
extern const struct argp device_argp;

struct device_error {
    char text[400]; /* one line */
};

/* HSX_ERR_MACHINE: the core exists but does not start. */
enum hsx_status device_create(const struct device_options *options, struct hsx_target **device,
                              struct device_error *error);

/* Creates the target on a link, which it owns even if this fails, as with hsx_target_rtl_create.
 */
enum hsx_status device_start(struct hsx_rtl_link *link, unsigned contexts, unsigned windows,
                             struct hsx_target **device, struct device_error *error);

#endif
