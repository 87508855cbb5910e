// SPDX-License-Identifier: Apache-2.0
/*
 * Coverage of random programs, in points: each is one thing that a machine can get wrong, or
 * two that happen close together. coverage_points.c lists them. Points are counted from a
 * machine's records and the executive's events, on any machine; those of lost slots from a
 * core that shows them (<hsx/rtl.h>).
 */
#ifndef HSX_COVERAGE_H
#define HSX_COVERAGE_H

#include <hsx/exec.h>
#include <hsx/rtl_link.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Points are numbered from 0 on. */
size_t hsx_coverage_points(void);

enum { HSX_COVERAGE_NAME = 64 };

/* The names of all points by number, such as "pair other ADD MUL": the first word is the group.
 * NULL: out of memory. To be freed. */
char (*hsx_coverage_names(void))[HSX_COVERAGE_NAME];

struct hsx_coverage;

/* contexts: of the machine. NULL: out of memory. */
struct hsx_coverage *hsx_coverage_create(unsigned contexts);
void hsx_coverage_destroy(struct hsx_coverage *coverage);

/* How often each point was reached, by number. The caller may change the counts. */
uint64_t *hsx_coverage_counts(struct hsx_coverage *coverage);

/* Called before each program, so that its events are not related to earlier ones. */
void hsx_coverage_begin(struct hsx_coverage *coverage);

/* Attach it before the program's tasks are loaded. It is valid as long as the coverage. */
struct hsx_exec_sink hsx_coverage_sink(struct hsx_coverage *coverage);

/* Adds the slots that a core lost. */
void hsx_coverage_add_lost(struct hsx_coverage *coverage, const struct hsx_lost_watch *lost);

/* A text file with a line for each point that was reached: its count, a tab, its name. */
enum hsx_status hsx_coverage_write(const uint64_t *counts, FILE *out);

/* Adds the counts of such a file. HSX_ERR_FORMAT: *line (from 1) is malformed, and counts
 * are undefined. */
enum hsx_status hsx_coverage_read(FILE *in, uint64_t *counts, unsigned *line);

#ifdef __cplusplus
}
#endif

#endif
