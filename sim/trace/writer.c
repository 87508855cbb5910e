// SPDX-License-Identifier: Apache-2.0
/* Writes the executive's events to a file of either form. */
#include "chunk.h"
#include "event.h"
#include "header.h"
#include "text.h"
#include <hsx/version.h>
#include <stdlib.h>

enum {
    CHUNK_EVENTS_MOST = 1 << 16,
    CHUNK_BYTES_MOST = 1 << 22, /* a chunk with long stores ends earlier */
    TEXT_HELD = 1 << 16
};

struct hsx_trace {
    struct hsx_target *target;
    FILE *out;
    enum hsx_trace_format format;
    struct hsx_trace_window window;
    bool windowed;
    bool later; /* there were events before the trace */
    bool begun;
    bool ended;
    bool gap; /* events were left out since the last one written */
    bool lost;
    uint64_t steps, now, seq; /* after the last event */
    uint8_t *image;           /* data memory according to the records */
    struct store_list stores; /* of the next event */
    struct bytes text;
    struct encoder *encoder; /* owned; NULL in text */
    struct chunk_writer chunks;
    struct bytes body;
    void (*call)(void *ctx, const struct hsx_trace_event *event); /* instead of a file */
    void *call_ctx;
};

static bool is_binary(const struct hsx_trace *t)
{
    return t->format == HSX_TRACE_BINARY;
}

static void flush_text(struct hsx_trace *t)
{
    if (t->text.used > 0) { /* otherwise data may be NULL */
        fwrite(t->text.data, 1, t->text.used, t->out);
    }
    t->text.used = 0;
}

static void flush_chunk(struct hsx_trace *t)
{
    struct chunk_head head = {.kind = CHUNK_EVENTS,
                              .count = t->encoder->count,
                              .seq = t->encoder->first_seq,
                              .steps = t->encoder->first_steps};

    t->lost |= encoder_lost(t->encoder) || !encoder_body(t->encoder, &t->body);
    if (!t->lost) {
        chunk_write(&t->chunks, &head, &t->body);
    }
    encoder_start_chunk(t->encoder);
}

/* Called after each event. */
static void flush_full(struct hsx_trace *t)
{
    if (!t->begun) {
        return;
    }
    if (!is_binary(t)) {
        if (t->text.used >= TEXT_HELD) {
            flush_text(t);
        }
    } else if (t->encoder->count >= CHUNK_EVENTS_MOST ||
               t->encoder->payload.used >= CHUNK_BYTES_MOST) {
        flush_chunk(t);
    }
}

/* ---- Windows */

static bool in_window(const struct hsx_trace *t, const struct hsx_exec_event *ev, bool step)
{
    const struct hsx_trace_window *w = &t->window;
    uint64_t before = ev->steps - step;
    uint16_t pc = ev->record ? ev->record->pc : ev->ctx.pc;

    return before >= w->from && before < w->to && (w->pid == 0 || ev->pid == w->pid) &&
           (!w->has_pc || (ev->pid != 0 && pc >= w->pc_low && pc <= w->pc_high));
}

/* The encoder's image is what a reader knows: update the parts that the event needs. */
static void bridge_gap(struct hsx_trace *t, const struct hsx_trace_event *ev, const uint8_t *before)
{
    if (!is_binary(t) || !t->windowed) {
        return;
    }
    if (t->gap) {
        encoder_gap(t->encoder, ev->seq, ev->steps - hsx_trace_is_step(ev), t->now);
        t->gap = false;
    }
    if (ev->pid != 0) {
        encoder_registers(t->encoder, ev->reg_base, before);
    }
}

/* ---- Events */

static void give_registers(const struct hsx_trace *t, const uint8_t *before,
                           struct hsx_trace_event *ev)
{
    const uint8_t *after = t->image + ev->reg_base;

    for (unsigned n = 0; n < HSX_REGISTERS; n++) {
        ev->regs[n] = hsx_load_word(after + 4 * n);
        ev->changed |= (uint16_t)((memcmp(after + 4 * n, before + 4 * n, 4) != 0) << n);
    }
}

static void give_mail(const struct hsx_exec_mail *mail, struct hsx_trace_event *event)
{
    snprintf(event->mail.name, sizeof event->mail.name, "%s", mail->name ? mail->name : "");
    event->mail.number = mail->number;
    event->mail.capacity = mail->capacity;
    event->mail.mode = mail->mode;
    event->mail.flags = mail->message.flags;
    event->mail.channel = mail->message.channel;
    event->mail.sender = mail->message.sender;
    event->mail.length = mail->message.length;
    event->mail.bytes = mail->bytes;
    event->mail.on = mail->on;
    event->mail.result = (uint8_t)mail->result;
    event->has |= HSX_TRACE_MAIL;
}

static struct hsx_trace_event convert(struct hsx_trace *t, const struct hsx_exec_event *ev)
{
    struct hsx_trace_event event = {.kind = (uint8_t)ev->kind,
                                    .state = ev->ctx.state,
                                    .reg_base = ev->reg_base,
                                    .pid = ev->pid,
                                    .seq = ev->order,
                                    .steps = ev->steps,
                                    .cycle = ev->cycle,
                                    .now = ev->kind == HSX_EV_TICK ? ev->now : 0,
                                    .stores = store_list_settle(&t->stores),
                                    .store_count = t->stores.count,
                                    .woken = ev->woken,
                                    .woken_count = ev->woken_count};

