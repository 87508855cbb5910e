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

void exec_account(struct hsx_exec *e, const struct hsx_record *r)
{
    struct task *t = &e->tasks[r->slot];
    uint64_t order = e->order++;

    if (r->event == HSX_EV_TICK) {
        e->now++;
        return;
    }
    t->counters.turns += (r->flags & HSX_REC_TURN_FIRST) != 0;
    if (r->sp < t->lowest_sp) {
        t->lowest_sp = r->sp;
    }
    if (r->event == HSX_EV_FAULT || r->event == HSX_EV_RETURN) {
        return; /* told to the ring where the task ends */
    }
    t->counters.steps++;
    e->steps++;
    exec_ring_add(e, order, t->pid, r->pc, HSX_RING_STEP);
    if (r->event == HSX_EV_SVC) {
        t->counters.traps++;
        exec_ring_add(e, order, t->pid, r->pc, HSX_RING_TRAP);
    }
    if (r->flags & HSX_REC_TURN_ROTATE) {
        exec_ring_add(e, order, t->pid, r->pc, HSX_RING_ROTATE);
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
