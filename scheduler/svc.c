// SPDX-License-Identifier: Apache-2.0
/* The system calls of contract section 6 and their mailbox side, section 7. */
#include "internal.h"
#include <hsx/translate.h>
#include <hsx/word.h>
#include <string.h>

enum { CAN_MAX = 8 };

/* One SVC being completed. */
struct call {
    struct hsx_exec *e;
    uint8_t slot;
    uint32_t insn;
    struct hsx_context ctx;
    uint32_t in[6]; /* R0..R5 when the trap is completed */
    uint64_t steps;
};

enum outcome { CALL_DONE, CALL_BLOCKED, CALL_ENDED };

static uint16_t arg(const struct call *c, unsigned n)
{
    return (uint16_t)c->in[n];
}

static enum outcome answer(struct call *c, uint32_t r0)
{
    exec_set_reg(c->e, &c->ctx, 0, r0);
    return CALL_DONE;
}

/* Translates a pointer argument to len bytes; false: the task may not access all of them. */
static bool locate(struct call *c, uint16_t pointer, uint32_t len, uint16_t *at)
{
    struct task *t = &c->e->tasks[c->slot];

    if (hsx_translate(&c->ctx, pointer, len, at)) {
        return true;
    }
    if (t->refused.len == 0) {
        t->refused = (struct refused){.len = len,
                                      .address = pointer,
                                      .pc = (uint16_t)(c->ctx.pc - 4),
                                      .svc = (uint16_t)HSX_SVC_NUMBER(c->insn)};
    }
    return false;
}

/* Copies the bytes of a pointer argument into the executive's buffer. */
static bool fetch(struct call *c, uint16_t pointer, uint16_t len)
{
    uint16_t at;

    if (!locate(c, pointer, len, &at)) {
        return false;
    }
    if (len != 0) {
        exec_read(c->e, at, c->e->io, len);
    }
    return true;
}

/* Copies a NUL-terminated name into the executive's buffer; returns its length without
 * the NUL, or -1: not readable, or longer than a name may be. */
static int fetch_name(struct call *c, uint16_t pointer)
{
    uint32_t len = HSX_MBOX_NAME_SIZE + 1;
    const uint8_t *end;
    uint16_t at;

    if (!locate(c, pointer, 1, &at)) {
        return -1;
    }
    if (len > HSX_DATA_SIZE - (uint32_t)at) {
        len = HSX_DATA_SIZE - (uint32_t)at;
    }
    exec_read(c->e, at, c->e->io, len);
    end = memchr(c->e->io, 0, len);
    if (!end || !locate(c, pointer, (uint32_t)(end - c->e->io) + 1, &at)) {
        return -1;
    }
    return (int)(end - c->e->io);
}

/* ---- Module 5 */

static enum outcome call_open(struct call *c)
{
    int len = fetch_name(c, arg(c, 1));
    uint16_t handle = 0;
    enum hsx_mbox_status status;

    if (len < 0) {
        return answer(c, HSX_MBOX_INTERNAL_ERROR);
    }
    status =
        mbox_open(c->e->mbox, c->slot, (const char *)c->e->io, (size_t)len, arg(c, 2), &handle);
    if (status == HSX_MBOX_OK) {
        exec_set_reg(c->e, &c->ctx, 1, handle);
    }
    return answer(c, status);
}

static enum outcome call_bind(struct call *c)
{
    const struct mbox_waker waker = exec_mailbox_waker(c->e);
    int len = fetch_name(c, arg(c, 1));
    uint32_t id = 0;
    enum hsx_mbox_status status;

    if (len < 0) {
        return answer(c, HSX_MBOX_INTERNAL_ERROR);
    }
    status = mbox_bind(c->e->mbox, c->slot, (const char *)c->e->io, (size_t)len, arg(c, 2),
                       arg(c, 3), &waker, &id);
    if (status == HSX_MBOX_OK) {
        exec_set_reg(c->e, &c->ctx, 1, id);
    }
    return answer(c, status);
}

static enum outcome call_send(struct call *c)
{
    const struct mbox_waker waker = exec_mailbox_waker(c->e);
    struct mbox_message message = {
        .length = arg(c, 3), .flags = arg(c, 4), .channel = arg(c, 5), .bytes = c->e->io};
    enum hsx_mbox_status status;

    c->e->tasks[c->slot].counters.mbox_steps++;
    if (!fetch(c, arg(c, 2), message.length)) {
        return answer(c, HSX_MBOX_INTERNAL_ERROR);
    }
    status = mbox_send(c->e->mbox, c->slot, arg(c, 1), &message, &waker);
    if (status == HSX_MBOX_OK) {
        exec_set_reg(c->e, &c->ctx, 1, message.length);
    }
    return answer(c, status);
}

