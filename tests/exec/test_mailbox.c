// SPDX-License-Identifier: Apache-2.0
/* Contract section 7 through system calls: names, lifetimes, single-reader. */
#include "puppet.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct fixture fx;

static void open_desktop(void)
{
    puppets_open(&fx, HSX_PROFILE_DESKTOP, 16);
}

static void open_embedded(void)
{
    puppets_open(&fx, HSX_PROFILE_EMBEDDED, 16);
}

static void close_all(void)
{
    fx_close(&fx);
}

TestSuite(mailbox, .init = open_desktop, .fini = close_all);
TestSuite(mailbox_embedded, .init = open_embedded, .fini = close_all);

static uint32_t descriptor(uint32_t pid, const char *name)
{
    cr_assert_eq(p_bind(&fx, pid, name, 0, 0), OK, "bind %s", name);
    return fx_reg(&fx, pid, 1);
}

static struct hsx_mbox_info box_info(uint32_t id)
{
    static struct hsx_mbox_info boxes[256];
    size_t count;

    cr_assert_eq(hsx_exec_mailboxes(fx.exec, boxes, 256, &count), HSX_OK);
    for (size_t i = 0; i < count; i++) {
        if (boxes[i].descriptor == id) {
            return boxes[i];
        }
    }
    return (struct hsx_mbox_info){0};
}

Test(mailbox, load_binds_stdio_and_control_in_order)
{
    struct hsx_mbox_info boxes[8];
    size_t count;
    uint32_t a = puppet_load(&fx);

    cr_assert_eq(hsx_exec_mailboxes(fx.exec, boxes, 8, &count), HSX_OK);
    cr_assert_eq(count, 4);
    cr_assert_str_eq(boxes[0].name, "svc:stdio.in@1");
    cr_assert_str_eq(boxes[1].name, "svc:stdio.out@1");
    cr_assert_str_eq(boxes[2].name, "svc:stdio.err@1");
    cr_assert_str_eq(boxes[3].name, "pid:1");
    cr_assert_eq(boxes[0].handles, 1);
    cr_assert_eq(boxes[3].handles, 0);
    cr_assert_eq(boxes[0].capacity, 64);
    for (uint32_t handle = 1; handle <= 3; handle++) {
        cr_assert_eq(p_send(&fx, a, handle, "x"), OK);
        cr_assert_eq(box_info(handle).messages, 1);
    }
    cr_assert_eq(p_handle(&fx, a, "app:x", 3), 4);
}

Test(mailbox, names_resolve_to_their_owner)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);
    uint32_t svc = descriptor(a, "svc:x");

    cr_assert_eq(descriptor(a, "x"), svc, "no prefix means svc:");
    cr_assert_eq(descriptor(a, "svc:x@1"), svc);
    cr_assert_eq(descriptor(b, "svc:x@1"), svc);
    cr_assert_eq(descriptor(b, "x@1"), svc);
    cr_assert_neq(descriptor(b, "svc:x"), svc, "svc: belongs to the caller");
    cr_assert_eq(descriptor(a, "pid:"), descriptor(b, "pid:1"));
    cr_assert_eq(descriptor(a, "app:x"), descriptor(b, "app:x"));
    cr_assert_neq(descriptor(a, "app:x@1"), descriptor(a, "app:x"));
    cr_assert_neq(descriptor(a, "app:x@1"), descriptor(a, "app:x@2"));
    cr_assert_eq(descriptor(a, "shared:x"), descriptor(b, "shared:x@9"));
    cr_assert_neq(descriptor(a, "shared:x"), descriptor(a, "app:x"));
}

