// SPDX-License-Identifier: Apache-2.0
#include "command_line.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *command_line_join(int argc, char **argv)
{
    size_t size = 1;
    char *text;
    char *at;

    for (int i = 0; i < argc; i++) {
        size += strlen(argv[i]) + 3;
    }
    text = at = calloc(size, 1);
    if (!text) {
        fprintf(stderr, "%s: out of memory\n", argv[0]);
        return NULL;
    }
    for (int i = 0; i < argc; i++) {
        const char *quote =
            i > 0 && strcspn(argv[i], " \t\"$&;()<>|*?`\\") < strlen(argv[i]) ? "'" : "";

        at += sprintf(at, "%s%s%s%s", i > 0 ? " " : "", quote, argv[i], quote);
    }
    return text;
}

bool command_line_parse(const struct argp *argp, int argc, char **argv, unsigned flags, void *input)
{
    error_t error = argp_parse(argp, argc, argv, flags, NULL, input);

    if (error != 0) {
        fprintf(stderr, "%s: %s\n", argv[0], strerror(error));
    }
    return error == 0;
}
