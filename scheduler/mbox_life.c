// SPDX-License-Identifier: Apache-2.0
/* Lifetimes of mailboxes and handles (contract section 7): descriptors, quotas,
 * capacities, and what the end of a task removes. */
#include "mailbox.h"
#include <stdlib.h>
#include <string.h>

enum hsx_status mbox_create(unsigned slots, unsigned descs, unsigned handles, struct mbox **mbox)
{
    struct mbox *m = calloc(1, sizeof *m);

    if (!m) {
        return HSX_ERR_MEMORY;
    }
    m->slots = slots;
    m->desc_count = descs;
    m->handle_count = handles;
    /* Enough for every mailbox at the greatest capacity; taps share what is left. */
    m->pool_size = descs * (MBOX_MAX_CAPACITY + 1u);
    m->next_id = 1;
    m->descs = calloc(descs, sizeof *m->descs);
    m->handles = calloc((size_t)slots * handles, sizeof *m->handles);
    m->tasks = calloc(slots, sizeof *m->tasks);
    m->pool = malloc(m->pool_size); /* some 20 MiB, of which little is ever used: never cleared */
    m->staging = malloc(MBOX_MAX_CAPACITY + 1u);
    if (!m->descs || !m->handles || !m->tasks || !m->pool || !m->staging) {
        mbox_destroy(m);
        return HSX_ERR_MEMORY;
    }
    for (unsigned i = 0; i < slots; i++) {
        m->tasks[i].wait_desc = MBOX_NONE;
    }
    *mbox = m;
    return HSX_OK;
}

void mbox_destroy(struct mbox *m)
{
    if (m) {
        free(m->descs);
        free(m->handles);
        free(m->tasks);
        free(m->pool);
        free(m->staging);
        free(m);
    }
}

void mbox_copy(struct mbox *to, const struct mbox *from)
{
    to->pool_used = from->pool_used;
    to->next_id = from->next_id;
    to->tap_rings = from->tap_rings;
    memcpy(to->descs, from->descs, from->desc_count * sizeof *from->descs);
    memcpy(to->handles, from->handles,
           (size_t)from->slots * from->handle_count * sizeof *from->handles);
    memcpy(to->tasks, from->tasks, from->slots * sizeof *from->tasks);
    memcpy(to->pool, from->pool, from->pool_used);
}

/* ---- Descriptors */

int mbox_find_id(const struct mbox *m, uint32_t id)
{
    for (unsigned i = 0; id != 0 && i < m->desc_count; i++) {
        if (m->descs[i].id == id) {
            return (int)i;
        }
    }
    return MBOX_NONE;
}

int mbox_find_name(const struct mbox *m, const struct mbox_name *name)
{
    for (unsigned i = 0; i < m->desc_count; i++) {
        const struct mbox_desc *d = &m->descs[i];

        if (d->id != 0 && d->space == name->space && d->owner == name->owner &&
            d->name_len == name->len && memcmp(d->name, name->text, name->len) == 0) {
            return (int)i;
        }
    }
    return MBOX_NONE;
}

static bool quota_is_used_up(const struct mbox *m, uint32_t creator)
{
    unsigned count = 0;

    for (unsigned i = 0; creator != 0 && i < m->desc_count; i++) {
        count += m->descs[i].id != 0 && m->descs[i].creator == creator;
    }
    return creator != 0 && count >= m->quota;
}

static struct mbox_desc *free_desc(struct mbox *m)
{
    for (unsigned i = 0; i < m->desc_count; i++) {
        if (m->descs[i].id == 0) {
            return &m->descs[i];
        }
    }
    return NULL;
}

static int no_descriptor(struct mbox *m, enum mbox_limit limit)
{
    m->limit = limit;
    return MBOX_NONE;
}

static int create_desc(struct mbox *m, uint8_t slot, const struct mbox_name *name,
                       uint32_t capacity, uint16_t mode)
{
    uint32_t creator = m->tasks[slot].pid;
    struct mbox_desc *d = free_desc(m);

    if (quota_is_used_up(m, creator)) {
        return no_descriptor(m, MBOX_LIMIT_QUOTA);
    }
    if (!d) {
        return no_descriptor(m, MBOX_LIMIT_POOL);
    }
    *d = (struct mbox_desc){.owner = name->owner,
                            .creator = creator,
                            .space = (uint8_t)name->space,
                            .mode = mode,
                            .name_len = name->len,
                            .first_handle = MBOX_NONE,
                            .first_waiter = MBOX_NONE,
                            .last_waiter = MBOX_NONE};
    if (!mbox_ring_alloc(m, &d->ring, capacity)) {
        return no_descriptor(m, MBOX_LIMIT_STORAGE);
    }
    memcpy(d->name, name->text, sizeof d->name);
    d->id = m->next_id++;
    return (int)(d - m->descs);
}

/* ---- Handles */

struct mbox_handle *mbox_find_handle(const struct mbox *m, uint8_t slot, uint16_t number)
{
    struct mbox_handle *h = &m->handles[(size_t)slot * m->handle_count];

