// SPDX-License-Identifier: Apache-2.0
/* Code for points not reached so far: two instructions back to back, in one task or in two. */
#include "coverage_points.h"
#include "generate.h"
#include <hsx/coverage.h>
#include <hsx/machine.h>
#include <stdlib.h>

struct hsx_fuzz_aim *hsx_fuzz_aim_create(const uint64_t *counts)
{
    const size_t points = hsx_coverage_points();
    struct coverage_place *places = coverage_places();
    struct hsx_fuzz_aim *aim = calloc(1, sizeof *aim + points * sizeof aim->pairs[0]);

    for (size_t i = 0; aim && places && i < points; i++) {
        const struct coverage_place *p = &places[i];
        bool pair = p->group == POINT_PAIR_SAME || p->group == POINT_PAIR_OTHER;

        if (counts[i] == 0 && (pair || p->group == POINT_TICK)) {
            aim->pairs[aim->count++] =
                (struct aim_pair){.first = (uint8_t)p->a,
                                  .second = (uint8_t)(pair ? p->b : p->a),
                                  .other_task = p->group == POINT_PAIR_OTHER};
        }
    }
    if (!places) {
        free(aim);
        aim = NULL;
    }
    free(places);
    return aim;
}

void hsx_fuzz_aim_destroy(struct hsx_fuzz_aim *aim)
{
    free(aim);
}

static uint32_t here(const struct generator *g)
{
    return 4 * (uint32_t)g->task->words;
}

/* One instruction that rarely ends its task, and continues after itself. reg holds the word for
 * a RET. */
static void emit_plain(struct generator *g, uint8_t opcode, unsigned reg)
{
    enum hsx_opcode op = (enum hsx_opcode)opcode;
    uint32_t imm;
    unsigned rd, rs1, rs2;

    switch (op) {
    case HSX_OP_JMP:
    case HSX_OP_JZ:
    case HSX_OP_JNZ:
        emit_op(g, op, 0, 0, 0, here(g) + 4);
        break;
    case HSX_OP_CALL:
        emit_op(g, op, 0, 0, 0, g->task->version == 2 ? 1 : 4);
        break;
    case HSX_OP_LDI32:
        emit_edge_value(g);
        break;
    case HSX_OP_SVC:
        emit_op(g, op, 0, 0, 0, 0); /* steps */
        break;
    case HSX_OP_PUSH:
        emit_op(g, op, 0, reg, 0, 0);
        break;
    case HSX_OP_DIV:
        rs1 = emit_register(g);
        emit_op(g, op, emit_register(g), rs1, R_ONE, 0);
        break;
    case HSX_OP_LD:
    case HSX_OP_LDB:
    case HSX_OP_LDH:
    case HSX_OP_ST:
    case HSX_OP_STB:
    case HSX_OP_STH:
        rs2 = emit_register(g);
        emit_op(g, op, emit_register(g), R_POINTER, rs2, 0);
        break;
    default:
        imm = rng_below(&g->rng, 64);
        rs2 = emit_register(g);
        rs1 = emit_register(g);
        rd = emit_register(g);
        emit_op(g, op, rd, rs1, rs2, imm);
        break;
    }
}

static uint32_t words_of(uint8_t opcode)
{
    return opcode == HSX_OP_LDI32 ? 2 : 1;
}

/* Both in this task. */
static void emit_both(struct generator *g, const struct aim_pair *pair)
{
    const unsigned reg = emit_register(g);
    const bool returns = pair->first == HSX_OP_RET || pair->second == HSX_OP_RET;

    if (pair->first == HSX_OP_POP || pair->second == HSX_OP_POP) {
        emit_op(g, HSX_OP_PUSH, 0, R_ONE, 0, 0);
    }
    if (returns) { /* a call to return from, to after the RET */
        uint32_t after = here(g) + 4 * (4 + words_of(pair->first));

        after += pair->first == HSX_OP_RET ? 0 : 4;
        emit_plain(g, HSX_OP_CALL, reg);
        emit_ldi32(g, reg, after);
        emit_op(g, HSX_OP_ST, 0, R_SP, reg, 0);
    }
    emit_plain(g, pair->first, reg);
    emit_plain(g, pair->second, reg);
    if (!returns && (pair->first == HSX_OP_CALL || pair->second == HSX_OP_CALL ||
                     pair->first == HSX_OP_PUSH || pair->second == HSX_OP_PUSH)) {
        emit_op(g, HSX_OP_POP, emit_register(g), 0, 0, 0);
    }
}

void emit_aimed(struct generator *g)
{
    const struct aim_pair *pair = &g->aim->pairs[rng_below(&g->rng, (uint32_t)g->aim->count)];
    struct aim_pair twice = *pair;

    if (!emit_room(g, 40)) {
        return;
    }
    emit_ldi32(g, R_POINTER,
               HSX_DATA_LINK + (g->data_len > 4 ? rng_below(&g->rng, g->data_len - 4) : 0));
    if (!pair->other_task) {
        emit_both(g, pair);
        return;
    }
    /* Half of the tasks repeat the first one, the others the second. */
    twice.first = twice.second = g->index % 2 == 0 ? pair->first : pair->second;
    for (uint32_t n = rng_below(&g->rng, 4) + 1; n > 0 && emit_room(g, 20); n--) {
        emit_both(g, &twice);
    }
}
