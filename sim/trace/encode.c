// SPDX-License-Identifier: Apache-2.0
#include "encode.h"

enum { EVENT_ROOM = 64 }; /* bytes that a record takes at most */

/* ---- Chunks */

void encoder_start_chunk(struct encoder *e)
{
    struct model *m = &e->model;

    memset(m->places, 0, sizeof m->places);
    e->control.used = e->payload.used = e->key.used = 0;
    e->count = 0;
    e->first_seq = m->seq;
    e->first_steps = m->steps;
    bytes_u64(&e->key, m->cycle);
    bytes_u64(&e->key, m->now);
    bytes_u8(&e->key, m->slot);
    for (unsigned slot = 0; slot < MODEL_SLOTS; slot++) {
        const struct model_task *t = &m->tasks[slot];

        bytes_u32(&e->key, t->pid);
        bytes_u16(&e->key, t->reg_base);
        bytes_u16(&e->key, t->pc);
        bytes_u16(&e->key, t->sp);
        bytes_u16(&e->key, t->call_depth);
        bytes_u8(&e->key, t->psw);
        bytes_u8(&e->key, t->next_slot);
    }
    bytes_add(&e->key, m->image, sizeof m->image);
}

bool encoder_body(const struct encoder *e, struct bytes *body)
{
    body->used = 0;
    bytes_add(body, e->key.data, e->key.used);
    bytes_u32(body, (uint32_t)e->control.used);
    bytes_add(body, e->control.data, e->control.used);
    bytes_add(body, e->payload.data, e->payload.used);
    return !body->lost;
}

bool encoder_lost(const struct encoder *e)
{
    return e->control.lost || e->payload.lost || e->key.lost;
}

void encoder_free(struct encoder *e)
{
    bytes_free(&e->key);
    bytes_free(&e->control);
    bytes_free(&e->payload);
}

/* ---- Records */

static uint8_t *put16(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
    return at + 2;
}

static uint8_t *put_varint(uint8_t *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) {
        *at++ = (uint8_t)(value | 0x80);
    }
    *at++ = (uint8_t)value;
    return at;
}

void encoder_note_task(struct encoder *e, uint8_t slot, uint32_t pid, uint16_t reg_base)
{
    struct model_task *t = &e->model.tasks[slot];

    if (t->pid != pid || t->reg_base != reg_base) {
        t->pid = pid;
        t->reg_base = reg_base;
        bytes_u8(&e->control, MARK_TASK);
        bytes_u8(&e->payload, slot);
        bytes_varint(&e->payload, pid);
        bytes_u16(&e->payload, reg_base);
    }
}

static bool same_shape(const struct hsx_record *a, const struct hsx_record *b)
{
    return a->insn == b->insn && a->ext == b->ext && a->rd == b->rd && a->event == b->event &&
           a->access == b->access && a->flags == b->flags;
}

/* Into p as well, which takes its shape. */
static uint8_t *put_shape(uint8_t *at, const struct hsx_record *r, struct hsx_record *p)
{
    hsx_store_word(at, r->insn);
    hsx_store_word(at + 4, r->ext);
    at[8] = r->event;
    at[9] = r->flags;
    at[10] = r->access;
    at[11] = r->rd;
    p->insn = r->insn;
    p->ext = r->ext;
    p->event = r->event;
    p->flags = r->flags;
    p->access = r->access;
    p->rd = r->rd;
    return at + 12;
}

static unsigned length_of(uint32_t value)
{
    return value < 1u << 8 ? 1 : value < 1u << 16 ? 2 : value < 1u << 24 ? 3 : 4;
}

static uint8_t *put_difference(uint8_t *at, uint32_t coded)
{
    unsigned length = length_of(coded);

    for (unsigned i = 0; i < length; i++) {
        *at++ = (uint8_t)(coded >> (8 * i));
    }
    return at;
}

/* The data values; at moves on. Returns VALUE_* of what was put. */
static unsigned put_values(uint8_t **at, const struct hsx_record *r, struct hsx_record *p)
{
    uint32_t mem = zigzag(r->mem_value - p->mem_value);
    uint8_t *mask = *at;
    unsigned part = 0;
    uint32_t rd;

    *at = mask + 1;
    if (mem != 0) {
        part |= VALUE_MEM | (length_of(mem) - 1) << VALUE_MEM_LENGTH;
        *at = put_difference(*at, mem);
        model_expect_value(r->mem_value, p);
    }
    rd = zigzag(r->rd_value - p->rd_value);
    if (rd != 0) {
        part |= VALUE_RD | (length_of(rd) - 1) << VALUE_RD_LENGTH;
        *at = put_difference(*at, rd);
    }
    *mask = (uint8_t)part;
    *at = part != 0 ? *at : mask;
    return part;
}

