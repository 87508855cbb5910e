// SPDX-License-Identifier: Apache-2.0
/* The sources of the image's bytes: symbols, lines and the listing. */
#include "internal.h"
#include "textstream.h"
#include <hsx/machine.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_A_ROW = 2, BYTES_A_ROW = 8, ROW_WIDTH = 24 };

/* Makes room for one more; the capacity doubles whenever count is a power of two. */
static bool grow(struct assembler *a, void **array, size_t count, size_t size)
{
    void *larger = *array;

    if ((count & (count - 1)) == 0) {
        larger = realloc(*array, (count ? 2 * count : 1) * size);
    }
    if (!larger) {
        asm_out_of_memory(a);
        return false;
    }
    *array = larger;
    return true;
}

bool asm_note_origin(struct cursor *c, uint32_t offset)
{
    struct assembler *a = c->assembler;
    void *origins = a->origins;

    if (!a->options->symbols) {
        return true;
    }
    if (!grow(a, &origins, a->origin_count, sizeof *a->origins)) {
        return false;
    }
    a->origins = origins;
    a->origins[a->origin_count++] = (struct origin){offset, c->include->file, c->line};
    return true;
}

size_t asm_begin_line(struct cursor *c)
{
    struct assembler *a = c->assembler;
    void *listed = a->listed;

    if (!a->options->listing || !grow(a, &listed, a->listed_count, sizeof *a->listed)) {
        return 0;
    }
    a->listed = listed;
    a->listed[a->listed_count] = (struct listed){.file = c->include->file,
                                                 .line = c->line,
                                                 .text = c->start,
                                                 .length = (size_t)(c->end - c->start),
                                                 .section = a->current,
                                                 .offset = (uint32_t)a->sections[a->current].size};
    return a->listed_count++;
}

void asm_end_line(struct cursor *c, size_t index)
{
    struct assembler *a = c->assembler;
    struct listed *listed;

    /* The lines of an included file have their own bytes. */
    if (!a->options->listing || index + 1 != a->listed_count) {
        return;
    }
    listed = &a->listed[index];
    if (a->current != listed->section) {
        listed->section = a->current;
        listed->offset = (uint32_t)a->sections[a->current].size;
    }
    listed->size = (uint32_t)a->sections[a->current].size - listed->offset;
}

/* ---- Symbols */

static void count_place(struct assembler *a, struct symbol *symbol)
{
    a->place_count += symbol->section < SECTIONS;
}

static void add_place(struct assembler *a, struct symbol *symbol)
{
    if (symbol->section < SECTIONS) {
        a->places[a->place_count++] = symbol;
    }
}

static int compare_places(const void *left, const void *right)
{
    const struct symbol *a = *(struct symbol *const *)left;
    const struct symbol *b = *(struct symbol *const *)right;

    if (a->section != b->section) {
        return (a->section > b->section) - (a->section < b->section);
    }
    return (a->offset > b->offset) - (a->offset < b->offset);
}

static bool find_places(struct assembler *a)
{
    if (a->places) {
        return true;
    }
    asm_each_symbol(a, count_place);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
    a->places = malloc((a->place_count + 1) * sizeof *a->places);
    if (!a->places) {
        return false;
    }
    a->place_count = 0;
    asm_each_symbol(a, add_place);
    if (a->place_count != 0) {
        qsort(a->places, a->place_count, sizeof(struct symbol *), compare_places);
    }
    return true;
}

static enum hsx_symbol_kind kind_of(const struct assembler *a, const struct symbol *symbol)
{
    if (symbol->section != SECTION_TEXT) {
        return HSX_SYMBOL_DATA;
    }
    return symbol->called || symbol->exported.file || symbol->offset == a->start
               ? HSX_SYMBOL_FUNCTION
               : HSX_SYMBOL_LABEL;
}

static enum hsx_status fill_place(struct assembler *a, const struct symbol *symbol, uint32_t size)
{
    char *name = strndup(symbol->name, symbol->length);
    struct hsx_symbol added = {.name = name,
                               .kind = kind_of(a, symbol),
                               .global = symbol->exported.file != NULL,
                               .address = (uint32_t)asm_symbol_value(a, symbol),
                               .size = size,
                               .file = symbol->defined.file->path,
                               .line = symbol->defined.line};
    enum hsx_status status = name ? hsx_symbols_add(a->options->symbols, &added) : HSX_ERR_MEMORY;

    free(name);
    return status;
}

/* A function or piece of data extends to the next one, or to the end of its section. */
static enum hsx_status fill_places(struct assembler *a)
{
    enum hsx_status status = HSX_OK;
    size_t here[SECTIONS], end[SECTIONS];

