// SPDX-License-Identifier: Apache-2.0
/* Standard input as a task's svc:stdio.in: each line, or as much of it as the mailbox
 * holds, is a message. */
#ifndef HSX_CLI_FEED_H
#define HSX_CLI_FEED_H

#include <hsx/exec.h>
#include <stdio.h>

enum { HSX_FEED_MESSAGE = 56 }; /* the most that a default mailbox holds */

struct hsx_feed {
    uint32_t pid;  /* of the task that is fed; 0: none */
    bool terminal; /* input is typed: other tasks run in the meantime */
    bool ended;    /* end of input */
    FILE *out;     /* flushed before waiting, so that a prompt is seen */
    char bytes[4096];
    size_t first, used; /* read but not passed on yet */
};

void hsx_feed_init(struct hsx_feed *feed, uint32_t pid, FILE *out);

/* The host's input of the executive. */
size_t hsx_feed_take(struct hsx_feed *feed, uint32_t pid, uint8_t *bytes, size_t size);

/* Like hsx_exec_run; at a terminal it also passes on lines typed while tasks run, and
 * waits for one when no task can run. */
enum hsx_status hsx_feed_run(struct hsx_feed *feed, struct hsx_exec *exec,
                             struct hsx_exec_run *run);

#endif
