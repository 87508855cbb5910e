// SPDX-License-Identifier: Apache-2.0
#include "fuzz_coverage.h"
#include "files.h"
#include "output.h"
#include <errno.h>
#include <hsx/rtl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum hsx_status read_aim(struct fuzz_coverage *c, char *message, size_t size)
{
    char *bytes = NULL;
    size_t length = 0;
    unsigned line = 0;
    uint64_t *counts = calloc(c->points, sizeof *counts);
    enum hsx_status status = hsx_read_file(c->options.steer, &bytes, &length);

    if (status != HSX_OK || !counts) {
        snprintf(message, size, "%s: %s", c->options.steer, strerror(counts ? errno : ENOMEM));
        free(counts);
        free(bytes);
        return status != HSX_OK ? status : HSX_ERR_MEMORY;
    }
    FILE *in = length > 0 ? fmemopen(bytes, length, "r") : NULL;

    status = in ? hsx_coverage_read(in, counts, &line) : HSX_OK;
    if (in) {
        fclose(in);
    }
    if (status == HSX_OK) {
        c->aim = hsx_fuzz_aim_create(counts);
        status = c->aim ? HSX_OK : HSX_ERR_MEMORY;
    }
    if (status == HSX_ERR_FORMAT) {
        snprintf(message, size,
                 "%s:%u: expected a count, a tab and the name of a point of coverage",
                 c->options.steer, line);
    }
    free(counts);
    free(bytes);
    return status;
}

enum hsx_status fuzz_coverage_open(struct fuzz_coverage *c, unsigned contexts, char *message,
                                   size_t size)
{
    c->points = hsx_coverage_points();
    snprintf(message, size, "out of memory");
    if (c->options.steer) {
        enum hsx_status status = read_aim(c, message, size);

        if (status != HSX_OK) {
            return status;
        }
    }
    if (!c->options.counts) {
        return HSX_OK;
    }
    c->coverage = hsx_coverage_create(contexts);
    c->sum = calloc(c->points, sizeof *c->sum);
    c->newest = calloc(c->points, sizeof *c->newest);
    return c->coverage && c->sum && c->newest ? HSX_OK : HSX_ERR_MEMORY;
}

void fuzz_coverage_close(struct fuzz_coverage *c)
{
    hsx_coverage_destroy(c->coverage);
    hsx_fuzz_aim_destroy(c->aim);
    free(c->sum);
    free(c->newest);
    c->coverage = NULL;
    c->aim = NULL;
    c->sum = c->newest = NULL;
}

void fuzz_coverage_begin(struct fuzz_coverage *c, struct hsx_target *device)
{
    hsx_coverage_begin(c->coverage);
    memset(hsx_coverage_counts(c->coverage), 0, c->points * sizeof *c->sum);
    memset(&c->lost, 0, sizeof c->lost);
    hsx_target_rtl_watch_lost(device, &c->lost);
}

/* As sent from process to process. */
struct reached {
    uint32_t point;
    uint64_t count;
};

bool fuzz_coverage_send(struct fuzz_coverage *c, FILE *out)
{
    const uint64_t *counts = hsx_coverage_counts(c->coverage);

    hsx_coverage_add_lost(c->coverage, &c->lost);
    for (size_t point = 0; point < c->points; point++) {
        struct reached reached;

        if (counts[point] != 0) {
            memset(&reached, 0, sizeof reached);
            reached.point = (uint32_t)point;
            reached.count = counts[point];
            if (fwrite(&reached, sizeof reached, 1, out) != 1) {
                return false;
            }
        }
    }
    return true;
}

void fuzz_coverage_take(struct fuzz_coverage *c, const void *bytes, size_t size)
{
    memset(c->newest, 0, c->points * sizeof *c->newest);
    for (size_t at = 0; at + sizeof(struct reached) <= size; at += sizeof(struct reached)) {
        struct reached reached;

        memcpy(&reached, (const char *)bytes + at, sizeof reached);
        if (reached.point < c->points) {
            c->sum[reached.point] += reached.count;
            c->newest[reached.point] = reached.count;
        }
    }
}

static size_t group_length(const char *name)
{
    return strcspn(name, " ");
}

/* The points from first on with the same first word in their names, and how many were reached. */
static size_t end_of_group(const struct fuzz_coverage *c, char (*names)[HSX_COVERAGE_NAME],
                           size_t first, size_t *reached)
{
    const size_t length = group_length(names[first]) + 1;
    size_t end = first;

    for (*reached = 0; end < c->points && strncmp(names[end], names[first], length) == 0; end++) {
        *reached += c->sum[end] != 0;
    }
    return end;
}

static size_t reached_points(const struct fuzz_coverage *c)
{
    size_t reached = 0;

    for (size_t point = 0; point < c->points; point++) {
        reached += c->sum[point] != 0;
    }
    return reached;
}

bool fuzz_coverage_print(const struct fuzz_coverage *c, FILE *out)
{
    char(*names)[HSX_COVERAGE_NAME] = hsx_coverage_names();
    size_t reached;

    if (!names) {
        return false;
    }
    fprintf(out, "coverage: %zu of %zu points\n", reached_points(c), c->points);
    for (size_t first = 0, end; first < c->points; first = end) {
        end = end_of_group(c, names, first, &reached);
        fprintf(out, "  %-7.*s %5zu of %5zu\n", (int)group_length(names[first]), names[first],
                reached, end - first);
    }
    for (size_t point = 0; point < c->points; point++) {
        if (c->sum[point] == 0) {
            fprintf(out, "hole: %s\n", names[point]);
        }
    }
    free(names);
    return true;
}

json_t *fuzz_coverage_json(const struct fuzz_coverage *c)
{
    char(*names)[HSX_COVERAGE_NAME] = hsx_coverage_names();
    json_t *holes = json_array();

    for (size_t point = 0; names && point < c->points; point++) {
        if (c->sum[point] == 0) {
            json_array_append_new(holes, json_string(names[point]));
        }
    }
    free(names);
    return json_pack("{s:I, s:I, s:o}", "points", (json_int_t)c->points, "reached",
                     (json_int_t)reached_points(c), "holes", holes);
}

bool fuzz_coverage_save(const struct fuzz_coverage *c, const char *program)
{
    struct hsx_output output;
    enum hsx_status status = hsx_output_open(&output, c->options.path);

    if (status == HSX_OK) {
        status = hsx_coverage_write(c->sum, output.file);
        if (status == HSX_OK) {
            status = hsx_output_commit(&output);
        } else {
            hsx_output_discard(&output);
        }
    }
    if (status != HSX_OK) {
        fprintf(stderr, "%s: cannot write %s: %s\n", program, c->options.path, strerror(errno));
    }
    return status == HSX_OK;
}
