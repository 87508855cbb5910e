// SPDX-License-Identifier: Apache-2.0
/* Records of a board that has a trace: the core runs at its own pace, and is held automatically
 * while its trace is not read. */
#include "serial_link.h"
#include <hsx/isa.h>
#include <stdio.h>
#include <string.h>

enum { QUIET_SECONDS = 60 };

static enum hsx_status fail(struct serial_link *s, const char *what)
{
    snprintf(s->why, s->why_size, "the board's trace: %s", what);
    return HSX_ERR_MACHINE;
}

enum hsx_status serial_record_off(struct serial_link *s)
{
    if (!s->trace.on) {
        return HSX_OK;
    }
    s->trace.on = false;
    s->trace.running = false;
    hsx_reorder_clear(&s->trace.reorder);
    for (size_t i = 0; i < sizeof s->trace.tasks / sizeof s->trace.tasks[0]; i++) {
        s->trace.tasks[i].known = false;
    }
    return serial_set(s, HSX_SOC_TRACE, 0);
}

static enum hsx_status learn_tasks(struct serial_link *s)
{
    enum hsx_status status = HSX_OK;

    for (size_t i = 0; i < sizeof s->trace.tasks / sizeof s->trace.tasks[0]; i++) {
        struct board_trace_task *task = &s->trace.tasks[i];
        struct hsx_context ctx = {0};

        if (!task->pushed || task->known) {
            continue;
        }
        status = serial_view_context(s, (uint8_t)i, &ctx);
        if (status != HSX_OK) {
            break;
        }
        *task = (struct board_trace_task){.pushed = true,
                                          .known = true,
                                          .code_base = ctx.code_base,
                                          .code_len = ctx.code_len,
                                          .sp = ctx.sp,
                                          .call_depth = ctx.call_depth};
    }
    return status;
}

static enum hsx_status let_go(struct serial_link *s, uint32_t order)
{
    struct board_trace *t = &s->trace;
    enum hsx_status status = learn_tasks(s);
    uint32_t controls[KEPT_CONTROLS];

    if (status == HSX_OK && !t->on) {
        t->on = true;
        t->stamp = 0;
        status = serial_set(s, HSX_SOC_TRACE, 1);
        if (status == HSX_OK) {
            status = serial_read_controls(s, controls);
        }
        t->cycle = s->cycles;
    }
    t->running = true;
    t->held = false;
    t->order_first = order;
    t->came = 0;
    t->at = t->count = t->have = 0;
    if (status == HSX_OK && hsx_reorder_expect(&t->reorder, order) != HSX_OK) {
        status = fail(s, t->reorder.message);
    }
    serial_forget(s);
    s->queue_known = false;
    return status == HSX_OK ? serial_set(s, HSX_HOST_CTRL, 1) : status;
}

/* The core was held with its budget used up. If let run, it would make a pending tick before it
 * ends the budget; but that tick belongs after the host's next action. */
static enum hsx_status end_budget(struct serial_link *s)
{
    uint32_t word = 0;
    enum hsx_status status = serial_get(s, HSX_HOST_STATUS, &word);
    bool due = HSX_HOST_GET(STATUS_TICK_DUE, word);

    if (status == HSX_OK && due) {
        status = serial_set(s, HSX_HOST_TICK_LEFT, HSX_HOST_NONE);
    }
    if (status == HSX_OK) {
        status = serial_set(s, HSX_HOST_CTRL, 1);
    }
    if (status == HSX_OK) {
        status = serial_wait_held(s, NULL);
    }
    s->going = false;
    return status == HSX_OK && due ? serial_set(s, HSX_HOST_TICK_LEFT, 0) : status;
}

/* Checks whether the core is held by now, and why. */
static enum hsx_status look(struct serial_link *s)
{
    uint32_t controls[KEPT_CONTROLS] = {0};
    enum hsx_status status = serial_read_controls(s, controls);

    if (status == HSX_OK && HSX_HOST_GET(STATUS_HELD, controls[0])) {
        s->trace.held = true;
        s->trace.order_end = controls[(HSX_HOST_ORDER - HSX_HOST_STATUS) / 4];
        s->going = HSX_HOST_GET(STATUS_CAUSE, controls[0]) == HSX_HOST_CAUSE_HOST && !s->stopping;
    }
    return status;
}

