// SPDX-License-Identifier: Apache-2.0
#include "spill.h"
#include "memory.h"
#include <stdlib.h>
#include <string.h>

/* An address in the frame is not a constant here: recomputing it would change the flags. */
static bool is_constant(const struct mir_insn *insn)
{
    return insn->op == HSX_OP_LDI || insn->op == HSX_OP_LDI32;
}

/* The constant in each register, if it is always the same one. */
struct mir_insn *spill_constants(const struct mir_function *function)
{
    struct mir_insn *constants = cc_allocate((size_t)function->registers, sizeof *constants);
    bool *seen = cc_allocate((size_t)function->registers, sizeof *seen);

    for (size_t i = 0; i < function->block_count; i++) {
        for (size_t k = 0; k < function->blocks[i].count; k++) {
            const struct mir_insn *insn = &function->blocks[i].insns[k];

            if (insn->d == MIR_NONE) {
                continue;
            }
            constants[insn->d] = (is_constant(insn) && !seen[insn->d]) ? *insn : mir_insn(0);
            seen[insn->d] = true;
        }
    }
    free(seen);
    return constants;
}

struct spiller {
    struct mir_function *function;
    struct spill_notes *notes;
    struct mir_insn *constants; /* op 0: the register is no constant */
    int *copies;                /* by block: the register of a constant before its loop, */
    int *copied;                /* and that constant's original register */
    bool *spilled;              /* by register */
    int *slot;                  /* by register */
};

static int noted(struct spiller *spiller, bool fixed)
{
    struct spill_notes *notes = spiller->notes;
    int made = mir_add_register(spiller->function);

    notes->fixed = cc_grow(notes->fixed, (size_t)made, &notes->fixed_room, sizeof *notes->fixed);
    notes->split = cc_grow(notes->split, (size_t)made, &notes->split_room, sizeof *notes->split);
    notes->fixed[made] = fixed;
    notes->split[made] = true;
    return made;
}

static int fresh(struct spiller *spiller)
{
    return noted(spiller, true);
}

static struct mir_insn access_slot(uint8_t op, int slot, int reg)
{
    struct mir_insn insn = mir_insn(op);

    insn.slot = slot;
    insn.kind = MIR_KIND_SPILL;
    if (op == HSX_OP_LD) {
        insn.d = reg;
    } else {
        insn.b = reg;
    }
    return insn;
}

/* The instruction that reloads reg, which is spilled. */
static struct mir_insn reload(const struct spiller *spiller, int reg, int into)
{
    struct mir_insn insn = spiller->constants[reg];

    if (insn.op == 0) {
        return access_slot(HSX_OP_LD, spiller->slot[reg], into);
    }
    insn.d = into;
    return insn;
}

/* A constant without a register for all of its loops may get one for the innermost: it is
 * loaded before that. */
static int before_loop(struct spiller *spiller, const struct mir_block *block, int reg)
{
    struct mir_insn insn = spiller->constants[reg];
    struct mir_block *outside;

    if (insn.op == 0 || spiller->notes->split[reg] || block->before == MIR_NONE) {
        return MIR_NONE;
    }
    if (spiller->copied[block->before] != reg) {
        outside = &spiller->function->blocks[block->before];
        insn.d = noted(spiller, false);
        mir_insert(outside, outside->count, insn);
        spiller->copied[block->before] = reg;
        spiller->copies[block->before] = insn.d;
    }
    return spiller->copies[block->before];
}

static void use_copies(struct spiller *spiller, int reg)
{
    struct mir_function *function = spiller->function;

    for (size_t i = 0; i < function->block_count; i++) {
        for (size_t k = 0; k < function->blocks[i].count; k++) {
            struct mir_insn *insn = &function->blocks[i].insns[k];

            if (insn->a == reg || insn->b == reg) {
                int copy = before_loop(spiller, &function->blocks[i], reg);

                insn = &function->blocks[i].insns[k];
                if (copy != MIR_NONE) {
                    insn->a = insn->a == reg ? copy : insn->a;
                    insn->b = insn->b == reg ? copy : insn->b;
                }
            }
        }
    }
}

