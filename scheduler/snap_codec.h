// SPDX-License-Identifier: Apache-2.0
/* One description of the snapshot's format for both directions: every field
 * goes through these functions, which write it when saving and read and check
 * it when loading. */
#ifndef HSX_SNAP_CODEC_H
#define HSX_SNAP_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct codec {
    bool loading;
    bool failed;
    bool no_memory;
    uint8_t *bytes; /* saving: grows, owned; loading: not written to */
    size_t at, size;
    size_t capacity;
    char why[160]; /* the first failure of loading */
};

/* A number from 0 to max in 1, 2, 4 or 8 little-endian bytes, the fewest that
 * hold max. Returns value when saving, or what it read when loading: 0 after a failure. */
uint64_t codec_number(struct codec *c, uint64_t value, uint64_t max);

/* Assigns what it reads; when saving, the value that field already has. */
#define CODEC(c, field, max) ((field) = codec_number((c), (field), (max)))

void codec_bytes(struct codec *c, void *bytes, size_t len);

/* len bytes in pages of 256: a bit for each page, then the pages that are not zero. */
void codec_sparse(struct codec *c, uint8_t *bytes, size_t len);

/* Text of at most size - 1 bytes in an array of size: its length, its bytes. */
void codec_text(struct codec *c, char *text, size_t size);

/* Loading: what was read makes no sense. Later reads give 0. */
void codec_fail(struct codec *c, const char *why);
/* The same for an allocation that failed, when saving, too. */
void codec_no_memory(struct codec *c);
/* Calls codec_fail unless ok; returns ok. */
bool codec_check(struct codec *c, bool ok, const char *why);

#endif
