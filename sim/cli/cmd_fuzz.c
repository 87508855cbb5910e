// SPDX-License-Identifier: Apache-2.0
#include "bundle.h"
#include "command_line.h"
#include "commands.h"
#include "device.h"
#include "fuzz_corpus.h"
#include "fuzz_coverage.h"
#include "fuzz_options.h"
#include "fuzz_tally.h"
#include "jobs.h"
#include "lockstep_traces.h"
#include "replay.h"
#include "seconds.h"
#include "signals.h"
#include "wave.h"
#include <errno.h>
#include <hsx/cosim.h>
#include <hsx/fuzz.h>
#include <hsx/target_vm.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_DIVERGED = 10 };

/* So many programs are made from the corpus as it was before the first of them: the same
 * ones for any number of processes. */
enum { CORPUS_ROUND = 100 };

struct session {
    const struct fuzz_request *request;
    struct hsx_target *device;
    struct hsx_target *cosim;
    unsigned units; /* of the device, for use after it is destroyed */
    struct hsx_fuzz_program *program;
    struct hsx_fuzz_program *spare;
    struct fuzz_corpus *corpus;            /* or NULL */
    uint64_t base;                         /* the number of the first program of the round */
    struct hsx_fuzz_recipe first_diverged; /* of the first program that diverged */
    bool corpus_failed;                    /* a file of it was not written */
    char *reproduce; /* the command that reproduces the current program, owned */
    struct wave_file wave_file;
    struct lockstep_traces traces;
    bool traces_begun;
    struct fuzz_tally tally;
    struct fuzz_coverage coverage;
};

/* The recipe of the program with this number in the round. */
static struct hsx_fuzz_recipe recipe_of(const struct session *s, uint64_t index)
{
    const struct fuzz_request *r = s->request;
    struct hsx_fuzz_recipe recipe = r->edits;

    recipe.seed = r->seed + s->base + index;
    if (s->corpus) {
        hsx_corpus_pick(s->corpus->corpus, recipe.seed, &recipe);
    }
    return recipe;
}

static void take_into_corpus(struct session *s, const struct hsx_fuzz_recipe *recipe)
{
    const struct hsx_corpus_entry entry = {
        .tasks = (unsigned)s->request->tasks, .steps = s->request->steps, .recipe = *recipe};

    if (!s->corpus_failed && !fuzz_corpus_take(s->corpus, &entry, s->coverage.newest)) {
        s->corpus_failed = true;
        fprintf(stderr, "hsx fuzz: %s: %s\n", s->corpus->dir, strerror(errno));
    }
}

static void take_outcome(void *ctx, uint64_t index, const void *result, size_t size)
{
    struct session *s = ctx;
    const struct hsx_fuzz_recipe recipe = recipe_of(s, index);
    const uint64_t diverged = s->tally.diverged;
    size_t outcome = fuzz_tally_take(&s->tally, s->request->seed + s->base + index, result, size);

    if (diverged == 0 && s->tally.diverged != 0) {
        s->first_diverged = recipe;
    }
    if (outcome != 0 && s->coverage.options.counts) {
        fuzz_coverage_take(&s->coverage, (const char *)result + outcome, size - outcome);
        if (s->corpus) {
            take_into_corpus(s, &recipe);
        }
    }
}

static void begin_traces(void *ctx, struct hsx_exec *exec)
{
    struct session *s = ctx;
    uint32_t hashes[HSX_FUZZ_MAX_TASKS];
    const struct trace_images images = {.hashes = hashes, .count = s->program->tasks};

    if (bundle_hashes(s->program, hashes)) {
        s->traces_begun = lockstep_traces_begin(&s->traces, exec, &images) == HSX_OK;
    }
}

/* Opens the requested traces of both sides; watch gets their sink. */
static enum hsx_status open_traces(struct session *s, struct hsx_fuzz_watch *watch)
{
    bool wanted = false;
    enum hsx_status status =
        lockstep_traces_open(&s->traces, &s->request->trace, s->cosim, &wanted);

