// SPDX-License-Identifier: Apache-2.0
/* The examples of docs/mvasm.md. A block ```mvasm must assemble, ```mvasm error
 * must not; consecutive ```mvasm file=NAME blocks are linked. After them, ```errors has
 * the messages for a file called FILE, ```listing the output of hsx dis without symbols,
 * ```listing named that with them, and ```listing source that of hsx asm --listing. */
#include "support.h"
#include <criterion/criterion.h>
#include <hsx/dis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BLOCKS = 64 };

struct block {
    char info[40];
    char text[4000];
};

struct page {
    struct block blocks[MAX_BLOCKS];
    size_t count;
};

static void read_page(struct page *page)
{
    FILE *in = fopen(HSX_DOCS "/mvasm.md", "r");
    struct block *block = NULL;
    char line[300];

    cr_assert_not_null(in);
    while (fgets(line, sizeof line, in)) {
        if (strncmp(line, "```", 3) != 0) {
            if (block) {
                cr_assert_lt(strlen(block->text) + strlen(line), sizeof block->text);
                strcat(block->text, line);
            }
        } else if (block) {
            block = NULL;
        } else {
            cr_assert_lt(page->count, MAX_BLOCKS);
            block = &page->blocks[page->count++];
            snprintf(block->info, sizeof block->info, "%.*s", (int)strcspn(line + 3, "\n"),
                     line + 3);
        }
    }
    fclose(in);
}

static bool is_file(const struct block *block)
{
    return strncmp(block->info, "mvasm file=", strlen("mvasm file=")) == 0;
}

static void check_listing(const struct outcome *program, const struct hsx_symbols *symbols,
                          const char *expected)
{
    char *text;

    cr_assert_eq(hsx_dis_image(&program->image, program->image.version == 2, symbols, &text),
                 HSX_OK);
    cr_expect_str_eq(text, expected, "the listing is\n%s", text);
    free(text);
}

/* Checks the blocks of listings from first on; returns their number. */
static size_t check_listings(const struct page *page, size_t first, const struct outcome *program,
                             const struct hsx_symbols *symbols, const char *source)
{
    size_t count = 0;

    while (first + count < page->count &&
           strncmp(page->blocks[first + count].info, "listing", strlen("listing")) == 0) {
        const struct block *block = &page->blocks[first + count++];

        if (strcmp(block->info, "listing source") == 0) {
            cr_expect_str_eq(source, block->text, "the listing is\n%s", source);
        } else {
            check_listing(program, strcmp(block->info, "listing named") == 0 ? symbols : NULL,
                          block->text);
        }
    }
    return count;
}

/* Assembles the blocks from first on that belong together; returns their number. */
static size_t check_program(const struct page *page, size_t first)
{
    struct source files[8] = {{"FILE", page->blocks[first].text}};
    struct hsx_asm_options options = {0};
    struct outcome result;
    char *source = NULL;
    size_t count = 1;

    while (is_file(&page->blocks[first]) && first + count < page->count &&
           is_file(&page->blocks[first + count])) {
        files[count] =
            (struct source){page->blocks[first + count].info, page->blocks[first + count].text};
        count++;
    }
    cr_assert_eq(hsx_symbols_create(&options.symbols), HSX_OK);
    options.listing = &source;
    assemble_files(files, count, &options, &result);
    if (strcmp(page->blocks[first].info, "mvasm error") == 0) {
        cr_expect_str_eq(result.errors, page->blocks[first + count].text, "the errors are\n%s",
                         result.errors);
    } else {
        cr_expect_eq(result.status, HSX_OK, "%s%s", page->blocks[first].text, result.errors);
    }
    if (result.status == HSX_OK) {
        count += check_listings(page, first + count, &result, options.symbols, source);
    }
    free(source);
    hsx_symbols_destroy(options.symbols);
    release(&result);
    return count;
}

Test(asm_docs, examples_are_right)
{
    static struct page page;
    size_t programs = 0;

    read_page(&page);
    for (size_t i = 0; i < page.count; i++) {
        if (strncmp(page.blocks[i].info, "mvasm", 5) == 0) {
            i += check_program(&page, i) - 1;
            programs++;
        }
    }
    cr_expect_geq(programs, 7);
}
