// SPDX-License-Identifier: Apache-2.0
// What Verilator's C++ is needed for. Compiled once for each Verilated hsx_sim_top, with
// HSX_MODEL, its headers and HSX_MODEL_CREATE given on the command line; model_link.c is the rest
// of a model.
#include HSX_MODEL_HEADER
#include HSX_MODEL_ROOT_HEADER
#include "verilated_model.h"
#include <cstdlib>
#include <hsx/model.h>
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

// The function that Verilator evaluates at an edge; missing if it has another name.
#define HSX_JOIN(a, b)         a##b
#define HSX_JOINED(a, b)       HSX_JOIN(a, b)
#define HSX_MODEL_ROOT         HSX_JOINED(HSX_MODEL, ___024root)
#define HSX_MODEL_EVAL_CLOCKED HSX_JOINED(HSX_MODEL, ___024root___eval_nba)
extern void HSX_MODEL_EVAL_CLOCKED(HSX_MODEL_ROOT *) __attribute__((weak));

namespace
{

struct Model : hsx_model {
    VerilatedContext context;
    std::unique_ptr<HSX_MODEL> top;
#if VM_TRACE_FST
    std::unique_ptr<WaveFile> file; // NULL: not requested
#endif

    explicit Model(unsigned seed);

    // The model's scopes are removed from the thread's context, which is that of the
    // model created last and may be destroyed: make it ours.
    ~Model()
    {
        Verilated::threadContextp(&context);
    }
};

Model &model_of(const hsx_model *m)
{
    return *static_cast<Model *>(const_cast<hsx_model *>(m));
}

void eval(hsx_model *m, unsigned clk)
{
    HSX_MODEL &top = *model_of(m).top;
    top.clk = clk;
    top.eval();
}

// No register uses the falling edge, and no output depends on an input, so it need not be evaluated
// without a wave.
#if VM_TRACE_FST
void cycle(hsx_model *m)
{
    WaveFile *file = model_of(m).file.get();
    eval(m, 0);
    if (file)
        file->low(m->cycles);
    eval(m, 1);
    m->cycles += !*m->pins.held;
    if (file)
        file->high(m->cycles, *m->pins.held);
}

hsx_status wave(hsx_model *m, const hsx_rtl_wave *wanted)
{
    Model &model = model_of(m);
    model.file.reset(new (std::nothrow) WaveFile(*wanted));
    if (!model.file)
        return HSX_ERR_MEMORY;
    if (model.file->open(*model.top))
        return HSX_OK;
    model.file.reset();
    return HSX_ERR_IO;
}
#else
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

void cycle(hsx_model *m)
{
    const HSX_MODEL &top = *model_of(m).top;
    if (!raise_clock(*top.rootp, 0)) {
        eval(m, 0);
        eval(m, 1);
    }
    m->cycles += !top.held;
}

constexpr decltype(hsx_model_class::wave) wave = nullptr;
#endif

void capture(const hsx_model *m, hsx_record *r)
{
    const HSX_MODEL &t = *model_of(m).top;
    unsigned access = 0;
    unsigned flags = 0;
#define HSX_RET_VALUE(name, bits, member, when, text)  r->member = t.ret_##name;
#define HSX_RET_ACCESS(name, bits, factor, when, text) access |= t.ret_##name * factor;
#define HSX_RET_FLAG(name, bits, factor, when, text)   flags |= t.ret_##name * factor;
#include <retire.def>
    r->access = static_cast<uint8_t>(access);
    r->flags = static_cast<uint8_t>(flags);
}

#if VM_COVERAGE
// Writes the coverage of the model to a separate file, whose name begins as set in the environment.
void write_coverage(Model &model)
{
    static unsigned number;
    if (const char *path = getenv("HSX_MODEL_COVERAGE"))
        model.context.coveragep()->write(
            (std::string(path) + "." + std::to_string(getpid()) + "." + std::to_string(number++))
                .c_str());
}
#endif

void destroy(hsx_model *m)
{
    Model &model = model_of(m);
    model.top->final();
#if VM_COVERAGE
    write_coverage(model);
#endif
#if VM_TRACE_FST
    if (model.file) {
        eval(m, 0);
        model.file->low(m->cycles);
        model.file->close();
    }
#endif
    delete &model;
}

const hsx_model_class verilated = {destroy, eval, cycle, capture, wave};

uint32_t get(const hsx_rtl_ram *ram, size_t n)
{
    switch (ram->word_bytes) {
    case sizeof(CData):
        return static_cast<const CData *>(ram->memory)[n];
    case sizeof(SData):
        return static_cast<const SData *>(ram->memory)[n];
    default:
        return static_cast<const IData *>(ram->memory)[n];
    }
}

void put(const hsx_rtl_ram *ram, size_t n, uint32_t word)
{
    switch (ram->word_bytes) {
    case sizeof(CData):
        static_cast<CData *>(ram->memory)[n] = static_cast<CData>(word);
        break;
    case sizeof(SData):
        static_cast<SData *>(ram->memory)[n] = static_cast<SData>(word);
        break;
    default:
        static_cast<IData *>(ram->memory)[n] = word;
        break;
    }
}

// Names of Verilator 5.006: the path from the top, without the memory's type. A netlist has no
// RAMs with the names of those in the core.
void find_rams(hsx_rtl_rams &rams, HSX_MODEL_ROOT &root)
{
    rams.get = get;
    rams.put = put;
#define HSX_RAM(name, path)                                                                        \
    rams.name = {&root.hsx_sim_top__DOT__##path[0],                                                \
                 sizeof root.hsx_sim_top__DOT__##path / sizeof root.hsx_sim_top__DOT__##path[0],   \
                 sizeof root.hsx_sim_top__DOT__##path[0]};
#define HSX_TOP_RAM(name) HSX_RAM(name, name)
#ifdef HSX_GATE_LEVEL
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
}

Model::Model(unsigned seed) : hsx_model{}
{
    if (seed) {
        context.randReset(2);
        context.randSeed(static_cast<int>(seed));
    }
#if VM_TRACE_FST
    context.traceEverOn(true);
#endif
    top.reset(new HSX_MODEL(&context, "core"));

    HSX_MODEL &t = *top;
    verilated = &::verilated;
    pins = {&t.rst,       &t.wb_cyc,    &t.wb_stb,   &t.wb_we,     &t.wb_sel,   &t.wb_adr,
            &t.wb_dat_i,  &t.wb_ack,    &t.held,     &t.ret_valid, &t.idle,     &t.trap_valid,
            &t.trap_kind, &t.trap_slot, &t.trap_imm, &t.wb_dat_o,  &t.ret_order};
    HSX_MODEL_ROOT &root = *t.rootp;
    find_rams(rams, root);
#ifndef HSX_GATE_LEVEL
    lost_signals = {&root.hsx_sim_top__DOT__core__DOT__totals__DOT__what,
                    &root.hsx_sim_top__DOT__core__DOT__totals__DOT__counts,
                    &root.hsx_sim_top__DOT__core__DOT__revoked};
#if !VM_TRACE_FST
    // The whole design is in one class without references to its own parts, as Verilator inlines
    // the modules; test_stops_random.c goes back and runs again. A netlist may be cut into several
    // classes, and waves cannot go back.
    state = &root;
    state_size = sizeof root;
#endif
#endif
    hsx_model_init(this);
}

} // namespace

#ifdef HSX_MODEL_LAYOUT
extern "C" const char hsx_model_shared_layout[];
extern "C" const char hsx_model_shared_layout[] = HSX_MODEL_LAYOUT;
#endif

extern "C" enum hsx_status HSX_MODEL_CREATE(unsigned seed, struct hsx_rtl_link **link)
{
    // The model allocates with a new that throws, and its callers are in C.
    try {
        *link = &(new Model(seed))->link;
        return HSX_OK;
    } catch (const std::bad_alloc &) {
        return HSX_ERR_MEMORY;
    }
}
