// SPDX-License-Identifier: Apache-2.0
/* The function of a harness, which libFuzzer or replay.c calls with one input. */
#ifndef HSX_TEST_FUZZ_H
#define HSX_TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
