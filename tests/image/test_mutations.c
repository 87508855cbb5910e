// SPDX-License-Identifier: Apache-2.0
/* Random damage: whatever is accepted must lie inside the buffer, and the
 * sanitizers of the debug preset must stay silent. */
#include "builder.h"
#include <criterion/criterion.h>
#include <hsx/image.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 20000 };

static uint32_t next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void damage(struct built *file, uint32_t *state)
{
    static const uint32_t edges[] = {0, 1, 4, 0x7F, 0xFF, 0x8000, 0x10000, 0xFFFFFFF0, 0xFFFFFFFF};
    unsigned count = 1 + next(state) % 4;

    while (count-- > 0) {
        size_t at = next(state) % file->size;

        if (next(state) % 2) {
            file->bytes[at] ^= (uint8_t)(1u << next(state) % 8);
        } else if (at + 4 <= file->size) {
            put(file, at & ~(size_t)3, 4, edges[next(state) % 9]);
        }
    }
    if (next(state) % 8 == 0) {
        file->size = next(state) % (file->size + 1);
    }
    if (file->size >= 32 && next(state) % 4) {
        fix_crc(file);
    }
}

static void check(const struct hsx_image *image, const uint8_t *bytes, size_t size)
{
    cr_assert_lt(image->entry, image->code_len);
    cr_assert(image->code >= bytes && image->code + image->code_len <= bytes + size);
    cr_assert(image->ro >= bytes && image->ro + image->ro_len <= bytes + size);
    cr_assert_leq(image->ro_len + image->bss_size, 0xC000);
    for (size_t i = 0; i < image->mailboxes.count; i++) {
        cr_assert_gt(strlen(image->mailboxes.items[i].target), 0);
    }
}

Test(image_mutations, never_crash_and_never_point_outside)
{
    uint32_t state = 0x1234567;
    unsigned accepted = 0;

    for (int i = 0; i < ROUNDS; i++) {
        struct hsx_image_error error;
        struct hsx_image image;
        struct built file;
        uint8_t *bytes;

        if (i % 4 == 0) {
            build_v1(&file);
        } else {
            build_v2(&file);
        }
        damage(&file, &state);
        bytes = malloc(file.size ? file.size : 1);
        cr_assert_not_null(bytes);
        memcpy(bytes, file.bytes, file.size);
        if (hsx_image_parse(bytes, file.size, &image, &error) == HSX_OK) {
            check(&image, bytes, file.size);
            hsx_image_clear(&image);
            accepted++;
        } else {
            cr_assert_gt(strlen(error.text), 0);
        }
        free(bytes);
    }
    cr_expect_gt(accepted, 100, "the damage must not always be fatal, or little is tested");
}
