// SPDX-License-Identifier: Apache-2.0
#include "wave.h"
#include "files.h"
#include "option_number.h"
#include "output.h"
#include "signals.h"
#include "wave_check.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_WAVE = 0x4000, KEY_FROM, KEY_TO, KEY_LAST };

void wave_options_init(struct wave_options *options)
{
    *options = (struct wave_options){.to = UINT64_MAX};
}

void wave_options_check(const struct argp_state *state, const struct wave_options *options,
                        bool json, bool stdin_used)
{
    if (json && options->path && strcmp(options->path, "-") == 0) {
        argp_error(state, "--json and a wave both want standard output");
    }
    if (stdin_used && options->last != 0) {
        argp_error(state, "--wave-last repeats the run, which is not possible with --stdin");
    }
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct wave_options *options = state->input;

    switch (key) {
    case KEY_WAVE:
        options->path = arg;
        return 0;
    case KEY_FROM:
        options->from = hsx_option_number(state, "--wave-from", arg, 0, UINT64_MAX);
        return 0;
    case KEY_TO:
        options->to = hsx_option_number(state, "--wave-to", arg, 0, UINT64_MAX);
        return 0;
    case KEY_LAST:
        options->last = hsx_option_number(state, "--wave-last", arg, 1, UINT64_MAX);
        return 0;
    case ARGP_KEY_END:
        if (!options->path &&
            (options->from != 0 || options->to != UINT64_MAX || options->last != 0)) {
            argp_error(state, "--wave-from, --wave-to and --wave-last need --wave FILE");
        }
        if (options->last != 0 && (options->from != 0 || options->to != UINT64_MAX)) {
            argp_error(state, "--wave-last goes without --wave-from and --wave-to");
        }
        if (options->from > options->to) {
            argp_error(state, "--wave-from is after --wave-to");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option option_table[] = {
    {"wave", KEY_WAVE, "FILE", 0,
     "Write all signals of the core to FILE: VCD if its name ends in .vcd, else FST. Cycle c of "
     "a report is at c ns",
     0},
    {"wave-from", KEY_FROM, "CYCLE", 0, "Begin the wave at this cycle. Default: 0", 0},
    {"wave-to", KEY_TO, "CYCLE", 0, "End the wave after this cycle. Default: the run's end", 0},
    {"wave-last", KEY_LAST, "N", 0,
     "Write only the last N cycles: the run is repeated for them, as recording it all takes "
     "longer",
     0},
    {0},
};

const struct argp wave_argp = {option_table, parse, 0, 0, 0, 0, 0};

static bool ends_in(const char *text, const char *end)
{
    size_t len = strlen(text);

    return len >= strlen(end) && strcmp(text + len - strlen(end), end) == 0;
}

/* Whether the file can be put in place by a rename. */
static bool is_plain(const char *path)
{
    struct stat info;

    return strcmp(path, "-") != 0 && (lstat(path, &info) != 0 || S_ISREG(info.st_mode));
}

static bool name_temporary(struct wave_file *file)
{
    const char *dir = getenv("TMPDIR");
    int made;

    if (is_plain(file->path)) {
        made = asprintf(&file->temporary, "%s.XXXXXX", file->path);
    } else {
        made = asprintf(&file->temporary, "%s/hsx-wave.XXXXXX", dir ? dir : "/tmp");
    }
    if (made < 0) {
        file->temporary = NULL;
    }
    return made >= 0;
}

/* mkstemp makes a private file; the result gets the mode fopen would give it. */
static mode_t file_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

/* The file names of Verilator's FST writer, and of a VCD file converted from FST. */
static void note_all(struct wave_file *file)
{
    static const char *const ends[WAVE_FILES] = {"", ".hier", ".fst", ".fst.hier"};

    for (int i = 0; i < WAVE_FILES; i++) {
        if (asprintf(&file->made[i], "%s%s", file->temporary, ends[i]) >= 0) {
            file->noted[i] = hsx_temporary_note(file->made[i]);
        } else {
            file->made[i] = NULL;
        }
    }
}

enum hsx_status wave_file_open(struct wave_file *file, const struct wave_options *options)
{
    sigset_t old;
    int fd;

    *file = (struct wave_file){
        .path = options->path,
        .wave = {.vcd = ends_in(options->path, ".vcd"), .from = options->from, .to = options->to}};
    if (!name_temporary(file)) {
        return HSX_ERR_MEMORY;
    }
    hsx_signals_block(&old);
    fd = mkstemp(file->temporary);
    if (fd >= 0) {
        note_all(file);
    }
    hsx_signals_unblock(&old);
    if (fd < 0 || fchmod(fd, file_mode()) != 0) {
        int cause = errno;

        if (fd < 0) {
            free(file->temporary);
            file->temporary = NULL;
        } else {
            close(fd);
            wave_file_discard(file);
        }
        errno = cause;
        return HSX_ERR_IO;
    }
    close(fd);
    file->wave.path = file->temporary;
    return HSX_OK;
}

void wave_file_discard(struct wave_file *file)
{
    if (!file->temporary) {
        return;
    }
    for (int i = 0; i < WAVE_FILES; i++) {
        if (file->made[i]) {
            unlink(file->made[i]);
            hsx_temporary_forget(file->noted[i]);
            free(file->made[i]);
            file->made[i] = NULL;
        }
    }
    free(file->temporary);
    file->temporary = NULL;
}

static bool copy(FILE *in, FILE *out)
{
    char bytes[1 << 16];
    size_t count;

    while ((count = fread(bytes, 1, sizeof bytes, in)) != 0) {
        if (fwrite(bytes, 1, count, out) != count) {
            return false;
        }
    }
    return !ferror(in);
}

/* Copies to standard output or to a file that is not a regular one. */
static bool copy_out(const struct wave_file *file)
{
    FILE *in = fopen(file->temporary, "rb");
    struct hsx_output output = {0};
    bool good = in != NULL;

    if (good && strcmp(file->path, "-") == 0) {
        good = copy(in, stdout) && fflush(stdout) == 0;
    } else if (good) {
        good = hsx_output_open(&output, file->path) == HSX_OK && copy(in, output.file) &&
               hsx_output_commit(&output) == HSX_OK;
        hsx_output_discard(&output);
    }
    if (in) {
        fclose(in);
    }
    return good;
}

enum hsx_status wave_file_commit(struct wave_file *file)
{
    const char *error = NULL;
    bool good;

    if (!hsx_wave_whole(file->temporary, file->wave.vcd, &error)) {
        fprintf(stderr, "%s: the wave could not be written: %s\n", file->path, error);
        wave_file_discard(file);
        return HSX_ERR_IO;
    }
    good = is_plain(file->path) ? rename(file->temporary, file->path) == 0 : copy_out(file);
    if (!good) {
        fprintf(stderr, "%s: %s\n", file->path, strerror(errno));
    }
    wave_file_discard(file);
    return good ? HSX_OK : HSX_ERR_IO;
}

enum hsx_status wave_file_begin(struct wave_file *file, const struct wave_options *options,
                                const struct hsx_rtl_wave **wave)
{
    *wave = NULL;
    if (!options->path) {
        return HSX_OK;
    }
    enum hsx_status status = wave_file_open(file, options);

    if (status != HSX_OK) {
        fprintf(stderr, "%s: %s\n", options->path, strerror(errno));
    } else if (options->last == 0) {
        *wave = &file->wave;
    }
    return status;
}

void wave_file_last(struct wave_file *file, const struct wave_options *options, uint64_t end,
                    uint64_t after)
{
    file->wave.from = end > options->last ? end - options->last : 0;
    file->wave.to = end + after;
}
