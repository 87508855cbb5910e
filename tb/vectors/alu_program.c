// SPDX-License-Identifier: Apache-2.0
/*
 * A random program of register instructions and what each of them must do, for the ALU bench.
 * Writes two files of hexadecimal lines: the code words, and one line for each instruction in
 * order: pc, 1 if it writes a register, the register, its new value, the psw after. The model
 * here is its own: flags come from 64-bit sums, shifts are done one place at a time (contract
 * section 2). The program ends with a BRK.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_WORDS = 16000 };

enum psw { Z = 1, C = 2, N = 4, V = 8 };

struct machine {
    uint32_t reg[16];
    unsigned psw;
};

struct outcome {
    bool writes;
    uint32_t value;
    unsigned psw;
};

static uint64_t random_state;

static uint32_t random_word(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 16);
}

static uint32_t random_operand(void)
{
    static const uint32_t edges[] = {0,          1,          2,          31,         32,
                                     0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFE, 0xFFFFFFFF,
                                     0x0000FFFF, 0x00010000, 0x55555555, 0xAAAAAAAA};
    uint32_t pick = random_word();

    if (pick & 1) {
        return edges[(pick >> 1) % (sizeof edges / sizeof edges[0])];
    }
    return random_word() >> (pick >> 8 & 31);
}

static unsigned zero_and_sign(uint32_t value)
{
    return (value == 0 ? Z : 0) | (value >> 31 ? N : 0);
}

/* a + b + carry with all four flags; a difference is a sum with b inverted. */
static struct outcome add(uint32_t a, uint32_t b, unsigned carry)
{
    uint64_t sum = (uint64_t)a + b + carry;
    int64_t exact = (int64_t)(int32_t)a + (int32_t)b + (int64_t)carry;
    uint32_t value = (uint32_t)sum;
    unsigned psw = zero_and_sign(value) | (sum >> 32 ? C : 0);

    if (exact != (int32_t)value) {
        psw |= V;
    }
    return (struct outcome){true, value, psw};
}

static struct outcome logic(uint32_t value)
{
    return (struct outcome){true, value, zero_and_sign(value)};
}

static struct outcome shift(unsigned opcode, uint32_t value, unsigned amount, unsigned psw)
{
    unsigned carry = psw & C;

    for (unsigned i = 0; i < amount; i++) {
        if (opcode == 0x31) {
            carry = value >> 31 ? C : 0;
            value <<= 1;
        } else {
            carry = value & 1 ? C : 0;
            value = value >> 1 | (opcode == 0x33 ? value & 0x80000000 : 0);
        }
    }
    return (struct outcome){true, value, zero_and_sign(value) | carry};
}

static struct outcome execute(const struct machine *m, unsigned opcode, uint32_t a, uint32_t b,
                              int32_t imm)
{
    unsigned carry = m->psw & C ? 1 : 0;
    uint64_t product = (uint64_t)a * b;
    struct outcome outcome;

    switch (opcode) {
    case 0x01:
        return (struct outcome){true, (uint32_t)imm, m->psw};
    case 0x04:
        return (struct outcome){true, a, m->psw};
    case 0x10:
        return add(a, b, 0);
    case 0x11:
        return add(a, ~b, 1);
    case 0x12:
        outcome = logic((uint32_t)product);
        outcome.psw |= product >> 32 ? C | V : 0;
        return outcome;
    case 0x13:
        return logic((uint32_t)((int64_t)(int32_t)a / (int32_t)b));
    case 0x14:
        return logic(a & b);
    case 0x15:
        return logic(a | b);
    case 0x16:
        return logic(a ^ b);
    case 0x17:
        return logic(~a);
    case 0x20:
        outcome = add(a, ~b, 1);
        outcome.writes = false;
        return outcome;
    case 0x34:
        return add(a, b, carry);
    case 0x35:
        return add(a, ~b, carry);
    default:
        return shift(opcode, a, b & 31, m->psw);
    }
}

static void write_program(unsigned long words, FILE *code, FILE *expected)
{
    static const unsigned opcodes[] = {0x01, 0x04, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16,
                                       0x17, 0x20, 0x31, 0x32, 0x33, 0x34, 0x35, 0x10, 0x11,
                                       0x20, 0x31, 0x32, 0x33, 0x34, 0x35, 0x34, 0x35};
    struct machine m = {{0}, 0};
    unsigned word = 0;

    while (word < words) {
        uint32_t pick = random_word();
        unsigned rd = pick & 15;
        unsigned rs1 = pick >> 4 & 15;
        unsigned rs2 = pick >> 8 & 15;
        unsigned imm = random_word() & 0xFFF;
        unsigned pc = 4 * word;
        unsigned opcode = opcodes[(pick >> 12) % (sizeof opcodes / sizeof opcodes[0])];
        struct outcome outcome;

        if (pick >> 28 < 5) {
            opcode = 0x60;
        } else if (opcode == 0x13 && m.reg[rs2] == 0) {
            continue;
        }
        /* Fields an instruction does not use hold anything. */
        fprintf(code, "%02X%X%X%X%03X\n", opcode, rd, rs1, rs2, imm);
        word++;
        if (opcode == 0x60) {
            outcome = (struct outcome){true, random_operand(), m.psw};
            fprintf(code, "%08" PRIX32 "\n", outcome.value);
            word++;
        } else {
            outcome = execute(&m, opcode, m.reg[rs1], m.reg[rs2],
                              (int32_t)imm - (imm & 0x800 ? 0x1000 : 0));
        }
        m.psw = outcome.psw;
        if (outcome.writes) {
            m.reg[rd] = outcome.value;
        }
        fprintf(expected, "%04X%X%X%08" PRIX32 "%X\n", pc, outcome.writes, outcome.writes ? rd : 0,
                outcome.writes ? outcome.value : 0, m.psw);
    }
    fprintf(code, "7F000000\n");
}

int main(int argc, char **argv)
{
    char *end = NULL;

    if (argc != 5) {
        fprintf(stderr, "usage: %s SEED WORDS CODE EXPECTED\n", argv[0]);
        return 2;
    }
    random_state = strtoull(argv[1], &end, 10);
    if (*argv[1] == '\0' || *end != '\0' || random_state == 0) {
        fprintf(stderr, "%s: %s: expected a seed other than 0\n", argv[0], argv[1]);
        return 2;
    }
    unsigned long words = strtoul(argv[2], &end, 10);
    if (*argv[2] == '\0' || *end != '\0' || words == 0 || words > MOST_WORDS) {
        fprintf(stderr, "%s: %s: expected 1 to %d words\n", argv[0], argv[2], MOST_WORDS);
        return 2;
    }
    FILE *code = fopen(argv[3], "w");
    FILE *expected = fopen(argv[4], "w");
    if (!code || !expected) {
        perror(argv[0]);
        return 1;
    }
    write_program(words, code, expected);
    int failed = ferror(code) | ferror(expected);
    if (fclose(code) != 0 || fclose(expected) != 0 || failed) {
        perror(argv[0]);
        return 1;
    }
    return 0;
}
