// SPDX-License-Identifier: Apache-2.0
/* A Verilated model as a struct hsx_rtl_link. */
#include "verilated_model.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SETTLE_CLOCKS = 4, /* after a reset the core is held by then */
    BUS_LIMIT = 10000,
    QUIET_CLOCKS = 4 /* by then a held core has written everything, including counters */
};

static struct hsx_model *model_of(const struct hsx_rtl_link *link)
{
    return (struct hsx_model *)link;
}

static void cycle(struct hsx_model *m)
{
    m->verilated->cycle(m);
    if (m->lost.watch) {
        hsx_model_note_lost(&m->lost, &m->lost_signals);
    }
}

static enum hsx_status wrong_order(struct hsx_model *m)
{
    m->message = m->reorder.message;
    return HSX_ERR_MACHINE;
}

/* The record on the port waits until it is due. */
static enum hsx_status keep(struct hsx_model *m)
{
    struct hsx_retired retired;

    m->verilated->capture(m, &retired.record);
    retired.cycle = m->cycles;
    retired.order = *m->pins.ret_order;
    return hsx_reorder_put(&m->reorder, &retired) == HSX_OK ? HSX_OK : wrong_order(m);
}

static void model_destroy(struct hsx_rtl_link *link)
{
    struct hsx_model *m = model_of(link);

    free(m->mark);
    m->verilated->destroy(m);
}

static enum hsx_status model_reset(struct hsx_rtl_link *link)
{
    struct hsx_model *m = model_of(link);
    void (*eval)(struct hsx_model *, unsigned) = m->verilated->eval;
    bool clean = true;

    *m->pins.wb_cyc = 0;
    *m->pins.wb_stb = 0;
    *m->pins.rst = 1;
    eval(m, 0);
    eval(m, 1);
    *m->pins.rst = 0;
    eval(m, 0);
    eval(m, 1); /* hsx_sim_top passes the reset on a cycle late */
    eval(m, 0);
    for (int i = 0; i < SETTLE_CLOCKS; i++) {
        clean = clean && !*m->pins.ret_valid;
        eval(m, 1);
        eval(m, 0);
    }
    hsx_reorder_clear(&m->reorder);
    m->cycles = 0;
    m->quiet = 0;
    if (clean && *m->pins.held) {
        return HSX_OK;
    }
    m->message = clean ? "not held after a reset" : "a record after a reset";
    return HSX_ERR_MACHINE;
}

/* One classic cycle: strobe until the acknowledge is seen at a rising edge. */
static enum hsx_status transfer(struct hsx_model *m, struct hsx_bus_op *op)
{
    const struct hsx_model_pins *pins = &m->pins;
    enum hsx_status status = HSX_OK;
    bool acknowledged = false;

    *pins->wb_cyc = 1;
    *pins->wb_stb = 1;
    *pins->wb_we = op->write;
    *pins->wb_adr = op->addr >> 2;
    *pins->wb_sel = op->sel;
    *pins->wb_dat_i = op->data;
    for (int i = 0; i < BUS_LIMIT && !acknowledged && status == HSX_OK; i++) {
        acknowledged = *pins->wb_ack;
        if (acknowledged && !op->write) {
            op->data = *pins->wb_dat_o;
        }
        cycle(m);
        if (*pins->ret_valid) {
            status = keep(m);
        }
    }
    *pins->wb_cyc = 0;
    *pins->wb_stb = 0;
    m->quiet = 0;
    if (status == HSX_OK && !acknowledged) {
        snprintf(m->text, sizeof m->text, "no acknowledge from host address 0x%05X", op->addr);
        m->message = m->text;
        return HSX_ERR_MACHINE;
    }
    return status;
}

/* False: the access needs the bus. */
static bool access_directly(struct hsx_model *m, struct hsx_bus_op *op, enum hsx_status *status)
{
    if (m->windows_end == 0 || !*m->pins.held) {
        return false;
    }
    for (; m->quiet < QUIET_CLOCKS && *status == HSX_OK; m->quiet++) {
        cycle(m);
        if (*m->pins.ret_valid) {
            *status = keep(m);
        }
    }
    return *status != HSX_OK || hsx_rtl_rams_access(&m->rams, op, m->windows_end);
}

