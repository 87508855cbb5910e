// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "files.h"
#include "option_number.h"
#include "signals.h"
#include "target_select.h"
#include <argp.h>
#include <errno.h>
#include <hsx/conform.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_TARGET = 256, KEY_JSON, KEY_CHECK_WINDOWS };
enum { EXIT_FAILED = 10 /* a case fails */ };
/* Cases have windows anywhere; the usual core that has them all is the one for this many. */
enum { CONTEXTS = 128 };

struct request {
    const char *file;
    const char *target;
    bool rtl;
    struct device_options device;
    uint64_t check_windows;
    bool json;
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

/* The file's cases; what is wrong with it goes to stderr. */
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

static void note_failure(const struct request *request, const struct hsx_conform_case *test,
                         const struct hsx_conform_outcome *outcome, json_t *failures)
{
    if (!request->json) {
        printf("%s:%zu: %s: %s\n", request->file, test->line, test->name, outcome->text);
        return;
    }
    json_array_append_new(failures, json_pack("{s:s, s:I, s:s, s:s}", "file", request->file, "line",
                                              (json_int_t)test->line, "name", test->name, "what",
                                              outcome->text));
}

/* Runs all cases, or those before a signal: the number of those in *done, of those that fail
 * in *failed. */
static enum hsx_status check(const struct request *request, struct hsx_target *target,
                             const struct hsx_conform_set *set, json_t *failures, size_t *done,
                             size_t *failed)
{
    struct hsx_conform_runner *runner = NULL;
    enum hsx_status status = hsx_conform_runner_create(target, &runner);

    if (status != HSX_OK) {
        return status;
    }
    hsx_signals_defer();
    for (size_t i = 0; i < set->count && status == HSX_OK && hsx_stop_signal == 0; i++) {
        struct hsx_conform_outcome outcome;

        bool everything = (i + 1) % request->check_windows == 0 || i + 1 == set->count;

        if (request->rtl) {
            hsx_target_rtl_access_directly(target,
                                           !request->device.bus && (i + 1) % DEVICE_BUS_EVERY != 0);
        }
        status = hsx_conform_run(runner, &set->cases[i], everything, &outcome);
        *done = i + 1;
        if (status == HSX_OK && outcome.differences > 0) {
            note_failure(request, &set->cases[i], &outcome, failures);
            ++*failed;
        }
    }
    hsx_conform_runner_destroy(runner);
    return status;
}

static void print_summary(const struct request *request, size_t cases, size_t failed,
                          json_t *failures)
{
    if (!request->json) {
        printf("%zu cases on %s, %zu failed\n", cases, request->target, failed);
        return;
    }
    json_t *object =
        json_pack("{s:s, s:I, s:I, s:O}", "target", request->target, "cases", (json_int_t)cases,
                  "failed", (json_int_t)failed, "failures", failures);

    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
}

static int run_cases(const struct request *request, struct hsx_target *target,
                     const struct hsx_conform_set *set, const char *program)
{
    json_t *failures = json_array();
    size_t done = 0;
    size_t failed = 0;
    enum hsx_status status =
        failures ? check(request, target, set, failures, &done, &failed) : HSX_ERR_MEMORY;

    if (status == HSX_OK) {
        print_summary(request, done, failed, failures);
    } else {
        fprintf(stderr, "%s: target %s: %s\n", program, request->target, hsx_status_name(status));
    }
    json_decref(failures);
    if (status != HSX_OK) {
        return HSX_EXIT_INPUT;
    }
    return hsx_signals_exit(failed == 0 ? HSX_EXIT_OK : EXIT_FAILED);
}

static const struct argp_option options[] = {
    {"target", KEY_TARGET, "vm|rtl", 0, "Machine to check. Default: vm", 0},
    {"check-windows", KEY_CHECK_WINDOWS, "N", 0,
     "Compare the register windows that a case does not name only every N cases and at the end, "
     "for slow machines. Default: 1",
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
        "check after the case at work, and the exit status is 128 + the signal's number.",
        children,
        0,
        0};
    struct request request = {.target = "vm", .check_windows = 1};
    struct hsx_conform_set set;
    struct hsx_target *target = NULL;
    const char *error = NULL;
    enum hsx_status status;
    int exit_status;

    if (argp_parse(&argp, argc, argv, 0, 0, &request) != 0) {
        return HSX_EXIT_USAGE;
    }
    if (!request.device.model && !request.device.icarus) {
        request.device.contexts = CONTEXTS;
    }
    status = hsx_target_select(request.target, &request.device, &target, &error);
    if (status != HSX_OK) {
        fprintf(stderr, "%s: --target %s: %s\n", argv[0], request.target, error);
        if (status == HSX_ERR_MACHINE) {
            return EXIT_FAILED;
        }
        return status == HSX_ERR_ARGUMENT ? HSX_EXIT_USAGE : HSX_EXIT_INPUT;
    }
    if (load(request.file, &set) != HSX_OK) {
        target->ops->destroy(target);
        return HSX_EXIT_INPUT;
    }
    exit_status = run_cases(&request, target, &set, argv[0]);
    hsx_conform_free(&set);
    target->ops->destroy(target);
    return exit_status;
}
