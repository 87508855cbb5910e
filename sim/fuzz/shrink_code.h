// SPDX-License-Identifier: Apache-2.0
/* A task's code, instruction by instruction: jumps and calls keep what they go to while others
 * come and go. */
#ifndef HSX_FUZZ_SHRINK_CODE_H
#define HSX_FUZZ_SHRINK_CODE_H

#include <hsx/fuzz.h>

struct insn {
    uint32_t word, ext;
    bool has_ext;
    int target; /* index of the instruction it goes to; -1: it goes nowhere, or to no instruction */
};

struct code {
    struct insn insns[HSX_FUZZ_MAX_CODE];
    int count;
    int entry;
};

/* A CALL that goes to a distance. */
bool shrink_code_is_relative_call(uint32_t word);
/* The offset of a CALL, in bytes. */
int32_t shrink_code_call_offset(const struct hsx_fuzz_task *task, uint32_t word);

void shrink_code_take_apart(const struct hsx_fuzz_task *task, struct code *code);
/* False: a jump does not reach any more, or nothing is left to enter. */
bool shrink_code_put_together(const struct code *code, struct hsx_fuzz_task *task);
/* What went to an instruction that is gone goes to the one behind it. */
void shrink_code_remove(struct code *code, int from, int count);

#endif
