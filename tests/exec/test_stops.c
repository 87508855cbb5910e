// SPDX-License-Identifier: Apache-2.0
/* Breakpoints, watchpoints, and one task alone. */
#include "fixture.h"
#include <criterion/criterion.h>

static struct fixture fx;
static uint32_t a, b;

/* The loop is at 4: three instructions. */
static const char *const count =
    ".text\n.entry\nLDI R1, 1\nloop:\nADD R2, R2, R1\nNOT R3, R3\nJMP loop\n";

static void open_two(void)
{
    fx_open(&fx, NULL, 8);
    a = fx_load(&fx, count);
    b = fx_load(&fx, count);
}

static void close_all(void)
{
    fx_close(&fx);
}

TestSuite(stops, .init = open_two, .fini = close_all);

static struct hsx_exec_run run(uint64_t steps)
{
    struct hsx_exec_run run = {.max_steps = steps};

    cr_assert_eq(hsx_exec_run(fx.exec, &run), HSX_OK);
    return run;
}

static uint32_t add(struct hsx_exec_stop stop)
{
    cr_assert_eq(hsx_exec_add_stop(fx.exec, &stop), HSX_OK);
    return stop.id;
}

/* Opens a machine of which the executive must search the records for what stops a run; the
 * machine's own functions come back. */
static const struct hsx_target_ops *without_recall(struct hsx_target_ops *ops)
{
    const struct hsx_target_ops *own = fx.target->ops;

    *ops = *own;
    ops->recall = NULL;
    fx.target->ops = ops;
    return own;
}

Test(stops, a_breakpoint_hits_before_its_instruction_every_time)
{
    uint32_t id = add((struct hsx_exec_stop){.kind = HSX_BREAK_PC, .pid = a, .pc = 8});
    struct hsx_exec_run r = run(100);

    cr_assert_eq(r.reason, HSX_RUN_BREAK);
    cr_assert_eq(r.stop_id, id);
    cr_assert_eq(r.pid, a);
    cr_assert_eq(r.steps, 4, "two of each");
    cr_assert_eq(fx_task(&fx, a).ctx.pc, 8);
    cr_assert_eq(fx_reg(&fx, a, 2), 1);
    cr_assert_eq(fx_reg(&fx, a, 3), 0);
    r = run(100);
    cr_assert_eq(r.reason, HSX_RUN_BREAK);
    cr_assert_eq(r.steps, 6, "once around, for both");
    cr_assert_eq(fx_reg(&fx, a, 2), 2);
    cr_assert_eq(hsx_exec_remove_stop(fx.exec, id), HSX_OK);
    cr_assert_eq(hsx_exec_remove_stop(fx.exec, id), HSX_ERR_ARGUMENT);
    cr_assert_eq(run(100).reason, HSX_RUN_STEPS);
}

/* Late in a run, where a machine may have let one task run ahead of the other. */
Test(stops, a_condition_sees_what_another_task_has_written_by_then)
{
    uint16_t counter = (uint16_t)(fx_task(&fx, a).ctx.reg_base + 4 * 2);
    struct hsx_exec_run r;

    add((struct hsx_exec_stop){
        .kind = HSX_BREAK_PC,
        .pid = b,
        .pc = 4,
        .condition = {.relation = HSX_EQUAL, .memory = true, .addr = counter, .value = 500}});
    r = run(100000);
    cr_assert_eq(r.reason, HSX_RUN_BREAK);
    cr_assert_eq(r.steps, 2 * (1 + 3 * 499) + 1, "right after task a has counted so far");
    cr_assert_eq(fx_reg(&fx, b, 2), 499);
}

Test(stops, a_breakpoint_on_the_entry_hits_at_once)
{
    add((struct hsx_exec_stop){.kind = HSX_BREAK_PC, .pid = b, .pc = 0});
    cr_assert_eq(run(100).steps, 1);
    cr_assert_eq(fx_task(&fx, b).counters.steps, 0);
}

