// SPDX-License-Identifier: Apache-2.0
/* Images built byte by byte, independently of the library's writer. */
#ifndef HSX_TEST_IMAGE_BUILDER_H
#define HSX_TEST_IMAGE_BUILDER_H

#include <stddef.h>
#include <stdint.h>

enum {
    BUILT_CODE = 8,
    BUILT_RO = 5,
    BUILT_BSS = 16,
    BUILT_MAX = 1024,
    V1_SIZE = 32 + BUILT_CODE + BUILT_RO,
    V2_TABLE = 96 + BUILT_CODE + BUILT_RO, /* two entries, 1: mailboxes, 0: values */
    V2_VALUES = V2_TABLE + 32,             /* 4 bytes */
    V2_JSON = V2_VALUES + 4
};

struct built {
    uint8_t bytes[BUILT_MAX];
    size_t size;
};

extern const char built_json[]; /* the mailboxes of a version 2 image */

void build_v1(struct built *image);
void build_v2(struct built *image);
/* Version 2 with this text as its mailbox section. */
void build_with_json(struct built *image, const char *json);

void put(struct built *image, size_t offset, unsigned width, uint32_t value); /* big-endian */
void fix_crc(struct built *image);

#endif
