// SPDX-License-Identifier: Apache-2.0
#include "half.h"

#include <string.h>

enum { HALF_SIGN = 0x8000, HALF_INF = 0x7C00, HALF_NAN = 0x7E00 };

static double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t to_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Exact: every binary16 number is a double. */
static double widen(uint16_t half)
{
    uint64_t sign = (uint64_t)(half & HALF_SIGN) << 48;
    uint64_t exponent = (half >> 10) & 0x1F;
    uint64_t fraction = half & 0x3FF;
    if (exponent == 0) {
        double magnitude = (double)fraction * 0x1p-24;
        return sign != 0 ? -magnitude : magnitude;
    }
    if (exponent == 0x1F)
        return from_bits(sign | 0x7FF0000000000000 | fraction << 42);
    return from_bits(sign | (exponent + 1023 - 15) << 52 | fraction << 42);
}

/* value / 2^shift to the nearest integer, ties to even; 1 <= shift <= 63. */
static uint64_t shift_to_even(uint64_t value, unsigned shift)
{
    uint64_t quotient = value >> shift;
    uint64_t rest = value & (((uint64_t)1 << shift) - 1);
    uint64_t tie = (uint64_t)1 << (shift - 1);
    return quotient + (rest > tie || (rest == tie && (quotient & 1) != 0));
}

/* The one rounding of each operation. A sum, difference or product of two
 * binary16 numbers is exact as a double. A quotient is not, but its 53 bits are more than
 * the 2 * 11 + 2 with which rounding twice gives the same as rounding once. */
static uint16_t narrow(double value)
{
    uint64_t bits = to_bits(value);
    uint16_t sign = (uint16_t)(bits >> 48 & HALF_SIGN);
    unsigned exponent = bits >> 52 & 0x7FF;
    uint64_t fraction = bits & 0xFFFFFFFFFFFFF;
    if (exponent == 0x7FF)
        return fraction != 0 ? HALF_NAN : sign | HALF_INF;
    if (exponent > 1023 + 15)
        return sign | HALF_INF;
    /* Rounding up carries into the exponent, and to infinity, by itself. */
    if (exponent >= 1023 - 14)
        return sign | (uint16_t)shift_to_even((uint64_t)(exponent - (1023 - 15)) << 52 | fraction,
                                              52 - 10);
    /* Below 2^-14 the unit is 2^-24; below 2^-26 everything rounds to zero. */
    if (exponent < 1023 - 26)
        return sign;
    return sign | (uint16_t)shift_to_even((uint64_t)1 << 52 | fraction, 1023 + 52 - 24 - exponent);
}

uint16_t hsx_half_add(uint16_t a, uint16_t b)
{
    return narrow(widen(a) + widen(b));
}

uint16_t hsx_half_sub(uint16_t a, uint16_t b)
{
    return narrow(widen(a) - widen(b));
}

uint16_t hsx_half_mul(uint16_t a, uint16_t b)
{
    return narrow(widen(a) * widen(b));
}

uint16_t hsx_half_div(uint16_t a, uint16_t b)
{
    return narrow(widen(a) / widen(b));
}

uint16_t hsx_half_from_int(int32_t value)
{
    return narrow((double)value);
}

int32_t hsx_half_to_int(uint16_t value)
{
    unsigned magnitude = value & 0x7FFF;
    if (magnitude > HALF_INF)
        return 0;
    if (magnitude == HALF_INF)
        return (value & HALF_SIGN) != 0 ? INT32_MIN : INT32_MAX;
    return (int32_t)widen(value);
}
