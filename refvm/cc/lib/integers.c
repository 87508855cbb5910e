// SPDX-License-Identifier: Apache-2.0
/* Integer arithmetic without an HSX instruction, under the names that compilers use. */
#include <stdint.h>

typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t i64;

/* DIV itself. If written as /, the optimizer would see that both operands are positive
 * and make it an unsigned division, which is a call of __udivsi3. */
u32 __hsx_div(u32 a, u32 b) __attribute__((const));

/* DIV is signed: half the dividend is positive, and the quotient is corrected afterwards. */
u32 __udivsi3(u32 a, u32 b)
{
    u32 q;

    if ((int32_t)b < 0) {
        return a >= b;
    }
    if ((int32_t)a >= 0) {
        return __hsx_div(a, b);
    }
    q = __hsx_div(a >> 1, b) << 1;
    return a - q * b >= b ? q + 1 : q;
}

u32 __umodsi3(u32 a, u32 b)
{
    return a - __udivsi3(a, b) * b;
}

/* The full product of two words, from their halves. */
static inline u64 product(u32 a, u32 b)
{
    u32 al = a & 0xFFFF, ah = a >> 16, bl = b & 0xFFFF, bh = b >> 16;
    u32 low = al * bl;
    u32 one = ah * bl + (low >> 16);
    u32 two = al * bh + (one & 0xFFFF);

    return (u64)(ah * bh + (one >> 16) + (two >> 16)) << 32 | (two << 16 | (low & 0xFFFF));
}

u64 __muldi3(u64 a, u64 b)
{
    u32 al = (u32)a, ah = (u32)(a >> 32), bl = (u32)b, bh = (u32)(b >> 32);

    return product(al, bl) + ((u64)(al * bh + ah * bl) << 32);
}

u64 __ashldi3(u64 a, u32 by)
{
    u32 low = (u32)a, high = (u32)(a >> 32);

    if (by >= 32) {
        return (u64)(low << (by - 32)) << 32;
    }
    if (by == 0) {
        return a;
    }
    return (u64)(high << by | low >> (32 - by)) << 32 | low << by;
}

u64 __lshrdi3(u64 a, u32 by)
{
    u32 low = (u32)a, high = (u32)(a >> 32);

    if (by >= 32) {
        return high >> (by - 32);
    }
    if (by == 0) {
        return a;
    }
    return (u64)(high >> by) << 32 | (low >> by | high << (32 - by));
}

u64 __ashrdi3(u64 a, u32 by)
{
    u32 low = (u32)a;
    int32_t high = (int32_t)(a >> 32);

    if (by >= 32) {
        return (u64)(u32)(high >> 31) << 32 | (u32)(high >> (by - 32));
    }
    if (by == 0) {
        return a;
    }
    return (u64)(u32)(high >> by) << 32 | (low >> by | (u32)high << (32 - by));
}

static int leading_zeros(u32 a)
{
    int n = 32;

    for (int step = 16; step > 0; step >>= 1) {
        if (a >> step) {
            n -= step;
            a >>= step;
        }
    }
    return n - (int)a;
}

int __clzsi2(u32 a)
{
    return leading_zeros(a);
}

int __clzdi2(u64 a)
{
    u32 high = (u32)(a >> 32);

    return high ? leading_zeros(high) : 32 + leading_zeros((u32)a);
}

int __ctzsi2(u32 a)
{
    return a ? 31 - leading_zeros(a & (0 - a)) : 32;
}

int __ctzdi2(u64 a)
{
    u32 low = (u32)a;

    return low ? __ctzsi2(low) : 32 + __ctzsi2((u32)(a >> 32));
}

int __popcountsi2(u32 a)
{
    a = a - (a >> 1 & 0x55555555);
    a = (a & 0x33333333) + (a >> 2 & 0x33333333);
    a = (a + (a >> 4)) & 0x0F0F0F0F;
    return (int)(a * 0x01010101 >> 24);
}

int __popcountdi2(u64 a)
{
    return __popcountsi2((u32)a) + __popcountsi2((u32)(a >> 32));
}

/* The optimizer must not see what these two do: it would replace it with a call of the
 * same function. */
static inline u32 hidden(u32 a)
{
    __asm__ volatile("" : "+r"(a));
    return a;
}

u32 __bswapsi2(u32 a)
{
    a = hidden((a >> 8 & 0x00FF00FF) | (a & 0x00FF00FF) << 8);
    return a >> 16 | a << 16;
}

u64 __bswapdi2(u64 a)
{
    return (u64)__bswapsi2((u32)a) << 32 | __bswapsi2((u32)(a >> 32));
}

u32 __bitreversesi2(u32 a)
{
    a = hidden((a >> 1 & 0x55555555) | (a & 0x55555555) << 1);
    a = (a >> 2 & 0x33333333) | (a & 0x33333333) << 2;
    a = (a >> 4 & 0x0F0F0F0F) | (a & 0x0F0F0F0F) << 4;
    return __bswapsi2(a);
}

u64 __bitreversedi2(u64 a)
{
    return (u64)__bitreversesi2((u32)a) << 32 | __bitreversesi2((u32)(a >> 32));
}

static u64 divide(u64 a, u64 b, u64 *rest)
{
    u64 quotient = 0;
    int shift;

    if (a < b) {
        *rest = a;
        return 0;
    }
    if (a >> 32 == 0) {
        quotient = __udivsi3((u32)a, (u32)b);
        *rest = (u32)a - (u32)quotient * (u32)b;
        return quotient;
    }
    if (b == 0) {
        /* a fault, as with the instruction */
        volatile int zero = 0;

        *rest = 0;
        return (u64)(u32)(1 / zero);
    }
    shift = __clzdi2(b) - __clzdi2(a);
    b = __ashldi3(b, (u32)shift);
    for (; shift >= 0; shift--) {
        quotient += quotient;
        if (a >= b) {
            a -= b;
            quotient |= 1;
        }
        b >>= 1;
    }
    *rest = a;
    return quotient;
}

u64 __udivdi3(u64 a, u64 b)
{
    u64 rest;

    return divide(a, b, &rest);
}

u64 __umoddi3(u64 a, u64 b)
{
    u64 rest;

    divide(a, b, &rest);
    return rest;
}

static u64 magnitude(i64 a)
{
    return a < 0 ? 0 - (u64)a : (u64)a;
}

i64 __divdi3(i64 a, i64 b)
{
    u64 q = __udivdi3(magnitude(a), magnitude(b));

    return (i64)((a < 0) != (b < 0) ? 0 - q : q);
}

i64 __moddi3(i64 a, i64 b)
{
    u64 rest = __umoddi3(magnitude(a), magnitude(b));

    return (i64)(a < 0 ? 0 - rest : rest);
}

/* Whether the product overflows. */
int __umulovdi(u64 a, u64 b)
{
    return a != 0 && __udivdi3(__muldi3(a, b), a) != b;
}

int __smulovdi(i64 a, i64 b)
{
    u64 most = (a < 0) != (b < 0) ? (u64)1 << 63 : ((u64)1 << 63) - 1;
    u64 left = magnitude(a);
    u64 right = magnitude(b);

    return __umulovdi(left, right) || __muldi3(left, right) > most;
}
