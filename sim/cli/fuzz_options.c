// SPDX-License-Identifier: Apache-2.0
#include "fuzz_options.h"
#include "fuzz_corpus.h"
#include "jobs.h"
#include "option_number.h"
#include "textstream.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    KEY_SEED = 256,
    KEY_COUNT,
    KEY_TASKS,
    KEY_STEPS,
    KEY_CHECK,
    KEY_JSON,
    KEY_JOBS,
    KEY_COVERAGE,
    KEY_STEER,
    KEY_CORPUS,
    KEY_EDITS
};

/* The default core suffices for so many. */
enum { USUAL_TASKS = 16 };

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct fuzz_request *r = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &r->device;
        state->child_inputs[1] = &r->wave;
        state->child_inputs[2] = &r->bundle;
        state->child_inputs[3] = &r->trace;
        return 0;
    case KEY_SEED:
        r->seed = hsx_option_number(state, "--seed", arg, 0, UINT64_MAX);
        return 0;
    case KEY_COUNT:
        r->count = hsx_option_number(state, "--count", arg, 1, UINT32_MAX);
        return 0;
    case KEY_TASKS:
        r->tasks = hsx_option_number(state, "--tasks", arg, 1, HSX_FUZZ_MAX_TASKS);
        return 0;
    case KEY_STEPS:
        r->steps = hsx_option_number(state, "--steps", arg, 1, UINT64_MAX);
        return 0;
    case KEY_CHECK:
        r->check_steps = hsx_option_number(state, "--check-steps", arg, 1, UINT64_MAX);
        return 0;
    case KEY_JOBS:
        r->jobs = (unsigned)hsx_option_number(state, "--jobs", arg, 1, JOBS_MAX);
        return 0;
    case KEY_JSON:
        r->json = true;
        return 0;
    case KEY_COVERAGE:
        r->coverage.wanted = true;
        r->coverage.path = arg;
        return 0;
    case KEY_STEER:
        r->coverage.steer = arg;
        return 0;
    case KEY_CORPUS:
        r->corpus = arg;
        return 0;
    case KEY_EDITS:
        fuzz_corpus_parse_edits(state, arg, &r->edits);
        return 0;
    case ARGP_KEY_END:
        if (r->coverage.wanted && (r->trace.path || r->trace.vm_path)) {
            argp_error(state, "--coverage and --trace exclude each other");
        }
        if (r->corpus && (r->coverage.steer || r->trace.path || r->trace.vm_path || r->wave.path ||
                          r->edits.count != 0)) {
            argp_error(state, "--corpus excludes --steer, --edits, --trace and --wave");
        }
        if (r->edits.count != 0 && r->count != 1) {
            argp_error(state, "--edits are of one program, expected --count 1");
        }
        r->coverage.counts = r->coverage.wanted || r->corpus;
        if (r->wave.path && r->count != 1) {
            argp_error(state, "--wave shows one program, expected --count 1");
        }
        if ((r->trace.path || r->trace.vm_path) && r->count != 1) {
            argp_error(state, "--trace is of one program, expected --count 1");
        }
        if (trace_options_use_stdout(&r->trace)) {
            argp_error(state, "--trace - would mix with the summary, expected a file");
        }
        r->device.contexts = r->tasks > USUAL_TASKS ? (unsigned)r->tasks : 0;
        r->jobs = r->wave.path || r->trace.path || r->trace.vm_path ? 1 : r->jobs;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option options[] = {
    {"seed", KEY_SEED, "S", 0, "Seed of the first program; the next ones have S+1, ... Default: 1",
     0},
    {"count", KEY_COUNT, "N", 0, "How many programs. Default: 100", 0},
    {"tasks", KEY_TASKS, "T", 0, "Tasks of each program, 1 to 128. Default: 6", 0},
    {"steps", KEY_STEPS, "K", 0, "Steps after which a program is stopped. Default: 2000", 0},
    {"check-steps", KEY_CHECK, "N", 0,
     "Compare all memory and contexts every N steps. Default: at the end of each program", 0},
    {"jobs", KEY_JOBS, "N", 0,
     "Run the programs in N processes, with the same report as one. Default: 1", 0},
    {"json", KEY_JSON, 0, 0, "Print one JSON object at the end", 0},
    {"coverage", KEY_COVERAGE, "FILE", OPTION_ARG_OPTIONAL,
     "List the points that no program has reached; write the count of each to FILE", 0},
    {"steer", KEY_STEER, "FILE", 0,
     "Aim the programs at points without a count in FILE, which --coverage wrote", 0},
    {"corpus", KEY_CORPUS, "DIR", 0,
     "Keep programs that reach something new in DIR, and make two of three programs by changing "
     "those",
     0},
    {"edits", KEY_EDITS, "N,...", 0,
     "With --count 1: the changes that --corpus made to the program, by their numbers", 0},
    {0},
};

static const struct argp_child children[] = {
    {&device_argp, 0, "RTL core:", 1},
    {&wave_argp, 0, "Wave, with --count 1:", 2},
    {&bundle_argp, 0, "Bundle; by default hsx-fuzz-SEED, unless a signal came:", 3},
    {&trace_options_argp, 0, "Trace, with --count 1:", 4},
    {0}};

const struct argp fuzz_argp = {
    options,
    parse,
    "",
    "Make random multi-task programs and run each on the RTL core in lock-step with the C VM."
    "\vThe exit status is 0 if all agree and 10 if one diverges. Each divergence is reported "
    "with the command that reproduces it. SIGINT and SIGTERM end the current program as "
    "--steps does, and then the command, with exit status 128 + the signal's number; a "
    "second signal ends it at once.",
    children,
    0,
    0};

void fuzz_request_init(struct fuzz_request *request)
{
    *request = (struct fuzz_request){
        .seed = 1, .count = 100, .tasks = 6, .steps = 2000, .jobs = 1, .wave = {.to = UINT64_MAX}};
    bundle_options_init(&request->bundle);
    trace_options_init(&request->trace);
}

char *fuzz_command(const struct fuzz_request *r, const struct hsx_fuzz_recipe *recipe)
{
    const struct device_options *d = &r->device;
    char *text = NULL;
    size_t size;
    FILE *out = textstream_open(&text, &size);

    if (!out) {
        return NULL;
    }
    fprintf(out, "hsx fuzz --seed %" PRIu64 " --count 1 --tasks %" PRIu64 " --steps %" PRIu64,
            recipe->seed, r->tasks, r->steps);
    for (unsigned i = 0; i < recipe->count; i++) {
        fprintf(out, "%s%" PRIu64, i == 0 ? " --edits " : ",", recipe->edits[i]);
    }
    if (d->icarus) {
        fputs(" --sim icarus", out);
    }
    if (d->model) {
        fprintf(out, " --model %s", d->model);
    }
    if (d->program) {
        fprintf(out, " --program %s", d->program);
    }
    if (d->reset_seed != 0) {
        fprintf(out, " --reset-seed %u", d->reset_seed);
    }
    if (d->bus) {
        fputs(" --bus", out);
    }
    if (r->coverage.steer) {
        fprintf(out, " --steer %s", r->coverage.steer);
    }
    if (r->check_steps != 0) {
        fprintf(out, " --check-steps %" PRIu64, r->check_steps);
    }
    fclose(out); /* text is NULL if memory ran out */
    return text;
}
