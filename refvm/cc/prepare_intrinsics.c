// SPDX-License-Identifier: Apache-2.0
/* LLVM's intrinsic functions as simpler operations. */
#include "prepare_internal.h"
#include <string.h>

enum { MOST_INLINE_BYTES = 32 };

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
        arguments[1] = set ? prepare_widened(p, from, p->i32, false) : from;
        arguments[2] = prepare_width_of(size) > 32 ? prepare_narrowed(p, size, p->i32)
                                                   : prepare_widened(p, size, p->i32, false);
        prepare_call(p, name, p->pointer, arguments, 3);
    }
    LLVMInstructionEraseFromParent(insn);
}

/* Calls a runtime function on 32 or 64 bits for a value of any width up to 64. */
static LLVMValueRef counted(struct preparer *p, LLVMValueRef value, const char *narrow,
                            const char *wide, unsigned *width)
{
    bool is_wide = prepare_width_of(value) > 32;
    LLVMTypeRef type = is_wide ? p->i64 : p->i32;

    *width = is_wide ? 64 : 32;
    return prepare_call1(p, is_wide ? wide : narrow, p->i32,
                         prepare_widened(p, value, type, false));
}

static LLVMValueRef resized(struct preparer *p, LLVMValueRef value, LLVMTypeRef type)
{
    return LLVMGetIntTypeWidth(type) > prepare_width_of(value)
               ? LLVMBuildZExt(p->builder, value, type, "")
               : prepare_narrowed(p, value, type);
}

static LLVMValueRef order_of_bits(struct preparer *p, LLVMValueRef value, const char *narrow,
                                  const char *wide)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    bool is_wide = prepare_width_of(value) > 32;
    LLVMTypeRef full = is_wide ? p->i64 : p->i32;
    LLVMValueRef result =
        prepare_call1(p, is_wide ? wide : narrow, full, prepare_widened(p, value, full, false));

    result = LLVMBuildLShr(
        p->builder, result,
        LLVMConstInt(full, LLVMGetIntTypeWidth(full) - prepare_width_of(value), 0), "");
    return prepare_narrowed(p, result, type);
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

    /* in two steps, so that an amount of 0 does not shift by the whole width */
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
    unsigned width = prepare_width_of(a);
    LLVMTypeRef wide = LLVMIntTypeInContext(p->context, width * 2);
    LLVMValueRef product;

    if (width == 64) {
        *value = LLVMBuildMul(p->builder, a, b, "");
        return LLVMBuildICmp(
            p->builder, LLVMIntNE,
            prepare_call2(p, is_signed ? "__smulovdi" : "__umulovdi", p->i32, a, b),
            LLVMConstNull(p->i32), "");
    }
    product = LLVMBuildMul(p->builder, prepare_widened(p, a, wide, is_signed),
                           prepare_widened(p, b, wide, is_signed), "");

    *value = LLVMBuildTrunc(p->builder, product, LLVMTypeOf(a), "");
    return LLVMBuildICmp(p->builder, LLVMIntNE, product,
                         prepare_widened(p, *value, wide, is_signed), "");
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

static LLVMValueRef prepare_bits(struct preparer *p, LLVMValueRef insn, const char *name)
{
    LLVMValueRef value = LLVMGetOperand(insn, 0);
    LLVMTypeRef type = LLVMTypeOf(insn);
    LLVMBuilderRef b = p->builder;
    unsigned width;
    LLVMValueRef result;

    if (prepare_width_of(value) > 64) {
        return NULL;
    }
    if (prepare_begins(name, "ctpop.")) {
        return resized(p, counted(p, value, "__popcountsi2", "__popcountdi2", &width), type);
    }
    if (prepare_begins(name, "ctlz.")) {
        result = counted(p, value, "__clzsi2", "__clzdi2", &width);
        result =
            LLVMBuildSub(b, result, LLVMConstInt(p->i32, width - prepare_width_of(value), 0), "");
        return resized(p, result, type);
    }
    if (prepare_begins(name, "cttz.")) {
        result = counted(p, value, "__ctzsi2", "__ctzdi2", &width);
        return resized(
            p, minimum(p, LLVMIntULT, result, LLVMConstInt(p->i32, prepare_width_of(value), 0)),
            type);
    }
    if (prepare_begins(name, "bswap.")) {
        return order_of_bits(p, value, "__bswapsi2", "__bswapdi2");
    }
    return order_of_bits(p, value, "__bitreversesi2", "__bitreversedi2");
}

