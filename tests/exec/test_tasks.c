// SPDX-License-Identifier: Apache-2.0
/* Windows, stacks, turns, faults and system calls of tasks under the executive. */
#include "fixture.h"
#include <criterion/criterion.h>
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

TestSuite(tasks, .init = open_vm, .fini = close_all);

static const char *const spin = ".text\n.entry\nloop:\nADD R1, R1, R2\nJMP loop\n";

Test(tasks, the_first_two_have_distinct_bases)
{
    struct hsx_context one = fx_task(&fx, fx_load(&fx, spin)).ctx;
    struct hsx_context two = fx_task(&fx, fx_load(&fx, spin)).ctx;

    cr_assert_eq(one.reg_base, 0x1000);
    cr_assert_eq(one.stack_limit, 0xF000);
    cr_assert_eq(one.stack_top, 0xFFFC);
    cr_assert_eq(one.sp, 0xFFFC);
    cr_assert_eq(two.reg_base, 0x1040);
    cr_assert_eq(two.stack_limit, 0xE000);
    cr_assert_eq(two.stack_top, 0xF000);
    cr_assert_eq(two.sp, 0xF000);
}

Test(tasks, a_fresh_task_is_all_zero_even_where_another_was)
{
    uint32_t a = fx_load(&fx, ".text\n.entry\nLDI R0, 5\nLDI R9, 9\nPUSH R9\nLDI R15, 3\nRET\n");
    uint32_t b;

    fx_run(&fx, 10);
    cr_assert_eq(fx_word(&fx, 0xFFF8), 9);
    cr_assert_eq(hsx_exec_kill(fx.exec, a), HSX_OK);
    b = fx_load(&fx, spin);
    cr_assert_eq(fx_task(&fx, b).ctx.reg_base, 0x1000);
    for (unsigned i = 0; i < 16; i++) {
        cr_assert_eq(fx_reg(&fx, b, i), 0, "R%u", i);
    }
    cr_assert_eq(fx_word(&fx, 0xFFF8), 0, "the stack arena is zeroed");
    cr_assert_eq(fx_task(&fx, b).ctx.psw, 0);
}

Test(tasks, registers_are_isolated)
{
    uint32_t a = fx_load(&fx, ".text\n.entry\nLDI R1, 11\nLDI R2, 12\nloop: JMP loop\n");
    uint32_t b = fx_load(&fx, ".text\n.entry\nLDI R1, 21\nLDI R2, 22\nloop: JMP loop\n");

    fx_run(&fx, 100);
    cr_assert_eq(fx_reg(&fx, a, 1), 11);
    cr_assert_eq(fx_reg(&fx, a, 2), 12);
    cr_assert_eq(fx_reg(&fx, b, 1), 21);
    cr_assert_eq(fx_reg(&fx, b, 2), 22);
}

Test(tasks, three_tasks_and_nine_steps_give_three_each)
{
    uint32_t pid[3];

    for (unsigned i = 0; i < 3; i++) {
        pid[i] = fx_load(&fx, spin);
    }
    cr_assert_eq(fx_run(&fx, 9), HSX_RUN_STEPS);
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(fx_task(&fx, pid[i]).counters.steps, 3);
        cr_assert_eq(fx_task(&fx, pid[i]).counters.turns, 3);
    }
}

Test(tasks, stack_overflow_halts_one_and_the_others_go_on)
{
    uint32_t a = fx_load(&fx, ".text\n.entry\nloop:\nPUSH R1\nJMP loop\n");
    uint32_t b = fx_load(&fx, ".text\n.entry\nLDI R1, 1\nloop:\nADD R2, R2, R1\nJMP loop\n");
    struct hsx_task_info info;

    cr_assert_eq(fx_run(&fx, 10000), HSX_RUN_STEPS);
    info = fx_task(&fx, a);
    cr_assert_eq(info.ctx.state, HSX_FAULTED);
    cr_assert_eq(fx_reg(&fx, a, 0), HSX_FAULT_STACK_OVERFLOW);
    cr_assert_eq(info.fault, HSX_FAULT_STACK_OVERFLOW);
    cr_assert_eq(info.counters.faults, 1);
    cr_assert_eq(info.counters.ends, 1);
    cr_assert_eq(info.stack_used_max, 0xFFC);
    cr_assert_eq(info.counters.steps, 2 * 1023);
    cr_assert_eq(fx_task(&fx, b).counters.steps, 10000 - 2 * 1023);
    cr_assert_gt(fx_reg(&fx, b, 2), 3000u);
}

