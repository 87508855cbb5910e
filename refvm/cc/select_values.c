// SPDX-License-Identifier: Apache-2.0
/* Values in registers: constants, and the bits above a type's width. */
#include "constants.h"
#include "memory.h"
#include "select_internal.h"

static struct mir_insn constant_insn(int d, const char *symbol, int32_t value)
{
    bool small = !symbol && value >= -2048 && value <= 2047;
    struct mir_insn insn = mir_insn(small ? HSX_OP_LDI : HSX_OP_LDI32);

    insn.d = d;
    insn.symbol = symbol;
    insn.imm = value;
    return insn;
}

void cc_load_constant(struct selector *s, int d, const char *symbol, int32_t value)
{
    cc_emit(s, constant_insn(d, symbol, value));
}

/* Constants that a loop uses are loaded once, before the outermost loop; the allocator
 * reloads them where registers run short. Others are loaded where they are used. */
static int shared_constant(struct selector *s, struct constant wanted)
{
    uint8_t kind = s->kind;
    struct mir_insn insn;

    wanted.loop = s->loops.outside[s->block];
    for (size_t i = s->constant_count; i-- > 0;) {
        const struct constant *have = &s->constants[i];

        if (have->symbol == wanted.symbol && have->value == wanted.value &&
            have->slot == wanted.slot &&
            (have->epoch == s->epoch ||
             (have->epoch == 0 && have->loop == wanted.loop && wanted.loop != MIR_NONE))) {
            return have->reg;
        }
    }
    if (wanted.slot != MIR_NONE) {
        insn = mir_insn(MIR_ADDRESS);
        insn.slot = wanted.slot;
        insn.imm = wanted.value;
    } else {
        insn = constant_insn(MIR_NONE, wanted.symbol, wanted.value);
    }
    wanted.reg = insn.d = cc_fresh(s);
    if (wanted.loop != MIR_NONE) {
        mir_append(s->mir, s->last_block[wanted.loop], insn);
        wanted.epoch = 0;
    } else {
        s->kind = MIR_KIND_WORK; /* other instructions may use it as well */
        cc_emit(s, insn);
        s->kind = kind;
        wanted.epoch = s->epoch;
    }
    s->constants =
        cc_grow(s->constants, s->constant_count, &s->constant_room, sizeof *s->constants);
    s->constants[s->constant_count++] = wanted;
    return wanted.reg;
}

int cc_constant(struct selector *s, int32_t value)
{
    return shared_constant(s, (struct constant){.value = value, .slot = MIR_NONE});
}

bool cc_address(struct selector *s, LLVMValueRef value, const char **symbol, int64_t *offset)
{
    return cc_constant_address(s->target->layout, s->target->names, value, symbol, offset);
}

bool cc_known(struct selector *s, LLVMValueRef value, unsigned part, uint32_t *bits)
{
    LLVMTypeRef type = LLVMTypeOf(value);

    if (LLVMIsAConstantInt(value)) {
        unsigned width = LLVMGetIntTypeWidth(type);

        if (width <= 64) {
            uint64_t all = LLVMConstIntGetZExtValue(value);

            *bits = part < 2 ? (uint32_t)(all >> (32 * part)) : 0;
        } else {
            LLVMValueRef shift = LLVMConstInt(type, 32 * part, 0);
            LLVMValueRef word = LLVMConstTrunc(LLVMConstLShr(value, shift),
                                               LLVMInt32TypeInContext(LLVMGetTypeContext(type)));

            *bits = (uint32_t)LLVMConstIntGetZExtValue(word);
        }
        return true;
    }
    if (LLVMIsAConstantFP(value)) {
        return cc_float_bits(value, part, bits);
    }
    if (LLVMIsUndef(value) || LLVMIsAConstantPointerNull(value) ||
        LLVMIsAConstantAggregateZero(value)) {
        *bits = 0;
        return true;
    }
    if (LLVMIsAConstantStruct(value) || LLVMIsAConstantArray(value) ||
        LLVMIsAConstantDataArray(value)) {
        unsigned count = LLVMGetTypeKind(type) == LLVMStructTypeKind
                             ? LLVMCountStructElementTypes(type)
                             : LLVMGetArrayLength(type);

        for (unsigned i = 0; i < count; i++) {
            LLVMValueRef element = LLVMGetAggregateElement(value, i);
            unsigned words = cc_words(s, LLVMTypeOf(element));

            if (part < words) {
                return cc_known(s, element, part, bits);
            }
            part -= words;
        }
    }
    return false;
}

static int constant_part(struct selector *s, LLVMValueRef value, unsigned part);

/* A word of an integer that is wider than the integer or address it is made from. */
static int widened_constant(struct selector *s, LLVMValueRef value, unsigned part)
{
    LLVMOpcode opcode = LLVMGetConstOpcode(value);
    LLVMValueRef from = LLVMGetOperand(value, 0);
    unsigned words = cc_words(s, LLVMTypeOf(from));

    if ((opcode != LLVMPtrToInt && opcode != LLVMZExt && opcode != LLVMSExt) ||
        cc_bits(LLVMTypeOf(from)) % 32 != 0) {
        cc_unsupported(s, NULL, "a constant expression");
    }
    if (part < words) {
        return constant_part(s, from, part);
    }
    return opcode == LLVMSExt
               ? cc_new3(s, HSX_OP_ASR, constant_part(s, from, words - 1), cc_constant(s, 31))
               : cc_constant(s, 0);
}

