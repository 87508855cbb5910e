// SPDX-License-Identifier: Apache-2.0
#include "internal.h"
#include <ctype.h>
#include <inttypes.h>

static bool parse_digits(struct cursor *c, int64_t *value)
{
    const char *first = c->p;
    int base = 10;
    uint64_t sum = 0;
    bool some = false;

    if (c->end - c->p >= 2 && c->p[0] == '0' && (c->p[1] == 'x' || c->p[1] == 'X')) {
        base = 16;
        c->p += 2;
    } else if (c->end - c->p >= 2 && c->p[0] == '0' && (c->p[1] == 'b' || c->p[1] == 'B')) {
        base = 2;
        c->p += 2;
    }
    while (c->p < c->end && isalnum((unsigned char)*c->p)) {
        char ch = *c->p;
        int digit = isdigit((unsigned char)ch) ? ch - '0' : tolower((unsigned char)ch) - 'a' + 10;

        if (digit >= base) {
            return asm_fail(c, "'%c' in a %s number", ch,
                            base == 16  ? "hexadecimal"
                            : base == 2 ? "binary"
                                        : "decimal");
        }
        sum = sum * (unsigned)base + (unsigned)digit;
        some = true;
        c->p++;
        if (sum > UINT32_MAX) {
            c->p = first;
            return asm_fail(c, "the number does not fit in 32 bits");
        }
    }
    if (!some) {
        return asm_fail(c, base == 2 ? "0b needs binary digits" : "0x needs hexadecimal digits");
    }
    *value = (int64_t)sum;
    return true;
}

static bool parse_char(struct cursor *c, int64_t *value)
{
    char byte;

    c->p++;
    if (!asm_take_char(c, '\'', &byte)) {
        return false;
    }
    *value = (uint8_t)byte;
    if (c->p == c->end || *c->p != '\'') {
        return asm_fail(c, "expected ' after one character");
    }
    c->p++;
    return true;
}

/* Puts a label, or the number of a constant, into value. A constant that is defined only
 * later is treated like a label. */
static bool parse_symbol(struct cursor *c, bool minus, struct expression *value, int64_t *number)
{
    const char *after;
    const char *name;
    unsigned reg;
    size_t length = asm_take_name(c, &name);
    struct symbol *symbol;

    after = c->p;
    c->p = name;
    if (asm_register_number(name, length, &reg)) {
        return asm_fail(c, "'%.*s' is a register, expected a number or label", (int)length, name);
    }
    symbol = asm_get_symbol(c->assembler, name, length);
    if (!symbol) {
        return false;
    }
    if (symbol->section == SECTION_CONSTANT) {
        *number = symbol->constant;
    } else if (minus || value->symbol) {
        return asm_fail(c, "only one label, and not subtracted, can stand in a sum");
    } else {
        value->symbol = symbol;
    }
    c->p = after;
    return true;
}

/* Signed terms, of which one may be a label: label + 4, -5, 'a' + 1. */
static bool parse_sum(struct cursor *c, struct expression *value)
{
    bool minus = asm_accept(c, '-');

    if (!minus) {
        asm_accept(c, '+');
    }
    for (;;) {
        int64_t number = 0;
        bool ok;

        asm_skip_space(c);
        if (asm_at_end(c)) {
            return asm_fail(c, "the line ends, expected a number or label");
        }
        if (isdigit((unsigned char)*c->p)) {
            ok = parse_digits(c, &number);
        } else if (*c->p == '\'') {
            ok = parse_char(c, &number);
        } else if (isalpha((unsigned char)*c->p) || *c->p == '_' || *c->p == '.') {
            ok = parse_symbol(c, minus, value, &number);
        } else {
            return asm_fail(c, "'%c', expected a number or label", *c->p);
        }
        if (!ok) {
            return false;
        }
        value->addend += minus ? -number : number;
        minus = asm_accept(c, '-');
        if (!minus && !asm_accept(c, '+')) {
            return true;
        }
    }
}

static enum function find_function(const char *name, size_t length)
{
    if (asm_name_is(name, length, "lo16")) {
        return FUNCTION_LO16;
    }
    if (asm_name_is(name, length, "hi16")) {
        return FUNCTION_HI16;
    }
    return asm_name_is(name, length, "off16") ? FUNCTION_OFF16 : FUNCTION_NONE;
}

bool asm_parse_expression(struct cursor *c, struct expression *value)
{
    const char *name;
    size_t length;

    asm_skip_space(c);
    *value = (struct expression){.at = asm_here(c)};
    asm_accept(c, '+');
    length = asm_take_name(c, &name);
    value->function = find_function(name, length);
    if (value->function == FUNCTION_NONE || !asm_accept(c, '(')) {
        value->function = FUNCTION_NONE;
        c->p = name;
        return parse_sum(c, value);
    }
    if (!parse_sum(c, value) || !asm_expect(c, ')')) {
        return false;
    }
    if (!value->symbol && value->function == FUNCTION_OFF16) {
        c->p = name;
        return asm_fail(c, "off16() needs a label in .data or .bss");
    }
    if (!value->symbol) {
        uint32_t number = (uint32_t)value->addend;

        value->addend = value->function == FUNCTION_LO16 ? number & 0xFFFF : number >> 16;
        value->function = FUNCTION_NONE;
    }
    return true;
}

bool asm_parse_constant(struct cursor *c, int64_t min, int64_t max, int64_t *value)
{
    struct expression e;

    if (!asm_parse_expression(c, &e)) {
        return false;
    }
    if (e.symbol) {
        asm_report(c->assembler, &e.at, "expected a number, not a label");
        return false;
    }
    if (e.addend < min || e.addend > max) {
        asm_report(c->assembler, &e.at,
                   "%" PRId64 " is out of range, expected %" PRId64 " to %" PRId64, e.addend, min,
                   max);
        return false;
    }
    *value = e.addend;
    return true;
}
