// SPDX-License-Identifier: Apache-2.0
/* The results of the benchmark, and their form as JSON. */
#ifndef HSX_BENCH_RESULTS_H
#define HSX_BENCH_RESULTS_H

#include "program.h"
#include <stddef.h>

enum { BENCH_MAX_COUNTS = 32 };

/* Where the core's issue slots go, in percent of its cycles. */
enum bench_slot {
    BENCH_RETIRED,
    BENCH_NO_TASK, /* these seven are counters of the core, in the order of its host map */
    BENCH_OWN_RESULT,
    BENCH_TRAP,
    BENCH_MEMORY,
    BENCH_LONG_OPERATION,
    BENCH_TICK,
    BENCH_SQUASH,
    BENCH_OTHER_EVENTS, /* the rest: faults, ends of tasks, ticks */
    BENCH_SLOTS
};

/* Commands of hsx: the first on the C VM, the others on the core. */
enum bench_command { BENCH_RUN, BENCH_COSIM, BENCH_FUZZ, BENCH_COMMANDS };

struct bench_results {
    unsigned counts[BENCH_MAX_COUNTS]; /* numbers of tasks, ascending; the first is 1 */
    size_t count_count;
    double ipc[BENCH_PROGRAMS][BENCH_MAX_COUNTS]; /* instructions per cycle */

    unsigned slot_tasks; /* READY tasks while slots were counted */
    double slots[BENCH_PROGRAMS][BENCH_SLOTS];

    unsigned switch_tasks;  /* ready tasks while switches were measured */
    double switch_cycles;   /* cycles lost at each change of task */
    unsigned switch_jitter; /* longest minus shortest interval between two turns, in cycles */

    double bare_hz;     /* Verilated cycles per second of CPU time */
    double lockstep_hz; /* the same with the C VM in lock-step */

    /* Processor time of each, relative to that of as many cycles of the C VM or the Verilated core
     * alone. */
    double command_costs[BENCH_COMMANDS];

    struct {
        double plain, records, round_robin_8; /* instructions per second of CPU time */
    } vm_ips[BENCH_KERNELS];
};

/* Cycles per instruction of one task alone. */
double bench_single_cpi(const struct bench_results *results, size_t program);

/* 0, or -1 with one line on stderr. */
int bench_write_json(const char *path, const struct bench_results *results);
int bench_write_page(const char *path, const struct bench_results *results);
int bench_write_plot(const char *path, const struct bench_results *results);

/* Everything, including speeds of this run and machine. */
void bench_print(const struct bench_results *results);

#endif
