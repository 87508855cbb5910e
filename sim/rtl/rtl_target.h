// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of the RTL target. */
#ifndef HSX_RTL_TARGET_H
#define HSX_RTL_TARGET_H

#include <hsx/rtl.h>

struct hsx_target_rtl {
    struct hsx_target target;
    struct hsx_rtl_link *link;
    uint64_t order; /* events so far: in records, counted and restored */
    uint64_t steps;
    uint32_t now;
    uint64_t first_cycle; /* since the counters were set: the cycle, */
    uint32_t first_steps; /* the steps, */
    uint32_t others;      /* faults, ends of tasks and ticks in records, */
    uint32_t goes;
    uint32_t alarm_before; /* the tick after this time is the alarm */
    bool alarm_armed;
    uint32_t tick_steps;
    bool running;      /* after HSX_STOP_RECORDS: let run and not held since */
    bool stopping;     /* requested to hold, for an interrupt */
    uint64_t go_order; /* when it was last let run */
    uint32_t budget;   /* while running: steps until the core holds itself */
    char message[160];
    struct hsx_target_rtl *mark; /* NULL: none yet; without a mark of its own */
};

struct hsx_target_rtl *hsx_rtl_of(struct hsx_target *target);

/* One access to a 32-bit host register. */
enum hsx_status hsx_rtl_get(struct hsx_target_rtl *t, uint32_t addr, uint32_t *value);
enum hsx_status hsx_rtl_set(struct hsx_target_rtl *t, uint32_t addr, uint32_t value);

/* reg is the low half of a counter close to value. */
static inline uint64_t hsx_rtl_extend(uint64_t value, uint32_t reg)
{
    return value + (uint64_t)(int64_t)(int32_t)(reg - (uint32_t)value);
}

/* Operations of struct hsx_target_ops: rtl_run.c */
enum hsx_status hsx_rtl_run(struct hsx_target *target, struct hsx_run *run);

/* rtl_time.c */
enum hsx_status hsx_rtl_set_alarm(struct hsx_target *target, bool armed, uint32_t when);
enum hsx_status hsx_rtl_count_event(struct hsx_target *target);
enum hsx_status hsx_rtl_jump_to(struct hsx_target *target, uint32_t now);
enum hsx_status hsx_rtl_set_tick_steps(struct hsx_target *target, uint32_t tick_steps);
enum hsx_status hsx_rtl_read_totals(struct hsx_target *target, struct hsx_totals *totals);
enum hsx_status hsx_rtl_write_totals(struct hsx_target *target, const struct hsx_totals *totals);

/* rtl_state.c: memories, contexts and the queue */
enum hsx_status hsx_rtl_read_data(struct hsx_target *target, uint32_t addr, void *bytes,
                                  size_t len);
enum hsx_status hsx_rtl_write_data(struct hsx_target *target, uint32_t addr, const void *bytes,
                                   size_t len);
enum hsx_status hsx_rtl_read_code(struct hsx_target *target, uint32_t addr, uint32_t *words,
                                  size_t count);
enum hsx_status hsx_rtl_write_code(struct hsx_target *target, uint32_t addr, const uint32_t *words,
                                   size_t count);
enum hsx_status hsx_rtl_read_context(struct hsx_target *target, uint8_t slot,
                                     struct hsx_context *ctx);
enum hsx_status hsx_rtl_write_context(struct hsx_target *target, uint8_t slot,
                                      const struct hsx_context *ctx);
enum hsx_status hsx_rtl_set_state(struct hsx_target *target, uint8_t slot, enum hsx_state state);
enum hsx_status hsx_rtl_make_ready(struct hsx_target *target, uint8_t slot);
enum hsx_status hsx_rtl_read_queue(struct hsx_target *target, uint8_t *slots, size_t capacity,
                                   size_t *count, uint8_t *turn_left);
enum hsx_status hsx_rtl_write_queue(struct hsx_target *target, const uint8_t *slots, size_t count,
                                    uint8_t turn_left);

#endif
