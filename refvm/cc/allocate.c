// SPDX-License-Identifier: Apache-2.0
/*
 * Register allocation by colouring a function's interference graph, with conservative
 * coalescing of moves; what finds no colour is spilled and the graph made anew.
 */
#include "live.h"
#include "memory.h"
#include "mir.h"
#include <stdlib.h>
#include <string.h>

enum { WORD_BITS = 64 };

struct graph {
    struct mir_function *function;
    int nodes;
    int colours;      /* registers to give away */
    size_t words;     /* of a set of registers */
    uint64_t *matrix; /* nodes x words */
    struct live live;
    int **neighbours;
    size_t *count, *room;
    int *degree;
    int *alias;
    double *cost;
    int *colour;
};

static bool colourable(int node)
{
    return node >= MIR_FIRST_VIRTUAL || (MIR_ALLOCATABLE >> node & 1) != 0;
}

/* Take out what makes a value that nobody reads and has no other effect. */
static void drop_dead(struct graph *graph)
{
    struct mir_function *function = graph->function;
    uint64_t *live = cc_allocate(graph->words, sizeof *live);

    for (size_t i = 0; i < function->block_count; i++) {
        struct mir_block *block = &function->blocks[i];
        size_t kept = block->count;

        memcpy(live, live_out(&graph->live, (int)i), graph->words * sizeof *live);
        for (size_t k = block->count; k-- > 0;) {
            struct mir_insn *insn = &block->insns[k];
            bool pure = insn->op == HSX_OP_MOV || insn->op == HSX_OP_LDI ||
                        insn->op == HSX_OP_LDI32 || insn->op == MIR_ADDRESS;

            if (pure && insn->d >= MIR_FIRST_VIRTUAL && !live_has(live, insn->d)) {
                continue;
            }
            live_step_back(insn, live);
            block->insns[--kept] = *insn;
        }
        if (kept > 0) {
            memmove(block->insns, block->insns + kept,
                    (block->count - kept) * sizeof *block->insns);
        }
        block->count -= kept;
    }
    free(live);
}

static void add_neighbour(struct graph *graph, int node, int other)
{
    if (node < MIR_FIRST_VIRTUAL) {
        return;
    }
    graph->neighbours[node] = cc_grow(graph->neighbours[node], graph->count[node],
                                      &graph->room[node], sizeof **graph->neighbours);
    graph->neighbours[node][graph->count[node]++] = other;
    graph->degree[node]++;
}

static bool joined(const struct graph *graph, int a, int b)
{
    return live_has(&graph->matrix[(size_t)a * graph->words], b);
}

static void join(struct graph *graph, int a, int b)
{
    if (a == b || !colourable(a) || !colourable(b) || joined(graph, a, b) ||
        (a < MIR_FIRST_VIRTUAL && b < MIR_FIRST_VIRTUAL)) {
        return;
    }
    live_put(&graph->matrix[(size_t)a * graph->words], b);
    live_put(&graph->matrix[(size_t)b * graph->words], a);
    add_neighbour(graph, a, b);
    add_neighbour(graph, b, a);
}

static void join_with_live(struct graph *graph, int node, const uint64_t *live, int except)
{
    for (size_t w = 0; w < graph->words; w++) {
        uint64_t rest = live[w];

        while (rest) {
            int other = (int)(w * WORD_BITS) + __builtin_ctzll(rest);

            rest &= rest - 1;
            if (other != except) {
                join(graph, node, other);
            }
        }
    }
}

static double weight_of(unsigned depth)
{
    static const double weight[] = {1, 10, 100, 1000, 10000};

    return weight[depth > 4 ? 4 : depth];
}

