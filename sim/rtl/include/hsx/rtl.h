/*
 * The RTL core behind a simulator as a struct hsx_target, and the host address
 * map of the core's Wishbone port that it uses.
 */
#ifndef HSX_RTL_H
#define HSX_RTL_H

#include <hsx/rtl_link.h>
#include <hsx/target.h>

/* Byte addresses on the host port. Data memory lies at 0, windows included. */
enum {
    HSX_HOST_CODE = 0x10000,
    HSX_HOST_CONTEXT = 0x20000, /* + slot * HSX_HOST_CONTEXT_SIZE + 4 * field */
    HSX_HOST_CONTEXT_SIZE = 64,
    HSX_HOST_CONTEXT_PUSH = 60,   /* field 15: to the queue's tail, with this state */
    HSX_HOST_CTRL = 0x30000,      /* bit 0: go, or ask for a hold */
    HSX_HOST_STATUS = 0x30004,    /* enum hsx_host_status */
    HSX_HOST_HOLD_MASK = 0x30008, /* a bit per enum hsx_stop */
    HSX_HOST_STEP_BUDGET = 0x3000C,
    HSX_HOST_STEPS = 0x30010,
    HSX_HOST_ORDER = 0x30014,        /* STEPS, the host's and other events; written: the host's */
    HSX_HOST_CYCLES = 0x30018,       /* STEPS, other events and lost slots; written: other events */
    HSX_HOST_NOW = 0x3001C,          /* written: NOW - ALARM_BEFORE */
    HSX_HOST_ALARM_BEFORE = 0x30024, /* the tick after this time is the alarm's */
    HSX_HOST_TICK_STEPS = 0x30028,
    HSX_HOST_TICK_LEFT = 0x3002C, /* steps until the next tick is due; 0: it is */
    HSX_HOST_QUEUE_POP = 0x30034, /* as STATUS, with the head's slot */
    HSX_HOST_TURN = 0x3003C,      /* bit 8: a turn is open; [7:0] its instructions, modulo 256 */
    HSX_HOST_COUNT_EVENT = 0x30040,
    HSX_HOST_ALARM = 0x30044,      /* bit 0 armed, bit 1: NOW is ALARM_BEFORE */
    HSX_HOST_LOST_SLOTS = 0x30060, /* the first of the counters by cause */
    HSX_HOST_LOST_CAUSES = 7,
    HSX_HOST_ID = 0x3007C /* [15:8] contexts, [7:0] windows of this core */
};

/* Fields of STATUS. */
enum hsx_host_status {
    HSX_HOST_STATUS_HELD = 1,
    HSX_HOST_STATUS_TICK_DUE = 2,
    HSX_HOST_STATUS_TURN_OPEN = 8,
    HSX_HOST_STATUS_CAUSE = 4, /* first of 4 bits: enum hsx_stop */
    HSX_HOST_STATUS_SLOT = 8,  /* first of 8 bits, and so on */
    HSX_HOST_STATUS_QUEUE_COUNT = 16,
    HSX_HOST_STATUS_TURN = 24 /* its instructions so far, modulo 256 */
};

/* In STEP_BUDGET and TICK_LEFT: no limit, no ticks. */
#define HSX_HOST_NONE 0x80000000u

/* Takes the link over, also when it fails. The core is reset and all memory is
 * zero. contexts: how many of the core's to use, windows: how many windows from
 * HSX_WINDOW_START up lie inside the core. With windows = 0 the core's ID is asked
 * for them, and contexts may be 0 for all that it says. After HSX_STOP_RECORDS the core has
 * its step budget already: max_steps of the next run must not be less than what
 * was left, else HSX_ERR_STATE. */
enum hsx_status hsx_target_rtl_create(struct hsx_rtl_link *link, unsigned contexts,
                                      unsigned windows, struct hsx_target **target);

/* The state of a target just created, without building the model again. */
enum hsx_status hsx_target_rtl_reset(struct hsx_target *target);

/* The counters of a held core by which its clocks are accounted for. */
struct hsx_rtl_counters {
    uint32_t cycles;
    uint32_t steps;
    uint32_t lost[HSX_HOST_LOST_CAUSES]; /* in the order of the host address map */
};

enum hsx_status hsx_rtl_read_counters(struct hsx_rtl_link *link, struct hsx_rtl_counters *counters);

/* Are the held core's counters right? Of the clocks in which `held` was low each is a
 * step, another event or one lost slot, but for those between the last of them and
 * `held`. HSX_ERR_MACHINE when they are not; HSX_ERR_STATE: the core runs. */
enum hsx_status hsx_target_rtl_check(struct hsx_target *target);

/* See struct hsx_rtl_link_ops. */
enum hsx_status hsx_target_rtl_wave(struct hsx_target *target, const char *path);

/* What the last HSX_ERR_MACHINE was about, in one line; never NULL. */
const char *hsx_target_rtl_message(const struct hsx_target *target);

#endif
