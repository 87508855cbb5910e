// SPDX-License-Identifier: Apache-2.0
/*
 * Tasks that mostly work on their own memory, so that a machine may run them ahead of
 * each other, and sometimes do what others can notice: a machine that goes step by step
 * and those that run, with and without records, must be indistinguishable.
 */
#include "support.h"

#include <string.h>

enum { WORDS = 96, STEPS = 6000, LONGEST = 3000, PROGRAMS = 400, MOST_TASKS = 9, DATA_LEN = 0x400 };

/* R10 .. R14 are never written: addresses, and small numbers for shifts and quotients. */
enum { OWN_DATA = 10, OWN_STACK, OWN_WINDOW, ANYWHERE, SMALL };

static uint32_t work(struct dice *dice)
{
    static const uint8_t plain[] = {HSX_OP_LDI, HSX_OP_MOV,  HSX_OP_ADD,  HSX_OP_SUB, HSX_OP_MUL,
                                    HSX_OP_AND, HSX_OP_OR,   HSX_OP_XOR,  HSX_OP_NOT, HSX_OP_CMP,
                                    HSX_OP_LSL, HSX_OP_LSR,  HSX_OP_ASR,  HSX_OP_ADC, HSX_OP_SBC,
                                    HSX_OP_JZ,  HSX_OP_JNZ,  HSX_OP_FADD, HSX_OP_I2F, HSX_OP_JMP,
                                    HSX_OP_JNZ, HSX_OP_LDI32};
    static const uint8_t stack[] = {HSX_OP_PUSH, HSX_OP_POP, HSX_OP_CALL, HSX_OP_RET};
    static const uint8_t memory[] = {HSX_OP_LD, HSX_OP_LDH, HSX_OP_LDB,
                                     HSX_OP_ST, HSX_OP_STH, HSX_OP_STB};
    static const uint8_t own[] = {OWN_DATA, OWN_DATA, OWN_STACK, OWN_WINDOW};
    uint32_t kind = roll(dice) % 16;
    uint32_t registers =
        (roll(dice) % 10) << 20 | (roll(dice) % 16) << 16 | (roll(dice) % 16) << 12;
    if (kind < 10) {
        uint32_t opcode = plain[roll(dice) % sizeof plain];
        return opcode << 24 | registers | (roll(dice) % WORDS * 4);
    }
    if (kind < 14)
        return (uint32_t)memory[roll(dice) % sizeof memory] << 24 | (registers & 0xF0F000) |
               (uint32_t)own[roll(dice) % sizeof own] << 16 | roll(dice) % 64;
    uint32_t opcode = stack[roll(dice) % sizeof stack];
    return opcode == HSX_OP_CALL ? opcode << 24 | (roll(dice) % 8 * 4) : opcode << 24 | registers;
}

/* An instruction that ends a task's run ahead: an access anywhere in memory, a trap, a
 * fault. */
static uint32_t deed(struct dice *dice)
{
    static const uint8_t opcodes[] = {HSX_OP_LD,  HSX_OP_ST,  HSX_OP_STB, HSX_OP_SVC,
                                      HSX_OP_BRK, HSX_OP_DIV, 0x00};
    uint32_t opcode = opcodes[roll(dice) % sizeof opcodes];
    uint32_t rs1 = opcode == HSX_OP_DIV ? roll(dice) % 16 : ANYWHERE;
    return opcode << 24 | (roll(dice) % 10) << 20 | rs1 << 16 | (roll(dice) % 10) << 12 |
           roll(dice) % 64;
}

static void start_task(struct hsx_vm *vm, uint8_t slot, struct dice *dice)
{
    static const uint16_t targets[] = {0x0800, 0x1000, 0x1040, 0x10F8, 0x4000, 0x43FC, 0x4800};
    struct hsx_context ctx = get_context(vm, slot);
    ctx.pc = 0;
    ctx.sp = ctx.stack_top;
    ctx.call_depth = 0;
    put_context(vm, slot, &ctx);
    put_reg(vm, slot, OWN_DATA, HSX_DATA_LINK + roll(dice) % 128);
    put_reg(vm, slot, OWN_STACK, ctx.stack_limit + roll(dice) % 512);
    put_reg(vm, slot, OWN_WINDOW, (uint32_t)ctx.reg_base - roll(dice) % 8);
    put_reg(vm, slot, ANYWHERE, targets[roll(dice) % (sizeof targets / sizeof targets[0])]);
    put_reg(vm, slot, SMALL, 1 + roll(dice) % 8);
    hsx_vm_make_ready(vm, slot);
}

/* The same machine for the same seed; every fourth has overlaps or longer slices. */
static struct hsx_vm *random_machine(uint64_t seed, unsigned *tasks)
{
    struct dice dice = {seed};
    struct hsx_vm *vm = new_vm(MOST_TASKS);
    unsigned deeds = 20 + roll(&dice) % 200; /* one word in so many is a deed */
    *tasks = 2 + roll(&dice) % (MOST_TASKS - 1);
    for (unsigned slot = 0; slot < *tasks; slot++) {
        struct hsx_context ctx = fresh_context((uint8_t)slot, WORDS * 4);
        uint32_t words[WORDS];
        for (size_t i = 0; i < WORDS; i++)
            words[i] = i != 0 && roll(&dice) % deeds == 0 ? deed(&dice) : work(&dice);
        words[0] = (uint32_t)HSX_OP_LDI << 24; /* each start retires something */
        ctx.code_base = (uint16_t)(slot * WORDS * 4);
        hsx_vm_write_code(vm, ctx.code_base, words, WORDS);
        ctx.data_len = DATA_LEN;
        ctx.data_base = (uint16_t)(0x4000 + slot * DATA_LEN);
        ctx.flags = roll(&dice) % 4 != 0 ? HSX_CTX_PROTECT : 0;
        if (seed % 8 == 3)
            ctx.data_base = (uint16_t)(0x4000 + slot * 16);
        if (seed % 8 == 7 && roll(&dice) % 4 == 0)
            ctx.slice = (uint8_t)(roll(&dice) % 5);
        put_context(vm, (uint8_t)slot, &ctx);
        start_task(vm, (uint8_t)slot, &dice);
    }
    hsx_vm_set_tick_steps(vm, seed % 3 == 0 ? 0 : 1 + roll(&dice) % 3000);
    hsx_vm_set_alarm(vm, true, 2);
    return vm;
}

