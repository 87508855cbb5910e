// SPDX-License-Identifier: Apache-2.0
/* A board has no reset for its host: the core is put into the reset state by accesses. */
#include "serial_link.h"
#include <hsx/isa.h>
#include <hsx/machine.h>
#include <stdio.h>
#include <string.h>

static enum hsx_status empty_queue(struct serial_link *s)
{
    for (unsigned i = 0; i <= HSX_MAX_CONTEXTS / FRAME_WORDS; i++) {
        struct hsx_bus_op ops[FRAME_WORDS];
        enum hsx_status status;

        for (unsigned k = 0; k < FRAME_WORDS; k++) {
            ops[k] = (struct hsx_bus_op){.addr = HSX_HOST_QUEUE_POP, .sel = 0xF};
        }
        status = serial_bus(&s->link, ops, FRAME_WORDS);
        if (status != HSX_OK || HSX_HOST_GET(STATUS_COUNT, ops[FRAME_WORDS - 1].data) == 0) {
            return status;
        }
    }
    snprintf(s->why, s->why_size, "the core's queue does not become empty");
    return HSX_ERR_MACHINE;
}

enum hsx_status serial_reset(struct hsx_rtl_link *link)
{
    struct serial_link *s = serial_of(link);
    struct hsx_bus_op ops[] = {
        {.addr = HSX_HOST_TURN, .data = 0, .sel = 0xF, .write = true},
        {.addr = HSX_HOST_TICK_STEPS, .data = 0, .sel = 0xF, .write = true},
        {.addr = HSX_HOST_TICK_LEFT, .data = HSX_HOST_NONE, .sel = 0xF, .write = true},
        {.addr = HSX_HOST_ALARM, .data = 0, .sel = 0xF, .write = true}};
    enum hsx_status status = serial_record_off(s);

    if (status == HSX_OK) {
        status = serial_set(s, HSX_HOST_CTRL, 0);
    }
    memset(s->trace.tasks, 0, sizeof s->trace.tasks);
    memset(s->code_known, 0, sizeof s->code_known);
    s->going = false;
    s->queue_known = false;
    s->made_count = 0;
    serial_forget(s);
    if (status == HSX_OK) {
        status = serial_wait_held(s, NULL);
    }
    if (status == HSX_OK) {
        status = empty_queue(s);
    }
    return status == HSX_OK ? serial_bus(link, ops, sizeof ops / sizeof ops[0]) : status;
}

enum { ADDRESS = 1, END = 2, STEP = 3, ZERO = 0, STORES = 16 };

#define INSN(op, rd, rs1, rs2, imm)                                                                \
    ((uint32_t)HSX_OP_##op << 24 | (uint32_t)(rd) << 20 | (uint32_t)(rs1) << 16 |                  \
     (uint32_t)(rs2) << 12 | ((uint32_t)(imm)&0xFFF))

/* Stores 16 words of zero at R1, R1 + 64, ... until R1 is R2. */
static size_t clearing_program(uint32_t *code)
{
    size_t n = 0;

    while (n < STORES) {
        code[n] = INSN(ST, 0, ADDRESS, ZERO, 4 * n);
        n++;
    }
    code[n++] = INSN(ADD, ADDRESS, ADDRESS, STEP, 0);
    code[n++] = INSN(CMP, 0, ADDRESS, END, 0);
    code[n++] = INSN(JNZ, 0, 0, 0, 0);
    code[n++] = INSN(RET, 0, 0, 0, 0);
    return n;
}

