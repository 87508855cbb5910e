// SPDX-License-Identifier: Apache-2.0
/* A VCD file, for tests. */
#ifndef TESTS_WAVE_VCD_H
#define TESTS_WAVE_VCD_H

#include <stdbool.h>
#include <stdint.h>

struct vcd;

struct vcd *vcd_read(const char *path);
void vcd_free(struct vcd *vcd);

/* The first and last time of it. */
uint64_t vcd_first(const struct vcd *vcd);
uint64_t vcd_last(const struct vcd *vcd);
/* "100ps" */
const char *vcd_timescale(const struct vcd *vcd);

bool vcd_has(const struct vcd *vcd, const char *path);
/* Bits of a signal, by its full name, at a time, most significant first; NULL: no such
 * signal or no value yet. */
const char *vcd_bits(const struct vcd *vcd, const char *path, uint64_t time);
/* The same as a number of at most 64 bits, without x. */
uint64_t vcd_number(const struct vcd *vcd, const char *path, uint64_t time);

#endif
