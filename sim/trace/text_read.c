// SPDX-License-Identifier: Apache-2.0
#include "text.h"
#include <hsx/isa.h>
#include <inttypes.h>
#include <stdlib.h>

enum { OPCODE_SVC = 0x30, OPCODE_BRK = 0x7F, OPCODE_LDI32 = 0x60 };

static enum hsx_status wrong(struct hsx_trace_error *error, const char *key, const char *expected)
{
    snprintf(error->text, sizeof error->text, "\"%s\" is wrong, expected %s", key, expected);
    return HSX_ERR_FORMAT;
}

/* One integer from 0 to most; sets bit in *has if it is present. */
static enum hsx_status number(const json_t *line, const char *key, uint64_t most, uint32_t bit,
                              uint32_t *has, uint64_t *value, struct hsx_trace_error *error)
{
    const json_t *item = json_object_get(line, key);
    char expected[64];

    *value = 0;
    if (!item) {
        return HSX_OK;
    }
    if (!json_is_integer(item) || json_integer_value(item) < 0 ||
        (uint64_t)json_integer_value(item) > most) {
        snprintf(expected, sizeof expected, "an integer from 0 to %" PRIu64, most);
        return wrong(error, key, expected);
    }
    *value = (uint64_t)json_integer_value(item);
    *has |= bit;
    return HSX_OK;
}

/* Numbers of a line by name, if they fit into 64 bits. */
struct plan {
    const char *key;
    uint64_t most;
    uint32_t bit;
    uint64_t *value;
};

static enum hsx_status numbers(const json_t *line, const struct plan *plan, size_t count,
                               uint32_t *has, struct hsx_trace_error *error)
{
    enum hsx_status status = HSX_OK;

    for (size_t i = 0; i < count && status == HSX_OK; i++) {
        status = number(line, plan[i].key, plan[i].most, plan[i].bit, has, plan[i].value, error);
    }
    return status;
}

static enum hsx_status get_kind(const json_t *line, struct hsx_trace_event *ev,
                                struct hsx_trace_error *error)
{
    const json_t *item = json_object_get(line, "event");
    unsigned kind = 0;

    if (!item) {
        return HSX_OK;
    }
    if (!json_is_string(item)) {
        return wrong(error, "event", "a name such as \"retire\"");
    }
    while (kind < HSX_TRACE_HOST_ACCESS &&
           strcmp(json_string_value(item), hsx_event_name(kind)) != 0) {
        kind++;
    }
    ev->kind = (uint8_t)kind;
    ev->has |= HSX_TRACE_EVENT;
    return kind < HSX_TRACE_HOST_ACCESS || strcmp(json_string_value(item), "host") == 0
               ? HSX_OK
               : wrong(error, "event",
                       "retire, fault, return, svc, brk, tick, complete, external or host");
}

static enum hsx_status get_regs(const json_t *line, struct hsx_trace_event *ev,
                                struct hsx_trace_error *error)
{
    const json_t *regs = json_object_get(line, "regs");
    const json_t *changed = json_object_get(line, "changed_regs");

    if (regs && json_array_size(regs) != HSX_REGISTERS) {
        return wrong(error, "regs", "sixteen integers");
    }
    for (unsigned n = 0; regs && n < HSX_REGISTERS; n++) {
        const json_t *item = json_array_get(regs, n);

        if (!json_is_integer(item) || json_integer_value(item) < 0 ||
            json_integer_value(item) > UINT32_MAX) {
            return wrong(error, "regs", "sixteen integers of 32 bits");
        }
        ev->regs[n] = (uint32_t)json_integer_value(item);
    }
    ev->has |= regs ? HSX_TRACE_REGS : 0;
    if (!changed) {
        return HSX_OK;
    }
    if (!json_is_array(changed)) {
        return wrong(error, "changed_regs", "an array such as [\"R3\"]");
    }
    for (size_t i = 0; i < json_array_size(changed); i++) {
        const char *name = json_string_value(json_array_get(changed, i));
        char *end = NULL;
        unsigned long n =
            name && name[0] == 'R' && name[1] != '\0' ? strtoul(name + 1, &end, 10) : HSX_REGISTERS;

        if (n >= HSX_REGISTERS || *end != '\0') {
            return wrong(error, "changed_regs", "names from R0 to R15");
        }
        ev->changed |= (uint16_t)(1u << n);
    }
    ev->has |= HSX_TRACE_CHANGED;
    return HSX_OK;
}