static void build(struct graph *graph)
{
    struct mir_function *function = graph->function;
    uint64_t *live = cc_allocate(graph->words, sizeof *live);

    for (size_t i = 0; i < function->block_count; i++) {
        const struct mir_block *block = &function->blocks[i];
        double weight = weight_of(block->depth);

        memcpy(live, live_out(&graph->live, (int)i), graph->words * sizeof *live);
        for (size_t k = block->count; k-- > 0;) {
            const struct mir_insn *insn = &block->insns[k];

            /* A value that is not read behind its instruction is still written there. */
            if (insn->d != MIR_NONE) {
                join_with_live(graph, insn->d, live, insn->op == HSX_OP_MOV ? insn->a : MIR_NONE);
                graph->cost[insn->d] += weight;
            }
            for (int r = 0; r < MIR_FIRST_VIRTUAL; r++) {
                if (insn->writes >> r & 1) {
                    join_with_live(graph, r, live, MIR_NONE);
                    if (insn->d >= MIR_FIRST_VIRTUAL) {
                        join(graph, r, insn->d);
                    }
                }
            }
            live_step_back(insn, live);
            if (insn->a != MIR_NONE) {
                graph->cost[insn->a] += weight;
            }
            if (insn->b != MIR_NONE) {
                graph->cost[insn->b] += weight;
            }
        }
    }
    free(live);
}

static int find(struct graph *graph, int node)
{
    while (graph->alias[node] != node) {
        node = graph->alias[node];
    }
    return node;
}

static void merge(struct graph *graph, int keep, int gone)
{
    graph->alias[gone] = keep;
    graph->cost[keep] += graph->cost[gone];
    for (size_t i = 0; i < graph->count[gone]; i++) {
        int other = graph->neighbours[gone][i];

        if (graph->alias[other] != other) {
            continue;
        }
        if (joined(graph, keep, other)) {
            graph->degree[other]--;
        } else {
            join(graph, keep, other);
            graph->degree[other]--; /* join counted the new edge; the old one is gone */
        }
    }
}

/* Briggs: the merged node keeps fewer neighbours of high
 * degree than there are colours. */
static bool may_merge_virtual(struct graph *graph, int a, int b)
{
    int high = 0;

    for (size_t i = 0; i < graph->count[a]; i++) {
        int other = graph->neighbours[a][i];

        if (graph->alias[other] == other) {
            bool both = joined(graph, b, other);

            high += other < MIR_FIRST_VIRTUAL || graph->degree[other] - both >= graph->colours;
        }
    }
    for (size_t i = 0; i < graph->count[b]; i++) {
        int other = graph->neighbours[b][i];

        if (graph->alias[other] == other && !joined(graph, a, other)) {
            high += other < MIR_FIRST_VIRTUAL || graph->degree[other] >= graph->colours;
        }
    }
    return high < graph->colours;
}

/* George: each neighbour is one of the machine register already, or easy to colour. */
static bool may_merge_machine(struct graph *graph, int machine, int node)
{
    for (size_t i = 0; i < graph->count[node]; i++) {
        int other = graph->neighbours[node][i];

        if (graph->alias[other] == other && other >= MIR_FIRST_VIRTUAL &&
            graph->degree[other] >= graph->colours && !joined(graph, machine, other)) {
            return false;
        }
    }
    return true;
}

static bool coalesce_move(struct graph *graph, const struct mir_insn *insn)
{
    int a = find(graph, insn->d);
    int b = find(graph, insn->a);

    if (a == b || !colourable(a) || !colourable(b) || joined(graph, a, b)) {
        return false;
    }
    if (b < MIR_FIRST_VIRTUAL) {
        int swap = a;

        a = b;
        b = swap;
    }
    if (b < MIR_FIRST_VIRTUAL) {
        return false;
    }
    if (a < MIR_FIRST_VIRTUAL ? may_merge_machine(graph, a, b) : may_merge_virtual(graph, a, b)) {
        merge(graph, a, b);
        return true;
    }
    return false;
}

