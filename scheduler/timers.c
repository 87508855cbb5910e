// SPDX-License-Identifier: Apache-2.0
#include "timers.h"

static bool before(const struct timer *a, const struct timer *b)
{
    return a->deadline != b->deadline ? a->deadline < b->deadline : a->pid < b->pid;
}

static void set(struct timers *t, size_t i, struct timer timer)
{
    t->heap[i] = timer;
    t->place[timer.slot] = (int16_t)i;
}

static void sift_up(struct timers *t, size_t i, struct timer timer)
{
    while (i > 0 && before(&timer, &t->heap[(i - 1) / 2])) {
        set(t, i, t->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
    set(t, i, timer);
}

static void sift_down(struct timers *t, size_t i, struct timer timer)
{
    for (;;) {
        size_t child = 2 * i + 1;

        if (child + 1 < t->count && before(&t->heap[child + 1], &t->heap[child])) {
            child++;
        }
        if (child >= t->count || !before(&t->heap[child], &timer)) {
            break;
        }
        set(t, i, t->heap[child]);
        i = child;
    }
    set(t, i, timer);
}

void timers_init(struct timers *t)
{
    t->count = 0;
    for (size_t i = 0; i < HSX_MAX_CONTEXTS; i++) {
        t->place[i] = -1;
    }
}

void timers_add(struct timers *t, uint8_t slot, uint32_t pid, uint64_t deadline)
{
    sift_up(t, t->count++, (struct timer){.deadline = deadline, .pid = pid, .slot = slot});
}

void timers_remove(struct timers *t, uint8_t slot)
{
    int16_t i = t->place[slot];
    struct timer last;

    if (i < 0) {
        return;
    }
    t->place[slot] = -1;
    last = t->heap[--t->count];
    if ((size_t)i == t->count) {
        return;
    }
    if (i > 0 && before(&last, &t->heap[(i - 1) / 2])) {
        sift_up(t, (size_t)i, last);
    } else {
        sift_down(t, (size_t)i, last);
    }
}

const struct timer *timers_first(const struct timers *t)
{
    return t->count ? &t->heap[0] : NULL;
}

const struct timer *timers_of(const struct timers *t, uint8_t slot)
{
    return t->place[slot] < 0 ? NULL : &t->heap[t->place[slot]];
}
