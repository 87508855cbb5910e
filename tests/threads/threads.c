// SPDX-License-Identifier: Apache-2.0
/* The libraries have no global state: machines and executives in several threads behave as they
 * would alone. helgrind looks for shared data. */
#include <hsx/exec.h>
#include <hsx/fuzz.h>
#include <hsx/target_vm.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 3, PROGRAMS = 4, TASKS = 4, STEPS = 300 };

struct work {
    pthread_t thread;
    uint64_t seed; /* of the first program */
    uint64_t sums[PROGRAMS];
    bool failed;
};

static uint64_t add(uint64_t sum, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        sum = sum * 31 + bytes[i];
    }
    return sum;
}

struct look {
    uint64_t sum;
};

/* The state of the whole machine at the end. */
static void look(void *ctx, struct hsx_exec *exec)
{
    struct look *l = ctx;
    uint8_t *bytes = NULL;
    size_t size = 0;

    if (hsx_exec_save(exec, &bytes, &size) == HSX_OK) {
        l->sum = add(l->sum, bytes, size);
    }
    free(bytes);
}

static bool run_program(uint64_t seed, struct hsx_fuzz_program *program, uint64_t *sum)
{
    struct look l = {0};
    const struct hsx_fuzz_watch watch = {.look = look, .ctx = &l};
    struct hsx_fuzz_result result;
    struct hsx_target *vm = NULL;

    hsx_fuzz_generate(seed, TASKS, STEPS, HSX_UNITS_ALL, program);
    if (hsx_target_vm_create(16, &vm) != HSX_OK) {
        return false;
    }
    enum hsx_status status = hsx_fuzz_run_watched(program, vm, &watch, &result);

    vm->ops->destroy(vm);
    *sum = l.sum + result.steps;
    return status == HSX_OK;
}

static void *work(void *ctx)
{
    struct work *w = ctx;
    struct hsx_fuzz_program *program = malloc(sizeof *program);

    w->failed = program == NULL;
    for (unsigned i = 0; i < PROGRAMS && !w->failed; i++) {
        w->failed = !run_program(w->seed + i, program, &w->sums[i]);
    }
    free(program);
    return NULL;
}

int main(void)
{
    struct work together[THREADS] = {0};

    for (unsigned i = 0; i < THREADS; i++) {
        together[i].seed = 1 + i * (PROGRAMS / 2); /* the ranges overlap */
        if (pthread_create(&together[i].thread, NULL, work, &together[i]) != 0) {
            return EXIT_FAILURE;
        }
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(together[i].thread, NULL);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        struct work alone = {.seed = together[i].seed};

        work(&alone);
        if (alone.failed || together[i].failed ||
            memcmp(alone.sums, together[i].sums, sizeof alone.sums) != 0) {
            printf("FAIL: thread %u did something else than alone\n", i);
            return EXIT_FAILURE;
        }
    }
    printf("%u threads did what they do alone\n", (unsigned)THREADS);
    return EXIT_SUCCESS;
}
