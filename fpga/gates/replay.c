// SPDX-License-Identifier: Apache-2.0
/* hsx_gates_replay RECORDING...: gives the netlist the inputs of each recording (recording.h), in
 * GATES_LANES lanes at a time, and compares all its outputs at each clock. Prints what it has
 * compared, and each output that differs; the exit status is then 1. HSX_PLANTED=1 in the
 * environment plants the fault. */
#include "gates.h"
#include "recording.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct recording {
    const char *path;
    FILE *in;
    bool text;
    uint32_t words[RECORDING_WORDS];
};

static struct recording recordings[GATES_LANES];
/* Bit by bit, a lane each, inputs and outputs. */
static gates_word recorded[32 * RECORDING_WORDS];
static gates_word unknown[32 * RECORDING_WORDS]; /* outputs that are not compared */
static int input_words, words;

static _Noreturn void fail(const struct recording *r, const char *what)
{
    fprintf(stderr, "%s: %s\n", r->path, what);
    exit(1);
}

static uint32_t word(struct recording *r)
{
    uint32_t value;

    if (fread(&value, sizeof value, 1, r->in) != 1) {
        fail(r, "ends early");
    }
    return value;
}

static void read_bits(struct recording *r, int count, char end, int first, gates_word lane)
{
    for (int i = count - 1; i >= 0; i--) {
        int c = getc(r->in);

        if (!strchr("01xz", c) || c == 0) {
            fail(r, "is no recording of this core");
        }
        recorded[first + i] = (recorded[first + i] & ~lane) | (c == '1' ? lane : 0);
        unknown[first + i] = (unknown[first + i] & ~lane) | (c > '1' ? lane : 0);
    }
    if (getc(r->in) != end) {
        fail(r, "is no recording of this core");
    }
}

static bool advance_text(struct recording *r, int lane)
{
    int c = getc(r->in);

    if (c == EOF) {
        return false;
    }
    ungetc(c, r->in);
    read_bits(r, gates_input_count, ' ', 0, (gates_word)1 << lane);
    read_bits(r, gates_output_count, '\n', 32 * input_words, (gates_word)1 << lane);
    return true;
}

static bool is_text(struct recording *r)
{
    int c = getc(r->in);

    ungetc(c, r->in);
    return c != 0 && c != EOF && strchr("01xz", c) != NULL;
}

/* The next clock; false at the end. */
static bool advance(struct recording *r, int lane)
{
    if (r->text) {
        return advance_text(r, lane);
    }

    uint32_t changed = word(r);

    if (changed == 0) {
        return false;
    }
    changed ^= RECORDING_CLOCK;
    if (changed >> words != 0) {
        fail(r, "is no recording of this core");
    }
    for (; changed != 0; changed &= changed - 1) {
        int i = __builtin_ctz(changed);
        uint32_t now = word(r);

        for (uint32_t bits = now ^ r->words[i]; bits != 0; bits &= bits - 1) {
            recorded[32 * i + __builtin_ctz(bits)] ^= (gates_word)1 << lane;
        }
        r->words[i] = now;
    }
    return true;
}

/* The lanes with an output that is not as recorded. */
static gates_word wrong(void)
{
    const gates_word *outputs = &recorded[32 * input_words];
    const gates_word *ignored = &unknown[32 * input_words];
    gates_word differs = 0;

    for (int i = 0; i < gates_output_count; i++) {
        differs |= (gates_nets[gates_outputs[i]] ^ outputs[i]) & ~ignored[i];
    }
    return differs;
}

static void tell(int lane, unsigned long long cycle)
{
    const struct gates_port *port = gates_output_ports;
    int first = 0;

    for (; port->name; first += port++->bits) {
        for (int bit = 0; bit < port->bits; bit++) {
            int i = first + bit;
            int is = (int)(gates_nets[gates_outputs[i]] >> lane & 1);
            int should = (int)(recorded[32 * input_words + i] >> lane & 1);

            if (is != should && !(unknown[32 * input_words + i] >> lane & 1)) {
                printf("%s: clock %llu: %s[%d] is %d, recorded %d\n", recordings[lane].path, cycle,
                       port->name, bit, is, should);
            }
        }
    }
}

/* How many of the first `lanes` recordings differ; adds their clocks to *clocks. */
static int replay(int lanes, unsigned long long *clocks)
{
    gates_word runs = ~(gates_word)0 >> (GATES_LANES - lanes);
    int differing = 0;

    memset(recorded, 0, sizeof recorded);
    memset(unknown, 0, sizeof unknown);
    gates_begin();
    for (unsigned long long cycle = 0; runs != 0; cycle++) {
        for (gates_word left = runs; left != 0; left &= left - 1) {
            int lane = __builtin_ctzll(left);

            if (advance(&recordings[lane], lane)) {
                ++*clocks;
            } else {
                runs &= ~((gates_word)1 << lane);
            }
        }
        for (int i = 0; i < gates_input_count; i++) {
            gates_nets[gates_inputs[i]] = recorded[i];
        }
        gates_evaluate(gates_nets);
        for (gates_word left = wrong() & runs; left != 0; left &= left - 1) {
            int lane = __builtin_ctzll(left);

            tell(lane, cycle);
            differing++;
            runs &= ~((gates_word)1 << lane);
        }
        gates_clock(lanes);
    }
    return differing;
}

int main(int argc, char **argv)
{
    unsigned long long clocks = 0;
    int differing = 0;

    input_words = recording_words(gates_input_count);
    words = input_words + recording_words(gates_output_count);
    for (int i = 1; i < argc;) {
        int lanes = 0;

        for (; lanes < GATES_LANES && i < argc; lanes++, i++) {
            recordings[lanes] = (struct recording){.path = argv[i], .in = fopen(argv[i], "rb")};
            if (!recordings[lanes].in) {
                fail(&recordings[lanes], "cannot be read");
            }
            recordings[lanes].text = is_text(&recordings[lanes]);
        }
        differing += replay(lanes, &clocks);
        for (int lane = 0; lane < lanes; lane++) {
            fclose(recordings[lane].in);
        }
    }
    printf("%d recordings, %llu clocks, %d differ\n", argc - 1, clocks, differing);
    return argc > 1 && differing == 0 ? 0 : 1;
}
