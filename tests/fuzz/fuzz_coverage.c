// SPDX-License-Identifier: Apache-2.0
/* The counts of `hsx fuzz --coverage`: accepted input is written and read back unchanged. */
#include "fuzz.h"
#include <hsx/coverage.h>
#include <stdlib.h>
#include <string.h>

static void check_written(const uint64_t *counts)
{
    const size_t points = hsx_coverage_points();
    uint64_t *again = calloc(points, sizeof *again);
    char *text = NULL;
    size_t size = 0;
    unsigned line;
    FILE *out = open_memstream(&text, &size);

    if (!again || !out || hsx_coverage_write(counts, out) != HSX_OK || fclose(out) != 0) {
        abort();
    }
    FILE *in = size > 0 ? fmemopen(text, size, "r") : NULL;

    if (in && hsx_coverage_read(in, again, &line) != HSX_OK) {
        abort();
    }
    if (memcmp(counts, again, points * sizeof *again) != 0) {
        abort();
    }
    if (in) {
        fclose(in);
    }
    free(text);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint64_t *counts = calloc(hsx_coverage_points(), sizeof *counts);
    unsigned line = 0;
    FILE *in = size > 0 ? fmemopen((void *)(uintptr_t)bytes, size, "r") : NULL;

    if (!counts || !in) {
        free(counts);
        return 0;
    }
    if (hsx_coverage_read(in, counts, &line) == HSX_OK) {
        check_written(counts);
    } else if (line == 0) {
        abort();
    }
    fclose(in);
    free(counts);
    return 0;
}