    s->traces_begun = !wanted;
    if (status == HSX_OK && wanted) {
        watch->sink = &s->traces.sink;
        watch->loaded = begin_traces;
        watch->ctx = s;
    }
    return status;
}

static enum hsx_status close_traces(struct session *s)
{
    struct hsx_exec_config config;

    if (!s->traces_begun) {
        hsx_exec_config_init(&config);
        config.protect = s->program->protect;
        config.tick_steps = s->program->tick_steps;
        config.trap_latency = s->program->trap_latency;
        if (lockstep_traces_begin_with(&s->traces, &config) != HSX_OK) {
            return HSX_ERR_MEMORY;
        }
    }
    return lockstep_traces_close(&s->traces, s->cosim);
}

/* One program on fresh machines. HSX_OK also when it diverges. */
static enum hsx_status run_program(void *ctx, uint64_t index, FILE *out)
{
    struct session *s = ctx;
    const struct fuzz_request *r = s->request;
    const struct hsx_fuzz_recipe recipe = recipe_of(s, index);
    struct hsx_fuzz_watch watch = {.interrupt = &hsx_stop_signal};
    struct hsx_target *golden = NULL;
    struct hsx_fuzz_result result = {0};
    struct hsx_cosim_stats stats;
    struct hsx_totals totals;
    struct hsx_exec_sink sink;
    enum hsx_status status;

    hsx_target_rtl_access_directly(s->device, !r->device.bus && !r->wave.path &&
                                                  recipe.seed % DEVICE_BUS_EVERY != 0);
    status = hsx_target_rtl_reset(s->device);
    if (status == HSX_OK) {
        free(s->reproduce);
        s->reproduce = fuzz_command(r, &recipe);
        status = s->reproduce ? hsx_target_vm_create_like(s->device, &golden) : HSX_ERR_MEMORY;
    }
    if (status == HSX_ERR_MACHINE) {
        fputs(hsx_target_rtl_message(s->device), out);
    }
    if (status != HSX_OK) {
        return status;
    }
    hsx_cosim_restart(s->cosim, golden, s->reproduce);
    hsx_fuzz_make(&recipe, (unsigned)r->tasks, r->steps, s->device->units, s->coverage.aim,
                  s->program, s->spare);
    status = open_traces(s, &watch);
    if (status != HSX_OK) {
        return status;
    }
    if (s->coverage.options.counts) {
        fuzz_coverage_begin(&s->coverage, s->device);
        sink = hsx_coverage_sink(s->coverage.coverage);
        watch.sink = &sink;
    }
    status = hsx_fuzz_run_watched(s->program, s->cosim, &watch, &result);
    if (status == HSX_OK) {
        status = hsx_cosim_finish(s->cosim);
    }
    if (close_traces(s) != HSX_OK) {
        return HSX_ERR_IO;
    }
    hsx_cosim_read_stats(s->cosim, &stats);
    s->device->ops->read_totals(s->device, &totals);

    struct fuzz_outcome outcome = {.steps = result.steps,
                                   .records = stats.records,
                                   .cycles = totals.cycles,
                                   .faults = result.faults,
                                   .svcs = result.svcs};

    status = fuzz_outcome_send(&outcome, status, s->cosim, s->reproduce, out);
    if (status == HSX_OK && s->coverage.options.counts && !fuzz_coverage_send(&s->coverage, out)) {
        status = HSX_ERR_MEMORY;
    }
    return status;
}

