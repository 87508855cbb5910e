// SPDX-License-Identifier: Apache-2.0
/* Addresses as users write them. */
#include "symbols.h"
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 2, 3))) static enum hsx_status refuse(struct hsx_symbols_error *error,
                                                                    const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(error->text, sizeof error->text, format, list);
    va_end(list);
    return HSX_ERR_ARGUMENT;
}

/* The whole text is a number of 32 bits, decimal or 0x. */
static bool parse_number(const char *text, uint32_t *number)
{
    char *end;
    unsigned long long value;

    if (!isdigit((unsigned char)text[0])) {
        return false;
    }
    errno = 0;
    value = strtoull(text, &end, text[1] == 'x' || text[1] == 'X' ? 16 : 10);
    *number = (uint32_t)value;
    return errno == 0 && *end == '\0' && value <= UINT32_MAX;
}

/* file is the end of path, after a slash. */
static bool names_file(const char *file, size_t length, const char *path)
{
    size_t whole = path ? strlen(path) : 0;

    return path && length != 0 && length <= whole &&
           memcmp(path + whole - length, file, length) == 0 &&
           (length == whole || path[whole - length - 1] == '/');
}

static enum hsx_status resolve_line(const struct hsx_symbols *s, const char *text,
                                    const char *colon, uint32_t *address,
                                    struct hsx_symbols_error *error)
{
    const struct hsx_symbol_line *best = NULL;
    uint32_t line;

    if (!parse_number(colon + 1, &line)) {
        return refuse(error, "'%.100s', expected a line's number after ':'", text);
    }
    for (size_t i = 0; s && i < s->line_count; i++) {
        const struct hsx_symbol_line *at = &s->lines[i];

        if (at->line >= line && names_file(text, (size_t)(colon - text), at->file) &&
            (!best || at->line < best->line)) {
            best = at;
        }
    }
    if (!best) {
        return refuse(error, "'%.100s': no code comes from that line or a later one", text);
    }
    *address = best->pc;
    return HSX_OK;
}

/* The symbol of that name, or NULL with an error; a global one is preferred. */
static const struct hsx_symbol *find(const struct hsx_symbols *s, const char *name, size_t length,
                                     struct hsx_symbols_error *error)
{
    const struct hsx_symbol *found = NULL;
    size_t matches = 0;

    for (size_t i = 0; i < hsx_symbols_count(s); i++) {
        const struct hsx_symbol *symbol = &s->symbols[i];

        if (strncmp(symbol->name, name, length) != 0 || symbol->name[length] != '\0') {
            continue;
        }
        if (found && symbol->address == found->address && symbol->kind != HSX_SYMBOL_DATA) {
            continue; /* a function that is also listed as a label */
        }
        if (found && found->global && !symbol->global) {
            continue;
        }
        matches = found && symbol->global && !found->global ? 1 : matches + 1;
        found = symbol;
    }
    if (!found) {
        refuse(error, "'%.*s' is no symbol", (int)(length < 100 ? length : 100), name);
        return NULL;
    }
    if (matches > 1) {
        refuse(error, "'%.*s' is defined in %zu files, expected file:line or an address",
               (int)(length < 100 ? length : 100), name, matches);
        return NULL;
    }
    return found;
}

enum hsx_status hsx_symbols_resolve(const struct hsx_symbols *s, const char *text,
                                    uint32_t *address, bool *data, struct hsx_symbols_error *error)
{
    const char *colon = strrchr(text, ':');
    const char *sign = strpbrk(text, "+-");
    const struct hsx_symbol *symbol;
    uint32_t offset = 0;

    *data = false;
    if (colon) {
        return resolve_line(s, text, colon, address, error);
    }
    if (sign && !parse_number(sign + 1, &offset)) {
        return refuse(error, "'%.100s', expected a number after '%c'", text, *sign);
    }
    symbol = find(s, text, sign ? (size_t)(sign - text) : strlen(text), error);
    if (!symbol) {
        return HSX_ERR_ARGUMENT;
    }
    *data = symbol->kind == HSX_SYMBOL_DATA;
    *address = sign && *sign == '-' ? symbol->address - offset : symbol->address + offset;
    return HSX_OK;
}
