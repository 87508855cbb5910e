// SPDX-License-Identifier: Apache-2.0
/* The fields of events: comparing and printing them. */
#include "tracetool.h"
#include <hsx/isa.h>
#include <hsx/member.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Flag bits that belong to separate fields. */
enum { RD_BITS = HSX_REC_RD | HSX_REC_R15, TURN_BITS = HSX_REC_TURN_FIRST | HSX_REC_TURN_ROTATE };

static const struct {
    uint32_t bit;
    const char *name;
} fields[] = {
    {HSX_TRACE_SEQ, "seq"},
    {HSX_TRACE_EVENT, "event"},
    {HSX_TRACE_PID, "pid"},
    {HSX_TRACE_SLOT, "slot"},
    {HSX_TRACE_PC, "pc"},
    {HSX_TRACE_INSN, "opcode"},
    {HSX_TRACE_EXT, "ext"},
    {HSX_TRACE_NEXT_PC, "next_pc"},
    {HSX_TRACE_RD, "rd"},
    {HSX_TRACE_PSW, "flags"},
    {HSX_TRACE_SP, "sp"},
    {HSX_TRACE_CALL_DEPTH, "call_depth"},
    {HSX_TRACE_ACCESS, "mem_access"},
    {HSX_TRACE_TURN, "turn"},
    {HSX_TRACE_REGS, "regs"},
    {HSX_TRACE_CHANGED, "changed_regs"},
    {HSX_TRACE_STEPS, "steps"},
    {HSX_TRACE_STATE, "state"},
    {HSX_TRACE_NOW, "now"},
    {HSX_TRACE_WHAT_DONE, "what"},
    {HSX_TRACE_STORES, "writes"},
    {HSX_TRACE_WOKEN, "woken"},
    {HSX_TRACE_CONTEXT, "context"},
    {HSX_TRACE_MAILBOX, "mailbox"},
    {HSX_TRACE_MAIL, "mail"},
    {HSX_TRACE_CYCLE, "cycle"},
};

enum { FIELDS = sizeof fields / sizeof fields[0] };

static bool same_stores(const struct hsx_trace_event *a, const struct hsx_trace_event *b)
{
    bool same = a->store_count == b->store_count;

    for (size_t i = 0; same && i < a->store_count; i++) {
        same = a->stores[i].addr == b->stores[i].addr && a->stores[i].len == b->stores[i].len &&
               memcmp(a->stores[i].bytes, b->stores[i].bytes, a->stores[i].len) == 0;
    }
    return same;
}

static bool same_mail(const struct hsx_trace_event *a, const struct hsx_trace_event *b)
{
    return strcmp(a->mail.name, b->mail.name) == 0 && a->mail.number == b->mail.number &&
           a->mail.capacity == b->mail.capacity && a->mail.mode == b->mail.mode &&
           a->mail.flags == b->mail.flags && a->mail.channel == b->mail.channel &&
           a->mail.sender == b->mail.sender && a->mail.on == b->mail.on &&
           a->mail.result == b->mail.result && a->mail.length == b->mail.length &&
           (a->mail.length == 0 || memcmp(a->mail.bytes, b->mail.bytes, a->mail.length) == 0);
}

/* The fields of a context that are not fields of every event: a trace may lack those. */
static const struct context_field {
    const char *name;
    size_t offset, size;
    bool shown; /* always */
} context_fields[] = {
#define FIELD(name, shown)                                                                         \
    {                                                                                              \
#name, offsetof(struct hsx_context, name), sizeof((struct hsx_context *)0)->name, shown    \
    }
    FIELD(reg_base, true),   FIELD(stack_limit, true), FIELD(stack_top, false),
    FIELD(code_base, false), FIELD(code_len, false),   FIELD(data_base, false),
    FIELD(data_len, false),  FIELD(slice, true),       FIELD(flags, false),
#undef FIELD
};

enum { CONTEXT_FIELDS = sizeof context_fields / sizeof context_fields[0] };

static uint32_t context_field(const struct context_field *field, const struct hsx_context *c)
{
    return hsx_member_value(c, field->offset, field->size);
}

static bool same_context(const struct hsx_context *a, const struct hsx_context *b)
{
    for (size_t i = 0; i < CONTEXT_FIELDS; i++) {
        if (context_field(&context_fields[i], a) != context_field(&context_fields[i], b)) {
            return false;
        }
    }
    return true;
}

