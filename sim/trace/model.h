// SPDX-License-Identifier: Apache-2.0
/*
 * What the writer and the reader of a binary trace both know at any place in a chunk, and
 * what they expect of the next record because of it (docs/trace.md). A wrong expectation
 * costs bytes, no more: what a record says is always what was told.
 */
#ifndef HSX_TRACE_MODEL_H
#define HSX_TRACE_MODEL_H

#include <hsx/machine.h>
#include <hsx/word.h>
#include <stdbool.h>
#include <string.h>

enum { MODEL_SLOTS = 256, MODEL_PLACES = 4096 };

/* The record last seen of a slot at an instruction, and how it differed from the one before. */
struct model_place {
    struct hsx_record last;
    uint32_t rd_step;
    uint32_t cycle_step;
    uint16_t addr_step, sp_step, depth_step;
    uint8_t psw_kept;
};

struct model_task {
    uint32_t pid;
    uint16_t reg_base;
    uint16_t pc, sp, call_depth;
    uint8_t psw;
    uint8_t next_slot; /* whose record followed this slot's last one */
};

struct model {
    uint64_t seq;   /* of the next event */
    uint64_t steps; /* before it */
    uint64_t cycle; /* of the last event */
    uint64_t now;
    uint8_t slot; /* of the last record */
    struct model_task tasks[MODEL_SLOTS];
    uint8_t image[HSX_DATA_SIZE];
    struct model_place places[MODEL_PLACES]; /* emptied where a chunk begins */
};

static inline struct model_place *model_place(struct model *m, uint8_t slot, uint16_t pc)
{
    return &m->places[((uint32_t)(pc >> 2) + slot * 419u) % MODEL_PLACES];
}

static inline void model_store(uint8_t *image, uint32_t addr, uint32_t value, uint32_t width)
{
    if (width == 4 && addr + 4 <= HSX_DATA_SIZE) {
        hsx_store_word(image + addr, value);
        return;
    }
    for (uint32_t i = 0; i < width && addr + i < HSX_DATA_SIZE; i++) {
        image[addr + i] = (uint8_t)(value >> (8 * i));
    }
}

static inline uint32_t model_load(const uint8_t *image, uint32_t addr, uint32_t width)
{
    uint32_t value = 0;

    if (addr + 4 <= HSX_DATA_SIZE) {
        value = hsx_load_word(image + addr);
        return width >= 4 ? value : value & ((UINT32_C(1) << (8 * width)) - 1);
    }
    for (uint32_t i = 0; i < width && addr + i < HSX_DATA_SIZE; i++) {
        value |= (uint32_t)image[addr + i] << (8 * i);
    }
    return value;
}

/* Memory, R15, the destination: the order of contract section 1. */
static inline void model_apply(uint8_t *image, const struct hsx_record *r, uint16_t reg_base)
{
    if (r->access & HSX_ACC_WRITE) {
        model_store(image, r->mem_addr, r->mem_value, r->access & HSX_ACC_WIDTH);
    }
    if (r->flags & HSX_REC_R15) {
        model_store(image, reg_base + 60u, r->sp, 4);
    }
    if (r->flags & HSX_REC_RD) {
        model_store(image, reg_base + 4u * (r->rd & 15u), r->rd_value, 4);
    }
}

/* What the access of record p reads or writes is expected to be: what memory holds, or the
 * register that the instruction stores. */
uint32_t model_data(const struct model *m, const struct hsx_record *p);

/* mem_value and rd_value, as far as they hang on the address. */
static inline void model_expect_data(const struct model *m, struct hsx_record *p)
{
    if (p->access != 0) {
        p->mem_value = model_data(m, p);
        if ((p->access & HSX_ACC_READ) && (p->flags & HSX_REC_RD)) {
            p->rd_value = p->mem_value;
        }
    }
}

/* The record that is expected of a slot at pc. */
static inline void model_expect(const struct model *m, const struct model_place *place,
                                uint8_t slot, uint16_t pc, struct hsx_record *p)
{
    const struct model_task *t = &m->tasks[slot];

    *p = place->last;
    p->slot = slot;
    p->pc = pc;
    p->sp = (uint16_t)(t->sp + place->sp_step);
    p->call_depth = (uint16_t)(t->call_depth + place->depth_step);
    p->psw = place->psw_kept ? t->psw : p->psw;
    p->rd_value += place->rd_step;
    p->mem_addr = (uint16_t)(p->mem_addr + place->addr_step);
    model_expect_data(m, p);
}