static enum hsx_status get_access(const json_t *line, struct hsx_trace_event *ev,
                                  struct hsx_trace_error *error)
{
    const json_t *item = json_object_get(line, "mem_access");
    uint64_t address = 0;
    uint64_t width = 0;
    uint64_t value = 0;
    uint32_t got = 0;
    const struct plan plan[] = {{"address", UINT16_MAX, 1, &address},
                                {"width", 4, 2, &width},
                                {"value", UINT32_MAX, 4, &value}};
    const char *op;
    enum hsx_status status;

    if (!item) {
        return HSX_OK;
    }
    ev->has |= HSX_TRACE_ACCESS;
    if (json_is_null(item)) {
        return HSX_OK;
    }
    status = numbers(item, plan, sizeof plan / sizeof plan[0], &got, error);
    op = json_string_value(json_object_get(item, "op"));
    if (status != HSX_OK) {
        return status;
    }
    if (got != 7 || (width != 1 && width != 2 && width != 4) || !op ||
        (strcmp(op, "read") != 0 && strcmp(op, "write") != 0)) {
        return wrong(error, "mem_access",
                     "null, or op read or write, address, width 1, 2 or 4, and value");
    }
    ev->record.access = (uint8_t)(width | (op[0] == 'r' ? HSX_ACC_READ : HSX_ACC_WRITE));
    ev->record.mem_addr = (uint16_t)address;
    ev->record.mem_value = (uint32_t)value;
    return HSX_OK;
}

/* Reads the item's "bytes" into *bytes, replacing its contents; key is for messages. */
static enum hsx_status get_bytes(const json_t *item, const char *key, struct bytes *bytes,
                                 struct hsx_trace_error *error)
{
    const json_t *list = json_object_get(item, "bytes");

    bytes->used = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *byte = json_array_get(list, i);

        if (!json_is_integer(byte) || json_integer_value(byte) < 0 ||
            json_integer_value(byte) > UINT8_MAX) {
            return wrong(error, key, "bytes from 0 to 255");
        }
        bytes_u8(bytes, (uint32_t)json_integer_value(byte));
    }
    return bytes->lost ? HSX_ERR_MEMORY : HSX_OK;
}

static enum hsx_status get_store(const json_t *item, struct store_list *stores,
                                 struct hsx_trace_error *error)
{
    size_t len = json_array_size(json_object_get(item, "bytes"));
    uint64_t address;
    uint32_t got = 0;
    enum hsx_status status = number(item, "address", HSX_DATA_SIZE - 1, 1, &got, &address, error);
    struct bytes bytes = {0};

    if (status != HSX_OK) {
        return status;
    }
    if (got != 1 || len > HSX_DATA_SIZE - address) {
        return wrong(error, "writes", "objects with address and bytes");
    }
    status = get_bytes(item, "writes", &bytes, error);
    if (status == HSX_OK) {
        store_list_add(stores, (uint32_t)address, bytes.data, bytes.used);
        status = stores->lost ? HSX_ERR_MEMORY : HSX_OK;
    }
    bytes_free(&bytes);
    return status;
}

static enum hsx_status get_answers(const json_t *line, struct text_event *out,
                                   struct hsx_trace_error *error)
{
    const json_t *writes = json_object_get(line, "writes");
    const json_t *woken = json_object_get(line, "woken");
    struct hsx_trace_event *ev = &out->event;
    enum hsx_status status = HSX_OK;

    if ((writes && !json_is_array(writes)) || (woken && !json_is_array(woken)) ||
        json_array_size(woken) > HSX_MAX_CONTEXTS) {
        return wrong(error, writes && !json_is_array(writes) ? "writes" : "woken", "an array");
    }
    for (size_t i = 0; i < json_array_size(writes) && status == HSX_OK; i++) {
        status = get_store(json_array_get(writes, i), &out->stores, error);
    }
    for (size_t i = 0; i < json_array_size(woken) && status == HSX_OK; i++) {
        const json_t *pid = json_array_get(woken, i);

        if (!json_is_integer(pid) || json_integer_value(pid) < 0 ||
            json_integer_value(pid) > UINT32_MAX) {
            return wrong(error, "woken", "task ids");
        }
        out->woken[i] = (uint32_t)json_integer_value(pid);
    }
    ev->stores = store_list_settle(&out->stores);
    ev->store_count = out->stores.count;
    ev->woken = out->woken;
    ev->woken_count = json_array_size(woken);
    ev->has |= writes ? HSX_TRACE_STORES : 0;
    ev->has |= woken ? HSX_TRACE_WOKEN : 0;
    return status;
}

