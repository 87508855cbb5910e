// SPDX-License-Identifier: Apache-2.0
/*
 * LLVM IR made ready for selection: what HSX has no instruction for becomes calls of the
 * runtime library (lib/), which is linked into the same module, or simpler operations.
 */
#ifndef HSX_CC_PREPARE_H
#define HSX_CC_PREPARE_H

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <stdbool.h>

/* Whether a function of the runtime library may be called by what cc_prepare makes. */
bool cc_is_runtime(const char *name, size_t size);

/* last: no optimization follows that would undo what is shorter on HSX. */
void cc_prepare(LLVMModuleRef module, LLVMTargetDataRef layout, bool last);

#endif
