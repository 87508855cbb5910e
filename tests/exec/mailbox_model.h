// SPDX-License-Identifier: Apache-2.0
/* A model of the mailboxes of contract section 7 that is written for clarity alone: messages in
 * lists, numbered, searched from the front. */
#ifndef TESTS_EXEC_MAILBOX_MODEL_H
#define TESTS_EXEC_MAILBOX_MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum {
    TASKS = 8,
    BOXES = 64,
    HANDLES = 256,
    MESSAGES = 16,
    QUOTA = 8,
    TEXT = 40,
    DESCRIPTORS = 48 /* four of each task's own among them */
};

struct message {
    unsigned number;
    uint32_t flags, channel, sender;
    char text[TEXT];
};

struct list {
    struct message at[MESSAGES];
    unsigned count;
};

struct box {
    bool there, opened;
    char name[48]; /* as shown by the executive */
    uint32_t id, owner, creator, capacity, mode;
    unsigned next_number;
    struct list queue;
    uint32_t waiters[TASKS]; /* pids */
    unsigned waiter_count;
};

struct handle {
    bool there;
    uint32_t pid, number;
    struct box *box;
    unsigned position; /* the next number to be read */
    bool sender, overrun, tapped, tap_overrun;
    struct list tap;
};

struct task {
    uint32_t pid;
    uint32_t next_handle;
    struct handle *waits_on; /* NULL: it does not wait */
    uint64_t deadline;       /* 0: none */
    bool answered;           /* the expected results of its last call: */
    uint32_t status;
    unsigned outputs; /* how many of out are in R1... */
    uint32_t out[4];
    char text[TEXT];
};

struct mailbox_model {
    struct box boxes[BOXES];
    struct handle handles[HANDLES];
    struct task tasks[TASKS];
    uint32_t next_id;
    uint64_t now;
};

extern struct mailbox_model model;

/* Bytes that the messages of a list take. */
unsigned model_used(const struct list *list);
struct message model_pop(struct list *list);
/* Drops what every reader of a fan-out mailbox has read. */
void model_collect(struct box *box);
/* Its readers see an overrun. */
void model_lose_oldest(struct box *box);
/* False: nothing to read. */
bool model_receive(struct handle *h, struct message *m);
/* The results that the current call of t must have. */
void model_answer(struct task *t, uint32_t status, unsigned outputs);
void model_answer_message(struct task *t, const struct message *m);
void model_stop_waiting(struct task *t);
/* Gives messages to tasks that wait for them. */
void model_serve(struct box *box);
/* The status of a send. */
uint32_t model_post(struct box *box, struct message *m);
/* Its handles become invalid, and those that wait get that as status. */
void model_end_box(struct box *box);
/* A global mailbox ends when its last handle is closed and it is empty. */
void model_end_if_unused(struct box *box);
void model_end_handle(struct handle *h);
/* NULL: there is none. */
struct handle *model_handle_of(uint32_t pid, uint32_t number);
struct box *model_find_box(const char *name);
/* NULL: no descriptor is left. */
struct box *model_make_box(const char *name, uint32_t owner, uint32_t creator, uint32_t capacity,
                           uint32_t mode);
struct handle *model_make_handle(struct task *t, struct box *box);
unsigned model_handles_of(uint32_t pid);
/* Whether anybody has a handle of it. */
bool model_is_open(const struct box *box);

#endif
