// SPDX-License-Identifier: Apache-2.0
/* Actions from outside on existing tasks; each is one EXTERNAL event. */
#include "internal.h"

/* Every action begins here: the target is held and in step, the task exists. */
static enum hsx_status begin(struct hsx_exec *e, uint32_t pid, int *slot, struct hsx_context *ctx)
{
    *slot = exec_slot_of(e, pid);
    if (*slot < 0) {
        return HSX_ERR_ARGUMENT;
    }
    exec_sync(e);
    exec_read_context(e, (uint8_t)*slot, ctx);
    return e->failed;
}

enum hsx_status hsx_exec_kill(struct hsx_exec *e, uint32_t pid)
{
    const struct mbox_waker waker = exec_mailbox_waker(e);
    struct hsx_exec_event event = {.kind = HSX_EV_EXTERNAL, .what = "kill"};
    struct hsx_context ctx;
    int slot;
    enum hsx_status status = begin(e, pid, &slot, &ctx);

    if (status != HSX_OK) {
        return status;
    }
    exec_event_begin(e);
    exec_describe(e, &event, (uint8_t)slot);
    if (ctx.state == HSX_READY) {
        exec_dequeue(e, (uint8_t)slot);
    }
    if (!e->tasks[slot].ended) {
        exec_end_task(e, (uint8_t)slot, HSX_RING_HALT, ctx.pc);
    }
    mbox_task_kill(e->mbox, (uint8_t)slot, &waker);
    mbox_task_reap(e->mbox, (uint8_t)slot, &waker);
    exec_forget_task(e, (uint8_t)slot);
    exec_event_end(e, &event);
    return e->failed;
}

enum hsx_status hsx_exec_pause(struct hsx_exec *e, uint32_t pid)
{
    struct hsx_context ctx;
    int slot;
    enum hsx_status status = begin(e, pid, &slot, &ctx);

    if (status != HSX_OK) {
        return status;
    }
    if (e->tasks[slot].ended || e->tasks[slot].pause_pending || ctx.state == HSX_PAUSED) {
        return HSX_ERR_STATE;
    }
    exec_event_begin(e);
    if (ctx.state == HSX_READY) {
        exec_dequeue(e, (uint8_t)slot);
        exec_ok(e, e->target->ops->set_state(e->target, (uint8_t)slot, HSX_PAUSED));
    } else {
        e->tasks[slot].pause_pending = true;
    }
    return exec_external_end(e, "pause", slot);
}

enum hsx_status hsx_exec_resume(struct hsx_exec *e, uint32_t pid)
{
    struct hsx_context ctx;
    int slot;
    enum hsx_status status = begin(e, pid, &slot, &ctx);

    if (status != HSX_OK) {
        return status;
    }
    if (ctx.state != HSX_PAUSED && !e->tasks[slot].pause_pending) {
        return HSX_ERR_STATE;
    }
    exec_event_begin(e);
    if (ctx.state == HSX_PAUSED) {
        exec_make_ready(e, (uint8_t)slot, &ctx);
    }
    e->tasks[slot].pause_pending = false;
    return exec_external_end(e, "resume", slot);
}

enum hsx_status hsx_exec_write_context(struct hsx_exec *e, uint32_t pid,
                                       const struct hsx_context *ctx)
{
    struct hsx_context now;
    struct hsx_context next = *ctx;
    int slot;
    enum hsx_status status = begin(e, pid, &slot, &now);

    if (status != HSX_OK) {
        return status;
    }
    next.state = now.state;
    status = e->target->ops->write_context(e->target, (uint8_t)slot, &next);
    if (status == HSX_ERR_ARGUMENT || !exec_ok(e, status)) {
        return status;
    }
    e->tasks[slot].window = next.reg_base;
    exec_note_sp(e, (uint8_t)slot, next.sp);
    exec_event_begin(e);
    return exec_external_end(e, "context", slot);
}

enum hsx_status hsx_exec_set_slice(struct hsx_exec *e, uint32_t pid, uint8_t slice)
{
    struct hsx_context ctx;
    int slot;
    enum hsx_status status = begin(e, pid, &slot, &ctx);

    if (status != HSX_OK) {
        return status;
    }
    ctx.slice = slice ? slice : 1;
    exec_event_begin(e);
    exec_ok(e, e->target->ops->write_context(e->target, (uint8_t)slot, &ctx));
    return exec_external_end(e, "slice", slot);
}

enum hsx_status hsx_exec_poke(struct hsx_exec *e, uint32_t addr, const void *bytes, size_t len)
{
    if (addr > HSX_DATA_SIZE || len > HSX_DATA_SIZE - addr) {
        return HSX_ERR_ARGUMENT;
    }
    exec_sync(e);
    if (e->failed != HSX_OK) {
        return e->failed;
    }
    exec_event_begin(e);
    exec_write(e, addr, bytes, len);
    return exec_external_end(e, "poke", -1);
}
