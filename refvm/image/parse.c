// SPDX-License-Identifier: Apache-2.0
#include "image.h"
#include <ctype.h>
#include <hsx/machine.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

enum { DATA_MAX = HSX_DATA_SIZE - HSX_DATA_LINK };

enum hsx_status hsx_image_refuse(struct hsx_image_error *error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(error->text, sizeof error->text, format, args);
    va_end(args);
    for (char *c = error->text; *c != '\0'; c++) {
        if (iscntrl((unsigned char)*c)) {
            *c = '?'; /* text from the image must not break the line or the terminal */
        }
    }
    return HSX_ERR_FORMAT;
}

uint32_t hsx_image_crc(const uint8_t *bytes, size_t size, size_t header_size)
{
    uLong crc = crc32_z(0, bytes, AT_CRC);

    return (uint32_t)crc32_z(crc, bytes + header_size, size - header_size);
}

static enum hsx_status parse_version(const uint8_t *bytes, size_t size, struct hsx_image *image,
                                     struct hsx_image_error *error)
{
    if (size < HSX_IMAGE_HEADER_V1) {
        return hsx_image_refuse(error, "offset 0x%zx: file ends, expected at least %d bytes", size,
                                HSX_IMAGE_HEADER_V1);
    }
    if (get32(bytes + AT_MAGIC) != MAGIC) {
        return hsx_image_refuse(error, "offset 0x0 (magic): 0x%08" PRIx32 ", expected \"HSXE\"",
                                get32(bytes));
    }
    image->version = (uint16_t)(get32(bytes + AT_VERSION) >> 16);
    image->flags = (uint16_t)get32(bytes + AT_VERSION);
    if (image->version != 1 && image->version != 2) {
        return hsx_image_refuse(error, "offset 0x%x (version): %u, expected 1 or 2", AT_VERSION,
                                image->version);
    }
    if (image->version == 2 && size < HSX_IMAGE_HEADER_V2) {
        return hsx_image_refuse(error, "offset 0x%zx: file ends, expected at least %d bytes", size,
                                HSX_IMAGE_HEADER_V2);
    }
    return HSX_OK;
}

/* Checks one length against what is left of the file; every length is at most
 * 64 KiB afterwards, so that sums of them cannot wrap. */
static enum hsx_status check_section(uint32_t length, size_t left, unsigned offset,
                                     const char *field, struct hsx_image_error *error)
{
    if (length > HSX_CODE_SIZE) {
        return hsx_image_refuse(error,
                                "offset 0x%x (%s): 0x%" PRIx32 " bytes, expected at most 0x%x",
                                offset, field, length, HSX_CODE_SIZE);
    }
    if (length > left) {
        return hsx_image_refuse(error,
                                "offset 0x%x (%s): 0x%" PRIx32
                                " bytes reach past the end of the file, expected at most 0x%zx",
                                offset, field, length, left);
    }
    return HSX_OK;
}

static enum hsx_status parse_sections(const uint8_t *bytes, size_t size, size_t header,
                                      struct hsx_image *image, struct hsx_image_error *error)
{
    enum hsx_status status;
    size_t left = size - header;

    image->entry = get32(bytes + AT_ENTRY);
    image->code_len = get32(bytes + AT_CODE_LEN);
    image->ro_len = get32(bytes + AT_RO_LEN);
    image->bss_size = get32(bytes + AT_BSS_SIZE);
    image->req_caps = get32(bytes + AT_REQ_CAPS);

    status = check_section(image->code_len, left, AT_CODE_LEN, "code_len", error);
    if (status == HSX_OK) {
        status = check_section(image->ro_len, left - image->code_len, AT_RO_LEN, "ro_len", error);
    }
    if (status == HSX_OK) {
        status = check_section(image->bss_size, HSX_DATA_SIZE, AT_BSS_SIZE, "bss_size", error);
    }
    if (status != HSX_OK) {
        return status;
    }
    image->code = bytes + header;
    image->ro = image->code + image->code_len;
    if (image->code_len % 4 != 0) {
        return hsx_image_refuse(error,
                                "offset 0x%x (code_len): 0x%" PRIx32 ", expected a multiple of 4",
                                AT_CODE_LEN, image->code_len);
    }
    if (image->ro_len + image->bss_size > DATA_MAX) {
        return hsx_image_refuse(error,
                                "offset 0x%x (ro_len, bss_size): 0x%" PRIx32
                                " bytes of data, expected at most 0x%x",
                                AT_RO_LEN, image->ro_len + image->bss_size, DATA_MAX);
    }
    if (image->entry % 4 != 0) {
        return hsx_image_refuse(error,
                                "offset 0x%x (entry): 0x%" PRIx32 ", expected a multiple of 4",
                                AT_ENTRY, image->entry);
    }
    if (image->entry >= image->code_len && (image->entry != 0 || image->code_len != 0)) {
        return hsx_image_refuse(error,
                                "offset 0x%x (entry): 0x%" PRIx32
                                " lies outside the code, expected less than 0x%" PRIx32,
                                AT_ENTRY, image->entry, image->code_len);
    }
    return HSX_OK;
}

static enum hsx_status check_crc(const uint8_t *bytes, size_t size, size_t header,
                                 struct hsx_image_error *error)
{
    uint32_t stored = get32(bytes + AT_CRC);
    uint32_t crc = hsx_image_crc(bytes, size, header);

