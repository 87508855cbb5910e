// SPDX-License-Identifier: Apache-2.0
/* An image that is accepted can be listed and written again. Its CRC is corrected first,
 * or the search would never get past it. */
#include "fuzz.h"
#include <hsx/dis.h>
#include <hsx/image.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void fix_crc(uint8_t *bytes, size_t size)
{
    size_t header = bytes[5] == 2 ? HSX_IMAGE_HEADER_V2 : HSX_IMAGE_HEADER_V1;
    uLong crc = crc32(0, bytes, 28);

    if (size > header) {
        crc = crc32(crc, bytes + header, (uInt)(size - header));
    }
    for (int i = 0; i < 4; i++) {
        bytes[28 + i] = (uint8_t)(crc >> (24 - 8 * i));
    }
}

static void use(const struct hsx_image *image)
{
    struct hsx_image_error error;
    uint8_t *bytes;
    size_t size;
    char *text;

    if (hsx_dis_image(image, image->version == 2, NULL, &text) != HSX_OK) {
        abort();
    }
    free(text);
    if (hsx_image_write(image, &bytes, &size, &error) != HSX_OK) {
        abort();
    }
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct hsx_image_error error;
    struct hsx_image image;
    uint8_t *copy = malloc(size + 1);

    if (!copy) {
        return 0;
    }
    memcpy(copy, bytes, size);
    if (size >= HSX_IMAGE_HEADER_V1) {
        fix_crc(copy, size);
    }
    if (hsx_image_parse(copy, size, &image, &error) == HSX_OK) {
        use(&image);
        hsx_image_clear(&image);
    } else if (error.text[0] == '\0') {
        abort();
    }
    free(copy);
    return 0;
}
