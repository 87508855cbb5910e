// SPDX-License-Identifier: Apache-2.0
#include "output.h"
#include "files.h"
#include "goals.h"
#include "textstream.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEGIN_MARK "<!-- fpga-report: begin -->\n"
#define END_MARK   "<!-- fpga-report: end -->\n"

static int complain(const char *file, const char *what)
{
    fprintf(stderr, "%s: %s\n", file, what);
    return -1;
}

void hsx_fpga_print(const struct hsx_fpga_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct hsx_fpga_row *row = &rows[i];

        printf("%s, %lld contexts, without %s: %lld LC, %lld block RAMs, %lld DSP", row->device,
               row->contexts, row->without, row->lc, row->bram, row->dsp);
        if (row->seeds > 0) {
            printf(", %.1f MHz median, %.1f least of %zu; %s", hsx_fpga_median(row),
                   hsx_fpga_least(row), row->seeds, row->critical_path);
        }
        if (row->failed > 0) {
            printf("; %zu seeds could not be placed and routed", row->failed);
        }
        putchar('\n');
    }
}

static int replace_file(const char *file, int (*write)(FILE *, const void *), const void *what)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = textstream_open(&text, &size);
    int failed = !out || write(out, what) != 0;

    if (out && fclose(out) != 0) {
        failed = 1;
    }
    failed = failed || hsx_write_file(file, text, size) != HSX_OK;
    int error = errno;

    free(text);
    return failed ? complain(file, strerror(error)) : 0;
}

static int write_list(FILE *out, const void *what)
{
    return json_dumpf(what, out, JSON_INDENT(2) | JSON_REAL_PRECISION(5)) != 0 ||
           fputc('\n', out) == EOF;
}

int hsx_fpga_write_json(const char *file, const struct hsx_fpga_row *rows, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        const struct hsx_fpga_row *row = &rows[i];
        json_t *speeds = json_array();

        for (size_t k = 0; k < row->seeds; k++) {
            json_array_append_new(speeds, json_real(row->fmax_mhz[k]));
        }
        json_array_append_new(list,
                              json_pack("{s:s, s:I, s:s, s:I, s:I, s:I, s:o, s:s}", "device",
                                        row->device, "contexts", (json_int_t)row->contexts,
                                        "without", row->without, "lc", (json_int_t)row->lc, "bram",
                                        (json_int_t)row->bram, "dsp", (json_int_t)row->dsp,
                                        "fmax_mhz", speeds, "critical_path", row->critical_path));
    }
    int status = replace_file(file, write_list, list);
    json_decref(list);
    return status;
}

struct page {
    const char *before; /* up to and with the first marker */
    size_t before_length;
    const char *after; /* from the second marker on */
    const struct hsx_fpga_row *rows;
    size_t count;
};

static int write_table(FILE *out, const void *what)
{
    const struct page *page = what;

    fwrite(page->before, 1, page->before_length, out);
    hsx_fpga_write_goals(out, page->rows, page->count);
    fputc('\n', out);
    fputs("| device | contexts | without | LC | block RAM | DSP | seeds | Fmax median | least | "
          "critical path of the slowest seed |\n|---|---|---|---|---|---|---|---|---|---|\n",
          out);
    for (size_t i = 0; i < page->count; i++) {
        const struct hsx_fpga_row *row = &page->rows[i];

        fprintf(out, "| %s | %lld | %s | %lld | %lld | %lld |", row->device, row->contexts,
                row->without, row->lc, row->bram, row->dsp);
        if (row->seeds > 0) {
            fprintf(out, " %zu | %.1f | %.1f | %s", row->seeds, hsx_fpga_median(row),
                    hsx_fpga_least(row), row->critical_path);
        } else {
            fprintf(out, " | | | %s", row->critical_path);
        }
        if (row->failed > 0) {
            fprintf(out, " (%zu of %zu seeds could not be placed and routed)", row->failed,
                    row->seeds + row->failed);
        }
        fputs(row->seeds + row->failed > 0 ? " |\n" : "|\n", out);
    }
    fputs(page->after, out);
    return ferror(out);
}

static char *read_text(const char *file)
{
    char *text = NULL;
    size_t room = 0;
    FILE *in = fopen(file, "r");

    if (!in) {
        return NULL;
    }
    /* A page has no NUL, so this reads all of it. */
    if (getdelim(&text, &room, '\0', in) < 0) {
        free(text);
        text = NULL;
    }
    fclose(in);
    return text;
}

int hsx_fpga_write_page(const char *file, const struct hsx_fpga_row *rows, size_t count)
{
    char *text = read_text(file);
    int status = -1;

    if (!text) {
        return complain(file, "cannot be read");
    }
    char *begin = strstr(text, BEGIN_MARK);
    char *end = begin ? strstr(begin, END_MARK) : NULL;
    if (end) {
        struct page page = {.before = text,
                            .before_length = (size_t)(begin - text) + strlen(BEGIN_MARK),
                            .after = end,
                            .rows = rows,
                            .count = count};

        status = replace_file(file, write_table, &page);
    } else {
        complain(file, "expected the lines " BEGIN_MARK "and " END_MARK);
    }
    free(text);
    return status;
}
