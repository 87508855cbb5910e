// SPDX-License-Identifier: Apache-2.0
/*
 * The cost of a task switch, a block and a wake on the C side, with few and with many
 * tasks: steps per second of the C VM under the executive, which must be the same for 2,
 * 8, 32 and 128 tasks.
 */
#include "files.h"
#include "option_number.h"
#include "signals.h"
#include <argp.h>
#include <hsx/exec.h>
#include <hsx/target_vm.h>
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    CONTEXTS = 128,
    STACK_BYTES = 128,
    DESCRIPTORS = 256, /* in addition to each task's own four; each pair has two */
    KERNELS = 3,
    COUNTS = 4,
    WARM_UP = 100000,
    TASK_STEPS = 5000, /* of each task between two ticks */
    SLICE_STEPS = 5000 /* of each task between two readings of the clock */
};

static const unsigned task_counts[COUNTS] = {2, 8, 32, 128};
static const char *const kernels[KERNELS] = {"switch", "block", "sleep"};

struct options {
    const char *json; /* file, or NULL */
    double seconds;   /* of one slice */
    unsigned rounds;  /* at least */
    unsigned max_rounds;
    double tolerance; /* the greatest spread allowed; 0: any */
    const char *only; /* kernel to run without timing, or NULL; */
    unsigned tasks;   /* with so many tasks */
    uint64_t steps;   /* and steps */
};

struct result {
    double best; /* steps per second */
    uint64_t steps, blocks, wakes;
};

struct bench {
    struct hsx_target *target;
    struct hsx_exec *exec;
    unsigned tasks;
};

/* Time of this process alone, so that other processes do not count. */
static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool fail(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    return false;
}

static bool load_tasks(struct bench *b, const char *kernel, unsigned tasks)
{
    struct hsx_exec_error error = {""};
    enum hsx_status status = HSX_OK;
    char path[512];
    char *bytes;
    size_t size;

    snprintf(path, sizeof path, "%s/%s.hxe", HSX_BENCH_IMAGES, kernel);
    if (hsx_read_file(path, &bytes, &size) != HSX_OK) {
        return fail(path, "cannot be read");
    }
    for (unsigned i = 0; i < tasks && status == HSX_OK; i++) {
        uint32_t pid;

        status = hsx_exec_load(b->exec, (const uint8_t *)bytes, size, NULL, &pid, &error);
    }
    free(bytes);
    return status == HSX_OK || fail(path, error.text);
}

static bool open_bench(struct bench *b, const char *kernel, unsigned tasks)
{
    struct hsx_exec_config config;

    hsx_exec_config_init(&config);
    config.stack_bytes = STACK_BYTES;
    config.descriptors = DESCRIPTORS;
    config.handles = 8;
    /* The VM lets a task run alone until the tick: for the same number of steps with many
     * tasks as with few. */
    config.tick_steps = TASK_STEPS * tasks;
    *b = (struct bench){.tasks = tasks};
    if (hsx_target_vm_create(CONTEXTS, &b->target) != HSX_OK ||
        hsx_exec_create(b->target, &config, &b->exec) != HSX_OK) {
        return fail(kernel, "the machine does not start");
    }
    return load_tasks(b, kernel, tasks);
}

static void close_bench(struct bench *b)
{
    hsx_exec_destroy(b->exec);
    if (b->target) {
        b->target->ops->destroy(b->target);
    }
}

static bool advance(struct bench *b, uint64_t steps)
{
    struct hsx_exec_run run = {.max_steps = steps};

    return hsx_exec_run(b->exec, &run) == HSX_OK && run.reason == HSX_RUN_STEPS;
}

/* The same by a name that a profiler can count, so that it is no part of its caller. */
__attribute__((noinline)) static bool advance_counted(struct bench *b, uint64_t steps)
{
    return advance(b, steps);
}

static void count(struct bench *b, struct result *result)
{
    struct hsx_task_info tasks[CONTEXTS];
    size_t found = 0;

    hsx_exec_tasks(b->exec, tasks, CONTEXTS, &found);
    result->steps = result->blocks = result->wakes = 0;
    for (size_t i = 0; i < found; i++) {
        result->steps += tasks[i].counters.steps;
        result->blocks += tasks[i].counters.blocks;
        result->wakes += tasks[i].counters.wakes;
    }
}

