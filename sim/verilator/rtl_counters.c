#include "rtl_target.h"
#include <stdio.h>

enum {
    HOLD_CLOCKS = 3,   /* from the last slot to `held` */
    RESULT_CLOCKS = 48 /* the most that a long operation's result delays it */
};

enum { CYCLES, STEPS, LOST, COUNTERS = LOST + HSX_HOST_LOST_CAUSES };

static enum hsx_status read_counters(const struct hsx_target_rtl *t, uint32_t values[COUNTERS])
{
    struct hsx_bus_op ops[COUNTERS] = {
        [CYCLES] = {.addr = HSX_HOST_CYCLES}, [STEPS] = {.addr = HSX_HOST_STEPS}};
    enum hsx_status status;

    for (unsigned i = 0; i < COUNTERS; i++) {
        ops[i].sel = 0xF;
        if (i >= LOST) {
            ops[i].addr = HSX_HOST_LOST_SLOTS + 4 * (i - LOST);
        }
    }
    status = t->link->ops->bus(t->link, ops, COUNTERS);
    for (unsigned i = 0; i < COUNTERS; i++) {
        values[i] = ops[i].data;
    }
    return status;
}

enum hsx_status hsx_target_rtl_check(struct hsx_target *target)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    uint32_t values[COUNTERS];
    enum hsx_status status = t->running ? HSX_ERR_STATE : read_counters(t, values);

    if (status != HSX_OK) {
        return status;
    }
    uint32_t others = values[CYCLES] - values[STEPS];
    uint32_t ran = values[CYCLES] - t->first_steps;
    uint32_t clocks = (uint32_t)(t->link->ops->cycles(t->link) - t->first_cycle);
    uint32_t rest = clocks - ran; /* until `held` */

    for (unsigned i = LOST; i < COUNTERS; i++) {
        others -= values[i];
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
