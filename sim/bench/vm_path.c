// SPDX-License-Identifier: Apache-2.0
/*
 * hsx-bench-vm api|records|sink STEPS IMAGE...: runs tasks with the C VM's API alone, or with
 * the executive and a sink that ignores the records, for a profiler to count. The images make
 * no system calls.
 */
#include "image_load.h"
#include <hsx/exec.h>
#include <hsx/target_vm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONTEXTS = 16, STACK_BYTES = 256, BATCH = 4096 };

static enum hsx_status run(struct hsx_target *vm, bool with_records, uint64_t steps)
{
    static struct hsx_record records[BATCH];
    enum hsx_status status = HSX_OK;

    while (status == HSX_OK && steps > 0) {
        struct hsx_run run = {.max_steps = steps,
                              .records = with_records ? records : NULL,
                              .capacity = with_records ? BATCH : 0};

        status = vm->ops->run(vm, &run);
        steps -= run.retired;
        if (status == HSX_OK && run.reason != HSX_STOP_STEPS && run.reason != HSX_STOP_RECORDS) {
            fprintf(stderr, "hsx-bench-vm: a task does more than computing\n");
            return HSX_ERR_STATE;
        }
    }
    return status;
}

static void ignore_write(void *ctx, uint32_t addr, const void *bytes, size_t len)
{
    (void)ctx, (void)addr, (void)bytes, (void)len;
}

static void ignore_event(void *ctx, const struct hsx_exec_event *event)
{
    (void)ctx, (void)event;
}

static void ignore_records(void *ctx, const struct hsx_exec_records *records)
{
    (void)ctx, (void)records;
}

static enum hsx_status run_to_sink(struct hsx_exec *exec, uint64_t steps)
{
    const struct hsx_exec_sink sink = {
        .write = ignore_write, .event = ignore_event, .records = ignore_records};
    struct hsx_exec_run run = {.max_steps = steps};

    hsx_exec_set_sink(exec, &sink);
    return hsx_exec_run(exec, &run);
}

int main(int argc, char **argv)
{
    struct hsx_target *vm = NULL;
    struct hsx_exec *exec = NULL;
    struct hsx_exec_config config;
    enum hsx_status status;

    if (argc < 4 || (strcmp(argv[1], "api") != 0 && strcmp(argv[1], "records") != 0 &&
                     strcmp(argv[1], "sink") != 0)) {
        fprintf(stderr, "usage: hsx-bench-vm api|records|sink STEPS IMAGE...\n");
        return 2;
    }
    hsx_exec_config_init(&config);
    config.stack_bytes = STACK_BYTES;
    status = hsx_target_vm_create(CONTEXTS, &vm);
    if (status == HSX_OK) {
        status = hsx_exec_create(vm, &config, &exec);
    }
    for (int i = 3; i < argc && status == HSX_OK; i++) {
        status = bench_load_file(exec, argv[i]);
    }
    if (status == HSX_OK && strcmp(argv[1], "sink") == 0) {
        status = run_to_sink(exec, strtoull(argv[2], NULL, 10));
    } else if (status == HSX_OK) {
        status = run(vm, strcmp(argv[1], "records") == 0, strtoull(argv[2], NULL, 10));
    }
    hsx_exec_destroy(exec);
    if (vm) {
        vm->ops->destroy(vm);
    }
    return status == HSX_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
