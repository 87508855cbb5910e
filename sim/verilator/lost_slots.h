// SPDX-License-Identifier: Apache-2.0
// The slots that a Verilated core loses, and causes that are close to each other.
#ifndef HSX_LOST_SLOTS_H
#define HSX_LOST_SLOTS_H

#include <cstdint>
#include <hsx/rtl_link.h>

class LostSlots
{
    hsx_lost_watch *watch = nullptr;
    uint64_t clocks = 0;                         // while slots are watched
    uint64_t last_at[HSX_HOST_LOST_CAUSES] = {}; // the clock after the last one, 0: none

  public:
    LostSlots() = default;

    // NULL: stops watching.
    explicit LostSlots(hsx_lost_watch *filled) : watch(filled)
    {
    }

    // Called after each clock, for what hsx_totals is about to count. Rows from 8 on are the
    // causes, and a slot after a revoked instruction counts as one of a squash.
    template <class Root> void note(const Root &root)
    {
        enum { FIRST_ROW = 8 };
        if (!watch)
            return;
        unsigned row = root.hsx_sim_top__DOT__core__DOT__totals__DOT__what;
        clocks++;
        if (!root.hsx_sim_top__DOT__core__DOT__totals__DOT__counts)
            return;
        if (root.hsx_sim_top__DOT__core__DOT__revoked)
            row = FIRST_ROW + HSX_LOST_SQUASH;
        if (row < FIRST_ROW || row >= FIRST_ROW + HSX_HOST_LOST_CAUSES)
            return;
        unsigned cause = row - FIRST_ROW;
        watch->slots[cause]++;
        for (unsigned before = 0; before < HSX_HOST_LOST_CAUSES; before++)
            if (last_at[before] != 0 && clocks - last_at[before] <= HSX_LOST_CLOSE)
                watch->close[before][cause]++;
        last_at[cause] = clocks;
    }
};

#endif
