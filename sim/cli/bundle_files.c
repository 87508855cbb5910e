// SPDX-License-Identifier: Apache-2.0
#include "bundle_files.h"
#include "files.h"
#include <errno.h>
#include <hsx/dis.h>
#include <hsx/image.h>
#include <hsx/version.h>
#include <hsx/wave.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *bundle_path(const char *dir, const char *name)
{
    char *path = NULL;

    return asprintf(&path, "%s/%s", dir, name) >= 0 ? path : NULL;
}

static bool write_bytes(const char *dir, const char *name, const void *bytes, size_t size)
{
    char *path = bundle_path(dir, name);
    bool good = path && hsx_write_file(path, bytes, size) == HSX_OK;

    if (!good) {
        fprintf(stderr, "%s/%s: %s\n", dir, name, strerror(errno));
    }
    free(path);
    return good;
}

bool bundle_write_text(const char *dir, const char *name, const char *text)
{
    return write_bytes(dir, name, text, strlen(text));
}

static bool write_task(const char *dir, const struct hsx_fuzz_program *program, unsigned i,
                       char **assembly)
{
    const struct hsx_fuzz_task *task = &program->task[i];
    struct hsx_image_error error;
    struct hsx_image image;
    uint8_t *bytes = NULL;
    size_t size = 0;
    char name[32];
    bool good;

    if (hsx_fuzz_image(task, &bytes, &size) != HSX_OK) {
        fprintf(stderr, "bundle: task %u makes no image\n", i + 1);
        return false;
    }
    snprintf(name, sizeof name, "task%u.hxe", i + 1);
    good = write_bytes(dir, name, bytes, size);
    if (good && hsx_image_parse(bytes, size, &image, &error) == HSX_OK) {
        if (hsx_dis_image(&image, task->version == 2, NULL, assembly) == HSX_OK) {
            snprintf(name, sizeof name, "task%u.mvasm", i + 1);
            good = bundle_write_text(dir, name, *assembly);
        }
        hsx_image_clear(&image);
    }
    free(bytes);
    return good;
}

bool bundle_write_tasks(const char *dir, const struct hsx_fuzz_program *program, char **assembly)
{
    bool good = true;

    for (unsigned i = 0; good && i < program->tasks; i++) {
        good = write_task(dir, program, i, &assembly[i]);
    }
    return good;
}

bool bundle_write_command(const char *dir, const char *command, const char *rerun)
{
    char *text = NULL;
    bool good = asprintf(&text, "%s\n%s%s", command, rerun ? rerun : "", rerun ? "\n" : "") >= 0 &&
                bundle_write_text(dir, "command.txt", text);

    free(text);
    return good;
}

/* Text as XML takes it in an attribute; what it cannot hold becomes '?'. */
static void escape(const char *text, FILE *out)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7E ? '?' : *text, out);
            break;
        }
    }
}

bool bundle_write_junit(const char *dir, const char *command, const char *what)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    bool good = out != NULL;

    if (good) {
        fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"hsx\" tests=\"1\" "
              "failures=\"1\">\n  <testcase classname=\"hsx\" name=\"",
              out);
        escape(command, out);
        fputs("\">\n    <failure message=\"", out);
        escape(what, out);
        fputs("\"/>\n  </testcase>\n</testsuite>\n", out);
        good = fclose(out) == 0 && bundle_write_text(dir, "junit.xml", text);
    }
    free(text);
    return good;
}

bool bundle_write_view(const struct bundle_request *request, unsigned tasks, uint64_t cycle)
{
    static char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    char *dir = realpath(request->dir, NULL);
    char *text = NULL;
    char *images = NULL;
    size_t size = 0;
    FILE *list = open_memstream(&images, &size);

    for (unsigned i = 0; dir && list && i < tasks; i++) {
        fprintf(list, "%s%s/task%u.hxe", i > 0 ? " " : "", dir, i + 1);
    }
    bool good = dir && list && fclose(list) == 0;
    const struct hsx_wave_view view = {.wave = "wave.fst",
                                       .icarus = request->device->icarus,
                                       .slots = tasks,
                                       .program = length > 0 ? program : "hsx",
                                       .images = images,
                                       .has_cursor = true,
                                       .cursor = cycle};
    FILE *out = good ? open_memstream(&text, &size) : NULL;

    good = out && hsx_wave_write_view(&view, out);
    good = out && fclose(out) == 0 && good && bundle_write_text(request->dir, "wave.gtkw", text);
    free(text);
    free(images);
    free(dir);
    return good;
}

