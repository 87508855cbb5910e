// SPDX-License-Identifier: Apache-2.0
/*
 * A session of framed commands with a board: each request is done once, or not at all and the
 * caller told so, whatever the line does to single bytes.
 */
#ifndef HSX_SERIAL_BRIDGE_H
#define HSX_SERIAL_BRIDGE_H

#include "frame.h"
#include "port.h"
#include <hsx/status.h>

struct bridge {
    struct port port;
    unsigned timeout;  /* milliseconds without a good reply until a request is repeated */
    unsigned patience; /* milliseconds until it is given up */
    uint8_t sequence;  /* of the last request */
    bool lost;         /* the session is over: nothing works any more */
    char message[256]; /* why, in one line */
};

/* The device is open. Begins a session; an older one of the board ends. */
enum hsx_status bridge_open(struct bridge *bridge);

/* Ends the session, so that a board takes UARTBone's commands again; best effort, and the port is
 * closed. */
void bridge_close(struct bridge *bridge);

/* One request; its sequence number is given here. HSX_ERR_MACHINE: see message. */
enum hsx_status bridge_request(struct bridge *bridge, struct frame_request *request);

#endif
