// SPDX-License-Identifier: Apache-2.0
/* Instructions with special rules in the contract: calls, stack and window aliasing, and
 * the departures of section 9. */
#include "support.h"

static struct hsx_vm *with_insn(uint32_t insn)
{
    struct hsx_vm *vm = new_vm(1);
    LOAD(vm, 1, insn, 0, 0, 0);
    return vm;
}

/* Executes insn with R1 = a, R2 = b, R3 = old and psw; returns its record. */
static struct hsx_record compute(uint32_t insn, uint32_t a, uint32_t b, uint32_t old, uint8_t psw)
{
    struct hsx_vm *vm = with_insn(insn);
    struct hsx_context ctx = get_context(vm, 0);
    ctx.psw = psw;
    put_context(vm, 0, &ctx);
    put_reg(vm, 0, 1, a);
    put_reg(vm, 0, 2, b);
    put_reg(vm, 0, 3, old);
    struct hsx_record record = step_to(vm, HSX_STOP_STEPS);
    cr_expect_eq(get_reg(vm, 0, 3), record.rd_value, "the window and the record agree");
    cr_expect_eq(get_context(vm, 0).psw, record.psw);
    hsx_vm_destroy(vm);
    return record;
}

Test(insn, call_at_081c_with_minus_1620_lands_on_01c8)
{
    struct hsx_vm *vm = new_vm(1);
    const uint32_t call = WORD(CALL, 0, 0, 0, -1620);
    struct hsx_context ctx = fresh_context(0, 0x1000);
    hsx_vm_write_code(vm, 0x81C, &call, 1);
    ctx.pc = 0x81C;
    put_context(vm, 0, &ctx);
    hsx_vm_make_ready(vm, 0);
    struct hsx_record record = step_to(vm, HSX_STOP_STEPS);
    cr_expect_eq(record.next_pc, 0x01C8);
    cr_expect_eq(record.mem_value, 0x820);
    cr_expect_eq(get_context(vm, 0).call_depth, 1);
    hsx_vm_destroy(vm);
}

Test(insn, call_offsets_are_bytes_or_words_and_the_target_wraps)
{
    static const struct {
        int imm;
        uint8_t flags;
        unsigned rs1;
        uint32_t base;
        uint16_t pc, target;
    } cases[] = {{8, 0, 0, 0, 0x100, 0x108},
                 {8, HSX_CTX_CALL_WORDS, 0, 0, 0x100, 0x120},
                 {-8, HSX_CTX_CALL_WORDS, 0, 0, 0x100, 0xE0},
                 {-2048, HSX_CTX_CALL_WORDS, 0, 0, 0x100, 0xE100},
                 {-0x104, 0, 0, 0, 0x100, 0xFFFC},
                 {4, 0, 1, 0x5000, 0x100, 0x5004},
                 {4, HSX_CTX_CALL_WORDS, 1, 0x5000, 0x100, 0x5010},
                 {4, 0, 1, 0x1234FFFC, 0x100, 0x0000}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hsx_vm *vm = new_vm(1);
        const uint32_t call = WORD(CALL, 0, cases[i].rs1, 0, cases[i].imm);
        struct hsx_context ctx = fresh_context(0, 0x10000);
        hsx_vm_write_code(vm, cases[i].pc, &call, 1);
        ctx.pc = cases[i].pc;
        ctx.flags = cases[i].flags;
        put_context(vm, 0, &ctx);
        put_reg(vm, 0, 1, cases[i].base);
        hsx_vm_make_ready(vm, 0);
        cr_expect_eq(step_to(vm, HSX_STOP_STEPS).next_pc, cases[i].target, "case %zu", i);
        hsx_vm_destroy(vm);
    }
}