/* The task is about to find its standard input empty: the host may have some. */
static bool feed_input(struct call *c)
{
    const struct hsx_exec_host *host = &c->e->config.host;
    const struct mbox_waker waker = exec_mailbox_waker(c->e);
    struct mbox_message message = {.bytes = c->e->io};
    const struct mbox_desc *d;
    size_t room;

    if (!c->e->config.stdio || !host->input) {
        return false;
    }
    d = mbox_awaited_input(c->e->mbox, c->slot, arg(c, 1));
    if (!d) {
        return false;
    }
    room = d->ring.size - MBOX_HEADER;
    message.length = (uint16_t)host->input(host->ctx, d->owner, c->e->io, room);
    return message.length != 0 &&
           mbox_input(c->e->mbox, c->slot, arg(c, 1), &message, &waker) == HSX_MBOX_OK;
}

static enum outcome call_recv(struct call *c)
{
    struct wait wait = {.kind = HSX_WAIT_MBX, .max_length = arg(c, 3), .has_info = arg(c, 5) != 0};
    uint16_t timeout = arg(c, 4);
    struct mbox_message message;
    enum hsx_mbox_status status;

    c->e->tasks[c->slot].counters.mbox_steps++;
    if (!locate(c, arg(c, 2), wait.max_length, &wait.buffer) ||
        (wait.has_info && !locate(c, arg(c, 5), 20, &wait.info))) {
        return answer(c, HSX_MBOX_INTERNAL_ERROR);
    }
    status = mbox_recv(c->e->mbox, c->slot, arg(c, 1), &message);
    if (status == HSX_MBOX_NO_DATA && feed_input(c)) {
        status = mbox_recv(c->e->mbox, c->slot, arg(c, 1), &message);
    }
    if (status == HSX_MBOX_NO_DATA && timeout != HSX_WAIT_POLL) {
        mbox_wait(c->e->mbox, c->slot, arg(c, 1));
        exec_block(c->e, c->slot, &c->ctx, &wait, timeout != HSX_WAIT_FOREVER, timeout);
        return CALL_BLOCKED;
    }
    exec_answer_recv(c->e, &c->ctx, &wait, status, &message);
    return CALL_DONE;
}

static enum outcome call_peek(struct call *c)
{
    uint32_t out[3];
    enum hsx_mbox_status status =
        mbox_peek(c->e->mbox, c->slot, arg(c, 1), &out[0], &out[1], &out[2]);

    for (unsigned i = 0; status == HSX_MBOX_OK && i < 3; i++) {
        exec_set_reg(c->e, &c->ctx, 1 + i, out[i]);
    }
    return answer(c, status);
}

static enum outcome call_mailbox(struct call *c, unsigned number)
{
    const struct mbox_waker waker = exec_mailbox_waker(c->e);

    switch (number) {
    case HSX_SVC_MBOX_OPEN:
        return call_open(c);
    case HSX_SVC_MBOX_BIND:
        return call_bind(c);
    case HSX_SVC_MBOX_SEND:
        return call_send(c);
    case HSX_SVC_MBOX_RECV:
        return call_recv(c);
    case HSX_SVC_MBOX_PEEK:
        return call_peek(c);
    case HSX_SVC_MBOX_TAP:
        return answer(c, mbox_tap(c->e->mbox, c->slot, arg(c, 1), (c->in[2] & 1) != 0));
    case HSX_SVC_MBOX_CLOSE:
        return answer(c, mbox_close(c->e->mbox, c->slot, arg(c, 1), &waker));
    default:
        return answer(c, HSX_MBOX_INTERNAL_ERROR);
    }
}

/* ---- The other modules */

static enum outcome call_exit(struct call *c)
{
    exec_ok(c->e, c->e->target->ops->set_state(c->e->target, c->slot, HSX_EXITED));
    exec_end_task(c->e, c->slot, HSX_RING_HALT, c->ctx.pc);
    return CALL_ENDED;
}

static enum outcome call_uart_write(struct call *c)
{
    const struct hsx_exec_host *host = &c->e->config.host;

    if (!fetch(c, arg(c, 1), arg(c, 2))) {
        return answer(c, HSX_FAULT_MEM);
    }
    if (host->console && arg(c, 2) != 0 && c->e->failed == HSX_OK) {
        host->console(host->ctx, c->e->tasks[c->slot].pid, c->e->io, arg(c, 2));
    }
    return answer(c, arg(c, 2));
}

