// SPDX-License-Identifier: Apache-2.0
#include "cosim_internal.h"
#include "event_text.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PLACE_SIZE = 300 };

static const char *stop_name(uint64_t reason)
{
    static const char *const names[] = {
        [HSX_STOP_STEPS] = "step limit",
        [HSX_STOP_RECORDS] = "going on",
        [HSX_STOP_SVC] = "SVC",
        [HSX_STOP_BRK] = "BRK",
        [HSX_STOP_FAULT] = "fault",
        [HSX_STOP_RETURN] = "end by RET",
        [HSX_STOP_ALARM] = "alarm",
        [HSX_STOP_IDLE] = "idle",
        [HSX_STOP_INTERRUPT] = "interrupt",
    };

    return reason < sizeof names / sizeof names[0] ? names[reason] : "unknown";
}

/* Describes addr as part of a window or stack, by the golden contexts. */
static void describe_address(const struct hsx_cosim *c, uint32_t addr, char *text, size_t size)
{
    for (unsigned slot = 0; slot < c->target.contexts; slot++) {
        struct hsx_context ctx;

        if (!c->known[slot] ||
            c->golden->ops->read_context(c->golden, (uint8_t)slot, &ctx) != HSX_OK ||
            ctx.state == HSX_FREE) {
            continue;
        }
        if (addr >= ctx.reg_base && addr < (uint32_t)ctx.reg_base + HSX_WINDOW_SIZE) {
            uint32_t offset = addr - ctx.reg_base;

            snprintf(text, size, " (slot %u, R%u, byte %u)", slot, (unsigned)(offset / 4),
                     (unsigned)(offset % 4));
            return;
        }
        if (addr >= ctx.stack_limit && addr < ctx.stack_top) {
            snprintf(text, size, " (slot %u, stack)", slot);
            return;
        }
    }
    text[0] = '\0';
}

static void summarize_record(const struct hsx_divergence *d, char *text, size_t size)
{
    char insn[EVENT_TEXT_SIZE];
    char expected[EVENT_TEXT_SIZE];
    char got[EVENT_TEXT_SIZE];
    const struct cosim_field *field = cosim_record_fields;

    while (field->name && strcmp(field->name, d->field) != 0) {
        field++;
    }
    event_instruction(&d->golden_record, insn, sizeof insn);
    event_field(field, &d->golden_record, expected, sizeof expected);
    event_field(field, &d->device_record, got, sizeof got);
    snprintf(text, size, "%s of %s in slot %u at pc 0x%04X: expected %s, got %s", d->field, insn,
             d->golden_record.slot, d->golden_record.pc, expected, got);
}

void hsx_cosim_summary(const struct hsx_target *cosim, char *text, size_t size)
{
    const struct hsx_cosim *c = (const struct hsx_cosim *)cosim;
    const struct hsx_divergence *d = &c->divergence;
    char what[320] = "";
    char place[64] = "";
    char insn[EVENT_TEXT_SIZE];

    switch (d->kind) {
    case HSX_DIVERGED_NOT:
        snprintf(text, size, "no divergence");
        return;
    case HSX_DIVERGED_RECORD:
        summarize_record(d, what, sizeof what);
        break;
    case HSX_DIVERGED_MISSING:
        event_instruction(&d->golden_record, insn, sizeof insn);
        snprintf(what, sizeof what,
                 "record missing: expected %s in slot %u at pc 0x%04X, the device stopped (%s)",
                 insn, d->golden_record.slot, d->golden_record.pc, stop_name(d->got));
        break;
    case HSX_DIVERGED_EXTRA:
        event_instruction(&d->device_record, insn, sizeof insn);
        snprintf(what, sizeof what,
                 "record too many: expected a stop (%s), got %s in slot %u at pc 0x%04X",
                 stop_name(d->expected), insn, d->device_record.slot, d->device_record.pc);
        break;
    case HSX_DIVERGED_STOP:
        if (strcmp(d->field, "stop") == 0) {
            snprintf(what, sizeof what, "reason of the stop: expected %s, got %s",
                     stop_name(d->expected), stop_name(d->got));
        } else {
            snprintf(what, sizeof what, "slot of the stop: expected %" PRIu64 ", got %" PRIu64,
                     d->expected, d->got);
        }
        break;
    case HSX_DIVERGED_DATA:
        describe_address(c, d->addr, place, sizeof place);
        snprintf(what, sizeof what,
                 "data memory at 0x%04X%s: expected 0x%02" PRIX64 ", got 0x%02" PRIX64,
                 (unsigned)d->addr, place, d->expected, d->got);
        break;
    case HSX_DIVERGED_CODE:
        snprintf(what, sizeof what,
                 "code memory at 0x%04X: expected 0x%08" PRIX64 ", got 0x%08" PRIX64,
                 (unsigned)d->addr, d->expected, d->got);
        break;
    case HSX_DIVERGED_CONTEXT:
        snprintf(what, sizeof what,
                 "%s in the context of slot %d: expected 0x%" PRIX64 ", got 0x%" PRIX64, d->field,
                 d->slot, d->expected, d->got);
        break;
    case HSX_DIVERGED_QUEUE:
        if (strcmp(d->field, "place") == 0) {
            snprintf(place, sizeof place, "place %u from the head", (unsigned)d->addr);
        } else {
            snprintf(place, sizeof place, "%s", d->field);
        }
        snprintf(what, sizeof what, "READY queue, %s: expected %" PRIu64 ", got %" PRIu64, place,
                 d->expected, d->got);
        break;
    case HSX_DIVERGED_TOTALS:
        snprintf(what, sizeof what, "total of %s: expected %" PRIu64 ", got %" PRIu64, d->field,
                 d->expected, d->got);
        break;
    case HSX_DIVERGED_STATUS:
        snprintf(what, sizeof what, "a call had two results, %s", d->message);
        break;
    case HSX_DIVERGED_MACHINE:
        snprintf(what, sizeof what, "the device failed: %s", d->message);
        break;
    }
    snprintf(text, size, "diverged at order %" PRIu64 ", cycle %" PRIu64 ": %s", d->order, d->cycle,
             what);
}

