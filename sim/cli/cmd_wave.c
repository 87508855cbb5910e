// SPDX-License-Identifier: Apache-2.0
#include "command_line.h"
#include "commands.h"
#include "files.h"
#include "option_number.h"
#include "output.h"
#include "symbol_files.h"
#include "textstream.h"
#include <argp.h>
#include <errno.h>
#include <hsx/image.h>
#include <hsx/wave.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_CURSOR = 256, KEY_SIM, MAX_WORDS = 64 };

struct request {
    const char *output;
    bool icarus;
    bool has_cursor;
    uint64_t cursor;
    char *words[MAX_WORDS]; /* what is not an option */
    unsigned count;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct request *request = state->input;

    switch (key) {
    case 'o':
        request->output = arg;
        return 0;
    case KEY_CURSOR:
        request->cursor = hsx_option_number(state, "--cursor", arg, 0, UINT64_MAX / 10);
        request->has_cursor = true;
        return 0;
    case KEY_SIM:
        if (strcmp(arg, "verilator") != 0 && strcmp(arg, "icarus") != 0) {
            argp_error(state, "--sim is '%s', expected verilator or icarus", arg);
        }
        request->icarus = arg[0] == 'i';
        return 0;
    case ARGP_KEY_ARG:
        if (request->count == MAX_WORDS) {
            argp_error(state, "more than %d words", MAX_WORDS);
        }
        request->words[request->count++] = arg;
        return 0;
    case ARGP_KEY_END:
        if (request->count == 0 ||
            (strcmp(request->words[0], "view") != 0 && strcmp(request->words[0], "filter") != 0)) {
            argp_error(state, "expected view or filter");
        }
        if (request->count == 1) {
            argp_error(state, "%s",
                       request->words[0][0] == 'v' ? "the name of a wave is missing"
                                                   : "expected instruction, event, state or stop");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* A task's image and symbols. */
struct task {
    char name[HSX_NAME_SIZE + 1];
    struct hsx_symbols *symbols; /* owned */
};

static bool load_task(const char *path, struct task *task, struct hsx_wave_task *images)
{
    struct hsx_image_error error;
    struct hsx_image image;
    char *bytes;
    size_t size;

    if (hsx_read_file(path, &bytes, &size) != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    if (hsx_image_parse((const uint8_t *)bytes, size, &image, &error) != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, error.text);
        free(bytes);
        return false;
    }
    if (image.name[0] != '\0') {
        snprintf(task->name, sizeof task->name, "%s", image.name);
    } else {
        hsx_file_task_name(path, task->name, sizeof task->name);
    }
    task->symbols = hsx_file_symbols_of(path, bytes, size, stderr);
    *images = (struct hsx_wave_task){
        .name = task->name, .symbols = task->symbols, .call_words = image.version == 2};
    hsx_image_clear(&image);
    free(bytes);
    return true;
}

static int filter(const struct request *request)
{
    static struct task tasks[MAX_WORDS];
    struct hsx_wave_task images[MAX_WORDS];
    enum hsx_wave_filter kind = hsx_wave_filter_of(request->words[1]);
    unsigned count = request->count - 2;
    bool good = true;
    unsigned loaded = 0;

    if (kind == HSX_FILTER_NONE) {
        fprintf(stderr, "hsx wave: no filter '%s', expected instruction, event, state or stop\n",
                request->words[1]);
        return HSX_EXIT_USAGE;
    }
    for (; good && loaded < count; loaded += good) {
        good = load_task(request->words[2 + loaded], &tasks[loaded], &images[loaded]);
    }
    if (good) {
        hsx_wave_filter_lines(kind, images, count, stdin, stdout);
    }
    for (unsigned i = 0; i < loaded; i++) {
        hsx_symbols_destroy(tasks[i].symbols);
    }
    return good ? HSX_EXIT_OK : HSX_EXIT_INPUT;
}

/* The images as absolute paths, as GTKWave may be started anywhere; NULL: it failed, which has
 * been reported. */
static char *image_words(const struct request *request)
{
    char *words = NULL;
    size_t size = 0;
    FILE *out = textstream_open(&words, &size);

    for (unsigned i = 2; out && i < request->count; i++) {
        char *path = realpath(request->words[i], NULL);

        if (!path) {
            fprintf(stderr, "%s: %s\n", request->words[i], strerror(errno));
            fclose(out);
            free(words);
            return NULL;
        }
        fputs(i > 2 ? " " : "", out);
        hsx_wave_put_path(path, out);
        free(path);
    }
    if (!out || fclose(out) != 0) {
        fprintf(stderr, "hsx wave: out of memory\n");
        return NULL;
    }
    return words;
}

static int view(const struct request *request)
{
    static char program[4096];
    enum { SLOTS = 16 };
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    char *images = image_words(request);
    struct hsx_wave_view v = {.wave = request->words[1],
                              .icarus = request->icarus,
                              .slots = request->count > 2 ? request->count - 2 : SLOTS,
                              .program = length > 0 ? program : "hsx",
                              .images = images && images[0] != '\0' ? images : NULL,
                              .has_cursor = request->has_cursor,
                              .cursor = request->cursor,
                              .end = hsx_wave_end(request->words[1])};
    struct hsx_output output;
    bool good;

    if (!images) {
        return HSX_EXIT_INPUT;
    }
    if (!request->output) {
        good = hsx_wave_write_view(&v, stdout);
    } else {
        good = hsx_output_open(&output, request->output) == HSX_OK;
        if (good) {
            hsx_wave_write_view(&v, output.file);
            good = hsx_output_commit(&output) == HSX_OK;
        }
        if (!good) {
            fprintf(stderr, "%s: %s\n", request->output, strerror(errno));
        }
    }
    free(images);
    return good ? HSX_EXIT_OK : HSX_EXIT_INPUT;
}

static const struct argp_option options[] = {
    {"output", 'o', "FILE.gtkw", 0, "view: write to FILE.gtkw. Default: standard output", 0},
    {"cursor", KEY_CURSOR, "CYCLE", 0, "view: put the marker on this cycle", 0},
    {"sim", KEY_SIM, "verilator|icarus", 0,
     "view: the simulator that wrote the wave. Default: verilator", 0},
    {0},
};

int hsx_cmd_wave(int argc, char **argv)
{
    static const struct argp argp = {
        options,
        parse,
        "view WAVE [IMAGE.hxe...]\nfilter instruction|event|state|stop [IMAGE.hxe...]",
        "View a wave of the core in GTKWave."
        "\vview makes a save file that opens WAVE with the signals of the machine in groups: "
        "events, registers of the task that ran last, states of the tasks. filter is what GTKWave "
        "runs for them: for each value on standard input it prints the word. The images are those "
        "of the tasks in the order of their slots, which is that of loading; symbol files next to "
        "them are used.",
        0,
        0,
        0};
    struct request request = {0};

    if (!command_line_parse(&argp, argc, argv, 0, &request)) {
        return HSX_EXIT_USAGE;
    }
    return request.words[0][0] == 'v' ? view(&request) : filter(&request);
}
