// SPDX-License-Identifier: Apache-2.0
/* Time of the RTL target: ticks, the alarm, and the counts of steps and events. */
#include "rtl_target.h"

static enum hsx_status set_register(struct hsx_target *target, uint32_t addr, uint32_t value)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);

    return t->running ? HSX_ERR_STATE : hsx_rtl_set(t, addr, value);
}

/* Sets t->now and the alarm in the core. Its NOW is the sum of ALARM_BEFORE and its own
 * count, so that the alarm is where the count wraps to 0. */
static enum hsx_status write_time(struct hsx_target_rtl *t)
{
    uint32_t counted = t->now - t->alarm_before;
    struct hsx_bus_op ops[3] = {
        {.addr = HSX_HOST_ALARM_BEFORE, .data = t->alarm_before, .sel = 0xF, .write = true},
        {.addr = HSX_HOST_NOW, .data = counted, .sel = 0xF, .write = true},
        {.addr = HSX_HOST_ALARM,
         .data = (uint32_t)t->alarm_armed | (uint32_t)(counted == 0) << 1,
         .sel = 0xF,
         .write = true}};

    return t->running ? HSX_ERR_STATE : t->link->ops->bus(t->link, ops, 3);
}

enum hsx_status hsx_rtl_set_alarm(struct hsx_target *target, bool armed, uint32_t when)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);

    if (t->running) {
        return HSX_ERR_STATE;
    }
    t->alarm_armed = armed;
    t->alarm_before = when - 1;
    return write_time(t);
}

enum hsx_status hsx_rtl_count_event(struct hsx_target *target)
{
    enum hsx_status status = set_register(target, HSX_HOST_COUNT_EVENT, 1);

    hsx_rtl_of(target)->order += status == HSX_OK;
    return status;
}

enum hsx_status hsx_rtl_jump_to(struct hsx_target *target, uint32_t now)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);

    if (t->running) {
        return HSX_ERR_STATE;
    }
    t->now = now;

    enum hsx_status status = write_time(t);

    return status == HSX_OK ? hsx_rtl_count_event(target) : status;
}

/* Steps until the next tick is due, from the number of steps done. */
static uint32_t tick_left(const struct hsx_target_rtl *t, uint64_t steps)
{
    return t->tick_steps ? t->tick_steps - (uint32_t)(steps % t->tick_steps) : HSX_HOST_NONE;
}

enum hsx_status hsx_rtl_set_tick_steps(struct hsx_target *target, uint32_t tick_steps)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    enum hsx_status status = tick_steps > HSX_MAX_TICK_STEPS
                                 ? HSX_ERR_ARGUMENT
                                 : set_register(target, HSX_HOST_TICK_STEPS, tick_steps);

    if (status != HSX_OK) {
        return status;
    }
    t->tick_steps = tick_steps;
    return set_register(target, HSX_HOST_TICK_LEFT, tick_left(t, t->steps));
}

/* While the core is held these are its own registers, so that lock-step
 * compares them; while it runs, the totals of its records. */
enum hsx_status hsx_rtl_read_totals(struct hsx_target *target, struct hsx_totals *totals)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    struct hsx_bus_op ops[4] = {{.addr = HSX_HOST_ORDER, .sel = 0xF},
                                {.addr = HSX_HOST_STEPS, .sel = 0xF},
                                {.addr = HSX_HOST_NOW, .sel = 0xF},
                                {.addr = HSX_HOST_STATUS, .sel = 0xF}};

    totals->cycles = t->link->ops->cycles(t->link);
    if (t->running) {
        totals->order = t->order;
        totals->steps = t->steps;
        totals->now = t->now;
        totals->tick_due = 0;
        return HSX_OK;
    }

    enum hsx_status status = t->link->ops->bus(t->link, ops, 4);

    totals->order = hsx_rtl_extend(t->order, ops[0].data);
    totals->steps = hsx_rtl_extend(t->steps, ops[1].data);
    totals->now = ops[2].data;
    totals->tick_due = HSX_HOST_GET(STATUS_TICK_DUE, ops[3].data);
    return status;
}

enum hsx_status hsx_rtl_write_totals(struct hsx_target *target, const struct hsx_totals *totals)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);

    if (totals->tick_due > 1) {
        return HSX_ERR_ARGUMENT;
    }
    if (t->running) {
        return HSX_ERR_STATE;
    }

    uint32_t left = t->tick_steps != 0 && totals->tick_due ? 0 : tick_left(t, totals->steps);
    struct hsx_bus_op ops[4] = {
        {.addr = HSX_HOST_STEPS, .data = (uint32_t)totals->steps, .sel = 0xF, .write = true},
        {.addr = HSX_HOST_CYCLES, .data = 0, .sel = 0xF, .write = true},
        {.addr = HSX_HOST_ORDER,
         .data = (uint32_t)totals->order - (uint32_t)totals->steps,
         .sel = 0xF,
         .write = true},
        {.addr = HSX_HOST_TICK_LEFT, .data = left, .sel = 0xF, .write = true}};
    enum hsx_status status = t->link->ops->bus(t->link, ops, 4);

    for (uint32_t i = 0; status == HSX_OK && i < HSX_HOST_LOST_CAUSES; i++) {
        status = hsx_rtl_set(t, HSX_HOST_LOST_SLOTS + 4 * i, 0);
    }
    t->order = totals->order;
    t->steps = totals->steps;
    t->now = totals->now;
    t->first_cycle = t->link->ops->cycles(t->link);
    t->first_steps = (uint32_t)totals->steps;
    t->others = 0;
    t->goes = 0;
    return status == HSX_OK ? write_time(t) : status;
}
