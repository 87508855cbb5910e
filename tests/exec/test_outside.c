// SPDX-License-Identifier: Apache-2.0
/* Actions from outside: pause, resume, kill, a debugger's writes, invariants. */
#include "puppet.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fixture fx;

static void open_vm(void)
{
    fx_open(&fx, NULL, 16);
}

static void close_all(void)
{
    fx_close(&fx);
}

TestSuite(outside, .init = open_vm, .fini = close_all);

static const char *const spin = ".text\n.entry\nloop: JMP loop\n";
static const char *const receive =
    ".text\n.entry\nLDI R1, 1\nLDI32 R2, 0x4000\nLDI R3, 4\nLDI32 R4, %s\nSVC 0x503\n"
    "loop: JMP loop\n.data\n.zero 4\n";

static uint64_t order(void)
{
    struct hsx_exec_stats stats;

    cr_assert_eq(hsx_exec_stats(fx.exec, &stats), HSX_OK);
    return stats.order;
}

Test(outside, pause_takes_a_ready_task_out_and_resume_puts_it_at_the_tail)
{
    uint32_t a = fx_load(&fx, spin);
    uint32_t b = fx_load(&fx, spin);
    uint64_t before;

    fx_run(&fx, 4);
    before = order();
    cr_assert_eq(hsx_exec_pause(fx.exec, a), HSX_OK);
    cr_assert_eq(order(), before + 1, "each action has an order number");
    cr_assert_eq(hsx_exec_pause(fx.exec, a), HSX_ERR_STATE);
    cr_assert_eq(order(), before + 1, "a refused one has none");
    cr_assert_eq(fx_state(&fx, a), HSX_PAUSED);
    fx_run(&fx, 4);
    cr_assert_eq(fx_task(&fx, a).counters.steps, 2);
    cr_assert_eq(fx_task(&fx, b).counters.steps, 6);
    cr_assert_eq(hsx_exec_resume(fx.exec, a), HSX_OK);
    cr_assert_eq(hsx_exec_resume(fx.exec, a), HSX_ERR_STATE);
    fx_run(&fx, 1);
    cr_assert_eq(fx_task(&fx, b).counters.steps, 7, "b was ahead");
    fx_run(&fx, 1);
    cr_assert_eq(fx_task(&fx, a).counters.steps, 3);
}

Test(outside, pausing_the_task_whose_turn_is_open_ends_the_turn)
{
    uint32_t a = fx_load(&fx, spin);
    uint32_t b = fx_load(&fx, spin);

    cr_assert_eq(hsx_exec_set_slice(fx.exec, a, 10), HSX_OK);
    fx_run(&fx, 3);
    cr_assert_eq(hsx_exec_pause(fx.exec, a), HSX_OK);
    fx_run(&fx, 3);
    cr_assert_eq(fx_task(&fx, b).counters.steps, 3);
    cr_assert_eq(hsx_exec_resume(fx.exec, a), HSX_OK);
    fx_run(&fx, 12);
    cr_assert_eq(fx_task(&fx, a).counters.steps, 13, "a whole new slice");
}

Test(outside, a_waiting_task_keeps_its_wait_and_is_paused_when_it_completes)
{
    char text[256];
    uint32_t a;

    snprintf(text, sizeof text, receive, "3");
    a = fx_load(&fx, text);
    fx_load(&fx, spin);
    fx_run(&fx, 100);
    cr_assert_eq(fx_state(&fx, a), HSX_WAIT_MBX);
    cr_assert_eq(hsx_exec_pause(fx.exec, a), HSX_OK);
    cr_assert_eq(fx_state(&fx, a), HSX_WAIT_MBX);
    cr_assert(fx_task(&fx, a).pause_pending);
    cr_assert_eq(hsx_exec_pause(fx.exec, a), HSX_ERR_STATE);
    fx_run(&fx, 5000);
    cr_assert_eq(fx_state(&fx, a), HSX_PAUSED);
    cr_assert_eq(fx_reg(&fx, a, 0), TIMEOUT);
    cr_assert_eq(fx_task(&fx, a).counters.steps, 5);
}

