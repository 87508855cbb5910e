// SPDX-License-Identifier: Apache-2.0
/* A task's code, instruction by instruction: jumps and calls keep their targets while others
 * are removed and inserted. */
#ifndef HSX_FUZZ_SHRINK_CODE_H
#define HSX_FUZZ_SHRINK_CODE_H

#include <hsx/fuzz.h>

struct insn {
    uint32_t word, ext;
    bool has_ext;
    int target; /* index of its target instruction; -1: none */
};

struct code {
    struct insn insns[HSX_FUZZ_MAX_CODE];
    int count;
    int entry;
};

/* Whether it is a pc-relative CALL. */
bool shrink_code_is_relative_call(uint32_t word);
/* The offset of a CALL, in bytes. */
int32_t shrink_code_call_offset(const struct hsx_fuzz_task *task, uint32_t word);

void shrink_code_take_apart(const struct hsx_fuzz_task *task, struct code *code);
/* False: a jump no longer reaches its target, or no code is left for the entry. */
bool shrink_code_put_together(const struct code *code, struct hsx_fuzz_task *task);
/* Jumps to a removed instruction go to the one after it. */
void shrink_code_remove(struct code *code, int from, int count);

#endif