static bool has_record(const struct hsx_record *record)
{
    static const struct hsx_record none;

    return memcmp(record, &none, sizeof none) != 0;
}

static void print_fields(const struct hsx_cosim *c, FILE *out)
{
    const struct hsx_divergence *d = &c->divergence;
    bool golden = d->kind != HSX_DIVERGED_EXTRA;
    bool device = d->kind != HSX_DIVERGED_MISSING && d->kind != HSX_DIVERGED_MACHINE;

    fprintf(out, "\n  %-11s %-26s %-26s\n", "field", "expected (golden)", "got (device)");
    for (const struct cosim_field *f = cosim_record_fields; f->name; f++) {
        char left[EVENT_TEXT_SIZE] = "none";
        char right[EVENT_TEXT_SIZE] = "none";

        if (golden) {
            event_field(f, &d->golden_record, left, sizeof left);
        }
        if (device) {
            event_field(f, &d->device_record, right, sizeof right);
        }
        fprintf(out, "%c %-11s %-26s %s\n", strcmp(left, right) != 0 ? '*' : ' ', f->name, left,
                right);
    }
}

static void print_event(const struct hsx_cosim *c, const struct cosim_event *event,
                        const char *mark, FILE *out)
{
    const struct hsx_record *record = &event->record;
    char place[PLACE_SIZE] = "";

    if (c->options.name && record->event != HSX_EV_TICK && record->event < HSX_EV_COMPLETE) {
        c->options.name(c->options.name_ctx, record->slot, record->pc, place, sizeof place);
    }
    event_line(event, place, mark, out);
}

static void print_ring(const struct hsx_cosim *c, const struct cosim_ring *ring, FILE *out)
{
    uint64_t first = ring->count > COSIM_HISTORY ? ring->count - COSIM_HISTORY : 0;

    event_heading(out);
    for (uint64_t n = first; n < ring->count; n++) {
        const struct cosim_event *event = &ring->events[n % COSIM_HISTORY];

        print_event(c, event, "", out);
    }
    if (ring->count == 0) {
        fputs("  none\n", out);
    }
}

static void print_differing(const struct hsx_cosim *c, FILE *out)
{
    const struct hsx_divergence *d = &c->divergence;
    struct cosim_event event = {.order = d->order, .cycle = d->cycle};

    if (d->kind != HSX_DIVERGED_EXTRA && has_record(&d->golden_record)) {
        event.record = d->golden_record;
        print_event(c, &event, "expected", out);
    }
    if (has_record(&d->device_record)) {
        event.record = d->device_record;
        print_event(c, &event, "got", out);
    }
}

void hsx_cosim_report(const struct hsx_target *cosim, FILE *out)
{
    const struct hsx_cosim *c = (const struct hsx_cosim *)cosim;
    const struct hsx_divergence *d = &c->divergence;
    char text[512];

    hsx_cosim_summary(cosim, text, sizeof text);
    fprintf(out, "lock-step: %s\n", text);
    if (d->kind == HSX_DIVERGED_NOT) {
        return;
    }
    if (has_record(&d->golden_record) || has_record(&d->device_record)) {
        print_fields(c, out);
    }
    if (d->slot >= 0 && (unsigned)d->slot < c->target.contexts) {
        fprintf(out, "\nLast events of slot %d that agreed, oldest first:\n", d->slot);
        print_ring(c, &c->tasks[d->slot], out);
        print_differing(c, out);
    }
    fputs("\nLast events of all tasks that agreed, oldest first:\n", out);
    print_ring(c, &c->all, out);
    print_differing(c, out);
    if (c->options.reproduce) {
        fprintf(out, "\nTo see it again: %s\n", c->options.reproduce);
    }
}
