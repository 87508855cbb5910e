// SPDX-License-Identifier: Apache-2.0
/*
 * A session of framed commands with a board: each request is executed once, or not at all
 * with an error, even if the line corrupts bytes.
 */
#ifndef HSX_SERIAL_BRIDGE_H
#define HSX_SERIAL_BRIDGE_H

#include "frame.h"
#include "port.h"
#include <hsx/status.h>

struct bridge {
    struct port port;
    unsigned timeout;  /* milliseconds without a good reply until a request is repeated */
    unsigned patience; /* milliseconds until it fails */
    uint8_t sequence;  /* of the last request */
    bool lost;         /* the session is over: all requests fail */
    char message[256]; /* why, in one line */
};

/* Begins a session on an open device; an earlier session of the board ends. */
enum hsx_status bridge_open(struct bridge *bridge);

/* Ends the session, so that the board accepts UARTBone's commands again (best effort), and closes
 * the port. */
void bridge_close(struct bridge *bridge);

/* One request; its sequence number is set here. HSX_ERR_MACHINE: see message. */
enum hsx_status bridge_request(struct bridge *bridge, struct frame_request *request);

#endif
