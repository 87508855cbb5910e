// SPDX-License-Identifier: Apache-2.0
/* printf with flags, widths, precisions and the conversions d i u o x X c s p n f F e E g G a A %.
 * Floating-point conversions pull in the arithmetic of double, so the compiler omits
 * __hsx_put_double from a program that passes no double as a variable argument. */
#include "digits.h"
#include <hsx.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct sink {
    char *to;    /* NULL: the console */
    size_t room; /* in to, with the NUL */
    size_t count;
    char buffer[80]; /* a line, so that the lines of several tasks do not mix */
    unsigned held;
};

static void flush(struct sink *sink)
{
    if (sink->held > 0) {
        hsx_uart_write(sink->buffer, sink->held);
        sink->held = 0;
    }
}

static void put(struct sink *sink, char c)
{
    if (sink->to) {
        if (sink->count + 1 < sink->room) {
            sink->to[sink->count] = c;
        }
    } else {
        sink->buffer[sink->held++] = c;
        if (sink->held == sizeof sink->buffer) {
            flush(sink);
        }
    }
    sink->count++;
}

static void pad(struct sink *sink, char c, int count)
{
    while (count-- > 0) {
        put(sink, c);
    }
}

struct spec {
    bool left, plus, space, alternate, zero;
    int width, precision; /* precision -1: none */
    char size;            /* H: hh, h, l, L: ll */
};

static const char *parse_flags(const char *p, struct spec *spec)
{
    for (;; p++) {
        switch (*p) {
        case '-':
            spec->left = true;
            break;
        case '+':
            spec->plus = true;
            break;
        case ' ':
            spec->space = true;
            break;
        case '#':
            spec->alternate = true;
            break;
        case '0':
            spec->zero = true;
            break;
        default:
            return p;
        }
    }
}

static const char *parse_number(const char *p, int *value)
{
    *value = 0;
    for (; *p >= '0' && *p <= '9'; p++) {
        *value = *value * 10 + (*p - '0');
    }
    return p;
}

static void put_text(struct sink *sink, const struct spec *spec, const char *text, size_t size)
{
    int fill = spec->width - (int)size;

    if (!spec->left) {
        pad(sink, ' ', fill);
    }
    for (size_t i = 0; i < size; i++) {
        put(sink, text[i]);
    }
    if (spec->left) {
        pad(sink, ' ', fill);
    }
}

static void put_number(struct sink *sink, const struct spec *spec, uint64_t value, unsigned base,
                       bool upper, const char *prefix)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char text[24];
    int size = 0;
    int zeros;
    int fill;

    while (value != 0) {
        /* 64-bit division is slow; most numbers are short */
        if (value >> 32 == 0) {
            text[size++] = digits[(uint32_t)value % base];
            value = (uint32_t)value / base;
        } else {
            text[size++] = digits[value % base];
            value /= base;
        }
    }
    zeros = (spec->precision < 0 ? 1 : spec->precision) - size;
    if (spec->alternate && base == 8 && zeros <= 0) {
        zeros = 1;
    }
    if (zeros < 0) {
        zeros = 0;
    }
    fill = spec->width - size - zeros - (int)strlen(prefix);
    if (spec->zero && !spec->left && spec->precision < 0 && fill > 0) {
        zeros += fill;
        fill = 0;
    }
    if (!spec->left) {
        pad(sink, ' ', fill);
    }
    while (*prefix) {
        put(sink, *prefix++);
    }
    pad(sink, '0', zeros);
    while (size > 0) {
        put(sink, text[--size]);
    }
    if (spec->left) {
        pad(sink, ' ', fill);
    }
}

/* The digit for ten to the power `power`. */
static char digit_of(const struct digits *d, int power)
{
    int at = d->exponent - power;

    return at >= 0 && at < d->count ? d->digit[at] : '0';
}

static int exponent_length(int exponent)
{
    return exponent > 99 || exponent < -99 ? 5 : 4; /* e+12 */
}

