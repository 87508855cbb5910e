// SPDX-License-Identifier: Apache-2.0
/* Loads, stores, local variables and pointer arithmetic. Loads and stores may use any address
 * (contract section 1), so alignment does not matter. */
#include "constants.h"
#include "select_internal.h"

enum { FRAME_ALIGN = 8 };

struct operand {
    int base; /* MIR_NONE: the slot */
    int slot;
    int32_t offset;
};

static bool fits(int64_t offset)
{
    return offset >= -2048 && offset <= 2047;
}

/* An operand for which `last` more bytes are within reach of the immediate. */
static struct operand operand_of(struct selector *s, LLVMValueRef pointer, int32_t last)
{
    struct operand operand = {MIR_NONE, MIR_NONE, 0};
    const char *symbol;
    int64_t offset;

    if (LLVMIsConstant(pointer)) {
        bool known = cc_address(s, pointer, &symbol, &offset);

        if (known && symbol) {
            if (fits(offset) && fits(offset + last)) {
                LLVMValueRef base = pointer;

                while (LLVMIsAConstantExpr(base)) {
                    base = LLVMGetOperand(base, 0);
                }
                operand.base = cc_reg(s, base, 0);
                operand.offset = (int32_t)offset;
                return operand;
            }
        } else if (known) {
            /* A numeric address, as in the shared page: near ones share a base. */
            operand.offset = (int32_t)(offset & 0x7FF);
            if (!fits(operand.offset + last)) {
                operand.offset = 0;
            }
            operand.base = cc_constant(s, (int32_t)(offset - operand.offset));
            return operand;
        }
        operand.base = cc_reg(s, pointer, 0);
        return operand;
    }
    {
        struct place *place = cc_place(s, pointer);

        if (place->slot != MIR_NONE) {
            operand.slot = place->slot;
            operand.offset = place->offset;
            return operand;
        }
        if (fits(place->offset) && fits(place->offset + last)) {
            operand.base = place->first;
            operand.offset = place->offset;
            return operand;
        }
    }
    operand.base = cc_reg(s, pointer, 0);
    return operand;
}

static void access(struct selector *s, uint8_t op, const struct operand *operand, int32_t more,
                   int reg, bool store)
{
    struct mir_insn insn = mir_insn(op);

    insn.a = operand->base;
    insn.slot = operand->slot;
    insn.imm = operand->offset + more;
    if (store) {
        insn.b = reg;
    } else {
        insn.d = reg;
    }
    cc_emit(s, insn);
}

/* A scalar of `bits` bits as words, halves and bytes. */
static void load_scalar(struct selector *s, const struct operand *operand, int32_t at,
                        unsigned bits, int first)
{
    unsigned bytes = (bits + 7) / 8;

    for (unsigned word = 0; word * 4 < bytes; word++) {
        unsigned left = bytes - word * 4;
        int32_t place = at + (int32_t)word * 4;
        int d = first + (int)word;

        if (left >= 4) {
            access(s, HSX_OP_LD, operand, place, d, false);
        } else if (left == 3) {
            int low = cc_fresh(s);
            int high = cc_fresh(s);

            access(s, HSX_OP_LDH, operand, place, low, false);
            access(s, HSX_OP_LDB, operand, place + 2, high, false);
            high = cc_new3(s, HSX_OP_LSL, high, cc_constant(s, 16));
            cc_three(s, HSX_OP_OR, d, low, high);
        } else {
            access(s, left == 2 ? HSX_OP_LDH : HSX_OP_LDB, operand, place, d, false);
        }
    }
}

static void store_scalar(struct selector *s, const struct operand *operand, int32_t at,
                         LLVMValueRef value, unsigned first_part, LLVMTypeRef type)
{
    unsigned bits = cc_bits(type);
    unsigned bytes = (bits + 7) / 8;

    for (unsigned word = 0; word * 4 < bytes; word++) {
        unsigned left = bytes - word * 4;
        int32_t place = at + (int32_t)word * 4;
        bool whole = bits % 8 == 0 || LLVMTypeOf(value) != type;
        int reg =
            whole ? cc_reg(s, value, first_part + word) : cc_clean(s, value, first_part + word);

        if (left >= 4) {
            access(s, HSX_OP_ST, operand, place, reg, true);
        } else if (left == 3) {
            access(s, HSX_OP_STH, operand, place, reg, true);
            access(s, HSX_OP_STB, operand, place + 2,
                   cc_new3(s, HSX_OP_LSR, reg, cc_constant(s, 16)), true);
        } else {
            access(s, left == 2 ? HSX_OP_STH : HSX_OP_STB, operand, place, reg, true);
        }
    }
}

