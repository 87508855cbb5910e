// SPDX-License-Identifier: Apache-2.0
/*
 * Register allocation by colouring a function's interference graph, with conservative
 * coalescing of moves; nodes without a colour are spilled and the graph is rebuilt.
 */
#include "live.h"
#include "memory.h"
#include "mir.h"
#include "spill.h"
#include <stdlib.h>
#include <string.h>

enum { WORD_BITS = 64 };

struct graph {
    struct mir_function *function;
    int nodes;
    int colours;      /* registers available */
    size_t words;     /* per set of registers */
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

/* Remove instructions whose value is never read and that have no other effect. */
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

            /* A value that is never read afterwards is still written by its instruction. */
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

/* George: each neighbour already interferes with the machine register, or is easy to colour. */
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

/* The order in which nodes are removed from the graph; the last one is coloured first. */
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

/* Caller-saved registers come first: they need not be saved. */
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

/* Spilling a constant costs one instruction at each use and none at its definition. */
static void weigh_constants(struct graph *graph)
{
    struct mir_insn *constants = spill_constants(graph->function);

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

/* For each register, the one it was merged into if that has no colour. */
static int *without_colour(struct graph *graph)
{
    int *roots = cc_allocate((size_t)graph->nodes, sizeof *roots);

    for (int n = 0; n < graph->nodes; n++) {
        int root = find(graph, n);

        roots[n] = graph->colour[root] == MIR_NONE ? root : MIR_NONE;
    }
    return roots;
}

void mir_allocate(struct mir_function *function)
{
    struct spill_notes notes = {.fixed_room = (size_t)function->registers,
                                .split_room = (size_t)function->registers};

    notes.fixed = cc_allocate(notes.fixed_room, sizeof *notes.fixed);
    notes.split = cc_allocate(notes.split_room, sizeof *notes.split);
    for (;;) {
        struct graph graph;
        size_t length;
        size_t without;
        int *stack;
        int *roots;

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
        roots = without_colour(&graph);
        spill(function, &notes, roots);
        free(roots);
        end(&graph);
    }
    free(notes.fixed);
    free(notes.split);
}
