// SPDX-License-Identifier: Apache-2.0
/* The set of symbols: filling, sealing, lookup by address. */
#include "symbols.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum hsx_status hsx_symbols_create(struct hsx_symbols **symbols)
{
    *symbols = calloc(1, sizeof **symbols);
    return *symbols ? HSX_OK : HSX_ERR_MEMORY;
}

void hsx_symbols_destroy(struct hsx_symbols *s)
{
    if (!s) {
        return;
    }
    for (size_t i = 0; i < s->count; i++) {
        free((char *)s->symbols[i].name);
    }
    for (size_t i = 0; i < s->file_count; i++) {
        free(s->files[i]);
    }
    for (size_t i = 0; i < s->local_count; i++) {
        free((char *)s->locals[i].name);
        free((char *)s->locals[i].type);
    }
    free(s->symbols);
    free(s->locals);
    free(s->lines);
    free(s->files);
    free(s);
}

/* Room for one more; the array doubles whenever count is a power of two. */
static bool grow(void **array, size_t count, size_t size)
{
    void *larger;

    if ((count & (count - 1)) != 0) {
        return true;
    }
    larger = realloc(*array, (count ? 2 * count : 1) * size);
    if (!larger) {
        return false;
    }
    *array = larger;
    return true;
}

/* The set's own copy of a file's name. Neighbours mostly have the same file. */
static bool keep_file(struct hsx_symbols *s, const char *file, const char **kept)
{
    void *files = s->files;
    char *copy;

    *kept = NULL;
    if (!file) {
        return true;
    }
    for (size_t i = s->file_count; i-- > 0;) {
        if (strcmp(s->files[i], file) == 0) {
            *kept = s->files[i];
            return true;
        }
    }
    copy = strdup(file);
    if (!copy || !grow(&files, s->file_count, sizeof *s->files)) {
        free(copy);
        return false;
    }
    s->files = files;
    s->files[s->file_count++] = copy;
    *kept = copy;
    return true;
}

enum hsx_status hsx_symbols_add(struct hsx_symbols *s, const struct hsx_symbol *symbol)
{
    struct hsx_symbol added = *symbol;
    void *symbols = s->symbols;
    char *name;

    if (!keep_file(s, symbol->file, &added.file)) {
        return HSX_ERR_MEMORY;
    }
    name = strdup(symbol->name);
    if (!name || !grow(&symbols, s->count, sizeof *s->symbols)) {
        free(name);
        return HSX_ERR_MEMORY;
    }
    s->symbols = symbols;
    added.name = name;
    s->symbols[s->count++] = added;
    return HSX_OK;
}

enum hsx_status hsx_symbols_add_line(struct hsx_symbols *s, const struct hsx_symbol_line *line)
{
    struct hsx_symbol_line added = *line;
    void *lines = s->lines;

    if (!keep_file(s, line->file, &added.file) || !grow(&lines, s->line_count, sizeof *s->lines)) {
        return HSX_ERR_MEMORY;
    }
    s->lines = lines;
    s->lines[s->line_count++] = added;
    return HSX_OK;
}

enum hsx_status hsx_symbols_add_local(struct hsx_symbols *s, const struct hsx_symbol_local *local)
{
    struct hsx_symbol_local added = *local;
    void *locals = s->locals;
    char *name = strdup(local->name);
    char *type = strdup(local->type);

    if (!name || !type || !grow(&locals, s->local_count, sizeof *s->locals)) {
        free(name);
        free(type);
        return HSX_ERR_MEMORY;
    }
    s->locals = locals;
    added.name = name;
    added.type = type;
    s->locals[s->local_count++] = added;
    return HSX_OK;
}

const struct hsx_symbol_local *hsx_symbols_local_at(const struct hsx_symbols *s, uint32_t pc,
                                                    size_t *at)
{
    while (s && *at < s->local_count) {
        const struct hsx_symbol_local *local = &s->locals[(*at)++];

        if (pc >= local->from && pc < local->to) {
            return local;
        }
    }
    return NULL;
}

static bool is_data(const struct hsx_symbol *symbol)
{
    return symbol->kind == HSX_SYMBOL_DATA;
}

