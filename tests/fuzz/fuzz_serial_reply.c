// SPDX-License-Identifier: Apache-2.0
/* Input from a serial line: replies of a board, words of its trace, and anything else. */
#include "board_trace.h"
#include "frame.h"
#include "fuzz.h"
#include <stdlib.h>
#include <string.h>

/* The bytes as words of a trace: each record has its number in the window of those that are due. */
static void take_trace(const uint8_t *bytes, size_t size)
{
    static struct board_trace t;
    struct hsx_retired retired;

    memset(&t, 0, sizeof t);
    hsx_reorder_expect(&t.reorder, 0);
    for (size_t i = 0; i + 4 <= size; i += 4) {
        memcpy(&t.record[t.have], bytes + i, 4);
        if (t.have == 0 && board_trace_size(t.record[0]) == 0) {
            continue;
        }
        if (++t.have != board_trace_size(t.record[0])) {
            continue;
        }
        t.have = 0;
        board_trace_decode(&t, &retired);
        if (retired.order - t.reorder.due >= HSX_REORDER_WINDOW ||
            (retired.record.access != 0 && retired.record.event == HSX_EV_TICK)) {
            abort();
        }
        hsx_reorder_put(&t.reorder, &retired);
        while (hsx_reorder_take(&t.reorder, &retired)) {
        }
    }
}

/* Two bytes choose the request, the others are received. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const enum frame_command commands[] = {FRAME_OPEN,      FRAME_WRITE,    FRAME_READ,
                                                  FRAME_WRITE_ONE, FRAME_READ_ONE, FRAME_CLOSE};
    uint32_t words[FRAME_WORDS] = {0};
    uint8_t data[4] = {0};
    enum frame_status status = FRAME_BAD_COUNT;
    struct frame_request request = {.words = words};

    if (size < 2) {
        return 0;
    }
    take_trace(bytes + 2, size - 2);
    request.command = commands[bytes[0] % (sizeof commands / sizeof commands[0])];
    request.sequence = bytes[1];
    request.count = request.command == FRAME_OPEN || request.command == FRAME_CLOSE
                        ? 0
                        : (size_t)1 + bytes[0] / 8;

    bool found = frame_find_reply(&request, bytes + 2, size - 2, &status, data);

    if (status > FRAME_BAD_COUNT || (found && size - 2 < FRAME_REPLY_LEAST)) {
        abort();
    }
    /* Nothing may be taken from input that is not a reply. */
    for (size_t i = 0; i < FRAME_WORDS; i++) {
        if (words[i] != 0 && (!found || i >= request.count || status != FRAME_DONE)) {
            abort();
        }
    }
    return 0;
}
