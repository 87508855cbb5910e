// SPDX-License-Identifier: Apache-2.0
/* A file that appears completely or not at all. On failure errno says why. */
#ifndef HSX_OUTPUT_H
#define HSX_OUTPUT_H

#include <hsx/status.h>
#include <stdbool.h>
#include <stdio.h>

struct hsx_output {
    FILE *file; /* to be written to; NULL: not open */
    const char *path;
    char *temporary; /* next to path; NULL: path is not a regular file, or "-" for standard output,
                        and is written in place */
    int noted;       /* the number of temporary for hsx_temporary_forget */
};

/* path must outlive *output. */
enum hsx_status hsx_output_open(struct hsx_output *output, const char *path);
/* Replaces path by the written file. */
enum hsx_status hsx_output_commit(struct hsx_output *output);
/* Deletes the written file; path is unchanged. Does nothing if not open. */
void hsx_output_discard(struct hsx_output *output);

/* One of several files that belong together. */
struct hsx_output_part {
    const char *path; /* NULL: not written */
    const char *bytes;
    size_t size;
    struct hsx_output output; /* zero */
};

/* Writes all or, nearly always, none: everything likely to fail is done before the first is put
 * in place. They are put in place from the last to the first. On failure *failed is the path of
 * one that cannot be written. */
enum hsx_status hsx_output_write_parts(struct hsx_output_part *parts, size_t count,
                                       const char **failed);

/* Whether other files can be put next to path: it is not a pipe, a device or "-". */
bool hsx_output_has_neighbours(const char *path);

#endif
