// SPDX-License-Identifier: Apache-2.0
/* System calls (docs/executive.md). */
#ifndef _HSX_H
#define _HSX_H
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

#endif
