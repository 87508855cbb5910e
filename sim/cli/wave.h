// SPDX-License-Identifier: Apache-2.0
/* Waves of the core: what is asked for, and the file that appears whole or not at all. */
#ifndef HSX_CLI_WAVE_H
#define HSX_CLI_WAVE_H

#include <argp.h>
#include <hsx/rtl_link.h>

struct wave_options {
    const char *path;  /* NULL: no wave; "-": standard output */
    uint64_t from, to; /* cycles */
    uint64_t last;     /* 0: no such limit; else only so many cycles before the end */
};

void wave_options_init(struct wave_options *options);
/* Ends the program with a usage error for a wave that cannot be: json, standard output is the
 * object's; stdin_used, no run with what was read there can be made again. */
void wave_options_check(const struct argp_state *state, const struct wave_options *options,
                        bool json, bool stdin_used);

/* --wave, --wave-from, --wave-to and --wave-last, for argp's children; input is a struct
 * wave_options. */
extern const struct argp wave_argp;

enum { WAVE_FILES = 4 };

struct wave_file {
    struct hsx_rtl_wave wave; /* for the core; its path is a temporary file's */
    const char *path;
    char *temporary;        /* NULL: not open */
    char *made[WAVE_FILES]; /* temporary and what simulators make beside it; with */
    int noted[WAVE_FILES];  /* their places among the files that go with a signal */
};

/* A temporary file for the wave: beside its path, or in the directory for temporary files
 * when that is no regular file. On failure errno tells why. */
enum hsx_status wave_file_open(struct wave_file *file, const struct wave_options *options);

/* The core that wrote it is gone: puts it in place. On failure what is wrong goes to stderr. */
enum hsx_status wave_file_commit(struct wave_file *file);
void wave_file_discard(struct wave_file *file);

/* For commands: opens the file if a wave is asked for, with *wave what the core is to record in
 * this run, which is NULL also if it is made again for the wave. What is wrong goes to stderr. */
enum hsx_status wave_file_begin(struct wave_file *file, const struct wave_options *options,
                                const struct hsx_rtl_wave **wave);

/* For a replay after a run that came to an end in cycle end: the last cycles before it. after:
 * cycles behind it that belong to it, too. */
void wave_file_last(struct wave_file *file, const struct wave_options *options, uint64_t end,
                    uint64_t after);

#endif
