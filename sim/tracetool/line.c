// SPDX-License-Identifier: Apache-2.0
/* Events as readable lines. */
#include "tracetool.h"
#include <hsx/dis.h>
#include <hsx/isa.h>
#include <inttypes.h>
#include <string.h>

static enum hsx_status next_of_reader(void *ctx, const struct hsx_trace_event **event,
                                      struct hsx_trace_error *error)
{
    return hsx_trace_next(ctx, event, error);
}

struct hsx_trace_source hsx_tracetool_source(struct hsx_trace_reader *reader)
{
    return (struct hsx_trace_source){
        .ctx = reader, .header = hsx_trace_reader_header(reader), .next = next_of_reader};
}

void tool_add(struct tool_text *t, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(t->text + t->used, t->size - t->used, format, arguments);
    va_end(arguments);
    if (length > 0) {
        t->used += (size_t)length < t->size - t->used ? (size_t)length : t->size - t->used - 1;
    }
}

void tool_add_name(struct tool_text *t, const char *name)
{
    for (; *name != '\0'; name++) {
        tool_add(t, *name < 0x20 || *name > 0x7E ? "\\x%02X" : "%c", (uint8_t)*name);
    }
}

const char *tool_task_name(const struct hsx_trace_header *header, uint32_t pid)
{
    for (size_t i = 0; i < header->image_count; i++) {
        if (header->images[i].pid == pid) {
            return header->images[i].name;
        }
    }
    return "";
}

void hsx_tracetool_place(const struct hsx_tracetool_names *names, uint32_t pid, uint16_t pc,
                         char *text, size_t size)
{
    char name[HSX_SYMBOL_TEXT_SIZE];

    snprintf(text, size, "0x%04X", pc);
    for (size_t i = 0; names && i < names->count; i++) {
        if (names->items[i].pid == pid && names->items[i].symbols &&
            hsx_symbols_code_text(names->items[i].symbols, pc, name, sizeof name)) {
            snprintf(text, size, "0x%04X %s", pc, name);
            return;
        }
    }
}

void hsx_tracetool_code_line(const struct hsx_tracetool_names *names, uint32_t pid, uint16_t pc,
                             char *text, size_t size)
{
    text[0] = '\0';
    for (size_t i = 0; names && i < names->count; i++) {
        if (names->items[i].pid == pid &&
            hsx_symbols_line_text(names->items[i].symbols, pc, text, size)) {
            return;
        }
    }
}

void hsx_tracetool_instruction(const struct hsx_trace_event *event, char *text, size_t size)
{
    char insn[HSX_DIS_SIZE];

    switch (event->kind) {
    case HSX_EV_TICK:
        snprintf(text, size, "tick");
        break;
    case HSX_EV_COMPLETE:
        hsx_dis_executed(event->record.insn, event->record.ext, insn, sizeof insn);
        snprintf(text, size, "answer %s", insn);
        break;
    case HSX_EV_EXTERNAL:
        snprintf(text, size, "%s", event->what[0] != '\0' ? event->what : "from outside");
        break;
    case HSX_TRACE_HOST_ACCESS:
        snprintf(text, size, "host %s", event->host.read ? "read" : "write");
        break;
    default:
        if (event->kind == HSX_EV_FAULT && event->record.insn == 0) {
            snprintf(text, size, "(fetch)");
        } else {
            hsx_dis_executed(event->record.insn, event->record.ext, text, size);
        }
        break;
    }
}

static void add_registers(struct tool_text *t, const struct hsx_trace_event *ev)
{
    const struct hsx_record *r = &ev->record;

    if ((ev->has & (HSX_TRACE_REGS | HSX_TRACE_CHANGED)) == (HSX_TRACE_REGS | HSX_TRACE_CHANGED)) {
        for (unsigned n = 0; n < HSX_REGISTERS; n++) {
            bool written = (r->flags & HSX_REC_RD) && r->rd == n;

            if ((ev->changed >> n & 1) || written) {
                tool_add(t, " R%u=0x%08" PRIX32, n, ev->regs[n]);
            }
        }
    } else if (r->flags & HSX_REC_RD) {
        tool_add(t, " R%u=0x%08" PRIX32, r->rd, r->rd_value);
    }
}

static void add_memory(struct tool_text *t, const struct hsx_trace_event *ev)
{
    const struct hsx_record *r = &ev->record;

    if (r->access != 0) {
        tool_add(t, " [0x%04X]%s0x%0*" PRIX32, r->mem_addr,
                 (r->access & HSX_ACC_WRITE) != 0 ? "<-" : "->", 2 * (r->access & HSX_ACC_WIDTH),
                 r->mem_value);
    }
    for (size_t i = 0; i < ev->store_count && strcmp(ev->what, "load") != 0; i++) {
        const struct hsx_trace_store *s = &ev->stores[i];
        uint32_t len = s->len;
        bool own = ev->reg_base != 0 && s->addr >= ev->reg_base &&
                   s->addr + s->len <= ev->reg_base + (uint32_t)HSX_WINDOW_SIZE;

        while (i + 1 < ev->store_count && ev->stores[i + 1].addr == s->addr + len) {
            len += ev->stores[++i].len;
        }
        if (!own) {
            tool_add(t, " [0x%04" PRIX32 "]<-%" PRIu32 " bytes", s->addr, len);
        }
    }
}

