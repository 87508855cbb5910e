// SPDX-License-Identifier: Apache-2.0
/*
 * Puts the records of a retirement port back into the record order.
 *
 * A long operation has the order number of its place (contract section 8) but shows its
 * record when its result is written, after those of younger instructions. At most
 * HSX_REORDER_WINDOW numbers may be pending.
 *
 * A caller puts in each record as it is shown, and takes out the records that are due. A
 * violation of the order is HSX_ERR_MACHINE, described in one line in message; the
 * records before it can still be taken, and hsx_reorder_clear starts again.
 */
#ifndef HSX_REORDER_H
#define HSX_REORDER_H

#include <hsx/machine.h>
#include <hsx/status.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { HSX_REORDER_WINDOW = 64 };

struct hsx_retired {
    struct hsx_record record;
    uint64_t cycle; /* of the port */
    uint32_t order;
};

/* Zeroed is empty. The caller may read message only. */
struct hsx_reorder {
    struct hsx_retired slots[HSX_REORDER_WINDOW]; /* by order modulo the window */
    uint64_t present;                             /* bit i: slots[i] is in use */
    uint32_t due;                                 /* the number to be taken next */
    bool due_known;
    char message[96];
};

void hsx_reorder_clear(struct hsx_reorder *r);

/* Sets the number that is due next. Records put in earlier come from a core that was
 * already let run: HSX_ERR_MACHINE if one is outside the window. */
enum hsx_status hsx_reorder_expect(struct hsx_reorder *r, uint32_t order);

/* HSX_ERR_MACHINE: the number is a repetition, or is outside the window. Before
 * hsx_reorder_expect records may be dropped: if there are more than the window, the last
 * stay. */
enum hsx_status hsx_reorder_put(struct hsx_reorder *r, const struct hsx_retired *retired);

/* The record that is due, if it has been put in; only after hsx_reorder_expect. */
bool hsx_reorder_take(struct hsx_reorder *r, struct hsx_retired *retired);

/* Moves the records that are due and present into records and, unless it is NULL, cycles,
 * which have room for so many; returns how many. Only after hsx_reorder_expect. */
size_t hsx_reorder_drain(struct hsx_reorder *r, struct hsx_record *records, uint64_t *cycles,
                         size_t room);

/* The core is held, so no more will come: HSX_ERR_MACHINE if there are still records, as
 * the one that is due never came. hsx_reorder_expect must then set the number that is due
 * next. */
enum hsx_status hsx_reorder_finish(struct hsx_reorder *r);

static inline bool hsx_reorder_empty(const struct hsx_reorder *r)
{
    return r->present == 0;
}

/* A shortcut for put and take, for the record that is due if no other waits: true, and
 * the next one is due. */
static inline bool hsx_reorder_pass(struct hsx_reorder *r, uint32_t order)
{
    if (r->present != 0 || order != r->due || !r->due_known) {
        return false;
    }
    r->due++;
    return true;
}

#ifdef __cplusplus
}
#endif

#endif
