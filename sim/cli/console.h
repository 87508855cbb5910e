// SPDX-License-Identifier: Apache-2.0
/* Output of tasks to a stream, and their input. */
#ifndef HSX_CLI_CONSOLE_H
#define HSX_CLI_CONSOLE_H

#include "feed.h"
#include "progress.h"
#include "run_options.h"
#include "said.h"
#include <hsx/exec.h>
#include <stdio.h>

struct hsx_console {
    struct hsx_said said;
    bool prefix;       /* each line begins with the task that wrote it */
    uint32_t last_pid; /* who wrote last */
    bool inside_line;  /* and whether it left its line unfinished */
    struct hsx_feed feed;
    struct progress *progress; /* cleared before output; or NULL */
};

/* Sets up the console for that stream from the options. */
void hsx_console_init(struct hsx_console *console, const struct hsx_run_options *options, FILE *out,
                      bool prefix);
/* Call when there is no more output of tasks. */
void hsx_console_end(struct hsx_console *console);
/* The executive's host, with *console as its context. */
struct hsx_exec_host hsx_console_host(struct hsx_console *console);

#endif
