// SPDX-License-Identifier: Apache-2.0
/* The RTL target by itself: the requirements of <hsx/target.h> on any target. */
#include "tasks.h"
#include <criterion/criterion.h>
#include <string.h>

static const uint32_t endless[] = {WORD(ADD, 1, 1, 2, 0), WORD(JMP, 0, 0, 0, 0)};

Test(rtl_target, memory_is_zero_at_first_and_after_a_reset)
{
    struct hsx_target *t = tasks_core(NULL);
    static uint8_t bytes[HSX_DATA_SIZE];
    static const uint8_t zeros[HSX_DATA_SIZE];
    uint32_t word = 1;

    memset(bytes, 0xA5, sizeof bytes);
    cr_assert_eq(t->ops->write_data(t, 0, bytes, sizeof bytes), HSX_OK);
    cr_assert_eq(t->ops->write_code(t, 0xFFFC, &word, 1), HSX_OK);
    cr_assert_eq(hsx_target_rtl_reset(t), HSX_OK);
    cr_assert_eq(t->ops->read_data(t, 0, bytes, sizeof bytes), HSX_OK);
    cr_expect_eq(memcmp(bytes, zeros, sizeof bytes), 0);
    cr_assert_eq(t->ops->read_code(t, 0xFFFC, &word, 1), HSX_OK);
    cr_expect_eq(word, 0);
    t->ops->destroy(t);
}

/* Small accesses use the bus, large ones bypass it: both must agree, at every alignment
 * and at both ends of the windows. */
Test(rtl_target, bytes_come_back_whatever_the_way)
{
    static const uint32_t places[] = {0x0FE1, 0x13F3, 0x3FFE, 0x4000, 0x0000, 0xFC00};
    struct hsx_target *t = tasks_core(NULL);
    uint8_t wrote[700];
    uint8_t read[700];

    for (size_t i = 0; i < sizeof wrote; i++) {
        wrote[i] = (uint8_t)(37 * i + 11);
    }
    for (size_t p = 0; p < sizeof places / sizeof places[0]; p++) {
        cr_assert_eq(t->ops->write_data(t, places[p], wrote, sizeof wrote), HSX_OK);
        for (size_t i = 0; i < sizeof wrote; i += 7) {
            cr_assert_eq(t->ops->read_data(t, places[p] + (uint32_t)i, read, 7), HSX_OK);
            cr_assert_eq(memcmp(read, wrote + i, 7), 0, "at 0x%04X + %zu", (unsigned)places[p], i);
        }
        memset(read, 0, sizeof read);
        for (size_t i = 0; i < sizeof wrote; i += 5) {
            cr_assert_eq(t->ops->write_data(t, places[p] + (uint32_t)i, wrote + i, 5), HSX_OK);
        }
        cr_assert_eq(t->ops->read_data(t, places[p], read, sizeof read), HSX_OK);
        cr_expect_eq(memcmp(read, wrote, sizeof read), 0, "at 0x%04X", (unsigned)places[p]);
    }
    t->ops->destroy(t);
}

Test(rtl_target, refuses_what_lies_outside)
{
    struct hsx_target *t = tasks_core(NULL);
    static const struct hsx_context bad[] = {
        {.reg_base = 0x1004},  {.code_base = 2}, {.code_base = 0xFFFC, .code_len = 8},
        {.code_len = 0x10001}, {.data_base = 2}, {.data_len = 0xC001},
        {.psw = 16},           {.flags = 4},     {.state = 10}};
    struct hsx_context ctx = {0};
    uint8_t slot = 16;
    uint8_t byte = 0;
    uint32_t word = 0;

    cr_expect_eq(t->ops->read_data(t, 0x10000, &byte, 1), HSX_ERR_ARGUMENT);
    cr_expect_eq(t->ops->write_data(t, 0xFFFF, &word, 2), HSX_ERR_ARGUMENT);
    cr_expect_eq(t->ops->read_code(t, 2, &word, 1), HSX_ERR_ARGUMENT);
    cr_expect_eq(t->ops->write_code(t, 0x10000, &word, 1), HSX_ERR_ARGUMENT);
    cr_expect_eq(t->ops->read_context(t, slot, &ctx), HSX_ERR_ARGUMENT);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_expect_eq(t->ops->write_context(t, 0, &bad[i]), HSX_ERR_ARGUMENT, "context %zu", i);
    }
    cr_expect_eq(t->ops->make_ready(t, slot), HSX_ERR_ARGUMENT);
    cr_expect_eq(t->ops->write_queue(t, &slot, 1, 0), HSX_ERR_ARGUMENT);
    t->ops->destroy(t);
}

