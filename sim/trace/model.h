// SPDX-License-Identifier: Apache-2.0
/*
 * What both the writer and the reader of a binary trace know at any point of a chunk, and
 * so expect of the next record (docs/trace.md). A wrong expectation only costs bytes:
 * records are always reproduced exactly.
 */
#ifndef HSX_TRACE_MODEL_H
#define HSX_TRACE_MODEL_H

#include <hsx/machine.h>
#include <hsx/word.h>
#include <stdbool.h>
#include <string.h>

/* A call, with its result in memory, would cost as much as the computation. */
#define MODEL_INLINED __attribute__((always_inline))

enum { MODEL_SLOTS = 256, MODEL_PLACES = 4096 };

/*
 * The last record of a slot at an instruction, and how it differed from the one before. If it was
 * as expected, only the parts that later expectations need.
 */
struct model_place {
    struct hsx_record last;
    uint32_t rd_step;
    uint32_t cycle_step;
    uint16_t addr_step; /* of the address relative to the one in the instruction */
    uint16_t sp_step, depth_step;
    uint8_t psw_kept; /* for records without a rule for their psw */
    uint8_t rule;     /* the opcode if it retired, which determines effects; else 0 */
};

struct model_task {
    uint32_t pid;
    uint16_t reg_base;
    uint16_t pc, sp, call_depth;
    uint8_t psw;
    uint8_t next_slot; /* the slot whose record followed this slot's last one */
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

static inline MODEL_INLINED void model_store(uint8_t *image, uint32_t addr, uint32_t value,
                                             uint32_t width)
{
    if (width == 4 && addr + 4 <= HSX_DATA_SIZE) {
        hsx_store_word(image + addr, value);
        return;
    }
    if (width == 1 && addr < HSX_DATA_SIZE) {
        image[addr] = (uint8_t)value;
        return;
    }
    for (uint32_t i = 0; i < width && addr + i < HSX_DATA_SIZE; i++) {
        image[addr + i] = (uint8_t)(value >> (8 * i));
    }
}

static inline MODEL_INLINED uint32_t model_load(const uint8_t *image, uint32_t addr, uint32_t width)
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

/* Memory, R15, the destination: the order of contract section 1. The window is in memory. */
static inline MODEL_INLINED void model_apply(uint8_t *image, const struct hsx_record *r,
                                             uint16_t reg_base)
{
    if (r->access & HSX_ACC_WRITE) {
        model_store(image, r->mem_addr, r->mem_value, r->access & HSX_ACC_WIDTH);
    }
    if (r->flags & HSX_REC_R15) {
        hsx_store_word(image + reg_base + 60u, r->sp);
    }
    if (r->flags & HSX_REC_RD) {
        hsx_store_word(image + reg_base + 4u * (r->rd & 15u), r->rd_value);
    }
}

/* An instruction retired. */
static inline bool model_is_step(const struct hsx_record *r)
{
    return r->event == HSX_EV_RETIRE || r->event == HSX_EV_SVC || r->event == HSX_EV_BRK;
}

/* The host has set a task's position. */
static inline void model_task_at(struct model_task *t, const struct hsx_record *r)
{
    t->pc = r->pc;
    t->sp = r->sp;
    t->call_depth = r->call_depth;
    t->psw = r->psw;
}

/* Control bytes of the event stream: the expectations that failed, or a mark. */
enum {
    MISS_WHERE = 1 << 0, /* u8 of WHERE_*, then their values */
    MISS_SHAPE = 1 << 1, /* the instruction, or the kind of record */
    MISS_NEXT = 1 << 2,  /* u16 next_pc */
    MISS_STATE = 1 << 3, /* u8 of STATE_*, then their values */
    MISS_ADDR = 1 << 4,  /* u16 mem_addr */
    MISS_VALUE = 1 << 5, /* u8 of VALUE_*, then their values */
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
    MARK_ANSWERED,    /* the next record has these: stores, woken */
    MARK_MAIL         /* the next EXTERNAL is about mailboxes: u8 length and name, varint number,
                         u16 capacity, mode, flags, channel, sender, u8 on, result, varint length
                         and the message */
};

#endif
