// SPDX-License-Identifier: Apache-2.0
/* Private names and enforced modes, which are options of the executive. */
#include "puppet.h"
#include <criterion/criterion.h>
#include <stdio.h>

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

Test(policy, global_mailboxes_belong_to_nobody_under_any_option)
{
    char long_text[60];
    uint32_t a, b, handle, other, sent = 0;

    open_with(true, true);
    a = puppet_load(&fx);
    b = puppet_load(&fx);
    snprintf(long_text, sizeof long_text, "%050d", 0);
    cr_assert_eq(p_bind(&fx, a, "app:x", 256, BOTH), OK);
    handle = p_handle(&fx, a, "app:x", BOTH);
    other = p_handle(&fx, b, "app:x", BOTH);
    while (sent < 10 && p_send(&fx, b, other, long_text) == OK) {
        sent++;
    }
    cr_expect_eq(sent, 4, "58 bytes each");
    cr_expect_eq(p_send(&fx, a, handle, long_text), WOULDBLOCK, "another has filled it");
    cr_expect_eq(p_bind(&fx, b, "app:x", 64, BOTH), OK, "another changes its capacity");
    cr_expect_eq(puppet_call(&fx, a, PEEK, (struct args){{0, handle}}), OK);
    cr_expect_eq(fx_reg(&fx, a, 1), 1, "messages that were left");
}

/* All that one task can get: its own mailboxes and its quota as large as can be, and, with taps, a
 * tap on each handle. */
static void grab(uint32_t pid, bool taps)
{
    static const char *const own[] = {"svc:stdio.in", "svc:stdio.out", "svc:stdio.err", "pid:"};
    char name[16];
    unsigned created = 0;

    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        p_bind(&fx, pid, own[i], 0xFFFF, BOTH);
    }
    do {
        snprintf(name, sizeof name, "app:%u.%u", pid, created++);
    } while (p_bind(&fx, pid, name, 0xFFFF, BOTH) == OK);
    for (uint32_t handle = 1; taps && handle <= 3; handle++) {
        p_tap(&fx, pid, handle, 1);
    }
    while (taps && p_open(&fx, pid, "svc:stdio.in", BOTH) == OK) {
        p_tap(&fx, pid, fx_reg(&fx, pid, 1), 1);
    }
}

Test(policy, one_task_that_takes_all_it_can_keeps_no_other_from_loading)
{
    static const enum hsx_profile profiles[] = {HSX_PROFILE_EMBEDDED, HSX_PROFILE_DESKTOP};

    for (unsigned i = 0; i < 2; i++) {
        puppets_open(&fx, profiles[i], 2);
        grab(puppet_load(&fx), true);
        cr_expect_eq(p_bind(&fx, puppet_load(&fx), "svc:mine", 0, BOTH), OK);
        fx_close(&fx);
    }
    puppets_open(&fx, HSX_PROFILE_EMBEDDED, 2);
}

Test(policy, what_several_tasks_took_comes_back_by_a_kill)
{
    enum { CONTEXTS = 8 };
    uint32_t pid, greedy = 0;
    struct hsx_exec_error error;

    puppets_open(&fx, HSX_PROFILE_EMBEDDED, CONTEXTS);
    for (unsigned i = 0; i < CONTEXTS - 1; i++) {
        if (fx_try_load(&fx, ".text\n.entry\nl: BRK\nJMP l\n", 0x100, &pid, &error) != HSX_OK) {
            break;
        }
        cr_assert_eq(hsx_exec_kill(fx.exec, pid), HSX_OK);
        greedy = puppet_load(&fx);
        grab(greedy, false);
    }
    cr_assert_eq(fx_try_load(&fx, ".text\n.entry\nRET\n", 0x100, &pid, &error), HSX_ERR_NO_ROOM,
                 "together they can: security.md says so");
    cr_assert_eq(hsx_exec_kill(fx.exec, greedy), HSX_OK);
    cr_expect_eq(p_bind(&fx, puppet_load(&fx), "svc:mine", 0, BOTH), OK);
}
