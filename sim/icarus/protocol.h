// SPDX-License-Identifier: Apache-2.0
/*
 * What hsx and the VPI module inside vvp say to one another over a socket:
 * one request, then one reply, each a header with what follows it. Both run on
 * one machine and share its byte order.
 */
#ifndef HSX_ICARUS_PROTOCOL_H
#define HSX_ICARUS_PROTOCOL_H

#include <hsx/machine.h>
#include <hsx/rtl_link.h>

enum {
    ICARUS_FD = 3,       /* the socket in the vvp process */
    ICARUS_RECORDS = 16, /* so few that a signal does not wait for them */
    ICARUS_OPS = 4096,
    ICARUS_WORDS = HSX_DATA_SIZE / 4,
    ICARUS_PATH = 4096 /* as wave_path of hsx_icarus_top */
};

enum icarus_request_kind {
    ICARUS_RESET,
    ICARUS_BUS, /* followed by count struct hsx_bus_op */
    ICARUS_RUN,
    ICARUS_READ_RAM,
    ICARUS_WRITE_RAM, /* followed by count words */
    ICARUS_DIRECT,    /* reach memories without the clock; addr: windows_end of access_directly */
    ICARUS_WAVE,      /* followed by the path, of count bytes, one of which ends it */
    ICARUS_END_WAVE   /* and the simulation; no reply */
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

/* In icarus_reply.status, of a header alone: the simulation goes on. It comes every
 * ICARUS_ALIVE_SECONDS of work at the least, and once when the design is ready for requests. */
enum { ICARUS_ALIVE = 0xFFFF, ICARUS_ALIVE_SECONDS = 1 };

/* Followed, if status is HSX_OK, by count operations or words; after RUN, always
 * by count records and then count cycles. */
struct icarus_reply {
    uint32_t status;  /* enum hsx_status */
    uint32_t count;   /* what follows */
    uint32_t outcome; /* enum hsx_rtl_outcome */
    uint32_t order;
    uint64_t cycles; /* in which the core was not held, since reset */
    char message[128];
};

#endif
