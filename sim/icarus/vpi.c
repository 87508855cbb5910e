// SPDX-License-Identifier: Apache-2.0
/*
 * VPI module: clocks hsx_icarus_top as the harness at the other end of the
 * socket asks (protocol.h). The simulation stands still while $hsx_drive waits
 * for a request.
 */
#include "direct_vpi.h"
#include "protocol.h"
#include "signals_vpi.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
    RESET_CLOCKS = 1,
    SETTLE_CLOCKS = 4 /* behind it the core is held by then */,
    BUS_LIMIT = 10000,
    QUIET_CLOCKS = 4 /* a held core has then written all it has to, counters too */,
    TENTHS = 10 /* of a cycle: the unit of time */
};

enum mode { WAITING, RESETTING, BUS, RUNNING, ENDING, ENDED };

/* One simulation is one process: there is one of it. */
static struct bridge {
    struct retirement_port port;
    vpiHandle rst, cyc, stb, we, adr, sel, dat_i, dat_o, ack, held, ret_valid;
    vpiHandle ram[2];
    vpiHandle counted, wave_start, wave_skip, wave_stop, wave_path;
    enum mode mode;
    struct icarus_request request;
    struct icarus_reply reply;
    struct hsx_bus_op ops[ICARUS_OPS];
    uint32_t done; /* operations, or clocks of the reset */
    uint32_t waited_for_ack;
    bool acknowledged;
    uint32_t windows_end; /* where accesses without the clock are wanted, else 0 */
    uint32_t quiet;       /* clocks since the core or its bus did something, up to QUIET_CLOCKS */
    bool quieting;        /* the bus rests until the core is quiet */
    struct hsx_record records[ICARUS_RECORDS];
    uint64_t record_cycles[ICARUS_RECORDS];
    uint32_t words[ICARUS_WORDS];
    struct hsx_reorder reorder; /* records that came outside of RUN, too many or out of turn */
    uint64_t cycles;
    uint64_t waited; /* cycles without a record */
    time_t told;     /* when the harness last heard of us */
    pid_t parent;
    enum { NO_WAVE, WAVE_ASKED, WAVE_ON } wave;
    uint64_t wave_from, wave_to;
} bridge;

static void finish(void)
{
    vpi_control(vpiFinish, 0);
}

static bool transfer(void *bytes, size_t size, bool out)
{
    char *at = bytes;

    while (size > 0) {
        ssize_t moved = out ? write(ICARUS_FD, at, size) : read(ICARUS_FD, at, size);

        if (moved < 0 && errno == EINTR) {
            continue;
        }
        if (moved <= 0) {
            return false;
        }
        at += moved;
        size -= (size_t)moved;
    }
    return true;
}

static time_t seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* Tells the harness that the simulation goes on, which it could not tell from one that
 * loops without a delay. */
static void tell_alive(void)
{
    static const struct icarus_reply alive = {.status = ICARUS_ALIVE};

    bridge.told = seconds_now();
    if (!transfer((void *)(uintptr_t)&alive, sizeof alive, true)) {
        finish();
    }
}

static void answer(enum hsx_status status, const void *payload, size_t size)
{
    struct icarus_reply *r = &bridge.reply;

    r->status = status;
    r->cycles = bridge.cycles;
    bridge.mode = WAITING;
    if (!transfer(r, sizeof *r, true) || !transfer((void *)(uintptr_t)payload, size, true)) {
        finish();
    }
}

static void answer_run(enum hsx_status status)
{
    answer(status, bridge.records, bridge.reply.count * sizeof bridge.records[0]);
    if (!transfer(bridge.record_cycles, bridge.reply.count * sizeof bridge.record_cycles[0],
                  true)) {
        finish();
    }
}

