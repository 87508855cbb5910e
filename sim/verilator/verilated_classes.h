// SPDX-License-Identifier: Apache-2.0
// Included first in everything that uses a Verilated class, and compiled in advance with clang++:
// half of what it takes to compile a small model is Verilator's header.
#ifndef HSX_VERILATED_CLASSES_H
#define HSX_VERILATED_CLASSES_H

#include <verilated.h>

// What runs once for each model is not worth optimizing. VM_PARALLEL_BUILDS=0 compiles it in one
// file with the rest, so that OPT_SLOW does not reach it.
#if defined(__clang__)
#undef VL_ATTR_COLD
#define VL_ATTR_COLD __attribute__((cold, noinline, optnone))
#endif

#endif
