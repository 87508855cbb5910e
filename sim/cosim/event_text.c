// SPDX-License-Identifier: Apache-2.0
#include "event_text.h"
#include <hsx/dis.h>
#include <hsx/isa.h>
#include <inttypes.h>
#include <string.h>

void event_instruction(const struct hsx_record *r, char *text, size_t size)
{
    if (r->event == HSX_EV_TICK || r->event >= HSX_EV_COMPLETE) {
        snprintf(text, size, "%s", r->event == HSX_EV_TICK ? "tick" : "(executive)");
    } else if (r->event == HSX_EV_FAULT && r->insn == 0) {
        snprintf(text, size, "(fetch)");
    } else {
        hsx_dis_executed(r->insn, r->ext, text, size);
    }
}

static void flags_text(uint8_t flags, char *text, size_t size)
{
    static const char *const names[] = {"RD", "R15", "FIRST", "ROTATE", "EXT"};
    size_t used = (size_t)snprintf(text, size, "0x%02X", flags);

    for (unsigned i = 0; i < 5 && used < size; i++) {
        if ((flags >> i & 1) != 0) {
            used += (size_t)snprintf(text + used, size - used, " %s", names[i]);
        }
    }
}

void event_field(const struct cosim_field *field, const struct hsx_record *record, char *text,
                 size_t size)
{
    uint32_t value = cosim_field_value(record, field);

    if (strcmp(field->name, "event") == 0) {
        bool fault = value == HSX_EV_FAULT;

        snprintf(text, size, "%s%s%s", hsx_event_name(value), fault ? " " : "",
                 fault ? hsx_fault_name(record->rd_value) : "");
    } else if (strcmp(field->name, "slot") == 0 || strcmp(field->name, "rd") == 0 ||
               strcmp(field->name, "call_depth") == 0) {
        snprintf(text, size, "%" PRIu32, value);
    } else if (strcmp(field->name, "flags") == 0) {
        flags_text((uint8_t)value, text, size);
    } else if (strcmp(field->name, "access") == 0) {
        snprintf(text, size, "0x%02X%s%s%s", value, (value & HSX_ACC_READ) != 0 ? " read" : "",
                 (value & HSX_ACC_WRITE) != 0 ? " write" : "", value == 0 ? " none" : "");
    } else if (strcmp(field->name, "psw") == 0) {
        char letters[HSX_PSW_TEXT];

        hsx_psw_text((uint8_t)value, letters);
        snprintf(text, size, "0x%" PRIX32 " %s", value, letters);
    } else {
        snprintf(text, size, "0x%0*" PRIX32, 2 * field->size, value);
    }
}

void event_heading(FILE *out)
{
    fprintf(out, "  %10s %10s %4s  %-6s %-30s %-4s %s\n", "order", "cycle", "slot", "pc",
            "instruction", "psw", "effect");
}

static void effect_text(const struct hsx_record *r, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    if (r->event == HSX_EV_FAULT) {
        snprintf(text, size, " %s", hsx_fault_name(r->rd_value));
        return;
    }
    if ((r->flags & HSX_REC_RD) != 0) {
        used += (size_t)snprintf(text, size, " R%u=0x%08" PRIX32, r->rd, r->rd_value);
    }
    if (r->access != 0) {
        used += (size_t)snprintf(text + used, size - used, " [0x%04X]%s0x%0*" PRIX32, r->mem_addr,
                                 (r->access & HSX_ACC_WRITE) != 0 ? "<-" : "->",
                                 2 * (r->access & HSX_ACC_WIDTH), r->mem_value);
    }
    if ((r->flags & HSX_REC_R15) != 0) {
        used += (size_t)snprintf(text + used, size - used, " sp=0x%04X", r->sp);
    }
    if (r->event == HSX_EV_RETIRE && r->next_pc != (uint16_t)(r->pc + 4) &&
        (r->flags & HSX_REC_EXT) == 0) {
        snprintf(text + used, size - used, " pc=0x%04X", r->next_pc);
    } else if (r->event == HSX_EV_RETURN) {
        snprintf(text + used, size - used, " the task ends");
    }
}

void event_line(const struct cosim_event *event, const char *place, const char *mark, FILE *out)
{
    const struct hsx_record *r = &event->record;
    char insn[EVENT_TEXT_SIZE];
    char effect[2 * EVENT_TEXT_SIZE];
    char psw[HSX_PSW_TEXT];

    event_instruction(r, insn, sizeof insn);
    fprintf(out, "%c %10" PRIu64 " %10" PRIu64, mark[0] ? '*' : ' ', event->order, event->cycle);
    if (r->event == HSX_EV_TICK || r->event >= HSX_EV_COMPLETE) {
        fprintf(out, " %4s  %-6s %s", "", "", insn);
    } else {
        hsx_psw_text(r->psw, psw);
        effect_text(r, effect, sizeof effect);
        fprintf(out, " %4u  0x%04X %-30s %s%s", r->slot, r->pc, insn, psw, effect);
    }
    if (place[0]) {
        fprintf(out, "  <%s>", place);
    }
    fprintf(out, "%s%s\n", mark[0] ? "  <- " : "", mark);
}
