// SPDX-License-Identifier: Apache-2.0
/* Integer and binary16 arithmetic, comparisons and conversions. */
#include "select_internal.h"

static const uint32_t sign_bit = 0x80000000;

static bool is_clean(struct selector *s, LLVMValueRef value)
{
    return LLVMIsConstant(value) || cc_bits(LLVMTypeOf(value)) % 32 == 0 ||
           cc_place(s, value)->clean;
}

/* Word `part` with the sign bit inverted: signed order becomes unsigned. */
static int flipped(struct selector *s, LLVMValueRef value, unsigned part)
{
    uint32_t known;
    unsigned bits = (cc_bits(LLVMTypeOf(value)) - 1) % 32 + 1;

    if (LLVMIsConstant(value) && cc_known(s, value, part, &known)) {
        int32_t wide = (int32_t)(known << (32 - bits)) >> (32 - bits);

        return cc_constant(s, (int32_t)((uint32_t)wide ^ sign_bit));
    }
    {
        int reg = cc_signed(s, value, part);
        int bit = cc_constant(s, (int32_t)sign_bit);

        s->kind = MIR_KIND_ORDER;
        reg = cc_new3(s, HSX_OP_XOR, reg, bit);
        s->kind = MIR_KIND_WORK;
        return reg;
    }
}

/* C = a >= b */
static void compare_order(struct selector *s, LLVMValueRef a, LLVMValueRef b, bool is_signed)
{
    unsigned words = cc_words(s, LLVMTypeOf(a));
    int left[MOST_WORDS] = {0};
    int right[MOST_WORDS] = {0};
    uint32_t known;

    /* comparisons such as x < 0: the sign bit itself, not inverted */
    if (is_signed && words == 1 && LLVMIsConstant(b) && cc_known(s, b, 0, &known) && known == 0 &&
        cc_bits(LLVMTypeOf(a)) == 32) {
        int x = cc_reg(s, a, 0);
        int top = cc_constant(s, 0x7FFFFFFF);

        cc_three(s, HSX_OP_CMP, MIR_NONE, top, x);
        return;
    }
    for (unsigned i = 0; i < words; i++) {
        bool flip = is_signed && i + 1 == words;

        left[i] = flip ? flipped(s, a, i) : cc_clean(s, a, i);
        right[i] = flip ? flipped(s, b, i) : cc_clean(s, b, i);
    }
    s->kind = MIR_KIND_COMPARE;
    cc_three(s, HSX_OP_CMP, MIR_NONE, left[0], right[0]);
    for (unsigned i = 1; i < words; i++) {
        cc_three(s, HSX_OP_SBC, MIR_SCRATCH, left[i], right[i]);
    }
    s->kind = MIR_KIND_WORK;
}

/* A register that is 0 if a equals b. */
static int difference(struct selector *s, LLVMValueRef a, LLVMValueRef b)
{
    unsigned words = cc_words(s, LLVMTypeOf(a));
    int all = MIR_NONE;

    for (unsigned i = 0; i < words; i++) {
        uint32_t known;
        int reg = cc_clean(s, a, i);

        if (!(LLVMIsConstant(b) && cc_known(s, b, i, &known) && known == 0)) {
            reg = cc_new3(s, HSX_OP_XOR, reg, cc_clean(s, b, i));
        }
        all = all == MIR_NONE ? reg : cc_new3(s, HSX_OP_OR, all, reg);
    }
    return all;
}

struct order {
    bool swap; /* compare b with a */
    bool is_signed;
    bool when_carry; /* holds when C is set */
};

static bool order_of(LLVMIntPredicate predicate, struct order *order)
{
    switch (predicate) {
    case LLVMIntUGE:
    case LLVMIntSGE:
        *order = (struct order){false, predicate == LLVMIntSGE, true};
        return true;
    case LLVMIntULT:
    case LLVMIntSLT:
        *order = (struct order){false, predicate == LLVMIntSLT, false};
        return true;
    case LLVMIntULE:
    case LLVMIntSLE:
        *order = (struct order){true, predicate == LLVMIntSLE, true};
        return true;
    case LLVMIntUGT:
    case LLVMIntSGT:
        *order = (struct order){true, predicate == LLVMIntSGT, false};
        return true;
    default:
        return false;
    }
}

