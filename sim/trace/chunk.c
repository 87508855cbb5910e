// SPDX-License-Identifier: Apache-2.0
#include "chunk.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <zlib.h>

/* As in PNG: a transfer as text corrupts it. */
static const uint8_t magic[CHUNK_MAGIC_SIZE] = {0x89, 'H', 'S', 'X', 'T', '\r', '\n', 2};
static const uint8_t chunk_magic[4] = {'C', 'H', 'N', 'K'};
static const uint8_t tail_magic[8] = {'H', 'S', 'X', 'T', 'E', 'N', 'D', '\n'};

enum {
    HEAD_SIZE = 44,
    HEAD_CHECKED = HEAD_SIZE - 4,
    ENTRY_SIZE = 28,
    LEVEL = 1, /* of zstd: higher levels cost much time and save few bytes */
    MAX_RAW = 1 << 28
};

bool index_add(struct index *index, const struct index_entry *entry)
{
    if (index->count == index->capacity) {
        size_t capacity = index->capacity ? 2 * index->capacity : 64;
        void *more = realloc(index->entries, capacity * sizeof *index->entries);

        if (!more) {
            return false;
        }
        index->entries = more;
        index->capacity = capacity;
    }
    index->entries[index->count++] = *entry;
    return true;
}

static uint32_t checksum(const void *data, size_t size)
{
    return (uint32_t)crc32_z(0, data, size);
}

/* ---- Writing */

static void put(struct chunk_writer *w, const void *data, size_t size)
{
    fwrite(data, 1, size, w->out);
    w->offset += size;
}

bool chunk_writer_open(struct chunk_writer *w, FILE *out)
{
    *w = (struct chunk_writer){.out = out, .zstd = ZSTD_createCCtx()};
    if (!w->zstd) {
        return false;
    }
    put(w, magic, sizeof magic);
    return true;
}

void chunk_write(struct chunk_writer *w, struct chunk_head *head, const struct bytes *body)
{
    struct index_entry entry = {w->offset, head->seq, head->steps, head->count};
    uint8_t space[HEAD_SIZE];
    struct bytes fixed = {.data = space, .capacity = sizeof space};
    size_t packed;

    w->packed.used = 0;
    if (!bytes_reserve(&w->packed, ZSTD_compressBound(body->used))) {
        w->lost = true;
        return;
    }
    packed = ZSTD_compressCCtx(w->zstd, w->packed.data, w->packed.capacity, body->data, body->used,
                               LEVEL);
    if (ZSTD_isError(packed) || (head->kind == CHUNK_EVENTS && !index_add(&w->index, &entry))) {
        w->lost = true;
        return;
    }
    bytes_add(&fixed, chunk_magic, sizeof chunk_magic);
    bytes_u32(&fixed, head->kind);
    bytes_u32(&fixed, (uint32_t)body->used);
    bytes_u32(&fixed, (uint32_t)packed);
    bytes_u32(&fixed, head->count);
    bytes_u64(&fixed, head->seq);
    bytes_u64(&fixed, head->steps);
    bytes_u32(&fixed, checksum(w->packed.data, packed));
    bytes_u32(&fixed, checksum(space, HEAD_CHECKED));
    put(w, space, sizeof space);
    put(w, w->packed.data, packed);
}

void chunk_write_index(struct chunk_writer *w)
{
    struct chunk_head head = {.kind = CHUNK_INDEX, .count = (uint32_t)w->index.count};
    uint64_t at = w->offset;
    struct bytes body = {0};
    struct bytes tail = {0};

    for (size_t i = 0; i < w->index.count; i++) {
        bytes_u64(&body, w->index.entries[i].offset);
        bytes_u64(&body, w->index.entries[i].seq);
        bytes_u64(&body, w->index.entries[i].steps);
        bytes_u32(&body, w->index.entries[i].count);
    }
    chunk_write(w, &head, &body);
    bytes_u64(&tail, at);
    bytes_add(&tail, tail_magic, sizeof tail_magic);
    w->lost |= body.lost || tail.lost;
    put(w, tail.data, tail.used);
    bytes_free(&body);
    bytes_free(&tail);
}

void chunk_writer_free(struct chunk_writer *w)
{
    ZSTD_freeCCtx(w->zstd);
    bytes_free(&w->packed);
    free(w->index.entries);
}

