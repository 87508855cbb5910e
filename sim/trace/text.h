// SPDX-License-Identifier: Apache-2.0
/* Writing and parsing events as lines of JSON. */
#ifndef HSX_TRACE_TEXT_H
#define HSX_TRACE_TEXT_H

#include "bytes.h"
#include "encode.h"
#include <hsx/trace.h>
#include <jansson.h>

/* Adds the event's line, with its newline. */
void text_event(struct bytes *out, const struct hsx_trace_event *event);

/* An event with the data it points to. */
struct text_event {
    struct hsx_trace_event event;
    struct store_list stores;
    struct bytes mail; /* the message */
    uint32_t woken[HSX_MAX_CONTEXTS];
};

/* Frees what an event that is all 0 or was parsed owns. */
void text_event_free(struct text_event *event);

/* Parses the fields of the line. HSX_ERR_FORMAT: error says what is wrong, without the place.
 * If a record has no kind, the opcode determines whether it is an SVC or BRK. */
enum hsx_status text_parse(const json_t *line, struct text_event *out,
                           struct hsx_trace_error *error);

#endif
