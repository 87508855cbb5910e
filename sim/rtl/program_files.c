// SPDX-License-Identifier: Apache-2.0
#include <hsx/program_files.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool hsx_rtl_program_files(const char *const *places, size_t count, const char *file, char *path,
                           size_t size)
{
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self);
    char *slash;

    path[0] = '\0';
    if (length < 0 || (size_t)length >= sizeof self) {
        return false;
    }
    self[length] = '\0';
    slash = strrchr(self, '/');
    for (size_t i = 0; slash && i < count; i++) {
        char whole[2 * PATH_MAX];
        int n = snprintf(path, size, "%.*s/%s", (int)(slash - self), self, places[i]);

        if (n < 0 || (size_t)n >= size) {
            path[0] = '\0';
            return false;
        }
        snprintf(whole, sizeof whole, "%s/%s", path, file);
        if (access(whole, R_OK) == 0) {
            return true;
        }
    }
    return false;
}