    if (ev->record) {
        event.record = *ev->record;
    } else {
        event.record = (struct hsx_record){.event = (uint8_t)ev->kind,
                                           .insn = ev->insn,
                                           .pc = ev->ctx.pc,
                                           .next_pc = ev->ctx.pc,
                                           .sp = ev->ctx.sp,
                                           .call_depth = ev->ctx.call_depth,
                                           .psw = ev->ctx.psw,
                                           .slot = ev->slot};
    }
    if (ev->kind == HSX_EV_EXTERNAL) {
        event.context = ev->ctx;
    }
    if (ev->mailbox.descriptor != 0) {
        event.mailbox.descriptor = ev->mailbox.descriptor;
        event.mailbox.messages = ev->mailbox.messages;
        memcpy(event.mailbox.name, ev->mailbox.name, sizeof event.mailbox.name);
    }
    event.has = trace_fields_of(&event);
    if (ev->mail) {
        give_mail(ev->mail, &event);
    }
    if (ev->what) {
        snprintf(event.what, sizeof event.what, "%s", ev->what);
    }
    return event;
}

static void apply(struct hsx_trace *t, const struct hsx_trace_event *event)
{
    if (event->kind < HSX_EV_TICK) {
        model_apply(t->image, &event->record, event->reg_base);
    }
    store_list_apply(event->stores, event->store_count, t->image);
}

static void write_event(struct hsx_trace *t, const struct hsx_exec_event *ev)
{
    struct hsx_trace_event event = convert(t, ev);
    bool wanted = !t->windowed || in_window(t, ev, hsx_trace_is_step(&event));
    uint8_t before[HSX_WINDOW_SIZE];

    memcpy(before, t->image + event.reg_base, sizeof before);
    if (wanted) {
        bridge_gap(t, &event, before);
    }
    if (!is_binary(t) || t->windowed) {
        apply(t, &event);
    }
    if (!wanted) {
        t->gap = true;
    } else if (is_binary(t)) {
        encoder_event(t->encoder, &event);
    } else {
        give_registers(t, before, &event);
        if (t->call) {
            t->call(t->call_ctx, &event);
        } else {
            text_event(&t->text, &event);
        }
    }
    store_list_clear(&t->stores);
    flush_full(t);
}

static void on_write(void *ctx, uint32_t addr, const void *bytes, size_t len)
{
    struct hsx_trace *t = ctx;

    store_list_add(&t->stores, addr, bytes, len);
}

static void on_event(void *ctx, const struct hsx_exec_event *ev)
{
    struct hsx_trace *t = ctx;

    t->seq = ev->order + 1;
    t->steps = ev->steps;
    t->now = ev->now;
    write_event(t, ev);
}

/* For a binary trace of everything. */
static void on_records(void *ctx, const struct hsx_exec_records *batch)
{
    struct hsx_trace *t = ctx;
    const struct model *m = &t->encoder->model;

    for (size_t done = 0; done < batch->count;) {
        size_t room = CHUNK_EVENTS_MOST - t->encoder->count % CHUNK_EVENTS_MOST;
        size_t part = batch->count - done < room ? batch->count - done : room;

        encoder_records(t->encoder, batch, done, part);
        done += part;
        flush_full(t);
    }
    t->seq = m->seq;
    t->steps = m->steps;
    t->now = m->now;
}

void hsx_trace_append(struct hsx_trace *t, const struct hsx_record *record, uint32_t pid,
                      uint16_t reg_base, uint64_t cycle)
{
    bool step = record->event == HSX_EV_RETIRE || record->event == HSX_EV_SVC ||
                record->event == HSX_EV_BRK;
    bool tick = record->event == HSX_EV_TICK;
    const struct hsx_exec_event event = {.order = t->seq,
                                         .steps = t->steps + step,
                                         .cycle = cycle,
                                         .now = t->now + tick,
                                         .kind = (enum hsx_event)record->event,
                                         .pid = tick ? 0 : pid,
                                         .slot = record->slot,
                                         .reg_base = tick ? 0 : reg_base,
                                         .record = record};

    on_event(t, &event);
}

/* ---- Life */

static enum hsx_status prepare_binary(struct hsx_trace *t)
{
    t->encoder = calloc(1, sizeof *t->encoder);
    return t->encoder ? HSX_OK : HSX_ERR_MEMORY;
}

/* The state of the machine when the trace begins. */
static enum hsx_status prepare_image(struct hsx_trace *t)
{
    struct hsx_totals totals;
    enum hsx_status status = t->target->ops->read_totals(t->target, &totals);

