// SPDX-License-Identifier: Apache-2.0
/* Short pieces of code, each for one thing that a machine can get wrong. */
#include "generate.h"
#include <hsx/machine.h>

bool emit_room(const struct generator *g, size_t words)
{
    return g->task->words + words <= g->code_words;
}

void emit(struct generator *g, uint32_t word)
{
    if (emit_room(g, 1)) {
        g->task->code[g->task->words++] = word;
    }
}

void emit_op(struct generator *g, enum hsx_opcode op, unsigned rd, unsigned rs1, unsigned rs2,
             uint32_t imm)
{
    /* One in sixteen remains unknown to the machine, and ends its task. */
    if ((hsx_insn_unit(op) & ~g->program->units) != 0 && !rng_one_in(&g->rng, 16)) {
        op = HSX_OP_ADD;
    }
    emit(g, (uint32_t)op << 24 | rd << 20 | rs1 << 16 | rs2 << 12 | (imm & 0xFFF));
}

void emit_ldi32(struct generator *g, unsigned rd, uint32_t value)
{
    if (emit_room(g, 2)) {
        emit_op(g, HSX_OP_LDI32, rd, 0, 0, 0);
        emit(g, value);
    }
}

unsigned emit_register(struct generator *g)
{
    return 1 + rng_below(&g->rng, g->registers);
}

/* Mostly a data register; now and then R0 or the stack pointer's mirror. */
static unsigned any_register(struct generator *g)
{
    uint32_t kind = rng_below(&g->rng, 24);

    return kind == 0 ? 0 : kind == 1 ? R_SP : emit_register(g);
}

void emit_alu(struct generator *g)
{
    static const uint32_t ops[] = {HSX_OP_ADD, HSX_OP_SUB, HSX_OP_AND, HSX_OP_OR,  HSX_OP_XOR,
                                   HSX_OP_NOT, HSX_OP_MOV, HSX_OP_CMP, HSX_OP_ADC, HSX_OP_SBC,
                                   HSX_OP_LSL, HSX_OP_LSR, HSX_OP_ASR, HSX_OP_MUL};
    uint32_t op = rng_pick(&g->rng, ops, sizeof ops / sizeof ops[0]);

    /* Unused fields hold noise: machines must ignore them. */
    uint32_t imm = (uint32_t)rng_next(&g->rng);
    unsigned rs2 = any_register(g), rs1 = any_register(g), rd = any_register(g);

    emit_op(g, (enum hsx_opcode)op, rd, rs1, rs2, imm);
}

void emit_constant(struct generator *g)
{
    bool is_short = rng_one_in(&g->rng, 2);
    uint32_t value = is_short ? (uint32_t)rng_next(&g->rng) : edge_value(&g->rng);
    unsigned rd = any_register(g);

    if (is_short) {
        emit_op(g, HSX_OP_LDI, rd, 0, 0, value);
    } else {
        emit_ldi32(g, rd, value);
    }
}

void emit_edge_value(struct generator *g)
{
    uint32_t value = edge_value(&g->rng);

    emit_ldi32(g, emit_register(g), value);
}

/* Any fraction, with this exponent of binary16. */
static uint32_t half_with(struct generator *g, int32_t exponent)
{
    exponent = exponent < 0 ? 0 : exponent > 30 ? 30 : exponent;
    return (uint32_t)exponent << 10 | ((uint32_t)rng_next(&g->rng) & 0x83FF);
}

/* Their product or quotient is about as small as numbers are, where it is rounded in other ways. */
static void emit_small_operands(struct generator *g, uint32_t op, unsigned rs1, unsigned rs2)
{
    const int32_t bias = 15, result = rng_range(&g->rng, -12, 2);
    const int32_t first = rng_range(&g->rng, 1, bias + result - 1);
    const int32_t second = op == HSX_OP_FMUL ? bias + result - first : bias - result + first;

    emit_ldi32(g, rs1, half_with(g, first));
    emit_ldi32(g, rs2, half_with(g, second));
}

