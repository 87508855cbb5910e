// SPDX-License-Identifier: Apache-2.0
#include "internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void read_unit(struct assembler *a, const char *path)
{
    void **units = realloc(a->units, (a->unit_count + 1) * sizeof *units);
    const struct file *file;

    if (!units) {
        asm_out_of_memory(a);
        return;
    }
    a->units = units;
    a->units[a->unit_count++] = NULL;
    a->current = SECTION_TEXT;
    file = asm_load_file(a, path, NULL);
    if (file) {
        asm_parse_file(a, file, NULL);
    }
}

/* .bss follows .data directly, so .data ends where .bss can be aligned. */
static void pad_data(struct assembler *a)
{
    struct include include = {a->files[0], NULL, 0};
    struct cursor c = {a, &include, 0, NULL, NULL, NULL};
    size_t alignment = a->sections[SECTION_BSS].alignment;
    uint32_t offset;

    if (alignment > 1) {
        a->current = SECTION_DATA;
        asm_reserve(&c, (alignment - a->sections[SECTION_DATA].size % alignment) % alignment,
                    &offset);
    }
}

static enum hsx_status make_image(struct assembler *a, uint8_t **bytes, size_t *size)
{
    const struct position whole = {a->files[0], 0, 0};
    struct hsx_image_error error;
    struct hsx_image image = {
        .version = (uint16_t)asm_image_version(a),
        .flags = a->flags,
        .entry = a->start,
        .req_caps = a->caps,
        .code = a->sections[SECTION_TEXT].bytes,
        .code_len = (uint32_t)a->sections[SECTION_TEXT].size,
        .ro = a->sections[SECTION_DATA].bytes,
        .ro_len = (uint32_t)a->sections[SECTION_DATA].size,
        .bss_size = (uint32_t)a->sections[SECTION_BSS].size,
        .mailboxes = a->mailboxes,
    };
    enum hsx_status status;

    memcpy(image.name, a->name, sizeof a->name);
    if (a->options->name) {
        snprintf(image.name, sizeof image.name, "%s", a->options->name);
    }
    status = hsx_image_write(&image, bytes, size, &error);
    if (status == HSX_ERR_FORMAT) {
        asm_report(a, &whole, "%s", error.text);
    }
    return status;
}

static void release(struct assembler *a)
{
    asm_free_symbols(a);
    for (size_t i = 0; i < a->file_count; i++) {
        free(a->files[i]->path);
        free(a->files[i]->text);
        free(a->files[i]);
    }
    free(a->files);
    free(a->fixups);
    free(a->origins);
    free(a->listed);
    free(a->places);
    for (int i = 0; i < SECTIONS; i++) {
        free(a->sections[i].bytes);
    }
    hsx_mailboxes_clear(&a->mailboxes);
}

enum hsx_status hsx_assemble(const char *const *paths, size_t count,
                             const struct hsx_asm_options *options, uint8_t **image, size_t *size)
{
    struct assembler a = {.options = options};

    *image = NULL;
    *size = 0;
    if (options->listing) {
        *options->listing = NULL;
    }
    if (count == 0 || options->version > 2 ||
        (options->name && strlen(options->name) > HSX_NAME_SIZE)) {
        return HSX_ERR_ARGUMENT;
    }
    for (size_t i = 0; i < count && !a.stop; i++) {
        read_unit(&a, paths[i]);
    }
    if (!a.stop) {
        pad_data(&a);
        asm_collect_exports(&a);
        asm_link_fixups(&a);
        a.start = asm_link_entry(&a);
    }
    if (a.status == HSX_OK) {
        a.status = make_image(&a, image, size);
    }
    if (a.status == HSX_OK && options->symbols) {
        a.status = asm_fill_symbols(&a);
    }
    if (a.status == HSX_OK && options->listing) {
        a.status = asm_write_listing(&a);
    }
    if (a.status != HSX_OK) {
        free(*image);
        *image = NULL;
        *size = 0;
    }
    release(&a);
    return a.status;
}