Test(outside, resume_before_the_wait_completes_takes_the_pause_back)
{
    char text[256];
    uint32_t a;

    snprintf(text, sizeof text, receive, "3");
    a = fx_load(&fx, text);
    fx_load(&fx, spin);
    fx_run(&fx, 100);
    cr_assert_eq(hsx_exec_pause(fx.exec, a), HSX_OK);
    cr_assert_eq(hsx_exec_resume(fx.exec, a), HSX_OK);
    fx_run(&fx, 5000);
    cr_assert_eq(fx_state(&fx, a), HSX_READY);
}

Test(outside, kill_reaps_at_once_in_every_state)
{
    char text[256];
    uint32_t ready = fx_load(&fx, spin);
    uint32_t paused = fx_load(&fx, ".text\n.entry\nBRK\n");
    uint32_t sleeping = fx_load(&fx, ".text\n.entry\nLDI R0, 9\nSVC 0x600\n");
    uint32_t ended = fx_load(&fx, ".text\n.entry\nRET\n");
    uint32_t faulted = fx_load(&fx, ".text\n.entry\nPOP R1\n");
    uint32_t waiting;
    struct hsx_task_info info;
    struct hsx_exec_stats stats;

    snprintf(text, sizeof text, receive, "0xFFFF");
    waiting = fx_load(&fx, text);
    fx_run(&fx, 50);
    cr_assert_eq(fx_state(&fx, waiting), HSX_WAIT_MBX);
    for (uint32_t pid = ready; pid <= waiting; pid++) {
        cr_assert_eq(hsx_exec_kill(fx.exec, pid), HSX_OK);
        cr_assert_eq(hsx_exec_task(fx.exec, pid, &info), HSX_ERR_ARGUMENT);
        cr_assert_eq(hsx_exec_kill(fx.exec, pid), HSX_ERR_ARGUMENT);
    }
    (void)paused, (void)sleeping, (void)ended, (void)faulted;
    cr_assert_eq(hsx_exec_stats(fx.exec, &stats), HSX_OK);
    cr_assert_eq(stats.tasks, 0);
    cr_assert_eq(stats.live, 0);
    cr_assert_eq(fx_run(&fx, 10), HSX_RUN_ENDED);
}

Test(outside, ended_tasks_are_neither_paused_nor_resumed)
{
    uint32_t a = fx_load(&fx, ".text\n.entry\nRET\n");

    fx_run(&fx, 10);
    cr_assert_eq(hsx_exec_pause(fx.exec, a), HSX_ERR_STATE);
    cr_assert_eq(hsx_exec_resume(fx.exec, a), HSX_ERR_STATE);
    cr_assert_eq(hsx_exec_pause(fx.exec, 77), HSX_ERR_ARGUMENT);
    cr_assert_eq(hsx_exec_poke(fx.exec, 0xFFFF, "ab", 2), HSX_ERR_ARGUMENT);
}

Test(outside, run_can_stop_at_a_break_a_fault_an_end_and_a_completed_trap)
{
    struct hsx_exec_run run = {.max_steps = 100,
                               .stop_on = 1u << HSX_EV_BRK | 1u << HSX_EV_FAULT |
                                          1u << HSX_EV_RETURN | 1u << HSX_EV_COMPLETE};
    uint32_t brk = fx_load(&fx, ".text\n.entry\nBRK 1\n");
    uint32_t fault = fx_load(&fx, ".text\n.entry\nPOP R1\n");
    uint32_t ret = fx_load(&fx, ".text\n.entry\nRET\n");
    uint32_t svc = fx_load(&fx, ".text\n.entry\nSVC 0x000\nloop: JMP loop\n");
    const struct {
        uint32_t pid;
        enum hsx_event event;
    } expected[] = {
        {brk, HSX_EV_BRK}, {fault, HSX_EV_FAULT}, {ret, HSX_EV_RETURN}, {svc, HSX_EV_COMPLETE}};

    for (unsigned i = 0; i < 4; i++) {
        cr_assert_eq(hsx_exec_run(fx.exec, &run), HSX_OK);
        cr_assert_eq(run.reason, HSX_RUN_EVENT);
        cr_assert_eq(run.pid, expected[i].pid);
        cr_assert_eq(run.event, expected[i].event);
    }
    cr_assert_eq(hsx_exec_run(fx.exec, &run), HSX_OK);
    cr_assert_eq(run.reason, HSX_RUN_STEPS);
    cr_assert_eq(run.steps, 100);
}

