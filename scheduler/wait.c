// SPDX-License-Identifier: Apache-2.0
/* Waits and how they end (contract sections 5 and 7). */
#include "internal.h"
#include <hsx/word.h>

void exec_block(struct hsx_exec *e, uint8_t slot, const struct hsx_context *ctx,
                const struct wait *wait, bool timed, uint32_t ticks)
{
    struct task *t = &e->tasks[slot];

    t->wait = *wait;
    t->counters.blocks++;
    exec_ring_add(e, e->event_order, t->pid, ctx->pc, HSX_RING_BLOCK);
    if (timed) {
        timers_add(&e->timers, slot, t->pid, e->now + ticks);
    }
    exec_ok(e, e->target->ops->set_state(e->target, slot, wait->kind));
}

static void end_wait(struct hsx_exec *e, uint8_t slot, const struct hsx_context *ctx,
                     enum hsx_ring_event how)
{
    struct task *t = &e->tasks[slot];

    if (how == HSX_RING_TIMEOUT) {
        t->counters.timeouts++;
        t->counters.mbox_timeouts++;
    } else {
        t->counters.wakes++;
        t->counters.mbox_wakes += t->wait.kind == HSX_WAIT_MBX;
    }
    t->wait.kind = HSX_FREE;
    timers_remove(&e->timers, slot);
    e->woken[e->woken_count++] = t->pid;
    exec_ring_add(e, e->event_order, t->pid, ctx->pc, how);
    exec_make_ready(e, slot, ctx);
}

static void write_info(struct hsx_exec *e, const struct wait *wait, enum hsx_mbox_status status,
                       const uint32_t values[4])
{
    uint8_t info[20];

    hsx_store_word(info, status);
    for (unsigned i = 0; i < 4; i++) {
        hsx_store_word(info + 4 + 4 * i, values[i]);
    }
    exec_write(e, wait->info, info, sizeof info);
}

void exec_answer_recv(struct hsx_exec *e, const struct hsx_context *ctx, const struct wait *wait,
                      enum hsx_mbox_status status, const struct mbox_message *message)
{
    uint32_t values[4] = {0}; /* length, flags, channel, sender */
    unsigned outputs = 0;

    if (status == HSX_MBOX_OK) {
        values[0] = message->length < wait->max_length ? message->length : wait->max_length;
        values[1] = message->flags;
        values[2] = message->channel;
        values[3] = message->sender;
        if (values[0] != 0) {
            exec_write(e, wait->buffer, message->bytes, values[0]);
        }
        outputs = 4;
    } else if (status == HSX_MBOX_TIMEOUT) {
        outputs = 4;
    } else if (status == HSX_MBOX_NO_DATA) {
        outputs = 1;
    }
    if (wait->has_info && outputs != 0) {
        write_info(e, wait, status, values);
    }
    exec_set_reg(e, ctx, 0, status);
    for (unsigned i = 0; i < outputs; i++) {
        exec_set_reg(e, ctx, 1 + i, values[i]);
    }
}

static void wake_task(void *arg, uint8_t slot, enum hsx_mbox_status status,
                      const struct mbox_message *message)
{
    struct hsx_exec *e = arg;
    struct hsx_context ctx;

    if (exec_read_context(e, slot, &ctx)) {
        exec_answer_recv(e, &ctx, &e->tasks[slot].wait, status, message);
        end_wait(e, slot, &ctx, HSX_RING_WAKE);
    }
}

static void write_console(void *arg, uint32_t owner, const struct mbox_message *message)
{
    const struct hsx_exec *e = arg;

    if (e->failed == HSX_OK) {
        e->config.host.console(e->config.host.ctx, owner, message->bytes, message->length);
    }
}

struct mbox_waker exec_mailbox_waker(struct hsx_exec *e)
{
    bool drains = e->config.stdio && e->config.host.console;

    return (struct mbox_waker){e, wake_task, drains ? write_console : NULL};
}

void exec_expire(struct hsx_exec *e)
{
    const struct timer *first;

    while ((first = timers_first(&e->timers)) && first->deadline <= e->now && e->failed == HSX_OK) {
        uint8_t slot = first->slot;
        struct hsx_context ctx;

        if (!exec_read_context(e, slot, &ctx)) {
            return;
        }
        if (e->tasks[slot].wait.kind == HSX_SLEEP) {
            exec_set_reg(e, &ctx, 0, 0);
            end_wait(e, slot, &ctx, HSX_RING_WAKE);
        } else {
            mbox_cancel_wait(e->mbox, slot);
            exec_answer_recv(e, &ctx, &e->tasks[slot].wait, HSX_MBOX_TIMEOUT, NULL);
            end_wait(e, slot, &ctx, HSX_RING_TIMEOUT);
        }
    }
}
