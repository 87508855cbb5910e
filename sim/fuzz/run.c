// SPDX-License-Identifier: Apache-2.0
/* Random programs under the executive, with random actions from outside. */
#include "rng.h"
#include <hsx/exec.h>
#include <hsx/fuzz.h>
#include <hsx/image.h>
#include <stdlib.h>
#include <string.h>

struct runner {
    const struct hsx_fuzz_program *program;
    const struct hsx_fuzz_watch *watch;
    struct hsx_target *target;
    struct hsx_exec *exec;
    struct rng rng;
    uint32_t pids[HSX_FUZZ_MAX_TASKS];
    struct hsx_fuzz_result *result;
};

enum hsx_status hsx_fuzz_image(const struct hsx_fuzz_task *task, uint8_t **bytes, size_t *size)
{
    uint8_t code[4 * HSX_FUZZ_MAX_CODE];
    struct hsx_image_error error;
    struct hsx_image image = {
        .version = task->version,
        .flags = HSX_IMAGE_MULTIPLE,
        .entry = task->entry,
        .code = code,
        .ro = task->ro ? task->ro : task->data,
        .code_len = 4 * (uint32_t)task->words,
        .ro_len = task->ro_len,
        .bss_size = task->bss_size,
    };

    if (task->mailboxes) {
        image.mailboxes = *task->mailboxes; /* still owned by the caller */
    }
    for (size_t i = 0; i < task->words; i++) {
        for (unsigned b = 0; b < 4; b++) {
            code[4 * i + b] = (uint8_t)(task->code[i] >> (24 - 8 * b));
        }
    }
    return hsx_image_write(&image, bytes, size, &error);
}

/* Changes of a debugger, see hsx_fuzz_task.odd. */
static enum hsx_status make_odd(struct runner *r, const struct hsx_fuzz_task *task, uint32_t pid)
{
    struct hsx_task_info info;
    enum hsx_status status = hsx_exec_task(r->exec, pid, &info);

    if (status != HSX_OK) {
        return status;
    }
    if ((task->odd & HSX_FUZZ_ODD_STACK) != 0) {
        info.ctx.stack_limit = task->stack_limit;
        info.ctx.stack_top = task->stack_top;
        /* If the top is not aligned, sp is aligned in some programs. */
        info.ctx.sp = task->stack_top & (task->stack_limit % 8 != 0 ? 0xFFFC : 0xFFFF);
    }
    if ((task->odd & HSX_FUZZ_ODD_DATA) != 0) {
        info.ctx.data_base = task->data_base;
        info.ctx.data_len = task->data_len;
    }
    if ((task->odd & HSX_FUZZ_ODD_DEPTH) != 0) {
        info.ctx.call_depth = task->call_depth;
    }
    if ((task->odd & HSX_FUZZ_ODD_CODE) != 0) {
        info.ctx.code_base = task->code_base;
        info.ctx.code_len = task->code_len;
        info.ctx.pc = (uint16_t)(HSX_FUZZ_HIGH_START - task->code_base);
    }
    return hsx_exec_write_context(r->exec, pid, &info.ctx);
}

static enum hsx_status load_task(struct runner *r, unsigned index)
{
    const struct hsx_fuzz_task *task = &r->program->task[index];
    const struct hsx_exec_load load = {
        .name = "fuzz", .stack_bytes = task->stack_bytes, .slice = task->slice};
    uint8_t *bytes = NULL;
    size_t size = 0;
    enum hsx_status status = hsx_fuzz_image(task, &bytes, &size);

    if (status == HSX_OK) {
        status = hsx_exec_load(r->exec, bytes, size, &load, &r->pids[index], NULL);
    }
    if (status == HSX_OK && task->odd != 0) {
        status = make_odd(r, task, r->pids[index]);
    }
    free(bytes);
    return status;
}

/* Refused for the task's state or because it no longer exists: nothing happened. */
static enum hsx_status tolerate(enum hsx_status status)
{
    return status == HSX_ERR_STATE || status == HSX_ERR_ARGUMENT ? HSX_OK : status;
}

static enum hsx_status poke(struct runner *r)
{
    uint8_t bytes[8];
    uint32_t window = HSX_WINDOW_START + HSX_WINDOW_SIZE * rng_below(&r->rng, r->program->tasks);
    uint32_t addr = rng_one_in(&r->rng, 2) ? window + rng_below(&r->rng, HSX_WINDOW_SIZE)
                                           : rng_below(&r->rng, HSX_DATA_SIZE - sizeof bytes);

    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)rng_next(&r->rng);
    }
    return hsx_exec_poke(r->exec, addr, bytes, 1 + rng_below(&r->rng, sizeof bytes));
}

/* Mostly short enough for several turns in a program. */
static uint8_t random_slice(struct runner *r)
{
    return (uint8_t)rng_range(&r->rng, 1, rng_one_in(&r->rng, 3) ? 255 : 8);
}

static enum hsx_status act(struct runner *r)
{
    uint32_t pid = r->pids[rng_below(&r->rng, r->program->tasks)];

    r->result->actions++;
    switch (rng_below(&r->rng, 16)) {
    case 0:
        return tolerate(hsx_exec_kill(r->exec, pid));
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
        return tolerate(hsx_exec_pause(r->exec, pid));
    case 6:
    case 7:
        return tolerate(hsx_exec_set_slice(r->exec, pid, random_slice(r)));
    case 8:
    case 9:
        return poke(r);
    default:
        return tolerate(hsx_exec_resume(r->exec, pid));
    }
}

