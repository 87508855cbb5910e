// SPDX-License-Identifier: Apache-2.0
/* A netlist in which each bit of a word is a separate core: lane 0 is the core, each other lane
 * may have a mutant. lanes.py writes the logic, lanes.c clocks it. */
#ifndef LANES_H
#define LANES_H

#include <stdint.h>

enum { LANES = 256, LANE_PARTS = LANES / 64 };

typedef uint64_t lanes_word __attribute__((vector_size(LANES / 8), may_alias));

/* A RAM: cell[row * width + bit]; a port's bits are consecutive, in tables of nets. */
struct lanes_memory {
    int address_bits, rows, width, write_ports;
    const int *write_address, *write_data, *write_enable;
    lanes_word *cells;
};

struct lanes_port {
    const char *name; /* NULL ends the list */
    int bits;
    const int *net;
};

/* Nets 0 and 1 are constants; the registers' outputs are consecutive. */
extern const struct lanes_memory lanes_memories[];
extern const int lanes_memory_count;
extern const struct lanes_port lanes_ports[];
extern const int *const lanes_flop_d;
extern const int lanes_first_flop, lanes_flops;
extern lanes_word lanes_nets[];
extern const int lanes_net_count;

static inline lanes_word lanes_choose(lanes_word a, lanes_word b, lanes_word select)
{
    return a ^ ((a ^ b) & select);
}

/* All nets that follow from inputs, registers and RAMs. */
void lanes_evaluate(lanes_word *nets);

/* The row at an address, into the nets from data on. */
void lanes_read(lanes_word *nets, const struct lanes_memory *memory, const int *address, int data);

#endif
