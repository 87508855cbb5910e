// SPDX-License-Identifier: Apache-2.0
/* Events that are not records of a machine, and records with actions of the executive. */
#include "encode.h"

static void put_cycle(struct encoder *e, uint64_t cycle)
{
    bytes_varint(&e->payload, zigzag64(cycle - e->model.cycle));
    e->model.cycle = cycle;
}

static void put_answers(struct encoder *e, const struct hsx_trace_event *ev)
{
    bytes_varint(&e->payload, ev->store_count);
    for (size_t i = 0; i < ev->store_count; i++) {
        bytes_varint(&e->payload, ev->stores[i].addr);
        bytes_varint(&e->payload, ev->stores[i].len);
        bytes_add(&e->payload, ev->stores[i].bytes, ev->stores[i].len);
    }
    bytes_varint(&e->payload, ev->woken_count);
    for (size_t i = 0; i < ev->woken_count; i++) {
        bytes_varint(&e->payload, ev->woken[i]);
    }
}

static void put_task(struct encoder *e, const struct hsx_trace_event *ev)
{
    const struct hsx_record *r = &ev->record;

    bytes_u8(&e->payload, r->slot);
    bytes_u16(&e->payload, r->pc);
    bytes_u16(&e->payload, r->sp);
    bytes_u16(&e->payload, r->call_depth);
    bytes_u8(&e->payload, r->psw);
    bytes_u8(&e->payload, ev->state);
    model_task_at(&e->model.tasks[r->slot], r);
}

/* The fields that put_task does not have. */
static void put_context(struct encoder *e, const struct hsx_context *ctx)
{
    bytes_u16(&e->payload, ctx->reg_base);
    bytes_u16(&e->payload, ctx->stack_limit);
    bytes_u16(&e->payload, ctx->stack_top);
    bytes_u16(&e->payload, ctx->code_base);
    bytes_u16(&e->payload, ctx->data_base);
    bytes_u32(&e->payload, ctx->code_len);
    bytes_u32(&e->payload, ctx->data_len);
    bytes_u8(&e->payload, ctx->slice);
    bytes_u8(&e->payload, ctx->flags);
}

static void put_external(struct encoder *e, const struct hsx_trace_event *ev)
{
    size_t len = strnlen(ev->what, HSX_TRACE_WHAT - 1);

    bytes_u8(&e->payload, (uint32_t)len);
    bytes_add(&e->payload, ev->what, len);
    bytes_u8(&e->payload, ev->pid != 0);
    if (ev->pid != 0) {
        put_task(e, ev);
        put_context(e, &ev->context);
    }
}

static void put_mailbox(struct encoder *e, const struct hsx_trace_event *ev)
{
    size_t len = strnlen(ev->mailbox.name, HSX_TRACE_MAILBOX_NAME - 1);

    bytes_varint(&e->payload, ev->mailbox.descriptor);
    if (ev->mailbox.descriptor != 0) {
        bytes_varint(&e->payload, ev->mailbox.messages);
        bytes_u8(&e->payload, (uint32_t)len);
        bytes_add(&e->payload, ev->mailbox.name, len);
    }
}

static void put_mail(struct encoder *e, const struct hsx_trace_event *ev)
{
    size_t len = strnlen(ev->mail.name, HSX_TRACE_MAILBOX_NAME - 1);

    bytes_u8(&e->control, MARK_MAIL);
    bytes_u8(&e->payload, (uint32_t)len);
    bytes_add(&e->payload, ev->mail.name, len);
    bytes_varint(&e->payload, ev->mail.number);
    bytes_u16(&e->payload, ev->mail.capacity);
    bytes_u16(&e->payload, ev->mail.mode);
    bytes_u16(&e->payload, ev->mail.flags);
    bytes_u16(&e->payload, ev->mail.channel);
    bytes_u16(&e->payload, ev->mail.sender);
    bytes_u8(&e->payload, ev->mail.on);
    bytes_u8(&e->payload, ev->mail.result);
    bytes_varint(&e->payload, ev->mail.length);
    bytes_add(&e->payload, ev->mail.bytes, ev->mail.length);
}

static void put_host(struct encoder *e, const struct hsx_trace_event *ev)
{
    bytes_u8(&e->payload, ev->host.read);
    bytes_u8(&e->payload, ev->host.select);
    bytes_varint(&e->payload, ev->host.addr);
    bytes_varint(&e->payload, ev->host.value);
}

static void put_answered(struct encoder *e, const struct hsx_trace_event *ev)
{
    if (ev->store_count != 0 || ev->woken_count != 0) {
        encoder_note_task(e, ev->record.slot, ev->pid, ev->reg_base);
        bytes_u8(&e->control, MARK_ANSWERED);
        put_answers(e, ev);
    }
    encoder_record(e, &ev->record, ev->pid, ev->reg_base, ev->cycle);
    store_list_apply(ev->stores, ev->store_count, e->model.image);
}

void encoder_event(struct encoder *e, const struct hsx_trace_event *ev)
{
    static const uint8_t marks[] = {[HSX_EV_TICK] = MARK_TICK,
                                    [HSX_EV_COMPLETE] = MARK_COMPLETE,
                                    [HSX_EV_EXTERNAL] = MARK_EXTERNAL,
                                    [HSX_TRACE_HOST_ACCESS] = MARK_HOST};

    if (ev->kind < HSX_EV_TICK) {
        put_answered(e, ev);
        return;
    }
    if (ev->pid != 0) {
        encoder_note_task(e, ev->record.slot, ev->pid, ev->reg_base);
    }
    if (ev->has & HSX_TRACE_MAIL) {
        put_mail(e, ev);
    }
    bytes_u8(&e->control, marks[ev->kind]);
    put_cycle(e, ev->cycle);
    switch (ev->kind) {
    case HSX_EV_TICK:
        bytes_varint(&e->payload, ev->now);
        e->model.now = ev->now;
        break;
    case HSX_EV_COMPLETE:
        put_task(e, ev);
        bytes_u32(&e->payload, ev->record.insn);
        put_mailbox(e, ev);
        break;
    case HSX_EV_EXTERNAL:
        put_external(e, ev);
        break;
    default:
        put_host(e, ev);
        e->count++;
        return;
    }
    put_answers(e, ev);
    store_list_apply(ev->stores, ev->store_count, e->model.image);
    e->model.seq++;
    e->count++;
}

void encoder_gap(struct encoder *e, uint64_t seq, uint64_t steps, uint64_t now)
{
    bytes_u8(&e->control, MARK_GAP);
    bytes_varint(&e->payload, seq);
    bytes_varint(&e->payload, steps);
    bytes_varint(&e->payload, now);
    e->model.seq = seq;
    e->model.steps = steps;
    e->model.now = now;
}

void encoder_registers(struct encoder *e, uint16_t reg_base, const uint8_t *window)
{
    uint8_t *known = e->model.image + reg_base;
    uint16_t mask = 0;

    for (unsigned n = 0; n < HSX_REGISTERS; n++) {
        mask |= (uint16_t)((memcmp(known + 4 * n, window + 4 * n, 4) != 0) << n);
    }
    if (mask == 0) {
        return;
    }
    bytes_u8(&e->control, MARK_REGISTERS);
    bytes_u16(&e->payload, reg_base);
    bytes_u16(&e->payload, mask);
    for (unsigned n = 0; n < HSX_REGISTERS; n++) {
        if (mask >> n & 1) {
            bytes_add(&e->payload, window + 4 * n, 4);
        }
    }
    memcpy(known, window, HSX_WINDOW_SIZE);
}
