// SPDX-License-Identifier: Apache-2.0
/* sscanf: the conversions d i u o x X p c s [ n f e g a %, with * and a width. */
#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NUMBER = 64 }; /* characters of one number */

struct scan {
    const char *begin, *at;
    va_list list;
    int done; /* conversions that have been stored */
};

struct conversion {
    bool drop;
    int width; /* 0: none */
    char size; /* H: hh, h, L: ll, l: l of a floating-point number */
    char letter;
};

static void skip_blanks(struct scan *scan)
{
    while (isspace((unsigned char)*scan->at)) {
        scan->at++;
    }
}

static const char *parse_size(const char *p, struct conversion *c)
{
    if (*p == 'h' || *p == 'l') {
        bool twice = p[1] == *p;

        c->size = *p == 'h' ? (twice ? 'H' : 'h') : (twice ? 'L' : 'l');
        return p + 1 + twice;
    }
    if (*p == 'j' || *p == 'L') {
        c->size = 'L';
    }
    return p + (*p == 'j' || *p == 'L' || *p == 'z' || *p == 't');
}

static const char *parse_conversion(const char *p, struct conversion *c)
{
    *c = (struct conversion){.drop = *p == '*'};
    p += c->drop;
    for (; isdigit((unsigned char)*p); p++) {
        c->width = c->width < MOST_NUMBER * 100 ? c->width * 10 + (*p - '0') : c->width;
    }
    p = parse_size(p, c);
    c->letter = *p;
    return p;
}

/* Copies at most width characters of the input for strto...; returns the length. */
static int copy_number(const struct scan *scan, const struct conversion *c, char *to)
{
    int most = c->width > 0 && c->width < MOST_NUMBER ? c->width : MOST_NUMBER - 1;
    int size = 0;

    while (size < most && scan->at[size] && !isspace((unsigned char)scan->at[size])) {
        to[size] = scan->at[size];
        size++;
    }
    to[size] = '\0';
    return size;
}

static void store_integer(struct scan *scan, const struct conversion *c, unsigned long long value)
{
    switch (c->size) {
    case 'H':
        *va_arg(scan->list, unsigned char *) = (unsigned char)value;
        break;
    case 'h':
        *va_arg(scan->list, unsigned short *) = (unsigned short)value;
        break;
    case 'L':
        *va_arg(scan->list, unsigned long long *) = value;
        break;
    default:
        *va_arg(scan->list, unsigned *) = (unsigned)value;
        break;
    }
}

static bool scan_integer(struct scan *scan, const struct conversion *c)
{
    char text[MOST_NUMBER];
    char *end;
    int base = c->letter == 'i'                       ? 0
               : c->letter == 'o'                     ? 8
               : c->letter == 'd' || c->letter == 'u' ? 10
                                                      : 16;
    unsigned long long value;

    copy_number(scan, c, text);
    if (c->size == 'L') {
        value = c->letter == 'd' || c->letter == 'i' ? (unsigned long long)strtoll(text, &end, base)
                                                     : strtoull(text, &end, base);
    } else {
        value = c->letter == 'd' || c->letter == 'i' ? (unsigned long)strtol(text, &end, base)
                                                     : strtoul(text, &end, base);
    }
    if (end == text) {
        return false;
    }
    scan->at += end - text;
    if (!c->drop) {
        store_integer(scan, c, value);
        scan->done++;
    }
    return true;
}

static bool scan_real(struct scan *scan, const struct conversion *c)
{
    char text[MOST_NUMBER];
    char *end;
    double value = 0;
    float narrow = 0;

    copy_number(scan, c, text);
    if (c->size == 'l' || c->size == 'L') {
        value = strtod(text, &end);
    } else {
        narrow = strtof(text, &end);
    }
    if (end == text) {
        return false;
    }
    scan->at += end - text;
    if (!c->drop) {
        if (c->size == 'l' || c->size == 'L') {
            *va_arg(scan->list, double *) = value;
        } else {
            *va_arg(scan->list, float *) = narrow;
        }
        scan->done++;
    }
    return true;
}

/* set: up to its ]; NULL: all except blanks. */
static bool belongs(const char *set, const char *set_end, char c)
{
    bool inverted;

    if (!set) {
        return !isspace((unsigned char)c);
    }
    inverted = *set == '^';
    for (set += inverted; set < set_end; set++) {
        if (set + 2 < set_end && set[1] == '-') {
            if (set[0] <= c && c <= set[2]) {
                return !inverted;
            }
            set += 2;
        } else if (*set == c) {
            return !inverted;
        }
    }
    return inverted;
}

static bool scan_text(struct scan *scan, const struct conversion *c, const char *set,
                      const char *set_end)
{
    int most = c->width > 0 ? c->width : INT_MAX;
    char *to = c->drop ? NULL : va_arg(scan->list, char *);
    int size = 0;

    while (size < most && scan->at[size] && belongs(set, set_end, scan->at[size])) {
        size++;
    }
    if (size == 0) {
        return false;
    }
    if (to) {
        memcpy(to, scan->at, (size_t)size);
        to[size] = '\0';
        scan->done++;
    }
    scan->at += size;
    return true;
}

static bool scan_characters(struct scan *scan, const struct conversion *c)
{
    size_t size = c->width > 0 ? (size_t)c->width : 1;

    if (strnlen(scan->at, size) < size) {
        return false;
    }
    if (!c->drop) {
        memcpy(va_arg(scan->list, char *), scan->at, size);
        scan->done++;
    }
    scan->at += size;
    return true;
}

static bool convert(struct scan *scan, const struct conversion *c)
{
    switch (c->letter) {
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
    case 'p':
        return scan_integer(scan, c);
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
        return scan_real(scan, c);
    case 's':
        return scan_text(scan, c, NULL, NULL);
    case 'c':
        return scan_characters(scan, c);
    case '%':
        return *scan->at == '%' && scan->at++;
    default:
        return false;
    }
}

/* p is after a %; returns the next character of the format, NULL: stop here. */
static const char *scan_one(struct scan *scan, const char *p)
{
    struct conversion c;

    p = parse_conversion(p, &c);
    if (c.letter == 'n') {
        if (!c.drop) {
            store_integer(scan, &c, (unsigned long long)(scan->at - scan->begin));
        }
        return p + 1;
    }
    if (c.letter == '[') {
        const char *set = p + 1;
        const char *end = set + (*set == '^');

        /* a leading ] belongs to the set */
        end = *end ? strchr(end + 1, ']') : NULL;
        return end && scan_text(scan, &c, set, end) ? end + 1 : NULL;
    }
    if (c.letter != 'c') {
        skip_blanks(scan);
    }
    return convert(scan, &c) ? p + 1 : NULL;
}

int vsscanf(const char *restrict s, const char *restrict format, va_list args)
{
    struct scan scan = {.begin = s, .at = s};
    bool empty;

    va_copy(scan.list, args);
    while (format && *format) {
        if (isspace((unsigned char)*format)) {
            skip_blanks(&scan);
            format++;
        } else if (*format == '%') {
            format = scan_one(&scan, format + 1);
        } else {
            format = *scan.at == *format ? format + 1 : NULL;
            scan.at += format != NULL;
        }
    }
    va_end(scan.list);
    empty = scan.at[strspn(scan.at, " \t\n\v\f\r")] == '\0';
    return scan.done == 0 && !format && empty ? EOF : scan.done;
}

int sscanf(const char *restrict s, const char *restrict format, ...)
{
    va_list args;
    int done;

    va_start(args, format);
    done = vsscanf(s, format, args);
    va_end(args);
    return done;
}
