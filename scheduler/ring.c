// SPDX-License-Identifier: Apache-2.0
/* Counters and the trace ring of contract section 5, derived from the record
 * stream, so that they are the same on every target. */
#include "internal.h"

void exec_ring_add(struct hsx_exec *e, uint64_t order, uint32_t pid, uint16_t pc,
                   enum hsx_ring_event event)
{
    struct hsx_ring_entry *entry;

    if (e->config.ring == 0) {
        return;
    }
    entry = &e->ring[e->ring_total % e->config.ring];
    entry->order = order;
    entry->pid = pid;
    entry->pc = pc;
    entry->event = (uint8_t)event;
    e->ring_total++;
}

/* Entries that a record makes. */
static unsigned entries_of(const struct hsx_record *r)
{
    switch (r->event) {
    case HSX_EV_TICK:
    case HSX_EV_FAULT: /* told to the ring where the task ends, as is a return */
    case HSX_EV_RETURN:
        return 0;
    case HSX_EV_SVC:
        return 2;
    default:
        return r->flags & HSX_REC_TURN_ROTATE ? 2 : 1;
    }
}

size_t exec_ring_start(const struct hsx_exec *e, const struct hsx_record *records, size_t count)
{
    size_t entries = 0;

    while (count != 0 && entries < e->config.ring) {
        entries += entries_of(&records[--count]);
    }
    return count;
}

void exec_ring_record(struct hsx_exec *e, const struct hsx_record *r)
{
    uint32_t pid = e->tasks[r->slot].pid;

    if (entries_of(r) == 0) {
        return;
    }
    exec_ring_add(e, e->event_order, pid, r->pc, HSX_RING_STEP);
    if (r->event == HSX_EV_SVC) {
        exec_ring_add(e, e->event_order, pid, r->pc, HSX_RING_TRAP);
    } else if (r->flags & HSX_REC_TURN_ROTATE) {
        exec_ring_add(e, e->event_order, pid, r->pc, HSX_RING_ROTATE);
    }
}

void exec_count(struct hsx_exec *e, const struct hsx_record *r)
{
    struct task *t = &e->tasks[r->slot];
    bool retired = r->event == HSX_EV_RETIRE || r->event == HSX_EV_SVC || r->event == HSX_EV_BRK;

    e->event_order = e->order++;
    if (r->event == HSX_EV_TICK) {
        e->now++;
        return;
    }
    e->steps += retired;
    t->counters.steps += retired;
    t->counters.turns += (r->flags & HSX_REC_TURN_FIRST) != 0;
    t->counters.traps += r->event == HSX_EV_SVC;
    if (r->sp < t->lowest_sp) {
        t->lowest_sp = r->sp;
    }
}

size_t hsx_exec_ring(const struct hsx_exec *e, struct hsx_ring_entry *entries, size_t limit)
{
    size_t kept = e->ring_total < e->config.ring ? (size_t)e->ring_total : e->config.ring;
    size_t count = limit < kept ? limit : kept;

    for (size_t i = 0; i < count; i++) {
        entries[i] = e->ring[(e->ring_total - count + i) % e->config.ring];
    }
    return count;
}

const char *hsx_ring_event_name(enum hsx_ring_event event)
{
    static const char *const names[] = {"STEP", "ROTATE",  "TRAP", "BLOCK",
                                        "WAKE", "TIMEOUT", "HALT", "FAULT"};

    return (size_t)event < sizeof names / sizeof names[0] ? names[event] : "?";
}
