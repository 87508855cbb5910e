// SPDX-License-Identifier: Apache-2.0
/* A linked list: filled, searched, reversed, sorted by merging. */
#include "bench.h"

enum { COUNT = 200 };

struct node {
    struct node *next;
    uint16_t key, value;
};

static struct node nodes[COUNT];

static struct node *turn(struct node *list)
{
    struct node *turned = NULL;

    while (list) {
        struct node *next = list->next;

        list->next = turned;
        turned = list;
        list = next;
    }
    return turned;
}

static struct node *find(struct node *list, uint16_t key)
{
    while (list && list->key != key) {
        list = list->next;
    }
    return list;
}

static struct node *merge(struct node *a, struct node *b)
{
    struct node *first = NULL;
    struct node **end = &first;

    while (a && b) {
        struct node **from = a->key <= b->key ? &a : &b;

        *end = *from;
        end = &(*from)->next;
        *from = *end;
    }
    *end = a ? a : b;
    return first;
}

static struct node *sort(struct node *list)
{
    struct node *middle = list;
    struct node *half;

    if (!list || !list->next) {
        return list;
    }
    for (struct node *end = list->next; end && end->next; end = end->next->next) {
        middle = middle->next;
    }
    half = middle->next;
    middle->next = NULL;
    return merge(sort(list), sort(half));
}

uint32_t bench(void)
{
    uint32_t state = 2463534242u;
    struct node *list = NULL;
    uint32_t sum = 0;

    for (int i = 0; i < COUNT; i++) {
        nodes[i] = (struct node){list, (uint16_t)(next_random(&state) % 256), (uint16_t)i};
        list = &nodes[i];
    }
    for (uint16_t key = 0; key < 256; key += 8) {
        struct node *found = find(list, key);

        sum = sum * 31 + (found ? found->value : 0u);
        list = turn(list);
    }
    list = sort(list);
    for (const struct node *node = list; node; node = node->next) {
        sum = sum * 31 + node->key;
    }
    return sum;
}

const uint32_t bench_result = 0x02C76EB3;
