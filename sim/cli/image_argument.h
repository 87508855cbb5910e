// SPDX-License-Identifier: Apache-2.0
/* The single image argument of a command. */
#ifndef HSX_CLI_IMAGE_ARGUMENT_H
#define HSX_CLI_IMAGE_ARGUMENT_H

#include <argp.h>
#include <hsx/image.h>
#include <stdbool.h>

/* Argp parser for a command with one FILE.hxe, stored in *file; ARGP_ERR_UNKNOWN: another key. */
error_t image_argument_parse(int key, char *arg, struct argp_state *state, const char **file);

struct image_file {
    const char *path;
    char *bytes; /* owned */
    size_t size;
    struct hsx_image image; /* of the bytes */
};

/* False: the error has been reported on stderr, and there is nothing to clear. */
bool image_file_read(struct image_file *file, const char *path);
void image_file_clear(struct image_file *file);

#endif
