// SPDX-License-Identifier: Apache-2.0
#include "support.h"

#include <string.h>

struct hsx_vm *new_vm(unsigned contexts)
{
    struct hsx_vm *vm = NULL;
    cr_assert_eq(hsx_vm_create(contexts, &vm), HSX_OK);
    cr_assert_eq(hsx_vm_set_tick_steps(vm, 0), HSX_OK);
    return vm;
}

struct hsx_context fresh_context(uint8_t slot, uint32_t code_len)
{
    uint16_t top = slot == 0 ? 0xFFFC : (uint16_t)(0x10000 - 0x1000 * slot);
    return (struct hsx_context){.sp = top,
                                .reg_base = (uint16_t)(HSX_WINDOW_START + HSX_WINDOW_SIZE * slot),
                                .stack_limit = (uint16_t)(0xF000 - 0x1000 * slot),
                                .stack_top = top,
                                .data_base = HSX_DATA_LINK,
                                .code_len = code_len,
                                .slice = 1};
}

void load(struct hsx_vm *vm, const uint32_t *words, size_t count, unsigned tasks)
{
    cr_assert_eq(hsx_vm_write_code(vm, 0, words, count), HSX_OK);
    for (unsigned slot = 0; slot < tasks; slot++) {
        struct hsx_context ctx = fresh_context((uint8_t)slot, (uint32_t)count * 4);
        put_context(vm, (uint8_t)slot, &ctx);
        cr_assert_eq(hsx_vm_make_ready(vm, (uint8_t)slot), HSX_OK);
    }
}

void put_context(struct hsx_vm *vm, uint8_t slot, const struct hsx_context *ctx)
{
    cr_assert_eq(hsx_vm_write_context(vm, slot, ctx), HSX_OK);
}

struct hsx_context get_context(const struct hsx_vm *vm, uint8_t slot)
{
    struct hsx_context ctx;
    cr_assert_eq(hsx_vm_read_context(vm, slot, &ctx), HSX_OK);
    return ctx;
}

uint32_t get_word(struct hsx_vm *vm, uint32_t addr)
{
    const uint8_t *at = hsx_vm_data(vm) + addr;
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

void put_word(struct hsx_vm *vm, uint32_t addr, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        hsx_vm_data(vm)[addr + i] = (uint8_t)(value >> 8 * i);
}

uint32_t get_reg(struct hsx_vm *vm, uint8_t slot, unsigned index)
{
    return get_word(vm, get_context(vm, slot).reg_base + 4 * index);
}

void put_reg(struct hsx_vm *vm, uint8_t slot, unsigned index, uint32_t value)
{
    put_word(vm, get_context(vm, slot).reg_base + 4 * index, value);
}

struct hsx_record step(struct hsx_vm *vm, enum hsx_stop *reason)
{
    struct hsx_record record;
    cr_assert_eq(hsx_vm_step(vm, &record, reason), HSX_OK);
    cr_assert_neq(*reason, HSX_STOP_IDLE, "nothing to step");
    return record;
}

struct hsx_record step_to(struct hsx_vm *vm, enum hsx_stop reason)
{
    enum hsx_stop got;
    struct hsx_record record = step(vm, &got);
    cr_assert_eq(got, reason, "stop %d, expected %d", (int)got, (int)reason);
    return record;
}

void expect_fault(struct hsx_vm *vm, uint8_t slot, uint32_t code, const char *what)
{
    static uint8_t before[HSX_DATA_SIZE];
    struct hsx_context ctx = get_context(vm, slot);
    struct hsx_totals totals;
    enum hsx_stop reason;
    hsx_vm_read_totals(vm, &totals);
    memcpy(before, hsx_vm_data(vm), sizeof before);

    struct hsx_record record = step(vm, &reason);

    cr_expect_eq(reason, HSX_STOP_FAULT, "%s: stop %d, expected a fault", what, (int)reason);
    cr_expect_eq(get_word(vm, ctx.reg_base), code, "%s: R0 %08X", what,
                 (unsigned)get_word(vm, ctx.reg_base));
    for (unsigned i = 0; i < 4; i++)
        before[ctx.reg_base + i] = (uint8_t)(code >> 8 * i);
    cr_expect_eq(memcmp(before, hsx_vm_data(vm), sizeof before), 0, "%s: memory changed", what);

    struct hsx_context after = get_context(vm, slot);
    ctx.state = HSX_FAULTED;
    cr_expect_eq(memcmp(&ctx, &after, sizeof ctx), 0, "%s: context changed", what);
    struct hsx_totals totals_after;
    hsx_vm_read_totals(vm, &totals_after);
    cr_expect_eq(totals_after.steps, totals.steps, "%s: counted as a step", what);
    cr_expect_eq(totals_after.order, totals.order + 1, "%s: one event", what);

    cr_expect_eq(record.event, HSX_EV_FAULT, "%s: event", what);
    cr_expect_eq(record.rd_value, code, "%s: code in the record", what);
    cr_expect_eq(record.flags & (HSX_REC_RD | HSX_REC_R15 | HSX_REC_EXT | HSX_REC_TURN_ROTATE),
                 HSX_REC_RD, "%s: flags", what);
    cr_expect(record.rd == 0 && record.access == 0 && record.mem_addr == 0 && record.mem_value == 0,
              "%s: R0 only", what);
    cr_expect(record.pc == ctx.pc && record.next_pc == ctx.pc && record.sp == ctx.sp &&
                  record.psw == ctx.psw && record.call_depth == ctx.call_depth &&
                  record.slot == slot,
              "%s: state in the record", what);
}

void expect_retires(struct hsx_vm *vm, uint8_t slot, const char *what)
{
    enum hsx_stop reason;
    struct hsx_record record = step(vm, &reason);
    cr_expect_eq(reason, HSX_STOP_STEPS, "%s: stop %d", what, (int)reason);
    cr_expect_eq(record.event, HSX_EV_RETIRE, "%s: event", what);
    cr_expect_eq(record.slot, slot, "%s: slot", what);
}

uint32_t roll(struct dice *dice)
{
    dice->state = dice->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(dice->state >> 33);
}

void expect_same(struct hsx_vm *a, struct hsx_vm *b, unsigned tasks, uint64_t seed)
{
    cr_assert_eq(memcmp(hsx_vm_data(a), hsx_vm_data(b), HSX_DATA_SIZE), 0, "seed %lu: memory",
                 (unsigned long)seed);
    for (uint8_t slot = 0; slot < tasks; slot++) {
        struct hsx_context x = get_context(a, slot), y = get_context(b, slot);
        cr_assert_eq(memcmp(&x, &y, sizeof x), 0, "seed %lu: slot %d", (unsigned long)seed, slot);
    }
    uint8_t queue[2][HSX_MAX_CONTEXTS] = {{0}}, left[2];
    size_t count[2];
    struct hsx_totals totals[2];
    hsx_vm_read_queue(a, queue[0], tasks, &count[0], &left[0]);
    hsx_vm_read_queue(b, queue[1], tasks, &count[1], &left[1]);
    cr_assert(count[0] == count[1] && left[0] == left[1] && memcmp(queue[0], queue[1], tasks) == 0,
              "seed %lu: queue", (unsigned long)seed);
    hsx_vm_read_totals(a, &totals[0]);
    hsx_vm_read_totals(b, &totals[1]);
    cr_assert(memcmp(&totals[0], &totals[1], sizeof totals[0]) == 0, "seed %lu: totals",
              (unsigned long)seed);
}
