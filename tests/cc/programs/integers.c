// SPDX-License-Identifier: Apache-2.0
#include "check.h"
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

static int divisions(void)
{
    CHECK(HIDE(int, -7) / HIDE(int, 2) == -3 && HIDE(int, -7) % HIDE(int, 2) == -1);
    CHECK(HIDE(unsigned, 0xFFFFFFFF) / HIDE(unsigned, 2) == 0x7FFFFFFF);
    CHECK(HIDE(unsigned, 0xFFFFFFFF) / HIDE(unsigned, 0x80000001) == 1);
    CHECK(HIDE(unsigned, 0xFFFFFFFF) % HIDE(unsigned, 10) == 5);
    CHECK(HIDE(unsigned, 0x80000000) / HIDE(unsigned, 0xFFFFFFFF) == 0);
    CHECK(HIDE(uint8_t, 250) / HIDE(uint8_t, 7) == 35 &&
          HIDE(int8_t, -100) / HIDE(int8_t, 7) == -14);
    CHECK(HIDE(uint16_t, 65535) % HIDE(uint16_t, 1000) == 535);
    CHECK(HIDE(int64_t, -123456789012345) / HIDE(int64_t, 987654) == -125000039);
    CHECK(HIDE(int64_t, -123456789012345) % HIDE(int64_t, 987654) == -493839);
    CHECK(HIDE(uint64_t, UINT64_MAX) / HIDE(uint64_t, 3) == 0x5555555555555555);
    CHECK(HIDE(uint64_t, UINT64_MAX) % HIDE(uint64_t, UINT64_MAX) == 0);
    CHECK(HIDE(uint64_t, 5) / HIDE(uint64_t, 0x100000000) == 0);
    return 0;
}

static int shifts(void)
{
    for (int by = 0; by < 64; by++) {
        uint64_t a = 0x123456789ABCDEF0, b = 0;
        int64_t s = (int64_t)0xF23456789ABCDEF0;

        for (int bit = 0; bit + by < 64; bit++) {
            b |= (a >> bit & 1) << (bit + by);
        }
        CHECK(a << HIDE(int, by) == b);
        b = 0;
        for (int bit = by; bit < 64; bit++) {
            b |= (a >> bit & 1) << (bit - by);
        }
        CHECK(a >> HIDE(int, by) == b);
        CHECK((s >> HIDE(int, by)) ==
              (int64_t)((uint64_t)s >> by | (by ? UINT64_MAX << (64 - by) : 0)));
    }
    CHECK(HIDE(int, INT_MIN) >> 31 == -1 && HIDE(unsigned, 0x80000000) >> 31 == 1);
    CHECK((int8_t)(HIDE(int8_t, -128) >> 3) == -16 && (uint8_t)(HIDE(uint8_t, 0x81) << 1) == 2);
    return 0;
}

static int comparisons(void)
{
    static const int32_t v[] = {INT_MIN, -1, 0, 1, INT_MAX};
    static const int64_t w[] = {INT64_MIN, -0x100000000, -1, 0, 1, 0x100000000, INT64_MAX};

    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < 5; k++) {
            int32_t a = HIDE(int32_t, v[i]), b = HIDE(int32_t, v[k]);

            CHECK((a < b) == (i < k) && (a <= b) == (i <= k) && (a > b) == (i > k));
            CHECK((a >= b) == (i >= k) && (a == b) == (i == k) && (a != b) == (i != k));
            CHECK(((uint32_t)a < (uint32_t)b) == ((a < 0) == (b < 0) ? i < k : b < 0));
        }
    }
    for (int i = 0; i < 7; i++) {
        for (int k = 0; k < 7; k++) {
            int64_t a = HIDE(int64_t, w[i]), b = HIDE(int64_t, w[k]);

            CHECK((a < b) == (i < k) && (a >= b) == (i >= k) && (a == b) == (i == k));
            CHECK(((uint64_t)a > (uint64_t)b) == ((a < 0) == (b < 0) ? i > k : a < 0));
        }
    }
    CHECK(HIDE(uint8_t, 200) > HIDE(uint8_t, 100) && HIDE(int8_t, -56) < HIDE(int8_t, 100));
    return 0;
}

