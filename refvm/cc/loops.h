// SPDX-License-Identifier: Apache-2.0
/* Loops of a function of LLVM IR: how deep each block lies, and where constants go. */
#ifndef HSX_CC_LOOPS_H
#define HSX_CC_LOOPS_H

#include <llvm-c/Core.h>
#include <stddef.h>

struct cc_loops {
    size_t count;
    LLVMBasicBlockRef *blocks; /* the function's, in their order */
    unsigned *depth;           /* loops around each */
    int *outside;              /* the block before the outermost loop around it, or -1 */
    int *before;               /* and before the innermost one */
    size_t *order;             /* blocks that are reached, in reverse postorder */
    size_t reached;
};

void cc_find_loops(struct cc_loops *loops, LLVMValueRef function);
void cc_free_loops(struct cc_loops *loops);

/* Number of a block. */
size_t cc_block_number(const struct cc_loops *loops, LLVMBasicBlockRef block);

#endif
