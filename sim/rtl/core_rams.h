// SPDX-License-Identifier: Apache-2.0
/*
 * Accesses of the host port executed on the memories of a held core, without its clock: the
 * same words are read and written.
 *
 * What the words contain is known here, from hsx_contexts.v, hsx_totals.v, hsx_windows.v and
 * hsx_windows.vh. Queue and control registers are flip-flops, which only the clock changes.
 * Lock-step detects a word in the wrong place, and test_direct.c compares each read with the
 * bus.
 */
#ifndef HSX_CORE_RAMS_H
#define HSX_CORE_RAMS_H

#include <hsx/rtl_link.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A memory in a simulator. */
struct hsx_rtl_ram {
    void *memory;        /* for get and put */
    size_t size;         /* words; 0: the design has no such memory */
    unsigned word_bytes; /* 1, 2 or 4: of a word in the simulator, if get and put depend on it */
};

/* Those of core_rams.def. Words have at most 32 bits. */
struct hsx_rtl_rams {
    uint32_t (*get)(const struct hsx_rtl_ram *ram, size_t n);
    void (*put)(const struct hsx_rtl_ram *ram, size_t n, uint32_t word);
#define HSX_TOP_RAM(name)     struct hsx_rtl_ram name;
#define HSX_WINDOW_RAM(name)  struct hsx_rtl_ram name;
#define HSX_CONTEXT_RAM(name) struct hsx_rtl_ram name;
#define HSX_TOTALS_RAM(name)  struct hsx_rtl_ram name;
#include "core_rams.def"
};

/* False: the access takes the bus, and nothing has been done. The core has been held for some
 * clocks; windows_end as in hsx_rtl_link_ops.access_directly. Without register windows in rams,
 * as in a netlist, only the two memories outside the core are accessed. */
bool hsx_rtl_rams_access(const struct hsx_rtl_rams *rams, struct hsx_bus_op *op,
                         uint32_t windows_end);

/* The register at the data address addr, which is in the windows in the core. */
uint32_t hsx_rtl_rams_register(const struct hsx_rtl_rams *rams, uint32_t addr);

#ifdef __cplusplus
}
#endif

#endif
