// SPDX-License-Identifier: Apache-2.0
#include <hsx/reorder.h>
#include <stdio.h>
#include <string.h>

static uint64_t bit_of(uint32_t order)
{
    return 1ull << order % HSX_REORDER_WINDOW;
}

static struct hsx_retired *slot_of(struct hsx_reorder *r, uint32_t order)
{
    return &r->slots[order % HSX_REORDER_WINDOW];
}

/* Numbers wrap at 32 bits: one that has passed is far ahead. */
static bool in_window(const struct hsx_reorder *r, uint32_t order)
{
    return order - r->due < HSX_REORDER_WINDOW;
}

static enum hsx_status outside(struct hsx_reorder *r, uint32_t order)
{
    snprintf(r->message, sizeof r->message,
             "order number %u on the retirement port where %u to %u were due", (unsigned)order,
             (unsigned)r->due, (unsigned)(r->due + (HSX_REORDER_WINDOW - 1)));
    return HSX_ERR_MACHINE;
}

void hsx_reorder_clear(struct hsx_reorder *r)
{
    r->present = 0;
    r->due_known = false;
}

enum hsx_status hsx_reorder_expect(struct hsx_reorder *r, uint32_t order)
{
    r->due = order;
    r->due_known = true;
    for (uint32_t i = 0; i < HSX_REORDER_WINDOW; i++) {
        if ((r->present & bit_of(i)) != 0 && !in_window(r, r->slots[i].order)) {
            return outside(r, r->slots[i].order);
        }
    }
    return HSX_OK;
}

enum hsx_status hsx_reorder_put(struct hsx_reorder *r, const struct hsx_retired *retired)
{
    uint32_t order = retired->order;

    if (r->due_known && !in_window(r, order)) {
        return outside(r, order);
    }
    if ((r->present & bit_of(order)) != 0 && slot_of(r, order)->order == order) {
        snprintf(r->message, sizeof r->message, "order number %u on the retirement port twice",
                 (unsigned)order);
        return HSX_ERR_MACHINE;
    }
    *slot_of(r, order) = *retired;
    r->present |= bit_of(order);
    return HSX_OK;
}

bool hsx_reorder_take(struct hsx_reorder *r, struct hsx_retired *retired)
{
    if ((r->present & bit_of(r->due)) == 0) {
        return false;
    }
    *retired = *slot_of(r, r->due);
    r->present &= ~bit_of(r->due);
    r->due++;
    return true;
}

size_t hsx_reorder_drain(struct hsx_reorder *r, struct hsx_record *records, uint64_t *cycles,
                         size_t room)
{
    struct hsx_retired retired;
    size_t count = 0;

    while (count < room && hsx_reorder_take(r, &retired)) {
        records[count] = retired.record;
        if (cycles) {
            cycles[count] = retired.cycle;
        }
        count++;
    }
    return count;
}

enum hsx_status hsx_reorder_finish(struct hsx_reorder *r)
{
    uint32_t came = r->due;

    if (r->present == 0) {
        r->due_known = false;
        return HSX_OK;
    }
    while ((r->present & bit_of(came)) == 0) {
        came++;
    }
    snprintf(r->message, sizeof r->message,
             "held without order number %u on the retirement port, but %u was on it",
             (unsigned)r->due, (unsigned)came);
    return HSX_ERR_MACHINE;
}
