// SPDX-License-Identifier: Apache-2.0
/*
 * A Verilated hsx_sim_top as model_link.c sees it. model_shim.cpp makes one of each Verilated
 * class: it evaluates the class, and shows where its pins and memories are.
 */
#ifndef HSX_VERILATED_MODEL_H
#define HSX_VERILATED_MODEL_H

#include "lost_slots.h"
#include <core_rams.h>
#include <hsx/reorder.h>
#include <hsx/rtl_link.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hsx_model;

struct hsx_model_class {
    void (*destroy)(struct hsx_model *m);
    /* The whole design, with this clock. */
    void (*eval)(struct hsx_model *m, unsigned clk);
    /* One cycle, up to its rising edge, with the pins as they are; records are sampled after
     * it. Counts it in m->cycles unless the core is held then. */
    void (*cycle)(struct hsx_model *m);
    /* The record on the retirement port. */
    void (*capture)(const struct hsx_model *m, struct hsx_record *record);
    /* HSX_ERR_IO: the file cannot be written. NULL: built without wave output. */
    enum hsx_status (*wave)(struct hsx_model *m, const struct hsx_rtl_wave *wave);
};

/* Those of hsx_sim_top. */
struct hsx_model_pins {
    uint8_t *rst, *wb_cyc, *wb_stb, *wb_we, *wb_sel;
    uint32_t *wb_adr, *wb_dat_i;
    const uint8_t *wb_ack, *held, *ret_valid, *idle, *trap_valid, *trap_kind, *trap_slot;
    const uint16_t *trap_imm;
    const uint32_t *wb_dat_o, *ret_order;
};

struct hsx_model {
    struct hsx_rtl_link link;

    /* Set by the shim, then by hsx_model_init. */
    const struct hsx_model_class *verilated;
    struct hsx_model_pins pins;
    struct hsx_rtl_rams rams; /* in a netlist only those outside the core */
    void *state;              /* all of the design in one piece; NULL: it is not in one piece */
    size_t state_size;
    struct hsx_lost_signals lost_signals; /* NULL: the design has none */
    struct hsx_rtl_link_ops ops;

    uint64_t cycles;
    struct hsx_lost_slots lost;
    struct hsx_reorder reorder; /* records that came outside of run, in excess or out of order */
    uint32_t windows_end;       /* not 0: accesses without the clock */
    unsigned quiet;             /* clocks since the core or its bus did something, up to a few */
    void *mark;                 /* a copy of state, with */
    struct hsx_reorder marked_reorder;
    uint64_t marked_cycles;
    const char *message;
    char text[4224]; /* room for a message with a path */
};

/* Makes it a link; a model that is zeroed except for what the shim sets. */
void hsx_model_init(struct hsx_model *m);

#ifdef __cplusplus
}
#endif

#endif
