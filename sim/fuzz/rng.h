// SPDX-License-Identifier: Apache-2.0
/* Reproducible random numbers: the same everywhere for the same seed. */
#ifndef HSX_FUZZ_RNG_H
#define HSX_FUZZ_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t state;
};

/* splitmix64: neighbouring seeds give unrelated numbers. */
uint64_t rng_next(struct rng *rng);

/* 0 .. bound - 1; bound is not 0. */
uint32_t rng_below(struct rng *rng, uint32_t bound);

/* low .. high, both included. */
int32_t rng_range(struct rng *rng, int32_t low, int32_t high);

/* True once in n times. */
bool rng_one_in(struct rng *rng, uint32_t n);

uint32_t rng_pick(struct rng *rng, const uint32_t *values, size_t count);

#endif
