// SPDX-License-Identifier: Apache-2.0
/* Events to and from lines of JSON. */
#ifndef HSX_TRACE_TEXT_H
#define HSX_TRACE_TEXT_H

#include "bytes.h"
#include "encode.h"
#include <hsx/trace.h>
#include <jansson.h>

/* Adds the event's line, with its newline. */
void text_event(struct bytes *out, const struct hsx_trace_event *event);

/* An event with what it points to. */
struct text_event {
    struct hsx_trace_event event;
    struct store_list stores;
    struct bytes mail; /* the message */
    uint32_t woken[HSX_MAX_CONTEXTS];
};

/* What an event that is all 0 or was parsed owns. */
void text_event_free(struct text_event *event);

/* Takes what the line gives. HSX_ERR_FORMAT: error tells what is wrong, without the place.
 * Of a record without its kind, an instruction's opcode tells whether it is an SVC or BRK. */
enum hsx_status text_parse(const json_t *line, struct text_event *out,
                           struct hsx_trace_error *error);

#endif
