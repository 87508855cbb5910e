// SPDX-License-Identifier: Apache-2.0
/* Constants computed from addresses that are not an address and an offset, as the optimizer
 * leaves them. */
#include "check.h"
#include <stdint.h>

int a[2], b[2];

struct two {
    int *p;
    int n;
};

__attribute__((noinline)) static struct two pair(void)
{
    return (struct two){&a[1], 7};
}

__attribute__((noinline)) static struct two choose(int c)
{
    return c ? (struct two){&a[1], 7} : (struct two){&b[0], 8};
}

__attribute__((noinline)) static long long wide(int c)
{
    return c ? (long long)(uintptr_t)&a[1] : -1;
}

__attribute__((noinline)) static uint64_t sum(void)
{
    return (uint64_t)(uintptr_t)&a[0] + 0x100000000;
}

__attribute__((noinline)) static float real(int c)
{
    return c ? (float)(&a[2] == &b[0]) : 0.5f;
}

int main(void)
{
    int one = HIDE(int, 1);
    struct two t = pair();
    volatile double quarter = (&b[2] == &a[0]) ? 0.25 : (double)(uintptr_t)&a[1] / 4;
    volatile long long product = (long long)(uintptr_t)&a[0] * (long long)(uintptr_t)&b[0];

    CHECK(t.p == a + one && t.n == 7);
    t = choose(one);
    CHECK(t.p == a + one && t.n == 7);
    t = choose(!one);
    CHECK(t.p == b && t.n == 8);
    CHECK(wide(one) == (long long)(uintptr_t)(a + one) && wide(!one) == -1);
    CHECK(sum() >> 32 == 1 && (uint32_t)sum() == (uint32_t)(uintptr_t)(a - 1 + one));
    CHECK(real(!one) == 0.5f && real(one) <= 1);
    CHECK(quarter == 0.25 || quarter == (double)(uintptr_t)(a + one) / 4);
    CHECK(product == (long long)(uintptr_t)(a - 1 + one) * (long long)(uintptr_t)(b - 1 + one));
    return 0;
}
