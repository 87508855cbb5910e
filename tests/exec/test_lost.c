// SPDX-License-Identifier: Apache-2.0
/* A machine that can no longer be reached, like a board with its cable pulled. */
#include "fixture.h"
#include <criterion/criterion.h>
#include <string.h>

static const struct hsx_target_ops *whole; /* the original operations of the machine */
static unsigned reads_left;                /* that still succeed */

static enum hsx_status read_data(struct hsx_target *t, uint32_t addr, void *bytes, size_t len)
{
    if (reads_left == 0) {
        return HSX_ERR_IO;
    }
    reads_left--;
    return whole->read_data(t, addr, bytes, len);
}

/* Writes "hi!" with uart_write, "ho!" with fs_write, and "can" to the bus. */
static const char *const talker =
    ".text\n.entry\n"
    "LDI32 R1, t\nLDI R2, 3\nSVC 0x101\n"
    "LDI R1, 1\nLDI32 R2, u\nLDI R3, 3\nSVC 0x402\n"
    "LDI R1, 5\nLDI32 R2, v\nLDI R3, 3\nSVC 0x200\nRET\n"
    ".data\nt: .ascii \"hi!\"\nu: .ascii \"ho!\"\nv: .ascii \"can\"\n";

Test(lost, the_host_hears_nothing_that_was_not_read)
{
    unsigned refused = 0;
    bool done = false;

    for (unsigned reads = 0; !done; reads++) {
        struct hsx_exec_config config;
        struct hsx_exec_run run = {.max_steps = 1000};
        struct hsx_target_ops ops;
        struct fixture fx;

        hsx_exec_config_init(&config);
        config.stdio = true;
        fx_open(&fx, &config, 4);
        fx_load(&fx, talker);
        whole = fx.target->ops;
        ops = *whole;
        ops.read_data = read_data;
        fx.target->ops = &ops;
        reads_left = reads;
        done = hsx_exec_run(fx.exec, &run) == HSX_OK;
        refused += !done;
        cr_assert(strcmp(fx.said, "") == 0 || strcmp(fx.said, "hi!") == 0 ||
                      strcmp(fx.said, "hi!ho!") == 0,
                  "with %u reads", reads);
        cr_assert(fx.can_count == 0 || memcmp(fx.can_bytes, "can", 3) == 0, "with %u reads", reads);
        cr_assert(!done || (strcmp(fx.said, "hi!ho!") == 0 && fx.can_count == 1));
        fx.target->ops = whole;
        fx_close(&fx);
    }
    cr_assert_geq(refused, 6); /* registers and bytes of each call */
}

/* ---- Every call on a machine that has failed */

enum { CALLS = 25 };

/* One of the calls. */
static enum hsx_status call(struct hsx_exec *e, unsigned n)
{
    static const struct hsx_mbox_message message = {.length = 2};
    static struct hsx_task_info tasks[4];
    static struct hsx_mbox_info boxes[32];
    static uint8_t *saved;
    static size_t size;
    struct hsx_context ctx = {0};
    struct hsx_mbox_message read;
    enum hsx_mbox_status result;
    struct hsx_exec_error error;
    struct hsx_exec_stats stats;
    uint16_t handle;
    uint32_t id, pids[4];
    size_t count;

    switch (n) {
    case 0:
        return hsx_exec_run(e, &(struct hsx_exec_run){.max_steps = 10});
    case 1:
        return hsx_exec_run(e, &(struct hsx_exec_run){.max_steps = 10, .only = 2});
    case 2:
        return hsx_exec_tick(e);
    case 3:
        return hsx_exec_complete_trap(e, 1);
    case 4:
        return hsx_exec_pause(e, 2);
    case 5:
        return hsx_exec_resume(e, 2);
    case 6:
        return hsx_exec_set_slice(e, 2, 3);
    case 7:
        return hsx_exec_poke(e, 0, "x", 1);
    case 8:
        return hsx_exec_write_context(e, 2, &ctx);
    case 9:
        return hsx_exec_kill(e, 2);
    case 10:
        return hsx_exec_tasks(e, tasks, 4, &count);
    case 11:
        return hsx_exec_task(e, 2, tasks);
    case 12:
        return hsx_exec_stats(e, &stats);
    case 13:
        return hsx_exec_save(e, &saved, &size);
    case 14:
        return hsx_exec_host_bind(e, "app:y", 0, 3, &id, &result);
    case 15:
        return hsx_exec_host_open(e, "app:x", 3, &handle, &result);
    case 16:
        return hsx_exec_host_send(e, 1, &message, "ab", &result);
    case 17:
        return hsx_exec_host_recv(e, 1, &read, &handle, 2, &result);
    case 18:
        return hsx_exec_host_tap(e, 1, true, &result);
    case 19:
        return hsx_exec_host_post(e, "app:x", &message, "ab", &result);
    case 20:
        return hsx_exec_host_close(e, 1, &result);
    case 21:
        return hsx_exec_close_handle(e, 2, 1, &result);
    case 22:
        return hsx_exec_mailboxes(e, boxes, 32, &count);
    case 23:
        return hsx_exec_waiters(e, 1, pids, 4, &count);
    default:
        return hsx_exec_hint(e, 2, &error);
    }
}

