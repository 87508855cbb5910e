// SPDX-License-Identifier: Apache-2.0
/* Counts of coverage as text. */
#include <ctype.h>
#include <hsx/coverage.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum hsx_status hsx_coverage_write(const uint64_t *counts, FILE *out)
{
    const size_t points = hsx_coverage_points();
    char(*names)[HSX_COVERAGE_NAME] = hsx_coverage_names();

    if (!names) {
        return HSX_ERR_MEMORY;
    }
    for (size_t point = 0; point < points; point++) {
        if (counts[point] != 0) {
            fprintf(out, "%" PRIu64 "\t%s\n", counts[point], names[point]);
        }
    }
    free(names);
    return ferror(out) ? HSX_ERR_IO : HSX_OK;
}

/* Files written here have the lines in the order of the points; any order is accepted. */
static size_t find(char (*names)[HSX_COVERAGE_NAME], size_t points, size_t from, const char *name)
{
    for (size_t i = 0; i < points; i++) {
        size_t point = (from + i) % points;

        if (strcmp(names[point], name) == 0) {
            return point;
        }
    }
    return points;
}

enum hsx_status hsx_coverage_read(FILE *in, uint64_t *counts, unsigned *line)
{
    const size_t points = hsx_coverage_points();
    char(*names)[HSX_COVERAGE_NAME] = hsx_coverage_names();
    char text[32 + HSX_COVERAGE_NAME];
    enum hsx_status status = HSX_OK;
    size_t point = 0;

    *line = 0;
    if (!names) {
        return HSX_ERR_MEMORY;
    }
    while (status == HSX_OK && fgets(text, sizeof text, in)) {
        char *name = text;
        uint64_t count = isdigit((unsigned char)text[0]) ? strtoull(text, &name, 10) : 0;

        ++*line;
        name[strcspn(name, "\n")] = '\0';
        point = count != 0 && *name == '\t' ? find(names, points, point, name + 1) : points;
        if (point == points || count > UINT64_MAX - counts[point]) {
            status = HSX_ERR_FORMAT;
        } else {
            counts[point] += count;
        }
    }
    free(names);
    return status == HSX_OK && ferror(in) ? HSX_ERR_IO : status;
}
