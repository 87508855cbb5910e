// SPDX-License-Identifier: Apache-2.0
#include "check.h"
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct small {
    signed char a;
    short b;
};

struct pair {
    int a, b;
};

struct large {
    int v[20];
    double d;
};

union both {
    double d;
    struct pair p;
};

struct node {
    struct node *next;
    const char *name;
    int (*act)(int);
};

static int twice(int a)
{
    return 2 * a;
}

static struct node last = {NULL, "last", twice};
static struct node first = {&last, "first", NULL};
static char text[] = "abcdef";
static char *inside = text + 3;
static int table[4][3] = {{1, 2, 3}, {4}, {[2] = 9}};
static int *cell = &table[2][2];

__attribute__((noinline)) static struct small make_small(int a, int b)
{
    return (struct small){(signed char)a, (short)b};
}

__attribute__((noinline)) static struct pair swapped(struct pair p)
{
    return (struct pair){p.b, p.a};
}

__attribute__((noinline)) static struct large filled(int from, struct large other)
{
    for (int i = 0; i < 20; i++) {
        other.v[i] += from + i;
    }
    other.d *= 2;
    return other;
}

__attribute__((noinline)) static int many(int a, signed char b, short c, long long d, int e,
                                          struct pair f, int *g)
{
    return a + b + c + (int)d + e + f.a + f.b + *g;
}

__attribute__((noinline)) static double sum(int count, ...)
{
    va_list args, again;
    double all = 0;

    va_start(args, count);
    va_copy(again, args);
    for (int i = 0; i < count; i++) {
        all += va_arg(args, int);
        all += va_arg(args, double);
        all += (double)va_arg(args, long long);
        struct pair p = va_arg(args, struct pair);
        all += p.a - p.b;
    }
    all += va_arg(again, int);
    va_end(again);
    va_end(args);
    return all;
}

int main(void)
{
    int g = 1000;
    struct large l = {.v = {[3] = 7}, .d = 1.25};
    union both u = {.d = 1.0};
    struct small s = make_small(HIDE(int, -5), HIDE(int, -300));
    struct pair p = swapped((struct pair){HIDE(int, 3), 4});

    CHECK(s.a == -5 && s.b == -300 && p.a == 4 && p.b == 3);
    l = filled(HIDE(int, 10), l);
    CHECK(l.v[0] == 10 && l.v[3] == 20 && l.v[19] == 29 && l.d == 2.5);
    CHECK(many(1, HIDE(signed char, -2), -3, 1ll << 32 | 4, 5, p, &g) == 1012);
    CHECK(sum(2, 1, 0.5, 1ll << 33, p, -3, 0.25, -(1ll << 33), p) == 1.75);
    CHECK(u.p.a == 0 && u.p.b == 0x3FF00000);
    CHECK(first.next == &last && strcmp(first.next->name, "last") == 0 &&
          last.act(HIDE(int, 21)) == 42);
    CHECK(*inside == 'd' && *cell == 9 && cell == &table[2][2] && table[1][1] == 0);
    /* the shared page, at an address that the compiler knows and at one that it does not */
    *(volatile int *)0x40 = 1234;
    ((volatile int *)0x80)[HIDE(int, 3)] = 5678;
    CHECK(*HIDE(int *, (int *)0x40) == 1234 && *HIDE(int *, (int *)0x8C) == 5678);
    CHECK(offsetof(struct large, d) == 80 && sizeof(struct large) == 88);
    {
        struct large copy;

        memcpy(&copy, &l, sizeof copy);
        copy.v[5]++;
        CHECK(memcmp(&copy, &l, sizeof copy) != 0);
        copy.v[5]--;
        CHECK(memcmp(&copy, &l, sizeof copy) == 0);
        memmove(text + 1, text, 5);
        CHECK(strcmp(text, "aabcde") == 0);
        memset(&copy, 0x5A, sizeof copy);
        CHECK(copy.v[19] == 0x5A5A5A5A);
    }
    return 0;
}