/* Ends the request at work: the harness gets an error. */
static void fail(const char *text)
{
    snprintf(bridge.reply.message, sizeof bridge.reply.message, "%s in cycle %llu", text,
             (unsigned long long)bridge.cycles);
    if (bridge.mode == RUNNING) {
        answer_run(HSX_ERR_MACHINE);
    } else {
        answer(HSX_ERR_MACHINE, NULL, 0);
    }
}

static void fail_unknown(const char *signal)
{
    char text[64];

    snprintf(text, sizeof text, "X or Z on %s", signal);
    fail(text);
}

/* False, after an error was sent, if a field of the record is unknown. */
static bool capture(struct hsx_retired *c)
{
    const char *unknown = port_capture(&bridge.port, c);

    c->cycle = bridge.cycles;
    if (unknown) {
        fail_unknown(unknown);
    }
    return !unknown;
}

/* Hands on what is due and there already. */
static void take_due(void)
{
    struct icarus_reply *r = &bridge.reply;
    size_t count =
        hsx_reorder_drain(&bridge.reorder, bridge.records + r->count,
                          bridge.record_cycles + r->count, bridge.request.count - r->count);

    r->count += (uint32_t)count;
    r->order += (uint32_t)count;
}

static void answer_outcome(enum hsx_rtl_outcome outcome)
{
    bridge.reply.outcome = outcome;
    answer_run(HSX_OK);
}

static void answer_held(void)
{
    if (hsx_reorder_finish(&bridge.reorder) == HSX_OK) {
        answer_outcome(HSX_RTL_HELD);
    } else {
        fail(bridge.reorder.message);
    }
}

/* A batch is full when a record is there that it has no room for. */
static bool is_full(void)
{
    return bridge.reply.count == bridge.request.count && !hsx_reorder_empty(&bridge.reorder);
}

static void start_run(void)
{
    uint32_t held = 0;

    if (bridge.request.count > ICARUS_RECORDS) {
        finish();
        return;
    }
    bridge.mode = RUNNING;
    bridge.waited = 0;
    bridge.quiet = 0;
    bridge.reply.order = bridge.request.order;
    if (hsx_reorder_expect(&bridge.reorder, bridge.request.order) != HSX_OK) {
        fail(bridge.reorder.message);
        return;
    }
    take_due();
    if (is_full()) {
        answer_outcome(HSX_RTL_FULL);
    } else if (!signal_get(bridge.held, &held)) {
        fail_unknown("held");
    } else if (held) {
        answer_held();
    }
}

static bool ram_range_ok(void)
{
    const struct icarus_request *q = &bridge.request;

    return q->ram <= HSX_RAM_DATA && q->addr / 4 <= ICARUS_WORDS &&
           q->count <= ICARUS_WORDS - q->addr / 4;
}

static vpiHandle ram_word(uint32_t i)
{
    return vpi_handle_by_index(bridge.ram[bridge.request.ram],
                               (PLI_INT32)(bridge.request.addr / 4 + i));
}

static void read_ram(void)
{
    for (uint32_t i = 0; i < bridge.request.count; i++) {
        if (!signal_get(ram_word(i), &bridge.words[i])) {
            fail_unknown("a word of a memory outside the core");
            return;
        }
    }
    answer(HSX_OK, bridge.words, bridge.request.count * sizeof bridge.words[0]);
}

static void write_ram(void)
{
    if (!transfer(bridge.words, bridge.request.count * sizeof bridge.words[0], false)) {
        finish();
        return;
    }
    for (uint32_t i = 0; i < bridge.request.count; i++) {
        signal_put(ram_word(i), bridge.words[i]);
    }
    answer(HSX_OK, NULL, 0);
}

static void start_bus(void)
{
    if (bridge.request.count > ICARUS_OPS ||
        !transfer(bridge.ops, bridge.request.count * sizeof bridge.ops[0], false)) {
        finish();
        return;
    }
    bridge.mode = BUS;
}

