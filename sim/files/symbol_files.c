// SPDX-License-Identifier: Apache-2.0
#include "symbol_files.h"
#include "files.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CRC_AT = 28 }; /* in the header of an image (docs/image.md) */

char *hsx_file_symbols_path(const char *image_path)
{
    static const char hxe[] = ".hxe";
    size_t length = strlen(image_path);
    char *path;

    if (length > strlen(hxe) && strcmp(image_path + length - strlen(hxe), hxe) == 0) {
        length -= strlen(hxe);
    }
    return asprintf(&path, "%.*s.sym", (int)length, image_path) < 0 ? NULL : path;
}

static bool is_of(const struct hsx_symbols *symbols, const char *image, size_t size)
{
    const uint8_t *b = (const uint8_t *)image + CRC_AT;
    uint32_t crc;

    return !hsx_symbols_crc(symbols, &crc) ||
           (size >= CRC_AT + 4 &&
            crc == ((uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3]));
}

enum hsx_status hsx_file_symbols(const char *path, const char *image, size_t size,
                                 struct hsx_symbols **symbols, struct hsx_symbols_error *error)
{
    enum hsx_status status;
    size_t length;
    char *text;

    *symbols = NULL;
    errno = 0;
    status = hsx_read_file(path, &text, &length);
    if (status != HSX_OK) {
        snprintf(error->text, sizeof error->text, "%s",
                 errno ? strerror(errno) : hsx_status_name(status));
        return status;
    }
    status = hsx_symbols_parse(text, length, symbols, error);
    free(text);
    if (status == HSX_ERR_MEMORY) {
        snprintf(error->text, sizeof error->text, "%s", hsx_status_name(status));
    }
    if (status == HSX_OK && !is_of(*symbols, image, size)) {
        snprintf(error->text, sizeof error->text, "the symbols of another image");
        hsx_symbols_destroy(*symbols);
        *symbols = NULL;
        status = HSX_ERR_FORMAT;
    }
    return status;
}

struct hsx_symbols *hsx_file_symbols_of(const char *image_path, const char *image, size_t size,
                                        FILE *notes)
{
    struct hsx_symbols *symbols = NULL;
    struct hsx_symbols_error error;
    char *path;

    if (strcmp(image_path, "-") == 0) {
        return NULL;
    }
    path = hsx_file_symbols_path(image_path);
    if (path && hsx_file_symbols(path, image, size, &symbols, &error) != HSX_OK && notes &&
        errno != ENOENT && errno != ENOTDIR) {
        fprintf(notes, "%s: not used: %s\n", path, error.text);
    }
    free(path);
    return symbols;
}
