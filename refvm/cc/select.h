// SPDX-License-Identifier: Apache-2.0
/*
 * Instruction selection: a function of LLVM IR, prepared by cc_prepare, as machine code
 * over virtual registers.
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

/* The machine code of function, to be freed by mir_free, or NULL: *error, to be freed,
 * says what is not supported and where. */
struct mir_function *cc_select(const struct cc_target *target, LLVMValueRef function, char **error);

#endif
