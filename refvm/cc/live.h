// SPDX-License-Identifier: Apache-2.0
/* Live registers at the boundaries of blocks. */
#ifndef HSX_CC_LIVE_H
#define HSX_CC_LIVE_H

#include "mir.h"

struct live {
    size_t words;  /* per set of registers */
    uint64_t *in;  /* blocks x words */
    uint64_t *out; /* blocks x words */
};

void live_find(struct live *live, const struct mir_function *function);
void live_free(struct live *live);

/* Turns the live set after an instruction into the one before it. */
void live_step_back(const struct mir_insn *insn, uint64_t *set);

static inline uint64_t *live_in(const struct live *live, int block)
{
    return &live->in[(size_t)block * live->words];
}

static inline uint64_t *live_out(const struct live *live, int block)
{
    return &live->out[(size_t)block * live->words];
}

static inline bool live_has(const uint64_t *set, int reg)
{
    return set[reg / 64] >> (reg % 64) & 1;
}

static inline void live_put(uint64_t *set, int reg)
{
    set[reg / 64] |= (uint64_t)1 << (reg % 64);
}

static inline void live_drop(uint64_t *set, int reg)
{
    set[reg / 64] &= ~((uint64_t)1 << (reg % 64));
}

#endif