/* x > -1 is x >= 0, and x <= -1 is x < 0. */
static LLVMIntPredicate against_zero(struct selector *s, LLVMIntPredicate predicate,
                                     LLVMValueRef *b)
{
    uint32_t known;

    if ((predicate == LLVMIntSGT || predicate == LLVMIntSLE) && LLVMIsConstant(*b) &&
        cc_bits(LLVMTypeOf(*b)) == 32 && cc_known(s, *b, 0, &known) && known == 0xFFFFFFFF) {
        *b = LLVMConstNull(LLVMTypeOf(*b));
        return predicate == LLVMIntSGT ? LLVMIntSGE : LLVMIntSLT;
    }
    return predicate;
}

enum mir_end cc_compare(struct selector *s, LLVMIntPredicate predicate, LLVMValueRef a,
                        LLVMValueRef b)
{
    struct order order;

    predicate = against_zero(s, predicate, &b);
    if (order_of(predicate, &order)) {
        compare_order(s, order.swap ? b : a, order.swap ? a : b, order.is_signed);
        s->kind = MIR_KIND_ORDER;
        cc_three(s, HSX_OP_SBC, MIR_SCRATCH, MIR_SCRATCH, MIR_SCRATCH);
        s->kind = MIR_KIND_WORK;
        return order.when_carry ? MIR_END_ZERO : MIR_END_NOT_ZERO;
    }
    if (cc_words(s, LLVMTypeOf(a)) == 1) {
        uint32_t known;
        int left = cc_clean(s, a, 0);

        if (LLVMIsConstant(b) && cc_known(s, b, 0, &known) && known == 0) {
            s->kind = MIR_KIND_COMPARE;
            cc_three(s, HSX_OP_OR, MIR_SCRATCH, left, left);
            s->kind = MIR_KIND_WORK;
        } else {
            cc_three(s, HSX_OP_CMP, MIR_NONE, left, cc_clean(s, b, 0));
        }
    } else {
        int reg = difference(s, a, b);

        s->kind = MIR_KIND_COMPARE;
        cc_three(s, HSX_OP_OR, MIR_SCRATCH, reg, reg);
        s->kind = MIR_KIND_WORK;
    }
    return predicate == LLVMIntEQ ? MIR_END_ZERO : MIR_END_NOT_ZERO;
}

/* Whether the comparison is made at its only user, a branch or select. */
static bool made_at_use(LLVMValueRef insn)
{
    LLVMUseRef use = LLVMGetFirstUse(insn);
    LLVMValueRef user;

    if (!use || LLVMGetNextUse(use)) {
        return false;
    }
    user = LLVMGetUser(use);
    if (LLVMGetInstructionParent(user) != LLVMGetInstructionParent(insn)) {
        return false;
    }
    if (LLVMIsABranchInst(user)) {
        return true;
    }
    return LLVMIsASelectInst(user) && LLVMGetOperand(user, 0) == insn;
}

