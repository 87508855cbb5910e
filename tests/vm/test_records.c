// SPDX-License-Identifier: Apache-2.0
/* Random programs: with records, without, and step by step a machine does the same, and
 * the records describe what it did. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

enum { TASKS = 6, WORDS = 64, STEPS = 600, PROGRAMS = 400 };

static uint32_t random_insn(struct dice *dice)
{
    uint32_t opcode;
    do
        opcode = roll(dice) % 0x80;
    while (hsx_insn_table[opcode].name == NULL && roll(dice) % 64 != 0);
    uint32_t word = opcode << 24 | (roll(dice) & 0xFFFFFF);
    if (hsx_insn_table[opcode].operands == HSX_OPND_TARGET)
        word = (word & 0xFFFFF000) | (roll(dice) % WORDS * 4);
    else if (opcode == HSX_OP_CALL)
        word = (word & 0xFFF0F000) | (roll(dice) % 16 * 4);
    return word;
}

/* The same machine for the same seed. */
static struct hsx_vm *random_machine(uint64_t seed)
{
    struct dice dice = {seed};
    struct hsx_vm *vm = new_vm(TASKS);
    for (unsigned slot = 0; slot < TASKS; slot++) {
        uint32_t words[WORDS];
        struct hsx_context ctx = fresh_context((uint8_t)slot, WORDS * 4);
        for (size_t i = 0; i < WORDS; i++)
            words[i] = random_insn(&dice);
        ctx.code_base = (uint16_t)(slot * WORDS * 4);
        hsx_vm_write_code(vm, ctx.code_base, words, WORDS);
        ctx.sp = (uint16_t)(ctx.stack_top - roll(&dice) % 16 * 4);
        ctx.psw = roll(&dice) & 15;
        ctx.slice = roll(&dice) % 3 == 0 ? (uint8_t)(roll(&dice) % 6) : 1;
        ctx.call_depth = roll(&dice) % 3;
        ctx.data_len = roll(&dice) % 2 * 0x800;
        ctx.data_base = (uint16_t)(0x4000 + slot * 0x800);
        ctx.flags = (uint8_t)(roll(&dice) & 3);
        put_context(vm, (uint8_t)slot, &ctx);
        for (unsigned reg = 0; reg < HSX_REGISTERS; reg++) {
            /* Some values point into windows, data and stack; some are small. */
            static const uint32_t masks[] = {0xFFFFFFFF, 0x000013FF, 0x00007FFF, 0x1F};
            put_reg(vm, (uint8_t)slot, reg, roll(&dice) & masks[roll(&dice) % 4]);
        }
        hsx_vm_make_ready(vm, (uint8_t)slot);
    }
    hsx_vm_set_tick_steps(vm, 1 + roll(&dice) % 50);
    return vm;
}

/* After a stop: a trapped or paused task continues, others stay out of the queue. */
static void answer(struct hsx_vm *vm, enum hsx_stop reason, uint8_t slot)
{
    if (reason == HSX_STOP_SVC || reason == HSX_STOP_BRK)
        hsx_vm_make_ready(vm, slot);
}

/* Runs in calls of at most chunk steps and records of capacity (0: none). */
static size_t run_all(struct hsx_vm *vm, uint64_t chunk, struct hsx_record *records,
                      size_t capacity)
{
    uint64_t done = 0;
    size_t count = 0;
    while (done < STEPS) {
        struct hsx_run run = {.max_steps = STEPS - done < chunk ? STEPS - done : chunk,
                              .records = capacity != 0 ? records + count : NULL,
                              .capacity = capacity};
        cr_assert_eq(hsx_vm_run(vm, &run), HSX_OK);
        done += run.retired;
        count += run.count;
        if (run.reason == HSX_STOP_IDLE)
            break;
        answer(vm, run.reason, run.slot);
    }
    return count;
}

static size_t step_all(struct hsx_vm *vm, struct hsx_record *records)
{
    struct hsx_totals totals;
    size_t count = 0;
    do {
        enum hsx_stop reason;
        cr_assert_eq(hsx_vm_step(vm, &records[count], &reason), HSX_OK);
        if (reason == HSX_STOP_IDLE)
            break;
        answer(vm, reason, records[count].slot);
        count++;
        hsx_vm_read_totals(vm, &totals);
    } while (totals.steps < STEPS);
    return count;
}

