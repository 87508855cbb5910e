// SPDX-License-Identifier: Apache-2.0
/* The same random numbers in each run of a test, and its own for each test. */
#ifndef TESTS_COSIM_RANDOM_H
#define TESTS_COSIM_RANDOM_H

#include <stdint.h>

static uint64_t state;

static uint32_t below(uint32_t bound)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % bound;
}

#endif