Test(insn, push_on_a_fresh_stack_works)
{
    struct hsx_vm *vm = with_insn(WORD(PUSH, 0, 1, 0, 0));
    put_reg(vm, 0, 1, 0xCAFEF00D);
    struct hsx_record record = step_to(vm, HSX_STOP_STEPS);
    cr_expect_eq(record.sp, 0xFFF8);
    cr_expect_eq(get_word(vm, 0xFFF8), 0xCAFEF00D);
    cr_expect_eq(get_reg(vm, 0, 15), 0xFFF8);
    cr_expect_eq(record.flags & HSX_REC_R15, HSX_REC_R15);
    cr_expect_eq(record.flags & HSX_REC_RD, 0);
    cr_expect_eq(record.access, HSX_ACC_WRITE | 4);
    cr_expect_eq(record.mem_addr, 0xFFF8);
    cr_expect_eq(record.mem_value, 0xCAFEF00D);
    hsx_vm_destroy(vm);
}

Test(insn, a_store_into_the_own_window_is_seen_by_the_next_instruction)
{
    struct hsx_vm *vm = new_vm(1);
    LOAD(vm, 1, WORD(STB, 0, 1, 2, 1), WORD(MOV, 4, 3, 0, 0), WORD(LDH, 5, 1, 0, 0));
    put_reg(vm, 0, 1, 0x1000 + 4 * 3); /* R3 */
    put_reg(vm, 0, 2, 0xEE);
    put_reg(vm, 0, 3, 0x11223344);
    cr_expect_eq(step_to(vm, HSX_STOP_STEPS).flags & HSX_REC_RD, 0);
    cr_expect_eq(step_to(vm, HSX_STOP_STEPS).rd_value, 0x1122EE44);
    cr_expect_eq(step_to(vm, HSX_STOP_STEPS).rd_value, 0xEE44);
    hsx_vm_destroy(vm);
}

Test(insn, a_store_into_another_tasks_window_is_seen_by_it)
{
    struct hsx_vm *vm = new_vm(2);
    LOAD(vm, 2, WORD(ST, 0, 1, 2, 0));
    struct hsx_context other = get_context(vm, 1);
    const uint32_t add = WORD(ADD, 3, 3, 3, 0);
    hsx_vm_write_code(vm, 0x100, &add, 1);
    other.code_base = 0x100;
    put_context(vm, 1, &other);
    put_reg(vm, 0, 1, 0x1040 + 4 * 3);
    put_reg(vm, 0, 2, 21);
    struct hsx_record records[2];
    struct hsx_run run = {.max_steps = 2, .records = records, .capacity = 2};
    cr_assert_eq(hsx_vm_run(vm, &run), HSX_OK);
    cr_expect_eq(run.count, 2);
    cr_expect_eq(records[1].rd_value, 42);
    hsx_vm_destroy(vm);
}

Test(insn, r15_is_written_after_memory_and_before_rd)
{
    /* PUSH whose word is R15 of the own window */
    struct hsx_vm *vm = with_insn(WORD(PUSH, 0, 1, 0, 0));
    struct hsx_context ctx = get_context(vm, 0);
    ctx.sp = 0x1040;
    ctx.stack_limit = 0x1000;
    put_context(vm, 0, &ctx);
    put_reg(vm, 0, 1, 0xAAAAAAAA);
    struct hsx_record record = step_to(vm, HSX_STOP_STEPS);
    cr_expect_eq(get_reg(vm, 0, 15), 0x103C);
    cr_expect_eq(record.mem_value, 0xAAAAAAAA, "the stored word, not what became of it");
    hsx_vm_destroy(vm);

    /* and where they only overlap by two bytes */
    vm = with_insn(WORD(PUSH, 0, 1, 0, 0));
    ctx.sp = 0x103E;
    put_context(vm, 0, &ctx);
    put_reg(vm, 0, 1, 0xAAAABBBB);
    step_to(vm, HSX_STOP_STEPS);
    cr_expect_eq(get_reg(vm, 0, 14), 0xBBBB0000);
    cr_expect_eq(get_reg(vm, 0, 15), 0x103A);
    hsx_vm_destroy(vm);

    /* POP R15 leaves the popped word */
    vm = with_insn(WORD(POP, 15, 0, 0, 0));
    ctx = get_context(vm, 0);
    ctx.sp = 0xF800;
    put_context(vm, 0, &ctx);
    put_word(vm, 0xF800, 0x12345678);
    record = step_to(vm, HSX_STOP_STEPS);
    cr_expect_eq(get_reg(vm, 0, 15), 0x12345678);
    cr_expect_eq(get_context(vm, 0).sp, 0xF804);
    cr_expect_eq(record.rd_value, 0x12345678);
    cr_expect_eq(record.flags & (HSX_REC_RD | HSX_REC_R15), HSX_REC_RD | HSX_REC_R15);
    hsx_vm_destroy(vm);

    /* POP reads its word before R15 overwrites it */
    vm = with_insn(WORD(POP, 3, 0, 0, 0));
    ctx.sp = 0x103C;
    put_context(vm, 0, &ctx);
    put_reg(vm, 0, 15, 0x87654321);
    step_to(vm, HSX_STOP_STEPS);
    cr_expect_eq(get_reg(vm, 0, 3), 0x87654321);
    cr_expect_eq(get_reg(vm, 0, 15), 0x1040);
    hsx_vm_destroy(vm);
}