    for (int i = 0; i < SECTIONS; i++) {
        here[i] = end[i] = a->sections[i].size;
    }
    for (size_t i = a->place_count; status == HSX_OK && i-- > 0;) {
        const struct symbol *symbol = a->places[i];
        uint32_t size = 0;

        if (kind_of(a, symbol) != HSX_SYMBOL_LABEL) {
            if (symbol->offset != here[symbol->section]) {
                end[symbol->section] = here[symbol->section];
                here[symbol->section] = symbol->offset;
            }
            size = (uint32_t)end[symbol->section] - symbol->offset;
        }
        status = fill_place(a, symbol, size);
    }
    return status;
}

enum hsx_status asm_fill_symbols(struct assembler *a)
{
    enum hsx_status status = find_places(a) ? fill_places(a) : HSX_ERR_MEMORY;

    for (size_t i = 0; status == HSX_OK && i < a->origin_count; i++) {
        const struct origin *origin = &a->origins[i];
        const struct hsx_symbol_line line = {.pc = origin->offset,
                                             .word = asm_get_code(a, origin->offset),
                                             .file = origin->file->path,
                                             .line = origin->line};

        status = hsx_symbols_add_line(a->options->symbols, &line);
    }
    if (status == HSX_OK) {
        hsx_symbols_seal(a->options->symbols);
    }
    return status;
}

/* ---- The listing */

static void print_source(FILE *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];

        if ((byte < 0x20 && byte != '\t') || byte == 0x7F) {
            fprintf(out, "\\x%02X", byte);
        } else {
            fputc(byte, out);
        }
    }
}

/* Prints one row: at most so many bytes of a line from byte `done` on, padded to the
 * width; returns how many. */
static uint32_t print_row(FILE *out, const struct assembler *a, const struct listed *line,
                          uint32_t done, int width)
{
    bool code = line->section == SECTION_TEXT;
    uint32_t left = line->size - done;
    uint32_t room = code ? 4 * WORDS_A_ROW : BYTES_A_ROW;
    uint32_t count = left < room ? left : room;
    uint32_t base = code ? 0
                    : line->section == SECTION_DATA
                        ? HSX_DATA_LINK
                        : HSX_DATA_LINK + (uint32_t)a->sections[SECTION_DATA].size;
    char text[4 * BYTES_A_ROW] = "";
    size_t used = 0;

    if (line->section == SECTION_BSS) {
        used = (size_t)snprintf(text, sizeof text, "%" PRIu32 " zeroed", left);
        count = left;
    }
    for (uint32_t i = 0; line->section != SECTION_BSS && i < count; i += code ? 4 : 1) {
        uint32_t at = line->offset + done + i;

        used += (size_t)(code ? snprintf(text + used, sizeof text - used, "%08" PRIX32 " ",
                                         asm_get_code(a, at))
                              : snprintf(text + used, sizeof text - used, "%02X ",
                                         a->sections[SECTION_DATA].bytes[at]));
    }
    if (used != 0 && text[used - 1] == ' ') {
        text[used - 1] = '\0';
    }
    fprintf(out, "%04" PRIX32 "  %-*s", base + line->offset + done, width, text);
    return count;
}

static void print_line(FILE *out, const struct assembler *a, const struct listed *line)
{
    uint32_t done = 0;

    if (line->size == 0) {
        fprintf(out, "%30s", "");
    } else {
        done = print_row(out, a, line, 0, ROW_WIDTH);
    }
    fprintf(out, " %5u  ", line->line);
    print_source(out, line->text, line->length);
    fputc('\n', out);
    /* Showing a long fill completely would add nothing. */
    if (line->section == SECTION_TEXT && line->size > 64 * WORDS_A_ROW) {
        fprintf(out, "%6s... up to %04" PRIX32 "\n", "", line->offset + line->size - 4);
        return;
    }
    while (done < line->size) {
        done += print_row(out, a, line, done, 0);
        fputc('\n', out);
    }
}

static void print_symbols(FILE *out, const struct assembler *a)
{
    static const char *const kinds[] = {"function", "label", "data"};

    fputs("\nSymbols\n", out);
    for (size_t i = 0; i < a->place_count; i++) {
        const struct symbol *symbol = a->places[i];

        fprintf(out, "%04" PRIX32 "  %-8s  %.*s  %s:%u\n", (uint32_t)asm_symbol_value(a, symbol),
                kinds[kind_of(a, symbol)], (int)symbol->length, symbol->name,
                symbol->defined.file->path, symbol->defined.line);
    }
}

enum hsx_status asm_write_listing(struct assembler *a)
{
    const struct file *file = NULL;
    size_t size;
    FILE *out = textstream_open(a->options->listing, &size);
    bool ok = out && find_places(a);

    for (size_t i = 0; ok && i < a->listed_count; i++) {
        if (a->listed[i].file != file) {
            file = a->listed[i].file;
            fprintf(out, "%s%s\n", i ? "\n" : "", file->path);
        }
        print_line(out, a, &a->listed[i]);
    }
    if (ok) {
        print_symbols(out, a);
    }
    ok = out && fclose(out) == 0 && ok;
    if (!ok) {
        free(*a->options->listing);
        *a->options->listing = NULL;
    }
    return ok ? HSX_OK : HSX_ERR_MEMORY;
}