    for (unsigned i = 0; number != 0 && i < m->handle_count; i++) {
        if (h[i].number == number) {
            return &h[i];
        }
    }
    return NULL;
}

const struct mbox_desc *mbox_of_handle(const struct mbox *m, uint8_t slot, uint16_t handle)
{
    const struct mbox_handle *h = mbox_find_handle(m, slot, handle);

    return h ? &m->descs[h->desc] : NULL;
}

static struct mbox_handle *free_handle(struct mbox *m, uint8_t slot)
{
    struct mbox_handle *h = &m->handles[(size_t)slot * m->handle_count];

    for (unsigned i = 0; i < m->handle_count; i++) {
        if (h[i].number == 0) {
            return &h[i];
        }
    }
    return NULL;
}

static void unlink_handle(struct mbox *m, struct mbox_handle *h)
{
    struct mbox_desc *d = &m->descs[h->desc];

    mbox_remove_tap(m, d, h);
    if (h->prev == MBOX_NONE) {
        d->first_handle = h->next;
    } else {
        m->handles[h->prev].next = h->next;
    }
    if (h->next != MBOX_NONE) {
        m->handles[h->next].prev = h->prev;
    }
    d->handle_count--;
    h->number = 0;
}

/* ---- The end of a mailbox */

void mbox_remove(struct mbox *m, struct mbox_desc *d, const struct mbox_waker *waker)
{
    while (d->first_waiter != MBOX_NONE) {
        mbox_wake(m, (uint8_t)d->first_waiter, HSX_MBOX_INVALID_HANDLE, NULL, waker);
    }
    while (d->first_handle != MBOX_NONE) {
        unlink_handle(m, &m->handles[d->first_handle]);
    }
    mbox_ring_free(m, &d->ring);
    d->id = 0;
}

/* A global mailbox that was in use stays while it has a handle or a message: a sender may
 * end before its reader starts. */
static void remove_if_unused(struct mbox *m, struct mbox_desc *d, const struct mbox_waker *waker)
{
    if (d->owner == 0 && d->opened && d->handle_count == 0 && d->ring.count == 0) {
        mbox_remove(m, d, waker);
    }
}

static void close_handle(struct mbox *m, struct mbox_handle *h, const struct mbox_waker *waker)
{
    struct mbox_desc *d = &m->descs[h->desc];

    unlink_handle(m, h);
    mbox_reclaim(m, d);
    mbox_drain_to_console(m, d, waker);
    remove_if_unused(m, d, waker);
}

/* ---- Tasks */

void mbox_task_add(struct mbox *m, uint8_t slot, uint32_t pid)
{
    m->tasks[slot] = (struct mbox_task){.pid = pid, .next_number = 1, .wait_desc = MBOX_NONE};
}

void mbox_task_end(struct mbox *m, uint8_t slot, const struct mbox_waker *waker)
{
    mbox_cancel_wait(m, slot);
    for (unsigned i = 0; i < m->handle_count; i++) {
        struct mbox_handle *h = &m->handles[(size_t)slot * m->handle_count + i];

        if (h->number != 0) {
            close_handle(m, h, waker);
        }
    }
}

/* Removes, oldest first, the mailboxes that the task with this pid owns or, if created is
 * set, those that it created and no task has open. */
static void remove_those_of(struct mbox *m, uint32_t pid, bool created,
                            const struct mbox_waker *waker)
{
    for (;;) {
        struct mbox_desc *oldest = NULL;

        for (unsigned i = 0; i < m->desc_count; i++) {
            struct mbox_desc *d = &m->descs[i];
            bool chosen = created ? d->creator == pid && d->handle_count == 0 : d->owner == pid;

            if (d->id != 0 && chosen && (!oldest || d->id < oldest->id)) {
                oldest = d;
            }
        }
        if (!oldest) {
            return;
        }
        mbox_remove(m, oldest, waker);
    }
}

void mbox_release_created(struct mbox *m, uint8_t slot)
{
    for (unsigned i = 0; i < m->desc_count; i++) {
        if (m->descs[i].creator == m->tasks[slot].pid) {
            m->descs[i].creator = 0;
        }
    }
}

void mbox_task_kill(struct mbox *m, uint8_t slot, const struct mbox_waker *waker)
{
    remove_those_of(m, m->tasks[slot].pid, true, waker);
}

void mbox_task_reap(struct mbox *m, uint8_t slot, const struct mbox_waker *waker)
{
    uint32_t pid = m->tasks[slot].pid;

    m->tasks[slot].pid = 0;
    remove_those_of(m, pid, false, waker);
}

/* ---- The calls */

static void shrink_to(struct mbox *m, struct mbox_desc *d, uint32_t capacity)
{
    while (mbox_ring_used(&d->ring) > capacity) {
        mbox_drop_oldest(m, d);
    }
    for (int32_t i = d->first_handle; i != MBOX_NONE; i = m->handles[i].next) {
        struct mbox_handle *h = &m->handles[i];

        while (mbox_is_tapped(h) && mbox_ring_used(&h->tap) > capacity) {
            mbox_drop_oldest_tapped(m, h);
        }
    }
}

