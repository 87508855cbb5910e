// SPDX-License-Identifier: Apache-2.0
/* Lines are formatted by hand, for speed: a trace has millions. */
#include "text.h"
#include <hsx/isa.h>

static void text(struct bytes *out, const char *s)
{
    bytes_add(out, s, strlen(s));
}

static void number(struct bytes *out, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    bytes_add(out, digits + at, sizeof digits - at);
}

static void field(struct bytes *out, const char *key, uint64_t value)
{
    text(out, key);
    number(out, value);
}

static void registers(struct bytes *out, const struct hsx_trace_event *ev)
{
    const char *separator = "";

    text(out, ",\"regs\":[");
    for (unsigned i = 0; i < HSX_REGISTERS; i++) {
        text(out, i ? "," : "");
        number(out, ev->regs[i]);
    }
    text(out, "],\"changed_regs\":[");
    for (unsigned i = 0; i < HSX_REGISTERS; i++) {
        if (ev->changed >> i & 1) {
            text(out, separator);
            field(out, "\"R", i);
            text(out, "\"");
            separator = ",";
        }
    }
    text(out, "]");
}

static void mem_access(struct bytes *out, const struct hsx_record *r)
{
    if (r->access == 0) {
        text(out, ",\"mem_access\":null");
        return;
    }
    text(out, r->access & HSX_ACC_WRITE ? ",\"mem_access\":{\"op\":\"write\""
                                        : ",\"mem_access\":{\"op\":\"read\"");
    field(out, ",\"address\":", r->mem_addr);
    field(out, ",\"width\":", r->access & HSX_ACC_WIDTH);
    field(out, ",\"value\":", r->mem_value);
    text(out, "}");
}

static void byte_list(struct bytes *out, const uint8_t *bytes, uint32_t len)
{
    text(out, "[");
    for (uint32_t i = 0; i < len; i++) {
        text(out, i ? "," : "");
        number(out, bytes[i]);
    }
    text(out, "]");
}

static void stores(struct bytes *out, const struct hsx_trace_event *ev)
{
    text(out, ",\"writes\":[");
    for (size_t i = 0; i < ev->store_count; i++) {
        field(out, i ? ",{\"address\":" : "{\"address\":", ev->stores[i].addr);
        text(out, ",\"bytes\":");
        byte_list(out, ev->stores[i].bytes, ev->stores[i].len);
        text(out, "}");
    }
    text(out, "]");
}

static void woken(struct bytes *out, const struct hsx_trace_event *ev)
{
    text(out, ",\"woken\":[");
    for (size_t i = 0; i < ev->woken_count; i++) {
        text(out, i ? "," : "");
        number(out, ev->woken[i]);
    }
    text(out, "]");
}

static bool is_record(const struct hsx_trace_event *ev)
{
    return ev->kind < HSX_EV_TICK;
}

static void task_fields(struct bytes *out, const struct hsx_trace_event *ev)
{
    const struct hsx_record *r = &ev->record;

    field(out, ",\"slot\":", r->slot);
    field(out, ",\"pc\":", r->pc);
    if (ev->kind != HSX_EV_EXTERNAL) {
        field(out, ",\"opcode\":", r->insn);
    }
    if (r->flags & HSX_REC_EXT) {
        field(out, ",\"ext\":", r->ext);
    }
    field(out, ",\"next_pc\":", r->next_pc);
}

static void task_state(struct bytes *out, const struct hsx_trace_event *ev)
{
    const struct hsx_record *r = &ev->record;

    field(out, ",\"flags\":", r->psw);
    registers(out, ev);
    mem_access(out, r);
    if (r->flags & HSX_REC_RD) {
        field(out, ",\"rd\":", r->rd);
        field(out, ",\"rd_value\":", r->rd_value);
    }
    field(out, ",\"sp\":", r->sp);
    field(out, ",\"call_depth\":", r->call_depth);
    if (is_record(ev)) {
        field(out, ",\"r15\":", (r->flags & HSX_REC_R15) != 0);
        field(out, ",\"turn_first\":", (r->flags & HSX_REC_TURN_FIRST) != 0);
        field(out, ",\"turn_rotate\":", (r->flags & HSX_REC_TURN_ROTATE) != 0);
    } else {
        text(out, ",\"state\":\"");
        text(out, hsx_state_name((enum hsx_state)ev->state));
        text(out, "\"");
    }
}

