// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "console.h"
#include "output.h"
#include "report.h"
#include "run_options.h"
#include "signals.h"
#include "target_select.h"
#include <errno.h>
#include <hsx/trace.h>
#include <string.h>

enum { KEY_TARGET = 0x2000, KEY_TRACE, KEY_PREFIX };

struct request {
    struct hsx_run_options options;
    const char *target;
    const char *trace; /* NULL: none */
    bool prefix;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case KEY_TARGET:
        request->target = arg;
        return 0;
    case KEY_TRACE:
        request->trace = arg;
        return 0;
    case KEY_PREFIX:
        request->prefix = true;
        return 0;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &request->options;
        return 0;
    case ARGP_KEY_ARGS:
        request->options.files = state->argv + state->next;
        request->options.count = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_END:
        if (request->options.stdin_pid > request->options.count) {
            argp_error(state, "--stdin is %u, expected a task from 1 to %zu",
                       (unsigned)request->options.stdin_pid, request->options.count);
        }
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "an image is missing");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option own_options[] = {
    {"target", KEY_TARGET, "vm|rtl", 0, "The C reference VM or the Verilated core. Default: vm", 0},
    {"trace", KEY_TRACE, "FILE", 0, "Write every event to FILE as JSON Lines", 0},
    {"prefix", KEY_PREFIX, 0, 0, "Begin each line that a task says with its [pid]", 0},
    {0},
};

static const struct argp_child children[] = {{&hsx_run_options_argp, 0, 0, 0}, {0}};

/* A running machine with what looks at it. */
struct session {
    struct hsx_target *target;
    struct hsx_exec *exec;
    struct hsx_console console;
    struct hsx_trace *trace;
    struct hsx_output trace_file;
};

static int machine_failed(const struct request *request, enum hsx_status status)
{
    fprintf(stderr, "%s: %s\n", request->target, hsx_status_name(status));
    return HSX_EXIT_INPUT;
}

static int open_trace(struct session *s, const char *path)
{
    struct hsx_exec_sink sink;

    if (hsx_output_open(&s->trace_file, path) != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return HSX_EXIT_INPUT;
    }
    if (hsx_trace_create(s->target, s->trace_file.file, &s->trace) != HSX_OK) {
        fprintf(stderr, "%s: out of memory\n", path);
        return HSX_EXIT_INPUT;
    }
    sink = hsx_trace_sink(s->trace);
    hsx_exec_set_sink(s->exec, &sink);
    return HSX_EXIT_OK;
}

static int close_trace(struct session *s, const char *path)
{
    uint32_t addr = 0;
    enum hsx_status status = hsx_trace_check(s->trace, &addr);

    if (status == HSX_ERR_DIVERGED) {
        fprintf(stderr, "%s: records and data memory disagree at address 0x%04X\n", path,
                (unsigned)addr);
    } else if (status != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, hsx_status_name(status));
    } else if (hsx_output_commit(&s->trace_file) != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        status = HSX_ERR_IO;
    }
    return status == HSX_OK ? HSX_EXIT_OK : HSX_EXIT_INPUT;
}

static int open_session(struct session *s, struct request *request)
{
    const struct device_options device = {.contexts = request->options.contexts};
    const char *error;
    enum hsx_status status = hsx_target_select(request->target, &device, &s->target, &error);

    if (status != HSX_OK) {
        fprintf(stderr, "--target %s: %s\n", request->target, error);
        return status == HSX_ERR_ARGUMENT ? HSX_EXIT_USAGE : HSX_EXIT_INPUT;
    }
    /* With --json stdout is the object alone. */
    s->console = (struct hsx_console){.out = request->options.json ? stderr : stdout,
                                      .prefix = request->prefix};
    hsx_feed_init(&s->console.feed, request->options.stdin_pid, s->console.out);
    request->options.config.stdio = true;
    request->options.config.host = hsx_console_host(&s->console);
    status = hsx_exec_create(s->target, &request->options.config, &s->exec);
    if (status != HSX_OK) {
        return machine_failed(request, status);
    }
    return request->trace ? open_trace(s, request->trace) : HSX_EXIT_OK;
}

static int report(struct session *s, const struct request *request, enum hsx_run_end reason)
{
    struct hsx_report result;
    enum hsx_status status = hsx_report_take(s->exec, reason, &result);

    if (status != HSX_OK) {
        return machine_failed(request, status);
    }
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

static int run(struct session *s, const struct request *request)
{
    struct hsx_exec_run run = {.max_steps = request->options.max_steps,
                               .interrupt = &hsx_stop_signal};
    enum hsx_status status;
    int code;

    if (hsx_load_files(s->exec, request->options.files, request->options.count) != HSX_OK) {
        return HSX_EXIT_INPUT;
    }
    hsx_signals_defer();
    status = hsx_feed_run(&s->console.feed, s->exec, &run);
    if (status != HSX_OK) {
        return machine_failed(request, status);
    }
    code = report(s, request, run.reason);
    if (s->trace && close_trace(s, request->trace) != HSX_EXIT_OK) {
        return HSX_EXIT_INPUT;
    }
    return code;
}

int hsx_cmd_run(int argc, char **argv)
{
    static const struct argp argp = {
        own_options,
        parse,
        "IMAGE.hxe...",
        "Run tasks, one for each image, until they have ended."
        "\vWhat the tasks say goes to stdout, a summary of each task to stderr. With --json stdout "
        "holds one object instead, and what the tasks say goes to stderr.\n\n"
        "Exit status, the first that applies: 1 an input is wrong, 2 usage, 3 a task faulted, "
        "4 the step limit ended the run, 5 the tasks left are paused or wait for ever, 0 all "
        "tasks returned or exited. A run that SIGINT or SIGTERM ends is told like any other and "
        "has 128 + the signal's number; a second signal ends it at once.",
        children,
        0,
        0};
    struct request request = {.target = "vm"};
    struct session session = {0};
    int code;

    hsx_run_options_init(&request.options);
    if (argp_parse(&argp, argc, argv, 0, 0, &request) != 0) {
        return HSX_EXIT_INPUT;
    }
    code = open_session(&session, &request);
    if (code == HSX_EXIT_OK) {
        code = run(&session, &request);
    }
    hsx_trace_destroy(session.trace);
    hsx_output_discard(&session.trace_file);
    hsx_exec_destroy(session.exec);
    if (session.target) {
        session.target->ops->destroy(session.target);
    }
    return code;
}
