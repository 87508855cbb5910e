// SPDX-License-Identifier: Apache-2.0
/* Calls, arguments and results (docs/cc.md, calling convention). */
#include "select_internal.h"
#include "variables.h"
#include <string.h>

enum { ARGUMENT_REGISTERS = 3, FIRST_ARGUMENT = 1, RESULT_REGISTERS = 4 };

static bool is_wide(LLVMTypeRef type)
{
    LLVMTypeKind kind = LLVMGetTypeKind(type);

    return kind == LLVMDoubleTypeKind ||
           (kind == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) > 32);
}

static unsigned attribute(const char *name)
{
    return LLVMGetEnumAttributeKindForName(name, strlen(name));
}

static bool is_narrow(LLVMTypeRef type)
{
    return LLVMGetTypeKind(type) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(type) % 32 != 0;
}

/* How the caller must fill the bits above the type's width. */
static int extended(struct selector *s, LLVMValueRef call, unsigned index, LLVMValueRef value,
                    unsigned part)
{
    if (LLVMGetCallSiteEnumAttribute(call, index + 1, attribute("signext"))) {
        return cc_signed(s, value, part);
    }
    return is_narrow(LLVMTypeOf(value)) ? cc_clean(s, value, part) : cc_reg(s, value, part);
}

struct words {
    int regs[MOST_WORDS];
    unsigned count;
};

static void add_word(struct selector *s, struct words *words, int reg)
{
    if (words->count == MOST_WORDS) {
        cc_unsupported(s, NULL, "a call with so many arguments");
    }
    words->regs[words->count++] = reg;
}

/* Collects the words of all arguments: first those in registers, then those on the stack. */
static unsigned gather(struct selector *s, LLVMValueRef call, struct words *words)
{
    LLVMTypeRef type = LLVMGetCalledFunctionType(call);
    unsigned named = LLVMCountParamTypes(type);
    unsigned count = LLVMGetNumArgOperands(call);
    unsigned in_registers = 0;

    words->count = 0;
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef value = LLVMGetOperand(call, i);

        if (i == named) {
            in_registers = words->count < ARGUMENT_REGISTERS ? words->count : ARGUMENT_REGISTERS;
        }
        if (i >= named && is_wide(LLVMTypeOf(value)) && (words->count - in_registers) % 2 != 0) {
            add_word(s, words, cc_constant(s, 0));
        }
        for (unsigned part = 0; part < cc_words(s, LLVMTypeOf(value)); part++) {
            add_word(s, words, extended(s, call, i, value, part));
        }
    }
    if (count == named) {
        in_registers = words->count < ARGUMENT_REGISTERS ? words->count : ARGUMENT_REGISTERS;
    }
    return in_registers;
}

static void drop_arguments(struct selector *s, unsigned words)
{
    struct mir_insn insn = mir_insn(MIR_DROP_ARGS);

    if (words > 0) {
        insn.imm = (int32_t)words;
        cc_emit(s, insn);
    }
}

static void emit_call(struct selector *s, LLVMValueRef insn, const struct words *words,
                      unsigned in_registers)
{
    LLVMValueRef called = LLVMGetCalledValue(insn);
    struct mir_insn call = mir_insn(HSX_OP_CALL);
    unsigned on_stack = words->count - in_registers;
    unsigned results = cc_words(s, LLVMTypeOf(insn));
    int target = MIR_NONE;
    const char *symbol;
    int64_t offset;

    if (results > RESULT_REGISTERS) {
        cc_unsupported(s, insn, "a result of so many words");
    }
    if (LLVMIsAFunction(called) ||
        (LLVMIsConstant(called) && cc_address(s, called, &symbol, &offset) && symbol &&
         offset == 0)) {
        cc_address(s, called, &symbol, &offset);
        call.symbol = symbol;
    } else {
        /* CALL cannot go through R0, and R1 to R3 hold arguments. */
        target = cc_reg(s, called, 0);
        call.a = MIR_SCRATCH;
    }
    if (on_stack % 2 != 0) {
        struct mir_insn pad = mir_insn(MIR_PUSH_ARG);

        pad.a = words->regs[words->count - 1];
        cc_emit(s, pad);
        on_stack++;
    }
    for (unsigned i = words->count; i-- > in_registers;) {
        struct mir_insn push = mir_insn(MIR_PUSH_ARG);

        push.a = words->regs[i];
        cc_emit(s, push);
    }
    for (unsigned i = 0; i < in_registers; i++) {
        cc_move(s, FIRST_ARGUMENT + (int)i, words->regs[i]);
        call.reads |= (uint16_t)(1u << (FIRST_ARGUMENT + i));
    }
    if (target != MIR_NONE) {
        cc_move(s, MIR_SCRATCH, target);
    }
    call.writes = MIR_CALLER_SAVED;
    cc_emit(s, call);
    s->mir->calls = true;
    drop_arguments(s, on_stack);
    if (results > 0) {
        int first = cc_place(s, insn)->first;

        for (unsigned i = 0; i < results; i++) {
            cc_move(s, first + (int)i, (int)i);
        }
        cc_place(s, insn)->clean =
            is_narrow(LLVMTypeOf(insn)) &&
            !LLVMGetCallSiteEnumAttribute(insn, LLVMAttributeReturnIndex, attribute("signext"));
    }
    s->epoch++;
}

