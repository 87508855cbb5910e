// SPDX-License-Identifier: Apache-2.0
/* Messages (contract section 7): sending, receiving, waiting, taps. */
#include "mailbox.h"
#include <string.h>

/* ---- Waiters */

static void leave_waiters(struct mbox *m, uint8_t slot)
{
    struct mbox_task *t = &m->tasks[slot];
    struct mbox_desc *d = &m->descs[t->wait_desc];

    if (t->wait_prev == MBOX_NONE) {
        d->first_waiter = t->wait_next;
    } else {
        m->tasks[t->wait_prev].wait_next = t->wait_next;
    }
    if (t->wait_next == MBOX_NONE) {
        d->last_waiter = t->wait_prev;
    } else {
        m->tasks[t->wait_next].wait_prev = t->wait_prev;
    }
    d->waiter_count--;
    t->wait_desc = MBOX_NONE;
}

void mbox_cancel_wait(struct mbox *m, uint8_t slot)
{
    if (m->tasks[slot].wait_desc != MBOX_NONE) {
        leave_waiters(m, slot);
    }
}

void mbox_wake(struct mbox *m, uint8_t slot, enum hsx_mbox_status status,
               const struct mbox_message *message, const struct mbox_waker *waker)
{
    leave_waiters(m, slot);
    waker->wake(waker->ctx, slot, status, message);
}

/* ---- Removing messages */

void mbox_drop_oldest(struct mbox *m, struct mbox_desc *d)
{
    if (mbox_is_fanout(d)) {
        for (int32_t i = d->first_handle; i != MBOX_NONE; i = m->handles[i].next) {
            struct mbox_handle *h = &m->handles[i];

            if (!h->sender && !mbox_is_tapped(h) && h->pos <= d->ring.head) {
                h->overrun = true;
            }
        }
    }
    mbox_ring_pop(m, &d->ring);
}

void mbox_drop_oldest_tapped(struct mbox *m, struct mbox_handle *h)
{
    mbox_ring_pop(m, &h->tap);
    h->tap_overrun = true;
}

void mbox_reclaim(struct mbox *m, struct mbox_desc *d)
{
    uint64_t slowest = d->ring.tail;
    bool any = false;

    if (!mbox_is_fanout(d)) {
        return;
    }
    for (int32_t i = d->first_handle; i != MBOX_NONE; i = m->handles[i].next) {
        const struct mbox_handle *h = &m->handles[i];

        if (h->sender || mbox_is_tapped(h)) {
            continue;
        }
        any = true;
        if (h->pos <= d->ring.head) {
            return;
        }
        if (h->pos < slowest) {
            slowest = h->pos;
        }
    }
    while (any && d->ring.head < slowest) {
        mbox_ring_pop(m, &d->ring);
    }
}

/* What RECV through h would get. */
static bool take(struct mbox *m, struct mbox_desc *d, struct mbox_handle *h,
                 struct mbox_message *message)
{
    struct mbox_ring *ring = mbox_is_tapped(h) ? &h->tap : &d->ring;
    bool *overrun = mbox_is_tapped(h) ? &h->tap_overrun : &h->overrun;

    if (!mbox_is_tapped(h) && mbox_is_fanout(d)) {
        if (h->pos < ring->head) {
            h->pos = ring->head;
        }
        if (h->pos == ring->tail) {
            return false;
        }
        h->pos += mbox_ring_read(m, ring, h->pos, message);
    } else {
        if (ring->count == 0) {
            return false;
        }
        mbox_ring_read(m, ring, ring->head, message);
        mbox_ring_pop(m, ring);
    }
    if (*overrun) {
        message->flags |= HSX_FLAG_OVERRUN;
        *overrun = false;
    }
    h->sender = false;
    return true;
}

void mbox_serve_waiters(struct mbox *m, struct mbox_desc *d, const struct mbox_waker *waker)
{
    int16_t next;

    for (int16_t slot = d->first_waiter; slot != MBOX_NONE; slot = next) {
        struct mbox_message message;

        next = m->tasks[slot].wait_next;
        if (take(m, d, &m->handles[m->tasks[slot].wait_handle], &message)) {
            mbox_wake(m, (uint8_t)slot, HSX_MBOX_OK, &message, waker);
        }
    }
    mbox_reclaim(m, d);
}

static bool is_stdio(const struct mbox_desc *d, const char *name)
{
    return d->space == MBOX_SVC && strcmp(d->name, name) == 0;
}

