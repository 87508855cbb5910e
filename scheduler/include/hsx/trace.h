// SPDX-License-Identifier: Apache-2.0
/*
 * Text traces: JSON Lines, one event of the record order a line (contract
 * section 8).
 *
 * Registers are those of a memory image that was read from the target when the
 * trace began and has followed the records since. So the machine need not be
 * stopped for them, and at the end the image must equal its data memory.
 */
#ifndef HSX_TRACE_H
#define HSX_TRACE_H

#include <hsx/exec.h>
#include <stdio.h>

struct hsx_trace;

/* target is held; it is read here and by hsx_trace_check. out stays the
 * caller's, who flushes and closes it and looks at its error flag. */
enum hsx_status hsx_trace_create(struct hsx_target *target, FILE *out, struct hsx_trace **trace);
void hsx_trace_destroy(struct hsx_trace *trace);

/* What hsx_exec_set_sink takes. */
struct hsx_exec_sink hsx_trace_sink(struct hsx_trace *trace);

/* HSX_ERR_DIVERGED: the target's data memory is not what the records say, first
 * at *addr. HSX_ERR_MEMORY: a line was lost. The target is held. */
enum hsx_status hsx_trace_check(struct hsx_trace *trace, uint32_t *addr);

#endif
