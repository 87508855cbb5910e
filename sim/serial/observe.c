// SPDX-License-Identifier: Apache-2.0
/*
 * Records of a board without a trace: the core does one instruction at a time, and its effects
 * are read from contexts, windows, memory and counters. The instruction word only says where to
 * look; the values come from the board alone.
 */
#include "serial_link.h"
#include <hsx/isa.h>
#include <hsx/translate.h>
#include <hsx/word.h>
#include <stdio.h>
#include <string.h>

/* The control page of a held core. */
struct counters {
    uint32_t status, steps, order, cycles, now;
};

static enum hsx_status wrong(struct serial_link *s, const char *what, unsigned got, unsigned wanted)
{
    snprintf(s->why, s->why_size, "%s: %u, expected %u", what, got, wanted);
    return HSX_ERR_MACHINE;
}

static enum hsx_status read_counters(struct serial_link *s, struct counters *c)
{
    enum { STATUS, STEPS = 3, ORDER, CYCLES, NOW };
    uint32_t words[KEPT_CONTROLS] = {0};
    enum hsx_status status = serial_read_controls(s, words);

    *c = (struct counters){.status = words[STATUS],
                           .steps = words[STEPS],
                           .order = words[ORDER],
                           .cycles = words[CYCLES],
                           .now = words[NOW]};
    return status;
}

/* The first fields of a context; those that an instruction may change are among the first
 * CHANGING. */
enum { CHANGING = HSX_CONTEXT_PSW + 1 };

static enum hsx_status view_context(struct serial_link *s, uint8_t slot, struct hsx_context *ctx,
                                    size_t count)
{
    uint32_t words[HSX_CONTEXT_FIELDS] = {0};
    enum hsx_status status = serial_read(s, HSX_HOST_FIELD_ADDRESS(slot, 0), words, count);

    if (status != HSX_OK) {
        return status;
    }
    ctx->pc = (uint16_t)words[HSX_CONTEXT_PC];
    ctx->sp = (uint16_t)words[HSX_CONTEXT_SP];
    ctx->call_depth = (uint16_t)words[HSX_CONTEXT_CALL_DEPTH];
    ctx->psw = (uint8_t)words[HSX_CONTEXT_PSW];
    if (count == CHANGING) {
        return HSX_OK;
    }
    ctx->reg_base = (uint16_t)(words[HSX_CONTEXT_REG_BASE] & ~63u);
    ctx->stack_limit = (uint16_t)words[HSX_CONTEXT_STACK_LIMIT];
    ctx->stack_top = (uint16_t)words[HSX_CONTEXT_STACK_TOP];
    ctx->code_base = (uint16_t)(words[HSX_CONTEXT_CODE_BASE] & ~3u);
    ctx->code_len = words[HSX_CONTEXT_CODE_LEN];
    ctx->data_base = (uint16_t)words[HSX_CONTEXT_DATA_BASE];
    ctx->data_len = words[HSX_CONTEXT_DATA_LEN];
    ctx->flags = (uint8_t)words[HSX_CONTEXT_FLAGS];
    return HSX_OK;
}

enum hsx_status serial_view_context(struct serial_link *s, uint8_t slot, struct hsx_context *ctx)
{
    return view_context(s, slot, ctx, HSX_CONTEXT_FIELDS);
}

static enum hsx_status view_task(struct serial_link *s, uint8_t slot, struct serial_view *view)
{
    enum hsx_status status = view_context(s, slot, &view->ctx, HSX_CONTEXT_FIELDS);

    if (status == HSX_OK) {
        status = serial_read(s, HSX_HOST_DATA + view->ctx.reg_base, view->regs, HSX_REGISTERS);
    }
    view->known = status == HSX_OK;
    return status;
}

void serial_forget(struct serial_link *s)
{
    for (size_t i = 0; i < sizeof s->views / sizeof s->views[0]; i++) {
        s->views[i].known = false;
    }
}

