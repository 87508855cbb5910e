// SPDX-License-Identifier: Apache-2.0
#include "constants.h"
#include <string.h>

/* The binary16 bits of a double that has such a value. */
static uint32_t half_bits(double value)
{
    uint64_t wide;
    uint32_t sign;
    int exponent;
    uint64_t fraction;

    memcpy(&wide, &value, sizeof wide);
    sign = (uint32_t)(wide >> 48) & 0x8000;
    exponent = (int)(wide >> 52 & 0x7FF) - 1023;
    fraction = wide & 0xFFFFFFFFFFFFF;
    if (exponent == 1024) {
        return fraction ? 0x7E00 : sign | 0x7C00;
    }
    if (exponent >= -14) {
        return sign | (uint32_t)(exponent + 15) << 10 | (uint32_t)(fraction >> 42);
    }
    if (exponent < -24) {
        return sign;
    }
    return sign | (uint32_t)((fraction | 0x10000000000000) >> (42 + (-14 - exponent)));
}

bool cc_float_bits(LLVMValueRef constant, unsigned part, uint32_t *bits)
{
    LLVMBool inexact;
    double value = LLVMConstRealGetDouble(constant, &inexact);
    uint64_t wide;
    float narrow;

    switch (LLVMGetTypeKind(LLVMTypeOf(constant))) {
    case LLVMHalfTypeKind:
        *bits = half_bits(value);
        return true;
    case LLVMFloatTypeKind:
        narrow = (float)value;
        memcpy(bits, &narrow, sizeof *bits);
        return true;
    case LLVMDoubleTypeKind:
        memcpy(&wide, &value, sizeof wide);
        *bits = (uint32_t)(wide >> (32 * part));
        return true;
    default:
        return false;
    }
}

int64_t cc_index_scale(LLVMTargetDataRef layout, LLVMValueRef pointer, unsigned number,
                       LLVMTypeRef *type, bool *fixed)
{
    LLVMValueRef index = LLVMGetOperand(pointer, number);

    *fixed = false;
    if (number == 1) {
        *type = LLVMGetGEPSourceElementType(pointer);
        return (int64_t)LLVMABISizeOfType(layout, *type);
    }
    if (LLVMGetTypeKind(*type) == LLVMStructTypeKind) {
        unsigned field = (unsigned)LLVMConstIntGetZExtValue(index);
        int64_t offset = (int64_t)LLVMOffsetOfElement(layout, *type, field);

        *type = LLVMStructGetTypeAtIndex(*type, field);
        *fixed = true;
        return offset;
    }
    *type = LLVMGetElementType(*type);
    return (int64_t)LLVMABISizeOfType(layout, *type);
}

bool cc_constant_offset(LLVMTargetDataRef layout, LLVMValueRef pointer, int64_t *offset)
{
    LLVMTypeRef type = NULL;

    *offset = 0;
    for (int i = 1; i < LLVMGetNumOperands(pointer); i++) {
        LLVMValueRef index = LLVMGetOperand(pointer, (unsigned)i);
        bool fixed;
        int64_t scale = cc_index_scale(layout, pointer, (unsigned)i, &type, &fixed);

        if (fixed) {
            *offset += scale;
        } else if (LLVMIsAConstantInt(index)) {
            *offset += scale * LLVMConstIntGetSExtValue(index);
        } else {
            return false;
        }
    }
    return true;
}

bool cc_constant_address(LLVMTargetDataRef layout, struct cc_names *names, LLVMValueRef value,
                         const char **symbol, int64_t *offset)
{
    *offset = 0;
    *symbol = NULL;
    for (;;) {
        int64_t more = 0;

        if (LLVMIsAFunction(value) || LLVMIsAGlobalVariable(value)) {
            *symbol = cc_name_of(names, value);
            return true;
        }
        if (LLVMIsAConstantInt(value) && LLVMGetIntTypeWidth(LLVMTypeOf(value)) <= 64) {
            *offset += LLVMConstIntGetSExtValue(value);
            return true;
        }
        if (LLVMIsAConstantPointerNull(value)) {
            return true;
        }
        if (LLVMIsAGlobalAlias(value)) {
            value = LLVMAliasGetAliasee(value);
            continue;
        }
        if (!LLVMIsAConstantExpr(value)) {
            return false;
        }
        switch (LLVMGetConstOpcode(value)) {
        case LLVMBitCast:
        case LLVMPtrToInt:
        case LLVMIntToPtr:
            break;
        case LLVMAdd:
        case LLVMSub:
            if (!LLVMIsAConstantInt(LLVMGetOperand(value, 1))) {
                return false;
            }
            more = LLVMConstIntGetSExtValue(LLVMGetOperand(value, 1));
            more = LLVMGetConstOpcode(value) == LLVMAdd ? more : -more;
            break;
        case LLVMGetElementPtr:
            if (!cc_constant_offset(layout, value, &more)) {
                return false;
            }
            break;
        default:
            return false;
        }
        *offset += more;
        value = LLVMGetOperand(value, 0);
    }
}
