// SPDX-License-Identifier: Apache-2.0
/* Variables of the source, as clang's debug information tells of them (-g). */
#ifndef HSX_CC_VARIABLES_H
#define HSX_CC_VARIABLES_H

#include "mir.h"
#include <llvm-c/Core.h>

/* What llvm.dbg.declare or llvm.dbg.value says: of which of the function's variables, which is
 * added if it is new, and what it is, or where. False: nothing that can be told simply. */
struct cc_told {
    int variable;
    LLVMValueRef value; /* declare: its address */
    bool is_address;
};

bool cc_variable_told(struct mir_function *function, LLVMValueRef call, struct cc_told *told);

#endif