/* ---- Reading */

bool chunk_is_magic(const uint8_t *bytes, size_t size)
{
    return size >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
}

bool chunk_reader_open(struct chunk_reader *r, FILE *in)
{
    *r = (struct chunk_reader){.in = in, .zstd = ZSTD_createDCtx(), .offset = CHUNK_MAGIC_SIZE};
    return r->zstd != NULL;
}

static enum hsx_status cut_off(struct chunk_reader *r, uint64_t at, bool *end)
{
    snprintf(r->cut, sizeof r->cut, "cut off in the chunk at byte %" PRIu64, at);
    *end = true;
    return HSX_OK;
}

static enum hsx_status damaged(struct hsx_trace_error *error, uint64_t at, const char *what)
{
    snprintf(error->text, sizeof error->text, "chunk at byte %" PRIu64 ": %s", at, what);
    return HSX_ERR_FORMAT;
}

static size_t take(struct chunk_reader *r, void *data, size_t size)
{
    size_t got = fread(data, 1, size, r->in);

    r->offset += got;
    return got;
}

/* Reads the packed bytes piece by piece, as packed_size may be wrong. */
static size_t take_packed(struct chunk_reader *r, size_t size)
{
    enum { PIECE = 1 << 16 };

    r->packed.used = 0;
    while (r->packed.used < size) {
        size_t part = size - r->packed.used < PIECE ? size - r->packed.used : PIECE;
        size_t got;

        if (!bytes_reserve(&r->packed, part)) {
            break;
        }
        got = take(r, r->packed.data + r->packed.used, part);
        r->packed.used += got;
        if (got < part) {
            break;
        }
    }
    return r->packed.used;
}

static bool parse_head(const uint8_t *space, struct chunk_head *head)
{
    struct cursor c = {space, space + HEAD_SIZE, false};
    bool known = memcmp(cursor_bytes(&c, sizeof chunk_magic), chunk_magic, sizeof chunk_magic) == 0;

    head->kind = cursor_u32(&c);
    head->raw_size = cursor_u32(&c);
    head->packed_size = cursor_u32(&c);
    head->count = cursor_u32(&c);
    head->seq = cursor_u64(&c);
    head->steps = cursor_u64(&c);
    head->checksum = cursor_u32(&c);
    return known && cursor_u32(&c) == checksum(space, HEAD_CHECKED) && head->raw_size <= MAX_RAW;
}

static enum hsx_status unpack(struct chunk_reader *r, const struct chunk_head *head, uint64_t at,
                              struct hsx_trace_error *error)
{
    size_t size;

    r->body.used = 0;
    if (!bytes_reserve(&r->body, head->raw_size + (size_t)1)) {
        return HSX_ERR_MEMORY;
    }
    size =
        ZSTD_decompressDCtx(r->zstd, r->body.data, head->raw_size, r->packed.data, r->packed.used);
    if (ZSTD_isError(size) || size != head->raw_size) {
        return damaged(error, at, "its content cannot be unpacked");
    }
    r->body.used = size;
    return HSX_OK;
}

/* Reads the tail after the index that begins at byte at. */
static bool read_tail(struct chunk_reader *r, uint64_t at)
{
    uint8_t tail[CHUNK_TAIL_SIZE];
    struct cursor c = {tail, tail + sizeof tail, false};

    return take(r, tail, sizeof tail) == sizeof tail && cursor_u64(&c) == at &&
           memcmp(c.at, tail_magic, sizeof tail_magic) == 0;
}

enum hsx_status chunk_read(struct chunk_reader *r, struct chunk_head *head, bool *end,
                           struct hsx_trace_error *error)
{
    uint64_t at = r->offset;
    uint8_t space[HEAD_SIZE];
    size_t got = take(r, space, sizeof space);

