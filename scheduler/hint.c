// SPDX-License-Identifier: Apache-2.0
/* Why an access was refused, in words. */
#include "internal.h"
#include <hsx/isa.h>
#include <hsx/svc.h>
#include <hsx/translate.h>
#include <hsx/word.h>
#include <inttypes.h>
#include <stdio.h>

struct range {
    const char *what;
    uint32_t first, end; /* empty: no range */
};

/* The number of bytes between the two; 0: they touch. */
static uint32_t gap(const struct range *range, uint32_t first, uint32_t end)
{
    if (end <= range->first) {
        return range->first - end + 1;
    }
    return first >= range->end ? first - range->end + 1 : 0;
}

/* The nearest of the ranges of contract section 4. */
static struct range nearest(const struct hsx_context *ctx, uint32_t first, uint32_t end)
{
    const struct range ranges[] = {
        {"its data segment", HSX_DATA_LINK, HSX_DATA_LINK + ctx->data_len},
        {"its stack", ctx->stack_limit, ctx->stack_top},
        {"its register window", ctx->reg_base, (uint32_t)ctx->reg_base + HSX_WINDOW_SIZE},
        {"the shared page", 0, HSX_SHARED_PAGE}};
    struct range best = ranges[3];

    for (unsigned i = 3; i-- > 0;) {
        if (ranges[i].first != ranges[i].end &&
            gap(&ranges[i], first, end) <= gap(&best, first, end)) {
            best = ranges[i];
        }
    }
    return best;
}

/* Appends why the access was refused to the hint, which already says what it was. */
static void explain(const struct hsx_context *ctx, uint32_t address, uint32_t len,
                    struct hsx_exec_error *hint, size_t used)
{
    struct range range = nearest(ctx, address, address + len);
    struct hsx_context free_ctx = *ctx;
    uint16_t at;

    free_ctx.flags &= (uint8_t)~HSX_CTX_PROTECT;
    if (!hsx_translate(&free_ctx, address, len, &at)) {
        snprintf(hint->text + used, sizeof hint->text - used, ", which pass the end of memory");
        return;
    }
    snprintf(hint->text + used, sizeof hint->text - used,
             "; the nearest range that it may use is %s, 0x%04" PRIX32 " to 0x%04" PRIX32
             "; --no-protect allows the access",
             range.what, range.first, range.end - 1);
}

static unsigned width_of(uint32_t insn)
{
    switch (HSX_INSN_OPCODE(insn)) {
    case HSX_OP_LDB:
    case HSX_OP_STB:
        return 1;
    case HSX_OP_LDH:
    case HSX_OP_STH:
        return 2;
    default:
        return 4;
    }
}

/* R0 holds the fault's code now, so an address that was in R0 is lost. */
static enum hsx_status hint_fault(struct hsx_exec *e, const struct hsx_task_info *task,
                                  struct hsx_exec_error *hint)
{
    const struct hsx_target_ops *ops = e->target->ops;
    const struct hsx_context *ctx = &task->ctx;
    uint32_t insn = 0;
    uint8_t base[4];
    unsigned width, address;
    const struct hsx_insn_info *info;
    int used;

    if (ctx->pc % 4 != 0 || ctx->pc + 4u > ctx->code_len ||
        ops->read_code(e->target, ctx->code_base + ctx->pc, &insn, 1) != HSX_OK ||
        ops->read_data(e->target, ctx->reg_base + 4u * HSX_INSN_RS1(insn), base, sizeof base) !=
            HSX_OK) {
        return HSX_ERR_STATE;
    }
    info = &hsx_insn_table[HSX_INSN_OPCODE(insn)];
    width = width_of(insn);
    if (HSX_INSN_RS1(insn) == 0) {
        snprintf(hint->text, sizeof hint->text,
                 "%s at pc 0x%04X: the address, which was in R0, is none that the task may use%s",
                 info->name ? info->name : "?", (unsigned)ctx->pc,
                 ctx->flags & HSX_CTX_PROTECT ? "; --no-protect may allow it" : "");
        return HSX_OK;
    }
    address = (unsigned)(hsx_load_word(base) + (uint32_t)HSX_INSN_SIMM(insn)) & 0xFFFF;
    used = snprintf(hint->text, sizeof hint->text, "%s at pc 0x%04X %s %u byte%s at 0x%04X",
                    info->name ? info->name : "?", (unsigned)ctx->pc,
                    info->operands == HSX_OPND_MEM_RS2 ? "writes" : "reads", width,
                    width == 1 ? "" : "s", address);
    explain(ctx, address, width, hint, (size_t)used);
    return HSX_OK;
}

enum hsx_status hsx_exec_hint(struct hsx_exec *e, uint32_t pid, struct hsx_exec_error *hint)
{
    const struct refused *refused;
    struct hsx_task_info task;
    enum hsx_status status;
    int used;

    hint->text[0] = '\0';
    status = hsx_exec_task(e, pid, &task);
    if (status != HSX_OK) {
        return status;
    }
    if (task.ctx.state == HSX_FAULTED && task.fault == HSX_FAULT_MEM) {
        return hint_fault(e, &task, hint);
    }
    refused = &e->tasks[task.slot].refused;
    if (refused->len == 0) {
        return HSX_ERR_STATE;
    }
    used = snprintf(hint->text, sizeof hint->text,
                    "%s (SVC 0x%03X) at pc 0x%04X refused %" PRIu32 " byte%s at 0x%04X",
                    hsx_svc_name(refused->svc), (unsigned)refused->svc, (unsigned)refused->pc,
                    refused->len, refused->len == 1 ? "" : "s", (unsigned)refused->address);
    explain(&task.ctx, refused->address, refused->len, hint, (size_t)used);
    return HSX_OK;
}
