// SPDX-License-Identifier: Apache-2.0
/*
 * A cache of words read from a held core, valid until the host writes or lets it run: a register
 * is read with its window, a field with its context, a counter with the others, in one request.
 */
#ifndef HSX_SERIAL_KEPT_H
#define HSX_SERIAL_KEPT_H

#include <hsx/host_map.h>
#include <hsx/machine.h>

enum {
    KEPT_BLOCK = 16, /* words that are read together */
    KEPT_CONTEXTS = 256,
    KEPT_CONTROLS = (HSX_HOST_NOW - HSX_HOST_STATUS) / 4 + 1
};

struct kept {
    bool data_known[HSX_DATA_SIZE / 4 / KEPT_BLOCK];
    uint32_t data[HSX_DATA_SIZE / 4];
    bool context_known[KEPT_CONTEXTS];
    uint32_t contexts[KEPT_CONTEXTS * KEPT_BLOCK];
    bool controls_known;
    uint32_t controls[KEPT_CONTROLS];
};

/* Forgets everything: the core is let run. */
void kept_forget(struct kept *kept);

/* False: it is not known. */
bool kept_find(const struct kept *kept, uint32_t addr, uint32_t *value);

/* How many words to read together with the one at addr, from *first on; 0: such words cannot
 * be cached. */
size_t kept_together(uint32_t addr, uint32_t *first);

/* Stores words that were read: consecutive blocks as given by kept_together. */
void kept_put(struct kept *kept, uint32_t first, const uint32_t *words, size_t count);

/* The host has written a word, or read one that changes when read. */
void kept_written(struct kept *kept, uint32_t addr, uint32_t value);

#endif
