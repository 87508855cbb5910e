// SPDX-License-Identifier: Apache-2.0
/* Traces of both sides of a lock-step. */
#ifndef HSX_CLI_LOCKSTEP_TRACES_H
#define HSX_CLI_LOCKSTEP_TRACES_H

#include "trace_options.h"

struct lockstep_traces {
    struct trace_file core, vm;
    uint32_t pids[HSX_MAX_CONTEXTS];    /* by slot, as told last; and */
    uint16_t windows[HSX_MAX_CONTEXTS]; /* their reg_base */
    uint64_t steps;                     /* that have retired */
    struct hsx_exec_sink sink;          /* for the executive, until they are closed */
};

/* As options say; false and nothing to attach: none is wanted. What is wrong goes to stderr. */
enum hsx_status lockstep_traces_open(struct lockstep_traces *t, const struct trace_options *options,
                                     struct hsx_target *cosim, bool *wanted);
/* The headers, when the images are loaded; images may be NULL. */
enum hsx_status lockstep_traces_begin(struct lockstep_traces *t, struct hsx_exec *exec,
                                      const struct trace_images *images);
/* The same where a load failed, so that there is nothing to ask: of how it was to be configured. */
enum hsx_status lockstep_traces_begin_with(struct lockstep_traces *t,
                                           const struct hsx_exec_config *config);
/* Put in place. Each side's ends with its own record of the event that differs, if one does. */
enum hsx_status lockstep_traces_close(struct lockstep_traces *t, struct hsx_target *cosim);
void lockstep_traces_discard(struct lockstep_traces *t);

#endif
