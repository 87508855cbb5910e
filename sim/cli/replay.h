// SPDX-License-Identifier: Apache-2.0
/* A run repeated for its wave, as only its end shows which cycles matter. */
#ifndef HSX_CLI_REPLAY_H
#define HSX_CLI_REPLAY_H

#include "device.h"
#include "run_options.h"
#include "wave.h"
#include <hsx/fuzz.h>

struct replay {
    const struct hsx_run_options *options;
    const struct hsx_fuzz_program *program; /* instead of options, if not NULL */
    const struct device_options *device;
    bool lockstep;        /* with the C VM, as in the original run; */
    uint64_t check_steps; /* then as in struct hsx_cosim_options */
    uint64_t max_steps;   /* steps or step limit of the original run */
};

/* Output of the tasks is suppressed. HSX_OK also if the machines differ again; errors are
 * reported on stderr. */
enum hsx_status replay_wave(const struct replay *replay, const struct wave_file *file);

#endif
