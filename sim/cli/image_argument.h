// SPDX-License-Identifier: Apache-2.0
/* The one image that a command is about. */
#ifndef HSX_CLI_IMAGE_ARGUMENT_H
#define HSX_CLI_IMAGE_ARGUMENT_H

#include <argp.h>
#include <hsx/image.h>
#include <stdbool.h>

/* What argp hands to a command of one FILE.hxe, which goes to *file; ARGP_ERR_UNKNOWN: not for
 * this. */
error_t image_argument_parse(int key, char *arg, struct argp_state *state, const char **file);

struct image_file {
    const char *path;
    char *bytes; /* owned */
    size_t size;
    struct hsx_image image; /* of the bytes */
};

/* False: told on stderr what is wrong, and there is nothing to clear. */
bool image_file_read(struct image_file *file, const char *path);
void image_file_clear(struct image_file *file);

#endif
