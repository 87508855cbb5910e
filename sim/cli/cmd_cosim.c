// SPDX-License-Identifier: Apache-2.0
#include "bundle.h"
#include "command_line.h"
#include "commands.h"
#include "console.h"
#include "device.h"
#include "lockstep_traces.h"
#include "option_number.h"
#include "replay.h"
#include "report.h"
#include "run_options.h"
#include "seconds.h"
#include "signals.h"
#include "target_select.h"
#include "wave.h"
#include <hsx/cosim.h>
#include <hsx/target_vm.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_CHECK_STEPS = 0x3000, KEY_PREFIX, KEY_TRAP_LATENCY, KEY_TARGET };
enum { EXIT_DIVERGED = 10, DEFAULT_CHECK_STEPS = 100000 };

struct request {
    struct hsx_run_options options;
    struct device_options device;
    struct trace_options trace;
    struct wave_options wave;
    struct bundle_options bundle;
    const char *target; /* "rtl" or a board */
    uint64_t check_steps;
    bool prefix;
    char *command; /* this command line again, owned */
};

struct session {
    struct hsx_target *cosim;
    struct hsx_exec *exec;
    const struct hsx_run_options *options;
    struct hsx_console console;
    struct lockstep_traces traces;
    double start;
    struct wave_file wave_file;
    uint64_t steps, cycles; /* when the run has ended */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case KEY_CHECK_STEPS:
        request->check_steps = hsx_option_number(state, "--check-steps", arg, 0, UINT64_MAX);
        return 0;
    case KEY_TRAP_LATENCY:
        request->options.config.trap_latency =
            hsx_option_number(state, "--trap-latency", arg, 0, UINT64_MAX);
        return 0;
    case KEY_TARGET:
        if (strcmp(arg, "rtl") != 0 && !hsx_target_board_name(arg)) {
            argp_error(state, "--target is '%s', expected rtl or serial:DEVICE", arg);
        }
        request->target = arg;
        return 0;
    case KEY_PREFIX:
        request->prefix = true;
        return 0;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &request->options;
        state->child_inputs[1] = &request->device;
        state->child_inputs[2] = &request->trace;
        state->child_inputs[3] = &request->wave;
        state->child_inputs[4] = &request->bundle;
        return 0;
    case ARGP_KEY_ARGS:
        request->options.files = state->argv + state->next;
        request->options.count = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_END:
        if (hsx_target_board_name(request->target) &&
            (request->device.icarus || request->device.program || request->device.model ||
             request->device.reset_seed != 0 || request->wave.path || request->bundle.dir)) {
            argp_error(state, "a board has no simulator, wave or bundle, expected --target rtl");
        }
        hsx_options_expect_tasks(&request->options, request->options.count);
        wave_options_check(state, &request->wave, request->options.json,
                           request->options.stdin_pid != 0);
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

static int failed(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    return HSX_EXIT_INPUT;
}

/* A core that does not start is a divergence, like one that stops later. */
static int not_started(const struct request *request, const char *what)
{
    fprintf(stderr, "lock-step: diverged before the first event: the device failed: %s\n", what);
    if (request->options.json) {
        json_t *object = json_pack(
            "{s:s, s:s, s:i, s:i, s:i, s:i, s:[], s:s, s:i, s:i, s:i, s:[{s:i, s:i, s:i, s:s, "
            "s:i, s:i, s:s}]}",
            "target", "rtl", "reason", "diverged", "exit", EXIT_DIVERGED, "steps", 0, "cycles", 0,
            "ticks", 0, "tasks", "sim", request->device.icarus ? "icarus" : "verilator",
            "records_compared", 0, "state_checks", 0, "divergences", 1, "failures", "order", 0,
            "cycle", 0, "slot", -1, "field", "start", "expected", 0, "got", 0, "what", what);

        json_dumpf(object, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(object);
    }
    return EXIT_DIVERGED;
}

/* Slots refer to the tasks that exist when the report is made. */
static void name_place(void *ctx, unsigned slot, uint16_t pc, char *text, size_t size)
{
    struct session *s = ctx;
    struct hsx_task_info tasks[HSX_MAX_CONTEXTS];
    size_t count = 0;

    text[0] = '\0';
    hsx_exec_tasks(s->exec, tasks, HSX_MAX_CONTEXTS, &count);
    for (size_t i = 0; i < count && i < HSX_MAX_CONTEXTS; i++) {
        if (tasks[i].slot == slot) {
            hsx_options_name(s->options, tasks[i].pid, pc, text, size);
        }
    }
}

static int open_session(struct session *s, struct request *request)
{
    const struct hsx_cosim_options options = {
        .check_steps = request->check_steps,
        .device_check = hsx_target_board_name(request->target) ? NULL /* a board hides its cycles */
                                                               : hsx_target_rtl_check,
        .device_message = hsx_target_rtl_message,
        .name = name_place,
        .name_ctx = s,
        .reproduce = request->command};
    struct hsx_target *device = NULL;
    struct hsx_target *golden = NULL;
    struct device_error error;
    bool traced;
    enum hsx_status status;

    s->options = &request->options;
    request->device.contexts = request->options.contexts;
    if (wave_file_begin(&s->wave_file, &request->wave, &request->device.wave) != HSX_OK) {
        return HSX_EXIT_INPUT;
    }
    const char *board = hsx_target_board_name(request->target);

    status = board ? hsx_target_board(board, &request->device, &device, &error)
                   : device_create(&request->device, &device, &error);
    if (board && status != HSX_OK) {
        fprintf(stderr, "--target %s: %s\n", request->target, error.text);
        return status == HSX_ERR_ARGUMENT ? HSX_EXIT_USAGE : HSX_EXIT_INPUT;
    }
    if (status == HSX_ERR_MACHINE) {
        return not_started(request, error.text);
    }
    if (status != HSX_OK) {
        return failed("hsx cosim", error.text);
    }
    status = hsx_target_vm_create_like(device, &golden);
    if (status != HSX_OK) {
        device->ops->destroy(device);
        return failed("hsx cosim", hsx_status_name(status));
    }
    status = hsx_cosim_create(device, golden, &options, &s->cosim);
    if (status == HSX_OK) {
        /* stdout carries only --json or a trace, if one of them goes there. */
        bool taken = request->options.json || trace_options_use_stdout(&request->trace);

        hsx_console_init(&s->console, &request->options, taken ? stderr : stdout, request->prefix);
        request->options.config.stdio = true;
        request->options.config.host = hsx_console_host(&s->console);
        status = hsx_exec_create(s->cosim, &request->options.config, &s->exec);
    }
    if (status != HSX_OK) {
        return failed("hsx cosim", hsx_status_name(status));
    }
    request->options.board = s->cosim;
    status = hsx_restore_file(s->exec, &request->options);
    if (status != HSX_OK && hsx_cosim_divergence(s->cosim)->kind != HSX_DIVERGED_NOT) {
        return HSX_EXIT_OK; /* the run reports that */
    }
    if (status == HSX_OK) {
        status = trace_options_resolve(&request->trace, &request->options);
    }
    if (status == HSX_OK) {
        status = lockstep_traces_open(&s->traces, &request->trace, s->cosim, &traced);
    }
    if (status != HSX_OK) {
        return HSX_EXIT_INPUT;
    }
    if (traced) {
        hsx_exec_set_sink(s->exec, &s->traces.sink);
    }
    return HSX_EXIT_OK;
}

static void close_session(struct session *s)
{
    lockstep_traces_discard(&s->traces);
    hsx_exec_destroy(s->exec);
    if (s->cosim) {
        s->cosim->ops->destroy(s->cosim);
    }
}

static json_t *failures_json(const struct session *s)
{
    const struct hsx_divergence *d = hsx_cosim_divergence(s->cosim);
    json_t *failures = json_array();
    char text[512];

    if (d->kind != HSX_DIVERGED_NOT) {
        hsx_cosim_summary(s->cosim, text, sizeof text);
        json_array_append_new(
            failures, json_pack("{s:I, s:I, s:i, s:s, s:I, s:I, s:s}", "order",
                                (json_int_t)d->order, "cycle", (json_int_t)d->cycle, "slot",
                                d->slot, "field", d->field ? d->field : "", "expected",
                                (json_int_t)d->expected, "got", (json_int_t)d->got, "what", text));
    }
    return failures;
}

static bool diverged(const struct session *s)
{
    return hsx_cosim_divergence(s->cosim)->kind != HSX_DIVERGED_NOT;
}

/* The executive reads nothing from machines that differ: the state of each task comes
 * from the golden one. */
static void take_diverged(struct session *s, const struct request *request,
                          struct hsx_report *report)
{
    hsx_report_take(s->exec, HSX_RUN_ENDED, &request->options, report);
    report->stats.cycles = hsx_cosim_divergence(s->cosim)->cycle;
    for (size_t i = 0; i < report->count; i++) {
        hsx_task_info_read(hsx_cosim_golden(s->cosim), &report->tasks[i]);
        hsx_options_name(&request->options, report->tasks[i].pid, report->tasks[i].ctx.pc,
                         report->places[i], sizeof report->places[i]);
    }
}

static void print_json(const struct session *s, const struct request *request,
                       const struct hsx_report *report, double seconds)
{
    json_t *object = hsx_report_json(report, request->target);
    struct hsx_cosim_stats stats;

    hsx_cosim_read_stats(s->cosim, &stats);
    json_object_set_new(object, "sim",
                        json_string(hsx_target_board_name(request->target) ? "board"
                                    : request->device.icarus               ? "icarus"
                                                                           : "verilator"));
    json_object_set_new(object, "records_compared", json_integer((json_int_t)stats.records));
    json_object_set_new(object, "state_checks", json_integer((json_int_t)stats.checks));
    json_object_set_new(object, "divergences", json_integer(diverged(s)));
    if (diverged(s)) {
        json_object_set_new(object, "reason", json_string("diverged"));
        json_object_set_new(object, "exit", json_integer(EXIT_DIVERGED));
    }
    json_object_set_new(object, "seconds", json_real(seconds));
    json_object_set_new(object, "steps_per_second", json_real((double)s->steps / seconds));
    json_object_set_new(object, "failures", failures_json(s));
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
}

static void print_text(const struct session *s, const struct hsx_report *report, double seconds)
{
    struct hsx_cosim_stats stats;

    hsx_cosim_read_stats(s->cosim, &stats);
    if (diverged(s)) {
        hsx_cosim_report(s->cosim, stderr);
    } else {
        hsx_report_print(report, stderr);
    }
    fprintf(stderr,
            "lock-step: %" PRIu64 " records compared, %" PRIu64
            " comparisons of the whole state, %d divergences, %.3f s (%.0f steps a second)\n",
            stats.records, stats.checks, diverged(s), seconds, (double)s->steps / seconds);
}

static int run(struct session *s, const struct request *request)
{
    struct progress progress;
    struct hsx_exec_run run = {.max_steps = request->options.max_steps,
                               .interrupt = &hsx_stop_signal,
                               .progress = progress_show,
                               .progress_ctx = &progress};
    struct hsx_report *report = calloc(1, sizeof *report);
    enum hsx_status status;

    if (!report) {
        return failed("hsx cosim", hsx_status_name(HSX_ERR_MEMORY));
    }
    hsx_signals_defer();
    progress_begin(&progress, "steps", request->options.max_steps);
    progress.on = progress.on && request->options.stdin_pid == 0; /* a user types there */
    s->console.progress = &progress;
    status = hsx_feed_run(&s->console.feed, s->exec, &run);
    progress_clear(&progress);
    s->console.progress = NULL;
    hsx_console_end(&s->console);
    if (status == HSX_OK) {
        status = hsx_cosim_finish(s->cosim);
    }
    if (status == HSX_OK) {
        status = hsx_report_take(s->exec, run.reason, &request->options, report);
    }
    fflush(stdout);
    if (diverged(s)) {
        take_diverged(s, request, report);
    }
    s->steps = run.steps;
    s->cycles = report->stats.cycles;
    if (status == HSX_OK || diverged(s)) {
        double seconds = seconds_now() - s->start;

        print_text(s, report, seconds);
        if (request->options.json) {
            print_json(s, request, report, seconds);
        }
    } else if (hsx_target_board_name(request->target)) {
        const char *why = hsx_target_rtl_message(hsx_cosim_device(s->cosim));

        free(report);
        return failed(request->target, why[0] != '\0' ? why : hsx_status_name(status));
    } else {
        failed("hsx cosim", hsx_status_name(status));
    }
    free(report);
    if (status == HSX_OK) {
        return run.reason == HSX_RUN_INTERRUPTED ? hsx_signals_exit(HSX_EXIT_OK) : HSX_EXIT_OK;
    }
    return EXIT_DIVERGED;
}

/* The core is destroyed, so its wave is complete. */
static int close_wave(struct session *s, const struct request *request, bool differed)
{
    enum { CYCLES_AFTER = 20 /* cycles shown after a difference */ };
    struct device_options device = request->device;
    const struct replay replay = {.options = &request->options,
                                  .device = &device,
                                  .lockstep = true,
                                  .check_steps = request->check_steps,
                                  .max_steps = differed ? request->options.max_steps : s->steps};

    if (request->wave.last != 0) {
        wave_file_last(&s->wave_file, &request->wave, s->cycles, differed ? CYCLES_AFTER : 0);
        if (replay_wave(&replay, &s->wave_file) != HSX_OK) {
            return HSX_EXIT_INPUT;
        }
    }
    return wave_file_commit(&s->wave_file) == HSX_OK ? HSX_EXIT_OK : HSX_EXIT_INPUT;
}

static int make_bundle(const struct request *request)
{
    struct hsx_fuzz_program *program = malloc(sizeof *program);
    struct device_options device = request->device;
    const struct bundle_request bundle = {.options = &request->bundle,
                                          .dir = request->bundle.dir,
                                          .device = &device,
                                          .command = request->command,
                                          .check_steps = request->check_steps};
    struct bundle_images images = {0};
    enum hsx_status status = HSX_ERR_MEMORY;

    device.wave = NULL;
    if (program) {
        status = bundle_images(&request->options, program, &images);
        if (status == HSX_OK) {
            status = bundle_write(&bundle, program);
        } else {
            fprintf(stderr,
                    "bundle: only possible for up to %d images of up to %d words of code, without "
                    "--restore and --stdin\n",
                    HSX_FUZZ_MAX_TASKS, HSX_FUZZ_MAX_CODE);
        }
    }
    bundle_images_free(&images);
    free(program);
    return status == HSX_OK ? EXIT_DIVERGED : HSX_EXIT_INPUT;
}

static const struct argp_option own_options[] = {
    {"check-steps", KEY_CHECK_STEPS, "N", 0,
     "Compare all memory and contexts every N steps, and at the end; 0: only at the end. Default: "
     "100000",
     0},
    {"trap-latency", KEY_TRAP_LATENCY, "N", 0,
     "Complete each SVC only after N steps of other tasks. Default: 0, at once", 0},
    {"prefix", KEY_PREFIX, 0, 0, "Begin each line of a task's output with its [pid]", 0},
    {"target", KEY_TARGET, "rtl|serial:DEVICE", 0,
     "The simulated core, or that of a board on a serial line, which then does one instruction at "
     "a time; serial:DEVICE[,baud=N][,timeout=MS][,patience=MS]. Default: rtl",
     0},
    {0},
};

int hsx_cmd_cosim(int argc, char **argv)
{
    static const struct argp_child children[] = {
        {&hsx_run_options_argp, 0, 0, 0},      {&device_argp, 0, "RTL core:", 1},
        {&trace_options_argp, 0, "Trace:", 2}, {&wave_argp, 0, "Wave:", 3},
        {&bundle_argp, 0, "Bundle:", 4},       {0}};
    static const struct argp argp = {
        own_options,
        parse,
        "IMAGE.hxe...",
        "Run tasks on the RTL core in lock-step with the C VM and compare everything."
        "\vOutput of the tasks goes to stdout, a summary to stderr. With --json stdout holds one "
        "object instead, and output of the tasks goes to stderr.\n\n"
        "Exit status: 0 every record and the final memory agree, 10 they do not, 1 an input is "
        "wrong or a board cannot be reached, 2 usage. SIGINT and SIGTERM end the run as --steps "
        "does, and the exit status is "
        "128 + the signal's number; a second signal ends it at once.",
        children,
        0,
        0};
    struct request request = {.target = "rtl", .check_steps = DEFAULT_CHECK_STEPS};
    struct session session = {0};
    int code;

    request.command = command_line_join(argc, argv);
    hsx_run_options_init(&request.options);
    trace_options_init(&request.trace);
    wave_options_init(&request.wave);
    bundle_options_init(&request.bundle);
    if (!request.command || !command_line_parse(&argp, argc, argv, 0, &request)) {
        free(request.command);
        return HSX_EXIT_INPUT;
    }
    session.start = seconds_now();
    code = open_session(&session, &request);
    if (code == HSX_EXIT_OK && hsx_load_files(session.exec, &request.options) != HSX_OK &&
        hsx_cosim_divergence(session.cosim)->kind == HSX_DIVERGED_NOT) {
        code = HSX_EXIT_INPUT;
    }
    const struct trace_images images = trace_images_of(&request.options);

    if (code == HSX_EXIT_OK &&
        lockstep_traces_begin(&session.traces, session.exec, &images) != HSX_OK) {
        code = HSX_EXIT_INPUT;
    }
    if (code == HSX_EXIT_OK) {
        code = run(&session, &request);
        if (code != HSX_EXIT_INPUT &&
            lockstep_traces_close(&session.traces, session.cosim) != HSX_OK) {
            code = HSX_EXIT_INPUT;
        }
    }
    bool differed = session.cosim && diverged(&session);

    close_session(&session);
    if (session.wave_file.temporary && code != HSX_EXIT_INPUT &&
        close_wave(&session, &request, differed) != HSX_EXIT_OK) {
        code = HSX_EXIT_INPUT;
    }
    wave_file_discard(&session.wave_file);
    if (differed && code == EXIT_DIVERGED && request.bundle.dir) {
        code = make_bundle(&request);
    }
    hsx_run_options_clear(&request.options);
    free(request.command);
    return code;
}
