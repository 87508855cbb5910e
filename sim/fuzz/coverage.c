// SPDX-License-Identifier: Apache-2.0
/* Counts the points that programs reach, from the order of records and events. */
#include "coverage_bounds.h"
#include "coverage_points.h"
#include <hsx/coverage.h>
#include <hsx/isa.h>
#include <stdlib.h>
#include <string.h>

struct slot {
    uint32_t pid; /* 0: free */
    uint8_t state;
    bool pausing;           /* it was paused while it waits, and will be PAUSED after the wait */
    struct hsx_context ctx; /* as it was loaded, or last changed from outside */
};

struct hsx_coverage {
    struct coverage_index index;
    uint64_t *counts;
    unsigned contexts;
    struct slot slots[HSX_MAX_CONTEXTS];
    unsigned ready; /* slots in the queue */
    bool before;    /* an instruction came before, of: */
    uint8_t before_slot;
    uint8_t before_opcode;
    uint8_t before_event; /* HSX_EV_* of the last event; EXTERNAL at first */
    bool in_turn;         /* the last instruction did not end its turn */
    struct coverage_memory memory;
};

struct hsx_coverage *hsx_coverage_create(unsigned contexts)
{
    struct hsx_coverage *c = calloc(1, sizeof *c);

    if (!c) {
        return NULL;
    }
    c->contexts = contexts;
    c->counts = calloc(hsx_coverage_points(), sizeof *c->counts);
    if (!coverage_index_make(&c->index) || !c->counts) {
        hsx_coverage_destroy(c);
        return NULL;
    }
    return c;
}

void hsx_coverage_destroy(struct hsx_coverage *c)
{
    if (c) {
        coverage_index_free(&c->index);
        free(c->counts);
        free(c);
    }
}

uint64_t *hsx_coverage_counts(struct hsx_coverage *c)
{
    return c->counts;
}

void hsx_coverage_begin(struct hsx_coverage *c)
{
    memset(c->slots, 0, sizeof c->slots);
    c->ready = 0;
    c->before = false;
    c->before_event = HSX_EV_EXTERNAL;
    c->in_turn = false;
    memset(&c->memory, 0, sizeof c->memory);
}

static void reach(struct hsx_coverage *c, enum coverage_group group, unsigned a, unsigned b,
                  unsigned kind)
{
    uint16_t point = coverage_point(&c->index, group, a, b, kind);

    if (point != COVERAGE_NO_POINT) {
        c->counts[point]++;
    }
}

/* ---- States and queue */

static void change(struct hsx_coverage *c, uint8_t slot, uint8_t state)
{
    uint8_t from = c->slots[slot].state;

    if (state == HSX_RUNNING) {
        state = HSX_READY;
    }
    if (from == state || state > HSX_FAULTED) {
        return;
    }
    reach(c, POINT_STATE, from, state, 0);
    c->slots[slot].state = state;
    c->ready += (state == HSX_READY) - (from == HSX_READY);
    if (c->ready == 0) {
        reach(c, POINT_QUEUE, QUEUE_EMPTY, 0, 0);
    } else if (c->ready == 1) {
        reach(c, POINT_QUEUE, QUEUE_ONE, 0, 0);
    } else if (c->ready == c->contexts) {
        reach(c, POINT_QUEUE, QUEUE_FULL, 0, 0);
    }
}

static bool another_is_trapped(const struct hsx_coverage *c, const struct hsx_exec_event *event)
{
    for (unsigned slot = 0; slot < c->contexts; slot++) {
        if (c->slots[slot].state == HSX_TRAPPED && c->slots[slot].pid != event->pid) {
            return true;
        }
    }
    return false;
}

static void wake(struct hsx_coverage *c, const struct hsx_exec_event *event)
{
    if (event->woken_count == 0) {
        return;
    }
    reach(c, POINT_WAKE, c->ready == 0 ? WAKE_TO_EMPTY : WAKE_TO_OTHERS, 0, 0);
    if (event->woken_count > 1) {
        reach(c, POINT_WAKE, WAKE_SEVERAL, 0, 0);
    }
    if (event->kind == HSX_EV_TICK) {
        reach(c, POINT_WAKE, WAKE_BY_TICK, 0, 0);
    }
    if (c->in_turn) {
        reach(c, POINT_WAKE, WAKE_IN_TURN, 0, 0);
    }
    if (another_is_trapped(c, event)) {
        reach(c, POINT_WAKE, WAKE_BESIDE_TRAP, 0, 0);
    }
    for (size_t i = 0; i < event->woken_count; i++) {
        for (unsigned slot = 0; slot < c->contexts; slot++) {
            const struct slot *s = &c->slots[slot];

            if (s->pid == event->woken[i] && (s->state == HSX_WAIT_MBX || s->state == HSX_SLEEP)) {
                change(c, (uint8_t)slot, s->pausing ? HSX_PAUSED : HSX_READY);
            }
        }
    }
}

