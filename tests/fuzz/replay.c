// SPDX-License-Identifier: Apache-2.0
/* Runs a harness on the files named on the command line. */
#include "fuzz.h"
#include <stdio.h>
#include <stdlib.h>

static int replay(const char *path)
{
    FILE *in = fopen(path, "rb");
    uint8_t *bytes;
    long size;

    if (!in || fseek(in, 0, SEEK_END) != 0 || (size = ftell(in)) < 0) {
        perror(path);
        return EXIT_FAILURE;
    }
    rewind(in);
    bytes = malloc((size_t)size + 1);
    if (!bytes || fread(bytes, 1, (size_t)size, in) != (size_t)size) {
        perror(path);
        return EXIT_FAILURE;
    }
    fclose(in);
    LLVMFuzzerTestOneInput(bytes, (size_t)size);
    free(bytes);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (replay(argv[i]) != EXIT_SUCCESS) {
            return EXIT_FAILURE;
        }
    }
    return argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
