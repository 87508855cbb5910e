// SPDX-License-Identifier: Apache-2.0
/* More code than jumps can span: loops, a switch and calls at both ends of it. */
#include "check.h"

#define ONE(n)                                                                                     \
    a = (a ^ (n)) * 33 + (a >> 5);                                                                 \
    if (a & 1) {                                                                                   \
        b += a;                                                                                    \
    } else {                                                                                       \
        b ^= (n);                                                                                  \
    }
#define TEN(n)                                                                                     \
    ONE(n)                                                                                         \
    ONE(n + 1)                                                                                     \
    ONE(n + 2) ONE(n + 3) ONE(n + 4) ONE(n + 5) ONE(n + 6) ONE(n + 7) ONE(n + 8) ONE(n + 9)
#define HUNDRED(n)                                                                                 \
    TEN(n)                                                                                         \
    TEN(n + 10)                                                                                    \
    TEN(n + 20) TEN(n + 30) TEN(n + 40) TEN(n + 50) TEN(n + 60) TEN(n + 70) TEN(n + 80) TEN(n + 90)

__attribute__((noinline)) static unsigned near(unsigned a)
{
    return a * 3 + 1;
}

__attribute__((noinline)) static unsigned wide(unsigned a, int rounds)
{
    unsigned b = 1;

    for (int i = 0; i < rounds; i++) {
        HUNDRED(1u)
        for (int k = 0; k < 3; k++) {
            b += near(a + (unsigned)k);
        }
        HUNDRED(101u)
        switch (b & 3) {
        case 0:
            b += 5;
            continue;
        case 1:
            HUNDRED(201u)
            break;
        case 2:
            b = near(b);
            break;
        default:
            break;
        }
        if (b == 12345) {
            break;
        }
    }
    return a ^ b;
}

/* The same in loops, which are short. */
static unsigned a, b;

static void some(unsigned n)
{
    for (unsigned i = 0; i < 100; i++) {
        a = (a ^ (n + i)) * 33 + (a >> 5);
        if (a & 1) {
            b += a;
        } else {
            b ^= n + i;
        }
    }
}

__attribute__((noinline)) static unsigned narrow(unsigned start, int rounds)
{
    a = start;
    b = 1;
    for (int i = 0; i < rounds; i++) {
        some(1);
        for (unsigned k = 0; k < 3; k++) {
            b += near(a + k);
        }
        some(101);
        switch (b & 3) {
        case 0:
            b += 5;
            continue;
        case 1:
            some(201);
            break;
        case 2:
            b = near(b);
            break;
        default:
            break;
        }
    }
    return a ^ b;
}

int main(void)
{
    for (unsigned i = 0; i < 4; i++) {
        CHECK(wide(HIDE(unsigned, i * 77), 5) == narrow(HIDE(unsigned, i * 77), 5));
    }
    return 0;
}
