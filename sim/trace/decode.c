// SPDX-License-Identifier: Apache-2.0
#include "encode.h"
#include "event.h"
#include "expect.h"
#include <stdlib.h>

enum { MAX_STORES = 1 << 20 };

/* ---- Chunks */

bool decoder_start(struct decoder *d, const uint8_t *body, size_t size, uint64_t seq,
                   uint64_t steps)
{
    struct cursor c = {body, body + size, false};
    struct model *m = &d->model;
    const uint8_t *image;
    const uint8_t *control;
    uint32_t control_size;

    memset(m->places, 0, sizeof m->places);
    m->seq = seq;
    m->steps = steps;
    m->cycle = cursor_u64(&c);
    m->now = cursor_u64(&c);
    m->slot = cursor_u8(&c);
    for (unsigned slot = 0; slot < MODEL_SLOTS; slot++) {
        struct model_task *t = &m->tasks[slot];

        t->pid = cursor_u32(&c);
        t->reg_base = cursor_u16(&c);
        t->pc = cursor_u16(&c);
        t->sp = cursor_u16(&c);
        t->call_depth = cursor_u16(&c);
        t->psw = cursor_u8(&c);
        t->next_slot = cursor_u8(&c);
        c.bad |= t->reg_base > HSX_DATA_SIZE - HSX_WINDOW_SIZE;
    }
    image = cursor_bytes(&c, sizeof m->image);
    control_size = cursor_u32(&c);
    control = cursor_bytes(&c, control_size);
    if (!image || !control || c.bad) {
        return false;
    }
    memcpy(m->image, image, sizeof m->image);
    d->control = (struct cursor){control, control + control_size, false};
    d->payload = c;
    return true;
}

void decoder_free(struct decoder *d)
{
    store_list_free(&d->stores);
    free(d->woken);
}

/* ---- Parts */

static void get_task_window(struct decoder *d)
{
    struct model_task *t = &d->model.tasks[cursor_u8(&d->payload)];

    t->pid = (uint32_t)cursor_varint(&d->payload);
    t->reg_base = cursor_u16(&d->payload);
    d->payload.bad |= t->reg_base > HSX_DATA_SIZE - HSX_WINDOW_SIZE;
}

static void get_cycle(struct decoder *d)
{
    d->model.cycle += unzigzag64(cursor_varint(&d->payload));
}

static void get_woken(struct decoder *d)
{
    uint64_t count = cursor_varint(&d->payload);

    if (count > HSX_MAX_CONTEXTS) {
        d->payload.bad = true;
        return;
    }
    if (count > d->woken_capacity) {
        void *more = realloc(d->woken, HSX_MAX_CONTEXTS * sizeof *d->woken);

        if (!more) {
            d->payload.bad = true;
            return;
        }
        d->woken = more;
        d->woken_capacity = HSX_MAX_CONTEXTS;
    }
    for (uint64_t i = 0; i < count; i++) {
        d->woken[i] = (uint32_t)cursor_varint(&d->payload);
    }
    d->woken_count = (size_t)count;
}

static void get_answers(struct decoder *d)
{
    uint64_t count = cursor_varint(&d->payload);

    d->payload.bad |= count > MAX_STORES;
    for (uint64_t i = 0; i < count && !d->payload.bad; i++) {
        uint64_t addr = cursor_varint(&d->payload);
        uint64_t len = cursor_varint(&d->payload);
        const uint8_t *bytes = addr <= HSX_DATA_SIZE && len <= HSX_DATA_SIZE - addr
                                   ? cursor_bytes(&d->payload, len)
                                   : NULL;

        if (!bytes) {
            d->payload.bad = true;
            return;
        }
        store_list_add(&d->stores, (uint32_t)addr, bytes, len);
    }
    d->payload.bad |= d->stores.lost;
    get_woken(d);
}