static enum hsx_status run_clearing(struct serial_link *s, uint32_t from, uint32_t to)
{
    enum { WINDOW = HSX_WINDOW_START, STACK = 0x100 };
    const uint32_t registers[HSX_REGISTERS] = {[ADDRESS] = from, [END] = to, [STEP] = 4 * STORES};
    const uint32_t context[] = {[HSX_CONTEXT_SP] = STACK,
                                [HSX_CONTEXT_REG_BASE] = WINDOW,
                                [HSX_CONTEXT_STACK_LIMIT] = STACK,
                                [HSX_CONTEXT_STACK_TOP] = STACK,
                                [HSX_CONTEXT_CODE_LEN] = 4 * (STORES + 4),
                                [HSX_CONTEXT_DATA_BASE] = HSX_DATA_LINK,
                                [HSX_CONTEXT_SLICE] = 1,
                                [HSX_CONTEXT_STATE] = HSX_READY};
    enum { FIELDS = sizeof context / sizeof context[0] };
    struct hsx_bus_op ops[HSX_REGISTERS + FIELDS + 4];
    size_t n = 0;

    for (uint32_t i = 0; i < HSX_REGISTERS; i++) {
        ops[n++] = (struct hsx_bus_op){.addr = HSX_HOST_DATA + WINDOW + 4 * i,
                                       .data = registers[i],
                                       .sel = 0xF,
                                       .write = true};
    }
    for (uint32_t i = 0; i < FIELDS; i++) {
        ops[n++] = (struct hsx_bus_op){
            .addr = HSX_HOST_FIELD_ADDRESS(0, i), .data = context[i], .sel = 0xF, .write = true};
    }
    ops[n++] = (struct hsx_bus_op){.addr = HSX_HOST_FIELD_ADDRESS(0, HSX_CONTEXT_PUSH),
                                   .data = HSX_READY,
                                   .sel = 0xF,
                                   .write = true};
    ops[n++] =
        (struct hsx_bus_op){.addr = HSX_HOST_HOLD_MASK, .data = 0xFF, .sel = 0xF, .write = true};
    ops[n++] = (struct hsx_bus_op){
        .addr = HSX_HOST_STEP_BUDGET, .data = HSX_HOST_NONE, .sel = 0xF, .write = true};

    enum hsx_status status = serial_bus(&s->link, ops, n);

    if (status == HSX_OK) {
        status = serial_set(s, HSX_HOST_CTRL, 1);
    }
    return status == HSX_OK ? serial_wait_held(s, NULL) : status;
}

/* The program's own window is cleared last, over the line. */
enum hsx_status serial_clear(struct hsx_rtl_link *link)
{
    struct serial_link *s = serial_of(link);
    struct hsx_bus_op ops[HSX_REGISTERS] = {{0}};
    uint32_t code[STORES + 4];
    struct hsx_bus_op load[STORES + 4];
    size_t count = clearing_program(code);
    enum hsx_status status;
    uint32_t word = 0;

    for (uint32_t i = 0; i < count; i++) {
        load[i] = (struct hsx_bus_op){
            .addr = HSX_HOST_CODE + 4 * i, .data = code[i], .sel = 0xF, .write = true};
    }
    status = serial_bus(link, load, count);
    if (status == HSX_OK) {
        status = run_clearing(s, 0, HSX_WINDOW_START);
    }
    if (status == HSX_OK) {
        status = run_clearing(s, HSX_WINDOW_START + HSX_WINDOW_SIZE, HSX_DATA_SIZE);
    }
    for (uint32_t i = 0; i < HSX_REGISTERS; i++) {
        ops[i] = (struct hsx_bus_op){
            .addr = HSX_HOST_DATA + HSX_WINDOW_START + 4 * i, .sel = 0xF, .write = true};
    }
    if (status == HSX_OK) {
        status = serial_get(s, HSX_HOST_STATUS, &word);
    }
    if (status == HSX_OK && HSX_HOST_GET(STATUS_CAUSE, word) != HSX_HOST_CAUSE_RETURN) {
        snprintf(s->why, s->why_size,
                 "the core does not run: STATUS is 0x%08X after a program that clears memory",
                 (unsigned)word);
        status = HSX_ERR_MACHINE;
    }
    memset(s->code_known, 0, sizeof s->code_known);
    return status == HSX_OK ? serial_bus(link, ops, HSX_REGISTERS) : status;
}
