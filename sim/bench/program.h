// SPDX-License-Identifier: Apache-2.0
/* The programs that are measured, as tasks of an executive. */
#ifndef HSX_BENCH_PROGRAM_H
#define HSX_BENCH_PROGRAM_H

#include <hsx/exec.h>

enum bench_kind {
    BENCH_KERNEL, /* endless; tables at fixed addresses unless BENCH_OWN: protection off */
    BENCH_DEMO    /* ends after some thousand steps; tables in .data; protection on */
};

struct bench_program {
    const char *name; /* in tables and bench.json */
    enum bench_kind kind;
    const char *file; /* of its image, without directory */
};

enum { BENCH_KERNELS = 3, BENCH_PROGRAMS = 6 };

/* Kernels first. */
extern const struct bench_program bench_programs[BENCH_PROGRAMS];

/* Which tables a kernel has: small ones at the same addresses for all tasks, or large ones in
 * the task's own data segment. Demos have one size. */
enum bench_size { BENCH_SMALL, BENCH_OWN };

/* An executive of programs of one kind on a target that has no tasks. Time stands still,
 * so that there are no ticks. A failure is reported in one line on stderr. */
enum hsx_status bench_exec_create(struct hsx_target *target, enum bench_kind kind,
                                  struct hsx_exec **exec);

/* Loads count tasks. Between two of them the machine runs `stagger` steps, so that they
 * do not run in phase; 0: they all begin together. */
enum hsx_status bench_load(struct hsx_exec *exec, const struct bench_program *program,
                           enum bench_size size, unsigned count, unsigned stagger);

/* Reports on stderr that something failed; returns status. */
enum hsx_status bench_failed(const char *what, enum hsx_status status);

#endif