/* width bytes of data memory at addr, zero-extended; they may be in two words. */
static enum hsx_status read_memory(struct serial_link *s, uint32_t addr, unsigned width,
                                   uint32_t *value)
{
    uint32_t words[2] = {0, 0};
    bool two = (addr & 3) + width > 4;
    enum hsx_status status = serial_read(s, HSX_HOST_DATA + (addr & ~3u), words, two ? 2 : 1);
    uint64_t both = (uint64_t)words[1] << 32 | words[0];

    *value = (uint32_t)(both >> 8 * (addr & 3)) & (uint32_t)(0xFFFFFFFFu >> (32 - 8 * width));
    return status;
}

/* Reads the queue by popping and pushing all of it. */
static enum hsx_status learn_queue(struct serial_link *s, uint32_t status_word)
{
    size_t count = HSX_HOST_GET(STATUS_COUNT, status_word);
    uint32_t turn = HSX_HOST_GET(STATUS_TURN_OPEN, status_word)
                        ? 0x100 | HSX_HOST_GET(STATUS_TURN, status_word)
                        : 0;
    uint8_t slots[256] = {0};
    enum hsx_status status = HSX_OK;

    for (size_t i = 0; i < count && status == HSX_OK; i++) {
        uint32_t head = 0;

        status = serial_get(s, HSX_HOST_QUEUE_POP, &head);
        slots[i] = (uint8_t)HSX_HOST_GET(STATUS_SLOT, head);
    }
    for (size_t i = 0; i < count && status == HSX_OK; i++) {
        status = serial_set(s, HSX_HOST_FIELD_ADDRESS(slots[i], HSX_CONTEXT_PUSH), HSX_READY);
    }
    if (status == HSX_OK) {
        status = serial_set(s, HSX_HOST_TURN, turn);
    }
    s->queue_known = status == HSX_OK;
    s->queue_count = count;
    memcpy(s->queue, slots, count);
    return status;
}

void serial_fetch(const struct serial_link *s, uint16_t code_base, uint32_t code_len,
                  struct hsx_record *record)
{
    uint32_t pc = record->pc;
    uint32_t word = (code_base + pc) % HSX_CODE_SIZE / 4;

    if ((pc & 3) != 0 || pc + 4 > code_len) {
        return;
    }
    record->insn = s->code[word];
    if (HSX_INSN_OPCODE(record->insn) == HSX_OP_LDI32 && pc + 8 <= code_len) {
        record->ext = s->code[(word + 1) % (HSX_CODE_SIZE / 4)];
        record->flags |= HSX_REC_EXT;
    }
}

unsigned serial_width(uint8_t opcode)
{
    switch (opcode) {
    case HSX_OP_LDB:
    case HSX_OP_STB:
        return 1;
    case HSX_OP_LDH:
    case HSX_OP_STH:
        return 2;
    default:
        return 4;
    }
}

static enum hsx_status observe_register(struct serial_link *s, struct serial_view *after,
                                        struct hsx_record *record, uint8_t rd)
{
    enum hsx_status status =
        serial_read(s, HSX_HOST_DATA + after->ctx.reg_base + 4u * rd, &after->regs[rd], 1);

    record->flags |= HSX_REC_RD;
    record->rd = rd;
    record->rd_value = after->regs[rd];
    return status;
}

/* Registers and memory of an instruction that retired. */
static enum hsx_status observe_effects(struct serial_link *s, const struct serial_view *before,
                                       struct serial_view *after, struct hsx_record *record)
{
    uint8_t opcode = HSX_INSN_OPCODE(record->insn);
    enum hsx_operands operands = (enum hsx_operands)hsx_insn_table[opcode].operands;
    unsigned width = serial_width(opcode);
    uint32_t ea =
        (before->regs[HSX_INSN_RS1(record->insn)] + (uint32_t)HSX_INSN_SIMM(record->insn)) & 0xFFFF;
    struct hsx_access_map map;
    uint32_t addr = 0;
    uint32_t source = before->regs[HSX_INSN_RS2(record->insn)];

