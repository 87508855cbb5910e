// SPDX-License-Identifier: Apache-2.0
/* Lock-step of two C VMs, one of them with a planted fault: each must be caught
 * and reported at the right place. */
#include "../words.h"
#include "faulty_target.h"
#include <criterion/criterion.h>
#include <hsx/cosim.h>
#include <hsx/target_vm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TASKS = 3, STEPS = 600, TICK_STEPS = 100 };

/* A loop with every kind of effect: registers, flags, stack, memory, LDI32, SVC. */
static const uint32_t program[] = {
    WORD(LDI32, 1, 0, 0, 0),   0x00000200, /* 0x00 */
    WORD(ADD, 2, 2, 1, 0),                 /* 0x08 */
    WORD(ST, 0, 1, 2, 4),                  /* 0x0C */
    WORD(LDH, 3, 1, 0, 4),                 /* 0x10 */
    WORD(CALL, 0, 0, 0, 16),               /* 0x14: to 0x24 */
    WORD(CMP, 0, 3, 2, 0),                 /* 0x18 */
    WORD(SVC, 0, 0, 0, 0x101),             /* 0x1C */
    WORD(JMP, 0, 0, 0, 8),                 /* 0x20 */
    WORD(PUSH, 0, 2, 0, 0),                /* 0x24 */
    WORD(POP, 4, 0, 0, 0),                 /* 0x28 */
    WORD(RET, 0, 0, 0, 0),                 /* 0x2C */
};

static const char *message(const struct hsx_target *device)
{
    (void)device;
    return "planted failure";
}

static enum hsx_status load(struct hsx_target *t)
{
    enum hsx_status status = t->ops->write_code(t, 0, program, sizeof program / sizeof program[0]);

    for (uint8_t slot = 0; status == HSX_OK && slot < TASKS; slot++) {
        struct hsx_context ctx = {
            .sp = (uint16_t)(0xFF00 - 0x1000 * slot),
            .reg_base = (uint16_t)(HSX_WINDOW_START + HSX_WINDOW_SIZE * slot),
            .stack_limit = (uint16_t)(0xF000 - 0x1000 * slot),
            .stack_top = (uint16_t)(0xFF00 - 0x1000 * slot),
            .code_len = sizeof program,
            .slice = (uint8_t)(1 + slot),
            .state = HSX_READY,
        };
        uint32_t start[HSX_REGISTERS] = {0, 0, slot};

        status = t->ops->write_context(t, slot, &ctx);
        if (status == HSX_OK) {
            status = t->ops->write_data(t, ctx.reg_base, start, sizeof start);
        }
        if (status == HSX_OK) {
            status = t->ops->make_ready(t, slot);
        }
    }
    if (status == HSX_OK) {
        status = t->ops->set_tick_steps(t, TICK_STEPS);
    }
    return status == HSX_OK ? t->ops->set_alarm(t, true, 3) : status;
}

/* A small executive: it sets R0 = 0 after each SVC and continues. */
static enum hsx_status complete(struct hsx_target *t, uint8_t slot)
{
    static const uint8_t zero[4];
    struct hsx_context ctx;
    enum hsx_status status = t->ops->read_context(t, slot, &ctx);

    if (status == HSX_OK) {
        status = t->ops->write_data(t, ctx.reg_base, zero, sizeof zero);
    }
    if (status == HSX_OK) {
        status = t->ops->make_ready(t, slot);
    }
    return status == HSX_OK ? t->ops->count_event(t) : status;
}

static enum hsx_status drive(struct hsx_target *t, struct hsx_record *records, size_t capacity)
{
    uint64_t left = STEPS;
    enum hsx_status status = load(t);

    while (status == HSX_OK) {
        struct hsx_run run = {.max_steps = left, .records = records, .capacity = capacity};

        status = t->ops->run(t, &run);
        left -= run.retired;
        if (status == HSX_OK && run.reason == HSX_STOP_SVC) {
            status = complete(t, run.slot);
        } else if (status == HSX_OK && run.reason == HSX_STOP_STEPS) {
            return hsx_cosim_finish(t);
        }
    }
    return status;
}

