// SPDX-License-Identifier: Apache-2.0
/* Alignment, complex numbers, and extensions of gcc. */
#include "check.h"
#include <alloca.h>
#include <stdalign.h>
#include <stdint.h>

struct wide {
    alignas(64) int a;
    char b;
};

alignas(256) char buffer[3] = {1};
char between = 1;
alignas(128) int zero;

__attribute__((noinline)) static unsigned rest(const volatile void *at, unsigned of)
{
    return (unsigned)(uintptr_t)at % of;
}

/* A function that calls nothing need not keep sp at a multiple of 8 for others. */
__attribute__((noinline)) static int leaf(int n)
{
    alignas(8) volatile char bytes[5];
    volatile char last;

    last = (char)n;
    bytes[0] = last;
    return (int)((uintptr_t)bytes % 8) + bytes[0] - n;
}

__attribute__((noinline)) static unsigned variable(int n)
{
    alignas(32) char first[n];
    struct wide second[n];

    first[n - 1] = 1;
    second[n - 1].a = 2;
    return rest(first, 32) + rest(second, 64) + (sizeof second != 64u * (unsigned)n);
}

__attribute__((noinline)) static int by_value(struct wide w)
{
    return (int)rest(&w, 64) * 100 + w.a + w.b;
}

static int alignment(void)
{
    volatile char odd = 1;
    alignas(1024) volatile char local[4] = {0};
    struct wide wide = {3, 4};
    double real = odd;

    CHECK(rest(buffer, 256) == 0 && rest(&zero, 128) == 0 && between == 1);
    CHECK(rest(local, 1024) == 0 && rest(&wide, 64) == 0 && rest(&real, alignof(double)) == 0);
    CHECK(leaf(odd) == 0);
    CHECK(variable(odd) == 0 && variable(odd + 2) == 0);
    CHECK(by_value(wide) == 7);
    return 0;
}

static int complex_numbers(void)
{
    volatile double a = 1;
    volatile float b = 2;
    double _Complex z = a + 2.0i;
    float _Complex f = b - 1.0if;

    z = z * z;
    CHECK(__real__ z == -3 && __imag__ z == 4);
    z = z / (a + 2.0i);
    CHECK(__real__ z == 1 && __imag__ z == 2);
    f = f * f / (b + 0.0if);
    CHECK(__real__ f == 1.5f && __imag__ f == -2);
    z = z / (a - 0.5);
    CHECK(__real__ z == 2 && __imag__ z == 4);
    CHECK(z == ~~z && -z != z);
    return 0;
}

static int cleaned;

static void clean(int *value)
{
    cleaned += *value;
}

#define LARGER(a, b)                                                                               \
    ({                                                                                             \
        __typeof__(a) a_ = (a);                                                                    \
        __typeof__(b) b_ = (b);                                                                    \
        a_ > b_ ? a_ : b_;                                                                         \
    })

int real_name(void)
{
    return 5;
}
int other_name(void) __attribute__((alias("real_name")));
__attribute__((weak)) int weak_name(void)
{
    return 6;
}

static int extensions(void)
{
    volatile int n = 3;
    char *bytes = alloca((unsigned)n);
    {
        __attribute__((cleanup(clean))) int value = 9;

        bytes[2] = (char)value;
        switch (n) {
        case 1 ... 5:
            value++;
        }
    }
    CHECK(cleaned == 10 && bytes[2] == 9);
    CHECK(LARGER(n, 7) == 7 && (n ?: 5) == 3);
    CHECK(other_name() == 5 && weak_name() == 6);
    return 0;
}

int main(void)
{
    int line = alignment();

    line = line ? line : complex_numbers();
    return line ? line : extensions();
}
