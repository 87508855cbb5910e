// SPDX-License-Identifier: Apache-2.0
/* hsx cosim, fuzz and run --target rtl as users run them. */
#include "../cli.h"
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEMO(name)    HSX_DEMOS "/" name ".hxe "
#define PROGRAM(name) HSX_TEST_BINARY "/" name ".hxe "

TestSuite(cosim_cli, .init = cli_enter, .fini = cli_leave);

/* The object on standard output; the caller's. */
static json_t *result(void)
{
    json_error_t error;
    json_t *object = json_load_file("out", 0, &error);

    cr_assert_not_null(object, "%s: %s", error.text, text_of("out"));
    return object;
}

static json_int_t number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    cr_assert(json_is_integer(value), "%s", key);
    return json_integer_value(value);
}

static void expect_lockstep(const char *arguments, json_int_t least_records)
{
    char line[1100];

    snprintf(line, sizeof line, "cosim --json %s", arguments);
    cr_assert_eq(hsx(line), 0, "%s: %s", line, text_of("err"));

    json_t *object = result();

    cr_expect_eq(number(object, "divergences"), 0);
    cr_expect_geq(number(object, "records_compared"), least_records, "%s", arguments);
    cr_expect_geq(number(object, "records_compared"), number(object, "steps"));
    cr_expect_gt(number(object, "cycles"), number(object, "steps"));
    cr_expect_geq(number(object, "state_checks"), 1);
    cr_expect_gt(json_array_size(json_object_get(object, "tasks")), 0);
    cr_expect_eq(json_array_size(json_object_get(object, "failures")), 0);
    json_decref(object);
}

Test(cosim_cli, demos_agree_on_the_core)
{
    expect_lockstep(DEMO("producer") DEMO("consumer"), 5000);
    expect_lockstep(DEMO("three") DEMO("three") DEMO("three"), 100);
    expect_lockstep(DEMO("overflow"), 1000);
    expect_lockstep(DEMO("crc32") DEMO("sieve") DEMO("fir16") DEMO("stackmix"), 50000);
}

Test(cosim_cli, demos_agree_with_a_far_executive)
{
    expect_lockstep("--trap-latency 37 " DEMO("producer") DEMO("consumer") DEMO("crc32"), 5000);
}

Test(cosim_cli, demos_agree_on_the_large_core)
{
    expect_lockstep("--contexts 100 --check-steps 500 " DEMO("producer") DEMO("consumer"), 5000);
}

Test(cosim_cli, demos_agree_under_icarus)
{
    expect_lockstep("--sim icarus " DEMO("producer") DEMO("consumer"), 5000);
    expect_lockstep("--sim icarus --steps 3000 " DEMO("stackmix") DEMO("fir16"), 3000);
}

/* A result of MUL, DIV or binary16 is read and overwritten through the window before it
 * is written. */
Test(cosim_cli, late_results_are_seen_in_their_windows)
{
    const char *simulators[] = {"--sim verilator", "--sim icarus", "--model split"};

    for (size_t i = 0; i < sizeof simulators / sizeof simulators[0]; i++) {
        char line[1000];

        snprintf(line, sizeof line, "--no-protect %s %s%s", simulators[i], PROGRAM("late_result"),
                 PROGRAM("onlooker"));
        expect_lockstep(line, 800);
        strcat(line, PROGRAM("onlooker") PROGRAM("onlooker"));
        expect_lockstep(line, 1500);
    }
}

Test(cosim_cli, segments_and_stacks_end_where_they_should)
{
    expect_lockstep("--no-protect --stack 64 " PROGRAM("edges") PROGRAM("edges"), 100);
    expect_lockstep("--no-protect --stack 64 --sim icarus " PROGRAM("edges") PROGRAM("edges"), 100);
}

Test(cosim_cli, binary16_decides_alike)
{
    expect_lockstep(PROGRAM("binary16"), 3000);
}

/* The core counts such a RET as a step before it has read its word. */
Test(cosim_cli, bad_returns_are_no_steps)
{
    for (unsigned ticks = 1; ticks <= 8; ticks++) {
        char line[1000];

        snprintf(line, sizeof line, "--tick-steps %u %s%s%s", ticks, PROGRAM("bad_return"),
                 PROGRAM("bad_return"), PROGRAM("bad_return"));
        expect_lockstep(line, 50);
    }
}

Test(cosim_cli, what_tasks_say_is_on_standard_output)
{
    cr_expect_eq(hsx("cosim " DEMO("producer") DEMO("consumer")), 0);
    expect_in("out", "consumer: got message 10");
    expect_in("err", " 0 divergences");
    expect_in("err", "EXITED");
}