static bool set_capacity(struct mbox *m, struct mbox_desc *d, uint32_t capacity)
{
    uint64_t rings = 1u + d->tap_count;

    if (capacity > d->ring.size &&
        rings * (capacity - d->ring.size) > m->pool_size - m->pool_used) {
        return false;
    }
    shrink_to(m, d, capacity);
    mbox_ring_resize(m, &d->ring, capacity);
    for (int32_t i = d->first_handle; i != MBOX_NONE; i = m->handles[i].next) {
        if (mbox_is_tapped(&m->handles[i])) {
            mbox_ring_resize(m, &m->handles[i].tap, capacity);
        }
    }
    return true;
}

enum hsx_mbox_status mbox_bind(struct mbox *m, uint8_t slot, const char *name, size_t len,
                               uint16_t capacity, uint16_t mode, const struct mbox_waker *waker,
                               uint32_t *id)
{
    struct mbox_name parsed;
    struct mbox_desc *d;
    int index;

    if (!mbox_parse_name(m, slot, name, len, &parsed)) {
        return HSX_MBOX_INTERNAL_ERROR;
    }
    index = mbox_find_name(m, &parsed);
    if (index == MBOX_NONE) {
        index = create_desc(m, slot, &parsed, capacity ? capacity : MBOX_DEFAULT_CAPACITY, mode);
        if (index == MBOX_NONE) {
            return HSX_MBOX_NO_DESCRIPTOR;
        }
        *id = m->descs[index].id;
        return HSX_MBOX_OK;
    }
    d = &m->descs[index];
    if (m->enforce_modes && m->tasks[slot].pid != 0 && d->owner != 0 &&
        d->owner != m->tasks[slot].pid &&
        ((capacity != 0 && capacity != d->ring.size) || (mode != 0 && mode != d->mode))) {
        return HSX_MBOX_INTERNAL_ERROR;
    }
    if (capacity != 0 && capacity != d->ring.size && !set_capacity(m, d, capacity)) {
        m->limit = MBOX_LIMIT_STORAGE;
        return HSX_MBOX_NO_DESCRIPTOR;
    }
    if (mode != 0 && mode != d->mode) {
        d->mode = mode;
        for (int32_t i = d->first_handle; i != MBOX_NONE; i = m->handles[i].next) {
            m->handles[i].pos = d->ring.tail;
        }
        /* Waiters of a mailbox that is no longer fan-out may now get messages that other
         * readers had not taken. */
        mbox_serve_waiters(m, d, waker);
    }
    *id = d->id;
    remove_if_unused(m, d, waker); /* a smaller capacity may have dropped its messages */
    return HSX_MBOX_OK;
}

enum hsx_mbox_status mbox_open(struct mbox *m, uint8_t slot, const char *name, size_t len,
                               uint16_t mode, uint16_t *handle)
{
    struct mbox_handle *h = free_handle(m, slot);
    struct mbox_name parsed;
    struct mbox_desc *d;
    int index;

    if (!mbox_parse_name(m, slot, name, len, &parsed)) {
        return HSX_MBOX_INTERNAL_ERROR;
    }
    /* Handles are 16-bit arguments and not reused: a task can run out of them. */
    if (!h || m->tasks[slot].next_number > 0xFFFF) {
        m->limit = MBOX_LIMIT_HANDLES;
        return HSX_MBOX_NO_DESCRIPTOR;
    }
    index = mbox_find_name(m, &parsed);
    if (index == MBOX_NONE) {
        index = create_desc(m, slot, &parsed, MBOX_DEFAULT_CAPACITY, mode);
    }
    if (index == MBOX_NONE) {
        return HSX_MBOX_NO_DESCRIPTOR;
    }
    d = &m->descs[index];
    *h = (struct mbox_handle){.number = (uint16_t)m->tasks[slot].next_number++,
                              .mode = mode,
                              .desc = (int16_t)index,
                              .pos = d->ring.tail,
                              .next = d->first_handle,
                              .prev = MBOX_NONE};
    if (d->first_handle != MBOX_NONE) {
        m->handles[d->first_handle].prev = (int32_t)(h - m->handles);
    }
    d->first_handle = (int32_t)(h - m->handles);
    d->handle_count++;
    d->opened = true;
    mbox_reclaim(m, d);
    *handle = h->number;
    return HSX_MBOX_OK;
}

enum hsx_mbox_status mbox_close(struct mbox *m, uint8_t slot, uint16_t handle,
                                const struct mbox_waker *waker)
{
    struct mbox_handle *h = mbox_find_handle(m, slot, handle);

    if (!h) {
        return HSX_MBOX_INVALID_HANDLE;
    }
    if (m->tasks[slot].wait_desc != MBOX_NONE && &m->handles[m->tasks[slot].wait_handle] == h) {
        mbox_wake(m, slot, HSX_MBOX_INVALID_HANDLE, NULL, waker);
    }
    close_handle(m, h, waker);
    return HSX_MBOX_OK;
}
