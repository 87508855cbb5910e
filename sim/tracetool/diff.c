// SPDX-License-Identifier: Apache-2.0
/* Two traces side by side: where they diverge, and whether they meet again. */
#include "tracetool.h"
#include <inttypes.h>
#include <stdlib.h>

enum {
    WINDOW = 512, /* events of each side that are searched for a meeting place */
    MEETING = 8   /* equal events that count as a meeting */
};

/* One side: the next events, read ahead. */
struct side {
    const struct hsx_trace_source *source;
    const char *name;
    struct tool_event ahead[WINDOW];
    size_t count;
    bool ended;
};

struct comparison {
    struct side a, b;
    uint32_t ignored;
    const struct hsx_tracetool_names *names;
    struct tool_history history;
    FILE *out;
};

static enum hsx_status fill(struct side *side, size_t count, struct hsx_trace_error *error)
{
    while (side->count < count && !side->ended) {
        const struct hsx_trace_event *event;
        enum hsx_status status = side->source->next(side->source->ctx, &event, error);

        if (status != HSX_OK) {
            return status;
        }
        side->ended = event == NULL;
        if (event && !tool_copy(&side->ahead[side->count++], event)) {
            return HSX_ERR_MEMORY;
        }
    }
    return HSX_OK;
}

static void drop(struct side *side, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        tool_free(&side->ahead[i]);
    }
    for (size_t i = count; i < side->count; i++) {
        side->ahead[i - count] = side->ahead[i];
    }
    side->count -= count;
}

static uint32_t differs(const struct comparison *c, const struct tool_event *a,
                        const struct tool_event *b, uint32_t ignored)
{
    return hsx_tracetool_difference(&a->event, &b->event,
                                    a->event.has & b->event.has & ~(c->ignored | ignored));
}

/* Whether the sides agree from these places on. Order numbers and steps may be shifted. */
static bool meet(const struct comparison *c, size_t i, size_t k)
{
    enum { SHIFTED = HSX_TRACE_SEQ | HSX_TRACE_STEPS | HSX_TRACE_CYCLE };

    for (size_t n = 0; n < MEETING; n++) {
        bool a_over = i + n >= c->a.count;
        bool b_over = k + n >= c->b.count;

        if (a_over || b_over) {
            return a_over && b_over && n > 0;
        }
        if (differs(c, &c->a.ahead[i + n], &c->b.ahead[k + n], SHIFTED) != 0) {
            return false;
        }
    }
    return true;
}

/* The nearest places at which they do. */
static bool find_meeting(const struct comparison *c, size_t *i, size_t *k)
{
    for (size_t sum = 1; sum < c->a.count + c->b.count; sum++) {
        for (*i = 0; *i <= sum; ++*i) {
            *k = sum - *i;
            if (*i < c->a.count && *k < c->b.count && meet(c, *i, *k)) {
                return true;
            }
        }
    }
    return false;
}

static void print_difference(const struct comparison *c, uint32_t field)
{
    const struct tool_event *a = c->a.count != 0 ? &c->a.ahead[0] : NULL;
    const struct tool_event *b = c->b.count != 0 ? &c->b.ahead[0] : NULL;
    char insn[80];
    char one[80];
    char other[80];

    if (!a || !b) {
        const struct tool_event *rest = a ? a : b;

        hsx_tracetool_instruction(&rest->event, insn, sizeof insn);
        fprintf(c->out, "%s ends where %s continues with %s\n", a ? c->b.name : c->a.name,
                a ? c->a.name : c->b.name, insn);
    } else {
        hsx_tracetool_instruction(&a->event, insn, sizeof insn);
        hsx_tracetool_field(field, &a->event, &b->event, one, sizeof one);
        hsx_tracetool_field(field, &b->event, &a->event, other, sizeof other);
        fprintf(c->out,
                "first difference at order %" PRIu64 ": %s of %s in task %" PRIu32
                " at pc 0x%04X: %s, %s\n",
                a->event.seq, hsx_tracetool_field_name(field), insn, a->event.pid,
                a->event.record.pc, one, other);
        hsx_tracetool_fields(c->a.name, &a->event, c->b.name, &b->event,
                             a->event.has & b->event.has & ~c->ignored, c->out);
    }
    fputs("\nWhat led to it, the same in both, oldest first:\n", c->out);
    tool_history_print(&c->history, c->names, c->out);
    if (a) {
        tool_line(c->names, &a->event, c->a.name, c->out);
    }
    if (b) {
        tool_line(c->names, &b->event, c->b.name, c->out);
    }
}

