// SPDX-License-Identifier: Apache-2.0
/* Symbol files beside images. */
#ifndef HSX_SYMBOL_FILES_H
#define HSX_SYMBOL_FILES_H

#include <hsx/symbols.h>
#include <stdio.h>

/* Where the symbols of the image at that path are: .sym in place of its .hxe;
 * malloc'ed, NULL: out of memory. */
char *hsx_file_symbols_path(const char *image_path);

/* The symbols in path, which must be those of the image of size bytes. On failure
 * *error tells why, without path. */
enum hsx_status hsx_file_symbols(const char *path, const char *image, size_t size,
                                 struct hsx_symbols **symbols, struct hsx_symbols_error *error);

/* The symbols beside the image at image_path, or NULL. Where there is a file that cannot
 * be used, notes, which may be NULL, is told. */
struct hsx_symbols *hsx_file_symbols_beside(const char *image_path, const char *image, size_t size,
                                            FILE *notes);

#endif