Test(cosim_cli, a_wave_can_be_written)
{
    struct stat info;

    cr_expect_eq(hsx("cosim --wave core.fst --steps 200 " DEMO("three")), 0, "%s", text_of("err"));
    cr_assert_eq(stat("core.fst", &info), 0);
    cr_expect_gt(info.st_size, 1000);
    cr_expect_eq(hsx("cosim --wave /nowhere/core.fst " DEMO("three")), 1);
    expect_in("err", "/nowhere/core.fst");
}

Test(cosim_cli, wrong_input_and_usage)
{
    cr_expect_eq(hsx("cosim missing.hxe"), 1);
    expect_in("err", "missing.hxe: No such file");
    cr_expect_eq(hsx("cosim"), 2);
    cr_expect_eq(hsx("cosim --sim modelsim " DEMO("three")), 2);
    cr_expect_eq(hsx("cosim --contexts 150 " DEMO("three")), 1);
    expect_in("err", "contexts");
    cr_expect_eq(hsx("fuzz --tasks 129"), 2);
    cr_expect_eq(hsx("fuzz --count 0"), 2);
    cr_expect_eq(hsx("fuzz --model nothing"), 2);
    cr_expect_eq(hsx("fuzz --sim icarus --program missing.vvp"), 1);
    cr_expect_eq(hsx("cosim --program core.vvp " DEMO("three")), 2);
    expect_in("err", "expected --sim icarus");
    cr_expect_eq(hsx("fuzz --sim icarus --model c16"), 2);
    expect_in("err", "expected --sim verilator");
    cr_expect_eq(hsx("conform --model c16 vectors.jsonl"), 2);
    expect_in("err", "expected --target rtl");
    cr_expect_eq(hsx("conform --target rtl --model ./missing.so vectors.jsonl"), 1);
}

Test(cosim_cli, a_model_of_another_version_is_refused)
{
    static const char *const models[] = {"stale", "older"};
    char line[1000];

    for (size_t i = 0; i < 2; i++) {
        snprintf(line, sizeof line, "fuzz --count 1 --model %s/%s_model.so", HSX_TEST_BINARY,
                 models[i]);
        cr_expect_eq(hsx(line), 1);
        expect_in("err", "is of another version of hsx");
    }
}

Test(cosim_cli, a_core_that_does_not_start_is_a_divergence)
{
    static const char program[] = "--sim icarus --program " HSX_TEST_BINARY "/broken_deaf.vvp ";
    char line[1000];

    snprintf(line, sizeof line, "cosim --json %s " DEMO("three"), program);
    cr_expect_eq(hsx(line), 10);

    json_t *object = result();

    cr_expect_eq(number(object, "divergences"), 1);
    cr_expect_eq(number(object, "exit"), 10);
    cr_expect_eq(json_array_size(json_object_get(object, "failures")), 1);
    json_decref(object);
    snprintf(line, sizeof line, "fuzz %s", program);
    cr_expect_eq(hsx(line), 10);
    expect_in("err", "the core does not start");
    snprintf(line, sizeof line, "conform --target rtl %s " HSX_VECTORS, program);
    cr_expect_eq(hsx(line), 10);
    cr_expect_eq(hsx("fuzz --sim icarus --program missing.vvp"), 1);
}

/* Removes from the trace what may differ: the cycle of each event. */
static void strip_cycles(const char *from, const char *to)
{
    char line[4096];
    FILE *in = fopen(from, "r");
    FILE *out = fopen(to, "w");

    cr_assert(in && out);
    cr_assert_not_null(fgets(line, sizeof line, in), "the header");
    while (fgets(line, sizeof line, in)) {
        char *cycle = strstr(line, "\"cycle\":");

        cr_assert_not_null(cycle, "%s", line);
        size_t length = strcspn(cycle, ",}");

        memset(cycle, '-', length);
        fwrite(line, 1, (size_t)(cycle - line), out);
        fputs(cycle + length, out);
    }
    fclose(in);
    fclose(out);
}

static void expect_same_trace(const char *arguments)
{
    char line[1100];
    int vm;

    snprintf(line, sizeof line, "run --target vm --trace vm.jsonl %s", arguments);
    vm = hsx(line);
    snprintf(line, sizeof line, "run --target rtl --trace rtl.jsonl %s", arguments);
    cr_expect_eq(hsx(line), vm, "%s: %s", arguments, text_of("err"));
    strip_cycles("vm.jsonl", "vm");
    strip_cycles("rtl.jsonl", "rtl");
    cr_expect_eq(system("cmp vm rtl >&2"), 0, "%s", arguments);
}

