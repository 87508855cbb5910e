// SPDX-License-Identifier: Apache-2.0
#include "command_line.h"
#include "commands.h"
#include <argp.h>
#include <stdlib.h>

static error_t parse(int key, char *arg, struct argp_state *state)
{
    const struct hsx_command **command = state->input;

    if (key != ARGP_KEY_ARG || state->arg_num > 0) {
        return ARGP_ERR_UNKNOWN;
    }
    *command = hsx_find_command(arg);
    if (!*command) {
        argp_error(state, "unknown command '%s'", arg);
    }
    return 0;
}

int hsx_cmd_help(int argc, char **argv)
{
    static const struct argp argp = {
        0, parse, "[COMMAND]", "Show what a command does and which options it takes.", 0, 0, 0};
    const struct hsx_command *command = NULL;
    char option[] = "--help";
    char *help[] = {0, option, 0};

    if (!command_line_parse(&argp, argc, argv, 0, &command)) {
        return HSX_EXIT_INPUT;
    }
    return hsx_run_command(command ? command : hsx_find_command("help"), 2, help);
}
