// SPDX-License-Identifier: Apache-2.0
#include "bridge.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    BITS_A_BYTE = 10,
    GAP = 20,              /* milliseconds of silence after a bad reply */
    FIRST_SEQUENCE = 0xA0, /* not a command of UARTBone, like all bytes of the frame */
    REOPEN_PAUSE = 20,     /* milliseconds */
    CLOSE_PATIENCE = 100,  /* milliseconds */
    ATTEMPTS_ALIKE = 2     /* after these the board may be slow, and is asked less often */
};

/* The input since the request was first sent. */
struct heard {
    uint8_t bytes[4 * FRAME_REPLY_MOST];
    size_t count;
};

enum attempt {
    ATTEMPT_GOOD, /* a reply */
    ATTEMPT_BAD,  /* no good reply */
    ATTEMPT_GONE  /* the device is missing */
};

static enum hsx_status lose(struct bridge *bridge, const char *why)
{
    if (!bridge->lost) {
        snprintf(bridge->message, sizeof bridge->message, "%s", why);
    }
    bridge->lost = true;
    return HSX_ERR_MACHINE;
}

static uint64_t time_on_line(const struct bridge *bridge, size_t bytes)
{
    return 1 + (uint64_t)bytes * BITS_A_BYTE * 1000 / bridge->port.baud;
}

/* Makes room for more: the oldest bytes cannot belong to a reply that is still incomplete. */
static void make_room(struct heard *heard)
{
    if (heard->count == sizeof heard->bytes) {
        memmove(heard->bytes, heard->bytes + heard->count - FRAME_REPLY_MOST, FRAME_REPLY_MOST);
        heard->count = FRAME_REPLY_MOST;
    }
}

/* Sends the request once and listens for a while. */
static enum attempt try_request(struct bridge *bridge, const struct frame_request *request,
                                uint64_t patience, struct heard *heard, enum frame_status *status,
                                uint8_t data[4])
{
    uint8_t bytes[FRAME_REQUEST_MOST];
    size_t size = frame_write(request, bytes);
    size_t wanted = frame_reply_size(request);
    uint64_t deadline =
        port_clock() + patience + time_on_line(bridge, size) + time_on_line(bridge, wanted);
    size_t came = 0;

    switch (port_write(&bridge->port, bytes, size, deadline)) {
    case PORT_GONE:
        return ATTEMPT_GONE;
    case PORT_LATE:
        return ATTEMPT_BAD;
    case PORT_OK:
        break;
    }
    for (;;) {
        size_t count = 0;
        uint64_t until = deadline;

        make_room(heard);
        if (came >= wanted && port_clock() + GAP < deadline) {
            until = port_clock() + GAP;
        }
        switch (port_read(&bridge->port, heard->bytes + heard->count,
                          sizeof heard->bytes - heard->count, &count, until)) {
        case PORT_GONE:
            return ATTEMPT_GONE;
        case PORT_LATE:
            return ATTEMPT_BAD;
        case PORT_OK:
            break;
        }
        heard->count += count;
        came += count;
        if (frame_find_reply(request, heard->bytes, heard->count, status, data)) {
            return ATTEMPT_GOOD;
        }
        if (port_clock() >= deadline) { /* a line that is never silent */
            return ATTEMPT_BAD;
        }
    }
}

static void pause_for(unsigned milliseconds)
{
    const struct timespec time = {.tv_nsec = (long)milliseconds * 1000000};

    nanosleep(&time, NULL);
}

/* Repeats the request, and reopens the device, until there is a good reply or patience ends. */
static enum hsx_status persist(struct bridge *bridge, const struct frame_request *request,
                               enum frame_status *status, uint8_t data[4])
{
    uint64_t end = port_clock() + bridge->patience;
    struct heard heard = {.count = 0};
    uint64_t patience = bridge->timeout;
    const char *why = NULL;
    bool gone = false;
    unsigned attempts = 0;

    do {
        if (bridge->port.fd < 0 && (why = port_open(&bridge->port))) {
            gone = true;
            pause_for(REOPEN_PAUSE);
            continue;
        }
        switch (try_request(bridge, request, patience, &heard, status, data)) {
        case ATTEMPT_GOOD:
            return HSX_OK;
        case ATTEMPT_BAD:
            gone = false;
            if (++attempts % ATTEMPTS_ALIKE == 0) {
                patience *= 2;
            }
            break;
        case ATTEMPT_GONE:
            gone = true;
            heard.count = 0;
            break;
        }
    } while (port_clock() < end);
    if (gone) {
        char text[128];

        snprintf(text, sizeof text, "the device is gone%s%s", why ? ": " : "", why ? why : "");
        return lose(bridge, text);
    }
    return lose(bridge, "the board does not answer");
}

enum hsx_status bridge_open(struct bridge *bridge)
{
    const struct frame_request request = {.command = FRAME_OPEN, .sequence = FIRST_SEQUENCE};
    enum frame_status reply = FRAME_DONE;
    uint8_t data[4] = {0};

    bridge->lost = false;
    bridge->message[0] = '\0';
    bridge->sequence = FIRST_SEQUENCE;

    enum hsx_status status = persist(bridge, &request, &reply, data);

    if (status != HSX_OK) {
        return status;
    }
    if (reply != FRAME_DONE || data[0] != FRAME_VERSION || data[1] < FRAME_WORDS) {
        return lose(bridge, "the board speaks another version of the protocol");
    }
    return HSX_OK;
}

void bridge_close(struct bridge *bridge)
{
    const struct frame_request request = {.command = FRAME_CLOSE,
                                          .sequence = (uint8_t)(bridge->sequence + 1)};
    enum frame_status reply;
    uint8_t data[4];

    if (!bridge->lost && bridge->port.fd >= 0) {
        bridge->patience = CLOSE_PATIENCE;
        persist(bridge, &request, &reply, data);
    }
    port_close(&bridge->port);
}

enum hsx_status bridge_request(struct bridge *bridge, struct frame_request *request)
{
    enum frame_status reply = FRAME_DONE;
    uint8_t data[4];

    if (bridge->lost) {
        return HSX_ERR_MACHINE;
    }
    request->sequence = ++bridge->sequence;

    enum hsx_status status = persist(bridge, request, &reply, data);

    if (status != HSX_OK) {
        return status;
    }
    switch (reply) {
    case FRAME_DONE:
        return HSX_OK;
    case FRAME_NO_SESSION:
        return lose(bridge, "the board was reset: what it held is lost");
    case FRAME_OUT_OF_TURN:
        return lose(bridge, "another program has talked to the board");
    default:
        return lose(bridge, "the board refuses a request");
    }
}
