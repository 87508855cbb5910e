// SPDX-License-Identifier: Apache-2.0
/* What a harness offers: libFuzzer or replay.c calls it with one input. */
#ifndef HSX_TEST_FUZZ_H
#define HSX_TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
