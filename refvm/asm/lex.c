// SPDX-License-Identifier: Apache-2.0
#include "internal.h"
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct position asm_here(const struct cursor *c)
{
    return (struct position){c->include->file, c->line, (unsigned)(c->p - c->start) + 1};
}

bool asm_fail(struct cursor *c, const char *format, ...)
{
    struct position at = asm_here(c);
    va_list args;

    va_start(args, format);
    asm_vreport(c->assembler, &at, format, args);
    va_end(args);
    return false;
}

void asm_skip_space(struct cursor *c)
{
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\t')) {
        c->p++;
    }
}

bool asm_at_end(struct cursor *c)
{
    asm_skip_space(c);
    return c->p == c->end || *c->p == ';';
}

bool asm_accept(struct cursor *c, char wanted)
{
    asm_skip_space(c);
    if (c->p < c->end && *c->p == wanted) {
        c->p++;
        return true;
    }
    return false;
}

bool asm_expect(struct cursor *c, char wanted)
{
    if (asm_accept(c, wanted)) {
        return true;
    }
    if (asm_at_end(c)) {
        return asm_fail(c, "the line ends, expected '%c'", wanted);
    }
    return asm_fail(c, "'%c', expected '%c'", *c->p, wanted);
}

bool asm_comma(struct cursor *c)
{
    return asm_accept(c, ',') || !asm_at_end(c) ||
           asm_fail(c, "the line ends, expected another operand");
}

static bool starts_name(char ch)
{
    return isalpha((unsigned char)ch) || ch == '_' || ch == '.';
}

size_t asm_take_name(struct cursor *c, const char **name)
{
    asm_skip_space(c);
    *name = c->p;
    if (c->p < c->end && starts_name(*c->p)) {
        do {
            c->p++;
        } while (c->p < c->end &&
                 (starts_name(*c->p) || isdigit((unsigned char)*c->p) || *c->p == '$'));
    }
    return (size_t)(c->p - *name);
}

bool asm_name_is(const char *name, size_t length, const char *wanted)
{
    return strlen(wanted) == length && strncasecmp(name, wanted, length) == 0;
}

bool asm_register_number(const char *name, size_t length, unsigned *number)
{
    for (unsigned i = 0; i < 16; i++) {
        char text[4];

        snprintf(text, sizeof text, "R%u", i);
        if (asm_name_is(name, length, text)) {
            *number = i;
            return true;
        }
    }
    return false;
}

bool asm_parse_register(struct cursor *c, unsigned *number)
{
    const char *name;
    size_t length = asm_take_name(c, &name);

    if (length > 0 && asm_register_number(name, length, number)) {
        return true;
    }
    c->p = name;
    if (asm_at_end(c)) {
        return asm_fail(c, "the line ends, expected a register R0 to R15");
    }
    if (length == 0) { /* the byte may be a NUL, at which %s would end */
        return asm_fail(c, "'%c', expected a register R0 to R15", *name);
    }
    return asm_fail(c, "'%.*s', expected a register R0 to R15", (int)length, name);
}

static int hex_digit(char ch)
{
    if (isdigit((unsigned char)ch)) {
        return ch - '0';
    }
    return isxdigit((unsigned char)ch) ? tolower((unsigned char)ch) - 'a' + 10 : -1;
}

/* After a backslash: one byte, or false. */
static bool take_escape(struct cursor *c, char *byte)
{
    static const char escapes[] = "n\nr\rt\t0\0\\\\\"\"''";
    char letter;

    if (c->p == c->end) {
        return asm_fail(c, "the line ends inside an escape");
    }
    letter = *c->p;
    if (letter == 'x') {
        if (c->end - c->p < 3 || hex_digit(c->p[1]) < 0 || hex_digit(c->p[2]) < 0) {
            return asm_fail(c, "\\x needs two hexadecimal digits");
        }
        *byte = (char)(hex_digit(c->p[1]) * 16 + hex_digit(c->p[2]));
        c->p += 3;
        return true;
    }
    for (size_t i = 0; i + 1 < sizeof escapes; i += 2) {
        if (escapes[i] == letter) {
            *byte = escapes[i + 1];
            c->p++;
            return true;
        }
    }
    return asm_fail(c, "unknown escape \\%c, expected one of \\n \\r \\t \\0 \\\\ \\\" \\xNN",
                    letter);
}

bool asm_take_char(struct cursor *c, char quote, char *byte)
{
    if (c->p == c->end) {
        return asm_fail(c, "the line ends, expected %c", quote);
    }
    *byte = *c->p++;
    return *byte != '\\' || take_escape(c, byte);
}

bool asm_parse_string(struct cursor *c, char **bytes, size_t *size)
{
    char quote = '\'';
    char *out;

    if (!asm_accept(c, quote)) {
        quote = '"';
        if (!asm_expect(c, quote)) {
            return false;
        }
    }
    out = malloc((size_t)(c->end - c->p) + 1);
    if (!out) {
        asm_out_of_memory(c->assembler);
        return false;
    }
    *size = 0;
    while (c->p == c->end || *c->p != quote) {
        if (!asm_take_char(c, quote, &out[*size])) {
            free(out);
            return false;
        }
        ++*size;
    }
    c->p++;
    out[*size] = '\0';
    *bytes = out;
    return true;
}