static enum hsx_status failure; /* of the operation below */

static enum hsx_status read_totals(struct hsx_target *t, struct hsx_totals *totals)
{
    (void)t, (void)totals;
    return failure;
}

/* A task with a trap to complete, one that runs, a mailbox with a message. */
static void open_busy(struct fixture *fx, struct hsx_target_ops *ops)
{
    struct hsx_exec_config config;
    enum hsx_mbox_status result;
    uint16_t handle;

    hsx_exec_config_init(&config);
    config.tick_steps = 0;
    config.trap_latency = UINT64_MAX;
    fx_open(fx, &config, 4);
    fx_load(fx, ".text\n.entry\nSVC 0x000\nRET\n");
    fx_load(fx, ".text\n.entry\nloop: JMP loop\n");
    cr_assert_eq(hsx_exec_host_open(fx->exec, "app:x", 3, &handle, &result), HSX_OK);
    cr_assert_eq(
        hsx_exec_host_send(fx->exec, handle, &(struct hsx_mbox_message){.length = 1}, "m", &result),
        HSX_OK);
    fx_run(fx, 10);
    whole = fx->target->ops;
    *ops = *whole;
    fx->target->ops = ops;
}

Test(lost, no_call_succeeds_on_a_machine_that_has_failed)
{
    static const enum hsx_status failures[] = {HSX_ERR_IO, HSX_ERR_DIVERGED};

    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        enum hsx_status expected =
            failures[i] == HSX_ERR_DIVERGED ? HSX_ERR_DIVERGED : HSX_ERR_MACHINE;
        struct hsx_target_ops ops;
        struct fixture fx;

        open_busy(&fx, &ops);
        failure = failures[i];
        ops.read_totals = read_totals;
        cr_assert_eq(hsx_exec_poke(fx.exec, 0, "x", 1), expected);
        ops.read_totals = whole->read_totals;
        for (unsigned n = 0; n < CALLS; n++) {
            cr_expect_eq(call(fx.exec, n), expected, "call %u", n);
        }
        fx.target->ops = whole;
        fx_close(&fx);
    }
}

Test(lost, each_call_notices_a_machine_that_does_not_answer)
{
    for (unsigned n = 0; n < CALLS; n++) {
        bool looks_at_mailboxes_only = n == 22 || n == 23;
        struct hsx_target_ops ops;
        struct fixture fx;
        enum hsx_status status;

        open_busy(&fx, &ops);
        failure = HSX_ERR_IO;
        ops.read_totals = read_totals;
        ops.read_data = read_data;
        reads_left = 0;
        status = call(fx.exec, n);
        cr_expect_eq(status, looks_at_mailboxes_only ? HSX_OK : HSX_ERR_MACHINE, "call %u: %d", n,
                     (int)status);
        fx.target->ops = whole;
        fx_close(&fx);
    }
}

/* ---- A machine that is elsewhere than the executive */

static struct hsx_totals off; /* is added to what it says */

static enum hsx_status read_wrong_totals(struct hsx_target *t, struct hsx_totals *totals)
{
    enum hsx_status status = whole->read_totals(t, totals);

    totals->order += off.order;
    totals->steps += off.steps;
    totals->now += off.now;
    return status;
}

Test(lost, a_machine_that_has_done_more_or_less_than_it_said_has_failed)
{
    static const struct hsx_totals wrong[] = {
        {.order = 1}, {.steps = 1}, {.now = 1}, {.order = UINT64_MAX}, {.steps = UINT64_MAX}, {0}};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        bool right = i == sizeof wrong / sizeof wrong[0] - 1;
        struct hsx_exec_stats stats;
        struct hsx_target_ops ops;
        struct fixture fx;

        open_busy(&fx, &ops);
        off = wrong[i];
        ops.read_totals = read_wrong_totals;
        cr_expect_eq(hsx_exec_stats(fx.exec, &stats), right ? HSX_OK : HSX_ERR_MACHINE, "%zu", i);
        fx.target->ops = whole;
        fx_close(&fx);
    }
}
