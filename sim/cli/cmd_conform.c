// SPDX-License-Identifier: Apache-2.0
#include "bundle_cases.h"
#include "command_line.h"
#include "commands.h"
#include "files.h"
#include "jobs.h"
#include "option_number.h"
#include "progress.h"
#include "seconds.h"
#include "signals.h"
#include "target_select.h"
#include "textstream.h"
#include <argp.h>
#include <errno.h>
#include <hsx/conform.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_TARGET = 256, KEY_JSON, KEY_CHECK_WINDOWS, KEY_JOBS, KEY_BUNDLE };
enum { EXIT_FAILED = 10 /* a case fails */ };
/* Cases have windows anywhere; the standard core that has them all is the one with this many
 * contexts. */
enum { CONTEXTS = 128 };

enum { KEPT = 200 /* failed cases kept for a bundle */ };

struct request {
    const char *bundle; /* folder, or NULL */
    char *command;      /* this command line again, owned */
    const char *file;
    const char *target;
    bool rtl;
    struct device_options device;
    uint64_t check_windows;
    unsigned jobs;
    bool json;
};

struct session {
    struct progress progress;
    struct bundle_case cases[KEPT];
    size_t kept;
    const struct request *request;
    const struct hsx_conform_set *set;
    struct hsx_target *target;
    struct hsx_conform_runner *runner;
    size_t chunk; /* cases per job: a multiple of those between comparisons of all windows */
    json_t *failures;
    size_t done, failed;
    double seconds; /* that the cases took */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &request->device;
        return 0;
    case KEY_TARGET:
        request->target = arg;
        return 0;
    case KEY_CHECK_WINDOWS:
        request->check_windows = hsx_option_number(state, "--check-windows", arg, 1, UINT32_MAX);
        return 0;
    case KEY_JOBS:
        request->jobs = (unsigned)hsx_option_number(state, "--jobs", arg, 1, JOBS_MAX);
        return 0;
    case KEY_BUNDLE:
        request->bundle = arg;
        return 0;
    case KEY_JSON:
        request->json = true;
        return 0;
    case ARGP_KEY_ARG:
        if (request->file) {
            argp_error(state, "one file of vectors is expected, '%s' is too many", arg);
        }
        request->file = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a file of vectors is missing");
        return 0;
    case ARGP_KEY_END:
        if (strcmp(request->target, "rtl") != 0 &&
            (request->device.model || request->device.icarus)) {
            argp_error(state, "--model and --sim choose an RTL core, expected --target rtl");
        }
        request->rtl = strcmp(request->target, "rtl") == 0;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The file's cases; errors go to stderr. */
static enum hsx_status load(const char *path, struct hsx_conform_set *set)
{
    struct hsx_conform_error error = {{0}};
    char *text = NULL;
    size_t size = 0;
    enum hsx_status status = hsx_read_file(path, &text, &size);

    if (status != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return status;
    }
    status = hsx_conform_parse(text, size, path, set, &error);
    free(text);
    if (status != HSX_OK) {
        fprintf(stderr, "%s\n", error.text);
    } else if (set->count == 0) {
        fprintf(stderr, "%s: no cases, expected at least one\n", path);
        status = HSX_ERR_FORMAT;
    }
    return status;
}

/* The report of a case that fails; size bytes of text follow. */
struct failure {
    size_t index;
    size_t size;
};

static void note_failure(const struct request *request, struct progress *progress,
                         const struct hsx_conform_case *test, const char *text, json_t *failures)
{
    if (!request->json) {
        progress_clear(progress);
        printf("%s:%zu: %s: %s\n", request->file, test->line, test->name, text);
        return;
    }
    json_array_append_new(failures,
                          json_pack("{s:s, s:I, s:s, s:s}", "file", request->file, "line",
                                    (json_int_t)test->line, "name", test->name, "what", text));
}

static enum hsx_status check_case(struct session *s, size_t i, FILE *result)
{
    const struct request *request = s->request;
    struct hsx_conform_outcome outcome;
    bool everything = (i + 1) % request->check_windows == 0 || i + 1 == s->set->count;

    if (request->rtl) {
        hsx_target_rtl_access_directly(s->target,
                                       !request->device.bus && (i + 1) % DEVICE_BUS_EVERY != 0);
    }
    enum hsx_status status = hsx_conform_run(s->runner, &s->set->cases[i], everything, &outcome);

