// SPDX-License-Identifier: Apache-2.0
/* Departures from the original VM (contract section 9), D13 to D20: the behaviour here. */
#include "puppet.h"
#include <criterion/criterion.h>
#include <hsx/machine.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fixture fx;

static void setup(void)
{
    puppets_open(&fx, HSX_PROFILE_DESKTOP, 4);
}

static void teardown(void)
{
    fx_close(&fx);
}

TestSuite(departures, .init = setup, .fini = teardown);

/* R0 of the only loaded task after it has ended. */
static uint32_t r0_of(const char *source)
{
    uint32_t pid = fx_load(&fx, source);

    fx_run(&fx, 100000);
    return fx_reg(&fx, pid, 0);
}

Test(departures, d13_steps_are_those_of_all_tasks)
{
    uint32_t a = fx_load(&fx, "loop: JMP loop");
    uint32_t b = fx_load(&fx, "LDI R2, 1\nLDI R2, 2\nSVC 0x000\nBRK");

    fx_run(&fx, 7);
    cr_expect_eq(fx_state(&fx, b), HSX_READY);
    cr_expect_eq(fx_reg(&fx, b, 0), 5, "three of a and two of b came before it");
    cr_expect_eq(fx_task(&fx, a).counters.steps, 4);
}

Test(departures, d13_calls_of_version_1_count_bytes)
{
    cr_expect_eq(r0_of("CALL 12\nLDI R0, 1\nRET\nLDI R0, 2\nSVC 0x100"), 2);
}

Test(departures, d14_calls_that_nobody_has_are_enosys)
{
    static const unsigned calls[] = {0x700, 0x701, 0x800, 0x801, 0xE00, 0xE01, 0x400, 0x401, 0x403};

    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        char source[64];

        snprintf(source, sizeof source, "LDI R1, 0\nSVC 0x%X\nSVC 0x100", calls[i]);
        cr_expect_eq(r0_of(source), HSX_ENOSYS, "0x%X", calls[i]);
    }
}

Test(departures, d15_fs_write_to_fd_0_and_long_can_frames_do_nothing)
{
    uint32_t a = puppet_load(&fx);
    uint32_t text = puppet_text(&fx, a, "123456789");

    cr_expect_eq(puppet_call(&fx, a, 0x402, (struct args){{0, 0, text, 3}}), 0);
    cr_expect_eq(p_recv(&fx, a, 1, 0), NO_DATA, "standard input has got nothing");
    cr_expect_eq(puppet_call(&fx, a, 0x200, (struct args){{0, 1, text, 9}}), 0xFFFFFFFF);
    cr_expect_eq(fx.can_count, 0);
    cr_expect_eq(puppet_call(&fx, a, 0x200, (struct args){{0, 1, text, 8}}), 0);
    cr_expect_eq(fx.can_count, 1);
}

Test(departures, d16_peek_on_a_tapped_handle_shows_its_copy)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);
    uint32_t sender = p_handle(&fx, a, "app:x", 3);
    uint32_t tap = p_handle(&fx, b, "app:x", 3);

    cr_assert_eq(p_send(&fx, a, sender, "before"), OK);
    cr_assert_eq(p_tap(&fx, b, tap, 1), OK);
    cr_assert_eq(puppet_call(&fx, b, PEEK, (struct args){{0, tap}}), OK);
    cr_expect_eq(fx_reg(&fx, b, 1), 0, "the queue has one");
    cr_assert_eq(p_send(&fx, a, sender, "after tap"), OK);
    cr_assert_eq(puppet_call(&fx, b, PEEK, (struct args){{0, tap}}), OK);
    cr_expect_eq(fx_reg(&fx, b, 1), 1);
    cr_expect_eq(fx_reg(&fx, b, 3), 9);
}

Test(departures, d16_a_tapped_handle_keeps_no_fanout_message)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);
    uint32_t sender, reader, tap;

    cr_assert_eq(p_bind(&fx, a, "app:f", 16, FANOUT | BLOCK), OK);
    sender = p_handle(&fx, a, "app:f", 3);
    reader = p_handle(&fx, b, "app:f", 3);
    tap = p_handle(&fx, b, "app:f", 3);
    cr_assert_eq(p_tap(&fx, b, tap, 1), OK);
    for (unsigned i = 0; i < 3; i++) {
        cr_expect_eq(p_send(&fx, a, sender, "full"), OK, "%u", i);
        cr_expect_eq(p_recv(&fx, b, reader, 0), OK);
    }
}

Test(departures, d17_bind_with_the_mode_it_has_leaves_positions)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);
    uint32_t sender, reader;

    cr_assert_eq(p_bind(&fx, a, "app:f", 0, FANOUT), OK);
    sender = p_handle(&fx, a, "app:f", 3);
    reader = p_handle(&fx, b, "app:f", 3);
    cr_assert_eq(p_send(&fx, a, sender, "kept"), OK);
    cr_assert_eq(p_bind(&fx, a, "app:f", 0, FANOUT), OK);
    cr_assert_eq(p_recv(&fx, b, reader, 0), OK);
    p_expect_text(&fx, b, "kept", 0);
}