/* An instruction that takes many cycles, into rd. */
static void emit_long(struct generator *g, unsigned rd)
{
    static const uint32_t ops[] = {HSX_OP_DIV,  HSX_OP_FADD, HSX_OP_FSUB, HSX_OP_FMUL,
                                   HSX_OP_FDIV, HSX_OP_I2F,  HSX_OP_F2I,  HSX_OP_MUL};
    uint32_t op = rng_pick(&g->rng, ops, sizeof ops / sizeof ops[0]);
    unsigned rs1 = emit_register(g), rs2 = emit_register(g);

    if ((op == HSX_OP_FMUL || op == HSX_OP_FDIV) && rng_one_in(&g->rng, 3)) {
        emit_small_operands(g, op, rs1, rs2);
    } else if (rng_one_in(&g->rng, 2)) {
        emit_edge_value(g);
    }
    if (op == HSX_OP_DIV && !rng_one_in(&g->rng, 6)) {
        emit_ldi32(g, rs2, edge_value(&g->rng) | 1);
    }
    emit_op(g, (enum hsx_opcode)op, rd, rs1, rs2, (uint32_t)rng_next(&g->rng));
}

/* The next fragments depend on the result where data registers are few. */
void emit_slow(struct generator *g)
{
    emit_long(g, emit_register(g));
}

/* Sets a register so that address = register + simm. */
static void emit_pointer(struct generator *g, unsigned reg, uint32_t address, uint32_t simm)
{
    uint32_t base = address - simm;

    /* Only the low 16 bits of the sum count. */
    emit_ldi32(g, reg, rng_one_in(&g->rng, 4) ? base ^ (uint32_t)rng_next(&g->rng) << 16 : base);
}

static void emit_access(struct generator *g, unsigned pointer, uint32_t simm)
{
    static const uint32_t ops[] = {HSX_OP_LD, HSX_OP_LDB, HSX_OP_LDH,
                                   HSX_OP_ST, HSX_OP_STB, HSX_OP_STH};
    uint32_t op = rng_pick(&g->rng, ops, sizeof ops / sizeof ops[0]);

    unsigned rs2 = any_register(g), rd = any_register(g);

    emit_op(g, (enum hsx_opcode)op, rd, pointer, rs2, simm);
}

void emit_memory(struct generator *g)
{
    uint32_t simm = (uint32_t)rng_range(&g->rng, -2048, 2047);
    unsigned pointer = rng_one_in(&g->rng, 2) ? R_POINTER : R_BASE;

    emit_pointer(g, pointer, edge_address(g), simm);
    for (uint32_t n = rng_below(&g->rng, 3) + 1; n > 0; n--) {
        emit_access(g, pointer, simm);
    }
}

void emit_border(struct generator *g)
{
    for (uint32_t n = 3; n > 0; n--) {
        uint32_t simm = (uint32_t)rng_range(&g->rng, -2048, 2047);

        emit_pointer(g, R_POINTER, edge_of_own(g), simm);
        emit_access(g, R_POINTER, simm);
    }
}

/* A long instruction, followed by an access to a register of another task. If that task
 * does the same, its own long instruction began when this one's was done, and its result
 * may still be pending. */
void emit_onlook(struct generator *g)
{
    uint32_t other = rng_below(&g->rng, g->program->tasks);
    unsigned reg = 1 + rng_below(&g->rng, 2); /* used by all tasks */
    uint32_t address = HSX_WINDOW_START + (uint32_t)HSX_WINDOW_SIZE * other + 4 * reg;

    if (g->program->protect) {
        emit_slow(g);
        return;
    }
    if (rng_one_in(&g->rng, 4)) {
        address += rng_below(&g->rng, 7) - 3;
    }
    emit_pointer(g, R_BASE, address, 0);
    emit_long(g, reg);
    for (uint32_t n = rng_below(&g->rng, 3) + 1; n > 0; n--) {
        emit_access(g, R_BASE, 0);
    }
}

