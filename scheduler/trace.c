// SPDX-License-Identifier: Apache-2.0
/* The trace writer. Lines are put together by hand: a trace has millions. */
#include <hsx/isa.h>
#include <hsx/trace.h>
#include <hsx/word.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 1 << 12, DIGITS = 24 };

/* A store of the executive that its event has not told of yet. */
struct store {
    uint32_t addr, len;
    size_t at; /* in bytes */
};

struct hsx_trace {
    struct hsx_target *target;
    FILE *out;
    uint8_t image[HSX_DATA_SIZE];
    uint8_t before[HSX_WINDOW_SIZE]; /* the event's window, before it */
    struct store *stores;
    size_t store_count, store_capacity;
    uint8_t *bytes;
    size_t byte_count, byte_capacity;
    bool lost; /* out of memory: stores are missing */
    char line[LINE_SIZE];
    size_t used;
};

/* ---- Text */

static void flush(struct hsx_trace *t)
{
    fwrite(t->line, 1, t->used, t->out);
    t->used = 0;
}

static void text(struct hsx_trace *t, const char *s)
{
    size_t len = strlen(s);

    if (t->used + len > LINE_SIZE) {
        flush(t);
    }
    memcpy(t->line + t->used, s, len);
    t->used += len;
}

static void number(struct hsx_trace *t, uint64_t value)
{
    char digits[DIGITS];
    size_t at = sizeof digits;

    digits[--at] = '\0';
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    text(t, digits + at);
}

static void field(struct hsx_trace *t, const char *key, uint64_t value)
{
    text(t, key);
    number(t, value);
}

/* ---- The image */

static void apply(struct hsx_trace *t, uint32_t addr, uint32_t value, uint32_t width)
{
    for (uint32_t i = 0; i < width && addr + i < HSX_DATA_SIZE; i++) {
        t->image[addr + i] = (uint8_t)(value >> (8 * i));
    }
}

/* Memory, R15, the destination: the order of contract section 1. */
static void apply_record(struct hsx_trace *t, const struct hsx_record *r, uint16_t reg_base)
{
    if (r->access & HSX_ACC_WRITE) {
        apply(t, r->mem_addr, r->mem_value, r->access & HSX_ACC_WIDTH);
    }
    if (r->flags & HSX_REC_R15) {
        apply(t, reg_base + 60u, r->sp, 4);
    }
    if (r->flags & HSX_REC_RD) {
        apply(t, reg_base + 4u * r->rd, r->rd_value, 4);
    }
}

static void apply_stores(struct hsx_trace *t)
{
    for (size_t i = 0; i < t->store_count; i++) {
        memcpy(t->image + t->stores[i].addr, t->bytes + t->stores[i].at, t->stores[i].len);
    }
}

static bool reserve(void **block, size_t *capacity, size_t need, size_t unit)
{
    size_t size = *capacity ? *capacity : 64;
    void *more;

    if (need <= *capacity) {
        return true;
    }
    while (size < need) {
        size *= 2;
    }
    more = realloc(*block, size * unit);
    if (more) {
        *block = more;
        *capacity = size;
    }
    return more != NULL;
}

static void on_write(void *ctx, uint32_t addr, const void *bytes, size_t len)
{
    struct hsx_trace *t = ctx;
    void *stores = t->stores;
    void *buffer = t->bytes;

    if (!reserve(&stores, &t->store_capacity, t->store_count + 1, sizeof *t->stores)) {
        t->lost = true;
        return;
    }
    t->stores = stores;
    if (!reserve(&buffer, &t->byte_capacity, t->byte_count + len, 1)) {
        t->lost = true;
        return;
    }
    t->bytes = buffer;
    memcpy(t->bytes + t->byte_count, bytes, len);
    t->stores[t->store_count++] = (struct store){addr, (uint32_t)len, t->byte_count};
    t->byte_count += len;
}

/* ---- Lines */

static void registers(struct hsx_trace *t, uint16_t reg_base)
{
    const uint8_t *after = t->image + reg_base;
    const char *separator = "";

    text(t, ",\"regs\":[");
    for (unsigned i = 0; i < HSX_REGISTERS; i++) {
        text(t, i ? "," : "");
        number(t, hsx_load_word(after + 4 * i));
    }
    text(t, "],\"changed_regs\":[");
    for (unsigned i = 0; i < HSX_REGISTERS; i++) {
        if (memcmp(after + 4 * i, t->before + 4 * i, 4) != 0) {
            text(t, separator);
            text(t, "\"R");
            number(t, i);
            text(t, "\"");
            separator = ",";
        }
    }
    text(t, "]");
}

static void access(struct hsx_trace *t, const struct hsx_record *r)
{
    if (!r || r->access == 0) {
        text(t, ",\"mem_access\":null");
        return;
    }
    text(t, r->access & HSX_ACC_WRITE ? ",\"mem_access\":{\"op\":\"write\""
                                      : ",\"mem_access\":{\"op\":\"read\"");
    field(t, ",\"address\":", r->mem_addr);
    field(t, ",\"width\":", r->access & HSX_ACC_WIDTH);
    field(t, ",\"value\":", r->mem_value);
    text(t, "}");
}