/* A paused task is resumed after change() has modified its context. */
static void expect_broken(void (*change)(struct hsx_context *ctx), const char *which)
{
    uint32_t a = fx_load(&fx, spin);
    uint32_t b = fx_load(&fx, ".text\n.entry\nloop: JMP loop\n.data\n.zero 64\n");
    struct hsx_context ctx;
    struct hsx_exec_stats stats;

    cr_assert_eq(hsx_exec_pause(fx.exec, a), HSX_OK);
    ctx = fx_task(&fx, a).ctx;
    change(&ctx);
    cr_assert_eq(hsx_exec_write_context(fx.exec, a, &ctx), HSX_OK);
    cr_assert_eq(hsx_exec_resume(fx.exec, a), HSX_OK);
    cr_assert_eq(fx_state(&fx, a), HSX_FAULTED);
    cr_assert_eq(fx_task(&fx, a).fault, HSX_FAULT_MEM);
    cr_assert_eq(hsx_exec_stats(fx.exec, &stats), HSX_OK);
    cr_assert_eq(stats.broken_invariants, 1);
    cr_assert_eq(stats.last_broken_pid, a);
    cr_assert_not_null(stats.last_broken);
    cr_expect_not_null(strstr(stats.last_broken, which), "%s", stats.last_broken);

    /* A snapshot stores which invariant it was. */
    uint8_t *bytes = NULL;
    size_t size = 0;

    cr_assert_eq(hsx_exec_save(fx.exec, &bytes, &size), HSX_OK);
    cr_assert_eq(hsx_exec_restore(fx.exec, bytes, size, NULL), HSX_OK);
    free(bytes);
    hsx_exec_stats(fx.exec, &stats);
    cr_assert_not_null(stats.last_broken);
    cr_expect_not_null(strstr(stats.last_broken, which), "%s", stats.last_broken);
    fx_run(&fx, 5);
    cr_assert_eq(fx_task(&fx, b).counters.steps, 5, "the others go on");
}

static void sp_below(struct hsx_context *ctx)
{
    ctx->sp = (uint16_t)(ctx->stack_limit - 4);
}

static void sp_above(struct hsx_context *ctx)
{
    ctx->stack_top = (uint16_t)(ctx->stack_top - 4);
}

static void no_window(struct hsx_context *ctx)
{
    ctx->reg_base = 0;
}

static void no_limit(struct hsx_context *ctx)
{
    ctx->stack_limit = 0;
}

static void others_window(struct hsx_context *ctx)
{
    ctx->reg_base = 0x1040;
}

static void others_stack(struct hsx_context *ctx)
{
    ctx->stack_limit = 0xEFFC;
}

static void others_data(struct hsx_context *ctx)
{
    ctx->data_len = 4;
}

Test(outside, invariant_sp_below_the_stack)
{
    expect_broken(sp_below, "sp lies outside");
}

Test(outside, invariant_sp_above_the_stack)
{
    expect_broken(sp_above, "sp lies outside");
}

Test(outside, invariant_zero_window)
{
    expect_broken(no_window, "reg_base");
}

Test(outside, invariant_zero_stack_limit)
{
    expect_broken(no_limit, "stack_limit or");
}

Test(outside, invariant_window_of_another)
{
    expect_broken(others_window, "overlaps");
}

