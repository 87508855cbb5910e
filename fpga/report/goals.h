// SPDX-License-Identifier: Apache-2.0
/* What the core is meant to cost, next to what it does. */
#ifndef HSX_FPGA_GOALS_H
#define HSX_FPGA_GOALS_H

#include "rows.h"
#include <stdio.h>

/* A Markdown table; goals whose rows are not there are left out. */
void hsx_fpga_write_goals(FILE *out, const struct hsx_fpga_row *rows, size_t count);

#endif
