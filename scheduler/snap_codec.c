// SPDX-License-Identifier: Apache-2.0
#include "snap_codec.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 256 };

void codec_fail(struct codec *c, const char *why)
{
    if (!c->failed) {
        c->failed = true;
        snprintf(c->why, sizeof c->why, "offset 0x%zX: %s", c->at, why);
    }
}

void codec_no_memory(struct codec *c)
{
    c->failed = true;
    c->no_memory = true;
}

bool codec_check(struct codec *c, bool ok, const char *why)
{
    if (!ok) {
        codec_fail(c, why);
    }
    return ok;
}

static bool reserve(struct codec *c, size_t len)
{
    size_t capacity = c->capacity ? c->capacity : 4096;
    uint8_t *more;

    if (len <= c->capacity - c->at) {
        return true;
    }
    while (len > capacity - c->at) {
        capacity *= 2;
    }
    more = realloc(c->bytes, capacity);
    if (!more) {
        codec_no_memory(c);
        return false;
    }
    c->bytes = more;
    c->capacity = capacity;
    return true;
}

static void load_bytes(struct codec *c, void *bytes, size_t len)
{
    if (c->failed || !codec_check(c, len <= c->size - c->at, "the data end here")) {
        memset(bytes, 0, len);
        return;
    }
    memcpy(bytes, c->bytes + c->at, len);
    c->at += len;
}

void codec_bytes(struct codec *c, void *bytes, size_t len)
{
    if (len == 0) {
        return;
    }
    if (c->loading) {
        load_bytes(c, bytes, len);
    } else if (!c->failed && reserve(c, len)) {
        memcpy(c->bytes + c->at, bytes, len);
        c->at += len;
        c->size = c->at;
    }
}

static size_t width_of(uint64_t max)
{
    return max <= UINT8_MAX ? 1 : max <= UINT16_MAX ? 2 : max <= UINT32_MAX ? 4 : 8;
}

static uint64_t load_number(struct codec *c, size_t width, uint64_t max)
{
    uint8_t bytes[8];
    uint64_t value = 0;

    load_bytes(c, bytes, width);
    for (size_t i = 0; i < width; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return codec_check(c, value <= max, "a value is out of range") ? value : 0;
}

uint64_t codec_number(struct codec *c, uint64_t value, uint64_t max)
{
    size_t width = width_of(max);
    uint8_t bytes[8];

    if (c->loading) {
        return load_number(c, width, max);
    }
    for (size_t i = 0; i < width; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
    codec_bytes(c, bytes, width);
    return value;
}

static bool is_zero(const uint8_t *bytes, size_t len)
{
    while (len != 0 && *bytes == 0) {
        bytes++;
        len--;
    }
    return len == 0;
}

void codec_sparse(struct codec *c, uint8_t *bytes, size_t len)
{
    for (size_t group = 0; group < len; group += 8 * PAGE) {
        uint8_t present = 0;

        for (unsigned i = 0; !c->loading && i < 8; i++) {
            present |= (uint8_t)(!is_zero(bytes + group + i * PAGE, PAGE) << i);
        }
        present = (uint8_t)codec_number(c, present, UINT8_MAX);
        for (unsigned i = 0; i < 8; i++) {
            if (present & 1u << i) {
                codec_bytes(c, bytes + group + i * PAGE, PAGE);
            } else if (c->loading) {
                memset(bytes + group + i * PAGE, 0, PAGE);
            }
        }
    }
}

void codec_text(struct codec *c, char *text, size_t size)
{
    size_t len = (size_t)codec_number(c, c->loading ? 0 : strlen(text), size - 1);

    if (c->loading) {
        memset(text, 0, size);
    }
    codec_bytes(c, text, len);
    codec_check(c, !c->loading || memchr(text, 0, len) == NULL, "a text has a NUL inside");
}
