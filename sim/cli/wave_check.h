// SPDX-License-Identifier: Apache-2.0
/* Is a wave that a simulator wrote whole? Simulators do not say so when a disk is full. */
#ifndef HSX_CLI_WAVE_CHECK_H
#define HSX_CLI_WAVE_CHECK_H

#include <stdbool.h>

/* If not, *error tells in a few words why. FST: its blocks follow each other up to the end of
 * the file, and those that its header counts are there. VCD: it ends with a time or an
 * $end. */
bool hsx_wave_whole(const char *path, bool vcd, const char **error);

#endif
