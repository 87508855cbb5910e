// SPDX-License-Identifier: Apache-2.0
/* Checks that a simulator wrote a complete wave: simulators do not report a full disk. */
#ifndef HSX_CLI_WAVE_CHECK_H
#define HSX_CLI_WAVE_CHECK_H

#include <stdbool.h>

/* If not, *error says why in a few words. FST: its blocks follow each other up to the end of
 * the file, and those counted in its header exist. VCD: it ends with a time or an $end. */
bool hsx_wave_whole(const char *path, bool vcd, const char **error);

#endif
