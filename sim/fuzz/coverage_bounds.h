// SPDX-License-Identifier: Apache-2.0
/* How close accesses, stacks and fetches come to their bounds. A fault's record has no address, so
 * data memory is tracked, and with it the registers. */
#ifndef HSX_COVERAGE_BOUNDS_H
#define HSX_COVERAGE_BOUNDS_H

#include "coverage_points.h"
#include <hsx/machine.h>

/* Data memory according to records and the executive's writes. */
struct coverage_memory {
    uint8_t bytes[HSX_DATA_SIZE];
};

/* addr + len <= HSX_DATA_SIZE */
void coverage_memory_write(struct coverage_memory *m, uint32_t addr, const void *bytes, size_t len);

/* Applies what an instruction of the context wrote: memory, R15, its register. */
void coverage_memory_follow(struct coverage_memory *m, const struct hsx_context *ctx,
                            const struct hsx_record *r);

/* The bound that a record of the context reaches, or BOUNDS. */
enum coverage_bound coverage_bound_of(const struct hsx_context *ctx, const struct hsx_record *r);

/* The access of a MEM_FAULT of the context; memory does not include the fault yet. */
struct coverage_refusal {
    uint32_t addr, width; /* before translation; width 0: not a load or store */
    bool write;
};
struct coverage_refusal coverage_refusal_of(const struct coverage_memory *m,
                                            const struct hsx_context *ctx,
                                            const struct hsx_record *r);

#endif
