// SPDX-License-Identifier: Apache-2.0
/* Functions that newlib has only with per-thread structures and locales, or with recursion:
 * qsort. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

/* The status that a shell shows for SIGABRT. */
void abort(void)
{
    exit(134);
}

static int digit_of(int c)
{
    return isdigit(c) ? c - '0' : isalpha(c) ? (c | 0x20) - 'a' + 10 : INT_MAX;
}

struct start {
    const char *digits;
    int base;
    bool negative;
};

/* Reads blanks, sign and base, up to the digits. */
static struct start begin(const char *s, int base)
{
    struct start start;

    while (isspace((unsigned char)*s)) {
        s++;
    }
    start.negative = *s == '-';
    s += *s == '-' || *s == '+';
    if ((base == 0 || base == 16) && s[0] == '0' && (s[1] | 0x20) == 'x' &&
        isxdigit((unsigned char)s[2])) {
        s += 2;
        base = 16;
    } else if (base == 0) {
        base = *s == '0' ? 8 : 10;
    }
    start.digits = s;
    start.base = base;
    return start;
}

/* One function for 32 bits and one for 64, as 64-bit arithmetic is slow. */
#define READ_DIGITS(name, type, most)                                                              \
    static type name(const char *s, char **end, const struct start *start, bool *over)             \
    {                                                                                              \
        type base = (type)start->base;                                                             \
        type value = 0;                                                                            \
        const char *at = start->digits;                                                            \
                                                                                                   \
        *over = false;                                                                             \
        for (; digit_of((unsigned char)*at) < start->base; at++) {                                 \
            type digit = (type)digit_of((unsigned char)*at);                                       \
                                                                                                   \
            *over = *over || value > ((most)-digit) / base;                                        \
            value = value * base + digit;                                                          \
        }                                                                                          \
        if (end) {                                                                                 \
            *end = (char *)(at != start->digits ? at : s);                                         \
        }                                                                                          \
        return value;                                                                              \
    }

READ_DIGITS(read_narrow, unsigned long, ULONG_MAX)
READ_DIGITS(read_wide, unsigned long long, ULLONG_MAX)

unsigned long strtoul(const char *restrict s, char **restrict end, int base)
{
    struct start start = begin(s, base);
    bool over;
    unsigned long value = read_narrow(s, end, &start, &over);

    if (over) {
        errno = ERANGE;
        return ULONG_MAX;
    }
    return start.negative ? 0 - value : value;
}

long strtol(const char *restrict s, char **restrict end, int base)
{
    struct start start = begin(s, base);
    bool over;
    unsigned long value = read_narrow(s, end, &start, &over);

    if (over || value > (unsigned long)LONG_MAX + start.negative) {
        errno = ERANGE;
        return start.negative ? LONG_MIN : LONG_MAX;
    }
    return (long)(start.negative ? 0 - value : value);
}

unsigned long long strtoull(const char *restrict s, char **restrict end, int base)
{
    struct start start = begin(s, base);
    bool over;
    unsigned long long value = read_wide(s, end, &start, &over);

    if (over) {
        errno = ERANGE;
        return ULLONG_MAX;
    }
    return start.negative ? 0 - value : value;
}

long long strtoll(const char *restrict s, char **restrict end, int base)
{
    struct start start = begin(s, base);
    bool over;
    unsigned long long value = read_wide(s, end, &start, &over);

    if (over || value > (unsigned long long)LLONG_MAX + start.negative) {
        errno = ERANGE;
        return start.negative ? LLONG_MIN : LLONG_MAX;
    }
    return (long long)(start.negative ? 0 - value : value);
}

intmax_t strtoimax(const char *restrict s, char **restrict end, int base)
{
    return strtoll(s, end, base);
}

uintmax_t strtoumax(const char *restrict s, char **restrict end, int base)
{
    return strtoull(s, end, base);
}

int atoi(const char *s)
{
    return (int)strtol(s, NULL, 10);
}

long atol(const char *s)
{
    return strtol(s, NULL, 10);
}

long long atoll(const char *s)
{
    return strtoll(s, NULL, 10);
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

/* Heap sort: no recursion, so that its stack use is known. */
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