static void put_exponent(struct sink *sink, int exponent, bool upper)
{
    unsigned size = (unsigned)(exponent < 0 ? -exponent : exponent);

    put(sink, upper ? 'E' : 'e');
    put(sink, exponent < 0 ? '-' : '+');
    if (size > 99) {
        put(sink, (char)('0' + size / 100));
    }
    put(sink, (char)('0' + size / 10 % 10));
    put(sink, (char)('0' + size % 10));
}

/* `decimals` digits after the point. */
static void put_digits(struct sink *sink, const struct spec *spec, const struct digits *d,
                       int decimals, bool scientific, bool upper, const char *sign)
{
    int exponent = d->count > 0 ? d->exponent : 0;
    int first = scientific ? exponent : exponent > 0 ? exponent : 0;
    int last = scientific ? exponent : 0;
    bool point = decimals > 0 || spec->alternate;
    int fill = spec->width - (int)strlen(sign) - (first - last + 1) - point - decimals -
               (scientific ? exponent_length(exponent) : 0);
    bool zeros = spec->zero && !spec->left;

    pad(sink, ' ', spec->left || zeros ? 0 : fill);
    while (*sign) {
        put(sink, *sign++);
    }
    pad(sink, '0', zeros ? fill : 0);
    for (int power = first; power >= last; power--) {
        put(sink, digit_of(d, power));
    }
    if (point) {
        put(sink, '.');
    }
    for (int i = 1; i <= decimals; i++) {
        put(sink, digit_of(d, last - i));
    }
    if (scientific) {
        put_exponent(sink, exponent, upper);
    }
    pad(sink, ' ', spec->left ? fill : 0);
}

/* %g: the shorter form, without trailing zeros. */
static void put_general(struct sink *sink, const struct spec *spec, double value, bool upper,
                        const char *sign)
{
    int wanted = spec->precision == 0 ? 1 : spec->precision;
    struct digits d;
    bool scientific;
    int decimals;

    __hsx_digits(value, wanted, 0, &d);
    scientific = d.count > 0 && (d.exponent < -4 || d.exponent >= wanted);
    if (!spec->alternate) {
        while (d.count > 0 && d.digit[d.count - 1] == '0') {
            d.count--;
        }
        wanted = d.count > 0 ? d.count : 1;
    }
    decimals = wanted - 1 - (scientific || d.count == 0 ? 0 : d.exponent);
    put_digits(sink, spec, &d, decimals < 0 ? 0 : decimals, scientific, upper, sign);
}

enum { MANTISSA_BITS = 52, EXPONENT_BIAS = 1023 };

/* text followed by more zeros and the exponent; fill zeros go after the first `head` characters. */
static void put_hexadecimal_parts(struct sink *sink, const struct spec *spec, const char *text,
                                  int size, int head, int more, int exponent, bool upper)
{
    char power[8];
    int length = snprintf(power, sizeof power, "%c%+d", upper ? 'P' : 'p', exponent);
    bool zeros = spec->zero && !spec->left;
    int fill;

    more = more > 0 && spec->precision > 0 ? more : 0;
    fill = spec->width - size - more - length;
    pad(sink, ' ', spec->left || zeros ? 0 : fill);
    for (int i = 0; i < size; i++) {
        if (i == head && zeros) {
            pad(sink, '0', fill);
        }
        put(sink, text[i]);
    }
    pad(sink, '0', more);
    for (int i = 0; i < length; i++) {
        put(sink, power[i]);
    }
    pad(sink, ' ', spec->left ? fill : 0);
}

