// SPDX-License-Identifier: Apache-2.0
/* The options of every command that runs tasks, and the loading of its images. */
#ifndef HSX_CLI_RUN_OPTIONS_H
#define HSX_CLI_RUN_OPTIONS_H

#include <argp.h>
#include <hsx/exec.h>
#include <hsx/symbols.h>
#include <stdio.h>

/* Both the C VM and the default build of the core have this many. */
enum { DEFAULT_CONTEXTS = 16 };

struct hsx_run_options {
    struct hsx_exec_config config;
    uint64_t max_steps; /* UINT64_MAX: no limit */
    unsigned contexts;
    uint32_t stdin_pid; /* the task that gets standard input; 0: none */
    bool json;
    enum { HSX_CONSOLE_AUTO, HSX_CONSOLE_RAW, HSX_CONSOLE_SAFE } console;
    const struct hsx_target *board; /* whose failure may make a load fail; NULL: none */
    const char *restore;            /* a snapshot to begin from; NULL: none */
    char **files;                   /* images, in load order */
    size_t count;
    uint32_t hashes[HSX_MAX_CONTEXTS]; /* CRC-32 of each file that was loaded */
    struct {
        uint32_t pid;
        struct hsx_symbols *symbols; /* owned; NULL: none next to the image */
    } names[HSX_MAX_CONTEXTS];       /* of each file that was loaded */
};

void hsx_run_options_init(struct hsx_run_options *options);

/* For the children of a command's argp: pass the struct hsx_run_options in
 * state->child_inputs. It parses the options, not the files. */
extern const struct argp hsx_run_options_argp;

/* Unless --stack gives a size: if the default stacks of so many tasks do not fit, each gets an
 * equal share of two thirds of the memory; the rest is for their data. */
void hsx_options_expect_tasks(struct hsx_run_options *options, size_t tasks);

/* Whether control bytes in the output of tasks are escaped: by option, else if out is a
 * terminal. */
bool hsx_options_safe_console(const struct hsx_run_options *options, FILE *out);

/* The name of a place in the code of a task, or an empty text. */
void hsx_options_name(const struct hsx_run_options *options, uint32_t pid, uint32_t pc, char *text,
                      size_t size);
/* Free what the loads have kept. */
void hsx_run_options_clear(struct hsx_run_options *options);

/* Restore the snapshot, if any, before a trace is begun. Errors go to stderr as one line, as with
 * images. */
enum hsx_status hsx_restore_file(struct hsx_exec *exec, const struct hsx_run_options *options);
enum hsx_status hsx_load_files(struct hsx_exec *exec, struct hsx_run_options *options);

#endif
