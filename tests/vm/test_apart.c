// SPDX-License-Identifier: Apache-2.0
/* When tasks run ahead of each other: the speed of many tasks depends on it, and nothing else shows
 * it. */
#include "support.h"

#include <vm_internal.h>

enum { ROUNDS = 1000, DATA_LEN = 0x100 };

/* Two tasks whose windows, stacks and data segments touch, changed by the caller; the greatest
 * number of rounds that they ran ahead. */
static uint32_t rounds_of(void (*change)(struct hsx_context *first, struct hsx_context *second))
{
    struct hsx_vm *vm = new_vm(HSX_MAX_CONTEXTS);
    struct hsx_context tasks[2];
    struct hsx_run run = {.max_steps = 2 * ROUNDS};
    const uint32_t loop[] = {WORD(LDI, 1, 0, 0, 1), WORD(JMP, 0, 0, 0, 0)};
    cr_assert_eq(hsx_vm_write_code(vm, 0, loop, 2), HSX_OK);
    for (uint8_t slot = 0; slot < 2; slot++) {
        tasks[slot] = fresh_context(slot, sizeof loop);
        tasks[slot].data_base = (uint16_t)(HSX_DATA_LINK + DATA_LEN * slot);
        tasks[slot].data_len = DATA_LEN;
    }
    change(&tasks[0], &tasks[1]);
    for (uint8_t slot = 0; slot < 2; slot++) {
        put_context(vm, slot, &tasks[slot]);
        cr_assert_eq(hsx_vm_make_ready(vm, slot), HSX_OK);
    }
    cr_assert_eq(hsx_vm_run(vm, &run), HSX_OK);
    uint32_t rounds = vm->ahead.rounds;
    hsx_vm_destroy(vm);
    return rounds;
}

static void keep(struct hsx_context *first, struct hsx_context *second)
{
    (void)first, (void)second;
}

static void fill_a_stack(struct hsx_context *first, struct hsx_context *second)
{
    (void)second;
    first->sp = first->stack_limit;
}

static void share_a_byte_of_data(struct hsx_context *first, struct hsx_context *second)
{
    (void)second;
    first->data_len++;
}

static void share_a_word_of_stack(struct hsx_context *first, struct hsx_context *second)
{
    (void)second;
    first->stack_limit -= 4;
}

static void share_a_window(struct hsx_context *first, struct hsx_context *second)
{
    second->reg_base = first->reg_base;
}

Test(apart, tasks_run_ahead_unless_they_share_memory)
{
    uint32_t rounds = rounds_of(keep);
    cr_expect_gt(rounds, 100, "%u rounds where everything touches", (unsigned)rounds);
    cr_expect_eq(rounds_of(fill_a_stack), rounds, "a full stack");
    cr_expect_lt(rounds_of(share_a_byte_of_data), 100);
    cr_expect_lt(rounds_of(share_a_word_of_stack), 100);
    cr_expect_lt(rounds_of(share_a_window), 100);
}
