// SPDX-License-Identifier: Apache-2.0
/* The Verilated core, and measurements that count its cycles: the same in every run. */
#ifndef HSX_BENCH_CORE_H
#define HSX_BENCH_CORE_H

#include "results.h"
#include <hsx/rtl_link.h>

/* Creates a core with at least so many contexts, at most 128. *link is set unless link is
 * NULL; the core owns it. */
enum hsx_status bench_core_create(unsigned contexts, struct hsx_target **core,
                                  struct hsx_rtl_link **link);

/* Fills ipc for the counts in *results, and slots if 16 is one; each task runs at most `steps`
 * steps. */
enum hsx_status bench_measure_ipc(struct bench_results *results, unsigned steps);

/* Fills the switch_ fields. */
enum hsx_status bench_measure_switch(struct bench_results *results);

#endif
