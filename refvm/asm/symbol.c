// SPDX-License-Identifier: Apache-2.0
#include "internal.h"
#include <hsx/machine.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *left, const void *right)
{
    const struct symbol *a = left;
    const struct symbol *b = right;
    size_t shorter = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->name, b->name, shorter);

    if (order != 0) {
        return order;
    }
    return (a->length > b->length) - (a->length < b->length);
}

struct symbol *asm_get_symbol(struct assembler *a, const char *name, size_t length)
{
    struct symbol *fresh = calloc(1, sizeof *fresh);
    struct symbol **found = NULL;

    if (fresh) {
        fresh->name = name;
        fresh->length = length;
        fresh->section = SECTION_NONE;
        found = tsearch(fresh, &a->units[a->unit_count - 1], compare);
    }
    if (!found) {
        free(fresh);
        asm_out_of_memory(a);
        return NULL;
    }
    if (*found != fresh) {
        free(fresh);
    } else if (a->last_symbol) {
        a->last_symbol->next = fresh;
        a->last_symbol = fresh;
    } else {
        a->first_symbol = fresh;
        a->last_symbol = fresh;
    }
    return *found;
}

/* The symbol to be defined as name; NULL after reporting why it cannot. */
static struct symbol *new_definition(struct cursor *c, const char *name, size_t length)
{
    const char *after = c->p;
    unsigned number;

    if (asm_register_number(name, length, &number)) {
        c->p = name;
        asm_fail(c, "'%.*s' is a register, expected a name", (int)length, name);
        c->p = after;
        return NULL;
    }
    return asm_get_symbol(c->assembler, name, length);
}

static bool already_defined(struct cursor *c, const char *name, const struct symbol *symbol)
{
    c->p = name;
    return asm_fail(c, "'%.*s' is already defined at %s:%u:%u", (int)symbol->length, symbol->name,
                    symbol->defined.file->path, symbol->defined.line, symbol->defined.column);
}

static void define(struct cursor *c, const char *name, struct symbol *symbol,
                   enum section_id section)
{
    const char *after = c->p;

    c->p = name;
    symbol->section = section;
    symbol->defined = asm_here(c);
    c->p = after;
}

bool asm_define_label(struct cursor *c, const char *name, size_t length)
{
    struct assembler *a = c->assembler;
    struct symbol *symbol = new_definition(c, name, length);

    if (!symbol) {
        return false;
    }
    if (symbol->section != SECTION_NONE) {
        return already_defined(c, name, symbol);
    }
    define(c, name, symbol, a->current);
    symbol->offset = (uint32_t)a->sections[a->current].size;
    return true;
}

bool asm_define_constant(struct cursor *c, const char *name, size_t length, int64_t value)
{
    struct symbol *symbol = new_definition(c, name, length);

    if (!symbol) {
        return false;
    }
    /* A file of constants may be included more than once, through other files. */
    if (symbol->section == SECTION_CONSTANT && symbol->constant == value) {
        return true;
    }
    if (symbol->section != SECTION_NONE) {
        return already_defined(c, name, symbol);
    }
    define(c, name, symbol, SECTION_CONSTANT);
    symbol->constant = value;
    return true;
}

void asm_each_symbol(struct assembler *a, void (*visit)(struct assembler *a, struct symbol *symbol))
{
    for (struct symbol *symbol = a->first_symbol; symbol; symbol = symbol->next) {
        visit(a, symbol);
    }
}

static void collect(struct assembler *a, struct symbol *symbol)
{
    struct symbol **found;

    if (!symbol->exported.file && symbol->section != SECTION_NONE) {
        symbol->exported = symbol->external;
    }
    if (!symbol->exported.file) {
        return;
    }
    if (symbol->section == SECTION_NONE) {
        asm_report(a, &symbol->exported, "'%.*s' is exported but not defined in this file",
                   (int)symbol->length, symbol->name);
        symbol->reported = true;
        return;
    }
    found = tsearch(symbol, &a->exports, compare);
    if (!found) {
        asm_out_of_memory(a);
    } else if (*found != symbol) {
        asm_report(a, &symbol->exported, "'%.*s' is already exported at %s:%u:%u",
                   (int)symbol->length, symbol->name, (*found)->exported.file->path,
                   (*found)->exported.line, (*found)->exported.column);
    }
}

void asm_collect_exports(struct assembler *a)
{
    asm_each_symbol(a, collect);
}

struct symbol *asm_find_definition(struct assembler *a, struct symbol *symbol,
                                   const struct position *at)
{
    struct symbol **found;

    if (symbol->section != SECTION_NONE) {
        return symbol;
    }
    found = tfind(symbol, &a->exports, compare);
    if (found) {
        return *found;
    }
    if (!symbol->reported) {
        asm_report(a, at, "unknown label '%.*s'", (int)symbol->length, symbol->name);
        symbol->reported = true;
    }
    return NULL;
}

int64_t asm_symbol_value(const struct assembler *a, const struct symbol *definition)
{
    switch (definition->section) {
    case SECTION_CONSTANT:
        return definition->constant;
    case SECTION_DATA:
        return HSX_DATA_LINK + definition->offset;
    case SECTION_BSS:
        return HSX_DATA_LINK + (int64_t)a->sections[SECTION_DATA].size + definition->offset;
    default:
        return definition->offset;
    }
}

static void keep(void *node)
{
    (void)node;
}

void asm_free_symbols(struct assembler *a)
{
    tdestroy(a->exports, keep);
    for (size_t i = 0; i < a->unit_count; i++) {
        tdestroy(a->units[i], free);
    }
    free(a->units);
}