static void name_place(void *ctx, unsigned slot, uint16_t pc, char *text, size_t size)
{
    snprintf(text, size, "%s%u+%u", (const char *)ctx, slot, (unsigned)pc);
}

static struct hsx_target *make(const struct planted_fault *fault, uint64_t check_steps)
{
    static char prefix[] = "task";
    struct hsx_cosim_options options = {.check_steps = check_steps,
                                        .device_message = message,
                                        .name = name_place,
                                        .name_ctx = prefix,
                                        .reproduce = "hsx cosim this.hxe"};
    struct hsx_target *device = NULL;
    struct hsx_target *golden = NULL;
    struct hsx_target *cosim = NULL;

    cr_assert_eq(hsx_target_vm_create(TASKS, &device), HSX_OK);
    cr_assert_eq(hsx_target_vm_create(TASKS, &golden), HSX_OK);
    device = faulty_target_create(device, fault);
    cr_assert_not_null(device);
    cr_assert_eq(hsx_cosim_create(device, golden, &options, &cosim), HSX_OK);
    return cosim;
}

static struct hsx_divergence find(struct planted_fault fault, uint64_t check_steps)
{
    struct hsx_target *cosim = make(&fault, check_steps);
    struct hsx_divergence found;

    cr_assert_eq(drive(cosim, NULL, 0), HSX_ERR_DIVERGED);
    found = *hsx_cosim_divergence(cosim);
    cosim->ops->destroy(cosim);
    return found;
}

Test(lockstep, equal_machines_agree)
{
    const struct planted_fault none = {.kind = FAULT_NONE};
    struct hsx_target *cosim = make(&none, 50);
    struct hsx_cosim_stats stats;
    struct hsx_totals totals;

    cr_assert_eq(drive(cosim, NULL, 0), HSX_OK);
    cr_expect_eq(hsx_cosim_divergence(cosim)->kind, HSX_DIVERGED_NOT);
    hsx_cosim_read_stats(cosim, &stats);
    cr_assert_eq(cosim->ops->read_totals(cosim, &totals), HSX_OK);
    cr_expect_eq(totals.steps, STEPS);
    cr_expect_gt(stats.records, STEPS, "ticks are records too");
    cr_expect_geq(stats.checks, STEPS / 50);
    cosim->ops->destroy(cosim);
}

Test(lockstep, records_reach_the_caller_whatever_its_buffer)
{
    const struct planted_fault none = {.kind = FAULT_NONE};
    struct hsx_record records[7];
    struct hsx_target *cosim = make(&none, 13);

    cr_expect_eq(drive(cosim, records, 7), HSX_OK);
    cosim->ops->destroy(cosim);
}

Test(lockstep, every_field_of_a_record_is_compared)
{
    static const struct {
        const char *name;
        size_t offset;
    } fields[] = {
#define FIELD(name) {#name, offsetof(struct hsx_record, name)}
        FIELD(insn),       FIELD(ext), FIELD(rd_value), FIELD(mem_value), FIELD(mem_addr),
        FIELD(pc),         FIELD(sp),  FIELD(next_pc),  FIELD(slot),      FIELD(rd),
        FIELD(call_depth), FIELD(psw), FIELD(event),    FIELD(access),    FIELD(flags),
#undef FIELD
    };
    struct hsx_target *reference = NULL;
    struct hsx_record records[2];
    struct hsx_run run = {.max_steps = 2, .records = records, .capacity = 2};

    cr_assert_eq(hsx_target_vm_create(TASKS, &reference), HSX_OK);
    cr_assert_eq(load(reference), HSX_OK);
    cr_assert_eq(reference->ops->run(reference, &run), HSX_OK);
    reference->ops->destroy(reference);

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const struct planted_fault fault = {FAULT_FLIP, 1, fields[i].offset, 0x40};
        struct hsx_divergence d = find(fault, 0);

        cr_expect_eq(d.kind, HSX_DIVERGED_RECORD, "%s", fields[i].name);
        cr_expect_str_eq(d.field, fields[i].name);
        cr_expect_eq(d.order, 1);
        cr_expect_eq(d.expected ^ d.got, 0x40, "%s", fields[i].name);
        cr_expect_eq(memcmp(&d.golden_record, &records[1], sizeof records[1]), 0,
                     "the golden record is shown as it was");
    }
}

