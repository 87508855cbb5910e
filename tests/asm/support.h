// SPDX-License-Identifier: Apache-2.0
/* Assembles sources in memory. */
#ifndef HSX_TEST_ASM_SUPPORT_H
#define HSX_TEST_ASM_SUPPORT_H

#include <hsx/asm.h>
#include <hsx/image.h>

/* One file; an array of them ends with path NULL. */
struct source {
    const char *path;
    const char *text;
};

struct outcome {
    enum hsx_status status;
    uint8_t *bytes;
    size_t size;
    struct hsx_image image; /* parsed from bytes, when status is HSX_OK */
    unsigned error_count;
    char errors[8192]; /* "path:line:column: text\n" for each */
};

/* Assembles the first count of files; the others can be included. options may
 * be NULL; its callbacks are filled in. */
void assemble_files(const struct source *files, size_t count, const struct hsx_asm_options *options,
                    struct outcome *result);

/* One file called t.mvasm. assemble_good demands success. */
void assemble_bytes(const char *text, size_t size, struct outcome *result);
void assemble(const char *text, struct outcome *result);
void assemble_good(const char *text, struct outcome *result);

void release(struct outcome *result);

/* The word at byte offset at of the code. */
uint32_t code_word(const struct outcome *result, uint32_t at);

/* Demands that text is refused with exactly these lines of errors. */
void expect_errors(const char *text, const char *errors);

#endif
