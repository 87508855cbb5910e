// SPDX-License-Identifier: Apache-2.0
/* The fault table (section 3), each row on both sides of its bound. */
#include "support.h"

#include <string.h>

enum { TOP = 0xFFFC, LIMIT = 0xF000 }; /* of slot 0 in fresh_context */

/* One instruction at pc 0 of slot 0, whose context the caller changes first. */
static struct hsx_vm *with_insn(uint32_t insn)
{
    struct hsx_vm *vm = new_vm(1);
    LOAD(vm, 1, insn, 0, 0, 0);
    return vm;
}

static void set_sp(struct hsx_vm *vm, uint16_t sp, uint16_t limit, uint16_t top, uint16_t depth)
{
    struct hsx_context ctx = get_context(vm, 0);
    ctx.sp = sp;
    ctx.stack_limit = limit;
    ctx.stack_top = top;
    ctx.call_depth = depth;
    put_context(vm, 0, &ctx);
}

static void expect_stack(uint32_t insn, uint16_t sp, uint16_t limit, uint16_t top, uint32_t fault)
{
    char what[80];
    struct hsx_vm *vm = with_insn(insn);
    snprintf(what, sizeof what, "%08X with sp %04X limit %04X top %04X", (unsigned)insn, sp, limit,
             top);
    put_reg(vm, 0, 1, 0x40);
    set_sp(vm, sp, limit, top, 1);
    if (fault != HSX_FAULT_NONE)
        expect_fault(vm, 0, fault, what);
    else
        expect_retires(vm, 0, what);
    hsx_vm_destroy(vm);
}

static const uint32_t takers[] = {WORD(POP, 2, 0, 0, 0), WORD(RET, 0, 0, 0, 0)};
static const uint32_t givers[] = {WORD(PUSH, 0, 1, 0, 0), WORD(CALL, 0, 0, 0, 8),
                                  WORD(CALL, 0, 1, 0, 0)};

Test(faults, stack_underflow_when_sp_plus_4_passes_stack_top)
{
    for (size_t i = 0; i < sizeof takers / sizeof takers[0]; i++) {
        expect_stack(takers[i], TOP - 4, LIMIT, TOP, HSX_FAULT_NONE);
        expect_stack(takers[i], TOP - 3, LIMIT, TOP, HSX_FAULT_STACK_UNDERFLOW);
        expect_stack(takers[i], TOP, LIMIT, TOP, HSX_FAULT_STACK_UNDERFLOW);
        expect_stack(takers[i], 0x7FFC, 0x7000, 0x8000, HSX_FAULT_NONE);
        expect_stack(takers[i], 0x8000, 0x7000, 0x8000, HSX_FAULT_STACK_UNDERFLOW);
        /* sp + 4 is not wrapped to something small. */
        expect_stack(takers[i], 0xFFFE, LIMIT, TOP, HSX_FAULT_STACK_UNDERFLOW);
        expect_stack(takers[i], 0xFFFF, LIMIT, 0xFFFF, HSX_FAULT_STACK_UNDERFLOW);
        expect_stack(takers[i], 0xFFFB, LIMIT, 0xFFFF, HSX_FAULT_NONE);
        /* Nothing checks the lower bound. */
        expect_stack(takers[i], 0x0100, LIMIT, TOP, HSX_FAULT_NONE);
    }
}

Test(faults, stack_overflow_when_sp_minus_4_passes_stack_limit)
{
    for (size_t i = 0; i < sizeof givers / sizeof givers[0]; i++) {
        expect_stack(givers[i], LIMIT + 4, LIMIT, TOP, HSX_FAULT_NONE);
        expect_stack(givers[i], LIMIT + 3, LIMIT, TOP, HSX_FAULT_STACK_OVERFLOW);
        expect_stack(givers[i], LIMIT, LIMIT, TOP, HSX_FAULT_STACK_OVERFLOW);
        expect_stack(givers[i], LIMIT - 1, LIMIT, TOP, HSX_FAULT_STACK_OVERFLOW);
        /* sp - 4 is not wrapped to something large. */
        expect_stack(givers[i], 3, 0, TOP, HSX_FAULT_STACK_OVERFLOW);
        expect_stack(givers[i], 0, 0, TOP, HSX_FAULT_STACK_OVERFLOW);
        expect_stack(givers[i], 4, 0, TOP, HSX_FAULT_NONE);
        /* Nothing checks the upper bound. */
        expect_stack(givers[i], 0xFFFF, LIMIT, 0xF800, HSX_FAULT_NONE);
    }
}

