// SPDX-License-Identifier: Apache-2.0
/*
 * Makes a program that shows a difference smaller: first whole tasks are removed, then
 * runs of instructions, single ones, data, mailbox traffic and everything unusual, as long
 * as the same difference occurs. Jumps and calls keep their targets.
 */
#ifndef HSX_SHRINK_H
#define HSX_SHRINK_H

#include <hsx/fuzz.h>

struct hsx_shrink {
    void *ctx;

    /* Whether the program shows the difference. If so, *steps is a sufficient number of steps. */
    bool (*shows)(void *ctx, const struct hsx_fuzz_program *program, uint64_t *steps);

    /* The last values that instructions of a task wrote before the difference, by word of its
     * code. False, or NULL: unknown. */
    bool (*values)(void *ctx, const struct hsx_fuzz_program *program, unsigned task,
                   uint32_t *values, bool *known);

    /* True: the time is used up. */
    bool (*expired)(void *ctx);
};

struct hsx_shrink_result {
    unsigned tries; /* programs run */
    unsigned tasks;
    size_t instructions; /* of all tasks */
};

/* *program must show the difference, and is changed into the smallest one found that
 * does. HSX_ERR_MEMORY: nothing has changed; HSX_ERR_ARGUMENT: it does not show the
 * difference. */
enum hsx_status hsx_fuzz_shrink(struct hsx_fuzz_program *program, const struct hsx_shrink *shrink,
                                struct hsx_shrink_result *result);

#endif
