// SPDX-License-Identifier: Apache-2.0
/* Contract section 5: ticks, sleep, timeouts and their order. */
#include "puppet.h"
#include <criterion/criterion.h>
#include <stdio.h>

static struct fixture fx;

static void open_vm(void)
{
    fx_open(&fx, NULL, 16);
}

static void open_puppets(void)
{
    puppets_open(&fx, HSX_PROFILE_DESKTOP, 16);
}

static void close_all(void)
{
    fx_close(&fx);
}

TestSuite(ticks, .init = open_vm, .fini = close_all);
TestSuite(timers, .init = open_puppets, .fini = close_all);

static uint64_t now(void)
{
    struct hsx_exec_stats stats;

    cr_assert_eq(hsx_exec_stats(fx.exec, &stats), HSX_OK);
    return stats.now;
}

/* The pids in the ring that have that event, in order. */
static size_t pids_of(enum hsx_ring_event event, uint32_t *pids, size_t capacity)
{
    static struct hsx_ring_entry ring[HSX_DEFAULT_RING];
    size_t count = hsx_exec_ring(fx.exec, ring, HSX_DEFAULT_RING);
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        if (ring[i].event == event && found < capacity) {
            pids[found++] = ring[i].pid;
        }
    }
    return found;
}

Test(ticks, follow_every_thousandth_step)
{
    fx_load(&fx, ".text\n.entry\nloop: JMP loop\n");
    fx_run(&fx, 1000);
    cr_assert_eq(now(), 0, "due, and before the next instruction");
    fx_run(&fx, 1);
    cr_assert_eq(now(), 1);
    fx_run(&fx, 2999);
    cr_assert_eq(now(), 3);
}

Test(ticks, a_sleeper_wakes_at_the_tick_that_reaches_its_deadline)
{
    uint32_t sleeper = fx_load(&fx, ".text\n.entry\nLDI R0, 3\nSVC 0x600\nloop: JMP loop\n");

    fx_load(&fx, ".text\n.entry\nloop: JMP loop\n");
    fx_run(&fx, 3000);
    cr_assert_eq(fx_state(&fx, sleeper), HSX_SLEEP);
    cr_assert_eq(fx_task(&fx, sleeper).deadline, 3);
    fx_run(&fx, 1);
    cr_assert_eq(now(), 3);
    cr_assert_eq(fx_state(&fx, sleeper), HSX_READY);
    cr_assert_eq(fx_reg(&fx, sleeper, 0), 0);
    fx_run(&fx, 2);
    cr_assert_eq(fx_task(&fx, sleeper).counters.steps, 3);
}

Test(ticks, with_nothing_ready_time_jumps)
{
    uint32_t a = fx_load(&fx, ".text\n.entry\nLDI32 R0, 1000000\nSVC 0x600\nRET\n");
    struct hsx_exec_stats stats;

    cr_assert_eq(fx_run(&fx, 100), HSX_RUN_ENDED);
    cr_assert_eq(now(), 1000000);
    cr_assert_eq(hsx_exec_stats(fx.exec, &stats), HSX_OK);
    /* load, LDI32, SVC, its completion, one tick, RET */
    cr_assert_eq(stats.order, 6);
    cr_assert_eq(fx_state(&fx, a), HSX_RETURNED);
}

Test(ticks, a_sleep_beyond_the_32_bit_clock_is_kept)
{
    uint32_t a = fx_load(&fx, ".text\n.entry\nLDI R0, -1\nSVC 0x600\nLDI R0, -1\nSVC 0x600\nRET\n");

    cr_assert_eq(fx_run(&fx, 100), HSX_RUN_ENDED);
    cr_assert_eq(now(), 2 * 0xFFFFFFFFull);
    cr_assert_eq(fx_state(&fx, a), HSX_RETURNED);
}

Test(ticks, sleep_0_returns_at_once)
{
    uint32_t a = fx_load(&fx, ".text\n.entry\nLDI R0, 0\nSVC 0x600\nloop: JMP loop\n");

    fx_run(&fx, 2);
    cr_assert_eq(fx_state(&fx, a), HSX_READY);
    cr_assert_eq(fx_task(&fx, a).counters.blocks, 0);
}

Test(ticks, a_run_with_none_waiting_for_time_stalls)
{
    uint32_t a = fx_load(&fx, ".text\n.entry\nLDI R1, 1\nLDI32 R2, 0x4000\nLDI R3, 4\nLDI R4, -1\n"
                              "SVC 0x503\nRET\n.data\n.zero 4\n");
    uint32_t b = fx_load(&fx, ".text\n.entry\nBRK 3\nRET\n");

    cr_assert_eq(fx_run(&fx, 100), HSX_RUN_STALLED);
    cr_assert_eq(fx_state(&fx, a), HSX_WAIT_MBX);
    cr_assert_eq(fx_state(&fx, b), HSX_PAUSED);
    cr_assert_eq(fx_task(&fx, b).ctx.pc, 4, "past the BRK");
    cr_assert_eq(fx_run(&fx, 100), HSX_RUN_STALLED, "and again");
    cr_assert_eq(hsx_exec_resume(fx.exec, b), HSX_OK);
    cr_assert_eq(fx_run(&fx, 100), HSX_RUN_STALLED);
    cr_assert_eq(fx_state(&fx, b), HSX_RETURNED);
}