/* Stores and woken tasks of the current event; applies the stores. */
static void give_answers(struct decoder *d)
{
    d->event.stores = store_list_settle(&d->stores);
    d->event.store_count = d->stores.count;
    d->event.woken = d->woken;
    d->event.woken_count = d->woken_count;
    store_list_apply(d->event.stores, d->event.store_count, d->model.image);
}

static void get_task(struct decoder *d)
{
    struct hsx_trace_event *ev = &d->event;
    struct hsx_record *r = &ev->record;
    struct model_task *t;

    r->slot = cursor_u8(&d->payload);
    r->pc = r->next_pc = cursor_u16(&d->payload);
    r->sp = cursor_u16(&d->payload);
    r->call_depth = cursor_u16(&d->payload);
    r->psw = cursor_u8(&d->payload);
    ev->state = cursor_u8(&d->payload);
    t = &d->model.tasks[r->slot];
    ev->pid = t->pid;
    ev->reg_base = t->reg_base;
    model_task_at(t, r);
}

/* ---- Records */

static void get_shape(struct cursor *c, struct hsx_record *p)
{
    p->insn = cursor_u32(c);
    p->ext = cursor_u32(c);
    p->event = cursor_u8(c);
    p->flags = cursor_u8(c);
    p->access = cursor_u8(c);
    p->rd = cursor_u8(c);
    if (p->event >= HSX_EV_TICK || p->rd >= HSX_REGISTERS || (p->access & HSX_ACC_WIDTH) > 4) {
        c->bad = true;
        *p = (struct hsx_record){.slot = p->slot};
    }
}

static uint32_t get_difference(struct cursor *c, unsigned length_less_1)
{
    uint32_t coded = 0;

    for (unsigned i = 0; i <= length_less_1; i++) {
        coded |= (uint32_t)cursor_u8(c) << (8 * i);
    }
    return unzigzag(coded);
}

static void get_values(struct cursor *c, const struct hsx_record *shape, struct expectation *x)
{
    unsigned part = cursor_u8(c);

    if (part & VALUE_MEM) {
        expect_value(shape, x->mem_value + get_difference(c, part >> VALUE_MEM_LENGTH & 3), x);
    }
    if (part & VALUE_RD) {
        x->rd_value += get_difference(c, part >> VALUE_RD_LENGTH & 3);
    }
}

/* Saves the registers before the event. */
static void keep_window(struct decoder *d, uint16_t reg_base)
{
    memcpy(d->before, d->model.image + reg_base, sizeof d->before);
}

static void get_record(struct decoder *d, unsigned missed)
{
    struct model *m = &d->model;
    struct cursor *c = &d->payload;
    unsigned where = missed & MISS_WHERE ? cursor_u8(c) : 0;
    uint8_t slot = where & WHERE_SLOT ? cursor_u8(c) : m->tasks[m->slot].next_slot;
    uint16_t pc = where & WHERE_PC ? cursor_u16(c) : m->tasks[slot].pc;
    const struct model_task *t = &m->tasks[slot];
    struct model_place *place = model_place(m, slot, pc);
    struct hsx_record *p = &d->event.record;
    struct expectation before, x;
    unsigned part;
    uint64_t cycle = m->cycle + place->cycle_step;

    if (missed & MISS_SHAPE) {
        struct hsx_record shape = {0};

        get_shape(c, &shape);
        expect_reset(place, &shape, pc);
    }
    *p = place->last;
    p->slot = slot;
    p->pc = pc;
    before = x = expect(m, t, place, pc);
    p->next_pc = missed & MISS_NEXT ? cursor_u16(c) : x.next_pc;
    part = missed & MISS_STATE ? cursor_u8(c) : 0;
    p->psw = part & STATE_PSW ? cursor_u8(c) : x.psw;
    p->sp = part & STATE_SP ? cursor_u16(c) : x.sp;
    p->call_depth = part & STATE_DEPTH ? cursor_u16(c) : x.call_depth;
    if (missed & MISS_ADDR) {
        expect_at(m, t, place, pc, cursor_u16(c), &x);
    }
    if (missed & MISS_VALUE) {
        get_values(c, p, &x);
    }
    p->mem_addr = x.mem_addr;
    p->mem_value = x.mem_value;
    p->rd_value = x.rd_value;
    if (missed & MISS_CYCLE) {
        cycle += unzigzag64(cursor_varint(c));
    }
    d->event.kind = p->event;
    d->event.pid = t->pid;
    d->event.reg_base = t->reg_base;
    keep_window(d, d->event.reg_base);
    expect_learn(m, place, p, &before, cycle);
}