/* How far the slowest is below the fastest. */
static double spread_of(const struct result results[COUNTS])
{
    double least = results[0].best;
    double most = results[0].best;

    for (unsigned i = 1; i < COUNTS; i++) {
        least = results[i].best < least ? results[i].best : least;
        most = results[i].best > most ? results[i].best : most;
    }
    return 1 - least / most;
}

/* How far the slowest is below the one with the fewest tasks. Only growth is a fault, not a
 * higher cost of few tasks. */
static double growth_of(const struct result results[COUNTS])
{
    double least = results[0].best;

    for (unsigned i = 1; i < COUNTS; i++) {
        least = results[i].best < least ? results[i].best : least;
    }
    return 1 - least / results[0].best;
}

static bool within(const struct options *options, const struct result results[COUNTS])
{
    return options->tolerance == 0 || growth_of(results) <= options->tolerance;
}

/* One slice; the result keeps the best of all, as disturbances only slow a slice down. */
static bool measure(struct bench *b, const char *kernel, double seconds, struct result *result)
{
    double start = now();
    double spent = 0;
    uint64_t done = 0;

    while (spent < seconds) {
        if (!advance(b, (uint64_t)SLICE_STEPS * b->tasks)) {
            return fail(kernel, "the tasks came to a stop");
        }
        done += (uint64_t)SLICE_STEPS * b->tasks;
        spent = now() - start;
    }
    result->best = (double)done / spent > result->best ? (double)done / spent : result->best;
    return true;
}

/*
 * Each round covers all counts, so that a disturbance does not hit only one, and
 * measuring continues while the spread is too great: a cost that really grows is in every
 * slice, so that no number of rounds hides it.
 */
static bool measure_rounds(const struct options *options, const char *kernel,
                           struct bench benches[COUNTS], struct result results[COUNTS])
{
    bool steady = false;

    for (unsigned round = 0; round < options->rounds || (!steady && round < options->max_rounds);
         round++) {
        for (unsigned i = 0; i < COUNTS; i++) {
            if (!measure(&benches[i], kernel, options->seconds, &results[i])) {
                return false;
            }
        }
        steady = within(options, results);
    }
    return true;
}

static bool measure_kernel(const struct options *options, const char *kernel,
                           struct result results[COUNTS])
{
    struct bench benches[COUNTS] = {{0}};
    bool ok = true;

    for (unsigned i = 0; i < COUNTS && ok; i++) {
        ok = open_bench(&benches[i], kernel, task_counts[i]) && advance(&benches[i], WARM_UP);
    }
    ok = ok && measure_rounds(options, kernel, benches, results);
    for (unsigned i = 0; i < COUNTS; i++) {
        if (ok) {
            count(&benches[i], &results[i]);
        }
        close_bench(&benches[i]);
    }
    return ok;
}

static void print(const char *kernel, const struct result results[COUNTS])
{
    printf("%-8s", kernel);
    for (unsigned i = 0; i < COUNTS; i++) {
        printf("  %9.2f", results[i].best / 1e6);
    }
    printf("  %5.1f %%  %8.1f\n", 100 * spread_of(results),
           1000.0 * (double)results[0].blocks / (double)results[0].steps);
}

static json_t *kernel_json(const struct result results[COUNTS])
{
    json_t *per_tasks = json_object();

    for (unsigned i = 0; i < COUNTS; i++) {
        char key[16];

        snprintf(key, sizeof key, "%u", task_counts[i]);
        json_object_set_new(per_tasks, key,
                            json_pack("{s:f, s:I, s:I, s:I}", "steps_per_second", results[i].best,
                                      "steps", (json_int_t)results[i].steps, "blocks",
                                      (json_int_t)results[i].blocks, "wakes",
                                      (json_int_t)results[i].wakes));
    }
    return json_pack("{s:f, s:o}", "spread", spread_of(results), "tasks", per_tasks);
}

