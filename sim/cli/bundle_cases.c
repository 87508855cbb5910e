// SPDX-License-Identifier: Apache-2.0
#include "bundle_cases.h"
#include "bundle_files.h"
#include "files.h"
#include "textstream.h"
#include "trace_options.h"
#include "wave.h"
#include <errno.h>
#include <hsx/dis.h>
#include <hsx/target_vm.h>
#include <hsx/version.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TOLD = 20, WAVE_CONTEXTS = 16, WAVE_BEHIND = 20 };

static void write_case(const struct bundle_case *c, const char *file, FILE *out)
{
    const struct hsx_conform_case *t = c->test;
    char insn[HSX_DIS_SIZE];

    hsx_dis(t->insn, t->ext, t->pc, t->call_words, insn, sizeof insn);
    fprintf(out, "\n## %s (%s:%zu)\n\n`%s` at 0x%04X\n\n%s\n\n", t->name, file, t->line, insn,
            t->pc, c->what);
    fprintf(out,
            "| before | |\n|---|---|\n| psw | 0x%X |\n| sp | 0x%04X |\n| stack_limit | 0x%04X |\n"
            "| stack_top | 0x%04X |\n| reg_base | 0x%04X |\n| call_depth | %u |\n",
            t->psw, t->sp, t->stack_limit, t->stack_top, t->reg_base, t->call_depth);
    for (unsigned n = 0; n < HSX_REGISTERS; n++) {
        if (t->regs[n] != 0) {
            fprintf(out, "| R%u | 0x%08X |\n", n, (unsigned)t->regs[n]);
        }
    }
}

/* Copies the lines of the cases from their file. */
static bool write_lines(const char *dir, const char *file, const struct bundle_case *cases,
                        size_t count)
{
    char *bytes, *text = NULL;
    size_t size, length = 0, line = 1, next = 0;
    FILE *out = textstream_open(&text, &length);
    bool good = out && strcmp(file, "-") != 0 && hsx_read_file(file, &bytes, &size) == HSX_OK;

    if (good) {
        for (char *at = bytes; next < count && at < bytes + size; line++) {
            char *end = memchr(at, '\n', size - (size_t)(at - bytes));
            size_t len = end ? (size_t)(end - at) + 1 : size - (size_t)(at - bytes);

            if (cases[next].test->line == line) {
                fwrite(at, 1, len, out);
                next++;
            }
            at += len;
        }
        free(bytes);
    }
    if (out && fclose(out) != 0) {
        good = false;
    }
    good = good && bundle_write_text(dir, "vectors.jsonl", text);
    free(text);
    return good;
}

/* ---- One case */

/* Whether the model with wave output has the case's window in its core. */
static bool in_wave_model(const struct hsx_conform_case *test)
{
    return test->reg_base % HSX_WINDOW_SIZE == 0 &&
           test->reg_base < HSX_WINDOW_START + WAVE_CONTEXTS * HSX_WINDOW_SIZE;
}

/* The first case with a possible wave, or the first one. */
static const struct bundle_case *choose(const struct bundle_cases *b)
{
    for (size_t i = 0; b->device && i < b->count; i++) {
        if (in_wave_model(b->cases[i].test)) {
            return &b->cases[i];
        }
    }
    return &b->cases[0];
}

/* The target, which is fresh, executes the case's instruction; its record goes to the file at
 * path, unless that is NULL. */
static bool run_case(const struct hsx_conform_case *test, struct hsx_target *target,
                     const char *name, const char *path, uint64_t *cycle)
{
    struct hsx_record record = {0};
    struct hsx_run run = {.max_steps = 1, .records = &record, .cycles = cycle, .capacity = 1};
    struct hsx_trace_header header = {.host = HSX_TRACE_HOST_HSX, .partial = true};
    struct hsx_conform_runner *runner = NULL;
    struct trace_options options;
    struct trace_file file = {0};

    trace_options_init(&options);
    snprintf(header.target, sizeof header.target, "%s", name);

    bool good = hsx_conform_runner_create(target, &runner) == HSX_OK &&
                hsx_conform_prepare(runner, test) == HSX_OK;

    if (good && path) {
        good = trace_file_open(&file, &options, path, target) == HSX_OK &&
               hsx_trace_begin(file.trace, &header) == HSX_OK;
    }
    good = good && target->ops->run(target, &run) == HSX_OK;
    if (good && path) {
        for (size_t i = 0; i < run.count; i++) {
            hsx_trace_append(file.trace, &record, 1, test->reg_base, *cycle);
        }
        good = trace_file_close(&file, false) == HSX_OK;
    }
    trace_file_discard(&file);
    hsx_conform_runner_destroy(runner);
    return good;
}

