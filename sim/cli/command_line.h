// SPDX-License-Identifier: Apache-2.0
#ifndef HSX_CLI_COMMAND_LINE_H
#define HSX_CLI_COMMAND_LINE_H

/* The words of the command line, for a shell; to be freed. NULL when out of memory. */
char *command_line_join(int argc, char **argv);

#endif
