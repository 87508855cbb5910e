// SPDX-License-Identifier: Apache-2.0
#include "command_line.h"
#include "commands.h"
#include "output.h"
#include "trace_input.h"
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct request {
    char **files;
    size_t count;
    const char *output;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *r = state->input;

    switch (key) {
    case 'o':
        r->output = arg;
        return 0;
    case ARGP_KEY_ARGS:
        r->files = state->argv + state->next;
        r->count = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "a trace is missing");
        return 0;
    case ARGP_KEY_END:
        if (!r->output) {
            argp_error(state, "-o REPORT.html is missing");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Errors go to stderr. */
static enum hsx_status add_trace(const char *path, json_t *runs)
{
    struct hsx_trace_error error = {""};
    struct trace_images images;
    struct trace_input input;
    enum hsx_status status = trace_input_open(&input, path, false);

    if (status != HSX_OK) {
        return status;
    }
    status = trace_images_read(&images, NULL, 0, input.source.header);
    if (status == HSX_OK) {
        status = hsx_tracetool_report_add(&input.source, path, &images.names, runs, &error);
        trace_input_warn(&input);
    }
    if (status != HSX_OK) {
        fprintf(stderr, "%s\n", error.text[0] != '\0' ? error.text : hsx_status_name(status));
    }
    trace_images_free(&images);
    trace_input_close(&input);
    return status;
}

static int write_report(const char *path, const json_t *runs)
{
    struct hsx_output output;
    enum hsx_status status;

    if (hsx_output_open(&output, path) != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return HSX_EXIT_INPUT;
    }
    status = hsx_tracetool_report_write(runs, output.file);
    if (status != HSX_OK) {
        hsx_output_discard(&output);
        fprintf(stderr, "%s: %s\n", path, hsx_status_name(status));
        return HSX_EXIT_INPUT;
    }
    if (hsx_output_commit(&output) != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return HSX_EXIT_INPUT;
    }
    return HSX_EXIT_OK;
}

int hsx_cmd_report(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"output", 'o', "REPORT.html", 0, "The page; '-' is standard output", 0}, {0}};
    static const struct argp argp = {
        options,
        parse,
        "TRACE...",
        "Make one page that shows what tasks did in traces: a timeline, instructions per cycle and "
        "lost slots over time, counters, stacks."
        "\vThe page needs no network. Exit status: 0, 1 a trace is wrong, 2 usage.",
        0,
        0,
        0};
    struct request request = {0};
    json_t *runs = json_array();
    int code = HSX_EXIT_OK;

    if (!runs || !command_line_parse(&argp, argc, argv, 0, &request)) {
        return HSX_EXIT_INPUT;
    }
    for (size_t i = 0; i < request.count && code == HSX_EXIT_OK; i++) {
        code = add_trace(request.files[i], runs) == HSX_OK ? HSX_EXIT_OK : HSX_EXIT_INPUT;
    }
    if (code == HSX_EXIT_OK) {
        code = write_report(request.output, runs);
    }
    json_decref(runs);
    return code;
}
