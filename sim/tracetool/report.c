// SPDX-License-Identifier: Apache-2.0
/* One self-contained page that shows runs. */
#include "export.h"
#include "lost.h"
#include "report_page.h"
#include "timeline.h"
#include <stdlib.h>
#include <string.h>

enum {
    BINS = 400,
    STRETCHES_MOST = 60000, /* more are merged, shortest first */
    WAKES_MOST = 20000,
    DEPTHS_MOST = 20000,
    BOXES_MOST = 32
};

struct bin {
    uint64_t steps;
    uint64_t lost[LOST_CAUSES];
};

struct stretch {
    uint32_t pid;
    uint8_t state;
    uint64_t since, until;
};

struct wake {
    uint32_t from, pid;
    uint64_t at;
};

/* The number of messages in a mailbox from a time on. */
struct depth {
    uint32_t descriptor, messages;
    uint64_t at;
};

/* The data collected while events are counted. */
struct collection {
    const struct hsx_trace_source *source;
    struct timeline timeline;
    struct lost loss;
    struct stretch *stretches; /* owned */
    size_t stretch_count, stretch_capacity;
    uint64_t least;     /* minimal length of most stretches */
    struct wake *wakes; /* owned */
    size_t wake_count;
    struct depth *depths; /* owned */
    size_t depth_count;
    struct {
        uint32_t descriptor;
        char name[HSX_TRACE_MAILBOX_NAME];
    } boxes[BOXES_MOST];
    size_t box_count;
    struct bin bins[BINS];
    uint64_t start, width;
    bool begun;
    bool lost_memory;
};

/* ---- Collecting */

/* Merges neighbouring stretches of a task, keeping the state of the longer one, until there are
 * few enough. */
static void merge_stretches(struct collection *c)
{
    struct stretch *last[TIMELINE_TASKS] = {NULL};
    size_t kept = 0;

    c->least = c->least != 0 ? 2 * c->least : 2;
    for (size_t i = 0; i < c->stretch_count; i++) {
        struct stretch s = c->stretches[i];
        struct stretch **before = &last[s.pid % TIMELINE_TASKS];

        if (*before && (*before)->pid == s.pid && (*before)->until == s.since &&
            (*before)->until - (*before)->since < c->least) {
            if (s.until - s.since > (*before)->until - (*before)->since) {
                (*before)->state = s.state;
            }
            (*before)->until = s.until;
        } else {
            *before = &c->stretches[kept];
            c->stretches[kept++] = s;
        }
    }
    c->stretch_count = kept;
}

static void add_stretch(void *ctx, const struct timeline_task *task, uint64_t until)
{
    struct collection *c = ctx;

    if (!c->stretches) {
        c->stretches = malloc(STRETCHES_MOST * sizeof *c->stretches);
        if (!c->stretches) {
            c->lost_memory = true;
            return;
        }
    }
    while (c->stretch_count == STRETCHES_MOST) {
        merge_stretches(c);
    }
    c->stretches[c->stretch_count++] =
        (struct stretch){task->pid, (uint8_t)task->state, task->since, until};
}

static void add_wake(void *ctx, uint32_t from, uint64_t asked, uint32_t pid, uint64_t at)
{
    struct collection *c = ctx;

    (void)asked;
    if (!c->wakes) {
        c->wakes = malloc(WAKES_MOST * sizeof *c->wakes);
        c->lost_memory |= !c->wakes;
    }
    if (c->wakes && c->wake_count < WAKES_MOST) {
        c->wakes[c->wake_count++] = (struct wake){from, pid, at};
    }
}

