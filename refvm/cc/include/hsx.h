// SPDX-License-Identifier: Apache-2.0
/* System calls: docs/svc.md describes each, docs/executive.md explains mailboxes. */
#ifndef _HSX_H
#define _HSX_H
#include <hsx_numbers.h> /* HSX_MBOX_*, HSX_MODE_*, HSX_FLAG_*, HSX_WAIT_* */
#include <stddef.h>
#include <stdint.h>

/* Instructions retired by all tasks. */
uint32_t hsx_steps(void);

/* Bytes to the console; the number written, or HSX_BAD_POINTER. */
uint32_t hsx_uart_write(const void *bytes, uint32_t size);

/* A CAN frame of at most 8 bytes; 0, or 0xFFFFFFFF. */
uint32_t hsx_can_tx(uint32_t id, const void *bytes, uint32_t size);

/* A message to the task's svc:stdio.out (fd 1) or svc:stdio.err (fd 2). */
uint32_t hsx_fs_write(uint32_t fd, const void *bytes, uint32_t size);

void hsx_sleep_ms(uint32_t milliseconds);

#define HSX_BAD_POINTER 0xFFFFFF04u

/* Mailboxes. Each call returns a status, HSX_MBOX_*. */
struct hsx_message {
    uint32_t status, length, flags, channel, sender;
};

struct hsx_mbox_state {
    uint32_t messages, bytes, next_length;
};

/* *handle holds a handle only if the status is HSX_MBOX_OK. */
uint32_t hsx_mbox_open(const char *name, uint32_t mode, uint32_t *handle);
uint32_t hsx_mbox_bind(const char *name, uint32_t capacity, uint32_t mode);
uint32_t hsx_mbox_send(uint32_t handle, const void *bytes, uint32_t size, uint32_t flags,
                       uint32_t channel);
/* message may be NULL; it is written when the status is OK, NO_DATA or TIMEOUT. */
uint32_t hsx_mbox_recv(uint32_t handle, void *bytes, uint32_t room, uint32_t timeout,
                       struct hsx_message *message);
uint32_t hsx_mbox_peek(uint32_t handle, struct hsx_mbox_state *state);
uint32_t hsx_mbox_tap(uint32_t handle, uint32_t on);
uint32_t hsx_mbox_close(uint32_t handle);

#endif