Test(cosim_cli, traces_of_vm_and_core_are_equal_but_for_cycles)
{
    expect_same_trace(DEMO("producer") DEMO("consumer"));
    expect_same_trace(DEMO("three") DEMO("three") DEMO("three"));
    expect_same_trace(DEMO("overflow") DEMO("stackmix"));
    expect_same_trace("--tick-steps 7 " DEMO("fir16") DEMO("producer") DEMO("consumer"));
}

static void expect_fuzz(const char *arguments)
{
    char line[300];

    snprintf(line, sizeof line, "fuzz --json %s", arguments);
    cr_assert_eq(hsx(line), 0, "%s: %s", line, text_of("err"));

    json_t *object = result();

    cr_expect_eq(number(object, "divergences"), 0);
    cr_expect_gt(number(object, "records_compared"), 100 * number(object, "programs"));
    json_decref(object);
}

Test(cosim_cli, random_programs_agree)
{
    expect_fuzz("--seed 1 --count 500 --tasks 6");
}

Test(cosim_cli, random_programs_of_few_or_many_tasks_agree)
{
    expect_fuzz("--seed 1001 --count 40 --tasks 1");
    expect_fuzz("--seed 2001 --count 40 --tasks 16");
    expect_fuzz("--seed 3001 --count 40 --tasks 3 --check-steps 100");
}

Test(cosim_cli, random_programs_agree_on_the_large_core)
{
    expect_fuzz("--seed 4001 --count 60 --model c128");
    expect_fuzz("--seed 5001 --count 10 --tasks 97");
    expect_fuzz("--seed 6001 --count 10 --tasks 128");
}

/* Verilator's -fsplit has produced wrong code for such cores before. */
Test(cosim_cli, random_programs_agree_with_split_blocks)
{
    expect_fuzz("--seed 5001 --count 100 --model split");
}

/* Registers that should have a reset, or be written before they are used. */
Test(cosim_cli, random_programs_agree_from_random_registers)
{
    for (int seed = 1; seed <= 5; seed++) {
        char line[100];

        snprintf(line, sizeof line, "--seed %d --count 20 --model random --reset-seed %d",
                 6000 + 100 * seed, seed);
        expect_fuzz(line);
    }
}

/* One of them, 7040, uses the bus for all accesses. */
Test(cosim_cli, random_programs_agree_under_icarus)
{
    expect_fuzz("--seed 7030 --count 12 --sim icarus --steps 400");
}

/* The output of a fuzz command, without the time that it took. */
static json_t *fuzz_result(const char *arguments, int status)
{
    char line[400];

    snprintf(line, sizeof line, "fuzz --json %s", arguments);
    cr_assert_eq(hsx(line), status, "%s: %s", line, text_of("err"));

    json_t *object = result();

    cr_expect_gt(number(object, "programs"), 0);
    json_object_del(object, "seconds");
    json_object_del(object, "programs_per_second");
    json_object_del(object, "steps_per_second");
    return object;
}

static void expect_same_fuzz(const char *arguments, const char *others)
{
    json_t *first = fuzz_result(arguments, 0);
    json_t *second = fuzz_result(others, 0);

    cr_expect(json_equal(first, second), "%s and %s", arguments, others);
    json_decref(first);
    json_decref(second);
}

Test(cosim_cli, a_seed_gives_the_same_run_again)
{
    expect_same_fuzz("--seed 42 --count 5", "--seed 42 --count 5");
}

/* Including the clocks of the core. */
Test(cosim_cli, programs_run_the_same_with_all_accesses_over_the_bus)
{
    expect_same_fuzz("--seed 8001 --count 40", "--seed 8001 --count 40 --bus");
}

Test(cosim_cli, more_processes_make_the_same_report)
{
    static const char broken[] =
        "--no-bundle --seed 9 --count 5 --steps 200 --sim icarus --program " HSX_TEST_BINARY
        "/broken_x.vvp --jobs";
    char line[400];

    expect_same_fuzz("--seed 8101 --count 30", "--seed 8101 --count 30 --jobs 3");
    snprintf(line, sizeof line, "%s 1", broken);

    json_t *one = fuzz_result(line, 10);
    char *before = strdup(text_of("err"));

    snprintf(line, sizeof line, "%s 2", broken);

    json_t *two = fuzz_result(line, 10);

    cr_expect_eq(number(two, "divergences"), 5);
    cr_expect(json_equal(one, two));
    cr_expect_str_eq(text_of("err"), before);
    free(before);
    json_decref(one);
    json_decref(two);
}

