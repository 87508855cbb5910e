// SPDX-License-Identifier: Apache-2.0
/*
 * Views of a wave for GTKWave: a save file that opens with the signals of the machine
 * (sim/rtl/hsx_wave_view.v) in groups, and the filters that turn their values into words.
 * Names of signals are only in sim/wave/signals.def.
 */
#ifndef HSX_WAVE_H
#define HSX_WAVE_H

#include <hsx/status.h>
#include <hsx/symbols.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* The kind of a filter: the word after `hsx wave filter`. */
enum hsx_wave_filter {
    HSX_FILTER_NONE,
    HSX_FILTER_INSTRUCTION, /* slot, place and instruction */
    HSX_FILTER_EVENT,
    HSX_FILTER_STATE, /* of a task */
    HSX_FILTER_STOP,  /* why the core was held */
    HSX_FILTERS
};

const char *hsx_wave_filter_name(enum hsx_wave_filter filter);
/* HSX_FILTER_NONE: there is none of that name. */
enum hsx_wave_filter hsx_wave_filter_of(const char *name);

/* The images of the tasks in slots 0, 1, ..., for the names of instructions. */
struct hsx_wave_task {
    const char *name;                  /* or NULL */
    const struct hsx_symbols *symbols; /* or NULL */
    bool call_words;
};

enum { HSX_WAVE_TEXT = 400 };

/* The word for a value, given in hexadecimal as GTKWave does. A value without a word, such
 * as one with an x, is copied; one that means "nothing" gives an empty text. */
void hsx_wave_word(enum hsx_wave_filter filter, const char *value,
                   const struct hsx_wave_task *tasks, unsigned count, char *text, size_t size);

/* Answers GTKWave: for each line of in a line of out. */
void hsx_wave_filter_lines(enum hsx_wave_filter filter, const struct hsx_wave_task *tasks,
                           unsigned count, FILE *in, FILE *out);

struct hsx_wave_view {
    const char *wave;    /* path of the wave, as written in the save file */
    bool icarus;         /* made by Icarus, where signals have other scopes */
    unsigned slots;      /* whose states are shown */
    const char *program; /* `hsx`, as GTKWave can start it; NULL: without filters */
    const char *images; /* of the tasks, for its filters, written by hsx_wave_put_path and separated
                           by blanks; or NULL */
    bool has_cursor;
    uint64_t cursor; /* a cycle */
    uint64_t end;    /* the last cycle of the wave; 0: not known */
};

/* False: out could not be written. */
bool hsx_wave_write_view(const struct hsx_wave_view *view, FILE *out);

/* Encodes a path as a word, as GTKWave passes all words of a filter as one text. take decodes
 * it. */
void hsx_wave_put_path(const char *path, FILE *out);
void hsx_wave_take_path(char *word);

/* The last cycle of a wave in FST; 0: not FST, or unreadable. */
uint64_t hsx_wave_end(const char *path);

/* The scope of the view's signals in waves of a simulator. */
const char *hsx_wave_scope(bool icarus);

/* Signals of the view, in the order of sim/wave/signals.def; NULL after the last. */
const char *hsx_wave_signal(unsigned n);

#endif