Test(mailbox, bad_names_are_refused)
{
    static const char *const bad[] = {
        "",       "pid:9",    "pid:x", "svc:x@9",         "app:x@9",
        "pid:-1", "svc:x@1a", "pid:0", "pid:99999999999", "app:3456789012345678901234567890X"};
    uint32_t a = puppet_load(&fx);

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_expect_eq(p_open(&fx, a, bad[i], 3), BAD, "open '%s'", bad[i]);
        cr_expect_eq(p_bind(&fx, a, bad[i], 0, 3), BAD, "bind '%s'", bad[i]);
    }
    cr_expect_eq(p_open(&fx, a, "app:345678901234567890123456789X", 3), OK, "32 bytes are fine");
    cr_expect_eq(fx_reg(&fx, a, 1), 4, "a failed OPEN uses no handle up");
}

Test(mailbox, bad_pointers_and_functions_are_internal_errors)
{
    uint32_t a = puppet_load(&fx);
    uint32_t name = puppet_text(&fx, a, "app:x");

    cr_expect_eq(puppet_call(&fx, a, OPEN, (struct args){{0, 0x9000, 3}}), BAD);
    cr_expect_eq(fx_reg(&fx, a, 1), 0x9000, "nothing but R0 is written");
    cr_expect_eq(puppet_call(&fx, a, BIND, (struct args){{0, 0x9000, 0, 3}}), BAD);
    cr_expect_eq(puppet_call(&fx, a, SEND, (struct args){{0, 1, 0x45FF, 2}}), BAD);
    cr_expect_eq(puppet_call(&fx, a, SEND, (struct args){{0, 1, 0x45FF, 1}}), OK);
    cr_expect_eq(puppet_call(&fx, a, SEND, (struct args){{0, 1, 0x9000, 0}}), OK, "length 0");
    cr_expect_eq(puppet_call(&fx, a, RECV, (struct args){{0, 1, 0x4400, 0x300, 0, 0}}), BAD);
    cr_expect_eq(puppet_call(&fx, a, RECV, (struct args){{0, 1, 0x4400, 8, 0, 0x45F0}}), BAD);
    cr_expect_eq(puppet_call(&fx, a, 0x507, (struct args){{0, name}}), BAD);
    cr_expect_eq(puppet_call(&fx, a, RECV, (struct args){{0, 1, 0x4400, 8, 0, 0}}), OK,
                 "the refused RECVs took nothing");
}

Test(mailbox, a_name_that_runs_off_the_segment_is_refused)
{
    uint32_t a = puppet_load(&fx);
    uint32_t base = fx_task(&fx, a).ctx.data_base;

    cr_assert_eq(hsx_exec_poke(fx.exec, base + 0x5FC, "app:", 4), HSX_OK);
    cr_assert_eq(puppet_call(&fx, a, OPEN, (struct args){{0, 0x45FC, 3}}), BAD);
    cr_assert_eq(hsx_exec_poke(fx.exec, base + 0x5FC, "ap:", 4), HSX_OK);
    cr_assert_eq(puppet_call(&fx, a, OPEN, (struct args){{0, 0x45FC, 3}}), OK);
}

Test(mailbox, send_and_receive_in_order)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);
    uint32_t out = p_handle(&fx, a, "app:x", 3);
    uint32_t in = p_handle(&fx, b, "app:x", 3);
    uint32_t text = puppet_text(&fx, a, "one");

    cr_assert_eq(puppet_call(&fx, a, SEND, (struct args){{0, out, text, 3, 4, 77}}), OK);
    cr_assert_eq(fx_reg(&fx, a, 1), 3, "R1 is the bytes sent");
    cr_assert_eq(p_send(&fx, a, out, "two!"), OK);
    cr_assert_eq(p_recv(&fx, b, in, 0), OK);
    p_expect_text(&fx, b, "one", 4);
    cr_assert_eq(fx_reg(&fx, b, 3), 77, "channel");
    cr_assert_eq(fx_reg(&fx, b, 4), a, "sender");
    cr_assert_eq(p_recv(&fx, b, in, 0), OK);
    p_expect_text(&fx, b, "two!", 0);
    cr_assert_eq(p_recv(&fx, b, in, 0), NO_DATA);
    cr_assert_eq(fx_reg(&fx, b, 1), 0);
    cr_assert_eq(fx_reg(&fx, b, 2), PUPPET_DATA + PUPPET_BUFFER, "NO_DATA writes R0 and R1 only");
}