static bool names(LLVMValueRef called, const char *prefix)
{
    size_t size;
    const char *name = LLVMGetValueName2(called, &size);
    size_t length = strlen(prefix);

    return size >= length && memcmp(name, prefix, length) == 0;
}

/* Notes the place of a variable. It creates no register: the code is the same without it. */
static void note_variable(struct selector *s, LLVMValueRef insn)
{
    struct mir_insn note = mir_insn(MIR_NOTE);
    const struct place *place;
    struct cc_variable_note noted;

    if (!cc_read_variable_note(s->mir, insn, &noted)) {
        return;
    }
    note.imm = noted.variable;
    if (noted.value && LLVMIsAConstantInt(noted.value) &&
        LLVMGetIntTypeWidth(LLVMTypeOf(noted.value)) <= 32) {
        note.known = !noted.is_address;
        note.value = (int32_t)LLVMConstIntGetSExtValue(noted.value);
    } else if (noted.value && !LLVMIsConstant(noted.value)) {
        place = cc_known_place(s, noted.value);
        if (place && noted.is_address && place->offset == 0) {
            note.slot = place->slot;
        } else if (place && !noted.is_address && place->slot == MIR_NONE && place->offset == 0) {
            note.noted = place->first;
        }
    }
    cc_emit(s, note);
}

/* Optimizers turn comparisons into these, even after cc_prepare. */
static bool select_extreme(struct selector *s, LLVMValueRef insn, LLVMValueRef called)
{
    static const struct {
        const char *name;
        LLVMIntPredicate predicate;
    } extremes[] = {{"llvm.umin.", LLVMIntULT},
                    {"llvm.umax.", LLVMIntUGT},
                    {"llvm.smin.", LLVMIntSLT},
                    {"llvm.smax.", LLVMIntSGT}};

    for (size_t i = 0; i < sizeof extremes / sizeof *extremes; i++) {
        if (names(called, extremes[i].name)) {
            cc_select_extreme(s, insn, extremes[i].predicate);
            return true;
        }
    }
    return false;
}

static bool select_intrinsic(struct selector *s, LLVMValueRef insn, LLVMValueRef called)
{
    static const char *const without_effect[] = {
        "llvm.lifetime.", "llvm.dbg.",       "llvm.assume",
        "llvm.donothing", "llvm.invariant",  "llvm.experimental.noalias",
        "llvm.va_end",    "llvm.sideeffect", "llvm.prefetch",
    };

    if (names(called, "llvm.dbg.value") || names(called, "llvm.dbg.declare")) {
        note_variable(s, insn);
        return true;
    }
    for (size_t i = 0; i < sizeof without_effect / sizeof *without_effect; i++) {
        if (names(called, without_effect[i])) {
            return true;
        }
    }
    if (names(called, "llvm.va_start")) {
        struct mir_insn start = mir_insn(MIR_VA_START);
        struct mir_insn store = mir_insn(HSX_OP_ST);
        int list = cc_reg(s, LLVMGetOperand(insn, 0), 0);

        start.d = cc_fresh(s);
        cc_emit(s, start);
        store.a = list;
        store.b = start.d;
        cc_emit(s, store);
        return true;
    }
    if (names(called, "llvm.va_copy")) {
        struct mir_insn load = mir_insn(HSX_OP_LD);
        struct mir_insn store = mir_insn(HSX_OP_ST);

        load.a = cc_reg(s, LLVMGetOperand(insn, 1), 0);
        store.a = cc_reg(s, LLVMGetOperand(insn, 0), 0);
        load.d = cc_fresh(s);
        cc_emit(s, load);
        store.b = load.d;
        cc_emit(s, store);
        return true;
    }
    if (names(called, "llvm.stacksave")) {
        cc_move(s, cc_place(s, insn)->first, MIR_FRAME);
        return true;
    }
    if (names(called, "llvm.stackrestore")) {
        struct mir_insn shrink = mir_insn(MIR_SHRINK);

        shrink.a = cc_reg(s, LLVMGetOperand(insn, 0), 0);
        cc_emit(s, shrink);
        s->mir->grows = true;
        return true;
    }
    if (names(called, "llvm.trap") || names(called, "llvm.debugtrap")) {
        cc_emit(s, mir_insn(HSX_OP_BRK));
        return true;
    }
    if (names(called, "llvm.frameaddress") || names(called, "llvm.returnaddress")) {
        cc_load_constant(s, cc_place(s, insn)->first, NULL, 0);
        return true;
    }
    return select_extreme(s, insn, called);
}