    if (status == HSX_OK && outcome.differences > 0) {
        const struct failure failure = {.index = i, .size = strlen(outcome.text) + 1};

        fwrite(&failure, sizeof failure, 1, result);
        fwrite(outcome.text, failure.size, 1, result);
    }
    return status;
}

/* The result begins with the number of cases done, which is less than a chunk at a signal
 * and at the end. */
static enum hsx_status check_chunk(void *ctx, uint64_t index, FILE *result)
{
    struct session *s = ctx;
    size_t first = (size_t)index * s->chunk;
    size_t end = s->set->count - first < s->chunk ? s->set->count : first + s->chunk;
    size_t done = 0;
    char *failures = NULL;
    size_t size = 0;
    FILE *out = textstream_open(&failures, &size);
    enum hsx_status status = out ? HSX_OK : HSX_ERR_MEMORY;

    while (status == HSX_OK && first + done < end && hsx_stop_signal == 0) {
        status = check_case(s, first + done, out);
        done += status == HSX_OK;
    }
    if (out && fclose(out) != 0) {
        status = HSX_ERR_MEMORY;
    }
    if (status == HSX_ERR_MACHINE && s->request->rtl) {
        fputs(hsx_target_rtl_message(s->target), result);
    }
    if (status == HSX_OK) {
        fwrite(&done, sizeof done, 1, result);
        fwrite(failures, 1, size, result);
    }
    free(failures);
    return status;
}

/* Keeps a failed case for the bundle. */
static void keep(struct session *s, size_t index, const char *text)
{
    if (s->request->bundle && s->kept < KEPT) {
        s->cases[s->kept].test = &s->set->cases[index];
        s->cases[s->kept].what = strdup(text);
        s->kept += s->cases[s->kept].what != NULL;
    }
}

static void take_chunk(void *ctx, uint64_t index, const void *result, size_t size)
{
    struct session *s = ctx;
    const char *at = result;
    const char *end = at + size;
    size_t done;

    if (s->done != index * s->chunk) {
        return; /* a signal cut a chunk before this one short */
    }
    memcpy(&done, at, sizeof done);
    s->done += done;
    progress_show(&s->progress, s->done);
    for (at += sizeof done; at < end;) {
        struct failure failure;

        memcpy(&failure, at, sizeof failure);
        at += sizeof failure;
        note_failure(s->request, &s->progress, &s->set->cases[failure.index], at, s->failures);
        keep(s, failure.index, at);
        s->failed++;
        at += failure.size;
    }
}

/* A simulator in its own process cannot be shared with a worker. */
static enum hsx_status start_worker(void *ctx)
{
    struct session *s = ctx;
    const char *error = NULL;

    if (!s->request->device.icarus) {
        return HSX_OK;
    }
    enum hsx_status status =
        hsx_target_select(s->request->target, &s->request->device, &s->target, &error);

    return status == HSX_OK ? hsx_conform_runner_create(s->target, &s->runner) : status;
}

/* A core with fewer windows than the cases name would fail them for no fault of its own. */
static bool has_windows(const struct request *request, const struct hsx_target *target,
                        const struct hsx_conform_set *set)
{
    uint32_t end = hsx_target_windows_end(target);

    for (size_t i = 0; i < set->count; i++) {
        const struct hsx_conform_case *test = &set->cases[i];

        if (test->reg_base >= end) {
            fprintf(stderr,
                    "%s:%zu: %s: its window at 0x%04X is not in this core, which has %u; expected "
                    "one with WINDOWS=%u, such as the model c128\n",
                    request->file, test->line, test->name, test->reg_base, target->windows,
                    HSX_MAX_CONTEXTS);
            return false;
        }
    }
    return true;
}

/* Runs all cases, or those before a signal. */
static enum hsx_status check(struct session *s, struct jobs_error *error)
{
    enum { LEAST = 16 };
    size_t windows = s->request->check_windows < s->set->count ? (size_t)s->request->check_windows
                                                               : s->set->count;

    for (s->chunk = windows; s->chunk < LEAST; s->chunk += windows) {
    }

    const struct jobs jobs = {.workers = s->request->jobs,
                              .count = (s->set->count + s->chunk - 1) / s->chunk,
                              .ctx = s,
                              .start = start_worker,
                              .make = check_chunk,
                              .take = take_chunk};
    enum hsx_status status = hsx_conform_runner_create(s->target, &s->runner);

