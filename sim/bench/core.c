// SPDX-License-Identifier: Apache-2.0
#include "core.h"
#include <hsx/model.h>
#include <hsx/rtl.h>
#include <stdbool.h>
#include <string.h>

enum {
    SMALL_CONTEXTS = 16, /* of the faster model, hsx_model_c16_create */
    SMALL_WINDOWS = 16,
    LARGE_CONTEXTS = 128,
    LARGE_WINDOWS = 192,
    WARM_UP = 100, /* steps of each task before the measurement begins */
    SWITCH_TASKS = 16,
    /* Few enough that the core is not held at its step budget and let run again. */
    SWITCH_STEPS = 4000,
    SLOT_TASKS = 16
};

struct core {
    struct hsx_target *target;
    struct hsx_rtl_link *link;
};

enum hsx_status bench_core_create(unsigned contexts, struct hsx_target **core,
                                  struct hsx_rtl_link **link)
{
    bool small = contexts <= SMALL_CONTEXTS;
    struct hsx_rtl_link *made = NULL;
    hsx_model_create *create = hsx_model_c16_create;
    char message[256];
    enum hsx_status status =
        small ? HSX_OK : hsx_model_load_built("c128", &create, message, sizeof message);

    if (status != HSX_OK) {
        return bench_failed(message, status);
    }
    status = create(0, &made);
    if (link) {
        *link = made;
    }
    if (status == HSX_OK) {
        status = hsx_target_rtl_create(made, small ? SMALL_CONTEXTS : LARGE_CONTEXTS,
                                       small ? SMALL_WINDOWS : LARGE_WINDOWS, core);
    }
    return status == HSX_OK ? status : bench_failed("the Verilated core", status);
}

static void share_slots(const struct hsx_rtl_counters *before, const struct hsx_rtl_counters *after,
                        double slots[BENCH_SLOTS])
{
    double cycles = (double)(after->cycles - before->cycles);
    double rest = 100;

    slots[BENCH_RETIRED] = 100 * (double)(after->steps - before->steps) / cycles;
    for (unsigned i = 0; i < HSX_HOST_LOST_CAUSES; i++) {
        slots[BENCH_NO_TASK + i] = 100 * (double)(after->lost[i] - before->lost[i]) / cycles;
    }
    for (unsigned i = 0; i < BENCH_OTHER_EVENTS; i++) {
        rest -= slots[i];
    }
    slots[BENCH_OTHER_EVENTS] = rest;
}

/* Steps and cycles from now until `steps` more have retired or a task makes its
 * first SVC, which is when a demo has finished computing. */
static enum hsx_status run_window(struct hsx_exec *exec, uint64_t steps, double *ipc)
{
    struct hsx_exec_run run = {.max_steps = steps, .stop_on = 1u << HSX_EV_COMPLETE};
    struct hsx_exec_stats before, after;
    enum hsx_status status = hsx_exec_stats(exec, &before);

    if (status == HSX_OK) {
        status = hsx_exec_run(exec, &run);
    }
    if (status == HSX_OK) {
        status = hsx_exec_stats(exec, &after);
    }
    if (status == HSX_OK) {
        *ipc = (double)(after.steps - before.steps) / (double)(after.cycles - before.cycles);
    }
    return status;
}

static enum hsx_status measure_point(const struct core *core, const struct bench_program *program,
                                     unsigned tasks, unsigned steps, double *ipc,
                                     double slots[BENCH_SLOTS])
{
    struct hsx_rtl_counters before, after;
    struct hsx_exec_run warm_up = {.max_steps = (uint64_t)WARM_UP * tasks};
    struct hsx_exec *exec = NULL;
    enum hsx_status status = hsx_target_rtl_reset(core->target);

    if (status == HSX_OK) {
        status = bench_exec_create(core->target, program->kind, &exec);
    }
    if (status == HSX_OK) {
        status = bench_load(exec, program, BENCH_SMALL, tasks, 0);
    }
    if (status == HSX_OK) {
        status = hsx_exec_run(exec, &warm_up);
    }
    if (status == HSX_OK) {
        status = hsx_rtl_read_counters(core->link, &before);
    }
    if (status == HSX_OK) {
        status = run_window(exec, (uint64_t)steps * tasks, ipc);
    }
    if (status == HSX_OK) {
        status = hsx_rtl_read_counters(core->link, &after);
        share_slots(&before, &after, slots);
    }
    hsx_exec_destroy(exec);
    return status == HSX_OK ? status : bench_failed(program->name, status);
}

