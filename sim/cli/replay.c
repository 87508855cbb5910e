// SPDX-License-Identifier: Apache-2.0
#include "replay.h"
#include "progress.h"
#include <hsx/cosim.h>
#include <hsx/target_vm.h>
#include <stdio.h>
#include <string.h>

/* The core, or the lock-step around it; owns the core. */
static enum hsx_status surround(const struct replay *r, struct hsx_target *core,
                                struct hsx_target **machine)
{
    const struct hsx_cosim_options options = {.check_steps = r->check_steps,
                                              .device_check = hsx_target_rtl_check,
                                              .device_message = hsx_target_rtl_message};
    struct hsx_target *golden = NULL;
    enum hsx_status status;

    *machine = core;
    if (!r->lockstep) {
        return HSX_OK;
    }
    *machine = NULL;
    status = hsx_target_vm_create_like(core, &golden);
    if (status != HSX_OK) {
        core->ops->destroy(core);
        return status;
    }
    return hsx_cosim_create(core, golden, &options, machine);
}

static enum hsx_status run_images(const struct replay *r, struct hsx_target *machine)
{
    struct hsx_run_options options = *r->options;
    struct hsx_exec_config config = options.config;
    struct progress progress;
    struct hsx_exec_run run = {
        .max_steps = r->max_steps, .progress = progress_show, .progress_ctx = &progress};
    struct hsx_exec *exec = NULL;
    enum hsx_status status;

    memset(options.names, 0, sizeof options.names); /* those belong to the original run */
    config.host = (struct hsx_exec_host){0};
    status = hsx_exec_create(machine, &config, &exec);
    if (status == HSX_OK) {
        status = hsx_restore_file(exec, &options);
    }
    if (status == HSX_OK) {
        status = hsx_load_files(exec, &options);
    }
    if (status == HSX_OK) {
        progress_begin(&progress, "steps again", r->max_steps);
        status = hsx_exec_run(exec, &run);
        progress_clear(&progress);
    }
    hsx_run_options_clear(&options);
    hsx_exec_destroy(exec);
    return status;
}

static enum hsx_status run_again(const struct replay *r, struct hsx_target *machine)
{
    enum hsx_status status;

    if (r->program) {
        struct hsx_fuzz_result result;

        status = hsx_fuzz_run(r->program, machine, &result);
    } else {
        status = run_images(r, machine);
    }
    /* The run may end with a failure of the machine, or a difference from the other one. */
    return status == HSX_ERR_DIVERGED || status == HSX_ERR_MACHINE ? HSX_OK : status;
}

enum hsx_status replay_wave(const struct replay *r, const struct wave_file *file)
{
    struct device_options device = *r->device;
    struct hsx_target *core = NULL;
    struct hsx_target *machine = NULL;
    struct device_error error;
    enum hsx_status status;

    device.wave = &file->wave;
    status = device_create(&device, &core, &error);
    if (status != HSX_OK) {
        fprintf(stderr, "replay: %s\n", error.text);
        return status;
    }
    status = surround(r, core, &machine);
    if (status == HSX_OK) {
        status = run_again(r, machine);
    }
    if (machine) {
        machine->ops->destroy(machine);
    }
    if (status != HSX_OK) {
        fprintf(stderr, "replay: %s\n", hsx_status_name(status));
    }
    return status;
}
