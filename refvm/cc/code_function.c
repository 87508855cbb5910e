// SPDX-License-Identifier: Apache-2.0
/* Code of a function after register allocation: frame, prologue, order of blocks. */
#include "code.h"
#include "memory.h"
#include "places.h"
#include <stdlib.h>

enum { UNROLLED_WORDS = 24, STACK_ALIGN = 8 };

struct writer {
    struct code *code;
    const struct mir_function *function;
    int *labels;    /* of blocks */
    unsigned saved; /* words of saved registers */
    unsigned frame; /* words of the frame */
    int32_t pushed; /* bytes of arguments on the stack */
    int base;       /* base register of slots */
};

static int order_of_slots(const struct mir_function *function, size_t *order)
{
    size_t count = 0;

    /* small slots first, so that spilled registers are within reach */
    for (int large = 0; large < 2; large++) {
        for (size_t i = 0; i < function->slot_count; i++) {
            const struct mir_slot *slot = &function->slots[i];

            if (slot->argument == MIR_NONE && (slot->size > 8) == (large == 1)) {
                order[count++] = i;
            }
        }
    }
    return (int)count;
}

void mir_lay_out_frame(struct mir_function *function)
{
    size_t *order = cc_allocate(function->slot_count, sizeof *order);
    int count = order_of_slots(function, order);
    uint32_t offset = 0;

    for (int i = 0; i < count; i++) {
        struct mir_slot *slot = &function->slots[order[i]];

        if (slot->align >= STACK_ALIGN) {
            offset = (offset + STACK_ALIGN - 1) & ~(STACK_ALIGN - 1u);
            function->aligned = true;
        }
        slot->offset = offset;
        offset += (slot->size + 3) & ~3u;
    }
    function->frame = offset;
    free(order);
}

static void emit(struct writer *w, uint8_t op, int d, int a, int b, int32_t imm)
{
    code_insn(w->code, op, d, a, b, imm, NULL);
}

static void load_number(struct writer *w, int reg, int32_t value)
{
    emit(w, value >= -2048 && value <= 2047 ? HSX_OP_LDI : HSX_OP_LDI32, reg, MIR_NONE, MIR_NONE,
         value);
}

/* `words` pushes or pops, in a loop where they are many. R12 and R13 are free here. */
static void move_stack(struct writer *w, uint8_t op, unsigned words)
{
    unsigned rest = words;

    if (words > UNROLLED_WORDS) {
        unsigned rounds = words / 8;
        int again = code_new_label(w->code);

        rest = words % 8;
        load_number(w, 12, (int32_t)rounds);
        load_number(w, 13, 1);
        code_label(w->code, again);
        for (int i = 0; i < 8; i++) {
            emit(w, op, op == HSX_OP_POP ? MIR_SCRATCH : MIR_NONE, op == HSX_OP_POP ? MIR_NONE : 12,
                 MIR_NONE, 0);
        }
        emit(w, HSX_OP_SUB, 12, 12, 13, 0);
        code_jump(w->code, CODE_NOT_ZERO, again);
    }
    for (unsigned i = 0; i < rest; i++) {
        emit(w, op, op == HSX_OP_POP ? MIR_SCRATCH : MIR_NONE, op == HSX_OP_POP ? MIR_NONE : 12,
             MIR_NONE, 0);
    }
}

/* Push or pop until sp equals reg. */
static void move_to(struct writer *w, uint8_t op, int reg)
{
    int again = code_new_label(w->code);
    int done = code_new_label(w->code);

    code_label(w->code, again);
    emit(w, HSX_OP_CMP, MIR_NONE, MIR_FRAME, reg, 0);
    code_jump(w->code, CODE_ZERO, done);
    emit(w, op, op == HSX_OP_POP ? MIR_SCRATCH : MIR_NONE,
         op == HSX_OP_POP ? MIR_NONE : MIR_SCRATCH, MIR_NONE, 0);
    code_jump(w->code, CODE_JUMP, again);
    code_label(w->code, done);
}

static void prologue(struct writer *w)
{
    for (int r = 0; r < MIR_FIRST_VIRTUAL; r++) {
        if (w->function->saved >> r & 1) {
            emit(w, HSX_OP_PUSH, MIR_NONE, r, MIR_NONE, 0);
        }
    }
    move_stack(w, HSX_OP_PUSH, w->frame);
    if (w->function->grows) {
        emit(w, HSX_OP_MOV, 7, MIR_FRAME, MIR_NONE, 0);
    }
}

static void epilogue(struct writer *w)
{
    if (w->function->grows) {
        move_to(w, HSX_OP_POP, 7);
    }
    move_stack(w, HSX_OP_POP, w->frame);
    for (int r = MIR_FIRST_VIRTUAL; r-- > 0;) {
        if (w->function->saved >> r & 1) {
            emit(w, HSX_OP_POP, r, MIR_NONE, MIR_NONE, 0);
        }
    }
    w->code->note.kind = MIR_KIND_WORK;
    emit(w, HSX_OP_RET, MIR_NONE, MIR_NONE, MIR_NONE, 0);
}