Test(mailbox, a_short_buffer_gets_the_beginning)
{
    uint32_t a = puppet_load(&fx);
    uint8_t after[4];

    cr_assert_eq(p_send(&fx, a, 1, "abcdef"), OK);
    cr_assert_eq(
        puppet_call(&fx, a, RECV, (struct args){{0, 1, PUPPET_DATA + PUPPET_BUFFER, 2, 0, 0}}), OK);
    cr_assert_eq(fx_reg(&fx, a, 1), 2);
    fx_read(&fx, fx_task(&fx, a).ctx.data_base + PUPPET_BUFFER, after, 4);
    cr_assert_arr_eq(after, "ab\0", 4);
    cr_assert_eq(p_recv(&fx, a, 1, 0), NO_DATA, "the rest is dropped");
}

static void expect_info(uint32_t pid, const uint32_t expected[5])
{
    uint32_t base = fx_task(&fx, pid).ctx.data_base + PUPPET_INFO;

    for (unsigned i = 0; i < 5; i++) {
        cr_expect_eq(fx_word(&fx, base + 4 * i), expected[i], "word %u is %u", i,
                     (unsigned)fx_word(&fx, base + 4 * i));
    }
}

Test(mailbox, info_block_is_written_for_ok_no_data_and_timeout)
{
    const uint32_t info = PUPPET_DATA + PUPPET_INFO;
    uint32_t a = puppet_load(&fx);
    struct args recv = {{0, 1, PUPPET_DATA + PUPPET_BUFFER, 16, 0, info}};
    uint32_t text = puppet_text(&fx, a, "abc");

    cr_assert_eq(puppet_call(&fx, a, SEND, (struct args){{0, 1, text, 3, 2, 9}}), OK);
    cr_assert_eq(puppet_call(&fx, a, RECV, recv), OK);
    expect_info(a, (uint32_t[]){OK, 3, 2, 9, a});
    cr_assert_eq(puppet_call(&fx, a, RECV, recv), NO_DATA);
    expect_info(a, (uint32_t[]){NO_DATA, 0, 0, 0, 0});
    recv.r[4] = 5;
    cr_assert_eq(puppet_call(&fx, a, RECV, recv), BLOCKED);
    puppets_wait(&fx);
    expect_info(a, (uint32_t[]){TIMEOUT, 0, 0, 0, 0});
    recv.r[1] = 99;
    cr_assert_eq(puppet_call(&fx, a, RECV, recv), INVALID_HANDLE);
    expect_info(a, (uint32_t[]){TIMEOUT, 0, 0, 0, 0});
}

Test(mailbox, handles_are_not_reused)
{
    uint32_t a = puppet_load(&fx);

    cr_assert_eq(p_handle(&fx, a, "app:x", 3), 4);
    cr_assert_eq(p_handle(&fx, a, "app:x", 3), 5, "each OPEN gives a new one");
    cr_assert_eq(p_close(&fx, a, 5), OK);
    cr_assert_eq(p_handle(&fx, a, "app:x", 3), 6);
    cr_assert_eq(p_close(&fx, a, 5), INVALID_HANDLE);
    cr_assert_eq(p_send(&fx, a, 5, "x"), INVALID_HANDLE);
    cr_assert_eq(p_recv(&fx, a, 0, 0), INVALID_HANDLE);
    cr_assert_eq(p_tap(&fx, a, 0x10004, 1), OK, "arguments are the low 16 bits");
}

Test(mailbox, descriptor_ids_are_not_reused_and_globals_go_when_nobody_uses_them)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);
    uint32_t bound = descriptor(a, "app:never.opened");
    uint32_t id = descriptor(a, "app:x");
    uint32_t first = p_handle(&fx, a, "app:x", 3);
    uint32_t second = p_handle(&fx, b, "app:x", 3);

    cr_assert_eq(p_close(&fx, a, first), OK);
    cr_assert_eq(box_info(id).descriptor, id);
    cr_assert_eq(p_close(&fx, b, second), OK);
    cr_assert_eq(box_info(id).descriptor, 0, "gone");
    cr_assert_gt(descriptor(a, "app:x"), id, "its id is not used again");
    cr_assert_eq(box_info(bound).descriptor, bound, "never opened: it stays");
}

