// SPDX-License-Identifier: Apache-2.0
/* The report in its three forms. Files are written completely or not at all. */
#ifndef HSX_FPGA_OUTPUT_H
#define HSX_FPGA_OUTPUT_H

#include "rows.h"

void hsx_fpga_print(const struct hsx_fpga_row *rows, size_t count);

/* The list that contract readers parse; 0, or -1 with one line on stderr. */
int hsx_fpga_write_json(const char *file, const struct hsx_fpga_row *rows, size_t count);

/*
 * Puts the table between the two marker lines of a Markdown page and keeps the rest of the page;
 * 0, or -1 with one line on stderr.
 */
int hsx_fpga_write_page(const char *file, const struct hsx_fpga_row *rows, size_t count);

#endif