static bool same_field(uint32_t field, const struct hsx_trace_event *a,
                       const struct hsx_trace_event *b)
{
    const struct hsx_record *r = &a->record;
    const struct hsx_record *s = &b->record;

    switch (field) {
    case HSX_TRACE_SEQ:
        return a->seq == b->seq;
    case HSX_TRACE_EVENT:
        return a->kind == b->kind;
    case HSX_TRACE_PID:
        return a->pid == b->pid;
    case HSX_TRACE_SLOT:
        return r->slot == s->slot;
    case HSX_TRACE_PC:
        return r->pc == s->pc;
    case HSX_TRACE_INSN:
        return r->insn == s->insn;
    case HSX_TRACE_EXT:
        return r->ext == s->ext && ((r->flags ^ s->flags) & HSX_REC_EXT) == 0;
    case HSX_TRACE_NEXT_PC:
        return r->next_pc == s->next_pc;
    case HSX_TRACE_RD:
        return r->rd == s->rd && r->rd_value == s->rd_value &&
               ((r->flags ^ s->flags) & RD_BITS) == 0;
    case HSX_TRACE_PSW:
        return r->psw == s->psw;
    case HSX_TRACE_SP:
        return r->sp == s->sp;
    case HSX_TRACE_CALL_DEPTH:
        return r->call_depth == s->call_depth;
    case HSX_TRACE_ACCESS:
        return r->access == s->access && r->mem_addr == s->mem_addr && r->mem_value == s->mem_value;
    case HSX_TRACE_TURN:
        return ((r->flags ^ s->flags) & TURN_BITS) == 0;
    case HSX_TRACE_REGS:
        return memcmp(a->regs, b->regs, sizeof a->regs) == 0;
    case HSX_TRACE_CHANGED:
        return a->changed == b->changed;
    case HSX_TRACE_STEPS:
        return a->steps == b->steps;
    case HSX_TRACE_STATE:
        return a->state == b->state;
    case HSX_TRACE_NOW:
        return a->now == b->now;
    case HSX_TRACE_WHAT_DONE:
        return strcmp(a->what, b->what) == 0;
    case HSX_TRACE_STORES:
        return same_stores(a, b);
    case HSX_TRACE_WOKEN:
        return a->woken_count == b->woken_count &&
               (a->woken_count == 0 ||
                memcmp(a->woken, b->woken, a->woken_count * sizeof *a->woken) == 0);
    case HSX_TRACE_MAILBOX:
        return a->mailbox.descriptor == b->mailbox.descriptor &&
               a->mailbox.messages == b->mailbox.messages &&
               strcmp(a->mailbox.name, b->mailbox.name) == 0;
    case HSX_TRACE_MAIL:
        return same_mail(a, b);
    case HSX_TRACE_CONTEXT:
        return same_context(&a->context, &b->context);
    default:
        return a->cycle == b->cycle;
    }
}

uint32_t hsx_tracetool_difference(const struct hsx_trace_event *a, const struct hsx_trace_event *b,
                                  uint32_t mask)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if ((mask & fields[i].bit) != 0 && !same_field(fields[i].bit, a, b)) {
            return fields[i].bit;
        }
    }
    return 0;
}

const char *hsx_tracetool_field_name(uint32_t field)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i].bit == field) {
            return fields[i].name;
        }
    }
    return "event";
}

void hsx_tracetool_field_list(uint32_t mask, char *text, size_t size)
{
    struct tool_text t = {.text = text, .size = size};

    text[0] = '\0';
    for (size_t i = 0; i < FIELDS; i++) {
        if (mask & fields[i].bit) {
            tool_add(&t, "%s%s", t.used != 0 ? ", " : "", fields[i].name);
        }
    }
}

/* The first register that differs, or those that changed. */
static void registers(struct tool_text *t, const struct hsx_trace_event *ev,
                      const struct hsx_trace_event *of)
{
    for (unsigned n = 0; n < HSX_REGISTERS; n++) {
        if (of && ev->regs[n] != of->regs[n]) {
            tool_add(t, "R%u=0x%08" PRIX32, n, ev->regs[n]);
            return;
        }
    }
    tool_add(t, "(the same)");
}

static void changed(struct tool_text *t, const struct hsx_trace_event *ev)
{
    for (unsigned n = 0; n < HSX_REGISTERS; n++) {
        if (ev->changed >> n & 1) {
            tool_add(t, "%sR%u", t->used != 0 ? " " : "", n);
        }
    }
    if (ev->changed == 0) {
        tool_add(t, "none");
    }
}

