#include "internal.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ERRORS = 20, MAX_FILES = 1000, MAX_SOURCE = 16 << 20 };

void asm_report(struct assembler *a, const struct position *at, const char *format, ...)
{
    unsigned limit = a->options->max_errors ? a->options->max_errors : MAX_ERRORS;
    struct hsx_asm_error error = {at->file->path, at->line, at->column, NULL};
    char text[320];
    va_list args;

    if (a->errors == limit) {
        return;
    }
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F) {
            *c = '?'; /* quoted source must not break the line or the terminal */
        }
    }
    error.text = text;
    a->options->report(a->options->context, &error);
    if (a->status == HSX_OK) {
        a->status = HSX_ERR_FORMAT;
    }
    a->errors++;
    a->stop |= a->errors == limit;
}

void asm_out_of_memory(struct assembler *a)
{
    a->status = HSX_ERR_MEMORY;
    a->stop = true;
}

static struct file *new_file(struct assembler *a, const char *path)
{
    struct file **files = realloc(a->files, (a->file_count + 1) * sizeof(struct file *));
    struct file *file = calloc(1, sizeof *file);

    if (files) {
        a->files = files;
    }
    if (file) {
        file->path = strdup(path);
    }
    if (!files || !file || !file->path) {
        free(file);
        asm_out_of_memory(a);
        return NULL;
    }
    a->files[a->file_count++] = file;
    return file;
}

/* hsx.inc is there for every program that has no file of that name. */
static enum hsx_status read_built_in(const char *path, char **text, size_t *size)
{
    const char *slash = strrchr(path, '/');

    if (strcmp(slash ? slash + 1 : path, "hsx.inc") != 0) {
        errno = ENOENT;
        return HSX_ERR_IO;
    }
    *size = strlen(asm_standard_include);
    *text = malloc(*size);
    if (!*text) {
        return HSX_ERR_MEMORY;
    }
    memcpy(*text, asm_standard_include, *size);
    return HSX_OK;
}

const struct file *asm_load_file(struct assembler *a, const char *path, const struct position *at)
{
    struct file *file = new_file(a, path);
    struct position whole = {file, 0, 0};
    enum hsx_status status;

    if (!file) {
        return NULL;
    }
    if (!at) {
        at = &whole;
    }
    if (a->file_count > MAX_FILES) {
        asm_report(a, at, "more than %d files are included", MAX_FILES);
        a->stop = true;
        return NULL;
    }
    errno = 0;
    status = a->options->read(a->options->context, path, &file->text, &file->size);
    if (status == HSX_ERR_IO && errno == ENOENT && at != &whole) {
        status = read_built_in(path, &file->text, &file->size);
    }
    if (status == HSX_ERR_MEMORY) {
        asm_out_of_memory(a);
        return NULL;
    }
    if (status != HSX_OK) {
        asm_report(a, at, "cannot read '%.200s': %s", path,
                   errno ? strerror(errno) : hsx_status_name(status));
        a->status = HSX_ERR_IO;
        return NULL;
    }
    if (file->size > MAX_SOURCE) {
        asm_report(a, at, "'%.200s' is longer than %d bytes", path, MAX_SOURCE);
        return NULL;
    }
    return file;
}

void asm_parse_file(struct assembler *a, const struct file *file, const struct include *parent)
{
    const struct include include = {file, parent, parent ? parent->depth + 1 : 0};
    const char *end = file->text + file->size;
    const char *line = file->text;
    unsigned number = 1;

    while (line < end && !a->stop) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *stop = newline ? newline : end;
        struct cursor c = {a, &include, number, line, line, stop};
        size_t listed;

        if (stop > line && stop[-1] == '\r') {
            c.end--;
        }
        listed = asm_begin_line(&c);
        asm_parse_line(&c);
        asm_end_line(&c, listed);
        line = newline ? newline + 1 : end;
        number++;
    }
}
