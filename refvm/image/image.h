// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of this library. */
#ifndef HSX_IMAGE_INTERNAL_H
#define HSX_IMAGE_INTERNAL_H

#include <hsx/image.h>

/* Byte offsets of header fields. */
enum {
    AT_MAGIC = 0,
    AT_VERSION = 4,
    AT_FLAGS = 6,
    AT_ENTRY = 8,
    AT_CODE_LEN = 12,
    AT_RO_LEN = 16,
    AT_BSS_SIZE = 20,
    AT_REQ_CAPS = 24,
    AT_CRC = 28,
    AT_NAME = 32,
    AT_META_OFFSET = 64,
    AT_META_COUNT = 68,
    AT_RESERVED = 72
};

#define MAGIC 0x48535845u /* "HSXE" */

/* One entry of the metadata table. */
enum { META_ENTRY_SIZE = 16, META_VALUES = 1, META_COMMANDS = 2, META_MAILBOXES = 3 };

static inline uint32_t get32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static inline void put32(uint8_t *bytes, uint32_t value)
{
    bytes[0] = (uint8_t)(value >> 24);
    bytes[1] = (uint8_t)(value >> 16);
    bytes[2] = (uint8_t)(value >> 8);
    bytes[3] = (uint8_t)value;
}

/* CRC of docs/image.md: header bytes 0..27, then everything from header_size on. */
uint32_t hsx_image_crc(const uint8_t *bytes, size_t size, size_t header_size);

/* A mailbox section of an image: JSON, or the older table of count entries. */
enum hsx_status hsx_mailboxes_parse_section(const uint8_t *bytes, size_t size, size_t count,
                                            struct hsx_mailbox_list *list,
                                            struct hsx_image_error *error);

/* Writes error->text and returns HSX_ERR_FORMAT. */
__attribute__((format(printf, 2, 3))) enum hsx_status
hsx_image_refuse(struct hsx_image_error *error, const char *format, ...);

#endif