static void destination(struct tool_text *t, const struct hsx_record *r)
{
    if (r->flags & HSX_REC_RD) {
        tool_add(t, "R%u=0x%08" PRIX32, r->rd, r->rd_value);
    }
    if (r->flags & HSX_REC_R15) {
        tool_add(t, "%sR15=sp", t->used != 0 ? ", " : "");
    }
    if (t->used == 0) {
        tool_add(t, "none");
    }
}

static void memory(struct tool_text *t, const struct hsx_record *r)
{
    if (r->access == 0) {
        tool_add(t, "none");
        return;
    }
    tool_add(t, "%s 0x%04X, %u: 0x%0*" PRIX32, r->access & HSX_ACC_WRITE ? "write" : "read",
             r->mem_addr, r->access & HSX_ACC_WIDTH, 2 * (r->access & HSX_ACC_WIDTH), r->mem_value);
}

static void turn(struct tool_text *t, uint8_t flags)
{
    tool_add(t, "%s%s%s", flags & HSX_REC_TURN_FIRST ? "first" : "",
             (flags & TURN_BITS) == TURN_BITS ? ", " : "",
             flags & HSX_REC_TURN_ROTATE ? "rotate" : "");
    if ((flags & TURN_BITS) == 0) {
        tool_add(t, "none");
    }
}

/* The stores from the first that differs on. */
static void stores(struct tool_text *t, const struct hsx_trace_event *ev,
                   const struct hsx_trace_event *of)
{
    size_t i = 0;

    while (of && i < ev->store_count && i < of->store_count &&
           ev->stores[i].addr == of->stores[i].addr && ev->stores[i].len == of->stores[i].len &&
           memcmp(ev->stores[i].bytes, of->stores[i].bytes, ev->stores[i].len) == 0) {
        i++;
    }
    if (i == ev->store_count) {
        tool_add(t, "%zu in all", ev->store_count);
        return;
    }
    tool_add(t, "0x%04" PRIX32 ":", ev->stores[i].addr);
    for (uint32_t k = 0; k < ev->stores[i].len && k < 6; k++) {
        tool_add(t, " %02X", ev->stores[i].bytes[k]);
    }
    tool_add(t, "%s", ev->stores[i].len > 6 ? " ..." : "");
}

static void woken(struct tool_text *t, const struct hsx_trace_event *ev)
{
    for (size_t i = 0; i < ev->woken_count; i++) {
        tool_add(t, "%s%" PRIu32, i != 0 ? ", " : "", ev->woken[i]);
    }
    if (ev->woken_count == 0) {
        tool_add(t, "none");
    }
}

static void mailbox(struct tool_text *t, const struct hsx_trace_event *ev)
{
    if (ev->mailbox.descriptor != 0) {
        tool_add_name(t, ev->mailbox.name);
        tool_add(t, ": %" PRIu32 " messages", ev->mailbox.messages);
    } else {
        tool_add(t, "none");
    }
}

/* The difference may be in the message. */
static void mail(struct tool_text *t, const struct hsx_trace_event *ev,
                 const struct hsx_trace_event *of)
{
    uint32_t at = 0;

    while (of && at < ev->mail.length && at < of->mail.length &&
           ev->mail.bytes[at] == of->mail.bytes[at]) {
        at++;
    }
    tool_add_name(t, ev->mail.name);
    tool_add(t, "%s%" PRIu32 " result %u", ev->mail.name[0] != '\0' ? " " : "", ev->mail.number,
             ev->mail.result);
    if (ev->mail.length != 0) {
        tool_add(t, ", %u bytes", ev->mail.length);
    }
    if (at < ev->mail.length) {
        tool_add(t, ", from %" PRIu32 ":", at);
        for (uint32_t i = at; i < ev->mail.length && i < at + 4; i++) {
            tool_add(t, " %02X", ev->mail.bytes[i]);
        }
    }
}

/* With the differences in the rest. */
static void context(struct tool_text *t, const struct hsx_context *c, const struct hsx_context *of)
{
    tool_add(t, "reg 0x%04X stack 0x%04X slice %u", c->reg_base, c->stack_limit, c->slice);
    for (size_t i = 0; of && i < CONTEXT_FIELDS; i++) {
        const struct context_field *f = &context_fields[i];

        if (!f->shown && context_field(f, c) != context_field(f, of)) {
            tool_add(t, " %s 0x%X", f->name, (unsigned)context_field(f, c));
        }
    }
}