Test(stops, a_breakpoint_hits_when_a_tick_wakes_the_task_right_before_it)
{
    for (unsigned i = 0; i < 2; i++) {
        const struct hsx_target_ops *own;
        struct hsx_target_ops ops;
        struct hsx_exec_run r;
        uint32_t c;

        close_all();
        fx_open(&fx, NULL, 8);
        own = i == 0 ? NULL : without_recall(&ops);
        /* The SVC is step 1000: the pending tick ends the sleep. */
        c = fx_load(&fx, ".text\n.entry\nLDI R0, 1\nLDI R2, 498\nw: SUB R2, R2, R0\nJNZ w\n"
                         "NOT R3, R3\nSVC 0x600\nRET\n");
        add((struct hsx_exec_stop){.kind = HSX_BREAK_PC, .pid = c, .pc = 24});
        r = run(5000);
        cr_expect_eq(r.reason, HSX_RUN_BREAK);
        cr_expect_eq(r.steps, 1000);
        cr_expect_eq(fx_state(&fx, c), HSX_READY);
        if (own) {
            fx.target->ops = own;
        }
    }
}

Test(stops, a_watched_register_stops_after_the_change)
{
    uint32_t id = add((struct hsx_exec_stop){.kind = HSX_WATCH_REGISTER, .pid = b, .reg = 2});
    struct hsx_exec_run r = run(100);

    cr_assert_eq(r.reason, HSX_RUN_BREAK);
    cr_assert_eq(r.stop_id, id);
    cr_assert_eq(r.steps, 4);
    cr_assert_eq(fx_reg(&fx, b, 2), 1);
    r = run(4);
    cr_assert_eq(r.reason, HSX_RUN_STEPS, "no change in the next four steps");
    fx_set_reg(&fx, b, 2, 99);
    r = run(2);
    cr_assert_eq(r.reason, HSX_RUN_BREAK, "the last of the steps allowed made the change");
    cr_assert_eq(fx_reg(&fx, b, 2), 100);
}

Test(stops, a_watched_byte_stops_at_what_the_executive_writes)
{
    uint32_t c = fx_load(&fx, ".text\n.entry\nSVC 0x999\nloop: JMP loop\n");
    struct hsx_exec_run r;

    add((struct hsx_exec_stop){.kind = HSX_WATCH_MEMORY, .addr = 0x1080, .len = 1});
    r = run(100);
    cr_assert_eq(r.reason, HSX_RUN_BREAK);
    cr_assert_eq(r.steps, 3);
    cr_assert_eq(fx_reg(&fx, c, 0), HSX_ENOSYS);
}

/* Each store changes one watched byte, which is not the first byte of the store, as time passes.
 * The run stops right after it, whichever side watches. */
Test(stops, a_store_stops_by_any_of_its_bytes)
{
    static const struct {
        uint32_t addr, len, after;
    } watched[] = {{0x4000, 4, 0xFFFF00FF}, {0x4007, 1, 0x00FFFFFF}, {0x400B, 1, 0x00FFFFFF}};

    for (unsigned i = 0; i < 2 * sizeof watched / sizeof watched[0]; i++) {
        uint32_t addr = watched[i / 2].addr;
        const struct hsx_target_ops *own = NULL;
        struct hsx_exec_config config;
        struct hsx_target_ops ops;
        struct hsx_exec_run r;

        close_all();
        hsx_exec_config_init(&config);
        config.tick_steps = 2;
        fx_open(&fx, &config, 8);
        if (i % 2 == 0) {
            own = without_recall(&ops);
        }
        fx_load(&fx, ".text\n.entry\nLDI32 R1, 0x4000\nLDI R2, 0\nLDI R3, 255\nLDI32 R4, 0xFFFFFF\n"
                     "STB [R1+1], R2\nSTH [R1+6], R3\nST [R1+8], R4\nloop: JMP loop\n"
                     ".data\n.word 0xFFFFFFFF\n.word 0xFFFFFFFF\n.word 0xFFFFFFFF\n");
        fx_load(&fx, count);
        add((struct hsx_exec_stop){
            .kind = HSX_WATCH_MEMORY, .addr = addr, .len = (uint8_t)watched[i / 2].len});
        cr_expect_eq(fx_word(&fx, addr & ~3u), 0xFFFFFFFF);
        r = run(100);
        cr_expect_eq(r.reason, HSX_RUN_BREAK, "0x%X", (unsigned)addr);
        cr_expect_eq(r.steps, 9 + 2 * (i / 2), "0x%X: %u steps", (unsigned)addr, (unsigned)r.steps);
        cr_expect_eq(fx_word(&fx, addr & ~3u), watched[i / 2].after, "0x%X", (unsigned)addr);
        if (own) {
            fx.target->ops = own;
        }
    }
}

