// SPDX-License-Identifier: Apache-2.0
#include "bundle_log.h"
#include <hsx/dis.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void on_write(void *ctx, uint32_t addr, const void *bytes, size_t len)
{
    struct bundle_log *log = ctx;

    memcpy(log->memory + addr, bytes, len);
    if (log->store_count < sizeof log->stores / sizeof log->stores[0]) {
        log->stores[log->store_count].addr = addr;
        log->stores[log->store_count++].len = (uint32_t)len;
    }
}

static void put(struct bundle_log *log, uint32_t addr, uint32_t value, uint32_t width,
                const struct bundle_writer *by)
{
    for (uint32_t i = 0; i < width && addr + i < HSX_DATA_SIZE; i++) {
        log->memory[addr + i] = (uint8_t)(value >> 8 * i);
        log->byte[addr + i] = *by;
    }
}

/* Memory, R15, the destination: contract section 1. */
static void apply(struct bundle_log *log, const struct hsx_exec_event *event,
                  const struct bundle_writer *by)
{
    const struct hsx_record *r = event->record;

    if ((r->access & HSX_ACC_WRITE) != 0) {
        put(log, r->mem_addr, r->mem_value, r->access & HSX_ACC_WIDTH, by);
    }
    if ((r->flags & HSX_REC_R15) != 0) {
        put(log, event->reg_base + 60u, r->sp, 4, by);
    }
    if ((r->flags & HSX_REC_RD) != 0) {
        put(log, event->reg_base + 4u * r->rd, r->rd_value, 4, by);
    }
    if (log->psw[event->slot] != r->psw) {
        log->flags[event->slot] = *by;
        log->psw[event->slot] = r->psw;
    }
    if (!log->has_sp[event->slot] || log->sp[event->slot] != r->sp) {
        log->has_sp[event->slot] = true;
        log->stack[event->slot] = *by;
        log->sp[event->slot] = r->sp;
    }
    if (event->slot < HSX_FUZZ_MAX_TASKS && r->pc / 4u < HSX_FUZZ_MAX_CODE &&
        (r->flags & HSX_REC_RD) != 0) {
        log->value[event->slot][r->pc / 4u] = r->rd_value;
        log->has_value[event->slot][r->pc / 4u] = true;
    }
}

static void on_event(void *ctx, const struct hsx_exec_event *event)
{
    struct bundle_log *log = ctx;
    bool load = event->kind == HSX_EV_EXTERNAL && event->what && strcmp(event->what, "load") == 0;
    struct bundle_writer by = {.kind = load ? WRITER_LOAD : WRITER_EXECUTIVE,
                               .order = event->order,
                               .cycle = event->cycle,
                               .pid = event->pid,
                               .insn = event->insn,
                               .pc = event->ctx.pc};

    for (size_t i = 0; i < log->store_count; i++) {
        for (uint32_t k = 0; k < log->stores[i].len; k++) {
            log->byte[log->stores[i].addr + k] = by;
        }
    }
    log->store_count = 0;
    log->steps = event->steps;
    if (event->record && event->pid != 0) {
        by.kind = WRITER_INSTRUCTION;
        by.insn = event->record->insn;
        by.ext = event->record->ext;
        by.pc = event->record->pc;
        apply(log, event, &by);
    }
}

struct hsx_exec_sink bundle_log_sink(struct bundle_log *log)
{
    return (struct hsx_exec_sink){.ctx = log, .write = on_write, .event = on_event};
}

void bundle_writer_text(const struct bundle_writer *w, char *text, size_t size)
{
    char insn[HSX_DIS_SIZE];

    switch (w->kind) {
    case WRITER_NONE:
        snprintf(text, size, "nobody: as it was at the start");
        return;
    case WRITER_LOAD:
        snprintf(text, size, "order %" PRIu64 ": the load of task %u", w->order, (unsigned)w->pid);
        return;
    case WRITER_EXECUTIVE:
        snprintf(text, size, "order %" PRIu64 ": the executive%s%.0u", w->order,
                 w->pid != 0 ? ", for task " : "", (unsigned)w->pid);
        return;
    case WRITER_INSTRUCTION:
        hsx_dis_executed(w->insn, w->ext, insn, sizeof insn);
        snprintf(text, size, "order %" PRIu64 ", cycle %" PRIu64 ", task %u at 0x%04X: `%s`",
                 w->order, w->cycle, (unsigned)w->pid, (unsigned)w->pc, insn);
        return;
    }
}
