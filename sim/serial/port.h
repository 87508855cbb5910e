// SPDX-License-Identifier: Apache-2.0
/* A terminal device as a line of bytes, with deadlines. */
#ifndef HSX_SERIAL_PORT_H
#define HSX_SERIAL_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct port {
    const char *path; /* the caller's, outlives the port */
    unsigned baud;    /* bits per second */
    int fd;           /* -1: not open */
};

enum port_status {
    PORT_OK,
    PORT_LATE, /* the deadline has passed */
    PORT_GONE  /* the device is no longer there; the port is closed */
};

/* Whether a terminal device can be set to this speed. */
bool port_has_baud(unsigned baud);

/* Opens the device for this process alone: raw, eight bits, no parity, no flow control. Returns
 * NULL, or the error in one line; then the port is closed. */
const char *port_open(struct port *port);
void port_close(struct port *port);

/* Discards input that was not read. */
void port_drop_input(struct port *port);

/* Milliseconds of a monotonic clock. */
uint64_t port_clock(void);

/* Writes all of the bytes, or returns an error. A device accepts them at the speed of its
 * line. */
enum port_status port_write(struct port *port, const uint8_t *bytes, size_t size,
                            uint64_t deadline);

/* Reads at least one byte, at most room of them. Available input is read even after the
 * deadline, as this process may have been stopped. */
enum port_status port_read(struct port *port, uint8_t *bytes, size_t room, size_t *count,
                           uint64_t deadline);

#endif
