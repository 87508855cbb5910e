// SPDX-License-Identifier: Apache-2.0
/* Turns, queue, ticks, stops and budgets of the machine (section 5). */
#include "support.h"

#include <stdlib.h>
#include <string.h>

enum { LOOP_TASKS = 5 };

/* Tasks that count their rounds in R1, each from its own copy of the loop. */
static struct hsx_vm *looping(unsigned tasks)
{
    struct hsx_vm *vm = new_vm(16);
    LOAD(vm, tasks, WORD(ADD, 1, 1, 2, 0), WORD(JMP, 0, 0, 0, 0));
    for (unsigned slot = 0; slot < tasks; slot++)
        put_reg(vm, (uint8_t)slot, 2, 1);
    return vm;
}

static void set_slice(struct hsx_vm *vm, uint8_t slot, uint8_t slice)
{
    struct hsx_context ctx = get_context(vm, slot);
    ctx.slice = slice;
    put_context(vm, slot, &ctx);
}

static void expect_queue(struct hsx_vm *vm, const char *slots, uint8_t turn_left)
{
    uint8_t got[HSX_MAX_CONTEXTS];
    char text[HSX_MAX_CONTEXTS + 1] = "";
    size_t count;
    uint8_t left;
    cr_assert_eq(hsx_vm_read_queue(vm, got, sizeof got, &count, &left), HSX_OK);
    for (size_t i = 0; i < count; i++)
        text[i] = (char)('0' + got[i]);
    cr_expect_str_eq(text, slots);
    cr_expect_eq(left, turn_left, "turn_left %d", left);
}

/* The slots of the next steps, with [ before the first and ] after the last instruction
 * of a turn. */
static void expect_turns(struct hsx_vm *vm, const char *expected)
{
    char text[100] = "";
    size_t used = 0;
    while (used < strlen(expected)) {
        enum hsx_stop reason;
        struct hsx_record record = step(vm, &reason);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%d%s",
                                 record.flags & HSX_REC_TURN_FIRST ? "[" : "", record.slot,
                                 record.flags & HSX_REC_TURN_ROTATE ? "]" : "");
    }
    cr_expect_str_eq(text, expected);
}

Test(sched, three_tasks_and_nine_steps_are_three_each)
{
    struct hsx_vm *vm = looping(3);
    struct hsx_run run = {.max_steps = 9};
    cr_assert_eq(hsx_vm_run(vm, &run), HSX_OK);
    cr_expect_eq(run.retired, 9);
    for (uint8_t slot = 0; slot < 3; slot++)
        cr_expect_eq(get_reg(vm, slot, 1), 2, "two additions and a jump");
    expect_queue(vm, "012", 0);
    hsx_vm_destroy(vm);
}

Test(sched, a_turn_is_one_instruction_or_the_slice)
{
    struct hsx_vm *vm = looping(3);
    expect_turns(vm, "[0][1][2][0][1]");
    hsx_vm_destroy(vm);

    vm = looping(3);
    set_slice(vm, 1, 3);
    set_slice(vm, 2, 0); /* means 1 */
    expect_turns(vm, "[0][111][2][0][111][2]");
    hsx_vm_destroy(vm);

    vm = looping(1);
    expect_turns(vm, "[0][0][0]");
    set_slice(vm, 0, 4);
    expect_turns(vm, "[0000][00");
    expect_queue(vm, "0", 2);
    expect_turns(vm, "00][0");
    hsx_vm_destroy(vm);
}

Test(sched, an_open_turn_stays_at_the_head_over_calls_of_run)
{
    struct hsx_vm *vm = looping(3);
    set_slice(vm, 1, 5);
    struct hsx_run run = {.max_steps = 3};
    hsx_vm_run(vm, &run);
    expect_queue(vm, "120", 3);
    run.max_steps = 1;
    hsx_vm_run(vm, &run);
    expect_queue(vm, "120", 2);
    hsx_vm_make_ready(vm, 7);
    expect_queue(vm, "1207", 2);
    const uint8_t fewer[] = {1, 2};
    cr_expect_eq(hsx_vm_write_queue(vm, fewer, 2, 1), HSX_OK);
    expect_turns(vm, "1][2][11111]");
    hsx_vm_destroy(vm);
}