static enum hsx_status model_bus(struct hsx_rtl_link *link, struct hsx_bus_op *ops, size_t count)
{
    struct hsx_model *m = model_of(link);
    enum hsx_status status = HSX_OK;

    for (size_t i = 0; i < count && status == HSX_OK; i++) {
        if (!access_directly(m, &ops[i], &status)) {
            status = transfer(m, &ops[i]);
        }
    }
    return status;
}

/* The place of a run's next record. */
struct place {
    struct hsx_record *record;
    struct hsx_record *end;
    uint64_t *cycle; /* NULL: not requested */
};

static void step(struct place *place, size_t count)
{
    place->record += count;
    if (place->cycle) {
        place->cycle += count;
    }
}

/* Passes on the records that are due and present. */
static void take_due(struct hsx_model *m, struct place *place)
{
    step(place, hsx_reorder_drain(&m->reorder, place->record, place->cycle,
                                  (size_t)(place->end - place->record)));
}

/* Takes the record on the port. */
static enum hsx_status take_record(struct hsx_model *m, struct place *place)
{
    enum hsx_status status;

    if (place->record != place->end && hsx_reorder_pass(&m->reorder, *m->pins.ret_order)) {
        m->verilated->capture(m, place->record);
        if (place->cycle) {
            *place->cycle = m->cycles;
        }
        step(place, 1);
        return HSX_OK;
    }
    status = keep(m);
    if (status == HSX_OK) {
        take_due(m, place);
    }
    return status;
}

/* A batch is full when there is a record that it has no room for. */
static enum hsx_status clock_core(struct hsx_model *m, struct hsx_rtl_batch *batch,
                                  struct place *place)
{
    const struct hsx_model_pins *pins = &m->pins;
    uint64_t waited = 0;
    enum hsx_status status = HSX_OK;

    while (status == HSX_OK && (place->record != place->end || hsx_reorder_empty(&m->reorder))) {
        if (*pins->held) {
            batch->outcome = HSX_RTL_HELD;
            return hsx_reorder_finish(&m->reorder) == HSX_OK ? HSX_OK : wrong_order(m);
        }
        if (batch->interrupt && *batch->interrupt != 0 && place->record != place->end) {
            batch->outcome = HSX_RTL_INTERRUPTED;
            return HSX_OK;
        }
        cycle(m);
        if (*pins->ret_valid) {
            status = take_record(m, place);
            waited = 0;
        } else if (++waited == batch->hang_limit) {
            batch->outcome = HSX_RTL_HANG;
            return HSX_OK;
        }
    }
    batch->outcome = HSX_RTL_FULL;
    return status;
}

static enum hsx_status model_run(struct hsx_rtl_link *link, struct hsx_rtl_batch *batch)
{
    struct hsx_model *m = model_of(link);
    struct place place = {batch->records, batch->records + batch->capacity, batch->cycles};
    enum hsx_status status = hsx_reorder_expect(&m->reorder, batch->order);

    m->quiet = 0;
    if (status == HSX_OK) {
        take_due(m, &place);
        status = clock_core(m, batch, &place);
    } else {
        wrong_order(m);
    }
    batch->count = (size_t)(place.record - batch->records);
    batch->order += (uint32_t)batch->count;
    return status;
}

/* Words of these are 32 bits wide in the simulator, too. */
static uint32_t *words_of(struct hsx_model *m, enum hsx_ram ram)
{
    return ram == HSX_RAM_CODE ? m->rams.code_ram.memory : m->rams.data_ram.memory;
}

static enum hsx_status model_read_ram(struct hsx_rtl_link *link, enum hsx_ram ram, uint32_t addr,
                                      uint32_t *words, size_t count)
{
    memcpy(words, words_of(model_of(link), ram) + addr / 4, 4 * count);
    return HSX_OK;
}

