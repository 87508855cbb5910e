// SPDX-License-Identifier: Apache-2.0
/* Loads, stores, pushes and pops a few bytes before, at and after each bound of an access
 * (contract sections 3 and 4), for contexts of any shape: the core refuses what the C model
 * refuses, and accesses the same bytes. An executive makes few of these contexts. */
#include "random.h"
#include "tasks.h"
#include <criterion/criterion.h>
#include <hsx/target_vm.h>
#include <string.h>

enum { ROUNDS = 60, RECORDS = 4 * TASKS_MAX, AROUND = 8 };

/* Anything, or something near to either end. */
static uint32_t length(uint32_t most)
{
    switch (below(3)) {
    case 0:
        return below(40);
    case 1:
        return most - below(40);
    default:
        return below(most + 1);
    }
}

static struct hsx_context context(uint8_t slot)
{
    struct hsx_context ctx = {
        .reg_base = (uint16_t)(HSX_WINDOW_START + HSX_WINDOW_SIZE * slot),
        .code_base = (uint16_t)(4 * slot),
        .code_len = 4,
        .data_base = (uint16_t)(below(HSX_DATA_SIZE) & ~3u),
        .slice = 1,
        .flags = (uint8_t)(below(4) != 0 ? HSX_CTX_PROTECT : 0),
        .state = HSX_READY,
    };

    /* A loader keeps the stack arena apart from where the data segment is linked. */
    if (below(4) == 0) {
        ctx.data_len = (uint16_t)length(HSX_DATA_SIZE - HSX_DATA_LINK - 1);
        ctx.stack_limit = (uint16_t)(4 + below(HSX_DATA_LINK / 2));
        ctx.stack_top = (uint16_t)(ctx.stack_limit + below(HSX_DATA_LINK / 2 - 4));
    } else {
        ctx.data_len = (uint16_t)length(HSX_DATA_SIZE - HSX_DATA_LINK - 0x100);
        ctx.stack_limit = (uint16_t)(HSX_DATA_LINK + ctx.data_len);
        ctx.stack_limit += (uint16_t)length(HSX_DATA_SIZE - 1u - ctx.stack_limit);
        ctx.stack_top = (uint16_t)(ctx.stack_limit + length(HSX_DATA_SIZE - 1u - ctx.stack_limit));
    }
    ctx.sp =
        (uint16_t)((below(2) == 0 ? ctx.stack_limit : ctx.stack_top) - AROUND + below(2 * AROUND));
    return ctx;
}

/* An address a few bytes from a bound. */
static uint16_t place(const struct hsx_context *ctx)
{
    const uint32_t bounds[] = {
        0,
        HSX_SHARED_PAGE,
        ctx->reg_base,
        ctx->reg_base + HSX_WINDOW_SIZE,
        HSX_DATA_LINK,
        HSX_DATA_LINK + ctx->data_len,
        HSX_DATA_LINK + HSX_DATA_SIZE - ctx->data_base, /* moved to the end of memory */
        ctx->stack_limit,
        ctx->stack_top,
    };

    return (uint16_t)(bounds[below(sizeof bounds / sizeof bounds[0])] - AROUND + below(2 * AROUND));
}

static uint32_t instruction(uint32_t offset)
{
    switch (below(8)) {
    case 0:
        return WORD(LD, 3, 1, 0, offset);
    case 1:
        return WORD(LDH, 3, 1, 0, offset);
    case 2:
        return WORD(LDB, 3, 1, 0, offset);
    case 3:
        return WORD(ST, 0, 1, 2, offset);
    case 4:
        return WORD(STH, 0, 1, 2, offset);
    case 5:
        return WORD(STB, 0, 1, 2, offset);
    case 6:
        return WORD(PUSH, 0, 2, 0, 0);
    default:
        return WORD(POP, 3, 0, 0, 0);
    }
}

struct round {
    struct hsx_context ctx[TASKS_MAX];
    uint32_t words[TASKS_MAX], registers[TASKS_MAX][3];
};

static size_t run(struct hsx_target *t, const struct round *round, struct hsx_record *records)
{
    struct hsx_run run = {.max_steps = RECORDS};
    size_t count = 0;

    cr_assert_eq(t->ops->write_code(t, 0, round->words, TASKS_MAX), HSX_OK);
    for (uint8_t slot = 0; slot < TASKS_MAX; slot++) {
        const struct hsx_context *ctx = &round->ctx[slot];

        cr_assert_eq(t->ops->write_data(t, ctx->reg_base, round->registers[slot],
                                        sizeof round->registers[slot]),
                     HSX_OK);
        cr_assert_eq(t->ops->write_context(t, slot, ctx), HSX_OK);
        cr_assert_eq(t->ops->make_ready(t, slot), HSX_OK);
    }
    do {
        run.records = records + count;
        run.capacity = RECORDS - count;
        cr_assert_eq(t->ops->run(t, &run), HSX_OK);
        count += run.count;
    } while (run.reason == HSX_STOP_FAULT);
    cr_assert_eq(run.reason, HSX_STOP_IDLE);
    return count;
}

Test(bounds, are_kept_to_the_byte_in_any_context)
{
    struct hsx_target *vm = NULL;
    struct hsx_target *core = tasks_core(NULL);
    unsigned refused = 0, allowed = 0;

    cr_assert_eq(hsx_target_vm_create(TASKS_MAX, &vm), HSX_OK);
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct hsx_record expected[RECORDS] = {0}, got[RECORDS] = {0};
        struct round round;
        size_t count;

        for (uint8_t slot = 0; slot < TASKS_MAX; slot++) {
            uint32_t offset = below(0x1000);
            uint32_t sign = (offset & 0x800) != 0 ? 0xFFFFF000 : 0;

            round.ctx[slot] = context(slot);
            round.words[slot] = instruction(offset);
            round.registers[slot][0] = below(0x80000000);
            round.registers[slot][1] =
                (below(0x10000) << 16) + place(&round.ctx[slot]) - (offset | sign);
            round.registers[slot][2] = below(0x80000000);
        }
        count = run(vm, &round, expected);
        cr_assert_eq(run(core, &round, got), count, "round %u", i);
        for (size_t k = 0; k < count; k++) {
            const struct hsx_record *r = &expected[k];

            cr_assert_eq(memcmp(r, &got[k], sizeof *r), 0, "round %u, record %zu", i, k);
            if (r->event == HSX_EV_FAULT && r->rd_value != HSX_FAULT_CODE) {
                refused++;
            }
            if (r->event == HSX_EV_RETIRE) {
                uint8_t bytes[2][4];
                uint32_t at = r->mem_addr < HSX_DATA_SIZE - 4u ? r->mem_addr : HSX_DATA_SIZE - 4u;

                allowed++;
                cr_assert_eq(vm->ops->read_data(vm, at, bytes[0], 4), HSX_OK);
                cr_assert_eq(core->ops->read_data(core, at, bytes[1], 4), HSX_OK);
                cr_assert_eq(memcmp(bytes[0], bytes[1], 4), 0, "round %u, record %zu", i, k);
            }
        }
    }
    cr_expect_gt(refused, ROUNDS * TASKS_MAX / 5);
    cr_expect_gt(allowed, ROUNDS * TASKS_MAX / 5);
    vm->ops->destroy(vm);
    core->ops->destroy(core);
}
