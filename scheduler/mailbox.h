// SPDX-License-Identifier: Apache-2.0
/*
 * Mailboxes (contract section 7) as pure bookkeeping: no target, no time, no
 * allocation after mbox_create. Tasks are identified by slot; a waiter's registers and
 * buffer are left to the wake callback.
 *
 * All state is in arrays of fixed size with references by index, so that copying the
 * arrays copies the whole state.
 */
#ifndef HSX_MAILBOX_H
#define HSX_MAILBOX_H

#include <hsx/exec.h>
#include <hsx/image.h>

enum {
    MBOX_HEADER = 8, /* storage of a message in addition to its bytes */
    MBOX_DEFAULT_CAPACITY = 64,
    MBOX_MAX_CAPACITY = 0xFFFF,
    MBOX_NONE = -1
};

enum { MBOX_ANY_FANOUT = HSX_MODE_FANOUT | HSX_MODE_FANOUT_DROP | HSX_MODE_FANOUT_BLOCK };

enum mbox_space { MBOX_PID, MBOX_SVC, MBOX_APP, MBOX_SHARED };

struct mbox_message {
    uint16_t length, flags, channel, sender;
    const uint8_t *bytes; /* of a received one: valid until the next call */
};

/* Messages, oldest first, in size bytes of the pool. Positions count bytes and
 * never wrap; the byte at position p lies at offset + p % size. */
struct mbox_ring {
    uint32_t offset;
    uint32_t size; /* 0: no ring */
    uint64_t head, tail;
    uint32_t count;
};

struct mbox_desc {
    uint32_t id; /* 0: free */
    uint32_t owner;
    uint32_t creator; /* the task whose quota it counts against; 0: none */
    uint8_t space;    /* enum mbox_space */
    bool opened;      /* a handle has been opened, even if none is left */
    uint16_t mode;
    char name[HSX_MBOX_NAME_SIZE + 1];
    uint8_t name_len;
    struct mbox_ring ring;
    uint32_t high_water;
    uint32_t handle_count, tap_count, waiter_count;
    int32_t first_handle;
    int16_t first_waiter, last_waiter;
};

struct mbox_handle {
    uint16_t number; /* the number that the task uses; 0: free */
    uint16_t mode;
    int16_t desc;
    bool sender;      /* sent since its last successful RECV: no fan-out reader */
    bool overrun;     /* a message was dropped before this reader received it */
    bool tap_overrun; /* a message was dropped from the tap */
    uint64_t pos;     /* next message of a fan-out mailbox */
    struct mbox_ring tap;
    int32_t next, prev; /* of the same mailbox */
};

struct mbox_task {
    uint32_t pid; /* 0: no task */
    uint32_t next_number;
    int16_t wait_desc; /* MBOX_NONE: not waiting */
    int32_t wait_handle;
    int16_t wait_next, wait_prev;
};

/* The limit reached when a call last ended with HSX_MBOX_NO_DESCRIPTOR. */
enum mbox_limit { MBOX_LIMIT_POOL, MBOX_LIMIT_QUOTA, MBOX_LIMIT_HANDLES, MBOX_LIMIT_STORAGE };

struct mbox {
    unsigned slots, desc_count, handle_count; /* handle_count: of one task */
    unsigned quota;                           /* live mailboxes created by one task */
    enum mbox_limit limit;
    bool private_names, enforce_modes; /* as hsx_exec_config says */
    uint32_t pool_size, pool_used;
    uint32_t next_id;
    uint32_t tap_rings;
    struct mbox_desc *descs;
    struct mbox_handle *handles; /* handle_count of slot 0, of slot 1, ... */
    struct mbox_task *tasks;
    uint8_t *pool;
    uint8_t *staging; /* one message, or all messages of a ring that is resized */
};

/* slot's wait is over: message for HSX_MBOX_OK, else NULL. Must not call mbox_*. */
struct mbox_waker {
    void *ctx;
    void (*wake)(void *ctx, uint8_t slot, enum hsx_mbox_status status,
                 const struct mbox_message *message);
    /* Receives what a task sends to svc:stdio.out or .err while no other task has it open;
     * NULL: it stays there. Like wake it must not call mbox_*. */
    void (*console)(void *ctx, uint32_t owner, const struct mbox_message *message);
};

enum hsx_status mbox_create(unsigned slots, unsigned descs, unsigned handles, struct mbox **mbox);
void mbox_destroy(struct mbox *m);
/* Both must be created with the same numbers. */
void mbox_copy(struct mbox *to, const struct mbox *from);

void mbox_task_add(struct mbox *m, uint8_t slot, uint32_t pid);
/* The task has ended: remove its wait and its handles. */
void mbox_task_end(struct mbox *m, uint8_t slot, const struct mbox_waker *waker);
/* Mailboxes created so far were not the task's own choice: they do not count against its quota. */
void mbox_release_created(struct mbox *m, uint8_t slot);
/* An ended task is killed: remove what it created and no other task has open. */
void mbox_task_kill(struct mbox *m, uint8_t slot, const struct mbox_waker *waker);
/* The task is reaped: remove what it owns. */
void mbox_task_reap(struct mbox *m, uint8_t slot, const struct mbox_waker *waker);

/* Even if in use: waiters wake with INVALID_HANDLE, its handles are closed. */
void mbox_remove(struct mbox *m, struct mbox_desc *d, const struct mbox_waker *waker);

/* name is len bytes, as given by the task in slot. */
enum hsx_mbox_status mbox_bind(struct mbox *m, uint8_t slot, const char *name, size_t len,
                               uint16_t capacity, uint16_t mode, const struct mbox_waker *waker,
                               uint32_t *id);