/* ---- Accesses */

static void touch(struct hsx_coverage *c, const struct hsx_record *r, enum coverage_arena arena,
                  uint32_t start, uint32_t end)
{
    const uint32_t first = r->mem_addr;
    const uint32_t past = first + (r->access & HSX_ACC_WIDTH);
    const unsigned write = (r->access & HSX_ACC_WRITE) != 0;

    if (start >= end || past <= start || first >= end) {
        return;
    }
    if (first < start) {
        reach(c, POINT_EDGE, arena, EDGE_OVER_FIRST, write);
    } else if (first == start) {
        reach(c, POINT_EDGE, arena, EDGE_FIRST, write);
    }
    if (past > end) {
        reach(c, POINT_EDGE, arena, EDGE_OVER_LAST, write);
    } else if (past == end) {
        reach(c, POINT_EDGE, arena, EDGE_LAST, write);
    }
}

static void touch_arenas(struct hsx_coverage *c, const struct hsx_record *r)
{
    const struct hsx_context *ctx = &c->slots[r->slot].ctx;

    touch(c, r, ARENA_SHARED, 0, HSX_SHARED_PAGE);
    touch(c, r, ARENA_WINDOW, ctx->reg_base, ctx->reg_base + (uint32_t)HSX_WINDOW_SIZE);
    touch(c, r, ARENA_STACK, ctx->stack_limit, ctx->stack_top);
    touch(c, r, ARENA_DATA, ctx->data_base, ctx->data_base + ctx->data_len);
    touch(c, r, ARENA_WINDOWS, HSX_WINDOW_START, HSX_WINDOW_END);
}

/* An access that was refused, to [start, end). */
static void refuse(struct hsx_coverage *c, const struct coverage_refusal *refusal,
                   enum coverage_arena arena, uint32_t start, uint32_t end)
{
    const uint32_t first = refusal->addr;
    const uint32_t past = first + refusal->width;

    if (start >= end) {
        return;
    }
    if (past == start) {
        reach(c, POINT_REFUSED, arena, REFUSED_BEFORE, refusal->write);
    } else if (first < start && past > start) {
        reach(c, POINT_REFUSED, arena, REFUSED_OVER_START, refusal->write);
    }
    if (first == end) {
        reach(c, POINT_REFUSED, arena, REFUSED_AFTER, refusal->write);
    } else if (first < end && past > end) {
        reach(c, POINT_REFUSED, arena, REFUSED_OVER_END, refusal->write);
    }
}

static void refuse_at_arenas(struct hsx_coverage *c, const struct hsx_record *r)
{
    const struct hsx_context *ctx = &c->slots[r->slot].ctx;
    struct coverage_refusal refusal = coverage_refusal_of(&c->memory, ctx, r);
    const bool in_data =
        refusal.addr >= HSX_DATA_LINK && refusal.addr < HSX_DATA_LINK + ctx->data_len;

    if (refusal.width == 0) {
        return;
    }
    refuse(c, &refusal, ARENA_MEMORY, 0, HSX_DATA_SIZE);
    if ((ctx->flags & HSX_CTX_PROTECT) != 0) {
        refuse(c, &refusal, ARENA_SHARED, 0, HSX_SHARED_PAGE);
        refuse(c, &refusal, ARENA_WINDOW, ctx->reg_base, ctx->reg_base + (uint32_t)HSX_WINDOW_SIZE);
        refuse(c, &refusal, ARENA_STACK, ctx->stack_limit, ctx->stack_top);
        refuse(c, &refusal, ARENA_DATA, HSX_DATA_LINK, HSX_DATA_LINK + ctx->data_len);
    } else if (in_data) {
        refusal.addr += ctx->data_base - (uint32_t)HSX_DATA_LINK;
        refuse(c, &refusal, ARENA_MOVED, 0, HSX_DATA_SIZE);
    }
}

/* ---- Records */

static void note_bound(struct hsx_coverage *c, const struct hsx_record *r)
{
    const enum coverage_bound bound = coverage_bound_of(&c->slots[r->slot].ctx, r);

    if (bound != BOUNDS) {
        reach(c, POINT_BOUND, bound, 0, 0);
    }
}

