// SPDX-License-Identifier: Apache-2.0
/* Traces of both sides of a lock-step. */
#ifndef HSX_CLI_LOCKSTEP_TRACES_H
#define HSX_CLI_LOCKSTEP_TRACES_H

#include "trace_options.h"

struct lockstep_traces {
    struct trace_file core, vm;
    uint32_t pids[HSX_MAX_CONTEXTS];    /* by slot, as of the last event, */
    uint16_t windows[HSX_MAX_CONTEXTS]; /* and their reg_base */
    uint64_t steps;                     /* that have retired */
    struct hsx_exec_sink sink;          /* for the executive, until they are closed */
};

/* Opens the traces that the options ask for, possibly none. Errors go to stderr. */
enum hsx_status lockstep_traces_open(struct lockstep_traces *t, const struct trace_options *options,
                                     struct hsx_target *cosim, bool *wanted);
/* Writes the headers, after the images are loaded; images may be NULL. */
enum hsx_status lockstep_traces_begin(struct lockstep_traces *t, struct hsx_exec *exec,
                                      const struct trace_images *images);
/* The same after a failed load, when there is no executive to ask: with the intended configuration.
 */
enum hsx_status lockstep_traces_begin_with(struct lockstep_traces *t,
                                           const struct hsx_exec_config *config);
/* Puts the files in place. Each side's trace ends with its own record of the event that
 * differs, if any. */
enum hsx_status lockstep_traces_close(struct lockstep_traces *t, struct hsx_target *cosim);
void lockstep_traces_discard(struct lockstep_traces *t);

#endif
