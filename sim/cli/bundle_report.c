// SPDX-License-Identifier: Apache-2.0
#include "bundle_report.h"
#include <hsx/dis.h>
#include <hsx/isa.h>
#include <hsx/version.h>
#include <hsx/word.h>
#include <inttypes.h>
#include <string.h>

/* The record with the instruction. */
static const struct hsx_record *record_of(const struct hsx_divergence *d)
{
    return d->kind == HSX_DIVERGED_EXTRA ? &d->device_record : &d->golden_record;
}

static bool has_record(const struct hsx_divergence *d)
{
    return d->kind == HSX_DIVERGED_RECORD || d->kind == HSX_DIVERGED_MISSING ||
           d->kind == HSX_DIVERGED_EXTRA || (d->kind == HSX_DIVERGED_MACHINE && d->slot >= 0);
}

static bool of_a_task(const struct hsx_divergence *d)
{
    return has_record(d) && record_of(d)->event != HSX_EV_TICK && d->slot >= 0;
}

static bool golden_context(const struct bundle_report *r, int slot, struct hsx_context *ctx)
{
    struct hsx_target *golden = hsx_cosim_golden(r->cosim);

    return slot >= 0 && golden->ops->read_context(golden, (uint8_t)slot, ctx) == HSX_OK;
}

/* ---- What it read */

static void row(FILE *out, const char *what, uint32_t value, int digits,
                const struct bundle_writer *writer)
{
    char text[300];

    bundle_writer_text(writer, text, sizeof text);
    fprintf(out, "| %s | 0x%0*" PRIX32 " | %s |\n", what, digits, value, text);
}

static void register_row(const struct bundle_report *r, const struct hsx_context *ctx, unsigned n,
                         FILE *out)
{
    uint32_t addr = ctx->reg_base + 4u * n;
    char what[40];

    snprintf(what, sizeof what, "R%u (window word at 0x%04X)", n, (unsigned)addr);
    row(out, what, hsx_load_word(r->log->memory + addr), 8, &r->log->byte[addr]);
}

static void memory_row(const struct bundle_report *r, uint32_t addr, uint32_t width, FILE *out)
{
    uint32_t value = 0;
    const struct bundle_writer *newest = &r->log->byte[addr];
    char what[60];

    for (uint32_t i = 0; i < width && addr + i < HSX_DATA_SIZE; i++) {
        const struct bundle_writer *w = &r->log->byte[addr + i];

        value |= (uint32_t)r->log->memory[addr + i] << 8 * i;
        newest = w->kind != WRITER_NONE && w->order > newest->order ? w : newest;
    }
    snprintf(what, sizeof what, "%u bytes of data memory at 0x%04X", (unsigned)width,
             (unsigned)addr);
    row(out, what, value, (int)(2 * width), newest);
}

static bool reads_rs1(uint8_t operands, uint32_t insn)
{
    switch (operands) {
    case HSX_OPND_RS1:
    case HSX_OPND_RD_RS1:
    case HSX_OPND_RS1_RS2:
    case HSX_OPND_RD_RS1_RS2:
    case HSX_OPND_RD_MEM:
    case HSX_OPND_MEM_RS2:
        return true;
    case HSX_OPND_CALL:
        return (insn >> 16 & 0xF) != 0;
    default:
        return false;
    }
}

static bool reads_rs2(uint8_t operands)
{
    return operands == HSX_OPND_RS1_RS2 || operands == HSX_OPND_RD_RS1_RS2 ||
           operands == HSX_OPND_MEM_RS2;
}

static bool uses_stack(uint32_t op)
{
    return op == HSX_OP_PUSH || op == HSX_OP_POP || op == HSX_OP_CALL || op == HSX_OP_RET;
}

static bool uses_flags(uint32_t op)
{
    return op == HSX_OP_JZ || op == HSX_OP_JNZ || op == HSX_OP_ADC || op == HSX_OP_SBC;
}