Test(tasks, push_on_a_fresh_stack_works)
{
    uint32_t a = fx_load(&fx, ".text\n.entry\nLDI R1, 77\nPUSH R1\nPOP R0\nRET\n");

    cr_assert_eq(fx_run(&fx, 100), HSX_RUN_ENDED);
    cr_assert_eq(fx_task(&fx, a).ctx.state, HSX_RETURNED);
    cr_assert_eq(fx_task(&fx, a).exit_status, 77);
}

Test(tasks, svc_resumes_at_the_next_instruction_with_sp_and_psw_intact)
{
    uint32_t a = fx_load(&fx, ".text\n.entry\nLDI R1, 1\nPUSH R1\nCMP R1, R1\nSVC 0x000\n"
                              "loop: JMP loop\n");
    struct hsx_context before, after;

    fx_run(&fx, 3);
    before = fx_task(&fx, a).ctx;
    cr_assert_eq(before.psw, HSX_PSW_Z | HSX_PSW_C);
    fx_run(&fx, 1);
    after = fx_task(&fx, a).ctx;
    cr_assert_eq(fx_reg(&fx, a, 0), 3, "steps before this SVC");
    cr_assert_eq(after.pc, before.pc + 4);
    cr_assert_eq(after.sp, before.sp);
    cr_assert_eq(after.psw, before.psw);
    cr_assert_eq(after.state, HSX_READY);
    cr_assert_eq(fx_task(&fx, a).counters.traps, 1);
}

Test(tasks, a_switch_writes_no_data_memory)
{
    static const char *const jump = ".text\n.entry\nloop: JMP loop\n";
    uint8_t before[HSX_DATA_SIZE], after[HSX_DATA_SIZE];

    for (unsigned i = 0; i < 8; i++) {
        fx_load(&fx, jump);
    }
    fx_read(&fx, 0, before, sizeof before);
    fx_run(&fx, 4321);
    fx_read(&fx, 0, after, sizeof after);
    cr_assert_arr_eq(before, after, sizeof before);
}

/* Which bytes of memory differ, other than [skip, skip + len). */
static unsigned differences(const uint8_t *a, const uint8_t *b, uint32_t skip, uint32_t len)
{
    unsigned count = 0;

    for (uint32_t i = 0; i < HSX_DATA_SIZE; i++) {
        count += a[i] != b[i] && (i < skip || i >= skip + len);
    }
    return count;
}

Test(tasks, a_receiver_is_woken_in_place_and_nothing_else_is_written)
{
    uint32_t receiver = fx_load(&fx, ".text\n.entry\nLDI32 R1, name\nSVC 0x500\nLDI32 R2, buf\n"
                                     "LDI R3, 16\nLDI R4, -1\nSVC 0x503\nloop: JMP loop\n"
                                     ".data\nname: .asciz \"app:x\"\nbuf: .zero 16\n");
    uint32_t sender = fx_load(&fx, ".text\n.entry\nLDI32 R1, name\nSVC 0x500\nLDI32 R2, text\n"
                                   "LDI R3, 3\nLDI R4, 0\nLDI R5, 9\nloop: SVC 0x502\nJMP loop\n"
                                   ".data\nname: .asciz \"app:x\"\ntext: .ascii \"abc\"\n");
    static uint8_t before[HSX_DATA_SIZE], after[HSX_DATA_SIZE];
    struct hsx_context waiting;
    uint32_t buffer;

    for (unsigned i = 0;
         fx_state(&fx, receiver) != HSX_WAIT_MBX || fx_task(&fx, sender).ctx.pc != 32; i++) {
        cr_assert_lt(i, 100u);
        cr_assert_eq(fx_run(&fx, 1), HSX_RUN_STEPS);
    }
    waiting = fx_task(&fx, receiver).ctx;
    fx_read(&fx, 0, before, sizeof before);
    fx_run(&fx, 1); /* the SEND */
    fx_read(&fx, 0, after, sizeof after);
    cr_assert_eq(fx_reg(&fx, receiver, 0), 0);
    cr_assert_eq(fx_reg(&fx, receiver, 1), 3);
    cr_assert_eq(fx_reg(&fx, receiver, 2), 0);
    cr_assert_eq(fx_reg(&fx, receiver, 3), 9);
    cr_assert_eq(fx_reg(&fx, receiver, 4), sender);
    cr_assert_eq(fx_state(&fx, receiver), HSX_READY);
    cr_assert_eq(fx_task(&fx, receiver).ctx.pc, waiting.pc);
    cr_assert_eq(fx_task(&fx, receiver).ctx.sp, waiting.sp);
    buffer = fx_task(&fx, receiver).ctx.data_base + 6;
    cr_assert_arr_eq(after + buffer, "abc", 3);
    /* In addition to R0..R4 and three bytes: the sender's R0 and R1. */
    memcpy(after + buffer, before + buffer, 3);
    memcpy(after + 0x1040, before + 0x1040, 8);
    cr_assert_eq(differences(before, after, 0x1000, 20), 0);
}

