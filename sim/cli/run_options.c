// SPDX-License-Identifier: Apache-2.0
#include "run_options.h"
#include "files.h"
#include "option_number.h"
#include "symbol_files.h"
#include "target_select.h"
#include <errno.h>
#include <hsx/trace.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    KEY_STEPS = 0x1000,
    KEY_NO_PROTECT,
    KEY_STACK,
    KEY_TICK_STEPS,
    KEY_CALL,
    KEY_PROFILE,
    KEY_CONTEXTS,
    KEY_STDIN,
    KEY_RESTORE,
    KEY_PRIVATE,
    KEY_ENFORCE,
    KEY_CONSOLE,
    KEY_JSON
};

void hsx_run_options_init(struct hsx_run_options *options)
{
    *options = (struct hsx_run_options){.max_steps = UINT64_MAX, .contexts = DEFAULT_CONTEXTS};
    hsx_exec_config_init(&options->config);
    options->config.stack_shares = true; /* until --stack gives a size */
}

static uint32_t parse_stack(const struct argp_state *state, const char *arg)
{
    uint64_t bytes = hsx_option_number(state, "--stack", arg, 8, HSX_DATA_SIZE - HSX_DATA_LINK);

    if (bytes % 4 != 0) {
        argp_error(state, "--stack is '%s', expected a multiple of 4", arg);
    }
    return (uint32_t)bytes;
}

