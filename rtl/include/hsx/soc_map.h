// SPDX-License-Identifier: Apache-2.0
// Made from rtl/tables/soc_map.def by tables_gen; the build target core-tables makes it
// anew, a test fails when it is stale.
/* The system page; docs/soc_map.md tells what each register means. */
#ifndef HSX_SOC_MAP_H
#define HSX_SOC_MAP_H

/* clang-format off */

/* Byte addresses of the registers. */
enum {
    HSX_SOC_ID = 0x40000,
    HSX_SOC_CLOCK = 0x40004,
    HSX_SOC_CODE_BYTES = 0x40008,
    HSX_SOC_DATA_BYTES = 0x4000C,
    HSX_SOC_LED_ADDRESS = 0x40010,
    HSX_SOC_PIN_ADDRESS = 0x40014,
    HSX_SOC_PIN_DRIVE = 0x40018,
    HSX_SOC_PINS_IN = 0x4001C,
    HSX_SOC_TIMER = 0x40020,
    HSX_SOC_VERSION = 1
};

/* Data addresses that LEDs and pins show after reset. */
enum {
    HSX_SOC_LED_DEFAULT = 0x0FF8,
    HSX_SOC_PIN_DEFAULT = 0x0FFC
};

/* Bits of registers: the lowest, and a mask for what is shifted down by it. */
enum {
    HSX_SOC_ID_LEDS_SHIFT = 0,
    HSX_SOC_ID_LEDS_MASK = 0xFF,
    HSX_SOC_ID_PINS_SHIFT = 8,
    HSX_SOC_ID_PINS_MASK = 0xFF,
    HSX_SOC_ID_VERSION_SHIFT = 24,
    HSX_SOC_ID_VERSION_MASK = 0xFF,
    HSX_SOC_TIMER_ENABLE_SHIFT = 0,
    HSX_SOC_TIMER_ENABLE_MASK = 0x1,
    HSX_SOC_TIMER_WAITING_SHIFT = 8,
    HSX_SOC_TIMER_WAITING_MASK = 0xFF
};

/* clang-format on */

#endif
