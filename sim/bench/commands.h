// SPDX-License-Identifier: Apache-2.0
/* The cost of user commands, relative to the machines that they run. */
#ifndef HSX_BENCH_COMMANDS_H
#define HSX_BENCH_COMMANDS_H

#include "results.h"

/* Fills command_costs. Each round runs the core and then every command, so that all see
 * the same load of the host; quick: one short round. */
enum hsx_status bench_measure_commands(struct bench_results *results, bool quick);

#endif