Test(sched, a_task_that_was_alone_for_a_while_rotates_on)
{
    struct hsx_vm *vm = new_vm(2);
    LOAD(vm, 2, WORD(LDI, 1, 0, 0, 1), WORD(LDI, 2, 0, 0, 2), WORD(MOV, 3, 1, 0, 0),
         WORD(JMP, 0, 0, 0, 12));
    const uint8_t alone = 0;
    struct hsx_run run = {.max_steps = 2};
    hsx_vm_run(vm, &run);
    hsx_vm_write_queue(vm, &alone, 1, 0);
    run.max_steps = 1;
    hsx_vm_run(vm, &run);
    hsx_vm_make_ready(vm, 1);
    run.max_steps = 2;
    hsx_vm_run(vm, &run);
    cr_expect_eq(get_reg(vm, 0, 3), 1);
    cr_expect(get_reg(vm, 1, 2) == 2 && get_reg(vm, 1, 3) == 0);
    hsx_vm_destroy(vm);
}

Test(sched, a_trap_closes_the_turn_and_the_next_one_is_whole)
{
    struct hsx_vm *vm = new_vm(2);
    LOAD(vm, 2, WORD(LDI, 1, 0, 0, 1), WORD(SVC, 0, 0, 0, 1), WORD(JMP, 0, 0, 0, 8));
    set_slice(vm, 0, 4);
    expect_turns(vm, "[0");
    struct hsx_record record = step_to(vm, HSX_STOP_SVC);
    cr_expect_eq(record.flags, 0, "neither first nor rotated");
    expect_queue(vm, "1", 0);
    cr_expect_eq(hsx_vm_make_ready(vm, 0), HSX_OK);
    expect_queue(vm, "10", 0);
    expect_turns(vm, "[1]");
    expect_turns(vm, "[0000]");
    hsx_vm_destroy(vm);
}

Test(sched, faulted_and_returned_tasks_leave_the_queue)
{
    struct hsx_vm *vm = new_vm(3);
    LOAD(vm, 3, WORD(RET, 0, 0, 0, 0));
    struct hsx_context ctx = get_context(vm, 1);
    ctx.pc = 2;
    put_context(vm, 1, &ctx);
    struct hsx_run run = {.max_steps = 10};
    hsx_vm_run(vm, &run);
    cr_expect(run.reason == HSX_STOP_RETURN && run.slot == 0 && run.retired == 0);
    hsx_vm_run(vm, &run);
    cr_expect(run.reason == HSX_STOP_FAULT && run.slot == 1 && run.retired == 0);
    hsx_vm_run(vm, &run);
    cr_expect(run.reason == HSX_STOP_RETURN && run.slot == 2);
    hsx_vm_run(vm, &run);
    cr_expect_eq(run.reason, HSX_STOP_IDLE);
    expect_queue(vm, "", 0);
    struct hsx_totals totals;
    hsx_vm_read_totals(vm, &totals);
    cr_expect(totals.order == 3 && totals.steps == 0);
    hsx_vm_destroy(vm);
}

Test(sched, a_switch_of_tasks_writes_no_data_memory)
{
    static uint8_t before[HSX_DATA_SIZE];
    struct hsx_vm *vm = new_vm(8);
    LOAD(vm, 8, WORD(JMP, 0, 0, 0, 0));
    memset(hsx_vm_data(vm), 0x5C, HSX_DATA_SIZE);
    memcpy(before, hsx_vm_data(vm), sizeof before);
    struct hsx_run run = {.max_steps = 1000};
    hsx_vm_run(vm, &run);
    cr_expect_eq(memcmp(before, hsx_vm_data(vm), sizeof before), 0);
    hsx_vm_destroy(vm);
}

