// SPDX-License-Identifier: Apache-2.0
/* The mailboxes' part of a snapshot. Messages, handles and waiters are kept as
 * lists in their order; links and positions in the pools are rebuilt, so that nothing
 * loaded can point outside them. */
#include "snapshot_parts.h"
#include <string.h>

static void code_message(struct codec *c, struct mbox *m, struct mbox_message *message)
{
    CODEC(c, message->length, UINT16_MAX);
    CODEC(c, message->flags, UINT16_MAX);
    CODEC(c, message->channel, UINT16_MAX);
    CODEC(c, message->sender, UINT16_MAX);
    codec_bytes(c, m->staging, message->length);
}

static void save_ring(struct codec *c, struct mbox *m, const struct mbox_ring *ring)
{
    codec_number(c, ring->size, MBOX_MAX_CAPACITY);
    codec_number(c, ring->count, MBOX_MAX_CAPACITY);
    for (uint64_t pos = ring->head; pos < ring->tail;) {
        struct mbox_message message;

        pos += mbox_ring_read(m, ring, pos, &message);
        code_message(c, m, &message);
    }
}

static void load_ring(struct codec *c, struct mbox *m, struct mbox_ring *ring)
{
    uint32_t size = (uint32_t)codec_number(c, 0, MBOX_MAX_CAPACITY);
    uint32_t count = (uint32_t)codec_number(c, 0, MBOX_MAX_CAPACITY);

    if (!codec_check(c, size != 0, "a mailbox has no capacity") ||
        !codec_check(c, mbox_ring_alloc(m, ring, size), "too much mailbox storage")) {
        return;
    }
    for (uint32_t i = 0; i < count && !c->failed; i++) {
        struct mbox_message message = {.bytes = m->staging};

        code_message(c, m, &message);
        if (codec_check(c,
                        message.length != 0 &&
                            mbox_ring_used(ring) + MBOX_HEADER + message.length <= ring->size,
                        "a message does not fit")) {
            mbox_ring_push(m, ring, &message);
        }
    }
}

static void code_ring(struct codec *c, struct mbox *m, struct mbox_ring *ring)
{
    if (c->loading) {
        load_ring(c, m, ring);
    } else {
        save_ring(c, m, ring);
    }
}

/* A fan-out position as the number of messages before it. One before the oldest message
 * acts like one at it. */
static void code_position(struct codec *c, struct mbox *m, const struct mbox_ring *ring,
                          uint64_t *pos)
{
    uint64_t at = ring->head;
    uint32_t before = 0;

    while (!c->loading && at < *pos && at < ring->tail) {
        at += mbox_ring_cost(m, ring, at);
        before++;
    }
    CODEC(c, before, MBOX_MAX_CAPACITY);
    if (c->loading && codec_check(c, before <= ring->count, "a position is past the end")) {
        for (at = ring->head; before != 0; before--) {
            at += mbox_ring_cost(m, ring, at);
        }
        *pos = at;
    }
}

static void code_tap(struct codec *c, struct mbox *m, struct mbox_desc *d, struct mbox_handle *h)
{
    bool tapped = !c->loading && h->tap.size != 0;

    CODEC(c, tapped, 1);
    if (!tapped) {
        return;
    }
    CODEC(c, h->tap_overrun, 1);
    code_ring(c, m, &h->tap);
    if (c->loading) {
        codec_check(c, h->tap.size == d->ring.size, "a tap differs in capacity");
        d->tap_count++;
        m->tap_rings++;
    }
}

static bool handle_is_new(const struct mbox *m, const struct mbox_handle *h, uint16_t number)
{
    size_t slot = (size_t)(h - m->handles) / m->handle_count;
    const struct mbox_handle *first = &m->handles[slot * m->handle_count];

    if (h->number != 0 || number == 0 || number >= m->tasks[slot].next_number) {
        return false;
    }
    for (unsigned i = 0; i < m->handle_count; i++) {
        if (first[i].number == number) {
            return false;
        }
    }
    return true;
}

/* last is the handle before it in the mailbox's list. */
static void link_handle(struct mbox *m, struct mbox_desc *d, int32_t last, int32_t index)
{
    struct mbox_handle *h = &m->handles[index];

    h->desc = (int16_t)(d - m->descs);
    h->prev = last;
    h->next = MBOX_NONE;
    if (last == MBOX_NONE) {
        d->first_handle = index;
    } else {
        m->handles[last].next = index;
    }
    d->handle_count++;
}

