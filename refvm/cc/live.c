// SPDX-License-Identifier: Apache-2.0
#include "live.h"
#include "memory.h"
#include <stdlib.h>
#include <string.h>

void live_step_back(const struct mir_insn *insn, uint64_t *set)
{
    if (insn->d != MIR_NONE) {
        live_drop(set, insn->d);
    }
    set[0] &= ~(uint64_t)insn->writes;
    set[0] |= insn->reads;
    if (insn->a != MIR_NONE) {
        live_put(set, insn->a);
    }
    if (insn->b != MIR_NONE) {
        live_put(set, insn->b);
    }
}

void live_find(struct live *live, const struct mir_function *function)
{
    size_t words = ((size_t)function->registers + 63) / 64;
    uint64_t *set = cc_allocate(words, sizeof *set);
    bool changed = true;

    live->words = words;
    live->in = cc_allocate(function->block_count * words, sizeof *live->in);
    live->out = cc_allocate(function->block_count * words, sizeof *live->out);
    while (changed) {
        changed = false;
        for (size_t i = function->block_count; i-- > 0;) {
            const struct mir_block *block = &function->blocks[i];
            uint64_t *out = live_out(live, (int)i);
            uint64_t *in = live_in(live, (int)i);
            int next[2];
            int nexts = mir_next(block, next);

            for (int n = 0; n < nexts; n++) {
                for (size_t w = 0; w < words; w++) {
                    out[w] |= live_in(live, next[n])[w];
                }
            }
            memcpy(set, out, words * sizeof *set);
            for (size_t k = block->count; k-- > 0;) {
                live_step_back(&block->insns[k], set);
            }
            if (memcmp(set, in, words * sizeof *set) != 0) {
                memcpy(in, set, words * sizeof *set);
                changed = true;
            }
        }
    }
    free(set);
}

void live_free(struct live *live)
{
    free(live->in);
    free(live->out);
}
