// SPDX-License-Identifier: Apache-2.0
/* What the ports of a core had at each clock from its power-up on, in a file: for each clock a word
 * with RECORDING_CLOCK and a bit for each of the following words that is not what it was (at first
 * all are 0), then those. A word 0 is the end; what may come behind it says nothing. Words are the
 * inputs', then the outputs', without the clock, in the order of netlist.py, in the byte order of
 * the machine.
 *
 * That of a bench is text (netlist.py's NAME_monitor.v): for each clock a line with the bits of the
 * inputs, a space and those of the outputs, the highest first; x is unknown. */
#ifndef RECORDING_H
#define RECORDING_H

#include <stdint.h>

enum { RECORDING_WORDS = 31 };
#define RECORDING_CLOCK (UINT32_C(1) << RECORDING_WORDS)

/* Words that hold so many bits. */
static inline int recording_words(int bits)
{
    return (bits + 31) / 32;
}

#endif
