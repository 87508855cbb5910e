// SPDX-License-Identifier: Apache-2.0
/* The far end of a UART, clock by clock: eight bits, no parity, one stop bit. */
#ifndef HSX_BOARD_UART_H
#define HSX_BOARD_UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes to the level of a line. Zeroed, but for bytes, count and divider, before the first. */
struct uart_sender {
    unsigned divider; /* clocks per bit */
    const uint8_t *bytes;
    size_t count;
    size_t begun;   /* of the bytes */
    unsigned frame; /* the rest of start bit, data and stop bit, followed by a one; 0: none */
    unsigned clocks;
};

bool uart_sender_busy(const struct uart_sender *s);

/* The level in the next clock. */
bool uart_sender_level(struct uart_sender *s);

/* The level of a line to bytes, sampled in the middle of each bit. Zeroed, but for divider, before
 * the first. */
struct uart_receiver {
    unsigned divider;
    unsigned bits; /* still to come, including the stop bit */
    unsigned clocks;
    unsigned byte;
};

bool uart_receiver_busy(const struct uart_receiver *r);

/* The level in a clock. True: with it *byte has come. */
bool uart_receiver_level(struct uart_receiver *r, bool bit, uint8_t *byte);

#endif
