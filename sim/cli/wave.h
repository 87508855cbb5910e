// SPDX-License-Identifier: Apache-2.0
/* Waves of the core: the options, and the file, which appears completely or not at all. */
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
/* Ends the program with a usage error for an impossible wave: with json, standard output is
 * taken; with stdin_used, the run cannot be repeated. */
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
    char *made[WAVE_FILES]; /* temporary and files that simulators make next to it, */
    int noted[WAVE_FILES];  /* and their numbers for hsx_temporary_forget */
};

/* A temporary file for the wave: next to its path, or in the directory for temporary
 * files if the path is not a regular file. On failure errno says why. */
enum hsx_status wave_file_open(struct wave_file *file, const struct wave_options *options);

/* Puts the wave in place, after the core that wrote it is destroyed. Errors go to stderr. */
enum hsx_status wave_file_commit(struct wave_file *file);
void wave_file_discard(struct wave_file *file);

/* For commands: opens the file if a wave is requested. *wave is what the core must record in this
 * run; NULL if nothing, or if the run will be repeated for the wave. Errors go to stderr. */
enum hsx_status wave_file_begin(struct wave_file *file, const struct wave_options *options,
                                const struct hsx_rtl_wave **wave);

/* For a replay after a run that ended in cycle end: the last cycles before it. after: cycles
 * to include after it. */
void wave_file_last(struct wave_file *file, const struct wave_options *options, uint64_t end,
                    uint64_t after);

#endif