Test(sched, a_tick_follows_every_tick_steps_instructions)
{
    struct hsx_vm *vm = looping(2);
    hsx_vm_set_tick_steps(vm, 4);
    struct hsx_record records[12];
    struct hsx_run run = {.max_steps = 9, .records = records, .capacity = 12};
    hsx_vm_run(vm, &run);
    cr_expect_eq(run.count, 11);
    for (size_t i = 0; i < run.count; i++)
        cr_expect_eq(records[i].event, i == 4 || i == 9 ? HSX_EV_TICK : HSX_EV_RETIRE, "%zu", i);
    const struct hsx_record tick = {.event = HSX_EV_TICK};
    cr_expect_eq(memcmp(&records[4], &tick, sizeof tick), 0, "nothing else in a tick's record");
    struct hsx_totals totals;
    hsx_vm_read_totals(vm, &totals);
    cr_expect(totals.now == 2 && totals.order == 11 && totals.steps == 9);
    hsx_vm_destroy(vm);
}

Test(sched, a_new_machine_ticks_every_thousand_instructions)
{
    struct hsx_vm *vm = NULL;
    struct hsx_totals totals;
    struct hsx_run run = {.max_steps = 2001};
    cr_assert_eq(hsx_vm_create(1, &vm), HSX_OK);
    LOAD(vm, 1, WORD(JMP, 0, 0, 0, 0));
    hsx_vm_run(vm, &run);
    hsx_vm_read_totals(vm, &totals);
    cr_expect_eq(totals.now, 2);
    hsx_vm_destroy(vm);
}

Test(sched, a_tick_due_at_the_end_of_a_run_opens_the_next_one)
{
    struct hsx_vm *vm = looping(1);
    struct hsx_totals totals;
    hsx_vm_set_tick_steps(vm, 4);
    struct hsx_run run = {.max_steps = 4};
    hsx_vm_run(vm, &run);
    hsx_vm_read_totals(vm, &totals);
    cr_expect(run.reason == HSX_STOP_STEPS && totals.now == 0 && totals.tick_due == 1);
    run.max_steps = 0;
    hsx_vm_run(vm, &run);
    hsx_vm_read_totals(vm, &totals);
    cr_expect(run.reason == HSX_STOP_STEPS && totals.now == 1 && totals.tick_due == 0);
    cr_expect_eq(totals.order, 5);
    hsx_vm_destroy(vm);
}

Test(sched, a_tick_comes_after_the_completion_of_the_svc_that_makes_it_due)
{
    struct hsx_vm *vm = new_vm(1);
    LOAD(vm, 1, WORD(LDI, 1, 0, 0, 1), WORD(SVC, 0, 0, 0, 1), WORD(JMP, 0, 0, 0, 8));
    hsx_vm_set_tick_steps(vm, 2);
    struct hsx_record records[8];
    struct hsx_run run = {.max_steps = 3, .records = records, .capacity = 8};
    hsx_vm_run(vm, &run);
    cr_expect(run.reason == HSX_STOP_SVC && run.count == 2);
    hsx_vm_count_event(vm);
    hsx_vm_make_ready(vm, 0);
    hsx_vm_run(vm, &run);
    cr_expect_eq(records[0].event, HSX_EV_TICK);
    cr_expect_eq(records[1].event, HSX_EV_RETIRE);
    struct hsx_totals totals;
    hsx_vm_read_totals(vm, &totals);
    cr_expect_eq(totals.order, 2 + 1 + 3 + 2, "steps, completion, steps, two ticks");
    hsx_vm_destroy(vm);
}

Test(sched, a_tick_that_reaches_the_alarm_stops_the_machine)
{
    struct hsx_vm *vm = looping(2);
    hsx_vm_set_tick_steps(vm, 10);
    hsx_vm_set_alarm(vm, true, 3);
    struct hsx_run run = {.max_steps = 1000};
    hsx_vm_run(vm, &run);
    cr_expect(run.reason == HSX_STOP_ALARM && run.retired == 30);
    hsx_vm_run(vm, &run);
    cr_expect(run.reason == HSX_STOP_STEPS && run.retired == 1000);
    hsx_vm_set_alarm(vm, false, 104);
    hsx_vm_run(vm, &run);
    cr_expect_eq(run.reason, HSX_STOP_STEPS);
    hsx_vm_jump_to(vm, 0xFFFFFFFF);
    hsx_vm_set_alarm(vm, true, 0);
    hsx_vm_run(vm, &run);
    cr_expect_eq(run.reason, HSX_STOP_ALARM, "time wraps");
    hsx_vm_destroy(vm);
}

