// SPDX-License-Identifier: Apache-2.0
/* Chrome's trace event format as JSON, which the Perfetto UI opens: a track for each task,
 * one microsecond per cycle. */
#include "export.h"
#include "textstream.h"
#include "timeline.h"
#include <inttypes.h>
#include <stdlib.h>

struct perfetto {
    FILE *out;
    const struct hsx_trace_header *header;
    const struct hsx_tracetool_names *names;
    const char *separator;
    uint64_t arrows;
    FILE *held; /* the arrows: an arrow binds to the stretch that is open at its time, and viewers
                   take events with equal times in the file's order. So they come last */
    uint64_t ready_shown; /* number of READY tasks in the last counter event */
};

static const char *word(enum hsx_state state)
{
    switch (state) {
    case HSX_READY:
        return "ready";
    case HSX_RUNNING:
        return "running";
    case HSX_TRAPPED:
        return "trapped";
    case HSX_WAIT_MBX:
        return "waiting";
    case HSX_SLEEP:
        return "sleeping";
    default:
        return "paused";
    }
}

/* Colours of the viewer's own palette. */
static const char *colour(enum hsx_state state)
{
    switch (state) {
    case HSX_RUNNING:
        return "thread_state_running";
    case HSX_READY:
        return "thread_state_runnable";
    case HSX_WAIT_MBX:
        return "thread_state_iowait";
    default:
        return "thread_state_sleeping";
    }
}

/* Names are printable ASCII; quotes and backslashes must be escaped. */
static void put_string(FILE *out, const char *text)
{
    putc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            putc('\\', out);
        }
        putc(*text, out);
    }
    putc('"', out);
}

static void begin(struct perfetto *p)
{
    fputs(p->separator, p->out);
    p->separator = ",\n";
}

static void stretch(void *ctx, const struct timeline_task *task, uint64_t until)
{
    struct perfetto *p = ctx;
    char place[HSX_SYMBOL_TEXT_SIZE];

    begin(p);
    fprintf(p->out,
            "{\"ph\":\"X\",\"pid\":1,\"tid\":%" PRIu32 ",\"ts\":%" PRIu64 ",\"dur\":%" PRIu64
            ",\"name\":\"%s\",\"cat\":\"state\",\"cname\":\"%s\"",
            task->pid, task->since, until - task->since, word(task->state), colour(task->state));
    if (task->state == HSX_RUNNING) {
        hsx_tracetool_place(p->names, task->pid, task->pc, place, sizeof place);
        fprintf(p->out, ",\"args\":{\"steps\":%" PRIu64 ",\"from\":", task->steps);
        put_string(p->out, place);
        putc('}', p->out);
    }
    putc('}', p->out);
}

static void wake(void *ctx, uint32_t from, uint64_t asked, uint32_t pid, uint64_t at)
{
    struct perfetto *p = ctx;

    p->arrows++;
    fprintf(p->held,
            ",\n{\"ph\":\"s\",\"pid\":1,\"tid\":%" PRIu32 ",\"ts\":%" PRIu64 ",\"id\":%" PRIu64
            ",\"name\":\"wake\",\"cat\":\"wake\"}",
            from, asked, p->arrows);
    fprintf(p->held,
            ",\n{\"ph\":\"f\",\"bp\":\"e\",\"pid\":1,\"tid\":%" PRIu32 ",\"ts\":%" PRIu64
            ",\"id\":%" PRIu64 ",\"name\":\"wake\",\"cat\":\"wake\"}",
            pid, at, p->arrows);
}

static void name_tracks(struct perfetto *p, const struct timeline *t)
{
    begin(p);
    fputs("{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{\"name\":\"HSX\"}}", p->out);
    for (size_t i = 0; i < t->count; i++) {
        char name[HSX_TASK_NAME_SIZE + 32];

        snprintf(name, sizeof name, "task %" PRIu32 " %s", t->tasks[i].pid,
                 tool_task_name(p->header, t->tasks[i].pid));
        begin(p);
        fprintf(p->out,
                "{\"ph\":\"M\",\"pid\":1,\"tid\":%" PRIu32
                ",\"name\":\"thread_name\",\"args\":{\"name\":",
                t->tasks[i].pid);
        put_string(p->out, name);
        fputs("}}", p->out);
    }
}

static void mark(struct perfetto *p, const struct timeline *t, const struct hsx_trace_event *ev)
{
    uint64_t ready = 0;

    if (ev->kind == HSX_EV_TICK) {
        begin(p);
        fprintf(p->out,
                "{\"ph\":\"i\",\"s\":\"p\",\"pid\":1,\"tid\":0,\"ts\":%" PRIu64
                ",\"name\":\"tick %" PRIu64 " ms\",\"cat\":\"tick\"}",
                t->now, ev->now);
    }
    for (size_t i = 0; i < t->count; i++) {
        ready += t->tasks[i].state == HSX_READY || t->tasks[i].state == HSX_RUNNING;
    }
    if (ready != p->ready_shown) {
        p->ready_shown = ready;
        begin(p);
        fprintf(p->out,
                "{\"ph\":\"C\",\"pid\":1,\"ts\":%" PRIu64
                ",\"name\":\"tasks that can run\",\"args\":{\"tasks\":%" PRIu64 "}}",
                t->now, ready);
    }
}

enum hsx_status export_perfetto(const struct hsx_trace_source *events,
                                const struct hsx_tracetool_names *names, FILE *out,
                                struct hsx_trace_error *error)
{
    struct perfetto p = {.out = out,
                         .header = events->header,
                         .names = names,
                         .separator = "",
                         .ready_shown = UINT64_MAX};
    struct timeline *t = calloc(1, sizeof *t);
    const struct hsx_trace_event *event = NULL;
    char *arrows = NULL;
    size_t size = 0;
    enum hsx_status status = HSX_ERR_MEMORY;

    p.held = textstream_open(&arrows, &size);
    if (t && p.held) {
        status = HSX_OK;
        t->ctx = &p;
        t->stretch = stretch;
        t->wake = wake;
        fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n", out);
    }
    while (status == HSX_OK) {
        status = events->next(events->ctx, &event, error);
        if (status != HSX_OK || !event) {
            break;
        }
        timeline_event(t, event);
        mark(&p, t, event);
    }
    if (status == HSX_OK) {
        timeline_end(t);
        name_tracks(&p, t);
    }
    if (p.held && fclose(p.held) != 0) {
        status = HSX_ERR_MEMORY;
    }
    if (status == HSX_OK) {
        fwrite(arrows, 1, size, out);
        fputs("\n]}\n", out);
    }
    free(arrows);
    free(t);
    return status;
}
