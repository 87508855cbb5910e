// SPDX-License-Identifier: Apache-2.0
/*
 * Puts the records of a retirement port back into the record order.
 *
 * An operation that takes long gets its order number at its place (contract
 * section 8) and shows its record when its result is written, behind those of
 * younger instructions. At most HSX_REORDER_WINDOW numbers may be under way.
 *
 * A caller puts in each record as it is shown, and takes out what is due. What
 * breaks the order is HSX_ERR_MACHINE, told in one line in message; the records
 * before it can still be taken, and after hsx_reorder_clear all begins anew.
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
    uint64_t cycle; /* in which the port showed it */
    uint32_t order;
};

/* Zeroed is empty. The fields but message are not the caller's. */
struct hsx_reorder {
    struct hsx_retired slots[HSX_REORDER_WINDOW]; /* by order modulo the window */
    uint64_t present;                             /* bit i: slots[i] is in use */
    uint32_t due;                                 /* the number to be taken next */
    bool due_known;
    char message[96];
};

void hsx_reorder_clear(struct hsx_reorder *r);

/* The number that is due from now on. Records put in before are those of a core
 * that was let go already: HSX_ERR_MACHINE if one lies outside of the window. */
enum hsx_status hsx_reorder_expect(struct hsx_reorder *r, uint32_t order);

/* HSX_ERR_MACHINE: the number came before, or lies outside of the window. Before
 * hsx_reorder_expect nobody may ever ask: of more than the window the last stay. */
enum hsx_status hsx_reorder_put(struct hsx_reorder *r, const struct hsx_retired *retired);

/* The record that is due, if it is there; only after hsx_reorder_expect. */
bool hsx_reorder_take(struct hsx_reorder *r, struct hsx_retired *retired);

/* Moves what is due and there already into records and, unless it is NULL, cycles, which have
 * room for so many; returns how many it was. Only after hsx_reorder_expect. */
size_t hsx_reorder_drain(struct hsx_reorder *r, struct hsx_record *records, uint64_t *cycles,
                         size_t room);

/* The core is held, so that no more will come: HSX_ERR_MACHINE if records are
 * still in here, as the one that is due then never came. Which number is due
 * next is up to hsx_reorder_expect. */
enum hsx_status hsx_reorder_finish(struct hsx_reorder *r);

static inline bool hsx_reorder_empty(const struct hsx_reorder *r)
{
    return r->present == 0;
}

/* A short cut past put and take, for the record that is due while no other
 * waits: true, and then the next one is due. */
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
