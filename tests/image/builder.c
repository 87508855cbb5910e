// SPDX-License-Identifier: Apache-2.0
#include "builder.h"
#include <string.h>
#include <zlib.h>

const char built_json[] =
    "{\"version\":1,\"mailboxes\":["
    "{\"target\":\"app:demo\",\"capacity\":128,\"mode\":\"RDWR|FANOUT_DROP\"},"
    "{\"target\":\"svc:log\",\"mode_mask\":2,\"owner_pid\":7,"
    "\"bindings\":[{\"pid\":1,\"flags\":0}]},"
    "{\"target\":\"plain\"}]}";

void put(struct built *image, size_t offset, unsigned width, uint32_t value)
{
    for (unsigned i = 0; i < width; i++) {
        image->bytes[offset + i] = (uint8_t)(value >> 8 * (width - 1 - i));
    }
}

void fix_crc(struct built *image)
{
    size_t header = image->bytes[5] == 2 ? 96 : 32;
    uLong crc = crc32(0, image->bytes, 28);

    if (image->size > header) {
        crc = crc32(crc, image->bytes + header, (uInt)(image->size - header));
    }
    put(image, 28, 4, (uint32_t)crc);
}

static void build_header(struct built *image, unsigned version)
{
    memset(image, 0, sizeof *image);
    memcpy(image->bytes, "HSXE", 4);
    put(image, 4, 2, version);
    put(image, 8, 4, 4); /* entry */
    put(image, 12, 4, BUILT_CODE);
    put(image, 16, 4, BUILT_RO);
    put(image, 20, 4, BUILT_BSS);
    put(image, 24, 4, 0x1234);
}

static void build_sections(struct built *image, size_t at)
{
    put(image, at, 4, 0x01100005);     /* LDI R1, 5 */
    put(image, at + 4, 4, 0x25000000); /* RET */
    memcpy(image->bytes + at + BUILT_CODE, "data", BUILT_RO);
}

void build_v1(struct built *image)
{
    build_header(image, 1);
    build_sections(image, 32);
    image->size = V1_SIZE;
    fix_crc(image);
}

void build_with_json(struct built *image, const char *json)
{
    size_t length = strlen(json);

    build_header(image, 2);
    put(image, 6, 2, 2);
    memcpy(image->bytes + 32, "demo app", 8);
    put(image, 64, 4, V2_TABLE);
    put(image, 68, 4, 2);
    build_sections(image, 96);
    put(image, V2_TABLE, 4, 1);
    put(image, V2_TABLE + 4, 4, V2_VALUES);
    put(image, V2_TABLE + 8, 4, 4);
    put(image, V2_TABLE + 16, 4, 3);
    put(image, V2_TABLE + 20, 4, V2_JSON);
    put(image, V2_TABLE + 24, 4, (uint32_t)length);
    put(image, V2_TABLE + 28, 4, 3);
    memcpy(image->bytes + V2_JSON, json, length);
    image->size = V2_JSON + length;
    fix_crc(image);
}

void build_v2(struct built *image)
{
    build_with_json(image, built_json);
}
