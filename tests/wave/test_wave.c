// SPDX-License-Identifier: Apache-2.0
/* Waves: the cycles of a report are found in them, and the signals there agree with the trace. */
#include "../cli.h"
#include "vcd.h"
#include <criterion/criterion.h>
#include <hsx/isa.h>
#include <hsx/wave.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(wave, .init = cli_enter, .fini = cli_leave);

#define DEMO(name) HSX_DEMOS "/" name ".hxe "

static const char *full(bool icarus, const char *name)
{
    static char path[200];

    snprintf(path, sizeof path, "%s.%s", hsx_wave_scope(icarus), name);
    return path;
}

/* A signal at a cycle of a report. */
static uint64_t at(const struct vcd *v, bool icarus, const char *name, uint64_t cycle)
{
    return vcd_number(v, full(icarus, name), 10 * cycle);
}

static uint64_t json_number(const json_t *object, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

/* Each event of the machine in the trace is on the port in its cycle, with the registers of
 * its task in the following cycle. */
static void expect_trace_in_wave(const struct vcd *v, bool icarus, const char *trace)
{
    FILE *in = fopen(trace, "r");
    char line[4096];
    unsigned compared = 0;

    cr_assert_not_null(in);
    while (fgets(line, sizeof line, in)) {
        json_t *event = json_loads(line, 0, NULL);
        const char *kind = json_string_value(json_object_get(event, "event"));
        uint64_t cycle = json_number(event, "cycle");

        if (kind && strcmp(kind, "retire") == 0 && cycle + 1 < vcd_last(v) / 10 &&
            compared++ % 3 == 0) {
            const json_t *regs = json_object_get(event, "regs");

            cr_assert_eq(at(v, icarus, "ret_valid", cycle), 1, "cycle %u", (unsigned)cycle);
            cr_expect_eq(at(v, icarus, "ret_order", cycle), json_number(event, "seq"));
            cr_expect_eq(at(v, icarus, "ret_pc", cycle), json_number(event, "pc"));
            cr_expect_eq(at(v, icarus, "ret_insn", cycle), json_number(event, "opcode"));
            cr_expect_eq(at(v, icarus, "view.cycle", cycle), cycle);
            for (unsigned r = 0; r < 16; r++) {
                char name[16];

                snprintf(name, sizeof name, "view.R%u", r);
                cr_expect_eq(at(v, icarus, name, cycle + 1),
                             (uint64_t)json_integer_value(json_array_get(regs, r)),
                             "%s after cycle %u", name, (unsigned)cycle);
            }
        }
        json_decref(event);
    }
    fclose(in);
    cr_expect_gt(compared, 50);
}

Test(wave, a_cycle_of_the_trace_is_found_with_its_record_and_registers)
{
    cr_assert_eq(hsx("run --target rtl --steps 150 --trace t.jsonl --wave w.vcd " DEMO("producer")
                         DEMO("consumer")),
                 4, "%s", text_of("err"));

    struct vcd *v = vcd_read("w.vcd");

    cr_expect_str_eq(vcd_timescale(v), "100ps");
    expect_trace_in_wave(v, false, "t.jsonl");
    vcd_free(v);
    cr_assert_eq(
        hsx("cosim --sim icarus --steps 150 --wave i.vcd " DEMO("producer") DEMO("consumer")), 0,
        "%s", text_of("err"));
    v = vcd_read("i.vcd");
    cr_expect_str_eq(vcd_timescale(v), "100ps");
    expect_trace_in_wave(v, true, "t.jsonl");
    vcd_free(v);
}

Test(wave, all_signals_of_the_view_are_there)
{
    static const char *const lines[] = {
        "run --target rtl --steps 20 --wave w.vcd " DEMO("three"),
        "cosim --sim icarus --steps 20 --wave w.vcd " DEMO("three")};

    for (int icarus = 0; icarus < 2; icarus++) {
        const char *name;

        hsx(lines[icarus]);

        struct vcd *v = vcd_read("w.vcd");

        for (unsigned n = 0; (name = hsx_wave_signal(n)); n++) {
            cr_expect(vcd_has(v, full(icarus, name)), "%s", full(icarus, name));
        }
        cr_expect(vcd_has(v, full(icarus, "view.state_0")));
        cr_expect(vcd_has(v, full(icarus, "view.state_15")));
        vcd_free(v);
        unlink("w.vcd");
    }
}

static void expect_span(const char *arguments, uint64_t from, uint64_t to)
{
    char line[1100];

    snprintf(line, sizeof line, "%s", arguments);
    hsx(line);

    struct vcd *v = vcd_read("w.vcd");

    cr_expect_geq(vcd_first(v), 10 * from - 5, "%s: from %u", arguments, (unsigned)vcd_first(v));
    cr_expect_leq(vcd_first(v), 10 * from + 5, "%s: from %u", arguments, (unsigned)vcd_first(v));
    cr_expect_geq(vcd_last(v), 10 * to, "%s: to %u", arguments, (unsigned)vcd_last(v));
    cr_expect_leq(vcd_last(v), 10 * to + 20, "%s: to %u", arguments, (unsigned)vcd_last(v));
    vcd_free(v);
    unlink("w.vcd");
}

Test(wave, it_can_be_limited_to_some_cycles)
{
    expect_span("run --target rtl --wave w.vcd --wave-from 100 --wave-to 120 " DEMO("three"), 100,
                120);
    expect_span(
        "cosim --sim icarus --steps 60 --wave w.vcd --wave-from 50 --wave-to 70 " DEMO("three"), 50,
        70);
}

/* The cycles of the end are known from the object of the same run. */
Test(wave, the_last_cycles_come_from_a_replay)
{
    static const char *const commands[] = {
        "run --target rtl --json " DEMO("producer") DEMO("consumer"),
        "cosim --json " DEMO("producer") DEMO("consumer"),
        "fuzz --json --count 1 --seed 5",
    };

    for (size_t i = 0; i < 3; i++) {
        char line[1100];

        hsx(commands[i]);

        json_t *object = json_load_file("out", 0, NULL);
        uint64_t cycles = json_number(object, "cycles");

        json_decref(object);
        cr_assert_gt(cycles, 200);
        snprintf(line, sizeof line, "%s --wave w.vcd --wave-last 40", commands[i]);
        expect_span(line, cycles - 40, cycles);
    }
}

Test(wave, fst_is_the_other_format_and_dash_is_standard_output)
{
    char head[8];

    cr_expect_eq(hsx("cosim --steps 50 --wave w.fst " DEMO("three")), 0, "%s", text_of("err"));
    read_text("w.fst", head, sizeof head);
    cr_expect_eq(head[0], 0, "the first block is an FST header");
    cr_expect_eq(hsx("run --target rtl --json --steps 50 --wave - " DEMO("three")), 2);
}

Test(wave, what_cannot_be_written_is_reported)
{
    cr_expect_eq(hsx("cosim --steps 50 --wave /dev/full " DEMO("three")), 1);
    expect_in("err", "/dev/full: No space left on device");
    cr_expect_eq(hsx("cosim --steps 20 --sim icarus --wave /dev/full " DEMO("three")), 1);
    expect_in("err", "/dev/full: No space left on device");
    cr_expect_eq(hsx("fuzz --count 1 --wave /dev/full"), 1);
    cr_expect_eq(hsx("cosim --wave /nowhere/core.fst " DEMO("three")), 1);
    expect_in("err", "/nowhere/core.fst: No such file");
    /* Simulators do not report a full disk. */
    cr_expect_neq(system("ulimit -f 8; trap '' XFSZ; " HSX_PROGRAM
                         " cosim --wave w.fst --steps 2000 " DEMO("three") " >out 2>err"),
                  0);
    expect_in("err", "is the disk full?");
    cr_expect_neq(access("w.fst", F_OK), 0);
    cr_expect_neq(system("ulimit -f 8; trap '' XFSZ; " HSX_PROGRAM
                         " cosim --wave w.vcd --steps 200 " DEMO("three") " >out 2>err"),
                  0);
    expect_in("err", "is the disk full?");
    cr_expect_eq(system("test -z \"$(ls w.*)\""), 0, "nothing is left");
}

Test(wave, wrong_usage)
{
    cr_expect_eq(hsx("run --wave w.fst " DEMO("three")), 2);
    expect_in("err", "expected --target rtl");
    cr_expect_eq(hsx("fuzz --wave w.fst"), 2);
    expect_in("err", "expected --count 1");
    cr_expect_eq(hsx("cosim --wave-last 5 " DEMO("three")), 2);
    cr_expect_eq(hsx("cosim --wave w.fst --wave-from 5 --wave-to 4 " DEMO("three")), 2);
    cr_expect_eq(hsx("cosim --wave w.fst --wave-from 5 --wave-last 4 " DEMO("three")), 2);
    cr_expect_eq(hsx("cosim --contexts 100 --wave w.fst " DEMO("three")), 1);
    cr_expect_neq(access("w.fst", F_OK), 0);
    cr_expect_eq(hsx("wave"), 2);
    cr_expect_eq(hsx("wave filter nonsense"), 2);
    cr_expect_eq(hsx("wave view"), 2);
    cr_expect_eq(hsx("wave view w.fst missing.hxe"), 1);
}

/* ---- The view for GTKWave */

Test(wave, filters_say_words_for_values)
{
    cr_assert_eq(hsx("asm " HSX_PRODUCER_SOURCE " -o producer.hxe"), 0, "%s", text_of("err"));

    FILE *in = fopen("in", "w");

    fprintf(in, "000000%08x%08x\n", (unsigned)HSX_OP_LDI << 24 | 0x100005, 0);
    fprintf(in, "01%04x%08x%08x\n", 0x10, (unsigned)HSX_OP_LDI32 << 24 | 0x200000, 0xABCD);
    fprintf(in, "ffffffffffffffffffffff\nxx\n");
    fclose(in);
    cr_expect_eq(hsx("wave filter instruction producer.hxe <in >out 2>err"), 0, "%s",
                 text_of("err"));
    expect_in("out", "producer ");
    expect_in("out", ": LDI R1, 5\n1 0x0010: LDI32 R2, 0xABCD\n \nxx\n");
    /* Like GTKWave: all in one word. */
    cr_expect_eq(hsx("'wave filter state' <in >out 2>err"), 0);
    in = fopen("in", "w");
    fprintf(in, "1\n4\n9\nf\n");
    fclose(in);
    cr_expect_eq(hsx("wave filter state <in >out 2>err"), 0);
    cr_expect_str_eq(text_of("out"), "READY\nWAIT_MBX\nFAULTED\nf\n");
    cr_expect_eq(hsx("wave filter event <in >out 2>err"), 0);
    cr_expect_str_eq(text_of("out"), "fault\nbrk\n9\n \n");
    cr_expect_eq(hsx("wave filter stop <in >out 2>err"), 0);
    cr_expect_str_eq(text_of("out"), "1\nfault\n9\nhost\n");
}

Test(wave, a_view_names_signals_that_are_there)
{
    cr_assert_eq(hsx("run --target rtl --steps 50 --wave w.vcd " DEMO("producer")), 4);
    cr_assert_eq(hsx("wave view w.vcd -o w.gtkw --cursor 42 " DEMO("producer")), 0, "%s",
                 text_of("err"));

    struct vcd *v = vcd_read("w.vcd");
    FILE *in = fopen("w.gtkw", "r");
    char line[1000];
    unsigned found = 0;

    cr_assert_not_null(in);
    while (fgets(line, sizeof line, in)) {
        if (strncmp(line, hsx_wave_scope(false), strlen(hsx_wave_scope(false))) == 0) {
            line[strcspn(line, "[\n")] = '\0';
            cr_expect(vcd_has(v, line), "%s", line);
            found++;
        }
    }
    fclose(in);
    vcd_free(v);
    cr_expect_gt(found, 30);
    expect_in("w.gtkw", "[dumpfile] \"w.vcd\"");
    expect_in("w.gtkw", "*-11.500000 42000 ");
    expect_in("w.gtkw", "wave filter instruction /");
}

/* GTKWave ignores the starting time if its window would extend beyond the wave. */
Test(wave, a_view_shows_its_cursor_wherever_the_wave_ends)
{
    enum { CYCLE = 1000, WINDOW = 14650 /* of that size, at that zoom */ };
    unsigned long cycles;

    cr_assert_eq(hsx("run --target rtl --steps 50 --wave w.fst " DEMO("producer") " 2>err"), 4);
    cr_assert_eq(sscanf(strstr(text_of("err"), " 50 steps, ") + 11, "%lu", &cycles), 1);
    for (unsigned back = 1; back < cycles; back += 7) {
        unsigned long start, cursor = cycles - back;
        char line[200];

        snprintf(line, sizeof line, "wave view w.fst -o w.gtkw --cursor %lu", cursor);
        cr_assert_eq(hsx(line), 0);
        cr_assert_eq(sscanf(strstr(text_of("w.gtkw"), "[timestart] ") + 12, "%lu", &start), 1);
        cr_expect_leq(start, CYCLE * cursor);
        cr_expect_leq(CYCLE * cursor, start + WINDOW, "cursor %lu", cursor);
        cr_expect_leq(start + WINDOW, CYCLE * cycles, "cursor %lu of %lu", cursor, cycles);
    }
}

/* GTKWave passes a filter's command line as one word. */
Test(wave, a_filter_finds_an_image_in_a_folder_with_a_blank)
{
    char line[1000];
    FILE *in = fopen("in", "w");

    cr_assert_not_null(in);
    fputs("0000000000000000000000\n", in);
    fclose(in);
    cr_assert_eq(system("mkdir 'a %b' && cp " HSX_DEMOS "/producer.* 'a %b'"), 0);
    cr_assert_eq(hsx("wave view w.fst -o w.gtkw 'a %b/producer.hxe'"), 0);
    expect_in("w.gtkw", "/a%20%25b/producer.hxe\n");
    snprintf(line, sizeof line, "'wave filter instruction a%%20%%25b/producer.hxe' <in >out 2>err");
    cr_assert_eq(hsx(line), 0, "%s", text_of("err"));
    expect_in("out", "producer line_text: ");
}