    *end = false;
    if (ferror(r->in)) {
        snprintf(error->text, sizeof error->text, "%s", strerror(errno));
        return HSX_ERR_IO;
    }
    if (got == 0) {
        snprintf(r->cut, sizeof r->cut, "has no end: cut off at byte %" PRIu64, at);
        *end = true;
        return HSX_OK;
    }
    if (got < sizeof space) {
        return cut_off(r, at, end);
    }
    if (!parse_head(space, head)) {
        return damaged(error, at, "its head is damaged");
    }
    if (take_packed(r, head->packed_size) < head->packed_size) {
        return r->packed.lost ? HSX_ERR_MEMORY : cut_off(r, at, end);
    }
    if (checksum(r->packed.data, r->packed.used) != head->checksum) {
        if (head->kind == CHUNK_INDEX) {
            snprintf(r->cut, sizeof r->cut, "its index is damaged");
            *end = true;
            return HSX_OK;
        }
        return damaged(error, at, "its checksum is wrong");
    }
    if (head->kind == CHUNK_INDEX) {
        *end = true;
        return read_tail(r, at) ? HSX_OK : cut_off(r, at, end);
    }
    return unpack(r, head, at, error);
}

/* ---- Seeking */

/* Reads the index at the file's end; false: it is missing or damaged. */
static bool read_index(struct chunk_reader *r)
{
    uint8_t tail[CHUNK_TAIL_SIZE];
    struct cursor c = {tail, tail + sizeof tail, false};
    struct hsx_trace_error error;
    struct chunk_head head = {0};
    uint64_t at;
    bool end = false;

    if (fseeko(r->in, -(off_t)sizeof tail, SEEK_END) != 0 ||
        fread(tail, 1, sizeof tail, r->in) != sizeof tail ||
        memcmp(tail + 8, tail_magic, sizeof tail_magic) != 0) {
        return false;
    }
    at = cursor_u64(&c);
    if (at > INT64_MAX || fseeko(r->in, (off_t)at, SEEK_SET) != 0) {
        return false;
    }
    r->offset = at;
    if (chunk_read(r, &head, &end, &error) != HSX_OK || !end || r->cut[0] != '\0' ||
        head.kind != CHUNK_INDEX || unpack(r, &head, at, &error) != HSX_OK ||
        r->body.used != (size_t)head.count * ENTRY_SIZE) {
        return false;
    }
    c = (struct cursor){r->body.data, r->body.data + r->body.used, false};
    for (uint32_t i = 0; i < head.count; i++) {
        struct index_entry entry;

        entry.offset = cursor_u64(&c);
        entry.seq = cursor_u64(&c);
        entry.steps = cursor_u64(&c);
        entry.count = cursor_u32(&c);
        if (entry.offset > INT64_MAX || !index_add(&r->index, &entry)) {
            return false;
        }
    }
    return true;
}

/* Rebuilds the index from the heads of the chunks, up to the last complete one. */
static bool rebuild_index(struct chunk_reader *r)
{
    uint64_t at = CHUNK_MAGIC_SIZE;
    uint8_t space[HEAD_SIZE];
    struct chunk_head head;

    r->index.count = 0;
    while (fseeko(r->in, (off_t)at, SEEK_SET) == 0 &&
           fread(space, 1, sizeof space, r->in) == sizeof space && parse_head(space, &head)) {
        const struct index_entry entry = {at, head.seq, head.steps, head.count};

        if (head.kind == CHUNK_EVENTS && !index_add(&r->index, &entry)) {
            return false;
        }
        at += sizeof space + (uint64_t)head.packed_size;
    }
    return true;
}

bool chunk_seek(struct chunk_reader *r, uint64_t steps)
{
    off_t back = ftello(r->in);
    uint64_t offset = r->offset;
    size_t i = 0;

    if (back < 0) {
        return false;
    }
    if (!r->has_index) {
        r->has_index = read_index(r) || rebuild_index(r);
    }
    r->cut[0] = '\0';
    while (i < r->index.count && r->index.entries[i].steps <= steps) {
        i++;
    }
    clearerr(r->in);
    i -= i > 0;
    if (r->index.count == 0 || fseeko(r->in, (off_t)r->index.entries[i].offset, SEEK_SET) != 0) {
        r->offset = offset;
        return fseeko(r->in, back, SEEK_SET) == 0;
    }
    r->offset = r->index.entries[i].offset;
    return true;
}

void chunk_reader_free(struct chunk_reader *r)
{
    ZSTD_freeDCtx(r->zstd);
    bytes_free(&r->packed);
    bytes_free(&r->body);
    free(r->index.entries);
}
