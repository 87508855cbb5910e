// SPDX-License-Identifier: Apache-2.0
/* The optimizer's arithmetic on constants is the reference for the library's. */
#include "check.h"
#include <math.h>
#include <stdint.h>

#define SAME(type, bits, a, op, b)                                                                 \
    do {                                                                                           \
        union {                                                                                    \
            type f;                                                                                \
            bits r;                                                                                \
        } right = {(type)(a)op(type)(b)}, got;                                                     \
        got.f = HIDE(type, (type)(a)) op HIDE(type, (type)(b));                                    \
        CHECK(got.r == right.r);                                                                   \
    } while (0)

#define ALL(type, bits, a, b)                                                                      \
    do {                                                                                           \
        SAME(type, bits, a, +, b);                                                                 \
        SAME(type, bits, a, -, b);                                                                 \
        SAME(type, bits, b, -, a);                                                                 \
        SAME(type, bits, a, *, b);                                                                 \
        SAME(type, bits, a, /, b);                                                                 \
    } while (0)

#define BOTH(a, b)                                                                                 \
    do {                                                                                           \
        ALL(float, uint32_t, a, b);                                                                \
        ALL(double, uint64_t, a, b);                                                               \
    } while (0)

static int arithmetic(void)
{
    BOTH(1.1, 2.3);
    BOTH(-3.75, 1e-3);
    BOTH(1e20, 3.0);
    BOTH(1e-40, 1e-3);
    BOTH(1.17549435e-38, 0.5);
    BOTH(3.4e38, 3.4e38);
    BOTH(16777216.0, 1.0);
    BOTH(9007199254740992.0, 1.0);
    BOTH(1e300, 1e10);
    BOTH(4.9406564584124654e-324, 3.0);
    BOTH(0.1, -0.1);
    BOTH(-0.0, 1.0);
    BOTH(7.0, 3.0);
    return 0;
}

static int conversions(void)
{
    CHECK((int)HIDE(float, -3.99f) == -3 && (int)HIDE(double, 2147483646.9) == 2147483646);
    CHECK((unsigned)HIDE(double, 4294967295.0) == 0xFFFFFFFF);
    CHECK((int64_t)HIDE(double, -1e18) == -1000000000000000000);
    CHECK((uint64_t)HIDE(double, 18446744073709549568.0) == 18446744073709549568u);
    CHECK((float)HIDE(int, 16777217) == 16777216.0f && (float)HIDE(int, 16777219) == 16777220.0f);
    CHECK((double)HIDE(int, -7) == -7.0 && (double)HIDE(unsigned, 0xFFFFFFFF) == 4294967295.0);
    CHECK((double)HIDE(int64_t, INT64_MIN) == -9223372036854775808.0);
    CHECK((float)HIDE(uint64_t, UINT64_MAX) == 18446744073709551616.0f);
    CHECK((float)HIDE(double, 1.1) == 1.1f && (double)HIDE(float, 0.5f) == 0.5);
    CHECK((float)HIDE(double, 1e-46) == 0.0f && isinf((float)HIDE(double, 1e39)));
    CHECK((float)HIDE(double, 1e-40) == 1e-40f);
    return 0;
}

static int comparisons(void)
{
    double nan = HIDE(double, NAN);

    CHECK(!(nan < 1.0) && !(nan > 1.0) && !(nan == nan) && nan != nan && isnan(nan));
    CHECK(HIDE(double, -0.0) == HIDE(double, 0.0) && signbit(HIDE(double, -0.0)));
    CHECK(HIDE(float, -1.5f) < HIDE(float, -1.25f) && HIDE(float, 2.0f) >= HIDE(float, 2.0f));
    CHECK(HIDE(double, 1e-310) > 0.0 && HIDE(double, -1e300) < HIDE(double, 1e-300));
    CHECK(fabs(HIDE(double, -2.5)) == 2.5 && -HIDE(float, 1.0f) == -1.0f);
    return 0;
}

static int binary16(void)
{
    _Float16 a = HIDE(_Float16, (_Float16)1.5), b = HIDE(_Float16, (_Float16)0.1);

    CHECK((int)(a * a * (_Float16)100) == 225 && a + a == (_Float16)3 && a - a == (_Float16)0);
    CHECK((float)b == 0.0999755859375f && (double)(a / b) == 15.0);
    CHECK((_Float16)HIDE(float, 65504.0f) == (_Float16)65504 &&
          (int)HIDE(_Float16, (_Float16)-3.5) == -3);
    CHECK((float)(_Float16)HIDE(float, 1e-7f) == 1.1920928955078125e-07f);
    CHECK((_Float16)HIDE(int, 2049) == (_Float16)2048 && a > b && !(a < b) && a != b);
    CHECK((float)(_Float16)HIDE(float, 70000.0f) > 1e30f &&
          (float)(_Float16)HIDE(double, 0.1) == (float)b);
    CHECK((float)(_Float16)HIDE(unsigned, 0x80000000) > 1e30f &&
          (_Float16)HIDE(int8_t, -5) == (_Float16)-5);
    CHECK((float)-a == -1.5f);
    return 0;
}

int main(void)
{
    int line = arithmetic();

    line = line ? line : conversions();
    line = line ? line : comparisons();
    return line ? line : binary16();
}
