// SPDX-License-Identifier: Apache-2.0
#include "select.h"
#include "constants.h"
#include "memory.h"
#include "select_internal.h"
#include <llvm-c/DebugInfo.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void cc_unsupported(struct selector *s, LLVMValueRef value, const char *what)
{
    struct cc_source source = s->source;
    size_t length;
    const char *name = LLVMGetValueName2(s->function, &length);

    if (value && LLVMIsAInstruction(value)) {
        source = cc_source_of_insn(s->target->sources, value);
    }
    if (!source.file) {
        source = cc_source_of_function(s->target->sources, s->function);
    }
    if (source.file) {
        *s->error = cc_text("%s:%u: %s is not supported", source.file, source.line, what);
    } else {
        *s->error = cc_text("%.*s: %s is not supported", (int)length, name, what);
    }
    longjmp(s->failed, 1);
}

unsigned cc_words(struct selector *s, LLVMTypeRef type)
{
    uint64_t words = 0;

    switch (LLVMGetTypeKind(type)) {
    case LLVMVoidTypeKind:
        return 0;
    case LLVMIntegerTypeKind:
        words = (LLVMGetIntTypeWidth(type) + 31) / 32;
        break;
    case LLVMPointerTypeKind:
    case LLVMHalfTypeKind:
    case LLVMFloatTypeKind:
        return 1;
    case LLVMDoubleTypeKind:
        return 2;
    case LLVMFP128TypeKind:
        return 4;
    case LLVMStructTypeKind:
        for (unsigned i = 0; i < LLVMCountStructElementTypes(type); i++) {
            words += cc_words(s, LLVMStructGetTypeAtIndex(type, i));
        }
        break;
    case LLVMArrayTypeKind:
        words = (uint64_t)LLVMGetArrayLength(type) * cc_words(s, LLVMGetElementType(type));
        break;
    default:
        cc_unsupported(s, NULL, "a vector type");
    }
    if (words > MOST_WORDS) {
        cc_unsupported(s, NULL, "a value of so many words");
    }
    return (unsigned)words;
}

unsigned cc_bits(LLVMTypeRef type)
{
    switch (LLVMGetTypeKind(type)) {
    case LLVMIntegerTypeKind:
        return LLVMGetIntTypeWidth(type);
    case LLVMHalfTypeKind:
        return 16;
    case LLVMDoubleTypeKind:
        return 64;
    case LLVMFP128TypeKind:
        return 128;
    default:
        return 32;
    }
}

static struct place *probe(struct place *places, size_t room, LLVMValueRef value)
{
    size_t at = ((size_t)value >> 4) * 2654435761u % room;

    while (places[at].value && places[at].value != value) {
        at = (at + 1) % room;
    }
    return &places[at];
}

struct place *cc_place(struct selector *s, LLVMValueRef value)
{
    struct place *place;

    if (s->place_count * 2 >= s->place_room) {
        struct place *old = s->places;
        size_t room = s->place_room;

        s->place_room = room ? room * 2 : 256;
        s->places = cc_allocate(s->place_room, sizeof *s->places);
        for (size_t i = 0; i < room; i++) {
            if (old[i].value) {
                *probe(s->places, s->place_room, old[i].value) = old[i];
            }
        }
        free(old);
    }
    place = probe(s->places, s->place_room, value);
    if (!place->value) {
        unsigned words = cc_words(s, LLVMTypeOf(value));

        *place = (struct place){.value = value, .first = s->mir->registers, .slot = MIR_NONE};
        s->mir->registers += (int)words;
        s->place_count++;
    }
    return place;
}

const struct place *cc_known_place(struct selector *s, LLVMValueRef value)
{
    const struct place *place = s->place_room != 0 ? probe(s->places, s->place_room, value) : NULL;

    return place && place->value ? place : NULL;
}

int cc_fresh(struct selector *s)
{
    return mir_add_register(s->mir);
}

struct mir_insn *cc_emit(struct selector *s, struct mir_insn insn)
{
    insn.file = s->source.file;
    insn.line = s->source.line;
    if (insn.kind == MIR_KIND_WORK || s->kind == MIR_KIND_ORDER) {
        insn.kind = s->kind;
    }
    return mir_append(s->mir, s->at, insn);
}

void cc_three(struct selector *s, uint8_t op, int d, int a, int b)
{
    struct mir_insn insn = mir_insn(op);

    insn.d = d;
    insn.a = a;
    insn.b = b;
    cc_emit(s, insn);
}

int cc_new3(struct selector *s, uint8_t op, int a, int b)
{
    int d = cc_fresh(s);

    cc_three(s, op, d, a, b);
    return d;
}

