// SPDX-License-Identifier: Apache-2.0
/* Standard input as what a task gets from its svc:stdio.in: a line, or as much of one
 * as the mailbox takes, is a message. */
#ifndef HSX_CLI_FEED_H
#define HSX_CLI_FEED_H

#include <hsx/exec.h>
#include <stdio.h>

enum { HSX_FEED_MESSAGE = 56 }; /* a default mailbox takes that much at once */

struct hsx_feed {
    uint32_t pid;  /* of the task that is fed; 0: none */
    bool terminal; /* lines come when somebody types them: others run meanwhile */
    bool ended;    /* nothing more comes */
    FILE *out;     /* flushed before waiting, so that a prompt is seen */
    char bytes[4096];
    size_t first, used; /* what was read and not yet handed on */
};

void hsx_feed_init(struct hsx_feed *feed, uint32_t pid, FILE *out);

/* The host's input of the executive. */
size_t hsx_feed_take(struct hsx_feed *feed, uint32_t pid, uint8_t *bytes, size_t size);

/* As hsx_exec_run; at a terminal it also hands over lines that are typed while tasks
 * run, and waits for one when no task can run. */
enum hsx_status hsx_feed_run(struct hsx_feed *feed, struct hsx_exec *exec,
                             struct hsx_exec_run *run);

#endif