Test(stops, a_watchpoint_goes_before_the_event_that_changes_it)
{
    uint32_t id;
    struct hsx_exec_run r = {.max_steps = 100, .stop_on = 1u << HSX_EV_COMPLETE};

    fx_load(&fx, ".text\n.entry\nSVC 0x999\nloop: JMP loop\n");
    id = add((struct hsx_exec_stop){.kind = HSX_WATCH_MEMORY, .addr = 0x1080, .len = 1});
    cr_assert_eq(hsx_exec_run(fx.exec, &r), HSX_OK);
    cr_assert_eq(r.reason, HSX_RUN_BREAK);
    cr_assert_eq(r.stop_id, id);
    cr_assert_eq(r.steps, 3);
}

Test(stops, one_task_alone_leaves_the_others_where_they_are)
{
    struct hsx_exec_run alone = {.max_steps = 5, .only = b};

    cr_assert_eq(hsx_exec_run(fx.exec, &alone), HSX_OK);
    cr_assert_eq(alone.reason, HSX_RUN_STEPS);
    cr_assert_eq(fx_task(&fx, a).counters.steps, 0);
    cr_assert_eq(fx_task(&fx, b).counters.steps, 5);
    cr_assert_eq(hsx_exec_pause(fx.exec, b), HSX_OK);
    cr_assert_eq(hsx_exec_run(fx.exec, &alone), HSX_OK);
    cr_assert_eq(alone.reason, HSX_RUN_STALLED);
    cr_assert_eq(alone.steps, 0);
    cr_assert_eq(fx_task(&fx, a).counters.steps, 0);
}

Test(stops, stepping_does_not_change_the_order_of_a_run)
{
    struct hsx_exec_stats whole, stepped;

    fx_load(&fx, ".text\n.entry\nl: LDI R0, 2\nSVC 0x600\nJMP l\n");
    run(5000);
    cr_assert_eq(hsx_exec_stats(fx.exec, &whole), HSX_OK);
    close_all();
    open_two();
    fx_load(&fx, ".text\n.entry\nl: LDI R0, 2\nSVC 0x600\nJMP l\n");
    add((struct hsx_exec_stop){.kind = HSX_BREAK_PC, .pid = a, .pc = 0xFF0});
    for (unsigned i = 0; i < 50; i++) {
        cr_assert_eq(run(100).reason, HSX_RUN_STEPS);
    }
    cr_assert_eq(hsx_exec_stats(fx.exec, &stepped), HSX_OK);
    cr_assert_eq(stepped.now, whole.now);
    /* A tick that is due at the end has happened in one run and is pending in the other. */
    cr_assert_leq(stepped.order - whole.order, 1);
    cr_assert_eq(stepped.steps, whole.steps);
}

