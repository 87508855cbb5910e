// SPDX-License-Identifier: Apache-2.0
/* Collects the reports of Yosys and nextpnr into report.json and the table of docs/fpga.md. */
#include "files.h"
#include "output.h"
#include "signals.h"
#include <argp.h>
#include <stdlib.h>

struct arguments {
    const char *manifest;
    const char *json;
    const char *page;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct arguments *arguments = state->input;

    switch (key) {
    case 'j':
        arguments->json = arg;
        return 0;
    case 'p':
        arguments->page = arg;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0) {
            return ARGP_ERR_UNKNOWN;
        }
        arguments->manifest = arg;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "expected a manifest");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int report(const struct arguments *arguments, const json_t *manifest)
{
    size_t count = json_array_size(manifest);
    struct hsx_fpga_row *rows = calloc(count ? count : 1, sizeof *rows);
    int status = rows ? 0 : -1;

    for (size_t i = 0; i < count && status == 0; i++) {
        status = hsx_fpga_read_row(arguments->manifest, json_array_get(manifest, i), &rows[i]);
    }
    if (status == 0) {
        hsx_fpga_print(rows, count);
    }
    if (status == 0 && arguments->json) {
        status = hsx_fpga_write_json(arguments->json, rows, count);
    }
    if (status == 0 && arguments->page) {
        status = hsx_fpga_write_page(arguments->page, rows, count);
    }
    free(rows);
    return status;
}

int main(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"json", 'j', "FILE", 0, "Write the rows as a JSON list", 0},
        {"page", 'p', "FILE", 0, "Replace the table of this Markdown page", 0},
        {0}};
    static const struct argp argp = {
        options, parse, "MANIFEST", "Report what the core costs on each device.", 0, 0, 0};
    struct arguments arguments = {0};
    json_error_t error;

    hsx_signals_init();
    argp_err_exit_status = 2;
    if (argp_parse(&argp, argc, argv, 0, 0, &arguments) != 0) {
        return 2;
    }
    json_t *manifest = json_load_file(arguments.manifest, 0, &error);
    if (!json_is_array(manifest)) {
        fprintf(stderr, "%s:%d: %s\n", arguments.manifest, manifest ? 1 : error.line,
                manifest ? "expected a list of rows" : error.text);
        json_decref(manifest);
        return 1;
    }
    int status = report(&arguments, manifest);
    json_decref(manifest);
    return status == 0 && hsx_stdout_written("hsx_fpga_report") ? 0 : 1;
}
