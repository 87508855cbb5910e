// SPDX-License-Identifier: Apache-2.0
/* A core that is not held by faults, SVCs, BRKs and ends of tasks must make the same records
 * as one that is: its other tasks just continue. The same holds for a core that an interrupt
 * holds anywhere. */
#include "tasks.h"
#include <criterion/criterion.h>
#include <hsx/cosim.h>
#include <hsx/fuzz.h>
#include <hsx/target_vm.h>
#include <stdlib.h>
#include <string.h>

enum { TASKS = 8, STEPS = 2000, PROGRAMS = 60, RECORDS = 4096, STACK = 256 };

static void load(struct hsx_target *t, const struct hsx_fuzz_program *program)
{
    uint32_t code_base = 0;
    uint32_t data_base = HSX_DATA_LINK;

    for (uint8_t slot = 0; slot < TASKS; slot++) {
        const struct hsx_fuzz_task *task = &program->task[slot];
        uint16_t stack_limit = (uint16_t)(HSX_DATA_SIZE - STACK * (slot + 1u));
        const struct hsx_context ctx = {
            .pc = (uint16_t)task->entry,
            .sp = (uint16_t)(stack_limit + STACK - 4),
            .reg_base = (uint16_t)(HSX_WINDOW_START + HSX_WINDOW_SIZE * slot),
            .stack_limit = stack_limit,
            .stack_top = (uint16_t)(stack_limit + STACK - 4),
            .code_base = (uint16_t)code_base,
            .data_base = (uint16_t)data_base,
            .code_len = 4 * (uint32_t)task->words,
            .data_len = task->ro_len,
            .slice = task->slice,
            .flags = (uint8_t)((program->protect ? HSX_CTX_PROTECT : 0) |
                               (task->version == 2 ? HSX_CTX_CALL_WORDS : 0)),
            .state = HSX_READY,
        };

        cr_assert_eq(t->ops->write_code(t, code_base, task->code, task->words), HSX_OK);
        cr_assert_eq(t->ops->write_data(t, data_base, task->data, task->ro_len), HSX_OK);
        cr_assert_eq(t->ops->write_context(t, slot, &ctx), HSX_OK);
        cr_assert_eq(t->ops->make_ready(t, slot), HSX_OK);
        code_base += 4 * (uint32_t)task->words;
        data_base += (task->ro_len + 3) & ~3u;
    }
    cr_assert_eq(t->ops->set_tick_steps(t, program->tick_steps), HSX_OK);
}

/* How often a machine was held, and how often by interrupts. */
struct holds {
    unsigned stops, interrupts;
};

/* All records until the steps are done or nothing is READY. With interrupts, one comes after
 * some records or at once, repeatedly. */
static size_t collect(struct hsx_target *t, struct hsx_record *records, bool interrupts,
                      struct holds *holds)
{
    static const volatile sig_atomic_t comes = 1;
    uint64_t left = STEPS;
    size_t count = 0;
    unsigned rounds = 0;
    bool running = false;

    *holds = (struct holds){0};
    for (;;) {
        struct hsx_run run = {.max_steps = left,
                              .records = records + count,
                              .capacity =
                                  interrupts && !running ? 1 + count % 23 : RECORDS - count};

        t->interrupt = running || (interrupts && ++rounds % 4 == 0) ? &comes : NULL;
        cr_assert_eq(t->ops->run(t, &run), HSX_OK);
        count += run.count;
        left -= run.retired;
        running = run.reason == HSX_STOP_RECORDS;
        holds->interrupts += run.reason == HSX_STOP_INTERRUPT;
        if (run.reason == HSX_STOP_STEPS || run.reason == HSX_STOP_IDLE ||
            (run.reason == HSX_STOP_INTERRUPT && left == 0)) {
            return count; /* another run would begin with a pending tick */
        }
        cr_assert(interrupts || !running);
        holds->stops += !running && run.reason != HSX_STOP_INTERRUPT;
    }
}

static void generate(uint64_t seed, struct hsx_fuzz_program *program)
{
    hsx_fuzz_generate(seed, TASKS, STEPS, HSX_UNITS_ALL, program);
    if (program->tick_steps == 1) {
        program->tick_steps = 0; /* records would not fit */
    }
}

