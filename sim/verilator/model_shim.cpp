// SPDX-License-Identifier: Apache-2.0
// A Verilated hsx_sim_top as a struct hsx_rtl_link. Compiled once for each
// model, with HSX_MODEL, its headers and HSX_MODEL_CREATE given on the command
// line.
#include HSX_MODEL_HEADER
#include HSX_MODEL_ROOT_HEADER
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <hsx/model.h>
#include <hsx/reorder.h>
#include <memory>
#include <new>
#include <string>
#include <verilated.h>
#if VM_TRACE_FST
#include "wave_file.h"
#endif
#if VM_COVERAGE
#include <unistd.h>
#include <verilated_cov.h>
#endif

#ifndef HSX_GATE_LEVEL
#include "lost_slots.h"
#endif
#include <direct_access.h>

// The function that Verilator evaluates at an edge; missing if it has another name.
#define HSX_JOIN(a, b)         a##b
#define HSX_JOINED(a, b)       HSX_JOIN(a, b)
#define HSX_MODEL_ROOT         HSX_JOINED(HSX_MODEL, ___024root)
#define HSX_MODEL_EVAL_CLOCKED HSX_JOINED(HSX_MODEL, ___024root___eval_nba)
extern void HSX_MODEL_EVAL_CLOCKED(HSX_MODEL_ROOT *) __attribute__((weak));

namespace
{

enum {
    SETTLE_CLOCKS = 4, // after a reset the core is held by then
    BUS_LIMIT = 10000,
    QUIET_CLOCKS = 4 // by then a held core has written everything, including counters
};

#if !VM_TRACE_FST
// A rising edge, without the search for changes since the last evaluation: only the clock
// has changed, as hsx_sim_top connects its inputs only to registers. False: the model is
// not like those of Verilator 5.006, and must be evaluated completely.
template <class Root>
auto raise_clock(Root &root, int) -> decltype(root.__VnbaTriggered.at(0) = true, bool())
{
    if (sizeof root.__VnbaTriggered != 1 || !HSX_MODEL_EVAL_CLOCKED)
        return false;
    root.__VnbaTriggered.at(0) = true;
    HSX_MODEL_EVAL_CLOCKED(&root);
    return true;
}

template <class Root> bool raise_clock(Root &, long)
{
    return false;
}
#endif

struct Model : hsx_rtl_link {
    VerilatedContext context;
    std::unique_ptr<HSX_MODEL> top;
    hsx_reorder reorder = {}; // records that came outside of run, in excess or out of order
    uint64_t cycles = 0;
    std::string message;
    uint32_t windows_end = 0;     // not 0: accesses without the clock; see <direct_access.h>
    std::unique_ptr<char[]> mark; // the state of the Verilated class, with
    hsx_reorder marked_reorder;
    uint64_t marked_cycles;
#ifndef HSX_GATE_LEVEL
    LostSlots lost;
#endif
    unsigned quiet = 0; // clocks since the core or its bus did something, up to QUIET_CLOCKS
#if VM_TRACE_FST
    std::unique_ptr<WaveFile> wave; // NULL: not requested
#endif
    Model(unsigned seed);

    // The model's scopes are removed from the thread's context, which is that of the
    // model created last and may be destroyed: make it ours.
    ~Model()
    {
        Verilated::threadContextp(&context);
    }

    void eval(unsigned clk)
    {
        top->clk = clk;
        top->eval();
    }

    // One cycle, up to its rising edge, with the inputs as they are; records are
    // sampled after it. No register uses the falling edge, and no output depends on an
    // input, so it need not be evaluated without a wave.
    void cycle()
    {
#if VM_TRACE_FST
        eval(0);
        if (wave)
            wave->low(cycles);
        eval(1);
#else
        if (!raise_clock(*top->rootp, 0)) {
            eval(0);
            eval(1);
        }
#endif
        cycles += !top->held;
#ifndef HSX_GATE_LEVEL
        lost.note(*top->rootp);
#endif
#if VM_TRACE_FST
        if (wave)
            wave->high(cycles, top->held);
#endif
    }

    void capture(hsx_record &record) const;

    hsx_status keep();

