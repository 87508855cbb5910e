// SPDX-License-Identifier: Apache-2.0
#include "rtl_target.h"
#include <stdio.h>

enum {
    HOLD_CLOCKS = 3,   /* from the last slot to `held` */
    RESULT_CLOCKS = 48 /* the most that a long operation's result delays it */
};

enum hsx_status hsx_rtl_read_counters(struct hsx_rtl_link *link, struct hsx_rtl_counters *counters)
{
    enum { CYCLES, STEPS, LOST };
    struct hsx_bus_op ops[LOST + HSX_HOST_LOST_CAUSES] = {
        [CYCLES] = {.addr = HSX_HOST_CYCLES, .sel = 0xF},
        [STEPS] = {.addr = HSX_HOST_STEPS, .sel = 0xF}};
    enum hsx_status status;

    for (uint32_t i = 0; i < HSX_HOST_LOST_CAUSES; i++) {
        ops[LOST + i] = (struct hsx_bus_op){.addr = HSX_HOST_LOST_SLOTS + 4 * i, .sel = 0xF};
    }
    status = link->ops->bus(link, ops, sizeof ops / sizeof ops[0]);
    counters->cycles = ops[CYCLES].data;
    counters->steps = ops[STEPS].data;
    for (unsigned i = 0; i < HSX_HOST_LOST_CAUSES; i++) {
        counters->lost[i] = ops[LOST + i].data;
    }
    return status;
}

enum hsx_status hsx_target_rtl_check(struct hsx_target *target)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    struct hsx_rtl_counters now;
    enum hsx_status status = t->running ? HSX_ERR_STATE : hsx_rtl_read_counters(t->link, &now);

    if (status != HSX_OK) {
        return status;
    }
    uint32_t others = now.cycles - now.steps;
    uint32_t ran = now.cycles - t->first_steps;
    uint32_t clocks = (uint32_t)(t->link->ops->cycles(t->link) - t->first_cycle);
    uint32_t rest = clocks - ran; /* until `held` */

    for (unsigned i = 0; i < HSX_HOST_LOST_CAUSES; i++) {
        others -= now.lost[i];
    }
    if (others != t->others) {
        snprintf(t->message, sizeof t->message,
                 "CYCLES without STEPS and lost slots are %u events, but the records have %u",
                 (unsigned)others, (unsigned)t->others);
        return HSX_ERR_MACHINE;
    }
    if (rest < HOLD_CLOCKS * t->goes || rest > (HOLD_CLOCKS + RESULT_CLOCKS) * t->goes) {
        snprintf(t->message, sizeof t->message,
                 "CYCLES went up by %u in %u clocks without held, in %u runs", (unsigned)ran,
                 (unsigned)clocks, (unsigned)t->goes);
        return HSX_ERR_MACHINE;
    }
    return HSX_OK;
}