/* At least one expectation failed. */
static void put_misses(struct encoder *e, const struct hsx_record *r, uint64_t cycle)
{
    struct model *m = &e->model;
    const struct model_place *place = model_place(m, r->slot, r->pc);
    uint8_t *at = e->payload.data + e->payload.used;
    struct hsx_record p;
    unsigned missed = 0;
    unsigned part = (m->tasks[m->slot].next_slot != r->slot ? WHERE_SLOT : 0u) |
                    (m->tasks[r->slot].pc != r->pc ? WHERE_PC : 0u);

    if (part != 0) {
        missed |= MISS_WHERE;
        *at++ = (uint8_t)part;
        if (part & WHERE_SLOT) {
            *at++ = r->slot;
        }
        if (part & WHERE_PC) {
            at = put16(at, r->pc);
        }
    }
    model_expect(m, place, r->slot, r->pc, &p);
    if (!same_shape(&p, r)) {
        missed |= MISS_SHAPE;
        at = put_shape(at, r, &p);
        model_expect_new(m, &p);
    }
    if (p.next_pc != r->next_pc) {
        missed |= MISS_NEXT;
        at = put16(at, r->next_pc);
    }
    part = (p.psw != r->psw ? STATE_PSW : 0u) | (p.sp != r->sp ? STATE_SP : 0u) |
           (p.call_depth != r->call_depth ? STATE_DEPTH : 0u);
    if (part != 0) {
        missed |= MISS_STATE;
        *at++ = (uint8_t)part;
        if (part & STATE_PSW) {
            *at++ = r->psw;
        }
        if (part & STATE_SP) {
            at = put16(at, r->sp);
        }
        if (part & STATE_DEPTH) {
            at = put16(at, r->call_depth);
        }
    }
    if (p.mem_addr != r->mem_addr) {
        missed |= MISS_ADDR;
        at = put16(at, r->mem_addr);
        model_expect_at(m, r->mem_addr, &p);
    }
    missed |= put_values(&at, r, &p) != 0 ? MISS_VALUE : 0u;
    if (cycle - m->cycle != place->cycle_step) {
        missed |= MISS_CYCLE;
        at = put_varint(at, zigzag64(cycle - m->cycle - place->cycle_step));
    }
    e->payload.used = (size_t)(at - e->payload.data);
    e->control.data[e->control.used++] = (uint8_t)missed;
}

static inline uint64_t part_of(const struct hsx_record *r, unsigned part)
{
    uint64_t value;

    memcpy(&value, (const uint8_t *)r + part * sizeof value, sizeof value);
    return value;
}

/* Where two records differ in what a place has the same each time. */
static inline uint64_t shape_differs(const struct hsx_record *a, const struct hsx_record *b)
{
    static const struct hsx_record kept = {.insn = UINT32_MAX,
                                           .ext = UINT32_MAX,
                                           .pc = UINT16_MAX,
                                           .next_pc = UINT16_MAX,
                                           .slot = UINT8_MAX,
                                           .rd = UINT8_MAX,
                                           .event = UINT8_MAX,
                                           .access = UINT8_MAX,
                                           .flags = UINT8_MAX};

    return (part_of(a, 0) ^ part_of(b, 0)) | ((part_of(a, 2) ^ part_of(b, 2)) & part_of(&kept, 2)) |
           ((part_of(a, 3) ^ part_of(b, 3)) & part_of(&kept, 3));
}

/*
 * Does the record hold what model_expect says, and its cycle? rd_value apart: *rd_missed is what it
 * differs by. Against scalars: an expected record that is built in memory and compared there
 * at once would wait for its own stores.
 */
