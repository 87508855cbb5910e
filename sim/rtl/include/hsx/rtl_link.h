// SPDX-License-Identifier: Apache-2.0
/*
 * A core as its harness sees it: clock, reset, Wishbone, retirement port.
 * Implemented by the Verilated models (sim/verilator), by a vvp process
 * (sim/icarus) and by a board on a serial line (sim/serial); <hsx/rtl.h> makes
 * a struct hsx_target of each.
 *
 * The clock of a simulation moves only inside these calls. A link is used by one thread at a
 * time. After an error, message() says what happened, in one line.
 */
#ifndef HSX_RTL_LINK_H
#define HSX_RTL_LINK_H

#include <hsx/host_map.h>
#include <hsx/machine.h>
#include <hsx/status.h>
#include <signal.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hsx_rtl_link;

/* One Wishbone access. */
struct hsx_bus_op {
    uint32_t addr; /* byte address, multiple of 4, below 0x100000 */
    uint32_t data; /* in for a write, out for a read */
    uint8_t sel;   /* byte lanes, bit 0 for the lowest address */
    bool write;
};

enum hsx_rtl_outcome {
    HSX_RTL_FULL,       /* capacity records, and at least one more will come */
    HSX_RTL_HELD,       /* the core is held and all its records are out */
    HSX_RTL_HANG,       /* hang_limit cycles went by without record or hold */
    HSX_RTL_INTERRUPTED /* fewer records, and the core goes on: the caller may tell it to hold */
};

struct hsx_rtl_batch {
    struct hsx_record *records;             /* in: room for capacity */
    uint64_t *cycles;                       /* in: the same, or NULL; when each was shown */
    size_t capacity;                        /* in: at least 1 */
    uint64_t hang_limit;                    /* in: cycles */
    const volatile sig_atomic_t *interrupt; /* in: NULL, or ends the call when it is not 0 */
    uint32_t order;                         /* in: number of the first record; out: of the next */
    size_t count;                           /* out */
    enum hsx_rtl_outcome outcome;           /* out */
};

/* The ports that tell a processor beside the core what happened. */
struct hsx_rtl_traps {
    bool idle, valid;
    uint8_t kind, slot;
    uint16_t imm;
};

/* A wave shows cycle c at c ns, with the record of that cycle on the port: its rising edge
 * lies half a cycle before. While the core is held no time goes by, but for a fifth of a
 * cycle in which `held` is seen. */
struct hsx_rtl_wave {
    const char *path;  /* outlives the link */
    bool vcd;          /* else FST */
    uint64_t from, to; /* cycles; outside of them nothing is recorded */
};

enum hsx_ram {
    HSX_RAM_CODE,
    HSX_RAM_DATA /* without the windows, which are inside the core */
};

/* Lost slots (docs/host_map.md) as they come, added up. */
struct hsx_lost_watch {
    uint64_t slots[HSX_HOST_LOST_CAUSES];
    /* close[a][b]: a slot was lost for b at most HSX_LOST_CLOSE cycles behind one for a */
    uint64_t close[HSX_HOST_LOST_CAUSES][HSX_HOST_LOST_CAUSES];
};

enum { HSX_LOST_CLOSE = 10 };

struct hsx_rtl_link_ops {
    const char *simulator; /* "verilator" or "icarus" */

    void (*destroy)(struct hsx_rtl_link *link);

    /* Reset of one clock, and those until the core is held; the memories keep what they hold. */
    enum hsx_status (*reset)(struct hsx_rtl_link *link);

    /* Accesses in order, one after another. */
    enum hsx_status (*bus)(struct hsx_rtl_link *link, struct hsx_bus_op *ops, size_t count);

    /* Clock a core that was let go until the batch is full, the core is held, hangs or is
     * interrupted. Records are handed on in the record order; the port may show one
     * late, within the window of <hsx/reorder.h>. A number that is missing when
     * the core is held, comes twice or lies outside of the window is
     * HSX_ERR_MACHINE, with the records up to the wrong one in the batch. */
    enum hsx_status (*run)(struct hsx_rtl_link *link, struct hsx_rtl_batch *batch);

    /* Words of the memories outside the core, without the clock moving: a
     * loader's and checker's shortcut. addr in bytes, 4-aligned. */
    enum hsx_status (*read_ram)(struct hsx_rtl_link *link, enum hsx_ram ram, uint32_t addr,
                                uint32_t *words, size_t count);
    enum hsx_status (*write_ram)(struct hsx_rtl_link *link, enum hsx_ram ram, uint32_t addr,
                                 const uint32_t *words, size_t count);

    /* The same for the register windows, which are in the core and take many clocks
     * a word over the bus; or NULL. All words asked for are in windows. */
    enum hsx_status (*read_windows)(struct hsx_rtl_link *link, uint32_t addr, uint32_t *words,
                                    size_t count);

    /* From now on the bus accesses of a held core that need no clock are done without it,
     * with the same results; windows_end is the first data address behind the windows
     * in the core, 0 ends it. NULL: none can be. */
    void (*access_directly)(struct hsx_rtl_link *link, uint32_t windows_end);

    /* mark remembers all of the simulation, go_back makes it that again; HSX_ERR_STATE: not
     * now, as while signals are recorded. Both NULL: never. */
    enum hsx_status (*mark)(struct hsx_rtl_link *link);
    enum hsx_status (*go_back)(struct hsx_rtl_link *link);

    /* Record all signals, once in the life of a link. The file is complete when the link is
     * destroyed; whether all of it could be written is for the caller to see.
     * HSX_ERR_STATE: this core was built without wave output. */
    enum hsx_status (*wave)(struct hsx_rtl_link *link, const struct hsx_rtl_wave *wave);

    /* Wait until a core that was let go is held, without its records; HSX_ERR_MACHINE: it never
     * is. It is told to hold when *interrupt, or NULL, is not 0. What it did is in its counters.
     * NULL: only run tells what a core does. */
    enum hsx_status (*wait)(struct hsx_rtl_link *link, const volatile sig_atomic_t *interrupt);

    /* Make both memories zero; a held core may run meanwhile, and its counters are then to be
     * set anew. NULL: by writing them. */
    enum hsx_status (*clear)(struct hsx_rtl_link *link);

    /* Clock cycles in which the core was not held, since the last reset. */
    uint64_t (*cycles)(const struct hsx_rtl_link *link);

    const char *(*message)(const struct hsx_rtl_link *link);

    /* What the trap ports show now. NULL: nobody looks at them. */
    void (*read_traps)(const struct hsx_rtl_link *link, struct hsx_rtl_traps *traps);

    /* From now on add the lost slots to *watch, which outlives the link; NULL ends it. As an
     * operation NULL: a slot is seen by nobody. */
    void (*watch_lost)(struct hsx_rtl_link *link, struct hsx_lost_watch *watch);
};

/* An implementation embeds this as its first member. */
struct hsx_rtl_link {
    const struct hsx_rtl_link_ops *ops;
};

#ifdef __cplusplus
}
#endif

#endif
