// SPDX-License-Identifier: Apache-2.0
#include "memory.h"
#include "prepare_internal.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

LLVMValueRef prepare_call(struct preparer *p, const char *name, LLVMTypeRef result,
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

LLVMValueRef prepare_call1(struct preparer *p, const char *name, LLVMTypeRef result, LLVMValueRef a)
{
    return prepare_call(p, name, result, &a, 1);
}

LLVMValueRef prepare_call2(struct preparer *p, const char *name, LLVMTypeRef result, LLVMValueRef a,
                           LLVMValueRef b)
{
    LLVMValueRef arguments[2] = {a, b};

    return prepare_call(p, name, result, arguments, 2);
}

void prepare_replace(LLVMValueRef insn, LLVMValueRef by)
{
    LLVMReplaceAllUsesWith(insn, by);
    LLVMInstructionEraseFromParent(insn);
}

unsigned prepare_width_of(LLVMValueRef value)
{
    LLVMTypeRef type = LLVMTypeOf(value);

    return LLVMGetTypeKind(type) == LLVMIntegerTypeKind ? LLVMGetIntTypeWidth(type) : 0;
}

LLVMTypeKind prepare_kind_of(LLVMValueRef value)
{
    return LLVMGetTypeKind(LLVMTypeOf(value));
}

LLVMValueRef prepare_widened(struct preparer *p, LLVMValueRef value, LLVMTypeRef type,
                             bool is_signed)
{
    if (LLVMTypeOf(value) == type) {
        return value;
    }
    return is_signed ? LLVMBuildSExt(p->builder, value, type, "")
                     : LLVMBuildZExt(p->builder, value, type, "");
}

LLVMValueRef prepare_narrowed(struct preparer *p, LLVMValueRef value, LLVMTypeRef type)
{
    return LLVMTypeOf(value) == type ? value : LLVMBuildTrunc(p->builder, value, type, "");
}

bool prepare_begins(const char *name, const char *with)
{
    return strncmp(name, with, strlen(with)) == 0;
}

static bool prepare_division(struct preparer *p, LLVMValueRef insn, LLVMOpcode opcode)
{
    bool is_signed = opcode == LLVMSDiv || opcode == LLVMSRem;
    bool remainder = opcode == LLVMURem || opcode == LLVMSRem;
    LLVMTypeRef type = LLVMTypeOf(insn);
    unsigned width = prepare_width_of(insn);
    LLVMValueRef a = LLVMGetOperand(insn, 0);
    LLVMValueRef b = LLVMGetOperand(insn, 1);
    LLVMValueRef result;

    if (width == 0 || width > 64 || (is_signed && width <= 32)) {
        return false;
    }
    if (width < 32) {
        /* both are positive as 32-bit numbers, so the signed instruction is correct */
        a = prepare_widened(p, a, p->i32, false);
        b = prepare_widened(p, b, p->i32, false);
        result =
            remainder ? LLVMBuildSRem(p->builder, a, b, "") : LLVMBuildSDiv(p->builder, a, b, "");
    } else if (width == 32) {
        result = prepare_call2(p, remainder ? "__umodsi3" : "__udivsi3", p->i32, a, b);
    } else {
        a = prepare_widened(p, a, p->i64, is_signed);
        b = prepare_widened(p, b, p->i64, is_signed);
        result = prepare_call2(p,
                               is_signed ? (remainder ? "__moddi3" : "__divdi3")
                                         : (remainder ? "__umoddi3" : "__udivdi3"),
                               p->i64, a, b);
    }
    prepare_replace(insn, prepare_narrowed(p, result, type));
    return true;
}

static bool prepare_product(struct preparer *p, LLVMValueRef insn)
{
    LLVMTypeRef type = LLVMTypeOf(insn);
    unsigned width = prepare_width_of(insn);
    LLVMValueRef result;

    if (width <= 32) {
        return false;
    }
    if (width <= 64) {
        result = prepare_call2(p, "__muldi3", p->i64,
                               prepare_widened(p, LLVMGetOperand(insn, 0), p->i64, false),
                               prepare_widened(p, LLVMGetOperand(insn, 1), p->i64, false));
    } else {
        return false;
    }
    prepare_replace(insn, prepare_narrowed(p, result, type));
    return true;
}

static bool prepare_shift(struct preparer *p, LLVMValueRef insn, LLVMOpcode opcode)
{
    LLVMTypeRef type = LLVMTypeOf(insn);
    unsigned width = prepare_width_of(insn);
    LLVMValueRef by = LLVMGetOperand(insn, 1);
    LLVMValueRef value;

    if (width <= 32 || width > 64 || LLVMIsConstant(by)) {
        return false;
    }
    value = prepare_widened(p, LLVMGetOperand(insn, 0), p->i64, opcode == LLVMAShr);
    value = prepare_call2(p,
                          opcode == LLVMShl    ? "__ashldi3"
                          : opcode == LLVMLShr ? "__lshrdi3"
                                               : "__ashrdi3",
                          p->i64, value, prepare_narrowed(p, by, p->i32));
    prepare_replace(insn, prepare_narrowed(p, value, type));
    return true;
}

/* x & 1, as a condition: icmp ne (and x, 1), 0 */
static LLVMValueRef lowest_bit(LLVMValueRef condition, bool *inverted)
{
    LLVMValueRef bit;
    LLVMValueRef mask;

    if (!LLVMIsAICmpInst(condition) || prepare_width_of(LLVMGetOperand(condition, 0)) != 32 ||
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

    if (!bit || prepare_width_of(insn) != 32) {
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
    prepare_replace(insn, LLVMBuildAnd(p->builder, mask, yes, ""));
    return true;
}

enum { FRAME_ALIGN = 8, MOST_ALIGN = 0x4000 };

/* Frames are at multiples of 8. For a larger alignment the variable takes more room, and its
 * address is rounded up. */
static bool prepare_alloca(struct preparer *p, LLVMValueRef insn)
{
    unsigned align = LLVMGetAlignment(insn);
    LLVMValueRef count = LLVMGetOperand(insn, 0);
    uint64_t size = LLVMABISizeOfType(p->layout, LLVMGetAllocatedType(insn));
    LLVMValueRef address;
    LLVMValueRef room;

    if (align <= FRAME_ALIGN || align > MOST_ALIGN) {
        return false;
    }
    count = prepare_width_of(count) > 32 ? prepare_narrowed(p, count, p->i32)
                                         : prepare_widened(p, count, p->i32, false);
    room = LLVMBuildMul(p->builder, count, LLVMConstInt(p->i32, size, 0), "");
    room = LLVMBuildAdd(p->builder, room, LLVMConstInt(p->i32, align - FRAME_ALIGN, 0), "");
    address = LLVMBuildArrayAlloca(p->builder, p->i8, room, "");
    LLVMSetAlignment(address, FRAME_ALIGN);
    address = LLVMBuildPtrToInt(p->builder, address, p->i32, "");
    address = LLVMBuildAdd(p->builder, address, LLVMConstInt(p->i32, align - 1, 0), "");
    address = LLVMBuildAnd(p->builder, address, LLVMConstInt(p->i32, ~(align - 1ull), 0), "");
    prepare_replace(insn, LLVMBuildIntToPtr(p->builder, address, p->pointer, ""));
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
        return LLVMIsAConstantInt(LLVMGetOperand(constant, 1)) && prepare_width_of(constant) == 32;
    default:
        return false;
    }
}

/* A constant built only from address expressions is one symbol and an offset. */
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

/* A constant expression as instructions; the constant itself if it is simple, NULL if its
 * kind is unknown here. */
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
    /* from constants alone the builder would make the same expression again */
    a = LLVMBuildFreeze(b, a, "");
    switch (opcode) {
    case LLVMICmp:
        return LLVMBuildICmp(b, LLVMGetICmpPredicate(constant), a,
                             unfolded(p, LLVMGetOperand(constant, 1)), "");
    case LLVMFCmp:
        return LLVMBuildFCmp(b, LLVMGetFCmpPredicate(constant), a,
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
    case LLVMFPToSI:
    case LLVMFPToUI:
    case LLVMSIToFP:
    case LLVMUIToFP:
    case LLVMFPExt:
    case LLVMFPTrunc:
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
            p->again = true;
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
    case LLVMAlloca:
        return prepare_alloca(p, insn);
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

        /* Its replacement may have to be prepared in turn. */
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
        /* replacements of constants must be prepared as well, before a phi in another block */
        do {
            p.again = false;
            for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block;
                 block = LLVMGetNextBasicBlock(block)) {
                prepare_block(&p, block);
            }
        } while (p.again);
    }
    LLVMDisposeBuilder(p.builder);
}
