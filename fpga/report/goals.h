// SPDX-License-Identifier: Apache-2.0
/* Goals for the cost of the core, compared with the measurements. */
#ifndef HSX_FPGA_GOALS_H
#define HSX_FPGA_GOALS_H

#include "rows.h"
#include <stdio.h>

/* A Markdown table; goals without rows are omitted. */
void hsx_fpga_write_goals(FILE *out, const struct hsx_fpga_row *rows, size_t count);

#endif
