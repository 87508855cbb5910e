// SPDX-License-Identifier: Apache-2.0
/* Registers that found no machine register move to slots of the frame, or are made anew. */
#ifndef HSX_CC_SPILL_H
#define HSX_CC_SPILL_H

#include "mir.h"

/* What a spill of earlier rounds said about a register. */
struct spill_notes {
    bool *fixed; /* it holds a value for one instruction: no use to spill it */
    bool *split; /* a constant that was made before its innermost loop already */
    size_t fixed_room, split_room;
};

/* Spill the registers whose root is not MIR_NONE; those of one root share a slot. */
void spill(struct mir_function *function, struct spill_notes *notes, const int *roots);

/* What each register is made by, if that is one constant, else an instruction of op 0; to be
 * freed. */
struct mir_insn *spill_constants(const struct mir_function *function);

#endif
