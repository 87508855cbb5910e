// SPDX-License-Identifier: Apache-2.0
#include <hsx/wave.h>
#include <inttypes.h>
#include <stddef.h>

struct signal {
    const char *group; /* of a line that begins one, else NULL */
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

/* GTKWave counts in the unit that the wave's is a multiple of. */
enum { CYCLE = 1000 /* ps */ };

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

bool hsx_wave_write_view(const struct hsx_wave_view *view, FILE *out)
{
    uint64_t cursor = view->has_cursor ? CYCLE * view->cursor : 0;

    fprintf(out, "[*] HSX: cycle c lies at c ns\n[dumpfile] \"%s\"\n[timestart] %" PRIu64 "\n",
            view->wave, cursor > 3 * CYCLE ? cursor - 3 * CYCLE : 0);
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
