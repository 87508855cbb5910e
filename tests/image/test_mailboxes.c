// SPDX-License-Identifier: Apache-2.0
#include "builder.h"
#include <criterion/criterion.h>
#include <hsx/image.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Test(mailboxes, reads_every_field)
{
    struct hsx_mailbox_list list = {0};
    struct hsx_image_error error;

    cr_assert_eq(hsx_mailboxes_parse(built_json, strlen(built_json), &list, &error), HSX_OK, "%s",
                 error.text);
    cr_assert_eq(list.count, 3);
    cr_expect_str_eq(list.items[0].target, "app:demo");
    cr_expect_eq(list.items[0].capacity, 128);
    cr_expect_eq(list.items[0].mode, 3 | 0x10);
    cr_expect_not(list.items[0].has_owner);
    cr_expect_null(list.items[0].bindings);
    cr_expect_eq(list.items[1].mode, 2);
    cr_expect(list.items[1].has_owner);
    cr_expect_eq(list.items[1].owner_pid, 7);
    cr_expect_str_eq(list.items[1].bindings, "[{\"pid\":1,\"flags\":0}]");
    cr_expect_eq(list.items[2].capacity, 0, "0 is the default");
    cr_expect_eq(list.items[2].mode, 3, "read and write by default");
    hsx_mailboxes_clear(&list);
}

/* Each inside {"version":1,"mailboxes":[...]}. */
struct mode_case {
    const char *json;
    int mode; /* -1: refused */
};

