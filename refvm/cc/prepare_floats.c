// SPDX-License-Identifier: Apache-2.0
/* Floating point: float and double by library functions; binary16 operations without an
 * instruction by float. */
#include "prepare_internal.h"
#include <stdio.h>
#include <string.h>

bool prepare_float_arithmetic(struct preparer *p, LLVMValueRef insn, LLVMOpcode opcode)
{
    static const char *const names[][2] = {
        {"__addsf3", "__adddf3"},
        {"__subsf3", "__subdf3"},
        {"__mulsf3", "__muldf3"},
        {"__divsf3", "__divdf3"},
    };
    int row = opcode == LLVMFAdd ? 0 : opcode == LLVMFSub ? 1 : opcode == LLVMFMul ? 2 : 3;
    LLVMTypeKind kind = prepare_kind_of(insn);

    if (kind != LLVMFloatTypeKind && kind != LLVMDoubleTypeKind) {
        return false;
    }
    prepare_replace(insn, prepare_call2(p, names[row][kind == LLVMDoubleTypeKind], LLVMTypeOf(insn),
                                        LLVMGetOperand(insn, 0), LLVMGetOperand(insn, 1)));
    return true;
}

/* The type of integers as wide as this floating-point type. */
static LLVMTypeRef bits_type(struct preparer *p, LLVMTypeRef type)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMHalfTypeKind:
        return LLVMInt16TypeInContext(p->context);
    case LLVMFloatTypeKind:
        return p->i32;
    default:
        return p->i64;
    }
}

static LLVMValueRef sign_mask(LLVMTypeRef bits)
{
    return LLVMConstInt(bits, 1ull << (LLVMGetIntTypeWidth(bits) - 1), 0);
}

bool prepare_negation(struct preparer *p, LLVMValueRef insn)
{
    LLVMTypeRef bits = bits_type(p, LLVMTypeOf(insn));
    LLVMValueRef value = LLVMBuildBitCast(p->builder, LLVMGetOperand(insn, 0), bits, "");

    value = LLVMBuildXor(p->builder, value, sign_mask(bits), "");
    prepare_replace(insn, LLVMBuildBitCast(p->builder, value, LLVMTypeOf(insn), ""));
    return true;
}

/* The runtime's comparison gives -1, 0 or 1, and 2 if one operand is NaN. */
bool prepare_float_comparison(struct preparer *p, LLVMValueRef insn)
{
    LLVMRealPredicate predicate = LLVMGetFCmpPredicate(insn);
    LLVMValueRef a = LLVMGetOperand(insn, 0);
    LLVMTypeKind kind = prepare_kind_of(a);
    LLVMValueRef order;
    LLVMValueRef result;
    LLVMIntPredicate integer;
    int against;

    if (predicate == LLVMRealPredicateFalse || predicate == LLVMRealPredicateTrue) {
        prepare_replace(insn,
                        LLVMConstInt(LLVMTypeOf(insn), predicate == LLVMRealPredicateTrue, 0));
        return true;
    }
    order = prepare_call2(p,
                          kind == LLVMHalfTypeKind    ? "__cmphf"
                          : kind == LLVMFloatTypeKind ? "__cmpsf"
                                                      : "__cmpdf",
                          p->i32, a, LLVMGetOperand(insn, 1));
    switch (predicate) {
    case LLVMRealOEQ:
        integer = LLVMIntEQ, against = 0;
        break;
    case LLVMRealUNE:
        integer = LLVMIntNE, against = 0;
        break;
    case LLVMRealOGT:
        integer = LLVMIntEQ, against = 1;
        break;
    case LLVMRealULE:
        integer = LLVMIntNE, against = 1;
        break;
    case LLVMRealOLT:
        integer = LLVMIntEQ, against = -1;
        break;
    case LLVMRealUGE:
        integer = LLVMIntNE, against = -1;
        break;
    case LLVMRealORD:
        integer = LLVMIntNE, against = 2;
        break;
    case LLVMRealUNO:
        integer = LLVMIntEQ, against = 2;
        break;
    case LLVMRealOLE:
        integer = LLVMIntSLE, against = 0;
        break;
    case LLVMRealUGT:
        integer = LLVMIntSGT, against = 0;
        break;
    case LLVMRealOGE: /* 0 or 1 */
    case LLVMRealULT: /* -1 or 2 */
        integer = predicate == LLVMRealOGE ? LLVMIntULT : LLVMIntUGE, against = 2;
        break;
    default: /* ONE: -1 or 1, UEQ: 0 or 2; their lowest bits */
        order = LLVMBuildAnd(p->builder, order, LLVMConstInt(p->i32, 1, 0), "");
        integer = predicate == LLVMRealONE ? LLVMIntNE : LLVMIntEQ, against = 0;
        break;
    }
    result = LLVMBuildICmp(p->builder, integer, order,
                           LLVMConstInt(p->i32, (unsigned long long)(long long)against, 1), "");
    prepare_replace(insn, result);
    return true;
}

bool prepare_to_integer(struct preparer *p, LLVMValueRef insn, bool is_signed)
{
    static const char *const names[2][2][2] = {
        {{"__fixunssfsi", "__fixunssfdi"}, {"__fixunsdfsi", "__fixunsdfdi"}},
        {{"__fixsfsi", "__fixsfdi"}, {"__fixdfsi", "__fixdfdi"}},
    };
    LLVMValueRef from = LLVMGetOperand(insn, 0);
    LLVMTypeRef type = LLVMTypeOf(insn);
    unsigned width = prepare_width_of(insn);
    LLVMValueRef value;

    if (prepare_kind_of(from) == LLVMHalfTypeKind) {
        if (is_signed && width == 32) {
            return false;
        }
        /* every finite binary16 is a 32-bit integer */
        value = LLVMBuildFPToSI(p->builder, from, p->i32, "");
        prepare_replace(insn, width > 32 ? LLVMBuildSExt(p->builder, value, type, "")
                                         : prepare_narrowed(p, value, type));
        return true;
    }
    if (width > 64) {
        return false;
    }
    value = prepare_call1(
        p, names[is_signed || width < 32][prepare_kind_of(from) == LLVMDoubleTypeKind][width > 32],
        width > 32 ? p->i64 : p->i32, from);
    prepare_replace(insn, prepare_narrowed(p, value, type));
    return true;
}

