// SPDX-License-Identifier: Apache-2.0
// Accesses of the host port executed on the memories of a held core, without its clock: the
// same words are read and written.
//
// Rams has a member for each memory in core_rams.def, with its name, size() words, get(n) and
// put(n, word): it depends on the simulator. This file knows the contents of the words, from
// hsx_contexts.v, hsx_totals.v, hsx_windows.v and hsx_windows.vh. Queue and control registers
// are flip-flops, which only the clock changes. Lock-step detects a word in the wrong place, and
// test_direct.c compares each read with the bus.
#ifndef HSX_DIRECT_ACCESS_H
#define HSX_DIRECT_ACCESS_H

#include <cstddef>
#include <cstdint>
#include <hsx/rtl.h>

namespace direct
{

// The place in the RAMs of the window at addr: the low bits of its number, except that with
// 128 windows bit 6 is bit 7 of the number.
template <class Rams> size_t window_of(Rams &rams, uint32_t addr)
{
    size_t windows = rams.r15_high.size();
    size_t number = addr / HSX_WINDOW_SIZE;
    return windows == 128 ? (number & 0x3F) | (number >> 1 & 0x40) : number % windows;
}

// The register at addr; R15 has separate RAMs, one for each half.
template <class Rams> uint32_t read_window(Rams &rams, uint32_t addr)
{
    size_t window = window_of(rams, addr);
    size_t reg = addr / 4 % HSX_REGISTERS;
    if (reg != HSX_REGISTERS - 1)
        return rams.regs.get(HSX_REGISTERS * window + reg);
    return rams.r15_high.get(window) << 16 | rams.r15_low.get(window);
}

template <class Rams> void write_window(Rams &rams, uint32_t addr, uint32_t word)
{
    size_t window = window_of(rams, addr);
    size_t reg = addr / 4 % HSX_REGISTERS;
    if (reg != HSX_REGISTERS - 1) {
        rams.regs.put(HSX_REGISTERS * window + reg, word);
        return;
    }
    rams.r15_low.put(window, word & 0xFFFF);
    rams.r15_high.put(window, word >> 16);
}

// Fields that only the host writes are after the windows in r15_low, field by field.
template <class Rams> size_t row_of(Rams &rams, size_t slot, unsigned field)
{
    constexpr size_t fields = 16;
    return rams.r15_low.size() / fields * field + slot;
}

// Accesses a word with byte enables and returns its new value. A read stores it in op.
inline uint32_t move_lanes(uint32_t word, hsx_bus_op &op)
{
    if (!op.write) {
        op.data = word;
        return word;
    }
    for (unsigned lane = 0; lane < 4; lane++) {
        uint32_t mask = op.sel >> lane & 1 ? 0xFFu << 8 * lane : 0;
        word = (word & ~mask) | (op.data & mask);
    }
    return word;
}

template <class Ram>
void put_bits(Ram &ram, size_t slot, unsigned first, unsigned count, uint32_t value)
{
    uint32_t mask = ((1u << count) - 1) << first;
    ram.put(slot, (ram.get(slot) & ~mask) | (value << first & mask));
}

enum { PSW = 0, STATE = 4, WINDOW = 8 }; // first bits in ram_window_state_psw

template <class Rams> uint32_t read_field(Rams &rams, size_t slot, unsigned field)
{
    uint32_t written = rams.r15_low.get(row_of(rams, slot, field));
    switch (field) {
    case HSX_CONTEXT_PC:
        return rams.ram_pc.get(slot);
    case HSX_CONTEXT_SP:
        return rams.ram_sp.get(slot);
    case HSX_CONTEXT_CALL_DEPTH:
        return rams.ram_depth.get(slot);
    case HSX_CONTEXT_PSW:
        return rams.ram_window_state_psw.get(slot) >> PSW & 0xF;
    case HSX_CONTEXT_STATE:
        return rams.ram_window_state_psw.get(slot) >> STATE & 0xF;
    case HSX_CONTEXT_CODE_LEN:
        return (rams.ram_code_len.get(slot) & 0x4000u) << 2 | written;
    default:
        return written;
    }
}

template <class Rams> void write_field(Rams &rams, size_t slot, unsigned field, uint32_t value)
{
    uint16_t low = static_cast<uint16_t>(value);

    if (field != HSX_CONTEXT_PC) // whose row is R15's
        rams.r15_low.put(row_of(rams, slot, field), low);
    switch (field) {
    case HSX_CONTEXT_PC:
        rams.ram_pc.put(slot, low);
        break;
    case HSX_CONTEXT_SP:
        rams.ram_sp.put(slot, low);
        break;
    case HSX_CONTEXT_REG_BASE:
        put_bits(rams.ram_window_state_psw, slot, WINDOW, 8,
                 static_cast<uint32_t>(window_of(rams, low)));
        break;
    case HSX_CONTEXT_STACK_LIMIT:
        rams.ram_stack_limit.put(slot, low);
        break;
    case HSX_CONTEXT_STACK_TOP:
        rams.ram_stack_top.put(slot, low);
        break;
    case HSX_CONTEXT_CODE_BASE: // words, above the flags
        put_bits(rams.ram_code_base, slot, 2, 14, low >> 2);
        break;
    case HSX_CONTEXT_FLAGS:
        put_bits(rams.ram_code_base, slot, 0, 2, low);
        break;
    case HSX_CONTEXT_CODE_LEN: // words
        rams.ram_code_len.put(slot, value >> 2 & 0x7FFF);
        break;
    case HSX_CONTEXT_DATA_BASE: // words, below whether it is below 0x4000
        put_bits(rams.ram_data_base, slot, 0, 15, (low < HSX_DATA_LINK) << 14 | low >> 2);
        break;
    case HSX_CONTEXT_DATA_LEN:
        rams.ram_data_len.put(slot, low);
        break;
    case HSX_CONTEXT_CALL_DEPTH:
        rams.ram_depth.put(slot, low);
        break;
    case HSX_CONTEXT_PSW:
        put_bits(rams.ram_window_state_psw, slot, PSW, 4, low);
        break;
    case HSX_CONTEXT_STATE:
        put_bits(rams.ram_window_state_psw, slot, STATE, 4, low);
        break;
    default:
        break;
    }
}

// Which rows of hsx_totals add up to what the host reads: a bit for each, from row 0 on;
// 0: addr is no such counter.
inline uint32_t rows_of(uint32_t addr)
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

// Each counter is the sum of two words.
template <class Rams> uint32_t read_total(Rams &rams, uint32_t rows)
{
    uint32_t sum = 0;
    for (unsigned row = 0; row < 16; row++)
        if (rows >> row & 1)
            sum += rams.rows.get(2 * row) + rams.rows.get(2 * row + 1);
    return sum;
}

// One of the two memories outside the core. windows_end as in hsx_target_rtl_create.
inline bool is_outside(const hsx_bus_op &op, uint32_t windows_end)
{
    return op.addr < HSX_HOST_CONTEXT && (op.addr < HSX_WINDOW_START || op.addr >= windows_end);
}

template <class Rams> void access_outside(Rams &rams, hsx_bus_op &op)
{
    if (op.addr < HSX_HOST_CODE) {
        uint32_t word = move_lanes(rams.data_ram.get(op.addr / 4), op);
        if (op.write)
            rams.data_ram.put(op.addr / 4, word);
        return;
    }
    size_t at = (op.addr - HSX_HOST_CODE) / 4;
    if (!op.write)
        op.data = rams.code_ram.get(at);
    else if (op.sel == 0xF)
        rams.code_ram.put(at, op.data);
}

// False: it takes the bus. The core has been held for some clocks.
template <class Rams> bool access(Rams &rams, hsx_bus_op &op, uint32_t windows_end)
{
    if (is_outside(op, windows_end)) {
        access_outside(rams, op);
        return true;
    }
    if (op.addr < HSX_HOST_CODE) {
        uint32_t word = move_lanes(read_window(rams, op.addr), op);
        if (op.write)
            write_window(rams, op.addr, word);
        return true;
    }
    if (op.addr < HSX_HOST_CONTROL) {
        size_t slot = (op.addr - HSX_HOST_CONTEXT) / HSX_HOST_CONTEXT_SIZE;
        unsigned field = op.addr % HSX_HOST_CONTEXT_SIZE / 4;
        if (slot >= rams.ram_pc.size() || field >= HSX_CONTEXT_FIELDS)
            return false;
        if (op.write)
            write_field(rams, slot, field, op.data);
        else
            op.data = read_field(rams, slot, field);
        return true;
    }
    uint32_t rows = op.write ? 0 : rows_of(op.addr);
    if (rows != 0)
        op.data = read_total(rams, rows);
    return rows != 0;
}

} // namespace direct

#endif