Test(sched, the_tick_reaches_tasks_that_only_wait)
{
    struct hsx_vm *vm = looping(1);
    struct hsx_totals totals;
    hsx_vm_set_tick_steps(vm, 5);
    hsx_vm_set_alarm(vm, true, 1);
    struct hsx_run run = {.max_steps = 5};
    hsx_vm_run(vm, &run);
    hsx_vm_write_queue(vm, NULL, 0, 0);
    hsx_vm_run(vm, &run);
    cr_expect_eq(run.reason, HSX_STOP_ALARM, "the tick that is due comes before idleness");
    hsx_vm_run(vm, &run);
    cr_expect_eq(run.reason, HSX_STOP_IDLE);
    hsx_vm_jump_to(vm, 50);
    hsx_vm_read_totals(vm, &totals);
    cr_expect(totals.now == 50 && totals.order == 7);
    hsx_vm_destroy(vm);
}

Test(sched, a_full_record_buffer_stops_and_loses_nothing)
{
    struct hsx_vm *vm = looping(3);
    struct hsx_vm *whole = looping(3);
    struct hsx_record part[4], all[64];
    uint64_t cycles[4];
    size_t at = 0;
    hsx_vm_set_tick_steps(vm, 7);
    hsx_vm_set_tick_steps(whole, 7);
    struct hsx_run run = {.max_steps = 50, .records = all, .capacity = 64};
    hsx_vm_run(whole, &run);
    size_t count = run.count;
    run = (struct hsx_run){.max_steps = 50, .records = part, .cycles = cycles, .capacity = 4};
    uint64_t steps = 0;
    do {
        hsx_vm_run(vm, &run);
        cr_assert_leq(at + run.count, count);
        cr_expect_eq(memcmp(part, all + at, run.count * sizeof part[0]), 0, "from %zu", at);
        for (size_t i = 0; i < run.count; i++) {
            steps += part[i].event == HSX_EV_RETIRE;
            cr_expect_eq(cycles[i], steps);
        }
        at += run.count;
        run.max_steps -= run.retired;
    } while (run.reason == HSX_STOP_RECORDS);
    cr_expect_eq(run.reason, HSX_STOP_STEPS);
    cr_expect_eq(at, count);
    hsx_vm_destroy(vm);
    hsx_vm_destroy(whole);
}

Test(sched, totals_continue_from_what_is_written)
{
    struct hsx_vm *vm = looping(1);
    struct hsx_totals totals = {.order = 100, .steps = 1003, .now = 9};
    hsx_vm_set_tick_steps(vm, 4);
    cr_expect_eq(hsx_vm_write_totals(vm, &totals), HSX_OK);
    struct hsx_record records[4];
    struct hsx_run run = {.max_steps = 2, .records = records, .capacity = 4};
    hsx_vm_run(vm, &run);
    cr_expect_eq(records[1].event, HSX_EV_TICK, "after step 1004");
    hsx_vm_read_totals(vm, &totals);
    cr_expect(totals.order == 103 && totals.steps == 1005 && totals.now == 10 &&
              totals.cycles == 1005);
    totals.tick_due = 1;
    hsx_vm_write_totals(vm, &totals);
    hsx_vm_run(vm, &run);
    cr_expect_eq(records[0].event, HSX_EV_TICK);
    hsx_vm_destroy(vm);
}