Test(mailbox, a_message_waits_for_a_reader_that_comes_after_its_sender_has_ended)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);
    uint32_t id = descriptor(b, "shared:x"); /* one created by the killed task would be removed */
    uint32_t reader;

    cr_assert_eq(p_send(&fx, a, p_handle(&fx, a, "shared:x", 3), "early"), OK);
    puppet_call(&fx, a, 0x100, (struct args){{0}});
    cr_assert_eq(hsx_exec_kill(fx.exec, a), HSX_OK);
    cr_assert_eq(box_info(id).messages, 1);
    cr_assert_eq(box_info(id).handles, 0);
    reader = p_handle(&fx, b, "shared:x", 3);
    cr_assert_eq(p_recv(&fx, b, reader, 0), OK);
    p_expect_text(&fx, b, "early", 0);
    cr_assert_eq(p_close(&fx, b, reader), OK);
    cr_assert_eq(box_info(id).descriptor, 0, "neither a handle nor a message");
}

Test(mailbox, a_smaller_capacity_that_drops_the_last_message_ends_an_unused_mailbox)
{
    uint32_t a = puppet_load(&fx);
    uint32_t id = descriptor(a, "app:x");
    uint32_t handle = p_handle(&fx, a, "app:x", 3);

    cr_assert_eq(p_send(&fx, a, handle, "message"), OK);
    cr_assert_eq(p_close(&fx, a, handle), OK);
    cr_assert_eq(p_bind(&fx, a, "app:x", 15, 0), OK);
    cr_assert_eq(box_info(id).messages, 1, "it fits exactly");
    cr_assert_eq(p_bind(&fx, a, "app:x", 14, 0), OK);
    cr_assert_eq(fx_reg(&fx, a, 1), id);
    cr_assert_eq(box_info(id).descriptor, 0);
}

Test(mailbox, owned_descriptors_live_until_the_owner_is_reaped)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);
    uint32_t id = descriptor(a, "app:x@2");
    uint32_t handle = p_handle(&fx, a, "app:x@2", 3);

    cr_assert_eq(p_close(&fx, a, handle), OK);
    cr_assert_eq(box_info(id).descriptor, id, "owned: the last close does not end it");
    handle = p_handle(&fx, a, "svc:stdio.out@2", 3);
    puppet_call(&fx, b, 0x100, (struct args){{0}});
    cr_assert_eq(fx_state(&fx, b), HSX_EXITED);
    cr_assert_eq(box_info(id).descriptor, id, "its owner has ended but is there");
    cr_assert_eq(p_send(&fx, a, handle, "x"), OK);
    cr_assert_eq(hsx_exec_kill(fx.exec, b), HSX_OK);
    cr_assert_eq(box_info(id).descriptor, 0);
    cr_assert_eq(p_send(&fx, a, handle, "x"), INVALID_HANDLE);
}

Test(mailbox, waiters_wake_in_wait_order_with_invalid_handle_when_a_mailbox_goes)
{
    struct hsx_ring_entry ring[64];
    uint32_t woken[3] = {0};
    size_t count, found = 0;
    uint32_t owner = puppet_load(&fx);
    uint32_t task[3];
    static const unsigned order[3] = {1, 2, 0};

    for (unsigned i = 0; i < 3; i++) {
        task[i] = puppet_load(&fx);
        p_handle(&fx, task[i], "svc:x@1", 3);
    }
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(p_recv(&fx, task[order[i]], 4, FOREVER), BLOCKED);
    }
    cr_assert_eq(hsx_exec_kill(fx.exec, owner), HSX_OK);
    count = hsx_exec_ring(fx.exec, ring, 64);
    for (size_t i = 0; i < count && found < 3; i++) {
        if (ring[i].event == HSX_RING_WAKE) {
            woken[found++] = ring[i].pid;
        }
    }
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(woken[i], task[order[i]]);
        cr_assert_eq(fx_reg(&fx, task[i], 0), INVALID_HANDLE);
        cr_assert_eq(fx_reg(&fx, task[i], 1), 4, "only R0 is written");
    }
}

