// SPDX-License-Identifier: Apache-2.0
/*
 * The block that a split edge got for the values of phis is often on the back edge of a
 * loop, where it costs a jump in each iteration. Its instructions move up before the
 * condition if that does not affect the other successor; the empty block is then removed.
 */
#include "live.h"
#include "memory.h"
#include "mir.h"
#include <stdlib.h>
#include <string.h>

enum { MOST_MOVED = 8 };

static bool leaves_flags(const struct mir_insn *insn)
{
    return insn->op < MIR_ADDRESS && hsx_insn_table[insn->op].flags == HSX_FLAGS_NONE;
}

/* The first of the instructions that compute the block's final condition: the last one
 * that sets all flags. -1: not found. */
static int begin_of_condition(const struct mir_block *block)
{
    for (int k = (int)block->count - 1; k >= 0; k--) {
        const struct mir_insn *insn = &block->insns[k];

        if (insn->op == MIR_NOTE) {
            continue;
        }
        if (insn->op == HSX_OP_CALL || insn->op == HSX_OP_SVC || insn->op >= MIR_ADDRESS) {
            return -1;
        }
        if (!leaves_flags(insn) && insn->op != HSX_OP_SBC && insn->op != HSX_OP_ADC) {
            return k;
        }
    }
    return -1;
}

static bool touches(const struct mir_insn *insn, int reg)
{
    return insn->a == reg || insn->b == reg || insn->d == reg;
}

/* Machine registers hold arguments and results, and calls overwrite them. */
static bool is_machine(int reg)
{
    return reg >= 0 && reg < MIR_FIRST_VIRTUAL;
}

/* May insn of the edge move before the condition's instructions, which begin at `first`? */
static bool may_move(const struct mir_block *block, int first, const struct mir_insn *insn,
                     const uint64_t *live_other)
{
    bool simple = insn->op == HSX_OP_MOV || insn->op == HSX_OP_LDI || insn->op == HSX_OP_LDI32 ||
                  insn->op == HSX_OP_ADD;

    if (!simple || is_machine(insn->d) || is_machine(insn->a) || is_machine(insn->b) ||
        live_has(live_other, insn->d)) {
        return false;
    }
    for (size_t k = (size_t)first; k < block->count; k++) {
        const struct mir_insn *other = &block->insns[k];

        if (touches(other, insn->d) ||
            (other->d != MIR_NONE && (other->d == insn->a || other->d == insn->b))) {
            return false;
        }
    }
    return true;
}

/* Does the order of two instructions matter? */
static bool depend(const struct mir_insn *a, const struct mir_insn *b)
{
    return touches(a, b->d) || (a->d != MIR_NONE && touches(b, a->d));
}

/* What remains are mostly moves, which disappear when both sides get the same register. */
static void empty_edge(struct mir_function *function, const struct live *live, int from, int edge,
                       int other)
{
    struct mir_block *block = &function->blocks[from];
    struct mir_block *moved = &function->blocks[edge];
    const uint64_t *live_other = live_in(live, other);
    int first = begin_of_condition(block);
    size_t notes = 0;
    size_t kept = 0;
    bool barrier = false;
    bool chain = false; /* a wide sum: the instruction after its ADD uses the carry */

    for (size_t k = 0; k < moved->count; k++) {
        notes += moved->insns[k].op == MIR_NOTE;
        chain = chain || moved->insns[k].op == HSX_OP_ADC || moved->insns[k].op == HSX_OP_SBC;
    }
    if (first < 0 || moved->count - notes > MOST_MOVED) {
        return;
    }
    for (size_t k = 0; k < moved->count; k++) {
        struct mir_insn insn = moved->insns[k];
        bool free = may_move(block, first, &insn, live_other) && !(chain && insn.op == HSX_OP_ADD);

        /* not past a call or a change of sp */
        barrier = barrier || insn.op == HSX_OP_CALL || insn.op == HSX_OP_SVC ||
                  (insn.op >= MIR_ADDRESS && insn.op != MIR_NOTE);
        free = free && !barrier;

        for (size_t i = 0; i < kept; i++) {
            free = free && !depend(&moved->insns[i], &insn);
        }
        if (free) {
            mir_insert(block, (size_t)first++, insn);
            /* both edges may set the same register: the second must not move up as well */
            live_put(live_in(live, edge), insn.d);
        } else {
            moved->insns[kept++] = insn;
        }
    }
    moved->count = kept;
}

void mir_empty_edges(struct mir_function *function)
{
    struct live live;
    int *befores = cc_allocate(function->block_count, sizeof *befores);
    int next[2];

    live_find(&live, function);
    for (size_t i = 0; i < function->block_count; i++) {
        for (int n = 0; n < mir_next(&function->blocks[i], next); n++) {
            befores[next[n]]++;
        }
    }
    for (size_t i = 0; i < function->block_count; i++) {
        if (mir_next(&function->blocks[i], next) != 2) {
            continue;
        }
        for (int n = 0; n < 2; n++) {
            const struct mir_block *edge = &function->blocks[next[n]];

            /* only on back edges: elsewhere it might make the other path longer */
            if (befores[next[n]] == 1 && edge->end == MIR_END_JUMP && edge->count > 0 &&
                edge->depth >= function->blocks[next[1 - n]].depth && edge->depth > 0) {
                empty_edge(function, &live, (int)i, next[n], next[1 - n]);
            }
        }
    }
    free(befores);
    live_free(&live);
}