static enum hsx_status get_words(const json_t *line, struct hsx_trace_event *ev,
                                 struct hsx_trace_error *error)
{
    const json_t *what = json_object_get(line, "what");
    const json_t *state = json_object_get(line, "state");
    unsigned number = HSX_FREE;

    if (what) {
        const char *text = json_string_value(what);

        if (!text || strlen(text) >= HSX_TRACE_WHAT) {
            return wrong(error, "what", "a short word");
        }
        snprintf(ev->what, sizeof ev->what, "%s", text);
        for (char *c = ev->what; *c != '\0'; c++) {
            if (*c < 0x20 || *c > 0x7E || *c == '"' || *c == '\\') {
                *c = '?';
            }
        }
        ev->has |= HSX_TRACE_WHAT_DONE;
    }
    if (!state) {
        return HSX_OK;
    }
    while (number <= HSX_FAULTED && json_is_string(state) &&
           strcmp(json_string_value(state), hsx_state_name((enum hsx_state)number)) != 0) {
        number++;
    }
    if (!json_is_string(state) || number > HSX_FAULTED) {
        return wrong(error, "state", "the name of a state such as \"READY\"");
    }
    ev->state = (uint8_t)number;
    ev->has |= HSX_TRACE_STATE;
    return HSX_OK;
}

static enum hsx_status get_context(const json_t *line, struct hsx_trace_event *ev,
                                   struct hsx_trace_error *error)
{
    const json_t *item = json_object_get(line, "context");
    const struct hsx_record *r = &ev->record;
    struct hsx_context *ctx = &ev->context;
    uint64_t value[9];
    uint32_t got = 0;
    const struct plan plan[] = {
        {"reg_base", UINT16_MAX, 1, &value[0]},     {"stack_limit", UINT16_MAX, 2, &value[1]},
        {"stack_top", UINT16_MAX, 4, &value[2]},    {"code_base", UINT16_MAX, 8, &value[3]},
        {"code_len", HSX_CODE_SIZE, 16, &value[4]}, {"data_base", UINT16_MAX, 32, &value[5]},
        {"data_len", HSX_DATA_SIZE, 64, &value[6]}, {"slice", UINT8_MAX, 128, &value[7]},
        {"flags", UINT8_MAX, 256, &value[8]}};
    enum hsx_status status;

    if (!item) {
        return HSX_OK;
    }
    status = numbers(item, plan, sizeof plan / sizeof plan[0], &got, error);
    if (status == HSX_OK && got != 511) {
        return wrong(error, "context", "an object with all fields of docs/trace.md");
    }
    *ctx = (struct hsx_context){.pc = r->pc,
                                .sp = r->sp,
                                .call_depth = r->call_depth,
                                .psw = r->psw,
                                .state = ev->state,
                                .reg_base = (uint16_t)value[0],
                                .stack_limit = (uint16_t)value[1],
                                .stack_top = (uint16_t)value[2],
                                .code_base = (uint16_t)value[3],
                                .code_len = (uint32_t)value[4],
                                .data_base = (uint16_t)value[5],
                                .data_len = (uint32_t)value[6],
                                .slice = (uint8_t)value[7],
                                .flags = (uint8_t)value[8]};
    ev->has |= HSX_TRACE_CONTEXT;
    return status;
}

/* Restores the bytes that the writer escaped; other characters become '?'. */
static void copy_name(const char *from, char *to, size_t size)
{
    size_t used = 0;

    while (*from != '\0' && used + 1 < size) {
        uint8_t c = (uint8_t)*from++;

        if (c >= 0xC2 && c <= 0xC3 && *from != '\0') {
            c = (uint8_t)((c & 3) << 6 | ((uint8_t)*from++ & 0x3F));
        } else if (c > 0x7F) {
            c = '?';
        }
        to[used++] = (char)c;
    }
}

static enum hsx_status get_mailbox(const json_t *line, struct hsx_trace_event *ev,
                                   struct hsx_trace_error *error)
{
    const json_t *item = json_object_get(line, "mailbox");
    const char *name = json_string_value(json_object_get(item, "name"));
    uint32_t got = 0;
    uint64_t descriptor;
    uint64_t messages;
    const struct plan plan[] = {{"descriptor", UINT32_MAX, 1, &descriptor},
                                {"messages", UINT32_MAX, 2, &messages}};
    enum hsx_status status;

