// SPDX-License-Identifier: Apache-2.0
/* Faults on a serial line, determined by a seed. */
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
    FAULT_PULLED, /* the cable is pulled, for a while */
    FAULT_RESET,  /* the board's reset button is pressed */
    FAULT_KINDS
};

struct faults {
    uint64_t state;  /* of the random numbers */
    unsigned every;  /* average bytes between two faults; 0: no faults */
    unsigned resets; /* of 1000 faults that many are resets, */
    unsigned pulls;  /* and that many pull the cable */
    unsigned quiet;  /* bytes that pass before the first */
    unsigned count[FAULT_KINDS];
};

uint32_t faults_random(struct faults *faults, uint32_t below);

/* The fault of the next byte, which is counted. */
enum fault faults_next(struct faults *faults);

#endif
