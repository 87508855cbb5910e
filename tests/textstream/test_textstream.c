// SPDX-License-Identifier: Apache-2.0
/* Text that is collected in memory is whole, or fclose reports that it is not, whichever allocation
 * fails. The linker's --wrap leads the stream's allocations here. */
#include "textstream.h"
#include <criterion/criterion.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 5000, LINE = 12 };

static unsigned calls, failing; /* allocations so far, and which of them fails; 0: none */

void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);

void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    return ++calls == failing ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size);
void *__wrap_realloc(void *block, size_t size)
{
    return ++calls == failing ? NULL : __real_realloc(block, size);
}

/* Writes lines, padded as printf does it. True: fclose reports that all is well. */
static bool write_lines(char **text, size_t *size)
{
    FILE *out = textstream_open(text, size);

    if (!out) {
        cr_assert_null(*text);
        return false;
    }
    for (int i = 0; i < LINES; i++) {
        fprintf(out, "%*d\n", LINE - 1, i);
    }
    return fclose(out) == 0;
}

Test(textstream, all_text_is_there)
{
    char *text;
    size_t size;

    cr_assert(write_lines(&text, &size));
    cr_assert_eq(size, (size_t)LINES * LINE);
    cr_assert_eq(strlen(text), size);
    for (int i = 0; i < LINES; i++) {
        cr_assert_eq(atoi(text + (size_t)i * LINE), i);
    }
    free(text);
}

Test(textstream, nothing_is_a_text_too)
{
    char *text;
    size_t size;
    FILE *out = textstream_open(&text, &size);

    cr_assert_not_null(out);
    cr_assert_eq(fclose(out), 0);
    cr_assert_eq(size, 0);
    cr_assert_str_eq(text, "");
    free(text);
}

Test(textstream, bytes_of_any_value_are_kept)
{
    static const char bytes[] = "a\0b\xFF\n";
    char *text;
    size_t size;
    FILE *out = textstream_open(&text, &size);

    cr_assert_not_null(out);
    fwrite(bytes, 1, sizeof bytes, out);
    cr_assert_eq(fclose(out), 0);
    cr_assert_eq(size, sizeof bytes);
    cr_assert_eq(memcmp(text, bytes, size), 0);
    free(text);
}

Test(textstream, an_allocation_that_fails_is_reported)
{
    for (failing = 1;; failing++) {
        char *text;
        size_t size;

        calls = 0;
        bool good = write_lines(&text, &size);

        if (calls < failing) {
            cr_assert(good);
            free(text);
            break;
        }
        cr_assert(!good, "allocation %u failed and was not reported", failing);
        cr_assert_null(text);
    }
    cr_assert_gt(failing, 4);
}