static int order(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_symbols(const void *left, const void *right)
{
    const struct hsx_symbol *a = left;
    const struct hsx_symbol *b = right;
    int by = order(is_data(a), is_data(b));

    by = by ? by : order(a->address, b->address);
    by = by ? by : order(a->name[0] == '.', b->name[0] == '.');
    by = by ? by : order(a->kind, b->kind);
    by = by ? by : order(b->global, a->global);
    return by ? by : strcmp(a->name, b->name);
}

static int compare_lines(const void *left, const void *right)
{
    const struct hsx_symbol_line *a = left;
    const struct hsx_symbol_line *b = right;

    return order(a->pc, b->pc);
}

void hsx_symbols_seal(struct hsx_symbols *s)
{
    if (s->count != 0) {
        qsort(s->symbols, s->count, sizeof *s->symbols, compare_symbols);
    }
    if (s->line_count != 0) {
        qsort(s->lines, s->line_count, sizeof *s->lines, compare_lines);
        s->code_end = s->lines[s->line_count - 1].pc + 8; /* no instruction is longer */
    }
    s->code_count = 0;
    while (s->code_count < s->count && !is_data(&s->symbols[s->code_count])) {
        const struct hsx_symbol *symbol = &s->symbols[s->code_count++];
        uint32_t end = symbol->address + (symbol->size != 0 ? symbol->size : 4);

        s->code_end = end > s->code_end ? end : s->code_end;
    }
}

/* ---- Reading */

size_t hsx_symbols_count(const struct hsx_symbols *s)
{
    return s ? s->count : 0;
}

const struct hsx_symbol *hsx_symbols_get(const struct hsx_symbols *s, size_t index)
{
    return &s->symbols[index];
}

bool hsx_symbols_crc(const struct hsx_symbols *s, uint32_t *crc)
{
    *crc = s->crc;
    return s->has_crc;
}

/* The first of symbols[first .. last) above address; last: none. */
static size_t first_above(const struct hsx_symbols *s, size_t first, size_t last, uint32_t address)
{
    while (first < last) {
        size_t middle = first + (last - first) / 2;

        if (s->symbols[middle].address <= address) {
            first = middle + 1;
        } else {
            last = middle;
        }
    }
    return first;
}

static const struct hsx_symbol *nearest(const struct hsx_symbols *s, size_t first, size_t last,
                                        uint32_t address)
{
    size_t end = first_above(s, first, last, address);
    size_t best = end;

    /* At one address the first is the best; names with a dot say little. */
    for (size_t i = end; i-- > first;) {
        const struct hsx_symbol *symbol = &s->symbols[i];

        if (best != end && s->symbols[best].name[0] != '.' &&
            symbol->address != s->symbols[best].address) {
            break;
        }
        if (best == end || symbol->name[0] != '.') {
            best = i;
        }
    }
    if (best == end || (s->symbols[best].size != 0 &&
                        address - s->symbols[best].address >= s->symbols[best].size)) {
        return NULL;
    }
    return &s->symbols[best];
}

const struct hsx_symbol *hsx_symbols_at_code(const struct hsx_symbols *s, uint32_t pc)
{
    return s && pc < s->code_end ? nearest(s, 0, s->code_count, pc) : NULL;
}

const struct hsx_symbol *hsx_symbols_at_data(const struct hsx_symbols *s, uint32_t address)
{
    return s ? nearest(s, s->code_count, s->count, address) : NULL;
}

static bool print(const struct hsx_symbol *symbol, uint32_t address, char *text, size_t size)
{
    text[0] = '\0';
    if (symbol && symbol->address == address) {
        snprintf(text, size, "%s", symbol->name);
    } else if (symbol) {
        snprintf(text, size, "%s+0x%" PRIX32, symbol->name, address - symbol->address);
    }
    return symbol != NULL;
}

bool hsx_symbols_code_text(const struct hsx_symbols *s, uint32_t pc, char *text, size_t size)
{
    return print(hsx_symbols_at_code(s, pc), pc, text, size);
}

bool hsx_symbols_data_text(const struct hsx_symbols *s, uint32_t address, char *text, size_t size)
{
    return print(hsx_symbols_at_data(s, address), address, text, size);
}

const struct hsx_symbol_line *hsx_symbols_line_at(const struct hsx_symbols *s, uint32_t pc)
{
    const struct hsx_symbol_line key = {.pc = pc};

    return s && s->line_count != 0
               ? bsearch(&key, s->lines, s->line_count, sizeof *s->lines, compare_lines)
               : NULL;
}

bool hsx_symbols_line_text(const struct hsx_symbols *s, uint32_t pc, char *text, size_t size)
{
    const struct hsx_symbol_line *line = hsx_symbols_line_at(s, pc);
    const char *slash = line && line->file ? strrchr(line->file, '/') : NULL;

    text[0] = '\0';
    if (!line || !line->file || line->line == 0) {
        return false;
    }
    snprintf(text, size, "%s:%u", slash ? slash + 1 : line->file, line->line);
    return true;
}
