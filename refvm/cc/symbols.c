// SPDX-License-Identifier: Apache-2.0
/*
 * The assembler gives each place a line of the generated assembly. Here it is replaced by the line
 * of the C file; labels inside functions, which mean nothing to users, are dropped.
 */
#include "symbols.h"
#include "memory.h"
#include <hsx/image.h>
#include <hsx/machine.h>
#include <stdlib.h>
#include <string.h>

static void check(enum hsx_status status)
{
    if (status != HSX_OK) {
        cc_no_memory();
    }
}

static bool is_inner_label(const char *name)
{
    return name[0] == '.' && (name[1] == 'L' || name[1] == 'F') && name[2] >= '0' && name[2] <= '9';
}

/* The item of the code at pc, at or after *at; NULL: it is the library's assembly. */
static const struct code_item *item_at(const struct code *code, size_t *at, uint32_t pc)
{
    struct code_part parts[CODE_MOST_PARTS];

    for (; *at < code->count; ++*at) {
        size_t count = code_parts(&code->items[*at], parts);

        for (size_t i = 0; i < count; i++) {
            if (parts[i].address == pc) {
                return &code->items[*at];
            }
        }
        if (count > 0 && parts[0].address > pc) {
            break;
        }
    }
    return NULL;
}

/* file if it is the user's assembly, not a unit internal to the compiler. */
static const char *shown(const struct cc_assembly *assembly, const char *file)
{
    for (size_t i = 1; file && i < assembly->count; i++) {
        if (strcmp(file, assembly->units[i].path) == 0) {
            return file;
        }
    }
    return NULL;
}

static void add_lines(struct hsx_symbols *to, const struct hsx_symbols *assembled,
                      const struct code *code, const struct cc_assembly *assembly,
                      uint32_t code_length)
{
    size_t at = 0;

    for (uint32_t pc = 0; pc < code_length; pc += 4) {
        const struct hsx_symbol_line *line = hsx_symbols_line_at(assembled, pc);
        const struct code_item *item = line ? item_at(code, &at, pc) : NULL;
        struct hsx_symbol_line added = {.pc = pc};

        if (!line) {
            continue;
        }
        added.word = line->word;
        if (item && item->note.file) {
            added.file = item->note.file;
            added.line = item->note.line;
        } else if (shown(assembly, line->file)) {
            added.file = line->file;
            added.line = line->line;
        }
        check(hsx_symbols_add_line(to, &added));
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const struct code_item *const *)a)->name,
                  (*(const struct code_item *const *)b)->name);
}

static void add_functions(struct hsx_symbols *to, const struct hsx_symbols *assembled,
                          const struct code *code, const struct cc_assembly *assembly)
{
    const size_t size = sizeof(const struct code_item *); /* NOLINT(bugprone-sizeof-expression) */
    const struct code_item **functions = cc_allocate(code->count, size);
    size_t count = 0;

    for (size_t i = 0; i < code->count; i++) {
        if (code->items[i].kind == CODE_FUNCTION) {
            functions[count++] = &code->items[i];
        }
    }
    qsort(functions, count, size, by_name);
    for (size_t i = 0; i < hsx_symbols_count(assembled); i++) {
        struct hsx_symbol symbol = *hsx_symbols_get(assembled, i);
        const struct code_item key = {.name = symbol.name};
        const struct code_item *wanted = &key;
        const struct code_item **found;

        if (shown(assembly, symbol.file)) {
            check(hsx_symbols_add(to, &symbol));
            continue;
        }
        if (symbol.kind == HSX_SYMBOL_DATA || is_inner_label(symbol.name)) {
            continue;
        }
        found = bsearch(&wanted, functions, count, size, by_name);
        symbol.file = found ? (*found)->note.file : NULL;
        symbol.line = found ? (*found)->note.line : 0;
        check(hsx_symbols_add(to, &symbol));
    }
    free(functions);
}

static const struct hsx_symbol *data_called(const struct hsx_symbols *assembled, const char *name)
{
    for (size_t i = 0; i < hsx_symbols_count(assembled); i++) {
        const struct hsx_symbol *symbol = hsx_symbols_get(assembled, i);

        if (symbol->kind == HSX_SYMBOL_DATA && strcmp(symbol->name, name) == 0) {
            return symbol;
        }
    }
    return NULL;
}

static void add_variables(struct hsx_symbols *to, const struct hsx_symbols *assembled,
                          const struct cc_module *m, const struct cc_target *target)
{
    for (LLVMValueRef v = LLVMGetFirstGlobal(m->module); v; v = LLVMGetNextGlobal(v)) {
        const struct hsx_symbol *known = data_called(assembled, cc_name_of(target->names, v));
        struct cc_source source = cc_source_of_variable(target->sources, v);
        struct hsx_symbol symbol;

        if (known && !LLVMIsDeclaration(v)) {
            symbol = *known;
            symbol.size = (uint32_t)LLVMABISizeOfType(m->layout, LLVMGlobalGetValueType(v));
            symbol.file = source.file;
            symbol.line = source.line;
            check(hsx_symbols_add(to, &symbol));
        }
    }
}

static uint32_t address_of(const struct code *code, size_t item, uint32_t end)
{
    return item < code->count ? code->items[item].address : end;
}

static void add_locals(struct hsx_symbols *to, const struct code *code, uint32_t code_length)
{
    for (size_t i = 0; i < code->place_count; i++) {
        const struct code_place *place = &code->places[i];
        const struct hsx_symbol_local local = {
            .name = place->variable->name,
            .type = place->variable->type,
            .form = (enum hsx_symbol_form)place->variable->form,
            .size = place->variable->size < HSX_DATA_SIZE ? place->variable->size : HSX_DATA_SIZE,
            .from = address_of(code, place->first, code_length),
            .to = address_of(code, place->last, code_length),
            .store = place->store,
            .reg = place->reg,
            .offset = place->offset};

        if (local.from < local.to) {
            check(hsx_symbols_add_local(to, &local));
        }
    }
}

char *cc_symbols_text(const struct hsx_symbols *assembled, const struct cc_module *m,
                      const struct cc_target *target, const struct code *code,
                      const struct cc_assembly *assembly, const char *path, const uint8_t *image,
                      size_t size)
{
    struct hsx_symbols *symbols;
    struct hsx_image_error error;
    struct hsx_image parsed;
    char *text;

    check(hsx_symbols_create(&symbols));
    check(hsx_image_parse(image, size, &parsed, &error));
    add_functions(symbols, assembled, code, assembly);
    add_variables(symbols, assembled, m, target);
    add_lines(symbols, assembled, code, assembly, parsed.code_len);
    add_locals(symbols, code, parsed.code_len);
    hsx_symbols_seal(symbols);
    text = hsx_symbols_format(symbols, path, parsed.crc);
    hsx_image_clear(&parsed);
    hsx_symbols_destroy(symbols);
    if (!text) {
        cc_no_memory();
    }
    return text;
}
