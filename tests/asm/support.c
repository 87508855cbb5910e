// SPDX-License-Identifier: Apache-2.0
#include "support.h"
#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct context {
    const struct source *files;
    size_t size; /* of the first file; 0: up to its NUL */
    struct outcome *result;
};

static enum hsx_status read_memory(void *context, const char *path, char **text, size_t *size)
{
    const struct context *c = context;
    const struct source *file = c->files;

    while (file->path && strcmp(file->path, path) != 0) {
        file++;
    }
    if (!file->path) {
        errno = ENOENT;
        return HSX_ERR_IO;
    }
    *size = file == c->files && c->size ? c->size : strlen(file->text);
    *text = malloc(*size ? *size : 1); /* no NUL: reading past the end is an error */
    if (!*text) {
        return HSX_ERR_MEMORY;
    }
    memcpy(*text, file->text, *size);
    return HSX_OK;
}

static void collect(void *context, const struct hsx_asm_error *error)
{
    struct outcome *result = ((struct context *)context)->result;
    size_t used = strlen(result->errors);

    snprintf(result->errors + used, sizeof result->errors - used, "%s:%u:%u: %s\n", error->path,
             error->line, error->column, error->text);
    result->error_count++;
}

static void assemble_all(const struct source *files, size_t count,
                         const struct hsx_asm_options *options, size_t size, struct outcome *result)
{
    struct context context = {files, size, result};
    struct hsx_asm_options all = options ? *options : (struct hsx_asm_options){0};
    const char *paths[8];

    cr_assert_leq(count, sizeof paths / sizeof paths[0]);
    for (size_t i = 0; i < count; i++) {
        paths[i] = files[i].path;
    }
    *result = (struct outcome){0};
    all.context = &context;
    all.read = read_memory;
    all.report = collect;
    result->status = hsx_assemble(paths, count, &all, &result->bytes, &result->size);
    if (result->status == HSX_OK) {
        struct hsx_image_error error;

        cr_assert_eq(hsx_image_parse(result->bytes, result->size, &result->image, &error), HSX_OK,
                     "%s", error.text);
        cr_assert_eq(result->error_count, 0);
    } else {
        cr_assert_null(result->bytes);
        cr_assert_gt(result->error_count, 0);
    }
}

void assemble_files(const struct source *files, size_t count, const struct hsx_asm_options *options,
                    struct outcome *result)
{
    assemble_all(files, count, options, 0, result);
}

void assemble_bytes(const char *text, size_t size, struct outcome *result)
{
    const struct source files[] = {{"t.mvasm", text}, {0}};

    assemble_all(files, 1, NULL, size, result);
}

void assemble(const char *text, struct outcome *result)
{
    const struct source files[] = {{"t.mvasm", text}, {0}};

    assemble_files(files, 1, NULL, result);
}

void assemble_good(const char *text, struct outcome *result)
{
    assemble(text, result);
    cr_assert_eq(result->status, HSX_OK, "%s\n%s", text, result->errors);
}

void release(struct outcome *result)
{
    hsx_image_clear(&result->image);
    free(result->bytes);
}

uint32_t code_word(const struct outcome *result, uint32_t at)
{
    uint32_t words[0x4000];

    cr_assert_lt(at, result->image.code_len);
    hsx_image_words(&result->image, words);
    return words[at / 4];
}

void expect_errors(const char *text, const char *errors)
{
    struct outcome result;

    assemble(text, &result);
    cr_expect_neq(result.status, HSX_OK, "accepted:\n%s", text);
    cr_expect_str_eq(result.errors, errors, "got:\n%sexpected:\n%s", result.errors, errors);
    release(&result);
}
