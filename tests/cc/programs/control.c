// SPDX-License-Identifier: Apache-2.0
#include "check.h"
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

static jmp_buf env;

__attribute__((noinline)) static int choose(int a)
{
    switch (a) {
    case -5:
        return 1;
    case 0:
    case 1:
        return 2;
    case 100:
        a++;
        /* fall through */
    case 101:
        return a;
    case 1000000:
        return 3;
    default:
        return a < 50 ? -1 : -2;
    }
}

__attribute__((noinline)) static int ackermann(int m, int n)
{
    return m == 0 ? n + 1 : n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

static int add(int a, int b)
{
    return a + b;
}

static int sub(int a, int b)
{
    return a - b;
}

static int (*const operations[])(int, int) = {add, sub};

__attribute__((noinline)) static void leave(int depth, int value)
{
    volatile char room[40];

    room[depth] = (char)depth;
    if (depth == 0) {
        longjmp(env, value);
    }
    leave(depth - 1, value);
}

__attribute__((noinline)) static int escape(int value)
{
    int kept = HIDE(int, 77);
    int got = setjmp(env);

    if (got == 0) {
        leave(8, value);
    }
    return kept == 77 ? got : -1;
}

__attribute__((noinline)) static int sized(int n)
{
    int all = 0;

    for (int round = 1; round < 4; round++) {
        int v[n * round];
        char *p = __builtin_alloca((size_t)round);

        for (int i = 0; i < n * round; i++) {
            v[i] = i;
        }
        *p = (char)round;
        for (int i = 0; i < n * round; i++) {
            all += v[i] * *p;
        }
    }
    return all;
}

/* More live values than there are registers. */
__attribute__((noinline)) static unsigned crowd(const unsigned *v, int rounds)
{
    unsigned a = v[0], b = v[1], c = v[2], d = v[3], e = v[4], f = v[5], g = v[6], h = v[7];
    unsigned i = v[8], j = v[9], k = v[10], l = v[11], m = v[12], n = v[13], o = v[14], p = v[15];

    for (; rounds > 0; rounds--) {
        a += b ^ p, b += c ^ a, c += d ^ b, d += e ^ c, e += f ^ d, f += g ^ e, g += h ^ f;
        h += i ^ g, i += j ^ h, j += k ^ i, k += l ^ j, l += m ^ k, m += n ^ l, n += o ^ m;
        o += p ^ n, p += a ^ o;
    }
    return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ i ^ j ^ k ^ l ^ m ^ n ^ o ^ p;
}

int main(void)
{
    static const unsigned seeds[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    unsigned state[16];
    int steps = 0;

    CHECK(choose(-5) == 1 && choose(HIDE(int, 1)) == 2 && choose(HIDE(int, 100)) == 101);
    CHECK(choose(HIDE(int, 1000000)) == 3 && choose(HIDE(int, 49)) == -1 &&
          choose(HIDE(int, 50)) == -2);
    CHECK(ackermann(2, 3) == 9);
    CHECK(operations[HIDE(int, 0)](5, 3) == 8 && operations[HIDE(int, 1)](5, 3) == 2);
    CHECK(escape(5) == 5 && escape(0) == 1 && escape(-1) == -1);
    CHECK(sized(HIDE(int, 5)) == 10 + 2 * 45 + 3 * 105);
again:
    if (++steps < HIDE(int, 10)) {
        goto again;
    }
    CHECK(steps == 10);
    for (int i = 0; i < 16; i++) {
        state[i] = seeds[i];
    }
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 16; i++) {
            state[i] += state[(i + 1) % 16] ^ state[(i + 15) % 16];
        }
    }
    {
        unsigned all = 0;

        for (int i = 0; i < 16; i++) {
            all ^= state[i];
        }
        CHECK(crowd(seeds, HIDE(int, 3)) == all);
    }
    return 0;
}
