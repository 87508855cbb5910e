// SPDX-License-Identifier: Apache-2.0
/*
 * The one interface between the executive and a machine that runs HSX tasks.
 *
 * A machine owns the memories, the context table, the READY queue with its
 * turns, and the tick. The executive owns everything else: task ids, arenas,
 * SVCs, mailboxes, waits and deadlines. The executive keeps no copy of a
 * task's registers: it reads and writes them in the window, through
 * read_data and write_data.
 *
 * All calls except run, totals and destroy need a held machine (see enum hsx_stop); a
 * machine is held when it is created. Calls return HSX_OK or a named error; a call that
 * fails has changed nothing.
 */
#ifndef HSX_TARGET_H
#define HSX_TARGET_H

#include <hsx/machine.h>
#include <hsx/point.h>
#include <hsx/status.h>
#include <signal.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hsx_target;

struct hsx_target_ops {
    const char *name; /* "vm", "rtl", ... */

    void (*destroy)(struct hsx_target *t);

    /* Run until one of enum hsx_stop. A tick that is due comes before the next
     * instruction (section 5); it gets a record like any other event. After
     * HSX_ERR_MACHINE and HSX_ERR_DIVERGED, count and records cover what came before the
     * failure. */
    enum hsx_status (*run)(struct hsx_target *t, struct hsx_run *run);

    /*
     * Reconstructs the newest records of runs without records, oldest first: at most
     * capacity of those from tally runs with recallable set since the last run of another
     * kind, write_code or write_totals. orders[i] is the order number of records[i]. A
     * machine may compute them only now, so do not call this for every step. NULL: a
     * machine whose runs need records to be counted.
     */
    enum hsx_status (*recall)(struct hsx_target *t, struct hsx_record *records, uint64_t *orders,
                              size_t capacity, size_t *count);

    /* Physical data memory, windows included; addr + len <= 0x10000. */
    enum hsx_status (*read_data)(struct hsx_target *t, uint32_t addr, void *bytes, size_t len);
    enum hsx_status (*write_data)(struct hsx_target *t, uint32_t addr, const void *bytes,
                                  size_t len);

    /* Code memory as host-order instruction words; addr is in bytes, a multiple of 4. */
    enum hsx_status (*read_code)(struct hsx_target *t, uint32_t addr, uint32_t *words,
                                 size_t count);
    enum hsx_status (*write_code)(struct hsx_target *t, uint32_t addr, const uint32_t *words,
                                  size_t count);

    /* A whole context; writing one does not change the queue. HSX_ERR_ARGUMENT: not
     * hsx_context_valid (<hsx/context.h>), or its window is not one that the machine has. */
    enum hsx_status (*read_context)(struct hsx_target *t, uint8_t slot, struct hsx_context *ctx);
    enum hsx_status (*write_context)(struct hsx_target *t, uint8_t slot,
                                     const struct hsx_context *ctx);
    enum hsx_status (*set_state)(struct hsx_target *t, uint8_t slot, enum hsx_state state);

    /* Mark the slot READY and put it at the tail of the queue. */
    enum hsx_status (*make_ready)(struct hsx_target *t, uint8_t slot);

    /* The queue from its head, and how many instructions are left of the head's open turn
     * (0: its next turn is a new one). For pause, kill and snapshots, not for wakes. */
    enum hsx_status (*read_queue)(struct hsx_target *t, uint8_t *slots, size_t capacity,
                                  size_t *count, uint8_t *turn_left);
    enum hsx_status (*write_queue)(struct hsx_target *t, const uint8_t *slots, size_t count,
                                   uint8_t turn_left);

    /* run stops with HSX_STOP_ALARM at the tick that makes now equal to when. */
    enum hsx_status (*set_alarm)(struct hsx_target *t, bool armed, uint32_t when);

    /* The executive made an event of the record order (trap completion, action
     * from outside): the machine counts its order number. */
    enum hsx_status (*count_event)(struct hsx_target *t);

    /*
     * Set the points at which runs with look set end, until the next call: at most
     * HSX_MAX_POINTS. A place refers to tasks and code as they are at the call. NULL: the
     * machine cannot look for points.
     */
    enum hsx_status (*set_points)(struct hsx_target *t, const struct hsx_point *points,
                                  size_t count);

    /* One tick event that sets now: it takes an order number but makes no record. */
    enum hsx_status (*jump_to)(struct hsx_target *t, uint32_t now);

    /* One tick after every tick_steps retired instructions, at most HSX_MAX_TICK_STEPS;
     * 0: no ticks. */
    enum hsx_status (*set_tick_steps)(struct hsx_target *t, uint32_t tick_steps);

    enum hsx_status (*read_totals)(struct hsx_target *t, struct hsx_totals *totals);
    /* Restoring a snapshot: order, steps and now continue from these. */
    enum hsx_status (*write_totals)(struct hsx_target *t, const struct hsx_totals *totals);

    /* mark remembers the machine's state, go_back restores it; only run is called in
     * between. Cheap compared with some hundred steps. Both NULL: the machine cannot do
     * this. */
    enum hsx_status (*mark)(struct hsx_target *t);
    enum hsx_status (*go_back)(struct hsx_target *t);
};

/* An implementation embeds this as its first member. */
struct hsx_target {
    const struct hsx_target_ops *ops;
    unsigned contexts; /* slots in the context table, 1 .. HSX_MAX_CONTEXTS */
    unsigned windows;  /* register windows that it has, from HSX_WINDOW_START up */
    unsigned units;    /* HSX_UNIT_* that it contains */
    /* NULL, or a flag that ends a run early when it is not 0, with HSX_STOP_INTERRUPT unless
     * something else holds the machine first. It is polled often enough to stop a slow
     * simulator within a tenth of a second. */
    const volatile sig_atomic_t *interrupt;
};

/* The first data address after the machine's register windows. */
static inline uint32_t hsx_target_windows_end(const struct hsx_target *t)
{
    return HSX_WINDOW_START + t->windows * HSX_WINDOW_SIZE;
}

#ifdef __cplusplus
}
#endif

#endif
