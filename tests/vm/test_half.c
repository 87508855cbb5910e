// SPDX-License-Identifier: Apache-2.0
/* binary16 against the compiler's own type or, if it has none, against a search for the
 * nearest number that shares no code with the functions under test. */
#include "half.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

static double value_of(uint16_t half)
{
    int exponent = half >> 10 & 31;
    double magnitude =
        exponent == 0 ? ldexp(half & 0x3FF, -24) : ldexp((half & 0x3FF) + 1024, exponent - 25);
    if (exponent == 31)
        magnitude = (half & 0x3FF) != 0 ? NAN : INFINITY;
    return (half & 0x8000) != 0 ? -magnitude : magnitude;
}

/* The nearest binary16, ties to even, found by bisection over all of them;
 * infinity stands for 65536, the next number of the row. */
static uint16_t nearest(double x)
{
    if (isnan(x))
        return 0x7E00;
    uint16_t sign = signbit(x) ? 0x8000 : 0;
    double magnitude = fabs(x);
    uint16_t low = 0, high = 0x7C00;
    while (high - low > 1) {
        uint16_t middle = (uint16_t)((low + high) / 2);
        if (value_of(middle) <= magnitude)
            low = middle;
        else
            high = middle;
    }
    double above = high == 0x7C00 ? 65536 : value_of(high);
    double to_low = magnitude - value_of(low);
    double to_high = above - magnitude;
    bool up = to_high < to_low || (to_high == to_low && (high & 1) == 0);
    return sign | (up ? high : low);
}

/* The exact sum, difference and product of two numbers are doubles; a quotient
 * is close enough that its rounding cannot cross the midpoint of two numbers. */
static uint16_t expected(char operation, uint16_t a, uint16_t b)
{
    double x = value_of(a), y = value_of(b);
    switch (operation) {
    case '+':
        return nearest(x + y);
    case '-':
        return nearest(x - y);
    case '*':
        return nearest(x * y);
    default:
        return nearest(x / y);
    }
}

static uint16_t computed(char operation, uint16_t a, uint16_t b)
{
    switch (operation) {
    case '+':
        return hsx_half_add(a, b);
    case '-':
        return hsx_half_sub(a, b);
    case '*':
        return hsx_half_mul(a, b);
    default:
        return hsx_half_div(a, b);
    }
}

static void check(char operation, uint16_t a, uint16_t b)
{
    uint16_t want = expected(operation, a, b);
    uint16_t got = computed(operation, a, b);
    cr_assert_eq(got, want, "%04X %c %04X: expected %04X, got %04X", a, operation, b, want, got);
}

static const uint16_t edges[] = {0x0000, 0x0001, 0x0002, 0x03FF, 0x0400, 0x0401, 0x07FF, 0x0800,
                                 0x1400, 0x2C01, 0x3555, 0x37FF, 0x3800, 0x3BFF, 0x3C00, 0x3C01,
                                 0x4000, 0x4200, 0x5640, 0x63FF, 0x7800, 0x7BFE, 0x7BFF, 0x7C00,
                                 0x7C01, 0x7E00, 0x8000, 0x8001, 0x83FF, 0xBC00, 0xFBFF, 0xFC00};

Test(half, edges_with_every_number)
{
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        for (uint32_t other = 0; other < 0x10000; other += other % 64 == 0 ? 1 : 3) {
            for (const char *operation = "+-*/"; *operation != '\0'; operation++) {
                check(*operation, edges[i], (uint16_t)other);
                check(*operation, (uint16_t)other, edges[i]);
            }
        }
    }
}

Test(half, pairs_of_near_exponents_where_sums_cancel_and_round)
{
    uint32_t seed = 12345;
    for (int i = 0; i < 1000000; i++) {
        seed = seed * 1664525 + 1013904223;
        uint16_t a = (uint16_t)(seed >> 16);
        seed = seed * 1664525 + 1013904223;
        uint16_t b = (uint16_t)(a ^ (seed >> 16 & 0x9FFF));
        for (const char *operation = "+-*/"; *operation != '\0'; operation++)
            check(*operation, a, b);
    }
}

#ifdef __FLT16_MAX__
__extension__ typedef _Float16 native;

static native native_of(uint16_t half)
{
    native value;
    memcpy(&value, &half, sizeof value);
    return value;
}

static uint16_t bits_of(native value)
{
    uint16_t half;
    memcpy(&half, &value, sizeof half);
    return (half & 0x7FFF) > 0x7C00 ? 0x7E00 : half;
}

Test(half, the_compilers_type_agrees_on_random_pairs)
{
    uint32_t seed = 99;
    for (int i = 0; i < 2000000; i++) {
        seed = seed * 1664525 + 1013904223;
        uint16_t a = (uint16_t)(seed >> 16);
        seed = seed * 1664525 + 1013904223;
        uint16_t b = (uint16_t)(seed >> 16);
        cr_assert_eq(hsx_half_add(a, b), bits_of(native_of(a) + native_of(b)), "%X + %X", a, b);
        cr_assert_eq(hsx_half_sub(a, b), bits_of(native_of(a) - native_of(b)), "%X - %X", a, b);
        cr_assert_eq(hsx_half_mul(a, b), bits_of(native_of(a) * native_of(b)), "%X * %X", a, b);
        cr_assert_eq(hsx_half_div(a, b), bits_of(native_of(a) / native_of(b)), "%X / %X", a, b);
    }
}
#endif

Test(half, integers_round_to_the_nearest)
{
    for (int32_t i = -70000; i <= 70000; i++)
        cr_assert_eq(hsx_half_from_int(i), nearest(i), "%d", i);
    for (int shift = 17; shift < 32; shift++) {
        int32_t power = (int32_t)(1u << shift);
        cr_assert_eq(hsx_half_from_int(power), power < 0 ? 0xFC00 : 0x7C00);
        cr_assert_eq(hsx_half_from_int(-(power / 2)), power < 0 ? 0x7C00 : 0xFC00);
    }
    cr_assert_eq(hsx_half_from_int(INT32_MAX), 0x7C00);
}

Test(half, every_number_truncates)
{
    for (uint32_t half = 0; half < 0x10000; half++) {
        double value = value_of((uint16_t)half);
        int32_t want = isnan(value)                 ? 0
                       : value == INFINITY          ? INT32_MAX
                       : value == (double)-INFINITY ? INT32_MIN
                                                    : (int32_t)trunc(value);
        cr_assert_eq(hsx_half_to_int((uint16_t)half), want, "%04X", (unsigned)half);
    }
}