    if (!item) {
        return HSX_OK;
    }
    status = numbers(item, plan, sizeof plan / sizeof plan[0], &got, error);
    if (status == HSX_OK && (got != 3 || !name)) {
        return wrong(error, "mailbox", "an object with descriptor, messages and name");
    }
    if (status == HSX_OK) {
        ev->mailbox.descriptor = (uint32_t)descriptor;
        ev->mailbox.messages = (uint32_t)messages;
        copy_name(name, ev->mailbox.name, sizeof ev->mailbox.name);
        ev->has |= HSX_TRACE_MAILBOX;
    }
    return status;
}

static enum hsx_status get_mail(const json_t *line, struct text_event *out,
                                struct hsx_trace_error *error)
{
    const json_t *item = json_object_get(line, "mail");
    const char *name = json_string_value(json_object_get(item, "name"));
    struct hsx_trace_event *ev = &out->event;
    uint64_t value[8];
    uint32_t got = 0;
    const struct plan plan[] = {{"number", UINT32_MAX, 1, &value[0]},
                                {"capacity", UINT16_MAX, 2, &value[1]},
                                {"mode", UINT16_MAX, 4, &value[2]},
                                {"flags", UINT16_MAX, 8, &value[3]},
                                {"channel", UINT16_MAX, 16, &value[4]},
                                {"sender", UINT16_MAX, 32, &value[5]},
                                {"on", 1, 64, &value[6]},
                                {"result", UINT8_MAX, 128, &value[7]}};
    enum hsx_status status;

    if (!item) {
        return HSX_OK;
    }
    status = numbers(item, plan, sizeof plan / sizeof plan[0], &got, error);
    if (status == HSX_OK &&
        (got != 255 || !name || json_array_size(json_object_get(item, "bytes")) > UINT16_MAX)) {
        return wrong(error, "mail", "an object with all fields of docs/trace.md");
    }
    if (status == HSX_OK) {
        status = get_bytes(item, "mail", &out->mail, error);
    }
    if (status != HSX_OK) {
        return status;
    }
    copy_name(name, ev->mail.name, sizeof ev->mail.name);
    ev->mail.number = (uint32_t)value[0];
    ev->mail.capacity = (uint16_t)value[1];
    ev->mail.mode = (uint16_t)value[2];
    ev->mail.flags = (uint16_t)value[3];
    ev->mail.channel = (uint16_t)value[4];
    ev->mail.sender = (uint16_t)value[5];
    ev->mail.on = value[6] != 0;
    ev->mail.result = (uint8_t)value[7];
    ev->mail.bytes = out->mail.data;
    ev->mail.length = (uint16_t)out->mail.used;
    ev->has |= HSX_TRACE_MAIL;
    return HSX_OK;
}

static enum hsx_status get_host(const json_t *line, struct hsx_trace_event *ev,
                                struct hsx_trace_error *error)
{
    const char *op = json_string_value(json_object_get(line, "op"));
    uint32_t got = 0;
    uint64_t address;
    uint64_t value;
    uint64_t select;
    const struct plan plan[] = {{"address", 0xFFFFF, 1, &address},
                                {"value", UINT32_MAX, 2, &value},
                                {"select", 15, 4, &select}};
    enum hsx_status status = numbers(line, plan, sizeof plan / sizeof plan[0], &got, error);

    if (status != HSX_OK) {
        return status;
    }
    if (got != 7 || !op || (strcmp(op, "read") != 0 && strcmp(op, "write") != 0)) {
        return wrong(error, "host", "op read or write, address, value and select");
    }
    ev->host.read = op[0] == 'r';
    ev->host.addr = (uint32_t)address;
    ev->host.value = (uint32_t)value;
    ev->host.select = (uint8_t)select;
    return HSX_OK;
}

/* Derives what the record's numbers say together. */
static void settle(struct hsx_trace_event *ev, uint32_t flag_bits, const uint64_t *flags)
{
    struct hsx_record *r = &ev->record;
    uint8_t opcode = HSX_INSN_OPCODE(r->insn);

    if ((ev->has & HSX_TRACE_EVENT) == 0) {
        ev->kind = opcode == OPCODE_SVC   ? HSX_EV_SVC
                   : opcode == OPCODE_BRK ? HSX_EV_BRK
                                          : HSX_EV_RETIRE;
    }
    r->event = ev->kind < HSX_TRACE_HOST_ACCESS ? ev->kind : 0;
    if (ev->has & HSX_TRACE_EXT) {
        r->flags |= HSX_REC_EXT;
    } else if ((ev->has & HSX_TRACE_INSN) && opcode != OPCODE_LDI32) {
        ev->has |= HSX_TRACE_EXT;
    }
    r->flags |= flags[0] ? HSX_REC_R15 : 0;
    r->flags |= flags[1] ? HSX_REC_TURN_FIRST : 0;
    r->flags |= flags[2] ? HSX_REC_TURN_ROTATE : 0;
    r->flags |= flag_bits & 8 ? HSX_REC_RD : 0;
    ev->has |= flag_bits & 1 ? HSX_TRACE_RD : 0;
    ev->has |= (flag_bits & 6) == 6 ? HSX_TRACE_TURN : 0;
}

