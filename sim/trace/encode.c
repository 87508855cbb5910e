// SPDX-License-Identifier: Apache-2.0
#include "encode.h"
#include "expect.h"
#include <assert.h>

enum { EVENT_ROOM = 64 }; /* the most bytes of a record */

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

static uint8_t *put_shape(uint8_t *at, const struct hsx_record *r)
{
    hsx_store_word(at, r->insn);
    hsx_store_word(at + 4, r->ext);
    at[8] = r->event;
    at[9] = r->flags;
    at[10] = r->access;
    at[11] = r->rd;
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

/* Puts the data values and advances at. Returns VALUE_* of what was put. */
static unsigned put_values(uint8_t **at, const struct hsx_record *r, struct expectation *x)
{
    uint32_t mem = zigzag(r->mem_value - x->mem_value);
    uint8_t *mask = *at;
    unsigned part = 0;
    uint32_t rd;

    *at = mask + 1;
    if (mem != 0) {
        part |= VALUE_MEM | (length_of(mem) - 1) << VALUE_MEM_LENGTH;
        *at = put_difference(*at, mem);
        expect_value(r, r->mem_value, x);
    }
    rd = zigzag(r->rd_value - x->rd_value);
    if (rd != 0) {
        part |= VALUE_RD | (length_of(rd) - 1) << VALUE_RD_LENGTH;
        *at = put_difference(*at, rd);
    }
    *mask = (uint8_t)part;
    *at = part != 0 ? *at : mask;
    return part;
}

/* What a retired instruction usually does, apart from its fields. */
struct usual {
    uint8_t rule, access, flags; /* flags: of HSX_REC_RD and HSX_REC_R15 */
    int8_t sp_step, depth_step;
};

/* Opcodes whose rule says more than that the place is as it was the last time. */
#define USUAL_RULES(RULE)                                                                          \
    RULE(LD, HSX_ACC_READ | 4, HSX_REC_RD, 0, 0)                                                   \
    RULE(LDB, HSX_ACC_READ | 1, HSX_REC_RD, 0, 0)                                                  \
    RULE(LDH, HSX_ACC_READ | 2, HSX_REC_RD, 0, 0)                                                  \
    RULE(ST, HSX_ACC_WRITE | 4, 0, 0, 0)                                                           \
    RULE(STB, HSX_ACC_WRITE | 1, 0, 0, 0)                                                          \
    RULE(STH, HSX_ACC_WRITE | 2, 0, 0, 0)                                                          \
    RULE(PUSH, HSX_ACC_WRITE | 4, HSX_REC_R15, -4, 0)                                              \
    RULE(POP, HSX_ACC_READ | 4, HSX_REC_RD | HSX_REC_R15, 4, 0)                                    \
    RULE(CALL, HSX_ACC_WRITE | 4, HSX_REC_R15, -4, 1)                                              \
    RULE(RET, HSX_ACC_READ | 4, HSX_REC_R15, 4, -1)                                                \
    RULE(JZ, 0, 0, 0, 0)                                                                           \
    RULE(JNZ, 0, 0, 0, 0)                                                                          \
    RULE(MOV, 0, HSX_REC_RD, 0, 0)                                                                 \
    RULE(ADD, 0, HSX_REC_RD, 0, 0)                                                                 \
    RULE(ADC, 0, HSX_REC_RD, 0, 0)                                                                 \
    RULE(SUB, 0, HSX_REC_RD, 0, 0)                                                                 \
    RULE(SBC, 0, HSX_REC_RD, 0, 0)                                                                 \
    RULE(CMP, 0, 0, 0, 0)                                                                          \
    RULE(AND, 0, HSX_REC_RD, 0, 0)                                                                 \
    RULE(OR, 0, HSX_REC_RD, 0, 0)                                                                  \
    RULE(XOR, 0, HSX_REC_RD, 0, 0)                                                                 \
    RULE(NOT, 0, HSX_REC_RD, 0, 0)                                                                 \
    RULE(LSL, 0, HSX_REC_RD, 0, 0)                                                                 \
    RULE(LSR, 0, HSX_REC_RD, 0, 0)                                                                 \
    RULE(ASR, 0, HSX_REC_RD, 0, 0)

/* No task's slot: for a place at which nothing is usual. */
enum { NO_SLOT = UINT8_MAX };

static bool is_usual(const struct model_place *place)
{
    const struct hsx_record *last = &place->last;
    uint8_t flags = last->flags & (HSX_REC_RD | HSX_REC_R15);

    switch (place->rule) {
#define RULE(name, its_access, its_flags, its_sp_step, its_depth_step)                             \
    case HSX_OP_##name:                                                                            \
        return last->access == (its_access) && flags == (its_flags) &&                             \
               place->sp_step == (uint16_t)(its_sp_step) &&                                        \
               place->depth_step == (uint16_t)(its_depth_step);
        USUAL_RULES(RULE) /* NOLINT(bugprone-branch-clone): operations may share a rule */
#undef RULE
    case 0:
        return false;
    default:
        return last->access == 0 && (flags & HSX_REC_R15) == 0 && place->sp_step == 0 &&
               place->depth_step == 0;
    }
}

/* Puts any record. There is room for it. */
static void put_any(struct encoder *e, const struct hsx_record *r, uint64_t cycle)
{
    struct model *m = &e->model;
    const struct model_task *t = &m->tasks[r->slot];
    struct model_place *place = model_place(m, r->slot, r->pc);
    uint8_t *at = e->payload.data + e->payload.used;
    struct expectation before, x;
    unsigned missed = 0;
    unsigned part = (m->tasks[m->slot].next_slot != r->slot ? WHERE_SLOT : 0u) |
                    (t->pc != r->pc ? WHERE_PC : 0u);

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
    if (!same_shape(&place->last, r)) {
        missed |= MISS_SHAPE;
        at = put_shape(at, r);
        expect_reset(place, r, r->pc);
    }
    before = x = expect(m, t, place, r->pc);
    if (x.next_pc != r->next_pc) {
        missed |= MISS_NEXT;
        at = put16(at, r->next_pc);
    }
    part = (x.psw != r->psw ? STATE_PSW : 0u) | (x.sp != r->sp ? STATE_SP : 0u) |
           (x.call_depth != r->call_depth ? STATE_DEPTH : 0u);
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
    if (x.mem_addr != r->mem_addr) {
        missed |= MISS_ADDR;
        at = put16(at, r->mem_addr);
        expect_at(m, t, place, r->pc, r->mem_addr, &x);
    }
    missed |= put_values(&at, r, &x) != 0 ? MISS_VALUE : 0u;
    if (cycle - m->cycle != place->cycle_step) {
        missed |= MISS_CYCLE;
        at = put_varint(at, zigzag64(cycle - m->cycle - place->cycle_step));
    }
    e->payload.used = (size_t)(at - e->payload.data);
    e->control.data[e->control.used++] = (uint8_t)missed;
    e->count++;
    expect_learn(m, place, r, &before, cycle);
    if (!is_usual(place)) {
        place->last.slot = NO_SLOT; /* makes the comparison in put_expected fail */
    }
}

/* A word of a record, or of the known state of a task, for comparisons. */
static inline uint64_t word_at(const void *of, size_t offset, size_t size)
{
    uint64_t word = 0;

    memcpy(&word, (const uint8_t *)of + offset, size);
    return word;
}

/* Whether the record equals the previous one at its place in insn and ext, slot and rd,
 * and event, access and flags. */
static inline bool has_shape(const struct hsx_record *r, const struct hsx_record *last)
{
    const struct hsx_record not_of_shape = {.call_depth = UINT16_MAX, .psw = UINT8_MAX};

    static_assert(offsetof(struct hsx_record, insn) == 0 && offsetof(struct hsx_record, ext) == 4 &&
                      offsetof(struct hsx_record, call_depth) == 24 && sizeof *r == 32,
                  "fields are compared in words");
    return word_at(r, 0, 8) == word_at(last, 0, 8) &&
           ((word_at(r, 24, 8) ^ word_at(last, 24, 8)) & ~word_at(&not_of_shape, 24, 8)) == 0;
}

/* Whether sp and call depth move as usual. */
static inline bool moves_as(struct usual usual, const struct hsx_record *r,
                            const struct model_task *t)
{
    static_assert(offsetof(struct hsx_record, call_depth) == offsetof(struct hsx_record, sp) + 2 &&
                      offsetof(struct model_task, call_depth) ==
                          offsetof(struct model_task, sp) + 2,
                  "sp and call depth are compared as one word");
    if (usual.sp_step == 0 && usual.depth_step == 0) {
        return word_at(r, offsetof(struct hsx_record, sp), 4) ==
               word_at(t, offsetof(struct model_task, sp), 4);
    }
    return r->sp == (uint16_t)(t->sp + usual.sp_step) &&
           r->call_depth == (uint16_t)(t->call_depth + usual.depth_step);
}

/* Whether the instruction's result is as expected. If so, its effects are applied. usual is
 * constant, so that each rule has only the code that it needs. */
static inline MODEL_INLINED bool take_usual(struct model *m, struct model_place *place,
                                            struct model_task *t, const struct hsx_record *r,
                                            struct usual usual)
{
    const uint8_t flags = usual.rule != 0 ? usual.flags : r->flags & HSX_REC_RD;
    struct model_place known = *place;
    struct hsx_record effects = *r;
    struct expectation x;

    known.rule = usual.rule;
    known.last.access = effects.access = usual.access;
    known.last.flags = effects.flags = flags;
    x = expect(m, t, &known, r->pc);
    if (!moves_as(usual, r, t) || r->next_pc != x.next_pc || r->psw != x.psw ||
        r->mem_addr != x.mem_addr || r->mem_value != x.mem_value || r->rd_value != x.rd_value) {
        return false;
    }
    if (usual.rule == 0) {
        place->last.rd_value = r->rd_value; /* unused by the others' expectations */
    }
    if (usual.sp_step == 0 && usual.depth_step == 0) {
        effects.sp = t->sp;
        effects.call_depth = t->call_depth;
    }
    expect_effects(m, t, &effects);
    return true;
}

/* Whether the whole record is as expected and usual. If so, its effects are applied. */
static inline MODEL_INLINED bool take_expected(struct model *m, struct model_place *place,
                                               struct model_task *t, const struct hsx_record *r,
                                               uint64_t cycle_step)
{
    if (!has_shape(r, &place->last) || r->pc != t->pc || cycle_step != place->cycle_step) {
        return false;
    }
    switch (place->rule) {
#define RULE(name, access, flags, sp_step, depth_step)                                             \
    case HSX_OP_##name:                                                                            \
        return take_usual(m, place, t, r,                                                          \
                          (struct usual){HSX_OP_##name, access, flags, sp_step, depth_step});
        USUAL_RULES(RULE)
#undef RULE
    default:
        return take_usual(m, place, t, r, (struct usual){0});
    }
}

/*
 * Puts the leading records of count that are as expected and usual, all of them retired
 * instructions: nearly all records of nearly all programs. Returns how many; there is room for
 * their control bytes. Does only what expect_learn would do with them. Separate from the code for
 * other records, which would use up the registers.
 */
static __attribute__((noinline)) size_t put_expected(struct encoder *e, const struct hsx_record *r,
                                                     const uint64_t *cycles, size_t count)
{
    struct model *m = &e->model;
    struct model_task *last = &m->tasks[m->slot];
    uint64_t cycle = m->cycle;
    size_t i;

    for (i = 0; i < count; i++, r++) {
        struct model_place *place = model_place(m, r->slot, r->pc);
        struct model_task *t = &m->tasks[r->slot];

        if (last->next_slot != r->slot || !take_expected(m, place, t, r, cycles[i] - cycle)) {
            break;
        }
        last = t;
        cycle = cycles[i];
    }
    memset(e->control.data + e->control.used, 0, i);
    m->slot = (uint8_t)(last - m->tasks);
    m->cycle = cycle;
    m->seq += i;
    m->steps += i;
    e->control.used += i;
    e->count += (uint32_t)i;
    return i;
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
        put_any(e, r, cycle);
    }
}

static void put_tick(struct encoder *e, uint64_t cycle)
{
    const struct hsx_trace_event tick = {
        .kind = HSX_EV_TICK, .now = e->model.now + 1, .cycle = cycle};

    encoder_event(e, &tick);
}

/* Notes the task of a new slot. */
static void note_slot(struct encoder *e, const struct hsx_exec_records *batch, uint8_t slot)
{
    uint32_t pid;
    uint16_t reg_base;

    if (e->model.tasks[slot].pid == 0) {
        hsx_exec_slot_task(batch->exec, slot, &pid, &reg_base);
        encoder_note_task(e, slot, pid, reg_base);
    }
}

void encoder_records(struct encoder *e, const struct hsx_exec_records *batch, size_t from,
                     size_t count)
{
    const struct hsx_record *r = batch->records + from;
    const uint64_t *cycles = batch->cycles + from;

    for (size_t i = 0; i < count && has_room(e, count - i); i++) {
        i += put_expected(e, r + i, cycles + i, count - i);
        if (i == count) {
            return;
        }
        if (r[i].event == HSX_EV_TICK) {
            put_tick(e, cycles[i]);
            continue;
        }
        note_slot(e, batch, r[i].slot);
        if (has_room(e, 1)) {
            put_any(e, &r[i], cycles[i]);
        }
    }
}
