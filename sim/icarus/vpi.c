// SPDX-License-Identifier: Apache-2.0
/*
 * VPI module: clocks hsx_icarus_top on requests of the harness at the other end of the
 * socket (protocol.h). The simulation is stopped while $hsx_drive waits for a request.
 */
#include "bridge.h"
#include "direct_vpi.h"
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum {
    RESET_CLOCKS = 1,
    SETTLE_CLOCKS = 4 /* after a reset the core is held by then */,
    TENTHS = 10 /* of a cycle: the unit of time */
};

/* False, after an error was sent, if a field of the record is unknown. */
static bool capture(struct hsx_retired *c)
{
    const char *unknown = port_capture(&bridge.port, c);

    c->cycle = bridge.cycles;
    if (unknown) {
        bridge_fail_unknown(unknown);
    }
    return !unknown;
}

/* Passes on the records that are due and present. */
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
    bridge_answer_run(HSX_OK);
}

static void answer_held(void)
{
    if (hsx_reorder_finish(&bridge.reorder) == HSX_OK) {
        answer_outcome(HSX_RTL_HELD);
    } else {
        bridge_fail(bridge.reorder.message);
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
        bridge_finish();
        return;
    }
    bridge.mode = RUNNING;
    bridge.waited = 0;
    bridge.quiet = 0;
    bridge.reply.order = bridge.request.order;
    if (hsx_reorder_expect(&bridge.reorder, bridge.request.order) != HSX_OK) {
        bridge_fail(bridge.reorder.message);
        return;
    }
    take_due();
    if (is_full()) {
        answer_outcome(HSX_RTL_FULL);
    } else if (!signal_get(bridge.held, &held)) {
        bridge_fail_unknown("held");
    } else if (held) {
        answer_held();
    }
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

    if (bridge.request.count > sizeof path || !bridge_transfer(path, bridge.request.count, false)) {
        bridge_finish();
        return;
    }
    path[sizeof path - 1] = '\0';
    vpi_put_value(bridge.wave_path, &v, NULL, vpiNoDelay);
    bridge.wave = WAVE_ASKED;
    bridge.wave_from = bridge.request.from;
    bridge.wave_to = bridge.request.to;
    bridge_answer(HSX_OK, NULL, 0);
}

/* After a clock cycle: advances time, and the wave. */
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
    if (!bridge_transfer(&bridge.request, sizeof bridge.request, false)) {
        bridge_finish();
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
        bus_start();
        return true;
    case ICARUS_RUN:
        start_run();
        return true;
    case ICARUS_WAVE:
        start_wave();
        return true;
    case ICARUS_DIRECT:
        bridge.windows_end = direct_find() ? bridge.request.addr : 0;
        bridge_answer(HSX_OK, NULL, 0);
        return true;
    case ICARUS_END_WAVE:
        bridge.mode = ENDING;
        return true;
    case ICARUS_READ_RAM:
    case ICARUS_WRITE_RAM:
        if (rams_access()) {
            return true;
        }
        break;
    default:
        break;
    }
    bridge_finish();
    return false;
}

static PLI_INT32 on_drive(PLI_BYTE8 *data)
{
    (void)data;
    do {
        while (bridge.mode == WAITING) {
            if (!take_request()) {
                return 0;
            }
            bridge.answered = bridge_seconds();
        }
        if (bridge.mode == BUS && bridge.windows_end != 0 && bus_is_quiet()) {
            bus_access_directly();
        }
    } while (bridge.mode == WAITING);
    if (bridge_seconds() - bridge.answered >= ICARUS_ALIVE_SECONDS) {
        bridge_say_alive();
    }
    bridge.quieting = bridge.mode == BUS && bus_must_wait();
    if (bridge.mode == ENDED) {
        bridge_finish();
    } else if (bridge.mode == BUS && !bridge.quieting) {
        bridge.quiet = 0;
        bus_drive();
    } else {
        signal_put(bridge.cyc, 0);
        signal_put(bridge.stb, 0);
    }
    return 0;
}

static PLI_INT32 on_before(PLI_BYTE8 *data)
{
    (void)data;
    bridge.acknowledged = false;
    if (bridge.mode == BUS && !bridge.quieting) {
        bus_sample();
    }
    return 0;
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
        bridge_fail(bridge.reorder.message);
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
        /* A VCD file that ends with its last $end is complete. */
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
            bridge_answer(HSX_OK, NULL, 0);
        }
        return 0;
    }
    if (bridge.mode == WAITING) {
        return 0;
    }
    if (!signal_get(bridge.held, &held)) {
        bridge_fail_unknown("held");
        return 0;
    }
    if (!signal_get(bridge.ret_valid, &valid)) {
        bridge_fail_unknown("ret_valid");
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

/* NULL if there is none; the simulation then ends. */
static vpiHandle find(const char *name)
{
    vpiHandle handle = signal_find(name);

    if (!handle) {
        bridge_finish();
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
        bridge_finish();
        found = false;
    }
    if (found) {
        bridge_say_alive();
    }
    return 0;
}

/* A simulation that loops without a delay does not notice that the harness is gone. */
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