enum hsx_mbox_status mbox_open(struct mbox *m, uint8_t slot, const char *name, size_t len,
                               uint16_t mode, uint16_t *handle);
enum hsx_mbox_status mbox_close(struct mbox *m, uint8_t slot, uint16_t handle,
                                const struct mbox_waker *waker);
/* message->sender is filled in. */
enum hsx_mbox_status mbox_send(struct mbox *m, uint8_t slot, uint16_t handle,
                               struct mbox_message *message, const struct mbox_waker *waker);
/* A SEND without a handle, to the mailbox called name. */
enum hsx_mbox_status mbox_post(struct mbox *m, uint8_t slot, const char *name, size_t len,
                               struct mbox_message *message, const struct mbox_waker *waker);
/* HSX_MBOX_OK, HSX_MBOX_NO_DATA or HSX_MBOX_INVALID_HANDLE. */
enum hsx_mbox_status mbox_recv(struct mbox *m, uint8_t slot, uint16_t handle,
                               struct mbox_message *message);
/* After HSX_MBOX_NO_DATA: the task joins the mailbox's waiters. */
void mbox_wait(struct mbox *m, uint8_t slot, uint16_t handle);
void mbox_cancel_wait(struct mbox *m, uint8_t slot);
enum hsx_mbox_status mbox_peek(struct mbox *m, uint8_t slot, uint16_t handle, uint32_t *messages,
                               uint32_t *used, uint32_t *next_length);
enum hsx_mbox_status mbox_tap(struct mbox *m, uint8_t slot, uint16_t handle, bool on);

/* The handle's mailbox if it is a svc:stdio.in without a message for it; else NULL. */
const struct mbox_desc *mbox_awaited_input(const struct mbox *m, uint8_t slot, uint16_t handle);
/* The host's message to that mailbox. */
enum hsx_mbox_status mbox_input(struct mbox *m, uint8_t slot, uint16_t handle,
                                const struct mbox_message *message, const struct mbox_waker *waker);

/* Index of the mailbox with that id, or MBOX_NONE. */
int mbox_find_id(const struct mbox *m, uint32_t id);
/* The mailbox of a task's handle; NULL: it has no such handle. */
const struct mbox_desc *mbox_of_handle(const struct mbox *m, uint8_t slot, uint16_t handle);

/* ---- mbox_name.c */

struct mbox_name {
    enum mbox_space space;
    uint32_t owner;
    char text[HSX_MBOX_NAME_SIZE + 1]; /* without prefix and suffix */
    uint8_t len;
};

/* False: empty, too long, names a task that does not exist, or another task's mailbox
 * where names are private. */
bool mbox_parse_name(const struct mbox *m, uint8_t slot, const char *name, size_t len,
                     struct mbox_name *parsed);
/* The displayed form: prefix, name and, if owned, @pid. */
void mbox_format_name(const struct mbox_desc *d, char *text, size_t size);

/* ---- Shared by mbox_life.c and mailbox.c */

static inline bool mbox_is_fanout(const struct mbox_desc *d)
{
    return (d->mode & MBOX_ANY_FANOUT) != 0;
}

static inline bool mbox_is_tapped(const struct mbox_handle *h)
{
    return h->tap.size != 0;
}

/* Index of the mailbox with that name, or MBOX_NONE. */
int mbox_find_name(const struct mbox *m, const struct mbox_name *name);
/* NULL: the task has no such handle. */
struct mbox_handle *mbox_find_handle(const struct mbox *m, uint8_t slot, uint16_t number);

/* Ends the wait of the task in slot; message: NULL unless status is HSX_MBOX_OK. */
void mbox_wake(struct mbox *m, uint8_t slot, enum hsx_mbox_status status,
               const struct mbox_message *message, const struct mbox_waker *waker);
/* Marks an overrun for readers that had not yet received the message at the head. */
void mbox_drop_oldest(struct mbox *m, struct mbox_desc *d);
void mbox_drop_oldest_tapped(struct mbox *m, struct mbox_handle *h);
/* Drops the messages that all readers of a fan-out mailbox have received; without a
 * reader all stay. */
void mbox_reclaim(struct mbox *m, struct mbox_desc *d);
/* Wakes, in wait order, the waiters that now have data. */
void mbox_serve_waiters(struct mbox *m, struct mbox_desc *d, const struct mbox_waker *waker);
/* The console takes what the task sends as if it were last in the wait order, but leaves
 * it to a task that has the mailbox open and may read it. */
void mbox_drain_to_console(struct mbox *m, struct mbox_desc *d, const struct mbox_waker *waker);
void mbox_remove_tap(struct mbox *m, struct mbox_desc *d, struct mbox_handle *h);

/* ---- mbox_ring.c */

/* False: not enough is left in the pool. */
bool mbox_ring_alloc(struct mbox *m, struct mbox_ring *ring, uint32_t size);
void mbox_ring_free(struct mbox *m, struct mbox_ring *ring);
/* Precondition: size <= what is left of the pool + the ring's size, and all messages fit. */
void mbox_ring_resize(struct mbox *m, struct mbox_ring *ring, uint32_t size);
uint32_t mbox_ring_used(const struct mbox_ring *ring);
/* Precondition: there is room. */
void mbox_ring_push(struct mbox *m, struct mbox_ring *ring, const struct mbox_message *message);
/* The message at position pos, its bytes in the staging area; returns its cost. */
uint32_t mbox_ring_read(struct mbox *m, const struct mbox_ring *ring, uint64_t pos,
                        struct mbox_message *message);
uint32_t mbox_ring_cost(const struct mbox *m, const struct mbox_ring *ring, uint64_t pos);
void mbox_ring_pop(struct mbox *m, struct mbox_ring *ring);

#endif
