// SPDX-License-Identifier: Apache-2.0
/*
 * The bridge of docs/serial.md, byte by byte, with a simulated core: a board's handling of its
 * input, without the timing of bits.
 */
#ifndef HSX_TEST_MODEL_BRIDGE_H
#define HSX_TEST_MODEL_BRIDGE_H

#include <hsx/rtl_link.h>
#include <stdbool.h>
#include <stdint.h>

enum { BRIDGE_FRAME = 7 + 4 * 64 + 4 };

struct model_bridge {
    struct hsx_rtl_link *core;
    bool session;
    bool deaf; /* until the line is silent for the time-out */
    uint8_t last;
    uint8_t in[BRIDGE_FRAME];
    size_t in_count;
    uint8_t reply[BRIDGE_FRAME];
    size_t reply_size;
    uint8_t kept[BRIDGE_FRAME]; /* the reply to request `last`, in case it is repeated */
    size_t kept_size;
    uint32_t page[16]; /* the contents of the system's page */
    uint32_t order;    /* of the core's next record */
    bool going;
    bool broken; /* the core has failed */
};

/* One byte has arrived. True: reply, of reply_size bytes, is sent; input until then is lost.
 */
bool model_bridge_byte(struct model_bridge *bridge, uint8_t byte);

/* The line was silent for the time-out. */
void model_bridge_silence(struct model_bridge *bridge);

/* The core continues for a while, if it was let run. */
void model_bridge_run(struct model_bridge *bridge);

/* The reset button. */
void model_bridge_reset(struct model_bridge *bridge);

#endif
