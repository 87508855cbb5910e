// SPDX-License-Identifier: Apache-2.0
#include "command_line.h"
#include "commands.h"
#include "line_editor.h"
#include "run_options.h"
#include "script.h"
#include "signals.h"
#include "target_select.h"
#include <hsx/shell.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_TARGET = 0x2000, KEY_ECHO };

struct request {
    struct hsx_run_options options;
    const char *target;
    const char *commands; /* of -c, or NULL */
    bool echo;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case KEY_TARGET:
        request->target = arg;
        return 0;
    case 'c':
        request->commands = arg;
        return 0;
    case KEY_ECHO:
        request->echo = true;
        return 0;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &request->options;
        return 0;
    case ARGP_KEY_ARGS:
        request->options.files = state->argv + state->next;
        request->options.count = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_END:
        /* A user who asks for more contexts than usual wants to use them. */
        hsx_options_expect_tasks(&request->options, request->options.contexts > DEFAULT_CONTEXTS
                                                        ? request->options.contexts
                                                        : request->options.count);
        if (request->options.stdin_pid != 0) {
            argp_error(state, "--stdin is for hsx run and hsx cosim, the shell has send");
        }
        if (request->options.restore) {
            argp_error(state, "--restore is for hsx run and hsx cosim, the shell has restore");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option own_options[] = {
    {"target", KEY_TARGET, HSX_TARGET_NAMES, 0, HSX_TARGET_HELP, 0},
    {"command", 'c', "COMMANDS", 0,
     "Run these commands, separated by ';', instead of reading commands", 0},
    {"echo", KEY_ECHO, 0, 0, "Show each line of a script before its answer", 0},
    {0},
};

static const struct argp_child children[] = {{&hsx_run_options_argp, 0, 0, 0}, {0}};

static const char prompt[] = "hsx> ";

static char **complete(void *ctx, const char *line, size_t *start)
{
    return hsx_shell_complete(ctx, line, start);
}

static enum hsx_shell_result read_terminal(struct hsx_shell *shell)
{
    const struct line_completer completer = {shell, complete, hsx_shell_free_completions};
    struct line_editor *editor = line_editor_open(prompt, &completer);
    const char *line;

    if (!editor) {
        fprintf(stderr, "the terminal cannot be used\n");
        return HSX_SHELL_FAILED;
    }
    hsx_signals_defer_interrupts();
    while (!hsx_shell_has_quit(shell) && (line = line_editor_read(editor))) {
        hsx_shell_line(shell, line, NULL);
        fflush(stdout);
        if (hsx_stop_signal == SIGINT) {
            hsx_stop_signal = 0; /* it has stopped the command */
        }
    }
    line_editor_close(editor);
    if (!hsx_shell_has_quit(shell)) {
        fputc('\n', stdout); /* the prompt is still on the line */
    }
    return HSX_SHELL_OK;
}

static enum hsx_shell_result read_script(struct hsx_shell *shell, bool echo)
{
    enum hsx_shell_result result = HSX_SHELL_OK;
    struct script script = {0};
    const char *line;
    size_t len;

    for (unsigned n = 1; !hsx_shell_has_quit(shell) && (line = script_line(&script, &len)); n++) {
        char place[32];

        snprintf(place, sizeof place, "<stdin>:%u", n);
        if (echo) {
            printf("%s%s\n", prompt, line);
        }
        if (memchr(line, 0, len)) {
            fprintf(stderr, "%s: a NUL byte, expected text\n", place);
            result = HSX_SHELL_FAILED;
        } else if (hsx_shell_line(shell, line, place) != HSX_SHELL_OK) {
            result = HSX_SHELL_FAILED;
        }
    }
    if (script.failed) {
        fprintf(stderr, "<stdin>: cannot be read\n");
        result = HSX_SHELL_FAILED;
    }
    script_close(&script);
    return result;
}

static enum hsx_shell_result converse(struct hsx_shell *shell, const struct request *request)
{
    enum hsx_shell_result result;

    for (size_t i = 0; i < request->options.count; i++) {
        if (hsx_shell_load(shell, request->options.files[i]) != HSX_SHELL_OK) {
            return HSX_SHELL_FAILED;
        }
    }
    hsx_signals_defer();
    if (request->commands) {
        result = hsx_shell_line(shell, request->commands, NULL);
    } else if (isatty(STDIN_FILENO)) {
        result = read_terminal(shell);
    } else {
        result = read_script(shell, request->echo);
    }
    return hsx_shell_finish(shell) == HSX_SHELL_OK ? result : HSX_SHELL_FAILED;
}

static int run(struct request *request, struct hsx_target *target)
{
    const struct hsx_shell_config config = {.target = target,
                                            .exec = request->options.config,
                                            .out = stdout,
                                            .err = stderr,
                                            .json = request->options.json,
                                            .safe =
                                                hsx_options_safe_console(&request->options, stdout),
                                            .max_steps = request->options.max_steps,
                                            .trouble = hsx_target_trouble,
                                            .interrupt = &hsx_stop_signal};
    enum hsx_shell_result result;
    struct hsx_shell *shell;
    enum hsx_status status = hsx_shell_create(&config, &shell);

    if (status != HSX_OK) {
        fprintf(stderr, "%s: %s\n", request->target, hsx_status_name(status));
        return HSX_EXIT_INPUT;
    }
    result = converse(shell, request);
    hsx_shell_destroy(shell);
    return hsx_signals_exit(result == HSX_SHELL_OK ? HSX_EXIT_OK : HSX_EXIT_INPUT);
}

int hsx_cmd_shell(int argc, char **argv)
{
    static const struct argp argp = {
        own_options,
        parse,
        "[IMAGE.hxe...]",
        "Load the images, then run commands: from a terminal with line editing, else "
        "from standard input."
        "\v'hsx shell -c help' lists the commands. A script gets the same answers on all targets. "
        "With --json each command answers with one object on one line.\n\n"
        "Exit status: 1 if a command was refused, an image is wrong or a board fails, 2 usage, "
        "else 0. A refused "
        "command changes nothing, and the next one is done. At a terminal the interrupt key stops "
        "a run or drops the line. SIGINT ends a script, and SIGTERM any session, after the answer "
        "of the current command; the exit status is then 128 + the signal's number.",
        children,
        0,
        0};
    struct request request = {.target = "vm"};
    struct device_options device = {0};
    struct hsx_target *target;
    const char *error;
    enum hsx_status status;
    int code;

    hsx_run_options_init(&request.options);
    if (!command_line_parse(&argp, argc, argv, 0, &request)) {
        return HSX_EXIT_INPUT;
    }
    device.contexts = request.options.contexts;
    status = hsx_target_select(request.target, &device, &target, &error);
    if (status != HSX_OK) {
        fprintf(stderr, "--target %s: %s\n", request.target, error);
        return status == HSX_ERR_ARGUMENT ? HSX_EXIT_USAGE : HSX_EXIT_INPUT;
    }
    code = run(&request, target);
    target->ops->destroy(target);
    return code;
}
