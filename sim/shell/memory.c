// SPDX-License-Identifier: Apache-2.0
/* The registers, memory, code and stack of a task. */
#include "shell.h"
#include <ctype.h>
#include <hsx/dis.h>
#include <hsx/isa.h>
#include <hsx/translate.h>
#include <hsx/word.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 16, DEFAULT_PEEK = 16, MAX_POKE = 60, DEFAULT_LINES = 8, MAX_FRAMES = 256 };

/* ---- dumpregs */

bool run_dumpregs(struct hsx_shell *s, struct args *a)
{
    struct hsx_task_info task;

    if (!arg_task(s, a, &task) || !arg_end(s, a)) {
        return false;
    }
    answer_number(s, "pid", task.pid);
    answer_text(s, "name", task.name);
    answer_text(s, "state", hsx_state_name(task.ctx.state));
    answer_number(s, "reg_base", task.ctx.reg_base);
    answer_number(s, "stack_base", task.ctx.stack_limit);
    answer_number(s, "stack_limit", task.ctx.stack_limit);
    answer_number(s, "stack_top", task.ctx.stack_top);
    answer_number(s, "sp", task.ctx.sp);
    answer_number(s, "pc", task.ctx.pc);
    answer_number(s, "psw", task.ctx.psw);
    answer_set(s, "regs", json_array());
    for (unsigned i = 0; i < HSX_REGISTERS; i++) {
        answer_add(s, "regs", json_number(data_word(s, task.ctx.reg_base + 4 * i, 4)));
    }
    return true;
}

void show_dumpregs(FILE *out, const json_t *answer)
{
    const json_t *regs = json_object_get(answer, "regs");
    unsigned psw = (unsigned)get_number(answer, "psw");

    fprintf(out, "task %u: %s, %s\n", (unsigned)get_number(answer, "pid"), get_text(answer, "name"),
            get_text(answer, "state"));
    fprintf(out, "reg_base 0x%04X  stack_base 0x%04X  stack_limit 0x%04X  sp 0x%04X\n",
            (unsigned)get_number(answer, "reg_base"), (unsigned)get_number(answer, "stack_base"),
            (unsigned)get_number(answer, "stack_limit"), (unsigned)get_number(answer, "sp"));
    fprintf(out, "pc 0x%04X  psw 0x%X (%c%c%c%c)\n", (unsigned)get_number(answer, "pc"), psw,
            psw & HSX_PSW_V ? 'V' : '-', psw & HSX_PSW_N ? 'N' : '-', psw & HSX_PSW_C ? 'C' : '-',
            psw & HSX_PSW_Z ? 'Z' : '-');
    for (unsigned i = 0; i < HSX_REGISTERS; i++) {
        fprintf(out, "R%-2u 0x%08X%s", i, (unsigned)json_integer_value(json_array_get(regs, i)),
                i % 4 == 3 ? "\n" : "  ");
    }
}

/* ---- peek and poke */

/* A physical address, or with -p PID an address as that task uses it. */
static bool take_place(struct hsx_shell *s, struct args *a, uint64_t addr, uint64_t len,
                       uint16_t *physical)
{
    struct hsx_task_info task;

    *physical = (uint16_t)addr;
    if (arg_is(a, "-p")) {
        if (!arg_task(s, a, &task)) {
            return false;
        }
        task.ctx.flags &= (uint8_t)~HSX_CTX_PROTECT;
        if (!hsx_translate(&task.ctx, (uint32_t)addr, (uint32_t)len, physical)) {
            return shell_fail(s, "the last byte is past 0xFFFF");
        }
        return true;
    }
    return addr + len <= HSX_DATA_SIZE || shell_fail(s, "the last byte is past 0xFFFF");
}

/* The task of a later -p; 0: there is none. The address of a name is then the task's, and
 * needs no translation. */
static uint32_t named_task(const struct args *a)
{
    for (size_t i = a->next; i + 1 < a->count; i++) {
        if (strcmp(a->words[i], "-p") == 0) {
            return (uint32_t)strtoul(a->words[i + 1], NULL, 10);
        }
    }
    return 0;
}

/* The address of a name is physical already. */
static bool take_named_place(struct hsx_shell *s, struct args *a, uint64_t addr, uint64_t len,
                             uint16_t *physical)
{
    struct hsx_task_info task;

    if (arg_is(a, "-p") && !arg_task(s, a, &task)) {
        return false;
    }
    *physical = (uint16_t)addr;
    return addr + len <= HSX_DATA_SIZE || shell_fail(s, "the last byte is past 0xFFFF");
}

