// SPDX-License-Identifier: Apache-2.0
/* Counters and the trace ring of contract section 5, derived from the record
 * stream, so that they are the same on every target. */
#include "internal.h"
#include <string.h>

static void add(struct hsx_exec *e, const struct hsx_ring_entry *entry)
{
    if (e->config.ring != 0) {
        e->ring[e->ring_total++ % e->config.ring] = *entry;
    }
}

void exec_ring_add(struct hsx_exec *e, uint64_t order, uint32_t pid, uint16_t pc,
                   enum hsx_ring_event event)
{
    add(e, &(struct hsx_ring_entry){.order = order, .pid = pid, .pc = pc, .event = (uint8_t)event});
}

/* The number of entries of a record. */
static unsigned entries_of(const struct hsx_record *r)
{
    switch (r->event) {
    case HSX_EV_TICK:
    case HSX_EV_FAULT: /* added where the task ends, as is a return */
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

/* Fills them in, in order; returns how many. */
static unsigned make_entries(const struct hsx_exec *e, const struct hsx_record *r, uint64_t order,
                             struct hsx_ring_entry entries[2])
{
    unsigned count = entries_of(r);

    for (unsigned i = 0; i < count; i++) {
        entries[i] = (struct hsx_ring_entry){
            .order = order, .pid = e->tasks[r->slot].pid, .pc = r->pc, .event = HSX_RING_STEP};
    }
    if (count == 2) {
        entries[1].event = r->event == HSX_EV_SVC ? HSX_RING_TRAP : HSX_RING_ROTATE;
    }
    return count;
}

void exec_ring_record(struct hsx_exec *e, const struct hsx_record *r, uint64_t order)
{
    struct hsx_ring_entry entries[2];
    unsigned count = make_entries(e, r, order, entries);

    for (unsigned i = 0; i < count; i++) {
        add(e, &entries[i]);
    }
}

/* Adds what records showed of a task to its counters. */
static void count_seen(struct hsx_exec *e, uint8_t slot)
{
    struct seen *seen = &e->seen[slot];
    struct task *t = &e->tasks[slot];

    t->counters.steps += seen->records - seen->ends;
    t->counters.turns += seen->turns;
    t->counters.traps += seen->traps;
    exec_see_sp(e, slot);
    if (seen->lowest_sp < t->lowest_sp) {
        t->lowest_sp = seen->lowest_sp;
    }
    e->steps += seen->records - seen->ends;
    *seen = (struct seen){0};
}

void exec_count(struct hsx_exec *e, const struct hsx_record *records, size_t count)
{
    uint8_t slots[HSX_MAX_CONTEXTS]; /* of tasks with records */
    unsigned tasks = 0;

    for (size_t i = 0; i < count; i++) {
        const struct hsx_record *r = &records[i];
        struct seen *seen = &e->seen[r->slot];

        if (r->event == HSX_EV_TICK) {
            e->now++;
            continue;
        }
        if (seen->records++ == 0) {
            slots[tasks++] = r->slot;
            seen->lowest_sp = UINT16_MAX;
        }
        if (r->event != HSX_EV_RETIRE) {
            seen->ends += r->event == HSX_EV_FAULT || r->event == HSX_EV_RETURN;
            seen->traps += r->event == HSX_EV_SVC;
        }
        seen->turns += (r->flags & HSX_REC_TURN_FIRST) != 0;
        seen->lowest_sp = r->sp < seen->lowest_sp ? r->sp : seen->lowest_sp;
    }
    for (unsigned i = 0; i < tasks; i++) {
        count_seen(e, slots[i]);
    }
    e->order += count;
    e->event_order = e->order - 1;
}

void exec_clear_tally(struct hsx_exec *e)
{
    e->tally = (struct hsx_tally){0};
    for (unsigned i = 0; i < HSX_MAX_CONTEXTS; i++) {
        e->tally.slots[i].lowest_sp = UINT16_MAX;
    }
}

void exec_take_tally(struct hsx_exec *e, uint8_t slot)
{
    struct hsx_slot_tally *tally = &e->tally.slots[slot];
    struct task *t = &e->tasks[slot];

    t->counters.steps += tally->steps;
    t->counters.turns += tally->turns;
    if (tally->lowest_sp < t->lowest_sp) {
        t->lowest_sp = tally->lowest_sp;
    }
    *tally = (struct hsx_slot_tally){.lowest_sp = UINT16_MAX};
}

void exec_note_sp(struct hsx_exec *e, uint8_t slot, uint16_t sp)
{
    struct task *t = &e->tasks[slot];

    exec_take_tally(e, slot);
    if (t->pid != 0 && !t->ended && !t->sp_unseen && sp < t->lowest_sp) {
        t->sp_unseen = true;
        e->unseen++;
    }
}

void exec_see_sp(struct hsx_exec *e, uint8_t slot)
{
    if (e->tasks[slot].sp_unseen) {
        e->tasks[slot].sp_unseen = false;
        e->unseen--;
    }
}

static size_t ring_kept(const struct hsx_exec *e)
{
    return e->ring_total < e->config.ring ? (size_t)e->ring_total : e->config.ring;
}

/* Merges the ring's entries with those of count recalled records, from the newest back,
 * and keeps the newest; an entry of the executive comes after the machine's with the same
 * order number. */
static void merge_rings(struct hsx_exec *e, const struct hsx_record *records,
                        const uint64_t *orders, size_t count)
{
    struct hsx_ring_entry *entries = e->ring;
    struct hsx_ring_entry pair[2];
    uint64_t total = e->ring_total;
    size_t kept = ring_kept(e);
    size_t first = e->config.ring;

    e->ring = e->spare_ring;
    while (first != 0 && (kept != 0 || count != 0)) {
        const struct hsx_ring_entry *own = &entries[(total - 1) % e->config.ring];

        if (count == 0 || (kept != 0 && own->order >= orders[count - 1])) {
            e->ring[--first] = *own;
            kept--;
            total--;
            continue;
        }
        count--;
        for (unsigned i = make_entries(e, &records[count], orders[count], pair); i-- > 0;) {
            if (first != 0) {
                e->ring[--first] = pair[i];
            }
        }
    }
    memmove(e->ring, e->ring + first, (e->config.ring - first) * sizeof *e->ring);
    e->ring_total = e->config.ring - first;
    e->spare_ring = entries;
}

void exec_fill_ring(struct hsx_exec *e)
{
    size_t count = 0;
    size_t old = 0;

    if (!e->ring_behind) {
        return;
    }
    e->ring_behind = false;
    if (!exec_ok(e, e->target->ops->recall(e->target, e->records, e->record_cycles, EXEC_BATCH,
                                           &count))) {
        return;
    }
    while (old < count && e->record_cycles[old] < e->ring_order) {
        old++;
    }
    merge_rings(e, e->records + old, e->record_cycles + old, count - old);
}

size_t hsx_exec_ring(struct hsx_exec *e, struct hsx_ring_entry *entries, size_t limit)
{
    size_t kept, count;

    exec_fill_ring(e);
    kept = ring_kept(e);
    count = limit < kept ? limit : kept;

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
