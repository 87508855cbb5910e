// SPDX-License-Identifier: Apache-2.0
/*
 * The places of variables, instruction by instruction: a note says which register or slot has a
 * variable from there on; a register is valid as long as its machine register still holds its value
 * on every path.
 */
#include "places.h"
#include "memory.h"
#include <stdlib.h>
#include <string.h>

enum what { NOWHERE, IN_REGISTER, IN_SLOT, IS_CONSTANT };

struct where {
    uint8_t what;
    int32_t value; /* register, slot or constant */
};

enum { NOBODY = -2 };

struct places_state {
    bool reached;
    int holder[MIR_FIRST_VIRTUAL]; /* for each machine register, the register whose value it has */
    struct where *variables;
};

struct open_place {
    bool open;
    struct code_place place;
};

struct places {
    const struct mir_function *function;
    struct places_state *in; /* by block */
    struct places_state now;
    struct open_place *open; /* by variable */
};

static size_t bytes_of(const struct mir_function *function)
{
    return function->variable_count * sizeof(struct where);
}

static void copy(const struct mir_function *function, struct places_state *to,
                 const struct places_state *from)
{
    struct where *variables = to->variables;

    *to = *from;
    to->variables = variables;
    memcpy(variables, from->variables, bytes_of(function));
}

static bool same(struct where a, struct where b)
{
    return a.what == b.what && a.value == b.value;
}

/* Keeps what both paths agree on; true: *to has changed. */
static bool meet(const struct mir_function *function, struct places_state *to,
                 const struct places_state *from)
{
    bool changed = false;

    if (!to->reached) {
        copy(function, to, from);
        to->reached = true;
        return true;
    }
    for (int r = 0; r < MIR_FIRST_VIRTUAL; r++) {
        if (to->holder[r] != from->holder[r] && to->holder[r] != NOBODY) {
            to->holder[r] = NOBODY;
            changed = true;
        }
    }
    for (size_t v = 0; v < function->variable_count; v++) {
        if (!same(to->variables[v], from->variables[v]) && to->variables[v].what != NOWHERE) {
            to->variables[v] = (struct where){NOWHERE, 0};
            changed = true;
        }
    }
    return changed;
}

static void follow_note(struct places_state *state, const struct mir_insn *insn)
{
    struct where *where = &state->variables[insn->imm];

    if (insn->known) {
        *where = (struct where){IS_CONSTANT, insn->value};
    } else if (insn->slot != MIR_NONE) {
        *where = (struct where){IN_SLOT, insn->slot};
    } else if (insn->noted != MIR_NONE) {
        *where = (struct where){IN_REGISTER, insn->noted};
    } else {
        *where = (struct where){NOWHERE, 0};
    }
}

static void follow(const struct mir_function *function, struct places_state *state,
                   const struct mir_insn *insn)
{
    if (insn->op == MIR_NOTE) {
        follow_note(state, insn);
        return;
    }
    for (int r = 0; r < MIR_FIRST_VIRTUAL; r++) {
        if (insn->writes >> r & 1) {
            state->holder[r] = NOBODY;
        }
    }
    if (insn->d == MIR_NONE) {
        return;
    }
    if (insn->op == HSX_OP_MOV && function->places[insn->d] == function->places[insn->a] &&
        state->holder[function->places[insn->a]] == insn->a) {
        for (size_t v = 0; v < function->variable_count; v++) {
            if (state->variables[v].what == IN_REGISTER && state->variables[v].value == insn->a) {
                state->variables[v].value = insn->d;
            }
        }
    }
    state->holder[function->places[insn->d]] = insn->d;
}

static void find_all(struct places *p)
{
    const struct mir_function *function = p->function;
    bool changed = true;

    p->in[0].reached = true;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < function->block_count; i++) {
            const struct mir_block *block = &function->blocks[i];
            int next[2];
            int nexts = mir_next(block, next);

            if (!p->in[i].reached) {
                continue;
            }
            copy(function, &p->now, &p->in[i]);
            for (size_t k = 0; k < block->count; k++) {
                follow(function, &p->now, &block->insns[k]);
            }
            for (int n = 0; n < nexts; n++) {
                changed |= meet(function, &p->in[next[n]], &p->now);
            }
        }
    }
}

struct places *places_begin(const struct mir_function *function)
{
    struct places *p;

    if (function->variable_count == 0) {
        return NULL;
    }
    p = cc_allocate(1, sizeof *p);
    p->function = function;
    p->in = cc_allocate(function->block_count, sizeof *p->in);
    p->open = cc_allocate(function->variable_count, sizeof *p->open);
    p->now.variables = cc_allocate(function->variable_count, sizeof(struct where));
    for (size_t i = 0; i < function->block_count; i++) {
        p->in[i].variables = cc_allocate(function->variable_count, sizeof(struct where));
        for (int r = 0; r < MIR_FIRST_VIRTUAL; r++) {
            p->in[i].holder[r] = NOBODY;
        }
    }
    find_all(p);
    return p;
}

void places_enter(struct places *p, int block)
{
    if (p) {
        copy(p->function, &p->now, &p->in[block]);
    }
}

void places_follow(struct places *p, const struct mir_insn *insn)
{
    if (p) {
        follow(p->function, &p->now, insn);
    }
}

/* The present place of a variable; false: unknown. */
static bool is_at(const struct places *p, size_t v, int base, int32_t pushed,
                  struct code_place *place)
{
    const struct where *where = &p->now.variables[v];
    int reg;

    *place = (struct code_place){.variable = &p->function->variables[v]};
    switch (where->what) {
    case IN_REGISTER:
        reg = p->function->places[where->value];
        place->store = HSX_STORE_REGISTER;
        place->reg = (unsigned)reg;
        return p->now.holder[reg] == where->value && place->variable->size <= 4;
    case IN_SLOT:
        place->store = HSX_STORE_MEMORY;
        place->reg = (unsigned)base;
        place->offset = (int32_t)p->function->slots[where->value].offset + pushed;
        return p->function->slots[where->value].argument == MIR_NONE;
    case IS_CONSTANT:
        place->store = HSX_STORE_CONSTANT;
        place->offset = where->value;
        return true;
    default:
        return false;
    }
}

static void close(struct code *code, struct open_place *open)
{
    open->open = false;
    open->place.last = code->count;
    if (open->place.first == open->place.last) {
        return;
    }
    code->places =
        cc_grow(code->places, code->place_count, &code->place_room, sizeof *code->places);
    code->places[code->place_count++] = open->place;
}

void places_note(struct places *p, struct code *code, int base, int32_t pushed)
{
    for (size_t v = 0; p && v < p->function->variable_count; v++) {
        struct open_place *open = &p->open[v];
        struct code_place place;
        bool known = is_at(p, v, base, pushed, &place);

        if (open->open && (!known || open->place.store != place.store ||
                           open->place.reg != place.reg || open->place.offset != place.offset)) {
            close(code, open);
        }
        if (known && !open->open) {
            place.first = code->count;
            *open = (struct open_place){true, place};
        }
    }
}

void places_forget(struct places *p, struct code *code)
{
    for (size_t v = 0; p && v < p->function->variable_count; v++) {
        if (p->open[v].open) {
            close(code, &p->open[v]);
        }
    }
}

void places_end(struct places *p)
{
    if (!p) {
        return;
    }
    for (size_t i = 0; i < p->function->block_count; i++) {
        free(p->in[i].variables);
    }
    free(p->in);
    free(p->open);
    free(p->now.variables);
    free(p);
}