static LLVMValueRef prepare_choice(struct preparer *p, LLVMValueRef insn, const char *name)
{
    LLVMValueRef a = LLVMGetOperand(insn, 0);
    LLVMValueRef b = LLVMGetOperand(insn, 1);

    if (prepare_begins(name, "smax.")) {
        return minimum(p, LLVMIntSGT, a, b);
    }
    if (prepare_begins(name, "smin.")) {
        return minimum(p, LLVMIntSLT, a, b);
    }
    if (prepare_begins(name, "umax.")) {
        return minimum(p, LLVMIntUGT, a, b);
    }
    if (prepare_begins(name, "umin.")) {
        return minimum(p, LLVMIntULT, a, b);
    }
    return minimum(p, LLVMIntSGT, a, LLVMBuildNeg(p->builder, a, ""));
}

static LLVMValueRef prepare_overflow(struct preparer *p, LLVMValueRef insn, const char *name)
{
    bool is_signed = name[0] == 's';
    LLVMValueRef a = LLVMGetOperand(insn, 0);
    LLVMValueRef b = LLVMGetOperand(insn, 1);
    LLVMValueRef value;
    LLVMValueRef over;

    if (prepare_begins(name + 1, "mul")) {
        over = overflow_of_product(p, a, b, is_signed, &value);
    } else {
        over = overflow_of_sum(p, a, b, prepare_begins(name + 1, "sub"), is_signed, &value);
    }
    return pair(p, LLVMTypeOf(insn), value, over);
}

static bool one_of(const char *name, const char *const *list)
{
    for (; *list; list++) {
        if (prepare_begins(name, *list)) {
            return true;
        }
    }
    return false;
}

bool prepare_intrinsic(struct preparer *p, LLVMValueRef insn)
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
    if (!prepare_begins(name, "llvm.")) {
        return false;
    }
    name += strlen("llvm.");
    if (prepare_begins(name, "memcpy.") || prepare_begins(name, "memmove.") ||
        prepare_begins(name, "memset.")) {
        prepare_memory(p, insn,
                       prepare_begins(name, "memcpy.")    ? "memcpy"
                       : prepare_begins(name, "memmove.") ? "memmove"
                                                          : "memset");
        return true;
    }
    if (one_of(name, bits)) {
        result = prepare_bits(p, insn, name);
    } else if (one_of(name, choices)) {
        result = prepare_choice(p, insn, name);
    } else if (prepare_begins(name, "fshl.") || prepare_begins(name, "fshr.")) {
        result = funnel(p, insn, name[3] == 'l');
    } else if (one_of(name, overflows)) {
        result = prepare_overflow(p, insn, name);
    } else if (one_of(name, saturating)) {
        result = saturated(p, LLVMGetOperand(insn, 0), LLVMGetOperand(insn, 1),
                           prepare_begins(name + 1, "sub"), name[0] == 's');
    } else if (prepare_begins(name, "expect.")) {
        result = LLVMGetOperand(insn, 0);
    } else if (prepare_begins(name, "objectsize.")) {
        result = LLVMConstAllOnes(LLVMTypeOf(insn));
    } else if (prepare_begins(name, "is.constant.")) {
        result = LLVMConstNull(LLVMTypeOf(insn));
    } else {
        result = prepare_float_call(p, insn, name);
    }
    if (!result) {
        return false;
    }
    prepare_replace(insn, result);
    return true;
}