/* An access of the instruction at address in a task with this data segment. */
static void expect_access(uint32_t insn, uint32_t address, const struct hsx_context *like,
                          bool faults)
{
    char what[80];
    struct hsx_vm *vm = with_insn(insn);
    struct hsx_context ctx = get_context(vm, 0);
    ctx.flags = like->flags;
    ctx.data_base = like->data_base;
    ctx.data_len = like->data_len;
    put_context(vm, 0, &ctx);
    put_reg(vm, 0, 1, address);
    put_reg(vm, 0, 2, 0x11223344);
    snprintf(what, sizeof what, "%08X at %04X, flags %d, data %04X+%04X", (unsigned)insn,
             (unsigned)address, like->flags, like->data_base, (unsigned)like->data_len);
    if (faults)
        expect_fault(vm, 0, HSX_FAULT_MEM, what);
    else
        expect_retires(vm, 0, what);
    hsx_vm_destroy(vm);
}

static const struct {
    uint32_t insn;
    uint32_t width;
} accesses[] = {{WORD(LD, 3, 1, 0, 0), 4}, {WORD(LDH, 3, 1, 0, 0), 2}, {WORD(LDB, 3, 1, 0, 0), 1},
                {WORD(ST, 0, 1, 2, 0), 4}, {WORD(STH, 0, 1, 2, 0), 2}, {WORD(STB, 0, 1, 2, 0), 1}};

enum { ACCESSES = sizeof accesses / sizeof accesses[0] };

Test(faults, memory_fault_past_the_end_of_memory)
{
    const struct hsx_context flat = {.data_base = HSX_DATA_LINK};
    for (size_t i = 0; i < ACCESSES; i++) {
        uint32_t last = 0x10000 - accesses[i].width;
        expect_access(accesses[i].insn, last, &flat, false);
        if (accesses[i].width > 1)
            expect_access(accesses[i].insn, last + 1, &flat, true);
        /* The address itself is taken modulo 0x10000. */
        expect_access(accesses[i].insn, 0xABCD0000 + last, &flat, false);
    }
}

Test(faults, the_offset_is_added_before_the_address_wraps)
{
    const struct hsx_context flat = {.data_base = HSX_DATA_LINK};
    expect_access(WORD(LD, 3, 1, 0, 0x7FF), 0xFFFFFFFF, &flat, false); /* 0x7FE */
    expect_access(WORD(LD, 3, 1, 0, -4), 0, &flat, false);             /* 0xFFFC */
    expect_access(WORD(LD, 3, 1, 0, -3), 0, &flat, true);              /* 0xFFFD */
}

Test(faults, an_access_that_begins_in_the_segment_moves_as_a_whole)
{
    struct hsx_vm *vm = with_insn(WORD(ST, 0, 1, 2, 0));
    struct hsx_context ctx = get_context(vm, 0);
    ctx.data_base = 0x8000;
    ctx.data_len = 0x10;
    put_context(vm, 0, &ctx);
    put_reg(vm, 0, 1, 0x400F);
    put_reg(vm, 0, 2, 0x11223344);
    struct hsx_record record = step_to(vm, HSX_STOP_STEPS);
    cr_expect_eq(record.mem_addr, 0x800F);
    cr_expect_eq(get_word(vm, 0x800F), 0x11223344);
    cr_expect_eq(get_word(vm, 0x400F), 0);
    hsx_vm_destroy(vm);
}

Test(faults, the_segment_reaches_from_its_first_to_its_last_byte)
{
    static const struct {
        uint16_t linked, physical;
    } cases[] = {{0x3FFF, 0x3FFF}, {0x4000, 0x9000}, {0x401F, 0x901F}, {0x4020, 0x4020}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hsx_vm *vm = with_insn(WORD(LDB, 3, 1, 0, 0));
        struct hsx_context ctx = get_context(vm, 0);
        ctx.data_base = 0x9000;
        ctx.data_len = 0x20;
        put_context(vm, 0, &ctx);
        put_reg(vm, 0, 1, cases[i].linked);
        cr_expect_eq(step_to(vm, HSX_STOP_STEPS).mem_addr, cases[i].physical);
        hsx_vm_destroy(vm);
    }
}