Test(insn, push_of_r15_stores_its_old_value)
{
    struct hsx_vm *vm = with_insn(WORD(PUSH, 0, 15, 0, 0));
    put_reg(vm, 0, 15, 0x55);
    step_to(vm, HSX_STOP_STEPS);
    cr_expect_eq(get_word(vm, 0xFFF8), 0x55);
    cr_expect_eq(get_reg(vm, 0, 15), 0xFFF8);
    hsx_vm_destroy(vm);
}

Test(insn, writing_r15_leaves_sp)
{
    struct hsx_vm *vm = with_insn(WORD(LDI, 15, 0, 0, 100));
    step_to(vm, HSX_STOP_STEPS);
    cr_expect_eq(get_reg(vm, 0, 15), 100);
    cr_expect_eq(get_context(vm, 0).sp, 0xFFFC);
    hsx_vm_destroy(vm);
}

Test(insn, call_and_ret_meet)
{
    struct hsx_vm *vm = new_vm(1);
    LOAD(vm, 1, WORD(CALL, 0, 0, 0, 8), WORD(RET, 0, 0, 0, 0), WORD(RET, 0, 0, 0, 0));
    put_reg(vm, 0, 0, 0x77);
    struct hsx_record record = step_to(vm, HSX_STOP_STEPS);
    cr_expect_eq(record.next_pc, 8);
    cr_expect_eq(record.call_depth, 1);
    record = step_to(vm, HSX_STOP_STEPS);
    cr_expect_eq(record.next_pc, 4);
    cr_expect_eq(record.sp, 0xFFFC);
    cr_expect_eq(record.call_depth, 0);
    cr_expect_eq(record.access, HSX_ACC_READ | 4);
    cr_expect_eq(record.mem_value, 4);
    cr_expect_eq(get_reg(vm, 0, 15), 0xFFFC);
    record = step_to(vm, HSX_STOP_RETURN);
    cr_expect_eq(record.event, HSX_EV_RETURN);
    cr_expect_eq(record.pc, 4);
    cr_expect_eq(record.next_pc, 4);
    cr_expect(record.flags == HSX_REC_TURN_FIRST && record.access == 0, "no writes");
    struct hsx_context ctx = get_context(vm, 0);
    cr_expect_eq(ctx.state, HSX_RETURNED);
    cr_expect_eq(ctx.pc, 4);
    struct hsx_totals totals;
    hsx_vm_read_totals(vm, &totals);
    cr_expect_eq(totals.steps, 2);
    cr_expect_eq(totals.order, 3);
    hsx_vm_destroy(vm);
}

Test(insn, call_depth_stays_at_ffff_once_there)
{
    struct hsx_vm *vm = new_vm(1);
    LOAD(vm, 1, WORD(CALL, 0, 0, 0, 4), WORD(CALL, 0, 0, 0, 4), WORD(RET, 0, 0, 0, 0));
    struct hsx_context ctx = get_context(vm, 0);
    ctx.call_depth = 0xFFFE;
    put_context(vm, 0, &ctx);
    cr_expect_eq(step_to(vm, HSX_STOP_STEPS).call_depth, 0xFFFF);
    cr_expect_eq(step_to(vm, HSX_STOP_STEPS).call_depth, 0xFFFF);
    cr_expect_eq(step_to(vm, HSX_STOP_STEPS).call_depth, 0xFFFF);
    hsx_vm_destroy(vm);
}