static void coalesce(struct graph *graph)
{
    bool changed = true;

    while (changed) {
        changed = false;
        for (int depth = 4; depth >= 0; depth--) {
            for (size_t i = 0; i < graph->function->block_count; i++) {
                const struct mir_block *block = &graph->function->blocks[i];

                if ((int)(block->depth > 4 ? 4 : block->depth) != depth) {
                    continue;
                }
                for (size_t k = 0; k < block->count; k++) {
                    if (block->insns[k].op == HSX_OP_MOV) {
                        changed |= coalesce_move(graph, &block->insns[k]);
                    }
                }
            }
        }
    }
}

/* The order in which nodes leave the graph; the last one gets its colour first. */
static int *simplify(struct graph *graph, const bool *fixed, size_t *length)
{
    int *stack = cc_allocate((size_t)graph->nodes, sizeof *stack);
    int *easy = cc_allocate((size_t)graph->nodes, sizeof *easy);
    bool *gone = cc_allocate((size_t)graph->nodes, sizeof *gone);
    size_t count = 0;
    size_t easy_count = 0;
    size_t left = 0;

    for (int n = MIR_FIRST_VIRTUAL; n < graph->nodes; n++) {
        if (graph->alias[n] != n) {
            continue;
        }
        left++;
        if (graph->degree[n] < graph->colours) {
            easy[easy_count++] = n;
        }
    }
    while (left > 0) {
        int node = MIR_NONE;

        while (easy_count > 0 && node == MIR_NONE) {
            node = easy[--easy_count];
            if (gone[node]) {
                node = MIR_NONE;
            }
        }
        if (node == MIR_NONE) {
            double best = 0;

            for (int n = MIR_FIRST_VIRTUAL; n < graph->nodes; n++) {
                double value;

                if (graph->alias[n] != n || gone[n]) {
                    continue;
                }
                value = (fixed[n] ? 1e12 : graph->cost[n]) / graph->degree[n];
                if (node == MIR_NONE || value < best) {
                    best = value;
                    node = n;
                }
            }
        }
        gone[node] = true;
        left--;
        stack[count++] = node;
        for (size_t i = 0; i < graph->count[node]; i++) {
            int other = graph->neighbours[node][i];

            if (other >= MIR_FIRST_VIRTUAL && graph->alias[other] == other && !gone[other] &&
                graph->degree[other]-- == graph->colours) {
                easy[easy_count++] = other;
            }
        }
    }
    free(easy);
    free(gone);
    *length = count;
    return stack;
}

/* Registers whose value a call loses come first: they need no saving. */
static int choose_colour(unsigned free_colours, unsigned saved)
{
    unsigned cheap = free_colours & (MIR_CALLER_SAVED | saved);

    return __builtin_ctz(cheap ? cheap : free_colours);
}

static size_t give_colours(struct graph *graph, const int *stack, size_t length)
{
    unsigned saved = 0;
    size_t without = 0;

    for (int n = 0; n < graph->nodes; n++) {
        graph->colour[n] = n < MIR_FIRST_VIRTUAL ? n : MIR_NONE;
    }
    while (length-- > 0) {
        int node = stack[length];
        unsigned free_colours = MIR_ALLOCATABLE;

        for (size_t i = 0; i < graph->count[node]; i++) {
            int other = find(graph, graph->neighbours[node][i]);

            if (graph->colour[other] != MIR_NONE) {
                free_colours &= ~(1u << graph->colour[other]);
            }
        }
        if (graph->function->grows) {
            free_colours &= ~(1u << 7);
        }
        if (free_colours == 0) {
            without++;
            continue;
        }
        graph->colour[node] = choose_colour(free_colours, saved);
        saved |= 1u << graph->colour[node] & MIR_CALLEE_SAVED;
    }
    return without;
}

/* An address in the frame is no constant here: making it anew would change the flags. */
static bool is_constant(const struct mir_insn *insn)
{
    return insn->op == HSX_OP_LDI || insn->op == HSX_OP_LDI32;
}

/* What each register is made by, if that is one constant. */
static struct mir_insn *constants_of(const struct mir_function *function)
{
    struct mir_insn *constants = cc_allocate((size_t)function->registers, sizeof *constants);
    bool *seen = cc_allocate((size_t)function->registers, sizeof *seen);