Test(mailboxes, knows_the_names_of_modes)
{
    static const struct mode_case cases[] = {
        {"{\"target\":\"x\",\"mode\":\"READ\"}", 1},
        {"{\"target\":\"x\",\"mode\":\"RDONLY\"}", 1},
        {"{\"target\":\"x\",\"mode\":\"WRITE\"}", 2},
        {"{\"target\":\"x\",\"mode\":\"WRONLY\"}", 2},
        {"{\"target\":\"x\",\"mode\":\"RDWR\"}", 3},
        {"{\"target\":\"x\",\"mode\":\"TAP\"}", 4},
        {"{\"target\":\"x\",\"mode\":\"FANOUT\"}", 8},
        {"{\"target\":\"x\",\"mode\":\"FANOUT_DROP\"}", 0x10},
        {"{\"target\":\"x\",\"mode\":\"RDWR | FANOUT_BLOCK\"}", 0x23},
        {"{\"target\":\"x\",\"mode_mask\":65535}", 0xFFFF},
        {"{\"target\":\"x\",\"mode_mask\":0}", 3},
        {"{\"target\":\"x\",\"mode\":\"rdwr|Fanout_Drop\"}", 0x13},
        {"{\"target\":\"x\",\"mode\":\"rw\"}", 3},
        {"{\"name\":\"x\",\"capacity\":null}", 3},
        {"{\"target\":\"x\",\"mode\":\"\"}", -1},
        {"{\"target\":\"x\",\"mode\":\"RDWR|\"}", -1},
        {"{\"target\":\"x\",\"mode\":\"RDWR TAP\"}", -1},
        {"{\"target\":\"x\",\"mode\":\"RDW\"}", -1},
        {"{\"target\":\"x\",\"mode\":3}", -1},
        {"{\"target\":\"x\",\"mode_mask\":\"3\"}", -1},
        {"{\"target\":\"x\",\"mode_mask\":65536}", -1},
        {"{\"target\":\"x\",\"mode_mask\":3,\"mode\":\"RDWR\"}", -1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hsx_mailbox_list list = {0};
        struct hsx_image_error error;
        char json[200];
        enum hsx_status status;

        snprintf(json, sizeof json, "{\"version\":1,\"mailboxes\":[%s]}", cases[i].json);
        status = hsx_mailboxes_parse(json, strlen(json), &list, &error);
        if (cases[i].mode < 0) {
            cr_expect_eq(status, HSX_ERR_FORMAT, "case %zu accepted", i);
        } else {
            cr_assert_eq(status, HSX_OK, "case %zu: %s", i, error.text);
            cr_expect_eq(list.items[0].mode, cases[i].mode, "case %zu: %d", i, list.items[0].mode);
        }
        hsx_mailboxes_clear(&list);
    }
}

Test(mailboxes, refuses_what_is_malformed)
{
    static const struct {
        const char *json;
        const char *expected;
    } cases[] = {
        {"", "bad JSON"},
        {"[", "bad JSON"},
        {"{} x", "bad JSON"},
        {"{\"version\":2,\"mailboxes\":[]}", "\"version\" is not 1"},
        {"{\"version\":null,\"mailboxes\":[]}", "\"version\" is not 1"},
        {"{\"mailboxes\":[{\"name\":1}]}", "mailbox 0: \"name\" is missing or no string"},
        {"[{\"target\":\"x\"},{\"name\":\"x\"}]", "mailbox 1: duplicate name \"x\""},
        {"{}", "\"mailboxes\" is missing"},
        {"{\"version\":1}", "\"mailboxes\" is missing"},
        {"{\"version\":1,\"mailboxes\":{}}", "\"mailboxes\" is missing or no array"},
        {"{\"version\":1,\"version\":1,\"mailboxes\":[]}", "bad JSON"},
        {"{\"version\":1,\"mailboxes\":[1]}", "mailbox 0: expected an object"},
        {"{\"version\":1,\"mailboxes\":[{}]}", "mailbox 0: \"target\" is missing"},
        {"{\"version\":1,\"mailboxes\":[{\"target\":1}]}", "\"target\" is missing or no string"},
        {"{\"version\":1,\"mailboxes\":[{\"target\":\"\"}]}", "\"target\" has 0 bytes"},
        {"{\"version\":1,\"mailboxes\":[{\"target\":\"123456789012345678901234567890123\"}]}",
         "\"target\" has 33 bytes, expected 1 to 32"},
        {"{\"version\":1,\"mailboxes\":[{\"target\":\"x\",\"capacity\":-1}]}",
         "\"capacity\" is -1"},
        {"{\"version\":1,\"mailboxes\":[{\"target\":\"x\",\"capacity\":65536}]}",
         "\"capacity\" is 65536, expected 0 to 65535"},
        {"{\"version\":1,\"mailboxes\":[{\"target\":\"x\",\"capacity\":1.5}]}", "is no integer"},
        {"{\"version\":1,\"mailboxes\":[{\"target\":\"x\",\"owner_pid\":\"1\"}]}", "is no integer"},
        {"{\"version\":1,\"mailboxes\":[{\"target\":\"x\"},{\"target\":\"x\"}]}",
         "mailbox 1: duplicate name \"x\""},
        {"{\"version\":1,\"mailboxes\":[{\"target\":\"x\"},{\"target\":\"svc:x\"}]}",
         "duplicate name \"svc:x\""},
        {"{\"version\":1,\"mailboxes\":[{\"target\":\"shared:x@1\"},{\"target\":\"shared:x\"}]}",
         "duplicate name"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hsx_mailbox_list list = {0};
        struct hsx_image_error error;

        cr_expect_eq(hsx_mailboxes_parse(cases[i].json, strlen(cases[i].json), &list, &error),
                     HSX_ERR_FORMAT, "case %zu accepted", i);
        cr_expect_not_null(strstr(error.text, cases[i].expected), "case %zu: %s", i, error.text);
        cr_expect_eq(list.count, 0);
        hsx_mailboxes_clear(&list);
    }
}

Test(mailboxes, keeps_the_list_when_a_later_section_is_refused)
{
    static const char bad[] = "{\"version\":1,\"mailboxes\":[{\"target\":\"new\",\"bindings\":{}},"
                              "{\"target\":\"plain\"}]}";
    struct hsx_mailbox_list list = {0};
    struct hsx_image_error error;

    cr_assert_eq(hsx_mailboxes_parse(built_json, strlen(built_json), &list, &error), HSX_OK);
    cr_expect_eq(hsx_mailboxes_parse(bad, strlen(bad), &list, &error), HSX_ERR_FORMAT);
    cr_expect_eq(list.count, 3);
    hsx_mailboxes_clear(&list);
}

Test(mailboxes, formats_to_the_same_list)
{
    struct hsx_mailbox_list list = {0};
    struct hsx_mailbox_list back = {0};
    struct hsx_image_error error;
    char *text;
    char *again;

    cr_assert_eq(hsx_mailboxes_parse(built_json, strlen(built_json), &list, &error), HSX_OK);
    text = hsx_mailboxes_format(&list);
    cr_assert_not_null(text);
    cr_assert_eq(hsx_mailboxes_parse(text, strlen(text), &back, &error), HSX_OK, "%s", error.text);
    again = hsx_mailboxes_format(&back);
    cr_assert_not_null(again);
    cr_expect_str_eq(text, again);
    cr_expect_eq(back.items[1].owner_pid, 7);
    free(text);
    free(again);
    hsx_mailboxes_clear(&list);
    hsx_mailboxes_clear(&back);
}

Test(mailboxes, a_list_alone_will_do)
{
    static const char *const texts[] = {
        "[{\"target\":\"x\"},{\"name\":\"app:y\"}]",
        "{\"mailboxes\":[{\"target\":\"x\"},{\"name\":\"app:y\"}]}"};

    for (size_t i = 0; i < 2; i++) {
        struct hsx_mailbox_list list = {0};
        struct hsx_image_error error;

        cr_assert_eq(hsx_mailboxes_parse(texts[i], strlen(texts[i]), &list, &error), HSX_OK, "%s",
                     error.text);
        cr_assert_eq(list.count, 2);
        cr_expect_str_eq(list.items[1].target, "app:y");
        hsx_mailboxes_clear(&list);
    }
}

/* A section with the older table instead of JSON. */
static enum hsx_status parse_table(const char *bytes, size_t size, uint32_t count,
                                   struct hsx_image *image, struct hsx_image_error *error)
{
    struct built built;

    build_with_json(&built, "");
    memcpy(built.bytes + V2_JSON, bytes, size);
    built.size = V2_JSON + size;
    put(&built, V2_TABLE + 24, 4, (uint32_t)size);
    put(&built, V2_TABLE + 28, 4, count);
    fix_crc(&built);
    return hsx_image_parse(built.bytes, built.size, image, error);
}

Test(mailboxes, sections_from_before_json_are_read)
{
    static const char table[] = "\0\0\0\x20\0\x80\0\x13........\0\0\0\x27\0\0\0\0........app:xy\0y";
    struct hsx_image_error error;
    struct hsx_image image;

    cr_assert_eq(parse_table(table, sizeof table, 2, &image, &error), HSX_OK, "%s", error.text);
    cr_assert_eq(image.mailboxes.count, 2);
    cr_expect_str_eq(image.mailboxes.items[0].target, "app:xy");
    cr_expect_eq(image.mailboxes.items[0].capacity, 128);
    cr_expect_eq(image.mailboxes.items[0].mode, 0x13);
    cr_expect_str_eq(image.mailboxes.items[1].target, "y");
    cr_expect_eq(image.mailboxes.items[1].capacity, 0);
    cr_expect_eq(image.mailboxes.items[1].mode, 3);
    hsx_image_clear(&image);
}

Test(mailboxes, bad_sections_from_before_json_are_refused)
{
    static const struct {
        const char *bytes;
        size_t size;
        uint32_t count;
        const char *why;
    } cases[] = {
        {"\0\0\0\x10\0\0\0\0........x", 17, 1, "its name at 0x10 does not end within"},
        {"\0\0\0\x11\0\0\0\0........\0", 17, 1, "its name at 0x11 does not end within"},
        {"\0\0\0\x10\0\0\0\0........\0", 17, 1, "\"target\" has 0 bytes"},
        {"\0\0\0\x10\0\0\0\0........\xFF", 18, 1, "its name is no UTF-8"},
        {"\0\0\0\x10\0\0\0\0........x", 18, 2, "neither JSON nor a table of 2 mailboxes"},
        {"\0\0\0\x20\0\0\0\0........\0\0\0\x20\0\0\0\0........x", 34, 2, "duplicate name \"x\""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hsx_image_error error;
        struct hsx_image image;

        cr_expect_eq(parse_table(cases[i].bytes, cases[i].size, cases[i].count, &image, &error),
                     HSX_ERR_FORMAT, "case %zu accepted", i);
        cr_expect_not_null(strstr(error.text, cases[i].why), "case %zu: %s", i, error.text);
    }
}
