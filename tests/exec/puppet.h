// SPDX-License-Identifier: Apache-2.0
/* Tasks that do one system call at a time, for tests. Between calls a puppet is PAUSED at
 * a BRK, or it waits. */
#ifndef PUPPET_H
#define PUPPET_H

#include "fixture.h"

enum {
    BLOCKED = 0xB10C,     /* returned for a call that has not completed */
    PUPPET_BUFFER = 0x40, /* offsets in a puppet's data segment */
    PUPPET_INFO = 0x440,
    PUPPET_DATA = 0x4000 /* where the puppet sees its data segment */
};

enum { OPEN = 0x500, BIND, SEND, RECV, PEEK, TAP, CLOSE };
enum {
    OK = 0,
    WOULDBLOCK,
    INVALID_HANDLE,
    NO_DATA,
    TOO_LARGE,
    NO_DESCRIPTOR,
    TIMEOUT = 7,
    BAD = 0xFF
};
enum { FANOUT = 8, DROP = 0x10, BLOCK = 0x20 };
enum { FOREVER = 0xFFFF };

/* Time moves only when every task waits: tick_steps is 0. */
void puppets_open(struct fixture *fx, enum hsx_profile profile, unsigned contexts);
uint32_t puppet_load(struct fixture *fx);

struct args {
    uint32_t r[6]; /* R0..R5 */
};

/* R0 after the call, or BLOCKED. Tasks that it wakes also run to their BRK. */
uint32_t puppet_call(struct fixture *fx, uint32_t pid, uint32_t svc, struct args args);
/* Let time jump to the next deadline, and the tasks that wake run to their BRK. */
void puppets_wait(struct fixture *fx);

/* Let every READY puppet run to its BRK. */
void puppets_drain(struct fixture *fx);

/* Store a string, which the puppet has at the returned address. */
uint32_t puppet_text(struct fixture *fx, uint32_t pid, const char *text);

/* Calls with their usual arguments. They return R0; other results are in the registers. */
uint32_t p_open(struct fixture *fx, uint32_t pid, const char *name, uint32_t mode);
uint32_t p_bind(struct fixture *fx, uint32_t pid, const char *name, uint32_t capacity,
                uint32_t mode);
uint32_t p_send(struct fixture *fx, uint32_t pid, uint32_t handle, const char *text);
uint32_t p_recv(struct fixture *fx, uint32_t pid, uint32_t handle, uint32_t timeout);
uint32_t p_close(struct fixture *fx, uint32_t pid, uint32_t handle);
uint32_t p_tap(struct fixture *fx, uint32_t pid, uint32_t handle, uint32_t on);

/* OPEN that must succeed; returns the handle. */
uint32_t p_handle(struct fixture *fx, uint32_t pid, const char *name, uint32_t mode);
/* The last RECV of the puppet gave OK with that text and flags. */
void p_expect_text(struct fixture *fx, uint32_t pid, const char *text, uint32_t flags);

#endif