    if (opcode == HSX_OP_PUSH || opcode == HSX_OP_POP || opcode == HSX_OP_CALL ||
        opcode == HSX_OP_RET) {
        record->flags |= HSX_REC_R15;
        after->regs[HSX_REGISTERS - 1] = after->ctx.sp;
    }
    if (hsx_insn_writes_rd(operands)) {
        enum hsx_status status = observe_register(s, after, record, HSX_INSN_RD(record->insn));

        if (status != HSX_OK) {
            return status;
        }
    }
    switch (opcode) {
    case HSX_OP_PUSH:
    case HSX_OP_CALL:
        record->access = HSX_ACC_WRITE;
        addr = after->ctx.sp;
        source = opcode == HSX_OP_PUSH ? before->regs[HSX_INSN_RS1(record->insn)]
                                       : (uint16_t)(before->ctx.pc + 4);
        break;
    case HSX_OP_POP:
    case HSX_OP_RET:
        record->access = HSX_ACC_READ;
        addr = before->ctx.sp;
        record->mem_value = opcode == HSX_OP_POP ? record->rd_value : after->ctx.pc;
        break;
    default:
        if (operands != HSX_OPND_RD_MEM && operands != HSX_OPND_MEM_RS2) {
            return HSX_OK;
        }
        hsx_access_map_init(&map, &before->ctx);
        hsx_access(&map, ea, width, &addr);
        record->access = operands == HSX_OPND_RD_MEM ? HSX_ACC_READ : HSX_ACC_WRITE;
        record->mem_value = record->rd_value;
        break;
    }
    record->access |= (uint8_t)width;
    record->mem_addr = (uint16_t)addr;
    if ((record->access & HSX_ACC_WRITE) == 0) {
        return HSX_OK;
    }
    if (addr + width > HSX_WINDOW_START && addr < HSX_WINDOW_END) {
        serial_forget(s);
    }
    /* R15 is written after memory, so a value stored there is not visible. */
    uint32_t r15 = before->ctx.reg_base + 4u * (HSX_REGISTERS - 1);

    if ((record->flags & HSX_REC_R15) && addr + width > r15 && addr < r15 + 4) {
        record->mem_value = source;
        return HSX_OK;
    }
    return read_memory(s, addr, width, &record->mem_value);
}

static enum hsx_status observe(struct serial_link *s, const struct serial_view *before,
                               const struct counters *now, struct hsx_record *record)
{
    struct serial_view after = *before;
    enum hsx_status status = view_context(s, record->slot, &after.ctx, CHANGING);

    if (status != HSX_OK) {
        return status;
    }
    record->next_pc = after.ctx.pc;
    record->sp = after.ctx.sp;
    record->call_depth = after.ctx.call_depth;
    record->psw = after.ctx.psw;
    s->views[record->slot].known = false;
    switch (HSX_HOST_GET(STATUS_CAUSE, now->status)) {
    case HSX_HOST_CAUSE_SVC:
        record->event = HSX_EV_SVC;
        break;
    case HSX_HOST_CAUSE_BRK:
        record->event = HSX_EV_BRK;
        break;
    case HSX_HOST_CAUSE_RETURN:
        record->event = HSX_EV_RETURN;
        break;
    case HSX_HOST_CAUSE_FAULT:
        record->event = HSX_EV_FAULT;
        status = observe_register(s, &after, record, 0);
        break;
    default:
        record->event = HSX_EV_RETIRE;
        if (!HSX_HOST_GET(STATUS_TURN_OPEN, now->status)) {
            record->flags |= HSX_REC_TURN_ROTATE;
        }
        s->views[record->slot] = after;
        status = observe_effects(s, before, &s->views[record->slot], record);
        break;
    }
    return status;
}

/* The head has run: finds where it is now. */
static void follow_queue(struct serial_link *s, const struct hsx_record *record)
{
    uint8_t head = s->queue[0];

    if (record->event == HSX_EV_RETIRE && !(record->flags & HSX_REC_TURN_ROTATE)) {
        return;
    }
    s->queue_count--;
    memmove(s->queue, s->queue + 1, s->queue_count);
    if (record->event == HSX_EV_RETIRE) {
        s->queue[s->queue_count++] = head;
    }
}

static void put(struct serial_link *s, const struct hsx_record *record)
{
    s->made[s->made_count++] = *record;
}

static enum hsx_status let_go(struct serial_link *s, uint32_t budget, struct counters *after)
{
    enum hsx_status status = serial_set(s, HSX_HOST_STEP_BUDGET, budget);

