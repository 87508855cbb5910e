// SPDX-License-Identifier: Apache-2.0
/* Tasks of few instructions for a target. */
#ifndef TESTS_COSIM_TASKS_H
#define TESTS_COSIM_TASKS_H

#include "../words.h"
#include <hsx/rtl.h>

enum { TASKS_MAX = 16 };

/* The RTL core with as many contexts and windows, or the one in the shared object named by
 * the environment variable HSX_TEST_MODEL; link may be NULL. */
struct hsx_target *tasks_core(struct hsx_rtl_link **link);

/* Slot runs words, from address 0x100 * slot of the code, with a slice of 1. */
void tasks_start(struct hsx_target *target, uint8_t slot, const uint32_t *words, size_t count);

/* One access to a 32-bit register or word of the host port. */
uint32_t tasks_read(struct hsx_rtl_link *link, uint32_t addr);
void tasks_write(struct hsx_rtl_link *link, uint32_t addr, uint32_t value);

#endif
