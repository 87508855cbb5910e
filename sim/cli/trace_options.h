// SPDX-License-Identifier: Apache-2.0
/* The options of commands that write traces, and the resulting files. */
#ifndef HSX_CLI_TRACE_OPTIONS_H
#define HSX_CLI_TRACE_OPTIONS_H

#include "output.h"
#include "run_options.h"
#include <argp.h>
#include <hsx/trace.h>

struct trace_options {
    const char *path;    /* NULL: none */
    const char *vm_path; /* of the C VM in lock-step; NULL: none */
    const char *format;  /* NULL: by the file's name */
    struct hsx_trace_window window;
    bool windowed;       /* an option of the window was given */
    const char *pc_name; /* of a function, in place of addresses; NULL: none */
};

void trace_options_init(struct trace_options *options);

/* For argp's children; input is a struct trace_options. */
extern const struct argp trace_options_argp;

/* Does a trace go to standard output? Then nothing else may. */
bool trace_options_use_stdout(const struct trace_options *options);

/* Look up the named function in the symbol files next to the images. Errors go to stderr in one
 * line. */
enum hsx_status trace_options_resolve(struct trace_options *options,
                                      const struct hsx_run_options *images);

/* A trace that is being written. Zeroed: none; all calls then do nothing. */
struct trace_file {
    struct hsx_target *target; /* traced; outlives this */
    struct hsx_trace *trace;
    struct hsx_output output;
};

/* The files of the tasks, in load order. */
struct trace_images {
    char *const *files;     /* NULL: not from files */
    const uint32_t *hashes; /* as hsx_trace_hash gives them */
    size_t count;
};

struct trace_images trace_images_of(const struct hsx_run_options *options);

/* Errors go to stderr in one line, and the file is unchanged. path NULL: no trace. */
enum hsx_status trace_file_open(struct trace_file *file, const struct trace_options *options,
                                const char *path, struct hsx_target *target);
/* Writes the header, after the images are loaded. target: its name; images may be NULL. */
enum hsx_status trace_file_begin(struct trace_file *file, struct hsx_exec *exec, const char *target,
                                 const struct trace_images *images);
/* Puts the file in place; checked: the machine's memory must match the records. */
enum hsx_status trace_file_close(struct trace_file *file, bool checked);
void trace_file_discard(struct trace_file *file);

#endif
