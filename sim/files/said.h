// SPDX-License-Identifier: Apache-2.0
/* What tasks say, on its way to a stream: as it is, or so that a terminal can come to no
 * harm by it. */
#ifndef HSX_FILES_SAID_H
#define HSX_FILES_SAID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct hsx_said {
    FILE *out;
    bool safe; /* bytes that are neither newline, tabulator nor a character that can be seen
                  are written as \xNN */
    unsigned char part[4]; /* of a character that is not whole yet */
    size_t part_size;
};

void hsx_write_said(struct hsx_said *said, const char *bytes, size_t size);
/* Nothing more comes, or somebody else speaks: what is left of a character goes out. */
void hsx_write_said_end(struct hsx_said *said);

#endif
