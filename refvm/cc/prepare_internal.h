// SPDX-License-Identifier: Apache-2.0
/* Shared by the parts of cc_prepare. */
#ifndef HSX_CC_PREPARE_INTERNAL_H
#define HSX_CC_PREPARE_INTERNAL_H

#include "prepare.h"
#include <stdint.h>

struct preparer {
    LLVMModuleRef module;
    LLVMContextRef context;
    LLVMTargetDataRef layout;
    LLVMBuilderRef builder;
    LLVMTypeRef i8, i32, i64, f32, f64, pointer;
    bool last;
    bool again; /* new instructions have still to be prepared */
};

LLVMValueRef prepare_call(struct preparer *p, const char *name, LLVMTypeRef result,
                          LLVMValueRef *arguments, unsigned count);
LLVMValueRef prepare_call1(struct preparer *p, const char *name, LLVMTypeRef result,
                           LLVMValueRef a);
LLVMValueRef prepare_call2(struct preparer *p, const char *name, LLVMTypeRef result, LLVMValueRef a,
                           LLVMValueRef b);
void prepare_replace(LLVMValueRef insn, LLVMValueRef by);
unsigned prepare_width_of(LLVMValueRef value);
LLVMTypeKind prepare_kind_of(LLVMValueRef value);
LLVMValueRef prepare_widened(struct preparer *p, LLVMValueRef value, LLVMTypeRef type,
                             bool is_signed);
LLVMValueRef prepare_narrowed(struct preparer *p, LLVMValueRef value, LLVMTypeRef type);
bool prepare_begins(const char *name, const char *with);
bool prepare_float_arithmetic(struct preparer *p, LLVMValueRef insn, LLVMOpcode opcode);
bool prepare_negation(struct preparer *p, LLVMValueRef insn);
bool prepare_float_comparison(struct preparer *p, LLVMValueRef insn);
bool prepare_to_integer(struct preparer *p, LLVMValueRef insn, bool is_signed);
bool prepare_from_integer(struct preparer *p, LLVMValueRef insn, bool is_signed);
bool prepare_float_width(struct preparer *p, LLVMValueRef insn);
LLVMValueRef prepare_float_call(struct preparer *p, LLVMValueRef insn, const char *name);
bool prepare_intrinsic(struct preparer *p, LLVMValueRef insn);

#endif