Test(mailbox, room_is_counted_with_eight_bytes_a_message)
{
    char text[128];
    uint32_t a = puppet_load(&fx);

    memset(text, 'x', sizeof text);
    text[57] = '\0';
    cr_assert_eq(p_send(&fx, a, 1, text), TOO_LARGE, "57 + 8 > 64");
    text[56] = '\0';
    cr_assert_eq(p_send(&fx, a, 1, text), OK);
    cr_assert_eq(box_info(1).used, 64);
    cr_assert_eq(p_send(&fx, a, 1, "y"), WOULDBLOCK);
    cr_assert_eq(fx_reg(&fx, a, 1), 1, "nothing but R0 is written");
    cr_assert_eq(p_recv(&fx, a, 1, 0), OK);
    for (unsigned i = 0; i < 7; i++) {
        cr_assert_eq(p_send(&fx, a, 1, "y"), OK, "message %u", i);
    }
    cr_assert_eq(p_send(&fx, a, 1, ""), OK, "length 0 succeeds and queues nothing");
    cr_assert_eq(p_send(&fx, a, 1, "y"), WOULDBLOCK, "7 * 9 = 63, no room for 9 more");
    cr_assert_eq(box_info(1).messages, 7);
    cr_assert_eq(box_info(1).high_water, 64);
}

Test(mailbox, bind_changes_capacity_and_drops_the_oldest)
{
    uint32_t a = puppet_load(&fx);

    cr_assert_eq(p_bind(&fx, a, "app:x", 40, 3), OK);
    p_handle(&fx, a, "app:x", 3);
    cr_assert_eq(p_send(&fx, a, 4, "1234"), OK);
    cr_assert_eq(p_send(&fx, a, 4, "abcd"), OK);
    cr_assert_eq(p_send(&fx, a, 4, "wxyz"), OK);
    cr_assert_eq(p_bind(&fx, a, "app:x", 0, 0), OK, "capacity 0 leaves it");
    cr_assert_eq(box_info(descriptor(a, "app:x")).capacity, 40);
    cr_assert_eq(p_bind(&fx, a, "app:x", 25, 0), OK);
    cr_assert_eq(box_info(descriptor(a, "app:x")).messages, 2);
    cr_assert_eq(p_recv(&fx, a, 4, 0), OK);
    p_expect_text(&fx, a, "abcd", 0);
    cr_assert_eq(p_bind(&fx, a, "app:x", 0xFFFF, 0), OK);
    cr_assert_eq(p_recv(&fx, a, 4, 0), OK);
    p_expect_text(&fx, a, "wxyz", 0);
}

Test(mailbox, peek_looks_without_taking)
{
    uint32_t a = puppet_load(&fx);

    cr_assert_eq(puppet_call(&fx, a, PEEK, (struct args){{0, 1, 7, 7}}), OK);
    cr_assert_eq(fx_reg(&fx, a, 1), 0);
    cr_assert_eq(fx_reg(&fx, a, 2), 0);
    cr_assert_eq(fx_reg(&fx, a, 3), 0);
    cr_assert_eq(p_send(&fx, a, 1, "abc"), OK);
    cr_assert_eq(p_send(&fx, a, 1, "de"), OK);
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_eq(puppet_call(&fx, a, PEEK, (struct args){{0, 1}}), OK);
        cr_assert_eq(fx_reg(&fx, a, 1), 2);
        cr_assert_eq(fx_reg(&fx, a, 2), 21);
        cr_assert_eq(fx_reg(&fx, a, 3), 3);
    }
    cr_assert_eq(puppet_call(&fx, a, PEEK, (struct args){{0, 9}}), INVALID_HANDLE);
}

