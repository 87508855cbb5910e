// SPDX-License-Identifier: Apache-2.0
#include "core_rams.h"
#include <hsx/rtl.h>

static uint32_t get(const struct hsx_rtl_rams *rams, const struct hsx_rtl_ram *ram, size_t n)
{
    return rams->get(ram, n);
}

static void put(const struct hsx_rtl_rams *rams, const struct hsx_rtl_ram *ram, size_t n,
                uint32_t word)
{
    rams->put(ram, n, word);
}

/* The place in the RAMs of the window at addr: the low bits of its number, except that with
 * 128 windows bit 6 is bit 7 of the number. */
static size_t window_of(const struct hsx_rtl_rams *rams, uint32_t addr)
{
    size_t windows = rams->r15_high.size;
    size_t number = addr / HSX_WINDOW_SIZE;

    return windows == 128 ? (number & 0x3F) | (number >> 1 & 0x40) : number % windows;
}

/* R15 has separate RAMs, one for each half. */
uint32_t hsx_rtl_rams_register(const struct hsx_rtl_rams *rams, uint32_t addr)
{
    size_t window = window_of(rams, addr);
    size_t reg = addr / 4 % HSX_REGISTERS;

    if (reg != HSX_REGISTERS - 1) {
        return get(rams, &rams->regs, HSX_REGISTERS * window + reg);
    }
    return get(rams, &rams->r15_high, window) << 16 | get(rams, &rams->r15_low, window);
}

static void write_register(const struct hsx_rtl_rams *rams, uint32_t addr, uint32_t word)
{
    size_t window = window_of(rams, addr);
    size_t reg = addr / 4 % HSX_REGISTERS;

    if (reg != HSX_REGISTERS - 1) {
        put(rams, &rams->regs, HSX_REGISTERS * window + reg, word);
        return;
    }
    put(rams, &rams->r15_low, window, word & 0xFFFF);
    put(rams, &rams->r15_high, window, word >> 16);
}

/* Fields that only the host writes are after the windows in r15_low, field by field. */
static size_t row_of(const struct hsx_rtl_rams *rams, size_t slot, unsigned field)
{
    enum { FIELDS = 16 };

    return rams->r15_low.size / FIELDS * field + slot;
}

/* Accesses a word with byte enables and returns its new value. A read stores it in op. */
static uint32_t move_lanes(uint32_t word, struct hsx_bus_op *op)
{
    if (!op->write) {
        op->data = word;
        return word;
    }
    for (unsigned lane = 0; lane < 4; lane++) {
        uint32_t mask = op->sel >> lane & 1 ? 0xFFu << 8 * lane : 0;

        word = (word & ~mask) | (op->data & mask);
    }
    return word;
}

/* The first bits of the fields that share a word of ram_window_state_psw. */
enum { PSW = 0, STATE = 4, WINDOW = 8 };

static void put_bits(const struct hsx_rtl_rams *rams, const struct hsx_rtl_ram *ram, size_t slot,
                     unsigned first, unsigned count, uint32_t value)
{
    uint32_t mask = ((1u << count) - 1) << first;

    put(rams, ram, slot, (get(rams, ram, slot) & ~mask) | (value << first & mask));
}

static uint32_t read_field(const struct hsx_rtl_rams *rams, size_t slot, unsigned field)
{
    uint32_t written = get(rams, &rams->r15_low, row_of(rams, slot, field));

    switch (field) {
    case HSX_CONTEXT_PC:
        return get(rams, &rams->ram_pc, slot);
    case HSX_CONTEXT_SP:
        return get(rams, &rams->ram_sp, slot);
    case HSX_CONTEXT_CALL_DEPTH:
        return get(rams, &rams->ram_depth, slot);
    case HSX_CONTEXT_PSW:
        return get(rams, &rams->ram_window_state_psw, slot) >> PSW & 0xF;
    case HSX_CONTEXT_STATE:
        return get(rams, &rams->ram_window_state_psw, slot) >> STATE & 0xF;
    case HSX_CONTEXT_CODE_LEN:
        return (get(rams, &rams->ram_code_len, slot) & 0x4000u) << 2 | written;
    default:
        return written;
    }
}

