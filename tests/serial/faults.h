// SPDX-License-Identifier: Apache-2.0
/* What goes wrong on a serial line, by a seed. */
#ifndef HSX_TEST_FAULTS_H
#define HSX_TEST_FAULTS_H

#include <stddef.h>
#include <stdint.h>

enum fault {
    FAULT_NONE,
    FAULT_LOST,
    FAULT_DOUBLED,
    FAULT_GARBLED,
    FAULT_DELAYED,
    FAULT_PULLED, /* the cable, for a while */
    FAULT_RESET,  /* the board's button */
    FAULT_KINDS
};

struct faults {
    uint64_t state;  /* of the random numbers */
    unsigned every;  /* bytes between two faults, about; 0: none */
    unsigned resets; /* of 1000 faults that many are resets, */
    unsigned pulls;  /* and that many pull the cable */
    unsigned quiet;  /* bytes that pass before the first */
    unsigned count[FAULT_KINDS];
};

uint32_t faults_random(struct faults *faults, uint32_t below);

/* What becomes of the next byte; it is counted. */
enum fault faults_next(struct faults *faults);

#endif