static enum outcome call_can_tx(struct call *c)
{
    const struct hsx_exec_host *host = &c->e->config.host;

    if (c->in[3] > CAN_MAX) {
        return answer(c, UINT32_MAX);
    }
    if (!fetch(c, arg(c, 2), arg(c, 3))) {
        return answer(c, HSX_FAULT_MEM);
    }
    if (host->can && c->e->failed == HSX_OK) {
        host->can(host->ctx, c->e->tasks[c->slot].pid, arg(c, 1) & 0x7FF, c->e->io, arg(c, 3));
    }
    return answer(c, 0);
}

static enum outcome call_fs_write(struct call *c)
{
    const struct mbox_waker waker = exec_mailbox_waker(c->e);
    bool out = c->in[1] == 1;
    const char *name = out ? "svc:stdio.out" : "svc:stdio.err";
    struct mbox_message message = {
        .length = arg(c, 3), .flags = out ? HSX_FLAG_STDOUT : HSX_FLAG_STDERR, .bytes = c->e->io};

    if (!fetch(c, arg(c, 2), message.length)) {
        return answer(c, HSX_FAULT_MEM);
    }
    if (!out && c->in[1] != 2) {
        return answer(c, 0);
    }
    if (mbox_post(c->e->mbox, c->slot, name, strlen(name), &message, &waker) != HSX_MBOX_OK) {
        return answer(c, 0);
    }
    return answer(c, message.length);
}

static enum outcome call_sleep(struct call *c)
{
    const struct wait wait = {.kind = HSX_SLEEP};

    if (c->in[0] == 0) {
        return answer(c, 0);
    }
    exec_block(c->e, c->slot, &c->ctx, &wait, true, c->in[0]);
    return CALL_BLOCKED;
}

static enum outcome dispatch(struct call *c, uint32_t insn)
{
    unsigned number = HSX_SVC_NUMBER(insn);

    if (HSX_SVC_MODULE(insn) == HSX_SVC_MBOX_MODULE) {
        return call_mailbox(c, number);
    }
    switch (number) {
    case HSX_SVC_STEPS:
        return answer(c, (uint32_t)c->steps);
    case HSX_SVC_EXIT:
        return call_exit(c);
    case HSX_SVC_UART_WRITE:
        return call_uart_write(c);
    case HSX_SVC_CAN_TX:
        return call_can_tx(c);
    case HSX_SVC_FS_WRITE:
        return call_fs_write(c);
    case HSX_SVC_SLEEP_MS:
        return call_sleep(c);
    default:
        return answer(c, HSX_ENOSYS);
    }
}

/* The mailbox of a call, by its handle: the result of OPEN, an argument of the others. */
static void describe_mailbox(const struct call *c, unsigned function, struct hsx_exec_event *event)
{
    uint8_t r1[4];
    uint16_t handle = arg(c, 1);
    const struct mbox_desc *d;

    if (function == 1) {
        return; /* BIND opens none */
    }
    if (function == 0) {
        exec_read(c->e, c->ctx.reg_base + 4u, r1, sizeof r1);
        handle = (uint16_t)hsx_load_word(r1);
    }
    d = mbox_of_handle(c->e->mbox, c->slot, handle);
    if (d) {
        event->mailbox.descriptor = d->id;
        event->mailbox.messages = d->ring.count;
        mbox_format_name(d, event->mailbox.name, sizeof event->mailbox.name);
    }
}

void exec_complete(struct hsx_exec *e, const struct trap *trap)
{
    struct hsx_exec_event event = {.kind = HSX_EV_COMPLETE, .insn = trap->insn};
    struct call c = {.e = e, .slot = trap->slot, .insn = trap->insn, .steps = trap->steps};
    uint8_t window[sizeof c.in];

    exec_event_begin(e);
    if (!exec_read_context(e, c.slot, &c.ctx)) {
        return;
    }
    exec_read(e, c.ctx.reg_base, window, sizeof window);
    if (e->failed != HSX_OK) {
        return; /* nothing is reported after a failure of the machine */
    }
    for (unsigned i = 0; i < sizeof c.in / sizeof c.in[0]; i++) {
        c.in[i] = hsx_load_word(window + 4 * i);
    }
    if (dispatch(&c, trap->insn) == CALL_DONE) {
        exec_make_ready(e, c.slot, &c.ctx);
    }
    exec_describe(e, &event, c.slot);
    if (e->has_sink && (trap->insn >> 8 & 0xF) == 5) {
        describe_mailbox(&c, trap->insn & 0xFF, &event);
    }
    exec_event_end(e, &event);
}