/* Which of two words arg equals: 0 or 1. */
static unsigned parse_word(const struct argp_state *state, const char *option, const char *arg,
                           const char *first, const char *second)
{
    if (strcmp(arg, first) != 0 && strcmp(arg, second) != 0) {
        argp_error(state, "%s is '%s', expected %s or %s", option, arg, first, second);
    }
    return strcmp(arg, second) == 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct hsx_run_options *options = state->input;

    switch (key) {
    case KEY_STEPS:
        options->max_steps = hsx_option_number(state, "--steps", arg, 0, UINT64_MAX);
        return 0;
    case KEY_NO_PROTECT:
        options->config.protect = false;
        return 0;
    case KEY_STACK:
        options->config.stack_bytes = parse_stack(state, arg);
        options->config.stack_shares = false;
        return 0;
    case KEY_TICK_STEPS:
        options->config.tick_steps =
            (uint32_t)hsx_option_number(state, "--tick-steps", arg, 0, HSX_MAX_TICK_STEPS);
        return 0;
    case KEY_CALL:
        options->config.call =
            parse_word(state, "--call", arg, "byte", "word") ? HSX_CALLS_WORD : HSX_CALLS_BYTE;
        return 0;
    case KEY_PROFILE:
        options->config.profile = parse_word(state, "--profile", arg, "desktop", "embedded")
                                      ? HSX_PROFILE_EMBEDDED
                                      : HSX_PROFILE_DESKTOP;
        return 0;
    case KEY_CONTEXTS:
        options->contexts =
            (unsigned)hsx_option_number(state, "--contexts", arg, 1, HSX_MAX_CONTEXTS);
        return 0;
    case KEY_STDIN:
        options->stdin_pid =
            arg ? (uint32_t)hsx_option_number(state, "--stdin", arg, 1, UINT16_MAX) : 1;
        return 0;
    case KEY_CONSOLE:
        options->console =
            parse_word(state, "--console", arg, "raw", "safe") ? HSX_CONSOLE_SAFE : HSX_CONSOLE_RAW;
        return 0;
    case KEY_PRIVATE:
        options->config.private_names = true;
        return 0;
    case KEY_ENFORCE:
        options->config.enforce_modes = true;
        return 0;
    case KEY_RESTORE:
        options->restore = arg;
        return 0;
    case KEY_JSON:
        options->json = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

void hsx_options_expect_tasks(struct hsx_run_options *options, size_t tasks)
{
    enum { SHARED = HSX_DATA_SIZE - HSX_DATA_LINK, STACKS = SHARED / 3 * 2 };

    if (tasks > options->contexts) {
        tasks = options->contexts; /* more are refused */
    }
    if (options->config.stack_shares && tasks * HSX_DEFAULT_STACK >= SHARED) {
        options->config.stack_bytes = STACKS / (uint32_t)tasks & ~3u;
    }
}

static const struct argp_option option_table[] = {
    {"steps", KEY_STEPS, "N", 0, "Stop after N instructions in total. Default: no limit", 0},
    {"no-protect", KEY_NO_PROTECT, 0, 0, "Load the tasks without memory protection", 0},
    {"stack", KEY_STACK, "BYTES", 0,
     "Stack of each task, a multiple of 4; stacks and data of all tasks share 49152 bytes. "
     "Default: 4096, or less if there are too many tasks for that",
     0},
    {"tick-steps", KEY_TICK_STEPS, "N", 0,
     "Instructions per millisecond, at most 1048575; 0: time stands still while a task can run. "
     "Default: 1000",
     0},
    {"call", KEY_CALL, "byte|word", 0,
     "Unit of CALL offsets. Default: byte for images of version 1, word for version 2", 0},
    {"profile", KEY_PROFILE, "desktop|embedded", 0,
     "Mailbox limits: 256 in addition to each task's own four, of which one task may create 64, "
     "and 64 "
     "handles per task; or 16, 4 and 8. Default: desktop",
     0},
    {"private", KEY_PRIVATE, 0, 0,
     "A mailbox that a task owns (svc:, pid:, app:x@N) is opened and bound by that task alone", 0},
    {"enforce-modes", KEY_ENFORCE, 0, 0,
     "A handle permits only what the mode of its OPEN allows and, except for the owner, the mode "
     "of the mailbox",
     0},
    {"contexts", KEY_CONTEXTS, "N", 0, "Number of tasks that the machine can hold. Default: 16", 0},
    {"stdin", KEY_STDIN, "PID", OPTION_ARG_OPTIONAL,
     "Feed standard input to svc:stdio.in of task PID, or of task 1, a line for each message; not "
     "in the shell, which has send",
     0},
    {"console", KEY_CONSOLE, "raw|safe", 0,
     "Output of tasks unchanged, or with control bytes and invalid UTF-8 as \\xNN. Default: safe "
     "at a terminal, else raw",
     0},
    {"restore", KEY_RESTORE, "FILE", 0,
     "Start from the machine that the shell's save wrote to FILE, on any target, with its stack "
     "size, ticks, protection and CALL unit; then load the images, if any",
     0},
    {"json", KEY_JSON, 0, 0,
     "JSON on stdout: one object at the end; in the shell, one for each command", 0},
    {0},
};

const struct argp hsx_run_options_argp = {option_table, parse, 0, 0, 0, 0, 0};

/* A file was refused: one line. */
static void report_refused(const struct hsx_run_options *options, const char *path,
                           const struct hsx_exec_error *error, enum hsx_status status)
{
    const char *why = options->board ? hsx_target_trouble(options->board) : NULL;

    if (!why) {
        why = error->text[0] != '\0' ? error->text : hsx_status_name(status);
    }
    fprintf(stderr, "%s: %s\n", path, why);
}

static enum hsx_status load_file(struct hsx_exec *exec, struct hsx_run_options *options,
                                 size_t index)
{
    const char *path = options->files[index];
    char name[HSX_TASK_NAME_SIZE + 1];
    const struct hsx_exec_load load = {.name = name};
    struct hsx_exec_error error;
    enum hsx_status status;
    uint32_t pid;
    char *bytes;
    size_t size;

    if (hsx_read_file(path, &bytes, &size) != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return HSX_ERR_IO;
    }
    hsx_file_task_name(path, name, sizeof name);
    status = hsx_exec_load(exec, (const uint8_t *)bytes, size, &load, &pid, &error);
    if (status != HSX_OK) {
        report_refused(options, path, &error, status);
    } else if (index < HSX_MAX_CONTEXTS) {
        options->hashes[index] = hsx_trace_hash((const uint8_t *)bytes, size);
        options->names[index].pid = pid;
        options->names[index].symbols = hsx_file_symbols_of(path, bytes, size, stderr);
    }
    free(bytes);
    return status;
}

enum hsx_status hsx_restore_file(struct hsx_exec *exec, const struct hsx_run_options *options)
{
    const char *path = options->restore;
    struct hsx_exec_error error = {""};
    enum hsx_status status;
    char *bytes;
    size_t size;

    if (!path) {
        return HSX_OK;
    }
    if (hsx_read_file(path, &bytes, &size) != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return HSX_ERR_IO;
    }
    status = hsx_exec_restore(exec, (const uint8_t *)bytes, size, &error);
    if (status != HSX_OK) {
        report_refused(options, path, &error, status);
    }
    free(bytes);
    return status;
}

enum hsx_status hsx_load_files(struct hsx_exec *exec, struct hsx_run_options *options)
{
    enum hsx_status status = HSX_OK;

    for (size_t i = 0; i < options->count && status == HSX_OK; i++) {
        status = load_file(exec, options, i); /* refuses more than tasks fit */
    }
    return status;
}

bool hsx_options_safe_console(const struct hsx_run_options *options, FILE *out)
{
    return options->console == HSX_CONSOLE_SAFE ||
           (options->console == HSX_CONSOLE_AUTO && isatty(fileno(out)));
}

void hsx_options_name(const struct hsx_run_options *options, uint32_t pid, uint32_t pc, char *text,
                      size_t size)
{
    text[0] = '\0';
    for (size_t i = 0; i < HSX_MAX_CONTEXTS; i++) {
        if (options->names[i].pid == pid) {
            const struct hsx_symbols *symbols = options->names[i].symbols;
            char line[HSX_SYMBOL_TEXT_SIZE];

            if (hsx_symbols_code_text(symbols, pc, text, size) &&
                hsx_symbols_line_text(symbols, pc, line, sizeof line)) {
                size_t used = strlen(text);

                snprintf(text + used, size - used, ", %s", line);
            }
        }
    }
}

void hsx_run_options_clear(struct hsx_run_options *options)
{
    for (size_t i = 0; i < HSX_MAX_CONTEXTS; i++) {
        hsx_symbols_destroy(options->names[i].symbols);
        options->names[i].symbols = NULL;
    }
}
