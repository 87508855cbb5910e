// SPDX-License-Identifier: Apache-2.0
/* The files of `hsx fuzz --corpus`: what is accepted is written and read as the same, and its
 * program can be made. */
#include "fuzz.h"
#include <hsx/corpus.h>
#include <stdlib.h>
#include <string.h>

static void check_written(const struct hsx_corpus_entry *entry, const uint64_t *counts)
{
    const size_t points = hsx_coverage_points();
    uint64_t *again = calloc(points, sizeof *again);
    struct hsx_corpus_entry read;
    char *text = NULL;
    size_t size = 0;
    unsigned line;
    FILE *out = open_memstream(&text, &size);

    if (!again || !out || hsx_corpus_write(entry, counts, out) != HSX_OK || fclose(out) != 0) {
        abort();
    }
    FILE *in = fmemopen(text, size, "r");

    if (!in || hsx_corpus_read(in, &read, again, &line) != HSX_OK || read.tasks != entry->tasks ||
        read.steps != entry->steps || read.recipe.seed != entry->recipe.seed ||
        read.recipe.count != entry->recipe.count ||
        memcmp(read.recipe.edits, entry->recipe.edits, sizeof read.recipe.edits) != 0 ||
        memcmp(counts, again, points * sizeof *again) != 0) {
        abort();
    }
    fclose(in);
    free(text);
    free(again);
}

static void make(const struct hsx_corpus_entry *entry)
{
    struct hsx_fuzz_program *program = malloc(sizeof *program), *spare = malloc(sizeof *spare);

    if (program && spare && entry->tasks <= 2 && entry->recipe.count <= 2) { /* others take long */
        hsx_fuzz_make(&entry->recipe, entry->tasks, entry->steps, HSX_UNITS_ALL, NULL, program,
                      spare);
    }
    free(program);
    free(spare);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint64_t *counts = calloc(hsx_coverage_points(), sizeof *counts);
    struct hsx_corpus_entry entry;
    unsigned line = 0;
    FILE *in = size > 0 ? fmemopen((void *)(uintptr_t)bytes, size, "r") : NULL;

    if (!counts || !in) {
        free(counts);
        return 0;
    }
    if (hsx_corpus_read(in, &entry, counts, &line) == HSX_OK) {
        check_written(&entry, counts);
        make(&entry);
    } else if (line == 0) {
        abort();
    }
    fclose(in);
    free(counts);
    return 0;
}