static void print_summary(const struct session *s, double seconds)
{
    const struct fuzz_request *r = s->request;

    if (r->json) {
        json_t *object = fuzz_tally_json(&s->tally, r->seed, r->tasks, seconds);

        if (s->coverage.options.wanted) {
            json_object_set_new(object, "coverage", fuzz_coverage_json(&s->coverage));
        }
        if (s->corpus) {
            json_object_set_new(object, "corpus",
                                json_pack("{s:I, s:I}", "programs",
                                          (json_int_t)hsx_corpus_count(s->corpus->corpus), "new",
                                          (json_int_t)s->corpus->found));
        }
        json_dumpf(object, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(object);
        return;
    }
    fuzz_tally_print(&s->tally, r->tasks, seconds, stdout);
    if (s->corpus) {
        printf("corpus: %zu programs of %" PRIu64 " tasks, %" PRIu64 " of them new\n",
               hsx_corpus_count(s->corpus->corpus), r->tasks, s->corpus->found);
    }
}

static bool report_coverage(const struct session *s, const char *program)
{
    const struct fuzz_coverage *c = &s->coverage;

    if (!c->options.wanted) {
        return true;
    }
    if (!s->request->json && !fuzz_coverage_print(c, stdout)) {
        fprintf(stderr, "%s: out of memory\n", program);
        return false;
    }
    return !c->options.path || fuzz_coverage_save(c, program);
}

static enum hsx_status open_session(struct session *s, struct device_error *error)
{
    const struct fuzz_request *r = s->request;
    const struct hsx_cosim_options options = {.check_steps = r->check_steps,
                                              .device_check = hsx_target_rtl_check,
                                              .device_message = hsx_target_rtl_message};
    struct hsx_target *golden = NULL;
    enum hsx_status status = device_create(&r->device, &s->device, error);

    if (status != HSX_OK) {
        return status;
    }
    s->units = s->device->units;
    snprintf(error->text, sizeof error->text, "out of memory");
    status = hsx_target_vm_create_like(s->device, &golden);
    if (status != HSX_OK) {
        s->device->ops->destroy(s->device);
        return status;
    }
    status = hsx_cosim_create(s->device, golden, &options, &s->cosim);
    s->coverage = (struct fuzz_coverage){.options = r->coverage};
    if (status == HSX_OK) {
        status =
            fuzz_coverage_open(&s->coverage, s->device->contexts, error->text, sizeof error->text);
    }
    s->program = malloc(sizeof *s->program);
    s->spare = malloc(sizeof *s->spare);
    s->tally.failures = r->json ? json_array() : NULL;
    return status == HSX_OK && (!s->program || !s->spare || (r->json && !s->tally.failures))
               ? HSX_ERR_MEMORY
               : status;
}

/* A worker has a copy of the model's state; a simulator in its own process cannot be
 * shared. */
static enum hsx_status start_worker(void *ctx)
{
    struct session *s = ctx;
    struct device_error error;

    if (!s->request->device.icarus) {
        return HSX_OK;
    }
    *s = (struct session){.request = s->request, .corpus = s->corpus, .base = s->base};
    return open_session(s, &error);
}

static void close_session(struct session *s)
{
    lockstep_traces_discard(&s->traces);
    if (s->cosim) {
        s->cosim->ops->destroy(s->cosim);
    }
    fuzz_coverage_close(&s->coverage);
    free(s->program);
    free(s->spare);
    free(s->reproduce);
    fuzz_tally_close(&s->tally);
    if (s->corpus) {
        fuzz_corpus_close(s->corpus);
    }
}

/* All programs; those of a corpus round by round. */
static enum hsx_status run_programs(struct session *s, struct jobs_error *failure)
{
    const struct fuzz_request *r = s->request;
    struct jobs jobs = {.workers = r->jobs,
                        .ctx = s,
                        .start = start_worker,
                        .make = run_program,
                        .take = take_outcome};
    enum hsx_status status = HSX_OK;

    for (s->base = 0; status == HSX_OK && s->base < r->count && hsx_stop_signal == 0;
         s->base += jobs.count) {
        jobs.count = r->count - s->base;
        if (s->corpus && jobs.count > CORPUS_ROUND) {
            jobs.count = CORPUS_ROUND;
        }
        status = jobs_run(&jobs, failure);
        failure->index += s->base;
        if (s->corpus) {
            hsx_corpus_merge(s->corpus->corpus);
        }
    }
    return status;
}

/* The core is destroyed, so its wave is complete. */
static enum hsx_status close_wave(struct session *s, const struct hsx_fuzz_program *program)
{
    enum { CYCLES_AFTER = 20 /* cycles shown after a difference */ };
    const struct fuzz_request *r = s->request;
    const struct replay replay = {
        .program = program, .device = &r->device, .lockstep = true, .check_steps = r->check_steps};
    enum hsx_status status = HSX_OK;

    if (r->wave.last != 0) {
        wave_file_last(&s->wave_file, &r->wave, s->tally.end,
                       s->tally.diverged != 0 ? CYCLES_AFTER : 0);
        status = replay_wave(&replay, &s->wave_file);
    }
    return status == HSX_OK ? wave_file_commit(&s->wave_file) : status;
}

/* Makes the bundle of the first program that diverged. */
static void make_bundle(const struct session *s)
{
    const struct fuzz_request *r = s->request;
    struct hsx_fuzz_program *program = malloc(sizeof *program);
    struct hsx_fuzz_program *spare = malloc(sizeof *spare);
    char *command = fuzz_command(r, &s->first_diverged);
    char name[40];
    struct bundle_request request = {.options = &r->bundle,
                                     .dir = r->bundle.dir,
                                     .device = &r->device,
                                     .command = command,
                                     .check_steps = r->check_steps};
    struct device_options device = r->device;
    struct fuzz_coverage aim = {.options.steer = r->coverage.steer};
    char message[256];

    if (!request.dir) {
        snprintf(name, sizeof name, "hsx-fuzz-%" PRIu64, s->tally.first_seed);
        request.dir = name;
    }
    device.wave = NULL;
    request.device = &device;
    if (program && spare && command &&
        fuzz_coverage_open(&aim, 0, message, sizeof message) == HSX_OK) {
        hsx_fuzz_make(&s->first_diverged, (unsigned)r->tasks, r->steps, s->units, aim.aim, program,
                      spare);
        bundle_write(&request, program);
    }
    fuzz_coverage_close(&aim);
    free(command);
    free(program);
    free(spare);
}

int hsx_cmd_fuzz(int argc, char **argv)
{
    struct fuzz_request request;
    struct session session = {.request = &request};
    struct fuzz_corpus corpus;
    struct device_error error;

    fuzz_request_init(&request);

    double start = seconds_now();
    enum hsx_status opened;

    if (!command_line_parse(&fuzz_argp, argc, argv, 0, &request)) {
        return HSX_EXIT_INPUT;
    }
    if (wave_file_begin(&session.wave_file, &request.wave, &request.device.wave) != HSX_OK) {
        return HSX_EXIT_INPUT;
    }
    opened = open_session(&session, &error);
    if (opened == HSX_OK && request.corpus) {
        session.corpus = &corpus;
        opened = fuzz_corpus_open(&corpus, request.corpus, (unsigned)request.tasks, error.text,
                                  sizeof error.text);
    }
    if (opened != HSX_OK) {
        fprintf(stderr, "%s: %s\n", argv[0], error.text);
        close_session(&session);
        wave_file_discard(&session.wave_file);
        return opened == HSX_ERR_MACHINE ? EXIT_DIVERGED : HSX_EXIT_INPUT;
    }
    hsx_signals_defer();
    progress_begin(&session.tally.progress, "programs", request.count);

    struct jobs_error failure = {0};

    if (run_programs(&session, &failure) != HSX_OK) {
        fprintf(stderr, "%s: seed %" PRIu64 ": %s\n", argv[0], request.seed + failure.index,
                failure.text);
        close_session(&session);
        wave_file_discard(&session.wave_file);
        return HSX_EXIT_INPUT;
    }
    progress_clear(&session.tally.progress);
    print_summary(&session, seconds_now() - start);
    if (!report_coverage(&session, argv[0]) || session.corpus_failed) {
        close_session(&session);
        wave_file_discard(&session.wave_file);
        return HSX_EXIT_INPUT;
    }

    struct hsx_fuzz_program *program = session.program; /* for a replay */

    session.program = NULL;
    close_session(&session);
    if (session.wave_file.temporary && close_wave(&session, program) != HSX_OK) {
        wave_file_discard(&session.wave_file);
        free(program);
        return HSX_EXIT_INPUT;
    }
    free(program);
    if (session.tally.diverged != 0 && !request.bundle.none && hsx_stop_signal == 0) {
        make_bundle(&session);
    }
    return hsx_signals_exit(session.tally.diverged == 0 ? HSX_EXIT_OK : EXIT_DIVERGED);
}
