// SPDX-License-Identifier: Apache-2.0
/*
 * strtod and related functions, rounded to nearest, ties to even, for any number of digits.
 *
 * Short numbers are one product or quotient of two exact doubles, which is rounded once. Others are
 * decimal digits that are doubled and halved until they are a binary fraction.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    MOST_DIGITS = 800, /* no midpoint of two doubles has more significant digits */
    MOST_SHIFT = 26,   /* a digit times 2^26 fits with its carry in 32 bits */
    MOST_EXPONENT = 100000,
    EXACT_POWER = 22, /* 10^22 is a double */
    EXACT_DIGITS = 15
};

/* A binary floating-point format. */
struct format {
    int bits;  /* of the mantissa, the hidden one included */
    int least; /* exponent of the smallest normal number, as m in 0.5 <= m < 1 times 2^exponent */
    int most;
};

static const struct format of_double = {53, -1021, 1024};
static const struct format of_float = {24, -125, 128};

/* 0.D1 D2 D3 ... times 10^point */
struct decimal {
    uint8_t digits[MOST_DIGITS];
    int count, point;
    bool rest; /* further digits were dropped, and not all are 0 */
};

/* mantissa times 2^exponent, and whether lower bits were dropped */
struct binary {
    uint64_t mantissa;
    int exponent;
    bool rest;
};

static int width_of(uint64_t value)
{
    return value != 0 ? 64 - __builtin_clzll(value) : 0;
}

