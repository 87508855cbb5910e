// SPDX-License-Identifier: Apache-2.0
#include "loops.h"
#include "memory.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct number {
    LLVMBasicBlockRef block;
    size_t number;
};

static int by_block(const void *a, const void *b)
{
    const struct number *x = a;
    const struct number *y = b;

    return (x->block > y->block) - (x->block < y->block);
}

struct finder {
    size_t count;
    struct number *sorted;
    size_t *order;  /* reverse postorder */
    int *place;     /* of each block in order, -1: unreachable */
    int *dominator; /* immediate, as a block */
    int **before;   /* predecessors */
    size_t *befores, *rooms;
};

static size_t number_in(const struct number *sorted, size_t count, LLVMBasicBlockRef block)
{
    struct number key = {.block = block};
    const struct number *found = bsearch(&key, sorted, count, sizeof key, by_block);

    return found ? found->number : 0;
}

static void walk(struct finder *finder, const struct cc_loops *loops)
{
    /* depth first without recursion: programs may have very many blocks */
    size_t *stack = cc_allocate(finder->count, sizeof *stack);
    unsigned *next = cc_allocate(finder->count, sizeof *next);
    bool *seen = cc_allocate(finder->count, sizeof *seen);
    size_t top = 0;
    size_t left = finder->count;

    stack[top++] = 0;
    seen[0] = true;
    while (top > 0) {
        size_t at = stack[top - 1];
        LLVMValueRef end = LLVMGetBasicBlockTerminator(loops->blocks[at]);
        unsigned nexts = LLVMGetNumSuccessors(end);

        if (next[at] < nexts) {
            size_t to = number_in(finder->sorted, finder->count, LLVMGetSuccessor(end, next[at]++));

            finder->before[to] = cc_grow(finder->before[to], finder->befores[to],
                                         &finder->rooms[to], sizeof **finder->before);
            finder->before[to][finder->befores[to]++] = (int)at;
            if (!seen[to]) {
                seen[to] = true;
                stack[top++] = to;
            }
        } else {
            finder->order[--left] = at;
            top--;
        }
    }
    memmove(finder->order, finder->order + left, (finder->count - left) * sizeof *finder->order);
    for (size_t i = 0; i < finder->count; i++) {
        finder->place[i] = -1;
    }
    for (size_t i = 0; i < finder->count - left; i++) {
        finder->place[finder->order[i]] = (int)i;
    }
    free(stack);
    free(next);
    free(seen);
}

static int meet(const struct finder *finder, int a, int b)
{
    while (a != b) {
        while (finder->place[a] > finder->place[b]) {
            a = finder->dominator[a];
        }
        while (finder->place[b] > finder->place[a]) {
            b = finder->dominator[b];
        }
    }
    return a;
}

static void find_dominators(struct finder *finder)
{
    bool changed = true;

    for (size_t i = 0; i < finder->count; i++) {
        finder->dominator[i] = -1;
    }
    finder->dominator[0] = 0;
    while (changed) {
        changed = false;
        for (size_t i = 1; i < finder->count; i++) {
            size_t block = finder->order[i];
            int found = -1;

            if (finder->place[block] != (int)i) {
                break; /* the rest is unreachable */
            }
            for (size_t k = 0; k < finder->befores[block]; k++) {
                int before = finder->before[block][k];

                if (finder->dominator[before] >= 0) {
                    found = found < 0 ? before : meet(finder, before, found);
                }
            }
            if (finder->dominator[block] != found) {
                finder->dominator[block] = found;
                changed = true;
            }
        }
    }
}

static bool dominates(const struct finder *finder, int a, int b)
{
    while (finder->place[b] > finder->place[a]) {
        b = finder->dominator[b];
    }
    return a == b;
}

/* Blocks of the loop whose last block jumps to head; `in` marks them. */
static void mark_loop(const struct finder *finder, int head, int last, bool *in)
{
    int *stack = cc_allocate(finder->count, sizeof *stack);
    size_t top = 0;

    in[head] = true;
    if (!in[last]) {
        in[last] = true;
        stack[top++] = last;
    }
    while (top > 0) {
        int block = stack[--top];

        for (size_t k = 0; k < finder->befores[block]; k++) {
            int before = finder->before[block][k];

            if (!in[before] && finder->place[before] >= 0) {
                in[before] = true;
                stack[top++] = before;
            }
        }
    }
    free(stack);
}

/* Heads are visited in reverse postorder, so an outer loop before its inner loops. */
static void note_loop(struct cc_loops *loops, const struct finder *finder, int head)
{
    bool *in = cc_allocate(finder->count, sizeof *in);
    bool any = false;
    int outside = -1;
    size_t outsides = 0;

    for (size_t k = 0; k < finder->befores[head]; k++) {
        int before = finder->before[head][k];

        if (finder->place[before] >= 0 && dominates(finder, head, before)) {
            mark_loop(finder, head, before, in);
            any = true;
        }
    }
    for (size_t k = 0; any && k < finder->befores[head]; k++) {
        int before = finder->before[head][k];

        if (!in[before]) {
            outside = before;
            outsides++;
        }
    }
    for (size_t i = 0; any && i < finder->count; i++) {
        if (in[i]) {
            loops->depth[i]++;
            loops->before[i] = outsides == 1 ? outside : -1;
            if (loops->depth[i] == 1) {
                loops->outside[i] = loops->before[i];
            }
        }
    }
    free(in);
}

void cc_find_loops(struct cc_loops *loops, LLVMValueRef function)
{
    struct finder finder = {.count = LLVMCountBasicBlocks(function)};
    size_t count = finder.count;

    loops->count = count;
    loops->blocks = cc_allocate(count, sizeof(LLVMBasicBlockRef));
    loops->depth = cc_allocate(count, sizeof *loops->depth);
    loops->outside = cc_allocate(count, sizeof *loops->outside);
    loops->before = cc_allocate(count, sizeof *loops->before);
    LLVMGetBasicBlocks(function, loops->blocks);
    finder.sorted = cc_allocate(count, sizeof *finder.sorted);
    finder.order = cc_allocate(count, sizeof *finder.order);
    finder.place = cc_allocate(count, sizeof *finder.place);
    finder.dominator = cc_allocate(count, sizeof *finder.dominator);
    finder.before = cc_allocate(count, sizeof *finder.before);
    finder.befores = cc_allocate(count, sizeof *finder.befores);
    finder.rooms = cc_allocate(count, sizeof *finder.rooms);
    for (size_t i = 0; i < count; i++) {
        finder.sorted[i] = (struct number){loops->blocks[i], i};
        loops->outside[i] = -1;
        loops->before[i] = -1;
    }
    qsort(finder.sorted, count, sizeof *finder.sorted, by_block);
    walk(&finder, loops);
    find_dominators(&finder);
    for (size_t i = 0; i < count && finder.place[finder.order[i]] == (int)i; i++) {
        note_loop(loops, &finder, (int)finder.order[i]);
        loops->reached = i + 1;
    }
    loops->order = finder.order;
    for (size_t i = 0; i < count; i++) {
        free(finder.before[i]);
    }
    free(finder.sorted);
    free(finder.place);
    free(finder.dominator);
    free(finder.before);
    free(finder.befores);
    free(finder.rooms);
}

void cc_free_loops(struct cc_loops *loops)
{
    free(loops->blocks);
    free(loops->depth);
    free(loops->outside);
    free(loops->before);
    free(loops->order);
}

size_t cc_block_number(const struct cc_loops *loops, LLVMBasicBlockRef block)
{
    size_t i = 0;

    while (loops->blocks[i] != block) {
        i++;
    }
    return i;
}
