// SPDX-License-Identifier: Apache-2.0
#include "internal.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ERRORS = 20, MAX_FILES = 1000 };

static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF";

/* The length of the UTF-8 character at text if it may be shown unchanged; 0: it may not,
 * or it is a byte order mark. */
static size_t shown(const unsigned char *text, size_t left)
{
    size_t length = text[0] < 0x80 ? 1 : text[0] < 0xE0 ? 2 : text[0] < 0xF0 ? 3 : 4;

    if (text[0] < 0x20 || text[0] == 0x7F || (text[0] >= 0x80 && text[0] < 0xC3) ||
        text[0] > 0xF4 || length > left || memcmp(text, BYTE_ORDER_MARK, length) == 0) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if (text[i] < 0x80 || text[i] > 0xBF) {
            return 0;
        }
    }
    return length;
}

/* Quoted source must not break the line or the terminal: other bytes are shown as \xNN.
 * malloc'ed. */
static char *escape(const char *text, size_t length)
{
    char *out = malloc(4 * length + 1);
    size_t used = 0;

    for (size_t i = 0; out && i < length;) {
        size_t plain = shown((const unsigned char *)text + i, length - i);

        if (plain == 0) {
            used += (size_t)sprintf(out + used, "\\x%02X", (unsigned char)text[i++]);
            continue;
        }
        memcpy(out + used, text + i, plain);
        used += plain;
        i += plain;
    }
    if (out) {
        out[used] = '\0';
    }
    return out;
}

void asm_vreport(struct assembler *a, const struct position *at, const char *format, va_list args)
{
    unsigned limit = a->options->max_errors ? a->options->max_errors : MAX_ERRORS;
    struct hsx_asm_error error = {at->file->path, at->line, at->column, NULL};
    char *text = NULL;
    char *shown_text = NULL;
    int length;

    if (a->errors == limit) {
        return;
    }
    length = vasprintf(&text, format, args);
    if (length >= 0) {
        shown_text = escape(text, (size_t)length);
        free(text);
    }
    if (!shown_text) {
        asm_out_of_memory(a);
        return;
    }
    error.text = shown_text;
    a->options->report(a->options->context, &error);
    free(shown_text);
    if (a->status == HSX_OK) {
        a->status = HSX_ERR_FORMAT;
    }
    a->errors++;
    a->stop |= a->errors == limit;
}

void asm_report(struct assembler *a, const struct position *at, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    asm_vreport(a, at, format, args);
    va_end(args);
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

/* hsx.inc is built in for programs that have no file of that name. */
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
    if (status == HSX_ERR_FORMAT) {
        asm_report(a, at, "'%s' is no regular file", path);
        a->status = HSX_ERR_IO;
        return NULL;
    }
    if (status == HSX_ERR_NO_ROOM || (status == HSX_OK && file->size > HSX_ASM_MAX_SOURCE)) {
        asm_report(a, at, "'%s' is longer than %d bytes", path, HSX_ASM_MAX_SOURCE);
        return NULL;
    }
    if (status != HSX_OK) {
        asm_report(a, at, "cannot read '%s': %s", path,
                   errno ? strerror(errno) : hsx_status_name(status));
        a->status = HSX_ERR_IO;
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

    if (file->size >= strlen(BYTE_ORDER_MARK) &&
        memcmp(line, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0) {
        line += strlen(BYTE_ORDER_MARK);
    }
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
