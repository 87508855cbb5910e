// SPDX-License-Identifier: Apache-2.0
/*
 * Finds where among the records of a stretch of instructions a run might have to end.
 * Records contain every change by instructions to what breakpoints, watchpoints and
 * conditions read. A false positive only costs time: whether the run ends is decided
 * there, in stops.c.
 */
#include "internal.h"
#include <hsx/word.h>
#include <string.h>

void exec_look_out(struct hsx_exec *e, const struct hsx_exec_run *run, struct lookout *l)
{
    int slot = run->back_pid != 0 ? exec_slot_of(e, run->back_pid) : -1;
    struct hsx_context ctx = {0};

    *l = (struct lookout){.sp_known = slot >= 0 && exec_read_context(e, (uint8_t)slot, &ctx),
                          .sp = ctx.sp};
    for (size_t i = 0; i < e->stop_count; i++) {
        const struct hsx_exec_stop *stop = &e->stops[i].as_set;
        const struct hsx_condition *c = &stop->condition;
        struct looked_at *at = &l->at[i];
        bool breakpoint = stop->kind == HSX_BREAK_PC;
        bool memory = breakpoint ? c->memory : stop->kind == HSX_WATCH_MEMORY;
        uint8_t bytes[4];

        l->breaks = l->breaks || breakpoint;
        if (breakpoint && c->relation == HSX_ALWAYS) {
            continue;
        }
        slot = memory ? -1 : exec_slot_of(e, stop->pid);
        if (!memory && slot < 0) {
            continue; /* a register of every task: each place may stop */
        }
        at->len = memory && !breakpoint ? stop->len : 4;
        at->addr = !memory      ? e->tasks[slot].window + 4u * (breakpoint ? c->reg : stop->reg)
                   : breakpoint ? c->addr
                                : stop->addr;
        at->value = e->stops[i].value;
        if (breakpoint) {
            exec_read(e, at->addr, bytes, sizeof bytes);
            at->value = hsx_load_word(bytes);
        }
        l->any = true;
    }
}

/* Replaces the bytes of [addr, addr + 4) that lie in the len bytes of value at start. */
static void overlay(struct looked_at *at, uint32_t start, unsigned len, uint32_t value)
{
    /* Almost every write is elsewhere; a sum wraps only if start is too low. */
    if (start + len - 1 - at->addr >= at->len + len - 1) {
        return;
    }
    for (unsigned i = 0; i < len; i++) {
        uint32_t place = start + i - at->addr; /* huge when it lies before */

        if (place < at->len) {
            at->value &= ~(0xFFu << 8 * place);
            at->value |= (value >> 8 * i & 0xFF) << 8 * place;
        }
    }
}

/* Applies what an instruction wrote: memory, R15, the destination register. */
static void apply(const struct hsx_exec *e, const struct hsx_record *r, struct looked_at *at)
{
    uint32_t window = e->tasks[r->slot].window;

    if ((r->access & HSX_ACC_WRITE) != 0) {
        overlay(at, r->mem_addr, r->access & HSX_ACC_WIDTH, r->mem_value);
    }
    if ((r->flags & HSX_REC_R15) != 0) {
        overlay(at, window + 4 * (HSX_REGISTERS - 1), 4, r->sp);
    }
    if ((r->flags & HSX_REC_RD) != 0) {
        overlay(at, window + 4u * r->rd, 4, r->rd_value);
    }
}

/* True: a watched value has changed. */
static bool changes(const struct hsx_exec *e, const struct hsx_record *r, struct lookout *l)
{
    bool changed = false;

    if ((r->access & HSX_ACC_WRITE) == 0 && (r->flags & (HSX_REC_R15 | HSX_REC_RD)) == 0) {
        return false;
    }
    for (size_t i = 0; l->any && i < e->stop_count; i++) {
        if (l->at[i].len != 0) {
            apply(e, r, &l->at[i]);
            changed = changed || (e->stops[i].as_set.kind != HSX_BREAK_PC &&
                                  l->at[i].value != e->stops[i].value);
        }
    }
    return changed;
}

/* Might a run end before this instruction of slot? */
static bool before(const struct hsx_exec *e, const struct hsx_exec_run *run, uint8_t slot,
                   uint16_t pc, const struct lookout *l)
{
    uint32_t pid = e->tasks[slot].pid;

    if (pid == run->back_pid && (!l->sp_known || l->sp >= run->back_sp)) {
        return true;
    }
    for (size_t i = 0; l->breaks && i < e->stop_count; i++) {
        const struct hsx_exec_stop *stop = &e->stops[i].as_set;

        if (stop->kind == HSX_BREAK_PC && stop->pc == pc && (stop->pid == pid || stop->pid == 0) &&
            (l->at[i].len == 0 || hsx_condition_holds(&stop->condition, l->at[i].value))) {
            return true;
        }
    }
    return false;
}

/* The task whose instruction was next when the tick of an alarm ended the stretch: the queue
 * is as before the tick, which the executive has not handled yet. */
static bool before_next(struct hsx_exec *e, const struct hsx_exec_run *run, const struct lookout *l)
{
    struct hsx_context ctx;
    uint8_t slots[HSX_MAX_CONTEXTS];
    uint8_t turn_left;
    size_t count = 0;

    return exec_ok(e, e->target->ops->read_queue(e->target, slots, HSX_MAX_CONTEXTS, &count,
                                                 &turn_left)) &&
           count != 0 && exec_read_context(e, slots[0], &ctx) &&
           before(e, run, slots[0], ctx.pc, l);
}

size_t exec_records_to_stop(struct hsx_exec *e, const struct hsx_exec_run *run,
                            const struct hsx_run *stretch, struct lookout *l)
{
    size_t after = 0; /* the last step: a pending tick comes after a stop */
    bool places = l->breaks || run->back_pid != 0;

    for (size_t i = 0; i < stretch->count; i++) {
        const struct hsx_record *r = &stretch->records[i];

        if (r->event == HSX_EV_TICK) {
            continue;
        }
        if (places && before(e, run, r->slot, r->pc, l)) {
            return after;
        }
        if (places && e->tasks[r->slot].pid == run->back_pid) {
            l->sp_known = true;
            l->sp = r->sp;
        }
        after = i + 1;
        if (changes(e, r, l)) {
            return after;
        }
    }
    if (stretch->reason == HSX_STOP_ALARM && before_next(e, run, l)) {
        return after;
    }
    return stretch->count;
}
