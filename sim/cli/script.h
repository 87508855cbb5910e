// SPDX-License-Identifier: Apache-2.0
/* Lines of a script on standard input; a signal ends them. */
#ifndef HSX_CLI_SCRIPT_H
#define HSX_CLI_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

/* Initialize it to zero. */
struct script {
    char *bytes; /* read but not returned yet: from begin to end, of capacity */
    size_t begin, end, capacity;
    bool ended;
    bool failed; /* standard input cannot be read, or there is no memory for a line */
};

/* The next line without its newline, with a NUL after its *len bytes; valid until the
 * next call. NULL: there is none, or a signal came. Signals are deferred (signals.h). */
const char *script_line(struct script *script, size_t *len);
void script_close(struct script *script);

#endif