static void select_compare(struct selector *s, LLVMValueRef insn)
{
    LLVMIntPredicate predicate = LLVMGetICmpPredicate(insn);
    LLVMValueRef a = LLVMGetOperand(insn, 0);
    LLVMValueRef b = LLVMGetOperand(insn, 1);
    struct order order;
    int d;

    if (made_at_use(insn)) {
        return;
    }
    predicate = against_zero(s, predicate, &b);
    d = cc_place(s, insn)->first;
    cc_place(s, insn)->clean = true;
    if (order_of(predicate, &order)) {
        if (!order.when_carry) {
            int one = cc_constant(s, 1);

            compare_order(s, order.swap ? b : a, order.swap ? a : b, order.is_signed);
            s->kind = MIR_KIND_ORDER;
            cc_three(s, HSX_OP_SBC, d, MIR_SCRATCH, MIR_SCRATCH);
            cc_three(s, HSX_OP_AND, d, d, one);
            s->kind = MIR_KIND_WORK;
            return;
        }
        compare_order(s, order.swap ? b : a, order.swap ? a : b, order.is_signed);
    } else {
        int reg = difference(s, a, b);

        if (predicate == LLVMIntEQ) {
            cc_three(s, HSX_OP_CMP, MIR_NONE, cc_constant(s, 0), reg);
        } else {
            cc_three(s, HSX_OP_CMP, MIR_NONE, reg, cc_constant(s, 1));
        }
    }
    s->kind = MIR_KIND_ORDER;
    cc_load_constant(s, d, NULL, 0);
    cc_three(s, HSX_OP_ADC, d, d, d);
    s->kind = MIR_KIND_WORK;
}

static void word_by_word(struct selector *s, LLVMValueRef insn, uint8_t first_op, uint8_t next_op)
{
    LLVMValueRef a = LLVMGetOperand(insn, 0);
    LLVMValueRef b = LLVMGetOperand(insn, 1);
    unsigned words = cc_words(s, LLVMTypeOf(insn));
    int first = cc_place(s, insn)->first;
    int left[MOST_WORDS];
    int right[MOST_WORDS];

    /* all operands first: a new constant or sum would change the carry in between */
    for (unsigned i = 0; i < words; i++) {
        left[i] = cc_reg(s, a, i);
        right[i] = cc_reg(s, b, i);
    }
    for (unsigned i = 0; i < words; i++) {
        cc_three(s, i == 0 ? first_op : next_op, first + (int)i, left[i], right[i]);
    }
}

static void select_logic(struct selector *s, LLVMValueRef insn, uint8_t op)
{
    LLVMValueRef a = LLVMGetOperand(insn, 0);
    LLVMValueRef b = LLVMGetOperand(insn, 1);
    bool both = is_clean(s, a) && is_clean(s, b);
    bool one = is_clean(s, a) || is_clean(s, b);
    uint32_t known;
    int first = cc_place(s, insn)->first;

    for (unsigned i = 0; i < cc_words(s, LLVMTypeOf(insn)); i++) {
        int left = cc_reg(s, a, i);

        if (op == HSX_OP_XOR && LLVMIsConstant(b) && cc_known(s, b, i, &known) &&
            known == 0xFFFFFFFF) {
            cc_three(s, HSX_OP_NOT, first + (int)i, left, MIR_NONE);
        } else {
            cc_three(s, op, first + (int)i, left, cc_reg(s, b, i));
        }
    }
    cc_place(s, insn)->clean = op == HSX_OP_AND ? one : both;
}

static int shifted(struct selector *s, uint8_t op, int reg, unsigned by)
{
    if (by == 0) {
        return reg;
    }
    if (op == HSX_OP_LSL && by == 1) {
        return cc_new3(s, HSX_OP_ADD, reg, reg);
    }
    return cc_new3(s, op, reg, cc_constant(s, (int32_t)by));
}