/* Only empty inline assembly is supported: a barrier for the optimizer, through which
 * values may pass (`asm volatile("" : "+r"(x) : : "memory")`). */
static void select_barrier(struct selector *s, LLVMValueRef insn, LLVMValueRef called)
{
    char *text = LLVMPrintValueToString(called);
    const char *quote = strchr(text, '"');
    bool empty = quote && quote[1] == '"';
    unsigned words = cc_words(s, LLVMTypeOf(insn));
    unsigned from = 0;
    int first;

    LLVMDisposeMessage(text);
    if (!empty) {
        cc_unsupported(s, insn, "inline assembly");
    }
    if (words == 0) {
        return;
    }
    first = cc_place(s, insn)->first;
    for (unsigned i = 0; i < LLVMGetNumArgOperands(insn) && from < words; i++) {
        LLVMValueRef value = LLVMGetOperand(insn, i);

        for (unsigned part = 0; part < cc_words(s, LLVMTypeOf(value)) && from < words; part++) {
            cc_move(s, first + (int)from++, cc_reg(s, value, part));
        }
    }
    if (from < words) {
        cc_unsupported(s, insn, "inline assembly with an output alone");
    }
}

void cc_select_call(struct selector *s, LLVMValueRef insn)
{
    LLVMValueRef called = LLVMGetCalledValue(insn);
    struct words words;
    unsigned in_registers;

    if (LLVMIsAInlineAsm(called)) {
        select_barrier(s, insn, called);
        return;
    }
    if (LLVMIsAFunction(called) && names(called, "llvm.")) {
        if (!select_intrinsic(s, insn, called)) {
            size_t size;
            const char *name = LLVMGetValueName2(called, &size);

            cc_unsupported(s, insn, name);
        }
        return;
    }
    if (LLVMIsAFunction(called) && names(called, "__hsx_div")) {
        int left = cc_reg(s, LLVMGetOperand(insn, 0), 0);
        int right = cc_reg(s, LLVMGetOperand(insn, 1), 0);

        cc_three(s, HSX_OP_DIV, cc_place(s, insn)->first, left, right);
        return;
    }
    in_registers = gather(s, insn, &words);
    emit_call(s, insn, &words, in_registers);
}

void cc_select_return(struct selector *s, LLVMValueRef insn)
{
    struct mir_insn ret = mir_insn(HSX_OP_RET);
    LLVMValueRef value = LLVMGetNumOperands(insn) > 0 ? LLVMGetOperand(insn, 0) : NULL;
    unsigned words = value ? cc_words(s, LLVMTypeOf(value)) : 0;
    int regs[RESULT_REGISTERS];

    if (words > RESULT_REGISTERS) {
        cc_unsupported(s, insn, "a result of so many words");
    }
    for (unsigned i = 0; i < words; i++) {
        regs[i] = is_narrow(LLVMTypeOf(value)) ? cc_clean(s, value, i) : cc_reg(s, value, i);
        if (LLVMGetEnumAttributeAtIndex(s->function, LLVMAttributeReturnIndex,
                                        attribute("signext"))) {
            regs[i] = cc_signed(s, value, i);
        }
    }
    for (unsigned i = 0; i < words; i++) {
        cc_move(s, (int)i, regs[i]);
        ret.reads |= (uint16_t)(1u << i);
    }
    cc_emit(s, ret);
    cc_end_block(s, MIR_END_RETURN, MIR_NONE, MIR_NONE);
}

void cc_select_arguments(struct selector *s)
{
    unsigned count = LLVMCountParams(s->function);
    unsigned word = 0;
    unsigned on_stack = 0;

    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef argument = LLVMGetParam(s->function, i);
        unsigned words = cc_words(s, LLVMTypeOf(argument));
        int first = cc_place(s, argument)->first;

        for (unsigned part = 0; part < words; part++, word++) {
            if (word < ARGUMENT_REGISTERS) {
                cc_move(s, first + (int)part, FIRST_ARGUMENT + (int)word);
            } else {
                struct mir_insn load = mir_insn(HSX_OP_LD);

                load.slot = mir_add_slot(s->mir, 4, 4);
                s->mir->slots[load.slot].argument = (int)on_stack++;
                load.d = first + (int)part;
                cc_emit(s, load);
            }
        }
        cc_place(s, argument)->clean =
            is_narrow(LLVMTypeOf(argument)) &&
            !LLVMGetEnumAttributeAtIndex(s->function, i + 1, attribute("signext"));
    }
    s->mir->named_stack_words = on_stack;
}
