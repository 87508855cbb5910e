// SPDX-License-Identifier: Apache-2.0
/* Values and addresses at which behaviour changes. */
#include "generate.h"
#include <hsx/isa.h>
#include <hsx/machine.h>

uint32_t edge_value(struct rng *rng)
{
    static const uint32_t values[] = {
        0, 1, 2, 3, 31, 32, 33, 0xFFFFFFFF, 0xFFFFFFFE, 0x80000000, 0x80000001, 0x7FFFFFFF,
        0x7FFFFFFE, 0x0000FFFF, 0x00010000, 0xFFFF0000, 0x00008000, 0x00007FFF,
        /* binary16: zeros, subnormals, least normal, one and around, largest, inf, NaNs */
        0x0000, 0x8000, 0x0001, 0x03FF, 0x83FF, 0x0400, 0x8400, 0x3BFF, 0x3C00, 0x3C01, 0xBC00,
        0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7C01, 0x7E00, 0xFE00, 0x6800, 0x7800,
        /* int32 to binary16: ties and overflow */
        2047, 2048, 2049, 2050, 2051, 65503, 65504, 65519, 65520, 0xFFFEFFE0, 0xFFFF0010};
    uint32_t kind = rng_below(rng, 8);

    if (kind < 5) {
        return rng_pick(rng, values, sizeof values / sizeof values[0]);
    }
    if (kind == 5) {
        return (uint32_t)rng_range(rng, -20, 20);
    }
    return kind == 6 ? (uint32_t)rng_next(rng) : (uint32_t)rng_next(rng) & 0xFFFF;
}

/* An address in [start, end), half of the time close to one of its ends. */
static uint32_t inside(struct generator *g, uint32_t start, uint32_t end)
{
    if (end <= start) {
        return start;
    }
    uint32_t size = end - start;
    uint32_t offset = rng_below(&g->rng, size);

    switch (rng_below(&g->rng, 4)) {
    case 0:
        return start + offset % (size < 8 ? size : 8);
    case 1:
        return end - 1 - offset % (size < 8 ? size : 8);
    default:
        return start + (offset & ~3u);
    }
}

static uint32_t own_address(struct generator *g)
{
    switch (rng_below(&g->rng, 8)) {
    case 0:
    case 1:
        return inside(g, g->reg_base, g->reg_base + HSX_WINDOW_SIZE - 4u);
    case 2:
        return inside(g, 0, HSX_SHARED_PAGE - 3u);
    case 3:
        return inside(g, g->stack_limit, g->stack_top - 3u);
    case 4:
        return rng_below(&g->rng, 64) * 4; /* where tasks meet in the shared page */
    default:
        return g->data_len > 4 ? inside(g, HSX_DATA_LINK, HSX_DATA_LINK + g->data_len - 3)
                               : HSX_DATA_LINK;
    }
}

uint32_t edge_of_own(struct generator *g)
{
    enum { USUAL = 7 }; /* mostly one of these where the task is protected */
    const uint32_t borders[] = {HSX_SHARED_PAGE, g->reg_base,
                                g->reg_base + (uint32_t)HSX_WINDOW_SIZE, g->stack_limit,
                                g->stack_top, HSX_DATA_LINK + g->data_len, HSX_WINDOW_END,
                                /* the others */
                                HSX_DATA_SIZE, HSX_WINDOW_START + 64u * g->program->tasks,
                                /* where translation by data_base reaches the end of memory */
                                HSX_DATA_LINK + HSX_DATA_SIZE - (uint32_t)g->task->data_base};
    const size_t count = sizeof borders / sizeof borders[0];
    uint32_t border =
        rng_pick(&g->rng, borders, g->program->protect && !rng_one_in(&g->rng, 6) ? USUAL : count);

    if ((g->task->odd & HSX_FUZZ_ODD_DATA) != 0 && rng_one_in(&g->rng, 2)) {
        border = borders[count - 1];
    } else if (g->task->bss_size > HSX_DATA_LINK / 8 && rng_one_in(&g->rng, 2)) {
        border = HSX_DATA_LINK + g->data_len; /* its length has many bits */
    }

    return (border + (uint32_t)rng_range(&g->rng, -4, 1)) & 0xFFFF;
}

static uint32_t other_address(struct generator *g)
{
    uint32_t other = rng_below(&g->rng, g->program->tasks);
    uint32_t reg = rng_one_in(&g->rng, 2) ? rng_below(&g->rng, 16) : 1 + rng_below(&g->rng, 3);

    return HSX_WINDOW_START + HSX_WINDOW_SIZE * other + 4 * reg +
           (rng_one_in(&g->rng, 4) ? rng_below(&g->rng, 4) : 0);
}

uint32_t edge_address(struct generator *g)
{
    uint32_t kind = rng_below(&g->rng, 16);

    if (g->program->protect) {
        return kind < 14 ? own_address(g) : edge_of_own(g);
    }
    if (kind < 8) {
        return own_address(g);
    }
    if (kind < 11) {
        uint32_t address = edge_of_own(g);

        return address & ~(rng_one_in(&g->rng, 2) ? 3u : 0u);
    }
    return kind < 15 ? other_address(g) : (uint32_t)rng_next(&g->rng) & 0xFFFF;
}

uint32_t edge_opcode(struct rng *rng)
{
    uint32_t op = rng_one_in(rng, 4) ? rng_below(rng, 0x100) : HSX_OP_LDI32;

    /* Mostly one bit away from an instruction: an incomplete decoder takes it for that one. */
    if (rng_one_in(rng, 2)) {
        do {
            op = rng_below(rng, 0x80);
        } while (!hsx_insn_table[op].name);
    }
    op ^= 1u << rng_below(rng, 8);
    while (hsx_insn_table[op].name) {
        op = rng_below(rng, 0x100);
    }
    return op;
}
