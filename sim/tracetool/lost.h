// SPDX-License-Identifier: Apache-2.0
/* Slots without an event, by the event before them. */
#ifndef HSX_TRACETOOL_LOST_H
#define HSX_TRACETOOL_LOST_H

#include "tracetool.h"

enum { LOST_CAUSES = 6 };

struct lost {
    bool begun;
    uint8_t last_kind;
    struct hsx_record last; /* of the machine */
    uint64_t last_cycle;
};

const char *lost_cause_name(unsigned cause);

/* The slots that were lost before the event, all by *cause. */
uint64_t lost_event(struct lost *lost, const struct hsx_trace_event *event, unsigned *cause);

#endif
