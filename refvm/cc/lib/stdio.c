// SPDX-License-Identifier: Apache-2.0
/* printf with flags, widths, precisions and the conversions d i u o x X c s p n %; no
 * floating point, which would bring the double library into each program. */
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
    char buffer[80]; /* a line, so that those of several tasks do not mix */
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

static void convert(struct sink *sink, const struct spec *spec, char conversion,
                    struct arguments *args)
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
