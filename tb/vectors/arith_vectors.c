// SPDX-License-Identifier: Apache-2.0
/*
 * Vectors for the arithmetic benches, from a model of its own: 64-bit integers for MUL and
 * DIV, double for binary16. Sums and products of binary16 are exact in double; a quotient of
 * two 11-bit significands rounded to 53 bits first rounds to 11 bits as the exact one does,
 * since 53 >= 2 * 11 + 2. So rounding the double once gives the right result (contract
 * section 2: nearest even, subnormals kept, every NaN 0x7E00).
 *
 * One vector a line, hexadecimal: op a b result high_nonzero; op as in rtl/hsx_arith.v.
 */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum op { FADD, FSUB, FMUL, FDIV, I2F, F2I, MUL, DIV };

static const uint32_t integer_edges[] = {
    0,          1,          2,          3,          4,          5,          7,          8,
    15,         16,         17,         0x7F,       0x80,       0xFF,       0x100,      0x101,
    0x3FF,      0x400,      0xFFF,      0x1000,     0x7FFF,     0x8000,     0x8001,     0xFFFF,
    0x10000,    0x10001,    0xFFFFFF,   0x1000000,  0x12345678, 0x3FFFFFFF, 0x40000000, 0x55555555,
    0x7FFFFFFE, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xAAAAAAAA, 0xC0000000, 0xFF000000, 0xFFFF0000,
    0xFFFF0001, 0xFFFF8000, 0xFFFFFF00, 0xFFFFFFF0, 0xFFFFFFFC, 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF,
};

