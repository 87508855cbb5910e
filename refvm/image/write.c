// SPDX-License-Identifier: Apache-2.0
#include "image.h"
#include <hsx/machine.h>
#include <stdlib.h>
#include <string.h>

static void put_header(const struct hsx_image *image, uint8_t *out)
{
    put32(out + AT_MAGIC, MAGIC);
    put32(out + AT_VERSION, (uint32_t)image->version << 16 | image->flags);
    put32(out + AT_ENTRY, image->entry);
    put32(out + AT_CODE_LEN, image->code_len);
    put32(out + AT_RO_LEN, image->ro_len);
    put32(out + AT_BSS_SIZE, image->bss_size);
    put32(out + AT_REQ_CAPS, image->req_caps);
    if (image->version == 2) {
        memcpy(out + AT_NAME, image->name, strlen(image->name));
    }
}

/* The metadata table has one entry, for the mailboxes, which follow it. */
static void put_metadata(const char *json, size_t length, size_t count, size_t at, uint8_t *out)
{
    put32(out + AT_META_OFFSET, (uint32_t)at);
    put32(out + AT_META_COUNT, 1);
    put32(out + at, META_MAILBOXES);
    put32(out + at + 4, (uint32_t)(at + META_ENTRY_SIZE));
    put32(out + at + 8, (uint32_t)length);
    put32(out + at + 12, (uint32_t)count);
    memcpy(out + at + META_ENTRY_SIZE, json, length);
}

static enum hsx_status check(const struct hsx_image *image, struct hsx_image_error *error)
{
    if (image->version != 1 && image->version != 2) {
        return hsx_image_refuse(error, "version %u, expected 1 or 2", image->version);
    }
    if (image->version == 1 && image->name[0] != '\0') {
        return hsx_image_refuse(error, "an app name needs version 2");
    }
    if (image->version == 1 && image->mailboxes.count > 0) {
        return hsx_image_refuse(error, "mailbox metadata needs version 2");
    }
    if (image->code_len > HSX_CODE_SIZE || image->ro_len > HSX_DATA_SIZE) {
        return hsx_image_refuse(error, "a section is longer than 64 KiB");
    }
    return HSX_OK;
}

/* The result is parsed again: the reader's rules hold for the writer. */
static enum hsx_status verify(const uint8_t *bytes, size_t size, struct hsx_image_error *error)
{
    struct hsx_image image;
    enum hsx_status status = hsx_image_parse(bytes, size, &image, error);

    hsx_image_clear(&image);
    return status;
}

enum hsx_status hsx_image_write(const struct hsx_image *image, uint8_t **bytes, size_t *size,
                                struct hsx_image_error *error)
{
    size_t header = image->version == 2 ? HSX_IMAGE_HEADER_V2 : HSX_IMAGE_HEADER_V1;
    size_t body = header + image->code_len + image->ro_len;
    char *json = NULL;
    size_t json_length = 0;
    uint8_t *out = NULL;
    enum hsx_status status = check(image, error);

    *bytes = NULL;
    *size = 0;
    if (status != HSX_OK) {
        return status;
    }
    if (image->mailboxes.count > 0) {
        json = hsx_mailboxes_format(&image->mailboxes);
        if (!json) {
            return HSX_ERR_MEMORY;
        }
        json_length = strlen(json);
    }
    *size = body + (json ? META_ENTRY_SIZE + json_length : 0);
    out = calloc(1, *size);
    if (out) {
        put_header(image, out);
        if (image->code_len > 0) {
            memcpy(out + header, image->code, image->code_len);
        }
        if (image->ro_len > 0) {
            memcpy(out + header + image->code_len, image->ro, image->ro_len);
        }
        if (json) {
            put_metadata(json, json_length, image->mailboxes.count, body, out);
        }
        put32(out + AT_CRC, hsx_image_crc(out, *size, header));
        status = verify(out, *size, error);
    } else {
        status = HSX_ERR_MEMORY;
    }
    free(json);
    if (status != HSX_OK) {
        free(out);
        out = NULL;
        *size = 0;
    }
    *bytes = out;
    return status;
}