void mbox_drain_to_console(struct mbox *m, struct mbox_desc *d, const struct mbox_waker *waker)
{
    if (!waker->console || d->ring.count == 0 ||
        !(is_stdio(d, "stdio.out") || is_stdio(d, "stdio.err"))) {
        return;
    }
    for (int32_t i = d->first_handle; i != MBOX_NONE; i = m->handles[i].next) {
        if (m->tasks[(unsigned)i / m->handle_count].pid != d->owner &&
            !mbox_is_tapped(&m->handles[i])) {
            return;
        }
    }
    while (d->ring.count != 0) {
        struct mbox_message message;

        mbox_ring_read(m, &d->ring, d->ring.head, &message);
        waker->console(waker->ctx, d->owner, &message);
        mbox_ring_pop(m, &d->ring);
    }
}

/* ---- The calls */

/* What a mode allows; a mode with neither bit allows both reading and writing. */
static unsigned access_of(uint16_t mode)
{
    unsigned access = mode & (HSX_MODE_READ | HSX_MODE_WRITE | HSX_MODE_TAP);

    return access ? access : HSX_MODE_READ | HSX_MODE_WRITE;
}

/* The mode of a mailbox restricts all tasks except its owner. */
static bool may(const struct mbox *m, uint8_t slot, const struct mbox_handle *h, unsigned access)
{
    const struct mbox_desc *d = &m->descs[h->desc];
    uint32_t pid = m->tasks[slot].pid;

    return !m->enforce_modes || pid == 0 ||
           ((access_of(h->mode) & access) != 0 &&
            (d->owner == pid || (access_of(d->mode) & access) != 0));
}

static void copy_to_taps(struct mbox *m, struct mbox_desc *d, const struct mbox_message *message)
{
    if (d->tap_count == 0) {
        return;
    }
    for (int32_t i = d->first_handle; i != MBOX_NONE; i = m->handles[i].next) {
        struct mbox_handle *h = &m->handles[i];

        if (!mbox_is_tapped(h)) {
            continue;
        }
        while (mbox_ring_used(&h->tap) + MBOX_HEADER + message->length > h->tap.size) {
            mbox_drop_oldest_tapped(m, h);
        }
        mbox_ring_push(m, &h->tap, message);
    }
}

static enum hsx_mbox_status post(struct mbox *m, struct mbox_desc *d,
                                 const struct mbox_message *message, const struct mbox_waker *waker)
{
    uint32_t cost = MBOX_HEADER + (uint32_t)message->length;
    bool drops = mbox_is_fanout(d) && !(d->mode & HSX_MODE_FANOUT_BLOCK);

    if (cost > d->ring.size) {
        return HSX_MBOX_MSG_TOO_LARGE;
    }
    while (mbox_ring_used(&d->ring) + cost > d->ring.size) {
        if (!drops) {
            return HSX_MBOX_WOULDBLOCK;
        }
        mbox_drop_oldest(m, d);
    }
    copy_to_taps(m, d, message);
    mbox_ring_push(m, &d->ring, message);
    mbox_serve_waiters(m, d, waker);
    if (mbox_ring_used(&d->ring) > d->high_water) {
        d->high_water = mbox_ring_used(&d->ring);
    }
    mbox_drain_to_console(m, d, waker);
    return HSX_MBOX_OK;
}

enum hsx_mbox_status mbox_send(struct mbox *m, uint8_t slot, uint16_t handle,
                               struct mbox_message *message, const struct mbox_waker *waker)
{
    struct mbox_handle *h = mbox_find_handle(m, slot, handle);

    if (!h || !may(m, slot, h, HSX_MODE_WRITE)) {
        return HSX_MBOX_INVALID_HANDLE;
    }
    h->sender = true;
    mbox_reclaim(m, &m->descs[h->desc]);
    if (message->length == 0) {
        return HSX_MBOX_OK;
    }
    message->sender = (uint16_t)m->tasks[slot].pid;
    return post(m, &m->descs[h->desc], message, waker);
}

enum hsx_mbox_status mbox_post(struct mbox *m, uint8_t slot, const char *name, size_t len,
                               struct mbox_message *message, const struct mbox_waker *waker)
{
    struct mbox_name parsed;
    int index;

    if (!mbox_parse_name(m, slot, name, len, &parsed)) {
        return HSX_MBOX_INTERNAL_ERROR;
    }
    index = mbox_find_name(m, &parsed);
    if (index == MBOX_NONE) {
        return HSX_MBOX_INTERNAL_ERROR;
    }
    if (message->length == 0) {
        return HSX_MBOX_OK;
    }
    message->sender = (uint16_t)m->tasks[slot].pid;
    return post(m, &m->descs[index], message, waker);
}

