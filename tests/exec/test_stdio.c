// SPDX-License-Identifier: Apache-2.0
/* Standard streams of tasks with a host that uses them (config.stdio). */
#include "puppet.h"
#include <criterion/criterion.h>
#include <hsx/target_vm.h>
#include <stdio.h>
#include <string.h>

static struct fixture fx;
static const char *typed; /* the rest of the input */

static size_t give(void *ctx, uint32_t pid, uint8_t *bytes, size_t size)
{
    size_t length = strcspn(typed, "|");

    (void)ctx;
    if (pid != 1) {
        return 0;
    }
    length = length < size ? length : size;
    memcpy(bytes, typed, length);
    typed += length;
    typed += *typed == '|';
    return length;
}

static void say(void *ctx, uint32_t pid, const uint8_t *bytes, size_t len)
{
    (void)ctx;
    fx.said_len += (size_t)snprintf(fx.said + fx.said_len, sizeof fx.said - fx.said_len, "[%u]%.*s",
                                    (unsigned)pid, (int)len, (const char *)bytes);
}

static void setup(void)
{
    struct hsx_exec_config config;

    hsx_exec_config_init(&config);
    config.tick_steps = 0;
    config.stack_bytes = 0x100;
    config.stdio = true;
    config.host = (struct hsx_exec_host){.console = say, .input = give};
    fx = (struct fixture){0};
    cr_assert_eq(hsx_target_vm_create(4, &fx.target), HSX_OK);
    cr_assert_eq(hsx_exec_create(fx.target, &config, &fx.exec), HSX_OK);
    typed = "";
}

static void teardown(void)
{
    fx_close(&fx);
}

TestSuite(stdio, .init = setup, .fini = teardown);

static uint32_t write_to(uint32_t pid, uint32_t fd, const char *text)
{
    uint32_t at = puppet_text(&fx, pid, text);

    return puppet_call(&fx, pid, 0x402, (struct args){{0, fd, at, (uint32_t)strlen(text)}});
}

static unsigned messages(const char *name)
{
    struct hsx_mbox_info boxes[32];
    size_t count;

    cr_assert_eq(hsx_exec_mailboxes(fx.exec, boxes, 32, &count), HSX_OK);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(boxes[i].name, name) == 0) {
            return boxes[i].messages;
        }
    }
    cr_assert_fail("%s is not there", name);
    return 0;
}

Test(stdio, what_tasks_write_goes_to_the_console_in_order_and_never_fills_up)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);

    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(write_to(a, 1, "0123456789012345678901234567890123456789\n"), 41);
    }
    cr_assert_eq(write_to(b, 2, "err;"), 4);
    cr_assert_eq(p_send(&fx, a, 2, "sent;"), OK);
    cr_assert_eq(write_to(a, 1, "out;"), 4);
    cr_expect_str_eq(fx.said,
                     "[1]0123456789012345678901234567890123456789\n"
                     "[1]0123456789012345678901234567890123456789\n"
                     "[1]0123456789012345678901234567890123456789\n"
                     "[2]err;[1]sent;[1]out;",
                     "%s", fx.said);
    cr_expect_eq(messages("svc:stdio.out@1"), 0);
}

Test(stdio, other_mailboxes_stay_as_they_are)
{
    uint32_t a = puppet_load(&fx);

    cr_assert_eq(p_send(&fx, a, p_handle(&fx, a, "svc:stdio.outer", 3), "x"), OK);
    cr_assert_eq(p_send(&fx, a, p_handle(&fx, a, "app:stdio.out", 3), "x"), OK);
    cr_assert_eq(p_send(&fx, a, 1, "x"), OK);
    cr_expect_str_eq(fx.said, "");
}

Test(stdio, a_task_that_has_it_open_gets_it_instead)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);
    uint32_t reader = p_handle(&fx, b, "svc:stdio.out@1", 1);

    cr_assert_eq(write_to(a, 1, "for b"), 5);
    cr_expect_str_eq(fx.said, "");
    cr_assert_eq(p_recv(&fx, b, reader, 0), OK);
    p_expect_text(&fx, b, "for b", 1);
    cr_assert_eq(write_to(a, 1, "left"), 4);
    cr_assert_eq(p_close(&fx, b, reader), OK);
    cr_expect_str_eq(fx.said, "[1]left", "what it has not read when it closes");
    reader = p_handle(&fx, b, "svc:stdio.out@1", 1);
    cr_assert_eq(p_tap(&fx, b, reader, 1), OK);
    cr_assert_eq(write_to(a, 1, "both"), 4);
    cr_expect_str_eq(fx.said, "[1]left[1]both", "a tap has a copy");
    cr_assert_eq(p_recv(&fx, b, reader, 0), OK);
    p_expect_text(&fx, b, "both", 1);
}

Test(stdio, input_is_asked_for_when_a_recv_finds_nothing)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);

    typed = "one|two|";
    cr_assert_eq(p_send(&fx, a, 1, "mail"), OK);
    cr_assert_eq(p_recv(&fx, a, 1, 0), OK);
    p_expect_text(&fx, a, "mail", 0);
    cr_assert_eq(p_recv(&fx, b, 1, 0), NO_DATA, "it is not for b");
    cr_assert_eq(p_recv(&fx, a, 1, FOREVER), OK);
    p_expect_text(&fx, a, "one", 0);
    cr_assert_eq(fx_reg(&fx, a, 4), 0, "from the host");
    cr_assert_eq(p_recv(&fx, a, 1, 0), OK);
    p_expect_text(&fx, a, "two", 0);
    cr_assert_eq(p_recv(&fx, a, 1, 0), NO_DATA);
    cr_assert_eq(p_recv(&fx, a, 1, FOREVER), BLOCKED);
}

Test(stdio, input_is_cut_to_what_the_mailbox_takes)
{
    uint32_t a = puppet_load(&fx);

    typed = "0123456789|";
    cr_assert_eq(p_bind(&fx, a, "svc:stdio.in", 12, 0), OK);
    cr_assert_eq(p_recv(&fx, a, 1, 0), OK);
    p_expect_text(&fx, a, "0123", 0);
    cr_assert_eq(p_recv(&fx, a, 1, 0), OK);
    p_expect_text(&fx, a, "4567", 0);
}
