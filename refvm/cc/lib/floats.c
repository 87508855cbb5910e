// SPDX-License-Identifier: Apache-2.0
/* float and double in software, and the binary16 operations without an instruction. */
#include <stdbool.h>
#include <stdint.h>

int __clzsi2(uint32_t a);
int __clzdi2(uint64_t a);

static inline uint32_t product32(uint32_t a, uint32_t b, uint32_t *low)
{
    uint64_t whole = (uint64_t)a * b;

    *low = (uint32_t)whole;
    return (uint32_t)(whole >> 32);
}

static inline uint64_t product64(uint64_t a, uint64_t b, uint64_t *low)
{
    uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
    uint64_t p = al * bl;
    uint64_t q = ah * bl + (p >> 32);
    uint64_t r = al * bh + (uint32_t)q;

    *low = r << 32 | (uint32_t)p;
    return ah * bh + (q >> 32) + (r >> 32);
}

#define FLOAT            float
#define REP              uint32_t
#define FRACTION         23
#define EXPONENTS        0xFF
#define NAME(x)          single_##x
#define PRODUCT          product32
#define single_add       __addsf3
#define single_sub       __subsf3
#define single_mul       __mulsf3
#define single_div       __divsf3
#define single_cmp       __cmpsf
#define single_fixsi     __fixsfsi
#define single_fixdi     __fixsfdi
#define single_fixunssi  __fixunssfsi
#define single_fixunsdi  __fixunssfdi
#define single_floatsi   __floatsisf
#define single_floatdi   __floatdisf
#define single_floatunsi __floatunsisf
#define single_floatundi __floatundisf
#include "float_template.h"
#undef FLOAT
#undef REP
#undef FRACTION
#undef EXPONENTS
#undef NAME
#undef PRODUCT

#define FLOAT          double
#define REP            uint64_t
#define FRACTION       52
#define EXPONENTS      0x7FF
#define NAME(x)        wide_##x
#define PRODUCT        product64
#define wide_add       __adddf3
#define wide_sub       __subdf3
#define wide_mul       __muldf3
#define wide_div       __divdf3
#define wide_cmp       __cmpdf
#define wide_fixsi     __fixdfsi
#define wide_fixdi     __fixdfdi
#define wide_fixunssi  __fixunsdfsi
#define wide_fixunsdi  __fixunsdfdi
#define wide_floatsi   __floatsidf
#define wide_floatdi   __floatdidf
#define wide_floatunsi __floatunsidf
#define wide_floatundi __floatundidf
#include "float_template.h"

double __extendsfdf2(float x)
{
    uint32_t a = single_bits(x);
    uint64_t sign = (uint64_t)(a & 0x80000000) << 32;
    struct single_parts p;

    if ((a & 0x7FFFFFFF) >= 0x7F800000) {
        return wide_value((a & 0x7FFFFF) ? 0x7FF8000000000000 : sign | 0x7FF0000000000000);
    }
    p = single_unpack(a);
    return wide_value(p.sig == 0 ? sign
                                 : wide_pack(sign, p.exp - 127 + 1023, (uint64_t)p.sig << 29));
}

float __truncdfsf2(double x)
{
    uint64_t a = wide_bits(x);
    uint32_t sign = (uint32_t)(a >> 32) & 0x80000000;
    struct wide_parts p;

    if ((a & ~((uint64_t)1 << 63)) >= 0x7FF0000000000000) {
        return single_value((a & 0xFFFFFFFFFFFFF) ? 0x7FC00000 : sign | 0x7F800000);
    }
    p = wide_unpack(a);
    return single_value(
        p.sig == 0 ? sign : single_pack(sign, p.exp - 1023 + 127, (uint32_t)wide_jam(p.sig, 29)));
}

typedef _Float16 half;

static uint16_t half_bits(half value)
{
    union {
        half f;
        uint16_t r;
    } u = {value};

    return u.r;
}

static half half_value(unsigned bits)
{
    union {
        uint16_t r;
        half f;
    } u = {(uint16_t)bits};

    return u.f;
}

/* sig has 27 bits, the leading 1 at bit 26; exp is biased by 127. */
static unsigned half_pack(unsigned sign, int exp, uint32_t sig)
{
    unsigned rest;

    exp = exp - 127 + 15;
    if (exp >= 31) {
        return sign | 0x7C00;
    }
    if (exp <= 0) {
        sig = single_jam(sig, 1 - exp);
        exp = 0;
    } else {
        sig -= 1u << 26;
    }
    sig = single_jam(sig, 13);
    rest = sig & 7;
    sig >>= 3;
    sig += rest > 4 || (rest == 4 && (sig & 1));
    return sign | (((unsigned)exp << 10) + sig);
}

half __truncsfhf2(float x)
{
    uint32_t a = single_bits(x);
    unsigned sign = a >> 16 & 0x8000;
    struct single_parts p;

    if ((a & 0x7FFFFFFF) >= 0x7F800000) {
        return half_value((a & 0x7FFFFF) ? 0x7E00 : sign | 0x7C00);
    }
    p = single_unpack(a);
    return half_value(p.sig == 0 ? sign : half_pack(sign, p.exp, p.sig));
}

half __truncdfhf2(double x)
{
    uint64_t a = wide_bits(x);
    unsigned sign = (unsigned)(a >> 48) & 0x8000;
    struct wide_parts p;

    if ((a & ~((uint64_t)1 << 63)) >= 0x7FF0000000000000) {
        return half_value((a & 0xFFFFFFFFFFFFF) ? 0x7E00 : sign | 0x7C00);
    }
    p = wide_unpack(a);
    return half_value(
        p.sig == 0 ? sign : half_pack(sign, p.exp - 1023 + 127, (uint32_t)wide_jam(p.sig, 29)));
}

float __extendhfsf2(half x)
{
    unsigned a = half_bits(x);
    uint32_t sign = (uint32_t)(a & 0x8000) << 16;
    int exp = (int)(a >> 10 & 31);
    uint32_t sig = a & 0x3FF;

    if (exp == 31) {
        return single_value(sig ? 0x7FC00000 : sign | 0x7F800000);
    }
    if (exp == 0) {
        /* a multiple of 2^-24 */
        return single_value(sig == 0 ? sign : single_normal(sign, 127 - 24 + 26, sig));
    }
    return single_value(sign | (uint32_t)(exp - 15 + 127) << 23 | sig << 13);
}

int __cmphf(half x, half y)
{
    unsigned a = half_bits(x), b = half_bits(y);

    if ((a & 0x7FFF) > 0x7C00 || (b & 0x7FFF) > 0x7C00) {
        return 2;
    }
    if (a == b || ((a | b) & 0x7FFF) == 0) {
        return 0;
    }
    if ((a ^ b) & 0x8000) {
        return a & 0x8000 ? -1 : 1;
    }
    return (a < b) == ((a & 0x8000) == 0) ? -1 : 1;
}

half __floatunsihf(uint32_t a)
{
    return (int32_t)a < 0 ? half_value(0x7C00) : (half)(int32_t)a;
}