static int place_of(const struct writer *w, int reg)
{
    return reg == MIR_NONE ? MIR_NONE : w->function->places[reg];
}

static int32_t offset_of(const struct writer *w, const struct mir_insn *insn)
{
    const struct mir_slot *slot = &w->function->slots[insn->slot];
    int32_t offset = insn->imm;

    if (slot->argument != MIR_NONE) {
        offset += (int32_t)(w->frame + w->saved + 1) * 4 + slot->argument * 4;
    } else {
        offset += (int32_t)slot->offset;
    }
    return w->base == MIR_FRAME ? offset + w->pushed : offset;
}

static void emit_address(struct writer *w, int d, int32_t offset)
{
    if (offset == 0) {
        emit(w, HSX_OP_MOV, d, w->base, MIR_NONE, 0);
        return;
    }
    load_number(w, d, offset);
    emit(w, HSX_OP_ADD, d, d, w->base, 0);
}

static void emit_in_frame(struct writer *w, const struct mir_insn *insn)
{
    int32_t offset = offset_of(w, insn);
    int base = w->base;

    if (offset > 2047) {
        emit_address(w, MIR_SCRATCH, offset);
        base = MIR_SCRATCH;
        offset = 0;
    }
    code_insn(w->code, insn->op, place_of(w, insn->d), base, place_of(w, insn->b), offset, NULL);
}

static void note_depth(struct writer *w)
{
    w->code->note.depth = (w->saved + w->frame) * 4 + (uint32_t)w->pushed;
}

/* Instructions without a line of their own, such as a spill, belong to the line before. */
static void note(struct writer *w, const struct mir_insn *insn)
{
    if (insn->line != 0) {
        w->code->note.file = insn->file;
        w->code->note.line = insn->line;
    }
    w->code->note.kind = insn->op == HSX_OP_RET ? MIR_KIND_FRAME : insn->kind;
}

static void emit_insn(struct writer *w, const struct mir_insn *insn)
{
    if (insn->op == MIR_NOTE) {
        return;
    }
    note(w, insn);
    switch (insn->op) {
    case MIR_ADDRESS:
        emit_address(w, place_of(w, insn->d), offset_of(w, insn));
        return;
    case MIR_VA_START:
        emit_address(w, place_of(w, insn->d),
                     (int32_t)(w->frame + w->saved + 1 + w->function->named_stack_words) * 4 +
                         (w->base == MIR_FRAME ? w->pushed : 0));
        return;
    case MIR_PUSH_ARG:
        w->pushed += 4;
        note_depth(w);
        emit(w, HSX_OP_PUSH, MIR_NONE, place_of(w, insn->a), MIR_NONE, 0);
        return;
    case MIR_DROP_ARGS:
        for (int32_t i = 0; i < insn->imm; i++) {
            emit(w, HSX_OP_POP, MIR_SCRATCH, MIR_NONE, MIR_NONE, 0);
        }
        w->pushed -= insn->imm * 4;
        note_depth(w);
        return;
    case MIR_GROW:
        move_to(w, HSX_OP_PUSH, place_of(w, insn->a));
        return;
    case MIR_SHRINK:
        move_to(w, HSX_OP_POP, place_of(w, insn->a));
        return;
    case HSX_OP_RET:
        epilogue(w);
        return;
    default:
        break;
    }
    if (mir_in_frame(insn)) {
        emit_in_frame(w, insn);
        return;
    }
    if (insn->op == HSX_OP_MOV && place_of(w, insn->d) == place_of(w, insn->a)) {
        return;
    }
    code_insn(w->code, insn->op, place_of(w, insn->d), place_of(w, insn->a), place_of(w, insn->b),
              insn->imm, insn->symbol);
}

static bool is_empty(const struct mir_function *function, const struct mir_block *block)
{
    for (size_t i = 0; i < block->count; i++) {
        const struct mir_insn *insn = &block->insns[i];

        if (insn->op == MIR_NOTE) {
            continue;
        }
        if (insn->op != HSX_OP_MOV || function->places[insn->d] != function->places[insn->a]) {
            return false;
        }
    }
    return true;
}

/* The target of a jump to this block after skipping empty blocks. */
static int end_of_chain(const struct mir_function *function, int block)
{
    for (size_t steps = 0; steps < function->block_count; steps++) {
        const struct mir_block *at = &function->blocks[block];

        if (at->end != MIR_END_JUMP || !is_empty(function, at) || at->next[0] == block) {
            break;
        }
        block = at->next[0];
    }
    return block;
}

