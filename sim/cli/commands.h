// SPDX-License-Identifier: Apache-2.0
/* Entry points of the subcommands, generated from commands.def. */
#ifndef HSX_CLI_COMMANDS_H
#define HSX_CLI_COMMANDS_H

/* Exit statuses of every subcommand; some add their own (see their --help). */
enum {
    HSX_EXIT_OK = 0,
    HSX_EXIT_INPUT = 1, /* an input is wrong, or output could not be written */
    HSX_EXIT_USAGE = 2  /* the command line is wrong; argp uses it as well */
};

/* argv[0] is "hsx NAME"; returns the exit status of the program. */
#define HSX_COMMAND(name, summary) int hsx_cmd_##name(int argc, char **argv);
#include "commands.def"
#undef HSX_COMMAND

struct hsx_command {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv);
};

/* The command called name, or NULL. */
const struct hsx_command *hsx_find_command(const char *name);

/* Runs command with argv[0] replaced by "hsx NAME"; returns its exit status. */
int hsx_run_command(const struct hsx_command *command, int argc, char **argv);

#endif
