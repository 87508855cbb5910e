// SPDX-License-Identifier: Apache-2.0
#include "prepare.h"
#include "memory.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_INLINE_BYTES = 32 };

struct preparer {
    LLVMModuleRef module;
    LLVMContextRef context;
    LLVMTargetDataRef layout;
    LLVMBuilderRef builder;
    LLVMTypeRef i8, i32, i64, f32, f64, pointer;
    bool last;
};

static const char *const runtime[] = {
    "__udivsi3",
    "__umodsi3",
    "__divdi3",
    "__moddi3",
    "__udivdi3",
    "__umoddi3",
    "__muldi3",
    "__umulovdi",
    "__smulovdi",
    "__ashldi3",
    "__lshrdi3",
    "__ashrdi3",
    "__addsf3",
    "__subsf3",
    "__mulsf3",
    "__divsf3",
    "__adddf3",
    "__subdf3",
    "__muldf3",
    "__divdf3",
    "__cmpsf",
    "__cmpdf",
    "__cmphf",
    "__fixsfsi",
    "__fixsfdi",
    "__fixunssfsi",
    "__fixunssfdi",
    "__fixdfsi",
    "__fixdfdi",
    "__fixunsdfsi",
    "__fixunsdfdi",
    "__floatsisf",
    "__floatdisf",
    "__floatunsisf",
    "__floatundisf",
    "__floatsidf",
    "__floatdidf",
    "__floatunsidf",
    "__floatundidf",
    "__extendsfdf2",
    "__truncdfsf2",
    "__extendhfsf2",
    "__truncsfhf2",
    "__truncdfhf2",
    "__floatunsihf",
    "__popcountsi2",
    "__popcountdi2",
    "__clzsi2",
    "__clzdi2",
    "__ctzsi2",
    "__ctzdi2",
    "__bswapsi2",
    "__bswapdi2",
    "__bitreversesi2",
    "__bitreversedi2",
    "memcpy",
    "memset",
    "memmove",
    "fmaf",
    "fma",
    "sqrtf",
    "sqrt",
    "floorf",
    "floor",
    "ceilf",
    "ceil",
    "truncf",
    "trunc",
    "roundf",
    "round",
    "rintf",
    "rint",
    "fminf",
    "fmin",
    "fmaxf",
    "fmax",
};

bool cc_is_runtime(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof runtime / sizeof *runtime; i++) {
        if (strlen(runtime[i]) == size && memcmp(name, runtime[i], size) == 0) {
            return true;
        }
    }
    return false;
}

static LLVMValueRef call(struct preparer *p, const char *name, LLVMTypeRef result,
                         LLVMValueRef *arguments, unsigned count)
{
    LLVMTypeRef parameters[4];
    LLVMValueRef function = LLVMGetNamedFunction(p->module, name);
    LLVMTypeRef type;

    for (unsigned i = 0; i < count; i++) {
        parameters[i] = LLVMTypeOf(arguments[i]);
    }
    type = LLVMFunctionType(result, parameters, count, 0);
    if (!function) {
        function = LLVMAddFunction(p->module, name, type);
    }
    return LLVMBuildCall2(p->builder, type, function, arguments, count, "");
}

static LLVMValueRef call1(struct preparer *p, const char *name, LLVMTypeRef result, LLVMValueRef a)
{
    return call(p, name, result, &a, 1);
}

static LLVMValueRef call2(struct preparer *p, const char *name, LLVMTypeRef result, LLVMValueRef a,
                          LLVMValueRef b)
{
    LLVMValueRef arguments[2] = {a, b};

    return call(p, name, result, arguments, 2);
}

static void replace(LLVMValueRef insn, LLVMValueRef by)
{
    LLVMReplaceAllUsesWith(insn, by);
    LLVMInstructionEraseFromParent(insn);
}

static unsigned width_of(LLVMValueRef value)
{
    LLVMTypeRef type = LLVMTypeOf(value);

    return LLVMGetTypeKind(type) == LLVMIntegerTypeKind ? LLVMGetIntTypeWidth(type) : 0;
}

static LLVMTypeKind kind_of(LLVMValueRef value)
{
    return LLVMGetTypeKind(LLVMTypeOf(value));
}

static LLVMValueRef widened(struct preparer *p, LLVMValueRef value, LLVMTypeRef type,
                            bool is_signed)
{
    if (LLVMTypeOf(value) == type) {
        return value;
    }
    return is_signed ? LLVMBuildSExt(p->builder, value, type, "")
                     : LLVMBuildZExt(p->builder, value, type, "");
}

static LLVMValueRef narrowed(struct preparer *p, LLVMValueRef value, LLVMTypeRef type)
{
    return LLVMTypeOf(value) == type ? value : LLVMBuildTrunc(p->builder, value, type, "");
}