/* A note follows its register. */
static void move_note(const struct spiller *spiller, struct mir_insn *note, int old_registers)
{
    int reg = note->noted;

    if (reg < MIR_FIRST_VIRTUAL || reg >= old_registers || !spiller->spilled[reg]) {
        return;
    }
    note->noted = MIR_NONE;
    if (spiller->constants[reg].op == 0) {
        note->slot = spiller->slot[reg];
    } else if (!spiller->constants[reg].symbol) {
        note->known = true;
        note->value = spiller->constants[reg].imm;
    }
}

static void spill_in_block(struct spiller *spiller, struct mir_block *block, int old_registers)
{
    struct mir_block old = *block;

    block->insns = NULL;
    block->count = block->room = 0;
    for (size_t k = 0; k < old.count; k++) {
        struct mir_insn insn = old.insns[k];
        int from_a = insn.a;
        bool a = insn.a >= MIR_FIRST_VIRTUAL && insn.a < old_registers && spiller->spilled[insn.a];
        bool b = insn.b >= MIR_FIRST_VIRTUAL && insn.b < old_registers && spiller->spilled[insn.b];
        bool d = insn.d >= MIR_FIRST_VIRTUAL && insn.d < old_registers && spiller->spilled[insn.d];

        if (insn.op == MIR_NOTE) {
            move_note(spiller, &insn, old_registers);
        }
        if (d && spiller->constants[insn.d].op != 0) {
            continue;
        }
        if (insn.op == HSX_OP_MOV && a && d && spiller->constants[insn.a].op == 0 &&
            spiller->slot[insn.a] == spiller->slot[insn.d]) {
            continue;
        }
        if (insn.op == HSX_OP_MOV && a && !d) {
            mir_insert(block, block->count, reload(spiller, insn.a, insn.d));
            continue;
        }
        if (insn.op == HSX_OP_MOV && d && !a) {
            mir_insert(block, block->count, access_slot(HSX_OP_ST, spiller->slot[insn.d], insn.a));
            continue;
        }
        if (a) {
            insn.a = fresh(spiller);
            mir_insert(block, block->count, reload(spiller, from_a, insn.a));
        }
        if (b && insn.b == from_a && a) {
            insn.b = insn.a;
        } else if (b) {
            int from_b = insn.b;

            insn.b = fresh(spiller);
            mir_insert(block, block->count, reload(spiller, from_b, insn.b));
        }
        if (d) {
            int to = insn.d;

            insn.d = fresh(spiller);
            mir_insert(block, block->count, insn);
            mir_insert(block, block->count, access_slot(HSX_OP_ST, spiller->slot[to], insn.d));
            continue;
        }
        mir_insert(block, block->count, insn);
    }
    free(old.insns);
}

void spill(struct mir_function *function, struct spill_notes *notes, const int *roots)
{
    int registers = function->registers;
    struct spiller spiller = {.function = function, .notes = notes};
    int *slots = cc_allocate((size_t)registers, sizeof *slots);

    spiller.constants = spill_constants(function);
    spiller.copies = cc_allocate(function->block_count, sizeof *spiller.copies);
    spiller.copied = cc_allocate(function->block_count, sizeof *spiller.copied);
    spiller.spilled = cc_allocate((size_t)registers, sizeof *spiller.spilled);
    spiller.slot = cc_allocate((size_t)registers, sizeof *spiller.slot);
    for (int n = 0; n < registers; n++) {
        slots[n] = MIR_NONE;
    }
    for (int n = MIR_FIRST_VIRTUAL; n < registers; n++) {
        if (roots[n] == MIR_NONE) {
            continue;
        }
        spiller.spilled[n] = true;
        if (spiller.constants[n].op == 0) {
            if (slots[roots[n]] == MIR_NONE) {
                slots[roots[n]] = mir_add_slot(function, 4, 4);
            }
            spiller.slot[n] = slots[roots[n]];
        }
    }
    for (size_t i = 0; i < function->block_count; i++) {
        spiller.copied[i] = MIR_NONE;
    }
    for (int n = MIR_FIRST_VIRTUAL; n < registers; n++) {
        if (spiller.spilled[n] && spiller.constants[n].op != 0 && !notes->split[n]) {
            use_copies(&spiller, n);
        }
    }
    for (size_t i = 0; i < function->block_count; i++) {
        spill_in_block(&spiller, &function->blocks[i], registers);
    }
    free(spiller.copies);
    free(spiller.copied);
    free(spiller.constants);
    free(spiller.spilled);
    free(spiller.slot);
    free(slots);
}