Test(departures, d17_open_with_fanout_makes_a_fanout_mailbox)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);
    uint32_t c = puppet_load(&fx);
    uint32_t sender = p_handle(&fx, a, "app:f", 3 | FANOUT);
    uint32_t readers[] = {p_handle(&fx, b, "app:f", 3), p_handle(&fx, c, "app:f", 3)};

    cr_assert_eq(p_send(&fx, a, sender, "all"), OK);
    cr_expect_eq(p_recv(&fx, b, readers[0], 0), OK);
    cr_expect_eq(p_recv(&fx, c, readers[1], 0), OK);
}

static bool is_there(const char *name)
{
    struct hsx_mbox_info boxes[32];
    size_t count;
    bool found = false;

    cr_assert_eq(hsx_exec_mailboxes(fx.exec, boxes, 32, &count), HSX_OK);
    for (size_t i = 0; i < count; i++) {
        found |= strcmp(boxes[i].name, name) == 0;
    }
    return found;
}

Test(departures, d18_descriptors_go)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);
    uint32_t handle = p_handle(&fx, a, "app:x", 3);

    cr_expect(is_there("app:x"));
    cr_assert_eq(p_close(&fx, a, handle), OK);
    cr_expect_not(is_there("app:x"));
    cr_assert_eq(p_bind(&fx, a, "svc:own", 0, 3), OK);
    cr_assert_eq(p_bind(&fx, b, "app:own@1", 0, 3), OK);
    cr_assert_eq(hsx_exec_kill(fx.exec, a), HSX_OK);
    cr_expect_not(is_there("svc:own@1"));
    cr_expect_not(is_there("app:own@1"));
    cr_expect_not(is_there("svc:stdio.in@1"));
    cr_expect(is_there("svc:stdio.in@2"));
}

Test(departures, d19_instances_count_from_0)
{
    struct fx_image image = {.source = "BRK", .version = 2, .name = "x"};
    struct hsx_exec_error error;
    size_t size;
    uint8_t *bytes = fx_assemble_multiple(&image, &size);
    uint32_t pid;

    for (unsigned i = 0; i < 3; i++) {
        char name[8];

        snprintf(name, sizeof name, "x_#%u", i);
        cr_assert_eq(hsx_exec_load(fx.exec, bytes, size, NULL, &pid, &error), HSX_OK, "%s",
                     error.text);
        cr_expect_str_eq(fx_task(&fx, pid).name, name);
    }
    free(bytes);
}

Test(departures, d20_a_fetch_outside_the_code_faults_with_its_code)
{
    uint32_t pid = fx_load(&fx, "LDI R0, 5\nJMP 0x800");

    fx_run(&fx, 10);
    cr_expect_eq(fx_state(&fx, pid), HSX_FAULTED);
    cr_expect_eq(fx_reg(&fx, pid, 0), HSX_FAULT_CODE);
    cr_expect_eq(fx_task(&fx, pid).ctx.pc, 0x800);
}

Test(departures, d20_ret_of_a_bad_word_faults_at_the_ret)
{
    uint32_t pid = fx_load(&fx, "CALL f\nf: POP R1\nLDI32 R2, 0x10000\nPUSH R2\nRET");

    fx_run(&fx, 10);
    cr_expect_eq(fx_state(&fx, pid), HSX_FAULTED);
    cr_expect_eq(fx_reg(&fx, pid, 0), HSX_FAULT_CODE);
    cr_expect_eq(fx_task(&fx, pid).ctx.pc, 0x14, "on the RET");
}

Test(departures, d20_taps_get_everything_however_fast)
{
    uint32_t a, b, sender, tap;

    fx_close(&fx);
    puppets_open(&fx, HSX_PROFILE_EMBEDDED, 4);
    a = puppet_load(&fx);
    b = puppet_load(&fx);
    sender = p_handle(&fx, a, "app:x", 3);
    tap = p_handle(&fx, b, "app:x", 3);
    cr_assert_eq(p_tap(&fx, b, tap, 1), OK);
    for (unsigned i = 0; i < 50; i++) {
        cr_assert_eq(p_send(&fx, a, sender, "m"), OK);
        cr_assert_eq(p_recv(&fx, b, tap, 0), OK, "message %u in the same tick", i);
        cr_assert_eq(p_recv(&fx, a, sender, 0), OK);
    }
}

Test(departures, d20_the_host_owns_no_svc_mailbox)
{
    enum hsx_mbox_status result;
    uint16_t handle;

    cr_assert_eq(hsx_exec_host_open(fx.exec, "svc:x", 3, &handle, &result), HSX_OK);
    cr_expect_eq(result, HSX_MBOX_INTERNAL_ERROR);
}