static void instruction(struct hsx_coverage *c, const struct hsx_record *r)
{
    const uint8_t opcode = HSX_INSN_OPCODE(r->insn);

    note_bound(c, r);
    coverage_memory_follow(&c->memory, &c->slots[r->slot].ctx, r);
    c->in_turn = r->event == HSX_EV_RETIRE && (r->flags & HSX_REC_TURN_ROTATE) == 0;

    if (c->before) {
        reach(c, r->slot == c->before_slot ? POINT_PAIR_SAME : POINT_PAIR_OTHER, c->before_opcode,
              opcode, 0);
    }
    c->before = true;
    c->before_slot = r->slot;
    c->before_opcode = opcode;
    if ((r->access & HSX_ACC_WIDTH) != 0) {
        touch_arenas(c, r);
    }
}

static void fault(struct hsx_coverage *c, const struct hsx_record *r)
{
    const uint8_t opcode = HSX_INSN_OPCODE(r->insn);
    const unsigned code = r->rd_value & 7;

    c->before = false;
    c->in_turn = false;
    note_bound(c, r);
    if (r->rd_value == HSX_FAULT_MEM) {
        refuse_at_arenas(c, r);
    }
    coverage_memory_follow(&c->memory, &c->slots[r->slot].ctx, r);
    reach(c, POINT_FAULT, hsx_insn_table[opcode].name ? opcode : 0, code, 0);
    change(c, r->slot, HSX_FAULTED);
}

static void tick(struct hsx_coverage *c)
{
    if (c->before) {
        reach(c, POINT_TICK, c->before_opcode, 0, 0);
    }
    reach(c, POINT_TICK_EVENT, c->before_event, 0, 0);
}

static void take_record(struct hsx_coverage *c, const struct hsx_record *r)
{
    switch (r->event) {
    case HSX_EV_RETIRE:
        instruction(c, r);
        break;
    case HSX_EV_SVC:
        instruction(c, r);
        change(c, r->slot, HSX_TRAPPED);
        break;
    case HSX_EV_BRK:
        instruction(c, r);
        change(c, r->slot, HSX_PAUSED);
        break;
    case HSX_EV_FAULT:
        fault(c, r);
        break;
    case HSX_EV_RETURN:
        c->before = false;
        c->in_turn = false;
        change(c, r->slot, HSX_RETURNED);
        break;
    case HSX_EV_TICK:
        tick(c);
        break;
    default:
        break;
    }
    c->before_event = r->event;
}

static void take_records(void *ctx, const struct hsx_exec_records *records)
{
    for (size_t i = 0; i < records->count; i++) {
        take_record(ctx, &records->records[i]);
    }
}

static void take_write(void *ctx, uint32_t addr, const void *bytes, size_t len)
{
    struct hsx_coverage *c = ctx;

    coverage_memory_write(&c->memory, addr, bytes, len);
}

static void take_event(void *ctx, const struct hsx_exec_event *event)
{
    struct hsx_coverage *c = ctx;
    bool of_a_task = event->pid != 0 && event->slot < c->contexts;

    if (event->record) {
        take_record(c, event->record);
    } else if (of_a_task && (event->kind == HSX_EV_COMPLETE || event->kind == HSX_EV_EXTERNAL)) {
        struct slot *s = &c->slots[event->slot];
        const char *what = event->kind == HSX_EV_EXTERNAL ? event->what : "";

        s->pid = event->pid;
        s->ctx = event->ctx;
        s->pausing = strcmp(what, "pause") == 0 || (s->pausing && strcmp(what, "resume") != 0);
        change(c, event->slot, strcmp(what, "kill") == 0 ? HSX_FREE : event->ctx.state);
    }
    if (!event->record) {
        if (event->kind == HSX_EV_TICK) { /* a jump to the next deadline */
            tick(c);
        }
        c->before_event = (uint8_t)event->kind;
    }
    wake(c, event);
}

struct hsx_exec_sink hsx_coverage_sink(struct hsx_coverage *c)
{
    return (struct hsx_exec_sink){
        .ctx = c, .records = take_records, .write = take_write, .event = take_event};
}

void hsx_coverage_add_lost(struct hsx_coverage *c, const struct hsx_lost_watch *lost)
{
    for (unsigned a = 0; a < HSX_HOST_LOST_CAUSES; a++) {
        c->counts[coverage_point(&c->index, POINT_LOST, a, 0, 0)] += lost->slots[a];
        for (unsigned b = 0; b < HSX_HOST_LOST_CAUSES; b++) {
            c->counts[coverage_point(&c->index, POINT_LOST_CLOSE, a, b, 0)] += lost->close[a][b];
        }
    }
}
