// SPDX-License-Identifier: Apache-2.0
// Made from rtl/tables/host_map.def by tables_gen; the build target core-tables makes it
// anew, a test fails when it is stale.
/* The map of the core's host port; docs/host_map.md tells what each means. */
#ifndef HSX_HOST_MAP_H
#define HSX_HOST_MAP_H

/* clang-format off */

/* Byte addresses: regions, then the registers of the control page. */
enum {
    HSX_HOST_DATA = 0x00000,
    HSX_HOST_CODE = 0x10000,
    HSX_HOST_CONTEXT = 0x20000,
    HSX_HOST_CONTROL = 0x30000,
    HSX_HOST_CTRL = 0x30000,
    HSX_HOST_STATUS = 0x30004,
    HSX_HOST_HOLD_MASK = 0x30008,
    HSX_HOST_STEP_BUDGET = 0x3000C,
    HSX_HOST_STEPS = 0x30010,
    HSX_HOST_ORDER = 0x30014,
    HSX_HOST_CYCLES = 0x30018,
    HSX_HOST_NOW = 0x3001C,
    HSX_HOST_ALARM_BEFORE = 0x30024,
    HSX_HOST_TICK_STEPS = 0x30028,
    HSX_HOST_TICK_LEFT = 0x3002C,
    HSX_HOST_QUEUE_POP = 0x30034,
    HSX_HOST_TURN = 0x3003C,
    HSX_HOST_COUNT_EVENT = 0x30040,
    HSX_HOST_ALARM = 0x30044,
    HSX_HOST_ID = 0x3007C,
    HSX_HOST_LOST_SLOTS = 0x30080,
    HSX_HOST_CONTEXT_SIZE = 64,
    HSX_HOST_MAP_VERSION = 3
};

/* Fields of a context: numbers of words from its first. */
enum {
    HSX_CONTEXT_PC = 0,
    HSX_CONTEXT_SP = 1,
    HSX_CONTEXT_REG_BASE = 2,
    HSX_CONTEXT_STACK_LIMIT = 3,
    HSX_CONTEXT_STACK_TOP = 4,
    HSX_CONTEXT_CODE_BASE = 5,
    HSX_CONTEXT_CODE_LEN = 6,
    HSX_CONTEXT_DATA_BASE = 7,
    HSX_CONTEXT_DATA_LEN = 8,
    HSX_CONTEXT_CALL_DEPTH = 9,
    HSX_CONTEXT_PSW = 10,
    HSX_CONTEXT_SLICE = 11,
    HSX_CONTEXT_FLAGS = 12,
    HSX_CONTEXT_STATE = 13,
    HSX_CONTEXT_PUSH = 15,
    HSX_CONTEXT_FIELDS = 14 /* without PUSH */
};

/* Byte address of a field. */
#define HSX_HOST_FIELD_ADDRESS(slot, field) \
    ((uint32_t)HSX_HOST_CONTEXT + (uint32_t)(slot) * HSX_HOST_CONTEXT_SIZE + 4u * (uint32_t)(field))

/* Bits of registers: the lowest, and a mask for what is shifted down by it. */
enum {
    HSX_HOST_STATUS_HELD_SHIFT = 0,
    HSX_HOST_STATUS_HELD_MASK = 0x1,
    HSX_HOST_STATUS_TICK_DUE_SHIFT = 1,
    HSX_HOST_STATUS_TICK_DUE_MASK = 0x1,
    HSX_HOST_STATUS_RUNNING_SHIFT = 2,
    HSX_HOST_STATUS_RUNNING_MASK = 0x1,
    HSX_HOST_STATUS_TURN_OPEN_SHIFT = 3,
    HSX_HOST_STATUS_TURN_OPEN_MASK = 0x1,
    HSX_HOST_STATUS_CAUSE_SHIFT = 4,
    HSX_HOST_STATUS_CAUSE_MASK = 0xF,
    HSX_HOST_STATUS_SLOT_SHIFT = 8,
    HSX_HOST_STATUS_SLOT_MASK = 0xFF,
    HSX_HOST_STATUS_COUNT_SHIFT = 16,
    HSX_HOST_STATUS_COUNT_MASK = 0xFF,
    HSX_HOST_STATUS_TURN_SHIFT = 24,
    HSX_HOST_STATUS_TURN_MASK = 0xFF,
    HSX_HOST_ID_WINDOWS_SHIFT = 0,
    HSX_HOST_ID_WINDOWS_MASK = 0xFF,
    HSX_HOST_ID_CONTEXTS_SHIFT = 8,
    HSX_HOST_ID_CONTEXTS_MASK = 0xFF,
    HSX_HOST_ID_HAS_MULDIV_SHIFT = 16,
    HSX_HOST_ID_HAS_MULDIV_MASK = 0x1,
    HSX_HOST_ID_HAS_FP16_SHIFT = 17,
    HSX_HOST_ID_HAS_FP16_MASK = 0x1,
    HSX_HOST_ID_VERSION_SHIFT = 24,
    HSX_HOST_ID_VERSION_MASK = 0xFF
};

/* Bits of a register's word: HSX_HOST_GET(STATUS_CAUSE, word). */
#define HSX_HOST_GET(bits, word) \
    ((uint32_t)(word) >> HSX_HOST_##bits##_SHIFT & HSX_HOST_##bits##_MASK)

/* Why the core is held, in STATUS and HOLD_MASK. */
enum {
    HSX_HOST_CAUSE_STEPS = 0,
    HSX_HOST_CAUSE_SVC = 2,
    HSX_HOST_CAUSE_BRK = 3,
    HSX_HOST_CAUSE_FAULT = 4,
    HSX_HOST_CAUSE_RETURN = 5,
    HSX_HOST_CAUSE_ALARM = 6,
    HSX_HOST_CAUSE_IDLE = 7,
    HSX_HOST_CAUSE_HOST = 15
};

/* Causes of lost slots: each counts at HSX_HOST_LOST_SLOTS + 4 * cause. */
enum {
    HSX_LOST_EMPTY = 0,
    HSX_LOST_RESULT = 1,
    HSX_LOST_TRAP = 2,
    HSX_LOST_MEMORY = 3,
    HSX_LOST_LONG = 4,
    HSX_LOST_TICK = 5,
    HSX_LOST_SQUASH = 6,
    HSX_HOST_LOST_CAUSES = 7
};


/* In STEP_BUDGET and TICK_LEFT: no limit, no ticks. */
#define HSX_HOST_NONE 0x80000000u

/* clang-format on */

#endif