bool run_peek(struct hsx_shell *s, struct args *a)
{
    bool named = arg_is_name(a);
    struct hsx_target *t = s->config.target;
    uint8_t bytes[HSX_DATA_SIZE];
    uint64_t len = DEFAULT_PEEK;
    uint16_t at;
    uint64_t addr;

    if (!arg_data(s, a, named_task(a), &addr)) {
        return false;
    }
    if (arg_left(a) && strcmp(a->words[a->next], "-p") != 0 &&
        !arg_number(s, a, "LEN", 1, HSX_DATA_SIZE, &len)) {
        return false;
    }
    if (!(named ? take_named_place : take_place)(s, a, addr, len, &at) || !arg_end(s, a)) {
        return false;
    }
    if (t->ops->read_data(t, at, bytes, (size_t)len) != HSX_OK) {
        return shell_fail(s, "the memory cannot be read");
    }
    answer_number(s, "address", at);
    for (size_t i = 0; i < len; i++) {
        answer_add(s, "bytes", json_number(bytes[i]));
    }
    return true;
}

void show_peek(FILE *out, const json_t *answer)
{
    const json_t *bytes = json_object_get(answer, "bytes");
    size_t count = json_array_size(bytes);
    unsigned addr = (unsigned)get_number(answer, "address");

    for (size_t at = 0; at < count; at += LINE_BYTES) {
        fprintf(out, "0x%04X ", addr + (unsigned)at);
        for (size_t i = at; i < at + LINE_BYTES; i++) {
            if (i < count) {
                fprintf(out, " %02X", (unsigned)json_integer_value(json_array_get(bytes, i)));
            } else {
                fputs("   ", out);
            }
        }
        fputs("  ", out);
        for (size_t i = at; i < at + LINE_BYTES && i < count; i++) {
            int c = (int)json_integer_value(json_array_get(bytes, i));

            fputc(c >= 0x20 && c < 0x7F ? c : '.', out);
        }
        fputc('\n', out);
    }
}

static bool write_bytes(struct hsx_shell *s, uint32_t addr, const uint8_t *bytes, size_t len)
{
    if (hsx_exec_poke(s->exec, addr, bytes, len) != HSX_OK) {
        return shell_fail(s, "the memory cannot be written");
    }
    answer_number(s, "address", addr);
    answer_number(s, "length", len);
    return true;
}

static bool poke_register(struct hsx_shell *s, struct args *a)
{
    struct hsx_task_info task;
    uint8_t bytes[4];
    uint64_t value;
    unsigned reg;

    if (!arg_task(s, a, &task) || !arg_register(s, a, &reg) ||
        !arg_number(s, a, "VALUE", 0, UINT32_MAX, &value) || !arg_end(s, a)) {
        return false;
    }
    hsx_store_word(bytes, (uint32_t)value);
    return write_bytes(s, task.ctx.reg_base + 4u * reg, bytes, sizeof bytes);
}

bool run_poke(struct hsx_shell *s, struct args *a)
{
    struct args ahead = *a;
    uint8_t bytes[MAX_POKE];
    size_t len = 0;
    uint16_t at;
    uint64_t addr, value;
    bool named = arg_is_name(a);

    ahead.next++;
    if (arg_is_register(&ahead)) {
        return poke_register(s, a);
    }
    if (!arg_data(s, a, named_task(a), &addr)) {
        return false;
    }
    do {
        if (!arg_number(s, a, "BYTE", 0, UINT8_MAX, &value)) {
            return false;
        }
        bytes[len++] = (uint8_t)value;
    } while (arg_left(a) && len < MAX_POKE && strcmp(a->words[a->next], "-p") != 0);
    if (!(named ? take_named_place : take_place)(s, a, addr, len, &at) || !arg_end(s, a)) {
        return false;
    }
    return write_bytes(s, at, bytes, len);
}

void show_poke(FILE *out, const json_t *answer)
{
    unsigned len = (unsigned)get_number(answer, "length");

    fprintf(out, "%u byte%s at 0x%04X\n", len, len == 1 ? "" : "s",
            (unsigned)get_number(answer, "address"));
}

/* ---- disasm */

static bool has_break(struct hsx_shell *s, uint32_t pid, uint16_t pc)
{
    struct hsx_exec_stop stops[HSX_MAX_STOPS];
    size_t count;

    hsx_exec_stops(s->exec, stops, HSX_MAX_STOPS, &count);
    for (size_t i = 0; i < count; i++) {
        if (stops[i].kind == HSX_BREAK_PC && stops[i].pc == pc &&
            (stops[i].pid == 0 || stops[i].pid == pid)) {
            return true;
        }
    }
    return false;
}