static void add_mail(struct tool_text *t, const struct hsx_trace_event *ev)
{
    if (ev->mail.name[0] != '\0') {
        tool_add(t, " ");
        tool_add_name(t, ev->mail.name);
    } else {
        tool_add(t, strcmp(ev->what, "remove") == 0 ? " mailbox %" PRIu32 : " handle %" PRIu32,
                 ev->mail.number);
    }
    if (strcmp(ev->what, "send") == 0 || strcmp(ev->what, "recv") == 0) {
        tool_add(t, " %u bytes", ev->mail.length);
    }
    if (ev->mail.result != HSX_MBOX_OK) {
        tool_add(t, " status %u", ev->mail.result);
    }
}

static void add_effect(struct tool_text *t, const struct hsx_trace_event *ev)
{
    const struct hsx_record *r = &ev->record;

    if (ev->kind == HSX_EV_FAULT) {
        tool_add(t, " %s", hsx_fault_name(r->rd_value));
        return;
    }
    add_registers(t, ev);
    add_memory(t, ev);
    if (r->flags & HSX_REC_R15) {
        tool_add(t, " sp=0x%04X", r->sp);
    }
    if (ev->kind == HSX_EV_RETIRE && (ev->has & HSX_TRACE_NEXT_PC) &&
        r->next_pc != (uint16_t)(r->pc + 4) && (r->flags & HSX_REC_EXT) == 0) {
        tool_add(t, " pc=0x%04X", r->next_pc);
    } else if (ev->kind == HSX_EV_RETURN) {
        tool_add(t, " the task ends");
    } else if (ev->kind == HSX_EV_TICK) {
        tool_add(t, " %" PRIu64 " ms", ev->now);
    }
    if (ev->has & HSX_TRACE_STATE) {
        tool_add(t, " %s", hsx_state_name((enum hsx_state)ev->state));
    }
    if (ev->has & HSX_TRACE_MAIL) {
        add_mail(t, ev);
    }
    if (ev->mailbox.descriptor != 0) {
        tool_add(t, " ");
        tool_add_name(t, ev->mailbox.name);
        tool_add(t, " holds %" PRIu32, ev->mailbox.messages);
    }
    for (size_t i = 0; i < ev->woken_count; i++) {
        tool_add(t, "%s%" PRIu32, i == 0 ? " wakes " : ", ", ev->woken[i]);
    }
    if (ev->kind == HSX_TRACE_HOST_ACCESS) {
        tool_add(t, " [0x%05" PRIX32 "]%s0x%08" PRIX32, ev->host.addr, ev->host.read ? "->" : "<-",
                 ev->host.value);
    }
}

void hsx_tracetool_heading(char *text, size_t size)
{
    snprintf(text, size, "%9s %9s %4s  %-27s %-26s %-4s %s", "order", "cycle", "task", "place",
             "instruction", "psw", "effect");
}

void hsx_tracetool_line(const struct hsx_tracetool_names *names, const struct hsx_trace_event *ev,
                        char *text, size_t size)
{
    struct tool_text t = {.text = text, .size = size};
    char place[HSX_SYMBOL_TEXT_SIZE + 8] = "";
    char insn[HSX_DIS_SIZE + 8];
    char psw[HSX_PSW_TEXT] = "";

    hsx_tracetool_instruction(ev, insn, sizeof insn);
    text[0] = '\0';
    if (ev->has & HSX_TRACE_SEQ) {
        tool_add(&t, "%9" PRIu64, ev->seq);
    } else {
        tool_add(&t, "%9s", "");
    }
    if (ev->has & HSX_TRACE_CYCLE) {
        tool_add(&t, " %9" PRIu64, ev->cycle);
    } else {
        tool_add(&t, " %9s", "");
    }
    if (ev->pid != 0) {
        tool_add(&t, " %4" PRIu32, ev->pid);
    } else {
        tool_add(&t, " %4s", "");
    }
    if (ev->has & HSX_TRACE_PC) {
        hsx_tracetool_place(names, ev->pid, ev->record.pc, place, sizeof place);
    }
    if (ev->has & HSX_TRACE_PSW) {
        hsx_psw_text(ev->record.psw, psw);
    }
    tool_add(&t, "  %-27s %-26s %-4s", place, insn, psw);
    add_effect(&t, ev);
    while (t.used > 0 && text[t.used - 1] == ' ') {
        text[--t.used] = '\0';
    }
}
