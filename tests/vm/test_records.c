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

static void expect_ran(struct hsx_vm *vm, struct hsx_run *run)
{
    cr_assert_eq(hsx_vm_run(vm, run), HSX_OK);
    cr_assert_eq(run->reason, HSX_STOP_SVC);
}

/* Blocks that LENGTH words and an SVC make: each gives the same as steps, wherever it is entered.
 */
static void expect_blocks_to_be_steps(const uint32_t *words, struct dice *dice)
{
    enum { MACHINES = 3 }; /* in blocks, the same with records, and by step */
    struct hsx_vm *vms[MACHINES];
    for (size_t i = 0; i < MACHINES; i++) {
        vms[i] = new_vm(1);
        load(vms[i], words, BLOCKS * (LENGTH + 1), 1);
    }
    for (uint64_t block = 0; block < BLOCKS; block++) {
        struct hsx_record stepped[LENGTH + 1], ran[32];
        struct hsx_run run = {.max_steps = UINT64_MAX};
        struct hsx_run recording = {
            .max_steps = UINT64_MAX, .records = ran, .capacity = sizeof ran / sizeof ran[0]};
        unsigned from = roll(dice) % 4 == 0 ? roll(dice) % LENGTH : 0;
        for (unsigned reg = 1; reg <= BLOCK_REGS; reg++) {
            uint32_t value = roll(dice) % 3 == 0 ? roll(dice) % 2 : roll(dice);
            for (size_t i = 0; i < MACHINES; i++)
                put_reg(vms[i], 0, reg, value);
        }
        for (size_t i = 0; i < MACHINES; i++) {
            struct hsx_context ctx = get_context(vms[i], 0);
            ctx.pc = (uint16_t)(4 * (block * (LENGTH + 1) + from));
            put_context(vms[i], 0, &ctx);
        }
        expect_ran(vms[0], &run);
        expect_ran(vms[1], &recording);
        for (unsigned i = from; i <= LENGTH; i++) {
            enum hsx_stop reason;
            hsx_vm_step(vms[2], &stepped[i - from], &reason);
        }
        cr_assert_eq(recording.count, LENGTH + 1 - from);
        cr_assert_eq(memcmp(ran, stepped, recording.count * sizeof ran[0]), 0, "block %lu: records",
                     (unsigned long)block);
        expect_same(vms[2], vms[0], 1, block);
        expect_same(vms[2], vms[1], 1, block);
        for (size_t i = 0; i < MACHINES; i++)
            hsx_vm_make_ready(vms[i], 0);
    }
    for (size_t i = 0; i < MACHINES; i++)
        hsx_vm_destroy(vms[i]);
}