Test(mailbox, waiters_are_served_first_come_first_served)
{
    uint32_t sender = puppet_load(&fx);
    uint32_t task[3];
    static const unsigned order[3] = {2, 0, 1};

    p_handle(&fx, sender, "app:x", 3);
    for (unsigned i = 0; i < 3; i++) {
        task[i] = puppet_load(&fx);
        p_handle(&fx, task[i], "app:x", 3);
    }
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(p_recv(&fx, task[order[i]], 4, FOREVER), BLOCKED);
    }
    for (unsigned i = 0; i < 3; i++) {
        char text[2] = {(char)('a' + i), 0};

        cr_assert_eq(p_send(&fx, sender, 4, text), OK);
        cr_assert_eq(fx_state(&fx, task[order[i]]), HSX_PAUSED, "waiter %u had its turn", i);
        p_expect_text(&fx, task[order[i]], text, 0);
        for (unsigned k = i + 1; k < 3; k++) {
            cr_assert_eq(fx_state(&fx, task[order[k]]), HSX_WAIT_MBX);
        }
    }
    cr_assert_eq(box_info(descriptor(sender, "app:x")).used, 0);
    cr_assert_eq(box_info(descriptor(sender, "app:x")).high_water, 0, "none was queued");
}

Test(mailbox, timeout_writes_zeros_and_ends_the_wait)
{
    uint32_t a = puppet_load(&fx);

    cr_assert_eq(p_recv(&fx, a, 1, 20), BLOCKED);
    puppets_wait(&fx);
    cr_assert_eq(fx_state(&fx, a), HSX_PAUSED);
    cr_assert_eq(fx_reg(&fx, a, 0), TIMEOUT);
    for (unsigned i = 1; i <= 4; i++) {
        cr_assert_eq(fx_reg(&fx, a, i), 0, "R%u", i);
    }
    cr_assert_eq(fx_task(&fx, a).counters.timeouts, 1);
    cr_assert_eq(fx_task(&fx, a).counters.mbox_timeouts, 1);
    cr_assert_eq(fx_task(&fx, a).counters.wakes, 0);
    cr_assert_eq(p_send(&fx, a, 1, "later"), OK);
    cr_assert_eq(box_info(1).messages, 1, "nobody waits any more");
}

Test(mailbox, kill_while_waiting_leaves_no_waiter)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);
    uint32_t c = puppet_load(&fx);
    uint32_t id = descriptor(a, "app:x");

    p_handle(&fx, a, "app:x", 3);
    p_handle(&fx, b, "app:x", 3);
    p_handle(&fx, c, "app:x", 3);
    cr_assert_eq(p_recv(&fx, b, 4, 50), BLOCKED);
    cr_assert_eq(p_recv(&fx, c, 4, FOREVER), BLOCKED);
    cr_assert_eq(hsx_exec_kill(fx.exec, b), HSX_OK);
    cr_assert_eq(box_info(id).waiters, 1);
    cr_assert_eq(p_send(&fx, a, 4, "for c"), OK);
    p_expect_text(&fx, c, "for c", 0);
    cr_assert_eq(fx_run(&fx, 1), HSX_RUN_STALLED, "the deadline of b is gone, too");
}