    if (status != HSX_OK) {
        snprintf(error->text, sizeof error->text, "%s", hsx_status_name(status));
        return status;
    }
    hsx_signals_defer();
    progress_begin(&s->progress, "cases", s->set->count);
    s->seconds = -seconds_now();
    status = jobs_run(&jobs, error);
    s->seconds += seconds_now();
    progress_clear(&s->progress);
    hsx_conform_runner_destroy(s->runner);
    return status;
}

static void print_summary(const struct session *s)
{
    double rate = (double)s->done / s->seconds;

    if (!s->request->json) {
        printf("%zu cases on %s, %zu failed, %.3f s (%.0f cases a second)\n", s->done,
               s->request->target, s->failed, s->seconds, rate);
        return;
    }
    json_t *object =
        json_pack("{s:s, s:I, s:I, s:f, s:f, s:O}", "target", s->request->target, "cases",
                  (json_int_t)s->done, "failed", (json_int_t)s->failed, "seconds", s->seconds,
                  "cases_per_second", rate, "failures", s->failures);

    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
}

static int run_cases(const struct request *request, struct hsx_target *target,
                     const struct hsx_conform_set *set, const char *program)
{
    struct session s = {.request = request, .set = set, .target = target, .failures = json_array()};
    struct jobs_error error = {.text = "out of memory"};
    enum hsx_status status = HSX_ERR_MEMORY;

    if (s.failures) {
        status = check(&s, &error);
    }
    if (status == HSX_OK) {
        print_summary(&s);
    } else {
        fprintf(stderr, "%s: target %s: %s\n", program, request->target, error.text);
    }
    json_decref(s.failures);
    if (status == HSX_OK && s.kept > 0) {
        status = bundle_write_cases(
            &(struct bundle_cases){.dir = request->bundle,
                                   .command = request->command,
                                   .file = request->file,
                                   .all = s.done,
                                   .cases = s.cases,
                                   .count = s.kept,
                                   .device = request->rtl ? &request->device : NULL});
    }
    for (size_t i = 0; i < s.kept; i++) {
        free(s.cases[i].what);
    }
    if (status != HSX_OK) {
        return HSX_EXIT_INPUT;
    }
    return hsx_signals_exit(s.failed == 0 ? HSX_EXIT_OK : EXIT_FAILED);
}

static const struct argp_option options[] = {
    {"target", KEY_TARGET, "vm|rtl", 0, "Machine to check. Default: vm", 0},
    {"check-windows", KEY_CHECK_WINDOWS, "N", 0,
     "Compare the register windows that a case does not name only every N cases and at the end, "
     "for slow machines. Default: 1",
     0},
    {"jobs", KEY_JOBS, "N", 0, "Run the cases in N processes, with the same report. Default: 1", 0},
    {"bundle", KEY_BUNDLE, "DIR", 0, "If cases fail, make a folder with a report and those cases",
     0},
    {"json", KEY_JSON, 0, 0, "Print one JSON object at the end", 0},
    {0},
};

int hsx_cmd_conform(int argc, char **argv)
{
    static const struct argp_child children[] = {
        {&device_argp, 0, "RTL core, with --target rtl:", 1}, {0}};
    static const struct argp argp = {
        options,
        parse,
        "VECTORS.jsonl",
        "Run one-instruction conformance cases and list those that fail."
        "\vThe exit status is 0 if all cases hold and 10 if one fails. SIGINT and SIGTERM end the "
        "check after the current case, and the exit status is 128 + the signal's number.",
        children,
        0,
        0};
    struct request request = {.target = "vm", .check_windows = 1, .jobs = 1};
    struct hsx_conform_set set;
    struct hsx_target *target = NULL;
    const char *error = NULL;
    enum hsx_status status;
    int exit_status;

    request.command = command_line_join(argc, argv);
    if (!request.command || !command_line_parse(&argp, argc, argv, 0, &request)) {
        free(request.command);
        return HSX_EXIT_INPUT;
    }
    if (!request.device.model && !request.device.icarus) {
        request.device.contexts = CONTEXTS;
    }
    status = hsx_target_select(request.target, &request.device, &target, &error);
    if (status != HSX_OK) {
        fprintf(stderr, "%s: --target %s: %s\n", argv[0], request.target, error);
        free(request.command);
        if (status == HSX_ERR_MACHINE) {
            return EXIT_FAILED;
        }
        return status == HSX_ERR_ARGUMENT ? HSX_EXIT_USAGE : HSX_EXIT_INPUT;
    }
    if (load(request.file, &set) != HSX_OK) {
        target->ops->destroy(target);
        free(request.command);
        return HSX_EXIT_INPUT;
    }
    exit_status = has_windows(&request, target, &set) ? run_cases(&request, target, &set, argv[0])
                                                      : HSX_EXIT_INPUT;
    free(request.command);
    hsx_conform_free(&set);
    target->ops->destroy(target);
    return exit_status;
}