/* ---- Events */

static void get_context(struct decoder *d)
{
    const struct hsx_record *r = &d->event.record;
    struct hsx_context *ctx = &d->event.context;

    *ctx = (struct hsx_context){.pc = r->pc,
                                .sp = r->sp,
                                .call_depth = r->call_depth,
                                .psw = r->psw,
                                .state = d->event.state};
    ctx->reg_base = cursor_u16(&d->payload);
    ctx->stack_limit = cursor_u16(&d->payload);
    ctx->stack_top = cursor_u16(&d->payload);
    ctx->code_base = cursor_u16(&d->payload);
    ctx->data_base = cursor_u16(&d->payload);
    ctx->code_len = cursor_u32(&d->payload);
    ctx->data_len = cursor_u32(&d->payload);
    ctx->slice = cursor_u8(&d->payload);
    ctx->flags = cursor_u8(&d->payload);
}

static void get_external(struct decoder *d)
{
    uint8_t len = cursor_u8(&d->payload);
    const uint8_t *text = len < HSX_TRACE_WHAT ? cursor_bytes(&d->payload, len) : NULL;

    d->payload.bad |= !text;
    if (text) {
        memcpy(d->event.what, text, len);
    }
    if (cursor_u8(&d->payload) != 0) {
        get_task(d);
        get_context(d);
    }
}

static void get_mailbox(struct decoder *d)
{
    uint64_t descriptor = cursor_varint(&d->payload);
    const uint8_t *name;
    uint8_t len;

    if (descriptor == 0) {
        return;
    }
    d->event.mailbox.descriptor = (uint32_t)descriptor;
    d->event.mailbox.messages = (uint32_t)cursor_varint(&d->payload);
    len = cursor_u8(&d->payload);
    name = len < HSX_TRACE_MAILBOX_NAME ? cursor_bytes(&d->payload, len) : NULL;
    d->payload.bad |= !name;
    if (name) {
        memcpy(d->event.mailbox.name, name, len);
    }
}

static void get_mail(struct decoder *d)
{
    struct hsx_trace_event *ev = &d->event;
    struct cursor *c = &d->payload;
    uint8_t len = cursor_u8(c);
    const uint8_t *name = len < HSX_TRACE_MAILBOX_NAME ? cursor_bytes(c, len) : NULL;
    uint64_t length;

    c->bad |= !name;
    if (name) {
        memcpy(ev->mail.name, name, len);
    }
    ev->mail.number = (uint32_t)cursor_varint(c);
    ev->mail.capacity = cursor_u16(c);
    ev->mail.mode = cursor_u16(c);
    ev->mail.flags = cursor_u16(c);
    ev->mail.channel = cursor_u16(c);
    ev->mail.sender = cursor_u16(c);
    ev->mail.on = cursor_u8(c) != 0;
    ev->mail.result = cursor_u8(c);
    length = cursor_varint(c);
    ev->mail.bytes = length <= UINT16_MAX ? cursor_bytes(c, length) : NULL;
    ev->mail.length = ev->mail.bytes ? (uint16_t)length : 0;
    c->bad |= !ev->mail.bytes;
    ev->has |= HSX_TRACE_MAIL;
}

