// SPDX-License-Identifier: Apache-2.0
/* A target that behaves like the inner one, except for one planted fault. */
#ifndef FAULTY_TARGET_H
#define FAULTY_TARGET_H

#include <hsx/target.h>

enum fault_kind {
    FAULT_NONE,
    FAULT_FLIP,       /* byte `offset` of record `at` is xored with `mask` */
    FAULT_STOP_EARLY, /* the run that makes record `at` stops before it */
    FAULT_STOP_LATE,  /* the run that makes record `at` repeats it */
    FAULT_STOP_SLOT,  /* stops name another slot */
    FAULT_STOP_REASON,
    FAULT_DROP_WRITE, /* write_data number `at` does nothing */
    FAULT_DROP_CODE,  /* write_code writes one word less */
    FAULT_CONTEXT,    /* byte `offset` of contexts written is xored with `mask` */
    FAULT_NO_READY,   /* make_ready number `at` does nothing */
    FAULT_MEMORY,     /* a run changes data memory at `offset` without a record */
    FAULT_TURN_LEFT,  /* read_queue returns a wrong turn_left */
    FAULT_TOTAL_NOW,  /* read_totals returns a wrong now */
    FAULT_REFUSE,     /* set_alarm is refused */
    FAULT_HANG        /* HSX_ERR_MACHINE in the run that makes record `at` */
};

struct planted_fault {
    enum fault_kind kind;
    size_t at; /* counted from 0 */
    size_t offset;
    uint8_t mask;
};

/* Owns inner. NULL when out of memory. */
struct hsx_target *faulty_target_create(struct hsx_target *inner,
                                        const struct planted_fault *fault);

#endif
