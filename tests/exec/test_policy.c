// SPDX-License-Identifier: Apache-2.0
/* Private names and enforced modes, which are options of the executive. */
#include "puppet.h"
#include <criterion/criterion.h>

static struct fixture fx;

static void open_with(bool private_names, bool enforce_modes)
{
    struct hsx_exec_config config;

    hsx_exec_config_init(&config);
    config.tick_steps = 0;
    config.stack_bytes = 0x100;
    config.private_names = private_names;
    config.enforce_modes = enforce_modes;
    fx_open(&fx, &config, 4);
}

static void teardown(void)
{
    fx_close(&fx);
}

enum { READ = 1, WRITE = 2, BOTH = 3, MAY_TAP = 4 };

TestSuite(policy, .fini = teardown);

Test(policy, private_mailboxes_are_their_owners_alone)
{
    static const char *const owned[] = {"svc:x@1", "pid:1", "app:x@1", "svc:stdio.in@1"};
    enum hsx_mbox_status result;
    uint32_t a, b;
    uint16_t handle;

    open_with(true, false);
    a = puppet_load(&fx);
    b = puppet_load(&fx);
    cr_assert_eq(p_bind(&fx, a, "svc:x", 0, BOTH), OK);
    cr_assert_eq(p_bind(&fx, a, "app:x@1", 0, BOTH), OK);
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) {
        cr_expect_eq(p_open(&fx, b, owned[i], BOTH), BAD, "%s", owned[i]);
        cr_expect_eq(p_bind(&fx, b, owned[i], 100, BOTH), BAD, "%s", owned[i]);
        cr_expect_eq(p_open(&fx, a, owned[i], BOTH), OK, "%s", owned[i]);
        cr_assert_eq(hsx_exec_host_open(fx.exec, owned[i], BOTH, &handle, &result), HSX_OK);
        cr_expect_eq(result, HSX_MBOX_OK, "the host may: %s", owned[i]);
    }
    cr_expect_eq(p_open(&fx, b, "app:x", BOTH), OK, "a global one is for all");
    cr_expect_eq(p_open(&fx, b, "svc:x", BOTH), OK, "and this one is its own");
}

Test(policy, a_handle_does_what_its_mode_says)
{
    uint32_t a, reader, writer;

    open_with(false, true);
    a = puppet_load(&fx);
    reader = p_handle(&fx, a, "svc:x", READ);
    writer = p_handle(&fx, a, "svc:x", WRITE);
    cr_expect_eq(p_send(&fx, a, reader, "x"), INVALID_HANDLE);
    cr_expect_eq(p_send(&fx, a, writer, "x"), OK);
    cr_expect_eq(p_recv(&fx, a, writer, 0), INVALID_HANDLE);
    cr_expect_eq(puppet_call(&fx, a, PEEK, (struct args){{0, writer}}), INVALID_HANDLE);
    cr_expect_eq(p_tap(&fx, a, reader, 1), INVALID_HANDLE);
    cr_expect_eq(p_recv(&fx, a, reader, 0), OK);
    cr_expect_eq(p_tap(&fx, a, p_handle(&fx, a, "svc:x", MAY_TAP), 1), OK);
    cr_expect_eq(p_send(&fx, a, p_handle(&fx, a, "svc:x", FANOUT), "x"), OK,
                 "a mode without access is for both");
    cr_expect_eq(p_close(&fx, a, reader), OK);
}

Test(policy, the_mode_of_a_mailbox_is_for_others_than_its_owner)
{
    uint32_t a, b, other;

    open_with(false, true);
    a = puppet_load(&fx);
    b = puppet_load(&fx);
    cr_assert_eq(p_bind(&fx, a, "svc:in", 0, WRITE), OK);
    other = p_handle(&fx, b, "svc:in@1", BOTH | MAY_TAP);
    cr_expect_eq(p_send(&fx, b, other, "for a"), OK);
    cr_expect_eq(p_recv(&fx, b, other, 0), INVALID_HANDLE);
    cr_expect_eq(p_tap(&fx, b, other, 1), INVALID_HANDLE);
    cr_expect_eq(p_recv(&fx, a, p_handle(&fx, a, "svc:in", READ), 0), OK);
    cr_expect_eq(p_bind(&fx, b, "svc:in@1", 0, BOTH), BAD, "nor can others change it");
    cr_expect_eq(p_bind(&fx, b, "svc:in@1", 200, 0), BAD);
    cr_expect_eq(p_bind(&fx, b, "svc:in@1", 64, WRITE), OK, "to bind it as it is changes nothing");
    cr_expect_eq(p_bind(&fx, a, "svc:in", 0, BOTH), OK);
    cr_expect_eq(p_recv(&fx, b, other, 0), NO_DATA);
}

Test(policy, without_the_options_all_is_open)
{
    uint32_t a, b, other;

    open_with(false, false);
    a = puppet_load(&fx);
    b = puppet_load(&fx);
    cr_assert_eq(p_bind(&fx, a, "svc:in", 0, WRITE), OK);
    other = p_handle(&fx, b, "svc:in@1", WRITE);
    cr_expect_eq(p_recv(&fx, b, other, 0), NO_DATA);
    cr_expect_eq(p_tap(&fx, b, other, 1), OK);
    cr_expect_eq(p_bind(&fx, b, "svc:in@1", 200, BOTH), OK);
}