/* What takes a task some cycles, more or fewer: a turn of it, an access that goes byte by byte. */
static void emit_delay(struct generator *g)
{
    uint32_t offset;

    switch (rng_below(&g->rng, 3)) {
    case 0:
        emit_ldi32(g, R_POINTER, HSX_DATA_LINK);
        offset = 1 + rng_below(&g->rng, 3);
        emit_op(g, HSX_OP_LD, emit_register(g), R_POINTER, 0, offset);
        break;
    case 1:
        emit_ldi32(g, R_POINTER, g->reg_base);
        offset = 4 * rng_below(&g->rng, 16);
        emit_op(g, HSX_OP_LD, emit_register(g), R_POINTER, 0, offset);
        break;
    default:
        emit_alu(g);
        break;
    }
}

/* A result takes a few cycles on its way back, and an access of another task must come just then
 * to meet it. In a program whose tasks do little else, they pass each other at every distance. */
void emit_watch(struct generator *g)
{
    enum { RESULT = 1 /* R1, used by all tasks */ };

    if (g->index == g->watched) {
        for (uint32_t n = rng_below(&g->rng, 3) + 1; n > 0; n--) {
            emit_long(g, RESULT);
        }
        return;
    }
    for (uint32_t n = rng_below(&g->rng, 4); n > 0; n--) {
        emit_delay(g);
    }
    emit_pointer(g, R_BASE, HSX_WINDOW_START + (uint32_t)HSX_WINDOW_SIZE * g->watched + 4 * RESULT,
                 0);
    for (uint32_t n = rng_below(&g->rng, 3) + 1; n > 0; n--) {
        emit_access(g, R_BASE, 0);
        if (rng_one_in(&g->rng, 2)) {
            emit_delay(g);
        }
    }
}

/* The own window as memory, with uses of the registers shortly after. */
void emit_window(struct generator *g)
{
    unsigned reg = emit_register(g);
    uint32_t address = g->reg_base + 4 * reg + (rng_one_in(&g->rng, 3) ? rng_below(&g->rng, 4) : 0);
    uint32_t last = g->reg_base + (uint32_t)HSX_WINDOW_SIZE - 4;

    if (g->program->protect && address > last) {
        address = last;
    }
    emit_pointer(g, R_BASE, address, 0);
    for (uint32_t n = rng_below(&g->rng, 4); n > 0; n--) {
        emit_alu(g);
    }
    emit_access(g, R_BASE, 0);
    for (uint32_t n = rng_below(&g->rng, 3); n > 0; n--) {
        unsigned rs2 = emit_register(g), rd = emit_register(g);

        emit_op(g, HSX_OP_ADD, rd, reg, rs2, 0);
    }
}

/* Pushes and pops, mostly balanced; R15 and the pointer are used right after them. */
void emit_stack(struct generator *g)
{
    uint32_t pushes = rng_below(&g->rng, 4) + 1;
    uint32_t pops = rng_one_in(&g->rng, 12) ? rng_below(&g->rng, 6) : pushes;

    for (uint32_t n = 0; n < pushes; n++) {
        emit_op(g, HSX_OP_PUSH, 0, any_register(g), 0, 0);
        if (rng_one_in(&g->rng, 4)) {
            emit_op(g, HSX_OP_MOV, emit_register(g), R_SP, 0, 0);
        }
    }
    if (rng_one_in(&g->rng, 4)) {
        uint32_t offset = 4 * rng_below(&g->rng, pushes);
        unsigned rs2 = emit_register(g), rd = emit_register(g);

        emit_op(g, rng_one_in(&g->rng, 2) ? HSX_OP_ST : HSX_OP_LD, rd, R_SP, rs2, offset);
    }
    for (uint32_t n = 0; n < pops; n++) {
        unsigned reg = rng_one_in(&g->rng, 8) ? R_SP : any_register(g);

        emit_op(g, HSX_OP_POP, reg, 0, 0, (uint32_t)rng_next(&g->rng));
        if (rng_one_in(&g->rng, 6)) {
            emit_op(g, HSX_OP_MOV, emit_register(g), R_SP, 0, 0);
        }
    }
}