/* Inside a block flags that are never read are omitted, and some words run together. */
Test(records, blocks_of_sums_and_shifts_are_the_same_as_steps)
{
    static const uint8_t opcodes[] = {HSX_OP_LSL, HSX_OP_LSR, HSX_OP_LSL, HSX_OP_LSR, HSX_OP_ASR,
                                      HSX_OP_XOR, HSX_OP_XOR, HSX_OP_XOR, HSX_OP_ADD, HSX_OP_SUB,
                                      HSX_OP_ADC, HSX_OP_SBC, HSX_OP_CMP, HSX_OP_MOV, HSX_OP_NOT,
                                      HSX_OP_AND, HSX_OP_OR,  HSX_OP_ADD, HSX_OP_SUB, HSX_OP_AND};
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
        uint32_t kept = block_reg(&dice);
        bool same = roll(&dice) % 2 == 0; /* registers in all pairs, mostly */
        for (unsigned pair = 0; pair < LENGTH / 2; pair++) {
            uint32_t shifted = same && roll(&dice) % 8 != 0 ? kept : block_reg(&dice);
            uint32_t result = same && roll(&dice) % 8 != 0 ? last : block_reg(&dice);
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

/* One task that computes for ever: the last word is a jump, or may be followed by a bad fetch. */
static struct hsx_vm *computing_machine(uint64_t seed)
{
    static const uint8_t opcodes[] = {
        HSX_OP_LSL, HSX_OP_LSR, HSX_OP_XOR, HSX_OP_XOR, HSX_OP_ADD, HSX_OP_SUB, HSX_OP_ADC,
        HSX_OP_MUL, HSX_OP_AND, HSX_OP_AND, HSX_OP_CMP, HSX_OP_MOV, HSX_OP_NOT, HSX_OP_LDI,
        HSX_OP_LD,  HSX_OP_LDB, HSX_OP_ST,  HSX_OP_STB, HSX_OP_JZ,  HSX_OP_JNZ, HSX_OP_JMP};
    struct dice dice = {seed};
    struct hsx_vm *vm = new_vm(1);
    uint32_t words[WORDS];
    for (size_t i = 0; i < WORDS; i++) {
        uint8_t opcode = opcodes[roll(&dice) % sizeof opcodes];
        if (seed % 3 == 0 && roll(&dice) % 4 != 0)
            opcode = HSX_OP_MOV; /* flags are seen long after they were set */
        words[i] = block_word(opcode, block_reg(&dice), block_reg(&dice), block_reg(&dice));
        if (hsx_insn_table[opcode].operands == HSX_OPND_TARGET)
            words[i] = (uint32_t)opcode << 24 | roll(&dice) % WORDS * 4;
        else if (hsx_insn_table[opcode].operands == HSX_OPND_RD_MEM ||
                 hsx_insn_table[opcode].operands == HSX_OPND_MEM_RS2)
            words[i] = (words[i] & 0xFFF0F000) | 10 << 16 | roll(&dice) % 64;
    }
    if (seed % 4 != 0)
        words[WORDS - 1] = (uint32_t)HSX_OP_JMP << 24;
    load(vm, words, WORDS, 1);
    struct hsx_context ctx = get_context(vm, 0);
    ctx.code_base = (uint16_t)(seed % 5 == 0 ? HSX_CODE_SIZE - WORDS * 4 : 0);
    /* Singly, over others: what a word is run with depends on its neighbours. */
    hsx_vm_write_code(vm, ctx.code_base + 4u, words, WORDS - 1);
    for (uint32_t i = 0; i < WORDS; i++)
        hsx_vm_write_code(vm, ctx.code_base + i * 23 % WORDS * 4, &words[i * 23 % WORDS], 1);
    ctx.data_len = roll(&dice) % 2 * 0x40;
    put_context(vm, 0, &ctx);
    put_reg(vm, 0, 10, HSX_DATA_LINK + roll(&dice) % 16);
    return vm;
}

/* In front of some words; they never hold. */
static void put_points(struct hsx_vm *vm, uint64_t seed)
{
    struct hsx_point points[HSX_MAX_POINTS];
    struct dice dice = {seed};
    size_t count = 1 + roll(&dice) % HSX_MAX_POINTS;
    for (size_t i = 0; i < count; i++)
        points[i] = (struct hsx_point){
            .pc = (uint16_t)(roll(&dice) % WORDS * 4),
            .condition = {.relation = HSX_LESS, .value = 0},
        };
    cr_assert_eq(hsx_vm_set_points(vm, points, count), HSX_OK);
}

/* Stretches end inside blocks, and inside words that run together. */
Test(records, one_task_does_the_same_in_stretches_of_any_length)
{
    static struct hsx_record stepped[100], ran[100];
    static struct hsx_tally tally;
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct hsx_vm *by_step = computing_machine(seed);
        struct hsx_vm *plain = computing_machine(seed);
        struct hsx_vm *recording = computing_machine(seed);
        struct hsx_vm *looking = computing_machine(seed);
        struct dice dice = {seed};
        enum hsx_stop reason = HSX_STOP_STEPS;
        put_points(looking, seed);
        for (unsigned stretch = 0; stretch < 20 && reason == HSX_STOP_STEPS; stretch++) {
            struct hsx_run run = {.max_steps = 1 + roll(&dice) % 100};
            struct hsx_run with_records = {
                .max_steps = run.max_steps, .records = ran, .capacity = 100};
            struct hsx_run look = {
                .max_steps = run.max_steps, .tally = &tally, .look = roll(&dice) % 2 == 0};
            size_t count = 0;
            while (count < run.max_steps && reason == HSX_STOP_STEPS)
                hsx_vm_step(by_step, &stepped[count++], &reason);
            hsx_vm_run(plain, &run);
            hsx_vm_run(recording, &with_records);
            hsx_vm_run(looking, &look);
            cr_assert_eq(run.reason, reason);
            cr_assert_eq(look.reason, reason);
            cr_assert_eq(with_records.reason, reason);
            cr_assert_eq(with_records.count, count);
            cr_assert_eq(memcmp(stepped, ran, count * sizeof ran[0]), 0, "seed %lu: records",
                         (unsigned long)seed);
            expect_same(by_step, plain, 1, seed);
            expect_same(by_step, recording, 1, seed);
            expect_same(by_step, looking, 1, seed);
        }
        hsx_vm_destroy(looking);
        hsx_vm_destroy(by_step);
        hsx_vm_destroy(plain);
        hsx_vm_destroy(recording);
    }
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
