// SPDX-License-Identifier: Apache-2.0
/* A file that appears whole or not at all. On failure errno tells why. */
#ifndef HSX_OUTPUT_H
#define HSX_OUTPUT_H

#include <hsx/status.h>
#include <stdbool.h>
#include <stdio.h>

struct hsx_output {
    FILE *file; /* to be written to; NULL: not open */
    const char *path;
    char *temporary; /* beside path; NULL: path is no regular file, or "-", which is standard
                        output, and written in place */
    int noted;       /* the place of temporary among those that go with a signal */
};

/* path must outlive *output. */
enum hsx_status hsx_output_open(struct hsx_output *output, const char *path);
/* Put what was written in place of path. */
enum hsx_status hsx_output_commit(struct hsx_output *output);
/* Forget it; path is as before. Nothing to do if not open. */
void hsx_output_discard(struct hsx_output *output);

/* One of several files that belong together. */
struct hsx_output_part {
    const char *path; /* NULL: not written */
    const char *bytes;
    size_t size;
    struct hsx_output output; /* zero */
};

/* All of them, or as good as none: what can fail is done before the first takes its place.
 * They take their places from the last to the first. On failure *failed is the path of one that
 * cannot be written. */
enum hsx_status hsx_output_write_parts(struct hsx_output_part *parts, size_t count,
                                       const char **failed);

/* Files may lie beside path: it is no pipe, no device and not "-". */
bool hsx_output_has_neighbours(const char *path);

#endif
