// SPDX-License-Identifier: Apache-2.0
/* A run of the machine for a command, and the report on it. */
#ifndef HSX_SHELL_CLOCK_H
#define HSX_SHELL_CLOCK_H

#include "shell.h"

/* The request of a command, and how the run stopped. */
struct clock {
    uint64_t steps;     /* requested */
    uint32_t only;      /* 0: all tasks */
    unsigned until;     /* union of 1u << enum hsx_event */
    bool until_end;     /* of any task, or of the watched one */
    uint32_t watched;   /* 0, or a task that must return */
    uint32_t back_sp;   /* with its sp at least here; 0: it must do an instruction */
    uint64_t done;      /* steps */
    const char *reason; /* a word */
    struct hsx_exec_run last;
};

/* Fills HSX_MAX_CONTEXTS tasks at most; returns how many. */
size_t clock_tasks(struct hsx_shell *s, struct hsx_task_info *tasks);
/* pid 0: any task will do. */
bool clock_has_ended(struct hsx_shell *s, uint32_t pid);

/* Runs until there is a reason to stop; false: the machine has failed, which has been
 * reported. */
bool clock_advance(struct hsx_shell *s, struct clock *c);
/* The tasks as they were before. */
void clock_answer(struct hsx_shell *s, const struct clock *c, const struct hsx_task_info *before,
                  size_t count);
/* Both. */
bool clock_run_for(struct hsx_shell *s, struct clock *c);

/* The command step. */
bool clock_step(struct hsx_shell *s, struct args *a);

#endif
