// SPDX-License-Identifier: Apache-2.0
/* Accesses inside a held model instead of over its bus: reads give the same words, and
 * writes have the same effect on the core and on later reads. */
#include "tasks.h"
#include <criterion/criterion.h>
#include <hsx/context.h>
#include <hsx/icarus.h>
#include <stdlib.h>
#include <string.h>

struct core {
    struct hsx_target *target;
    struct hsx_rtl_link *link;
};

static struct core make(void)
{
    struct core core;

    core.target = tasks_core(&core.link);
    return core;
}

static struct core make_under_icarus(void)
{
    struct core core;

    cr_assert_eq(hsx_icarus_create(HSX_TEST_ICARUS, NULL, &core.link), HSX_OK);
    cr_assert_eq(hsx_target_rtl_create(core.link, 0, 0, &core.target), HSX_OK);
    return core;
}

static void destroy(struct core core)
{
    core.target->ops->destroy(core.target);
}

static uint32_t access_one(struct core core, bool directly, struct hsx_bus_op op)
{
    hsx_target_rtl_access_directly(core.target, directly);
    cr_assert_eq(core.link->ops->bus(core.link, &op, 1), HSX_OK);
    return op.data;
}

static uint32_t get(struct core core, bool directly, uint32_t addr)
{
    return access_one(core, directly, (struct hsx_bus_op){.addr = addr, .sel = 0xF});
}

static uint32_t noise(void)
{
    return (uint32_t)rand() << 17 ^ (uint32_t)rand();
}

static void fill(void *object, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        ((uint8_t *)object)[i] = (uint8_t)noise();
    }
}

/* A context with random fields, as far as they are valid. */
static struct hsx_context context(uint8_t slot)
{
    struct hsx_context ctx;

    fill(&ctx, sizeof ctx);
    ctx.reg_base = (uint16_t)(HSX_WINDOW_START + HSX_WINDOW_SIZE * slot);
    ctx.code_base &= 0xFFFC;
    ctx.code_len = noise() % (HSX_CODE_SIZE + 1u - ctx.code_base) & ~3u;
    ctx.data_base &= 0xFFFC;
    ctx.data_len %= HSX_DATA_SIZE - HSX_DATA_LINK + 1;
    ctx.psw &= 0xF;
    ctx.flags &= 3;
    ctx.state = HSX_PAUSED;
    cr_assert(hsx_context_valid(&ctx));
    return ctx;
}

static void compare_contexts(struct core core, unsigned count)
{
    cr_assert_not_null(core.link->ops->access_directly);
    srand(1);
    for (unsigned i = 0; i < count; i++) {
        uint8_t slot = (uint8_t)(noise() % TASKS_MAX);
        struct hsx_context ctx = context(slot);
        struct hsx_context read[2];

        hsx_target_rtl_access_directly(core.target, i & 1);
        cr_assert_eq(core.target->ops->write_context(core.target, slot, &ctx), HSX_OK);
        for (unsigned way = 0; way < 2; way++) {
            hsx_target_rtl_access_directly(core.target, way);
            memset(&read[way], 0, sizeof read[way]);
            cr_assert_eq(core.target->ops->read_context(core.target, slot, &read[way]), HSX_OK);
        }
        cr_assert_eq(memcmp(&read[0], &read[1], sizeof read[0]), 0, "write %u", i);
        cr_assert_eq(read[0].pc, ctx.pc);
        cr_assert_eq(read[0].code_len, ctx.code_len);
        cr_assert_eq(read[0].data_base, ctx.data_base);
        cr_assert_eq(read[0].slice, ctx.slice);
        cr_assert_eq(read[0].state, ctx.state);
    }
    destroy(core);
}

Test(direct, contexts_are_the_same_over_the_bus)
{
    compare_contexts(make(), 400);
}

Test(direct, contexts_are_the_same_over_the_bus_under_icarus)
{
    compare_contexts(make_under_icarus(), 20);
}

/* Lanes of words in windows, in data memory on both sides of them, and in code memory,
 * which takes whole words only. */
static void compare_memories(struct core core, unsigned count)
{
    static const uint32_t places[] = {0,      0xFFC,   0x1000,  0x103C,  0x1040,  0x13FC,
                                      0x1400, 0x3FFC,  0x4000,  0xFFFC,  0x10000, 0x17FFC,
                                      0x1004, 0x11FFC, 0x12000, 0x1FFFC, 0x1038,  0x13C0};
    enum { PLACES = sizeof places / sizeof places[0] };

    srand(2);
    for (unsigned i = 0; i < count; i++) {
        uint32_t addr = places[noise() % PLACES];
        struct hsx_bus_op op = {
            .addr = addr, .data = noise(), .sel = (uint8_t)(noise() & 0xF), .write = true};
        uint32_t lanes = 0;

        for (unsigned lane = 0; lane < 4; lane++) {
            lanes |= op.sel >> lane & 1 ? 0xFFu << 8 * lane : 0;
        }
        if (addr >= HSX_HOST_CODE && op.sel != 0xF) {
            lanes = 0;
        }

        uint32_t expected = (get(core, false, addr) & ~lanes) | (op.data & lanes);

        access_one(core, i & 1, op);
        cr_assert_eq(get(core, true, addr), expected, "address 0x%X, write %u", (unsigned)addr, i);
        cr_assert_eq(get(core, false, addr), expected, "address 0x%X, write %u over the bus",
                     (unsigned)addr, i);
    }
    destroy(core);
}

Test(direct, memories_are_the_same_over_the_bus)
{
    compare_memories(make(), 1000);
}

Test(direct, memories_are_the_same_over_the_bus_under_icarus)
{
    compare_memories(make_under_icarus(), 150);
}

/* The counters, immediately after a run of any length and after a write. */
static void compare_counters(struct core core, unsigned count)
{
    static const uint32_t loop[] = {WORD(LDI, 1, 0, 0, 1), WORD(ADD, 2, 2, 1, 0),
                                    WORD(DIV, 3, 2, 1, 0), WORD(JMP, 0, 0, 0, 4)};

    for (uint8_t slot = 0; slot < 3; slot++) {
        tasks_start(core.target, slot, loop, sizeof loop / sizeof loop[0]);
    }
    cr_assert_eq(core.target->ops->set_tick_steps(core.target, 7), HSX_OK);
    for (unsigned i = 1; i < count; i++) {
        struct hsx_run run = {.max_steps = i};

        if (i % 10 == 0) {
            cr_assert_eq(core.target->ops->set_alarm(core.target, true, i), HSX_OK);
        }
        hsx_target_rtl_access_directly(core.target, true);
        cr_assert_eq(core.target->ops->run(core.target, &run), HSX_OK);
        for (uint32_t addr = HSX_HOST_STEPS; addr <= HSX_HOST_TICK_STEPS; addr += 4) {
            cr_assert_eq(get(core, true, addr), get(core, false, addr), "0x%X", (unsigned)addr);
        }
        for (uint32_t cause = 0; cause < HSX_HOST_LOST_CAUSES; cause++) {
            uint32_t addr = HSX_HOST_LOST_SLOTS + 4 * cause;

            cr_assert_eq(get(core, true, addr), get(core, false, addr), "0x%X", (unsigned)addr);
        }
    }
    destroy(core);
}

Test(direct, counters_are_the_same_over_the_bus)
{
    compare_counters(make(), 60);
}

Test(direct, counters_are_the_same_over_the_bus_under_icarus)
{
    compare_counters(make_under_icarus(), 12);
}