Test(lockstep, a_late_record_has_its_order_number)
{
    const struct planted_fault fault = {FAULT_FLIP, 333, offsetof(struct hsx_record, psw), 1};
    struct hsx_divergence d = find(fault, 0);

    cr_expect_eq(d.kind, HSX_DIVERGED_RECORD);
    cr_expect_str_eq(d.field, "psw");
    cr_expect_gt(d.order, 333, "completions have order numbers, but no record");
}

Test(lockstep, a_record_too_few_or_too_many_is_caught)
{
    struct hsx_divergence early = find((struct planted_fault){FAULT_STOP_EARLY, 20, 0, 0}, 0);
    struct hsx_divergence late = find((struct planted_fault){FAULT_STOP_LATE, 20, 0, 0}, 0);

    cr_expect_eq(early.kind, HSX_DIVERGED_MISSING);
    cr_expect_neq(early.golden_record.insn, 0);
    cr_expect(late.kind == HSX_DIVERGED_EXTRA || late.kind == HSX_DIVERGED_RECORD);
}

Test(lockstep, stops_are_compared)
{
    struct hsx_divergence slot = find((struct planted_fault){.kind = FAULT_STOP_SLOT}, 0);
    struct hsx_divergence reason = find((struct planted_fault){.kind = FAULT_STOP_REASON}, 0);

    cr_expect_eq(slot.kind, HSX_DIVERGED_STOP);
    cr_expect_str_eq(slot.field, "stop slot");
    cr_expect_eq(slot.got, slot.expected ^ 1);
    cr_expect_eq(reason.kind, HSX_DIVERGED_STOP);
    cr_expect_eq(reason.expected, HSX_STOP_SVC);
    cr_expect_eq(reason.got, HSX_STOP_BRK);
}

Test(lockstep, a_dropped_write_of_a_register_is_caught_in_the_next_use)
{
    struct hsx_divergence d = find((struct planted_fault){FAULT_DROP_WRITE, 1, 0, 0}, 0);

    cr_expect_eq(d.kind, HSX_DIVERGED_RECORD);
    cr_expect_eq(d.slot, 1);
    cr_expect_str_eq(d.field, "rd_value", "R2 of slot 1 started with 0 instead of 1");
    cr_expect_eq(d.expected - d.got, 1);
}

Test(lockstep, wrong_code_is_caught_at_its_fetch)
{
    struct hsx_divergence d = find((struct planted_fault){.kind = FAULT_DROP_CODE}, 0);

    cr_expect_eq(d.kind, HSX_DIVERGED_RECORD);
    cr_expect_eq(d.golden_record.pc, 0x2C);
    cr_expect_eq(HSX_INSN_OPCODE(d.golden_record.insn), HSX_OP_RET);
}

Test(lockstep, memory_that_changes_by_itself_is_caught_at_the_interval)
{
    const struct planted_fault fault = {FAULT_MEMORY, 0, 0x8123, 0x10};
    struct hsx_divergence d = find(fault, 10);

    cr_expect_eq(d.kind, HSX_DIVERGED_DATA);
    cr_expect_eq(d.addr, 0x8123);
    cr_expect_eq(d.expected, 0x00);
    cr_expect_eq(d.got, 0x10);
    cr_expect_lt(d.order, 40, "found at the first check after some runs");
}

Test(lockstep, a_wrong_context_field_is_caught)
{
    const struct planted_fault fault = {FAULT_CONTEXT, 0, offsetof(struct hsx_context, data_base),
                                        0x04};
    struct hsx_divergence d = find(fault, 10);

    cr_expect_eq(d.kind, HSX_DIVERGED_CONTEXT);
    cr_expect_str_eq(d.field, "data_base");
    cr_expect_eq(d.got, 4);
}