static void add_depth(struct collection *c, const struct hsx_trace_event *ev)
{
    size_t box = 0;

    if (ev->mailbox.descriptor == 0 || c->depth_count == DEPTHS_MOST) {
        return;
    }
    while (box < c->box_count && c->boxes[box].descriptor != ev->mailbox.descriptor) {
        box++;
    }
    if (box == BOXES_MOST) {
        return;
    }
    if (box == c->box_count) {
        c->boxes[c->box_count++].descriptor = ev->mailbox.descriptor;
        snprintf(c->boxes[box].name, sizeof c->boxes[box].name, "%s", ev->mailbox.name);
    }
    if (!c->depths) {
        c->depths = malloc(DEPTHS_MOST * sizeof *c->depths);
        c->lost_memory |= !c->depths;
    }
    if (c->depths) {
        c->depths[c->depth_count++] =
            (struct depth){ev->mailbox.descriptor, ev->mailbox.messages, c->timeline.now};
    }
}

static struct bin *bin_at(struct collection *c, uint64_t time)
{
    if (!c->begun) {
        c->begun = true;
        c->start = time;
        c->width = 1;
    }
    time = time > c->start ? time - c->start : 0;
    while (time / c->width >= BINS) {
        for (size_t i = 0; i < BINS; i++) {
            struct bin merged = {0};

            for (size_t k = 2 * i; k < 2 * i + 2 && k < BINS; k++) {
                merged.steps += c->bins[k].steps;
                for (unsigned cause = 0; cause < LOST_CAUSES; cause++) {
                    merged.lost[cause] += c->bins[k].lost[cause];
                }
            }
            c->bins[i] = merged;
        }
        c->width *= 2;
    }
    return &c->bins[time / c->width];
}

static enum hsx_status collect_next(void *ctx, const struct hsx_trace_event **event,
                                    struct hsx_trace_error *error)
{
    struct collection *c = ctx;
    enum hsx_status status = c->source->next(c->source->ctx, event, error);
    struct bin *bin;
    unsigned cause;
    uint64_t slots;

    if (status != HSX_OK || !*event) {
        return status;
    }
    timeline_event(&c->timeline, *event);
    add_depth(c, *event);
    bin = bin_at(c, c->timeline.now);
    slots = lost_event(&c->loss, *event, &cause);
    bin->steps += hsx_trace_is_step(*event);
    bin->lost[cause] += slots;
    return c->lost_memory ? HSX_ERR_MEMORY : HSX_OK;
}

/* ---- As JSON */

static json_t *stretches_json(const struct collection *c, uint32_t pid)
{
    json_t *list = json_array();

    for (size_t i = 0; i < c->stretch_count; i++) {
        const struct stretch *s = &c->stretches[i];

        if (s->pid == pid) {
            json_array_append_new(list, json_pack("[i, I, I]", (int)s->state, (json_int_t)s->since,
                                                  (json_int_t)s->until));
        }
    }
    return list;
}

static json_t *tasks_json(const struct collection *c)
{
    json_t *list = json_array();

    for (size_t i = 0; i < c->timeline.count; i++) {
        uint32_t pid = c->timeline.tasks[i].pid;

        json_array_append_new(list, json_pack("{s:I, s:s, s:o}", "pid", (json_int_t)pid, "name",
                                              tool_task_name(c->source->header, pid), "stretches",
                                              stretches_json(c, pid)));
    }
    return list;
}

static json_t *wakes_json(const struct collection *c)
{
    json_t *list = json_array();

    for (size_t i = 0; i < c->wake_count; i++) {
        json_array_append_new(list,
                              json_pack("[I, I, I]", (json_int_t)c->wakes[i].from,
                                        (json_int_t)c->wakes[i].pid, (json_int_t)c->wakes[i].at));
    }
    return list;
}

static json_t *boxes_json(const struct collection *c)
{
    json_t *list = json_array();

    for (size_t box = 0; box < c->box_count; box++) {
        json_t *points = json_array();
        char name[HSX_TRACE_MAILBOX_NAME];

        snprintf(name, sizeof name, "%s", c->boxes[box].name);
        for (char *at = name; *at != '\0'; at++) {
            if (*at < 0x20 || *at > 0x7E) {
                *at = '?';
            }
        }
        for (size_t i = 0; i < c->depth_count; i++) {
            if (c->depths[i].descriptor == c->boxes[box].descriptor) {
                json_array_append_new(points, json_pack("[I, I]", (json_int_t)c->depths[i].at,
                                                        (json_int_t)c->depths[i].messages));
            }
        }
        json_array_append_new(list, json_pack("{s:s, s:o}", "name", name, "points", points));
    }
    return list;
}