void text_event_free(struct text_event *event)
{
    store_list_free(&event->stores);
    bytes_free(&event->mail);
}

enum hsx_status text_parse(const json_t *line, struct text_event *out,
                           struct hsx_trace_error *error)
{
    struct hsx_trace_event *ev = &out->event;
    struct hsx_record *r = &ev->record;
    uint64_t pid, slot, pc, insn, ext, next_pc, psw, sp, depth, rd, rd_value, flags[3];
    uint32_t flag_bits = 0;
    const struct plan plan[] = {
        {"seq", INT64_MAX, HSX_TRACE_SEQ, &ev->seq},
        {"pid", UINT32_MAX, HSX_TRACE_PID, &pid},
        {"slot", UINT8_MAX, HSX_TRACE_SLOT, &slot},
        {"pc", UINT16_MAX, HSX_TRACE_PC, &pc},
        {"opcode", UINT32_MAX, HSX_TRACE_INSN, &insn},
        {"ext", UINT32_MAX, HSX_TRACE_EXT, &ext},
        {"next_pc", UINT16_MAX, HSX_TRACE_NEXT_PC, &next_pc},
        {"steps", INT64_MAX, HSX_TRACE_STEPS, &ev->steps},
        {"flags", 15, HSX_TRACE_PSW, &psw},
        {"sp", UINT16_MAX, HSX_TRACE_SP, &sp},
        {"call_depth", UINT16_MAX, HSX_TRACE_CALL_DEPTH, &depth},
        {"cycle", INT64_MAX, HSX_TRACE_CYCLE, &ev->cycle},
        {"now", INT64_MAX, HSX_TRACE_NOW, &ev->now},
    };
    const struct plan flag_plan[] = {{"r15", 1, 1, &flags[0]},
                                     {"turn_first", 1, 2, &flags[1]},
                                     {"turn_rotate", 1, 4, &flags[2]},
                                     {"rd", 15, 8, &rd},
                                     {"rd_value", UINT32_MAX, 8, &rd_value}};
    enum hsx_status status;

    *ev = (struct hsx_trace_event){0};
    store_list_clear(&out->stores);
    if (!json_is_object(line)) {
        snprintf(error->text, sizeof error->text, "not a JSON object");
        return HSX_ERR_FORMAT;
    }
    status = get_kind(line, ev, error);
    if (status == HSX_OK && ev->kind == HSX_TRACE_HOST_ACCESS) {
        status = get_host(line, ev, error);
    }
    if (status == HSX_OK) {
        status = numbers(line, plan, sizeof plan / sizeof plan[0], &ev->has, error);
    }
    if (status == HSX_OK) {
        status =
            numbers(line, flag_plan, sizeof flag_plan / sizeof flag_plan[0], &flag_bits, error);
    }
    if (status != HSX_OK) {
        return status;
    }
    ev->pid = (uint32_t)pid;
    *r = (struct hsx_record){.insn = (uint32_t)insn,
                             .ext = (uint32_t)ext,
                             .rd_value = (uint32_t)rd_value,
                             .pc = (uint16_t)pc,
                             .next_pc = (uint16_t)next_pc,
                             .sp = (uint16_t)sp,
                             .call_depth = (uint16_t)depth,
                             .slot = (uint8_t)slot,
                             .rd = (uint8_t)rd,
                             .psw = (uint8_t)psw};
    settle(ev, flag_bits, flags);
    status = get_access(line, ev, error);
    if (status == HSX_OK) {
        status = get_regs(line, ev, error);
    }
    if (status == HSX_OK) {
        status = get_words(line, ev, error);
    }
    if (status == HSX_OK) {
        status = get_context(line, ev, error);
    }
    if (status == HSX_OK) {
        status = get_mailbox(line, ev, error);
    }
    if (status == HSX_OK && ev->kind == HSX_EV_EXTERNAL) {
        status = get_mail(line, out, error);
    }
    return status == HSX_OK ? get_answers(line, out, error) : status;
}
