#include "blob.h"
#include <stdlib.h>
#include <string.h>

static uint8_t *grow(struct blob *b, size_t len)
{
    size_t capacity = b->capacity ? b->capacity : 1 << 16;
    uint8_t *more;

    while (capacity < b->size + len) {
        capacity *= 2;
    }
    if (!b->bad && capacity != b->capacity) {
        more = realloc(b->bytes, capacity);
        b->bad = more == NULL;
        b->bytes = more ? more : b->bytes;
        b->capacity = more ? capacity : b->capacity;
    }
    if (b->bad) {
        return NULL;
    }
    b->size += len;
    return b->bytes + b->size - len;
}

void blob_put(struct blob *b, uint64_t value, unsigned width)
{
    uint8_t *to = grow(b, width);

    for (unsigned i = 0; to && i < width; i++) {
        to[i] = (uint8_t)(value >> (8 * i));
    }
}

void blob_put_bytes(struct blob *b, const void *bytes, size_t len)
{
    uint8_t *to = grow(b, len);

    if (to && len != 0) {
        memcpy(to, bytes, len);
    }
}

const uint8_t *blob_get_bytes(struct blob *b, size_t len)
{
    const uint8_t *from;

    if (b->bad || len > b->size - b->at) {
        b->bad = true;
        return NULL;
    }
    from = b->bytes + b->at;
    b->at += len;
    return from;
}

uint64_t blob_get(struct blob *b, unsigned width)
{
    const uint8_t *from = blob_get_bytes(b, width);
    uint64_t value = 0;

    for (unsigned i = 0; from && i < width; i++) {
        value |= (uint64_t)from[i] << (8 * i);
    }
    return value;
}

uint64_t blob_get_max(struct blob *b, unsigned width, uint64_t limit)
{
    uint64_t value = blob_get(b, width);

    if (value > limit) {
        b->bad = true;
        return 0;
    }
    return value;
}
