// SPDX-License-Identifier: Apache-2.0
/* How tasks become READY, and how they end. */
#include "internal.h"
#include <stdlib.h>
#include <string.h>

/* Can only be true after a debugger changed the task's arenas: assigned arenas never
 * overlap. */
static bool overlaps_another(const struct hsx_exec *e, uint8_t slot, const struct hsx_context *ctx)
{
    uint32_t stack_len = (uint32_t)ctx->stack_top - ctx->stack_limit;

    for (unsigned i = 0; i < e->target->contexts; i++) {
        const struct task *t = &e->tasks[i];
        uint32_t window = HSX_WINDOW_START + HSX_WINDOW_SIZE * i;

        if (t->pid == 0 || i == slot) {
            continue;
        }
        if (!arena_apart(ctx->reg_base, HSX_WINDOW_SIZE, window, HSX_WINDOW_SIZE) ||
            !arena_apart(ctx->reg_base, HSX_WINDOW_SIZE, t->data_base, t->data_len) ||
            !arena_apart(ctx->reg_base, HSX_WINDOW_SIZE, t->stack_base, t->stack_bytes) ||
            !arena_apart(ctx->stack_limit, stack_len, window, HSX_WINDOW_SIZE) ||
            !arena_apart(ctx->stack_limit, stack_len, t->data_base, t->data_len) ||
            !arena_apart(ctx->stack_limit, stack_len, t->stack_base, t->stack_bytes) ||
            !arena_apart(ctx->data_base, ctx->data_len, window, HSX_WINDOW_SIZE) ||
            !arena_apart(ctx->data_base, ctx->data_len, t->data_base, t->data_len) ||
            !arena_apart(ctx->data_base, ctx->data_len, t->stack_base, t->stack_bytes)) {
            return true;
        }
    }
    return !arena_apart(ctx->reg_base, HSX_WINDOW_SIZE, ctx->stack_limit, stack_len) ||
           !arena_apart(ctx->reg_base, HSX_WINDOW_SIZE, ctx->data_base, ctx->data_len) ||
           !arena_apart(ctx->stack_limit, stack_len, ctx->data_base, ctx->data_len);
}

static const char *const invariants[EXEC_INVARIANTS] = {
    "reg_base is 0 or no multiple of 64", "stack_limit or stack_top is 0",
    "sp lies outside [stack_limit, stack_top]", "an arena overlaps another"};

const char *exec_invariant_text(unsigned number)
{
    return number == 0 ? NULL : invariants[number - 1];
}

unsigned exec_invariant_number(const char *text)
{
    unsigned number = EXEC_INVARIANTS;

    while (number != 0 && text != invariants[number - 1]) {
        number--;
    }
    return number;
}

/* The invariants of section 4; NULL: all hold. */
static const char *broken_invariant(const struct hsx_exec *e, uint8_t slot,
                                    const struct hsx_context *ctx)
{
    const struct task *t = &e->tasks[slot];

    if (ctx->reg_base == 0 || ctx->reg_base % HSX_WINDOW_SIZE != 0) {
        return invariants[0];
    }
    if (ctx->stack_limit == 0 || ctx->stack_top == 0) {
        return invariants[1];
    }
    if (ctx->sp < ctx->stack_limit || ctx->sp > ctx->stack_top) {
        return invariants[2];
    }
    if ((ctx->reg_base != t->reg_base || ctx->stack_limit != t->stack_base ||
         ctx->stack_top != t->stack_top || ctx->data_base != t->data_base ||
         ctx->data_len != t->data_len) &&
        overlaps_another(e, slot, ctx)) {
        return invariants[3];
    }
    return NULL;
}

void exec_make_ready(struct hsx_exec *e, uint8_t slot, const struct hsx_context *ctx)
{
    const struct hsx_target_ops *ops = e->target->ops;
    struct task *t = &e->tasks[slot];
    const char *broken = broken_invariant(e, slot, ctx);

    if (broken) {
        static const uint8_t code[4] = {(uint8_t)HSX_FAULT_MEM, 0xFF, 0xFF, 0xFF};

        e->broken_invariants++;
        e->last_broken_pid = t->pid;
        e->last_broken = broken;
        t->broken = true;
        e->broken_pending++;
        exec_write(e, t->reg_base, code, sizeof code);
        exec_ok(e, ops->set_state(e->target, slot, HSX_FAULTED));
    } else if (t->pause_pending) {
        t->pause_pending = false;
        exec_ok(e, ops->set_state(e->target, slot, HSX_PAUSED));
    } else {
        exec_ok(e, ops->make_ready(e->target, slot));
    }
}

void exec_dequeue(struct hsx_exec *e, uint8_t slot)
{
    uint8_t slots[HSX_MAX_CONTEXTS];
    size_t count = 0;
    size_t kept = 0;
    uint8_t turn_left = 0;

    if (!exec_ok(e, e->target->ops->read_queue(e->target, slots, HSX_MAX_CONTEXTS, &count,
                                               &turn_left))) {
        return;
    }
    if (count != 0 && slots[0] == slot) {
        turn_left = 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (slots[i] != slot) {
            slots[kept++] = slots[i];
        }
    }
    exec_ok(e, e->target->ops->write_queue(e->target, slots, kept, turn_left));
}

static void remove_trap(struct hsx_exec *e, uint8_t slot)
{
    size_t kept = 0;

    for (size_t i = 0; i < e->trap_count; i++) {
        if (e->traps[i].slot != slot) {
            e->traps[kept++] = e->traps[i];
        }
    }
    e->trap_count = kept;
}

void exec_end_task(struct hsx_exec *e, uint8_t slot, enum hsx_ring_event why, uint16_t pc)
{
    const struct mbox_waker waker = exec_mailbox_waker(e);
    struct task *t = &e->tasks[slot];

    t->ended = true;
    exec_see_sp(e, slot);
    t->end_number = e->next_end_number++;
    t->pause_pending = false;
    t->counters.ends = 1;
    t->counters.faults += why == HSX_RING_FAULT;
    t->wait.kind = HSX_FREE;
    e->live--;
    timers_remove(&e->timers, slot);
    remove_trap(e, slot);
    exec_ring_add(e, e->event_order, t->pid, pc, why);
    mbox_task_end(e->mbox, slot, &waker);
}

void exec_end_broken(struct hsx_exec *e)
{
    for (uint8_t i = 0; e->broken_pending != 0 && i < e->target->contexts; i++) {
        struct hsx_context ctx;

        if (e->tasks[i].broken && exec_read_context(e, i, &ctx)) {
            e->tasks[i].broken = false;
            e->broken_pending--;
            exec_end_task(e, i, HSX_RING_FAULT, ctx.pc);
        }
    }
}

void exec_forget_task(struct hsx_exec *e, uint8_t slot)
{
    struct task *t = &e->tasks[slot];

    exec_fill_ring(e);
    exec_take_tally(e, slot);
    exec_see_sp(e, slot);
    exec_ok(e, e->target->ops->set_state(e->target, slot, HSX_FREE));
    exec_remove_stops_of(e, t->pid);
    hsx_mailboxes_clear(&t->metadata);
    free(t->metadata_ids);
    memset(t, 0, sizeof *t);
}
