// SPDX-License-Identifier: Apache-2.0
/* Constants of LLVM IR as bits and offsets. */
#ifndef HSX_CC_CONSTANTS_H
#define HSX_CC_CONSTANTS_H

#include "names.h"
#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <stdbool.h>
#include <stdint.h>

/* Word `part` of a binary16, binary32 or binary64 constant; false: another type. */
bool cc_float_bits(LLVMValueRef constant, unsigned part, uint32_t *bits);

/* The bytes from a getelementptr's base to its result, if all indices are constants. */
bool cc_constant_offset(LLVMTargetDataRef layout, LLVMValueRef pointer, int64_t *offset);

/* The bytes added per unit of index `number` (from 1, the base is 0); for a field of a
 * structure its offset, with *fixed set. */
int64_t cc_index_scale(LLVMTargetDataRef layout, LLVMValueRef pointer, unsigned number,
                       LLVMTypeRef *type, bool *fixed);

/* A constant address as a label and an offset; for a plain number *symbol is NULL. False:
 * it is neither. */
bool cc_constant_address(LLVMTargetDataRef layout, struct cc_names *names, LLVMValueRef value,
                         const char **symbol, int64_t *offset);

#endif
