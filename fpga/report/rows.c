// SPDX-License-Identifier: Apache-2.0
#include "rows.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int complain(const char *file, const char *what)
{
    fprintf(stderr, "%s: %s\n", file, what);
    return -1;
}

static json_t *load(const char *file)
{
    json_error_t error;
    json_t *root = json_load_file(file, 0, &error);

    if (!root) {
        fprintf(stderr, "%s:%d: %s\n", file, error.line, error.text);
    }
    return root;
}

static long long used(const json_t *report, const char *resource)
{
    const json_t *entry = json_object_get(json_object_get(report, "utilization"), resource);

    return json_integer_value(json_object_get(entry, "used"));
}

static int compare_counts(const void *a, const void *b)
{
    long long x = *(const long long *)a;
    long long y = *(const long long *)b;

    return (x > y) - (x < y);
}

static int compare_speeds(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

double hsx_fpga_least(const struct hsx_fpga_row *row)
{
    double least = row->fmax_mhz[0];

    for (size_t i = 1; i < row->seeds; i++) {
        if (row->fmax_mhz[i] < least) {
            least = row->fmax_mhz[i];
        }
    }
    return least;
}

double hsx_fpga_median(const struct hsx_fpga_row *row)
{
    double sorted[HSX_ROW_SEEDS];

    memcpy(sorted, row->fmax_mhz, sizeof sorted);
    qsort(sorted, row->seeds, sizeof sorted[0], compare_speeds);
    return sorted[row->seeds / 2];
}

static const char *cell_of(const json_t *step, const char *end)
{
    const char *cell = json_string_value(json_object_get(json_object_get(step, end), "cell"));

    return cell ? cell : "?";
}

/* nextpnr lists a path as alternating logic and routing steps; the clocked one comes first. */
static void describe_path(const json_t *report, char *text)
{
    size_t i;
    const json_t *path;
    const json_t *slowest = NULL;
    double logic = 0;
    double routing = 0;
    json_t *step;

    json_array_foreach(json_object_get(report, "critical_paths"), i, path)
    {
        const char *from = json_string_value(json_object_get(path, "from"));
        const char *to = json_string_value(json_object_get(path, "to"));

        if (from && to && strstr(from, "posedge") && strstr(to, "posedge")) {
            slowest = json_object_get(path, "path");
            break;
        }
    }
    size_t length = json_array_size(slowest);
    if (length == 0) {
        snprintf(text, HSX_ROW_TEXT, "none");
        return;
    }
    json_array_foreach(slowest, i, step)
    {
        const char *type = json_string_value(json_object_get(step, "type"));
        double delay = json_number_value(json_object_get(step, "delay"));

        if (type && strcmp(type, "routing") == 0) {
            routing += delay;
        } else {
            logic += delay;
        }
    }
    snprintf(text, HSX_ROW_TEXT, "%.70s to %.70s, %.1f ns logic, %.1f ns routing",
             cell_of(json_array_get(slowest, 0), "to"),
             cell_of(json_array_get(slowest, length - 1), "to"), logic, routing);
}

/* The core's clock is the only one of the shell. */
static double clock_of(const json_t *report)
{
    void *iter = json_object_iter(json_object_get(report, "fmax"));

    return iter ? json_number_value(json_object_get(json_object_iter_value(iter), "achieved")) : 0;
}

/* nextpnr's names of cells: those of iCE40 and of ECP5. */
static long long logic_cells(const json_t *report)
{
    return used(report, "ICESTORM_LC") + used(report, "TRELLIS_COMB");
}

static void read_size(const json_t *report, struct hsx_fpga_row *row)
{
    row->bram = used(report, "ICESTORM_RAM") + used(report, "DP16KD");
    row->dsp = used(report, "ICESTORM_DSP") + used(report, "MULT18X18D");
}

/* Reads one seed's report into row. */
static int read_seed(const char *file, struct hsx_fpga_row *row, long long *cells)
{
    json_t *report = load(file);
    int status = 0;

    if (!report) {
        return -1;
    }
    const char *error = json_string_value(json_object_get(report, "error"));
    double speed = clock_of(report);
    *cells = logic_cells(report);
    read_size(report, row);
    if (error) {
        row->failed++;
        if (row->seeds == 0) {
            snprintf(row->critical_path, sizeof row->critical_path, "none: %.180s", error);
        }
    } else if (speed <= 0) {
        status = complain(file, "expected a clock and its frequency under \"fmax\"");
    } else {
        row->fmax_mhz[row->seeds] = speed;
        if (row->seeds == 0 || speed < hsx_fpga_least(row)) {
            describe_path(report, row->critical_path);
        }
        row->seeds++;
    }
    json_decref(report);
    return status;
}

static int read_routed(const char *manifest, const json_t *entry, struct hsx_fpga_row *row)
{
    const char *shell_file = json_string_value(json_object_get(entry, "shell"));
    const json_t *files = json_object_get(entry, "reports");
    const json_t *name;
    long long cells[HSX_ROW_SEEDS];
    size_t i;

    if (!shell_file || json_array_size(files) == 0 || json_array_size(files) > HSX_ROW_SEEDS) {
        return complain(manifest, "expected \"shell\" and 1 to 16 \"reports\" in each routed row");
    }
    json_t *shell = load(shell_file);
    if (!shell) {
        return -1;
    }
    long long shell_cells = logic_cells(shell);
    json_decref(shell);
    json_array_foreach(files, i, name)
    {
        const char *file = json_string_value(name);

        if (!file) {
            return complain(manifest, "expected file names in \"reports\"");
        }
        if (read_seed(file, row, &cells[i]) != 0) {
            return -1;
        }
    }
    qsort(cells, i, sizeof cells[0], compare_counts);
    row->lc = cells[i / 2] - shell_cells;
    return 0;
}

struct weight {
    const char *prefix; /* of a cell type's name */
    long long each;
};

static long long count_cells(const json_t *cells, const struct weight *weights)
{
    const char *type;
    json_t *count;
    long long total = 0;

    json_object_foreach((json_t *)cells, type, count)
    {
        for (const struct weight *weight = weights; weight->prefix; weight++) {
            if (strncmp(type, weight->prefix, strlen(weight->prefix)) == 0) {
                total += weight->each * json_integer_value(count);
            }
        }
    }
    return total;
}

struct area {
    long long luts;
    long long rams;
    long long multipliers;
};

static int read_area(const char *file, struct area *area)
{
    /* In LUTs; the memories are those that ECP5 and 7-series build from LUTs. */
    static const struct weight luts[] = {{"LUT", 1},      {"CCU2C", 2},  {"TRELLIS_DPR16X4", 4},
                                         {"RAM32M", 4},   {"RAM64M", 4}, {"RAM32X1D", 2},
                                         {"RAM64X1D", 2}, {NULL, 0}};
    static const struct weight rams[] = {{"DP16KD", 1}, {"PDPW16KD", 1}, {"RAMB", 1}, {NULL, 0}};
    static const struct weight multipliers[] = {{"MULT", 1}, {"DSP48", 1}, {NULL, 0}};
    json_t *root = load(file);

    if (!root) {
        return -1;
    }
    const json_t *cells = json_object_get(json_object_get(root, "design"), "num_cells_by_type");
    if (!json_is_object(cells)) {
        json_decref(root);
        return complain(file, "expected design.num_cells_by_type, as yosys' stat -json writes it");
    }
    area->luts = count_cells(cells, luts);
    area->rams = count_cells(cells, rams);
    area->multipliers = count_cells(cells, multipliers);
    json_decref(root);
    return 0;
}

static int read_synthesised(const char *manifest, const json_t *entry, struct hsx_fpga_row *row)
{
    const char *shell_file = json_string_value(json_object_get(entry, "shell"));
    const char *file = json_string_value(json_object_get(entry, "stat"));
    struct area shell;
    struct area whole;

    if (!shell_file || !file) {
        return complain(manifest, "expected \"shell\" and \"reports\" or \"stat\" in each row");
    }
    if (read_area(shell_file, &shell) != 0 || read_area(file, &whole) != 0) {
        return -1;
    }
    row->lc = whole.luts - shell.luts;
    row->bram = whole.rams;
    row->dsp = whole.multipliers;
    return 0;
}

int hsx_fpga_read_row(const char *manifest, const json_t *entry, struct hsx_fpga_row *row)
{
    const char *device = json_string_value(json_object_get(entry, "device"));
    const char *without = json_string_value(json_object_get(entry, "without"));

    *row = (struct hsx_fpga_row){0};
    if (!device || !without || !json_is_integer(json_object_get(entry, "contexts"))) {
        return complain(manifest, "expected \"device\", \"contexts\" and \"without\" in each row");
    }
    snprintf(row->device, sizeof row->device, "%s", device);
    snprintf(row->without, sizeof row->without, "%s", without);
    row->contexts = json_integer_value(json_object_get(entry, "contexts"));
    return json_object_get(entry, "reports") ? read_routed(manifest, entry, row)
                                             : read_synthesised(manifest, entry, row);
}
