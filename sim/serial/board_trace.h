// SPDX-License-Identifier: Apache-2.0
/* Decodes the trace of a board (docs/serial.md, fpga/soc/hsx_soc_trace.v) into records. */
#ifndef HSX_SERIAL_BOARD_TRACE_H
#define HSX_SERIAL_BOARD_TRACE_H

#include <hsx/machine.h>
#include <hsx/reorder.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Words of a record: maximum, minimum, and the usual number. */
enum { BOARD_TRACE_RECORD = 5, BOARD_TRACE_LEAST = 2, BOARD_TRACE_USUAL = 3 };

/* What the records of a task do not contain: where its code is, and, unless they move the stack,
 * its sp. */
struct board_trace_task {
    bool pushed; /* it can be in the queue */
    bool known;  /* the rest is valid, until the host writes its context */
    uint16_t code_base;
    uint32_t code_len;
    uint16_t sp, call_depth;
};

struct board_trace {
    bool on;      /* the board is recording */
    bool running; /* the core was let run, and not all of its records have arrived */
    bool held;    /* it was found held; order_end is the number of its next event */
    uint32_t order_first, order_end;
    uint32_t came; /* records since the core was let run */
    uint32_t words[64];
    size_t at, count; /* words[at] to words[count - 1] are not decoded yet */
    uint32_t record[BOARD_TRACE_RECORD];
    size_t have; /* words of it */
    uint16_t stamp;
    uint64_t cycle; /* of that stamp */
    struct hsx_reorder reorder;
    struct board_trace_task tasks[256];
};

/* The number of words of the record that begins with this one; 0: it is not a record. */
size_t board_trace_size(uint32_t first);

/* Decodes a complete record, without its instruction, and notes the stack of its task. */
void board_trace_decode(struct board_trace *t, struct hsx_retired *retired);

/* Whether the record that is due next has arrived. */
bool board_trace_due(const struct board_trace *t);

/* About how many words to read for the remaining records of a held core; at least one if there
 * is one. */
uint32_t board_trace_missing(const struct board_trace *t);

#endif
