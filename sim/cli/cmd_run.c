// SPDX-License-Identifier: Apache-2.0
#include "command_line.h"
#include "commands.h"
#include "console.h"
#include "replay.h"
#include "report.h"
#include "run_options.h"
#include "signals.h"
#include "target_select.h"
#include "trace_options.h"
#include "wave.h"
#include <string.h>

enum { KEY_TARGET = 0x2000, KEY_PREFIX };

struct request {
    struct hsx_run_options options;
    const char *target;
    struct trace_options trace;
    struct wave_options wave;
    bool prefix;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case KEY_TARGET:
        request->target = arg;
        return 0;
    case KEY_PREFIX:
        request->prefix = true;
        return 0;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &request->options;
        state->child_inputs[1] = &request->trace;
        state->child_inputs[2] = &request->wave;
        return 0;
    case ARGP_KEY_ARGS:
        request->options.files = state->argv + state->next;
        request->options.count = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_END:
        hsx_options_expect_tasks(&request->options, request->options.count);
        if (request->wave.path && strcmp(request->target, "rtl") != 0) {
            argp_error(state, "--wave shows the core, expected --target rtl");
        }
        wave_options_check(state, &request->wave, request->options.json,
                           request->options.stdin_pid != 0);
        if (request->trace.vm_path) {
            argp_error(state, "--trace-vm is for lock-step, expected --trace");
        }
        if (request->options.json && trace_options_use_stdout(&request->trace)) {
            argp_error(state, "--json and a trace both want standard output");
        }
        if (request->options.stdin_pid > request->options.count && !request->options.restore) {
            argp_error(state, "--stdin is %u, expected a task from 1 to %zu",
                       (unsigned)request->options.stdin_pid, request->options.count);
        }
        return 0;
    case ARGP_KEY_NO_ARGS:
        if (!request->options.restore) {
            argp_error(state, "an image is missing");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option own_options[] = {
    {"target", KEY_TARGET, HSX_TARGET_NAMES, 0, HSX_TARGET_HELP, 0},
    {"prefix", KEY_PREFIX, 0, 0, "Begin each line of a task's output with its [pid]", 0},
    {0},
};

static const struct argp_child children[] = {{&hsx_run_options_argp, 0, 0, 0},
                                             {&trace_options_argp, 0, "Trace:", 1},
                                             {&wave_argp, 0, "Wave, with --target rtl:", 2},
                                             {0}};

/* A running machine and its observers. */
struct session {
    struct hsx_target *target;
    struct hsx_exec *exec;
    struct hsx_console console;
    struct trace_file trace;
    struct wave_file wave_file;
    uint64_t steps, cycles; /* when it has ended */
};

static int machine_failed(const struct session *s, const struct request *request,
                          enum hsx_status status)
{
    const char *why = s->target ? hsx_target_trouble(s->target) : NULL;

    fprintf(stderr, "%s: %s\n", request->target, why ? why : hsx_status_name(status));
    return HSX_EXIT_INPUT;
}

static int open_trace(struct session *s, struct request *request)
{
    struct hsx_exec_sink sink;

    if (trace_options_resolve(&request->trace, &request->options) != HSX_OK ||
        trace_file_open(&s->trace, &request->trace, request->trace.path, s->target) != HSX_OK) {
        return HSX_EXIT_INPUT;
    }
    if (s->trace.trace) {
        sink = hsx_trace_sink(s->trace.trace);
        hsx_exec_set_sink(s->exec, &sink);
    }
    return HSX_EXIT_OK;
}

static int open_session(struct session *s, struct request *request)
{
    struct device_options device = {.contexts = request->options.contexts};
    const char *error;
    enum hsx_status status;

    if (wave_file_begin(&s->wave_file, &request->wave, &device.wave) != HSX_OK) {
        return HSX_EXIT_INPUT;
    }
    status = hsx_target_select(request->target, &device, &s->target, &error);
    if (status != HSX_OK) {
        fprintf(stderr, "--target %s: %s\n", request->target, error);
        return status == HSX_ERR_ARGUMENT ? HSX_EXIT_USAGE : HSX_EXIT_INPUT;
    }
    /* stdout carries only --json or a trace, if one of them goes there. */
    bool taken = request->options.json || trace_options_use_stdout(&request->trace);

    hsx_console_init(&s->console, &request->options, taken ? stderr : stdout, request->prefix);
    request->options.config.stdio = true;
    request->options.config.host = hsx_console_host(&s->console);
    status = hsx_exec_create(s->target, &request->options.config, &s->exec);
    if (status != HSX_OK) {
        return machine_failed(s, request, status);
    }
    request->options.board = s->target;
    return hsx_restore_file(s->exec, &request->options) == HSX_OK ? open_trace(s, request)
                                                                  : HSX_EXIT_INPUT;
}

static int report(struct session *s, const struct request *request, enum hsx_run_end reason)
{
    struct hsx_report result;
    enum hsx_status status = hsx_report_take(s->exec, reason, &request->options, &result);

    if (status != HSX_OK) {
        return machine_failed(s, request, status);
    }
    s->cycles = result.stats.cycles;
    fflush(stdout);
    hsx_report_print(&result, stderr);
    if (request->options.json) {
        json_t *object = hsx_report_json(&result, request->target);

        json_dumpf(object, stdout, JSON_COMPACT);
        fputc('\n', stdout);
        json_decref(object);
    }
    return hsx_report_exit(&result);
}

static int run(struct session *s, struct request *request)
{
    struct progress progress;
    struct hsx_exec_run run = {.max_steps = request->options.max_steps,
                               .interrupt = &hsx_stop_signal,
                               .progress = progress_show,
                               .progress_ctx = &progress};
    enum hsx_status status;
    int code;

    if (hsx_load_files(s->exec, &request->options) != HSX_OK) {
        return HSX_EXIT_INPUT;
    }
    const struct trace_images images = trace_images_of(&request->options);

    if (trace_file_begin(&s->trace, s->exec, request->target, &images) != HSX_OK) {
        return HSX_EXIT_INPUT;
    }
    hsx_signals_defer();
    progress_begin(&progress, "steps", request->options.max_steps);
    progress.on = progress.on && request->options.stdin_pid == 0; /* a user types there */
    s->console.progress = &progress;
    status = hsx_feed_run(&s->console.feed, s->exec, &run);
    hsx_console_end(&s->console);
    progress_clear(&progress);
    s->console.progress = NULL;
    if (status != HSX_OK) {
        return machine_failed(s, request, status);
    }
    s->steps = run.steps;
    code = report(s, request, run.reason);
    return trace_file_close(&s->trace, true) == HSX_OK ? code : HSX_EXIT_INPUT;
}

/* The core is destroyed, so its wave is complete. */
static int close_wave(struct session *s, const struct request *request)
{
    const struct device_options device = {.contexts = request->options.contexts};
    const struct replay replay = {
        .options = &request->options, .device = &device, .max_steps = s->steps};

    if (request->wave.last != 0) {
        wave_file_last(&s->wave_file, &request->wave, s->cycles, 0);
        if (replay_wave(&replay, &s->wave_file) != HSX_OK) {
            return HSX_EXIT_INPUT;
        }
    }
    return wave_file_commit(&s->wave_file) == HSX_OK ? HSX_EXIT_OK : HSX_EXIT_INPUT;
}

int hsx_cmd_run(int argc, char **argv)
{
    static const struct argp argp = {
        own_options,
        parse,
        "IMAGE.hxe...",
        "Run tasks, one for each image, until they have ended."
        "\vOutput of the tasks goes to stdout, a summary of each task to stderr. With --json "
        "stdout holds one object instead, and output of the tasks goes to stderr.\n\n"
        "Exit status, the first that applies: 1 an input is wrong or a board fails, 2 usage, 3 a "
        "task faulted, "
        "4 the step limit ended the run, 5 the tasks left are paused or wait forever, 0 all "
        "tasks returned or exited. A run that SIGINT or SIGTERM ends is reported like any other "
        "and has 128 + the signal's number; a second signal ends it at once.",
        children,
        0,
        0};
    struct request request = {.target = "vm"};
    struct session session = {0};
    int code;

    hsx_run_options_init(&request.options);
    trace_options_init(&request.trace);
    wave_options_init(&request.wave);
    if (!command_line_parse(&argp, argc, argv, 0, &request)) {
        return HSX_EXIT_INPUT;
    }
    code = open_session(&session, &request);
    if (code == HSX_EXIT_OK) {
        code = run(&session, &request);
    }
    trace_file_discard(&session.trace);
    hsx_exec_destroy(session.exec);
    if (session.target) {
        session.target->ops->destroy(session.target);
    }
    if (session.wave_file.temporary && code != HSX_EXIT_INPUT && code != HSX_EXIT_USAGE &&
        close_wave(&session, &request) != HSX_EXIT_OK) {
        code = HSX_EXIT_INPUT;
    }
    wave_file_discard(&session.wave_file);
    hsx_run_options_clear(&request.options);
    return code;
}
