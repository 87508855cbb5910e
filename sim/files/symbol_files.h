// SPDX-License-Identifier: Apache-2.0
/* Symbol files next to images. */
#ifndef HSX_SYMBOL_FILES_H
#define HSX_SYMBOL_FILES_H

#include <hsx/symbols.h>
#include <stdio.h>

/* The path of the symbol file of an image: .sym in place of .hxe; malloc'ed, NULL: out of
 * memory. */
char *hsx_file_symbols_path(const char *image_path);

/* The symbols in path, which must belong to the image of size bytes. On failure *error
 * says why, without path. */
enum hsx_status hsx_file_symbols(const char *path, const char *image, size_t size,
                                 struct hsx_symbols **symbols, struct hsx_symbols_error *error);

/* The symbols next to the image at image_path, or NULL. If there is a file that cannot be
 * used, a line goes to notes, unless that is NULL. */
struct hsx_symbols *hsx_file_symbols_of(const char *image_path, const char *image, size_t size,
                                        FILE *notes);

#endif
