// SPDX-License-Identifier: Apache-2.0
/* Loops of an LLVM IR function: the depth of each block, and where to put constants. */
#ifndef HSX_CC_LOOPS_H
#define HSX_CC_LOOPS_H

#include <llvm-c/Core.h>
#include <stddef.h>

struct cc_loops {
    size_t count;
    LLVMBasicBlockRef *blocks; /* the function's, in order */
    unsigned *depth;           /* the number of loops around each */
    int *outside;              /* the block before the outermost loop around it, or -1 */
    int *before;               /* the block before the innermost one, or -1 */
    size_t *order;             /* reachable blocks, in reverse postorder */
    size_t reached;
};

void cc_find_loops(struct cc_loops *loops, LLVMValueRef function);
void cc_free_loops(struct cc_loops *loops);

/* Number of a block. */
size_t cc_block_number(const struct cc_loops *loops, LLVMBasicBlockRef block);

#endif
