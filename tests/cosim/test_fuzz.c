// SPDX-License-Identifier: Apache-2.0
/* The generator itself: it is reproducible and reaches what it is meant to reach. */
#include <criterion/criterion.h>
#include <hsx/fuzz.h>
#include <hsx/isa.h>
#include <hsx/target_vm.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRAMS = 150, TASKS = 6, STEPS = 3000 };

/* Counts from the C VM's records of all programs. */
struct census {
    const struct hsx_target_ops *inner;
    struct hsx_target_ops ops;
    uint64_t retired[256]; /* by opcode */
    uint64_t faults[16];   /* by the low nibble of the code */
    uint64_t events[8];
    uint64_t straddles; /* data accesses over a word's end */
    uint64_t own_window;
    uint64_t other_window;
    const struct hsx_fuzz_program *program;
    uint64_t illegal_last;   /* unknown opcodes in the last word of the code */
    uint64_t illegal_before; /* and in front of it */
    uint16_t highest_pc;
};

static struct census census;

static void note(const struct hsx_record *r)
{
    uint32_t width = r->access & HSX_ACC_WIDTH;
    uint32_t window = HSX_WINDOW_START + (uint32_t)HSX_WINDOW_SIZE * r->slot;
    const struct hsx_fuzz_task *task = &census.program->task[r->slot];

    census.events[r->event]++;
    census.retired[HSX_INSN_OPCODE(r->insn)] += r->event != HSX_EV_FAULT;
    census.faults[r->rd_value & 0xF] += r->event == HSX_EV_FAULT;
    if (r->event == HSX_EV_FAULT && r->rd_value == HSX_FAULT_ILLEGAL_OPCODE) {
        bool last = r->pc == 4 * (task->words - 1);

        census.illegal_last += last;
        census.illegal_before += !last;
    }
    if ((task->odd & HSX_FUZZ_ODD_CODE) == 0 && r->pc > census.highest_pc) {
        census.highest_pc = r->pc;
    }
    census.straddles += width != 0 && (r->mem_addr & 3) + width > 4;
    if (width != 0 && r->mem_addr >= window && r->mem_addr < window + HSX_WINDOW_SIZE) {
        census.own_window++;
    } else if (width != 0 && r->mem_addr >= HSX_WINDOW_START &&
               r->mem_addr < HSX_WINDOW_START + HSX_WINDOW_SIZE * TASKS) {
        census.other_window++;
    }
}

static enum hsx_status counting_run(struct hsx_target *t, struct hsx_run *run)
{
    enum hsx_status status = census.inner->run(t, run);

    for (size_t i = 0; i < run->count; i++) {
        note(&run->records[i]);
    }
    return status;
}

static void hear_write(void *ctx, uint32_t addr, const void *bytes, size_t len)
{
    (void)ctx;
    (void)addr;
    (void)bytes;
    (void)len;
}

static void hear_event(void *ctx, const struct hsx_exec_event *event)
{
    (void)ctx;
    (void)event;
}

/* A sink is needed, or the machine makes no records. */
static void run_counted(const struct hsx_fuzz_program *program)
{
    static const struct hsx_exec_sink sink = {.write = hear_write, .event = hear_event};
    const struct hsx_fuzz_watch watch = {.sink = &sink};
    struct hsx_fuzz_result result;
    struct hsx_target *vm = NULL;

    cr_assert_eq(hsx_target_vm_create(16, &vm), HSX_OK);
    census.program = program;
    census.inner = vm->ops;
    census.ops = *vm->ops;
    census.ops.run = counting_run;
    vm->ops = &census.ops;
    cr_assert_eq(hsx_fuzz_run_watched(program, vm, &watch, &result), HSX_OK, "seed %llu",
                 (unsigned long long)program->seed);
    vm->ops->destroy(vm);
}

Test(fuzz, a_seed_makes_one_program)
{
    struct hsx_fuzz_program *a = malloc(sizeof *a);
    struct hsx_fuzz_program *b = malloc(sizeof *b);

    cr_assert(a && b);
    hsx_fuzz_generate(7, TASKS, STEPS, HSX_UNITS_ALL, a);
    hsx_fuzz_generate(7, TASKS, STEPS, HSX_UNITS_ALL, b);
    cr_expect_eq(memcmp(a, b, sizeof *a), 0);
    hsx_fuzz_generate(8, TASKS, STEPS, HSX_UNITS_ALL, b);
    cr_expect_neq(memcmp(a, b, sizeof *a), 0);
    free(a);
    free(b);
}

Test(fuzz, programs_reach_every_instruction_fault_and_edge)
{
    struct hsx_fuzz_program *program = malloc(sizeof *program);

    cr_assert_not_null(program);
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        hsx_fuzz_generate(seed, TASKS, STEPS, HSX_UNITS_ALL, program);
        run_counted(program);
    }
    free(program);

    for (unsigned op = 0; op < 256; op++) {
        if (hsx_insn_table[op].name) {
            cr_expect_gt(census.retired[op], 20, "%s retired %llu times", hsx_insn_table[op].name,
                         (unsigned long long)census.retired[op]);
        }
    }
    for (unsigned code = 2; code <= 7; code++) {
        cr_expect_gt(census.faults[code], 5, "fault %u came %llu times", code,
                     (unsigned long long)census.faults[code]);
    }
    cr_expect_gt(census.events[HSX_EV_RETURN], 50);
    cr_expect_gt(census.events[HSX_EV_SVC], 1000);
    cr_expect_gt(census.events[HSX_EV_BRK], 20);
    cr_expect_gt(census.events[HSX_EV_TICK], 1000);
    cr_expect_gt(census.events[HSX_EV_RETIRE], (uint64_t)PROGRAMS * STEPS / 2,
                 "most tasks live long enough: %llu steps",
                 (unsigned long long)census.events[HSX_EV_RETIRE]);
    cr_expect_gt(census.straddles, 1000);
    cr_expect_gt(census.own_window, 1000);
    cr_expect_gt(census.other_window, 500);
    cr_expect_gt(census.illegal_last, 5);
    cr_expect_gt(census.illegal_before, 5);
    cr_expect_gt(census.highest_pc, 0xE00);
}
