// SPDX-License-Identifier: Apache-2.0
/* Random programs with random breakpoints, watchpoints and conditions: the end of a run
 * and the machine's state there are the same whether the target runs stretches and goes
 * back, or runs one instruction at a time. */
#include "random.h"
#include <criterion/criterion.h>
#include <hsx/exec.h>
#include <hsx/fuzz.h>
#include <hsx/model.h>
#include <hsx/rtl.h>
#include <hsx/target_vm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { TASKS = 5, RUNS = 25, CONTEXTS = 16 };

enum kind { SINGLE_STEPS, VM, CORE };

static struct hsx_target *make_target(enum kind kind, struct hsx_target_ops *ops)
{
    struct hsx_target *target = NULL;

    if (kind == CORE) {
        struct hsx_rtl_link *link = NULL;

        cr_assert_eq(hsx_model_c16_create(0, &link), HSX_OK);
        cr_assert_eq(hsx_target_rtl_create(link, CONTEXTS, CONTEXTS, &target), HSX_OK);
        hsx_target_rtl_access_directly(target, true);
    } else {
        cr_assert_eq(hsx_target_vm_create(CONTEXTS, &target), HSX_OK);
    }
    cr_assert_not_null(target->ops->mark);
    *ops = *target->ops;
    if (kind == SINGLE_STEPS) {
        ops->mark = NULL;
    }
    target->ops = ops;
    return target;
}

static struct hsx_condition condition(void)
{
    struct hsx_condition c = {.relation = (enum hsx_relation)below(HSX_AT_LEAST + 1),
                              .memory = below(2) != 0,
                              .reg = (uint8_t)below(HSX_REGISTERS),
                              .value = below(4) * below(100)};

    c.addr = (uint16_t)(below(2) != 0 ? HSX_WINDOW_START + below(TASKS * HSX_WINDOW_SIZE - 3)
                                      : HSX_DATA_LINK + below(0x200));
    return below(2) != 0 ? (struct hsx_condition){.relation = HSX_ALWAYS} : c;
}

static void add_stops(struct hsx_exec *exec, const struct hsx_fuzz_program *program,
                      const uint32_t *pids)
{
    unsigned count = 1 + below(4);

    for (unsigned i = 0; i < count; i++) {
        unsigned task = below(TASKS);
        struct hsx_exec_stop stop = {
            .kind = (enum hsx_stop_kind)below(3), .pid = pids[task], .reg = (uint8_t)below(16)};

        if (stop.kind == HSX_BREAK_PC) {
            stop.pid = below(3) != 0 ? stop.pid : 0;
            stop.pc = (uint16_t)(4 * below((uint32_t)program->task[task].words));
            stop.condition = condition();
        }
        if (stop.kind == HSX_WATCH_MEMORY) {
            static const uint16_t areas[] = {0x0000, HSX_WINDOW_START, HSX_DATA_LINK, 0xEF00};

            stop.addr = (uint16_t)(areas[below(4)] + below(0x140));
            stop.len = (uint8_t)(1 + below(4));
        }
        hsx_exec_add_stop(exec, &stop); /* of a task that has ended: refused in both */
    }
}

