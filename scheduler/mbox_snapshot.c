/* The state of the mailboxes as bytes. Reading rebuilds it piece by piece, so
 * that no index or position is taken over unchecked. */
#include "blob.h"
#include "mailbox.h"
#include <string.h>

static void save_ring(struct blob *b, struct mbox *m, const struct mbox_ring *ring)
{
    blob_put(b, ring->size, 2);
    if (ring->size != 0) {
        blob_put(b, ring->head, 8);
        blob_put(b, mbox_ring_used(ring), 2);
        blob_put_bytes(b, mbox_ring_content(m, ring), mbox_ring_used(ring));
    }
}

static void save_handle(struct blob *b, struct mbox *m, const struct mbox_handle *h)
{
    blob_put(b, h->number, 2);
    if (h->number != 0) {
        blob_put(b, h->mode, 2);
        blob_put(b, (uint64_t)h->desc, 2);
        blob_put(b, h->sender, 1);
        blob_put(b, h->overrun, 1);
        blob_put(b, h->tap_overrun, 1);
        blob_put(b, h->pos, 8);
        save_ring(b, m, &h->tap);
    }
}

static void save_desc(struct blob *b, struct mbox *m, const struct mbox_desc *d)
{
    blob_put(b, d->id, 4);
    if (d->id == 0) {
        return;
    }
    blob_put(b, d->owner, 4);
    blob_put(b, d->space, 1);
    blob_put(b, d->mode, 2);
    blob_put(b, d->name_len, 1);
    blob_put_bytes(b, d->name, d->name_len);
    blob_put(b, d->high_water, 4);
    save_ring(b, m, &d->ring);
}

void mbox_save(struct mbox *m, struct blob *b)
{
    blob_put(b, m->slots, 2);
    blob_put(b, m->desc_count, 2);
    blob_put(b, m->handle_count, 2);
    blob_put(b, m->next_id, 4);
    for (unsigned i = 0; i < m->desc_count; i++) {
        save_desc(b, m, &m->descs[i]);
    }
    for (unsigned i = 0; i < m->slots * m->handle_count; i++) {
        save_handle(b, m, &m->handles[i]);
    }
    for (unsigned i = 0; i < m->slots; i++) {
        blob_put(b, m->tasks[i].pid, 4);
        blob_put(b, m->tasks[i].next_number, 4);
    }
    for (unsigned i = 0; i < m->desc_count; i++) {
        const struct mbox_desc *d = &m->descs[i];

        blob_put(b, d->id ? d->waiter_count : 0, 2);
        for (int16_t slot = d->first_waiter; d->id != 0 && slot != MBOX_NONE;
             slot = m->tasks[slot].wait_next) {
            blob_put(b, (uint64_t)slot, 2);
            blob_put(b, m->handles[m->tasks[slot].wait_handle].number, 2);
        }
    }
}

static void load_ring(struct blob *b, struct mbox *m, struct mbox_ring *ring)
{
    uint32_t size = (uint32_t)blob_get(b, 2);
    uint64_t head;
    uint32_t used;
    const uint8_t *content;

    if (size == 0) {
        return;
    }
    head = blob_get_max(b, 8, UINT64_MAX / 2);
    used = (uint32_t)blob_get_max(b, 2, size);
    content = blob_get_bytes(b, used);
    b->bad =
        b->bad || !mbox_ring_alloc(m, ring, size) || !mbox_ring_fill(m, ring, head, content, used);
}

static void load_desc(struct blob *b, struct mbox *m, struct mbox_desc *d)
{
    uint32_t id = (uint32_t)blob_get_max(b, 4, m->next_id - 1);
    const uint8_t *name;

    if (id == 0) {
        return;
    }
    *d = (struct mbox_desc){
        .id = id, .first_handle = MBOX_NONE, .first_waiter = MBOX_NONE, .last_waiter = MBOX_NONE};
    d->owner = (uint32_t)blob_get(b, 4);
    d->space = (uint8_t)blob_get_max(b, 1, MBOX_SHARED);
    d->mode = (uint16_t)blob_get(b, 2);
    d->name_len = (uint8_t)blob_get_max(b, 1, HSX_MBOX_NAME_SIZE);
    name = blob_get_bytes(b, d->name_len);
    if (name) {
        memcpy(d->name, name, d->name_len);
    }
    d->high_water = (uint32_t)blob_get(b, 4);
    load_ring(b, m, &d->ring);
    b->bad = b->bad || d->ring.size == 0;
}

static void load_handle(struct blob *b, struct mbox *m, struct mbox_handle *h)
{
    uint16_t number = (uint16_t)blob_get(b, 2);
    struct mbox_desc *d;

    if (number == 0) {
        return;
    }
    h->mode = (uint16_t)blob_get(b, 2);
    h->desc = (int16_t)blob_get_max(b, 2, m->desc_count - 1);
    h->sender = blob_get_max(b, 1, 1);
    h->overrun = blob_get_max(b, 1, 1);
    h->tap_overrun = blob_get_max(b, 1, 1);
    h->pos = blob_get(b, 8);
    d = &m->descs[h->desc];
    b->bad = b->bad || d->id == 0 || !mbox_ring_boundary(m, &d->ring, h->pos);
    if (b->bad) {
        return;
    }
    h->number = number;
    mbox_link_handle(m, h);
    load_ring(b, m, &h->tap);
    if (h->tap.size != 0) {
        m->tap_rings++;
        d->tap_count++;
        b->bad = b->bad || h->tap.size != d->ring.size;
    }
}

static void load_waiters(struct blob *b, struct mbox *m, unsigned index)
{
    unsigned count = (unsigned)blob_get_max(b, 2, m->slots);

    for (unsigned i = 0; i < count && !b->bad; i++) {
        uint8_t slot = (uint8_t)blob_get_max(b, 2, m->slots - 1);
        uint16_t number = (uint16_t)blob_get(b, 2);
        int handle = mbox_find_handle(m, slot, number);

        if (handle == MBOX_NONE || m->handles[handle].desc != (int16_t)index ||
            m->tasks[slot].pid == 0 || m->tasks[slot].wait_desc != MBOX_NONE) {
            b->bad = true;
        } else {
            mbox_wait(m, slot, number);
        }
    }
}

bool mbox_load(struct mbox *m, struct blob *b)
{
    if (blob_get(b, 2) != m->slots || blob_get(b, 2) != m->desc_count ||
        blob_get(b, 2) != m->handle_count) {
        return false;
    }
    m->next_id = (uint32_t)blob_get(b, 4);
    b->bad = b->bad || m->next_id == 0;
    for (unsigned i = 0; i < m->desc_count && !b->bad; i++) {
        load_desc(b, m, &m->descs[i]);
    }
    for (unsigned i = 0; i < m->slots * m->handle_count && !b->bad; i++) {
        load_handle(b, m, &m->handles[i]);
    }
    for (unsigned i = 0; i < m->slots && !b->bad; i++) {
        m->tasks[i].pid = (uint32_t)blob_get_max(b, 4, UINT16_MAX);
        m->tasks[i].next_number = (uint32_t)blob_get_max(b, 4, UINT16_MAX + 1u);
    }
    for (unsigned i = 0; i < m->desc_count && !b->bad; i++) {
        load_waiters(b, m, i);
    }
    return !b->bad;
}
