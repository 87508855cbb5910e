// SPDX-License-Identifier: Apache-2.0
/*
 * Making a program smaller that shows a difference: whole tasks go first, then runs of
 * instructions, single ones, data, mailbox traffic and all that is unusual, as long as the
 * same difference comes. Jumps and calls keep their targets.
 */
#ifndef HSX_SHRINK_H
#define HSX_SHRINK_H

#include <hsx/fuzz.h>

struct hsx_shrink {
    void *ctx;

    /* Does the program show the difference? Then *steps is how many steps are enough. */
    bool (*shows)(void *ctx, const struct hsx_fuzz_program *program, uint64_t *steps);

    /* The values that instructions of a task wrote last before the difference, by word of its
     * code; false, or NULL: they are not known. */
    bool (*values)(void *ctx, const struct hsx_fuzz_program *program, unsigned task,
                   uint32_t *values, bool *known);

    /* True: enough time was spent. */
    bool (*expired)(void *ctx);
};

struct hsx_shrink_result {
    unsigned tries; /* programs run */
    unsigned tasks;
    size_t instructions; /* of all tasks */
};

/* *program shows the difference, and is changed into the smallest one found that does.
 * HSX_ERR_MEMORY changes nothing; HSX_ERR_ARGUMENT: it does not show it. */
enum hsx_status hsx_fuzz_shrink(struct hsx_fuzz_program *program, const struct hsx_shrink *shrink,
                                struct hsx_shrink_result *result);

#endif
