// SPDX-License-Identifier: Apache-2.0
/* Integer sort: quicksort of 512 words, short parts by insertion. */
#include "bench.h"

enum { COUNT = 512, SHORT = 8 };

static int32_t items[COUNT];

static void insert(int32_t *first, int32_t *last)
{
    for (int32_t *at = first + 1; at <= last; at++) {
        int32_t item = *at;
        int32_t *to = at;

        for (; to > first && to[-1] > item; to--) {
            *to = to[-1];
        }
        *to = item;
    }
}

static void sort(int32_t *first, int32_t *last)
{
    while (last - first > SHORT) {
        int32_t pivot = first[(last - first) / 2];
        int32_t *low = first;
        int32_t *high = last;

        while (low <= high) {
            while (*low < pivot) {
                low++;
            }
            while (*high > pivot) {
                high--;
            }
            if (low <= high) {
                int32_t item = *low;

                *low++ = *high;
                *high-- = item;
            }
        }
        sort(first, high);
        first = low;
    }
    insert(first, last);
}

uint32_t bench(void)
{
    uint32_t state = 2463534242u;
    uint32_t sum = 0;

    for (int i = 0; i < COUNT; i++) {
        items[i] = (int32_t)next_random(&state);
    }
    sort(items, items + COUNT - 1);
    for (int i = 0; i < COUNT; i++) {
        sum = sum * 31 + (uint32_t)items[i] + (i > 0 && items[i - 1] > items[i]);
    }
    return sum;
}

const uint32_t bench_result = 0xD883D7C2;
