// SPDX-License-Identifier: Apache-2.0
/*
 * Prepares LLVM IR for selection: operations without an HSX instruction become calls of
 * the runtime library (lib/), which is linked into the same module, or simpler
 * operations.
 */
#ifndef HSX_CC_PREPARE_H
#define HSX_CC_PREPARE_H

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <stdbool.h>

/* Whether code made by cc_prepare may call this function of the runtime library. */
bool cc_is_runtime(const char *name, size_t size);

/* last: no optimization follows that would undo forms that are shorter on HSX. */
void cc_prepare(LLVMModuleRef module, LLVMTargetDataRef layout, bool last);

#endif
