// SPDX-License-Identifier: Apache-2.0
/* The program hsx as a process, for tests that act on it while it runs. */
#ifndef TESTS_SIGNALS_PROCESS_H
#define TESTS_SIGNALS_PROCESS_H

#include <sys/types.h>

/* Starts the words of line, which a shell would split at blanks, in a shell that execs
 * it; signals have their usual effect. */
pid_t process_start(const char *line);
/* The wait status. */
int process_wait(pid_t pid);

/* Returns the processor time that it has used, or that it still uses until it ends with *status. */
double process_seconds(pid_t pid);
double process_wait_seconds(pid_t pid, int *status);

void sleep_ms(unsigned ms);

/* The number of files in the working directory that are not in a list separated by blanks. */
unsigned other_files(const char *known);

#endif