Test(faults, memory_fault_when_the_moved_access_passes_the_end)
{
    const struct hsx_context high = {.data_base = 0xFFF0, .data_len = 0x100};
    const struct hsx_context high_protected = {
        .data_base = 0xFFF0, .data_len = 0x100, .flags = HSX_CTX_PROTECT};
    for (size_t i = 0; i < ACCESSES; i++) {
        uint32_t last = 0x4010 - accesses[i].width;
        expect_access(accesses[i].insn, last, &high, false);
        expect_access(accesses[i].insn, last + 1, &high, true);
        expect_access(accesses[i].insn, last, &high_protected, false);
        expect_access(accesses[i].insn, last + 1, &high_protected, true);
    }
}

Test(faults, protection_allows_four_regions_and_no_byte_beside_them)
{
    const struct hsx_context guarded = {
        .data_base = 0x6000, .data_len = 0x100, .flags = HSX_CTX_PROTECT};
    static const struct {
        uint32_t start, end;
    } regions[] = {{0, 0x1000}, {0x1000, 0x1040}, {0x4000, 0x4100}, {LIMIT, TOP}};
    for (size_t i = 0; i < ACCESSES; i++) {
        uint32_t width = accesses[i].width;
        for (size_t r = 0; r < sizeof regions / sizeof regions[0]; r++) {
            expect_access(accesses[i].insn, regions[r].start, &guarded, false);
            expect_access(accesses[i].insn, regions[r].end - width, &guarded, false);
            expect_access(accesses[i].insn, regions[r].end, &guarded,
                          regions[r].end != 0x1000); /* the window follows the page */
            if (regions[r].start > 0x1000)
                expect_access(accesses[i].insn, regions[r].start - 1, &guarded, true);
            if (width > 1)
                expect_access(accesses[i].insn, regions[r].end - width + 1, &guarded, true);
        }
    }
}

Test(faults, without_protection_all_memory_is_open)
{
    const struct hsx_context open = {.data_base = 0x6000, .data_len = 0x100};
    static const uint16_t addresses[] = {0x0FFF, 0x1040, 0x3FFE, 0x4101, 0xEFFE, 0xFFFC};
    for (size_t i = 0; i < ACCESSES; i++)
        for (size_t a = 0; a < sizeof addresses / sizeof addresses[0]; a++)
            expect_access(accesses[i].insn, addresses[a], &open, false);
}

Test(faults, stack_instructions_ignore_segment_and_protection)
{
    struct hsx_vm *vm = with_insn(WORD(PUSH, 0, 1, 0, 0));
    struct hsx_context ctx = get_context(vm, 0);
    ctx.flags = HSX_CTX_PROTECT;
    ctx.data_base = 0x9000;
    ctx.data_len = 0x1000;
    ctx.sp = ctx.stack_top = 0x4010;
    ctx.stack_limit = 0x4000;
    put_context(vm, 0, &ctx);
    put_reg(vm, 0, 1, 77);
    cr_expect_eq(step_to(vm, HSX_STOP_STEPS).mem_addr, 0x400C);
    cr_expect_eq(get_word(vm, 0x400C), 77);
    hsx_vm_destroy(vm);
}

Test(faults, division_by_zero_only_by_zero)
{
    struct hsx_vm *vm = with_insn(WORD(DIV, 3, 1, 2, 0));
    put_reg(vm, 0, 1, 5);
    expect_fault(vm, 0, HSX_FAULT_DIV_ZERO, "5 / 0");
    hsx_vm_destroy(vm);

    vm = with_insn(WORD(DIV, 3, 1, 2, 0));
    put_reg(vm, 0, 1, 0x80000000);
    put_reg(vm, 0, 2, 0xFFFFFFFF);
    expect_retires(vm, 0, "INT_MIN / -1");
    cr_expect_eq(get_reg(vm, 0, 3), 0x80000000);
    hsx_vm_destroy(vm);
}

Test(faults, instructions_of_a_unit_that_is_missing_are_illegal)
{
    static const struct {
        unsigned units;
        const char *illegal; /* opcodes */
    } cases[] = {{HSX_UNITS_ALL, ""},
                 {HSX_UNIT_FP16, "12 13"},
                 {HSX_UNIT_MULDIV, "50 51 52 53 54 55"},
                 {0, "12 13 50 51 52 53 54 55"}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (unsigned opcode = 0x10; opcode < 0x60; opcode++) {
            char what[32], text[4];
            struct hsx_vm *vm = with_insn(opcode << 24 | 0x00FFF000);
            enum hsx_stop reason;

            snprintf(text, sizeof text, "%02X", opcode);
            snprintf(what, sizeof what, "opcode %s, units %u", text, cases[i].units);
            cr_assert_eq(hsx_vm_set_units(vm, cases[i].units), HSX_OK);
            set_sp(vm, 0xF800, LIMIT, TOP, 1);
            put_reg(vm, 0, 15, 1);
            if (strstr(cases[i].illegal, text) != NULL) {
                expect_fault(vm, 0, HSX_FAULT_ILLEGAL_OPCODE, what);
            } else if (hsx_insn_table[opcode].name != NULL) {
                struct hsx_record record = step(vm, &reason);

                cr_expect_neq(record.event, HSX_EV_FAULT, "%s", what);
            }
            hsx_vm_destroy(vm);
        }
    }
}