static void code_handle(struct codec *c, struct mbox *m, struct mbox_desc *d, int32_t last,
                        int32_t *index)
{
    struct mbox_handle *h;
    uint16_t number;

    CODEC(c, *index, (uint64_t)m->slots * m->handle_count - 1);
    h = &m->handles[*index];
    number = h->number;
    CODEC(c, number, UINT16_MAX);
    if (c->loading) {
        if (!codec_check(c, handle_is_new(m, h, number), "a handle is there twice")) {
            return;
        }
        h->number = number;
        link_handle(m, d, last, *index);
    }
    CODEC(c, h->mode, UINT16_MAX);
    CODEC(c, h->sender, 1);
    CODEC(c, h->overrun, 1);
    code_position(c, m, &d->ring, &h->pos);
    code_tap(c, m, d, h);
}

static void code_handles(struct codec *c, struct mbox *m, struct mbox_desc *d)
{
    uint32_t count = d->handle_count;
    int32_t index = d->first_handle;
    int32_t last = MBOX_NONE;

    CODEC(c, count, UINT32_MAX);
    for (uint32_t i = 0; i < count && !c->failed; i++) {
        code_handle(c, m, d, last, &index);
        last = index;
        index = m->handles[index].next;
    }
}

static void code_waiter(struct codec *c, struct mbox *m, struct mbox_desc *d, int16_t *slot)
{
    const struct mbox_handle *h;
    struct mbox_task *t;

    CODEC(c, *slot, m->slots - 2); /* not the host */
    t = &m->tasks[*slot];
    if (c->loading && !codec_check(c, t->wait_desc == MBOX_NONE, "a task waits twice")) {
        return;
    }
    CODEC(c, t->wait_handle, (uint64_t)m->slots * m->handle_count - 1);
    if (!c->loading) {
        return;
    }
    h = &m->handles[t->wait_handle];
    if (codec_check(c,
                    h->number != 0 && &m->descs[h->desc] == d &&
                        (unsigned)t->wait_handle / m->handle_count == (unsigned)*slot,
                    "a task waits on a handle that it has not")) {
        mbox_wait(m, (uint8_t)*slot, h->number);
    }
}

static void code_waiters(struct codec *c, struct mbox *m, struct mbox_desc *d)
{
    uint32_t count = d->waiter_count;
    int16_t slot = d->first_waiter;

    CODEC(c, count, m->slots);
    for (uint32_t i = 0; i < count && !c->failed; i++) {
        code_waiter(c, m, d, &slot);
        slot = m->tasks[slot].wait_next;
    }
}

static bool same_name(const struct mbox_desc *a, const struct mbox_desc *b)
{
    return a->space == b->space && a->owner == b->owner && strcmp(a->name, b->name) == 0;
}

static void check_desc(struct codec *c, const struct mbox *m, const struct mbox_desc *d)
{
    bool owner_is_there = d->owner == 0;

    codec_check(c, d->id < m->next_id, "a descriptor's id is not yet due");
    for (const struct mbox_desc *other = m->descs; other != d; other++) {
        codec_check(c, other->id == 0 || (other->id != d->id && !same_name(other, d)),
                    "a mailbox is there twice");
    }
    for (unsigned i = 0; i < m->slots; i++) {
        owner_is_there = owner_is_there || m->tasks[i].pid == d->owner;
    }
    codec_check(c, owner_is_there, "a mailbox belongs to a task that is not there");
}

static void code_desc(struct codec *c, struct mbox *m, struct mbox_desc *d)
{
    CODEC(c, d->id, UINT32_MAX);
    if (d->id == 0 || c->failed) {
        return;
    }
    if (c->loading) {
        d->first_handle = MBOX_NONE;
        d->first_waiter = MBOX_NONE;
        d->last_waiter = MBOX_NONE;
    }
    CODEC(c, d->owner, UINT16_MAX);
    CODEC(c, d->creator, UINT16_MAX);
    CODEC(c, d->space, MBOX_SHARED);
    CODEC(c, d->opened, 1);
    CODEC(c, d->mode, UINT16_MAX);
    codec_text(c, d->name, sizeof d->name);
    d->name_len = (uint8_t)strlen(d->name);
    CODEC(c, d->high_water, UINT32_MAX);
    if (c->loading) {
        check_desc(c, m, d);
    }
    code_ring(c, m, &d->ring);
    code_handles(c, m, d);
    code_waiters(c, m, d);
    codec_check(c, d->opened || d->handle_count == 0, "a handle of a mailbox that was not opened");
    codec_check(c, d->owner != 0 || !d->opened || d->handle_count != 0 || d->ring.count != 0,
                "a mailbox that nobody uses");
}

void snap_code_mail(struct codec *c, struct mbox *m)
{
    CODEC(c, m->next_id, UINT32_MAX);
    for (unsigned i = 0; i < m->slots; i++) {
        CODEC(c, m->tasks[i].pid, UINT16_MAX);
        CODEC(c, m->tasks[i].next_number, UINT16_MAX + 1u);
    }
    for (unsigned i = 0; i < m->desc_count && !c->failed; i++) {
        code_desc(c, m, &m->descs[i]);
    }
}