static bool prepare_division(struct preparer *p, LLVMValueRef insn, LLVMOpcode opcode)
{
    bool is_signed = opcode == LLVMSDiv || opcode == LLVMSRem;
    bool remainder = opcode == LLVMURem || opcode == LLVMSRem;
    LLVMTypeRef type = LLVMTypeOf(insn);
    unsigned width = width_of(insn);
    LLVMValueRef a = LLVMGetOperand(insn, 0);
    LLVMValueRef b = LLVMGetOperand(insn, 1);
    LLVMValueRef result;

    if (width == 0 || width > 64 || (is_signed && width <= 32)) {
        return false;
    }
    if (width < 32) {
        /* both are positive as 32-bit numbers, so the signed instruction is right */
        a = widened(p, a, p->i32, false);
        b = widened(p, b, p->i32, false);
        result =
            remainder ? LLVMBuildSRem(p->builder, a, b, "") : LLVMBuildSDiv(p->builder, a, b, "");
    } else if (width == 32) {
        result = call2(p, remainder ? "__umodsi3" : "__udivsi3", p->i32, a, b);
    } else {
        a = widened(p, a, p->i64, is_signed);
        b = widened(p, b, p->i64, is_signed);
        result = call2(p,
                       is_signed ? (remainder ? "__moddi3" : "__divdi3")
                                 : (remainder ? "__umoddi3" : "__udivdi3"),
                       p->i64, a, b);
    }
    replace(insn, narrowed(p, result, type));
    return true;
}

static bool prepare_product(struct preparer *p, LLVMValueRef insn)
{
    LLVMTypeRef type = LLVMTypeOf(insn);
    unsigned width = width_of(insn);
    LLVMValueRef result;

    if (width <= 32) {
        return false;
    }
    if (width <= 64) {
        result = call2(p, "__muldi3", p->i64, widened(p, LLVMGetOperand(insn, 0), p->i64, false),
                       widened(p, LLVMGetOperand(insn, 1), p->i64, false));
    } else {
        return false;
    }
    replace(insn, narrowed(p, result, type));
    return true;
}

static bool prepare_shift(struct preparer *p, LLVMValueRef insn, LLVMOpcode opcode)
{
    LLVMTypeRef type = LLVMTypeOf(insn);
    unsigned width = width_of(insn);
    LLVMValueRef by = LLVMGetOperand(insn, 1);
    LLVMValueRef value;

    if (width <= 32 || width > 64 || LLVMIsConstant(by)) {
        return false;
    }
    value = widened(p, LLVMGetOperand(insn, 0), p->i64, opcode == LLVMAShr);
    value = call2(p,
                  opcode == LLVMShl    ? "__ashldi3"
                  : opcode == LLVMLShr ? "__lshrdi3"
                                       : "__ashrdi3",
                  p->i64, value, narrowed(p, by, p->i32));
    replace(insn, narrowed(p, value, type));
    return true;
}