/* The rest of record p, whose shape is known, where nothing is known of the instruction. */
static inline void model_expect_new(const struct model *m, struct hsx_record *p)
{
    const struct model_task *t = &m->tasks[p->slot];

    p->next_pc = (uint16_t)(p->pc + ((p->flags & HSX_REC_EXT) ? 8 : 4));
    p->psw = t->psw;
    p->sp = t->sp;
    p->call_depth = t->call_depth;
    p->mem_addr = 0;
    p->mem_value = 0;
    p->rd_value = p->ext;
    model_expect_data(m, p);
}

/* The address of record p is addr. */
static inline void model_expect_at(const struct model *m, uint16_t addr, struct hsx_record *p)
{
    p->mem_addr = addr;
    model_expect_data(m, p);
}

/* The data of record p are value. */
static inline void model_expect_value(uint32_t value, struct hsx_record *p)
{
    p->mem_value = value;
    if ((p->access & HSX_ACC_READ) && (p->flags & HSX_REC_RD)) {
        p->rd_value = value;
    }
}

/* An instruction retired. */
static inline bool model_is_step(const struct hsx_record *r)
{
    return r->event == HSX_EV_RETIRE || r->event == HSX_EV_SVC || r->event == HSX_EV_BRK;
}

/* Learn from a record and take its effects. */
static inline void model_learn(struct model *m, struct model_place *place,
                               const struct hsx_record *r, uint64_t cycle)
{
    struct model_task *t = &m->tasks[r->slot];

    place->rd_step = r->rd_value - place->last.rd_value;
    place->addr_step = (uint16_t)(r->mem_addr - place->last.mem_addr);
    place->sp_step = (uint16_t)(r->sp - t->sp);
    place->depth_step = (uint16_t)(r->call_depth - t->call_depth);
    place->psw_kept = r->psw == t->psw;
    place->cycle_step = (uint32_t)(cycle - m->cycle);
    place->last = *r;
    t->pc = r->next_pc;
    t->sp = r->sp;
    t->call_depth = r->call_depth;
    t->psw = r->psw;
    m->tasks[m->slot].next_slot = r->slot;
    m->slot = r->slot;
    m->cycle = cycle;
    m->seq++;
    m->steps += model_is_step(r);
    model_apply(m->image, r, t->reg_base);
}

/* The host told where a task stands. */
static inline void model_task_at(struct model_task *t, const struct hsx_record *r)
{
    t->pc = r->pc;
    t->sp = r->sp;
    t->call_depth = r->call_depth;
    t->psw = r->psw;
}

/* Control bytes of the event stream: which expectations failed, or one of the marks. */
enum {
    MISS_WHERE = 1 << 0, /* u8 of WHERE_*, then those */
    MISS_SHAPE = 1 << 1, /* the instruction, or what kind of record it is */
    MISS_NEXT = 1 << 2,  /* u16 next_pc */
    MISS_STATE = 1 << 3, /* u8 of STATE_*, then those */
    MISS_ADDR = 1 << 4,  /* u16 mem_addr */
    MISS_VALUE = 1 << 5, /* u8 of VALUE_*, then those */
    MISS_CYCLE = 1 << 6, /* varint of the zigzag of the difference */
    MARK = 1 << 7
};

enum { WHERE_SLOT = 1, WHERE_PC = 2 };
enum { STATE_PSW = 1, STATE_SP = 2, STATE_DEPTH = 4 };
/* The lengths are those of the differences in bytes, less 1. */
enum { VALUE_MEM = 1, VALUE_RD = 2, VALUE_MEM_LENGTH = 2, VALUE_RD_LENGTH = 4 };

enum {
    MARK_TASK = MARK, /* u8 slot is varint pid with its window at u16 */
    MARK_TICK,        /* cycle, varint now, stores, woken */
    MARK_COMPLETE,    /* cycle, task, u32 insn, stores, woken */
    MARK_EXTERNAL,    /* cycle, u8 length and text, u8 1 and task or 0, stores, woken */
    MARK_GAP,         /* left out until varints seq, steps, now, zigzag of the cycle's rise */
    MARK_REGISTERS,   /* left-out events changed those at u16 reg_base: u16 mask, u32 each */
    MARK_HOST,        /* cycle, u8 read, u8 select, varints addr and value */
    MARK_ANSWERED     /* the next record has these: stores, woken */
};

#endif
