// SPDX-License-Identifier: Apache-2.0
#include "commands.h"
#include "core.h"
#include <errno.h>
#include <fcntl.h>
#include <hsx/rtl.h>
#include <hsx/target_vm.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 3, TASKS = 12, CORE_STEPS = 200000, VM_STEPS = 40000000, MOST_WORDS = 40 };

/* A command line, with its number of steps or programs in a quick and in a normal run. */
struct command {
    const char *words[6];
    const char *option;
    unsigned quick, usual;
    unsigned kernels; /* the number of tasks among its arguments */
    const char *images;
    bool on_vm; /* compared with the C VM, not with the core */
};

static const struct command commands[BENCH_COMMANDS] = {
    [BENCH_RUN] = {{"run", "--json"}, "--steps", 20000000, 100000000, 1, "own", true},
    [BENCH_COSIM] = {{"cosim", "--json"}, "--steps", 100000, 500000, TASKS, "small", false},
    [BENCH_FUZZ] = {{"fuzz", "--json"}, "--count", 20, 100, 0, "", false},
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
    for (size_t i = 0; i < command->kernels; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/%s/%s.hxe", HSX_BENCH_IMAGES, command->images,
                 bench_programs[i % BENCH_KERNELS].name);
        words[count++] = paths[i];
    }
    dup2(out, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execv(HSX_PROGRAM, (char **)(uintptr_t)words);
    _exit(127);
}

/* Runs the command: its processor time and the machine's cycles that it reports. */
static enum hsx_status run_command(const struct command *command, bool quick, double *seconds,
                                   double *cycles)
{
    struct rusage usage;
    json_t *found = NULL;
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

        found = in ? json_loadf(in, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
        if (in) {
            fclose(in);
        }
        while (wait4(child, &state, 0, &usage) < 0 && errno == EINTR) {
        }
        *seconds = seconds_of(&usage.ru_utime) + seconds_of(&usage.ru_stime);
    } else {
        close(ends[0]);
    }
    *cycles = json_number_value(json_object_get(found, "cycles"));
    json_decref(found);
    return *cycles > 0 ? HSX_OK : HSX_ERR_STATE;
}

/* A machine that runs the kernels of a command with nothing around it. */
struct alone {
    struct hsx_target *target;
    struct hsx_exec *exec;
    uint64_t steps;
};

/* Processor time per cycle of the machine alone. */
static enum hsx_status run_alone(const struct alone *alone, bool quick, double *seconds)
{
    struct hsx_run run = {.max_steps = quick ? alone->steps / 20 : alone->steps};
    struct hsx_target *target = alone->target;
    struct hsx_totals before, after;
    struct timespec start, end;
    enum hsx_status status = target->ops->read_totals(target, &before);

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    if (status == HSX_OK) {
        status = target->ops->run(target, &run);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    if (status == HSX_OK) {
        status = target->ops->read_totals(target, &after);
    }
    if (status == HSX_OK) {
        *seconds =
            ((double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec)) /
            (double)(after.cycles - before.cycles);
    }
    return status;
}

static enum hsx_status run_round(const struct alone *core, const struct alone *vm,
                                 struct bench_results *results, bool quick)
{
    double core_cycle = 0;
    double vm_cycle = 0;
    enum hsx_status status = run_alone(core, quick, &core_cycle);

    if (status == HSX_OK) {
        status = run_alone(vm, quick, &vm_cycle);
    }
    for (size_t i = 0; status == HSX_OK && i < BENCH_COMMANDS; i++) {
        double seconds = 0;
        double cycles = 0;

        status = run_command(&commands[i], quick, &seconds, &cycles);
        if (status != HSX_OK) {
            return bench_failed(commands[i].words[0], status);
        }
        double cost = seconds / (cycles * (commands[i].on_vm ? vm_cycle : core_cycle));

        if (results->command_costs[i] == 0 || cost < results->command_costs[i]) {
            results->command_costs[i] = cost;
        }
    }
    return status;
}

static enum hsx_status load(struct alone *alone, unsigned tasks, enum bench_size size)
{
    enum hsx_status status = bench_exec_create(alone->target, BENCH_KERNEL, &alone->exec);

    for (unsigned i = 0; status == HSX_OK && i < tasks; i++) {
        status = bench_load(alone->exec, &bench_programs[i % BENCH_KERNELS], size, 1, 0);
    }
    return status;
}

static void destroy(struct alone *alone)
{
    hsx_exec_destroy(alone->exec);
    if (alone->target) {
        alone->target->ops->destroy(alone->target);
    }
}

enum hsx_status bench_measure_commands(struct bench_results *results, bool quick)
{
    struct alone core = {.steps = CORE_STEPS};
    struct alone vm = {.steps = VM_STEPS};
    enum hsx_status status = bench_core_create(TASKS, &core.target, NULL);

    if (status == HSX_OK) {
        status = load(&core, TASKS, BENCH_SMALL);
    }
    if (status == HSX_OK) {
        status = hsx_target_vm_create(1, &vm.target);
    }
    if (status == HSX_OK) {
        status = load(&vm, 1, BENCH_OWN);
    }
    for (unsigned i = 0; status == HSX_OK && i < (quick ? 1 : ROUNDS); i++) {
        status = run_round(&core, &vm, results, quick);
    }
    destroy(&core);
    destroy(&vm);
    return status == HSX_OK ? status : bench_failed("the commands", status);
}
