// SPDX-License-Identifier: Apache-2.0
#include <hsx/conform.h>
#include <hsx/word.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fills data memory outside the case: a wrong read or write there is detected, which
 * zeros would hide. */
enum { FILL = 0xA5 };

struct hsx_conform_runner {
    struct hsx_target *target;
    uint8_t expected[HSX_DATA_SIZE];
    uint8_t got[HSX_DATA_SIZE];
};

enum hsx_status hsx_conform_runner_create(struct hsx_target *target,
                                          struct hsx_conform_runner **runner)
{
    struct hsx_conform_runner *made = malloc(sizeof *made);
    if (made == NULL)
        return HSX_ERR_MEMORY;
    made->target = target;
    memset(made->got, FILL, sizeof made->got);
    enum hsx_status status = target->ops->write_data(target, 0, made->got, sizeof made->got);
    if (status == HSX_OK)
        status = target->ops->set_tick_steps(target, 0);
    if (status != HSX_OK) {
        free(made);
        return status;
    }
    *runner = made;
    return HSX_OK;
}

void hsx_conform_runner_destroy(struct hsx_conform_runner *runner)
{
    free(runner);
}

static void put_registers(uint8_t *data, uint16_t reg_base, const uint32_t *regs)
{
    for (size_t i = 0; i < HSX_REGISTERS; i++)
        hsx_store_word(data + reg_base + 4 * i, regs[i]);
}

static void put_bytes(uint8_t *data, const struct hsx_conform_byte *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        data[bytes[i].addr] = bytes[i].value;
}

/* Writes to the target the stretches of memory that differ from before, its present
 * contents; after a case these are few. */
static enum hsx_status write_changes(struct hsx_target *t, const uint8_t *before,
                                     const uint8_t *after)
{
    enum hsx_status status = HSX_OK;
    for (uint32_t at = 0; at < HSX_DATA_SIZE && status == HSX_OK;) {
        uint32_t end = at;
        while (end < HSX_DATA_SIZE && before[end] != after[end])
            end++;
        if (end > at)
            status = t->ops->write_data(t, at, after + at, end - at);
        at = end + 1;
    }
    return status;
}

/* Puts the case's initial memory into the target and runner->expected. */
static enum hsx_status set_memory(struct hsx_conform_runner *runner,
                                  const struct hsx_conform_case *test)
{
    memset(runner->expected, FILL, sizeof runner->expected);
    put_bytes(runner->expected, test->mem, test->mem_count);
    put_registers(runner->expected, test->reg_base, test->regs);
    return write_changes(runner->target, runner->got, runner->expected);
}

enum hsx_status hsx_conform_prepare(struct hsx_conform_runner *runner,
                                    const struct hsx_conform_case *test)
{
    struct hsx_target *t = runner->target;
    const struct hsx_context ctx = {
        .pc = test->pc,
        .sp = test->sp,
        .reg_base = test->reg_base,
        .stack_limit = test->stack_limit,
        .stack_top = test->stack_top,
        .code_len = HSX_CODE_SIZE,
        .data_base = HSX_DATA_LINK,
        .call_depth = test->call_depth,
        .psw = test->psw,
        .slice = 1,
        .flags = test->call_words ? HSX_CTX_CALL_WORDS : 0,
        .state = HSX_READY,
    };
    const uint32_t words[2] = {test->insn, test->ext};
    const uint8_t slot = 0;
    size_t fitting = test->pc + 8 <= HSX_CODE_SIZE ? 2 : 1;
    enum hsx_status status = t->ops->write_code(t, test->pc, words, fitting);
    if (status == HSX_OK)
        status = set_memory(runner, test);
    if (status == HSX_OK)
        status = t->ops->write_context(t, slot, &ctx);
    if (status == HSX_OK)
        status = t->ops->write_queue(t, &slot, 1, 0);
    return status;
}

static void differ(struct hsx_conform_outcome *outcome, const char *text)
{
    size_t used = strlen(outcome->text);
    snprintf(outcome->text + used, sizeof outcome->text - used, "%s%s", used > 0 ? "; " : "", text);
    outcome->differences++;
}

static void compare(struct hsx_conform_outcome *outcome, const char *what, uint32_t expected,
                    uint32_t got)
{
    char text[96];
    if (expected == got)
        return;
    snprintf(text, sizeof text, "%s: expected 0x%X, got 0x%X", what, (unsigned)expected,
             (unsigned)got);
    differ(outcome, text);
}

/* How one kind of event appears from outside. */
static const struct {
    const char *name;
    enum hsx_stop stop;
    uint8_t state;
    uint8_t event;
} looks[] = {
    [HSX_CONFORM_NONE] = {"none", HSX_STOP_STEPS, HSX_READY, HSX_EV_RETIRE},
    [HSX_CONFORM_FAULT] = {"fault", HSX_STOP_FAULT, HSX_FAULTED, HSX_EV_FAULT},
    [HSX_CONFORM_RETURN] = {"return", HSX_STOP_RETURN, HSX_RETURNED, HSX_EV_RETURN},
    [HSX_CONFORM_BREAK] = {"break", HSX_STOP_BRK, HSX_PAUSED, HSX_EV_BRK},
};

