// SPDX-License-Identifier: Apache-2.0
/* Growing buffers, and reading and writing little-endian numbers. */
#ifndef HSX_TRACE_BYTES_H
#define HSX_TRACE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
    uint8_t *data; /* owned */
    size_t used, capacity;
    bool lost; /* out of memory: everything added since is missing */
};

/* Makes room for so many more; false when lost. */
bool bytes_reserve_slow(struct bytes *b, size_t more);

static inline bool bytes_reserve(struct bytes *b, size_t more)
{
    return b->capacity - b->used >= more || bytes_reserve_slow(b, more);
}

void bytes_free(struct bytes *b);
void bytes_add(struct bytes *b, const void *data, size_t len);
void bytes_u8(struct bytes *b, uint32_t value);
void bytes_u16(struct bytes *b, uint32_t value);
void bytes_u32(struct bytes *b, uint32_t value);
void bytes_u64(struct bytes *b, uint64_t value);
/* Seven bits per byte, lowest first; the last byte has its top bit clear. */
void bytes_varint(struct bytes *b, uint64_t value);

/* Reading: past the end it gives 0 and sets bad. */
struct cursor {
    const uint8_t *at, *end;
    bool bad;
};

const uint8_t *cursor_bytes(struct cursor *c, size_t len); /* NULL when bad */
uint8_t cursor_u8(struct cursor *c);
uint16_t cursor_u16(struct cursor *c);
uint32_t cursor_u32(struct cursor *c);
uint64_t cursor_u64(struct cursor *c);
uint64_t cursor_varint(struct cursor *c);

/* Maps small positive and negative differences to small numbers. */
static inline uint32_t zigzag(uint32_t difference)
{
    return difference << 1 ^ (uint32_t) - (int32_t)(difference >> 31);
}

static inline uint64_t zigzag64(uint64_t difference)
{
    return difference << 1 ^ (uint64_t) - (int64_t)(difference >> 63);
}

static inline uint64_t unzigzag64(uint64_t coded)
{
    return coded >> 1 ^ (uint64_t) - (int64_t)(coded & 1);
}

static inline uint32_t unzigzag(uint32_t coded)
{
    return coded >> 1 ^ (uint32_t) - (int32_t)(coded & 1);
}

#endif
