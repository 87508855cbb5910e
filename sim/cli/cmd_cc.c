// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The compiler is a separate program, so that nothing else needs LLVM. */
int hsx_cmd_cc(int argc, char **argv)
{
    char self[PATH_MAX];
    char path[PATH_MAX + sizeof "/hsx-cc"];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);

    (void)argc;
    if (size < 0) {
        fprintf(stderr, "hsx cc: cannot find its own path: %s\n", strerror(errno));
        return HSX_EXIT_INPUT;
    }
    self[size] = '\0';
    snprintf(path, sizeof path, "%s/hsx-cc", dirname(self));
    execv(path, argv);
    if (errno == ENOENT) {
        fputs("hsx cc: the compiler is not built. On Debian 12, install clang-16, llvm-16, "
              "llvm-16-dev and newlib-source and build again\n",
              stderr);
    } else {
        fprintf(stderr, "%s: cannot run: %s\n", path, strerror(errno));
    }
    return HSX_EXIT_INPUT;
}