static void start_reset(void)
{
    signal_put(bridge.rst, 1);
    signal_put(bridge.cyc, 0);
    signal_put(bridge.stb, 0);
    signal_put(bridge.we, 0);
    signal_put(bridge.adr, 0);
    signal_put(bridge.sel, 0);
    signal_put(bridge.dat_i, 0);
    hsx_reorder_clear(&bridge.reorder);
    bridge.cycles = 0;
    bridge.quiet = 0;
    bridge.mode = RESETTING;
}

static void start_wave(void)
{
    static char path[ICARUS_PATH];
    s_vpi_value v = {.format = vpiStringVal, .value = {.str = path}};

    if (bridge.request.count > sizeof path || !transfer(path, bridge.request.count, false)) {
        finish();
        return;
    }
    path[sizeof path - 1] = '\0';
    vpi_put_value(bridge.wave_path, &v, NULL, vpiNoDelay);
    bridge.wave = WAVE_ASKED;
    bridge.wave_from = bridge.request.from;
    bridge.wave_to = bridge.request.to;
    answer(HSX_OK, NULL, 0);
}

/* Behind a clock cycle: whether time goes by, and the wave. */
static void mark_cycle(bool counted)
{
    if (!counted) {
        return;
    }
    if (bridge.wave == WAVE_ASKED && bridge.cycles >= bridge.wave_from) {
        uint64_t skip = TENTHS * (bridge.cycles - 1);
        s_vpi_vecval vector[2] = {{(PLI_INT32)skip, 0}, {(PLI_INT32)(skip >> 32), 0}};
        s_vpi_value v = {.format = vpiVectorVal, .value = {.vector = vector}};

        bridge.wave = WAVE_ON;
        vpi_put_value(bridge.wave_skip, &v, NULL, vpiNoDelay);
        signal_put(bridge.wave_start, 1);
    } else if (bridge.wave == WAVE_ON && bridge.cycles > bridge.wave_to) {
        bridge.wave = NO_WAVE;
        signal_put(bridge.wave_stop, 1);
    }
    signal_put(bridge.counted, bridge.wave == WAVE_ON);
}

/* Takes one request; those that need no clock are answered here. False: the
 * simulation ends. */
static bool take_request(void)
{
    if (!transfer(&bridge.request, sizeof bridge.request, false)) {
        finish();
        return false;
    }
    memset(&bridge.reply, 0, sizeof bridge.reply);
    bridge.done = 0;
    bridge.waited_for_ack = 0;
    switch (bridge.request.kind) {
    case ICARUS_RESET:
        start_reset();
        return true;
    case ICARUS_BUS:
        start_bus();
        return true;
    case ICARUS_RUN:
        start_run();
        return true;
    case ICARUS_WAVE:
        start_wave();
        return true;
    case ICARUS_DIRECT:
        bridge.windows_end = direct_find() ? bridge.request.addr : 0;
        answer(HSX_OK, NULL, 0);
        return true;
    case ICARUS_END_WAVE:
        bridge.mode = ENDING;
        return true;
    case ICARUS_READ_RAM:
    case ICARUS_WRITE_RAM:
        if (ram_range_ok()) {
            (bridge.request.kind == ICARUS_READ_RAM ? read_ram : write_ram)();
            return true;
        }
        break;
    default:
        break;
    }
    finish();
    return false;
}

static void fail_unknown_word(const struct hsx_bus_op *op)
{
    char text[64];

    snprintf(text, sizeof text, "X or Z on wb_dat_o, read from host address 0x%05X,",
             (unsigned)op->addr);
    fail(text);
}

/* The operation at work is done. */
static void end_operation(void)
{
    bridge.waited_for_ack = 0;
    if (++bridge.done == bridge.request.count) {
        bridge.reply.count = bridge.done;
        answer(HSX_OK, bridge.ops, bridge.done * sizeof bridge.ops[0]);
    }
}