    if (status != HSX_OK) {
        return status;
    }
    t->later = totals.order != 0;
    t->seq = totals.order;
    t->steps = totals.steps;
    t->now = totals.now;
    if (is_binary(t) && !t->windowed) {
        t->image = t->encoder->model.image;
    } else {
        t->image = calloc(1, HSX_DATA_SIZE);
    }
    if (!t->image) {
        return HSX_ERR_MEMORY;
    }
    status = t->target->ops->read_data(t->target, 0, t->image, HSX_DATA_SIZE);
    if (status == HSX_OK && is_binary(t)) {
        struct model *m = &t->encoder->model;

        memmove(m->image, t->image, HSX_DATA_SIZE);
        m->seq = t->seq;
        m->steps = t->steps;
        m->now = t->now;
        m->cycle = totals.cycles;
        encoder_start_chunk(t->encoder);
    }
    return status;
}

enum hsx_status hsx_trace_create(struct hsx_target *target, FILE *out, enum hsx_trace_format format,
                                 const struct hsx_trace_window *window, struct hsx_trace **trace)
{
    struct hsx_trace *t = calloc(1, sizeof *t);
    enum hsx_status status = HSX_OK;

    if (!t) {
        return HSX_ERR_MEMORY;
    }
    t->target = target;
    t->out = out;
    t->format = format;
    hsx_trace_window_init(&t->window);
    if (window) {
        t->window = *window;
        t->windowed = !hsx_trace_window_is_all(window);
    }
    if (is_binary(t)) {
        status = prepare_binary(t);
    }
    if (status == HSX_OK) {
        status = prepare_image(t);
    }
    if (status != HSX_OK) {
        hsx_trace_destroy(t);
        return status;
    }
    *trace = t;
    return HSX_OK;
}

enum hsx_status hsx_trace_create_call(struct hsx_target *target,
                                      void (*call)(void *ctx, const struct hsx_trace_event *event),
                                      void *ctx, struct hsx_trace **trace)
{
    enum hsx_status status = hsx_trace_create(target, NULL, HSX_TRACE_TEXT, NULL, trace);

    if (status == HSX_OK) {
        (*trace)->call = call;
        (*trace)->call_ctx = ctx;
    }
    return status;
}

void hsx_trace_destroy(struct hsx_trace *t)
{
    if (!t) {
        return;
    }
    if (!t->encoder || t->image != t->encoder->model.image) {
        free(t->image);
    }
    if (t->encoder) {
        encoder_free(t->encoder);
        free(t->encoder);
        chunk_writer_free(&t->chunks);
    }
    store_list_free(&t->stores);
    bytes_free(&t->text);
    bytes_free(&t->body);
    free(t);
}

struct hsx_exec_sink hsx_trace_sink(struct hsx_trace *trace)
{
    return (struct hsx_exec_sink){.ctx = trace,
                                  .write = on_write,
                                  .event = on_event,
                                  .records =
                                      is_binary(trace) && !trace->windowed ? on_records : NULL};
}

enum hsx_status hsx_trace_begin(struct hsx_trace *t, const struct hsx_trace_header *header)
{
    struct hsx_trace_header own = *header;
    struct chunk_head head = {.kind = CHUNK_HEADER};
    char *text;

    own.partial |= t->windowed || t->later;
    if (own.tool[0] == '\0') {
        snprintf(own.tool, sizeof own.tool, "hsx %s", hsx_version());
    }
    if (own.contexts == 0) {
        own.contexts = t->target->contexts;
    }
    text = header_format(&own);
    if (!text) {
        return HSX_ERR_MEMORY;
    }
    t->begun = true;
    if (is_binary(t)) {
        struct bytes body = {.data = (uint8_t *)text, .used = strlen(text)};

        t->lost |= !chunk_writer_open(&t->chunks, t->out);
        if (!t->lost) {
            chunk_write(&t->chunks, &head, &body);
        }
    } else {
        fprintf(t->out, "%s\n", text);
        flush_text(t);
    }
    free(text);
    return t->lost ? HSX_ERR_MEMORY : HSX_OK;
}

static bool lost(const struct hsx_trace *t)
{
    return t->lost || t->stores.lost || t->text.lost || t->chunks.lost ||
           (t->encoder && encoder_lost(t->encoder));
}

enum hsx_status hsx_trace_end(struct hsx_trace *t)
{
    if (t->begun && !is_binary(t)) {
        flush_text(t);
    } else if (t->begun && !t->ended) {
        t->ended = true;
        if (t->encoder->count != 0) {
            flush_chunk(t);
        }
        chunk_write_index(&t->chunks);
    }
    return lost(t) ? HSX_ERR_MEMORY : HSX_OK;
}

enum hsx_status hsx_trace_check(struct hsx_trace *t, uint32_t *addr)
{
    uint8_t chunk[1024];

    if (lost(t)) {
        return HSX_ERR_MEMORY;
    }
    for (uint32_t at = 0; at < HSX_DATA_SIZE; at += sizeof chunk) {
        enum hsx_status status = t->target->ops->read_data(t->target, at, chunk, sizeof chunk);

        if (status != HSX_OK) {
            return status;
        }
        if (memcmp(chunk, t->image + at, sizeof chunk) != 0) {
            *addr = at;
            while (t->image[*addr] == chunk[*addr - at]) {
                (*addr)++;
            }
            return HSX_ERR_DIVERGED;
        }
    }
    return HSX_OK;
}