struct fields {
    unsigned a : 3;
    signed b : 5;
    unsigned c : 17;
    _Bool d : 1;
    unsigned long long e : 40;
};

static int bit_fields(void)
{
    volatile struct fields f = {0};

    f.a = 9 & 7;
    f.b = -3;
    f.c = 0x1ABCD;
    f.d = 4;
    f.e = 0xEEDDCCBBAA;
    CHECK(f.a == 1 && f.b == -3 && f.c == 0x1ABCD && f.d == 1 && f.e == 0xEEDDCCBBAA);
    f.b = -16;
    CHECK(f.b == -16 && f.a == 1 && f.c == 0x1ABCD);
    return 0;
}

static int builtins(void)
{
    CHECK(__builtin_clz(HIDE(unsigned, 1)) == 31 && __builtin_ctz(HIDE(unsigned, 0x100)) == 8);
    CHECK(__builtin_clzll(HIDE(uint64_t, 1)) == 63 &&
          __builtin_ctzll(HIDE(uint64_t, 1ull << 40)) == 40);
    CHECK(__builtin_popcount(HIDE(unsigned, 0xF0F0F0F1)) == 17);
    CHECK(__builtin_popcountll(HIDE(uint64_t, UINT64_MAX)) == 64);
    CHECK(__builtin_bswap32(HIDE(unsigned, 0x12345678)) == 0x78563412);
    CHECK(__builtin_bswap64(HIDE(uint64_t, 0x0123456789ABCDEF)) == 0xEFCDAB8967452301);
    {
        int sum;
        unsigned product;
        int64_t wide;

        CHECK(__builtin_add_overflow(HIDE(int, INT_MAX), 1, &sum) && sum == INT_MIN);
        CHECK(!__builtin_sub_overflow(HIDE(int, INT_MIN), HIDE(int, -1), &sum) && sum == -INT_MAX);
        CHECK(__builtin_mul_overflow(HIDE(unsigned, 0x10000), HIDE(unsigned, 0x10000), &product));
        CHECK(__builtin_mul_overflow(HIDE(int64_t, INT64_MAX), HIDE(int64_t, 2), &wide));
        CHECK(!__builtin_mul_overflow(HIDE(int64_t, -3), HIDE(int64_t, 5), &wide) && wide == -15);
    }
    return 0;
}

/* Sums of two words on the back edge of a loop, where the carry must reach the upper word. */
static int sums_in_loops(unsigned count, unsigned one)
{
    static uint64_t stored;
    volatile unsigned seen = 0;
    uint64_t sum = HIDE(uint64_t, 0xFFFFFFFFFFFFFFFA);

    for (unsigned i = count; i != 0; i--) {
        seen = seen + 1;
        if ((i & one) == 0) {
            sum++;
            stored = sum;
        }
        seen = seen * 3;
    }
    CHECK(sum == 14 && stored == 14);
    sum = HIDE(uint64_t, 0xFFFFFFFFFFFFFFFA);
    for (unsigned i = count; i != one; i--) {
        seen = seen + 1;
        sum++;
    }
    CHECK(sum == 33);
    sum = HIDE(uint64_t, 5);
    for (unsigned i = count; i != 0; i--) {
        seen = seen + 1;
        if (i & one) {
            continue;
        }
        sum -= one;
    }
    CHECK(sum == 0xFFFFFFFFFFFFFFF1);
    return 0;
}

static unsigned rotate(unsigned a, unsigned by)
{
    return a << by | a >> (-by & 31);
}

int main(void)
{
    int line = divisions();

    line = line ? line : shifts();
    line = line ? line : comparisons();
    line = line ? line : bit_fields();
    line = line ? line : builtins();
    line = line ? line : sums_in_loops(HIDE(unsigned, 40), HIDE(unsigned, 1));
    if (line) {
        return line;
    }
    for (unsigned by = 0; by < 32; by++) {
        CHECK(rotate(HIDE(unsigned, 0x80000001), by) == (by == 0    ? 0x80000001
                                                         : by == 31 ? 0xC0000000
                                                                    : 3u << (by - 1)));
    }
    CHECK(HIDE(uint64_t, 0x123456789) * HIDE(uint64_t, 0x987654321) == 0xD77D742CCE1833A9);
    return 0;
}