Test(cosim_cli, a_divergence_is_reported_with_its_command)
{
    cr_expect_eq(
        hsx("fuzz --no-bundle --json --seed 9 --count 1 --sim icarus --program " HSX_TEST_BINARY
            "/broken_x.vvp"),
        10);

    json_t *object = result();
    const json_t *failure = json_array_get(json_object_get(object, "failures"), 0);

    cr_expect_eq(number(object, "divergences"), 1);
    cr_assert_not_null(failure);
    cr_expect_eq(number(failure, "seed"), 9);
    cr_expect_not_null(strstr(json_string_value(json_object_get(failure, "reproduce")),
                              "hsx fuzz --seed 9 --count 1 --tasks 6 --steps 2000 --sim icarus "
                              "--program " HSX_TEST_BINARY "/broken_x.vvp"));
    json_decref(object);
}

/* The core without MUL and DIV, under Icarus, so that there is a wave as well. */
Test(cosim_cli, a_bundle_describes_a_difference)
{
    cr_assert_eq(hsx("cosim --bundle b --shrink-seconds 0 --steps 100 --sim icarus "
                     "--program " HSX_TEST_BINARY "/no_muldiv.vvp " DEMO("fir16")),
                 10, "%s", text_of("err"));
    expect_in("b/report.md", "event of MUL R6, R2, R5");
    expect_in("b/report.md", "| R2 (window word at 0x");
    expect_in("b/report.md", "## The READY queue");
    expect_in("b/report.md", "| stack_top |");
    expect_in("b/report.md", "-> 0x");
    expect_in("b/report.md", "no_muldiv.vvp");
    expect_in("b/task1.mvasm", "MUL R6, R2, R5");
    expect_in("b/junit.xml", "failures=\"1\"");
    expect_in("b/wave.gtkw", "hsx_icarus_top.dut.view.cycle");
    expect_in("b/core.jsonl", "\"cycle\"");
    expect_in("b/golden.jsonl", "\"cycle\"");
    cr_expect_eq(system("test -s b/wave.fst && test \"$(ls | tr '\\n' ' ')\" = 'b err out '"), 0);
}

/* The first count vectors, of which number wrong, or all if it is 0, expect another count of
 * retired instructions. */
static void write_failing(const char *path, unsigned count, unsigned wrong)
{
    FILE *out = fopen(path, "w");
    FILE *in = fopen(HSX_VECTORS, "r");
    char line[4096];

    cr_assert(in && out);
    for (unsigned n = 1; n <= count && fgets(line, sizeof line, in); n++) {
        char *retired = strstr(line, "\"retired\":");

        cr_assert_not_null(retired);
        if (wrong == 0 || n == wrong) {
            retired[10] = retired[10] == '1' ? '0' : '1';
        }
        fputs(line, out);
    }
    fclose(in);
    fclose(out);
}

Test(cosim_cli, a_bundle_of_failing_cases_holds_them)
{
    write_failing("v.jsonl", 3, 2);
    cr_assert_eq(hsx("conform --bundle c v.jsonl"), 10, "%s", text_of("err"));
    expect_in("c/report.md", "1 of 3 cases of v.jsonl fail");
    expect_in("c/report.md", "(v.jsonl:2)");
    expect_in("c/report.md", "retired: expected 0x0, got 0x1");
    expect_in("c/vectors.jsonl", "\"retired\":0");
    cr_expect_null(strstr(text_of("c/vectors.jsonl"), "\"retired\":1"));
    expect_in("c/junit.xml", "failures=\"1\"");
    expect_in("c/command.txt", "hsx conform --bundle c v.jsonl");
    expect_in("c/golden.jsonl", "\"event\":\"retire\"");
}

/* File names may have any characters; junit.xml is XML all the same. */
Test(cosim_cli, a_bundle_of_cases_of_any_file_is_xml)
{
    write_failing("a&<b>.jsonl", 1, 1);
    cr_assert_eq(hsx("conform --bundle c 'a&<b>.jsonl'"), 10, "%s", text_of("err"));
    expect_in("c/junit.xml", "a&amp;&lt;b&gt;.jsonl");
    cr_expect_null(strstr(text_of("c/junit.xml"), "a&<b>"));
}

Test(cosim_cli, holes_of_coverage_are_in_the_json)
{
    cr_assert_eq(hsx("fuzz --count 1 --steps 50 --json --coverage"), 0, "%s", text_of("err"));

    json_t *object = result();
    json_t *coverage = json_object_get(object, "coverage");
    const json_t *holes = json_object_get(coverage, "holes");

    cr_expect_gt(number(coverage, "reached"), 10);
    cr_expect_eq(number(coverage, "reached") + (json_int_t)json_array_size(holes),
                 number(coverage, "points"));
    json_decref(object);
}