/* Does the operations from the one at work on that need no clock, up to one that does. */
static void access_directly(void)
{
    while (bridge.mode == BUS && bridge.waited_for_ack == 0) {
        struct hsx_bus_op *op = &bridge.ops[bridge.done];

        switch (direct_access(op, bridge.windows_end)) {
        case DIRECT_DONE:
            end_operation();
            break;
        case DIRECT_UNKNOWN:
            fail_unknown_word(op);
            break;
        case DIRECT_NEEDS_BUS:
            return;
        }
    }
}

static void drive_bus(void)
{
    const struct hsx_bus_op *op = &bridge.ops[bridge.done];

    signal_put(bridge.cyc, 1);
    signal_put(bridge.stb, 1);
    signal_put(bridge.we, op->write);
    signal_put(bridge.adr, op->addr >> 2);
    signal_put(bridge.sel, op->sel);
    signal_put(bridge.dat_i, op->data);
}

/* A held core whose memories are to be reached has to be quiet first. */
static bool must_wait(void)
{
    uint32_t held = 0;

    return bridge.windows_end != 0 && bridge.waited_for_ack == 0 && bridge.quiet < QUIET_CLOCKS &&
           signal_get(bridge.held, &held) && held;
}

static PLI_INT32 on_drive(PLI_BYTE8 *data)
{
    (void)data;
    do {
        while (bridge.mode == WAITING) {
            if (!take_request()) {
                return 0;
            }
            bridge.told = seconds_now();
        }
        if (bridge.mode == BUS && bridge.windows_end != 0 && bridge.quiet == QUIET_CLOCKS) {
            access_directly();
        }
    } while (bridge.mode == WAITING);
    if (seconds_now() - bridge.told >= ICARUS_ALIVE_SECONDS) {
        tell_alive();
    }
    bridge.quieting = bridge.mode == BUS && must_wait();
    if (bridge.mode == ENDED) {
        finish();
    } else if (bridge.mode == BUS && !bridge.quieting) {
        bridge.quiet = 0;
        drive_bus();
    } else {
        signal_put(bridge.cyc, 0);
        signal_put(bridge.stb, 0);
    }
    return 0;
}

static PLI_INT32 on_before(PLI_BYTE8 *data)
{
    struct hsx_bus_op *op = &bridge.ops[bridge.done];
    uint32_t ack = 0;

    (void)data;
    bridge.acknowledged = false;
    if (bridge.mode != BUS || bridge.quieting) {
        return 0;
    }
    if (!signal_get(bridge.ack, &ack)) {
        fail_unknown("wb_ack");
    } else if (ack && !op->write && !signal_get(bridge.dat_o, &op->data)) {
        fail_unknown_word(op);
    } else {
        bridge.acknowledged = ack;
    }
    return 0;
}

static void bus_clocked(void)
{
    if (bridge.acknowledged) {
        end_operation();
    } else if (bridge.quieting) {
        bridge.quiet++;
    } else if (++bridge.waited_for_ack == BUS_LIMIT) {
        char text[64];

        snprintf(text, sizeof text, "no acknowledge from host address 0x%05X",
                 (unsigned)bridge.ops[bridge.done].addr);
        fail(text);
    }
}

static void run_clocked(uint32_t held)
{
    if (held) {
        answer_held();
    } else if (++bridge.waited == bridge.request.hang_limit) {
        answer_outcome(HSX_RTL_HANG);
    }
}

/* Takes the record that is on the port. False: the request is answered. */
static bool take_record(void)
{
    struct hsx_retired retired;

    if (!capture(&retired)) {
        return false;
    }
    bridge.waited = 0;
    if (hsx_reorder_put(&bridge.reorder, &retired) != HSX_OK) {
        fail(bridge.reorder.message);
        return false;
    }
    if (bridge.mode != RUNNING) {
        return true;
    }
    take_due();
    if (is_full()) {
        answer_outcome(HSX_RTL_FULL);
        return false;
    }
    return true;
}

