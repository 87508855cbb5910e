// SPDX-License-Identifier: Apache-2.0
/* Copies and histories of events. */
#include "tracetool.h"
#include <stdlib.h>
#include <string.h>

static bool copy_stores(struct tool_event *copy, const struct hsx_trace_event *event)
{
    size_t bytes = 0;
    uint8_t *at;

    for (size_t i = 0; i < event->store_count; i++) {
        bytes += event->stores[i].len;
    }
    copy->stores = malloc(event->store_count * sizeof *copy->stores + bytes);
    if (!copy->stores) {
        return false;
    }
    at = (uint8_t *)(copy->stores + event->store_count);
    for (size_t i = 0; i < event->store_count; i++) {
        memcpy(at, event->stores[i].bytes, event->stores[i].len);
        copy->stores[i] = event->stores[i];
        copy->stores[i].bytes = at;
        at += event->stores[i].len;
    }
    copy->event.stores = copy->stores;
    return true;
}

bool tool_copy(struct tool_event *copy, const struct hsx_trace_event *event)
{
    *copy = (struct tool_event){.event = *event};
    copy->event.stores = NULL;
    copy->event.woken = NULL;
    copy->event.mail.bytes = NULL;
    if (event->store_count != 0 && !copy_stores(copy, event)) {
        *copy = (struct tool_event){0};
        return false;
    }
    if (event->woken_count != 0) {
        copy->woken = malloc(event->woken_count * sizeof *copy->woken);
        if (!copy->woken) {
            tool_free(copy);
            return false;
        }
        memcpy(copy->woken, event->woken, event->woken_count * sizeof *copy->woken);
        copy->event.woken = copy->woken;
    }
    if (event->mail.length != 0) {
        copy->mail = malloc(event->mail.length);
        if (!copy->mail) {
            tool_free(copy);
            return false;
        }
        memcpy(copy->mail, event->mail.bytes, event->mail.length);
        copy->event.mail.bytes = copy->mail;
    }
    return true;
}

void tool_free(struct tool_event *event)
{
    free(event->stores);
    free(event->woken);
    free(event->mail);
    *event = (struct tool_event){0};
}

void tool_remember(struct tool_history *history, const struct hsx_trace_event *event)
{
    struct hsx_trace_event *kept = &history->events[history->count++ % TOOL_HISTORY];

    *kept = *event;
    kept->store_count = kept->woken_count = 0;
    kept->mail.bytes = NULL;
}

void tool_line(const struct hsx_tracetool_names *names, const struct hsx_trace_event *event,
               const char *mark, FILE *out)
{
    char text[HSX_TRACETOOL_LINE];

    hsx_tracetool_line(names, event, text, sizeof text);
    fprintf(out, "%c %s%s%s\n", mark[0] ? '*' : ' ', text, mark[0] ? "  <- " : "", mark);
}

void tool_history_print(const struct tool_history *history, const struct hsx_tracetool_names *names,
                        FILE *out)
{
    uint64_t first = history->count > TOOL_HISTORY ? history->count - TOOL_HISTORY : 0;
    char text[HSX_TRACETOOL_LINE];

    hsx_tracetool_heading(text, sizeof text);
    fprintf(out, "  %s\n", text);
    for (uint64_t n = first; n < history->count; n++) {
        tool_line(names, &history->events[n % TOOL_HISTORY], "", out);
    }
    if (history->count == 0) {
        fputs("  none\n", out);
    }
}
