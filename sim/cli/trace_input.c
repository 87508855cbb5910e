// SPDX-License-Identifier: Apache-2.0
#include "trace_input.h"
#include "files.h"
#include "symbol_files.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static enum hsx_status next(void *ctx, const struct hsx_trace_event **event,
                            struct hsx_trace_error *error)
{
    struct trace_input *input = ctx;

    return hsx_trace_next(input->reader, event, error);
}

/* Standard input can be read only once. */
static FILE *copy_of_stdin(void)
{
    FILE *copy = tmpfile();
    char bytes[1 << 14];
    size_t size;

    while (copy && (size = fread(bytes, 1, sizeof bytes, stdin)) != 0) {
        if (fwrite(bytes, 1, size, copy) != size) {
            fclose(copy);
            return NULL;
        }
    }
    if (copy) {
        rewind(copy);
    }
    return copy;
}

static enum hsx_status start(struct trace_input *input, struct hsx_trace_error *error)
{
    const char *name = strcmp(input->path, "-") == 0 ? "standard input" : input->path;
    enum hsx_status status = hsx_trace_open(input->in, name, &input->reader, error);

    if (status == HSX_OK) {
        input->source = (struct hsx_trace_source){
            .ctx = input, .header = hsx_trace_reader_header(input->reader), .next = next};
    }
    return status;
}

enum hsx_status trace_input_open(struct trace_input *input, const char *path, bool again)
{
    bool standard = strcmp(path, "-") == 0;
    struct hsx_trace_error error;
    enum hsx_status status;

    *input = (struct trace_input){.path = path};
    input->in = !standard ? fopen(path, "rb") : again ? copy_of_stdin() : stdin;
    if (!input->in) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return HSX_ERR_IO;
    }
    status = start(input, &error);
    if (status != HSX_OK) {
        fprintf(stderr, "%s\n", error.text);
        trace_input_close(input);
    }
    return status;
}

enum hsx_status trace_input_again(void *ctx, struct hsx_trace_error *error)
{
    struct trace_input *input = ctx;

    hsx_trace_close(input->reader);
    input->reader = NULL;
    if (fseek(input->in, 0, SEEK_SET) != 0) {
        snprintf(error->text, sizeof error->text, "%.200s: cannot be read twice", input->path);
        return HSX_ERR_IO;
    }
    return start(input, error);
}

void trace_input_warn(const struct trace_input *input)
{
    const char *cut = hsx_trace_cut(input->reader);

    if (cut) {
        fprintf(stderr, "%s: %s\n", input->path, cut);
    }
}

void trace_input_close(struct trace_input *input)
{
    hsx_trace_close(input->reader);
    if (input->in && input->in != stdin) {
        fclose(input->in);
    }
    *input = (struct trace_input){0};
}

/* ---- Images */

static bool add_name(struct trace_images *images, uint32_t pid, struct hsx_symbols *symbols)
{
    struct hsx_tracetool_name *items = realloc(images->items, (images->named + 1) * sizeof *items);
    struct hsx_symbols **list;

    if (items) {
        images->items = items;
    }
    list = realloc(images->symbols, (images->named + 1) * sizeof(struct hsx_symbols *));
    if (list) {
        images->symbols = list;
    }
    if (!items || !list) {
        hsx_symbols_destroy(symbols);
        return false;
    }
    items[images->named] = (struct hsx_tracetool_name){pid, symbols};
    list[images->named++] = symbols;
    return true;
}

/* Printed once per file, which may be the image of several tasks. */
static void say_nameless(const struct hsx_trace_header *header, size_t i, const char *why)
{
    const char *file = header->images[i].file;

    for (size_t before = 0; before < i; before++) {
        if (strcmp(header->images[before].file, file) == 0) {
            return;
        }
    }
    fprintf(stderr, "%s: %s; its tasks are shown without names of places\n", file, why);
}

/* The image named in the header may still exist, unchanged. */
static enum hsx_status name_by_header(struct trace_images *images,
                                      const struct hsx_trace_header *header, size_t i)
{
    const struct hsx_trace_image *image = &header->images[i];
    enum hsx_status status = HSX_OK;
    char *bytes;
    size_t size;

    if (image->file[0] == '\0' || strcmp(image->file, "-") == 0) {
        return HSX_OK;
    }
    if (hsx_read_file(image->file, &bytes, &size) != HSX_OK) {
        say_nameless(header, i, strerror(errno));
        return HSX_OK;
    }
    if (image->has_hash && hsx_trace_hash((const uint8_t *)bytes, size) != image->hash) {
        say_nameless(header, i, "not the image of the trace any more");
    } else if (!add_name(images, image->pid,
                         hsx_file_symbols_of(image->file, bytes, size, stderr))) {
        status = HSX_ERR_MEMORY;
    }
    free(bytes);
    return status;
}

static enum hsx_status read_all(struct trace_images *images, char **files, size_t count,
                                const struct hsx_trace_header *header)
{
    enum hsx_status status = HSX_OK;

    *images = (struct trace_images){.programs = calloc(count + 1, sizeof *images->programs)};
    if (!images->programs) {
        return HSX_ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        char *bytes;
        size_t size;

        if (hsx_read_file(files[i], &bytes, &size) != HSX_OK) {
            fprintf(stderr, "%s: %s\n", files[i], strerror(errno));
            return HSX_ERR_IO;
        }
        images->programs[images->count++] =
            (struct hsx_trace_program){files[i], (const uint8_t *)bytes, size};
        if (!add_name(images, (uint32_t)(i + 1),
                      hsx_file_symbols_of(files[i], bytes, size, stderr))) {
            return HSX_ERR_MEMORY;
        }
    }
    for (size_t i = 0; status == HSX_OK && count == 0 && i < header->image_count; i++) {
        status = name_by_header(images, header, i);
    }
    images->names.items = images->items;
    images->names.count = images->named;
    return status;
}

enum hsx_status trace_images_read(struct trace_images *images, char **files, size_t count,
                                  const struct hsx_trace_header *header)
{
    enum hsx_status status = read_all(images, files, count, header);

    if (status == HSX_ERR_MEMORY) {
        fprintf(stderr, "images of the trace: out of memory\n");
    }
    return status;
}

void trace_images_free(struct trace_images *images)
{
    for (size_t i = 0; i < images->count; i++) {
        free((void *)(uintptr_t)images->programs[i].bytes);
    }
    for (size_t i = 0; i < images->named; i++) {
        hsx_symbols_destroy(images->symbols[i]);
    }
    free(images->programs);
    free(images->symbols);
    free(images->items);
}