Test(stops, are_checked_listed_and_go_with_their_task)
{
    struct hsx_exec_stop bad[] = {{.kind = HSX_BREAK_PC, .pid = 77},
                                  {.kind = HSX_WATCH_REGISTER, .pid = a, .reg = 16},
                                  {.kind = HSX_WATCH_MEMORY, .addr = 0xFFFE, .len = 4},
                                  {.kind = HSX_WATCH_MEMORY, .addr = 0, .len = 0}};
    struct hsx_exec_stop list[HSX_MAX_STOPS];
    struct hsx_exec_stop one_more = {.kind = HSX_BREAK_PC, .pid = a};
    size_t count_of;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_assert_eq(hsx_exec_add_stop(fx.exec, &bad[i]), HSX_ERR_ARGUMENT);
    }
    for (unsigned i = 0; i < HSX_MAX_STOPS; i++) {
        cr_assert_eq(add((struct hsx_exec_stop){.kind = HSX_BREAK_PC, .pid = i % 2 ? a : b}),
                     i + 1);
    }
    cr_assert_eq(hsx_exec_add_stop(fx.exec, &one_more), HSX_ERR_NO_ROOM);
    cr_assert_eq(hsx_exec_kill(fx.exec, a), HSX_OK);
    cr_assert_eq(hsx_exec_stops(fx.exec, list, HSX_MAX_STOPS, &count_of), HSX_OK);
    cr_assert_eq(count_of, HSX_MAX_STOPS / 2);
    cr_assert_eq(list[1].id, 3);
}

Test(stops, a_condition_holds_for_the_task_that_stops)
{
    static const struct {
        enum hsx_relation relation;
        uint32_t value;
        uint32_t hits_at; /* R1 when it is hit; the loop counts it up from 0 */
    } cases[] = {{HSX_EQUAL, 3, 3},
                 {HSX_NOT_EQUAL, 0, 1},
                 {HSX_MORE, 1, 2},
                 {HSX_AT_LEAST, 2, 2},
                 {HSX_LESS, 5, 0},
                 {HSX_AT_MOST, 0, 0},
                 {HSX_MORE, 0x7FFFFFFF, 0xFFFFFFFF}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t pid = fx_load(&fx, "LDI R2, 1\nloop: ADD R1, R1, R2\nJMP loop");
        struct hsx_exec_stop stop = {
            .kind = HSX_BREAK_PC,
            .pid = pid,
            .pc = 4,
            .condition = {.relation = cases[i].relation, .reg = 1, .value = cases[i].value}};

        if (cases[i].hits_at > 10) {
            fx_set_reg(&fx, pid, 1, cases[i].hits_at);
        }
        cr_assert_eq(hsx_exec_add_stop(fx.exec, &stop), HSX_OK);
        cr_assert_eq(fx_run(&fx, 1000), HSX_RUN_BREAK, "case %zu", i);
        cr_expect_eq(fx_reg(&fx, pid, 1), cases[i].hits_at, "case %zu: %u", i,
                     (unsigned)fx_reg(&fx, pid, 1));
        cr_assert_eq(hsx_exec_kill(fx.exec, pid), HSX_OK);
    }
}

Test(stops, a_condition_that_cannot_be_is_refused)
{
    struct hsx_exec_stop stop = {.kind = HSX_BREAK_PC, .condition = {.relation = HSX_EQUAL}};

    stop.condition.reg = 16;
    cr_expect_eq(hsx_exec_add_stop(fx.exec, &stop), HSX_ERR_ARGUMENT);
    stop.condition = (struct hsx_condition){.relation = HSX_EQUAL, .memory = true, .addr = 0xFFFD};
    cr_expect_eq(hsx_exec_add_stop(fx.exec, &stop), HSX_ERR_ARGUMENT);
}

Test(stops, a_run_ends_when_a_task_comes_back_from_its_call)
{
    uint32_t pid = fx_load(&fx, "CALL f\nBRK\nf: CALL g\nRET\ng: RET");
    uint32_t sp = fx_task(&fx, pid).ctx.sp - 4u;
    struct hsx_exec_run run = {.max_steps = 1000, .only = pid, .back_pid = pid, .back_sp = sp};

    cr_assert_eq(hsx_exec_run(fx.exec, &run), HSX_OK);
    cr_expect_eq(run.reason, HSX_RUN_RETURNED, "it is in no call yet");
    cr_expect_eq(run.steps, 0);
    run = (struct hsx_exec_run){.max_steps = 2, .only = pid};
    cr_assert_eq(hsx_exec_run(fx.exec, &run), HSX_OK);
    run = (struct hsx_exec_run){.max_steps = 1000, .only = pid, .back_pid = pid, .back_sp = sp};
    cr_assert_eq(hsx_exec_run(fx.exec, &run), HSX_OK);
    cr_expect_eq(run.reason, HSX_RUN_RETURNED);
    cr_expect_eq(run.steps, 1);
    cr_expect_eq(fx_task(&fx, pid).ctx.pc, 12);
}

