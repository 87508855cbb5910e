// SPDX-License-Identifier: Apache-2.0
/* docs/bench.svg: instructions per cycle over the number of tasks, on a logarithmic axis. */
#include "output.h"
#include "results.h"
#include <errno.h>
#include <math.h>
#include <string.h>

enum { WIDTH = 720, HEIGHT = 430, LEFT = 60, RIGHT = 700, TOP = 20, BOTTOM = 350, LEGEND = 415 };

/* Distinguishable with colour blindness, on light and dark backgrounds. */
static const char *const colours[BENCH_PROGRAMS] = {"#0072b2", "#009e73", "#56b4e9",
                                                    "#d55e00", "#cc79a7", "#e69f00"};

static const char head[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n"
    "<title>Instructions per cycle by number of READY tasks</title>\n"
    "<style>\n"
    "text { font: 13px sans-serif; fill: #24292f }\n"
    ".grid { stroke: #8c959f; stroke-width: 0.5; stroke-opacity: 0.6 }\n"
    "polyline { fill: none; stroke-width: 2; stroke-linejoin: round }\n"
    "@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }\n"
    "</style>\n";

static double x_of(const struct bench_results *results, double tasks)
{
    double most = results->counts[results->count_count - 1];

    return LEFT + (RIGHT - LEFT) * log2(tasks) / log2(most);
}

static double y_of(double ipc)
{
    return BOTTOM - (BOTTOM - TOP) * ipc;
}

static void draw_axes(FILE *out, const struct bench_results *results)
{
    for (int i = 0; i <= 10; i += 2) {
        double y = y_of(i / 10.0);

        fprintf(out, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>\n", LEFT, y, RIGHT);
        fprintf(out, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.1f</text>\n", LEFT - 8, y + 4,
                i / 10.0);
    }
    for (unsigned tasks = 1; tasks <= results->counts[results->count_count - 1]; tasks *= 2) {
        double x = x_of(results, tasks);

        fprintf(out, "<path class=\"grid\" d=\"M%.1f %dV%d\"/>\n", x, TOP, BOTTOM);
        fprintf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%u</text>\n", x, BOTTOM + 18,
                tasks);
    }
    fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">READY tasks</text>\n",
            (LEFT + RIGHT) / 2, BOTTOM + 40);
    fprintf(out,
            "<text x=\"16\" y=\"%d\" text-anchor=\"middle\" transform=\"rotate(-90 16 %d)\">"
            "instructions per cycle</text>\n",
            (TOP + BOTTOM) / 2, (TOP + BOTTOM) / 2);
}

static void draw_program(FILE *out, const struct bench_results *results, size_t program)
{
    int x = LEFT + (RIGHT - LEFT) / BENCH_PROGRAMS * (int)program;

    fprintf(out, "<polyline stroke=\"%s\" points=\"", colours[program]);
    for (size_t k = 0; k < results->count_count; k++) {
        fprintf(out, "%s%.1f,%.1f", k ? " " : "", x_of(results, results->counts[k]),
                y_of(results->ipc[program][k]));
    }
    fprintf(out, "\"/>\n<polyline stroke=\"%s\" points=\"%d,%d %d,%d\"/>\n", colours[program], x,
            LEGEND, x + 20, LEGEND);
    fprintf(out, "<text x=\"%d\" y=\"%d\">%s</text>\n", x + 26, LEGEND + 4,
            bench_programs[program].name);
}

int bench_write_plot(const char *path, const struct bench_results *results)
{
    struct hsx_output output;
    enum hsx_status status = hsx_output_open(&output, path);

    if (status == HSX_OK) {
        fprintf(output.file, head, WIDTH, HEIGHT, WIDTH, HEIGHT);
        draw_axes(output.file, results);
        for (size_t i = 0; i < BENCH_PROGRAMS; i++) {
            draw_program(output.file, results, i);
        }
        fputs("</svg>\n", output.file);
        status = hsx_output_commit(&output);
    }
    if (status != HSX_OK) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    }
    return status == HSX_OK ? 0 : -1;
}