/* Resumes tasks stopped by a BRK or a pause; true if there were any. */
static bool resume_all(struct runner *r, enum hsx_status *status)
{
    bool any = false;

    for (unsigned i = 0; i < r->program->tasks && *status == HSX_OK; i++) {
        enum hsx_status one = hsx_exec_resume(r->exec, r->pids[i]);

        any = any || one == HSX_OK;
        *status = tolerate(one);
    }
    return any;
}

static enum hsx_status run_plainly(struct runner *r)
{
    struct hsx_exec_run run = {.max_steps = r->program->steps, .interrupt = r->watch->interrupt};

    return hsx_exec_run(r->exec, &run);
}

static enum hsx_status run_on(struct runner *r)
{
    uint64_t left = r->program->steps;
    enum hsx_status status = HSX_OK;

    while (status == HSX_OK && left > 0) {
        uint64_t most = r->program->actions ? 1 + rng_below(&r->rng, 200) : left;
        struct hsx_exec_run run = {.max_steps = most < left ? most : left,
                                   .stop_on = rng_one_in(&r->rng, 2) ? 1u << HSX_EV_BRK : 0,
                                   .interrupt = r->watch->interrupt};

        status = hsx_exec_run(r->exec, &run);
        left -= run.steps;
        if (r->watch->look && status == HSX_OK) {
            r->watch->look(r->watch->ctx, r->exec);
        }
        if (status != HSX_OK || run.reason == HSX_RUN_ENDED || run.reason == HSX_RUN_INTERRUPTED) {
            return status;
        }
        if (run.reason == HSX_RUN_EVENT) {
            status = tolerate(hsx_exec_resume(r->exec, run.pid));
        } else if (run.reason == HSX_RUN_STALLED && !resume_all(r, &status)) {
            return status;
        } else if (r->program->actions && status == HSX_OK && rng_one_in(&r->rng, 2)) {
            status = act(r);
        }
    }
    return status;
}

static enum hsx_status count(struct runner *r)
{
    struct hsx_task_info tasks[HSX_FUZZ_MAX_TASKS];
    size_t there = 0;
    enum hsx_status status = hsx_exec_tasks(r->exec, tasks, HSX_FUZZ_MAX_TASKS, &there);

    for (size_t i = 0; status == HSX_OK && i < there; i++) {
        r->result->steps += tasks[i].counters.steps;
        r->result->faults += tasks[i].counters.faults;
        r->result->svcs += tasks[i].counters.traps;
    }
    return status;
}

enum hsx_status hsx_fuzz_run(const struct hsx_fuzz_program *program, struct hsx_target *target,
                             struct hsx_fuzz_result *result)
{
    static const struct hsx_fuzz_watch nothing;

    return hsx_fuzz_run_watched(program, target, &nothing, result);
}

/* Loads the program's tasks on r's target. */
static enum hsx_status load_all(struct runner *r)
{
    const struct hsx_fuzz_program *program = r->program;
    struct hsx_target *target = r->target;
    struct hsx_exec_config config;
    enum hsx_status status;

    hsx_exec_config_init(&config);
    config.protect = program->protect;
    config.tick_steps = program->tick_steps;
    config.trap_latency = program->trap_latency;
    if (program->calls) {
        config.call = program->words ? HSX_CALLS_WORD : HSX_CALLS_BYTE;
    }
    if (program->embedded) {
        config.profile = HSX_PROFILE_EMBEDDED;
    }
    status = target->ops->write_code(target, HSX_FUZZ_HIGH_START, program->high_code,
                                     HSX_FUZZ_HIGH_WORDS);
    if (status == HSX_OK) {
        status = hsx_exec_create(target, &config, &r->exec);
    }
    if (status == HSX_OK && r->watch && r->watch->sink) {
        hsx_exec_set_sink(r->exec, r->watch->sink);
    }
    for (unsigned i = 0; status == HSX_OK && i < program->tasks; i++) {
        status = load_task(r, i);
    }
    return status;
}

enum hsx_status hsx_fuzz_load(const struct hsx_fuzz_program *program, struct hsx_target *target,
                              uint32_t pids[HSX_FUZZ_MAX_TASKS], struct hsx_exec **exec)
{
    struct runner r = {.program = program, .target = target};
    enum hsx_status status = load_all(&r);

    if (status != HSX_OK) {
        hsx_exec_destroy(r.exec);
        return status;
    }
    memcpy(pids, r.pids, sizeof r.pids);
    *exec = r.exec;
    return HSX_OK;
}

enum hsx_status hsx_fuzz_run_watched(const struct hsx_fuzz_program *program,
                                     struct hsx_target *target, const struct hsx_fuzz_watch *watch,
                                     struct hsx_fuzz_result *result)
{
    struct runner r = {.program = program,
                       .target = target,
                       .watch = watch,
                       .rng = {~program->seed},
                       .result = result};
    enum hsx_status status;

    *result = (struct hsx_fuzz_result){0};
    status = load_all(&r);
    if (status == HSX_OK && watch->loaded) {
        watch->loaded(watch->ctx, r.exec);
    }
    if (status == HSX_OK) {
        status = program->plain ? run_plainly(&r) : run_on(&r);
    }
    if (status == HSX_OK) {
        status = count(&r);
    }
    hsx_exec_destroy(r.exec);
    return status;
}