static size_t describe(struct hsx_exec *exec, struct hsx_target *target,
                       const struct hsx_exec_run *run, char *text, size_t size)
{
    static uint8_t data[HSX_DATA_SIZE];
    enum { RING = 64 };
    struct hsx_ring_entry ring[RING];
    struct hsx_task_info tasks[TASKS];
    struct hsx_totals totals;
    size_t count = 0;
    uLong crc;

    cr_assert_eq(target->ops->read_data(target, 0, data, sizeof data), HSX_OK);
    cr_assert_eq(target->ops->read_totals(target, &totals), HSX_OK);
    cr_assert_eq(hsx_exec_tasks(exec, tasks, TASKS, &count), HSX_OK);
    crc = crc32(0, data, sizeof data);
    for (size_t i = 0; i < count; i++) {
        crc = crc32(crc, (const Bytef *)&tasks[i].counters, sizeof tasks[i].counters);
        crc = crc32(crc, (const Bytef *)&tasks[i].stack_used_max, sizeof tasks[i].stack_used_max);
        crc = crc32(crc, (const Bytef *)&tasks[i].ctx.pc, sizeof tasks[i].ctx.pc);
        crc = crc32(crc, (const Bytef *)&tasks[i].ctx.psw, sizeof tasks[i].ctx.psw);
        crc = crc32(crc, (const Bytef *)&tasks[i].ctx.state, sizeof tasks[i].ctx.state);
    }
    count = hsx_exec_ring(exec, ring, RING);
    for (size_t i = 0; i < count; i++) {
        crc = crc32(crc, (const Bytef *)&ring[i].order, sizeof ring[i].order);
        crc = crc32(crc, (const Bytef *)&ring[i].pid, sizeof ring[i].pid);
        crc = crc32(crc, (const Bytef *)&ring[i].pc, sizeof ring[i].pc);
        crc = crc32(crc, &ring[i].event, 1);
    }
    return (size_t)snprintf(text, size,
                            "%d: %u steps, task %u, stop %u by %u at %X, event %d; order %u, %u "
                            "steps, now %u%s, crc %lX\n",
                            (int)run->reason, (unsigned)run->steps, (unsigned)run->pid,
                            (unsigned)run->stop_id, (unsigned)run->writer.pid,
                            (unsigned)run->writer.pc, (int)run->event, (unsigned)totals.order,
                            (unsigned)totals.steps, (unsigned)totals.now,
                            totals.tick_due ? " due" : "", crc);
}

/* What happened, in text. */
static char *run_program(const struct hsx_fuzz_program *program, enum kind kind)
{
    enum { SIZE = 160 * RUNS };
    struct hsx_target_ops ops;
    struct hsx_target *target = make_target(kind, &ops);
    struct hsx_exec *exec = NULL;
    uint32_t pids[HSX_FUZZ_MAX_TASKS];
    char *text = calloc(1, SIZE);
    size_t used = 0;

    state = program->seed;
    cr_assert_eq(hsx_fuzz_load(program, target, pids, &exec), HSX_OK);
    add_stops(exec, program, pids);
    for (unsigned i = 0; i < RUNS; i++) {
        uint32_t deep = below(4) == 0 ? pids[below(TASKS)] : 0;
        struct hsx_task_info info = {0};

        if (deep != 0) {
            hsx_exec_task(exec, deep, &info); /* it may no longer exist */
        }
        struct hsx_exec_run run = {.max_steps = 1 + below(below(2) != 0 ? 30 : 3000),
                                   .stop_on = below(2) != 0 ? 0 : below(1u << (HSX_EV_TICK + 1)),
                                   .back_pid = deep,
                                   .back_sp = info.ctx.sp - 4u + 4 * below(4)};

        cr_assert_eq(hsx_exec_run(exec, &run), HSX_OK);
        used += describe(exec, target, &run, text + used, SIZE - used);
        if (below(3) == 0) {
            hsx_exec_resume(exec, pids[below(TASKS)]);
        }
    }
    hsx_exec_destroy(exec);
    target->ops->destroy(target);
    return text;
}

static void compare(enum kind kind, uint64_t first, uint64_t count, unsigned least)
{
    struct hsx_fuzz_program *program = malloc(sizeof *program);
    unsigned stops = 0;

    for (uint64_t seed = first; seed < first + count; seed++) {
        hsx_fuzz_generate(seed, TASKS, 100000, HSX_UNITS_ALL, program);

        char *expected = run_program(program, SINGLE_STEPS);
        char *got = run_program(program, kind);

        cr_assert_str_eq(got, expected, "seed %u", (unsigned)seed);
        for (const char *at = expected; (at = strstr(at, "\n")) != NULL; at++) {
            stops += at[1] == '0' + HSX_RUN_BREAK;
        }
        free(expected);
        free(got);
    }
    cr_assert_gt(stops, least, "%u stops", stops);
    free(program);
}

Test(stops_random, the_vm_stops_where_single_steps_do)
{
    compare(VM, 1, 120, 300);
}

Test(stops_random, the_core_stops_where_single_steps_do)
{
    compare(CORE, 1001, 40, 100);
}