static json_t *bins_json(const struct collection *c)
{
    uint64_t used = c->begun ? (c->timeline.now - c->start) / c->width + 1 : 0;
    json_t *list = json_array();

    for (uint64_t i = 0; i < used && i < BINS; i++) {
        json_t *bin = json_array();

        json_array_append_new(bin, json_integer((json_int_t)c->bins[i].steps));
        for (unsigned cause = 0; cause < LOST_CAUSES; cause++) {
            json_array_append_new(bin, json_integer((json_int_t)c->bins[i].lost[cause]));
        }
        json_array_append_new(list, bin);
    }
    return list;
}

static json_t *stacks_json(const struct hsx_trace_header *header)
{
    json_t *list = json_array();

    for (size_t i = 0; i < header->image_count; i++) {
        const struct hsx_trace_image *image = &header->images[i];

        json_array_append_new(list, json_pack("[I, I]", (json_int_t)image->pid,
                                              (json_int_t)image->stack_top - image->stack_limit));
    }
    return list;
}

static json_t *run_json(const struct collection *c, const char *name, json_t *stats)
{
    const struct hsx_trace_header *header = c->source->header;
    json_t *causes = json_array();
    uint64_t end = c->timeline.now > c->start ? c->timeline.now : c->start + 1;

    for (unsigned i = 0; i < LOST_CAUSES; i++) {
        json_array_append_new(causes, json_string(lost_cause_name(i)));
    }
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name", name,
                     "tool", header->tool, "start", (json_int_t)c->start, "end", (json_int_t)end,
                     "binWidth", (json_int_t)(c->width != 0 ? c->width : 1), "causes", causes,
                     "bins", bins_json(c), "tasks", tasks_json(c), "wakes", wakes_json(c), "stacks",
                     stacks_json(header), "boxes", boxes_json(c), "stats", stats);
}

enum hsx_status hsx_tracetool_report_add(const struct hsx_trace_source *events, const char *name,
                                         const struct hsx_tracetool_names *names, json_t *runs,
                                         struct hsx_trace_error *error)
{
    struct collection *c = calloc(1, sizeof *c);
    struct hsx_trace_source source = {.ctx = c, .header = events->header, .next = collect_next};
    json_t *stats = NULL;
    enum hsx_status status = HSX_ERR_MEMORY;

    if (c) {
        c->source = events;
        c->timeline.ctx = c;
        c->timeline.stretch = add_stretch;
        c->timeline.wake = add_wake;
        status = hsx_tracetool_stats(&source, names, &stats, error);
    }
    if (status == HSX_OK) {
        timeline_end(&c->timeline);
        if (json_array_append_new(runs, run_json(c, name, stats)) != 0) {
            status = HSX_ERR_MEMORY;
        }
    }
    if (c) {
        free(c->stretches);
        free(c->wakes);
        free(c->depths);
    }
    free(c);
    return status;
}

/* ---- The page */

/* Inside a script element no text may look like a tag. */
static void put_data(const char *text, FILE *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '<') {
            fputs("\\u003c", out);
        } else {
            putc(*text, out);
        }
    }
}

enum hsx_status hsx_tracetool_report_write(const json_t *runs, FILE *out)
{
    static const char place[] = "@DATA@";
    const char *page = (const char *)report_page;
    const char *at = strstr(page, place);
    char *text = json_dumps(runs, JSON_COMPACT | JSON_ENSURE_ASCII);

    if (!text || !at) {
        free(text);
        return HSX_ERR_MEMORY;
    }
    fwrite(page, 1, (size_t)(at - page), out);
    put_data(text, out);
    fputs(at + sizeof place - 1, out);
    free(text);
    return HSX_OK;
}
