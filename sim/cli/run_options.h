// SPDX-License-Identifier: Apache-2.0
/* The options of every command that runs tasks, and the loading of its images. */
#ifndef HSX_CLI_RUN_OPTIONS_H
#define HSX_CLI_RUN_OPTIONS_H

#include <argp.h>
#include <hsx/exec.h>

struct hsx_run_options {
    struct hsx_exec_config config;
    uint64_t max_steps; /* UINT64_MAX: no limit */
    unsigned contexts;
    uint32_t stdin_pid; /* the task that gets standard input; 0: none */
    bool json;
    char **files; /* images, in load order */
    size_t count;
    uint32_t hashes[HSX_MAX_CONTEXTS]; /* CRC-32 of each file that was loaded */
};

void hsx_run_options_init(struct hsx_run_options *options);

/* For the children of a command's argp: hand the struct hsx_run_options to
 * state->child_inputs. It takes the options, not the files. */
extern const struct argp hsx_run_options_argp;

/* Load the images; what is wrong goes to stderr as one line. */
enum hsx_status hsx_load_files(struct hsx_exec *exec, struct hsx_run_options *options);

#endif