/* value NULL: load into the registers from first + part on. */
static void walk_type(struct selector *s, const struct operand *operand, int32_t at,
                      LLVMTypeRef type, LLVMValueRef value, int first, unsigned *part)
{
    LLVMTypeKind kind = LLVMGetTypeKind(type);
    unsigned count;

    if (kind != LLVMStructTypeKind && kind != LLVMArrayTypeKind) {
        if (value) {
            store_scalar(s, operand, at, value, *part, type);
        } else {
            load_scalar(s, operand, at, cc_bits(type), first + (int)*part);
        }
        *part += cc_words(s, type);
        return;
    }
    count =
        kind == LLVMStructTypeKind ? LLVMCountStructElementTypes(type) : LLVMGetArrayLength(type);
    for (unsigned i = 0; i < count; i++) {
        LLVMTypeRef element = kind == LLVMStructTypeKind ? LLVMStructGetTypeAtIndex(type, i)
                                                         : LLVMGetElementType(type);
        int32_t offset = kind == LLVMStructTypeKind
                             ? (int32_t)LLVMOffsetOfElement(s->target->layout, type, i)
                             : (int32_t)(i * LLVMABISizeOfType(s->target->layout, element));

        walk_type(s, operand, at + offset, element, value, first, part);
    }
}

static void select_alloca(struct selector *s, LLVMValueRef insn)
{
    LLVMValueRef count = LLVMGetOperand(insn, 0);
    LLVMTypeRef type = LLVMGetAllocatedType(insn);
    uint64_t size = LLVMABISizeOfType(s->target->layout, type);
    struct place *place = cc_place(s, insn);

    if (LLVMGetAlignment(insn) > FRAME_ALIGN) {
        cc_unsupported(s, insn, "an alignment to more than 16 KiB");
    }
    if (LLVMIsAConstantInt(count) && s->block == 0) {
        size *= LLVMConstIntGetZExtValue(count);
        if (size > 0xF000) {
            cc_unsupported(s, insn, "a local variable of 60 KiB or more");
        }
        place->slot = mir_add_slot(s->mir, (uint32_t)size, LLVMGetAlignment(insn));
        return;
    }
    {
        int d = place->first;
        struct mir_insn grow = mir_insn(MIR_GROW);
        int bytes = cc_new3(s, HSX_OP_MUL, cc_clean(s, count, 0), cc_constant(s, (int32_t)size));

        bytes = cc_new3(s, HSX_OP_ADD, bytes, cc_constant(s, 7));
        bytes = cc_new3(s, HSX_OP_AND, bytes, cc_constant(s, -8));
        grow.a = cc_new3(s, HSX_OP_SUB, MIR_FRAME, bytes);
        cc_emit(s, grow);
        s->mir->grows = true;
        cc_move(s, d, grow.a);
    }
}

void cc_select_memory(struct selector *s, LLVMValueRef insn)
{
    unsigned part = 0;
    struct operand operand;
    LLVMTypeRef type;

    switch (LLVMGetInstructionOpcode(insn)) {
    case LLVMLoad:
        type = LLVMTypeOf(insn);
        operand = operand_of(s, LLVMGetOperand(insn, 0),
                             (int32_t)LLVMABISizeOfType(s->target->layout, type));
        walk_type(s, &operand, 0, type, NULL, cc_place(s, insn)->first, &part);
        cc_place(s, insn)->clean = true;
        return;
    case LLVMStore: {
        LLVMValueRef value = LLVMGetOperand(insn, 0);

        type = LLVMTypeOf(value);
        operand = operand_of(s, LLVMGetOperand(insn, 1),
                             (int32_t)LLVMABISizeOfType(s->target->layout, type));
        walk_type(s, &operand, 0, type, value, MIR_NONE, &part);
        return;
    }
    case LLVMAlloca:
        select_alloca(s, insn);
        return;
    case LLVMFence:
        return;
    default:
        cc_unsupported(s, insn, "an atomic operation");
    }
}