static enum hsx_status model_write_ram(struct hsx_rtl_link *link, enum hsx_ram ram, uint32_t addr,
                                       const uint32_t *words, size_t count)
{
    memcpy(words_of(model_of(link), ram) + addr / 4, words, 4 * count);
    return HSX_OK;
}

static enum hsx_status model_read_windows(struct hsx_rtl_link *link, uint32_t addr, uint32_t *words,
                                          size_t count)
{
    const struct hsx_model *m = model_of(link);

    for (size_t i = 0; i < count; i++) {
        words[i] = hsx_rtl_rams_register(&m->rams, addr + 4 * (uint32_t)i);
    }
    return HSX_OK;
}

static void model_access_directly(struct hsx_rtl_link *link, uint32_t windows_end)
{
    model_of(link)->windows_end = windows_end;
}

static enum hsx_status model_mark(struct hsx_rtl_link *link)
{
    struct hsx_model *m = model_of(link);

    if (!m->mark) {
        m->mark = malloc(m->state_size);
    }
    if (!m->mark) {
        return HSX_ERR_MEMORY;
    }
    memcpy(m->mark, m->state, m->state_size);
    m->marked_reorder = m->reorder;
    m->marked_cycles = m->cycles;
    return HSX_OK;
}

static enum hsx_status model_go_back(struct hsx_rtl_link *link)
{
    struct hsx_model *m = model_of(link);

    memcpy(m->state, m->mark, m->state_size);
    m->reorder = m->marked_reorder;
    m->cycles = m->marked_cycles;
    m->quiet = 0;
    return HSX_OK;
}

static enum hsx_status model_wave(struct hsx_rtl_link *link, const struct hsx_rtl_wave *wave)
{
    struct hsx_model *m = model_of(link);
    enum hsx_status status;

    if (!m->verilated->wave) {
        m->message = "this model was built without wave output";
        return HSX_ERR_STATE;
    }
    status = m->verilated->wave(m, wave);
    if (status == HSX_ERR_IO) {
        /* Its path may be that of a temporary file, which tells a user nothing. */
        snprintf(m->text, sizeof m->text, "the wave cannot be written: %s", strerror(errno));
        m->message = m->text;
    }
    return status;
}

static uint64_t model_cycles(const struct hsx_rtl_link *link)
{
    return model_of(link)->cycles;
}

static const char *model_message(const struct hsx_rtl_link *link)
{
    return model_of(link)->message;
}

static void model_read_traps(const struct hsx_rtl_link *link, struct hsx_rtl_traps *traps)
{
    const struct hsx_model_pins *pins = &model_of(link)->pins;

    traps->idle = *pins->idle != 0;
    traps->valid = *pins->trap_valid != 0;
    traps->kind = *pins->trap_kind;
    traps->slot = *pins->trap_slot;
    traps->imm = *pins->trap_imm;
}

static void model_watch_lost(struct hsx_rtl_link *link, struct hsx_lost_watch *watch)
{
    struct hsx_model *m = model_of(link);

    memset(&m->lost, 0, sizeof m->lost);
    m->lost.watch = watch;
}

void hsx_model_init(struct hsx_model *m)
{
    static const struct hsx_rtl_link_ops ops = {
        .simulator = "verilator",
        .destroy = model_destroy,
        .reset = model_reset,
        .bus = model_bus,
        .run = model_run,
        .read_ram = model_read_ram,
        .write_ram = model_write_ram,
        .access_directly = model_access_directly,
        .wave = model_wave,
        .cycles = model_cycles,
        .message = model_message,
        .read_traps = model_read_traps,
    };

    m->ops = ops;
    if (m->rams.regs.size != 0) {
        m->ops.read_windows = model_read_windows;
    }
    if (m->state) {
        m->ops.mark = model_mark;
        m->ops.go_back = model_go_back;
    }
    if (m->lost_signals.row) {
        m->ops.watch_lost = model_watch_lost;
    }
    m->message = "";
    m->link.ops = &m->ops;
}
