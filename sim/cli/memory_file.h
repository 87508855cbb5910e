// SPDX-License-Identifier: Apache-2.0
/* The initial contents of a memory, in the formats of other tools. */
#ifndef HSX_CLI_MEMORY_FILE_H
#define HSX_CLI_MEMORY_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum memory_format { MEMORY_READMEMH, MEMORY_BINARY, MEMORY_C, MEMORY_IHEX, MEMORY_FORMATS };

/* Words of a memory from its word first on. */
struct memory {
    const char *name; /* of the C array */
    const uint32_t *words;
    size_t first;
    size_t count;
};

/* The name of a format on the command line, and the ending of its files. */
const char *memory_format_name(enum memory_format format);
const char *memory_format_ending(enum memory_format format);

/* Errors are those of out. Bytes of a word come lowest first, in binary and Intel HEX. */
void memory_write(FILE *out, enum memory_format format, const struct memory *memory);

#endif
