// SPDX-License-Identifier: Apache-2.0
#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

/* The status that a shell shows for SIGABRT. */
void abort(void)
{
    exit(134);
}

int abs(int a)
{
    return a < 0 ? -a : a;
}

long labs(long a)
{
    return a < 0 ? -a : a;
}

long long llabs(long long a)
{
    return a < 0 ? -a : a;
}

div_t div(int a, int b)
{
    return (div_t){a / b, a % b};
}

ldiv_t ldiv(long a, long b)
{
    return (ldiv_t){a / b, a % b};
}

static int digit_of(int c)
{
    return isdigit(c) ? c - '0' : isalpha(c) ? (c | 0x20) - 'a' + 10 : INT_MAX;
}

/* The number without its sign; *over if it does not fit. */
static unsigned long number(const char *s, char **end, int base, bool *negative, bool *over)
{
    const char *begin = s;
    unsigned long value = 0;
    bool any = false;

    while (isspace((unsigned char)*s)) {
        s++;
    }
    *negative = *s == '-';
    *over = false;
    s += *s == '-' || *s == '+';
    if ((base == 0 || base == 16) && s[0] == '0' && (s[1] | 0x20) == 'x' &&
        isxdigit((unsigned char)s[2])) {
        s += 2;
        base = 16;
    } else if (base == 0) {
        base = *s == '0' ? 8 : 10;
    }
    for (; digit_of((unsigned char)*s) < base; s++) {
        unsigned long digit = (unsigned long)digit_of((unsigned char)*s);

        *over = *over || value > (ULONG_MAX - digit) / (unsigned long)base;
        value = value * (unsigned long)base + digit;
        any = true;
    }
    if (end) {
        *end = (char *)(any ? s : begin);
    }
    return value;
}

unsigned long strtoul(const char *restrict s, char **restrict end, int base)
{
    bool negative, over;
    unsigned long value = number(s, end, base, &negative, &over);

    return over ? ULONG_MAX : negative ? 0 - value : value;
}

long strtol(const char *restrict s, char **restrict end, int base)
{
    bool negative, over;
    unsigned long value = number(s, end, base, &negative, &over);

    if (negative) {
        return over || value > (unsigned long)LONG_MAX + 1 ? LONG_MIN : (long)(0 - value);
    }
    return over || value > LONG_MAX ? LONG_MAX : (long)value;
}

int atoi(const char *s)
{
    return (int)strtol(s, NULL, 10);
}

long atol(const char *s)
{
    return strtol(s, NULL, 10);
}

static unsigned long state = 1;

void srand(unsigned seed)
{
    state = seed;
}

int rand(void)
{
    state = state * 1103515245 + 12345;
    return (int)(state >> 16 & RAND_MAX);
}

static void swap(char *a, char *b, size_t size)
{
    for (; size > 0; size--, a++, b++) {
        char c = *a;

        *a = *b;
        *b = c;
    }
}

/* Heap sort: no recursion, so that the stack it takes is known. */
static void sift(char *base, size_t root, size_t count, size_t size,
                 int (*compare)(const void *, const void *))
{
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0) {
            child++;
        }
        if (compare(base + root * size, base + child * size) >= 0) {
            return;
        }
        swap(base + root * size, base + child * size, size);
    }
}

void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    for (size_t i = count / 2; i-- > 0;) {
        sift(base, i, count, size, compare);
    }
    for (size_t left = count; left > 1; left--) {
        swap(base, (char *)base + (left - 1) * size, size);
        sift(base, 0, left - 1, size, compare);
    }
}

void *bsearch(const void *key, const void *base, size_t count, size_t size,
              int (*compare)(const void *, const void *))
{
    const char *low = base;

    while (count > 0) {
        const char *middle = low + count / 2 * size;
        int order = compare(key, middle);

        if (order == 0) {
            return (void *)middle;
        }
        if (order > 0) {
            low = middle + size;
            count--;
        }
        count /= 2;
    }
    return NULL;
}