Test(records, running_with_without_and_step_by_step_is_the_same)
{
    static struct hsx_record stepped[3 * STEPS], ran[3 * STEPS + 16];
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct hsx_vm *by_step = random_machine(seed);
        size_t count = step_all(by_step, stepped);
        static const uint64_t chunks[] = {UINT64_MAX, 7, 1};
        for (size_t i = 0; i < sizeof chunks / sizeof chunks[0]; i++) {
            struct hsx_vm *plain = random_machine(seed);
            struct hsx_vm *recording = random_machine(seed);
            run_all(plain, chunks[i], NULL, 0);
            cr_assert_eq(run_all(recording, chunks[i], ran, i == 2 ? 16 : 3), count);
            cr_assert_eq(memcmp(stepped, ran, count * sizeof stepped[0]), 0, "seed %lu: records",
                         (unsigned long)seed);
            expect_same(by_step, plain, TASKS, seed);
            expect_same(by_step, recording, TASKS, seed);
            hsx_vm_destroy(plain);
            hsx_vm_destroy(recording);
        }
        hsx_vm_destroy(by_step);
    }
}

enum { BLOCKS = 1500, LENGTH = 7, BLOCK_REGS = 4 };

static uint32_t block_reg(struct dice *dice)
{
    return 1 + roll(dice) % BLOCK_REGS;
}

static uint32_t block_word(uint8_t opcode, uint32_t rd, uint32_t rs1, uint32_t rs2)
{
    return (uint32_t)opcode << 24 | rd << 20 | rs1 << 16 | rs2 << 12;
}

/* Blocks that LENGTH words and an SVC make: each gives the same as steps. */
static void expect_blocks_to_be_steps(const uint32_t *words, struct dice *dice)
{
    struct hsx_vm *in_blocks = new_vm(1);
    struct hsx_vm *by_step = new_vm(1);
    load(in_blocks, words, BLOCKS * (LENGTH + 1), 1);
    load(by_step, words, BLOCKS * (LENGTH + 1), 1);
    for (uint64_t block = 0; block < BLOCKS; block++) {
        struct hsx_run run = {.max_steps = UINT64_MAX};
        for (unsigned reg = 1; reg <= BLOCK_REGS; reg++) {
            uint32_t value = roll(dice) % 3 == 0 ? roll(dice) % 2 : roll(dice);
            put_reg(in_blocks, 0, reg, value);
            put_reg(by_step, 0, reg, value);
        }
        cr_assert_eq(hsx_vm_run(in_blocks, &run), HSX_OK);
        cr_assert_eq(run.reason, HSX_STOP_SVC);
        for (unsigned i = 0; i < LENGTH; i++) {
            enum hsx_stop reason;
            step(by_step, &reason);
        }
        step_to(by_step, HSX_STOP_SVC);
        expect_same(by_step, in_blocks, 1, block);
        hsx_vm_make_ready(in_blocks, 0);
        hsx_vm_make_ready(by_step, 0);
    }
    hsx_vm_destroy(in_blocks);
    hsx_vm_destroy(by_step);
}

/* Inside a block flags that are never read are omitted, and some words run together. */
Test(records, blocks_of_sums_and_shifts_are_the_same_as_steps)
{
    static const uint8_t opcodes[] = {HSX_OP_LSL, HSX_OP_LSR, HSX_OP_LSL, HSX_OP_LSR, HSX_OP_ASR,
                                      HSX_OP_XOR, HSX_OP_XOR, HSX_OP_XOR, HSX_OP_ADD, HSX_OP_SUB,
                                      HSX_OP_ADC, HSX_OP_SBC, HSX_OP_CMP, HSX_OP_MOV, HSX_OP_NOT};
    static uint32_t words[BLOCKS * (LENGTH + 1)];
    struct dice dice = {1};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        uint8_t opcode = opcodes[roll(&dice) % sizeof opcodes];
        words[i] = i % (LENGTH + 1) == LENGTH
                       ? (uint32_t)HSX_OP_SVC << 24
                       : block_word(opcode, block_reg(&dice), block_reg(&dice), block_reg(&dice));
    }
    expect_blocks_to_be_steps(words, &dice);
}