static void write_reads(const struct bundle_report *r, const struct hsx_context *ctx, FILE *out)
{
    const struct hsx_divergence *d = hsx_cosim_divergence(r->cosim);
    const struct hsx_record *record = record_of(d);
    uint32_t insn = record->insn;
    uint32_t op = HSX_INSN_OPCODE(insn);
    const struct hsx_insn_info *info = &hsx_insn_table[op];
    unsigned slot = (unsigned)d->slot;

    fputs("\n## What it read, and who wrote that last\n\n"
          "All records before this one agreed, so each value was written by the same event on both "
          "sides, and is what both sides hold unless one of them wrote more than it reported.\n\n"
          "| read | value | last written by, in C VM and core |\n|---|---|---|\n",
          out);
    if (info->name && reads_rs1(info->operands, insn)) {
        register_row(r, ctx, insn >> 16 & 0xF, out);
    }
    if (info->name && reads_rs2(info->operands)) {
        register_row(r, ctx, insn >> 12 & 0xF, out);
    }
    if (uses_stack(op)) {
        const struct bundle_writer *w = &r->log->stack[slot];

        row(out, "sp", ctx->sp, 4, w);
    }
    if (uses_flags(op)) {
        row(out, "psw", r->log->psw[slot], 1, &r->log->flags[slot]);
    }
    if ((record->access & HSX_ACC_READ) != 0) {
        memory_row(r, record->mem_addr, record->access & HSX_ACC_WIDTH, out);
    } else if ((d->device_record.access & HSX_ACC_READ) != 0) {
        memory_row(r, d->device_record.mem_addr, d->device_record.access & HSX_ACC_WIDTH, out);
    }
    for (int side = 0; side < 2; side++) {
        const struct hsx_record *wrote = side == 0 ? &d->golden_record : &d->device_record;

        if ((wrote->flags & HSX_REC_RD) != 0) {
            fprintf(out, "\n%s now writes R%u = 0x%08" PRIX32 ".",
                    side == 0 ? "The C VM" : "The core", wrote->rd, wrote->rd_value);
        }
    }
    fputc('\n', out);
}

/* ---- The context */

static void context_row(FILE *out, const char *name, uint32_t golden, uint32_t device, bool known,
                        const char *meaning)
{
    fprintf(out, "| %s | 0x%04" PRIX32 " | ", name, golden);
    if (known) {
        fprintf(out, "0x%04" PRIX32 "%s", device, device != golden ? " **differs**" : "");
    } else {
        fputs("runs on", out);
    }
    fprintf(out, " | %s |\n", meaning);
}

static void write_context(const struct bundle_report *r, const struct hsx_context *g, FILE *out)
{
    struct hsx_target *device = hsx_cosim_device(r->cosim);
    struct hsx_context c = {0};
    int slot = hsx_cosim_divergence(r->cosim)->slot;
    bool known = device->ops->read_context(device, (uint8_t)slot, &c) == HSX_OK;

    fprintf(
        out,
        "\n## The task's context (slot %d)\n\nThe C VM's is that before the event; the core's "
        "can be read only while it is held, and is then the one after it.\n\n| field | C VM | core "
        "| |\n|---|---|---|---|\n",
        slot);
    context_row(out, "pc", g->pc, c.pc, known, "of the instruction");
    context_row(out, "sp", g->sp, c.sp, known, "stack pointer");
    context_row(out, "stack_limit", g->stack_limit, c.stack_limit, known,
                "guard: PUSH and CALL need sp - 4 >= stack_limit");
    context_row(out, "stack_top", g->stack_top, c.stack_top, known,
                "guard: POP and RET need sp + 4 <= stack_top");
    context_row(out, "reg_base", g->reg_base, c.reg_base, known, "register window");
    context_row(out, "code_base", g->code_base, c.code_base, known, "");
    context_row(out, "code_len", g->code_len, c.code_len, known, "fetch needs pc + 4 <= code_len");
    context_row(out, "data_base", g->data_base, c.data_base, known, "");
    context_row(out, "data_len", g->data_len, c.data_len, known, "");
    context_row(out, "call_depth", g->call_depth, c.call_depth, known, "");
    context_row(out, "psw", g->psw, c.psw, known, "V N C Z");
    context_row(out, "slice", g->slice, c.slice, known, "");
    context_row(out, "flags", g->flags, c.flags, known, "1: protection, 2: CALL counts words");
}

