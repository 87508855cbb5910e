// SPDX-License-Identifier: Apache-2.0
/* The container of a binary trace: chunks with checksums, and an index (docs/trace.md). */
#ifndef HSX_TRACE_CHUNK_H
#define HSX_TRACE_CHUNK_H

#include "bytes.h"
#include <hsx/trace.h>
#include <zstd.h>

enum chunk_kind { CHUNK_HEADER = 1, CHUNK_EVENTS = 2, CHUNK_INDEX = 3 };

struct chunk_head {
    uint32_t kind, raw_size, packed_size, count, checksum;
    uint64_t seq, steps;
};

struct index_entry {
    uint64_t offset, seq, steps;
    uint32_t count;
};

struct index {
    struct index_entry *entries; /* owned */
    size_t count, capacity;
};

bool index_add(struct index *index, const struct index_entry *entry);

/* Bytes at the end of the file, which locate the index. */
enum { CHUNK_TAIL_SIZE = 16 };

/* ---- Writing */

struct chunk_writer {
    FILE *out;
    ZSTD_CCtx *zstd; /* owned */
    struct bytes packed;
    struct index index;
    uint64_t offset; /* of the next byte */
    bool lost;
};

bool chunk_writer_open(struct chunk_writer *w, FILE *out); /* writes the magic number */
/* head's sizes and checksum are filled in. */
void chunk_write(struct chunk_writer *w, struct chunk_head *head, const struct bytes *body);
void chunk_write_index(struct chunk_writer *w);
void chunk_writer_free(struct chunk_writer *w);

/* ---- Reading */

struct chunk_reader {
    FILE *in;
    ZSTD_DCtx *zstd; /* owned */
    struct bytes packed, body;
    struct index index; /* valid if has_index */
    bool has_index;
    uint64_t offset; /* of the next byte */
    char cut[160];   /* how the file is cut off, or "" */
};

/* Do these first bytes begin a binary trace? */
bool chunk_is_magic(const uint8_t *bytes, size_t size);
enum { CHUNK_MAGIC_SIZE = 8 };

/* The magic number has been read. */
bool chunk_reader_open(struct chunk_reader *r, FILE *in);
/* Reads the next chunk into *head and r->body. *end: there is none, cut may say why. */
enum hsx_status chunk_read(struct chunk_reader *r, struct chunk_head *head, bool *end,
                           struct hsx_trace_error *error);
/* Go to the last event chunk that begins at or before steps; false: the file is not
 * seekable. */
bool chunk_seek(struct chunk_reader *r, uint64_t steps);
void chunk_reader_free(struct chunk_reader *r);

#endif