bool run_disasm(struct hsx_shell *s, struct args *a)
{
    struct hsx_task_info task;
    uint64_t count = DEFAULT_LINES;
    uint64_t at;

    if (!arg_task(s, a, &task)) {
        return false;
    }
    at = task.ctx.pc;
    if ((arg_left(a) && !arg_code(s, a, task.pid, &at)) ||
        (arg_left(a) && !arg_number(s, a, "COUNT", 1, HSX_CODE_SIZE / 4, &count)) ||
        !arg_end(s, a)) {
        return false;
    }
    if (at % 4 != 0 || at >= task.ctx.code_len) {
        return shell_fail(s, "there is no instruction at 0x%04X", (unsigned)at);
    }
    for (uint64_t i = 0; i < count && at < task.ctx.code_len; i++) {
        char text[HSX_DIS_SIZE];
        uint32_t word = 0;
        unsigned len = code_text(s, &task.ctx, (uint16_t)at, text, sizeof text);
        json_t *line;

        code_word(s, &task.ctx, (uint32_t)at, &word);
        line = json_pack("{s:i, s:I, s:s, s:b, s:b}", "pc", (int)at, "word", (json_int_t)word,
                         "text", text, "next", at == task.ctx.pc, "break",
                         has_break(s, task.pid, (uint16_t)at));
        name_code(s, line, task.pid, (uint32_t)at);
        answer_add(s, "code", line);
        at += len;
    }
    return true;
}

void show_disasm(FILE *out, const json_t *answer)
{
    const json_t *line;
    size_t i;

    json_array_foreach(json_object_get(answer, "code"), i, line)
    {
        fprintf(out, "%c%c 0x%04X", json_is_true(json_object_get(line, "next")) ? '>' : ' ',
                json_is_true(json_object_get(line, "break")) ? '*' : ' ',
                (unsigned)get_number(line, "pc"));
        print_name(out, line);
        fprintf(out, "  %08X  %s\n", (unsigned)get_number(line, "word"), get_text(line, "text"));
    }
}

/* ---- stack */

/* A word on the stack may be a return address when it follows a CALL. */
static bool follows_call(struct hsx_shell *s, const struct hsx_context *ctx, uint32_t address)
{
    uint32_t word;

    return address >= 4 && address <= ctx->code_len && code_word(s, ctx, address - 4, &word) &&
           HSX_INSN_OPCODE(word) == HSX_OP_CALL;
}

static void add_frame(struct hsx_shell *s, uint32_t pid, const struct hsx_context *ctx, uint16_t pc,
                      int at)
{
    char text[HSX_DIS_SIZE];
    json_t *frame;

    code_text(s, ctx, pc, text, sizeof text);
    frame = json_pack("{s:i, s:s}", "pc", (int)pc, "text", text);
    name_code(s, frame, pid, pc);
    json_object_set_new(frame, "at", at >= 0 ? json_number((uint64_t)at) : json_null());
    answer_add(s, "frames", frame);
}

bool run_stack(struct hsx_shell *s, struct args *a)
{
    struct hsx_task_info task;
    const struct hsx_context *ctx = &task.ctx;
    unsigned found = 0;

    if (!arg_task(s, a, &task) || !arg_end(s, a)) {
        return false;
    }
    answer_number(s, "pid", task.pid);
    answer_number(s, "call_depth", ctx->call_depth);
    add_frame(s, task.pid, ctx, ctx->pc, -1);
    for (uint32_t at = ctx->sp;
         at + 4 <= ctx->stack_top && found < ctx->call_depth && found < MAX_FRAMES; at += 4) {
        uint32_t word = data_word(s, at, 4);

        if (follows_call(s, ctx, word)) {
            add_frame(s, task.pid, ctx, (uint16_t)(word - 4), (int)at);
            found++;
        }
    }
    answer_number(s, "found", found);
    return true;
}

void show_stack(FILE *out, const json_t *answer)
{
    unsigned depth = (unsigned)get_number(answer, "call_depth");
    unsigned found = (unsigned)get_number(answer, "found");
    const json_t *frame;
    size_t i;

    json_array_foreach(json_object_get(answer, "frames"), i, frame)
    {
        fprintf(out, "#%-3u 0x%04X", (unsigned)i, (unsigned)get_number(frame, "pc"));
        print_name(out, frame);
        fprintf(out, "  %s", get_text(frame, "text"));
        if (json_is_integer(json_object_get(frame, "at"))) {
            fprintf(out, "  (return address at 0x%04X)", (unsigned)get_number(frame, "at"));
        }
        fputc('\n', out);
    }
    if (found != depth) {
        fprintf(out, "%u of %u calls found on the stack\n", found, depth);
    }
}
