// SPDX-License-Identifier: Apache-2.0
// Accesses of the host port done on the memories of a held Verilated core, without its
// clock: the same words come out of a read, and the same ones are written.
//
// This file knows where the core keeps what the host map shows: the RAMs by their names,
// and what their words hold by hsx_contexts.v, hsx_totals.v, hsx_windows.v and
// hsx_windows.vh. Queue and
// control registers are flip-flops, which the clock alone moves. Lock-step finds a word
// that is put in the wrong place, and test_direct.c holds each read to the bus.
#ifndef HSX_DIRECT_ACCESS_H
#define HSX_DIRECT_ACCESS_H

#include <cstddef>
#include <cstdint>
#include <hsx/rtl.h>

namespace direct
{

// Names of Verilator 5.006: the path from the top, without the memory's type.
#define HSX_IN_TOP(name)      root.hsx_sim_top__DOT__##name
#define HSX_IN_CORE(path)     HSX_IN_TOP(core__DOT__##path)
#define HSX_WINDOW_RAM(name)  HSX_IN_CORE(windows__DOT__ram__DOT__##name)
#define HSX_CONTEXT_RAM(name) HSX_IN_CORE(contexts__DOT__##name##__DOT__mem)
#define HSX_TOTALS_ROWS       HSX_IN_CORE(totals__DOT__rows__DOT__mem)

template <class Ram> constexpr size_t words_of(const Ram &)
{
    return sizeof(Ram) / sizeof(std::declval<Ram>()[0]);
}

// The place of the window at addr among those that the RAMs have room for: the low bits of its
// number, but for 128 windows bit 6 is bit 7 of the number.
template <class Root> size_t window_of(Root &root, uint32_t addr)
{
    constexpr size_t windows = sizeof HSX_WINDOW_RAM(r15_high) / sizeof HSX_WINDOW_RAM(r15_high)[0];
    size_t number = addr / HSX_WINDOW_SIZE;
    return windows == 128 ? (number & 0x3F) | (number >> 1 & 0x40) : number % windows;
}

// The register at addr; R15 has RAMs of its own, one for each half.
template <class Root> uint32_t read_window(Root &root, uint32_t addr)
{
    size_t window = window_of(root, addr);
    size_t reg = addr / 4 % HSX_REGISTERS;
    if (reg != HSX_REGISTERS - 1)
        return HSX_WINDOW_RAM(regs)[HSX_REGISTERS * window + reg];
    return (uint32_t)HSX_WINDOW_RAM(r15_high)[window] << 16 | HSX_WINDOW_RAM(r15_low)[window];
}

template <class Root> void write_window(Root &root, uint32_t addr, uint32_t word)
{
    size_t window = window_of(root, addr);
    size_t reg = addr / 4 % HSX_REGISTERS;
    if (reg != HSX_REGISTERS - 1) {
        HSX_WINDOW_RAM(regs)[HSX_REGISTERS * window + reg] = word;
        return;
    }
    HSX_WINDOW_RAM(r15_low)[window] = static_cast<uint16_t>(word);
    HSX_WINDOW_RAM(r15_high)[window] = static_cast<uint16_t>(word >> 16);
}

// What only the host writes is beyond the windows in r15_low, field by field.
template <class Root> auto &row_of(Root &root, size_t slot, unsigned field)
{
    constexpr size_t fields = 16;
    constexpr size_t rows = sizeof HSX_WINDOW_RAM(r15_low) / sizeof HSX_WINDOW_RAM(r15_low)[0];
    return HSX_WINDOW_RAM(r15_low)[rows / fields * field + slot];
}

// A word of which each byte can be written.
template <class Word> void move_lanes(Word &word, hsx_bus_op &op)
{
    if (!op.write) {
        op.data = word;
        return;
    }
    for (unsigned lane = 0; lane < 4; lane++) {
        uint32_t mask = op.sel >> lane & 1 ? 0xFFu << 8 * lane : 0;
        word = static_cast<Word>((word & ~mask) | (op.data & mask));
    }
}

template <class Ram>
void put_bits(Ram &ram, size_t slot, unsigned first, unsigned count, uint32_t value)
{
    uint32_t mask = ((1u << count) - 1) << first;
    ram[slot] = static_cast<uint16_t>((ram[slot] & ~mask) | (value << first & mask));
}

enum { PSW = 0, STATE = 4, WINDOW = 8 }; // first bits in ram_window_state_psw

template <class Root> uint32_t read_field(Root &root, size_t slot, unsigned field)
{
    uint32_t written = row_of(root, slot, field);
    switch (field) {
    case HSX_CONTEXT_PC:
        return HSX_CONTEXT_RAM(ram_pc)[slot];
    case HSX_CONTEXT_SP:
        return HSX_CONTEXT_RAM(ram_sp)[slot];
    case HSX_CONTEXT_CALL_DEPTH:
        return HSX_CONTEXT_RAM(ram_depth)[slot];
    case HSX_CONTEXT_PSW:
        return HSX_CONTEXT_RAM(ram_window_state_psw)[slot] >> PSW & 0xF;
    case HSX_CONTEXT_STATE:
        return HSX_CONTEXT_RAM(ram_window_state_psw)[slot] >> STATE & 0xF;
    case HSX_CONTEXT_CODE_LEN:
        return (HSX_CONTEXT_RAM(ram_code_len)[slot] & 0x4000u) << 2 | written;
    default:
        return written;
    }
}

template <class Root> void write_field(Root &root, size_t slot, unsigned field, uint32_t value)
{
    uint16_t low = static_cast<uint16_t>(value);

    if (field != HSX_CONTEXT_PC) // whose row is R15's
        row_of(root, slot, field) = low;
    switch (field) {
    case HSX_CONTEXT_PC:
        HSX_CONTEXT_RAM(ram_pc)[slot] = low;
        break;
    case HSX_CONTEXT_SP:
        HSX_CONTEXT_RAM(ram_sp)[slot] = low;
        break;
    case HSX_CONTEXT_REG_BASE:
        put_bits(HSX_CONTEXT_RAM(ram_window_state_psw), slot, WINDOW, 8,
                 static_cast<uint32_t>(window_of(root, low)));
        break;
    case HSX_CONTEXT_STACK_LIMIT:
        HSX_CONTEXT_RAM(ram_stack_limit)[slot] = low;
        break;
    case HSX_CONTEXT_STACK_TOP:
        HSX_CONTEXT_RAM(ram_stack_top)[slot] = low;
        break;
    case HSX_CONTEXT_CODE_BASE: // words, above the flags
        put_bits(HSX_CONTEXT_RAM(ram_code_base), slot, 2, 14, low >> 2);
        break;
    case HSX_CONTEXT_FLAGS:
        put_bits(HSX_CONTEXT_RAM(ram_code_base), slot, 0, 2, low);
        break;
    case HSX_CONTEXT_CODE_LEN: // words
        HSX_CONTEXT_RAM(ram_code_len)[slot] = value >> 2 & 0x7FFF;
        break;
    case HSX_CONTEXT_DATA_BASE: // words, below whether it is below 0x4000
        put_bits(HSX_CONTEXT_RAM(ram_data_base), slot, 0, 15,
                 (low < HSX_DATA_LINK) << 14 | low >> 2);
        break;
    case HSX_CONTEXT_DATA_LEN:
        HSX_CONTEXT_RAM(ram_data_len)[slot] = low;
        break;
    case HSX_CONTEXT_CALL_DEPTH:
        HSX_CONTEXT_RAM(ram_depth)[slot] = low;
        break;
    case HSX_CONTEXT_PSW:
        put_bits(HSX_CONTEXT_RAM(ram_window_state_psw), slot, PSW, 4, low);
        break;
    case HSX_CONTEXT_STATE:
        put_bits(HSX_CONTEXT_RAM(ram_window_state_psw), slot, STATE, 4, low);
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
template <class Root> uint32_t read_total(Root &root, uint32_t rows)
{
    uint32_t sum = 0;
    for (unsigned row = 0; row < 16; row++)
        if (rows >> row & 1)
            sum += HSX_TOTALS_ROWS[2 * row] + HSX_TOTALS_ROWS[2 * row + 1];
    return sum;
}

// False: it takes the bus. The core has been held for some clocks; windows_end as in
// hsx_target_rtl_create.
template <class Root> bool access(Root &root, hsx_bus_op &op, uint32_t windows_end)
{
    if (op.addr < HSX_HOST_CODE) {
        bool window = op.addr >= HSX_WINDOW_START && op.addr < windows_end;
        if (!window) {
            move_lanes(HSX_IN_TOP(data_ram)[op.addr / 4], op);
            return true;
        }
        uint32_t word = read_window(root, op.addr);
        move_lanes(word, op);
        if (op.write)
            write_window(root, op.addr, word);
        return true;
    }
    if (op.addr < HSX_HOST_CONTEXT) {
        auto &word = HSX_IN_TOP(code_ram)[(op.addr - HSX_HOST_CODE) / 4];
        if (!op.write)
            op.data = word;
        else if (op.sel == 0xF)
            word = op.data;
        return true;
    }
    if (op.addr < HSX_HOST_CONTROL) {
        size_t slot = (op.addr - HSX_HOST_CONTEXT) / HSX_HOST_CONTEXT_SIZE;
        unsigned field = op.addr % HSX_HOST_CONTEXT_SIZE / 4;
        if (slot >= words_of(HSX_CONTEXT_RAM(ram_pc)) || field >= HSX_CONTEXT_FIELDS)
            return false;
        if (op.write)
            write_field(root, slot, field, op.data);
        else
            op.data = read_field(root, slot, field);
        return true;
    }
    uint32_t rows = op.write ? 0 : rows_of(op.addr);
    if (rows != 0)
        op.data = read_total(root, rows);
    return rows != 0;
}

#undef HSX_IN_TOP
#undef HSX_IN_CORE
#undef HSX_WINDOW_RAM
#undef HSX_CONTEXT_RAM
#undef HSX_TOTALS_ROWS

} // namespace direct

#endif