Test(tasks, the_woken_task_comes_before_the_one_that_woke_it)
{
    uint32_t receiver = fx_load(&fx, ".text\n.entry\nLDI R1, 1\nLDI32 R2, 0x4000\nLDI R3, 4\n"
                                     "LDI R4, -1\nSVC 0x503\nloop: JMP loop\n.data\n.zero 4\n");
    uint32_t sender = fx_load(&fx, ".text\n.entry\nLDI32 R1, name\nSVC 0x500\nLDI32 R2, name\n"
                                   "LDI R3, 1\nloop: SVC 0x502\nJMP loop\n"
                                   ".data\nname: .asciz \"svc:stdio.in@1\"\n");
    uint8_t slots[16];
    uint8_t turn_left;
    size_t count;

    for (unsigned i = 0; fx_task(&fx, receiver).counters.wakes == 0; i++) {
        cr_assert_lt(i, 100u);
        cr_assert_eq(fx_run(&fx, 1), HSX_RUN_STEPS);
    }
    cr_assert_eq(fx.target->ops->read_queue(fx.target, slots, 16, &count, &turn_left), HSX_OK);
    cr_assert_eq(count, 2);
    cr_assert_eq(slots[0], fx_task(&fx, receiver).slot);
    cr_assert_eq(slots[1], fx_task(&fx, sender).slot);
}

Test(tasks, exit_uart_can_and_unknown_calls)
{
    uint32_t a = fx_load(&fx, ".text\n.entry\nLDI32 R1, text\nLDI R2, 3\nSVC 0x101\nMOV R8, R0\n"
                              "LDI32 R1, 0xF123\nLDI32 R2, text\nLDI R3, 8\nSVC 0x200\nMOV R9, R0\n"
                              "LDI R3, 9\nSVC 0x200\nMOV R10, R0\nSVC 0x7FF\nMOV R11, R0\n"
                              "LDI32 R1, 0x9000\nLDI R2, 4\nSVC 0x101\nMOV R12, R0\n"
                              "LDI32 R1, 0x9000\nLDI R2, 0\nSVC 0x101\nMOV R13, R0\n"
                              "LDI R0, -2\nSVC 0x100\nLDI R0, 1\n"
                              ".data\ntext: .ascii \"hi\\n56789\"\n");

    cr_assert_eq(fx_run(&fx, 1000), HSX_RUN_ENDED);
    cr_assert_str_eq(fx.said, "hi\n");
    cr_assert_eq(fx_reg(&fx, a, 8), 3);
    cr_assert_eq(fx.can_count, 1);
    cr_assert_eq(fx.can_id, 0x123);
    cr_assert_eq(fx.can_len, 8);
    cr_assert_arr_eq(fx.can_bytes, "hi\n56789", 8);
    cr_assert_eq(fx_reg(&fx, a, 9), 0);
    cr_assert_eq(fx_reg(&fx, a, 10), 0xFFFFFFFF);
    cr_assert_eq(fx_reg(&fx, a, 11), HSX_ENOSYS);
    cr_assert_eq(fx_reg(&fx, a, 12), HSX_FAULT_MEM, "a bad pointer is an answer, no fault");
    cr_assert_eq(fx_reg(&fx, a, 13), 0, "length 0 passes");
    cr_assert_eq(fx_state(&fx, a), HSX_EXITED);
    cr_assert_eq(fx_task(&fx, a).exit_status, 0xFFFFFFFE);
}