void cc_move(struct selector *s, int d, int a)
{
    cc_three(s, HSX_OP_MOV, d, a, MIR_NONE);
}

int cc_begin_block(struct selector *s)
{
    int block = mir_add_block(s->mir);

    s->mir->blocks[block].depth = s->loops.depth[s->block];
    s->mir->blocks[block].before = s->loops.before[s->block]; /* as an IR block for now */
    return block;
}

void cc_end_block(struct selector *s, enum mir_end end, int first, int second)
{
    struct mir_block *block = &s->mir->blocks[s->at];

    block->end = end;
    block->next[0] = first;
    block->next[1] = second;
}

/* The values that phis of the next block get from this one, at once: none is
 * overwritten before it is read. */
static void copy_to_phis(struct selector *s, LLVMBasicBlockRef next)
{
    LLVMBasicBlockRef here = s->loops.blocks[s->block];
    int *from = NULL;
    int *to = NULL;
    LLVMValueRef *constants = NULL;
    size_t count = 0;
    size_t room = 0, room2 = 0, room3 = 0;
    bool direct = true;

    for (LLVMValueRef phi = LLVMGetFirstInstruction(next); phi && LLVMIsAPHINode(phi);
         phi = LLVMGetNextInstruction(phi)) {
        unsigned words = cc_words(s, LLVMTypeOf(phi));
        LLVMValueRef value = NULL;

        for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
            if (LLVMGetIncomingBlock(phi, i) == here) {
                value = LLVMGetIncomingValue(phi, i);
            }
        }
        if (!value || LLVMIsUndef(value)) {
            continue;
        }
        for (unsigned part = 0; part < words; part++) {
            bool constant = cc_is_plain_constant(s, value);
            int source = constant ? MIR_NONE : cc_reg(s, value, part);

            from = cc_grow(from, count, &room, sizeof *from);
            to = cc_grow(to, count, &room2, sizeof *to);
            /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
            constants = cc_grow(constants, count, &room3, sizeof *constants);
            from[count] = source;
            to[count] = cc_place(s, phi)->first + (int)part;
            constants[count] = constant ? value : NULL;
            count++;
        }
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            direct = direct && (i == k || from[i] != to[k]);
        }
    }
    for (size_t i = 0; !direct && i < count; i++) {
        if (from[i] != MIR_NONE) {
            int copy = cc_fresh(s);

            cc_move(s, copy, from[i]);
            from[i] = copy;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (from[i] != MIR_NONE) {
            cc_move(s, to[i], from[i]);
        }
    }
    /* A constant is created in place: a shared one would have to be moved there. */
    for (size_t i = 0, part = 0; i < count; i++) {
        const char *symbol = NULL;
        int64_t offset = 0;
        uint32_t bits = 0;

        part = i > 0 && constants[i] == constants[i - 1] && to[i] == to[i - 1] + 1 ? part + 1 : 0;
        if (!constants[i]) {
            continue;
        }
        if (!cc_known(s, constants[i], (unsigned)part, &bits) &&
            !cc_address(s, constants[i], &symbol, &offset)) {
            cc_unsupported(s, NULL, "a constant expression");
        }
        cc_load_constant(s, to[i], symbol, symbol ? (int32_t)offset : (int32_t)bits);
    }
    free(from);
    free(to);
    free(constants);
}

static bool is_last_use_here(LLVMValueRef value, LLVMBasicBlockRef block)
{
    LLVMUseRef use = LLVMGetFirstUse(value);

    return use && !LLVMGetNextUse(use) && LLVMGetInstructionParent(value) == block;
}

/* Flags for a condition of type i1. */
static enum mir_end test(struct selector *s, LLVMValueRef condition)
{
    if (LLVMIsAICmpInst(condition) && is_last_use_here(condition, s->loops.blocks[s->block])) {
        return cc_compare(s, LLVMGetICmpPredicate(condition), LLVMGetOperand(condition, 0),
                          LLVMGetOperand(condition, 1));
    }
    {
        int reg = cc_clean(s, condition, 0);

        s->kind = MIR_KIND_COMPARE;
        cc_three(s, HSX_OP_OR, MIR_SCRATCH, reg, reg);
        s->kind = MIR_KIND_WORK;
    }
    return MIR_END_NOT_ZERO;
}

