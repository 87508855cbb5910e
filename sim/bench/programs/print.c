// SPDX-License-Identifier: Apache-2.0
/* Numbers as text: most of the code is in the library, and beyond the first 4 KiB. */
#include "bench.h"
#include <stdio.h>

enum { ROUNDS = 12 };

uint32_t bench(void)
{
    uint32_t state = 2463534242u;
    uint32_t sum = 0;

    for (int round = 0; round < ROUNDS; round++) {
        uint32_t number = next_random(&state);
        char text[80];

        snprintf(text, sizeof text, "%u %08x %-12d| %.3f %s", (unsigned)number, (unsigned)number,
                 (int)number, (double)number / 1024, "end");
        for (const char *c = text; *c; c++) {
            sum = sum * 31 + (uint8_t)*c;
        }
    }
    return sum;
}

const uint32_t bench_result = 0x7B19BA2D;
