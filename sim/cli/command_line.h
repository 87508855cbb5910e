// SPDX-License-Identifier: Apache-2.0
#ifndef HSX_CLI_COMMAND_LINE_H
#define HSX_CLI_COMMAND_LINE_H

#include <argp.h>
#include <stdbool.h>

/* Parses a command line into *input with argp. False: out of memory, reported on standard error. */
bool command_line_parse(const struct argp *argp, int argc, char **argv, unsigned flags,
                        void *input);

/* The command line, quoted for a shell; to be freed. NULL when out of memory, which has been
 * reported. */
char *command_line_join(int argc, char **argv);

#endif
