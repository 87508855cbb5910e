// SPDX-License-Identifier: Apache-2.0
#include "builder.h"
#include <criterion/criterion.h>
#include <hsx/image.h>
#include <stdlib.h>
#include <string.h>

Test(image, reads_version_1)
{
    struct hsx_image_error error;
    struct hsx_image image;
    struct built file;
    uint32_t words[2];

    build_v1(&file);
    cr_assert_eq(hsx_image_parse(file.bytes, file.size, &image, &error), HSX_OK, "%s", error.text);
    cr_expect_eq(image.version, 1);
    cr_expect_eq(image.entry, 4);
    cr_expect_eq(image.req_caps, 0x1234);
    cr_expect_eq(image.code_len, BUILT_CODE);
    cr_expect_eq(image.ro_len, BUILT_RO);
    cr_expect_eq(image.bss_size, BUILT_BSS);
    cr_expect_str_eq(image.name, "");
    cr_expect_eq(image.mailboxes.count, 0);
    cr_expect_arr_eq(image.ro, "data", BUILT_RO);
    hsx_image_words(&image, words);
    cr_expect_eq(words[0], 0x01100005);
    cr_expect_eq(words[1], 0x25000000);
    hsx_image_clear(&image);
}

Test(image, reads_version_2)
{
    struct hsx_image_error error;
    struct hsx_image image;
    struct built file;

    build_v2(&file);
    cr_assert_eq(hsx_image_parse(file.bytes, file.size, &image, &error), HSX_OK, "%s", error.text);
    cr_expect_eq(image.version, 2);
    cr_expect_eq(image.flags, HSX_IMAGE_MULTIPLE);
    cr_expect_str_eq(image.name, "demo app");
    cr_expect_eq(image.other_sections, 1);
    cr_expect_arr_eq(image.ro, "data", BUILT_RO);
    cr_assert_eq(image.mailboxes.count, 3);
    cr_expect_str_eq(image.mailboxes.items[0].target, "app:demo");
    hsx_image_clear(&image);
    cr_expect_null(image.mailboxes.items);
}

Test(image, accepts_a_name_of_32_bytes)
{
    struct hsx_image_error error;
    struct hsx_image image;
    struct built file;

    build_v2(&file);
    memset(file.bytes + 32, 'n', 32);
    cr_assert_eq(hsx_image_parse(file.bytes, file.size, &image, &error), HSX_OK, "%s", error.text);
    cr_expect_eq(strlen(image.name), 32);
    hsx_image_clear(&image);
}

Test(image, accepts_the_largest_data)
{
    struct hsx_image_error error;
    struct hsx_image image;
    struct built file;

    build_v1(&file);
    put(&file, 20, 4, 0xC000 - BUILT_RO);
    fix_crc(&file);
    cr_assert_eq(hsx_image_parse(file.bytes, file.size, &image, &error), HSX_OK, "%s", error.text);
    cr_expect_eq(image.ro_len + image.bss_size, 0xC000);
}

Test(image, ignores_unknown_flags_and_what_follows_the_sections)
{
    struct hsx_image_error error;
    struct hsx_image image;
    struct built file;

    build_v1(&file);
    put(&file, 6, 2, 0xFFFF);
    file.size += 9;
    fix_crc(&file);
    cr_assert_eq(hsx_image_parse(file.bytes, file.size, &image, &error), HSX_OK, "%s", error.text);
}

Test(image, leaves_version_2_header_out_of_the_crc)
{
    struct hsx_image_error error;
    struct hsx_image image;
    struct built file;

    build_v2(&file);
    file.bytes[32] = 'D';
    cr_assert_eq(hsx_image_parse(file.bytes, file.size, &image, &error), HSX_OK, "%s", error.text);
    cr_expect_str_eq(image.name, "Demo app");
    hsx_image_clear(&image);
}

/* One field is changed in a good image, and the CRC corrected. */
struct refusal {
    unsigned version;
    size_t offset;
    unsigned width;
    uint32_t value;
    const char *expected;
};