static bool prepare_float_arithmetic(struct preparer *p, LLVMValueRef insn, LLVMOpcode opcode)
{
    static const char *const names[][2] = {
        {"__addsf3", "__adddf3"},
        {"__subsf3", "__subdf3"},
        {"__mulsf3", "__muldf3"},
        {"__divsf3", "__divdf3"},
    };
    int row = opcode == LLVMFAdd ? 0 : opcode == LLVMFSub ? 1 : opcode == LLVMFMul ? 2 : 3;
    LLVMTypeKind kind = kind_of(insn);

    if (kind != LLVMFloatTypeKind && kind != LLVMDoubleTypeKind) {
        return false;
    }
    replace(insn, call2(p, names[row][kind == LLVMDoubleTypeKind], LLVMTypeOf(insn),
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

static bool prepare_negation(struct preparer *p, LLVMValueRef insn)
{
    LLVMTypeRef bits = bits_type(p, LLVMTypeOf(insn));
    LLVMValueRef value = LLVMBuildBitCast(p->builder, LLVMGetOperand(insn, 0), bits, "");

    value = LLVMBuildXor(p->builder, value, sign_mask(bits), "");
    replace(insn, LLVMBuildBitCast(p->builder, value, LLVMTypeOf(insn), ""));
    return true;
}

/* The runtime's comparison gives -1, 0 or 1, and 2 when one operand is no number. */
static bool prepare_float_comparison(struct preparer *p, LLVMValueRef insn)
{
    LLVMRealPredicate predicate = LLVMGetFCmpPredicate(insn);
    LLVMValueRef a = LLVMGetOperand(insn, 0);
    LLVMTypeKind kind = kind_of(a);
    LLVMValueRef order;
    LLVMValueRef result;
    LLVMIntPredicate integer;
    int against;

    if (predicate == LLVMRealPredicateFalse || predicate == LLVMRealPredicateTrue) {
        replace(insn, LLVMConstInt(LLVMTypeOf(insn), predicate == LLVMRealPredicateTrue, 0));
        return true;
    }
    order = call2(p,
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
    replace(insn, result);
    return true;
}

static bool prepare_to_integer(struct preparer *p, LLVMValueRef insn, bool is_signed)
{
    static const char *const names[2][2][2] = {
        {{"__fixunssfsi", "__fixunssfdi"}, {"__fixunsdfsi", "__fixunsdfdi"}},
        {{"__fixsfsi", "__fixsfdi"}, {"__fixdfsi", "__fixdfdi"}},
    };
    LLVMValueRef from = LLVMGetOperand(insn, 0);
    LLVMTypeRef type = LLVMTypeOf(insn);
    unsigned width = width_of(insn);
    LLVMValueRef value;

    if (kind_of(from) == LLVMHalfTypeKind) {
        if (is_signed && width == 32) {
            return false;
        }
        /* every finite binary16 is a 32-bit integer */
        value = LLVMBuildFPToSI(p->builder, from, p->i32, "");
        replace(insn,
                width > 32 ? LLVMBuildSExt(p->builder, value, type, "") : narrowed(p, value, type));
        return true;
    }
    if (width > 64) {
        return false;
    }
    value =
        call1(p, names[is_signed || width < 32][kind_of(from) == LLVMDoubleTypeKind][width > 32],
              width > 32 ? p->i64 : p->i32, from);
    replace(insn, narrowed(p, value, type));
    return true;
}

static bool prepare_from_integer(struct preparer *p, LLVMValueRef insn, bool is_signed)
{
    static const char *const names[2][2][2] = {
        {{"__floatunsisf", "__floatundisf"}, {"__floatunsidf", "__floatundidf"}},
        {{"__floatsisf", "__floatdisf"}, {"__floatsidf", "__floatdidf"}},
    };
    LLVMValueRef from = LLVMGetOperand(insn, 0);
    LLVMTypeRef type = LLVMTypeOf(insn);
    unsigned width = width_of(from);
    LLVMValueRef value;

    if (width > 64) {
        return false;
    }
    if (kind_of(insn) == LLVMHalfTypeKind) {
        if (width <= 32 && (is_signed || width < 32)) {
            if (width == 32) {
                return false;
            }
            value = LLVMBuildSIToFP(p->builder, widened(p, from, p->i32, is_signed), type, "");
        } else if (width == 32) {
            value = call1(p, "__floatunsihf", type, from);
        } else {
            value = call1(p, names[is_signed][0][1], p->f32, widened(p, from, p->i64, is_signed));
            value = call1(p, "__truncsfhf2", type, value);
        }
        replace(insn, value);
        return true;
    }
    value = widened(p, from, width > 32 ? p->i64 : p->i32, is_signed);
    replace(insn, call1(p, names[is_signed][kind_of(insn) == LLVMDoubleTypeKind][width > 32], type,
                        value));
    return true;
}

static bool prepare_float_width(struct preparer *p, LLVMValueRef insn)
{
    LLVMValueRef from = LLVMGetOperand(insn, 0);
    LLVMTypeKind in = kind_of(from);
    LLVMTypeKind out = kind_of(insn);
    LLVMTypeRef type = LLVMTypeOf(insn);

    if (in == LLVMHalfTypeKind && out == LLVMDoubleTypeKind) {
        from = call1(p, "__extendhfsf2", p->f32, from);
        replace(insn, call1(p, "__extendsfdf2", type, from));
        return true;
    }
    replace(insn, call1(p,
                        in == LLVMHalfTypeKind ? "__extendhfsf2"
                        : in == LLVMFloatTypeKind
                            ? (out == LLVMHalfTypeKind ? "__truncsfhf2" : "__extendsfdf2")
                        : out == LLVMHalfTypeKind ? "__truncdfhf2"
                                                  : "__truncdfsf2",
                        type, from));
    return true;
}

/* Loads and stores of up to four bytes each; data may lie at any address. */
static void copy_inline(struct preparer *p, LLVMValueRef to, LLVMValueRef from, uint64_t size)
{
    LLVMValueRef words[MOST_INLINE_BYTES];
    uint64_t places[MOST_INLINE_BYTES];
    unsigned count = 0;

    /* all loads first: source and destination may overlap */
    for (uint64_t at = 0; at < size;) {
        unsigned step = size - at >= 4 ? 4 : size - at >= 2 ? 2 : 1;
        LLVMTypeRef type = LLVMIntTypeInContext(p->context, step * 8);
        LLVMValueRef offset = LLVMConstInt(p->i32, at, 0);
        LLVMValueRef place = LLVMBuildGEP2(p->builder, p->i8, from, &offset, 1, "");

        words[count] = LLVMBuildLoad2(p->builder, type, place, "");
        LLVMSetAlignment(words[count], 1);
        places[count++] = at;
        at += step;
    }
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef offset = LLVMConstInt(p->i32, places[i], 0);
        LLVMValueRef place = LLVMBuildGEP2(p->builder, p->i8, to, &offset, 1, "");

        LLVMSetAlignment(LLVMBuildStore(p->builder, words[i], place), 1);
    }
}

static void fill_inline(struct preparer *p, LLVMValueRef to, uint8_t byte, uint64_t size)
{
    for (uint64_t at = 0; at < size;) {
        unsigned step = size - at >= 4 ? 4 : size - at >= 2 ? 2 : 1;
        LLVMTypeRef type = LLVMIntTypeInContext(p->context, step * 8);
        LLVMValueRef offset = LLVMConstInt(p->i32, at, 0);
        LLVMValueRef place = LLVMBuildGEP2(p->builder, p->i8, to, &offset, 1, "");
        LLVMValueRef value = LLVMConstInt(type, byte * 0x01010101u, 0);

        LLVMSetAlignment(LLVMBuildStore(p->builder, value, place), 1);
        at += step;
    }
}

static void prepare_memory(struct preparer *p, LLVMValueRef insn, const char *name)
{
    LLVMValueRef to = LLVMGetOperand(insn, 0);
    LLVMValueRef from = LLVMGetOperand(insn, 1);
    LLVMValueRef size = LLVMGetOperand(insn, 2);
    bool set = strcmp(name, "memset") == 0;
    LLVMValueRef arguments[3];

    if (LLVMIsAConstantInt(size) && LLVMConstIntGetZExtValue(size) <= MOST_INLINE_BYTES &&
        (!set || LLVMIsAConstantInt(from))) {
        if (set) {
            fill_inline(p, to, (uint8_t)LLVMConstIntGetZExtValue(from),
                        LLVMConstIntGetZExtValue(size));
        } else {
            copy_inline(p, to, from, LLVMConstIntGetZExtValue(size));
        }
    } else {
        arguments[0] = to;
        arguments[1] = set ? widened(p, from, p->i32, false) : from;
        arguments[2] =
            width_of(size) > 32 ? narrowed(p, size, p->i32) : widened(p, size, p->i32, false);
        call(p, name, p->pointer, arguments, 3);
    }
    LLVMInstructionEraseFromParent(insn);
}

/* A function of the runtime on 32 or 64 bits for a value of any width up to 64. */
static LLVMValueRef counted(struct preparer *p, LLVMValueRef value, const char *narrow,
                            const char *wide, unsigned *width)
{
    bool is_wide = width_of(value) > 32;
    LLVMTypeRef type = is_wide ? p->i64 : p->i32;

    *width = is_wide ? 64 : 32;
    return call1(p, is_wide ? wide : narrow, p->i32, widened(p, value, type, false));
}

static LLVMValueRef resized(struct preparer *p, LLVMValueRef value, LLVMTypeRef type)
{
    return LLVMGetIntTypeWidth(type) > width_of(value) ? LLVMBuildZExt(p->builder, value, type, "")
                                                       : narrowed(p, value, type);
}

static LLVMValueRef order_of_bits(struct preparer *p, LLVMValueRef value, const char *narrow,
                                  const char *wide)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    bool is_wide = width_of(value) > 32;
    LLVMTypeRef full = is_wide ? p->i64 : p->i32;
    LLVMValueRef result = call1(p, is_wide ? wide : narrow, full, widened(p, value, full, false));

    result = LLVMBuildLShr(p->builder, result,
                           LLVMConstInt(full, LLVMGetIntTypeWidth(full) - width_of(value), 0), "");
    return narrowed(p, result, type);
}

static LLVMValueRef minimum(struct preparer *p, LLVMIntPredicate predicate, LLVMValueRef a,
                            LLVMValueRef b)
{
    return LLVMBuildSelect(p->builder, LLVMBuildICmp(p->builder, predicate, a, b, ""), a, b, "");
}

static LLVMValueRef funnel(struct preparer *p, LLVMValueRef insn, bool left)
{
    LLVMTypeRef type = LLVMTypeOf(insn);
    unsigned width = LLVMGetIntTypeWidth(type);
    LLVMValueRef high = LLVMGetOperand(insn, 0);
    LLVMValueRef low = LLVMGetOperand(insn, 1);
    LLVMValueRef by = LLVMGetOperand(insn, 2);
    LLVMValueRef one = LLVMConstInt(type, 1, 0);
    LLVMValueRef most = LLVMConstInt(type, width - 1, 0);
    LLVMValueRef rest;
    LLVMBuilderRef b = p->builder;

    /* in two steps, so that an amount of 0 is no shift by the whole width */
    by = LLVMBuildURem(b, by, LLVMConstInt(type, width, 0), "");
    rest = LLVMBuildSub(b, most, by, "");
    if (left) {
        low = LLVMBuildLShr(b, LLVMBuildLShr(b, low, one, ""), rest, "");
        high = LLVMBuildShl(b, high, by, "");
    } else {
        high = LLVMBuildShl(b, LLVMBuildShl(b, high, one, ""), rest, "");
        low = LLVMBuildLShr(b, low, by, "");
    }
    return LLVMBuildOr(b, high, low, "");
}

static LLVMValueRef pair(struct preparer *p, LLVMTypeRef type, LLVMValueRef value,
                         LLVMValueRef overflow)
{
    LLVMValueRef whole = LLVMBuildInsertValue(p->builder, LLVMGetUndef(type), value, 0, "");

    return LLVMBuildInsertValue(p->builder, whole, overflow, 1, "");
}

/* Sum or difference with its overflow; operation: +1 or -1. */
static LLVMValueRef overflow_of_sum(struct preparer *p, LLVMValueRef a, LLVMValueRef b, bool sub,
                                    bool is_signed, LLVMValueRef *value)
{
    LLVMBuilderRef builder = p->builder;

    *value = sub ? LLVMBuildSub(builder, a, b, "") : LLVMBuildAdd(builder, a, b, "");
    if (!is_signed) {
        return sub ? LLVMBuildICmp(builder, LLVMIntULT, a, b, "")
                   : LLVMBuildICmp(builder, LLVMIntULT, *value, a, "");
    }
    {
        LLVMValueRef x = LLVMBuildXor(builder, a, sub ? b : *value, "");
        LLVMValueRef y = LLVMBuildXor(builder, sub ? a : b, *value, "");

        return LLVMBuildICmp(builder, LLVMIntSLT, LLVMBuildAnd(builder, x, y, ""),
                             LLVMConstNull(LLVMTypeOf(a)), "");
    }
}

static LLVMValueRef overflow_of_product(struct preparer *p, LLVMValueRef a, LLVMValueRef b,
                                        bool is_signed, LLVMValueRef *value)
{
    unsigned width = width_of(a);
    LLVMTypeRef wide = LLVMIntTypeInContext(p->context, width * 2);
    LLVMValueRef product;

    if (width == 64) {
        *value = LLVMBuildMul(p->builder, a, b, "");
        return LLVMBuildICmp(p->builder, LLVMIntNE,
                             call2(p, is_signed ? "__smulovdi" : "__umulovdi", p->i32, a, b),
                             LLVMConstNull(p->i32), "");
    }
    product = LLVMBuildMul(p->builder, widened(p, a, wide, is_signed),
                           widened(p, b, wide, is_signed), "");

    *value = LLVMBuildTrunc(p->builder, product, LLVMTypeOf(a), "");
    return LLVMBuildICmp(p->builder, LLVMIntNE, product, widened(p, *value, wide, is_signed), "");
}

static LLVMValueRef saturated(struct preparer *p, LLVMValueRef a, LLVMValueRef b, bool sub,
                              bool is_signed)
{
    LLVMTypeRef type = LLVMTypeOf(a);
    unsigned width = LLVMGetIntTypeWidth(type);
    LLVMValueRef value;
    LLVMValueRef over = overflow_of_sum(p, a, b, sub, is_signed, &value);
    LLVMValueRef limit;

    if (!is_signed) {
        limit = sub ? LLVMConstNull(type) : LLVMConstAllOnes(type);
    } else {
        limit = LLVMBuildXor(
            p->builder, LLVMBuildAShr(p->builder, a, LLVMConstInt(type, width - 1, 0), ""),
            LLVMBuildNot(p->builder,
                         LLVMConstShl(LLVMConstInt(type, 1, 0), LLVMConstInt(type, width - 1, 0)),
                         ""),
            "");
    }
    return LLVMBuildSelect(p->builder, over, limit, value, "");
}

static bool begins(const char *name, const char *with)
{
    return strncmp(name, with, strlen(with)) == 0;
}

static LLVMValueRef prepare_bits(struct preparer *p, LLVMValueRef insn, const char *name)
{
    LLVMValueRef value = LLVMGetOperand(insn, 0);
    LLVMTypeRef type = LLVMTypeOf(insn);
    LLVMBuilderRef b = p->builder;
    unsigned width;
    LLVMValueRef result;

    if (width_of(value) > 64) {
        return NULL;
    }
    if (begins(name, "ctpop.")) {
        return resized(p, counted(p, value, "__popcountsi2", "__popcountdi2", &width), type);
    }
    if (begins(name, "ctlz.")) {
        result = counted(p, value, "__clzsi2", "__clzdi2", &width);
        result = LLVMBuildSub(b, result, LLVMConstInt(p->i32, width - width_of(value), 0), "");
        return resized(p, result, type);
    }
    if (begins(name, "cttz.")) {
        result = counted(p, value, "__ctzsi2", "__ctzdi2", &width);
        return resized(p, minimum(p, LLVMIntULT, result, LLVMConstInt(p->i32, width_of(value), 0)),
                       type);
    }
    if (begins(name, "bswap.")) {
        return order_of_bits(p, value, "__bswapsi2", "__bswapdi2");
    }
    return order_of_bits(p, value, "__bitreversesi2", "__bitreversedi2");
}

static LLVMValueRef prepare_choice(struct preparer *p, LLVMValueRef insn, const char *name)
{
    LLVMValueRef a = LLVMGetOperand(insn, 0);
    LLVMValueRef b = LLVMGetOperand(insn, 1);

    if (begins(name, "smax.")) {
        return minimum(p, LLVMIntSGT, a, b);
    }
    if (begins(name, "smin.")) {
        return minimum(p, LLVMIntSLT, a, b);
    }
    if (begins(name, "umax.")) {
        return minimum(p, LLVMIntUGT, a, b);
    }
    if (begins(name, "umin.")) {
        return minimum(p, LLVMIntULT, a, b);
    }
    return minimum(p, LLVMIntSGT, a, LLVMBuildNeg(p->builder, a, ""));
}

static LLVMValueRef prepare_float_call(struct preparer *p, LLVMValueRef insn, const char *name)
{
    static const char *const functions[] = {"sqrt",  "floor", "ceil", "trunc",
                                            "round", "rint",  "fma"};
    LLVMTypeRef type = LLVMTypeOf(insn);
    LLVMTypeRef bits = bits_type(p, type);
    LLVMBuilderRef b = p->builder;
    LLVMValueRef arguments[3];
    unsigned count = LLVMGetNumArgOperands(insn);

    for (unsigned i = 0; i < count && i < 3; i++) {
        arguments[i] = LLVMGetOperand(insn, i);
    }
    if (begins(name, "fabs.") || begins(name, "copysign.")) {
        LLVMValueRef mask = sign_mask(bits);
        LLVMValueRef value = LLVMBuildBitCast(b, arguments[0], bits, "");

        value = LLVMBuildAnd(b, value, LLVMConstNot(mask), "");
        if (begins(name, "copysign.")) {
            LLVMValueRef sign = LLVMBuildBitCast(b, arguments[1], bits, "");

            value = LLVMBuildOr(b, value, LLVMBuildAnd(b, sign, mask, ""), "");
        }
        return LLVMBuildBitCast(b, value, type, "");
    }
    if (begins(name, "fmuladd.")) {
        return LLVMBuildFAdd(b, LLVMBuildFMul(b, arguments[0], arguments[1], ""), arguments[2], "");
    }
    if (begins(name, "minnum.") || begins(name, "maxnum.")) {
        bool single = LLVMGetTypeKind(type) == LLVMFloatTypeKind;

        return call(p,
                    begins(name, "min") ? (single ? "fminf" : "fmin") : (single ? "fmaxf" : "fmax"),
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
            return call(p, full, type, arguments, count);
        }
    }
    return NULL;
}

static LLVMValueRef prepare_overflow(struct preparer *p, LLVMValueRef insn, const char *name)
{
    bool is_signed = name[0] == 's';
    LLVMValueRef a = LLVMGetOperand(insn, 0);
    LLVMValueRef b = LLVMGetOperand(insn, 1);
    LLVMValueRef value;
    LLVMValueRef over;

    if (begins(name + 1, "mul")) {
        over = overflow_of_product(p, a, b, is_signed, &value);
    } else {
        over = overflow_of_sum(p, a, b, begins(name + 1, "sub"), is_signed, &value);
    }
    return pair(p, LLVMTypeOf(insn), value, over);
}

static bool one_of(const char *name, const char *const *list)
{
    for (; *list; list++) {
        if (begins(name, *list)) {
            return true;
        }
    }
    return false;
}

static bool prepare_intrinsic(struct preparer *p, LLVMValueRef insn)
{
    static const char *const bits[] = {"ctpop.", "ctlz.", "cttz.", "bswap.", "bitreverse.", NULL};
    static const char *const choices[] = {"smax.", "smin.", "umax.", "umin.", "abs.", NULL};
    static const char *const overflows[] = {"sadd.with", "uadd.with", "ssub.with", "usub.with",
                                            "smul.with", "umul.with", NULL};
    static const char *const saturating[] = {"sadd.sat", "uadd.sat", "ssub.sat", "usub.sat", NULL};
    LLVMValueRef called = LLVMGetCalledValue(insn);
    LLVMValueRef result = NULL;
    const char *name;
    size_t size;

    if (!LLVMIsAFunction(called)) {
        return false;
    }
    name = LLVMGetValueName2(called, &size);
    if (!begins(name, "llvm.")) {
        return false;
    }
    name += strlen("llvm.");
    if (begins(name, "memcpy.") || begins(name, "memmove.") || begins(name, "memset.")) {
        prepare_memory(p, insn,
                       begins(name, "memcpy.")    ? "memcpy"
                       : begins(name, "memmove.") ? "memmove"
                                                  : "memset");
        return true;
    }
    if (one_of(name, bits)) {
        result = prepare_bits(p, insn, name);
    } else if (one_of(name, choices)) {
        result = prepare_choice(p, insn, name);
    } else if (begins(name, "fshl.") || begins(name, "fshr.")) {
        result = funnel(p, insn, name[3] == 'l');
    } else if (one_of(name, overflows)) {
        result = prepare_overflow(p, insn, name);
    } else if (one_of(name, saturating)) {
        result = saturated(p, LLVMGetOperand(insn, 0), LLVMGetOperand(insn, 1),
                           begins(name + 1, "sub"), name[0] == 's');
    } else if (begins(name, "expect.")) {
        result = LLVMGetOperand(insn, 0);
    } else if (begins(name, "objectsize.")) {
        result = LLVMConstAllOnes(LLVMTypeOf(insn));
    } else if (begins(name, "is.constant.")) {
        result = LLVMConstNull(LLVMTypeOf(insn));
    } else {
        result = prepare_float_call(p, insn, name);
    }
    if (!result) {
        return false;
    }
    replace(insn, result);
    return true;
}

/* x & 1, as a condition: icmp ne (and x, 1), 0 */
static LLVMValueRef lowest_bit(LLVMValueRef condition, bool *inverted)
{
    LLVMValueRef bit;
    LLVMValueRef mask;

    if (!LLVMIsAICmpInst(condition) || width_of(LLVMGetOperand(condition, 0)) != 32 ||
        !LLVMIsNull(LLVMGetOperand(condition, 1))) {
        return NULL;
    }
    bit = LLVMGetOperand(condition, 0);
    if (!LLVMIsABinaryOperator(bit) || LLVMGetInstructionOpcode(bit) != LLVMAnd) {
        return NULL;
    }
    mask = LLVMGetOperand(bit, 1);
    *inverted = LLVMGetICmpPredicate(condition) == LLVMIntEQ;
    if (!LLVMIsAConstantInt(mask) || LLVMConstIntGetZExtValue(mask) != 1 ||
        (!*inverted && LLVMGetICmpPredicate(condition) != LLVMIntNE)) {
        return NULL;
    }
    return bit;
}

/* A value or 0 by a bit: -bit & value is shorter than a jump around. */
static bool prepare_select(struct preparer *p, LLVMValueRef insn)
{
    bool inverted;
    LLVMValueRef bit = lowest_bit(LLVMGetOperand(insn, 0), &inverted);
    LLVMValueRef yes = LLVMGetOperand(insn, 1);
    LLVMValueRef no = LLVMGetOperand(insn, 2);
    LLVMValueRef mask;

    if (!bit || width_of(insn) != 32) {
        return false;
    }
    if (inverted) {
        LLVMValueRef swap = yes;

        yes = no;
        no = swap;
    }
    if (LLVMIsNull(no)) {
        mask = LLVMBuildNeg(p->builder, bit, "");
    } else if (LLVMIsNull(yes)) {
        mask = LLVMBuildSub(p->builder, bit, LLVMConstInt(p->i32, 1, 0), "");
        yes = no;
    } else {
        return false;
    }
    replace(insn, LLVMBuildAnd(p->builder, mask, yes, ""));
    return true;
}

static bool is_address(LLVMValueRef constant)
{
    switch (LLVMGetConstOpcode(constant)) {
    case LLVMGetElementPtr:
    case LLVMBitCast:
    case LLVMPtrToInt:
    case LLVMIntToPtr:
        return true;
    case LLVMAdd:
    case LLVMSub:
        return LLVMIsAConstantInt(LLVMGetOperand(constant, 1)) && width_of(constant) == 32;
    default:
        return false;
    }
}

/* An address whose parts are addresses too is one symbol and an offset. */
static bool is_simple(LLVMValueRef constant)
{
    while (LLVMIsAConstantExpr(constant)) {
        if (!is_address(constant)) {
            return false;
        }
        constant = LLVMGetOperand(constant, 0);
    }
    return true;
}

/* A constant expression as instructions; the constant itself where it is simple, NULL
 * where it is of a kind that is not known here. */
static LLVMValueRef unfolded(struct preparer *p, LLVMValueRef constant)
{
    LLVMTypeRef type = LLVMTypeOf(constant);
    LLVMBuilderRef b = p->builder;
    LLVMOpcode opcode;
    LLVMValueRef a;

    if (!LLVMIsAConstantExpr(constant) || is_simple(constant)) {
        return constant;
    }
    opcode = LLVMGetConstOpcode(constant);
    a = unfolded(p, LLVMGetOperand(constant, 0));
    if (!a) {
        return NULL;
    }
    /* of constants alone the builder would make the same expression again */
    a = LLVMBuildFreeze(b, a, "");
    switch (opcode) {
    case LLVMICmp:
        return LLVMBuildICmp(b, LLVMGetICmpPredicate(constant), a,
                             unfolded(p, LLVMGetOperand(constant, 1)), "");
    case LLVMSelect:
        return LLVMBuildSelect(b, a, unfolded(p, LLVMGetOperand(constant, 1)),
                               unfolded(p, LLVMGetOperand(constant, 2)), "");
    case LLVMTrunc:
    case LLVMZExt:
    case LLVMSExt:
    case LLVMPtrToInt:
    case LLVMIntToPtr:
    case LLVMBitCast:
        return LLVMBuildCast(b, opcode, a, type, "");
    case LLVMAdd:
    case LLVMSub:
    case LLVMMul:
    case LLVMAnd:
    case LLVMOr:
    case LLVMXor:
    case LLVMShl:
    case LLVMLShr:
    case LLVMAShr:
        return LLVMBuildBinOp(b, opcode, a, unfolded(p, LLVMGetOperand(constant, 1)), "");
    case LLVMGetElementPtr: {
        LLVMValueRef indices[8];
        unsigned count = (unsigned)LLVMGetNumOperands(constant) - 1;

        if (count > 8) {
            return NULL;
        }
        for (unsigned i = 0; i < count; i++) {
            indices[i] = LLVMGetOperand(constant, i + 1);
        }
        return LLVMBuildGEP2(b, LLVMGetGEPSourceElementType(constant), a, indices, count, "");
    }
    default:
        return NULL;
    }
}

static void unfold_operands(struct preparer *p, LLVMValueRef insn)
{
    for (int i = 0; i < LLVMGetNumOperands(insn); i++) {
        LLVMValueRef operand = LLVMGetOperand(insn, (unsigned)i);
        LLVMValueRef made;

        if (!LLVMIsAConstantExpr(operand) || is_simple(operand)) {
            continue;
        }
        if (LLVMIsAPHINode(insn)) {
            LLVMPositionBuilderBefore(
                p->builder, LLVMGetBasicBlockTerminator(LLVMGetIncomingBlock(insn, (unsigned)i)));
        } else {
            LLVMPositionBuilderBefore(p->builder, insn);
        }
        made = unfolded(p, operand);
        if (made && made != operand) {
            LLVMSetOperand(insn, (unsigned)i, made);
        }
    }
}

static bool prepare_insn(struct preparer *p, LLVMValueRef insn)
{
    LLVMOpcode opcode = LLVMGetInstructionOpcode(insn);

    unfold_operands(p, insn);
    LLVMPositionBuilderBefore(p->builder, insn);
    switch (opcode) {
    case LLVMSelect:
        return p->last && prepare_select(p, insn);
    case LLVMUDiv:
    case LLVMURem:
    case LLVMSDiv:
    case LLVMSRem:
        return prepare_division(p, insn, opcode);
    case LLVMMul:
        return prepare_product(p, insn);
    case LLVMShl:
    case LLVMLShr:
    case LLVMAShr:
        return prepare_shift(p, insn, opcode);
    case LLVMFAdd:
    case LLVMFSub:
    case LLVMFMul:
    case LLVMFDiv:
        return prepare_float_arithmetic(p, insn, opcode);
    case LLVMFNeg:
        return prepare_negation(p, insn);
    case LLVMFCmp:
        return prepare_float_comparison(p, insn);
    case LLVMFPToSI:
    case LLVMFPToUI:
        return prepare_to_integer(p, insn, opcode == LLVMFPToSI);
    case LLVMSIToFP:
    case LLVMUIToFP:
        return prepare_from_integer(p, insn, opcode == LLVMSIToFP);
    case LLVMFPExt:
    case LLVMFPTrunc:
        return prepare_float_width(p, insn);
    case LLVMCall:
        return prepare_intrinsic(p, insn);
    default:
        return false;
    }
}

static void prepare_block(struct preparer *p, LLVMBasicBlockRef block)
{
    LLVMValueRef insn = LLVMGetFirstInstruction(block);

    while (insn) {
        LLVMValueRef before = LLVMGetPreviousInstruction(insn);
        LLVMValueRef after = LLVMGetNextInstruction(insn);

        /* What replaces it may have to be prepared in turn. */
        if (prepare_insn(p, insn)) {
            insn = before ? LLVMGetNextInstruction(before) : LLVMGetFirstInstruction(block);
        } else {
            insn = after;
        }
    }
}

void cc_prepare(LLVMModuleRef module, LLVMTargetDataRef layout, bool last)
{
    LLVMContextRef context = LLVMGetModuleContext(module);
    struct preparer p = {.module = module, .context = context, .layout = layout, .last = last};

    p.builder = LLVMCreateBuilderInContext(context);
    p.i8 = LLVMInt8TypeInContext(context);
    p.i32 = LLVMInt32TypeInContext(context);
    p.i64 = LLVMInt64TypeInContext(context);
    p.f32 = LLVMFloatTypeInContext(context);
    p.f64 = LLVMDoubleTypeInContext(context);
    p.pointer = LLVMPointerTypeInContext(context, 0);
    for (LLVMValueRef function = LLVMGetFirstFunction(module); function;
         function = LLVMGetNextFunction(function)) {
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block;
             block = LLVMGetNextBasicBlock(block)) {
            prepare_block(&p, block);
        }
    }
    LLVMDisposeBuilder(p.builder);
}
