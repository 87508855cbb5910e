// SPDX-License-Identifier: Apache-2.0
#include "speed.h"
#include "core.h"
#include <hsx/cosim.h>
#include <hsx/target_vm.h>
#include <time.h>

enum {
    CORE_TASKS = 16,
    CORE_CHUNK = 50000,  /* steps between two readings of the clock */
    VM_CHUNK = 10000000, /* the same for the VM */
    VM_RECORDS = 4096,   /* buffer of the run with records */
    ROTATION = 8,
    TRIALS = 9 /* the best counts: other load on the host can only slow it down */
};

/* CPU time of this process, so that other load has little effect. */
static double cpu_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* One stretch of a run: adds what it did to *done. */
typedef enum hsx_status bench_stretch(void *what, uint64_t *done);

/* The best rate of TRIALS trials of the given length. */
static enum hsx_status best_rate(bench_stretch *stretch, void *what, double seconds, double *rate)
{
    *rate = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
        double start = cpu_seconds();
        double spent = 0;
        uint64_t done = 0;

        while (spent < seconds / TRIALS || done == 0) {
            enum hsx_status status = stretch(what, &done);

            if (status != HSX_OK) {
                return status;
            }
            spent = cpu_seconds() - start;
        }
        if ((double)done / spent > *rate) {
            *rate = (double)done / spent;
        }
    }
    return HSX_OK;
}

/* ---- The Verilated core */

static enum hsx_status load_kernels(struct hsx_exec *exec)
{
    enum hsx_status status = HSX_OK;

    for (unsigned i = 0; status == HSX_OK && i < CORE_TASKS; i++) {
        status = bench_load(exec, &bench_programs[i % BENCH_KERNELS], BENCH_SMALL, 1, 0);
    }
    return status;
}

static enum hsx_status cycles_of(struct hsx_target *target, uint64_t *cycles)
{
    struct hsx_totals totals;
    enum hsx_status status = target->ops->read_totals(target, &totals);

    *cycles = totals.cycles;
    return status;
}

static enum hsx_status run_bare(void *what, uint64_t *done)
{
    struct hsx_target *core = what;
    struct hsx_run run = {.max_steps = CORE_CHUNK};
    uint64_t before, after;
    enum hsx_status status = cycles_of(core, &before);

    if (status == HSX_OK) {
        status = core->ops->run(core, &run);
    }
    if (status == HSX_OK) {
        status = cycles_of(core, &after);
        *done += after - before;
    }
    return status;
}

static enum hsx_status run_lockstep(void *what, uint64_t *done)
{
    struct hsx_exec *exec = what;
    struct hsx_exec_run run = {.max_steps = CORE_CHUNK};
    struct hsx_exec_stats before, after;
    enum hsx_status status = hsx_exec_stats(exec, &before);

    if (status == HSX_OK) {
        status = hsx_exec_run(exec, &run);
    }
    if (status == HSX_OK) {
        status = hsx_exec_stats(exec, &after);
        *done += after.cycles - before.cycles;
    }
    return status;
}

static enum hsx_status measure_bare(double seconds, double *hz)
{
    struct hsx_target *core = NULL;
    struct hsx_exec *exec = NULL;
    enum hsx_status status = bench_core_create(CORE_TASKS, &core, NULL);

    if (status == HSX_OK) {
        status = bench_exec_create(core, BENCH_KERNEL, &exec);
    }
    if (status == HSX_OK) {
        status = load_kernels(exec);
    }
    if (status == HSX_OK) {
        status = best_rate(run_bare, core, seconds, hz);
    }
    hsx_exec_destroy(exec);
    if (core) {
        core->ops->destroy(core);
    }
    return status;
}

static enum hsx_status measure_lockstep(double seconds, double *hz)
{
    struct hsx_target *core = NULL;
    struct hsx_target *golden = NULL;
    struct hsx_target *both = NULL;
    struct hsx_exec *exec = NULL;
    enum hsx_status status = bench_core_create(CORE_TASKS, &core, NULL);

    if (status == HSX_OK) {
        status = hsx_target_vm_create_like(core, &golden);
        if (status != HSX_OK) {
            core->ops->destroy(core);
        }
    }
    if (status == HSX_OK) {
        status = hsx_cosim_create(core, golden, NULL, &both);
    }
    if (status == HSX_OK) {
        status = bench_exec_create(both, BENCH_KERNEL, &exec);
    }
    if (status == HSX_OK) {
        status = load_kernels(exec);
    }
    if (status == HSX_OK) {
        status = best_rate(run_lockstep, exec, seconds, hz);
    }
    if (status == HSX_OK) {
        status = hsx_cosim_finish(both);
    }
    hsx_exec_destroy(exec);
    if (both) {
        both->ops->destroy(both);
    }
    return status;
}

enum hsx_status bench_measure_verilated(struct bench_results *results, double seconds)
{
    enum hsx_status status = measure_bare(seconds, &results->bare_hz);

    if (status == HSX_OK) {
        status = measure_lockstep(seconds, &results->lockstep_hz);
    }
    return status == HSX_OK ? status : bench_failed("the Verilated core's speed", status);
}

/* ---- The C VM */

static enum hsx_status run_plain(void *what, uint64_t *done)
{
    struct hsx_target *vm = what;
    struct hsx_run run = {.max_steps = VM_CHUNK};
    enum hsx_status status = vm->ops->run(vm, &run);

    *done += run.retired;
    return status;
}

static enum hsx_status run_records(void *what, uint64_t *done)
{
    struct hsx_target *vm = what;
    struct hsx_record records[VM_RECORDS];
    uint64_t left = VM_CHUNK;

    while (left > 0) {
        struct hsx_run run = {.max_steps = left, .records = records, .capacity = VM_RECORDS};
        enum hsx_status status = vm->ops->run(vm, &run);

        if (status != HSX_OK) {
            return status;
        }
        left -= run.retired;
    }
    *done += VM_CHUNK;
    return HSX_OK;
}

/* Tasks run different programs: the kernels in turn, beginning with kernel. */
static enum hsx_status measure_vm(size_t kernel, unsigned tasks, bench_stretch *stretch,
                                  double seconds, double *ips)
{
    struct hsx_target *vm = NULL;
    struct hsx_exec *exec = NULL;
    enum hsx_status status = hsx_target_vm_create(ROTATION, &vm);

    if (status == HSX_OK) {
        status = bench_exec_create(vm, BENCH_KERNEL, &exec);
    }
    for (unsigned i = 0; status == HSX_OK && i < tasks; i++) {
        const struct bench_program *program = &bench_programs[(kernel + i) % BENCH_KERNELS];

        status = bench_load(exec, program, BENCH_OWN, 1, 0);
    }
    if (status == HSX_OK) {
        status = best_rate(stretch, vm, seconds, ips);
    }
    hsx_exec_destroy(exec);
    if (vm) {
        vm->ops->destroy(vm);
    }
    return status;
}

enum hsx_status bench_measure_vm(struct bench_results *results, double seconds)
{
    enum hsx_status status = HSX_OK;

    for (size_t i = 0; status == HSX_OK && i < BENCH_KERNELS; i++) {
        status = measure_vm(i, 1, run_plain, seconds, &results->vm_ips[i].plain);
        if (status == HSX_OK) {
            status = measure_vm(i, 1, run_records, seconds, &results->vm_ips[i].records);
        }
        if (status == HSX_OK) {
            status = measure_vm(i, ROTATION, run_plain, seconds, &results->vm_ips[i].round_robin_8);
        }
    }
    return status == HSX_OK ? status : bench_failed("the VM's speed", status);
}
