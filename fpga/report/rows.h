// SPDX-License-Identifier: Apache-2.0
/* One row of the report: the cost of one configuration of the core on one device. */
#ifndef HSX_FPGA_ROWS_H
#define HSX_FPGA_ROWS_H

#include <jansson.h>
#include <stddef.h>

/* Long enough for any path description; longer ones are cut. */
#define HSX_ROW_TEXT  200
#define HSX_ROW_SEEDS 16

struct hsx_fpga_row {
    char device[HSX_ROW_TEXT];
    char without[HSX_ROW_TEXT]; /* the omitted units; "none": all are included */
    long long contexts;
    long long lc; /* logic cells of the core without its shell: the median over the seeds where
                     the row was placed and routed, LUTs where it was only synthesised */
    long long bram;
    long long dsp;
    double fmax_mhz[HSX_ROW_SEEDS]; /* one for each seed that was routed, in the manifest's order */
    size_t seeds;                   /* of fmax_mhz; 0 and failed = 0: area alone */
    size_t failed;                  /* seeds with which the design could not be placed or routed */
    char critical_path[HSX_ROW_TEXT]; /* of the slowest seed, or why there is none; empty for area
                                         alone */
};

/*
 * Reads the tools' reports for one element of the manifest (its format is at the top of
 * fpga/CMakeLists.txt). Returns 0, or -1 with one line on stderr, prefixed by the name of the
 * file that is wrong.
 */
int hsx_fpga_read_row(const char *manifest, const json_t *entry, struct hsx_fpga_row *row);

double hsx_fpga_least(const struct hsx_fpga_row *row);
double hsx_fpga_median(const struct hsx_fpga_row *row);

#endif
