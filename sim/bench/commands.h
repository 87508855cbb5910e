// SPDX-License-Identifier: Apache-2.0
/* What commands cost that users give, beside what they cannot do without. */
#ifndef HSX_BENCH_COMMANDS_H
#define HSX_BENCH_COMMANDS_H

#include "results.h"

/* Fills command_costs. Each round runs the core and then every command, so that all of it
 * meets the same machine; quick: one short round. */
enum hsx_status bench_measure_commands(struct bench_results *results, bool quick);

#endif
