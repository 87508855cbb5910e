// SPDX-License-Identifier: Apache-2.0
#include "bytes.h"
#include <stdlib.h>

bool bytes_reserve_slow(struct bytes *b, size_t more)
{
    size_t size = b->capacity ? b->capacity : 4096;
    uint8_t *data;

    if (b->lost) {
        return false;
    }
    while (size - b->used < more) {
        size *= 2;
    }
    data = realloc(b->data, size);
    if (!data) {
        b->lost = true;
        return false;
    }
    b->data = data;
    b->capacity = size;
    return true;
}

void bytes_free(struct bytes *b)
{
    free(b->data);
    *b = (struct bytes){0};
}

void bytes_add(struct bytes *b, const void *data, size_t len)
{
    if (len != 0 && bytes_reserve(b, len)) {
        memcpy(b->data + b->used, data, len);
        b->used += len;
    }
}

static void little(struct bytes *b, uint64_t value, unsigned len)
{
    if (bytes_reserve(b, len)) {
        for (unsigned i = 0; i < len; i++) {
            b->data[b->used++] = (uint8_t)(value >> (8 * i));
        }
    }
}

void bytes_u8(struct bytes *b, uint32_t value)
{
    little(b, value, 1);
}

void bytes_u16(struct bytes *b, uint32_t value)
{
    little(b, value, 2);
}

void bytes_u32(struct bytes *b, uint32_t value)
{
    little(b, value, 4);
}

void bytes_u64(struct bytes *b, uint64_t value)
{
    little(b, value, 8);
}

void bytes_varint(struct bytes *b, uint64_t value)
{
    if (!bytes_reserve(b, 10)) {
        return;
    }
    for (; value >= 0x80; value >>= 7) {
        b->data[b->used++] = (uint8_t)(value | 0x80);
    }
    b->data[b->used++] = (uint8_t)value;
}

const uint8_t *cursor_bytes(struct cursor *c, size_t len)
{
    const uint8_t *at = c->at;

    if (c->bad || (size_t)(c->end - c->at) < len) {
        c->bad = true;
        return NULL;
    }
    c->at += len;
    return at;
}

static uint64_t from_little(struct cursor *c, unsigned len)
{
    const uint8_t *at = cursor_bytes(c, len);
    uint64_t value = 0;

    for (unsigned i = 0; at && i < len; i++) {
        value |= (uint64_t)at[i] << (8 * i);
    }
    return value;
}

uint8_t cursor_u8(struct cursor *c)
{
    return (uint8_t)from_little(c, 1);
}

uint16_t cursor_u16(struct cursor *c)
{
    return (uint16_t)from_little(c, 2);
}

uint32_t cursor_u32(struct cursor *c)
{
    return (uint32_t)from_little(c, 4);
}

uint64_t cursor_u64(struct cursor *c)
{
    return from_little(c, 8);
}

uint64_t cursor_varint(struct cursor *c)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = cursor_u8(c);

        value |= (uint64_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) {
            return value;
        }
    }
    c->bad = true;
    return 0;
}
