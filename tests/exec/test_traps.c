// SPDX-License-Identifier: Apache-2.0
/* Traps that somebody else completes, in any order. */
#include "fixture.h"
#include <criterion/criterion.h>

enum { TASKS = 4 };

static struct fixture fx;

/* Task n traps with its first instruction, after n - 1 steps. */
static void open_trapped(void)
{
    struct hsx_exec_config config;

    hsx_exec_config_init(&config);
    config.tick_steps = 0;
    config.trap_latency = UINT64_MAX;
    fx_open(&fx, &config, 8);
    for (unsigned i = 0; i < TASKS; i++) {
        fx_load(&fx, ".text\n.entry\nSVC 0x000\nloop: JMP loop\n");
    }
    cr_assert_eq(fx_run(&fx, TASKS), HSX_RUN_STEPS);
}

static void close_all(void)
{
    fx_close(&fx);
}

TestSuite(traps, .init = open_trapped, .fini = close_all);

static void expect_trapped(const bool *completed)
{
    for (uint32_t pid = 1; pid <= TASKS; pid++) {
        cr_expect_eq(fx_state(&fx, pid), completed[pid] ? HSX_READY : HSX_TRAPPED, "task %u",
                     (unsigned)pid);
        if (completed[pid]) {
            cr_expect_eq(fx_reg(&fx, pid, 0), pid - 1, "steps before the trap of task %u",
                         (unsigned)pid);
        }
    }
}

Test(traps, are_completed_in_any_order)
{
    static const uint32_t orders[][TASKS] = {
        {1, 2, 3, 4}, {4, 3, 2, 1}, {2, 1, 4, 3}, {3, 1, 2, 4}, {2, 4, 1, 3}};

    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        bool completed[TASKS + 1] = {false};

        close_all();
        open_trapped();
        for (unsigned k = 0; k < TASKS; k++) {
            uint32_t pid = orders[i][k];

            expect_trapped(completed);
            cr_assert_eq(hsx_exec_complete_trap(fx.exec, pid), HSX_OK);
            completed[pid] = true;
            cr_expect_eq(hsx_exec_complete_trap(fx.exec, pid), HSX_ERR_STATE, "only once");
        }
        expect_trapped(completed);
    }
    cr_expect_eq(hsx_exec_complete_trap(fx.exec, TASKS + 1), HSX_ERR_STATE, "no such task");
}

Test(traps, of_a_killed_task_are_not_completed)
{
    cr_assert_eq(hsx_exec_kill(fx.exec, 2), HSX_OK);
    cr_expect_eq(hsx_exec_complete_trap(fx.exec, 2), HSX_ERR_STATE);
    for (uint32_t pid = 4; pid > 0; pid--) {
        cr_expect_eq(hsx_exec_complete_trap(fx.exec, pid), pid == 2 ? HSX_ERR_STATE : HSX_OK);
    }
    fx_load(&fx, ".text\n.entry\nloop: JMP loop\n");
    for (uint32_t pid = 1; pid <= TASKS; pid++) {
        if (pid != 2) {
            cr_expect_eq(fx_state(&fx, pid), HSX_READY);
            cr_expect_eq(fx_reg(&fx, pid, 0), pid - 1);
        }
    }
}
