// SPDX-License-Identifier: Apache-2.0
/* A run made again for its wave: what led to its end is known only then. */
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
    bool lockstep;        /* with the C VM beside it, as the run was; then */
    uint64_t check_steps; /* as that of struct hsx_cosim_options */
    uint64_t max_steps;   /* that the run made, or was limited to */
};

/* What the tasks say is not heard again. HSX_OK also when the machines differ again; what
 * goes wrong is told on stderr. */
enum hsx_status replay_wave(const struct replay *replay, const struct wave_file *file);

#endif