static enum hsx_status measure_program(const struct core *small, const struct core *large,
                                       struct bench_results *results, size_t program,
                                       unsigned steps)
{
    enum hsx_status status = HSX_OK;

    for (size_t k = 0; status == HSX_OK && k < results->count_count; k++) {
        unsigned tasks = results->counts[k];
        double slots[BENCH_SLOTS];

        status = measure_point(tasks <= SMALL_CONTEXTS ? small : large, &bench_programs[program],
                               tasks, steps, &results->ipc[program][k], slots);
        if (status == HSX_OK && tasks == SLOT_TASKS) {
            results->slot_tasks = tasks;
            memcpy(results->slots[program], slots, sizeof slots);
        }
    }
    return status;
}

enum hsx_status bench_measure_ipc(struct bench_results *results, unsigned steps)
{
    struct core small = {0};
    struct core large = {0};
    enum hsx_status status = bench_core_create(SMALL_CONTEXTS, &small.target, &small.link);

    if (status == HSX_OK) {
        status = bench_core_create(LARGE_CONTEXTS, &large.target, &large.link);
    }
    for (size_t i = 0; status == HSX_OK && i < BENCH_PROGRAMS; i++) {
        status = measure_program(&small, &large, results, i, steps);
    }
    if (small.target) {
        small.target->ops->destroy(small.target);
    }
    if (large.target) {
        large.target->ops->destroy(large.target);
    }
    return status;
}

/* ---- The interval between two turns of a task */

struct turns {
    uint64_t last[HSX_MAX_CONTEXTS]; /* cycle of the slot's last turn; 0: none yet */
    uint64_t shortest, longest, sum, count;
};

static void ignore_write(void *ctx, uint32_t addr, const void *bytes, size_t len)
{
    (void)ctx;
    (void)addr;
    (void)bytes;
    (void)len;
}

static void note_turn(void *ctx, const struct hsx_exec_event *event)
{
    struct turns *turns = ctx;

    if (!event->record || (event->record->flags & HSX_REC_TURN_FIRST) == 0) {
        return;
    }
    if (turns->last[event->slot] != 0) {
        uint64_t interval = event->cycle - turns->last[event->slot];

        turns->shortest =
            turns->count == 0 || interval < turns->shortest ? interval : turns->shortest;
        turns->longest = interval > turns->longest ? interval : turns->longest;
        turns->sum += interval;
        turns->count++;
    }
    turns->last[event->slot] = event->cycle;
}

enum hsx_status bench_measure_switch(struct bench_results *results)
{
    struct turns turns = {0};
    const struct hsx_exec_sink sink = {.ctx = &turns, .write = ignore_write, .event = note_turn};
    struct hsx_exec_run run = {.max_steps = (uint64_t)WARM_UP * SWITCH_TASKS};
    struct hsx_target *core = NULL;
    struct hsx_exec *exec = NULL;
    enum hsx_status status = bench_core_create(SMALL_CONTEXTS, &core, NULL);

    if (status == HSX_OK) {
        status = bench_exec_create(core, BENCH_KERNEL, &exec);
    }
    if (status == HSX_OK) {
        status = bench_load(exec, &bench_programs[0], BENCH_SMALL, SWITCH_TASKS, 0);
    }
    if (status == HSX_OK) {
        status = hsx_exec_run(exec, &run);
    }
    if (status == HSX_OK) {
        hsx_exec_set_sink(exec, &sink);
        run.max_steps = (uint64_t)SWITCH_STEPS * SWITCH_TASKS;
        status = hsx_exec_run(exec, &run);
    }
    if (status == HSX_OK && turns.count == 0) {
        status = HSX_ERR_MACHINE;
    }
    if (status == HSX_OK) {
        double interval = (double)turns.sum / (double)turns.count;

        results->switch_tasks = SWITCH_TASKS;
        results->switch_cycles = interval / SWITCH_TASKS - 1;
        results->switch_jitter = (unsigned)(turns.longest - turns.shortest);
    }
    hsx_exec_destroy(exec);
    if (core) {
        core->ops->destroy(core);
    }
    return status == HSX_OK ? status : bench_failed("task switches", status);
}
