// SPDX-License-Identifier: Apache-2.0
#include "lost.h"
#include <hsx/isa.h>

enum { LOST_TRAP, LOST_TICK, LOST_LONG, LOST_MEMORY, LOST_OWN, LOST_OTHER };

const char *lost_cause_name(unsigned cause)
{
    static const char *const names[LOST_CAUSES] = {
        "after a trap, end or action", "after a tick",    "after MUL, DIV or binary16",
        "after a memory access",       "same task again", "other"};

    return names[cause];
}

static bool is_long(const struct hsx_record *r)
{
    return hsx_insn_unit((enum hsx_opcode)HSX_INSN_OPCODE(r->insn)) != 0;
}

static unsigned cause_of(const struct lost *l, const struct hsx_trace_event *ev)
{
    if (l->last_kind == HSX_EV_TICK || ev->kind == HSX_EV_TICK) {
        return LOST_TICK;
    }
    if (l->last_kind != HSX_EV_RETIRE) {
        return LOST_TRAP;
    }
    if (is_long(&l->last)) {
        return LOST_LONG;
    }
    if (l->last.slot == ev->record.slot) {
        return LOST_OWN;
    }
    return l->last.access != 0 ? LOST_MEMORY : LOST_OTHER;
}

/* The cycle in which the event took its slot. It is not known for a long instruction, whose
 * record has the cycle of its result: later than that of the next events in the order. */
static uint64_t slot_cycle(const struct lost *l, const struct hsx_trace_event *ev)
{
    return l->begun && ev->kind == HSX_EV_RETIRE && is_long(&ev->record) ? l->last_cycle + 1
                                                                         : ev->cycle;
}

uint64_t lost_event(struct lost *l, const struct hsx_trace_event *ev, unsigned *cause)
{
    uint64_t cycle = slot_cycle(l, ev);
    uint64_t slots = 0;

    *cause = LOST_OTHER;
    if ((ev->has & HSX_TRACE_CYCLE) && l->begun && ev->kind < HSX_EV_COMPLETE &&
        cycle > l->last_cycle + 1) {
        slots = cycle - l->last_cycle - 1;
        *cause = cause_of(l, ev);
    }
    if (ev->kind < HSX_EV_COMPLETE && cycle > l->last_cycle) {
        l->last_cycle = cycle;
    }
    if (ev->kind < HSX_EV_TICK) {
        l->begun = true;
        l->last = ev->record;
    }
    l->last_kind = ev->kind;
    return slots;
}