Test(rtl_target, contexts_and_queue_come_back)
{
    struct hsx_target *t = tasks_core(NULL);
    const struct hsx_context wrote = {.pc = 0x1234,
                                      .sp = 0xBEEC,
                                      .reg_base = 0x1140,
                                      .stack_limit = 0xA000,
                                      .stack_top = 0xC004,
                                      .code_base = 0x5A5C,
                                      .data_base = 0x8004,
                                      .call_depth = 0xFFFF,
                                      .code_len = 0xA5A4,
                                      .data_len = 0xC000,
                                      .psw = 0xA,
                                      .slice = 255,
                                      .flags = 3,
                                      .state = HSX_WAIT_MBX};
    const uint8_t order[] = {5, 0, 15, 3};
    struct hsx_context read;
    uint8_t slots[16];
    size_t count = 0;
    uint8_t left = 0;

    cr_assert_eq(t->ops->write_context(t, 5, &wrote), HSX_OK);
    cr_assert_eq(t->ops->read_context(t, 5, &read), HSX_OK);
    cr_expect_eq(memcmp(&read, &wrote, sizeof read), 0);
    cr_assert_eq(t->ops->set_state(t, 5, HSX_PAUSED), HSX_OK);
    cr_assert_eq(t->ops->read_context(t, 5, &read), HSX_OK);
    cr_expect_eq(read.state, HSX_PAUSED);

    cr_assert_eq(t->ops->write_queue(t, order, sizeof order, 7), HSX_OK);
    for (int again = 0; again < 2; again++) {
        cr_assert_eq(t->ops->read_queue(t, slots, sizeof slots, &count, &left), HSX_OK);
        cr_assert_eq(count, sizeof order);
        cr_expect_eq(memcmp(slots, order, sizeof order), 0);
        cr_expect_eq(left, 7);
    }
    cr_assert_eq(t->ops->write_queue(t, order, 0, 0), HSX_OK);
    cr_assert_eq(t->ops->read_queue(t, slots, sizeof slots, &count, &left), HSX_OK);
    cr_expect_eq(count, 0);
    t->ops->destroy(t);
}

Test(rtl_target, steps_stop_exactly_whatever_the_buffer)
{
    for (size_t capacity = 1; capacity <= 9; capacity += 4) {
        struct hsx_target *t = tasks_core(NULL);
        struct hsx_record records[9];
        struct hsx_totals totals;
        uint64_t left = 50;
        uint64_t records_taken = 0;

        tasks_start(t, 0, endless, 2);
        tasks_start(t, 1, endless, 2);
        while (left > 0) {
            struct hsx_run run = {.max_steps = left, .records = records, .capacity = capacity};

            cr_assert_eq(t->ops->run(t, &run), HSX_OK);
            cr_assert_eq(run.reason, run.retired == left ? HSX_STOP_STEPS : HSX_STOP_RECORDS);
            for (size_t i = 0; i < run.count; i++) {
                cr_assert_eq(records[i].slot, (records_taken + i) % 2);
            }
            records_taken += run.count;
            left -= run.retired;
        }
        cr_assert_eq(t->ops->read_totals(t, &totals), HSX_OK);
        cr_expect_eq(totals.steps, 50);
        cr_expect_eq(totals.order, 50);
        cr_expect_eq(records_taken, 50);
        t->ops->destroy(t);
    }
}

