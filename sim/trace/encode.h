// SPDX-License-Identifier: Apache-2.0
/* Encoding and decoding events in the body of a chunk. */
#ifndef HSX_TRACE_ENCODE_H
#define HSX_TRACE_ENCODE_H

#include "bytes.h"
#include "model.h"
#include <hsx/trace.h>

/* Stores that are not part of an event yet. */
struct store_list {
    struct hsx_trace_store *items; /* owned; bytes are set by store_list_settle */
    size_t count, capacity;
    struct bytes bytes;
    bool lost;
};

void store_list_add(struct store_list *list, uint32_t addr, const void *bytes, size_t len);
/* The items with their bytes, until the next add. */
const struct hsx_trace_store *store_list_settle(struct store_list *list);
void store_list_clear(struct store_list *list);
void store_list_free(struct store_list *list);
void store_list_apply(const struct hsx_trace_store *stores, size_t count, uint8_t *image);

/* ---- Encoding */

struct encoder {
    struct model model;
    struct bytes key;     /* the model at the start of the chunk */
    struct bytes control; /* one byte per event, and marks */
    struct bytes payload;
    uint32_t count; /* events in the chunk */
    uint64_t first_seq, first_steps;
};

/* Begins a chunk with the state of the model. */
void encoder_start_chunk(struct encoder *e);
/* seq, steps and now are as of the event; pid and reg_base of its task. */
void encoder_record(struct encoder *e, const struct hsx_record *record, uint32_t pid,
                    uint16_t reg_base, uint64_t cycle);
/* Encodes count records of the batch. A task's window is queried when its slot is first seen;
 * later changes come as events of the executive. */
void encoder_records(struct encoder *e, const struct hsx_exec_records *batch, size_t from,
                     size_t count);
/* Any event, including a machine's record with stores or woken tasks. */
void encoder_event(struct encoder *e, const struct hsx_trace_event *event);
/* Used by the parts: the slot belongs to that task from here on. */
void encoder_note_task(struct encoder *e, uint8_t slot, uint32_t pid, uint16_t reg_base);
/* Marks a gap since the last event, as far as the next event shows it. */
void encoder_gap(struct encoder *e, uint64_t seq, uint64_t steps, uint64_t now);
void encoder_registers(struct encoder *e, uint16_t reg_base, const uint8_t *window);
/* The chunk's body; false: out of memory. */
bool encoder_body(const struct encoder *e, struct bytes *body);
bool encoder_lost(const struct encoder *e);
void encoder_free(struct encoder *e);

/* ---- Decoding */

struct decoder {
    struct model model;
    struct cursor control, payload;
    struct store_list stores;
    uint32_t *woken; /* owned */
    size_t woken_capacity, woken_count;
    uint8_t before[HSX_WINDOW_SIZE]; /* the event's window before it */
    struct hsx_trace_event event;
};

/* seq and steps are the chunk's first. false: the body is malformed. */
bool decoder_start(struct decoder *d, const uint8_t *body, size_t size, uint64_t seq,
                   uint64_t steps);
/* The next event in d->event. false: there is none, or, with *bad set, it is malformed. */
bool decoder_next(struct decoder *d, bool *bad);
void decoder_free(struct decoder *d);

#endif
