// SPDX-License-Identifier: Apache-2.0
/*
 * A trace of a core whose host is not the executive of this project: the host's accesses to
 * the core's host port are in the trace, and are applied to the C model at the same places.
 * docs/host_map.md describes them.
 */
#include "check.h"
#include <hsx/context.h>
#include <hsx/host_map.h>
#include <hsx/target.h>
#include <hsx/target_vm.h>
#include <hsx/word.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Contexts written by the host, word by word, until they are needed. */
struct host {
    struct check *check;
    struct hsx_context written[HSX_MAX_CONTEXTS];
    bool pending[HSX_MAX_CONTEXTS];
};

static enum hsx_status stop(struct host *h, const char *why)
{
    struct check *c = h->check;

    if (!c->done) {
        snprintf(c->verdict->stopped, sizeof c->verdict->stopped, "%s", why);
        c->done = true;
    }
    return HSX_OK;
}

static const struct hsx_target_ops *ops_of(const struct host *h)
{
    return h->check->target->ops;
}

static enum hsx_status flush_context(struct host *h, unsigned slot)
{
    enum hsx_status status;

    if (!h->pending[slot]) {
        return HSX_OK;
    }
    h->pending[slot] = false;
    status = ops_of(h)->write_context(h->check->target, (uint8_t)slot, &h->written[slot]);
    return status == HSX_ERR_ARGUMENT ? stop(h, "the host wrote a context that no machine may have")
                                      : status;
}

static enum hsx_status flush_contexts(struct host *h)
{
    enum hsx_status status = HSX_OK;

    for (unsigned slot = 0; slot < h->check->target->contexts && status == HSX_OK; slot++) {
        status = flush_context(h, slot);
    }
    return status;
}

static void set_field(struct hsx_context *ctx, unsigned field, uint32_t value)
{
    uint16_t *const halves[] = {[HSX_CONTEXT_PC] = &ctx->pc,
                                [HSX_CONTEXT_SP] = &ctx->sp,
                                [HSX_CONTEXT_REG_BASE] = &ctx->reg_base,
                                [HSX_CONTEXT_STACK_LIMIT] = &ctx->stack_limit,
                                [HSX_CONTEXT_STACK_TOP] = &ctx->stack_top,
                                [HSX_CONTEXT_CODE_BASE] = &ctx->code_base,
                                [HSX_CONTEXT_DATA_BASE] = &ctx->data_base,
                                [HSX_CONTEXT_CALL_DEPTH] = &ctx->call_depth};

    switch (field) {
    case HSX_CONTEXT_CODE_LEN:
        ctx->code_len = value & 0x1FFFE;
        break;
    case HSX_CONTEXT_DATA_LEN:
        ctx->data_len = value & 0xFFFF;
        break;
    case HSX_CONTEXT_PSW:
        ctx->psw = value & 0xF;
        break;
    case HSX_CONTEXT_SLICE:
        ctx->slice = (uint8_t)value;
        break;
    case HSX_CONTEXT_FLAGS:
        ctx->flags = value & (HSX_CTX_PROTECT | HSX_CTX_CALL_WORDS);
        break;
    case HSX_CONTEXT_STATE:
        ctx->state = value & 0xF;
        break;
    default:
        if (field < sizeof halves / sizeof halves[0] && halves[field]) {
            *halves[field] = (uint16_t)value;
        }
        break;
    }
}

static enum hsx_status write_field(struct host *h, uint32_t addr, uint32_t value)
{
    unsigned slot = (addr - HSX_HOST_CONTEXT) / HSX_HOST_CONTEXT_SIZE;
    unsigned field = (addr - HSX_HOST_CONTEXT) % HSX_HOST_CONTEXT_SIZE / 4;
    struct hsx_target *target = h->check->target;
    enum hsx_status status = HSX_OK;

    if (slot >= target->contexts) {
        return stop(h, "the host wrote a context that the core has not");
    }
    if (field == HSX_CONTEXT_PUSH) {
        status = flush_context(h, slot);
        if (status == HSX_OK && !h->check->done) {
            status = ops_of(h)->make_ready(target, (uint8_t)slot);
        }
        return status == HSX_ERR_ARGUMENT || status == HSX_ERR_STATE
                   ? stop(h, "the host pushed a slot that is in the queue already")
                   : status;
    }
    if (!h->pending[slot]) {
        status = ops_of(h)->read_context(target, (uint8_t)slot, &h->written[slot]);
        h->pending[slot] = status == HSX_OK;
    }
    set_field(&h->written[slot], field, value);
    return status;
}

static enum hsx_status write_data(struct host *h, uint32_t addr, uint32_t value, uint8_t select)
{
    uint8_t bytes[4];
    enum hsx_status status = HSX_OK;

    hsx_store_word(bytes, value);
    for (unsigned lane = 0; lane < 4 && status == HSX_OK; lane++) {
        if (select >> lane & 1) {
            status = ops_of(h)->write_data(h->check->target, (addr & ~3u) + lane, &bytes[lane], 1);
        }
    }
    return status;
}

static enum hsx_status change_queue(struct host *h, bool pop, uint32_t turn)
{
    struct hsx_target *target = h->check->target;
    uint8_t slots[HSX_MAX_CONTEXTS];
    struct hsx_context head;
    uint8_t left = 0;
    size_t count = 0;
    enum hsx_status status = ops_of(h)->read_queue(target, slots, sizeof slots, &count, &left);