/* The stack guards with the numbers of this task, and whether they pass. */
static void write_rule(const struct hsx_record *record, const struct hsx_context *ctx, FILE *out)
{
    uint32_t op = HSX_INSN_OPCODE(record->insn);
    int32_t sp = ctx->sp;

    if (op == HSX_OP_POP || (op == HSX_OP_RET && ctx->call_depth != 0)) {
        fprintf(out,
                "\nThe guard: sp + 4 = 0x%04" PRIX32 " %s stack_top = 0x%04X, so the contract asks "
                "for %s.\n",
                (uint32_t)(sp + 4), sp + 4 > ctx->stack_top ? ">" : "<=", (unsigned)ctx->stack_top,
                sp + 4 > ctx->stack_top ? "STACK_UNDERFLOW" : "no fault");
    } else if (op == HSX_OP_PUSH || op == HSX_OP_CALL) {
        fprintf(out,
                "\nThe guard: sp - 4 = %s0x%04" PRIX32 " %s stack_limit = 0x%04X, so the contract "
                "asks for %s.\n",
                sp < 4 ? "-" : "", (uint32_t)(sp < 4 ? 4 - sp : sp - 4),
                sp - 4 < ctx->stack_limit ? "<" : ">=", (unsigned)ctx->stack_limit,
                sp - 4 < ctx->stack_limit ? "STACK_OVERFLOW" : "no fault");
    }
}

/* ---- The queue */

static void write_queue_of(struct hsx_target *machine, const char *name, FILE *out)
{
    uint8_t slots[HSX_MAX_CONTEXTS];
    size_t count = 0;
    uint8_t left = 0;

    if (machine->ops->read_queue(machine, slots, sizeof slots, &count, &left) != HSX_OK) {
        fprintf(out, "- %s: runs on, and cannot be read\n", name);
        return;
    }
    fprintf(out, "- %s: ", name);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "%s%u", i > 0 ? ", " : "", slots[i]);
    }
    fprintf(out, "%s; %u left of the open turn\n", count == 0 ? "empty" : "", left);
}

static void write_queues(const struct bundle_report *r, FILE *out)
{
    fputs("\n## The READY queue\n\nSlots from the head:\n\n", out);
    write_queue_of(hsx_cosim_golden(r->cosim), "C VM", out);
    write_queue_of(hsx_cosim_device(r->cosim), "core", out);
}

/* ---- Code */

static void write_code_around(const struct bundle_report *r, FILE *out)
{
    enum { AROUND = 8 };
    const struct hsx_divergence *d = hsx_cosim_divergence(r->cosim);
    const struct hsx_fuzz_task *task = &r->program->task[d->slot];
    size_t here = record_of(d)->pc / 4u;

    fprintf(out, "\n## The code around it (task %d)\n\n```\n", d->slot + 1);
    for (size_t k = 0; k < task->words; k++) {
        uint32_t ext = k + 1 < task->words ? task->code[k + 1] : 0;
        char text[HSX_DIS_SIZE];
        bool two;

        hsx_dis(task->code[k], ext, (uint16_t)(4 * k), task->version == 2, text, sizeof text);
        two = HSX_INSN_OPCODE(task->code[k]) == HSX_OP_LDI32 && k + 1 < task->words;
        if (k + AROUND >= here && k <= here + AROUND) {
            fprintf(out, "%s 0x%04X  %s\n", k == here ? "->" : "  ", (unsigned)(4 * k), text);
        }
        k += two;
    }
    fputs("```\n", out);
}

