// SPDX-License-Identifier: Apache-2.0
/*
 * Instruction selection: turns an LLVM IR function, prepared by cc_prepare, into machine
 * code with virtual registers.
 */
#ifndef HSX_CC_SELECT_H
#define HSX_CC_SELECT_H

#include "mir.h"
#include "names.h"
#include "sources.h"
#include <llvm-c/Core.h>
#include <llvm-c/Target.h>

struct cc_target {
    LLVMTargetDataRef layout;
    struct cc_names *names;
    struct cc_sources *sources;
};

/* The machine code of function, to be freed with mir_free. NULL: *error, to be freed,
 * says what is not supported and where. */
struct mir_function *cc_select(const struct cc_target *target, LLVMValueRef function, char **error);

#endif