static void get_host(struct decoder *d)
{
    d->event.host.read = cursor_u8(&d->payload) != 0;
    d->event.host.select = cursor_u8(&d->payload);
    d->event.host.addr = (uint32_t)cursor_varint(&d->payload);
    d->event.host.value = (uint32_t)cursor_varint(&d->payload);
}

static void get_gap(struct decoder *d)
{
    d->model.seq = cursor_varint(&d->payload);
    d->model.steps = cursor_varint(&d->payload);
    d->model.now = cursor_varint(&d->payload);
}

static void get_registers(struct decoder *d)
{
    uint16_t reg_base = cursor_u16(&d->payload);
    uint16_t mask = cursor_u16(&d->payload);

    if (reg_base > HSX_DATA_SIZE - HSX_WINDOW_SIZE) {
        d->payload.bad = true;
        return;
    }
    for (unsigned n = 0; n < HSX_REGISTERS; n++) {
        if (mask >> n & 1) {
            hsx_store_word(d->model.image + reg_base + 4 * n, cursor_u32(&d->payload));
        }
    }
}

/* Handles marks before an event. true: it was such a mark. */
static bool get_mark(struct decoder *d, unsigned mark)
{
    switch (mark) {
    case MARK_TASK:
        get_task_window(d);
        return true;
    case MARK_GAP:
        get_gap(d);
        return true;
    case MARK_REGISTERS:
        get_registers(d);
        return true;
    case MARK_ANSWERED:
        get_answers(d);
        return true;
    case MARK_MAIL:
        get_mail(d);
        return true;
    default:
        return false;
    }
}

static void get_marked(struct decoder *d, unsigned mark)
{
    struct hsx_trace_event *ev = &d->event;

    get_cycle(d);
    switch (mark) {
    case MARK_TICK:
        ev->kind = HSX_EV_TICK;
        ev->record.event = HSX_EV_TICK;
        ev->now = d->model.now = cursor_varint(&d->payload);
        break;
    case MARK_COMPLETE:
        ev->kind = HSX_EV_COMPLETE;
        get_task(d);
        ev->record.insn = cursor_u32(&d->payload);
        get_mailbox(d);
        break;
    case MARK_EXTERNAL:
        ev->kind = HSX_EV_EXTERNAL;
        get_external(d);
        break;
    case MARK_HOST:
        ev->kind = HSX_TRACE_HOST_ACCESS;
        get_host(d);
        return;
    default:
        d->payload.bad = true;
        return;
    }
    ev->record.event = ev->kind;
    keep_window(d, ev->reg_base);
    get_answers(d);
    d->model.seq++;
}

static void give_registers(struct decoder *d)
{
    struct hsx_trace_event *ev = &d->event;
    const uint8_t *after = d->model.image + ev->reg_base;

    for (unsigned n = 0; n < HSX_REGISTERS; n++) {
        ev->regs[n] = hsx_load_word(after + 4 * n);
        ev->changed |= (uint16_t)((memcmp(after + 4 * n, d->before + 4 * n, 4) != 0) << n);
    }
}

bool decoder_next(struct decoder *d, bool *bad)
{
    struct hsx_trace_event *ev = &d->event;
    unsigned control;

    *ev = (struct hsx_trace_event){0};
    store_list_clear(&d->stores);
    d->woken_count = 0;
    do {
        if (d->control.at == d->control.end) {
            *bad = d->payload.at != d->payload.end || d->payload.bad;
            return false;
        }
        control = cursor_u8(&d->control);
    } while (get_mark(d, control) && !d->payload.bad);
    ev->seq = d->model.seq;
    if (control & MARK) {
        get_marked(d, control);
    } else {
        get_record(d, control);
    }
    give_answers(d);
    ev->steps = d->model.steps;
    ev->cycle = d->model.cycle;
    ev->has |= trace_fields_of(ev);
    if (ev->pid != 0) {
        give_registers(d);
    }
    *bad = d->payload.bad;
    return !*bad;
}
