// SPDX-License-Identifier: Apache-2.0
/* Numbers given to options of the command line. */
#ifndef HSX_OPTION_NUMBER_H
#define HSX_OPTION_NUMBER_H

#include <argp.h>
#include <stdint.h>

/* arg, decimal or 0x hex, from least to most; otherwise the program ends with a usage
 * error for option. */
uint64_t hsx_option_number(const struct argp_state *state, const char *option, const char *arg,
                           uint64_t least, uint64_t most);

#endif