/* Shifts of several words have constant amounts here: cc_prepare replaces others. */
static void select_wide_shift(struct selector *s, LLVMValueRef insn, uint8_t op)
{
    LLVMValueRef a = LLVMGetOperand(insn, 0);
    LLVMValueRef b = LLVMGetOperand(insn, 1);
    unsigned words = cc_words(s, LLVMTypeOf(insn));
    int first = cc_place(s, insn)->first;
    uint32_t by;
    int in[MOST_WORDS] = {0};
    int fill;

    if (!LLVMIsConstant(b) || !cc_known(s, b, 0, &by)) {
        cc_unsupported(s, insn, "a shift of this width by a variable");
    }
    for (unsigned i = 0; i < words; i++) {
        in[i] = op == HSX_OP_LSL   ? cc_reg(s, a, i)
                : op == HSX_OP_LSR ? cc_clean(s, a, i)
                                   : cc_signed(s, a, i);
    }
    fill = op == HSX_OP_ASR ? shifted(s, HSX_OP_ASR, in[words - 1], 31) : cc_constant(s, 0);
    for (unsigned i = 0; i < words; i++) {
        unsigned skip = by / 32;
        unsigned bits = by % 32;
        bool left = op == HSX_OP_LSL;
        int near = MIR_NONE;
        int far = MIR_NONE;
        int d = first + (int)i;

        if (left ? i >= skip : i + skip < words) {
            near = in[left ? i - skip : i + skip];
        }
        if (left ? i >= skip + 1 : i + skip + 1 < words) {
            far = in[left ? i - skip - 1 : i + skip + 1];
        }
        if (near == MIR_NONE) {
            cc_move(s, d, fill);
            continue;
        }
        if (far == MIR_NONE) {
            /* the outermost remaining word: zeros or the sign are shifted in */
            cc_move(s, d, shifted(s, op, near, bits));
            continue;
        }
        near = shifted(s, left ? HSX_OP_LSL : HSX_OP_LSR, near, bits);
        if (bits == 0) {
            cc_move(s, d, near);
            continue;
        }
        far = shifted(s, left ? HSX_OP_LSR : HSX_OP_LSL, far, 32 - bits);
        cc_three(s, HSX_OP_OR, d, near, far);
    }
}

static void select_shift(struct selector *s, LLVMValueRef insn, uint8_t op)
{
    LLVMValueRef a = LLVMGetOperand(insn, 0);
    LLVMValueRef b = LLVMGetOperand(insn, 1);
    int first;
    uint32_t by;
    int left;

    if (cc_words(s, LLVMTypeOf(insn)) > 1) {
        select_wide_shift(s, insn, op);
        return;
    }
    left = op == HSX_OP_LSL   ? cc_reg(s, a, 0)
           : op == HSX_OP_LSR ? cc_clean(s, a, 0)
                              : cc_signed(s, a, 0);
    first = cc_place(s, insn)->first;
    if (op == HSX_OP_LSL && LLVMIsConstant(b) && cc_known(s, b, 0, &by) && by == 1) {
        cc_three(s, HSX_OP_ADD, first, left, left);
    } else {
        cc_three(s, op, first, left, cc_reg(s, b, 0));
    }
    cc_place(s, insn)->clean = op == HSX_OP_LSR;
}

static void select_division(struct selector *s, LLVMValueRef insn, bool remainder)
{
    LLVMValueRef a = LLVMGetOperand(insn, 0);
    LLVMValueRef b = LLVMGetOperand(insn, 1);
    int first;
    int left;
    int right;

    if (cc_words(s, LLVMTypeOf(insn)) > 1) {
        cc_unsupported(s, insn, "a division of this width");
    }
    left = cc_signed(s, a, 0);
    right = cc_signed(s, b, 0);
    first = cc_place(s, insn)->first;
    if (!remainder) {
        cc_three(s, HSX_OP_DIV, first, left, right);
    } else {
        int quotient = cc_new3(s, HSX_OP_DIV, left, right);

        cc_three(s, HSX_OP_SUB, first, left, cc_new3(s, HSX_OP_MUL, quotient, right));
    }
}

static void select_extension(struct selector *s, LLVMValueRef insn, bool is_signed)
{
    LLVMValueRef from = LLVMGetOperand(insn, 0);
    unsigned words = cc_words(s, LLVMTypeOf(insn));
    unsigned have = cc_words(s, LLVMTypeOf(from));
    int first = cc_place(s, insn)->first;
    int last = MIR_NONE;

    for (unsigned i = 0; i < have; i++) {
        last = is_signed ? cc_signed(s, from, i) : cc_clean(s, from, i);
        cc_move(s, first + (int)i, last);
    }
    for (unsigned i = have; i < words; i++) {
        if (!is_signed) {
            cc_load_constant(s, first + (int)i, NULL, 0);
        } else if (i == have) {
            cc_three(s, HSX_OP_ASR, first + (int)i, last, cc_constant(s, 31));
        } else {
            cc_move(s, first + (int)i, first + (int)have);
        }
    }
    cc_place(s, insn)->clean = !is_signed;
}