    hsx_status wrong_order()
    {
        message = reorder.message;
        return HSX_ERR_MACHINE;
    }
};

Model *model_of(const hsx_rtl_link *link)
{
    return static_cast<Model *>(const_cast<hsx_rtl_link *>(link));
}

#ifdef HSX_GATE_LEVEL
decltype(hsx_rtl_link_ops::watch_lost) const model_watch_lost = nullptr;
#else
void model_watch_lost(hsx_rtl_link *link, hsx_lost_watch *watch)
{
    model_of(link)->lost = LostSlots(watch);
}
#endif

void Model::capture(hsx_record &r) const
{
    const HSX_MODEL &t = *top;
    unsigned access = 0;
    unsigned flags = 0;
#define HSX_RET_VALUE(name, bits, member, when, text)  r.member = t.ret_##name;
#define HSX_RET_ACCESS(name, bits, factor, when, text) access |= t.ret_##name * factor;
#define HSX_RET_FLAG(name, bits, factor, when, text)   flags |= t.ret_##name * factor;
#include <retire.def>
    r.access = static_cast<uint8_t>(access);
    r.flags = static_cast<uint8_t>(flags);
}

// The record on the port waits until it is due.
hsx_status Model::keep()
{
    hsx_retired retired;
    capture(retired.record);
    retired.cycle = cycles;
    retired.order = top->ret_order;
    return hsx_reorder_put(&reorder, &retired) == HSX_OK ? HSX_OK : wrong_order();
}

#if VM_COVERAGE
// Writes the coverage of the model to a separate file, whose name begins as set in the environment.
void write_coverage(Model *m)
{
    static unsigned number;
    if (const char *path = getenv("HSX_MODEL_COVERAGE"))
        m->context.coveragep()->write(
            (std::string(path) + "." + std::to_string(getpid()) + "." + std::to_string(number++))
                .c_str());
}
#endif

void model_destroy(hsx_rtl_link *link)
{
    Model *m = model_of(link);
    m->top->final();
#if VM_COVERAGE
    write_coverage(m);
#endif
#if VM_TRACE_FST
    if (m->wave) {
        m->eval(0);
        m->wave->low(m->cycles);
        m->wave->close();
    }
#endif
    delete m;
}

hsx_status model_reset(hsx_rtl_link *link)
{
    Model *m = model_of(link);
    m->top->wb_cyc = 0;
    m->top->wb_stb = 0;
    m->top->rst = 1;
    m->eval(0);
    m->eval(1);
    m->top->rst = 0;
    m->eval(0);
    m->eval(1); // hsx_sim_top passes the reset on a cycle late
    m->eval(0);
    bool clean = true;
    for (int i = 0; i < SETTLE_CLOCKS; i++) {
        clean = clean && !m->top->ret_valid;
        m->eval(1);
        m->eval(0);
    }
    hsx_reorder_clear(&m->reorder);
    m->cycles = 0;
    m->quiet = 0;
    if (clean && m->top->held)
        return HSX_OK;
    m->message = clean ? "not held after a reset" : "a record after a reset";
    return HSX_ERR_MACHINE;
}

// One classic cycle: strobe until the acknowledge is seen at a rising edge.
hsx_status transfer(Model *m, hsx_bus_op *op)
{
    HSX_MODEL &t = *m->top;
    t.wb_cyc = 1;
    t.wb_stb = 1;
    t.wb_we = op->write;
    t.wb_adr = op->addr >> 2;
    t.wb_sel = op->sel;
    t.wb_dat_i = op->data;
    hsx_status status = HSX_OK;
    bool acknowledged = false;
    for (int i = 0; i < BUS_LIMIT && !acknowledged && status == HSX_OK; i++) {
        acknowledged = t.wb_ack;
        if (acknowledged && !op->write)
            op->data = t.wb_dat_o;
        m->cycle();
        if (t.ret_valid)
            status = m->keep();
    }
    t.wb_cyc = 0;
    t.wb_stb = 0;
    m->quiet = 0;
    if (status == HSX_OK && !acknowledged) {
        char text[80];
        snprintf(text, sizeof text, "no acknowledge from host address 0x%05X", op->addr);
        m->message = text;
        return HSX_ERR_MACHINE;
    }
    return status;
}

template <class Array> struct Words {
    Array &words;

    size_t size() const
    {
        return sizeof(Array) / sizeof words[0];
    }

    uint32_t get(size_t n) const
    {
        return words[n];
    }

    void put(size_t n, uint32_t word)
    {
        words[n] = static_cast<std::decay_t<decltype(words[0])>>(word);
    }
};

// Names of Verilator 5.006: the path from the top, without the memory's type.
struct Rams {
    HSX_MODEL_ROOT &root;
#define HSX_RAM(name, path)                                                                        \
    Words<decltype(HSX_MODEL_ROOT::hsx_sim_top__DOT__##path)> name{root.hsx_sim_top__DOT__##path};
#define HSX_TOP_RAM(name) HSX_RAM(name, name)
#ifdef HSX_GATE_LEVEL
// A netlist has no RAMs with these names.
#define HSX_WINDOW_RAM(name)
#define HSX_CONTEXT_RAM(name)
#define HSX_TOTALS_RAM(name)
#else
#define HSX_WINDOW_RAM(name)  HSX_RAM(name, core__DOT__windows__DOT__ram__DOT__##name)
#define HSX_CONTEXT_RAM(name) HSX_RAM(name, core__DOT__contexts__DOT__##name##__DOT__mem)
#define HSX_TOTALS_RAM(name)  HSX_RAM(name, core__DOT__totals__DOT__##name##__DOT__mem)
#endif
#include <core_rams.def>
#undef HSX_RAM
};

// False: the access needs the bus.
bool access_directly(Model *m, hsx_bus_op *op, hsx_status *status)
{
    if (m->windows_end == 0 || !m->top->held)
        return false;
#ifdef HSX_GATE_LEVEL
    if (!direct::is_outside(*op, m->windows_end))
        return false;
#endif
    for (; m->quiet < QUIET_CLOCKS && *status == HSX_OK; m->quiet++) {
        m->cycle();
        if (m->top->ret_valid)
            *status = m->keep();
    }
    Rams rams{*m->top->rootp};
#ifdef HSX_GATE_LEVEL
    if (*status == HSX_OK)
        direct::access_outside(rams, *op);
    return true;
#else
    return *status != HSX_OK || direct::access(rams, *op, m->windows_end);
#endif
}

hsx_status model_bus(hsx_rtl_link *link, hsx_bus_op *ops, size_t count)
{
    Model *m = model_of(link);
    hsx_status status = HSX_OK;
    for (size_t i = 0; i < count && status == HSX_OK; i++)
        if (!access_directly(m, &ops[i], &status))
            status = transfer(m, &ops[i]);
    return status;
}

// The place of a run's next record.
struct Place {
    hsx_record *record;
    hsx_record *const end;
    uint64_t *cycle; // NULL: not requested