Test(rtl_target, a_running_core_is_not_touched)
{
    struct hsx_target *t = tasks_core(NULL);
    struct hsx_record record;
    struct hsx_run run = {.max_steps = 10, .records = &record, .capacity = 1};
    uint8_t byte;

    tasks_start(t, 0, endless, 2);
    cr_assert_eq(t->ops->run(t, &run), HSX_OK);
    cr_assert_eq(run.reason, HSX_STOP_RECORDS);
    cr_expect_eq(t->ops->read_data(t, 0, &byte, 1), HSX_ERR_STATE);
    cr_expect_eq(t->ops->make_ready(t, 1), HSX_ERR_STATE);
    cr_expect_eq(t->ops->count_event(t), HSX_ERR_STATE);
    cr_expect_eq(t->ops->set_alarm(t, true, 1), HSX_ERR_STATE);
    t->ops->destroy(t);
}

Test(rtl_target, stops_name_their_cause)
{
    static const uint32_t svc[] = {WORD(SVC, 0, 0, 0, 0x123)};
    static const uint32_t brk[] = {WORD(BRK, 0, 0, 0, 1)};
    static const uint32_t bad[] = {WORD(POP, 1, 0, 0, 0)};
    static const uint32_t ret[] = {WORD(RET, 0, 0, 0, 0)};
    static const struct {
        const uint32_t *words;
        enum hsx_stop reason;
        enum hsx_state state;
    } cases[] = {{svc, HSX_STOP_SVC, HSX_TRAPPED},
                 {brk, HSX_STOP_BRK, HSX_PAUSED},
                 {bad, HSX_STOP_FAULT, HSX_FAULTED},
                 {ret, HSX_STOP_RETURN, HSX_RETURNED}};
    struct hsx_target *t = tasks_core(NULL);
    struct hsx_run run = {.max_steps = 100};

    for (uint8_t slot = 0; slot < 4; slot++) {
        tasks_start(t, slot, cases[slot].words, 1);
    }
    for (uint8_t slot = 0; slot < 4; slot++) {
        struct hsx_context ctx;

        cr_assert_eq(t->ops->run(t, &run), HSX_OK);
        cr_expect_eq(run.reason, cases[slot].reason);
        cr_expect_eq(run.slot, slot);
        cr_assert_eq(t->ops->read_context(t, slot, &ctx), HSX_OK);
        cr_expect_eq(ctx.state, cases[slot].state);
    }
    cr_assert_eq(t->ops->run(t, &run), HSX_OK);
    cr_expect_eq(run.reason, HSX_STOP_IDLE);
    t->ops->destroy(t);
}

/* Opcodes that look like LDI32 in some of their bits have no second word. */
/* A task's result waits behind another task's unaligned load until the task's next instruction is
 * there. That one takes each operand from its own register, and from none whose number is like it.
 */
