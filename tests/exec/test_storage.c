// SPDX-License-Identifier: Apache-2.0
/* The storage of mailboxes: what is given back, and the last byte of it. */
#include "puppet.h"
#include <criterion/criterion.h>
#include <string.h>

enum { MOST = 0xFFFF, BOXES = 16, CONTEXTS = 1 };

static struct fixture fx;

static void open_embedded(void)
{
    puppets_open(&fx, HSX_PROFILE_EMBEDDED, CONTEXTS);
}

static void close_all(void)
{
    fx_close(&fx);
}

TestSuite(storage, .init = open_embedded, .fini = close_all);

static enum hsx_mbox_status bind(const char *name, uint16_t capacity, uint32_t *id)
{
    enum hsx_mbox_status result = HSX_MBOX_INTERNAL_ERROR;

    cr_assert_eq(hsx_exec_host_bind(fx.exec, name, capacity, 3, id, &result), HSX_OK);
    return result;
}

static uint16_t open_box(const char *name)
{
    enum hsx_mbox_status result;
    uint16_t handle = 0;

    cr_assert_eq(hsx_exec_host_open(fx.exec, name, 3, &handle, &result), HSX_OK);
    cr_assert_eq(result, HSX_MBOX_OK);
    return handle;
}

static enum hsx_mbox_status tap(uint16_t handle, bool on)
{
    enum hsx_mbox_status result = HSX_MBOX_INTERNAL_ERROR;

    cr_assert_eq(hsx_exec_host_tap(fx.exec, handle, on, &result), HSX_OK);
    return result;
}

static struct hsx_mbox_info box(const char *name)
{
    static struct hsx_mbox_info boxes[BOXES + 4 * CONTEXTS];
    size_t count;

    cr_assert_eq(hsx_exec_mailboxes(fx.exec, boxes, BOXES + 4 * CONTEXTS, &count), HSX_OK);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(boxes[i].name, name) == 0) {
            return boxes[i];
        }
    }
    cr_assert_fail("no %s", name);
    return boxes[0];
}

Test(storage, of_a_removed_mailbox_is_used_again)
{
    const struct hsx_mbox_message message = {.length = 5};
    enum hsx_mbox_status result;
    char got[6] = "";
    uint16_t handle;
    uint32_t id;

    cr_assert_eq(bind("app:first", 100, &id), HSX_MBOX_OK);
    for (unsigned i = 0; i < 3 * BOXES; i++) {
        struct hsx_mbox_message read;

        cr_assert_eq(bind("app:gone", MOST, &id), HSX_MBOX_OK, "%u", i);
        cr_assert_eq(bind("app:kept", 100, &(uint32_t){0}), HSX_MBOX_OK);
        handle = open_box("app:kept");
        cr_assert_eq(hsx_exec_host_send(fx.exec, handle, &message, "hello", &result), HSX_OK);
        cr_assert_eq(result, HSX_MBOX_OK);
        cr_assert_eq(hsx_exec_remove_mailbox(fx.exec, id), HSX_OK);
        cr_assert_eq(hsx_exec_host_recv(fx.exec, handle, &read, got, sizeof got, &result), HSX_OK);
        cr_assert(result == HSX_MBOX_OK && read.length == 5);
        cr_assert_str_eq(got, "hello", "its bytes have moved with it");
        cr_assert_eq(hsx_exec_host_close(fx.exec, handle, &result), HSX_OK);
    }
}

Test(storage, taps_are_counted_and_given_back)
{
    uint16_t a, b;
    uint32_t id;

    cr_assert_eq(bind("app:x", MOST, &id), HSX_MBOX_OK);
    a = open_box("app:x");
    b = open_box("app:x");
    for (unsigned i = 0; i < 3 * BOXES; i++) {
        enum hsx_mbox_status result;

        cr_assert_eq(tap(a, true), HSX_MBOX_OK, "%u", i);
        cr_assert_eq(tap(a, true), HSX_MBOX_OK, "it is tapped already");
        cr_expect_eq(box("app:x").taps, 1);
        cr_assert_eq(tap(b, true), HSX_MBOX_OK, "%u", i);
        cr_expect_eq(box("app:x").taps, 2);
        cr_expect_eq(box("app:x").handles, 2);
        cr_assert_eq(tap(a, false), HSX_MBOX_OK);
        cr_assert_eq(tap(a, false), HSX_MBOX_OK, "it is not tapped");
        cr_expect_eq(box("app:x").taps, 1);
        cr_assert_eq(hsx_exec_host_close(fx.exec, b, &result), HSX_OK);
        cr_expect_eq(box("app:x").taps, 0);
        cr_expect_eq(box("app:x").handles, 1);
        b = open_box("app:x");
    }
}

Test(storage, is_used_to_the_last_byte)
{
    /* With five taps of the greatest capacity 19 bytes are left. */
    enum { TAPS = 5, LEFT = (BOXES + 4 * CONTEXTS) * (MOST + 1) - (BOXES - 1 + TAPS) * MOST - 1 };
    uint32_t id;

    for (unsigned i = 0; i < BOXES; i++) {
        char name[] = "app:a";

        name[4] = (char)(name[4] + i);
        cr_assert_eq(bind(name, i == 0 ? 1 : MOST, &id), HSX_MBOX_OK);
    }
    for (unsigned i = 0; i < TAPS; i++) {
        cr_assert_eq(tap(open_box("app:b"), true), HSX_MBOX_OK);
    }
    cr_expect_eq(tap(open_box("app:b"), true), HSX_MBOX_NO_DESCRIPTOR);
    cr_expect_eq(bind("app:a", LEFT + 2, &id), HSX_MBOX_NO_DESCRIPTOR);
    cr_expect_eq(box("app:a").capacity, 1);
    cr_expect_eq(bind("app:a", LEFT + 1, &id), HSX_MBOX_OK);
    cr_expect_eq(box("app:a").capacity, LEFT + 1);
    cr_expect_eq(bind("app:a", LEFT + 2, &id), HSX_MBOX_NO_DESCRIPTOR);
    cr_expect_eq(bind("app:a", 2, &id), HSX_MBOX_OK);
    cr_expect_eq(tap(open_box("app:a"), true), HSX_MBOX_OK);
    cr_expect_eq(bind("app:a", LEFT / 2 + 2, &id), HSX_MBOX_NO_DESCRIPTOR, "its tap grows too");
    cr_expect_eq(bind("app:a", LEFT / 2 + 1, &id), HSX_MBOX_OK);
}
