// SPDX-License-Identifier: Apache-2.0
/* A terminal device as a line of bytes, with deadlines. */
#ifndef HSX_SERIAL_PORT_H
#define HSX_SERIAL_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct port {
    const char *path; /* the caller's, outlives the port */
    unsigned baud;    /* bits a second */
    int fd;           /* -1: not open */
};

enum port_status {
    PORT_OK,
    PORT_LATE, /* the deadline went by */
    PORT_GONE  /* the device is no longer there; the port is closed */
};

/* Whether a terminal device can be set to this speed. */
bool port_has_baud(unsigned baud);

/* Opens the device for this process alone: raw, eight bits, no parity, no flow control. NULL, or
 * one line that says why not; the port is closed then. */
const char *port_open(struct port *port);
void port_close(struct port *port);

/* Forgets what has come in and was not read. */
void port_drop_input(struct port *port);

/* Milliseconds of a clock that only goes forward. */
uint64_t port_clock(void);

/* All of the bytes, or an error. A device takes them as fast as its line does. */
enum port_status port_write(struct port *port, const uint8_t *bytes, size_t size,
                            uint64_t deadline);

/* At least one byte, at most room of them. What is there already is read even if the deadline
 * has gone by, as when this process was stopped. */
enum port_status port_read(struct port *port, uint8_t *bytes, size_t room, size_t *count,
                           uint64_t deadline);

#endif