Test(mailbox, fs_write_makes_stdio_messages)
{
    uint32_t a = puppet_load(&fx);
    uint32_t text = puppet_text(&fx, a, "hello");
    char big[100];

    cr_assert_eq(puppet_call(&fx, a, 0x402, (struct args){{0, 1, text, 5}}), 5);
    cr_assert_eq(puppet_call(&fx, a, 0x402, (struct args){{0, 2, text, 4}}), 4);
    cr_assert_eq(puppet_call(&fx, a, 0x402, (struct args){{0, 3, text, 4}}), 0, "another fd");
    cr_assert_eq(p_recv(&fx, a, 2, 0), OK);
    p_expect_text(&fx, a, "hello", 1);
    cr_assert_eq(fx_reg(&fx, a, 3), 0);
    cr_assert_eq(fx_reg(&fx, a, 4), a);
    cr_assert_eq(p_recv(&fx, a, 3, 0), OK);
    p_expect_text(&fx, a, "hell", 2);
    memset(big, 'x', sizeof big);
    big[99] = '\0';
    text = puppet_text(&fx, a, big);
    cr_assert_eq(puppet_call(&fx, a, 0x402, (struct args){{0, 1, text, 99}}), 0, "too large");
    cr_assert_eq(puppet_call(&fx, a, 0x402, (struct args){{0, 1, text, 50}}), 50);
    cr_assert_eq(puppet_call(&fx, a, 0x402, (struct args){{0, 1, text, 50}}), 0, "no room");
    cr_assert_eq(puppet_call(&fx, a, 0x402, (struct args){{0, 1, 0x9000, 5}}), HSX_FAULT_MEM);
}

Test(mailbox, desktop_limits)
{
    char name[32];
    uint32_t a = puppet_load(&fx);

    for (unsigned i = 4; i < 68; i++) {
        snprintf(name, sizeof name, "app:%u", i);
        cr_assert_eq(p_bind(&fx, a, name, 0xFFFF, 3), OK, "descriptor %u", i);
    }
    cr_assert_eq(p_bind(&fx, a, "app:more", 0, 3), NO_DESCRIPTOR);
    cr_assert_eq(p_open(&fx, a, "app:more", 3), NO_DESCRIPTOR);
    for (unsigned i = 3; i < 64; i++) {
        cr_assert_eq(p_handle(&fx, a, "app:4", 3), i + 1);
    }
    cr_assert_eq(p_open(&fx, a, "app:4", 3), NO_DESCRIPTOR, "the quota counts open handles");
    cr_assert_eq(p_close(&fx, a, 10), OK);
    cr_assert_eq(p_handle(&fx, a, "app:4", 3), 65, "failed OPENs used no handle up");
}

Test(mailbox_embedded, embedded_limits)
{
    char name[32];
    uint32_t a = puppet_load(&fx);

    for (unsigned i = 4; i < 8; i++) {
        snprintf(name, sizeof name, "app:%u", i);
        cr_assert_eq(p_bind(&fx, a, name, 0xFFFF, 3), OK);
    }
    cr_assert_eq(p_bind(&fx, a, "app:more", 0, 3), NO_DESCRIPTOR);
    for (unsigned i = 3; i < 8; i++) {
        p_handle(&fx, a, "app:4", 3);
    }
    cr_assert_eq(p_open(&fx, a, "app:4", 3), NO_DESCRIPTOR);
}

/* Two tasks, and storage for 16 + 4 * 2 mailboxes of the greatest size. */
Test(mailbox, the_storage_is_bounded)
{
    static const char *const names[] = {"svc:stdio.in", "svc:stdio.out", "svc:stdio.err",
                                        "pid:",         "app:%u.0",      "app:%u.1",
                                        "app:%u.2",     "app:%u.3"};
    uint32_t tasks[2], handle, first = 0;

    close_all();
    puppets_open(&fx, HSX_PROFILE_EMBEDDED, 2);
    for (unsigned t = 0; t < 2; t++) {
        tasks[t] = puppet_load(&fx);
        for (unsigned i = 0; i < 8; i++) {
            char name[32];

            snprintf(name, sizeof name, names[i], tasks[t]);
            cr_assert_eq(p_bind(&fx, tasks[t], name, 0xFFFF, 0), OK);
        }
        for (unsigned i = 0; i < (t == 0 ? 5 : 3); i++) {
            handle = p_handle(&fx, tasks[t], "svc:stdio.in", 3);
            first = first ? first : handle;
            cr_assert_eq(p_tap(&fx, tasks[t], handle, 1), OK);
        }
    }
    handle = p_handle(&fx, tasks[1], "svc:stdio.in", 3);
    cr_assert_eq(p_tap(&fx, tasks[1], handle, 1), NO_DESCRIPTOR);
    cr_assert_eq(p_tap(&fx, tasks[0], first, 0), OK);
    cr_assert_eq(p_tap(&fx, tasks[1], handle, 1), OK, "what is given back can be had again");
}