    if (status != HSX_OK || count == 0) {
        return status;
    }
    if (pop) {
        return ops_of(h)->write_queue(target, slots + 1, count - 1, 0);
    }
    status = ops_of(h)->read_context(target, slots[0], &head);
    if (status == HSX_OK) {
        uint8_t slice = head.slice != 0 ? head.slice : 1;
        uint8_t done = (uint8_t)turn;

        left = (turn & 0x100) != 0 && done < slice ? (uint8_t)(slice - done) : 0;
        status = ops_of(h)->write_queue(target, slots, count, left);
    }
    return status;
}

static enum hsx_status control(struct host *h, const struct hsx_trace_event *ev)
{
    enum hsx_status status = HSX_OK;

    switch (ev->host.addr) {
    case HSX_HOST_QUEUE_POP:
        return ev->host.read ? change_queue(h, true, 0) : HSX_OK;
    case HSX_HOST_TURN:
        return change_queue(h, false, ev->host.value);
    case HSX_HOST_COUNT_EVENT:
        for (uint32_t i = 0; i < ev->host.value && i < UINT16_MAX && status == HSX_OK; i++) {
            status = ops_of(h)->count_event(h->check->target);
        }
        return status;
    case HSX_HOST_STEPS:
    case HSX_HOST_ORDER:
    case HSX_HOST_CYCLES:
        h->check->numbered = false; /* numbers continue from the host's value */
        return HSX_OK;
    default: /* holds, ticks and the alarm: their times are in the trace */
        return HSX_OK;
    }
}

static enum hsx_status access_host(struct host *h, const struct hsx_trace_event *ev)
{
    uint32_t addr = ev->host.addr;
    uint32_t word = ev->host.value;

    if (addr >= HSX_HOST_CONTROL) {
        return control(h, ev);
    }
    if (ev->host.read) {
        return HSX_OK;
    }
    if (addr >= HSX_HOST_CONTEXT) {
        return write_field(h, addr & ~3u, word);
    }
    if (addr >= HSX_HOST_CODE) {
        return ops_of(h)->write_code(h->check->target, (addr - HSX_HOST_CODE) & ~3u, &word, 1);
    }
    return write_data(h, addr, word, ev->host.select);
}

/* The model's next record as an event; *made is false if there is none. */
static enum hsx_status model_event(struct host *h, const struct hsx_trace_event *ev,
                                   struct hsx_trace_event *model, bool *made)
{
    struct hsx_target *target = h->check->target;
    struct hsx_run run = {.max_steps = 1, .records = &model->record, .capacity = 1};
    struct hsx_totals totals;
    enum hsx_status status;

    *model = (struct hsx_trace_event){0};
    status = ops_of(h)->read_totals(target, &totals);
    if (status != HSX_OK) {
        return status;
    }
    if (ev->kind == HSX_EV_TICK) {
        *made = true;
        model->kind = model->record.event = HSX_EV_TICK;
        model->has = HSX_TRACE_EVENT | HSX_TRACE_SEQ;
        status = ops_of(h)->jump_to(target, totals.now + 1);
    } else {
        status = ops_of(h)->run(target, &run);
        *made = run.count != 0;
        model->kind = model->record.event;
        model->has = HSX_TRACE_EVENT | HSX_TRACE_SEQ | HSX_TRACE_SLOT | HSX_TRACE_PC |
                     HSX_TRACE_INSN | HSX_TRACE_EXT | HSX_TRACE_NEXT_PC | HSX_TRACE_RD |
                     HSX_TRACE_PSW | HSX_TRACE_SP | HSX_TRACE_CALL_DEPTH | HSX_TRACE_ACCESS |
                     HSX_TRACE_TURN;
        /* The executive did not number these tasks. */
        model->pid = ev->pid;
    }
    model->seq = totals.order;
    model->cycle = ev->cycle;
    return status;
}

static enum hsx_status check_record(struct host *h, const struct hsx_trace_event *ev)
{
    struct check *c = h->check;
    struct hsx_trace_event model;
    uint32_t mask;
    uint32_t field;
    bool made;
    enum hsx_status status = flush_contexts(h);

    if (status != HSX_OK || c->done) {
        return status;
    }
    status = model_event(h, ev, &model, &made);
    if (status != HSX_OK) {
        return status;
    }
    if (!made) {
        c->nothing = "has no task that is READY";
        check_report(c, NULL, ev, 0, 0);
        return HSX_OK;
    }
    mask = ev->has & model.has & ~(c->numbered ? 0u : (uint32_t)HSX_TRACE_SEQ);
    field = hsx_tracetool_difference(&model, ev, mask);
    if (field != 0) {
        check_report(c, &model, ev, field, mask);
    } else {
        model.has |= ev->has & HSX_TRACE_CYCLE;
        check_agreed(c, &model);
    }
    return HSX_OK;
}

enum hsx_status check_by_host(struct check *c, struct hsx_trace_error *error)
{
    const struct hsx_trace_header *header = c->source->header;
    unsigned contexts = header->contexts != 0 ? header->contexts : c->options->contexts;
    struct host *h = calloc(1, sizeof *h);
    enum hsx_status status = h ? hsx_target_vm_create(contexts, &c->target) : HSX_ERR_MEMORY;

    c->numbered = true;
    if (h) {
        h->check = c;
    }
    while (status == HSX_OK && !c->done) {
        const struct hsx_trace_event *event;

        status = c->source->next(c->source->ctx, &event, error);
        if (status != HSX_OK || !event) {
            break;
        }
        status = event->kind == HSX_TRACE_HOST_ACCESS ? access_host(h, event)
                 : event->kind < HSX_EV_COMPLETE      ? check_record(h, event)
                                                      : HSX_OK;
    }
    free(h);
    return status;
}
