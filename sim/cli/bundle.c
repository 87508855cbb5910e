// SPDX-License-Identifier: Apache-2.0
#include "bundle.h"
#include "bundle_files.h"
#include "bundle_log.h"
#include "bundle_report.h"
#include "option_number.h"
#include "replay.h"
#include "seconds.h"
#include "signals.h"
#include "textstream.h"
#include "trace_options.h"
#include <errno.h>
#include <hsx/target_vm.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { KEY_BUNDLE = 0x5000, KEY_NO_BUNDLE, KEY_SHRINK };
enum { DEFAULT_SHRINK_SECONDS = 100, WAVE_CYCLES = 300, WAVE_BEHIND = 20, TRACE_BEHIND = 30 };

void bundle_options_init(struct bundle_options *options)
{
    *options = (struct bundle_options){.shrink_seconds = DEFAULT_SHRINK_SECONDS};
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct bundle_options *options = state->input;

    switch (key) {
    case KEY_BUNDLE:
        options->dir = arg;
        return 0;
    case KEY_NO_BUNDLE:
        options->none = true;
        return 0;
    case KEY_SHRINK:
        options->shrink_seconds = hsx_option_number(state, "--shrink-seconds", arg, 0, UINT32_MAX);
        return 0;
    case ARGP_KEY_END:
        if (options->dir && options->none) {
            argp_error(state, "--bundle and --no-bundle exclude each other");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option option_table[] = {
    {"bundle", KEY_BUNDLE, "DIR", 0,
     "For the first difference, make a folder with everything needed to understand it: report, "
     "the smallest program that shows it, traces, wave",
     0},
    {"no-bundle", KEY_NO_BUNDLE, 0, 0, "Make none", 0},
    {"shrink-seconds", KEY_SHRINK, "N", 0,
     "Limit on the time for making the program smaller; 0: leave it unchanged. Default: 100", 0},
    {0},
};

const struct argp bundle_argp = {option_table, parse, 0, 0, 0, 0, 0};

/* ---- One program, run again and again */

struct bundle {
    const struct bundle_request *request;
    struct hsx_fuzz_program *program;
    struct hsx_target *device; /* owned by cosim */
    struct hsx_target *cosim;
    struct bundle_log *log;
    struct hsx_symbols *symbols[HSX_FUZZ_MAX_TASKS]; /* of the tasks in the report */
    double start;
    bool has_first; /* the difference that must be preserved: */
    struct hsx_divergence first;
};

/* Tasks are loaded into consecutive slots. */
static void name_place(void *ctx, unsigned slot, uint16_t pc, char *text, size_t size)
{
    const struct bundle *b = ctx;

    text[0] = '\0';
    if (slot < HSX_FUZZ_MAX_TASKS && b->symbols[slot]) {
        hsx_symbols_code_text(b->symbols[slot], pc, text, size);
    }
}

static enum hsx_status open_machines(struct bundle *b)
{
    const struct hsx_cosim_options options = {.check_steps = b->request->check_steps,
                                              .name = name_place,
                                              .name_ctx = b,
                                              .device_check = hsx_target_rtl_check,
                                              .device_message = hsx_target_rtl_message};
    struct hsx_target *golden = NULL;
    struct device_error error;
    enum hsx_status status = device_create(b->request->device, &b->device, &error);

    if (status != HSX_OK) {
        fprintf(stderr, "bundle: %s\n", error.text);
        return status;
    }
    status = hsx_target_vm_create_like(b->device, &golden);
    if (status != HSX_OK) {
        b->device->ops->destroy(b->device);
        return status;
    }
    return hsx_cosim_create(b->device, golden, &options, &b->cosim);
}

/* True: it diverges. */
static bool run_program(struct bundle *b, const struct hsx_fuzz_program *program)
{
    const struct hsx_exec_sink sink = bundle_log_sink(b->log);
    const struct hsx_fuzz_watch watch = {.sink = &sink};
    struct hsx_fuzz_result result;
    struct hsx_target *golden = NULL;

    if (hsx_target_rtl_reset(b->device) != HSX_OK ||
        hsx_target_vm_create_like(b->device, &golden) != HSX_OK) {
        return false;
    }
    memset(b->log, 0, sizeof *b->log);
    hsx_cosim_restart(b->cosim, golden, NULL);
    if (hsx_fuzz_run_watched(program, b->cosim, &watch, &result) == HSX_OK) {
        hsx_cosim_finish(b->cosim);
    }
    return hsx_cosim_divergence(b->cosim)->kind != HSX_DIVERGED_NOT;
}

static const struct hsx_record *record_of(const struct hsx_divergence *d)
{
    return d->kind == HSX_DIVERGED_EXTRA ? &d->device_record : &d->golden_record;
}

/* Only one side has a tick here. */
static bool is_of_tick(const struct hsx_divergence *d)
{
    return d->kind == HSX_DIVERGED_RECORD &&
           (d->golden_record.event == HSX_EV_TICK) != (d->device_record.event == HSX_EV_TICK);
}

/* The same field of the same kind of record, of the same instruction. For a tick that is early
 * or late, the instruction does not matter. */
static bool same_difference(const struct hsx_divergence *a, const struct hsx_divergence *b)
{
    const struct hsx_record *x = record_of(a);
    const struct hsx_record *y = record_of(b);

    if (is_of_tick(a)) {
        return is_of_tick(b) &&
               (a->golden_record.event == HSX_EV_TICK) == (b->golden_record.event == HSX_EV_TICK);
    }
    return a->kind == b->kind && strcmp(a->field ? a->field : "", b->field ? b->field : "") == 0 &&
           x->event == y->event && x->insn >> 24 == y->insn >> 24;
}

static bool shows(void *ctx, const struct hsx_fuzz_program *program, uint64_t *steps)
{
    struct bundle *b = ctx;

    if (!run_program(b, program)) {
        return false;
    }
    const struct hsx_divergence *d = hsx_cosim_divergence(b->cosim);

    if (!b->has_first) {
        b->first = *d;
        b->has_first = true;
    }
    if (!same_difference(&b->first, d)) {
        return false;
    }
    /* A difference in the whole state is found only when the run ends. */
    if (d->kind == HSX_DIVERGED_RECORD || d->kind == HSX_DIVERGED_MISSING ||
        d->kind == HSX_DIVERGED_EXTRA) {
        *steps = b->log->steps + 2;
    }
    return true;
}

/* The log belongs to the best program, because each accepted program is the last one run. */
static bool values(void *ctx, const struct hsx_fuzz_program *program, unsigned task, uint32_t *out,
                   bool *known)
{
    struct bundle *b = ctx;

    if (!run_program(b, program)) {
        return false;
    }
    memcpy(out, b->log->value[task], sizeof b->log->value[task]);
    memcpy(known, b->log->has_value[task], sizeof b->log->has_value[task]);
    return true;
}

static bool expired(void *ctx)
{
    const struct bundle *b = ctx;

    return hsx_stop_signal != 0 ||
           seconds_now() - b->start > (double)b->request->options->shrink_seconds;
}

/* ---- The folder */

struct side {
    const struct hsx_fuzz_program *program;
    const char *name;
    struct trace_file file;
    bool good;
};

static void begin_trace(void *ctx, struct hsx_exec *exec)
{
    struct side *side = ctx;
    unsigned tasks = side->program->tasks;
    char names[HSX_FUZZ_MAX_TASKS][20];
    char *files[HSX_FUZZ_MAX_TASKS];
    uint32_t hashes[HSX_FUZZ_MAX_TASKS];
    const struct trace_images images = {.files = files, .hashes = hashes, .count = tasks};

    for (unsigned i = 0; i < tasks; i++) {
        snprintf(names[i], sizeof names[i], "task%u.hxe", i + 1);
        files[i] = names[i];
    }
    side->good = bundle_hashes(side->program, hashes) &&
                 trace_file_begin(&side->file, exec, side->name, &images) == HSX_OK;
}

/* One machine alone, from the start to a little after the difference. */
static bool write_trace(const struct bundle *b, const char *name, bool device)
{
    struct hsx_fuzz_program *program = malloc(sizeof *program);
    struct side side = {.program = program, .name = device ? "rtl" : "vm"};
    struct trace_options options;
    struct hsx_fuzz_result result;
    struct hsx_target *target = NULL;
    struct device_error error;
    char *path = bundle_path(b->request->dir, name);
    bool good = path && program;

    trace_options_init(&options);
    if (good) {
        *program = *b->program;
        program->steps = b->log->steps + TRACE_BEHIND;
        good = (device ? device_create(b->request->device, &target, &error)
                       : hsx_target_vm_create_like(b->device, &target)) == HSX_OK;
    }
    good = good && trace_file_open(&side.file, &options, path, target) == HSX_OK;
    if (good) {
        const struct hsx_exec_sink sink = hsx_trace_sink(side.file.trace);
        const struct hsx_fuzz_watch watch = {.sink = &sink, .loaded = begin_trace, .ctx = &side};

        /* A core may fail there; only what it did before matters. */
        hsx_fuzz_run_watched(program, target, &watch, &result);
        good = side.good && trace_file_close(&side.file, false) == HSX_OK;
    }
    if (!good && path) {
        fprintf(stderr, "bundle: %s: cannot be written\n", path);
    }
    trace_file_discard(&side.file);
    if (target) {
        target->ops->destroy(target);
    }
    free(path);
    free(program);
    return good;
}

static bool write_wave(const struct bundle *b)
{
    const struct hsx_divergence *d = hsx_cosim_divergence(b->cosim);
    char *path = bundle_path(b->request->dir, "wave.fst");
    struct wave_options options = {.path = path, .last = WAVE_CYCLES};
    const struct replay replay = {.program = b->program,
                                  .device = b->request->device,
                                  .lockstep = true,
                                  .check_steps = b->request->check_steps};
    struct wave_file file;
    bool good = path && wave_file_open(&file, &options) == HSX_OK;

    if (good) {
        wave_file_last(&file, &options, d->cycle, WAVE_BEHIND);
        good = replay_wave(&replay, &file) == HSX_OK && wave_file_commit(&file) == HSX_OK;
        wave_file_discard(&file);
    }
    free(path);
    return good && bundle_write_view(b->request->dir, b->request->device->icarus, b->program->tasks,
                                     true, d->cycle);
}

/* Whether hsx cosim can run it from its images alone. */
static bool has_command(const struct hsx_fuzz_program *p)
{
    bool good = p->plain && !p->actions;

    for (unsigned i = 0; i < p->tasks; i++) {
        good = good && p->task[i].odd == 0 && p->task[i].slice <= 1 &&
               p->task[i].stack_bytes == p->task[0].stack_bytes;
    }
    for (size_t i = 0; i < HSX_FUZZ_HIGH_WORDS; i++) {
        good = good && p->high_code[i] == 0;
    }
    return good;
}

/* The arguments of "hsx cosim"; NULL: there is no such command, or no memory. */
static char *rerun_command(const struct bundle *b)
{
    const struct device_options *d = b->request->device;
    const struct hsx_fuzz_program *p = b->program;
    char *text = NULL;
    size_t size;
    FILE *out = has_command(p) ? textstream_open(&text, &size) : NULL;

    if (!out) {
        return NULL;
    }
    fprintf(out, "hsx cosim --steps %" PRIu64 " --tick-steps %u --stack %u", p->steps,
            (unsigned)p->tick_steps, (unsigned)p->task[0].stack_bytes);
    fprintf(out, "%s%s%s", p->protect ? "" : " --no-protect",
            p->embedded ? " --profile embedded" : "", d->icarus ? " --sim icarus" : "");
    if (p->trap_latency != 0) {
        fprintf(out, " --trap-latency %" PRIu64, p->trap_latency);
    }
    if (d->program) {
        fprintf(out, " --program %s", d->program);
    }
    if (d->model) {
        fprintf(out, " --model %s", d->model);
    }
    for (unsigned i = 0; i < p->tasks; i++) {
        fprintf(out, " task%u.hxe", i + 1);
    }
    fclose(out); /* text is NULL if memory ran out */
    return text;
}

static size_t count_words(const struct hsx_fuzz_program *p)
{
    size_t words = 0;

    for (unsigned i = 0; i < p->tasks; i++) {
        words += p->task[i].words;
    }
    return words;
}

static bool write_report(struct bundle *b, struct bundle_report *report)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = textstream_open(&text, &size);
    bool good = out != NULL;

    if (good) {
        bundle_report_write(report, out);
        good = fclose(out) == 0 && bundle_write_text(b->request->dir, "report.md", text);
    }
    free(text);
    return good;
}

static enum hsx_status write_all(struct bundle *b, struct bundle_report *report)
{
    char *assembly[HSX_FUZZ_MAX_TASKS] = {NULL};
    char *rerun = rerun_command(b);
    char summary[512];
    bool good;

    if (mkdir(b->request->dir, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "%s: %s\n", b->request->dir, strerror(errno));
        free(rerun);
        return HSX_ERR_IO;
    }
    hsx_cosim_summary(b->cosim, summary, sizeof summary);
    good = bundle_write_tasks(b->request->dir, b->program, assembly, b->symbols) &&
           bundle_write_command(b->request->dir, b->request->command, rerun) &&
           bundle_write_junit(b->request->dir, b->request->command, summary) &&
           write_trace(b, "golden.jsonl", false) && write_trace(b, "core.jsonl", true);
    report->has_wave = good && write_wave(b);
    report->rerun = rerun;
    report->assembly = assembly;
    good = good && write_report(b, report);
    for (unsigned i = 0; i < HSX_FUZZ_MAX_TASKS; i++) {
        free(assembly[i]);
    }
    free(rerun);
    return good ? HSX_OK : HSX_ERR_IO;
}

static enum hsx_status make(struct bundle *b)
{
    const struct hsx_shrink shrink = {
        .ctx = b, .shows = shows, .values = values, .expired = expired};
    struct hsx_shrink_result shrunk;
    struct bundle_report report = {.request = b->request,
                                   .program = b->program,
                                   .tasks = b->program->tasks,
                                   .words = count_words(b->program),
                                   .steps = b->program->steps,
                                   .log = b->log};
    enum hsx_status status = open_machines(b);

    if (status != HSX_OK) {
        return status;
    }
    b->start = seconds_now();
    report.cosim = b->cosim;
    if (b->request->options->shrink_seconds != 0) {
        fprintf(stderr, "bundle: making the program smaller\n");
        status = hsx_fuzz_shrink(b->program, &shrink, &shrunk);
        report.shrunk = status == HSX_OK ? &shrunk : NULL;
    }
    /* The machines must be left at the difference. */
    if (status == HSX_ERR_MEMORY || !run_program(b, b->program)) {
        fprintf(stderr, "bundle: the difference cannot be reproduced\n");
        return HSX_ERR_STATE;
    }
    return write_all(b, &report);
}

enum hsx_status bundle_write(const struct bundle_request *request, struct hsx_fuzz_program *program)
{
    struct bundle b = {.request = request, .program = program, .log = malloc(sizeof *b.log)};
    enum hsx_status status = b.log ? make(&b) : HSX_ERR_MEMORY;

    if (b.cosim) {
        b.cosim->ops->destroy(b.cosim);
    }
    for (unsigned i = 0; i < HSX_FUZZ_MAX_TASKS; i++) {
        hsx_symbols_destroy(b.symbols[i]);
    }
    free(b.log);
    if (status == HSX_OK) {
        fprintf(stderr, "bundle: see %s/report.md\n", request->dir);
    } else if (status == HSX_ERR_MEMORY) {
        fprintf(stderr, "bundle: %s\n", hsx_status_name(status));
    }
    return status;
}