    for (size_t i = 0; i < function->block_count; i++) {
        for (size_t k = 0; k < function->blocks[i].count; k++) {
            const struct mir_insn *insn = &function->blocks[i].insns[k];

            if (insn->d == MIR_NONE) {
                continue;
            }
            constants[insn->d] = (is_constant(insn) && !seen[insn->d]) ? *insn : mir_insn(0);
            seen[insn->d] = true;
        }
    }
    free(seen);
    return constants;
}

/* What a spill of earlier rounds said about a register. */
struct notes {
    bool *fixed; /* it holds a value for one instruction: no use to spill it */
    bool *split; /* a constant that was made before its innermost loop already */
    size_t fixed_room, split_room;
};

struct spiller {
    struct mir_function *function;
    struct notes *notes;
    struct mir_insn *constants; /* op 0: the register is no constant */
    int *copies;                /* of constants: the register before the loop, by block */
    int *copied;                /* and of which constant */
    bool *spilled;              /* by register */
    int *slot;                  /* by register */
};

static int noted(struct spiller *spiller, bool fixed)
{
    struct notes *notes = spiller->notes;
    int made = mir_add_register(spiller->function);

    notes->fixed = cc_grow(notes->fixed, (size_t)made, &notes->fixed_room, sizeof *notes->fixed);
    notes->split = cc_grow(notes->split, (size_t)made, &notes->split_room, sizeof *notes->split);
    notes->fixed[made] = fixed;
    notes->split[made] = true;
    return made;
}

static int fresh(struct spiller *spiller)
{
    return noted(spiller, true);
}

static struct mir_insn access_slot(uint8_t op, int slot, int reg)
{
    struct mir_insn insn = mir_insn(op);

    insn.slot = slot;
    insn.kind = MIR_KIND_SPILL;
    if (op == HSX_OP_LD) {
        insn.d = reg;
    } else {
        insn.b = reg;
    }
    return insn;
}

/* How reg, which is spilled, gets into a register again. */
static struct mir_insn reload(const struct spiller *spiller, int reg, int into)
{
    struct mir_insn insn = spiller->constants[reg];

    if (insn.op == 0) {
        return access_slot(HSX_OP_LD, spiller->slot[reg], into);
    }
    insn.d = into;
    return insn;
}

/* A constant that finds no register through all of its loops may find one through the
 * innermost: it is made before that. */
static int before_loop(struct spiller *spiller, const struct mir_block *block, int reg)
{
    struct mir_insn insn = spiller->constants[reg];
    struct mir_block *outside;

    if (insn.op == 0 || spiller->notes->split[reg] || block->before == MIR_NONE) {
        return MIR_NONE;
    }
    if (spiller->copied[block->before] != reg) {
        outside = &spiller->function->blocks[block->before];
        insn.d = noted(spiller, false);
        mir_insert(outside, outside->count, insn);
        spiller->copied[block->before] = reg;
        spiller->copies[block->before] = insn.d;
    }
    return spiller->copies[block->before];
}

static void use_copies(struct spiller *spiller, int reg)
{
    struct mir_function *function = spiller->function;

    for (size_t i = 0; i < function->block_count; i++) {
        for (size_t k = 0; k < function->blocks[i].count; k++) {
            struct mir_insn *insn = &function->blocks[i].insns[k];

            if (insn->a == reg || insn->b == reg) {
                int copy = before_loop(spiller, &function->blocks[i], reg);

                insn = &function->blocks[i].insns[k];
                if (copy != MIR_NONE) {
                    insn->a = insn->a == reg ? copy : insn->a;
                    insn->b = insn->b == reg ? copy : insn->b;
                }
            }
        }
    }
}

