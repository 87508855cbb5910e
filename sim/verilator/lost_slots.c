// SPDX-License-Identifier: Apache-2.0
#include "lost_slots.h"

void hsx_model_note_lost(struct hsx_lost_slots *lost, const struct hsx_lost_signals *signals)
{
    enum { FIRST_ROW = 8 };
    unsigned row = *signals->row;
    unsigned cause;

    lost->clocks++;
    if (!*signals->counts) {
        return;
    }
    if (*signals->revoked) {
        row = FIRST_ROW + HSX_LOST_SQUASH;
    }
    if (row < FIRST_ROW || row >= FIRST_ROW + HSX_HOST_LOST_CAUSES) {
        return;
    }
    cause = row - FIRST_ROW;
    lost->watch->slots[cause]++;
    for (unsigned before = 0; before < HSX_HOST_LOST_CAUSES; before++) {
        if (lost->last_at[before] != 0 && lost->clocks - lost->last_at[before] <= HSX_LOST_CLOSE) {
            lost->watch->close[before][cause]++;
        }
    }
    lost->last_at[cause] = lost->clocks;
}
