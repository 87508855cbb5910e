// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "core.h"
#include <errno.h>
#include <fcntl.h>
#include <hsx/rtl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 3, TASKS = 12, CORE_STEPS = 200000, MOST_WORDS = 40 };

/* A command line, with how many steps or programs it has in a quick and a usual run. */
struct command {
    const char *words[6];
    const char *option;
    unsigned quick, usual;
    bool kernels; /* as many tasks as TASKS are its arguments */
};

static const struct command commands[BENCH_COMMANDS] = {
    [BENCH_COSIM] = {{"cosim", "--json"}, "--steps", 100000, 500000, true},
    [BENCH_FUZZ] = {{"fuzz", "--json"}, "--count", 20, 100, false},
};

static double seconds_of(const struct timeval *time)
{
    return (double)time->tv_sec + 1e-6 * (double)time->tv_usec;
}

static _Noreturn void become(const struct command *command, bool quick, int out)
{
    char paths[TASKS][sizeof HSX_BENCH_IMAGES + 64];
    char number[16];
    const char *words[MOST_WORDS] = {HSX_PROGRAM};
    size_t count = 1;
    int nowhere = open("/dev/null", O_WRONLY);

    for (size_t i = 0; command->words[i]; i++) {
        words[count++] = command->words[i];
    }
    snprintf(number, sizeof number, "%u", quick ? command->quick : command->usual);
    words[count++] = command->option;
    words[count++] = number;
    for (size_t i = 0; command->kernels && i < TASKS; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/small/%s.hxe", HSX_BENCH_IMAGES,
                 bench_programs[i % BENCH_KERNELS].name);
        words[count++] = paths[i];
    }
    dup2(out, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execv(HSX_PROGRAM, (char **)(uintptr_t)words);
    _exit(127);
}

/* Runs the command: its processor time and the core's cycles that it tells. */
static enum hsx_status run_command(const struct command *command, bool quick, double *seconds,
                                   double *cycles)
{
    struct rusage usage;
    json_t *told = NULL;
    int ends[2];
    int state;

    if (pipe(ends) != 0) {
        return HSX_ERR_NO_ROOM;
    }
    fflush(NULL);
    pid_t child = fork();

    if (child == 0) {
        become(command, quick, ends[1]);
    }
    close(ends[1]);
    if (child > 0) {
        FILE *in = fdopen(ends[0], "r");

        told = in ? json_loadf(in, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
        if (in) {
            fclose(in);
        }
        while (wait4(child, &state, 0, &usage) < 0 && errno == EINTR) {
        }
        *seconds = seconds_of(&usage.ru_utime) + seconds_of(&usage.ru_stime);
    } else {
        close(ends[0]);
    }
    *cycles = json_number_value(json_object_get(told, "cycles"));
    json_decref(told);
    return *cycles > 0 ? HSX_OK : HSX_ERR_STATE;
}

/* Processor time of a cycle of the core alone. */
static enum hsx_status run_core(struct hsx_target *core, bool quick, double *seconds)
{
    struct hsx_run run = {.max_steps = quick ? CORE_STEPS / 20 : CORE_STEPS};
    struct hsx_totals before, after;
    struct timespec start, end;
    enum hsx_status status = core->ops->read_totals(core, &before);

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    if (status == HSX_OK) {
        status = core->ops->run(core, &run);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    if (status == HSX_OK) {
        status = core->ops->read_totals(core, &after);
    }
    if (status == HSX_OK) {
        *seconds =
            ((double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec)) /
            (double)(after.cycles - before.cycles);
    }
    return status;
}

static enum hsx_status run_round(struct hsx_target *core, struct bench_results *results, bool quick)
{
    double cycle = 0;
    enum hsx_status status = run_core(core, quick, &cycle);

    for (size_t i = 0; status == HSX_OK && i < BENCH_COMMANDS; i++) {
        double seconds = 0;
        double cycles = 0;

        status = run_command(&commands[i], quick, &seconds, &cycles);
        if (status != HSX_OK) {
            return bench_failed(commands[i].words[0], status);
        }
        double cost = seconds / (cycles * cycle);

        if (results->command_costs[i] == 0 || cost < results->command_costs[i]) {
            results->command_costs[i] = cost;
        }
    }
    return status;
}

enum hsx_status bench_measure_commands(struct bench_results *results, bool quick)
{
    struct hsx_target *core = NULL;
    struct hsx_exec *exec = NULL;
    enum hsx_status status = bench_core_create(TASKS, &core, NULL);

    if (status == HSX_OK) {
        status = bench_exec_create(core, BENCH_KERNEL, &exec);
    }
    for (unsigned i = 0; status == HSX_OK && i < TASKS; i++) {
        status = bench_load(exec, &bench_programs[i % BENCH_KERNELS], BENCH_SMALL, 1, 0);
    }
    for (unsigned i = 0; status == HSX_OK && i < (quick ? 1 : ROUNDS); i++) {
        status = run_round(core, results, quick);
    }
    hsx_exec_destroy(exec);
    if (core) {
        core->ops->destroy(core);
    }
    return status == HSX_OK ? status : bench_failed("the commands", status);
}