Test(sched, the_queue_takes_every_context)
{
    struct hsx_vm *vm = new_vm(HSX_MAX_CONTEXTS);
    const uint32_t loop = WORD(JMP, 0, 0, 0, 0);
    uint8_t order[HSX_MAX_CONTEXTS];
    hsx_vm_write_code(vm, 0, &loop, 1);
    for (unsigned slot = 0; slot < HSX_MAX_CONTEXTS; slot++) {
        struct hsx_context ctx = fresh_context(0, 4);
        ctx.reg_base = (uint16_t)(HSX_WINDOW_START + HSX_WINDOW_SIZE * slot);
        put_context(vm, (uint8_t)slot, &ctx);
        order[slot] = (uint8_t)(HSX_MAX_CONTEXTS - 1 - slot);
    }
    cr_assert_eq(hsx_vm_write_queue(vm, order, HSX_MAX_CONTEXTS, 0), HSX_OK);
    static struct hsx_record records[1000];
    struct hsx_run run = {.max_steps = 1000, .records = records, .capacity = 1000};
    hsx_vm_run(vm, &run);
    for (size_t i = 0; i < 1000; i++)
        cr_assert_eq(records[i].slot, order[i % HSX_MAX_CONTEXTS], "record %zu", i);
    hsx_vm_destroy(vm);
}

Test(sched, many_machines_do_not_disturb_each_other)
{
    enum { MACHINES = 50 };
    struct hsx_vm *vms[MACHINES];
    for (unsigned i = 0; i < MACHINES; i++)
        vms[i] = looping(1 + i % LOOP_TASKS);
    for (unsigned round = 0; round < 10; round++) {
        for (unsigned i = 0; i < MACHINES; i++) {
            struct hsx_run run = {.max_steps = 2 * (i + 1) * (1 + i % LOOP_TASKS)};
            hsx_vm_run(vms[i], &run);
        }
    }
    for (unsigned i = 0; i < MACHINES; i++) {
        for (uint8_t slot = 0; slot < 1 + i % LOOP_TASKS; slot++)
            cr_expect_eq(get_reg(vms[i], slot, 1), 10 * (i + 1));
        hsx_vm_destroy(vms[i]);
    }
}

Test(ticks, come_every_1000_steps_unless_told_otherwise)
{
    struct hsx_vm *vm = NULL;
    struct hsx_totals totals;
    cr_assert_eq(hsx_vm_create(1, &vm), HSX_OK);
    LOAD(vm, 1, WORD(JMP, 0, 0, 0, 0));
    for (unsigned i = 0; i < 3; i++) {
        struct hsx_run run = {.max_steps = i == 1 ? 1 : 999};
        cr_assert_eq(hsx_vm_run(vm, &run), HSX_OK);
        hsx_vm_read_totals(vm, &totals);
        cr_expect_eq(totals.now, i == 2, "a tick that is due waits for the next run");
        cr_expect_eq(totals.tick_due, i == 1);
    }
    hsx_vm_destroy(vm);
}

/* Longer than any number of instructions that a part of the VM holds in 16 bits. */
Test(sched, a_long_stretch_retires_exactly_its_instructions)
{
    enum { ROUNDS = 100000 };
    for (unsigned tasks = 1; tasks <= 2; tasks++) {
        struct hsx_vm *vm = new_vm(2);
        struct hsx_run run = {.max_steps = 4ull * ROUNDS * tasks};
        LOAD(vm, tasks, WORD(ADD, 1, 1, 2, 0), WORD(NOT, 3, 3, 0, 0), WORD(XOR, 4, 4, 1, 0),
             WORD(JMP, 0, 0, 0, 0));
        for (uint8_t slot = 0; slot < tasks; slot++)
            put_reg(vm, slot, 2, 1);
        cr_assert_eq(hsx_vm_run(vm, &run), HSX_OK);
        cr_expect_eq(run.retired, run.max_steps);
        for (uint8_t slot = 0; slot < tasks; slot++) {
            cr_expect_eq(get_reg(vm, slot, 1), ROUNDS, "%u tasks: %u rounds", tasks,
                         (unsigned)get_reg(vm, slot, 1));
            cr_expect_eq(get_context(vm, slot).pc, 0);
        }
        hsx_vm_destroy(vm);
    }
}
