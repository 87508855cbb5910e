// SPDX-License-Identifier: Apache-2.0
#include "event.h"
#include <hsx/isa.h>

bool hsx_trace_is_step(const struct hsx_trace_event *event)
{
    return event->kind == HSX_EV_RETIRE || event->kind == HSX_EV_SVC || event->kind == HSX_EV_BRK;
}

const char *hsx_trace_event_name(const struct hsx_trace_event *event)
{
    return event->kind == HSX_TRACE_HOST_ACCESS ? "host" : hsx_event_name(event->kind);
}

void hsx_trace_window_init(struct hsx_trace_window *window)
{
    *window = (struct hsx_trace_window){.to = UINT64_MAX, .pc_high = UINT16_MAX};
}

bool hsx_trace_window_is_all(const struct hsx_trace_window *window)
{
    return window->from == 0 && window->to == UINT64_MAX && window->pid == 0 && !window->has_pc;
}

uint32_t trace_fields_of(const struct hsx_trace_event *ev)
{
    const uint32_t task = HSX_TRACE_PID | HSX_TRACE_SLOT | HSX_TRACE_PC | HSX_TRACE_PSW |
                          HSX_TRACE_SP | HSX_TRACE_CALL_DEPTH | HSX_TRACE_REGS | HSX_TRACE_CHANGED;
    const uint32_t always = HSX_TRACE_EVENT | HSX_TRACE_SEQ | HSX_TRACE_STEPS | HSX_TRACE_CYCLE |
                            HSX_TRACE_STORES | HSX_TRACE_WOKEN;

    switch (ev->kind) {
    case HSX_EV_TICK:
        return always | HSX_TRACE_NOW;
    case HSX_EV_COMPLETE:
        return always | task | HSX_TRACE_INSN | HSX_TRACE_STATE | HSX_TRACE_MAILBOX;
    case HSX_EV_EXTERNAL:
        return always | HSX_TRACE_WHAT_DONE |
               (ev->pid != 0 ? task | HSX_TRACE_STATE | HSX_TRACE_CONTEXT : 0);
    case HSX_TRACE_HOST_ACCESS:
        return HSX_TRACE_EVENT | HSX_TRACE_CYCLE;
    default:
        return always | task | HSX_TRACE_INSN | HSX_TRACE_EXT | HSX_TRACE_NEXT_PC | HSX_TRACE_RD |
               HSX_TRACE_ACCESS | HSX_TRACE_TURN;
    }
}