Test(lockstep, a_lost_wake_is_caught)
{
    struct hsx_divergence d = find((struct planted_fault){FAULT_NO_READY, 4, 0, 0}, 0);

    cr_expect_eq(d.kind, HSX_DIVERGED_RECORD);
    cr_expect_str_eq(d.field, "slot");
}

Test(lockstep, queue_and_totals_are_compared)
{
    struct hsx_divergence queue = find((struct planted_fault){.kind = FAULT_TURN_LEFT}, 10);
    struct hsx_divergence now = find((struct planted_fault){.kind = FAULT_TOTAL_NOW}, 10);

    cr_expect_eq(queue.kind, HSX_DIVERGED_QUEUE);
    cr_expect_str_eq(queue.field, "turn_left");
    cr_expect_eq(now.kind, HSX_DIVERGED_TOTALS);
    cr_expect_str_eq(now.field, "now");
}

Test(lockstep, a_refused_call_is_caught)
{
    struct hsx_divergence d = find((struct planted_fault){.kind = FAULT_REFUSE}, 0);

    cr_expect_eq(d.kind, HSX_DIVERGED_STATUS);
    cr_expect_str_eq(d.field, "set_alarm");
}

Test(lockstep, a_failing_device_shows_what_was_due)
{
    struct hsx_divergence d = find((struct planted_fault){FAULT_HANG, 5, 0, 0}, 0);

    cr_expect_eq(d.kind, HSX_DIVERGED_MACHINE);
    cr_expect_str_eq(d.message, "planted failure");
    cr_expect_neq(d.golden_record.insn, 0);
    cr_expect_eq(d.order, 5);
}

Test(lockstep, after_a_divergence_nothing_goes_on)
{
    const struct planted_fault fault = {FAULT_FLIP, 1, 0, 1};
    struct hsx_target *cosim = make(&fault, 0);
    struct hsx_run run = {.max_steps = 1};
    uint8_t byte;

    cr_assert_eq(drive(cosim, NULL, 0), HSX_ERR_DIVERGED);
    cr_expect_eq(cosim->ops->run(cosim, &run), HSX_ERR_DIVERGED);
    cr_expect_eq(cosim->ops->read_data(cosim, 0, &byte, 1), HSX_ERR_DIVERGED);
    cr_expect_eq(cosim->ops->make_ready(cosim, 0), HSX_ERR_DIVERGED);
    cr_expect_eq(hsx_cosim_finish(cosim), HSX_ERR_DIVERGED);
    cosim->ops->destroy(cosim);
}

Test(lockstep, what_agreed_is_the_callers_and_the_golden_machine_goes_back_to_it)
{
    const struct planted_fault fault = {FAULT_FLIP, 7, offsetof(struct hsx_record, sp), 4};
    struct hsx_target *cosim = make(&fault, 0);
    struct hsx_target *golden = hsx_cosim_golden(cosim);
    struct hsx_record records[64];
    struct hsx_run run = {.max_steps = STEPS, .records = records, .capacity = 64};
    uint16_t pc[TASKS] = {0};

    cr_assert_eq(load(cosim), HSX_OK);
    cr_assert_eq(cosim->ops->run(cosim, &run), HSX_ERR_DIVERGED);
    cr_assert_eq(run.count, 7);
    for (size_t i = 0; i < run.count; i++) {
        pc[records[i].slot] = records[i].next_pc;
    }
    for (uint8_t slot = 0; slot < TASKS; slot++) {
        struct hsx_context ctx;

        cr_assert_eq(golden->ops->read_context(golden, slot, &ctx), HSX_OK);
        cr_expect_eq(ctx.pc, pc[slot], "slot %u", slot);
        cr_expect_eq(ctx.state, HSX_READY);
    }
    cosim->ops->destroy(cosim);
}

