// SPDX-License-Identifier: Apache-2.0
/*
 * What writer and reader of a binary trace expect of the next record at a place: the effect of
 * its instruction on registers and memory by section 2 of the contract, or else what the
 * record did there the last time (docs/trace.md). These rules are part of the format: they
 * must not change without its version, even if a machine changes.
 */
#ifndef HSX_TRACE_EXPECT_H
#define HSX_TRACE_EXPECT_H

#include "model.h"
#include <hsx/isa.h>

/* Of a record whose slot, pc and shape (insn, ext, event, flags, access, rd) are known. */
struct expectation {
    uint32_t rd_value, mem_value;
    uint16_t mem_addr, next_pc, sp, call_depth;
    uint8_t psw;
};

/* Nothing is known of the place now except its shape. */
static inline void expect_reset(struct model_place *place, const struct hsx_record *shape,
                                uint16_t pc)
{
    place->last = (struct hsx_record){
        .insn = shape->insn,
        .ext = shape->ext,
        .event = shape->event,
        .flags = shape->flags,
        .access = shape->access,
        .rd = shape->rd,
        .rd_value = shape->ext,
        .next_pc = (uint16_t)(pc + ((shape->flags & HSX_REC_EXT) ? 8 : 4)),
    };
    place->rd_step = 0;
    place->addr_step = place->sp_step = place->depth_step = 0;
    place->psw_kept = 1;
    place->rule = shape->event == HSX_EV_RETIRE ? HSX_INSN_OPCODE(shape->insn) : 0;
}

static inline bool expect_is_load(const struct hsx_record *shape)
{
    return (shape->access & HSX_ACC_READ) && (shape->flags & HSX_REC_RD);
}

/* The data is value. */
static inline void expect_value(const struct hsx_record *shape, uint32_t value,
                                struct expectation *x)
{
    x->mem_value = value;
    if (expect_is_load(shape)) {
        x->rd_value = value;
    }
}

static inline uint32_t expect_rs1(const uint8_t *window, uint32_t insn)
{
    return hsx_load_word(window + 4u * HSX_INSN_RS1(insn));
}

static inline uint32_t expect_rs2(const uint8_t *window, uint32_t insn)
{
    return hsx_load_word(window + 4u * HSX_INSN_RS2(insn));
}

/* The access is at addr. */
static inline MODEL_INLINED void expect_at(const struct model *m, const struct model_task *t,
                                           const struct model_place *place, uint16_t pc,
                                           uint16_t addr, struct expectation *x)
{
    const struct hsx_record *last = &place->last;
    const uint8_t *window = m->image + t->reg_base;
    uint32_t width = last->access & HSX_ACC_WIDTH;
    uint32_t value;

    x->mem_addr = addr;
    if (last->access & HSX_ACC_READ) {
        value = model_load(m->image, addr, width);
    } else if (place->rule == HSX_OP_CALL) {
        value = (uint16_t)(pc + 4);
    } else {
        value = place->rule == HSX_OP_PUSH ? expect_rs1(window, last->insn)
                                           : expect_rs2(window, last->insn);
        value &= width >= 4 ? UINT32_MAX : (UINT32_C(1) << (8 * width)) - 1;
    }
    expect_value(last, value, x);
}

static inline uint8_t expect_zn(uint32_t value)
{
    return (uint8_t)((value == 0 ? HSX_PSW_Z : 0) | (value >> 31 ? HSX_PSW_N : 0));
}

static inline void expect_logic(uint32_t value, struct expectation *x)
{
    x->rd_value = value;
    x->psw = expect_zn(value);
}

/* a + b + carry, with flags. */
static inline void expect_sum(uint32_t a, uint32_t b, uint32_t carry, struct expectation *x)
{
    uint64_t wide = (uint64_t)a + b + carry;
    uint32_t sum = (uint32_t)wide;

    x->rd_value = sum;
    x->psw = (uint8_t)(expect_zn(sum) | (wide >> 32 ? HSX_PSW_C : 0) |
                       (((a ^ sum) & (b ^ sum)) >> 31 ? HSX_PSW_V : 0));
}

/* carry_out: the last bit shifted out, if any. */
static inline void expect_shift(uint32_t value, uint32_t amount, uint32_t carry_out, uint8_t psw,
                                struct expectation *x)
{
    uint8_t carry = amount != 0 ? (carry_out & 1 ? HSX_PSW_C : 0) : psw & HSX_PSW_C;

    x->rd_value = value;
    x->psw = (uint8_t)(expect_zn(value) | carry);
}

