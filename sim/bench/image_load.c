// SPDX-License-Identifier: Apache-2.0
#include "image_load.h"
#include "files.h"
#include <stdio.h>
#include <stdlib.h>

enum hsx_status bench_load_file(struct hsx_exec *exec, const char *path)
{
    struct hsx_exec_error error = {"cannot be read"};
    uint32_t pid;
    char *bytes;
    size_t size;
    enum hsx_status status = hsx_read_file(path, &bytes, &size);

    if (status == HSX_OK) {
        status = hsx_exec_load(exec, (const uint8_t *)bytes, size, NULL, &pid, &error);
        free(bytes);
    }
    if (status != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, error.text);
    }
    return status;
}