static void expect_same_records(uint64_t seed, const struct hsx_record *expected,
                                const struct hsx_record *got, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(memcmp(&expected[i], &got[i], sizeof got[i]), 0, "seed %llu, record %zu",
                     (unsigned long long)seed, i);
    }
}

static void expect_same(uint64_t seed, struct hsx_target *rtl, struct hsx_rtl_link *link)
{
    static struct hsx_fuzz_program program;
    static struct hsx_record expected[RECORDS];
    static struct hsx_record got[RECORDS];
    static uint8_t golden_data[HSX_DATA_SIZE];
    static uint8_t device_data[HSX_DATA_SIZE];
    struct hsx_bus_op mask = {.addr = HSX_HOST_HOLD_MASK,
                              .data = 1u << HSX_STOP_STEPS | 1u << HSX_STOP_IDLE,
                              .sel = 0xF,
                              .write = true};
    struct hsx_target *vm = NULL;
    struct holds holds;
    size_t count;

    generate(seed, &program);
    cr_assert_eq(hsx_target_vm_create(16, &vm), HSX_OK);
    load(vm, &program);
    count = collect(vm, expected, false, &holds);
    cr_assert_eq(hsx_target_rtl_reset(rtl), HSX_OK);
    cr_assert_eq(link->ops->bus(link, &mask, 1), HSX_OK);
    load(rtl, &program);
    cr_expect_eq(collect(rtl, got, false, &holds), count, "seed %llu", (unsigned long long)seed);
    cr_expect_eq(holds.stops, 0, "nothing but the budget and an empty queue holds");
    expect_same_records(seed, expected, got, count);
    cr_assert_eq(vm->ops->read_data(vm, 0, golden_data, sizeof golden_data), HSX_OK);
    cr_assert_eq(rtl->ops->read_data(rtl, 0, device_data, sizeof device_data), HSX_OK);
    cr_expect_eq(memcmp(golden_data, device_data, sizeof device_data), 0, "seed %llu",
                 (unsigned long long)seed);
    vm->ops->destroy(vm);
}

Test(hold_mask, a_core_that_goes_on_keeps_the_order)
{
    struct hsx_rtl_link *link = NULL;
    struct hsx_target *rtl = tasks_core(&link);

    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        expect_same(seed, rtl, link);
    }
    rtl->ops->destroy(rtl);
}

/* In lock-step, which continues only if both machines were held at the same place. */
Test(hold_mask, a_core_that_is_interrupted_anywhere_keeps_the_order)
{
    static struct hsx_fuzz_program program;
    static struct hsx_record expected[RECORDS];
    static struct hsx_record got[RECORDS];
    const struct hsx_cosim_options options = {.device_check = hsx_target_rtl_check,
                                              .device_message = hsx_target_rtl_message};
    struct hsx_target *rtl = tasks_core(NULL);
    struct hsx_target *golden = NULL;
    struct hsx_target *both = NULL;
    unsigned interrupts = 0;

    cr_assert_eq(hsx_target_vm_create(16, &golden), HSX_OK);
    cr_assert_eq(hsx_cosim_create(rtl, golden, &options, &both), HSX_OK);
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct hsx_target *vm = NULL;
        struct holds held, holds;
        size_t count;

        generate(seed, &program);
        cr_assert_eq(hsx_target_vm_create(16, &vm), HSX_OK);
        load(vm, &program);
        count = collect(vm, expected, false, &holds);
        vm->ops->destroy(vm);
        cr_assert_eq(hsx_target_rtl_reset(rtl), HSX_OK);
        cr_assert_eq(hsx_target_vm_create(16, &golden), HSX_OK);
        hsx_cosim_restart(both, golden, NULL);
        load(both, &program);
        cr_expect_eq(collect(both, got, true, &held), count, "seed %llu", (unsigned long long)seed);
        expect_same_records(seed, expected, got, count);
        cr_expect_eq(hsx_cosim_finish(both), HSX_OK, "seed %llu", (unsigned long long)seed);
        cr_expect_eq(held.stops, holds.stops);
        interrupts += held.interrupts;
    }
    cr_expect_gt(interrupts, PROGRAMS);
    both->ops->destroy(both);
}