Test(tasks, protection_can_be_left_out)
{
    static const char *const poke = ".text\n.entry\nLDI32 R1, 0x8000\nST [R1], R1\nRET\n";
    struct hsx_exec_config config;
    uint32_t a = fx_load(&fx, poke);

    fx_run(&fx, 100);
    cr_assert_eq(fx_task(&fx, a).fault, HSX_FAULT_MEM);
    fx_close(&fx);
    hsx_exec_config_init(&config);
    config.protect = false;
    fx_open(&fx, &config, 16);
    a = fx_load(&fx, poke);
    fx_run(&fx, 100);
    cr_assert_eq(fx_state(&fx, a), HSX_RETURNED);
    cr_assert_eq(fx_word(&fx, 0x8000), 0x8000);
}

/* CALL with a label in the image's own unit, and in the other one. */
Test(tasks, call_offsets_follow_the_version_or_the_configuration)
{
    static const char *const source = ".text\n.entry\nCALL f\nRET\n.org 0x40\nf: LDI R0, 9\nRET\n";
    static const struct {
        unsigned version;
        enum hsx_call_mode mode;
        bool words;
    } cases[] = {{1, HSX_CALLS_BY_VERSION, false},
                 {2, HSX_CALLS_BY_VERSION, true},
                 {1, HSX_CALLS_WORD, true},
                 {2, HSX_CALLS_BYTE, false}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct fx_image image = {source, cases[i].version,
                                       cases[i].version == 2 ? "call" : NULL};
        struct hsx_exec_config config;
        struct hsx_exec_error error;
        uint32_t pid;
        size_t size;
        uint8_t *bytes = fx_assemble(&image, &size);

        fx_close(&fx);
        hsx_exec_config_init(&config);
        config.call = cases[i].mode;
        fx_open(&fx, &config, 4);
        cr_assert_eq(hsx_exec_load(fx.exec, bytes, size, NULL, &pid, &error), HSX_OK);
        cr_assert_eq((fx_task(&fx, pid).ctx.flags & HSX_CTX_CALL_WORDS) != 0, cases[i].words);
        free(bytes);
    }
}

Test(tasks, slices_run_that_many_instructions_a_turn)
{
    uint32_t a = fx_load(&fx, spin);
    uint32_t b = fx_load(&fx, spin);

    cr_assert_eq(hsx_exec_set_slice(fx.exec, a, 5), HSX_OK);
    fx_run(&fx, 3);
    cr_assert_eq(fx_state(&fx, a), HSX_RUNNING, "its turn is open");
    fx_run(&fx, 57);
    cr_assert_eq(fx_task(&fx, a).counters.steps, 50);
    cr_assert_eq(fx_task(&fx, b).counters.steps, 10);
    cr_assert_eq(fx_task(&fx, a).counters.turns, 10);
}

Test(tasks, counters_and_ring_record_what_happened)
{
    static const enum hsx_ring_event expected[] = {HSX_RING_STEP, HSX_RING_ROTATE, HSX_RING_STEP,
                                                   HSX_RING_TRAP, HSX_RING_BLOCK,  HSX_RING_WAKE,
                                                   HSX_RING_STEP, HSX_RING_ROTATE, HSX_RING_HALT};
    struct hsx_ring_entry ring[32];
    uint32_t a = fx_load(&fx, ".text\n.entry\nLDI R0, 3\nSVC 0x600\nLDI R0, 1\nRET\n");
    struct hsx_counters c;
    size_t count;

    cr_assert_eq(fx_run(&fx, 100), HSX_RUN_ENDED);
    c = fx_task(&fx, a).counters;
    cr_assert_eq(c.steps, 3);
    cr_assert_eq(c.traps, 1);
    cr_assert_eq(c.blocks, 1);
    cr_assert_eq(c.wakes, 1);
    cr_assert_eq(c.timeouts, 0);
    cr_assert_eq(c.ends, 1);
    cr_assert_eq(c.faults, 0);
    count = hsx_exec_ring(fx.exec, ring, 32);
    cr_assert_eq(count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(ring[i].event, expected[i], "entry %u is %s", (unsigned)i,
                     hsx_ring_event_name((enum hsx_ring_event)ring[i].event));
        cr_expect_eq(ring[i].pid, a);
    }
    cr_assert_eq(hsx_exec_ring(fx.exec, ring, 1), 1, "the newest ones");
    cr_assert_eq(ring[0].event, HSX_RING_HALT);
}

