// SPDX-License-Identifier: Apache-2.0
/*
 * MVASM assembler and linker (manual: docs/mvasm.md). Works on memory buffers: files are
 * read through a callback.
 */
#ifndef HSX_ASM_H
#define HSX_ASM_H

#include <hsx/status.h>
#include <hsx/symbols.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Unit of a CALL's label offset (section 2). */
enum hsx_call_unit {
    HSX_CALL_DEFAULT, /* bytes in version 1, words in version 2 */
    HSX_CALL_BYTE,
    HSX_CALL_WORD
};

enum { HSX_ASM_MAX_SOURCE = 16 << 20 }; /* bytes of one file */

struct hsx_asm_error {
    const char *path;
    unsigned line;    /* from 1; 0: about the whole file */
    unsigned column;  /* from 1, in bytes; 0 when line is 0 */
    const char *text; /* in UTF-8, without control characters */
};

struct hsx_asm_options {
    unsigned version;            /* 1, 2, or 0: from the source, see docs/mvasm.md */
    const char *name;            /* app name, or NULL: from the source */
    enum hsx_call_unit call;     /* HSX_CALL_DEFAULT: from the source */
    unsigned max_errors;         /* errors after which assembly stops; 0: 20 */
    struct hsx_symbols *symbols; /* NULL, or an empty set, filled and sealed on success */
    char **listing;              /* NULL, or where to put the text of a listing, malloc'ed */
    void *context;               /* passed to the callbacks */

    /* Return the whole file in *text, malloc'ed; the assembler frees it. On failure
     * return HSX_ERR_FORMAT for a device or folder, HSX_ERR_NO_ROOM for a file that is longer
     * than HSX_ASM_MAX_SOURCE, or set errno and return another error. */
    enum hsx_status (*read)(void *context, const char *path, char **text, size_t *size);

    /* Called once for each error; error and its strings are valid during the call. */
    void (*report)(void *context, const struct hsx_asm_error *error);
};

/*
 * Assemble and link the files in the order given into one image. *image is
 * freed with free(). After HSX_ERR_FORMAT or HSX_ERR_IO at least one error has
 * been reported; HSX_ERR_ARGUMENT and HSX_ERR_MEMORY report none. On failure
 * *image is NULL.
 */
enum hsx_status hsx_assemble(const char *const *paths, size_t count,
                             const struct hsx_asm_options *options, uint8_t **image, size_t *size);

#ifdef __cplusplus
}
#endif

#endif