    void step(size_t count)
    {
        record += count;
        if (cycle)
            cycle += count;
    }
};

// Passes on the records that are due and present.
void take_due(Model *m, Place &place)
{
    place.step(hsx_reorder_drain(&m->reorder, place.record, place.cycle,
                                 static_cast<size_t>(place.end - place.record)));
}

// Takes the record on the port.
hsx_status take_record(Model *m, Place &place)
{
    if (place.record != place.end && hsx_reorder_pass(&m->reorder, m->top->ret_order)) {
        m->capture(*place.record);
        if (place.cycle)
            *place.cycle = m->cycles;
        place.step(1);
        return HSX_OK;
    }
    hsx_status status = m->keep();
    if (status == HSX_OK)
        take_due(m, place);
    return status;
}

hsx_status held(Model *m, hsx_rtl_batch *batch)
{
    batch->outcome = HSX_RTL_HELD;
    return hsx_reorder_finish(&m->reorder) == HSX_OK ? HSX_OK : m->wrong_order();
}

// A batch is full when there is a record that it has no room for.
hsx_status clock(Model *m, hsx_rtl_batch *batch, Place &place)
{
    const HSX_MODEL &t = *m->top;
    uint64_t waited = 0;
    hsx_status status = HSX_OK;
    while (status == HSX_OK && (place.record != place.end || hsx_reorder_empty(&m->reorder))) {
        if (t.held)
            return held(m, batch);
        if (batch->interrupt && *batch->interrupt != 0 && place.record != place.end) {
            batch->outcome = HSX_RTL_INTERRUPTED;
            return HSX_OK;
        }
        m->cycle();
        if (t.ret_valid) {
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

hsx_status model_run(hsx_rtl_link *link, hsx_rtl_batch *batch)
{
    Model *m = model_of(link);
    Place place = {batch->records, batch->records + batch->capacity, batch->cycles};
    m->quiet = 0;
    hsx_status status = hsx_reorder_expect(&m->reorder, batch->order);
    if (status == HSX_OK) {
        take_due(m, place);
        status = clock(m, batch, place);
    } else {
        m->wrong_order();
    }
    batch->count = static_cast<size_t>(place.record - batch->records);
    batch->order += static_cast<uint32_t>(batch->count);
    return status;
}

IData *ram_of(Model *m, hsx_ram ram)
{
    return ram == HSX_RAM_CODE ? &m->top->rootp->hsx_sim_top__DOT__code_ram[0]
                               : &m->top->rootp->hsx_sim_top__DOT__data_ram[0];
}

hsx_status model_read_ram(hsx_rtl_link *link, hsx_ram ram, uint32_t addr, uint32_t *words,
                          size_t count)
{
    memcpy(words, ram_of(model_of(link), ram) + addr / 4, 4 * count);
    return HSX_OK;
}

hsx_status model_write_ram(hsx_rtl_link *link, hsx_ram ram, uint32_t addr, const uint32_t *words,
                           size_t count)
{
    memcpy(ram_of(model_of(link), ram) + addr / 4, words, 4 * count);
    return HSX_OK;
}

#ifdef HSX_GATE_LEVEL
decltype(hsx_rtl_link_ops::read_windows) const model_read_windows = nullptr;
#else
hsx_status model_read_windows(hsx_rtl_link *link, uint32_t addr, uint32_t *words, size_t count)
{
    Rams rams{*model_of(link)->top->rootp};
    for (size_t i = 0; i < count; i++)
        words[i] = direct::read_window(rams, addr + 4 * (uint32_t)i);
    return HSX_OK;
}
#endif

void model_access_directly(hsx_rtl_link *link, uint32_t windows_end)
{
    model_of(link)->windows_end = windows_end;
}

#if defined(HSX_GATE_LEVEL) || VM_TRACE_FST
// A netlist may be cut into several classes, and waves cannot go back.
decltype(hsx_rtl_link_ops::mark) const model_mark = nullptr;
decltype(hsx_rtl_link_ops::go_back) const model_go_back = nullptr;
#else
// The whole design is in one class without references to its own parts: Verilator inlines the
// modules. A test goes back and runs again.
hsx_status model_mark(hsx_rtl_link *link)
{
    Model *m = model_of(link);
    size_t size = sizeof *m->top->rootp;
    if (!m->mark)
        m->mark.reset(new (std::nothrow) char[size]);
    if (!m->mark)
        return HSX_ERR_MEMORY;
    memcpy(m->mark.get(), static_cast<const void *>(m->top->rootp), size);
    m->marked_reorder = m->reorder;
    m->marked_cycles = m->cycles;
    return HSX_OK;
}

hsx_status model_go_back(hsx_rtl_link *link)
{
    Model *m = model_of(link);
    memcpy(static_cast<void *>(m->top->rootp), m->mark.get(), sizeof *m->top->rootp);
    m->reorder = m->marked_reorder;
    m->cycles = m->marked_cycles;
    m->quiet = 0;
    return HSX_OK;
}
#endif

hsx_status model_wave(hsx_rtl_link *link, const hsx_rtl_wave *wave)
{
    Model *m = model_of(link);
#if VM_TRACE_FST
    m->wave.reset(new (std::nothrow) WaveFile(*wave));
    if (!m->wave)
        return HSX_ERR_MEMORY;
    if (m->wave->open(*m->top))
        return HSX_OK;
    m->wave.reset();
    m->message = std::string(wave->path) + ": cannot be written";
    return HSX_ERR_IO;
#else
    static_cast<void>(wave);
    m->message = "this model was built without wave output";
    return HSX_ERR_STATE;
#endif
}

uint64_t model_cycles(const hsx_rtl_link *link)
{
    return model_of(link)->cycles;
}

const char *model_message(const hsx_rtl_link *link)
{
    return model_of(link)->message.c_str();
}

void model_read_traps(const hsx_rtl_link *link, hsx_rtl_traps *traps)
{
    const HSX_MODEL &t = *model_of(link)->top;
    *traps = {t.idle != 0, t.trap_valid != 0, t.trap_kind, t.trap_slot, t.trap_imm};
}

const hsx_rtl_link_ops model_ops = {
    "verilator",
    model_destroy,
    model_reset,
    model_bus,
    model_run,
    model_read_ram,
    model_write_ram,
    model_read_windows,
    model_access_directly,
    model_mark,
    model_go_back,
    model_wave,
    nullptr,
    nullptr,
    model_cycles,
    model_message,
    model_read_traps,
    model_watch_lost,
};

Model::Model(unsigned seed) : hsx_rtl_link{&model_ops}
{
    if (seed) {
        context.randReset(2);
        context.randSeed(static_cast<int>(seed));
    }
#if VM_TRACE_FST
    context.traceEverOn(true);
#endif
    top.reset(new HSX_MODEL(&context, "core"));
}

} // namespace

#ifdef HSX_MODEL_LAYOUT
extern "C" const char hsx_model_shared_layout[];
extern "C" const char hsx_model_shared_layout[] = HSX_MODEL_LAYOUT;
#endif

extern "C" enum hsx_status HSX_MODEL_CREATE(unsigned seed, struct hsx_rtl_link **link)
{
    Model *m = new (std::nothrow) Model(seed);
    if (!m)
        return HSX_ERR_MEMORY;
    *link = m;
    return HSX_OK;
}