Test(lockstep, the_report_can_be_read)
{
    const struct planted_fault fault = {FAULT_FLIP, 100, offsetof(struct hsx_record, sp), 4};
    struct hsx_target *cosim = make(&fault, 0);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    unsigned lines = 0;

    cr_assert_not_null(out);
    cr_assert_eq(drive(cosim, NULL, 0), HSX_ERR_DIVERGED);
    hsx_cosim_report(cosim, out);
    fclose(out);
    cosim->ops->destroy(cosim);

    cr_expect_not_null(strstr(text, "lock-step: diverged at order "));
    cr_expect_not_null(strstr(text, "* sp "), "the field that differs is marked");
    cr_expect_null(strstr(text, "* psw "), "those that agree are not");
    cr_expect_not_null(strstr(text, "PUSH R2"), "instructions are disassembled");
    cr_expect_not_null(strstr(text, "  <task0+16>\n"), "places have names: %s", text);
    cr_expect_not_null(strstr(text, "<- expected"));
    cr_expect_not_null(strstr(text, "<- got"));
    cr_expect_not_null(strstr(text, "To see it again: hsx cosim this.hxe"));
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    cr_expect_gt(lines, 16 + 2 * 16, "fields and two histories of 16 events");
    free(text);
}

enum { HISTORY = 16, ROUND = 2 * 255 + 1 }; /* of tasks 0 and 1 for 255 instructions, 2 for one */

/* The report of a fault in record at names the HISTORY events of its task before it: the newest
 * is so many events older, and they lie so far apart. */
static void expect_history(size_t at, uint64_t older, uint64_t apart)
{
    static const uint32_t loop[] = {WORD(ADD, 2, 2, 1, 0), WORD(JMP, 0, 0, 0, 0)};
    const struct planted_fault fault = {FAULT_FLIP, at, offsetof(struct hsx_record, sp), 4};
    struct hsx_target *cosim = make(&fault, 0);
    struct hsx_run run = {.max_steps = 2 * at};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    char *end;

    cr_assert_not_null(out);
    cr_assert_eq(cosim->ops->set_tick_steps(cosim, 0), HSX_OK);
    cr_assert_eq(cosim->ops->write_code(cosim, 0, loop, 2), HSX_OK);
    for (uint8_t slot = 0; slot < TASKS; slot++) {
        const struct hsx_context ctx = {
            .reg_base = (uint16_t)(HSX_WINDOW_START + HSX_WINDOW_SIZE * slot),
            .code_len = sizeof loop,
            .slice = slot == 2 ? 1 : 255,
            .state = HSX_READY,
        };

        cr_assert_eq(cosim->ops->write_context(cosim, slot, &ctx), HSX_OK);
        cr_assert_eq(cosim->ops->make_ready(cosim, slot), HSX_OK);
    }
    cr_assert_eq(cosim->ops->run(cosim, &run), HSX_ERR_DIVERGED);
    hsx_cosim_report(cosim, out);
    fclose(out);

    uint64_t order = hsx_cosim_divergence(cosim)->order;
    const char *line = strstr(text, "Last events of slot ");

    cosim->ops->destroy(cosim);
    cr_assert_not_null(line, "%s", text);
    line = strchr(strchr(line, '\n') + 1, '\n') + 1; /* after its heading */
    for (uint64_t event = HISTORY; event > 0; event--) {
        cr_expect_eq(strtoull(line, &end, 10), order - older - (event - 1) * apart, "%s", text);
        line = strchr(line, '\n') + 1;
    }
    cr_expect_eq(*line, '*', "the event that differs comes next");
    free(text);
}

Test(lockstep, the_report_has_the_last_events_of_a_task_that_seldom_runs)
{
    expect_history(ROUND * (HISTORY + 3) - 1, ROUND, ROUND);
}

Test(lockstep, the_report_has_the_last_events_of_a_task_that_others_interrupted)
{
    expect_history(ROUND * 3, ROUND - 254, 1);
    expect_history(ROUND * 3 + 200, 1, 1);
}
