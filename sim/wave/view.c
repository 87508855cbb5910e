// SPDX-License-Identifier: Apache-2.0
#include <hsx/wave.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

struct signal {
    const char *group; /* title if the line begins a group, else NULL */
    const char *name;
    unsigned bits;
    enum hsx_wave_filter filter;
    unsigned format;
};

/* Bits of GTKWave's trace flags; the formats are right-justified. */
enum {
    format_hex = 0x22,
    format_decimal = 0x24,
    FLAG_COMMENT = 0x200,
    FLAG_FILTER = 0x4000 /* by a process */
};

static const struct signal signals[] = {
#define HSX_GROUP(title) {title, NULL, 0, HSX_FILTER_NONE, 0},
#define HSX_SIGNAL(name, bits, filter, format)                                                     \
    {NULL, name, bits, HSX_FILTER_##filter, format_##format},
#include "signals.def"
#undef HSX_GROUP
#undef HSX_SIGNAL
};

enum { SIGNALS = sizeof signals / sizeof signals[0] };

enum {
    CYCLE = 1000,   /* ps: GTKWave counts in the unit that the wave's is a multiple of */
    UNITS = 10,     /* of the wave, in a cycle */
    BEFORE = 3,     /* cycles shown before the cursor, if there is room */
    PAGE_WIDTH = 15 /* cycles that fit into the window, or a little more */
};

const char *hsx_wave_scope(bool icarus)
{
    return icarus ? "hsx_icarus_top.dut" : "core.hsx_sim_top";
}

const char *hsx_wave_signal(unsigned n)
{
    for (size_t i = 0; i < SIGNALS; i++) {
        if (signals[i].name && n-- == 0) {
            return signals[i].name;
        }
    }
    return NULL;
}

static void write_signal(const struct hsx_wave_view *view, const char *name, const struct signal *s,
                         FILE *out)
{
    bool filtered = view->program && s->filter != HSX_FILTER_NONE;

    fprintf(out, "@%x\n", s->format | (filtered ? (unsigned)FLAG_FILTER : 0));
    if (filtered) {
        fprintf(out, "^>%d %s wave filter %s%s%s\n", (int)s->filter, view->program,
                hsx_wave_filter_name(s->filter), view->images ? " " : "",
                view->images ? view->images : "");
    }
    fprintf(out, "%s.%s", hsx_wave_scope(view->icarus), name);
    if (s->bits > 1) {
        fprintf(out, "[%u:0]", s->bits - 1);
    }
    fputc('\n', out);
}

static void write_states(const struct hsx_wave_view *view, FILE *out)
{
    const struct signal state = {.bits = 4, .filter = HSX_FILTER_STATE, .format = format_hex};

    for (unsigned i = 0; i < view->slots; i++) {
        char name[32];

        snprintf(name, sizeof name, "view.state_%u", i);
        write_signal(view, name, &state, out);
    }
}

void hsx_wave_put_path(const char *path, FILE *out)
{
    for (; *path != '\0'; path++) {
        if (*path == ' ' || *path == '%') {
            fprintf(out, "%%%02X", (unsigned)*path);
        } else {
            fputc(*path, out);
        }
    }
}

void hsx_wave_take_path(char *word)
{
    char *end = word;

    for (const char *at = word; *at != '\0'; at++) {
        bool blank = strncmp(at, "%20", 3) == 0;

        *end++ = (char)(blank ? ' ' : *at);
        at += blank || strncmp(at, "%25", 3) == 0 ? 2 : 0;
    }
    *end = '\0';
}

/* The start of the visible part. GTKWave goes to the start of the wave instead if the window would
 * extend beyond its end. */
static uint64_t first_shown(const struct hsx_wave_view *view)
{
    uint64_t first = view->has_cursor && view->cursor > BEFORE ? view->cursor - BEFORE : 0;

    if (view->end != 0 && first + PAGE_WIDTH > view->end) {
        first = view->end > PAGE_WIDTH ? view->end - PAGE_WIDTH : 0;
    }
    return first;
}

uint64_t hsx_wave_end(const char *path)
{
    enum { TYPE = 1, LENGTH = 8, START = 8, END = 8 };
    uint8_t header[TYPE + LENGTH + START + END];
    uint64_t end = 0;
    FILE *in = fopen(path, "rb");

    if (in && fread(header, 1, sizeof header, in) == sizeof header && header[0] == 0) {
        for (unsigned i = sizeof header - END; i < sizeof header; i++) {
            end = end << 8 | header[i];
        }
    }
    if (in) {
        fclose(in);
    }
    return end / UNITS;
}

bool hsx_wave_write_view(const struct hsx_wave_view *view, FILE *out)
{
    uint64_t cursor = view->has_cursor ? CYCLE * view->cursor : 0;

    fprintf(out, "[*] HSX: cycle c lies at c ns\n[dumpfile] \"%s\"\n[timestart] %" PRIu64 "\n",
            view->wave, CYCLE * first_shown(view));
    fputs("[size] 1500 1000\n[pos] -1 -1\n", out);
    if (view->has_cursor) {
        fprintf(out, "*-11.500000 %" PRIu64, cursor);
    } else {
        fputs("*-11.500000 -1", out);
    }
    for (int i = 0; i < 26; i++) {
        fputs(" -1", out);
    }
    fputs("\n[sst_width] 200\n[signals_width] 260\n[sst_expanded] 0\n", out);
    for (size_t i = 0; i < SIGNALS; i++) {
        if (signals[i].group) {
            fprintf(out, "@%x\n-%s\n", (unsigned)FLAG_COMMENT, signals[i].group);
        } else {
            write_signal(view, signals[i].name, &signals[i], out);
        }
    }
    write_states(view, out);
    return !ferror(out);
}
