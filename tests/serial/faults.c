// SPDX-License-Identifier: Apache-2.0
#include "faults.h"

/* Knuth's MMIX numbers; the upper bits are the good ones. */
uint32_t faults_random(struct faults *f, uint32_t below)
{
    f->state = f->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((f->state >> 32) % below);
}

enum fault faults_next(struct faults *f)
{
    enum fault fault;

    if (f->quiet != 0) {
        f->quiet--;
        return FAULT_NONE;
    }
    if (f->every == 0 || faults_random(f, f->every) != 0) {
        return FAULT_NONE;
    }
    uint32_t kind = faults_random(f, 1000);

    if (kind < f->resets) {
        fault = FAULT_RESET;
    } else if (kind < f->resets + f->pulls) {
        fault = FAULT_PULLED;
    } else {
        fault = (enum fault)(FAULT_LOST + faults_random(f, FAULT_DELAYED - FAULT_LOST + 1));
    }
    f->count[fault]++;
    return fault;
}
