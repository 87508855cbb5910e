// SPDX-License-Identifier: Apache-2.0
/*
 * The protocol of hsx and the VPI module inside vvp over a socket: one request, then one
 * reply, each a header and its payload. Both run on one machine and share its byte order.
 */
#ifndef HSX_ICARUS_PROTOCOL_H
#define HSX_ICARUS_PROTOCOL_H

#include <hsx/machine.h>
#include <hsx/rtl_link.h>

enum {
    ICARUS_FD = 3,       /* the socket in the vvp process */
    ICARUS_RECORDS = 16, /* few, so that signals are handled quickly */
    ICARUS_OPS = 4096,
    ICARUS_WORDS = HSX_DATA_SIZE / 4,
    ICARUS_PATH = 4096 /* the size of wave_path in hsx_icarus_top */
};

enum icarus_request_kind {
    ICARUS_RESET,
    ICARUS_BUS, /* followed by count struct hsx_bus_op */
    ICARUS_RUN,
    ICARUS_READ_RAM,
    ICARUS_WRITE_RAM, /* followed by count words */
    ICARUS_DIRECT,    /* access memories without the clock; addr: windows_end of access_directly */
    ICARUS_WAVE,      /* followed by the path: count bytes with its NUL */
    ICARUS_END_WAVE   /* ends the simulation as well; no reply */
};

struct icarus_request {
    uint32_t kind;  /* enum icarus_request_kind */
    uint32_t count; /* operations, records or words */
    uint32_t ram;   /* enum hsx_ram */
    uint32_t addr;
    uint32_t order; /* of the next record */
    uint32_t reserved;
    uint64_t hang_limit;
    uint64_t from, to; /* of a wave: cycles */
};

/* In icarus_reply.status of a header without payload: the simulation is alive. It is sent at
 * least every ICARUS_ALIVE_SECONDS of work, and once when the design is ready for requests. */
enum { ICARUS_ALIVE = 0xFFFF, ICARUS_ALIVE_SECONDS = 1 };

/* Followed, if status is HSX_OK, by count operations or words; after RUN, always
 * by count records and then count cycles. */
struct icarus_reply {
    uint32_t status;  /* enum hsx_status */
    uint32_t count;   /* items that follow */
    uint32_t outcome; /* enum hsx_rtl_outcome */
    uint32_t order;
    uint64_t cycles; /* cycles since reset in which the core was not held */
    char message[128];
};

#endif
