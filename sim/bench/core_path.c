// SPDX-License-Identifier: Apache-2.0
/*
 * hsx-bench-core STEPS [MODEL]: runs the kernels in sixteen tasks on the Verilated core, for a
 * profiler to count, and prints the cycles that it took. MODEL, a shared object with 16 contexts
 * and windows, is measured in place of the usual one.
 */
#include "core.h"
#include "program.h"
#include <hsx/model.h>
#include <hsx/rtl.h>
#include <stdio.h>
#include <stdlib.h>

enum { TASKS = 16 };

static enum hsx_status create(const char *model, struct hsx_target **core)
{
    hsx_model_create *make;
    struct hsx_rtl_link *link;
    char message[256];
    enum hsx_status status;

    if (!model) {
        return bench_core_create(TASKS, core, NULL);
    }
    status = hsx_model_load(model, &make, message, sizeof message);
    if (status != HSX_OK) {
        return bench_failed(message, status);
    }
    status = make(0, &link);
    return status == HSX_OK ? hsx_target_rtl_create(link, TASKS, TASKS, core) : status;
}

static enum hsx_status run(struct hsx_target *core, uint64_t steps)
{
    struct hsx_run run = {.max_steps = steps};
    struct hsx_totals totals;
    enum hsx_status status = core->ops->run(core, &run);

    if (status == HSX_OK && run.retired != steps) {
        return bench_failed("a task does more than computing", HSX_ERR_STATE);
    }
    if (status == HSX_OK) {
        status = core->ops->read_totals(core, &totals);
    }
    if (status == HSX_OK) {
        printf("%llu\n", (unsigned long long)totals.cycles);
    }
    return status;
}

int main(int argc, char **argv)
{
    struct hsx_target *core = NULL;
    struct hsx_exec *exec = NULL;
    enum hsx_status status;

    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: hsx-bench-core STEPS [MODEL]\n");
        return 2;
    }
    status = create(argv[2], &core);
    if (status == HSX_OK) {
        status = bench_exec_create(core, BENCH_KERNEL, &exec);
    }
    for (unsigned i = 0; i < TASKS && status == HSX_OK; i++) {
        status = bench_load(exec, &bench_programs[i % BENCH_KERNELS], BENCH_SMALL, 1, 0);
    }
    if (status == HSX_OK) {
        status = run(core, strtoull(argv[1], NULL, 10));
    }
    hsx_exec_destroy(exec);
    if (core) {
        core->ops->destroy(core);
    }
    return status == HSX_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
