// SPDX-License-Identifier: Apache-2.0
/* Registers without a machine register move to slots of the frame, or are recomputed. */
#ifndef HSX_CC_SPILL_H
#define HSX_CC_SPILL_H

#include "mir.h"

/* What earlier rounds of spilling found about a register. */
struct spill_notes {
    bool *fixed; /* it holds a value for one instruction: spilling it is useless */
    bool *split; /* a constant that is already loaded before its innermost loop */
    size_t fixed_room, split_room;
};

/* Spill the registers whose root is not MIR_NONE; those with the same root share a slot. */
void spill(struct mir_function *function, struct spill_notes *notes, const int *roots);

/* For each register the instruction that loads it, if that is always the same constant, else
 * one with op 0; to be freed. */
struct mir_insn *spill_constants(const struct mir_function *function);

#endif
