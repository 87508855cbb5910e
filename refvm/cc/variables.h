// SPDX-License-Identifier: Apache-2.0
/* Variables of the source, from clang's debug information (-g). */
#ifndef HSX_CC_VARIABLES_H
#define HSX_CC_VARIABLES_H

#include "mir.h"
#include <llvm-c/Core.h>

/* The meaning of llvm.dbg.declare or llvm.dbg.value: the variable, which is added to the
 * function if it is new, and its value or address. False: it is too complex. */
struct cc_variable_note {
    int variable;
    LLVMValueRef value; /* declare: its address */
    bool is_address;
};

bool cc_read_variable_note(struct mir_function *function, LLVMValueRef call,
                           struct cc_variable_note *noted);

#endif
