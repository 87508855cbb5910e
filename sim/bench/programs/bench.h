// SPDX-License-Identifier: Apache-2.0
/* Each program defines bench and its expected result. Pseudo-random numbers come from next_random,
 * the same on each machine. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

uint32_t bench(void);
extern const uint32_t bench_result;

static inline uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

#endif