void hsx_tracetool_field(uint32_t field, const struct hsx_trace_event *ev,
                         const struct hsx_trace_event *of, char *text, size_t size)
{
    const struct hsx_record *r = &ev->record;
    struct tool_text t = {.text = text, .size = size};
    char letters[HSX_PSW_TEXT];

    text[0] = '\0';
    if ((ev->has & field) == 0) {
        tool_add(&t, "-");
        return;
    }
    switch (field) {
    case HSX_TRACE_SEQ:
        tool_add(&t, "%" PRIu64, ev->seq);
        break;
    case HSX_TRACE_EVENT:
        tool_add(&t, "%s", hsx_trace_event_name(ev));
        if (ev->kind == HSX_EV_FAULT && (ev->has & HSX_TRACE_RD)) {
            tool_add(&t, " %s", hsx_fault_name(r->rd_value));
        }
        break;
    case HSX_TRACE_PID:
        tool_add(&t, "%" PRIu32, ev->pid);
        break;
    case HSX_TRACE_SLOT:
        tool_add(&t, "%u", r->slot);
        break;
    case HSX_TRACE_PC:
        tool_add(&t, "0x%04X", r->pc);
        break;
    case HSX_TRACE_INSN:
        tool_add(&t, "0x%08" PRIX32, r->insn);
        break;
    case HSX_TRACE_EXT:
        tool_add(&t, r->flags & HSX_REC_EXT ? "0x%08" PRIX32 : "none", r->ext);
        break;
    case HSX_TRACE_NEXT_PC:
        tool_add(&t, "0x%04X", r->next_pc);
        break;
    case HSX_TRACE_RD:
        destination(&t, r);
        break;
    case HSX_TRACE_PSW:
        hsx_psw_text(r->psw, letters);
        tool_add(&t, "0x%X %s", r->psw, letters);
        break;
    case HSX_TRACE_SP:
        tool_add(&t, "0x%04X", r->sp);
        break;
    case HSX_TRACE_CALL_DEPTH:
        tool_add(&t, "%u", r->call_depth);
        break;
    case HSX_TRACE_ACCESS:
        memory(&t, r);
        break;
    case HSX_TRACE_TURN:
        turn(&t, r->flags);
        break;
    case HSX_TRACE_REGS:
        registers(&t, ev, of);
        break;
    case HSX_TRACE_CHANGED:
        changed(&t, ev);
        break;
    case HSX_TRACE_STEPS:
        tool_add(&t, "%" PRIu64, ev->steps);
        break;
    case HSX_TRACE_STATE:
        tool_add(&t, "%s", hsx_state_name((enum hsx_state)ev->state));
        break;
    case HSX_TRACE_NOW:
        tool_add(&t, "%" PRIu64 " ms", ev->now);
        break;
    case HSX_TRACE_WHAT_DONE:
        tool_add(&t, "%s", ev->what);
        break;
    case HSX_TRACE_STORES:
        stores(&t, ev, of);
        break;
    case HSX_TRACE_WOKEN:
        woken(&t, ev);
        break;
    case HSX_TRACE_MAILBOX:
        mailbox(&t, ev);
        break;
    case HSX_TRACE_MAIL:
        mail(&t, ev, of);
        break;
    case HSX_TRACE_CONTEXT:
        context(&t, &ev->context, of ? &of->context : NULL);
        break;
    default:
        tool_add(&t, "%" PRIu64, ev->cycle);
        break;
    }
}

void hsx_tracetool_fields(const char *left, const struct hsx_trace_event *a, const char *right,
                          const struct hsx_trace_event *b, uint32_t mask, FILE *out)
{
    fprintf(out, "\n  %-12s %-30s %s\n", "field", left, right);
    for (size_t i = 0; i < FIELDS; i++) {
        uint32_t field = fields[i].bit;
        bool differs = (mask & field) != 0 && a && b && !same_field(field, a, b);
        char one[80] = "none";
        char other[80] = "none";

        if ((((a ? a->has : 0) | (b ? b->has : 0)) & field) == 0 || field == HSX_TRACE_CYCLE ||
            (field == HSX_TRACE_REGS && !differs)) {
            continue;
        }
        if (a) {
            hsx_tracetool_field(field, a, b, one, sizeof one);
        }
        if (b) {
            hsx_tracetool_field(field, b, a, other, sizeof other);
        }
        fprintf(out, "%c %-12s %-30s %s\n", differs ? '*' : ' ', fields[i].name, one, other);
    }
}