static void write_program(const struct bundle_report *r, FILE *out)
{
    fputs("\n## The program\n", out);
    if (r->shrunk) {
        fprintf(
            out,
            "\nFound in %u tasks of %zu words of code and %" PRIu64
            " steps; made smaller in %u tries to %u task%s and %zu instruction%s, with the same "
            "difference.\n",
            r->tasks, r->words, r->steps, r->shrunk->tries, r->shrunk->tasks,
            r->shrunk->tasks == 1 ? "" : "s", r->shrunk->instructions,
            r->shrunk->instructions == 1 ? "" : "s");
    }
    for (unsigned i = 0; i < r->program->tasks; i++) {
        const struct hsx_fuzz_task *task = &r->program->task[i];

        fprintf(out, "\nTask %u (task%u.hxe): stack of %u bytes, slice %u%s\n", i + 1, i + 1,
                (unsigned)task->stack_bytes, task->slice,
                task->odd ? ", with a context that no load gives" : "");
        if ((task->odd & HSX_FUZZ_ODD_STACK) != 0) {
            fprintf(out, "(stack_limit 0x%04X, stack_top 0x%04X)\n", task->stack_limit,
                    task->stack_top);
        }
        if (task->words <= 64 && r->assembly[i]) {
            fprintf(out, "\n```\n%s```\n", r->assembly[i]);
        }
    }
}

static void write_parameters(const struct bundle_report *r, FILE *out)
{
    const struct device_options *device = r->request->device;
    const struct hsx_fuzz_program *p = r->program;

    fprintf(out, "\n## Versions and parameters\n\n- hsx %s\n- core: %u contexts, %s, %s\n",
            hsx_version(), r->cosim->contexts, device->icarus ? "under Icarus" : "under Verilator",
            device->program ? device->program
            : device->model ? device->model
                            : "as built");
    fprintf(out,
            "- protection %s, a tick every %u steps (0: none), trap latency %" PRIu64
            " steps, at most %" PRIu64 " steps\n",
            p->protect ? "on" : "off", (unsigned)p->tick_steps, p->trap_latency, p->steps);
    fprintf(out, "- whole state compared every %" PRIu64 " steps (0: at the end)\n",
            r->request->check_steps);
    if (p->seed != 0) {
        fprintf(out, "- seed %" PRIu64 "%s\n", p->seed,
                p->actions ? ", with actions from outside that follow from it" : "");
    }
}

static void write_commands(const struct bundle_report *r, FILE *out)
{
    fprintf(out, "\n## To see it again\n\nAs it was found:\n\n    %s\n", r->request->command);
    if (r->rerun) {
        fprintf(out, "\nThe program of this folder, in it:\n\n    %s\n", r->rerun);
    } else {
        fputs("\nThe program of this folder needs what no image says, so that it has no command of "
              "its own.\n",
              out);
    }
    fprintf(out, "\n| file | |\n|---|---|\n| task*.hxe, task*.mvasm | the program |\n"
                 "| golden.jsonl, core.jsonl | traces of the C VM and of the core, each alone |\n");
    if (r->has_wave) {
        fputs("| wave.fst, wave.gtkw | the last cycles; `gtkwave wave.gtkw` opens them with the "
              "marker on the difference |\n",
              out);
    }
    fputs("| junit.xml | for a continuous integration |\n| command.txt | the command |\n", out);
}

void bundle_report_write(const struct bundle_report *r, FILE *out)
{
    const struct hsx_divergence *d = hsx_cosim_divergence(r->cosim);
    struct hsx_context ctx;
    char text[512];

    hsx_cosim_summary(r->cosim, text, sizeof text);
    fprintf(out, "# The core and the C VM differ\n\n%s\n", text);
    if (of_a_task(d) && golden_context(r, d->slot, &ctx)) {
        write_rule(record_of(d), &ctx, out);
    }
    if (d->kind == HSX_DIVERGED_DATA) {
        bundle_writer_text(&r->log->byte[d->addr], text, sizeof text);
        fprintf(out,
                "\nThe byte's last writer that both reported: %s. No record shows who wrote what "
                "one of them holds now.\n",
                text);
    }
    fputs("\nFields marked `*` differ; the events below agreed.\n\n```\n", out);
    hsx_cosim_report(r->cosim, out);
    fputs("```\n", out);
    if (of_a_task(d) && golden_context(r, d->slot, &ctx)) {
        write_reads(r, &ctx, out);
    }
    if (d->slot >= 0 && golden_context(r, d->slot, &ctx)) {
        write_context(r, &ctx, out);
    }
    write_queues(r, out);
    if (of_a_task(d) && (unsigned)d->slot < r->program->tasks) {
        write_code_around(r, out);
    }
    write_program(r, out);
    write_parameters(r, out);
    write_commands(r, out);
}