Test(faults, there_are_two_units)
{
    struct hsx_vm *vm = new_vm(1);

    cr_expect_eq(hsx_vm_set_units(vm, HSX_UNITS_ALL + 1), HSX_ERR_ARGUMENT);
    hsx_vm_destroy(vm);
}

Test(faults, every_opcode_outside_the_table_is_illegal_and_no_other)
{
    for (unsigned opcode = 0; opcode < 256; opcode++) {
        char what[32];
        struct hsx_vm *vm = with_insn(opcode << 24 | 0x00FFF000);
        enum hsx_stop reason;
        snprintf(what, sizeof what, "opcode %02X", opcode);
        put_reg(vm, 0, 15, 1); /* what loads, stores and DIV use */
        if (hsx_insn_table[opcode].name == NULL) {
            expect_fault(vm, 0, HSX_FAULT_ILLEGAL_OPCODE, what);
        } else {
            set_sp(vm, 0xF800, LIMIT, TOP, 1);
            struct hsx_record record = step(vm, &reason);
            cr_expect_neq(record.event, HSX_EV_FAULT, "%s", what);
        }
        hsx_vm_destroy(vm);
    }
}

static void expect_fetch(uint32_t insn, uint16_t pc, uint32_t code_len, bool faults)
{
    char what[80];
    struct hsx_vm *vm = new_vm(1);
    const uint32_t words[2] = {insn, 0x12345678};
    struct hsx_context ctx = fresh_context(0, code_len);
    uint32_t at = pc & 0xFFFCu;
    cr_assert_eq(hsx_vm_write_code(vm, at, words, at + 8 <= HSX_CODE_SIZE ? 2 : 1), HSX_OK);
    ctx.pc = pc;
    put_context(vm, 0, &ctx);
    hsx_vm_make_ready(vm, 0);
    snprintf(what, sizeof what, "%08X at pc %04X, code_len %05X", (unsigned)insn, pc,
             (unsigned)code_len);
    if (faults)
        expect_fault(vm, 0, HSX_FAULT_CODE, what);
    else
        expect_retires(vm, 0, what);
    hsx_vm_destroy(vm);
}

Test(faults, code_fault_at_the_end_of_the_code)
{
    const uint32_t one = WORD(LDI, 1, 0, 0, 1);
    const uint32_t two = WORD(LDI32, 1, 0, 0, 0);
    expect_fetch(one, 0x0C, 0x10, false);
    expect_fetch(one, 0x10, 0x10, true);
    expect_fetch(one, 0x0C, 0x0F, true);
    expect_fetch(one, 0x0C, 0x0D, true);
    expect_fetch(one, 0x08, 0x0F, false);
    expect_fetch(one, 0, 0, true);
    expect_fetch(one, 0, 3, true);
    expect_fetch(one, 0, 4, false);
    expect_fetch(one, 0xFFFC, 0x10000, false);
    expect_fetch(one, 0xFFFC, 0xFFFC, true);
    expect_fetch(two, 0x08, 0x10, false);
    expect_fetch(two, 0x08, 0x0F, true);
    expect_fetch(two, 0x0C, 0x10, true);
    expect_fetch(two, 0xFFF8, 0x10000, false);
    expect_fetch(two, 0xFFFC, 0x10000, true);
}

Test(faults, code_fault_at_a_misaligned_pc)
{
    for (uint16_t pc = 1; pc < 4; pc++) {
        expect_fetch(WORD(LDI, 1, 0, 0, 1), pc, 0x10000, true);
        expect_fetch(WORD(LDI, 1, 0, 0, 1), (uint16_t)(0xFFFC + pc), 0x10000, true);
    }
}