static void expect_refused(struct built *file, const char *expected)
{
    struct hsx_image_error error;
    struct hsx_image image;
    struct hsx_image zero = {0};
    enum hsx_status status = hsx_image_parse(file->bytes, file->size, &image, &error);

    cr_expect_eq(status, HSX_ERR_FORMAT, "accepted, expected: %s", expected);
    cr_expect_not_null(strstr(error.text, expected), "got: %s\nexpected: %s", error.text, expected);
    cr_expect_eq(memcmp(&image, &zero, sizeof image), 0, "something was handed out: %s", expected);
}

Test(image, refuses_bad_fields)
{
    static const struct refusal refusals[] = {
        {1, 0, 1, 'h', "offset 0x0 (magic)"},
        {1, 4, 2, 0, "offset 0x4 (version): 0, expected 1 or 2"},
        {1, 4, 2, 3, "offset 0x4 (version): 3, expected 1 or 2"},
        {1, 12, 4, 6, "(code_len): 0x6, expected a multiple of 4"},
        {1, 12, 4, 0, "(entry): 0x4 lies outside the code"},
        {1, 12, 4, 0x10004, "(code_len): 0x10004 bytes, expected at most 0x10000"},
        {1, 12, 4, 0xFFFFFFFC, "(code_len): 0xfffffffc bytes"},
        {1, 12, 4, 16, "(code_len): 0x10 bytes reach past the end"},
        {1, 16, 4, 6, "(ro_len): 0x6 bytes reach past the end"},
        {1, 16, 4, 0xFFFFFFFF, "(ro_len): 0xffffffff bytes, expected at most 0x10000"},
        {1, 20, 4, 0x10001, "(bss_size): 0x10001 bytes, expected at most 0x10000"},
        {1, 20, 4, 0xC000 - BUILT_RO + 1, "0xc001 bytes of data, expected at most 0xc000"},
        {1, 20, 4, 0xFFFFFFFF, "(bss_size)"},
        {1, 8, 4, 2, "(entry): 0x2, expected a multiple of 4"},
        {1, 8, 4, BUILT_CODE, "(entry): 0x8 lies outside the code, expected less than 0x8"},
        {1, 8, 4, 0xFFFFFFFC, "(entry): 0xfffffffc lies outside the code"},
        {2, 32, 1, 0xE4, "offset 0x20 (app name): byte 0xe4"},
        {2, 36, 1, '\n', "offset 0x24 (app name): byte 0x0a"},
        {2, 63, 1, 'x', "offset 0x3f (app name): byte 0x78 after the end of the name"},
        {2, 72, 1, 1, "offset 0x48 (reserved): byte 0x01, expected 0"},
        {2, 95, 1, 0x80, "offset 0x5f (reserved): byte 0x80, expected 0"},
        {2, 64, 4, 95, "offset 0x40 (metadata table): at 0x5f, expected 0x6d or more"},
        {2, 64, 4, V2_TABLE - 1, "(metadata table): at 0x6c, expected 0x6d or more"},
        {2, 64, 4, 0xFFFFFFF0, "(metadata table): 0x20 bytes at 0xfffffff0"},
        {2, 68, 4, 0x10000000, "(metadata table): 0x100000000 bytes"},
        {2, V2_TABLE + 4, 4, V2_TABLE - 1, "(metadata section): at 0x6c, expected 0x6d or more"},
        {2, V2_TABLE + 4, 4, 0, "(metadata section): at 0x0"},
        {2, V2_TABLE + 8, 4, 0xFFFFFFFF, "(metadata section): 0xffffffff bytes"},
        {2, V2_TABLE + 4, 4, 0xFFFFFFFF, "(metadata section): 0x4 bytes at 0xffffffff"},
        {2, V2_TABLE + 24, 4, 10, "(mailbox section): bad JSON at byte 10"},
        {2, V2_TABLE + 24, 4, 0, "(mailbox section): neither JSON nor a table of 3 mailboxes"},
    };

    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const struct refusal *r = &refusals[i];
        struct built file;

        if (r->version == 1) {
            build_v1(&file);
        } else {
            build_v2(&file);
        }
        put(&file, r->offset, r->width, r->value);
        fix_crc(&file);
        expect_refused(&file, r->expected);
    }
}

