// SPDX-License-Identifier: Apache-2.0
#include "mir.h"
#include "memory.h"
#include <stdlib.h>

static enum mir_kind kind_of(uint8_t op)
{
    switch (op) {
    case HSX_OP_MOV:
        return MIR_KIND_MOVE;
    case HSX_OP_LDI:
    case HSX_OP_LDI32:
    case MIR_ADDRESS:
    case MIR_VA_START:
        return MIR_KIND_CONSTANT;
    case HSX_OP_CMP:
        return MIR_KIND_COMPARE;
    case MIR_PUSH_ARG:
    case MIR_DROP_ARGS:
    case MIR_GROW:
    case MIR_SHRINK:
        return MIR_KIND_FRAME;
    default:
        return MIR_KIND_WORK;
    }
}

struct mir_insn mir_insn(uint8_t op)
{
    struct mir_insn insn = {.op = op,
                            .d = MIR_NONE,
                            .a = MIR_NONE,
                            .b = MIR_NONE,
                            .slot = MIR_NONE,
                            .noted = MIR_NONE,
                            .kind = (uint8_t)kind_of(op)};

    return insn;
}

struct mir_function *mir_new(const char *name)
{
    struct mir_function *function = cc_allocate(1, sizeof *function);

    function->name = name;
    function->registers = MIR_FIRST_VIRTUAL;
    return function;
}

void mir_free(struct mir_function *function)
{
    if (!function) {
        return;
    }
    for (size_t i = 0; i < function->block_count; i++) {
        free(function->blocks[i].insns);
    }
    for (size_t i = 0; i < function->variable_count; i++) {
        free(function->variables[i].name);
        free(function->variables[i].type);
    }
    free(function->variables);
    free(function->blocks);
    free(function->slots);
    free(function->places);
    free(function);
}

int mir_add_block(struct mir_function *function)
{
    struct mir_block *block;

    function->blocks = cc_grow(function->blocks, function->block_count, &function->block_room,
                               sizeof *function->blocks);
    block = &function->blocks[function->block_count];
    *block =
        (struct mir_block){.end = MIR_END_NEVER, .next = {MIR_NONE, MIR_NONE}, .before = MIR_NONE};
    return (int)function->block_count++;
}

int mir_add_register(struct mir_function *function)
{
    return function->registers++;
}

int mir_add_slot(struct mir_function *function, uint32_t size, uint32_t align)
{
    function->slots = cc_grow(function->slots, function->slot_count, &function->slot_room,
                              sizeof *function->slots);
    function->slots[function->slot_count] =
        (struct mir_slot){.size = size, .align = align < 8 ? 4 : 8, .argument = MIR_NONE};
    return (int)function->slot_count++;
}

struct mir_insn *mir_insert(struct mir_block *block, size_t at, struct mir_insn insn)
{
    block->insns = cc_grow(block->insns, block->count, &block->room, sizeof *block->insns);
    for (size_t i = block->count; i > at; i--) {
        block->insns[i] = block->insns[i - 1];
    }
    block->insns[at] = insn;
    block->count++;
    return &block->insns[at];
}

struct mir_insn *mir_append(struct mir_function *function, int block, struct mir_insn insn)
{
    struct mir_block *place = &function->blocks[block];

    return mir_insert(place, place->count, insn);
}

int mir_next(const struct mir_block *block, int next[2])
{
    switch (block->end) {
    case MIR_END_JUMP:
        next[0] = block->next[0];
        return 1;
    case MIR_END_ZERO:
    case MIR_END_NOT_ZERO:
        next[0] = block->next[0];
        next[1] = block->next[1];
        return 2;
    default:
        return 0;
    }
}
