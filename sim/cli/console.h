// SPDX-License-Identifier: Apache-2.0
/* What tasks say, to a stream, and what they are told. */
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
    bool prefix;       /* each line begins with the task that said it */
    uint32_t last_pid; /* who wrote last */
    bool inside_line;  /* and did not end its line */
    struct hsx_feed feed;
    struct progress *progress; /* makes way for what is said; or NULL */
};

/* What the options say, for that stream. */
void hsx_console_init(struct hsx_console *console, const struct hsx_run_options *options, FILE *out,
                      bool prefix);
/* No task says anything any more. */
void hsx_console_end(struct hsx_console *console);
/* The executive's host, with *console as its context. */
struct hsx_exec_host hsx_console_host(struct hsx_console *console);

#endif