/* What a longer run found before has no part in the next one. */
Test(stops, a_run_ends_after_its_steps_whatever_an_earlier_one_saw_behind_them)
{
    struct hsx_target_ops ops;
    const struct hsx_target_ops *own = without_recall(&ops);
    struct hsx_exec_run r;

    add((struct hsx_exec_stop){.kind = HSX_WATCH_REGISTER, .pid = b, .reg = 2});
    cr_assert_eq(run(100).steps, 4, "the fourth step changes R2");
    fx_set_reg(&fx, b, 2, 50);
    r = run(3);
    cr_expect_eq(r.reason, HSX_RUN_STEPS);
    cr_expect_eq(r.steps, 3);
    fx.target->ops = own;
}

Test(stops, the_writer_is_named_however_the_run_was_made)
{
    for (unsigned i = 0; i < 4; i++) {
        bool alone = i % 2 != 0, recall = i / 2 != 0;
        struct hsx_exec_run r = {.max_steps = 100, .only = alone ? b : 0};
        const struct hsx_target_ops *own;
        struct hsx_target_ops ops;

        close_all();
        open_two();
        own = recall ? NULL : without_recall(&ops);
        add((struct hsx_exec_stop){.kind = HSX_WATCH_REGISTER, .pid = b, .reg = 2});
        cr_assert_eq(hsx_exec_run(fx.exec, &r), HSX_OK);
        cr_expect_eq(r.reason, HSX_RUN_BREAK);
        cr_expect_eq(r.steps, alone ? 2 : 4);
        cr_expect_eq(r.writer.pid, b, "case %u", i);
        cr_expect_eq(r.writer.pc, 4, "case %u", i);
        cr_expect_eq(r.writer.event, HSX_EV_RETIRE, "case %u", i);
        if (own) {
            fx.target->ops = own;
        }
    }
}

/* By each way in which an instruction writes: memory, R15, the destination; R3 is written in its
 * window. */
Test(stops, a_watched_register_stops_right_after_any_write)
{
    static const struct {
        const char *source;
        uint8_t reg;
        uint64_t steps;
    } cases[] = {{"NOT R1, R1\nPUSH R1\nNOT R2, R2\nl: JMP l", 15, 2},
                 {"NOT R1, R1\nNOT R2, R2\nCALL f\nl: JMP l\nf: NOT R4, R4\nRET", 15, 3},
                 {"NOT R1, R1\nPUSH R1\nPOP R2\nl: JMP l", 2, 3},
                 {"LDI32 R1, 0x100C\nNOT R2, R2\nSTB [R1+3], R2\nNOT R2, R2\nl: JMP l", 3, 3},
                 {"LDI32 R1, 0x1010\nNOT R2, R2\nST [R1-6], R2\nNOT R2, R2\nl: JMP l", 3, 3},
                 {"LDI32 R1, 0x1000\nNOT R2, R2\nST [R1+15], R2\nNOT R2, R2\nl: JMP l", 3, 3}};

    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
        const struct hsx_target_ops *own;
        struct hsx_target_ops ops;
        struct hsx_exec_run r;
        uint32_t pid;

        close_all();
        fx_open(&fx, NULL, 8);
        own = i % 2 == 0 ? NULL : without_recall(&ops);
        pid = fx_load(&fx, cases[i / 2].source);
        add((struct hsx_exec_stop){
            .kind = HSX_WATCH_REGISTER, .pid = pid, .reg = cases[i / 2].reg});
        r = run(100);
        cr_expect_eq(r.reason, HSX_RUN_BREAK, "case %zu", i);
        cr_expect_eq(r.steps, cases[i / 2].steps, "case %zu: %u steps", i, (unsigned)r.steps);
        if (own) {
            fx.target->ops = own;
        }
    }
}