Test(insn, the_return_address_and_the_pc_wrap_at_the_end_of_code)
{
    struct hsx_vm *vm = new_vm(1);
    const uint32_t call = WORD(CALL, 0, 0, 0, 0);
    struct hsx_context ctx = fresh_context(0, 0x10000);
    ctx.pc = 0xFFFC;
    hsx_vm_write_code(vm, 0xFFFC, &call, 1);
    put_context(vm, 0, &ctx);
    hsx_vm_make_ready(vm, 0);
    cr_expect_eq(step_to(vm, HSX_STOP_STEPS).mem_value, 0);
    hsx_vm_destroy(vm);

    vm = new_vm(1);
    const uint32_t ends[2] = {WORD(LDI, 1, 0, 0, 1), WORD(LDI, 1, 0, 0, 2)};
    const uint32_t begin = WORD(LDI, 1, 0, 0, 3);
    ctx.pc = 0xFFF8;
    hsx_vm_write_code(vm, 0xFFF8, ends, 2);
    hsx_vm_write_code(vm, 0, &begin, 1);
    put_context(vm, 0, &ctx);
    hsx_vm_make_ready(vm, 0);
    struct hsx_run run = {.max_steps = 3};
    cr_assert_eq(hsx_vm_run(vm, &run), HSX_OK);
    cr_expect_eq(run.reason, HSX_STOP_STEPS);
    cr_expect_eq(get_reg(vm, 0, 1), 3);
    cr_expect_eq(get_context(vm, 0).pc, 4);
    hsx_vm_destroy(vm);
}

Test(insn, ldi32_takes_the_next_word)
{
    struct hsx_vm *vm = with_insn(WORD(LDI32, 3, 0, 0, 0));
    const uint32_t value = 0x89ABCDEF;
    hsx_vm_write_code(vm, 4, &value, 1);
    struct hsx_record record = step_to(vm, HSX_STOP_STEPS);
    cr_expect_eq(record.rd_value, value);
    cr_expect_eq(record.ext, value);
    cr_expect_eq(record.next_pc, 8);
    cr_expect_eq(record.flags & (HSX_REC_RD | HSX_REC_EXT), HSX_REC_RD | HSX_REC_EXT);
    hsx_vm_destroy(vm);
}

Test(insn, code_that_is_written_over_is_forgotten)
{
    struct hsx_vm *vm = new_vm(1);
    LOAD(vm, 1, WORD(LDI, 1, 0, 0, 1), WORD(LDI32, 2, 0, 0, 0), 5, WORD(JMP, 0, 0, 0, 0));
    struct hsx_run run = {.max_steps = 3};
    hsx_vm_run(vm, &run);
    cr_expect_eq(get_reg(vm, 0, 2), 5);
    const uint32_t operand = 6;
    const uint32_t first = WORD(LDI, 1, 0, 0, 2);
    hsx_vm_write_code(vm, 8, &operand, 1); /* only the second word of the LDI32 */
    hsx_vm_write_code(vm, 0, &first, 1);
    hsx_vm_run(vm, &run);
    cr_expect_eq(get_reg(vm, 0, 1), 2);
    cr_expect_eq(get_reg(vm, 0, 2), 6);
    uint32_t words[4];
    cr_expect_eq(hsx_vm_read_code(vm, 0, words, 4), HSX_OK);
    cr_expect(words[0] == first && words[2] == operand);
    hsx_vm_destroy(vm);
}

Test(insn, code_that_is_written_over_is_forgotten_by_waiting_tasks)
{
    struct hsx_vm *vm = new_vm(3);
    LOAD(vm, 3, WORD(LDI, 1, 0, 0, 1), WORD(LDI, 1, 0, 0, 2), WORD(JMP, 0, 0, 0, 4));
    struct hsx_run run = {.max_steps = 4};
    hsx_vm_run(vm, &run);
    const uint32_t mov = WORD(MOV, 3, 1, 0, 0);
    hsx_vm_write_code(vm, 4, &mov, 1);
    hsx_vm_run(vm, &run);
    for (uint8_t slot = 0; slot < 3; slot++)
        cr_expect_eq(get_reg(vm, slot, 3), slot == 0 ? 0 : 1, "slot %d", slot);
    hsx_vm_destroy(vm);
}