/* Shifts and XORs that mostly go on with the result of the pair before, as random number
 * generators have them, and a sum that makes the flags of all of them dead. */
Test(records, blocks_of_shifts_and_xors_in_a_chain_are_the_same_as_steps)
{
    static uint32_t words[BLOCKS * (LENGTH + 1)];
    struct dice dice = {2};
    for (size_t block = 0; block < BLOCKS; block++) {
        uint32_t *word = &words[block * (LENGTH + 1)];
        uint32_t last = block_reg(&dice);
        for (unsigned pair = 0; pair < LENGTH / 2; pair++) {
            uint32_t shifted = block_reg(&dice);
            uint32_t result = block_reg(&dice);
            *word++ = block_word(roll(&dice) % 2 ? HSX_OP_LSL : HSX_OP_LSR, shifted,
                                 roll(&dice) % 4 ? last : block_reg(&dice), block_reg(&dice));
            *word++ = block_word(HSX_OP_XOR, result, roll(&dice) % 4 ? last : block_reg(&dice),
                                 roll(&dice) % 8 ? shifted : block_reg(&dice));
            last = result;
        }
        *word++ = block_word(HSX_OP_ADD, block_reg(&dice), last, block_reg(&dice));
        *word = (uint32_t)HSX_OP_SVC << 24;
    }
    expect_blocks_to_be_steps(words, &dice);
}

/* Switches between the three ways all the time. */
static void run_mixed(struct hsx_vm *vm, uint64_t seed)
{
    struct hsx_record records[8];
    struct dice dice = {seed};
    uint64_t done = 0;
    while (done < STEPS) {
        uint64_t left = STEPS - done;
        uint64_t chunk = 1 + roll(&dice) % 20;
        bool recording = roll(&dice) % 2 == 0;
        struct hsx_run run = {.max_steps = chunk < left ? chunk : left,
                              .records = recording ? records : NULL,
                              .capacity = recording ? 8 : 0};
        cr_assert_eq(hsx_vm_run(vm, &run), HSX_OK);
        done += run.retired;
        if (run.reason == HSX_STOP_IDLE)
            break;
        answer(vm, run.reason, run.slot);
    }
}

Test(records, ways_of_running_can_be_mixed)
{
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct hsx_vm *plain = random_machine(seed);
        struct hsx_vm *mixed = random_machine(seed);
        run_all(plain, UINT64_MAX, NULL, 0);
        run_mixed(mixed, seed);
        expect_same(plain, mixed, TASKS, seed);
        hsx_vm_destroy(plain);
        hsx_vm_destroy(mixed);
    }
}

static void put_bytes(uint8_t *at, uint32_t value, unsigned width)
{
    for (unsigned i = 0; i < width; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* Memory follows from the records alone: stores, R15, rd in this order. */
Test(records, memory_can_be_rebuilt_from_the_records)
{
    static uint8_t rebuilt[HSX_DATA_SIZE];
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct hsx_vm *vm = random_machine(seed);
        memcpy(rebuilt, hsx_vm_data(vm), sizeof rebuilt);
        for (unsigned i = 0; i < STEPS; i++) {
            struct hsx_record record;
            enum hsx_stop reason;
            hsx_vm_step(vm, &record, &reason);
            if (reason == HSX_STOP_IDLE)
                break;
            uint8_t *window = rebuilt + HSX_WINDOW_START + HSX_WINDOW_SIZE * record.slot;
            if ((record.access & HSX_ACC_WRITE) != 0)
                put_bytes(rebuilt + record.mem_addr, record.mem_value,
                          record.access & HSX_ACC_WIDTH);
            if ((record.flags & HSX_REC_R15) != 0)
                put_bytes(window + 4 * 15, record.sp, 4);
            if ((record.flags & HSX_REC_RD) != 0)
                put_bytes(window + 4 * record.rd, record.rd_value, 4);
            answer(vm, reason, record.slot);
        }
        cr_assert_eq(memcmp(rebuilt, hsx_vm_data(vm), sizeof rebuilt), 0, "seed %lu",
                     (unsigned long)seed);
        hsx_vm_destroy(vm);
    }
}