    if (stored != crc) {
        return hsx_image_refuse(error,
                                "offset 0x%x (crc32): 0x%08" PRIx32 ", expected 0x%08" PRIx32,
                                AT_CRC, stored, crc);
    }
    return HSX_OK;
}

static enum hsx_status parse_name(const uint8_t *bytes, struct hsx_image *image,
                                  struct hsx_image_error *error)
{
    size_t length = strnlen((const char *)bytes + AT_NAME, HSX_NAME_SIZE);

    for (size_t i = 0; i < HSX_NAME_SIZE; i++) {
        uint8_t byte = bytes[AT_NAME + i];

        if (i < length && (byte < 0x20 || byte > 0x7E)) {
            return hsx_image_refuse(error,
                                    "offset 0x%zx (app name): byte 0x%02x, expected printable "
                                    "ASCII",
                                    AT_NAME + i, byte);
        }
        if (i > length && byte != 0) {
            return hsx_image_refuse(error,
                                    "offset 0x%zx (app name): byte 0x%02x after the end of the "
                                    "name, expected 0",
                                    AT_NAME + i, byte);
        }
    }
    memcpy(image->name, bytes + AT_NAME, length);
    image->name[length] = '\0';
    for (size_t i = AT_RESERVED; i < HSX_IMAGE_HEADER_V2; i++) {
        if (bytes[i] != 0) {
            return hsx_image_refuse(error, "offset 0x%zx (reserved): byte 0x%02x, expected 0", i,
                                    bytes[i]);
        }
    }
    return HSX_OK;
}

/* 64-bit sums of 32-bit fields, so that nothing wraps. */
static enum hsx_status check_place(uint64_t offset, uint64_t length, uint64_t first, size_t size,
                                   uint64_t at, const char *what, struct hsx_image_error *error)
{
    if (offset > size || length > size - offset) {
        return hsx_image_refuse(error,
                                "offset 0x%" PRIx64 " (%s): 0x%" PRIx64 " bytes at 0x%" PRIx64
                                ", expected to end within the file's 0x%zx bytes",
                                at, what, length, offset, size);
    }
    if (length > 0 && offset < first) {
        return hsx_image_refuse(error,
                                "offset 0x%" PRIx64 " (%s): at 0x%" PRIx64 ", expected 0x%" PRIx64
                                " or more, after code and data",
                                at, what, offset, first);
    }
    return HSX_OK;
}

static enum hsx_status parse_metadata(const uint8_t *bytes, size_t size, struct hsx_image *image,
                                      struct hsx_image_error *error)
{
    uint64_t table = get32(bytes + AT_META_OFFSET);
    uint64_t count = get32(bytes + AT_META_COUNT);
    uint64_t first = HSX_IMAGE_HEADER_V2 + (uint64_t)image->code_len + image->ro_len;
    enum hsx_status status = HSX_OK;

    if (count > 0) {
        status = check_place(table, count * META_ENTRY_SIZE, first, size, AT_META_OFFSET,
                             "metadata table", error);
    }
    for (uint64_t i = 0; status == HSX_OK && i < count; i++) {
        uint64_t at = table + i * META_ENTRY_SIZE;
        const uint8_t *entry = bytes + at;
        uint32_t type = get32(entry);
        uint32_t offset = get32(entry + 4);
        uint32_t length = get32(entry + 8);
        struct hsx_image_error cause;

        status = check_place(offset, length, first, size, at, "metadata section", error);
        if (status == HSX_OK && type != META_MAILBOXES) {
            image->other_sections++;
        } else if (status == HSX_OK) {
            status = hsx_mailboxes_parse_section(bytes + offset, length, get32(entry + 12),
                                                 &image->mailboxes, &cause);
            if (status == HSX_ERR_FORMAT) {
                hsx_image_refuse(error, "offset 0x%" PRIx32 " (mailbox section): %.180s", offset,
                                 cause.text);
            }
        }
    }
    return status;
}

enum hsx_status hsx_image_parse(const uint8_t *bytes, size_t size, struct hsx_image *image,
                                struct hsx_image_error *error)
{
    enum hsx_status status;
    size_t header = HSX_IMAGE_HEADER_V1;

    *image = (struct hsx_image){0};
    *error = (struct hsx_image_error){0};
    status = parse_version(bytes, size, image, error);
    if (image->version == 2) {
        header = HSX_IMAGE_HEADER_V2;
    }
    if (status == HSX_OK) {
        status = parse_sections(bytes, size, header, image, error);
    }
    if (status == HSX_OK) {
        status = check_crc(bytes, size, header, error);
        image->crc = get32(bytes + AT_CRC);
    }
    if (status == HSX_OK && image->version == 2) {
        status = parse_name(bytes, image, error);
    }
    if (status == HSX_OK && image->version == 2) {
        status = parse_metadata(bytes, size, image, error);
    }
    if (status == HSX_ERR_MEMORY) {
        hsx_image_refuse(error, "out of memory");
    }
    if (status != HSX_OK) {
        hsx_image_clear(image);
    }
    return status;
}

void hsx_image_clear(struct hsx_image *image)
{
    hsx_mailboxes_clear(&image->mailboxes);
    *image = (struct hsx_image){0};
}

void hsx_image_words(const struct hsx_image *image, uint32_t *words)
{
    for (uint32_t i = 0; i < image->code_len / 4; i++) {
        words[i] = get32(image->code + 4 * (size_t)i);
    }
}