/* index * scale */
static int scaled(struct selector *s, int index, int64_t scale)
{
    if (scale == 1) {
        return index;
    }
    if (scale == 2) {
        return cc_new3(s, HSX_OP_ADD, index, index);
    }
    if (scale > 0 && (scale & (scale - 1)) == 0) {
        return cc_new3(s, HSX_OP_LSL, index, cc_constant(s, __builtin_ctzll((uint64_t)scale)));
    }
    return cc_new3(s, HSX_OP_MUL, index, cc_constant(s, (int32_t)scale));
}

static void select_gep(struct selector *s, LLVMValueRef insn)
{
    LLVMValueRef base = LLVMGetOperand(insn, 0);
    LLVMTypeRef type = NULL;
    int64_t offset = 0;
    int sum = MIR_NONE;
    struct place *place;
    int slot = MIR_NONE;
    int first;

    for (int i = 1; i < LLVMGetNumOperands(insn); i++) {
        LLVMValueRef index = LLVMGetOperand(insn, (unsigned)i);
        bool fixed;
        int64_t scale = cc_index_scale(s->target->layout, insn, (unsigned)i, &type, &fixed);

        if (fixed) {
            offset += scale;
        } else if (LLVMIsAConstantInt(index)) {
            offset += scale * LLVMConstIntGetSExtValue(index);
        } else if (scale != 0) {
            int term = scaled(s, cc_signed(s, index, 0), scale);

            sum = sum == MIR_NONE ? term : cc_new3(s, HSX_OP_ADD, sum, term);
        }
    }
    offset = (int32_t)offset;
    if (!LLVMIsConstant(base)) {
        const struct place *from = cc_place(s, base);

        if (from->slot != MIR_NONE && sum == MIR_NONE) {
            slot = from->slot;
            offset += from->offset;
            place = cc_place(s, insn);
            place->slot = slot;
            place->offset = (int32_t)offset;
            return;
        }
        if (from->slot == MIR_NONE) {
            offset += from->offset;
            first = from->first;
        } else {
            first = cc_reg(s, base, 0);
        }
    } else {
        const char *symbol;
        int64_t more;

        if (sum != MIR_NONE && cc_address(s, base, &symbol, &more) && symbol &&
            LLVMIsAConstantExpr(base)) {
            LLVMValueRef root = base;

            while (LLVMIsAConstantExpr(root)) {
                root = LLVMGetOperand(root, 0);
            }
            offset += more;
            first = cc_reg(s, root, 0);
        } else {
            first = cc_reg(s, base, 0);
        }
    }
    place = cc_place(s, insn);
    if (sum != MIR_NONE) {
        cc_three(s, HSX_OP_ADD, place->first, first, sum);
    } else if (offset == 0 || LLVMIsConstant(base)) {
        cc_move(s, place->first, first);
    } else {
        /* base + offset, added where it is needed as a value */
        place->first = first;
    }
    cc_place(s, insn)->offset = (int32_t)offset;
}

void cc_select_pointer(struct selector *s, LLVMValueRef insn)
{
    LLVMValueRef from = LLVMGetOperand(insn, 0);
    int first;

    if (LLVMGetInstructionOpcode(insn) == LLVMGetElementPtr) {
        select_gep(s, insn);
        return;
    }
    first = cc_place(s, insn)->first;
    if (LLVMGetInstructionOpcode(insn) == LLVMIntToPtr) {
        cc_move(s, first, cc_clean(s, from, 0));
        return;
    }
    for (unsigned i = 0; i < cc_words(s, LLVMTypeOf(insn)); i++) {
        if (i == 0) {
            cc_move(s, first, cc_reg(s, from, 0));
        } else {
            cc_load_constant(s, first + (int)i, NULL, 0);
        }
    }
}