static void compare_run(struct hsx_conform_outcome *outcome, const struct hsx_conform_case *test,
                        const struct hsx_run *run, const struct hsx_record *record)
{
    if (run->reason != looks[test->event].stop) {
        char text[96];
        snprintf(text, sizeof text, "event: expected %s (stop %d), got stop %d",
                 looks[test->event].name, (int)looks[test->event].stop, (int)run->reason);
        differ(outcome, text);
    }
    compare(outcome, "retired", test->retired, (uint32_t)run->retired);
    compare(outcome, "records", 1, (uint32_t)run->count);
    if (run->count != 1)
        return;
    compare(outcome, "record event", looks[test->event].event, record->event);
    compare(outcome, "record pc", test->pc, record->pc);
    compare(outcome, "record insn", test->insn, record->insn);
    compare(outcome, "record next_pc", test->out_pc, record->next_pc);
    compare(outcome, "record psw", test->out_psw, record->psw);
    compare(outcome, "record sp", test->out_sp, record->sp);
    if ((record->flags & HSX_REC_RD) != 0 && record->rd < HSX_REGISTERS)
        compare(outcome, "record rd_value", test->out_regs[record->rd], record->rd_value);
}

static void compare_memory(struct hsx_conform_outcome *outcome, const struct hsx_conform_case *test,
                           const uint8_t *expected, const uint8_t *got)
{
    for (size_t i = 0; i < HSX_REGISTERS; i++) {
        char name[4];
        size_t at = test->reg_base + 4 * i;
        snprintf(name, sizeof name, "R%u", (unsigned)(i % HSX_REGISTERS));
        compare(outcome, name, hsx_load_word(expected + at), hsx_load_word(got + at));
    }
    uint32_t window_end = (uint32_t)test->reg_base + HSX_WINDOW_SIZE;
    for (uint32_t at = 0; at < HSX_DATA_SIZE; at++) {
        bool in_window = at >= test->reg_base && at < window_end;
        if (!in_window && expected[at] != got[at]) {
            char name[24];
            snprintf(name, sizeof name, "byte at 0x%04X", (unsigned)at);
            compare(outcome, name, expected[at], got[at]);
        }
    }
}

enum {
    WINDOWS_END = HSX_WINDOW_START + HSX_MAX_CONTEXTS * HSX_WINDOW_SIZE,
    BLOCK = HSX_WINDOW_SIZE /* the unit in which memory is read */
};

static void name_bytes(bool *named, const struct hsx_conform_byte *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        named[bytes[i].addr / BLOCK] = true;
}

/* Reads data memory without the windows that are not in the case. */
static enum hsx_status read_named(struct hsx_conform_runner *runner,
                                  const struct hsx_conform_case *test)
{
    struct hsx_target *t = runner->target;
    bool named[HSX_DATA_SIZE / BLOCK] = {0};
    enum hsx_status status = t->ops->read_data(t, 0, runner->got, HSX_WINDOW_START);

    if (status == HSX_OK)
        status = t->ops->read_data(t, WINDOWS_END, runner->got + WINDOWS_END,
                                   HSX_DATA_SIZE - WINDOWS_END);
    name_bytes(named, test->mem, test->mem_count);
    name_bytes(named, test->out_mem, test->out_mem_count);
    named[test->reg_base / BLOCK] = true;
    named[(test->reg_base + BLOCK - 1) / BLOCK] = true;
    for (uint32_t at = HSX_WINDOW_START; at < WINDOWS_END && status == HSX_OK; at += BLOCK) {
        if (named[at / BLOCK])
            status = t->ops->read_data(t, at, runner->got + at, BLOCK);
        else
            memcpy(runner->got + at, runner->expected + at, BLOCK);
    }
    return status;
}

enum hsx_status hsx_conform_run(struct hsx_conform_runner *runner,
                                const struct hsx_conform_case *test, bool everything,
                                struct hsx_conform_outcome *outcome)
{
    struct hsx_target *t = runner->target;
    struct hsx_record record = {0};
    struct hsx_run run = {.max_steps = 1, .records = &record, .capacity = 1};
    struct hsx_context ctx = {0};
    *outcome = (struct hsx_conform_outcome){0};
    enum hsx_status status = hsx_conform_prepare(runner, test);
    if (status == HSX_OK)
        status = t->ops->run(t, &run);
    if (status == HSX_OK)
        status = t->ops->read_context(t, 0, &ctx);
    if (status == HSX_OK)
        status = everything ? t->ops->read_data(t, 0, runner->got, sizeof runner->got)
                            : read_named(runner, test);
    if (status != HSX_OK)
        return status;

    put_bytes(runner->expected, test->out_mem, test->out_mem_count);
    put_registers(runner->expected, test->reg_base, test->out_regs);
    compare_run(outcome, test, &run, &record);
    compare(outcome, "pc", test->out_pc, ctx.pc);
    compare(outcome, "psw", test->out_psw, ctx.psw);
    compare(outcome, "sp", test->out_sp, ctx.sp);
    compare(outcome, "state", looks[test->event].state, ctx.state);
    if (test->event == HSX_CONFORM_FAULT)
        compare(outcome, "fault code in R0", test->fault,
                hsx_load_word(runner->got + test->reg_base));
    compare_memory(outcome, test, runner->expected, runner->got);
    return HSX_OK;
}
