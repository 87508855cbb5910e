// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of the tools. */
#ifndef HSX_TRACETOOL_INTERNAL_H
#define HSX_TRACETOOL_INTERNAL_H

#include <hsx/tracetool.h>
#include <stdarg.h>

/* Text that is cut to size. */
struct tool_text {
    char *text;
    size_t used, size;
};

void tool_add(struct tool_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A name chosen by a task, safe for terminals: all but visible ASCII characters become \xNN. */
void tool_add_name(struct tool_text *t, const char *name);

/* The name of a task; "" if the header has none. */
const char *tool_task_name(const struct hsx_trace_header *header, uint32_t pid);

/* An event that outlives its source's next one. */
struct tool_event {
    struct hsx_trace_event event;
    struct hsx_trace_store *stores; /* owned, with their bytes */
    uint32_t *woken;                /* owned */
    uint8_t *mail;                  /* owned: the message */
};

/* false: out of memory; *copy is then empty. */
bool tool_copy(struct tool_event *copy, const struct hsx_trace_event *event);
void tool_free(struct tool_event *event);

/* The newest events, to show what led to a difference. */
enum { TOOL_HISTORY = 12 };

struct tool_history {
    struct hsx_trace_event events[TOOL_HISTORY]; /* without stores, woken and message */
    uint64_t count;
};

void tool_remember(struct tool_history *history, const struct hsx_trace_event *event);
void tool_history_print(const struct tool_history *history, const struct hsx_tracetool_names *names,
                        FILE *out);
/* mark: a word that highlights this line. */
void tool_line(const struct hsx_tracetool_names *names, const struct hsx_trace_event *event,
               const char *mark, FILE *out);

#endif