static void thread_jumps(struct mir_function *function)
{
    for (size_t i = 0; i < function->block_count; i++) {
        struct mir_block *block = &function->blocks[i];
        int next[2];

        for (int n = 0; n < mir_next(block, next); n++) {
            block->next[n] = end_of_chain(function, next[n]);
        }
        if ((block->end == MIR_END_ZERO || block->end == MIR_END_NOT_ZERO) &&
            block->next[0] == block->next[1]) {
            block->end = MIR_END_JUMP;
        }
    }
}

/* The block to place after this one: a successor that is not placed yet, preferably in
 * the deeper loop. */
static int choose_next(const struct mir_function *function, int block, const bool *placed)
{
    int next[2];
    int count = mir_next(&function->blocks[block], next);
    int best = MIR_NONE;

    for (int n = count; n-- > 0;) {
        if (!placed[next[n]] &&
            (best == MIR_NONE || function->blocks[next[n]].depth > function->blocks[best].depth)) {
            best = next[n];
        }
    }
    return best;
}

static size_t order_blocks(const struct mir_function *function, int *order)
{
    bool *placed = cc_allocate(function->block_count, sizeof *placed);
    int *waiting = cc_allocate(function->block_count * 2 + 1, sizeof *waiting);
    size_t count = 0;
    size_t top = 0;

    waiting[top++] = 0;
    while (top > 0) {
        int block = waiting[--top];

        while (block != MIR_NONE && !placed[block]) {
            int next[2];
            int nexts = mir_next(&function->blocks[block], next);

            placed[block] = true;
            order[count++] = block;
            for (int n = 0; n < nexts; n++) {
                if (!placed[next[n]]) {
                    waiting[top++] = next[n];
                }
            }
            block = choose_next(function, block, placed);
        }
    }
    free(placed);
    free(waiting);
    return count;
}

static void write_end(struct writer *w, const struct mir_block *block, int after)
{
    enum code_kind kind = CODE_JUMP;
    int to = block->next[0];
    int other = block->next[1];

    switch (block->end) {
    case MIR_END_RETURN:
        return;
    case MIR_END_NEVER:
        emit(w, HSX_OP_BRK, MIR_NONE, MIR_NONE, MIR_NONE, CODE_NEVER);
        return;
    case MIR_END_JUMP:
        if (to != after) {
            code_jump(w->code, CODE_JUMP, w->labels[to]);
        }
        return;
    default:
        kind = block->end == MIR_END_ZERO ? CODE_ZERO : CODE_NOT_ZERO;
        if (to == after) {
            kind = kind == CODE_ZERO ? CODE_NOT_ZERO : CODE_ZERO;
            to = other;
            other = after;
        }
        code_jump(w->code, kind, w->labels[to]);
        if (other != after) {
            code_jump(w->code, CODE_JUMP, w->labels[other]);
        }
        return;
    }
}

void code_add_function(struct code *code, struct mir_function *function)
{
    struct writer w = {.code = code, .function = function};
    int *order = cc_allocate(function->block_count, sizeof *order);
    struct places *places;
    size_t count;

    thread_jumps(function);
    places = places_begin(function);
    mir_lay_out_frame(function);
    w.saved = (unsigned)__builtin_popcount(function->saved);
    w.frame = function->frame / 4;
    if ((function->calls || function->grows || function->aligned) &&
        (w.frame + w.saved + 1) % 2 != 0) {
        w.frame++;
    }
    w.base = function->grows ? 7 : MIR_FRAME;
    w.labels = cc_allocate(function->block_count, sizeof *w.labels);
    for (size_t i = 0; i < function->block_count; i++) {
        w.labels[i] = code_new_label(code);
    }
    count = order_blocks(function, order);
    code->note = (struct code_note){.file = function->file,
                                    .line = function->line,
                                    .dynamic = function->grows,
                                    .kind = MIR_KIND_FRAME};
    note_depth(&w);
    code_function(code, function->name);
    prologue(&w);
    for (size_t i = 0; i < count; i++) {
        const struct mir_block *block = &function->blocks[order[i]];

        code_label(code, w.labels[order[i]]);
        places_enter(places, order[i]);
        places_note(places, code, w.base, w.base == MIR_FRAME ? w.pushed : 0);
        for (size_t k = 0; k < block->count; k++) {
            if (block->insns[k].op == HSX_OP_RET) {
                places_forget(places, code);
            }
            emit_insn(&w, &block->insns[k]);
            places_follow(places, &block->insns[k]);
            if (block->insns[k].op != HSX_OP_RET) {
                places_note(places, code, w.base, w.base == MIR_FRAME ? w.pushed : 0);
            }
        }
        code->note.kind = MIR_KIND_WORK;
        write_end(&w, block, i + 1 < count ? order[i + 1] : MIR_NONE);
    }
    places_forget(places, code);
    places_end(places);
    free(order);
    free(w.labels);
}