static void write_field(const struct hsx_rtl_rams *rams, size_t slot, unsigned field,
                        uint32_t value)
{
    uint16_t low = (uint16_t)value;

    if (field != HSX_CONTEXT_PC) { /* whose row is R15's */
        put(rams, &rams->r15_low, row_of(rams, slot, field), low);
    }
    switch (field) {
    case HSX_CONTEXT_PC:
        put(rams, &rams->ram_pc, slot, low);
        break;
    case HSX_CONTEXT_SP:
        put(rams, &rams->ram_sp, slot, low);
        break;
    case HSX_CONTEXT_REG_BASE:
        put_bits(rams, &rams->ram_window_state_psw, slot, WINDOW, 8,
                 (uint32_t)window_of(rams, low));
        break;
    case HSX_CONTEXT_STACK_LIMIT:
        put(rams, &rams->ram_stack_limit, slot, low);
        break;
    case HSX_CONTEXT_STACK_TOP:
        put(rams, &rams->ram_stack_top, slot, low);
        break;
    case HSX_CONTEXT_CODE_BASE: /* words, above the flags */
        put_bits(rams, &rams->ram_code_base, slot, 2, 14, low >> 2);
        break;
    case HSX_CONTEXT_FLAGS:
        put_bits(rams, &rams->ram_code_base, slot, 0, 2, low);
        break;
    case HSX_CONTEXT_CODE_LEN: /* words */
        put(rams, &rams->ram_code_len, slot, value >> 2 & 0x7FFF);
        break;
    case HSX_CONTEXT_DATA_BASE: /* words, below whether it is below 0x4000 */
        put_bits(rams, &rams->ram_data_base, slot, 0, 15,
                 (uint32_t)(low < HSX_DATA_LINK) << 14 | low >> 2);
        break;
    case HSX_CONTEXT_DATA_LEN:
        put(rams, &rams->ram_data_len, slot, low);
        break;
    case HSX_CONTEXT_CALL_DEPTH:
        put(rams, &rams->ram_depth, slot, low);
        break;
    case HSX_CONTEXT_PSW:
        put_bits(rams, &rams->ram_window_state_psw, slot, PSW, 4, low);
        break;
    case HSX_CONTEXT_STATE:
        put_bits(rams, &rams->ram_window_state_psw, slot, STATE, 4, low);
        break;
    default:
        break;
    }
}

/* Which rows of hsx_totals add up to what the host reads: a bit for each, from row 0 on;
 * 0: addr is no such counter. */
static uint32_t rows_of(uint32_t addr)
{
    enum {
        ALARM_BEFORE = 1 << 1,
        TICK_STEPS = 1 << 2,
        STEPS = 1 << 4,
        HOST = 1 << 5,
        OTHERS = 1 << 6,
        NOW = 1 << 7,
        LOST = 0xFF00
    };

    switch (addr) {
    case HSX_HOST_ALARM_BEFORE:
        return ALARM_BEFORE;
    case HSX_HOST_TICK_STEPS:
        return TICK_STEPS;
    case HSX_HOST_STEPS:
        return STEPS;
    case HSX_HOST_ORDER:
        return STEPS | HOST | OTHERS;
    case HSX_HOST_CYCLES:
        return STEPS | OTHERS | LOST;
    case HSX_HOST_NOW:
        return ALARM_BEFORE | NOW;
    default:
        return addr >= HSX_HOST_LOST_SLOTS && addr < HSX_HOST_LOST_SLOTS + 4 * HSX_HOST_LOST_CAUSES
                   ? 0x100u << (addr - HSX_HOST_LOST_SLOTS) / 4
                   : 0;
    }
}

/* Each counter is the sum of two words. */
static uint32_t read_total(const struct hsx_rtl_rams *rams, uint32_t rows)
{
    uint32_t sum = 0;

    for (unsigned row = 0; row < 16; row++) {
        if (rows >> row & 1) {
            sum += get(rams, &rams->rows, 2 * row) + get(rams, &rams->rows, 2 * row + 1);
        }
    }
    return sum;
}

static void access_outside(const struct hsx_rtl_rams *rams, struct hsx_bus_op *op)
{
    size_t at = op->addr / 4;

    if (op->addr < HSX_HOST_CODE) {
        uint32_t word = move_lanes(get(rams, &rams->data_ram, at), op);

        if (op->write) {
            put(rams, &rams->data_ram, at, word);
        }
        return;
    }
    at = (op->addr - HSX_HOST_CODE) / 4;
    if (!op->write) {
        op->data = get(rams, &rams->code_ram, at);
    } else if (op->sel == 0xF) {
        put(rams, &rams->code_ram, at, op->data);
    }
}

bool hsx_rtl_rams_access(const struct hsx_rtl_rams *rams, struct hsx_bus_op *op,
                         uint32_t windows_end)
{
    if (op->addr < HSX_HOST_CONTEXT && (op->addr < HSX_WINDOW_START || op->addr >= windows_end)) {
        access_outside(rams, op);
        return true;
    }
    if (rams->regs.size == 0) {
        return false;
    }
    if (op->addr < HSX_HOST_CODE) {
        uint32_t word = move_lanes(hsx_rtl_rams_register(rams, op->addr), op);

        if (op->write) {
            write_register(rams, op->addr, word);
        }
        return true;
    }
    if (op->addr < HSX_HOST_CONTROL) {
        size_t slot = (op->addr - HSX_HOST_CONTEXT) / HSX_HOST_CONTEXT_SIZE;
        unsigned field = op->addr % HSX_HOST_CONTEXT_SIZE / 4;

        if (slot >= rams->ram_pc.size || field >= HSX_CONTEXT_FIELDS) {
            return false;
        }
        if (op->write) {
            write_field(rams, slot, field, op->data);
        } else {
            op->data = read_field(rams, slot, field);
        }
        return true;
    }
    uint32_t rows = op->write ? 0 : rows_of(op->addr);

    if (rows != 0) {
        op->data = read_total(rams, rows);
    }
    return rows != 0;
}