Test(faults, the_record_of_a_fetch_that_faults_has_the_word_that_was_read)
{
    struct hsx_vm *vm = with_insn(WORD(LDI32, 1, 0, 0, 0));
    struct hsx_context ctx = get_context(vm, 0);
    ctx.code_len = 4;
    put_context(vm, 0, &ctx);
    struct hsx_record record = step_to(vm, HSX_STOP_FAULT);
    cr_expect_eq(record.insn, WORD(LDI32, 1, 0, 0, 0));
    cr_expect_eq(record.ext, 0);
    hsx_vm_destroy(vm);

    vm = with_insn(WORD(LDI, 1, 0, 0, 7));
    ctx.code_len = 3;
    put_context(vm, 0, &ctx);
    cr_expect_eq(step_to(vm, HSX_STOP_FAULT).insn, 0);
    hsx_vm_destroy(vm);
}

Test(faults, a_jump_to_a_bad_target_retires_and_its_fetch_faults)
{
    static const uint32_t jumps[] = {WORD(JMP, 0, 0, 0, 0x7F0), WORD(JMP, 0, 0, 0, 0x006),
                                     WORD(CALL, 0, 0, 0, -4), WORD(JNZ, 0, 0, 0, 0x011)};
    static const uint16_t targets[] = {0x7F0, 0x006, 0xFFFC, 0x011};
    for (size_t i = 0; i < sizeof jumps / sizeof jumps[0]; i++) {
        struct hsx_vm *vm = with_insn(jumps[i]);
        struct hsx_record record = step_to(vm, HSX_STOP_STEPS);
        cr_expect_eq(record.next_pc, targets[i]);
        cr_expect_eq(get_context(vm, 0).pc, targets[i]);
        expect_fault(vm, 0, HSX_FAULT_CODE, "fetch at the target");
        hsx_vm_destroy(vm);
    }
}

Test(faults, ret_of_a_word_above_0xffff_is_a_code_fault)
{
    static const uint32_t words[] = {0x00010000, 0x80000000, 0xFFFF0004};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct hsx_vm *vm = with_insn(WORD(RET, 0, 0, 0, 0));
        set_sp(vm, 0xF800, LIMIT, TOP, 2);
        put_word(vm, 0xF800, words[i]);
        expect_fault(vm, 0, HSX_FAULT_CODE, "RET");
        hsx_vm_destroy(vm);
    }
    struct hsx_vm *vm = with_insn(WORD(RET, 0, 0, 0, 0));
    set_sp(vm, 0xF800, LIMIT, TOP, 2);
    put_word(vm, 0xF800, 0xFFFF);
    cr_expect_eq(step_to(vm, HSX_STOP_STEPS).next_pc, 0xFFFF);
    hsx_vm_destroy(vm);
}

Test(faults, where_several_apply_the_first_in_order_is_raised)
{
    /* fetch before opcode */
    expect_fetch(0xFF000000, 1, 0x10000, true);
    expect_fetch(0xFF000000, 0, 3, true);

    /* end of the task before the guard */
    struct hsx_vm *vm = with_insn(WORD(RET, 0, 0, 0, 0));
    set_sp(vm, TOP, LIMIT, TOP, 0);
    step_to(vm, HSX_STOP_RETURN);
    hsx_vm_destroy(vm);

    /* the guard before RET's word */
    vm = with_insn(WORD(RET, 0, 0, 0, 0));
    set_sp(vm, 0x8000, 0x7000, 0x8000, 1);
    put_word(vm, 0x8000, 0xFFFFFFFF);
    expect_fault(vm, 0, HSX_FAULT_STACK_UNDERFLOW, "guard and word");
    hsx_vm_destroy(vm);

    /* the fetch of LDI32's second word before everything LDI32 does */
    expect_fetch(WORD(LDI32, 0, 0, 0, 0), 0, 4, true);
}

Test(faults, the_other_tasks_go_on)
{
    struct hsx_vm *vm = new_vm(2);
    LOAD(vm, 2, WORD(ADD, 1, 1, 2, 0), WORD(JMP, 0, 0, 0, 0));
    struct hsx_context ctx = get_context(vm, 0);
    ctx.pc = 2;
    put_context(vm, 0, &ctx);
    put_reg(vm, 1, 2, 1);
    expect_fault(vm, 0, HSX_FAULT_CODE, "slot 0");
    struct hsx_run run = {.max_steps = 100};
    cr_expect_eq(hsx_vm_run(vm, &run), HSX_OK);
    cr_expect_eq(run.reason, HSX_STOP_STEPS);
    cr_expect_eq(run.retired, 100);
    cr_expect_eq(get_reg(vm, 1, 1), 50);
    hsx_vm_destroy(vm);
}
