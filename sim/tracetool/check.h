// SPDX-License-Identifier: Apache-2.0
/* Shared by both ways of checking a trace. */
#ifndef HSX_TRACETOOL_CHECK_H
#define HSX_TRACETOOL_CHECK_H

#include "tracetool.h"

enum { CHECK_MADE = 64, CHECK_TASKS = 256 };

struct check {
    struct hsx_trace_source *source;
    enum hsx_status (*again)(void *ctx, struct hsx_trace_error *error);
    const struct hsx_trace_check *options;
    FILE *out;
    struct hsx_trace_verdict *verdict;
    bool done;
    enum hsx_status status; /* of handling the model's events */

    /* The kinds of events in the trace. */
    bool has_ticks, has_completions, has_actions, has_host;
    uint64_t steps_seen;
    bool numbered;       /* its order numbers equal those of the model */
    bool free_running;   /* the model makes ticks and completions by itself */
    uint32_t tick_steps; /* the period of its ticks; 0: none, or not known */
    uint64_t ticked_at;  /* steps before the last tick */

    struct hsx_target *target;
    struct hsx_exec *exec;
    struct hsx_trace *trace; /* converts the model's events to those of traces */
    size_t loaded;
    uint32_t only;       /* the task that must run next */
    const char *nothing; /* why the model made no event */
    const struct hsx_trace_event *driving;

    struct tool_event made[CHECK_MADE]; /* by the model, not compared yet, oldest first */
    size_t made_count;
    struct tool_history all;
    struct tool_history tasks[CHECK_TASKS]; /* by pid, modulo */
};

/* Takes an event of the model; ctx is the check. */
void check_note(void *ctx, const struct hsx_trace_event *event);
void check_agreed(struct check *c, const struct hsx_trace_event *event);
/* Reports the difference, which ends the check. model NULL: the model made no event. */
void check_report(struct check *c, const struct hsx_trace_event *model,
                  const struct hsx_trace_event *ev, uint32_t field, uint32_t mask);

/* Makes the model do what happened according to the event. */
enum hsx_status check_drive(struct check *c, const struct hsx_trace_event *ev,
                            struct hsx_trace_error *error);
/* One retired instruction, fault or end, and the ticks and completions at its place if
 * the trace has none. */
enum hsx_status check_run_one(struct check *c);
/* The next image; ev, which may be NULL, is the trace's event of that load. */
enum hsx_status check_load_next(struct check *c, const struct hsx_trace_event *ev,
                                struct hsx_trace_error *error);

/* For a trace of a recorded host: applies its accesses to the model. */
enum hsx_status check_by_host(struct check *c, struct hsx_trace_error *error);

#endif
