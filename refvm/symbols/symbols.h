// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of the library. */
#ifndef HSX_SYMBOLS_INTERNAL_H
#define HSX_SYMBOLS_INTERNAL_H

#include <hsx/symbols.h>

struct hsx_symbols {
    struct hsx_symbol *symbols; /* sealed: code before data, then by address */
    size_t count, code_count;
    struct hsx_symbol_line *lines; /* sealed: by pc */
    size_t line_count;
    struct hsx_symbol_local *locals; /* their strings are owned */
    size_t local_count;
    char **files; /* each name once */
    size_t file_count;
    uint32_t code_end; /* just past the last known byte of code */
    bool has_crc;
    uint32_t crc;
};

#endif
