// SPDX-License-Identifier: Apache-2.0
#include "bundle_files.h"
#include "files.h"
#include "textstream.h"
#include <errno.h>
#include <hsx/asm.h>
#include <hsx/dis.h>
#include <hsx/image.h>
#include <hsx/trace.h>
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

/* ---- Tasks */

/* Callback of the assembler for its only source. */
static enum hsx_status read_assembly(void *ctx, const char *path, char **text, size_t *size)
{
    (void)path;
    *text = strdup(ctx);
    *size = strlen(ctx);
    return *text ? HSX_OK : HSX_ERR_MEMORY;
}

static void ignore_error(void *ctx, const struct hsx_asm_error *error)
{
    (void)ctx, (void)error;
}

/* The labels made by the disassembler are the only names. */
static bool write_symbols(const char *dir, unsigned i, const struct hsx_fuzz_task *task,
                          const struct hsx_image *image, char *assembly,
                          struct hsx_symbols **symbols)
{
    struct hsx_asm_options options = {.version = task->version,
                                      .context = assembly,
                                      .read = read_assembly,
                                      .report = ignore_error};
    char source[32], name[32], hxe[32];
    const char *path = source;
    uint8_t *bytes = NULL;
    char *text = NULL;
    size_t size;
    bool good;

    snprintf(source, sizeof source, "task%u.mvasm", i + 1);
    snprintf(hxe, sizeof hxe, "task%u.hxe", i + 1);
    snprintf(name, sizeof name, "task%u.sym", i + 1);
    if (hsx_symbols_create(&options.symbols) != HSX_OK) {
        return false;
    }
    if (hsx_assemble(&path, 1, &options, &bytes, &size) != HSX_OK) {
        hsx_symbols_destroy(options.symbols); /* not written as assembly: no names */
        return true;
    }
    *symbols = options.symbols;
    text = hsx_symbols_format(options.symbols, hxe, image->crc);
    good = text && bundle_write_text(dir, name, text);
    free(text);
    free(bytes);
    return good;
}

static bool write_task(const char *dir, const struct hsx_fuzz_program *program, unsigned i,
                       char **assembly, struct hsx_symbols **symbols)
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
            good = bundle_write_text(dir, name, *assembly) &&
                   write_symbols(dir, i, task, &image, *assembly, symbols);
        }
        hsx_image_clear(&image);
    }
    free(bytes);
    return good;
}

bool bundle_hashes(const struct hsx_fuzz_program *program, uint32_t hashes[HSX_FUZZ_MAX_TASKS])
{
    bool good = true;

    for (unsigned i = 0; good && i < program->tasks; i++) {
        uint8_t *bytes = NULL;
        size_t size = 0;

        good = hsx_fuzz_image(&program->task[i], &bytes, &size) == HSX_OK;
        hashes[i] = good ? hsx_trace_hash(bytes, size) : 0;
        free(bytes);
    }
    return good;
}

bool bundle_write_tasks(const char *dir, const struct hsx_fuzz_program *program, char **assembly,
                        struct hsx_symbols **symbols)
{
    bool good = true;

    for (unsigned i = 0; good && i < program->tasks; i++) {
        good = write_task(dir, program, i, &assembly[i], &symbols[i]);
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

/* Text for an XML attribute; characters that XML cannot hold become '?'. */
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
    FILE *out = textstream_open(&text, &size);
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

bool bundle_write_view(const char *dir, bool icarus, unsigned slots, bool images, uint64_t cycle)
{
    static char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    char *path = realpath(dir, NULL);
    char *wave = bundle_path(dir, "wave.fst");
    char *text = NULL;
    char *paths = NULL;
    size_t size = 0;
    FILE *list = textstream_open(&paths, &size);

    for (unsigned i = 0; path && list && images && i < slots; i++) {
        fputs(i > 0 ? " " : "", list);
        hsx_wave_put_path(path, list);
        fprintf(list, "/task%u.hxe", i + 1);
    }
    bool good = list && fclose(list) == 0 && path;
    const struct hsx_wave_view view = {.wave = "wave.fst",
                                       .icarus = icarus,
                                       .slots = slots,
                                       .program = length > 0 ? program : "hsx",
                                       .images = images ? paths : NULL,
                                       .has_cursor = true,
                                       .cursor = cycle,
                                       .end = wave ? hsx_wave_end(wave) : 0};
    FILE *out = good ? textstream_open(&text, &size) : NULL;

    good = out && hsx_wave_write_view(&view, out);
    good = out && fclose(out) == 0 && good && bundle_write_text(dir, "wave.gtkw", text);
    free(text);
    free(paths);
    free(wave);
    free(path);
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
