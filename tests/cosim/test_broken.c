// SPDX-License-Identifier: Apache-2.0
/* Cores under Icarus that break their contract, and the harness's messages. */
#include <criterion/criterion.h>
#include <hsx/icarus.h>
#include <hsx/rtl.h>
#include <string.h>

/* Lets the core in program run and returns the message of the failure. */
static void run_broken(const char *program, char *message, size_t size, size_t *records)
{
    struct hsx_rtl_link *link = NULL;
    struct hsx_target *target = NULL;
    struct hsx_record buffer[16];
    struct hsx_run run = {.max_steps = 100, .records = buffer, .capacity = 16};

    cr_assert_eq(hsx_icarus_create(HSX_TEST_ICARUS, program, &link), HSX_OK);
    cr_assert_eq(hsx_target_rtl_create(link, 16, 16, &target), HSX_OK);
    cr_assert_eq(target->ops->run(target, &run), HSX_ERR_MACHINE);
    cr_assert_lt(strlen(hsx_target_rtl_message(target)), size);
    strcpy(message, hsx_target_rtl_message(target));
    *records = run.count;
    target->ops->destroy(target);
}

Test(broken_core, an_x_on_the_retirement_port_is_named)
{
    char message[200];
    size_t records;

    run_broken(HSX_TEST_BINARY "/broken_x.vvp", message, sizeof message, &records);
    cr_expect_not_null(strstr(message, "X or Z on ret_rd_value in cycle "), "%s", message);
    cr_expect_eq(records, 1, "the record before it was delivered");
}

Test(broken_core, an_order_number_too_far_away_is_reported)
{
    char message[200];
    size_t records;

    run_broken(HSX_TEST_BINARY "/broken_order.vvp", message, sizeof message, &records);
    cr_expect_not_null(
        strstr(message, "order number 66 on the retirement port where 1 to 64 were due"), "%s",
        message);
    cr_expect_eq(records, 1);
}

Test(broken_core, an_order_number_that_never_comes_is_reported)
{
    char message[200];
    size_t records;

    run_broken(HSX_TEST_BINARY "/broken_gap.vvp", message, sizeof message, &records);
    cr_expect_not_null(
        strstr(message, "held without order number 1 on the retirement port, but 2 was on it"),
        "%s", message);
    cr_expect_eq(records, 1);
}

Test(broken_core, records_shown_late_come_in_order_whatever_the_buffer)
{
    for (size_t capacity = 1; capacity <= 5; capacity++) {
        struct hsx_rtl_link *link = NULL;
        struct hsx_target *target = NULL;
        uint64_t first = 0;
        unsigned next = 0;

        cr_assert_eq(hsx_icarus_create(HSX_TEST_ICARUS, HSX_TEST_BINARY "/broken_late.vvp", &link),
                     HSX_OK);
        cr_assert_eq(hsx_target_rtl_create(link, 16, 16, &target), HSX_OK);
        while (next < 20) {
            struct hsx_record records[5];
            uint64_t cycles[5];
            struct hsx_run run = {
                .max_steps = 1000, .records = records, .cycles = cycles, .capacity = capacity};

            cr_assert_eq(target->ops->run(target, &run), HSX_OK, "%s",
                         hsx_target_rtl_message(target));
            cr_assert_eq(run.count, capacity);
            first = next == 0 ? cycles[0] : first;
            for (size_t i = 0; i < run.count; i++, next++) {
                cr_assert_eq(records[i].pc, next);
                /* Number 0 is shown in the second cycle, 1 in the first. */
                cr_assert_eq(cycles[i] + 1 - first, next ^ 1, "%u", next);
            }
        }
        target->ops->destroy(target);
    }
}

Test(broken_core, a_hang_ends_the_run)
{
    char message[200];
    size_t records;

    run_broken(HSX_TEST_BINARY "/broken_hang.vvp", message, sizeof message, &records);
    cr_expect_not_null(strstr(message, "the core hangs"), "%s", message);
    cr_expect_eq(records, 0);
}

Test(broken_core, a_host_port_that_does_not_answer_is_reported)
{
    char message[200];
    size_t records;

    run_broken(HSX_TEST_BINARY "/broken_ack.vvp", message, sizeof message, &records);
    cr_expect_not_null(strstr(message, "no acknowledge from host address 0x30004"), "%s", message);
}

/* Ten seconds of wall-clock time, in which it uses a processor. */
Test(broken_core, a_loop_without_a_delay_is_ended)
{
    char message[200];
    size_t records;

    run_broken(HSX_TEST_BINARY "/broken_loop.vvp", message, sizeof message, &records);
    cr_expect_not_null(strstr(message, "as in a loop without a delay"), "%s", message);
    cr_expect_eq(records, 0);
}

Test(broken_core, a_program_that_vvp_refuses_is_an_error)
{
    struct hsx_rtl_link *link = NULL;

    cr_expect_eq(hsx_icarus_create(HSX_TEST_ICARUS, "/nowhere/at/all.vvp", &link), HSX_ERR_IO);
}

/* A slow simulator is asked for few records at a time. */
Test(broken_core, a_run_is_interrupted_after_few_records)
{
    static struct hsx_record records[4096];
    static const volatile sig_atomic_t comes = 1;
    struct hsx_rtl_batch batch = {
        .records = records, .capacity = 4096, .hang_limit = 1000, .interrupt = &comes};
    struct hsx_bus_op go = {.addr = HSX_HOST_CTRL, .data = 1, .sel = 0xF, .write = true};
    struct hsx_rtl_link *link = NULL;

    cr_assert_eq(hsx_icarus_create(HSX_TEST_ICARUS, HSX_TEST_BINARY "/broken_late.vvp", &link),
                 HSX_OK);
    cr_assert_eq(link->ops->reset(link), HSX_OK);
    cr_assert_eq(link->ops->bus(link, &go, 1), HSX_OK);
    cr_assert_eq(link->ops->run(link, &batch), HSX_OK);
    cr_expect_eq(batch.outcome, HSX_RTL_INTERRUPTED);
    cr_expect_leq(batch.count, 20);
    link->ops->destroy(link);
}