Test(outside, invariant_stack_of_another)
{
    expect_broken(others_stack, "overlaps");
}

Test(outside, invariant_data_of_another)
{
    expect_broken(others_data, "overlaps");
}

/* One that a debugger has broken while it sleeps becomes FAULTED when its time has come. */
Test(outside, a_sleeper_that_is_broken_does_not_wake)
{
    uint32_t a = fx_load(&fx, ".text\n.entry\nLDI R0, 3\nSVC 0x600\nloop: JMP loop\n");
    struct hsx_context ctx;

    fx_run(&fx, 2);
    cr_assert_eq(fx_state(&fx, a), HSX_SLEEP);
    ctx = fx_task(&fx, a).ctx;
    ctx.sp = (uint16_t)(ctx.stack_limit - 4);
    cr_assert_eq(hsx_exec_write_context(fx.exec, a, &ctx), HSX_OK);
    cr_expect_eq(fx_run(&fx, 10000), HSX_RUN_ENDED);
    cr_expect_eq(fx_state(&fx, a), HSX_FAULTED);
    cr_expect_eq(fx_task(&fx, a).fault, HSX_FAULT_MEM);
}

Test(outside, a_refused_access_has_a_hint)
{
    uint32_t a = fx_load(&fx, ".text\n.entry\nLDI32 R1, 0x2000\nLD R2, [R1+4]\n");
    struct hsx_exec_error hint;

    cr_expect_eq(hsx_exec_hint(fx.exec, a, &hint), HSX_ERR_STATE, "nothing has been refused");
    fx_run(&fx, 10);
    cr_assert_eq(fx_state(&fx, a), HSX_FAULTED);
    cr_assert_eq(hsx_exec_hint(fx.exec, a, &hint), HSX_OK);
    cr_expect_not_null(strstr(hint.text, "LD at pc 0x0008 reads 4 bytes at 0x2004"), "%s",
                       hint.text);
}

static enum hsx_status status_of_run;

static enum hsx_status fails_to_run(struct hsx_target *target, struct hsx_run *run)
{
    (void)target;
    (void)run;
    return status_of_run;
}

/* Whatever status a machine fails with, only a divergence is reported as one. */
Test(outside, a_machine_that_fails_ends_the_run)
{
    static const enum hsx_status said[] = {HSX_ERR_STATE, HSX_ERR_ARGUMENT, HSX_ERR_MACHINE,
                                           HSX_ERR_DIVERGED};

    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        const struct hsx_target_ops *own = fx.target->ops;
        struct hsx_target_ops ops = *own;
        struct hsx_exec_run run = {.max_steps = 10};

        fx_load(&fx, spin);
        status_of_run = said[i];
        ops.run = fails_to_run;
        fx.target->ops = &ops;
        cr_expect_eq(hsx_exec_run(fx.exec, &run),
                     said[i] == HSX_ERR_DIVERGED ? HSX_ERR_DIVERGED : HSX_ERR_MACHINE);
        fx.target->ops = own;
        close_all();
        open_vm();
    }
}

Test(outside, a_harmless_change_is_no_broken_invariant)
{
    uint32_t a = fx_load(&fx, spin);
    struct hsx_context ctx;
    struct hsx_exec_stats stats;

    cr_assert_eq(hsx_exec_pause(fx.exec, a), HSX_OK);
    ctx = fx_task(&fx, a).ctx;
    ctx.reg_base = 0x2000;
    ctx.sp -= 8;
    cr_assert_eq(hsx_exec_write_context(fx.exec, a, &ctx), HSX_OK);
    cr_assert_eq(hsx_exec_resume(fx.exec, a), HSX_OK);
    fx_run(&fx, 5);
    cr_assert_eq(fx_state(&fx, a), HSX_READY);
    cr_assert_eq(hsx_exec_stats(fx.exec, &stats), HSX_OK);
    cr_assert_eq(stats.broken_invariants, 0);
}