/* %a: value is finite and not negative. */
static void put_hexadecimal(struct sink *sink, const struct spec *spec, double value, bool upper,
                            const char *sign)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char text[40];
    char *at = text;
    uint64_t bits;
    int exponent;
    int count = MANTISSA_BITS / 4;

    memcpy(&bits, &value, sizeof bits);
    exponent = (int)(bits >> MANTISSA_BITS) - EXPONENT_BIAS;
    bits &= ((uint64_t)1 << MANTISSA_BITS) - 1;
    if (exponent > -EXPONENT_BIAS) {
        bits |= (uint64_t)1 << MANTISSA_BITS;
    } else {
        exponent = bits != 0 ? exponent + 1 : 0;
    }
    if (spec->precision >= 0 && spec->precision < count) {
        int drop = MANTISSA_BITS - spec->precision * 4;
        uint64_t half = (uint64_t)1 << (drop - 1);
        uint64_t below = bits & (half * 2 - 1);

        bits -= below;
        if (below > half || (below == half && (bits >> drop & 1))) {
            bits += half * 2;
        }
        count = spec->precision;
    }
    while (spec->precision < 0 && count > 0 && (bits >> (MANTISSA_BITS - count * 4) & 0xF) == 0) {
        count--;
    }
    at +=
        snprintf(at, sizeof text, "%s0%c%d", sign, upper ? 'X' : 'x', (int)(bits >> MANTISSA_BITS));
    if (count > 0 || spec->precision > 0 || spec->alternate) {
        *at++ = '.';
    }
    for (int i = 1; i <= count; i++) {
        *at++ = digits[bits >> (MANTISSA_BITS - i * 4) & 0xF];
    }
    put_hexadecimal_parts(sink, spec, text, (int)(at - text), (int)strlen(sign) + 2,
                          spec->precision - count, exponent, upper);
}

void __hsx_put_double(struct sink *sink, struct spec *spec, char conversion, double value);
void __hsx_put_nothing(struct sink *sink, struct spec *spec, char conversion, double value);

/* The compiler may use this in place of the next function. */
void __hsx_put_nothing(struct sink *sink, struct spec *spec, char conversion, double value)
{
    (void)sink;
    (void)spec;
    (void)conversion;
    (void)value;
}

void __hsx_put_double(struct sink *sink, struct spec *spec, char conversion, double value)
{
    bool upper = conversion < 'a';
    const char *sign = __builtin_signbit(value) ? "-" : spec->plus ? "+" : spec->space ? " " : "";
    struct digits d;

    value = __builtin_signbit(value) ? -value : value;
    if (spec->precision < 0 && (conversion | 0x20) != 'a') {
        spec->precision = 6;
    }
    if (__builtin_isnan(value) || __builtin_isinf(value)) {
        char text[5];

        strcpy(text, sign);
        strcat(text, __builtin_isnan(value) ? (upper ? "NAN" : "nan") : (upper ? "INF" : "inf"));
        put_text(sink, spec, text, strlen(text));
        return;
    }
    switch (conversion | 0x20) {
    case 'f':
        __hsx_digits(value, spec->precision, 1, &d);
        put_digits(sink, spec, &d, spec->precision, false, upper, sign);
        break;
    case 'e':
        __hsx_digits(value, spec->precision + 1, 0, &d);
        put_digits(sink, spec, &d, spec->precision, true, upper, sign);
        break;
    case 'a':
        put_hexadecimal(sink, spec, value, upper, sign);
        break;
    default:
        put_general(sink, spec, value, upper, sign);
        break;
    }
}

static const char *parse_size(const char *p, struct spec *spec)
{
    switch (*p) {
    case 'h':
        spec->size = p[1] == 'h' ? 'H' : 'h';
        return p + (p[1] == 'h' ? 2 : 1);
    case 'l':
        spec->size = p[1] == 'l' ? 'L' : 'l';
        return p + (p[1] == 'l' ? 2 : 1);
    case 'j':
        spec->size = 'L';
        return p + 1;
    case 'z':
    case 't':
    case 'L': /* long double is double */
        return p + 1;
    default:
        return p;
    }
}

struct arguments {
    va_list list;
};

static int64_t signed_argument(struct arguments *args, char size)
{
    switch (size) {
    case 'H':
        return (signed char)va_arg(args->list, int);
    case 'h':
        return (short)va_arg(args->list, int);
    case 'L':
        return va_arg(args->list, int64_t);
    default:
        return va_arg(args->list, int);
    }
}

static uint64_t unsigned_argument(struct arguments *args, char size)
{
    switch (size) {
    case 'H':
        return (unsigned char)va_arg(args->list, unsigned);
    case 'h':
        return (unsigned short)va_arg(args->list, unsigned);
    case 'L':
        return va_arg(args->list, uint64_t);
    default:
        return va_arg(args->list, unsigned);
    }
}