static PLI_INT32 on_after(PLI_BYTE8 *data)
{
    uint32_t held = 0;
    uint32_t valid = 0;

    (void)data;
    signal_put(bridge.counted, 0);
    if (bridge.mode == ENDING) {
        /* A VCD file that ends with its last $end is whole. */
        if (bridge.wave == WAVE_ON) {
            signal_put(bridge.wave_stop, 1);
        }
        bridge.mode = ENDED;
        return 0;
    }
    if (bridge.mode == RESETTING) {
        if (++bridge.done == RESET_CLOCKS) {
            signal_put(bridge.rst, 0);
        } else if (bridge.done == RESET_CLOCKS + SETTLE_CLOCKS) {
            answer(HSX_OK, NULL, 0);
        }
        return 0;
    }
    if (bridge.mode == WAITING) {
        return 0;
    }
    if (!signal_get(bridge.held, &held)) {
        fail_unknown("held");
        return 0;
    }
    if (!signal_get(bridge.ret_valid, &valid)) {
        fail_unknown("ret_valid");
        return 0;
    }
    bridge.cycles += !held;
    mark_cycle(!held);
    if (valid && !take_record()) {
        return 0;
    }
    if (bridge.mode == BUS) {
        bus_clocked();
    } else {
        run_clocked(held);
    }
    return 0;
}

/* NULL, after the simulation was told to end, if there is none. */
static vpiHandle find(const char *name)
{
    vpiHandle handle = signal_find(name);

    if (!handle) {
        finish();
    }
    return handle;
}

static PLI_INT32 on_open(PLI_BYTE8 *data)
{
    static const struct {
        const char *name;
        vpiHandle *handle;
    } wanted[] = {{"rst", &bridge.rst},
                  {"wb_cyc", &bridge.cyc},
                  {"wb_stb", &bridge.stb},
                  {"wb_we", &bridge.we},
                  {"wb_adr", &bridge.adr},
                  {"wb_sel", &bridge.sel},
                  {"wb_dat_i", &bridge.dat_i},
                  {"wb_dat_o", &bridge.dat_o},
                  {"wb_ack", &bridge.ack},
                  {"held", &bridge.held},
                  {"ret_valid", &bridge.ret_valid},
                  {"counted", &bridge.counted},
                  {"wave_start", &bridge.wave_start},
                  {"wave_skip", &bridge.wave_skip},
                  {"wave_stop", &bridge.wave_stop},
                  {"wave_path", &bridge.wave_path},
                  {"dut.code_ram", &bridge.ram[HSX_RAM_CODE]},
                  {"dut.data_ram", &bridge.ram[HSX_RAM_DATA]}};

    bool found = true;

    (void)data;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        *wanted[i].handle = find(wanted[i].name);
        found = found && *wanted[i].handle;
    }
    if (found && !port_find(&bridge.port)) {
        finish();
        found = false;
    }
    if (found) {
        tell_alive();
    }
    return 0;
}

/* A simulation that loops without a delay does not see that the harness is gone. */
static void on_alarm(int number)
{
    (void)number;
    if (getppid() != bridge.parent) {
        _exit(1);
    }
}

static void end_with_parent(void)
{
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    struct itimerval every = {{1, 0}, {1, 0}};

    bridge.parent = getppid();
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &every, NULL);
}

static void register_tasks(void)
{
    static const struct {
        const char *name;
        PLI_INT32 (*call)(PLI_BYTE8 *);
    } tasks[] = {{"$hsx_open", on_open},
                 {"$hsx_drive", on_drive},
                 {"$hsx_before", on_before},
                 {"$hsx_after", on_after}};

    for (size_t i = 0; i < sizeof tasks / sizeof tasks[0]; i++) {
        s_vpi_systf_data task = {
            .type = vpiSysTask, .tfname = tasks[i].name, .calltf = tasks[i].call};

        vpi_register_systf(&task);
    }
    end_with_parent();
}

void (*vlog_startup_routines[])(void) = {register_tasks, NULL};