enum hsx_mbox_status mbox_recv(struct mbox *m, uint8_t slot, uint16_t handle,
                               struct mbox_message *message)
{
    struct mbox_handle *h = mbox_find_handle(m, slot, handle);

    if (!h || !may(m, slot, h, mbox_is_tapped(h) ? HSX_MODE_TAP : HSX_MODE_READ)) {
        return HSX_MBOX_INVALID_HANDLE;
    }
    if (!take(m, &m->descs[h->desc], h, message)) {
        return HSX_MBOX_NO_DATA;
    }
    mbox_reclaim(m, &m->descs[h->desc]);
    return HSX_MBOX_OK;
}

void mbox_wait(struct mbox *m, uint8_t slot, uint16_t handle)
{
    struct mbox_handle *h = mbox_find_handle(m, slot, handle);
    struct mbox_task *t = &m->tasks[slot];
    struct mbox_desc *d = &m->descs[h->desc];

    t->wait_desc = h->desc;
    t->wait_handle = (int32_t)(h - m->handles);
    t->wait_next = MBOX_NONE;
    t->wait_prev = d->last_waiter;
    if (d->last_waiter == MBOX_NONE) {
        d->first_waiter = slot;
    } else {
        m->tasks[d->last_waiter].wait_next = slot;
    }
    d->last_waiter = slot;
    d->waiter_count++;
}

enum hsx_mbox_status mbox_peek(struct mbox *m, uint8_t slot, uint16_t handle, uint32_t *messages,
                               uint32_t *used, uint32_t *next_length)
{
    const struct mbox_handle *h = mbox_find_handle(m, slot, handle);
    const struct mbox_desc *d;
    const struct mbox_ring *ring;
    uint64_t pos;

    if (!h || !may(m, slot, h, mbox_is_tapped(h) ? HSX_MODE_TAP : HSX_MODE_READ)) {
        return HSX_MBOX_INVALID_HANDLE;
    }
    d = &m->descs[h->desc];
    ring = mbox_is_tapped(h) ? &h->tap : &d->ring;
    pos = ring->head;
    if (!mbox_is_tapped(h) && mbox_is_fanout(d) && h->pos > pos) {
        pos = h->pos;
    }
    *messages = ring->count;
    *used = mbox_ring_used(ring);
    *next_length = pos < ring->tail ? mbox_ring_cost(m, ring, pos) - MBOX_HEADER : 0;
    return HSX_MBOX_OK;
}

void mbox_remove_tap(struct mbox *m, struct mbox_desc *d, struct mbox_handle *h)
{
    if (mbox_is_tapped(h)) {
        mbox_ring_free(m, &h->tap);
        h->tap_overrun = false;
        m->tap_rings--;
        d->tap_count--;
    }
}

enum hsx_mbox_status mbox_tap(struct mbox *m, uint8_t slot, uint16_t handle, bool on)
{
    struct mbox_handle *h = mbox_find_handle(m, slot, handle);
    struct mbox_desc *d;

    if (!h || !may(m, slot, h, HSX_MODE_TAP)) {
        return HSX_MBOX_INVALID_HANDLE;
    }
    d = &m->descs[h->desc];
    if (on && !mbox_is_tapped(h)) {
        if (!mbox_ring_alloc(m, &h->tap, d->ring.size)) {
            return HSX_MBOX_NO_DESCRIPTOR;
        }
        m->tap_rings++;
        d->tap_count++;
    } else if (!on) {
        mbox_remove_tap(m, d, h);
    }
    mbox_reclaim(m, d);
    return HSX_MBOX_OK;
}

const struct mbox_desc *mbox_awaited_input(const struct mbox *m, uint8_t slot, uint16_t handle)
{
    const struct mbox_handle *h = mbox_find_handle(m, slot, handle);
    const struct mbox_desc *d = h ? &m->descs[h->desc] : NULL;

    return d && is_stdio(d, "stdio.in") && d->ring.count == 0 && d->ring.size > MBOX_HEADER ? d
                                                                                            : NULL;
}

enum hsx_mbox_status mbox_input(struct mbox *m, uint8_t slot, uint16_t handle,
                                const struct mbox_message *message, const struct mbox_waker *waker)
{
    return post(m, &m->descs[mbox_find_handle(m, slot, handle)->desc], message, waker);
}
