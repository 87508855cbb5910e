// SPDX-License-Identifier: Apache-2.0
/*
 * A core as its harness sees it: clock, reset, Wishbone, retirement port.
 * Implemented by the Verilated models (sim/verilator), by a vvp process
 * (sim/icarus) and by a board on a serial line (sim/serial); <hsx/rtl.h> makes
 * a struct hsx_target of each.
 *
 * The clock of a simulation advances only inside these calls. A link is used by one thread at a
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
    HSX_RTL_HANG,       /* hang_limit cycles passed without record or hold */
    HSX_RTL_INTERRUPTED /* fewer records, and the core still runs: the caller may request a hold */
};

struct hsx_rtl_batch {
    struct hsx_record *records;             /* in: room for capacity */
    uint64_t *cycles;                       /* in: the same, or NULL; the cycle of each record */
    size_t capacity;                        /* in: at least 1 */
    uint64_t hang_limit;                    /* in: cycles */
    const volatile sig_atomic_t *interrupt; /* in: NULL, or ends the call when it is not 0 */
    uint32_t order;                         /* in: number of the first record; out: of the next */
    size_t count;                           /* out */
    enum hsx_rtl_outcome outcome;           /* out */
};

/* The ports that signal events to a processor next to the core. */
struct hsx_rtl_traps {
    bool idle, valid;
    uint8_t kind, slot;
    uint16_t imm;
};

/* A wave shows cycle c at c ns, with the record of that cycle on the port: its rising edge
 * is half a cycle earlier. While the core is held time does not advance, except for a
 * fifth of a cycle in which `held` is visible. */
struct hsx_rtl_wave {
    const char *path;  /* must outlive the link */
    bool vcd;          /* else FST */
    uint64_t from, to; /* the recorded cycles */
};

enum hsx_ram {
    HSX_RAM_CODE,
    HSX_RAM_DATA /* without the windows, which are inside the core */
};

/* Running totals of lost slots (docs/host_map.md). */
struct hsx_lost_watch {
    uint64_t slots[HSX_HOST_LOST_CAUSES];
    /* close[a][b]: a slot was lost for b at most HSX_LOST_CLOSE cycles after one for a */
    uint64_t close[HSX_HOST_LOST_CAUSES][HSX_HOST_LOST_CAUSES];
};

enum { HSX_LOST_CLOSE = 10 };

struct hsx_rtl_link_ops {
    const char *simulator; /* "verilator" or "icarus" */

    void (*destroy)(struct hsx_rtl_link *link);

    /* Reset of one clock, then clocks until the core is held; the memories keep their contents. */
    enum hsx_status (*reset)(struct hsx_rtl_link *link);

    /* Accesses in order, one after another. */
    enum hsx_status (*bus)(struct hsx_rtl_link *link, struct hsx_bus_op *ops, size_t count);

    /* Clock a core that was let run until the batch is full, the core is held, hangs or
     * is interrupted. Records are returned in the record order; the port may show one
     * late, within the window of <hsx/reorder.h>. A number that is missing when the core
     * is held, is repeated or is outside the window is HSX_ERR_MACHINE, with the records
     * up to the wrong one in the batch. */
    enum hsx_status (*run)(struct hsx_rtl_link *link, struct hsx_rtl_batch *batch);

    /* Words of the memories outside the core, without clocks: a shortcut for loading and
     * checking. addr is in bytes, a multiple of 4. */
    enum hsx_status (*read_ram)(struct hsx_rtl_link *link, enum hsx_ram ram, uint32_t addr,
                                uint32_t *words, size_t count);
    enum hsx_status (*write_ram)(struct hsx_rtl_link *link, enum hsx_ram ram, uint32_t addr,
                                 const uint32_t *words, size_t count);

    /* The same for the register windows, which are in the core and take many clocks per
     * word over the bus; or NULL. All requested words must be in windows. */
    enum hsx_status (*read_windows)(struct hsx_rtl_link *link, uint32_t addr, uint32_t *words,
                                    size_t count);

    /* From now on the bus accesses of a held core that need no clock are done without it,
     * with the same results; windows_end is the first data address after the windows in
     * the core, 0 ends this mode. NULL: not supported. */
    void (*access_directly)(struct hsx_rtl_link *link, uint32_t windows_end);

    /* mark remembers the state of the simulation, go_back restores it; HSX_ERR_STATE: not
     * possible now, as while signals are recorded. Both NULL: not supported. */
    enum hsx_status (*mark)(struct hsx_rtl_link *link);
    enum hsx_status (*go_back)(struct hsx_rtl_link *link);

    /* Record all signals, once in the lifetime of a link. The file is complete when the
     * link is destroyed; the caller must check whether all of it could be written.
     * HSX_ERR_STATE: this core was built without wave output. */
    enum hsx_status (*wave)(struct hsx_rtl_link *link, const struct hsx_rtl_wave *wave);

    /* Wait until a core that was let run is held, without records; HSX_ERR_MACHINE: it never is.
     * When *interrupt is not 0 (interrupt may be NULL), it is requested to hold. Its counters
     * show what it did. NULL: not supported, only run. */
    enum hsx_status (*wait)(struct hsx_rtl_link *link, const volatile sig_atomic_t *interrupt);

    /* Make both memories zero. For this a held core may run, and its counters must be set
     * again afterwards. NULL: write them instead. */
    enum hsx_status (*clear)(struct hsx_rtl_link *link);

    /* Clock cycles in which the core was not held, since the last reset. */
    uint64_t (*cycles)(const struct hsx_rtl_link *link);

    const char *(*message)(const struct hsx_rtl_link *link);

    /* The present values of the trap ports. NULL: not supported. */
    void (*read_traps)(const struct hsx_rtl_link *link, struct hsx_rtl_traps *traps);

    /* From now on add the lost slots to *watch, which must outlive the link; watch NULL ends
     * it. Operation NULL: not supported. */
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