bool prepare_from_integer(struct preparer *p, LLVMValueRef insn, bool is_signed)
{
    static const char *const names[2][2][2] = {
        {{"__floatunsisf", "__floatundisf"}, {"__floatunsidf", "__floatundidf"}},
        {{"__floatsisf", "__floatdisf"}, {"__floatsidf", "__floatdidf"}},
    };
    LLVMValueRef from = LLVMGetOperand(insn, 0);
    LLVMTypeRef type = LLVMTypeOf(insn);
    unsigned width = prepare_width_of(from);
    LLVMValueRef value;

    if (width > 64) {
        return false;
    }
    if (prepare_kind_of(insn) == LLVMHalfTypeKind) {
        if (width <= 32 && (is_signed || width < 32)) {
            if (width == 32) {
                return false;
            }
            value =
                LLVMBuildSIToFP(p->builder, prepare_widened(p, from, p->i32, is_signed), type, "");
        } else if (width == 32) {
            value = prepare_call1(p, "__floatunsihf", type, from);
        } else {
            value = prepare_call1(p, names[is_signed][0][1], p->f32,
                                  prepare_widened(p, from, p->i64, is_signed));
            value = prepare_call1(p, "__truncsfhf2", type, value);
        }
        prepare_replace(insn, value);
        return true;
    }
    value = prepare_widened(p, from, width > 32 ? p->i64 : p->i32, is_signed);
    prepare_replace(
        insn,
        prepare_call1(p, names[is_signed][prepare_kind_of(insn) == LLVMDoubleTypeKind][width > 32],
                      type, value));
    return true;
}

bool prepare_float_width(struct preparer *p, LLVMValueRef insn)
{
    LLVMValueRef from = LLVMGetOperand(insn, 0);
    LLVMTypeKind in = prepare_kind_of(from);
    LLVMTypeKind out = prepare_kind_of(insn);
    LLVMTypeRef type = LLVMTypeOf(insn);

    if (in == LLVMHalfTypeKind && out == LLVMDoubleTypeKind) {
        from = prepare_call1(p, "__extendhfsf2", p->f32, from);
        prepare_replace(insn, prepare_call1(p, "__extendsfdf2", type, from));
        return true;
    }
    prepare_replace(insn,
                    prepare_call1(p,
                                  in == LLVMHalfTypeKind ? "__extendhfsf2"
                                  : in == LLVMFloatTypeKind
                                      ? (out == LLVMHalfTypeKind ? "__truncsfhf2" : "__extendsfdf2")
                                  : out == LLVMHalfTypeKind ? "__truncdfhf2"
                                                            : "__truncdfsf2",
                                  type, from));
    return true;
}

LLVMValueRef prepare_float_call(struct preparer *p, LLVMValueRef insn, const char *name)
{
    static const char *const functions[] = {"sqrt",  "floor", "ceil", "trunc",
                                            "round", "rint",  "fma"};
    LLVMTypeRef type = LLVMTypeOf(insn);
    LLVMTypeRef bits = bits_type(p, type);
    LLVMBuilderRef b = p->builder;
    LLVMValueRef arguments[3] = {NULL};
    unsigned count = LLVMGetNumArgOperands(insn);

    for (unsigned i = 0; i < count && i < 3; i++) {
        arguments[i] = LLVMGetOperand(insn, i);
    }
    if (prepare_begins(name, "fabs.") || prepare_begins(name, "copysign.")) {
        LLVMValueRef mask = sign_mask(bits);
        LLVMValueRef value = LLVMBuildBitCast(b, arguments[0], bits, "");

        value = LLVMBuildAnd(b, value, LLVMConstNot(mask), "");
        if (prepare_begins(name, "copysign.")) {
            LLVMValueRef sign = LLVMBuildBitCast(b, arguments[1], bits, "");

            value = LLVMBuildOr(b, value, LLVMBuildAnd(b, sign, mask, ""), "");
        }
        return LLVMBuildBitCast(b, value, type, "");
    }
    if (prepare_begins(name, "fmuladd.")) {
        return LLVMBuildFAdd(b, LLVMBuildFMul(b, arguments[0], arguments[1], ""), arguments[2], "");
    }
    if (prepare_begins(name, "minnum.") || prepare_begins(name, "maxnum.")) {
        bool single = LLVMGetTypeKind(type) == LLVMFloatTypeKind;

        return prepare_call(p,
                            prepare_begins(name, "min") ? (single ? "fminf" : "fmin")
                                                        : (single ? "fmaxf" : "fmax"),
                            type, arguments, 2);
    }
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        size_t length = strlen(functions[i]);

        if (strncmp(name, functions[i], length) == 0 && name[length] == '.') {
            char full[16];

            if (LLVMGetTypeKind(type) == LLVMHalfTypeKind) {
                return NULL;
            }
            snprintf(full, sizeof full, "%s%s", functions[i],
                     LLVMGetTypeKind(type) == LLVMFloatTypeKind ? "f" : "");
            return prepare_call(p, full, type, arguments, count);
        }
    }
    return NULL;
}