Test(tasks, the_ring_keeps_the_newest_of_a_long_run)
{
    static struct hsx_ring_entry ring[HSX_DEFAULT_RING + 1];
    size_t count;

    fx_load(&fx, spin);
    fx_load(&fx, spin);
    fx_run(&fx, 12345);
    count = hsx_exec_ring(fx.exec, ring, HSX_DEFAULT_RING + 1);
    cr_assert_eq(count, HSX_DEFAULT_RING);
    /* Steps and rotations of 12345 steps and 12 ticks after 2 loads. */
    cr_assert_eq(ring[count - 1].event, HSX_RING_ROTATE);
    cr_assert_eq(ring[count - 1].order, 2 + 12345 + 12 - 1);
    for (size_t i = 2; i < count; i += 2) {
        cr_assert_eq(ring[i].event, HSX_RING_STEP);
        cr_assert_leq(ring[i].order - ring[i - 2].order, 2);
        cr_assert_neq(ring[i].pid, ring[i - 2].pid);
    }
}

Test(tasks, a_far_executive_lets_others_run_meanwhile)
{
    struct hsx_exec_config config;
    uint32_t a, b;

    fx_close(&fx);
    hsx_exec_config_init(&config);
    config.trap_latency = 7;
    fx_open(&fx, &config, 4);
    a = fx_load(&fx, ".text\n.entry\nSVC 0x000\nloop: JMP loop\n");
    b = fx_load(&fx, spin);
    fx_run(&fx, 5);
    cr_assert_eq(fx_state(&fx, a), HSX_TRAPPED);
    cr_assert_eq(fx_task(&fx, b).counters.steps, 4);
    fx_run(&fx, 4);
    cr_assert_eq(fx_state(&fx, a), HSX_READY);
    cr_assert_eq(fx_task(&fx, b).counters.steps, 8, "a waits after b at the tail");
    cr_assert_eq(fx_reg(&fx, a, 0), 0, "steps before the SVC, not before its completion");
    cr_assert_eq(hsx_exec_kill(fx.exec, b), HSX_OK);
    fx_run(&fx, 10);
    cr_assert_eq(fx_task(&fx, a).counters.steps, 11);
}

Test(tasks, a_lone_trapped_task_does_not_stall)
{
    struct hsx_exec_config config;
    uint32_t a;

    fx_close(&fx);
    hsx_exec_config_init(&config);
    config.trap_latency = 1000;
    fx_open(&fx, &config, 4);
    a = fx_load(&fx, ".text\n.entry\nLDI R0, 4\nSVC 0x600\nSVC 0x999\nRET\n");
    cr_assert_eq(fx_run(&fx, 100), HSX_RUN_ENDED);
    cr_assert_eq(fx_task(&fx, a).exit_status, HSX_ENOSYS);
}

Test(tasks, an_executive_as_far_as_can_be_never_answers)
{
    struct hsx_exec_config config;
    uint32_t a;

    fx_close(&fx);
    hsx_exec_config_init(&config);
    config.trap_latency = UINT64_MAX;
    fx_open(&fx, &config, 4);
    a = fx_load(&fx, ".text\n.entry\nSVC 0x000\nloop: JMP loop\n");
    fx_load(&fx, spin);
    cr_assert_eq(fx_run(&fx, 1000), HSX_RUN_STEPS);
    cr_assert_eq(fx_state(&fx, a), HSX_TRAPPED);
}