Test(insn, a_context_that_is_written_takes_effect_in_rotation)
{
    struct hsx_vm *vm = new_vm(2);
    LOAD(vm, 2, WORD(LDI, 1, 0, 0, 1), WORD(LDI, 2, 0, 0, 2), WORD(LDI, 3, 0, 0, 3),
         WORD(JMP, 0, 0, 0, 12));
    struct hsx_run run = {.max_steps = 2};
    hsx_vm_run(vm, &run);
    struct hsx_context ctx = get_context(vm, 1);
    ctx.pc = 8;
    put_context(vm, 1, &ctx);
    hsx_vm_run(vm, &run);
    cr_expect(get_reg(vm, 0, 2) == 2 && get_reg(vm, 0, 3) == 0);
    cr_expect(get_reg(vm, 1, 2) == 0 && get_reg(vm, 1, 3) == 3);
    hsx_vm_destroy(vm);
}

Test(insn, unused_fields_are_ignored)
{
    cr_expect_eq(compute(WORD(ADD, 3, 1, 2, 0xFFF), 1, 2, 9, 0).rd_value, 3);
    cr_expect_eq(compute(WORD(MOV, 3, 1, 15, 0xFFF), 1, 2, 9, 0).rd_value, 1);
    cr_expect_eq(compute(WORD(NOT, 3, 1, 15, 0x123), 0, 2, 9, 0).rd_value, 0xFFFFFFFF);
}

/* D1: V of ADC and SBC is the signed overflow of the whole operation. */
Test(insn, adc_and_sbc_overflow_with_the_carry_included)
{
    static const uint32_t edges[] = {0,          1,          2,          0x7FFFFFFE, 0x7FFFFFFF,
                                     0x80000000, 0x80000001, 0xFFFFFFFE, 0xFFFFFFFF, 0x12345678};
    enum { EDGES = sizeof edges / sizeof edges[0] };
    for (size_t i = 0; i < EDGES * EDGES * 2; i++) {
        uint32_t a = edges[i / 2 / EDGES];
        uint32_t b = edges[i / 2 % EDGES];
        int carry = (int)(i % 2);
        int64_t sum = (int64_t)(int32_t)a + (int32_t)b + carry;
        int64_t difference = (int64_t)(int32_t)a - (int32_t)b - (1 - carry);
        struct hsx_record adc = compute(WORD(ADC, 3, 1, 2, 0), a, b, 0, carry ? HSX_PSW_C : 0);
        struct hsx_record sbc = compute(WORD(SBC, 3, 1, 2, 0), a, b, 0, carry ? HSX_PSW_C : 0);
        cr_expect_eq(adc.rd_value, (uint32_t)sum);
        cr_expect_eq((adc.psw & HSX_PSW_V) != 0, sum != (int32_t)sum, "%X + %X + %d", a, b, carry);
        cr_expect_eq((adc.psw & HSX_PSW_C) != 0, ((uint64_t)a + b + (uint64_t)carry) >> 32 != 0);
        cr_expect_eq(sbc.rd_value, (uint32_t)difference);
        cr_expect_eq((sbc.psw & HSX_PSW_V) != 0, difference != (int32_t)difference, "%X - %X - %d",
                     a, b, 1 - carry);
        cr_expect_eq((sbc.psw & HSX_PSW_C) != 0, a >= (uint64_t)b + (uint64_t)(1 - carry));
    }
}