static void select_branch(struct selector *s, LLVMValueRef insn)
{
    LLVMBasicBlockRef next[2];
    enum mir_end end = MIR_END_JUMP;
    int to[2];

    next[0] = LLVMGetSuccessor(insn, 0);
    if (!LLVMIsConditional(insn)) {
        copy_to_phis(s, next[0]);
        cc_end_block(s, MIR_END_JUMP, s->first_block[cc_block_number(&s->loops, next[0])],
                     MIR_NONE);
        return;
    }
    next[1] = LLVMGetSuccessor(insn, 1);
    /* Critical edges are split, so at most one of the two has phis with other sources. */
    for (int i = 0; i < 2; i++) {
        copy_to_phis(s, next[i]);
        to[i] = s->first_block[cc_block_number(&s->loops, next[i])];
    }
    end = test(s, LLVMGetCondition(insn));
    cc_end_block(s, end, to[0], to[1]);
}

/* insn = condition ? yes : no. Without a condition, the predicate compares yes with no. */
static void choose(struct selector *s, LLVMValueRef insn, LLVMValueRef yes, LLVMValueRef no,
                   LLVMValueRef condition, LLVMIntPredicate predicate)
{
    unsigned words = cc_words(s, LLVMTypeOf(insn));
    int first = cc_place(s, insn)->first;
    int regs[MOST_WORDS];
    enum mir_end end;
    int over;
    int arm;

    for (unsigned part = 0; part < words; part++) {
        regs[part] = cc_reg(s, yes, part);
    }
    for (unsigned part = 0; part < words; part++) {
        cc_move(s, first + (int)part, cc_reg(s, no, part));
    }
    end = condition ? test(s, condition) : cc_compare(s, predicate, yes, no);
    arm = cc_begin_block(s);
    over = cc_begin_block(s);
    cc_end_block(s, end, arm, over);
    s->at = arm;
    for (unsigned part = 0; part < words; part++) {
        cc_move(s, first + (int)part, regs[part]);
    }
    cc_end_block(s, MIR_END_JUMP, over, MIR_NONE);
    s->at = over;
    cc_place(s, insn)->clean = false;
}

static void select_select(struct selector *s, LLVMValueRef insn)
{
    choose(s, insn, LLVMGetOperand(insn, 1), LLVMGetOperand(insn, 2), LLVMGetOperand(insn, 0),
           LLVMIntEQ);
}

void cc_select_extreme(struct selector *s, LLVMValueRef insn, LLVMIntPredicate predicate)
{
    choose(s, insn, LLVMGetOperand(insn, 0), LLVMGetOperand(insn, 1), NULL, predicate);
}

/* Flattened position of the element that extractvalue or insertvalue names. */
static unsigned element_part(struct selector *s, LLVMValueRef insn, LLVMTypeRef type)
{
    unsigned count = LLVMGetNumIndices(insn);
    const unsigned *indices = LLVMGetIndices(insn);
    unsigned part = 0;

    for (unsigned i = 0; i < count; i++) {
        if (LLVMGetTypeKind(type) == LLVMStructTypeKind) {
            for (unsigned k = 0; k < indices[i]; k++) {
                part += cc_words(s, LLVMStructGetTypeAtIndex(type, k));
            }
            type = LLVMStructGetTypeAtIndex(type, indices[i]);
        } else {
            type = LLVMGetElementType(type);
            part += indices[i] * cc_words(s, type);
        }
    }
    return part;
}

static void select_element(struct selector *s, LLVMValueRef insn)
{
    LLVMValueRef whole = LLVMGetOperand(insn, 0);
    unsigned part = element_part(s, insn, LLVMTypeOf(whole));
    int first = cc_place(s, insn)->first;

    if (LLVMIsAExtractValueInst(insn)) {
        for (unsigned i = 0; i < cc_words(s, LLVMTypeOf(insn)); i++) {
            cc_move(s, first + (int)i, cc_reg(s, whole, part + i));
        }
    } else {
        LLVMValueRef element = LLVMGetOperand(insn, 1);
        unsigned size = cc_words(s, LLVMTypeOf(element));

        for (unsigned i = 0; i < cc_words(s, LLVMTypeOf(insn)); i++) {
            if (i >= part && i < part + size) {
                cc_move(s, first + (int)i, cc_reg(s, element, i - part));
            } else if (!LLVMIsUndef(whole)) {
                cc_move(s, first + (int)i, cc_reg(s, whole, i));
            } else {
                cc_load_constant(s, first + (int)i, NULL, 0);
            }
        }
    }
}

static void copy_value(struct selector *s, LLVMValueRef insn)
{
    LLVMValueRef from = LLVMGetOperand(insn, 0);
    int first = cc_place(s, insn)->first;

    for (unsigned i = 0; i < cc_words(s, LLVMTypeOf(insn)); i++) {
        cc_move(s, first + (int)i, cc_reg(s, from, i));
    }
}