/* What a note tells goes along with its register. */
static void move_note(const struct spiller *spiller, struct mir_insn *note, int old_registers)
{
    int reg = note->noted;

    if (reg < MIR_FIRST_VIRTUAL || reg >= old_registers || !spiller->spilled[reg]) {
        return;
    }
    note->noted = MIR_NONE;
    if (spiller->constants[reg].op == 0) {
        note->slot = spiller->slot[reg];
    } else if (!spiller->constants[reg].symbol) {
        note->known = true;
        note->value = spiller->constants[reg].imm;
    }
}

static void spill_in_block(struct spiller *spiller, struct mir_block *block, int old_registers)
{
    struct mir_block old = *block;

    block->insns = NULL;
    block->count = block->room = 0;
    for (size_t k = 0; k < old.count; k++) {
        struct mir_insn insn = old.insns[k];
        int from_a = insn.a;
        bool a = insn.a >= MIR_FIRST_VIRTUAL && insn.a < old_registers && spiller->spilled[insn.a];
        bool b = insn.b >= MIR_FIRST_VIRTUAL && insn.b < old_registers && spiller->spilled[insn.b];
        bool d = insn.d >= MIR_FIRST_VIRTUAL && insn.d < old_registers && spiller->spilled[insn.d];

        if (insn.op == MIR_NOTE) {
            move_note(spiller, &insn, old_registers);
        }
        if (d && spiller->constants[insn.d].op != 0) {
            continue;
        }
        if (insn.op == HSX_OP_MOV && a && d && spiller->constants[insn.a].op == 0 &&
            spiller->slot[insn.a] == spiller->slot[insn.d]) {
            continue;
        }
        if (insn.op == HSX_OP_MOV && a && !d) {
            mir_insert(block, block->count, reload(spiller, insn.a, insn.d));
            continue;
        }
        if (insn.op == HSX_OP_MOV && d && !a) {
            mir_insert(block, block->count, access_slot(HSX_OP_ST, spiller->slot[insn.d], insn.a));
            continue;
        }
        if (a) {
            insn.a = fresh(spiller);
            mir_insert(block, block->count, reload(spiller, from_a, insn.a));
        }
        if (b && insn.b == from_a && a) {
            insn.b = insn.a;
        } else if (b) {
            int from_b = insn.b;

            insn.b = fresh(spiller);
            mir_insert(block, block->count, reload(spiller, from_b, insn.b));
        }
        if (d) {
            int to = insn.d;

            insn.d = fresh(spiller);
            mir_insert(block, block->count, insn);
            mir_insert(block, block->count, access_slot(HSX_OP_ST, spiller->slot[to], insn.d));
            continue;
        }
        mir_insert(block, block->count, insn);
    }
    free(old.insns);
}

static void spill(struct graph *graph, struct notes *notes)
{
    struct mir_function *function = graph->function;
    int registers = function->registers;
    struct spiller spiller = {.function = function, .notes = notes};
    int *slots = cc_allocate((size_t)registers, sizeof *slots);

    spiller.constants = constants_of(function);
    spiller.copies = cc_allocate(function->block_count, sizeof *spiller.copies);
    spiller.copied = cc_allocate(function->block_count, sizeof *spiller.copied);
    spiller.spilled = cc_allocate((size_t)registers, sizeof *spiller.spilled);
    spiller.slot = cc_allocate((size_t)registers, sizeof *spiller.slot);
    for (int n = 0; n < registers; n++) {
        slots[n] = MIR_NONE;
    }
    for (int n = MIR_FIRST_VIRTUAL; n < registers; n++) {
        int root = find(graph, n);

        if (graph->colour[root] != MIR_NONE) {
            continue;
        }
        spiller.spilled[n] = true;
        if (spiller.constants[n].op == 0) {
            if (slots[root] == MIR_NONE) {
                slots[root] = mir_add_slot(function, 4, 4);
            }
            spiller.slot[n] = slots[root];
        }
    }
    for (size_t i = 0; i < function->block_count; i++) {
        spiller.copied[i] = MIR_NONE;
    }
    for (int n = MIR_FIRST_VIRTUAL; n < registers; n++) {
        if (spiller.spilled[n] && spiller.constants[n].op != 0 && !notes->split[n]) {
            use_copies(&spiller, n);
        }
    }
    for (size_t i = 0; i < function->block_count; i++) {
        spill_in_block(&spiller, &function->blocks[i], registers);
    }
    free(spiller.copies);
    free(spiller.copied);
    free(spiller.constants);
    free(spiller.spilled);
    free(spiller.slot);
    free(slots);
}