/* D2, D3, D4 */
Test(insn, binary16_edges)
{
    cr_expect_eq(compute(WORD(FDIV, 3, 1, 2, 0), 0x3C00, 0, 0xABCD0000, 0).rd_value, 0xABCD7C00);
    cr_expect_eq(compute(WORD(FDIV, 3, 1, 2, 0), 0xBC00, 0, 0, 0).rd_value, 0xFC00);
    cr_expect_eq(compute(WORD(FDIV, 3, 1, 2, 0), 0, 0x8000, 0, 0).rd_value, 0x7E00);
    cr_expect_eq(compute(WORD(F2I, 3, 1, 0, 0), 0x7E01, 0, 5, 0).rd_value, 0);
    cr_expect_eq(compute(WORD(F2I, 3, 1, 0, 0), 0x7C00, 0, 5, 0).rd_value, 0x7FFFFFFF);
    cr_expect_eq(compute(WORD(F2I, 3, 1, 0, 0), 0xFC00, 0, 5, 0).rd_value, 0x80000000);
    /* The operand is the low half alone; psw is unchanged. */
    cr_expect_eq(compute(WORD(F2I, 3, 1, 0, 0), 0x7FFF3C00, 0, 5, 15).rd_value, 1);
    cr_expect_eq(compute(WORD(F2I, 3, 1, 0, 0), 0x3C00, 0, 5, 15).psw, 15);
    /* 0x0401 / 2 = 512.5 units of 2^-24, just below the smallest normal number. */
    cr_expect_eq(compute(WORD(FMUL, 3, 1, 2, 0), 0x07FF, 0x3800, 0, 0).rd_value, 0x0400);
    cr_expect_eq(compute(WORD(I2F, 3, 1, 0, 0), 65519, 0, 0x12340000, 0).rd_value, 0x12347BFF);
    cr_expect_eq(compute(WORD(I2F, 3, 1, 0, 0), 65520, 0, 0, 0).rd_value, 0x7C00);
    cr_expect_eq(compute(WORD(I2F, 3, 1, 0, 0), 0x80000000, 0, 0, 0).rd_value, 0xFC00);
}

/* D11 and the pc of BRK and SVC. */
Test(insn, brk_and_svc_stop_their_task_with_pc_past_them)
{
    static const struct {
        uint32_t insn;
        enum hsx_stop stop;
        uint8_t event, state;
    } cases[] = {{WORD(BRK, 0, 0, 0, 0x12), HSX_STOP_BRK, HSX_EV_BRK, HSX_PAUSED},
                 {WORD(SVC, 0, 0, 0, 0x502), HSX_STOP_SVC, HSX_EV_SVC, HSX_TRAPPED}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hsx_vm *vm = new_vm(2);
        LOAD(vm, 2, cases[i].insn, WORD(JMP, 0, 0, 0, 4));
        struct hsx_run run = {.max_steps = 10};
        cr_expect_eq(hsx_vm_run(vm, &run), HSX_OK);
        cr_expect_eq(run.reason, cases[i].stop);
        cr_expect_eq(run.slot, 0);
        cr_expect_eq(run.retired, 1);
        struct hsx_context ctx = get_context(vm, 0);
        cr_expect_eq(ctx.state, cases[i].state);
        cr_expect_eq(ctx.pc, 4);
        cr_expect_eq(ctx.sp, 0xFFFC);
        struct hsx_record record = step_to(vm, cases[i].stop);
        cr_expect_eq(record.slot, 1);
        cr_expect_eq(record.event, cases[i].event);
        cr_expect_eq(record.next_pc, 4);
        cr_expect_eq(record.flags, HSX_REC_TURN_FIRST);
        hsx_vm_destroy(vm);
    }
}

Test(insn, any_psw_is_kept_by_what_does_not_write_it)
{
    for (uint8_t psw = 0; psw < 16; psw++) {
        cr_expect_eq(compute(WORD(MOV, 3, 1, 0, 0), 1, 0, 0, psw).psw, psw);
        cr_expect_eq(compute(WORD(LSL, 3, 1, 2, 0), 1, 32, 0, psw).psw & HSX_PSW_C,
                     psw & HSX_PSW_C);
        struct hsx_record jz = compute(WORD(JZ, 0, 0, 0, 8), 0, 0, 0, psw);
        struct hsx_record jnz = compute(WORD(JNZ, 0, 0, 0, 8), 0, 0, 0, psw);
        cr_expect_eq(jz.next_pc, (psw & HSX_PSW_Z) != 0 ? 8 : 4);
        cr_expect_eq(jnz.next_pc, (psw & HSX_PSW_Z) != 0 ? 4 : 8);
    }
}