static void convert(struct sink *sink, struct spec *spec, char conversion, struct arguments *args)
{
    uint64_t value;
    int64_t number;
    const char *text;
    char c;

    switch (conversion) {
    case 'd':
    case 'i':
        number = signed_argument(args, spec->size);
        put_number(sink, spec, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, 10, false,
                   number < 0    ? "-"
                   : spec->plus  ? "+"
                   : spec->space ? " "
                                 : "");
        break;
    case 'u':
        put_number(sink, spec, unsigned_argument(args, spec->size), 10, false, "");
        break;
    case 'o':
        put_number(sink, spec, unsigned_argument(args, spec->size), 8, false, "");
        break;
    case 'x':
    case 'X':
        value = unsigned_argument(args, spec->size);
        put_number(sink, spec, value, 16, conversion == 'X',
                   spec->alternate && value ? (conversion == 'X' ? "0X" : "0x") : "");
        break;
    case 'p':
        put_number(sink, spec, (uintptr_t)va_arg(args->list, void *), 16, false, "0x");
        break;
    case 'c':
        c = (char)va_arg(args->list, int);
        put_text(sink, spec, &c, 1);
        break;
    case 's':
        text = va_arg(args->list, const char *);
        text = text ? text : "(null)";
        put_text(sink, spec, text,
                 spec->precision < 0 ? strlen(text) : strnlen(text, (size_t)spec->precision));
        break;
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
        __hsx_put_double(sink, spec, conversion, va_arg(args->list, double));
        break;
    case 'n':
        *va_arg(args->list, int *) = (int)sink->count;
        break;
    default:
        put(sink, conversion);
        break;
    }
}

static void print(struct sink *sink, const char *p, va_list list)
{
    struct arguments args;

    va_copy(args.list, list);
    for (; *p; p++) {
        struct spec spec = {.precision = -1};

        if (*p != '%') {
            put(sink, *p);
            continue;
        }
        p = parse_flags(p + 1, &spec);
        if (*p == '*') {
            spec.width = va_arg(args.list, int);
            spec.left = spec.left || spec.width < 0;
            spec.width = spec.width < 0 ? -spec.width : spec.width;
            p++;
        } else {
            p = parse_number(p, &spec.width);
        }
        if (*p == '.' && p[1] == '*') {
            spec.precision = va_arg(args.list, int);
            p += 2;
        } else if (*p == '.') {
            p = parse_number(p + 1, &spec.precision);
        }
        p = parse_size(p, &spec);
        if (*p == '\0') {
            break;
        }
        convert(sink, &spec, *p, &args);
    }
    va_end(args.list);
    if (sink->to && sink->room > 0) {
        sink->to[sink->count < sink->room ? sink->count : sink->room - 1] = '\0';
    }
    flush(sink);
}

int vprintf(const char *restrict format, va_list args)
{
    struct sink sink = {.to = NULL};

    print(&sink, format, args);
    return (int)sink.count;
}

int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list args)
{
    char nothing[1];
    struct sink sink = {.to = to ? to : nothing, .room = to ? size : 0};

    print(&sink, format, args);
    return (int)sink.count;
}

int vsprintf(char *restrict to, const char *restrict format, va_list args)
{
    return vsnprintf(to, INT_MAX, format, args);
}

int printf(const char *restrict format, ...)
{
    va_list args;
    int count;

    va_start(args, format);
    count = vprintf(format, args);
    va_end(args);
    return count;
}

int sprintf(char *restrict to, const char *restrict format, ...)
{
    va_list args;
    int count;

    va_start(args, format);
    count = vsprintf(to, format, args);
    va_end(args);
    return count;
}

int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
{
    va_list args;
    int count;

    va_start(args, format);
    count = vsnprintf(to, size, format, args);
    va_end(args);
    return count;
}

int putchar(int c)
{
    char byte = (char)c;

    hsx_uart_write(&byte, 1);
    return (unsigned char)c;
}

int puts(const char *s)
{
    struct sink sink = {.to = NULL};

    while (*s) {
        put(&sink, *s++);
    }
    put(&sink, '\n');
    flush(&sink);
    return 0;
}
