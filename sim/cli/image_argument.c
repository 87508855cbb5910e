// SPDX-License-Identifier: Apache-2.0
#include "image_argument.h"
#include "files.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

error_t image_argument_parse(int key, char *arg, struct argp_state *state, const char **file)
{
    switch (key) {
    case ARGP_KEY_ARG:
        if (*file) {
            argp_error(state, "more than one image");
        }
        *file = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "an image is missing");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

bool image_file_read(struct image_file *file, const char *path)
{
    struct hsx_image_error error;

    file->path = path;
    if (hsx_read_file(path, &file->bytes, &file->size) != HSX_OK) {
        fprintf(stderr, "%s: cannot read: %s\n", path, strerror(errno));
        return false;
    }
    if (hsx_image_parse((const uint8_t *)file->bytes, file->size, &file->image, &error) != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, error.text);
        free(file->bytes);
        return false;
    }
    return true;
}

void image_file_clear(struct image_file *file)
{
    hsx_image_clear(&file->image);
    free(file->bytes);
}