static uint32_t here(const struct generator *g)
{
    return 4 * (uint32_t)g->task->words;
}

void emit_call(struct generator *g)
{
    if (g->function_count == 0 || !emit_room(g, 4)) {
        return;
    }
    uint32_t target = g->functions[rng_below(&g->rng, g->function_count)];
    uint32_t unit = g->task->version == 2 ? 4 : 1;

    if (rng_one_in(&g->rng, 24)) {
        target = (uint32_t)rng_next(&g->rng) & 0xFFF; /* anywhere, aligned or not */
    }
    if (rng_one_in(&g->rng, 3)) {
        int32_t offset = rng_range(&g->rng, -16, 16);
        unsigned reg = emit_register(g);

        emit_ldi32(g, reg, target - (uint32_t)offset * unit);
        emit_op(g, HSX_OP_CALL, 0, reg, 0, (uint32_t)offset);
        return;
    }
    int32_t distance = (int32_t)target - (int32_t)here(g);

    if (distance / (int32_t)unit >= -2048 && distance / (int32_t)unit < 2048) {
        emit_op(g, HSX_OP_CALL, 0, 0, 0, (uint32_t)(distance / (int32_t)unit));
    }
}

/* A short jump forward, over code that may be skipped; rarely to a bad address. */
void emit_jump(struct generator *g)
{
    static const uint32_t ops[] = {HSX_OP_JMP, HSX_OP_JZ, HSX_OP_JNZ};
    enum hsx_opcode op = (enum hsx_opcode)rng_pick(&g->rng, ops, 3);
    uint32_t skipped = rng_below(&g->rng, 3);

    if (rng_one_in(&g->rng, 2)) {
        unsigned rs2 = emit_register(g), rs1 = emit_register(g);

        emit_op(g, HSX_OP_CMP, 0, rs1, rs2, 0);
    }
    if (rng_one_in(&g->rng, 40)) {
        emit_op(g, op, 0, 0, 0, (uint32_t)rng_next(&g->rng));
        return;
    }
    emit_op(g, op, 0, 0, 0, here(g) + 4 + 4 * skipped);
    for (; skipped > 0; skipped--) {
        emit_alu(g);
    }
}

void emit_unknown(struct generator *g)
{
    uint32_t opcode = edge_opcode(&g->rng);

    emit(g, opcode << 24 | ((uint32_t)rng_next(&g->rng) & 0xFFFFFF));
}

/* Any opcode with any operands, in or out of the table, including BRK. */
void emit_stray(struct generator *g)
{
    uint32_t word = (uint32_t)rng_next(&g->rng);

    switch (rng_below(&g->rng, 8)) {
    case 0:
        emit_unknown(g);
        break;
    case 1:
        emit_op(g, HSX_OP_BRK, 0, 0, 0, word);
        break;
    default:
        for (unsigned tries = 0; tries < 64; tries++) {
            uint32_t op = rng_below(&g->rng, 0x80);

            if (hsx_insn_table[op].name && op != HSX_OP_RET && op != HSX_OP_JMP) {
                emit(g, op << 24 | (word & 0xFFFFFF));
                break;
            }
        }
        break;
    }
}

void emit_fragment(struct generator *g, const struct mix *mix)
{
    static void (*const fragments[])(struct generator *) = {
        emit_alu,  emit_constant, emit_memory, emit_window, emit_stack, emit_call,
        emit_jump, emit_svc,      emit_slow,   emit_onlook, emit_stray};
    const uint8_t weights[] = {mix->alu,   mix->constant, mix->memory, mix->window,
                               mix->stack, mix->call,     mix->jump,   mix->svc,
                               mix->slow,  mix->onlook,   mix->stray};
    uint32_t sum = 0;

    for (size_t i = 0; i < sizeof weights; i++) {
        sum += weights[i];
    }
    uint32_t place = rng_below(&g->rng, sum);

    for (size_t i = 0; i < sizeof weights; i++) {
        if (place < weights[i]) {
            fragments[i](g);
            return;
        }
        place -= weights[i];
    }
}