/* One task may not take what others need, and the mailboxes that it created are removed
 * with it. */
Test(mailbox_embedded, a_kill_removes_what_the_task_created_and_no_other_has_open)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);
    uint32_t bound = descriptor(a, "app:bound");
    uint32_t used = descriptor(a, "app:used");
    uint32_t others = descriptor(b, "app:others");
    uint32_t sent = descriptor(a, "app:sent");

    p_handle(&fx, b, "app:used", 3);
    p_handle(&fx, a, "app:others", 3);
    cr_assert_eq(p_send(&fx, a, p_handle(&fx, a, "app:sent", 3), "never read"), OK);
    cr_assert_eq(p_send(&fx, b, p_handle(&fx, b, "app:others", 3), "text"), OK);
    cr_assert_eq(hsx_exec_kill(fx.exec, a), HSX_OK);
    cr_assert_eq(box_info(bound).descriptor, 0);
    cr_assert_eq(box_info(sent).descriptor, 0);
    cr_assert_eq(box_info(used).descriptor, used, "another task has it open");
    cr_assert_eq(box_info(others).descriptor, others, "another task created it");
}

Test(mailbox_embedded, a_quota_is_of_one_task_and_gives_back_what_is_gone)
{
    static const char *const names[] = {"app:1", "app:2", "app:3", "app:4"};
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);
    uint32_t handle = p_handle(&fx, a, names[0], 3);

    for (unsigned i = 1; i < 4; i++) {
        cr_assert_eq(p_bind(&fx, a, names[i], 0, 3), OK);
    }
    cr_assert_eq(p_open(&fx, a, "app:5", 3), NO_DESCRIPTOR);
    cr_assert_eq(p_bind(&fx, b, "app:5", 0, 3), OK);
    cr_assert_eq(p_open(&fx, a, "app:5", 3), OK, "it is there");
    cr_assert_eq(p_close(&fx, a, handle), OK);
    cr_assert_eq(p_bind(&fx, a, "app:6", 0, 3), OK, "the one that was closed is gone");
}

Test(mailbox_embedded, a_load_without_descriptors_is_refused_and_changes_nothing)
{
    struct hsx_exec_error error;
    struct hsx_exec_stats before, after;
    enum hsx_mbox_status status = HSX_MBOX_OK;
    uint32_t pid, id;

    puppet_load(&fx);
    for (unsigned i = 0; status == HSX_MBOX_OK; i++) {
        char name[32];

        snprintf(name, sizeof name, "app:%u", i);
        cr_assert_eq(hsx_exec_host_bind(fx.exec, name, 0, 3, &id, &status), HSX_OK);
    }
    cr_assert_eq(hsx_exec_stats(fx.exec, &before), HSX_OK);
    cr_assert_eq(fx_try_load(&fx, ".text\n.entry\nRET\n", 0, &pid, &error), HSX_ERR_NO_ROOM);
    cr_assert_not_null(strstr(error.text, "--contexts"), "%s", error.text);
    cr_assert_not_null(strstr(error.text, "--profile embedded"), "%s", error.text);
    cr_assert_eq(hsx_exec_stats(fx.exec, &after), HSX_OK);
    cr_assert_eq(after.order, before.order);
    cr_assert_eq(after.tasks, 1);
    puppet_call(&fx, 1, 0x100, (struct args){{0}});
    cr_assert_eq(fx_try_load(&fx, ".text\n.entry\nRET\n", 0, &pid, &error), HSX_OK,
                 "an ended task gives its mailboxes up");
    cr_assert_eq(pid, 2);
}