static void context(struct bytes *out, const struct hsx_context *ctx)
{
    field(out, ",\"context\":{\"reg_base\":", ctx->reg_base);
    field(out, ",\"stack_limit\":", ctx->stack_limit);
    field(out, ",\"stack_top\":", ctx->stack_top);
    field(out, ",\"code_base\":", ctx->code_base);
    field(out, ",\"code_len\":", ctx->code_len);
    field(out, ",\"data_base\":", ctx->data_base);
    field(out, ",\"data_len\":", ctx->data_len);
    field(out, ",\"slice\":", ctx->slice);
    field(out, ",\"flags\":", ctx->flags);
    text(out, "}");
}

/* Names of mailboxes may contain any byte except NUL. */
static void name(struct bytes *out, const char *s)
{
    static const char digits[] = "0123456789abcdef";

    for (; *s != '\0'; s++) {
        uint8_t c = (uint8_t)*s;
        const char escape[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15], '\0'};

        if (c < 0x20 || c > 0x7E || c == '"' || c == '\\') {
            text(out, escape);
        } else {
            bytes_add(out, s, 1);
        }
    }
}

static void mailbox(struct bytes *out, const struct hsx_trace_event *ev)
{
    if (ev->mailbox.descriptor != 0) {
        field(out, ",\"mailbox\":{\"descriptor\":", ev->mailbox.descriptor);
        field(out, ",\"messages\":", ev->mailbox.messages);
        text(out, ",\"name\":\"");
        name(out, ev->mailbox.name);
        text(out, "\"}");
    }
}

static void mail(struct bytes *out, const struct hsx_trace_event *ev)
{
    text(out, ",\"mail\":{\"name\":\"");
    name(out, ev->mail.name);
    field(out, "\",\"number\":", ev->mail.number);
    field(out, ",\"capacity\":", ev->mail.capacity);
    field(out, ",\"mode\":", ev->mail.mode);
    field(out, ",\"flags\":", ev->mail.flags);
    field(out, ",\"channel\":", ev->mail.channel);
    field(out, ",\"sender\":", ev->mail.sender);
    field(out, ",\"on\":", ev->mail.on);
    field(out, ",\"result\":", ev->mail.result);
    text(out, ",\"bytes\":");
    byte_list(out, ev->mail.bytes, ev->mail.length);
    text(out, "}");
}

static void host(struct bytes *out, const struct hsx_trace_event *ev)
{
    text(out, ev->host.read ? "{\"event\":\"host\",\"op\":\"read\""
                            : "{\"event\":\"host\",\"op\":\"write\"");
    field(out, ",\"address\":", ev->host.addr);
    field(out, ",\"select\":", ev->host.select);
    field(out, ",\"value\":", ev->host.value);
    field(out, ",\"cycle\":", ev->cycle);
    text(out, "}\n");
}

void text_event(struct bytes *out, const struct hsx_trace_event *ev)
{
    if (ev->kind == HSX_TRACE_HOST_ACCESS) {
        host(out, ev);
        return;
    }
    field(out, "{\"seq\":", ev->seq);
    field(out, ",\"pid\":", ev->pid);
    if (ev->pid != 0) {
        task_fields(out, ev);
    }
    field(out, ",\"steps\":", ev->steps);
    if (ev->pid != 0) {
        task_state(out, ev);
    }
    field(out, ",\"cycle\":", ev->cycle);
    text(out, ",\"event\":\"");
    text(out, hsx_trace_event_name(ev));
    text(out, "\"");
    if (ev->kind == HSX_EV_EXTERNAL) {
        text(out, ",\"what\":\"");
        text(out, ev->what);
        text(out, "\"");
        if (ev->pid != 0) {
            context(out, &ev->context);
        }
    }
    if (ev->kind == HSX_EV_TICK) {
        field(out, ",\"now\":", ev->now);
    }
    mailbox(out, ev);
    if (ev->has & HSX_TRACE_MAIL) {
        mail(out, ev);
    }
    /* The stores of a load are in its image. */
    if (ev->store_count != 0 && strcmp(ev->what, "load") != 0) {
        stores(out, ev);
    }
    if (ev->woken_count != 0 || ev->kind >= HSX_EV_TICK) {
        woken(out, ev);
    }
    text(out, "}\n");
}
