// SPDX-License-Identifier: Apache-2.0
/*
 * What words do that have more than one handler in a loop, see block_handlers.def. Included by
 * exec.c only.
 *
 * a and b are the operands, from registers or from the word before. FLAGS is SET_FLAGS, or NO_FLAGS
 * where nobody can see them. DONE retires the word, whose result is x; its arguments are what the
 * word did, for its record.
 */
#define NO_FLAGS(value, c, v) ((void)0)

#define RESULT(value, c, v, FLAGS, DONE)                                                           \
    do {                                                                                           \
        uint32_t x = (value);                                                                      \
        FLAGS(x, c, v);                                                                            \
        SET_RD(x);                                                                                 \
        DONE(RD_EFFECT(x));                                                                        \
    } while (0)

#define WORD_MOV(a, b, FLAGS, DONE) RESULT((a), 0, 0, NO_FLAGS, DONE)

#define WORD_ADD(a, b, FLAGS, DONE)                                                                \
    do {                                                                                           \
        uint32_t p = (a);                                                                          \
        uint32_t q = (b);                                                                          \
        RESULT(p + q, x < p, signed_add_overflows(p, q), FLAGS, DONE);                             \
    } while (0)
#define WORD_SUB(a, b, FLAGS, DONE)                                                                \
    do {                                                                                           \
        uint32_t p = (a);                                                                          \
        uint32_t q = (b);                                                                          \
        RESULT(p - q, p >= q, signed_sub_overflows(p, q), FLAGS, DONE);                            \
    } while (0)
#define WORD_CMP(a, b, FLAGS, DONE)                                                                \
    do {                                                                                           \
        uint32_t p = (a);                                                                          \
        uint32_t q = (b);                                                                          \
        uint32_t x = p - q;                                                                        \
        FLAGS(x, p >= q, signed_sub_overflows(p, q));                                              \
        DONE(NO_EFFECT);                                                                           \
    } while (0)

#define WITH_CARRY(a, b, FLAGS, DONE)                                                              \
    do {                                                                                           \
        uint32_t p = (a);                                                                          \
        uint32_t q = (b);                                                                          \
        uint64_t wide = (uint64_t)p + q + CARRY_2 / 2;                                             \
        RESULT((uint32_t)wide, wide >> 32, ((p ^ x) & (q ^ x)) >> 31, FLAGS, DONE);                \
    } while (0)
#define WORD_ADC(a, b, FLAGS, DONE) WITH_CARRY((a), (b), FLAGS, DONE)
#define WORD_SBC(a, b, FLAGS, DONE) WITH_CARRY((a), ~(b), FLAGS, DONE)

#define WORD_MUL(a, b, FLAGS, DONE)                                                                \
    do {                                                                                           \
        uint64_t product = (uint64_t)(a) * (b);                                                    \
        RESULT((uint32_t)product, product >> 32 != 0, product >> 32 != 0, FLAGS, DONE);            \
    } while (0)

#define WORD_AND(a, b, FLAGS, DONE) RESULT((a) & (b), 0, 0, FLAGS, DONE)
#define WORD_OR(a, b, FLAGS, DONE)  RESULT((a) | (b), 0, 0, FLAGS, DONE)
#define WORD_XOR(a, b, FLAGS, DONE) RESULT((a) ^ (b), 0, 0, FLAGS, DONE)
#define WORD_NOT(a, b, FLAGS, DONE) RESULT(~(a), 0, 0, FLAGS, DONE)

/* The last bit shifted out is the one next to the result in a wider word, with the old C there. */
#define WORD_LSL(a, b, FLAGS, DONE) LSL_##FLAGS((a), (b), DONE)
#define WORD_LSR(a, b, FLAGS, DONE) LSR_##FLAGS((a), (b), DONE)
#define WORD_ASR(a, b, FLAGS, DONE) ASR_##FLAGS((a), (b), DONE)
#define LSL_NO_FLAGS(a, b, DONE)    RESULT((a) << ((b)&31), 0, 0, NO_FLAGS, DONE)
#define LSR_NO_FLAGS(a, b, DONE)    RESULT((a) >> ((b)&31), 0, 0, NO_FLAGS, DONE)
#define ASR_NO_FLAGS(a, b, DONE)    RESULT((uint32_t)((int32_t)(a) >> ((b)&31)), 0, 0, NO_FLAGS, DONE)
#define LSL_SET_FLAGS(a, b, DONE)                                                                  \
    do {                                                                                           \
        uint64_t wide = ((uint64_t)CARRY_2 << 31 | (a)) << ((b)&31);                               \
        RESULT((uint32_t)wide, wide >> 32 & 1, 0, SET_FLAGS, DONE);                                \
    } while (0)
#define LSR_SET_FLAGS(a, b, DONE)                                                                  \
    do {                                                                                           \
        uint64_t wide = ((uint64_t)(a) << 2 | CARRY_2) >> ((b)&31);                                \
        RESULT((uint32_t)(wide >> 2), wide >> 1 & 1, 0, SET_FLAGS, DONE);                          \
    } while (0)
#define ASR_SET_FLAGS(a, b, DONE)                                                                  \
    do {                                                                                           \
        int64_t wide = (int64_t)((uint64_t)(int32_t)(a) << 2 | CARRY_2) >> ((b)&31);               \
        RESULT((uint32_t)(wide >> 2), wide >> 1 & 1, 0, SET_FLAGS, DONE);                          \
    } while (0)

#define WORD_LD(a, b, FLAGS, DONE)  LOAD((a), 4, load32(data + at))
#define WORD_LDH(a, b, FLAGS, DONE) LOAD((a), 2, load16(data + at))
#define WORD_LDB(a, b, FLAGS, DONE) LOAD((a), 1, data[at])
#define WORD_ST(a, b, FLAGS, DONE)  STORE((a), (b), 4, 0xFFFFFFFF, store32(data + at, x))
#define WORD_STH(a, b, FLAGS, DONE) STORE((a), (b), 2, 0xFFFF, store16(data + at, (uint16_t)x))
#define WORD_STB(a, b, FLAGS, DONE) STORE((a), (b), 1, 0xFF, data[at] = (uint8_t)x)