static bool is_half(LLVMValueRef value)
{
    return LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMHalfTypeKind;
}

static void select_half(struct selector *s, LLVMValueRef insn, uint8_t op)
{
    int a;
    int b = MIR_NONE;
    int d;

    if (!is_half(insn) && op != HSX_OP_F2I) {
        cc_unsupported(s, insn, "this floating-point type");
    }
    if (op == HSX_OP_I2F) {
        a = cc_signed(s, LLVMGetOperand(insn, 0), 0);
    } else {
        a = cc_reg(s, LLVMGetOperand(insn, 0), 0);
    }
    if (op != HSX_OP_I2F && op != HSX_OP_F2I) {
        b = cc_reg(s, LLVMGetOperand(insn, 1), 0);
    }
    d = cc_place(s, insn)->first;
    /* the high half of a binary16's register may be anything */
    cc_three(s, op, d, a, b);
}

void cc_select_arithmetic(struct selector *s, LLVMValueRef insn)
{
    switch (LLVMGetInstructionOpcode(insn)) {
    case LLVMAdd:
        word_by_word(s, insn, HSX_OP_ADD, HSX_OP_ADC);
        return;
    case LLVMSub:
        word_by_word(s, insn, HSX_OP_SUB, HSX_OP_SBC);
        return;
    case LLVMMul:
        if (cc_words(s, LLVMTypeOf(insn)) > 1) {
            cc_unsupported(s, insn, "a multiplication of this width");
        }
        word_by_word(s, insn, HSX_OP_MUL, HSX_OP_MUL);
        return;
    case LLVMAnd:
        select_logic(s, insn, HSX_OP_AND);
        return;
    case LLVMOr:
        select_logic(s, insn, HSX_OP_OR);
        return;
    case LLVMXor:
        select_logic(s, insn, HSX_OP_XOR);
        return;
    case LLVMShl:
        select_shift(s, insn, HSX_OP_LSL);
        return;
    case LLVMLShr:
        select_shift(s, insn, HSX_OP_LSR);
        return;
    case LLVMAShr:
        select_shift(s, insn, HSX_OP_ASR);
        return;
    case LLVMSDiv:
        select_division(s, insn, false);
        return;
    case LLVMSRem:
        select_division(s, insn, true);
        return;
    case LLVMICmp:
        select_compare(s, insn);
        return;
    case LLVMZExt:
        select_extension(s, insn, false);
        return;
    case LLVMSExt:
        select_extension(s, insn, true);
        return;
    case LLVMTrunc: {
        LLVMValueRef from = LLVMGetOperand(insn, 0);
        int first = cc_place(s, insn)->first;

        for (unsigned i = 0; i < cc_words(s, LLVMTypeOf(insn)); i++) {
            cc_move(s, first + (int)i, cc_reg(s, from, i));
        }
        return;
    }
    case LLVMFAdd:
        select_half(s, insn, HSX_OP_FADD);
        return;
    case LLVMFSub:
        select_half(s, insn, HSX_OP_FSUB);
        return;
    case LLVMFMul:
        select_half(s, insn, HSX_OP_FMUL);
        return;
    case LLVMFDiv:
        select_half(s, insn, HSX_OP_FDIV);
        return;
    case LLVMSIToFP:
        select_half(s, insn, HSX_OP_I2F);
        return;
    case LLVMFPToSI:
        if (!is_half(LLVMGetOperand(insn, 0))) {
            cc_unsupported(s, insn, "this floating-point type");
        }
        select_half(s, insn, HSX_OP_F2I);
        return;
    default:
        cc_unsupported(s, insn, "an operation of LLVM");
    }
}