/* A word of a structure or array that contains an address. */
static int element_of_constant(struct selector *s, LLVMValueRef value, unsigned part)
{
    for (unsigned i = 0;; i++) {
        LLVMValueRef element = LLVMGetAggregateElement(value, i);
        unsigned words = element ? cc_words(s, LLVMTypeOf(element)) : 0;

        if (!element) {
            cc_unsupported(s, NULL, "a constant structure");
        }
        if (part < words) {
            return constant_part(s, element, part);
        }
        part -= words;
    }
}

/* Anything but an address with an offset, such as the difference of two, is computed. */
static int constant_expression(struct selector *s, LLVMValueRef value, unsigned part)
{
    uint8_t op = 0;

    if (LLVMIsAConstantStruct(value) || LLVMIsAConstantArray(value)) {
        return element_of_constant(s, value, part);
    }
    if (!LLVMIsAConstantExpr(value)) {
        cc_unsupported(s, NULL, "a constant expression");
    }
    if (cc_words(s, LLVMTypeOf(value)) != 1) {
        return widened_constant(s, value, part);
    }
    switch (LLVMGetConstOpcode(value)) {
    case LLVMPtrToInt:
    case LLVMIntToPtr:
    case LLVMBitCast:
    case LLVMTrunc:
        return constant_part(s, LLVMGetOperand(value, 0), 0);
    case LLVMAdd:
        op = HSX_OP_ADD;
        break;
    case LLVMSub:
        op = HSX_OP_SUB;
        break;
    case LLVMMul:
        op = HSX_OP_MUL;
        break;
    case LLVMAnd:
        op = HSX_OP_AND;
        break;
    case LLVMOr:
        op = HSX_OP_OR;
        break;
    case LLVMXor:
        op = HSX_OP_XOR;
        break;
    default:
        cc_unsupported(s, NULL, "a constant expression");
    }
    {
        int left = constant_part(s, LLVMGetOperand(value, 0), 0);
        int right = constant_part(s, LLVMGetOperand(value, 1), 0);

        return cc_new3(s, op, left, right);
    }
}

bool cc_is_plain_constant(struct selector *s, LLVMValueRef value)
{
    const char *symbol;
    int64_t offset;
    uint32_t bits;

    return LLVMIsConstant(value) &&
           (cc_known(s, value, 0, &bits) ||
            (cc_words(s, LLVMTypeOf(value)) == 1 && cc_address(s, value, &symbol, &offset)));
}

static int constant_part(struct selector *s, LLVMValueRef value, unsigned part)
{
    const char *symbol;
    int64_t offset;
    uint32_t bits;

    if (cc_known(s, value, part, &bits)) {
        return cc_constant(s, (int32_t)bits);
    }
    if (cc_words(s, LLVMTypeOf(value)) == 1 && cc_address(s, value, &symbol, &offset)) {
        return shared_constant(
            s, (struct constant){.symbol = symbol, .value = (int32_t)offset, .slot = MIR_NONE});
    }
    return constant_expression(s, value, part);
}

int cc_reg(struct selector *s, LLVMValueRef value, unsigned part)
{
    const struct place *place;

    if (LLVMIsConstant(value)) {
        return constant_part(s, value, part);
    }
    place = cc_place(s, value);
    if (place->slot != MIR_NONE) {
        return shared_constant(s, (struct constant){.value = place->offset, .slot = place->slot});
    }
    if (place->offset != 0) {
        int first = place->first;

        return cc_new3(s, HSX_OP_ADD, first, cc_constant(s, place->offset));
    }
    return place->first + (int)part;
}

/* Bits of the last word of a value, 32 if it is full. */
static unsigned top_bits(LLVMTypeRef type)
{
    return (cc_bits(type) - 1) % 32 + 1;
}

int cc_clean(struct selector *s, LLVMValueRef value, unsigned part)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    unsigned bits = top_bits(type);
    uint32_t known;

    if (bits == 32 || part + 1 < cc_words(s, type)) {
        return cc_reg(s, value, part);
    }
    if (LLVMIsConstant(value)) {
        if (!cc_known(s, value, part, &known)) {
            return cc_reg(s, value, part);
        }
        return cc_constant(s, (int32_t)(known & ((1u << bits) - 1)));
    }
    if (cc_place(s, value)->clean) {
        return cc_reg(s, value, part);
    }
    {
        int dirty = cc_reg(s, value, part);

        return cc_new3(s, HSX_OP_AND, dirty, cc_constant(s, (int32_t)((1u << bits) - 1)));
    }
}

int cc_signed(struct selector *s, LLVMValueRef value, unsigned part)
{
    LLVMTypeRef type = LLVMTypeOf(value);
    unsigned bits = top_bits(type);
    uint32_t known;
    int reg;
    int by;

    if (bits == 32 || part + 1 < cc_words(s, type)) {
        return cc_reg(s, value, part);
    }
    if (LLVMIsConstant(value) && cc_known(s, value, part, &known)) {
        return cc_constant(s, (int32_t)(known << (32 - bits)) >> (32 - bits));
    }
    reg = cc_reg(s, value, part);
    by = cc_constant(s, (int32_t)(32 - bits));
    return cc_new3(s, HSX_OP_ASR, cc_new3(s, HSX_OP_LSL, reg, by), by);
}
