// SPDX-License-Identifier: Apache-2.0
#include "gates.h"
#include <stdlib.h>
#include <string.h>

/* GATES_LANES values of 8 bits from 8 words, and back, in groups of 8 lanes: bit i of byte l is bit
 * l of byte i. */
static uint64_t transpose(uint64_t x)
{
    uint64_t t = (x ^ x >> 7) & UINT64_C(0x00AA00AA00AA00AA);

    x ^= t ^ t << 7;
    t = (x ^ x >> 14) & UINT64_C(0x0000CCCC0000CCCC);
    x ^= t ^ t << 14;
    t = (x ^ x >> 28) & UINT64_C(0x00000000F0F0F0F0);
    return x ^ t ^ t << 28;
}

/* The numbers that `bits` nets make in eight lanes from `first` on. */
static void gather(const int *nets, int bits, int first, uint16_t *values)
{
    for (int low = 0; low < bits; low += 8) {
        uint64_t x = 0;

        for (int i = 0; i < 8 && low + i < bits; i++) {
            x |= (gates_nets[nets[low + i]] >> first & 0xFF) << 8 * i;
        }
        x = transpose(x);
        for (int lane = 0; lane < 8; lane++) {
            uint16_t byte = (uint16_t)((x >> 8 * lane & 0xFF) << low);

            values[lane] = low == 0 ? byte : (uint16_t)(values[lane] | byte);
        }
    }
}

/* The reverse, into words. */
static void scatter(const uint16_t *values, int first, gates_word *words)
{
    for (int low = 0; low < GATES_RAM_BITS; low += 8) {
        uint64_t x = 0;

        for (int lane = 0; lane < 8; lane++) {
            x |= (uint64_t)(values[lane] >> low & 0xFF) << 8 * lane;
        }
        x = transpose(x);
        for (int i = 0; i < 8; i++) {
            words[low + i] |= (x >> 8 * i & 0xFF) << first;
        }
    }
}

static uint16_t *row(const struct gates_ram *ram, const uint16_t *addresses, int lane)
{
    int rows = 1 << ram->address_bits;

    return &ram->cells[lane * rows + (addresses[lane] & (rows - 1))];
}

static void read_ram(const struct gates_ram *ram, int lanes, gates_word *data)
{
    memset(data, 0, sizeof *data * GATES_RAM_BITS);
    for (int first = 0; first < lanes; first += 8) {
        uint16_t words[8];

        for (int lane = 0; lane < 8; lane++) {
            words[lane] = *row(ram, gates_address_values[ram->read_address], first + lane);
        }
        scatter(words, first, data);
    }
}

static void write_ram(const struct gates_ram *ram, gates_word enabled)
{
    while (enabled != 0) {
        int first = __builtin_ctzll(enabled) & ~7;
        uint16_t words[8] = {0}, masks[8] = {0};

        gather(ram->write_data, ram->bits, first, words);
        gather(ram->mask, ram->bits, first, masks);
        for (int lane = 0; lane < 8; lane++) {
            if (enabled >> (first + lane) & 1) {
                uint16_t *cell = row(ram, gates_address_values[ram->write_address], first + lane);

                *cell = (uint16_t)((*cell & masks[lane]) | (words[lane] & ~masks[lane]));
            }
        }
        enabled &= ~((gates_word)0xFF << first);
    }
}

static gates_word both(int a, int b)
{
    return gates_nets[a] & gates_nets[b];
}

void gates_begin(void)
{
    const char *planted = getenv("HSX_PLANTED");

    memset(gates_nets, 0, sizeof gates_nets[0] * (size_t)gates_net_count);
    for (int i = 0; i < gates_ram_count; i++) {
        size_t words = (size_t)GATES_LANES << gates_rams[i].address_bits;

        memset(gates_rams[i].cells, 0, words * sizeof *gates_rams[i].cells);
    }
    gates_nets[1] = ~(gates_word)0;
    gates_nets[2] = planted && strcmp(planted, "1") == 0 ? ~(gates_word)0 : 0;
    gates_evaluate(gates_nets);
}

void gates_clock(int lanes)
{
    gates_word in_use = ~(gates_word)0 >> (GATES_LANES - lanes);

    gates_next_state(gates_nets, gates_next);
    for (int a = 0; a < gates_address_count; a++) {
        for (int first = 0; first < lanes; first += 8) {
            gather(gates_addresses[a], GATES_ADDRESS_BITS, first, &gates_address_values[a][first]);
        }
    }
    for (int i = 0; i < gates_ram_count; i++) {
        const struct gates_ram *ram = &gates_rams[i];

        gates_reading[i] = both(ram->read_clock_enable, ram->read_enable) & in_use;
        if (gates_reading[i] != 0) {
            read_ram(ram, lanes, gates_read_values[i]);
        }
    }
    for (int i = 0; i < gates_ram_count; i++) {
        const struct gates_ram *ram = &gates_rams[i];

        write_ram(ram, both(ram->write_clock_enable, ram->write_enable) & in_use);
    }
    for (int i = 0; i < gates_ram_count; i++) {
        const struct gates_ram *ram = &gates_rams[i];

        for (int bit = 0; bit < ram->bits && gates_reading[i] != 0; bit++) {
            gates_word *net = &gates_nets[ram->read_data[bit]];

            *net = gates_choose(*net, gates_read_values[i][bit], gates_reading[i]);
        }
    }
    memcpy(&gates_nets[gates_first_flop], gates_next,
           sizeof gates_next[0] * (size_t)gates_flop_count);
}