Test(rtl_target, slow_accesses_do_not_mix_up_registers)
{
    enum { TASKS = 5 };

    for (uint32_t rd = 0; rd < HSX_REGISTERS - 2; rd++) {
        for (uint32_t bit = 0; bit < 5; bit++) {
            uint32_t rs = (rd ^ 1u << bit) % HSX_REGISTERS; /* at last rd itself */
            const uint32_t adds[] = {WORD(ADD, rd, 14, 14, 0), WORD(ADD, 14, rs, 15, 0),
                                     WORD(JMP, 0, 0, 0, 0)};
            const uint32_t loads[] = {WORD(LD, 2, 1, 0, 1), WORD(JMP, 0, 0, 0, 0)};
            struct hsx_target *t = tasks_core(NULL);
            struct hsx_run run = {.max_steps = 6 * TASKS};
            uint32_t registers[HSX_REGISTERS], got[HSX_REGISTERS];

            for (uint32_t i = 0; i < HSX_REGISTERS; i++) {
                registers[i] = UINT32_C(0x01010101) * (i + 1);
            }
            cr_assert_eq(t->ops->write_data(t, HSX_WINDOW_START, registers, sizeof registers),
                         HSX_OK);
            tasks_start(t, 0, adds, 3);
            for (uint8_t slot = 1; slot < TASKS; slot++) {
                tasks_start(t, slot, loads, 2);
            }
            cr_assert_eq(t->ops->run(t, &run), HSX_OK);
            for (unsigned i = 0; i < 2; i++) {
                registers[rd] = 2 * registers[14];
                registers[14] = registers[rs] + registers[15];
            }
            cr_assert_eq(t->ops->read_data(t, HSX_WINDOW_START, got, sizeof got), HSX_OK);
            cr_expect_eq(memcmp(got, registers, sizeof got), 0, "R%u, then R%u", (unsigned)rd,
                         (unsigned)rs);
            t->ops->destroy(t);
        }
    }
}

Test(rtl_target, an_unknown_opcode_at_the_end_of_the_code_is_illegal)
{
    struct hsx_target *t = tasks_core(NULL);

    for (uint32_t opcode = 0; opcode < 256; opcode++) {
        const uint32_t word = opcode << 24;
        struct hsx_run run = {.max_steps = 1};
        uint8_t code[4];

        if (hsx_insn_table[opcode].name != NULL) {
            continue;
        }
        tasks_start(t, 3, &word, 1);
        cr_assert_eq(t->ops->run(t, &run), HSX_OK);
        cr_expect_eq(run.reason, HSX_STOP_FAULT);
        cr_assert_eq(t->ops->read_data(t, HSX_WINDOW_START + 3 * HSX_WINDOW_SIZE, code, 4), HSX_OK);
        cr_expect_eq(code[0], HSX_FAULT_ILLEGAL_OPCODE & 0xFF, "opcode 0x%02X", (unsigned)opcode);
    }
    t->ops->destroy(t);
}

Test(rtl_target, ticks_and_alarm_follow_the_totals)
{
    struct hsx_target *t = tasks_core(NULL);
    struct hsx_totals totals = {
        .order = 0xFFFFFFFFFull, .steps = 0x1FFFFFFF8ull, .now = 0xFFFFFFFF};
    struct hsx_run run = {.max_steps = 100};

    tasks_start(t, 0, endless, 2);
    cr_assert_eq(t->ops->set_tick_steps(t, 16), HSX_OK);
    cr_assert_eq(t->ops->write_totals(t, &totals), HSX_OK);
    cr_assert_eq(t->ops->set_alarm(t, true, 1), HSX_OK);
    cr_assert_eq(t->ops->run(t, &run), HSX_OK);
    cr_expect_eq(run.reason, HSX_STOP_ALARM);
    cr_expect_eq(run.retired, 24, "8 steps to the first tick, 16 to the second");
    cr_assert_eq(t->ops->read_totals(t, &totals), HSX_OK);
    cr_expect_eq(totals.now, 1, "time wraps");
    cr_expect_eq(totals.steps, 0x200000010ull, "32-bit counters go on in 64");
    cr_expect_eq(totals.order, 0xFFFFFFFFFull + 24 + 2);
    t->ops->destroy(t);
}

Test(rtl_target, events_of_the_executive_have_numbers)
{
    struct hsx_target *t = tasks_core(NULL);
    struct hsx_totals totals;

    cr_assert_eq(t->ops->count_event(t), HSX_OK);
    cr_assert_eq(t->ops->jump_to(t, 77), HSX_OK);
    cr_assert_eq(t->ops->read_totals(t, &totals), HSX_OK);
    cr_expect_eq(totals.order, 2);
    cr_expect_eq(totals.now, 77);
    cr_expect_eq(totals.steps, 0);
    t->ops->destroy(t);
}