static enum hsx_status read_words(struct serial_link *s)
{
    struct board_trace *t = &s->trace;
    uint32_t most = t->held ? board_trace_missing(t) : FRAME_WORDS;
    uint32_t count = most < FRAME_WORDS ? most : FRAME_WORDS;
    enum hsx_status status = serial_read_one(s, HSX_SOC_TRACE_WORD, t->words, count);

    t->at = 0;
    t->count = status == HSX_OK ? count : 0;
    return status;
}

static enum hsx_status end_record(struct serial_link *s)
{
    struct board_trace *t = &s->trace;
    struct hsx_retired retired;
    struct hsx_record *r = &retired.record;

    board_trace_decode(t, &retired);
    t->have = 0;
    t->came++;
    if (r->event != HSX_EV_TICK) {
        const struct board_trace_task *task = &t->tasks[r->slot];

        if (!task->known) {
            return fail(s, "an event of a task that is not in the queue");
        }
        s->budget -= r->event != HSX_EV_FAULT && r->event != HSX_EV_RETURN;
        serial_fetch(s, task->code_base, task->code_len, r);
        if (r->access != 0) {
            unsigned width = serial_width(HSX_INSN_OPCODE(r->insn));

            r->access |= (uint8_t)width;
            r->mem_value &= 0xFFFFFFFFu >> (32 - 8 * width);
        }
    }
    return hsx_reorder_put(&t->reorder, &retired) == HSX_OK ? HSX_OK : fail(s, t->reorder.message);
}

/* Decodes words that were read until there is one more record. True: there is one. */
static bool take_record(struct serial_link *s, enum hsx_status *status)
{
    struct board_trace *t = &s->trace;

    while (t->at < t->count) {
        uint32_t word = t->words[t->at++];

        if (t->have == 0 && board_trace_size(word) == 0) {
            continue;
        }
        t->record[t->have++] = word;
        if (t->have == board_trace_size(t->record[0])) {
            *status = end_record(s);
            return true;
        }
    }
    return false;
}

static bool all_came(const struct board_trace *t)
{
    return t->held && t->came == t->order_end - t->order_first;
}

/* Gets one more record, unless the core is held and all have arrived. */
static enum hsx_status next_record(struct serial_link *s)
{
    struct board_trace *t = &s->trace;
    uint64_t end = port_clock() + QUIET_SECONDS * 1000;
    enum hsx_status status = HSX_OK;

    while (status == HSX_OK && !take_record(s, &status)) {
        if (all_came(t)) {
            t->running = false;
            return HSX_OK;
        }
        if (!t->held) {
            status = look(s);
        }
        if (status == HSX_OK && port_clock() > end) {
            return fail(s, t->held ? "events are missing" : "the core hangs");
        }
        if (status == HSX_OK && !all_came(t)) {
            status = read_words(s);
        }
    }
    return status;
}

enum hsx_status serial_record(struct hsx_rtl_link *link, struct hsx_rtl_batch *batch)
{
    struct serial_link *s = serial_of(link);
    struct board_trace *t = &s->trace;
    enum hsx_status status = HSX_OK;

    batch->count = 0;
    batch->outcome = HSX_RTL_FULL;
    while (status == HSX_OK) {
        size_t count = hsx_reorder_drain(&t->reorder, batch->records + batch->count,
                                         batch->cycles ? batch->cycles + batch->count : NULL,
                                         batch->capacity - batch->count);

        batch->count += count;
        batch->order += (uint32_t)count;
        if (t->running) {
            if (batch->count == batch->capacity && board_trace_due(t)) {
                break;
            }
            if (batch->interrupt && *batch->interrupt != 0 && batch->count < batch->capacity) {
                batch->outcome = HSX_RTL_INTERRUPTED;
                break;
            }
            status = next_record(s);
        } else if (hsx_reorder_empty(&t->reorder) && !s->going) {
            batch->outcome = HSX_RTL_HELD;
            break;
        } else if (!hsx_reorder_empty(&t->reorder)) {
            if (board_trace_due(t)) {
                break; /* the batch is full */
            }
            status = fail(s, "an order number is missing");
        } else if (s->budget == 0) {
            status = end_budget(s);
        } else {
            status = let_go(s, batch->order);
        }
    }
    return status;
}