/* Compares from the present positions to the first difference, or to the end of both. */
static enum hsx_status compare(struct comparison *c, uint32_t ignored, uint64_t *same,
                               uint32_t *field, bool *end, struct hsx_trace_error *error)
{
    *field = 0;
    *end = false;
    for (;;) {
        enum hsx_status status = fill(&c->a, 1, error);

        if (status == HSX_OK) {
            status = fill(&c->b, 1, error);
        }
        if (status != HSX_OK) {
            return status;
        }
        *end = c->a.count == 0 && c->b.count == 0;
        if (*end || c->a.count == 0 || c->b.count == 0) {
            return HSX_OK;
        }
        *field = differs(c, &c->a.ahead[0], &c->b.ahead[0], ignored);
        if (*field != 0) {
            return HSX_OK;
        }
        tool_remember(&c->history, &c->a.ahead[0].event);
        ++*same;
        drop(&c->a, 1);
        drop(&c->b, 1);
    }
}

static enum hsx_status after_difference(struct comparison *c, struct hsx_trace_diff *diff,
                                        struct hsx_trace_error *error)
{
    enum { SHIFTED = HSX_TRACE_SEQ | HSX_TRACE_STEPS | HSX_TRACE_CYCLE };

    size_t i;
    size_t k;
    uint32_t field;
    bool end;
    enum hsx_status status = fill(&c->a, WINDOW, error);

    if (status == HSX_OK) {
        status = fill(&c->b, WINDOW, error);
    }
    if (status != HSX_OK) {
        return status;
    }
    diff->meets = find_meeting(c, &i, &k);
    if (!diff->meets) {
        fprintf(c->out, "\nThey do not meet again within %d events.\n", WINDOW);
        return HSX_OK;
    }
    diff->apart = i;
    diff->skipped = k;
    drop(&c->a, i);
    drop(&c->b, k);
    status = compare(c, SHIFTED, &diff->equal_after, &field, &end, error);
    if (status == HSX_OK) {
        fprintf(c->out,
                "\nThey meet again after %" PRIu64 " and %" PRIu64
                " events and are the same for %" PRIu64 " more%s.\n",
                diff->apart, diff->skipped, diff->equal_after, end ? ", to the end" : "");
    }
    return status;
}

enum hsx_status hsx_tracetool_diff(const struct hsx_trace_source *a, const char *a_name,
                                   const struct hsx_trace_source *b, const char *b_name,
                                   bool cycles, const struct hsx_tracetool_names *names, FILE *out,
                                   struct hsx_trace_diff *diff, struct hsx_trace_error *error)
{
    struct comparison *c = calloc(1, sizeof *c);
    enum hsx_status status = HSX_ERR_MEMORY;
    uint32_t field;
    bool end = false;

    *diff = (struct hsx_trace_diff){0};
    if (c) {
        c->a = (struct side){.source = a, .name = a_name};
        c->b = (struct side){.source = b, .name = b_name};
        c->ignored = cycles ? 0 : HSX_TRACE_CYCLE;
        c->names = names;
        c->out = out;
        status = compare(c, 0, &diff->same, &field, &end, error);
    }
    if (status == HSX_OK && !end) {
        diff->differs = true;
        print_difference(c, field);
        status = after_difference(c, diff, error);
    }
    if (c) {
        drop(&c->a, c->a.count);
        drop(&c->b, c->b.count);
    }
    free(c);
    return status;
}
