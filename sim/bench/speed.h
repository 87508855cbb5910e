// SPDX-License-Identifier: Apache-2.0
/* Measurements of speed, which depend on the host and the run. */
#ifndef HSX_BENCH_SPEED_H
#define HSX_BENCH_SPEED_H

#include "results.h"

/* Fill bare_hz and lockstep_hz, and vm_ips; seconds is the CPU time that each
 * of their values takes. */
enum hsx_status bench_measure_verilated(struct bench_results *results, double seconds);
enum hsx_status bench_measure_vm(struct bench_results *results, double seconds);

#endif
