// SPDX-License-Identifier: Apache-2.0
/* Points at which runs end: which are refused, and where a run ends. */
#include "support.h"

#include <hsx/isa.h>
#include <string.h>

static void set_points(struct hsx_vm *vm, const struct hsx_point *points, size_t count)
{
    cr_assert_eq(hsx_vm_set_points(vm, points, count), HSX_OK);
}

static struct hsx_run run(struct hsx_vm *vm, uint64_t steps, struct hsx_tally *tally)
{
    struct hsx_run run = {.max_steps = steps, .tally = tally, .look = true, .pass = true};
    memset(tally, 0, sizeof *tally);
    cr_assert_eq(hsx_vm_run(vm, &run), HSX_OK);
    return run;
}

Test(points, outside_the_memory_or_the_table_are_refused)
{
    enum { CONTEXTS = 4 };
    struct hsx_vm *vm = new_vm(CONTEXTS);
    static const struct {
        struct hsx_point point;
        bool good;
    } cases[] = {
        {{.change = true, .addr = 0, .len = 0}, false},
        {{.change = true, .addr = 0, .len = 1}, true},
        {{.change = true, .addr = 0, .len = 4}, true},
        {{.change = true, .addr = 0, .len = 5}, false},
        {{.change = true, .addr = 0xFFFC, .len = 4}, true},
        {{.change = true, .addr = 0xFFFD, .len = 4}, false},
        {{.change = true, .addr = 0xFFFF, .len = 1}, true},
        {{.change = true, .addr = 0xFFFF, .len = 2}, false},
        {{.slot = CONTEXTS - 1}, true},
        {{.slot = CONTEXTS}, false},
        {{.slot = HSX_ANY_SLOT}, true},
        {{.condition = {.reg = HSX_REGISTERS - 1}}, true},
        {{.condition = {.reg = HSX_REGISTERS}}, false},
        {{.condition = {.memory = true, .addr = 0xFFFC}}, true},
        {{.condition = {.memory = true, .addr = 0xFFFD}}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_eq(hsx_vm_set_points(vm, &cases[i].point, 1),
                     cases[i].good ? HSX_OK : HSX_ERR_ARGUMENT, "case %zu", i);
    hsx_vm_destroy(vm);
}

Test(points, that_are_refused_leave_the_others_set)
{
    struct hsx_vm *vm = new_vm(1);
    struct hsx_point many[HSX_MAX_POINTS + 1] = {{.pc = 8}, {.slot = 1}};
    static struct hsx_tally tally;
    LOAD(vm, 1, WORD(LDI, 1, 0, 0, 1), WORD(LDI, 1, 0, 0, 2), WORD(LDI, 1, 0, 0, 3),
         WORD(LDI, 1, 0, 0, 4));
    set_points(vm, many, 1);
    cr_expect_eq(hsx_vm_set_points(vm, many, 2), HSX_ERR_ARGUMENT, "there is one slot");
    many[1].slot = 0;
    cr_expect_eq(hsx_vm_set_points(vm, many, HSX_MAX_POINTS + 1), HSX_ERR_ARGUMENT);
    cr_expect_eq(run(vm, 100, &tally).retired, 2);
    cr_expect_eq(tally.pc, 8);
    set_points(vm, many, HSX_MAX_POINTS);
    hsx_vm_destroy(vm);
}

/* The tick that is due belongs behind the stop, so that nothing has happened yet. */
Test(points, end_a_run_in_front_of_a_tick_that_is_due)
{
    struct hsx_vm *vm = new_vm(2);
    const struct hsx_point place = {.slot = 1, .pc = 4};
    static struct hsx_tally tally;
    struct hsx_totals totals;
    LOAD(vm, 2, WORD(LDI, 1, 0, 0, 1), WORD(LDI, 1, 0, 0, 2), WORD(LDI, 1, 0, 0, 3),
         WORD(LDI, 1, 0, 0, 4));
    hsx_vm_set_tick_steps(vm, 3);
    set_points(vm, &place, 1);
    struct hsx_run first = run(vm, 100, &tally);
    hsx_vm_read_totals(vm, &totals);
    cr_expect_eq(first.reason, HSX_STOP_POINT);
    cr_expect_eq(first.slot, 1, "whose instruction comes next");
    cr_expect_eq(first.retired, 3);
    cr_expect_eq(tally.pc, 4);
    cr_expect_eq(tally.insn, 0);
    cr_expect_eq(totals.tick_due, 1);
    cr_expect_eq(totals.now, 0);
    struct hsx_run second = run(vm, 1, &tally);
    hsx_vm_read_totals(vm, &totals);
    cr_expect_eq(second.reason, HSX_STOP_STEPS, "it is passed");
    cr_expect_eq(second.retired, 1);
    cr_expect_eq(totals.now, 1);
    cr_expect_eq(get_reg(vm, 1, 1), 2);
    hsx_vm_destroy(vm);
}