/* The first case with its window in the core that writes waves is traced. */
Test(cosim_cli, a_bundle_of_cases_that_fail_on_the_core_has_traces_and_a_wave)
{
    write_failing("v.jsonl", 40, 0);
    cr_assert_eq(hsx("conform --target rtl --bundle c v.jsonl"), 10, "%s", text_of("err"));
    cr_expect_eq(hsx("trace diff c/golden.jsonl c/core.jsonl"), 0, "%s", text_of("out"));
    expect_in("out", "the same: 1 events");
    expect_in("c/report.md", "wave.fst");
    cr_expect_eq(system("test -s c/wave.fst && test -s c/wave.gtkw && test $(ls c | wc -l) = 8"),
                 0);

    /* A model without waves. */
    cr_assert_eq(hsx("conform --target rtl --model c128 --bundle d v.jsonl"), 10);
    expect_in("d/report.md", "There is no wave");
    cr_expect_eq(system("test $(ls d | wc -l) = 6"), 0);
}

/* fir16 makes eight steps before its first MUL. */
Test(cosim_cli, traces_of_both_sides_end_with_what_differs)
{
    cr_assert_eq(hsx("cosim --sim icarus --program " HSX_TEST_BINARY
                     "/no_muldiv.vvp --trace core.hsxt --trace-vm vm.jsonl " DEMO("fir16")),
                 10, "%s", text_of("err"));
    cr_assert_eq(hsx("trace diff vm.jsonl core.hsxt"), 10);
    expect_in("out",
              "event of MUL R6, R2, R5 in task 1 at pc 0x0128: retire, fault ILLEGAL_OPCODE");
    cr_assert_eq(hsx("trace check vm.jsonl " DEMO("fir16")), 0);
    cr_assert_eq(hsx("trace check core.hsxt " DEMO("fir16")), 10);
    expect_in("out", "expected retire, got fault ILLEGAL_OPCODE");
}

Test(cosim_cli, random_programs_are_traced_one_at_a_time)
{
    cr_assert_eq(hsx("fuzz --seed 7 --count 1 --trace core.hsxt --trace-vm vm.jsonl"), 0);
    cr_assert_eq(hsx("trace diff core.hsxt vm.jsonl"), 0);
    expect_in("vm.jsonl", "\"pid\":6,\"slot\":5,\"slice\":1,\"hash\":\"crc32:");
    cr_assert_eq(hsx("fuzz --seed 7 --count 2 --trace core.hsxt"), 2);
    cr_assert_eq(hsx("fuzz --seed 7 --count 1 --trace -"), 2);
    cr_assert_eq(hsx("fuzz --seed 7 --count 1 --trace none/core.hsxt"), 1);
}

Test(cosim_cli, after_a_divergence_the_tasks_are_reported)
{
    cr_assert_eq(hsx("cosim --json --sim icarus --program " HSX_TEST_BINARY
                     "/no_muldiv.vvp " DEMO("three") DEMO("fir16")),
                 10, "%s", text_of("err"));

    json_t *object = result();
    const json_t *tasks = json_object_get(object, "tasks");
    const json_t *three = json_array_get(tasks, 0);
    const json_t *fir16 = json_array_get(tasks, 1);
    const json_t *failure = json_array_get(json_object_get(object, "failures"), 0);
    const char *what = json_string_value(json_object_get(failure, "what"));
    char place[100];

    cr_expect_eq(number(object, "divergences"), 1);
    cr_expect_eq(number(object, "exit"), 10);
    cr_expect_str_eq(json_string_value(json_object_get(object, "reason")), "diverged");
    cr_assert_eq(json_array_size(tasks), 2);
    cr_expect_str_eq(json_string_value(json_object_get(three, "name")), "three_#0");
    cr_expect_str_eq(json_string_value(json_object_get(fir16, "name")), "fir16_#0");
    cr_expect_str_eq(json_string_value(json_object_get(fir16, "state")), "READY");
    snprintf(place, sizeof place,
             "event of MUL R6, R2, R5 in slot 1 at pc 0x%04X:", (unsigned)number(fir16, "pc"));
    cr_expect_not_null(strstr(what, place), "no '%s' in '%s'", place, what);
    cr_expect_eq(number(fir16, "steps"), 8);
    cr_expect_eq(number(three, "steps"), 9);
    cr_expect_eq(number(object, "steps"), 17);
    cr_expect_eq(number(object, "cycles"), number(failure, "cycle"));
    json_decref(object);
}
