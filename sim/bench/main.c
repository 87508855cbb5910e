// SPDX-License-Identifier: Apache-2.0
/* hsx-bench: measures the core and the C VM, and writes the results. */
#include "commands.h"
#include "core.h"
#include "files.h"
#include "signals.h"
#include "speed.h"
#include <argp.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_JSON = 0x100, KEY_PAGE, KEY_PLOT, KEY_QUICK };

enum { STEPS = 8000, QUICK_STEPS = 200 }; /* of each task, for one value */

static const double SECONDS = 1.5, QUICK_SECONDS = 0.01; /* for one value */

static const unsigned counts[] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,
                                  13, 14, 15, 16, 20, 24, 28, 32, 40, 48, 56, 64};
static const unsigned quick_counts[] = {1, 4, 16, 64};

_Static_assert(sizeof counts / sizeof counts[0] <= BENCH_MAX_COUNTS, "they fit the results");

struct request {
    const char *json, *page, *plot; /* NULL: not requested */
    bool quick;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case KEY_JSON:
        request->json = arg;
        return 0;
    case KEY_PAGE:
        request->page = arg;
        return 0;
    case KEY_PLOT:
        request->plot = arg;
        return 0;
    case KEY_QUICK:
        request->quick = true;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is no option", arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static enum hsx_status measure(const struct request *request, struct bench_results *results)
{
    double seconds = request->quick ? QUICK_SECONDS : SECONDS;
    unsigned steps = request->quick ? QUICK_STEPS : STEPS;
    enum hsx_status status;

    if (request->quick) {
        results->count_count = sizeof quick_counts / sizeof quick_counts[0];
        memcpy(results->counts, quick_counts, sizeof quick_counts);
    } else {
        results->count_count = sizeof counts / sizeof counts[0];
        memcpy(results->counts, counts, sizeof counts);
    }
    status = bench_measure_ipc(results, steps);
    if (status == HSX_OK) {
        status = bench_measure_switch(results);
    }
    if (status == HSX_OK) {
        status = bench_measure_verilated(results, seconds);
    }
    if (status == HSX_OK) {
        status = bench_measure_commands(results, request->quick);
    }
    return status == HSX_OK ? bench_measure_vm(results, seconds) : status;
}

int main(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"json", KEY_JSON, "FILE", 0, "Write all results as JSON", 0},
        {"page", KEY_PAGE, "FILE.md", 0,
         "Write the page with the results that do not depend on the host", 0},
        {"plot", KEY_PLOT, "FILE.svg", 0, "Draw instructions per cycle by number of tasks", 0},
        {"quick", KEY_QUICK, 0, 0, "A few short runs, to check that everything works", 0},
        {0}};
    static const struct argp argp = {options, parse, NULL, "Measure the core and the C VM.",
                                     NULL,    NULL,  NULL};
    struct request request = {0};
    struct bench_results results = {0};

    hsx_signals_init();
    json_set_alloc_funcs(hsx_signals_memory, free);
    argp_err_exit_status = 2;
    if (argp_parse(&argp, argc, argv, 0, NULL, &request) != 0 ||
        measure(&request, &results) != HSX_OK) {
        return EXIT_FAILURE;
    }
    bench_print(&results);
    if ((request.json && bench_write_json(request.json, &results) != 0) ||
        (request.page && bench_write_page(request.page, &results) != 0) ||
        (request.plot && bench_write_plot(request.plot, &results) != 0)) {
        return EXIT_FAILURE;
    }
    return hsx_stdout_written("hsx-bench") ? EXIT_SUCCESS : EXIT_FAILURE;
}