/* b as a double, whose mantissa fits, normal or not. */
static double exact_value(struct binary b)
{
    int top = b.exponent + width_of(b.mantissa);
    uint64_t bits;
    double value;

    if (top >= of_double.least) {
        bits = b.mantissa << (of_double.bits - width_of(b.mantissa));
        bits += (uint64_t)(top - of_double.least) << (of_double.bits - 1);
    } else {
        bits = b.mantissa << (b.exponent - (of_double.least - of_double.bits));
    }
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* *over: it does not fit, or is so small that it loses bits. */
static double round_to(struct binary b, const struct format *format, bool *over)
{
    int top = b.exponent + width_of(b.mantissa); /* 0.5 <= value / 2^top < 1 */
    int keep = format->bits - (top < format->least ? format->least - top : 0);
    int drop = width_of(b.mantissa) - keep;
    bool inexact = b.rest;

    if (b.mantissa == 0) {
        return 0;
    }
    if (drop > 64) {
        *over = true;
        return 0;
    }
    if (drop > 0) {
        uint64_t half = (uint64_t)1 << (drop - 1);
        uint64_t below = b.mantissa & (half * 2 - 1);

        inexact = inexact || below != 0;
        b.mantissa = drop == 64 ? 0 : b.mantissa >> drop;
        b.exponent += drop;
        b.mantissa += below > half || (below == half && (b.rest || (b.mantissa & 1)));
        if (width_of(b.mantissa) > format->bits) {
            b.mantissa >>= 1;
            b.exponent++;
        }
    }
    *over = top < format->least && inexact;
    if (b.mantissa == 0) {
        return 0;
    }
    if (b.exponent + width_of(b.mantissa) > format->most) {
        *over = true;
        return __builtin_inf();
    }
    return exact_value(b);
}

static void trim(struct decimal *d)
{
    while (d->count > 0 && d->digits[d->count - 1] == 0) {
        d->count--;
    }
    if (d->count == 0) {
        d->point = 0;
    }
}

/* d /= 2^by */
static void halve(struct decimal *d, int by)
{
    uint32_t value = 0;
    uint32_t mask = ((uint32_t)1 << by) - 1;
    int from = 0;
    int to = 0;

    while (value >> by == 0) {
        value = value * 10 + (from < d->count ? d->digits[from] : 0);
        from++;
    }
    d->point -= from - 1;
    while (from < d->count || value != 0) {
        uint32_t digit = value >> by;

        if (to < MOST_DIGITS) {
            d->digits[to++] = (uint8_t)digit;
        } else {
            d->rest = d->rest || digit != 0;
        }
        value = (value & mask) * 10 + (from < d->count ? d->digits[from] : 0);
        from++;
    }
    d->count = to;
    trim(d);
}

/* d *= 2^by */
static void redouble(struct decimal *d, int by)
{
    uint32_t carry = 0;
    int more = 0;

    /* the number of new leading digits: those of the last carry */
    for (int i = d->count; i-- > 0;) {
        carry = (((uint32_t)d->digits[i] << by) + carry) / 10;
    }
    for (uint32_t left = carry; left != 0; left /= 10) {
        more++;
    }
    carry = 0;
    for (int i = d->count; i-- > 0;) {
        uint32_t value = ((uint32_t)d->digits[i] << by) + carry;

        carry = value / 10;
        if (i + more < MOST_DIGITS) {
            d->digits[i + more] = (uint8_t)(value % 10);
        } else {
            d->rest = d->rest || value % 10 != 0;
        }
    }
    for (int i = more; i-- > 0; carry /= 10) {
        d->digits[i] = (uint8_t)(carry % 10);
    }
    d->count = d->count + more < MOST_DIGITS ? d->count + more : MOST_DIGITS;
    d->point += more;
    trim(d);
}

/* The leading 64 bits of d. */
static struct binary binary_of(struct decimal *d)
{
    struct binary b = {0};
    int digit = 0;

    /* from 10^(point - 1) on: into 2^63 <= d < 2^64, which has 19 or 20 digits */
    while (d->count > 0 && d->point > 19) {
        int by = d->point > 27 ? MOST_SHIFT : 1;

        halve(d, by);
        b.exponent += by;
    }
    while (d->count > 0 && d->point < 19) {
        int by = d->point < 11 ? MOST_SHIFT : 1;

        redouble(d, by);
        b.exponent -= by;
    }
    for (; digit < d->point; digit++) {
        b.mantissa = b.mantissa * 10 + (digit < d->count ? d->digits[digit] : 0);
    }
    b.rest = d->rest || digit < d->count;
    return b;
}

/* Reads digits with a point; returns the text after them, NULL: there are none. */
static const char *read_decimal(const char *s, struct decimal *d)
{
    bool point = false;
    bool any = false;

    for (;; s++) {
        if (*s == '.' && !point) {
            point = true;
        } else if (isdigit((unsigned char)*s)) {
            any = true;
            if (d->count == 0 && *s == '0') {
                d->point -= point;
                continue;
            }
            if (d->count < MOST_DIGITS) {
                d->digits[d->count++] = (uint8_t)(*s - '0');
            } else {
                d->rest = d->rest || *s != '0';
            }
            d->point += !point;
        } else {
            return any ? s : NULL;
        }
    }
}

/* Reads the exponent after letter, if there is one. */
static const char *read_exponent(const char *s, char letter, int *exponent)
{
    const char *at = s;
    bool negative;

    *exponent = 0;
    if ((*at | 0x20) != letter) {
        return s;
    }
    at++;
    negative = *at == '-';
    at += *at == '-' || *at == '+';
    if (!isdigit((unsigned char)*at)) {
        return s;
    }
    for (; isdigit((unsigned char)*at); at++) {
        if (*exponent < MOST_EXPONENT) {
            *exponent = *exponent * 10 + (*at - '0');
        }
    }
    *exponent = negative ? -*exponent : *exponent;
    return at;
}

/* An integer of few digits and a small power of ten: one operation, which rounds correctly. */
static bool short_value(const struct decimal *d, double *value)
{
    int power = d->point - d->count;
    double scale = 1;

    if (d->count > EXACT_DIGITS || power > EXACT_POWER || power < -EXACT_POWER) {
        return false;
    }
    *value = 0;
    for (int i = 0; i < d->count; i++) {
        *value = *value * 10 + d->digits[i];
    }
    for (int i = power < 0 ? -power : power; i > 0; i--) {
        scale *= 10;
    }
    *value = power < 0 ? *value / scale : *value * scale;
    return true;
}

static const char *decimal_value(const char *s, const struct format *format, double *value,
                                 bool *over)
{
    struct decimal d = {.count = 0};
    int exponent;

    s = read_decimal(s, &d);
    if (!s) {
        return NULL;
    }
    s = read_exponent(s, 'e', &exponent);
    d.point += exponent;
    trim(&d);
    if (format == &of_double && short_value(&d, value)) {
        return s;
    }
    /* beyond all doubles: skips the long computation */
    if (d.count > 0 && (d.point > 400 || d.point < -400)) {
        *over = true;
        *value = d.point > 0 ? __builtin_inf() : 0;
        return s;
    }
    *value = round_to(binary_of(&d), format, over);
    return s;
}

static int hexadecimal(int c)
{
    return isdigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

static const char *hexadecimal_value(const char *s, const struct format *format, double *value,
                                     bool *over)
{
    struct binary b = {0};
    bool point = false;
    bool any = false;
    int exponent;

    for (;; s++) {
        if (*s == '.' && !point) {
            point = true;
        } else if (isxdigit((unsigned char)*s)) {
            int digit = hexadecimal((unsigned char)*s);

            any = true;
            if (b.mantissa >> 60 == 0) {
                b.mantissa = b.mantissa << 4 | (unsigned)digit;
                b.exponent -= 4 * point;
            } else {
                b.rest = b.rest || digit != 0;
                b.exponent += 4 * !point;
            }
        } else {
            break;
        }
    }
    if (!any) {
        return NULL;
    }
    s = read_exponent(s, 'p', &exponent);
    b.exponent += exponent;
    if (b.mantissa != 0 && (b.exponent > 2000 || b.exponent < -2000)) {
        *over = true;
        *value = b.exponent > 0 ? __builtin_inf() : 0;
        return s;
    }
    *value = round_to(b, format, over);
    return s;
}

static const char *named_value(const char *s, double *value)
{
    if (strncasecmp(s, "inf", 3) == 0) {
        *value = __builtin_inf();
        return s + (strncasecmp(s, "infinity", 8) == 0 ? 8 : 3);
    }
    if (strncasecmp(s, "nan", 3) == 0) {
        const char *end = s + 3;

        *value = __builtin_nan("");
        if (*end == '(') {
            for (end++; isalnum((unsigned char)*end) || *end == '_'; end++) {
            }
            end = *end == ')' ? end + 1 : s + 3;
        }
        return end;
    }
    return NULL;
}

static double convert(const char *s, char **end, const struct format *format)
{
    const char *at = s;
    const char *after;
    double value = 0;
    bool over = false;
    bool negative;

    while (isspace((unsigned char)*at)) {
        at++;
    }
    negative = *at == '-';
    at += *at == '-' || *at == '+';
    after = named_value(at, &value);
    if (!after && at[0] == '0' && (at[1] | 0x20) == 'x') {
        after = hexadecimal_value(at + 2, format, &value, &over);
    }
    if (!after) {
        after = decimal_value(at, format, &value, &over);
    }
    if (end) {
        *end = (char *)(after ? after : s);
    }
    if (over) {
        errno = ERANGE;
    }
    return negative && after ? -value : value;
}

double strtod(const char *restrict s, char **restrict end)
{
    return convert(s, end, &of_double);
}

long double strtold(const char *restrict s, char **restrict end)
{
    return convert(s, end, &of_double);
}

float strtof(const char *restrict s, char **restrict end)
{
    return (float)convert(s, end, &of_float);
}

double atof(const char *s)
{
    return convert(s, NULL, &of_double);
}