    if (status == HSX_OK) {
        status = serial_set(s, HSX_HOST_CTRL, 1);
    }
    if (status == HSX_OK) {
        status = read_counters(s, after);
    }
    if (status == HSX_OK && !HSX_HOST_GET(STATUS_HELD, after->status)) {
        status = serial_wait_held(s, NULL);
        if (status == HSX_OK) {
            status = read_counters(s, after);
        }
    }
    return status;
}

/* One instruction, with a pending tick before it: at most two records. */
static enum hsx_status step(struct serial_link *s, struct counters *now)
{
    static const struct hsx_record tick = {.event = HSX_EV_TICK};
    struct hsx_record record = {.slot = s->queue_count != 0 ? s->queue[0] : 0};
    const struct counters last = *now;
    struct serial_view before = s->views[record.slot];
    enum hsx_status status = HSX_OK;

    if (s->queue_count != 0 && !before.known) {
        status = view_task(s, record.slot, &before);
    }
    if (status == HSX_OK && s->queue_count != 0) {
        record.pc = before.ctx.pc;
        serial_fetch(s, before.ctx.code_base, before.ctx.code_len, &record);
    }
    if (!HSX_HOST_GET(STATUS_TURN_OPEN, last.status)) {
        record.flags |= HSX_REC_TURN_FIRST;
    }
    if (status == HSX_OK) {
        status = let_go(s, 1, now);
    }
    if (status != HSX_OK) {
        return status;
    }
    uint32_t events = now->order - last.order;

    if (now->now != last.now) {
        put(s, &tick);
        events--;
    }
    if (events == 0) {
        return HSX_OK; /* the alarm, or there was nothing to run */
    }
    if (events != 1) {
        return wrong(s, "events of one step", now->order - last.order, 1);
    }
    if (HSX_HOST_GET(STATUS_SLOT, now->status) != record.slot || s->queue_count == 0) {
        return wrong(s, "slot that ran", HSX_HOST_GET(STATUS_SLOT, now->status), record.slot);
    }
    status = observe(s, &before, now, &record);
    if (status == HSX_OK) {
        put(s, &record);
        follow_queue(s, &record);
        s->budget -= now->steps - last.steps;
    }
    if (status == HSX_OK && HSX_HOST_GET(STATUS_COUNT, now->status) != s->queue_count) {
        return wrong(s, "slots in the queue", HSX_HOST_GET(STATUS_COUNT, now->status),
                     (unsigned)s->queue_count);
    }
    return status;
}

/* Moves new records to the batch as far as there is room. True: all of them. */
static bool hand_over(struct serial_link *s, struct hsx_rtl_batch *batch)
{
    size_t n = 0;

    while (n < s->made_count && batch->count < batch->capacity) {
        batch->records[batch->count] = s->made[n++];
        if (batch->cycles) {
            batch->cycles[batch->count] = s->cycles;
        }
        batch->count++;
        batch->order++;
    }
    s->made_count -= n;
    memmove(s->made, s->made + n, s->made_count * sizeof s->made[0]);
    return s->made_count == 0;
}

enum hsx_status serial_observe(struct hsx_rtl_link *link, struct hsx_rtl_batch *batch)
{
    struct serial_link *s = serial_of(link);
    struct counters now;
    enum hsx_status status = read_counters(s, &now);

    batch->count = 0;
    batch->outcome = HSX_RTL_FULL;
    if (status == HSX_OK && !s->queue_known) {
        status = learn_queue(s, now.status);
    }
    while (status == HSX_OK && hand_over(s, batch)) {
        if (!s->going) {
            batch->outcome = HSX_RTL_HELD;
            break;
        }
        if (batch->count == batch->capacity) {
            break;
        }
        if (batch->interrupt && *batch->interrupt != 0) {
            batch->outcome = HSX_RTL_INTERRUPTED;
            break;
        }
        status = step(s, &now);
        s->going = status == HSX_OK && s->budget != 0 &&
                   HSX_HOST_GET(STATUS_CAUSE, now.status) == HSX_HOST_CAUSE_STEPS;
    }
    return status;
}