static bool write_json(const char *path, json_t *object)
{
    char *text = json_dumps(object, JSON_INDENT(2));
    bool ok = text && hsx_write_file(path, text, strlen(text)) == HSX_OK;

    free(text);
    return ok || fail(path, "cannot be written");
}

static int run(const struct options *options)
{
    json_t *object = json_object();
    bool steady = true;
    bool ok = true;

    printf("million steps a second with so many tasks; blocks in 1000 steps\n%-8s", "");
    for (unsigned i = 0; i < COUNTS; i++) {
        printf("  %9u", task_counts[i]);
    }
    printf("  %7s  %8s\n", "spread", "blocks");
    for (unsigned k = 0; k < KERNELS && ok; k++) {
        struct result results[COUNTS] = {0};

        ok = measure_kernel(options, kernels[k], results);
        print(kernels[k], results);
        json_object_set_new(object, kernels[k], kernel_json(results));
        steady = steady && within(options, results);
    }
    ok = ok && (!options->json || write_json(options->json, object));
    json_decref(object);
    return ok && (steady || fail("growth", "greater than allowed")) ? 0 : 1;
}

/* For profilers. */
static int run_only(const struct options *options)
{
    struct bench b;
    bool ok = open_bench(&b, options->only, options->tasks) && advance(&b, options->steps) &&
              advance_counted(&b, options->steps);

    close_bench(&b);
    return ok ? 0 : 1;
}

static double positive(struct argp_state *state, const char *option, const char *arg)
{
    char *end;
    double value = strtod(arg, &end);

    if (*end != '\0' || !isnormal(value) || value < 0) {
        argp_error(state, "%s is '%s', expected a number above 0", option, arg);
    }
    return value;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;

    switch (key) {
    case 'j':
        options->json = arg;
        return 0;
    case 's':
        options->seconds = positive(state, "--seconds", arg);
        return 0;
    case 'r':
        options->rounds = (unsigned)hsx_option_number(state, "--rounds", arg, 1, UINT_MAX);
        return 0;
    case 'm':
        options->max_rounds = (unsigned)hsx_option_number(state, "--max-rounds", arg, 1, UINT_MAX);
        return 0;
    case 't':
        options->tolerance = positive(state, "--tolerance", arg);
        return 0;
    case 'o':
        options->only = arg;
        return 0;
    case 'n':
        options->tasks = (unsigned)hsx_option_number(state, "--tasks", arg, 1, CONTEXTS);
        return 0;
    case 'p':
        options->steps = hsx_option_number(state, "--steps", arg, 1, UINT32_MAX);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int main(int argc, char **argv)
{
    static const struct argp_option table[] = {
        {"json", 'j', "FILE", 0, "Write the results to FILE", 0},
        {"seconds", 's', "S", 0, "Length of one slice, in processor time. Default: 0.01", 0},
        {"rounds", 'r', "N", 0, "Slices of each, of which the best counts. Default: 100", 0},
        {"max-rounds", 'm', "N", 0,
         "With --tolerance, go on for so many rounds while it is not met. Default: 400", 0},
        {"tolerance", 't', "X", 0,
         "Exit with 1 when the slowest is more than this part below the fastest", 0},
        {"only", 'o', "KERNEL", 0, "Run switch, block or sleep, and time nothing", 0},
        {"tasks", 'n', "N", 0, "With --only, so many tasks. Default: 2", 0},
        {"steps", 'p', "N", 0,
         "With --only, so many steps, and again as many, in advance_counted. Default: 100000", 0},
        {0},
    };
    static const struct argp argp = {
        table, parse, "", "Measure task switches, blocks and wakes by the number of tasks.",
        0,     0,     0};
    struct options options = {
        .seconds = 0.01, .rounds = 100, .max_rounds = 400, .tasks = 2, .steps = 100000};

    hsx_signals_init();
    json_set_alloc_funcs(hsx_signals_memory, free);
    argp_err_exit_status = 2;
    if (argp_parse(&argp, argc, argv, 0, 0, &options) != 0) {
        return 1;
    }
    return (options.only ? run_only(&options) : run(&options)) == 0 &&
                   hsx_stdout_written("hsx-exec-bench")
               ? 0
               : 1;
}