Test(ticks, a_message_and_a_timeout_race_by_record_order)
{
    /* The sender spends its steps so that its SEND is the last instruction
     * before the tick that would time the receiver out, or the first after. */
    static const char *const receiver =
        ".text\n.entry\nLDI R1, 1\nLDI32 R2, 0x4000\nLDI R3, 4\nLDI R4, 1\nSVC 0x503\n"
        "MOV R8, R0\nloop: JMP loop\n.data\n.zero 4\n";
    static const char *const sender =
        ".text\n.entry\nLDI32 R1, name\nSVC 0x500\nLDI32 R2, name\nLDI R3, 1\nLDI R4, 0\n"
        "LDI R5, 0\nLDI R7, 1\nLDI R6, %u\nw: SUB R6, R6, R7\nJNZ w\n%sSVC 0x502\nloop: JMP loop\n"
        ".data\nname: .asciz \"svc:stdio.in@1\"\n";
    /* Steps before the SEND: 5 of the receiver, 8 of the sender, 2 a turn of w. */
    static const struct {
        unsigned turns;
        const char *more;
        uint32_t result;
    } cases[] = {{493, "", OK}, {493, "NOT R9, R9\n", TIMEOUT}};

    for (size_t i = 0; i < 2; i++) {
        char text[512];
        uint32_t a;

        fx_close(&fx);
        open_vm();
        snprintf(text, sizeof text, sender, cases[i].turns, cases[i].more);
        a = fx_load(&fx, receiver);
        fx_load(&fx, text);
        fx_run(&fx, 1010);
        cr_assert_eq(fx_reg(&fx, a, 8), cases[i].result, "case %u: status %u", (unsigned)i,
                     (unsigned)fx_reg(&fx, a, 8));
        cr_assert_eq(fx_task(&fx, a).counters.wakes + fx_task(&fx, a).counters.timeouts, 1);
    }
}

Test(timers, earliest_deadline_first_then_lowest_task)
{
    static const uint32_t ms[5] = {30, 10, 30, 20, 10};
    static const uint32_t expected[5] = {2, 5, 4, 1, 3};
    uint32_t woken[5] = {0};

    for (unsigned i = 0; i < 5; i++) {
        puppet_load(&fx);
    }
    /* Time must not advance between the calls: the last one is the first to block while
     * no other is READY, so all block before the first run that idles. */
    for (unsigned i = 5; i-- > 0;) {
        cr_assert_eq(puppet_call(&fx, i + 1, 0x600, (struct args){{ms[i]}}), BLOCKED);
        cr_assert_eq(now(), 0);
    }
    for (unsigned i = 0; i < 3; i++) {
        puppets_wait(&fx);
    }
    cr_assert_eq(now(), 30);
    cr_assert_eq(pids_of(HSX_RING_WAKE, woken, 5), 5);
    for (unsigned i = 0; i < 5; i++) {
        cr_expect_eq(woken[i], expected[i], "wake %u is task %u", i, (unsigned)woken[i]);
    }
}

Test(timers, many_deadlines_come_in_order_also_when_some_are_cancelled)
{
    uint64_t last = 0;

    for (unsigned i = 0; i < 12; i++) {
        uint32_t pid = puppet_load(&fx);

        cr_assert_eq(puppet_call(&fx, pid, 0x600, (struct args){{1 + i * 37 % 12}}), BLOCKED);
    }
    for (uint32_t pid = 2; pid <= 12; pid += 3) {
        cr_assert_eq(hsx_exec_kill(fx.exec, pid), HSX_OK);
    }
    for (unsigned i = 0; i < 8; i++) {
        struct hsx_exec_stats stats;

        puppets_wait(&fx);
        cr_assert_eq(hsx_exec_stats(fx.exec, &stats), HSX_OK);
        cr_assert_gt(stats.now, last);
        last = stats.now;
    }
    cr_assert_eq(fx_run(&fx, 1), HSX_RUN_STALLED, "all have woken");
}

Test(timers, a_timeout_and_a_sleep_at_the_same_tick_go_by_task)
{
    uint32_t woken[1] = {0}, late[1] = {0};
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);
    uint8_t slots[4], turn_left;
    size_t count;

    cr_assert_eq(puppet_call(&fx, b, 0x600, (struct args){{5}}), BLOCKED);
    cr_assert_eq(p_recv(&fx, a, 1, 5), BLOCKED);
    fx_run(&fx, 1);
    cr_assert_eq(pids_of(HSX_RING_WAKE, woken, 1), 1);
    cr_assert_eq(pids_of(HSX_RING_TIMEOUT, late, 1), 1);
    cr_assert_eq(late[0], a);
    cr_assert_eq(woken[0], b);
    cr_assert_eq(fx.target->ops->read_queue(fx.target, slots, 4, &count, &turn_left), HSX_OK);
    cr_assert_eq(fx_state(&fx, a), HSX_PAUSED, "a was first, and met its BRK");
    cr_assert_eq(count, 1);
}

Test(timers, a_message_cancels_the_timeout)
{
    uint32_t a = puppet_load(&fx);
    uint32_t b = puppet_load(&fx);

    p_handle(&fx, a, "app:x", 3);
    p_handle(&fx, b, "app:x", 3);
    cr_assert_eq(p_recv(&fx, a, 4, 10), BLOCKED);
    cr_assert_eq(p_send(&fx, b, 4, "early"), OK);
    p_expect_text(&fx, a, "early", 0);
    cr_assert_not(fx_task(&fx, a).has_deadline);
    cr_assert_eq(fx_run(&fx, 1), HSX_RUN_STALLED);
    cr_assert_eq(now(), 0, "no tick is made for it");
}
