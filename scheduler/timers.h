// SPDX-License-Identifier: Apache-2.0
/* Deadlines, at most one per task: a binary heap ordered by deadline, then task id
 * (contract section 5). All operations are O(log n). */
#ifndef HSX_TIMERS_H
#define HSX_TIMERS_H

#include <hsx/machine.h>
#include <stdbool.h>

struct timer {
    uint64_t deadline; /* ticks */
    uint32_t pid;
    uint8_t slot;
};

struct timers {
    struct timer heap[HSX_MAX_CONTEXTS];
    size_t count;
    int16_t place[HSX_MAX_CONTEXTS]; /* of a slot in heap, -1: none */
};

void timers_init(struct timers *t);
/* Precondition: the slot has no deadline yet. */
void timers_add(struct timers *t, uint8_t slot, uint32_t pid, uint64_t deadline);
void timers_remove(struct timers *t, uint8_t slot); /* allowed without a deadline */
/* The next one to expire, or NULL. */
const struct timer *timers_first(const struct timers *t);
/* The slot's own, or NULL. */
const struct timer *timers_of(const struct timers *t, uint8_t slot);

#endif
