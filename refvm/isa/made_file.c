// SPDX-License-Identifier: Apache-2.0
#include "made_file.h"

#include <string.h>

static int usage(const char *program, const struct made_file *kinds, size_t count)
{
    fprintf(stderr, "usage: %s ", program);
    for (size_t i = 0; i < count; i++) {
        fprintf(stderr, "%s%s", i == 0 ? "" : "|", kinds[i].kind);
    }
    fprintf(stderr, " FILE\n");
    return 2;
}

int made_file_main(int argc, char **argv, const struct made_file *kinds, size_t count)
{
    const struct made_file *kind = NULL;

    for (size_t i = 0; argc == 3 && i < count; i++) {
        if (strcmp(argv[1], kinds[i].kind) == 0) {
            kind = &kinds[i];
        }
    }
    if (!kind) {
        return usage(argc > 0 ? argv[0] : "generator", kinds, count);
    }

    FILE *out = fopen(argv[2], "w");

    if (!out) {
        perror(argv[2]);
        return 1;
    }
    kind->print(out);

    int failed = ferror(out);

    if (fclose(out) != 0 || failed) {
        perror(argv[2]);
        return 1;
    }
    return 0;
}
