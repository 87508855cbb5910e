/* Numbers and bytes to and from a buffer, little-endian. Once something is
 * wrong (out of memory; nothing left to read) bad stays set, writing does
 * nothing and reading gives 0. */
#ifndef HSX_BLOB_H
#define HSX_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct blob {
    uint8_t *bytes;
    size_t size;     /* written, or there to be read */
    size_t capacity; /* of a blob that is written */
    size_t at;       /* read so far */
    bool bad;
};

void blob_put(struct blob *b, uint64_t value, unsigned width);
void blob_put_bytes(struct blob *b, const void *bytes, size_t len);
uint64_t blob_get(struct blob *b, unsigned width);
/* At most limit, else bad and 0. */
uint64_t blob_get_max(struct blob *b, unsigned width, uint64_t limit);
/* NULL when bad. */
const uint8_t *blob_get_bytes(struct blob *b, size_t len);

#endif
