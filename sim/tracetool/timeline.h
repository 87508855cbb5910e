// SPDX-License-Identifier: Apache-2.0
/*
 * The activity of each task as stretches of time, from the events of a trace. A task's turn
 * begins where the event before it ended.
 */
#ifndef HSX_TRACETOOL_TIMELINE_H
#define HSX_TRACETOOL_TIMELINE_H

#include "tracetool.h"

enum { TIMELINE_TASKS = 256 };

struct timeline_task {
    uint32_t pid;
    enum hsx_state state; /* HSX_FREE: does not exist, or ended */
    uint64_t since;
    uint64_t steps; /* in this stretch */
    uint16_t pc;    /* where it began */
};

struct timeline {
    struct timeline_task tasks[TIMELINE_TASKS];
    size_t count;
    uint64_t now;     /* of the last event */
    uint32_t running; /* pid, 0: none */
    void *ctx;
    /* A stretch from task->since to now. */
    void (*stretch)(void *ctx, const struct timeline_task *task, uint64_t until);
    /* The call of task from, in the stretch at asked, woke another task. */
    void (*wake)(void *ctx, uint32_t from, uint64_t asked, uint32_t pid, uint64_t at);
};

void timeline_event(struct timeline *t, const struct hsx_trace_event *event);
/* All stretches end. */
void timeline_end(struct timeline *t);

#endif