static inline bool is_expected(const struct model *m, const struct model_place *place,
                               const struct model_task *t, const struct hsx_record *r,
                               uint64_t cycle, uint32_t *rd_missed)
{
    const struct hsx_record *last = &place->last;
    uint32_t rd_value = last->rd_value + place->rd_step;
    uint32_t wrong = (uint32_t)(r->pc ^ t->pc) | (uint16_t)(r->sp - t->sp - place->sp_step) |
                     (uint16_t)(r->call_depth - t->call_depth - place->depth_step) |
                     (uint32_t)(r->psw ^ (place->psw_kept ? t->psw : last->psw));

    if ((shape_differs(r, last) | wrong) != 0 || cycle - m->cycle != place->cycle_step) {
        return false;
    }
    *rd_missed = r->rd_value - rd_value;
    if (r->access == 0) {
        return (r->mem_value | r->mem_addr) == 0;
    }
    if ((uint16_t)(r->mem_addr - last->mem_addr) != place->addr_step ||
        r->mem_value != model_data(m, r)) {
        return false;
    }
    if ((r->access & HSX_ACC_READ) && (r->flags & HSX_REC_RD)) {
        *rd_missed = r->rd_value - r->mem_value;
    }
    return true;
}

/* What model_learn does with a record that is expected: how its place moves stays. */
static inline void learn_expected(struct model *m, struct model_place *place, struct model_task *t,
                                  const struct hsx_record *r, uint64_t cycle)
{
    place->last = *r;
    place->psw_kept = r->psw == t->psw;
    t->pc = r->next_pc;
    t->sp = r->sp;
    t->call_depth = r->call_depth;
    t->psw = r->psw;
    m->slot = r->slot;
    m->cycle = cycle;
    m->seq++;
    m->steps += model_is_step(r);
    model_apply(m->image, r, t->reg_base);
}

/* The one expectation that fails often. */
static inline void put_rd_value(struct encoder *e, struct model_place *place,
                                const struct hsx_record *r, uint32_t missed)
{
    uint32_t coded = zigzag(missed);
    uint8_t *at = e->payload.data + e->payload.used;
    unsigned length = length_of(coded);

    at[0] = (uint8_t)(VALUE_RD | (length - 1) << VALUE_RD_LENGTH);
    hsx_store_word(at + 1, coded);
    e->payload.used += 1 + length;
    e->control.data[e->control.used++] = MISS_VALUE;
    place->rd_step = r->rd_value - place->last.rd_value;
}

/* There is room for the record. */
static inline void put_record(struct encoder *e, const struct hsx_record *r, uint64_t cycle)
{
    struct model *m = &e->model;
    struct model_place *place = model_place(m, r->slot, r->pc);
    struct model_task *t = &m->tasks[r->slot];
    uint32_t rd_missed;

    e->count++;
    if (m->tasks[m->slot].next_slot == r->slot && is_expected(m, place, t, r, cycle, &rd_missed)) {
        if (rd_missed == 0) {
            e->control.data[e->control.used++] = 0;
        } else {
            put_rd_value(e, place, r, rd_missed);
        }
        learn_expected(m, place, t, r, cycle);
    } else {
        put_misses(e, r, cycle);
        model_learn(m, place, r, cycle);
    }
}

static bool has_room(struct encoder *e, size_t records)
{
    return bytes_reserve(&e->payload, records * EVENT_ROOM) && bytes_reserve(&e->control, records);
}

void encoder_record(struct encoder *e, const struct hsx_record *r, uint32_t pid, uint16_t reg_base,
                    uint64_t cycle)
{
    encoder_note_task(e, r->slot, pid, reg_base);
    if (has_room(e, 1)) {
        put_record(e, r, cycle);
    }
}

static void put_tick(struct encoder *e, uint64_t cycle)
{
    const struct hsx_trace_event tick = {
        .kind = HSX_EV_TICK, .now = e->model.now + 1, .cycle = cycle};

    encoder_event(e, &tick);
}

void encoder_records(struct encoder *e, const struct hsx_exec_records *batch, size_t from,
                     size_t count)
{
    const struct hsx_record *r = batch->records + from;
    const uint64_t *cycles = batch->cycles + from;

    if (!has_room(e, count)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (r[i].event == HSX_EV_TICK) {
            put_tick(e, cycles[i]);
            if (!has_room(e, count - i)) {
                return;
            }
            continue;
        }
        if (e->model.tasks[r[i].slot].pid == 0) {
            uint32_t pid;
            uint16_t reg_base;

            hsx_exec_slot_task(batch->exec, r[i].slot, &pid, &reg_base);
            encoder_note_task(e, r[i].slot, pid, reg_base);
            if (!has_room(e, count - i)) {
                return;
            }
        }
        put_record(e, &r[i], cycles[i]);
    }
}
