// SPDX-License-Identifier: Apache-2.0
/* Rings of messages in one pool. The pool has no holes: freeing a ring moves the rings
 * after it, so a ring fits exactly when enough bytes are left. */
#include "mailbox.h"
#include <string.h>

static void store16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static uint16_t load16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static void put(struct mbox *m, const struct mbox_ring *ring, uint64_t pos, const uint8_t *bytes,
                uint32_t len)
{
    uint32_t at = (uint32_t)(pos % ring->size);
    uint32_t first = len < ring->size - at ? len : ring->size - at;

    memcpy(m->pool + ring->offset + at, bytes, first);
    memcpy(m->pool + ring->offset, bytes + first, len - first);
}

static void get(const struct mbox *m, const struct mbox_ring *ring, uint64_t pos, uint8_t *bytes,
                uint32_t len)
{
    uint32_t at = (uint32_t)(pos % ring->size);
    uint32_t first = len < ring->size - at ? len : ring->size - at;

    memcpy(bytes, m->pool + ring->offset + at, first);
    memcpy(bytes + first, m->pool + ring->offset, len - first);
}

uint32_t mbox_ring_used(const struct mbox_ring *ring)
{
    return (uint32_t)(ring->tail - ring->head);
}

bool mbox_ring_alloc(struct mbox *m, struct mbox_ring *ring, uint32_t size)
{
    if (size > m->pool_size - m->pool_used) {
        return false;
    }
    *ring = (struct mbox_ring){.offset = m->pool_used, .size = size};
    m->pool_used += size;
    return true;
}

static void move_down(struct mbox_ring *ring, uint32_t above, uint32_t by)
{
    if (ring->size != 0 && ring->offset > above) {
        ring->offset -= by;
    }
}

void mbox_ring_free(struct mbox *m, struct mbox_ring *ring)
{
    uint32_t start = ring->offset;
    uint32_t size = ring->size;

    if (size == 0) {
        return;
    }
    memmove(m->pool + start, m->pool + start + size, m->pool_used - start - size);
    m->pool_used -= size;
    ring->size = 0;
    for (unsigned i = 0; i < m->desc_count; i++) {
        move_down(&m->descs[i].ring, start, size);
    }
    for (unsigned i = 0; m->tap_rings != 0 && i < m->slots * m->handle_count; i++) {
        move_down(&m->handles[i].tap, start, size);
    }
}

void mbox_ring_resize(struct mbox *m, struct mbox_ring *ring, uint32_t size)
{
    struct mbox_ring old = *ring;
    uint32_t used = mbox_ring_used(ring);

    get(m, ring, old.head, m->staging, used);
    mbox_ring_free(m, ring);
    ring->offset = m->pool_used;
    ring->size = size;
    m->pool_used += size;
    put(m, ring, old.head, m->staging, used);
}

void mbox_ring_push(struct mbox *m, struct mbox_ring *ring, const struct mbox_message *message)
{
    uint8_t header[MBOX_HEADER];

    store16(header, message->length);
    store16(header + 2, message->flags);
    store16(header + 4, message->channel);
    store16(header + 6, message->sender);
    put(m, ring, ring->tail, header, MBOX_HEADER);
    put(m, ring, ring->tail + MBOX_HEADER, message->bytes, message->length);
    ring->tail += MBOX_HEADER + message->length;
    ring->count++;
}

uint32_t mbox_ring_cost(const struct mbox *m, const struct mbox_ring *ring, uint64_t pos)
{
    uint8_t length[2];

    get(m, ring, pos, length, sizeof length);
    return MBOX_HEADER + load16(length);
}

uint32_t mbox_ring_read(struct mbox *m, const struct mbox_ring *ring, uint64_t pos,
                        struct mbox_message *message)
{
    uint8_t header[MBOX_HEADER];

    get(m, ring, pos, header, MBOX_HEADER);
    message->length = load16(header);
    message->flags = load16(header + 2);
    message->channel = load16(header + 4);
    message->sender = load16(header + 6);
    get(m, ring, pos + MBOX_HEADER, m->staging, message->length);
    message->bytes = m->staging;
    return MBOX_HEADER + message->length;
}

void mbox_ring_pop(struct mbox *m, struct mbox_ring *ring)
{
    ring->head += mbox_ring_cost(m, ring, ring->head);
    ring->count--;
}