static void begin(struct graph *graph, struct mir_function *function)
{
    size_t nodes = (size_t)function->registers;

    memset(graph, 0, sizeof *graph);
    graph->function = function;
    graph->nodes = function->registers;
    graph->colours = __builtin_popcount(MIR_ALLOCATABLE) - function->grows;
    graph->words = (nodes + WORD_BITS - 1) / WORD_BITS;
    graph->matrix = cc_allocate(nodes * graph->words, sizeof *graph->matrix);
    graph->neighbours = cc_allocate(nodes, sizeof *graph->neighbours);
    graph->count = cc_allocate(nodes, sizeof *graph->count);
    graph->room = cc_allocate(nodes, sizeof *graph->room);
    graph->degree = cc_allocate(nodes, sizeof *graph->degree);
    graph->alias = cc_allocate(nodes, sizeof *graph->alias);
    graph->cost = cc_allocate(nodes, sizeof *graph->cost);
    graph->colour = cc_allocate(nodes, sizeof *graph->colour);
    for (int n = 0; n < graph->nodes; n++) {
        graph->alias[n] = n;
    }
}

static void end(struct graph *graph)
{
    for (int n = 0; n < graph->nodes; n++) {
        free(graph->neighbours[n]);
    }
    free(graph->matrix);
    live_free(&graph->live);
    free(graph->neighbours);
    free(graph->count);
    free(graph->room);
    free(graph->degree);
    free(graph->alias);
    free(graph->cost);
    free(graph->colour);
}

/* A constant costs one instruction where it is used and none where it is made. */
static void weigh_constants(struct graph *graph)
{
    struct mir_insn *constants = constants_of(graph->function);

    for (int n = MIR_FIRST_VIRTUAL; n < graph->nodes; n++) {
        if (constants[n].op != 0) {
            graph->cost[n] *= 0.5;
        }
    }
    free(constants);
}

static void note_places(struct graph *graph)
{
    struct mir_function *function = graph->function;

    function->places = cc_allocate((size_t)graph->nodes, sizeof *function->places);
    function->saved = 0;
    for (int n = 0; n < graph->nodes; n++) {
        function->places[n] = graph->colour[find(graph, n)];
    }
    for (size_t i = 0; i < function->block_count; i++) {
        for (size_t k = 0; k < function->blocks[i].count; k++) {
            int d = function->blocks[i].insns[k].d;

            if (d != MIR_NONE) {
                function->saved |= (uint16_t)(1u << function->places[d] & MIR_CALLEE_SAVED);
            }
        }
    }
    if (function->grows) {
        function->saved |= 1u << 7;
    }
}

void mir_allocate(struct mir_function *function)
{
    struct notes notes = {.fixed_room = (size_t)function->registers,
                          .split_room = (size_t)function->registers};

    notes.fixed = cc_allocate(notes.fixed_room, sizeof *notes.fixed);
    notes.split = cc_allocate(notes.split_room, sizeof *notes.split);
    for (;;) {
        struct graph graph;
        size_t length;
        size_t without;
        int *stack;

        begin(&graph, function);
        live_find(&graph.live, function);
        drop_dead(&graph);
        build(&graph);
        weigh_constants(&graph);
        coalesce(&graph);
        stack = simplify(&graph, notes.fixed, &length);
        without = give_colours(&graph, stack, length);
        free(stack);
        if (without == 0) {
            note_places(&graph);
            end(&graph);
            break;
        }
        spill(&graph, &notes);
        end(&graph);
    }
    free(notes.fixed);
    free(notes.split);
}
