// SPDX-License-Identifier: Apache-2.0
/* A netlist of iCE40 cells of which each bit of a word is a core of its own. netlist.py writes the
 * logic, gates.c clocks it. */
#ifndef GATES_H
#define GATES_H

#include <stdint.h>

enum { GATES_LANES = 64, GATES_ADDRESS_BITS = 11, GATES_RAM_BITS = 16 };

typedef uint64_t gates_word;

struct gates_port {
    const char *name; /* NULL ends the list */
    int bits;
};

/* One or several SB_RAM40_4K: 1 << address_bits words of `bits` bits for each lane, one lane after
 * another. The addresses are numbers of gates_addresses, the others of nets. A mask of 1 keeps a
 * bit. */
struct gates_ram {
    int address_bits, read_address, write_address;
    int read_clock_enable, read_enable, write_clock_enable, write_enable;
    int bits;
    int mask[GATES_RAM_BITS], write_data[GATES_RAM_BITS], read_data[GATES_RAM_BITS];
    uint16_t *cells;
};

/* Nets 0 and 1 are constants, 2 is one where the fault is planted; the flip-flops' outputs come one
 * after another. Inputs and outputs: each bit of each port but the clock, the first port first. */
extern gates_word gates_nets[];
extern gates_word gates_next[];
extern const int gates_net_count;
extern const int gates_first_flop, gates_flop_count;
extern const int gates_inputs[], gates_outputs[];
extern const int gates_input_count, gates_output_count;
extern const struct gates_port gates_output_ports[];
extern const int gates_addresses[][GATES_ADDRESS_BITS];
extern const int gates_address_count;
extern const struct gates_ram gates_rams[];
extern const int gates_ram_count;

/* For gates_clock: each address in each lane, what each RAM reads, and in which lanes. */
extern uint16_t gates_address_values[][GATES_LANES];
extern gates_word gates_read_values[][GATES_RAM_BITS];
extern gates_word gates_reading[];

static inline gates_word gates_choose(gates_word no, gates_word yes, gates_word select)
{
    return no ^ ((no ^ yes) & select);
}

/* Made by netlist.py: all nets that follow from inputs, flip-flops and what RAMs have read; and
 * what the flip-flops take at the clock. */
void gates_evaluate(gates_word *nets);
void gates_next_state(const gates_word *nets, gates_word *next);

/* The cores as they are after power-up, with the fault if the environment's HSX_PLANTED is 1. */
void gates_begin(void);

/* An edge of the clock for the first `lanes` cores, when all nets are evaluated. */
void gates_clock(int lanes);

#endif
