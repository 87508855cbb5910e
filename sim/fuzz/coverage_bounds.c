// SPDX-License-Identifier: Apache-2.0
#include "coverage_bounds.h"
#include <hsx/isa.h>
#include <string.h>

void coverage_memory_write(struct coverage_memory *m, uint32_t addr, const void *bytes, size_t len)
{
    memcpy(m->bytes + addr, bytes, len);
}

static void put(struct coverage_memory *m, uint32_t addr, uint32_t value, unsigned width)
{
    for (unsigned i = 0; i < width && addr + i < HSX_DATA_SIZE; i++) {
        m->bytes[addr + i] = (uint8_t)(value >> 8 * i);
    }
}

static uint32_t reg(const struct coverage_memory *m, const struct hsx_context *ctx, unsigned number)
{
    uint32_t value = 0;

    for (unsigned i = 4; i-- > 0;) {
        value = value << 8 | m->bytes[(ctx->reg_base + 4 * number + i) % HSX_DATA_SIZE];
    }
    return value;
}

void coverage_memory_follow(struct coverage_memory *m, const struct hsx_context *ctx,
                            const struct hsx_record *r)
{
    if ((r->access & HSX_ACC_WRITE) != 0) {
        put(m, r->mem_addr, r->mem_value, r->access & HSX_ACC_WIDTH);
    }
    if ((r->flags & HSX_REC_R15) != 0) {
        put(m, ctx->reg_base + 4 * 15, r->sp, 4);
    }
    if ((r->flags & HSX_REC_RD) != 0) {
        put(m, ctx->reg_base + 4u * r->rd, r->rd_value, 4);
    }
}

static enum coverage_bound push_bound(const struct hsx_context *ctx, const struct hsx_record *r)
{
    if (r->event != HSX_EV_FAULT) {
        return r->sp == ctx->stack_limit ? BOUND_PUSH_LAST : BOUNDS;
    }
    if (r->rd_value != HSX_FAULT_STACK_OVERFLOW) {
        return BOUNDS;
    }
    return r->sp == ctx->stack_limit ? BOUND_PUSH_OVER : BOUND_PUSH_PARTLY;
}

static enum coverage_bound pop_bound(const struct hsx_context *ctx, const struct hsx_record *r)
{
    if (r->event != HSX_EV_FAULT) {
        return r->sp == ctx->stack_top ? BOUND_POP_LAST : BOUNDS;
    }
    if (r->rd_value != HSX_FAULT_STACK_UNDERFLOW) {
        return BOUNDS;
    }
    return r->sp == ctx->stack_top ? BOUND_POP_OVER : BOUND_POP_PARTLY;
}

static enum coverage_bound code_bound(const struct hsx_context *ctx, const struct hsx_record *r)
{
    const uint32_t words = (r->flags & HSX_REC_EXT) != 0 ? 2 : 1;

    if (r->event != HSX_EV_FAULT) {
        return r->pc + 4 * words == ctx->code_len ? BOUND_CODE_LAST : BOUNDS;
    }
    if (r->rd_value != HSX_FAULT_CODE) {
        return BOUNDS;
    }
    if (r->pc % 4 != 0) {
        return BOUND_CODE_UNALIGNED;
    }
    if (r->pc == ctx->code_len) {
        return BOUND_CODE_OVER;
    }
    return r->pc + 4u == ctx->code_len && HSX_INSN_OPCODE(r->insn) == HSX_OP_LDI32
               ? BOUND_CODE_PARTLY
               : BOUNDS;
}

enum coverage_bound coverage_bound_of(const struct hsx_context *ctx, const struct hsx_record *r)
{
    enum coverage_bound bound = BOUNDS;

    switch (HSX_INSN_OPCODE(r->insn)) {
    case HSX_OP_PUSH:
    case HSX_OP_CALL:
        bound = push_bound(ctx, r);
        break;
    case HSX_OP_POP:
    case HSX_OP_RET:
        bound = pop_bound(ctx, r);
        break;
    default:
        break;
    }
    return bound != BOUNDS ? bound : code_bound(ctx, r);
}

struct coverage_refusal coverage_refusal_of(const struct coverage_memory *m,
                                            const struct hsx_context *ctx,
                                            const struct hsx_record *r)
{
    struct coverage_refusal refusal = {0};

    switch (HSX_INSN_OPCODE(r->insn)) {
    case HSX_OP_LD:
    case HSX_OP_ST:
        refusal.width = 4;
        break;
    case HSX_OP_LDH:
    case HSX_OP_STH:
        refusal.width = 2;
        break;
    case HSX_OP_LDB:
    case HSX_OP_STB:
        refusal.width = 1;
        break;
    default:
        return refusal;
    }
    refusal.addr = (reg(m, ctx, HSX_INSN_RS1(r->insn)) + (uint32_t)HSX_INSN_SIMM(r->insn)) & 0xFFFF;
    refusal.write = HSX_INSN_OPCODE(r->insn) == HSX_OP_ST ||
                    HSX_INSN_OPCODE(r->insn) == HSX_OP_STH ||
                    HSX_INSN_OPCODE(r->insn) == HSX_OP_STB;
    return refusal;
}