/* Magnitudes on both sides of each class boundary, and significands that tie. */
static const uint16_t half_edges[] = {
    0x0000, 0x0001, 0x0002, 0x0003, 0x0007, 0x0008, 0x00FF, 0x0100, 0x01FF, 0x0200, 0x0201, 0x03FE,
    0x03FF, 0x0400, 0x0401, 0x0402, 0x07FF, 0x0800, 0x0801, 0x0BFF, 0x0C00, 0x0C01, 0x13FF, 0x1400,
    0x1401, 0x2BFF, 0x2C00, 0x3555, 0x37FF, 0x3800, 0x3801, 0x3BFE, 0x3BFF, 0x3C00, 0x3C01, 0x3C02,
    0x3FFF, 0x4000, 0x4001, 0x4200, 0x4248, 0x53FF, 0x5400, 0x63FF, 0x6400, 0x6401, 0x6800, 0x77FF,
    0x7800, 0x7801, 0x7BFE, 0x7BFF, 0x7C00, 0x7C01, 0x7DFF, 0x7E00, 0x7FFF,
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static uint64_t random_state;

static uint32_t random_word(void)
{
    random_state = random_state * 6364136223846793005U + 1442695040888963407U;
    uint32_t mixed = (uint32_t)((random_state >> 18 ^ random_state) >> 27);
    unsigned turn = (unsigned)(random_state >> 59);
    return mixed >> turn | mixed << (-turn & 31);
}

static double half_value(uint16_t bits)
{
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    double magnitude;
    if (exponent == 0x1F) {
        magnitude = fraction ? NAN : INFINITY;
    } else if (exponent == 0) {
        magnitude = ldexp(fraction, -24);
    } else {
        magnitude = ldexp(0x400 + fraction, exponent - 25);
    }
    return bits & 0x8000 ? -magnitude : magnitude;
}

static uint16_t half_of(double value)
{
    if (isnan(value)) {
        return 0x7E00;
    }
    uint16_t sign = signbit(value) ? 0x8000 : 0;
    double magnitude = fabs(value);
    if (magnitude >= 65520.0) {
        return sign | 0x7C00;
    }
    int exponent = -14;
    if (magnitude >= ldexp(1, -14)) {
        exponent = ilogb(magnitude);
    }
    /*
     * In units of the last place; the encodings of binary16 are in order, so a carry out of
     * the significand lands in the next binade, or in the first normal one.
     */
    unsigned units = (unsigned)nearbyint(ldexp(magnitude, 10 - exponent));
    return sign | (uint16_t)(((unsigned)(exponent + 14) << 10) + units);
}

static uint32_t int_of(double value)
{
    if (isnan(value)) {
        return 0;
    }
    if (isinf(value)) {
        return signbit(value) ? 0x80000000 : 0x7FFFFFFF;
    }
    return (uint32_t)(int32_t)value;
}

static void emit(enum op op, uint32_t a, uint32_t b)
{
    uint32_t result = 0;
    bool high = false;
    double x = half_value((uint16_t)a);
    double y = half_value((uint16_t)b);
    switch (op) {
    case FADD:
        result = half_of(x + y);
        break;
    case FSUB:
        result = half_of(x - y);
        break;
    case FMUL:
        result = half_of(x * y);
        break;
    case FDIV:
        result = half_of(x / y);
        break;
    case I2F:
        result = half_of((int32_t)a);
        break;
    case F2I:
        result = int_of(x);
        break;
    case MUL:
        result = a * b;
        high = (uint64_t)a * b >> 32 != 0;
        break;
    case DIV:
        if (b == 0) {
            return;
        }
        result = (uint32_t)((int64_t)(int32_t)a / (int32_t)b);
        break;
    }
    printf("%X%08" PRIX32 "%08" PRIX32 "%08" PRIX32 "%X\n", (unsigned)op, a, b, result, high);
}

static uint32_t random_magnitude(void)
{
    uint32_t value = random_word() >> (random_word() & 31);
    return random_word() & 1 ? value : (uint32_t)-value;
}

static void integer_vectors(enum op op, unsigned count)
{
    for (size_t i = 0; i < COUNT(integer_edges); i++) {
        for (size_t j = 0; j < COUNT(integer_edges); j++) {
            emit(op, integer_edges[i], integer_edges[j]);
        }
    }
    for (unsigned i = 0; i < count; i++) {
        emit(op, random_magnitude(), random_magnitude());
    }
}

/* The unit must not look at an operand's high half. */
static uint32_t dirty(uint32_t half)
{
    return (random_word() & 0xFFFF0000) | half;
}

static void half_vectors(enum op op, unsigned count)
{
    for (size_t i = 0; i < 2 * COUNT(half_edges); i++) {
        for (size_t j = 0; j < 2 * COUNT(half_edges); j++) {
            emit(op, dirty(half_edges[i / 2] | (i & 1) << 15),
                 dirty(half_edges[j / 2] | (j & 1) << 15));
        }
    }
    for (unsigned i = 0; i < count; i++) {
        uint32_t a = random_word() & 0xFFFF;
        uint32_t b = random_word();
        if (i % 4 == 1) { /* near each other, for cancellation */
            b = a + (b & 0xFFF) - 0x800;
        } else if (i % 4 == 2) { /* results near the subnormals */
            b = (op == FDIV ? a + 0x3800 + (b & 0x7FF) : 0x4000 - a + (b & 0x7FF)) ^ (b & 0x8000);
        }
        emit(op, dirty(a), dirty(b & 0xFFFF));
    }
}

static void conversion_vectors(unsigned count)
{
    for (size_t i = 0; i < COUNT(integer_edges); i++) {
        emit(I2F, integer_edges[i], random_word());
    }
    for (unsigned magnitude = 0; magnitude < 70000; magnitude += magnitude < 4200 ? 1 : 37) {
        emit(I2F, magnitude, random_word());
        emit(I2F, 0U - magnitude, random_word());
    }
    /* Ties at every power of two and the neighbours of each tie. */
    for (unsigned place = 11; place < 17; place++) {
        for (unsigned units = 0x400; units < 0x800; units += place < 14 ? 5 : 1) {
            for (int off = -1; off <= 1; off++) {
                emit(I2F, (units << (place - 10)) + (1U << (place - 11)) + (unsigned)off, 0);
            }
        }
    }
    for (unsigned i = 0; i < count; i++) {
        emit(I2F, random_magnitude(), random_word());
    }
    for (size_t i = 0; i < 2 * COUNT(half_edges); i++) {
        emit(F2I, dirty(half_edges[i / 2] | (i & 1) << 15), random_word());
    }
    for (unsigned half = 0; half < 0x10000; half += half % 0x400 < 8 ? 1 : 3) {
        emit(F2I, dirty(half), random_word());
    }
}

int main(int argc, char **argv)
{
    char *end = NULL;
    if (argc != 4 || (strcmp(argv[1], "muldiv") != 0 && strcmp(argv[1], "fp16") != 0)) {
        fprintf(stderr, "usage: %s muldiv|fp16 RANDOM_PER_OPERATION SEED\n", argv[0]);
        return 2;
    }
    unsigned count = (unsigned)strtoul(argv[2], &end, 10);
    if (*argv[2] == '\0' || *end != '\0') {
        fprintf(stderr, "%s: %s: expected a number of vectors\n", argv[0], argv[2]);
        return 2;
    }
    random_state = strtoull(argv[3], &end, 10);
    if (*argv[3] == '\0' || *end != '\0') {
        fprintf(stderr, "%s: %s: expected a seed\n", argv[0], argv[3]);
        return 2;
    }
    if (strcmp(argv[1], "muldiv") == 0) {
        integer_vectors(MUL, count);
        integer_vectors(DIV, count);
    } else {
        for (enum op op = FADD; op <= FDIV; op++) {
            half_vectors(op, count);
        }
        conversion_vectors(count);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror(argv[0]);
        return 1;
    }
    return 0;
}
