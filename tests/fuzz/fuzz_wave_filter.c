// SPDX-License-Identifier: Apache-2.0
/* What GTKWave asks `hsx wave filter`: each line has one line for an answer. The first byte chooses
 * the filter. */
#include "fuzz.h"
#include <hsx/wave.h>
#include <stdlib.h>

static size_t lines_of(const char *bytes, size_t size)
{
    size_t lines = 0;

    for (size_t i = 0; i < size; i++) {
        lines += bytes[i] == '\n';
    }
    return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct hsx_wave_task tasks[] = {{.name = "first"}, {.call_words = true}};
    char *answers = NULL;
    size_t length = 0;

    if (size < 2) {
        return 0;
    }
    const enum hsx_wave_filter filter =
        (enum hsx_wave_filter)(HSX_FILTER_NONE + 1 + bytes[0] % (HSX_FILTERS - 1));
    FILE *in = fmemopen((void *)(uintptr_t)(bytes + 1), size - 1, "r");
    FILE *out = open_memstream(&answers, &length);

    if (!in || !out) {
        abort();
    }
    hsx_wave_filter_lines(filter, tasks, 2, in, out);
    fclose(in);
    if (fclose(out) != 0 ||
        lines_of(answers, length) < lines_of((const char *)bytes + 1, size - 1)) {
        abort();
    }
    free(answers);
    return 0;
}