/* The task is about to execute the instruction at this place. */
static inline MODEL_INLINED struct expectation expect(const struct model *m,
                                                      const struct model_task *t,
                                                      const struct model_place *place, uint16_t pc)
{
    const struct hsx_record *last = &place->last;
    const uint8_t *window = m->image + t->reg_base;
    const uint32_t insn = last->insn;
    struct expectation x = {.next_pc = last->next_pc,
                            .psw = t->psw,
                            .sp = (uint16_t)(t->sp + place->sp_step),
                            .call_depth = (uint16_t)(t->call_depth + place->depth_step)};
    uint32_t a, b;

    switch (place->rule) {
    case HSX_OP_LD:
    case HSX_OP_LDB:
    case HSX_OP_LDH:
    case HSX_OP_ST:
    case HSX_OP_STB:
    case HSX_OP_STH:
        a = expect_rs1(window, insn) + (uint32_t)HSX_INSN_SIMM(insn);
        expect_at(m, t, place, pc, (uint16_t)(a + place->addr_step), &x);
        break;
    case HSX_OP_PUSH:
    case HSX_OP_POP:
    case HSX_OP_CALL:
        expect_at(m, t, place, pc, (uint16_t)(t->sp + place->addr_step), &x);
        break;
    case HSX_OP_RET:
        expect_at(m, t, place, pc, (uint16_t)(t->sp + place->addr_step), &x);
        x.next_pc = (uint16_t)x.mem_value;
        break;
    case HSX_OP_JZ:
        x.next_pc = t->psw & HSX_PSW_Z ? HSX_INSN_IMM(insn) : (uint16_t)(pc + 4);
        break;
    case HSX_OP_JNZ:
        x.next_pc = t->psw & HSX_PSW_Z ? (uint16_t)(pc + 4) : HSX_INSN_IMM(insn);
        break;
    case HSX_OP_MOV:
        x.rd_value = expect_rs1(window, insn);
        break;
    case HSX_OP_ADD:
        expect_sum(expect_rs1(window, insn), expect_rs2(window, insn), 0, &x);
        break;
    case HSX_OP_ADC:
        expect_sum(expect_rs1(window, insn), expect_rs2(window, insn), (t->psw & HSX_PSW_C) != 0,
                   &x);
        break;
    case HSX_OP_SUB:
        expect_sum(expect_rs1(window, insn), ~expect_rs2(window, insn), 1, &x);
        break;
    case HSX_OP_CMP:
        expect_sum(expect_rs1(window, insn), ~expect_rs2(window, insn), 1, &x);
        x.rd_value = 0;
        break;
    case HSX_OP_SBC:
        expect_sum(expect_rs1(window, insn), ~expect_rs2(window, insn), (t->psw & HSX_PSW_C) != 0,
                   &x);
        break;
    case HSX_OP_AND:
        expect_logic(expect_rs1(window, insn) & expect_rs2(window, insn), &x);
        break;
    case HSX_OP_OR:
        expect_logic(expect_rs1(window, insn) | expect_rs2(window, insn), &x);
        break;
    case HSX_OP_XOR:
        expect_logic(expect_rs1(window, insn) ^ expect_rs2(window, insn), &x);
        break;
    case HSX_OP_NOT:
        expect_logic(~expect_rs1(window, insn), &x);
        break;
    case HSX_OP_LSL:
        a = expect_rs1(window, insn);
        b = expect_rs2(window, insn) & 31;
        expect_shift(a << b, b, a >> ((32 - b) & 31), t->psw, &x);
        break;
    case HSX_OP_LSR:
        a = expect_rs1(window, insn);
        b = expect_rs2(window, insn) & 31;
        expect_shift(a >> b, b, a >> ((b - 1) & 31), t->psw, &x);
        break;
    case HSX_OP_ASR:
        a = expect_rs1(window, insn);
        b = expect_rs2(window, insn) & 31;
        expect_shift((uint32_t)((int32_t)a >> b), b, a >> ((b - 1) & 31), t->psw, &x);
        break;
    default:
        x.rd_value = last->rd_value + place->rd_step;
        x.psw = place->psw_kept ? t->psw : last->psw;
        if (last->access != 0) {
            expect_at(m, t, place, pc, place->addr_step, &x);
        }
        break;
    }
    return x;
}

/* The effects of a record on the known state of its task. */
static inline MODEL_INLINED void expect_effects(struct model *m, struct model_task *t,
                                                const struct hsx_record *r)
{
    t->pc = r->next_pc;
    t->sp = r->sp;
    t->call_depth = r->call_depth;
    t->psw = r->psw;
    model_apply(m->image, r, t->reg_base);
}

/* Learn from a record, for which x was expected, and apply its effects. */
static inline void expect_learn(struct model *m, struct model_place *place,
                                const struct hsx_record *r, const struct expectation *x,
                                uint64_t cycle)
{
    struct model_task *t = &m->tasks[r->slot];

    if (r->psw != x->psw) {
        place->psw_kept = r->psw == t->psw;
    }
    place->rd_step = r->rd_value - place->last.rd_value;
    place->addr_step = (uint16_t)(place->addr_step + r->mem_addr - x->mem_addr);
    place->sp_step = (uint16_t)(r->sp - t->sp);
    place->depth_step = (uint16_t)(r->call_depth - t->call_depth);
    place->cycle_step = (uint32_t)(cycle - m->cycle);
    place->last = *r;
    m->tasks[m->slot].next_slot = r->slot;
    m->seq++;
    m->steps += model_is_step(r);
    m->slot = r->slot;
    m->cycle = cycle;
    expect_effects(m, t, r);
}

#endif
