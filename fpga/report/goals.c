// SPDX-License-Identifier: Apache-2.0
#include "goals.h"
#include <string.h>

/* All goals are for the core with all its units. */
enum { USUAL = 16, MANY = 64 };

static const struct hsx_fpga_row *find(const struct hsx_fpga_row *rows, size_t count,
                                       const char *device, long long contexts)
{
    for (size_t i = 0; i < count; i++) {
        const struct hsx_fpga_row *row = &rows[i];

        if (strcmp(row->device, device) == 0 && strcmp(row->without, "none") == 0 &&
            row->contexts == contexts) {
            return row;
        }
    }
    return NULL;
}

static const char *met(int yes)
{
    return yes ? "met" : "missed";
}

static void write_fmax(FILE *out, const struct hsx_fpga_row *row, double goal)
{
    if (row && row->seeds > 0) {
        double median = hsx_fpga_median(row);

        fprintf(out, "| Fmax on %s, median | %.0f MHz | %.1f MHz | %s |\n", row->device, goal,
                median, met(median >= goal));
    }
}

static void write_count(FILE *out, const char *what, long long got, long long goal)
{
    fprintf(out, "| %s | at most %lld | %lld | %s |\n", what, goal, got, met(got <= goal));
}

void hsx_fpga_write_goals(FILE *out, const struct hsx_fpga_row *rows, size_t count)
{
    const struct hsx_fpga_row *usual = find(rows, count, "hx8k", USUAL);
    const struct hsx_fpga_row *many = find(rows, count, "hx8k", MANY);

    fputs("| goal, 16 contexts and all units | | got | |\n|---|---|---|---|\n", out);
    write_fmax(out, usual, 85);
    write_fmax(out, find(rows, count, "up5k", USUAL), 33);
    if (usual) {
        write_count(out, "LC", usual->lc, 3500);
        write_count(out, "block RAM", usual->bram, 14);
    }
    if (usual && many && usual->lc > 0) {
        double growth = 100.0 * (double)(many->lc - usual->lc) / (double)usual->lc;

        fprintf(out, "| LC from 16 to 64 contexts | at most +5 %% | %+.1f %% | %s |\n", growth,
                met(growth <= 5));
    }
}