/* ---- Images as a program */

static enum hsx_status take_image(const struct hsx_run_options *options, size_t i,
                                  struct hsx_fuzz_program *program, struct bundle_images *images)
{
    struct hsx_fuzz_task *task = &program->task[i];
    struct hsx_image *image = &images->image[i];
    struct hsx_image_error error;
    size_t size;

    if (strcmp(options->files[i], "-") == 0 ||
        hsx_read_file(options->files[i], &images->bytes[i], &size) != HSX_OK) {
        return HSX_ERR_ARGUMENT;
    }
    images->count = i + 1;
    if (hsx_image_parse((const uint8_t *)images->bytes[i], size, image, &error) != HSX_OK ||
        image->code_len > 4 * HSX_FUZZ_MAX_CODE || image->code_len == 0) {
        return HSX_ERR_ARGUMENT;
    }
    *task = (struct hsx_fuzz_task){.words = image->code_len / 4,
                                   .entry = image->entry,
                                   .version = image->version,
                                   .ro = image->ro_len != 0 ? image->ro : NULL,
                                   .ro_len = image->ro_len,
                                   .bss_size = image->bss_size,
                                   .stack_bytes = options->config.stack_bytes,
                                   .slice = 1,
                                   .same_as = -1};
    task->mailboxes = image->mailboxes.count != 0 ? &image->mailboxes : NULL;
    hsx_image_words(image, task->code);
    return HSX_OK;
}

enum hsx_status bundle_images(const struct hsx_run_options *options,
                              struct hsx_fuzz_program *program, struct bundle_images *images)
{
    const struct hsx_exec_config *config = &options->config;
    enum hsx_status status = HSX_OK;

    memset(program, 0, sizeof *program);
    memset(images, 0, sizeof *images);
    if (options->count == 0 || options->count > HSX_FUZZ_MAX_TASKS || options->restore ||
        options->stdin_pid != 0) {
        return HSX_ERR_ARGUMENT;
    }
    program->plain = true;
    program->steps = options->max_steps;
    program->tasks = (unsigned)options->count;
    program->protect = config->protect;
    program->tick_steps = config->tick_steps;
    program->trap_latency = config->trap_latency;
    program->calls = config->call != HSX_CALLS_BY_VERSION;
    program->words = config->call == HSX_CALLS_WORD;
    program->embedded = config->profile == HSX_PROFILE_EMBEDDED;
    for (size_t i = 0; status == HSX_OK && i < options->count; i++) {
        status = take_image(options, i, program, images);
    }
    return status;
}

void bundle_images_free(struct bundle_images *images)
{
    for (size_t i = 0; i < images->count; i++) {
        hsx_image_clear(&images->image[i]);
        free(images->bytes[i]);
    }
    images->count = 0;
}

/* ---- Cases */

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

/* The lines of the cases, out of the file that they come from. */
static bool write_lines(const char *dir, const char *file, const struct bundle_case *cases,
                        size_t count)
{
    char *bytes, *text = NULL;
    size_t size, length = 0, line = 1, next = 0;
    FILE *out = open_memstream(&text, &length);
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

enum hsx_status bundle_write_cases(const char *dir, const char *command, const char *file,
                                   const struct bundle_case *cases, size_t count, size_t all)
{
    enum { TOLD = 20 };
    char *text = NULL;
    size_t size = 0;
    FILE *out;
    bool good;

    if (mkdir(dir, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "%s: %s\n", dir, strerror(errno));
        return HSX_ERR_IO;
    }
    out = open_memstream(&text, &size);
    good = out != NULL;
    if (good) {
        fprintf(
            out,
            "# Conformance cases fail\n\n%zu of %zu cases of %s fail; the first %d are told. All "
            "that fail are in vectors.jsonl.\n\nhsx %s. The command:\n\n    %s\n",
            count, all, file, TOLD, hsx_version(), command);
        for (size_t i = 0; i < count && i < TOLD; i++) {
            write_case(&cases[i], file, out);
        }
        good = fclose(out) == 0 && bundle_write_text(dir, "report.md", text);
    }
    free(text);
    good = good && bundle_write_command(dir, command, NULL) &&
           bundle_write_junit(dir, command, cases[0].what) && write_lines(dir, file, cases, count);
    if (good) {
        fprintf(stderr, "bundle: see %s/report.md\n", dir);
    }
    return good ? HSX_OK : HSX_ERR_IO;
}