Test(image, refuses_any_length_that_is_too_short)
{
    struct built whole;

    build_v2(&whole);
    for (size_t size = 0; size < whole.size; size++) {
        /* A copy of the exact size, so that the sanitizer sees a read past it. */
        uint8_t *bytes = malloc(size ? size : 1);
        struct hsx_image_error error;
        struct hsx_image image;

        cr_assert_not_null(bytes);
        memcpy(bytes, whole.bytes, size);
        cr_expect_eq(hsx_image_parse(bytes, size, &image, &error), HSX_ERR_FORMAT, "%zu bytes",
                     size);
        if (size < 96) {
            cr_expect_not_null(strstr(error.text, "file ends"), "%s", error.text);
        }
        free(bytes);
    }
}

Test(image, refuses_a_wrong_crc)
{
    struct built file;

    build_v1(&file);
    file.bytes[file.size - 1] ^= 1;
    expect_refused(&file, "offset 0x1c (crc32)");
    build_v2(&file);
    file.bytes[24] ^= 1;
    expect_refused(&file, "offset 0x1c (crc32)");
}

Test(image, refuses_one_mailbox_in_two_sections)
{
    struct built file;

    build_v2(&file);
    memcpy(file.bytes + V2_TABLE, file.bytes + V2_TABLE + 16, 16);
    fix_crc(&file);
    expect_refused(&file, "duplicate name");
}

Test(image, writes_what_it_reads)
{
    static const uint8_t code[8] = {0x25};
    struct hsx_image image = {.version = 2,
                              .flags = HSX_IMAGE_MULTIPLE,
                              .entry = 4,
                              .req_caps = 99,
                              .code = code,
                              .code_len = 8,
                              .ro = code,
                              .ro_len = 3,
                              .bss_size = 100,
                              .name = "app"};
    struct hsx_image_error error;
    struct hsx_image back;
    uint8_t *bytes;
    size_t size;

    cr_assert_eq(hsx_mailboxes_parse(built_json, strlen(built_json), &image.mailboxes, &error),
                 HSX_OK);
    cr_assert_eq(hsx_image_write(&image, &bytes, &size, &error), HSX_OK, "%s", error.text);
    cr_assert_eq(hsx_image_parse(bytes, size, &back, &error), HSX_OK, "%s", error.text);
    cr_expect_eq(back.flags, image.flags);
    cr_expect_eq(back.entry, image.entry);
    cr_expect_eq(back.req_caps, image.req_caps);
    cr_expect_eq(back.bss_size, image.bss_size);
    cr_expect_str_eq(back.name, "app");
    cr_expect_arr_eq(back.code, code, 8);
    cr_expect_arr_eq(back.ro, code, 3);
    cr_assert_eq(back.mailboxes.count, 3);
    cr_expect_eq(back.mailboxes.items[0].mode, 0x13);
    cr_expect_str_eq(back.mailboxes.items[1].bindings, "[{\"pid\":1,\"flags\":0}]");
    hsx_image_clear(&back);
    hsx_mailboxes_clear(&image.mailboxes);
    free(bytes);
}

Test(image, does_not_write_what_it_would_refuse)
{
    static const uint8_t code[8];
    struct hsx_image image = {.version = 1, .code = code, .code_len = 8, .name = "app"};
    struct hsx_image_error error;
    uint8_t *bytes;
    size_t size;

    cr_expect_eq(hsx_image_write(&image, &bytes, &size, &error), HSX_ERR_FORMAT);
    cr_expect_not_null(strstr(error.text, "name needs version 2"), "%s", error.text);
    image.name[0] = '\0';
    image.entry = 8;
    cr_expect_eq(hsx_image_write(&image, &bytes, &size, &error), HSX_ERR_FORMAT);
    cr_expect_not_null(strstr(error.text, "outside the code"), "%s", error.text);
    cr_expect_null(bytes);
}