/* Between steps: wakes tasks that stopped, and acts from outside. */
static void answer(struct hsx_vm *vm, enum hsx_stop reason, uint8_t slot, struct dice *dice)
{
    switch (reason) {
    case HSX_STOP_SVC:
    case HSX_STOP_BRK:
        hsx_vm_make_ready(vm, slot);
        break;
    case HSX_STOP_FAULT:
    case HSX_STOP_RETURN:
        start_task(vm, slot, dice);
        break;
    case HSX_STOP_ALARM: {
        struct hsx_totals totals;
        hsx_vm_read_totals(vm, &totals);
        hsx_vm_set_alarm(vm, true, totals.now + 1 + roll(dice) % 4);
        break;
    }
    default:
        break;
    }
}

struct sums {
    struct hsx_tally tally;
    size_t records;
};

static void begin(struct sums *sums)
{
    memset(sums, 0, sizeof *sums);
    for (unsigned i = 0; i < HSX_MAX_CONTEXTS; i++)
        sums->tally.slots[i].lowest_sp = UINT16_MAX;
}

static void add_record(struct sums *sums, const struct hsx_record *record)
{
    struct hsx_slot_tally *slot = &sums->tally.slots[record->slot];
    uint8_t opcode = HSX_INSN_OPCODE(record->insn);
    bool retired = record->event != HSX_EV_FAULT && record->event != HSX_EV_RETURN;
    sums->tally.events++;
    if (record->event == HSX_EV_TICK) {
        sums->tally.ticks++;
        return;
    }
    slot->steps += retired;
    slot->turns += (record->flags & HSX_REC_TURN_FIRST) != 0;
    if (retired && (opcode == HSX_OP_PUSH || opcode == HSX_OP_CALL) && record->sp < slot->lowest_sp)
        slot->lowest_sp = record->sp;
    if (record->event != HSX_EV_RETIRE) {
        sums->tally.insn = record->event == HSX_EV_FAULT ? 0 : record->insn;
        sums->tally.pc = record->pc;
    }
}

/* Up to steps more, by single steps: never ahead. */
static void go_by_step(struct hsx_vm *vm, uint64_t steps, struct dice *dice, struct sums *sums,
                       struct hsx_record *records)
{
    struct hsx_totals totals;
    hsx_vm_read_totals(vm, &totals);
    for (uint64_t end = totals.steps + steps; totals.steps < end;) {
        struct hsx_record *record = &records[sums->records++];
        enum hsx_stop reason;
        cr_assert_eq(hsx_vm_step(vm, record, &reason), HSX_OK);
        add_record(sums, record);
        answer(vm, reason, record->slot, dice);
        hsx_vm_read_totals(vm, &totals);
    }
}

/* The same in calls of hsx_vm_run; records may be NULL. */
static void go(struct hsx_vm *vm, uint64_t steps, struct dice *dice, struct sums *sums,
               struct hsx_record *records, size_t capacity)
{
    while (steps > 0) {
        struct hsx_run run = {.max_steps = steps};
        if (records != NULL) {
            run.records = records + sums->records;
            run.capacity = capacity;
        } else {
            run.tally = &sums->tally;
        }
        cr_assert_eq(hsx_vm_run(vm, &run), HSX_OK);
        steps -= run.retired;
        sums->records += run.count;
        answer(vm, run.reason, run.slot, dice);
    }
}

Test(ahead, nothing_shows_that_tasks_ran_ahead_of_each_other)
{
    static struct hsx_record stepped[3 * LONGEST + 16], ran[3 * LONGEST + 16];
    static struct sums by_step, plain, recorded;
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        unsigned tasks;
        struct hsx_vm *a = random_machine(seed, &tasks);
        struct hsx_vm *b = random_machine(seed, &tasks);
        struct hsx_vm *c = random_machine(seed, &tasks);
        struct dice dice_a = {seed}, dice_b = {seed}, dice_c = {seed}, dice = {seed};
        begin(&by_step);
        begin(&plain);
        begin(&recorded);
        for (uint64_t done = 0; done < STEPS;) {
            static const uint32_t most[] = {8, 100, LONGEST};
            uint64_t steps = 1 + roll(&dice) % most[roll(&dice) % 3];
            by_step.records = recorded.records = 0;
            go_by_step(a, steps, &dice_a, &by_step, stepped);
            go(b, steps, &dice_b, &plain, NULL, 0);
            go(c, steps, &dice_c, &recorded, ran, 1 + roll(&dice) % 2000);
            expect_same(a, b, tasks, seed);
            expect_same(a, c, tasks, seed);
            cr_assert(memcmp(&by_step.tally, &plain.tally, sizeof plain.tally) == 0,
                      "seed %lu: the tally after %lu steps", (unsigned long)seed,
                      (unsigned long)(done + steps));
            cr_assert(by_step.records == recorded.records &&
                          memcmp(stepped, ran, recorded.records * sizeof ran[0]) == 0,
                      "seed %lu: records", (unsigned long)seed);
            done += steps;
        }
        hsx_vm_destroy(a);
        hsx_vm_destroy(b);
        hsx_vm_destroy(c);
    }
}
