// SPDX-License-Identifier: Apache-2.0
/* The trace of a board (docs/serial.md, fpga/soc/hsx_soc_trace.v) as records: its words, and what a
 * record has besides. */
#ifndef HSX_SERIAL_BOARD_TRACE_H
#define HSX_SERIAL_BOARD_TRACE_H

#include <hsx/machine.h>
#include <hsx/reorder.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Words of a record: at most, at least, and of most. */
enum { BOARD_TRACE_RECORD = 5, BOARD_TRACE_LEAST = 2, BOARD_TRACE_USUAL = 3 };

/* What the records of a task do not tell: where its code lies, and of those that do not move the
 * stack where that is. */
struct board_trace_task {
    bool pushed; /* it can be in the queue */
    bool known;  /* all of the rest, until the host writes its context */
    uint16_t code_base;
    uint32_t code_len;
    uint16_t sp, call_depth;
};

struct board_trace {
    bool on;      /* the board records */
    bool running; /* the core was let go, and not all of its records have come */
    bool held;    /* it was found held, with order_end the number of its next event */
    uint32_t order_first, order_end;
    uint32_t came; /* records since the core was let go */
    uint32_t words[64];
    size_t at, count; /* words[at] to words[count - 1] are still to be looked at */
    uint32_t record[BOARD_TRACE_RECORD];
    size_t have; /* words of it */
    uint16_t stamp;
    uint64_t cycle; /* of that stamp */
    struct hsx_reorder reorder;
    struct board_trace_task tasks[256];
};

/* How many words the record has that begins with this one; 0: it is no record. */
size_t board_trace_size(uint32_t first);

/* A whole record, without its instruction. Notes the stack of its task. */
void board_trace_decode(struct board_trace *t, struct hsx_retired *retired);

/* The record that is due next is here. */
bool board_trace_due(const struct board_trace *t);

/* How many words to read for the records that a held core has still to show: about so many, and
 * at least one if there is one. */
uint32_t board_trace_missing(const struct board_trace *t);

#endif