static bool write_trace(const struct bundle_cases *b, const struct hsx_conform_case *test,
                        bool device, uint64_t *cycle)
{
    struct hsx_target *target = NULL;
    struct device_error error = {"out of memory"};
    char *path = bundle_path(b->dir, device ? "core.jsonl" : "golden.jsonl");
    bool good = path && (device ? device_create(b->device, &target, &error)
                                : hsx_target_vm_create(WAVE_CONTEXTS, &target)) == HSX_OK;

    if (good) {
        good = run_case(test, target, device ? "rtl" : "vm", path, cycle);
        target->ops->destroy(target);
    } else {
        fprintf(stderr, "bundle: %s\n", error.text);
    }
    free(path);
    return good;
}

/* All of the core's cycles: they are few. */
static bool write_wave(const struct bundle_cases *b, const struct hsx_conform_case *test,
                       uint64_t cycle)
{
    char *path = bundle_path(b->dir, "wave.fst");
    struct wave_options options;
    struct device_options device = *b->device;
    struct hsx_target *target = NULL;
    struct device_error error;
    struct wave_file file;
    uint64_t again = 0;

    wave_options_init(&options);
    options.path = path;
    if (!device.model && !device.icarus) {
        device.contexts = WAVE_CONTEXTS;
    }

    bool good = path && wave_file_open(&file, &options) == HSX_OK;

    if (good) {
        file.wave.to = cycle + WAVE_BEHIND;
        device.wave = &file.wave;
        good = device_create(&device, &target, &error) == HSX_OK;
        if (good) {
            good = run_case(test, target, "rtl", NULL, &again);
            target->ops->destroy(target);
        }
        good = good && wave_file_commit(&file) == HSX_OK;
        wave_file_discard(&file);
    }
    free(path);
    return good && bundle_write_view(b->dir, device.icarus, 1, false, cycle);
}

/* ---- The folder */

static void list_files(const struct bundle_cases *b, const struct bundle_case *chosen,
                       bool has_wave, FILE *out)
{
    fprintf(out,
            "\n## Files\n\n| file | |\n|---|---|\n| vectors.jsonl | the cases that fail |\n"
            "| golden.jsonl | trace of %s on the C VM |\n",
            chosen->test->name);
    if (b->device) {
        fputs("| core.jsonl | the same on the core; `hsx trace diff golden.jsonl core.jsonl` "
              "shows where they differ |\n",
              out);
    }
    if (has_wave) {
        fputs("| wave.fst, wave.gtkw | the same in all signals of the core; `gtkwave wave.gtkw` "
              "opens them with the marker on its record |\n",
              out);
    } else if (b->device) {
        fputs("\nThere is no wave: no model that writes one has the case's window in its core.\n",
              out);
    }
}

static bool write_report(const struct bundle_cases *b, const struct bundle_case *chosen,
                         bool has_wave)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = textstream_open(&text, &size);
    bool good = out != NULL;

    if (good) {
        fprintf(
            out,
            "# Conformance cases fail\n\n%zu of %zu cases of %s fail; the first %d are listed. All "
            "that fail are in vectors.jsonl.\n\nhsx %s. The command:\n\n    %s\n",
            b->count, b->all, b->file, TOLD, hsx_version(), b->command);
        for (size_t i = 0; i < b->count && i < TOLD; i++) {
            write_case(&b->cases[i], b->file, out);
        }
        list_files(b, chosen, has_wave, out);
        good = fclose(out) == 0 && bundle_write_text(b->dir, "report.md", text);
    }
    free(text);
    return good;
}

enum hsx_status bundle_write_cases(const struct bundle_cases *b)
{
    const struct bundle_case *chosen = choose(b);
    uint64_t cycle = 0;
    bool has_wave = false;
    bool good;

    if (mkdir(b->dir, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "%s: %s\n", b->dir, strerror(errno));
        return HSX_ERR_IO;
    }
    good = bundle_write_command(b->dir, b->command, NULL) &&
           bundle_write_junit(b->dir, b->command, b->cases[0].what) &&
           write_lines(b->dir, b->file, b->cases, b->count) &&
           write_trace(b, chosen->test, false, &cycle) &&
           (!b->device || write_trace(b, chosen->test, true, &cycle));
    if (good && b->device && (in_wave_model(chosen->test) || b->device->model)) {
        has_wave = write_wave(b, chosen->test, cycle);
    }
    good = good && write_report(b, chosen, has_wave);
    if (good) {
        fprintf(stderr, "bundle: see %s/report.md\n", b->dir);
    }
    return good ? HSX_OK : HSX_ERR_IO;
}
