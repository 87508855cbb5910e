// SPDX-License-Identifier: Apache-2.0
/* The framed commands of docs/serial.md as bytes: writing requests, finding replies. */
#ifndef HSX_SERIAL_FRAME_H
#define HSX_SERIAL_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAME_WORDS = 64, FRAME_VERSION = 1 };

enum frame_command {
    FRAME_OPEN = 0x80,
    FRAME_WRITE = 0x81,
    FRAME_READ = 0x82,
    FRAME_WRITE_ONE = 0x83, /* all words to one address */
    FRAME_READ_ONE = 0x84,  /* all words from one address */
    FRAME_CLOSE = 0x85
};

enum frame_status { FRAME_DONE, FRAME_NO_SESSION, FRAME_OUT_OF_TURN, FRAME_BAD_COUNT };

enum {
    FRAME_REQUEST_MOST = 7 + 4 * FRAME_WORDS + 4,
    FRAME_REPLY_LEAST = 3 + 4,
    FRAME_REPLY_MOST = 3 + 4 * FRAME_WORDS + 4
};

struct frame_request {
    enum frame_command command;
    uint8_t sequence;
    uint32_t address; /* in bytes, a multiple of 4; not for OPEN and CLOSE */
    size_t count;     /* words, 1 to FRAME_WORDS; 0 for OPEN and CLOSE */
    uint32_t *words;  /* written from, or read into */
};

/* Writes the request's bytes; returns how many. */
size_t frame_write(const struct frame_request *request, uint8_t bytes[FRAME_REQUEST_MOST]);

/* The size of a reply with FRAME_DONE, in bytes. */
size_t frame_reply_size(const struct frame_request *request);

/*
 * Looks for the reply to this request anywhere in the input, skipping garbage and replies to older
 * requests. True: *status is that of the reply, and with FRAME_DONE the words of a read are filled
 * in; data (4 bytes) is that of OPEN. False: it is missing or incomplete, and nothing has changed.
 */
bool frame_find_reply(const struct frame_request *request, const uint8_t *bytes, size_t size,
                      enum frame_status *status, uint8_t data[4]);

#endif