static void select_insn(struct selector *s, LLVMValueRef insn)
{
    s->source = cc_source_of_insn(s->target->sources, insn);
    switch (LLVMGetInstructionOpcode(insn)) {
    case LLVMPHI:
        cc_place(s, insn);
        return;
    case LLVMBr:
        select_branch(s, insn);
        return;
    case LLVMRet:
        cc_select_return(s, insn);
        return;
    case LLVMUnreachable:
        cc_end_block(s, MIR_END_NEVER, MIR_NONE, MIR_NONE);
        return;
    case LLVMCall:
        cc_select_call(s, insn);
        return;
    case LLVMSelect:
        select_select(s, insn);
        return;
    case LLVMExtractValue:
    case LLVMInsertValue:
        select_element(s, insn);
        return;
    case LLVMFreeze:
    case LLVMBitCast:
        copy_value(s, insn);
        return;
    case LLVMLoad:
    case LLVMStore:
    case LLVMAlloca:
    case LLVMFence:
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg:
        cc_select_memory(s, insn);
        return;
    case LLVMGetElementPtr:
    case LLVMPtrToInt:
    case LLVMIntToPtr:
        cc_select_pointer(s, insn);
        return;
    default:
        cc_select_arithmetic(s, insn);
        return;
    }
}

static void select_blocks(struct selector *s)
{
    size_t count = s->loops.count;

    for (size_t i = 0; i < count; i++) {
        LLVMValueRef end = LLVMGetBasicBlockTerminator(s->loops.blocks[i]);

        if (LLVMGetInstructionOpcode(end) == LLVMIndirectBr) {
            cc_unsupported(s, end, "a jump to a computed label");
        }
    }
    s->first_block = cc_allocate(count, sizeof *s->first_block);
    s->last_block = cc_allocate(count, sizeof *s->last_block);
    for (size_t i = 0; i < count; i++) {
        s->block = i;
        s->first_block[i] = cc_begin_block(s);
        s->last_block[i] = s->first_block[i];
    }
    for (size_t k = 0; k < s->loops.reached; k++) {
        size_t i = s->loops.order[k];

        s->block = i;
        s->at = s->first_block[i];
        s->epoch++;
        if (i == 0) {
            cc_select_arguments(s);
        }
        for (LLVMValueRef insn = LLVMGetFirstInstruction(s->loops.blocks[i]); insn;
             insn = LLVMGetNextInstruction(insn)) {
            select_insn(s, insn);
        }
        s->last_block[i] = s->at;
    }
    for (size_t i = 0; i < s->mir->block_count; i++) {
        int *before = &s->mir->blocks[i].before;

        *before = *before == MIR_NONE ? MIR_NONE : s->last_block[*before];
    }
}

/* R14 is set only for its flags: not needed if the value's own instruction has set them. */
static void drop_tests(struct mir_function *function)
{
    for (size_t i = 0; i < function->block_count; i++) {
        struct mir_block *block = &function->blocks[i];
        struct mir_insn *last = block->count ? &block->insns[block->count - 1] : NULL;

        if (!last || last->op != HSX_OP_OR || last->d != MIR_SCRATCH || last->a != last->b) {
            continue;
        }
        for (size_t k = block->count - 1; k-- > 0;) {
            const struct mir_insn *before = &block->insns[k];

            if (before->op == MIR_NOTE) {
                continue;
            }
            if (before->op >= MIR_ADDRESS || before->op == HSX_OP_CALL ||
                before->op == HSX_OP_SVC) {
                break;
            }
            if (hsx_insn_table[before->op].flags != HSX_FLAGS_NONE) {
                if (before->d == last->a) {
                    block->count--;
                }
                break;
            }
            if (before->d == last->a) {
                break;
            }
        }
    }
}

struct mir_function *cc_select(const struct cc_target *target, LLVMValueRef function, char **error)
{
    struct selector *s = cc_allocate(1, sizeof *s);
    struct mir_function *mir;

    s->target = target;
    s->function = function;
    s->error = error;
    s->source = cc_source_of_function(target->sources, function);
    s->mir = mir_new(cc_name_of(target->names, function));
    s->mir->file = s->source.file;
    s->mir->line = s->source.line;
    cc_find_loops(&s->loops, function);
    if (setjmp(s->failed) != 0) {
        mir_free(s->mir);
        s->mir = NULL;
    } else {
        select_blocks(s);
        drop_tests(s->mir);
    }
    mir = s->mir;
    cc_free_loops(&s->loops);
    free(s->first_block);
    free(s->last_block);
    free(s->places);
    free(s->constants);
    free(s);
    return mir;
}