static void stores(struct hsx_trace *t)
{
    text(t, ",\"writes\":[");
    for (size_t i = 0; i < t->store_count; i++) {
        field(t, i ? ",{\"address\":" : "{\"address\":", t->stores[i].addr);
        text(t, ",\"bytes\":[");
        for (uint32_t k = 0; k < t->stores[i].len; k++) {
            text(t, k ? "," : "");
            number(t, t->bytes[t->stores[i].at + k]);
        }
        text(t, "]}");
    }
    text(t, "]");
}

static void woken(struct hsx_trace *t, const struct hsx_exec_event *ev)
{
    text(t, ",\"woken\":[");
    for (size_t i = 0; i < ev->woken_count; i++) {
        text(t, i ? "," : "");
        number(t, ev->woken[i]);
    }
    text(t, "]");
}

/* What an event with a task says of it. */
static void task_fields(struct hsx_trace *t, const struct hsx_exec_event *ev)
{
    const struct hsx_record *r = ev->record;

    field(t, ",\"pc\":", r ? r->pc : ev->pc);
    if (ev->kind != HSX_EV_EXTERNAL) {
        field(t, ",\"opcode\":", r ? r->insn : ev->insn);
    }
    if (r && r->flags & HSX_REC_EXT) {
        field(t, ",\"ext\":", r->ext);
    }
    field(t, ",\"next_pc\":", r ? r->next_pc : ev->pc);
}

static void line(struct hsx_trace *t, const struct hsx_exec_event *ev)
{
    const struct hsx_record *r = ev->record;
    bool has_task = ev->pid != 0;

    field(t, "{\"seq\":", ev->order);
    field(t, ",\"pid\":", ev->pid);
    if (has_task) {
        task_fields(t, ev);
    }
    field(t, ",\"steps\":", ev->steps);
    if (has_task) {
        field(t, ",\"flags\":", r ? r->psw : ev->psw);
        registers(t, ev->reg_base);
        access(t, r);
        field(t, ",\"sp\":", r ? r->sp : ev->sp);
    }
    field(t, ",\"cycle\":", ev->cycle);
    text(t, ",\"event\":\"");
    text(t, hsx_event_name(ev->kind));
    text(t, "\"");
    if (ev->kind == HSX_EV_EXTERNAL) {
        text(t, ",\"what\":\"");
        text(t, ev->what);
        text(t, "\"");
    }
    if (ev->kind == HSX_EV_TICK) {
        field(t, ",\"now\":", ev->now);
    }
    /* What a load fills is in the image it loads. */
    if (t->store_count != 0 && !(ev->what && strcmp(ev->what, "load") == 0)) {
        stores(t);
    }
    if (ev->woken_count != 0 || ev->kind >= HSX_EV_TICK) {
        woken(t, ev);
    }
    text(t, "}\n");
    flush(t);
}

static void on_event(void *ctx, const struct hsx_exec_event *ev)
{
    struct hsx_trace *t = ctx;

    memcpy(t->before, t->image + ev->reg_base, sizeof t->before);
    if (ev->record) {
        apply_record(t, ev->record, ev->reg_base);
    }
    apply_stores(t);
    line(t, ev);
    t->store_count = 0;
    t->byte_count = 0;
}

enum hsx_status hsx_trace_create(struct hsx_target *target, FILE *out, struct hsx_trace **trace)
{
    struct hsx_trace *t = calloc(1, sizeof *t);
    enum hsx_status status;

    if (!t) {
        return HSX_ERR_MEMORY;
    }
    t->target = target;
    t->out = out;
    status = target->ops->read_data(target, 0, t->image, HSX_DATA_SIZE);
    if (status != HSX_OK) {
        free(t);
        return status;
    }
    *trace = t;
    return HSX_OK;
}

void hsx_trace_destroy(struct hsx_trace *t)
{
    if (t) {
        free(t->stores);
        free(t->bytes);
        free(t);
    }
}

struct hsx_exec_sink hsx_trace_sink(struct hsx_trace *trace)
{
    return (struct hsx_exec_sink){.ctx = trace, .write = on_write, .event = on_event};
}

enum hsx_status hsx_trace_check(struct hsx_trace *t, uint32_t *addr)
{
    uint8_t chunk[1024];

    if (t->lost) {
        return HSX_ERR_MEMORY;
    }
    for (uint32_t at = 0; at < HSX_DATA_SIZE; at += sizeof chunk) {
        enum hsx_status status = t->target->ops->read_data(t->target, at, chunk, sizeof chunk);

        if (status != HSX_OK) {
            return status;
        }
        for (uint32_t i = 0; i < sizeof chunk; i++) {
            if (chunk[i] != t->image[at + i]) {
                *addr = at + i;
                return HSX_ERR_DIVERGED;
            }
        }
    }
    return HSX_OK;
}
