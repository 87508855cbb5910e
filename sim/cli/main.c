// SPDX-License-Identifier: Apache-2.0
/* The program hsx: finds the subcommand and passes it the rest of the line. */
#include "command_line.h"
#include "commands.h"
#include "files.h"
#include "signals.h"
#include "textstream.h"
#include <argp.h>
#include <errno.h>
#include <hsx/version.h>
#include <hsx/wave.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print_version(FILE *out, struct argp_state *state)
{
    (void)state;
    fprintf(out, "hsx %s\n", hsx_version());
}

void (*argp_program_version_hook)(FILE *, struct argp_state *) = print_version;

static const struct hsx_command commands[] = {
#define HSX_COMMAND(name, summary) {#name, summary, hsx_cmd_##name},
#include "commands.def"
#undef HSX_COMMAND
};

struct line {
    const struct hsx_command *command;
    int index; /* of the command's name in argv */
};

const struct hsx_command *hsx_find_command(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

int hsx_run_command(const struct hsx_command *command, int argc, char **argv)
{
    char name[32];

    snprintf(name, sizeof name, "hsx %s", command->name);
    argv[0] = name;
    return command->run(argc, argv);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct line *line = state->input;

    switch (key) {
    case ARGP_KEY_ARG:
        line->command = hsx_find_command(arg);
        if (!line->command) {
            argp_error(state, "unknown command '%s'", arg);
        }
        line->index = state->next - 1;
        state->next = state->argc;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a command is missing");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Puts the list of commands before the closing text of --help. argp frees it. */
static char *list_commands(int key, const char *text, void *input)
{
    char *list = NULL;
    size_t size = 0;
    FILE *out;

    (void)input;
    if (key != ARGP_KEY_HELP_POST_DOC) {
        return (char *)text;
    }
    out = textstream_open(&list, &size);
    if (!out) {
        return (char *)text;
    }
    fputs("Commands:\n", out);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    }
    fprintf(out, "\n%s", text);
    return fclose(out) == 0 ? list : (char *)text;
}

/* Output that could not be written must not look like success; runs at exit, so that it
 * covers help printed by argp as well. */
static void check_stdout(void)
{
    if (!hsx_stdout_written("hsx")) {
        _exit(HSX_EXIT_INPUT);
    }
}

enum { MAX_WORDS = 64 };

/* GTKWave passes the command line of a filter as one argument. */
static int split_words(char **argv, char **words)
{
    int count = 0;

    words[count++] = argv[0];
    for (char *word = strtok(argv[1], " "); word && count < MAX_WORDS; word = strtok(NULL, " ")) {
        hsx_wave_take_path(word);
        words[count++] = word;
    }
    words[count] = NULL;
    return count;
}

int main(int argc, char **argv)
{
    static const struct argp argp = {
        0,
        parse,
        "COMMAND [ARGUMENT...]",
        "Build, run and co-simulate programs for the HSX multi-task core."
        "\v'hsx help COMMAND' or 'hsx COMMAND --help' describes a command.",
        0,
        list_commands,
        0};
    struct line line = {0};
    char *words[MAX_WORDS + 1];
    int status;

    hsx_signals_init();
    if (argc == 2 && strchr(argv[1], ' ')) {
        argc = split_words(argv, words);
        argv = words;
    }
    argp_err_exit_status = HSX_EXIT_USAGE;
    json_set_alloc_funcs(hsx_signals_memory, free);
    signal(SIGPIPE, SIG_IGN);
    if (atexit(check_stdout) != 0 || !command_line_parse(&argp, argc, argv, ARGP_IN_ORDER, &line)) {
        return HSX_EXIT_INPUT;
    }
    status = hsx_run_command(line.command, argc - line.index, argv + line.index);
    /* An input that could not be read because of a signal. */
    return status == HSX_EXIT_INPUT ? hsx_signals_exit(status) : status;
}
