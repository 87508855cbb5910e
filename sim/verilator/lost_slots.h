// SPDX-License-Identifier: Apache-2.0
/* The slots that a Verilated core loses, and causes that are close to each other. */
#ifndef HSX_LOST_SLOTS_H
#define HSX_LOST_SLOTS_H

#include <hsx/rtl_link.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What hsx_totals is about to count. */
struct hsx_lost_signals {
    const uint8_t *row;     /* of hsx_totals; causes are its rows from 8 on */
    const uint8_t *counts;  /* it is counted */
    const uint8_t *revoked; /* of the core: then it counts as a slot lost by a squash */
};

/* Zeroed: nothing is watched. */
struct hsx_lost_slots {
    struct hsx_lost_watch *watch;
    uint64_t clocks;                        /* while slots are watched */
    uint64_t last_at[HSX_HOST_LOST_CAUSES]; /* the clock after the last one, 0: none */
};

/* Called after each clock while slots are watched. */
void hsx_model_note_lost(struct hsx_lost_slots *lost, const struct hsx_lost_signals *signals);

#ifdef __cplusplus
}
#endif

#endif
