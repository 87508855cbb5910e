// SPDX-License-Identifier: Apache-2.0
/* Writes output of tasks to a stream: unchanged, or made safe for a terminal. */
#ifndef HSX_FILES_SAID_H
#define HSX_FILES_SAID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct hsx_said {
    FILE *out;
    bool safe; /* bytes that are not part of a newline, a tab or a printable character are written
                  as \xNN */
    unsigned char part[4]; /* of a character that is not complete yet */
    size_t part_size;
};

void hsx_write_said(struct hsx_said *said, const char *bytes, size_t size);
/* At the end, or before output of another task: writes the rest of an incomplete character. */
void hsx_write_said_end(struct hsx_said *said);

#endif
