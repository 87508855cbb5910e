// SPDX-License-Identifier: Apache-2.0
/* Accesses to the host port, over the bus or without the clock, and to the memories outside the
 * core. */
#include "bridge.h"
#include "direct_vpi.h"
#include <stdio.h>

enum {
    BUS_LIMIT = 10000,
    QUIET_CLOCKS = 4 /* by then a held core has written everything, including counters */
};

static bool range_ok(void)
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
            bridge_fail_unknown("a word of a memory outside the core");
            return;
        }
    }
    bridge_answer(HSX_OK, bridge.words, bridge.request.count * sizeof bridge.words[0]);
}

static void write_ram(void)
{
    if (!bridge_transfer(bridge.words, bridge.request.count * sizeof bridge.words[0], false)) {
        bridge_finish();
        return;
    }
    for (uint32_t i = 0; i < bridge.request.count; i++) {
        signal_put(ram_word(i), bridge.words[i]);
    }
    bridge_answer(HSX_OK, NULL, 0);
}

bool rams_access(void)
{
    if (!range_ok()) {
        return false;
    }
    if (bridge.request.kind == ICARUS_READ_RAM) {
        read_ram();
    } else {
        write_ram();
    }
    return true;
}

void bus_start(void)
{
    if (bridge.request.count > ICARUS_OPS ||
        !bridge_transfer(bridge.ops, bridge.request.count * sizeof bridge.ops[0], false)) {
        bridge_finish();
        return;
    }
    bridge.mode = BUS;
}

static void fail_unknown_word(const struct hsx_bus_op *op)
{
    char text[64];

    snprintf(text, sizeof text, "X or Z on wb_dat_o, read from host address 0x%05X,",
             (unsigned)op->addr);
    bridge_fail(text);
}

/* The current operation is done. */
static void end_operation(void)
{
    bridge.waited_for_ack = 0;
    if (++bridge.done == bridge.request.count) {
        bridge.reply.count = bridge.done;
        bridge_answer(HSX_OK, bridge.ops, bridge.done * sizeof bridge.ops[0]);
    }
}

void bus_access_directly(void)
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

void bus_drive(void)
{
    const struct hsx_bus_op *op = &bridge.ops[bridge.done];

    signal_put(bridge.cyc, 1);
    signal_put(bridge.stb, 1);
    signal_put(bridge.we, op->write);
    signal_put(bridge.adr, op->addr >> 2);
    signal_put(bridge.sel, op->sel);
    signal_put(bridge.dat_i, op->data);
}

bool bus_is_quiet(void)
{
    return bridge.quiet == QUIET_CLOCKS;
}

bool bus_must_wait(void)
{
    uint32_t held = 0;

    return bridge.windows_end != 0 && bridge.waited_for_ack == 0 && !bus_is_quiet() &&
           signal_get(bridge.held, &held) && held;
}

void bus_sample(void)
{
    struct hsx_bus_op *op = &bridge.ops[bridge.done];
    uint32_t ack = 0;

    if (!signal_get(bridge.ack, &ack)) {
        bridge_fail_unknown("wb_ack");
    } else if (ack && !op->write && !signal_get(bridge.dat_o, &op->data)) {
        fail_unknown_word(op);
    } else {
        bridge.acknowledged = ack;
    }
}

void bus_clocked(void)
{
    if (bridge.acknowledged) {
        end_operation();
    } else if (bridge.quieting) {
        bridge.quiet++;
    } else if (++bridge.waited_for_ack == BUS_LIMIT) {
        char text[64];

        snprintf(text, sizeof text, "no acknowledge from host address 0x%05X",
                 (unsigned)bridge.ops[bridge.done].addr);
        bridge_fail(text);
    }
}
