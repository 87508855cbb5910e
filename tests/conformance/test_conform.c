// SPDX-License-Identifier: Apache-2.0
/* The conformance library: it checks machines against the vectors, and files against the
 * format. */
#include <criterion/criterion.h>
#include <hsx/conform.h>
#include <hsx/target_vm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* ADD R3, R1, R2 with 5 and 6. */
#define BEFORE                                                                                     \
    "\"name\":\"ADD#0\",\"insn\":271654912,\"pc\":16,\"psw\":0,\"sp\":62728,\"reg_base\":4096,"    \
    "\"stack_limit\":62496,\"stack_top\":62752,\"call_depth\":0,"                                  \
    "\"regs\":[0,5,6,0,0,0,0,0,0,0,0,0,0,0,0,0],\"mem\":[]"
#define AFTER(pc, psw, regs, mem, event, retired)                                                  \
    "\"out\":{\"pc\":" #pc ",\"psw\":" #psw ",\"sp\":62728,\"regs\":{" regs "},\"mem\":[" mem      \
    "],\"event\":\"" event "\",\"retired\":" #retired "}"
#define GOOD "{" BEFORE "," AFTER(20, 0, "\"3\":11", "", "none", 1) "}\n"

static void check(const char *text, struct hsx_conform_outcome *outcome)
{
    struct hsx_conform_error error = {{0}};
    struct hsx_conform_set set;
    struct hsx_target *target;
    struct hsx_conform_runner *runner;
    cr_assert_eq(hsx_conform_parse(text, strlen(text), "t", &set, &error), HSX_OK, "%s",
                 error.text);
    cr_assert_eq(set.count, 1);
    cr_assert_eq(hsx_target_vm_create(1, &target), HSX_OK);
    cr_assert_eq(hsx_conform_runner_create(target, &runner), HSX_OK);
    cr_assert_eq(hsx_conform_run(runner, &set.cases[0], true, outcome), HSX_OK);
    hsx_conform_runner_destroy(runner);
    target->ops->destroy(target);
    hsx_conform_free(&set);
}

Test(conform, a_case_that_holds_has_no_differences)
{
    struct hsx_conform_outcome outcome;
    check(GOOD, &outcome);
    cr_expect_eq(outcome.differences, 0, "%s", outcome.text);
}

Test(conform, a_stray_write_to_a_window_shows_in_the_next_full_comparison)
{
    static const uint8_t stray = 1;
    struct hsx_conform_error error = {{0}};
    struct hsx_conform_outcome outcome;
    struct hsx_conform_set set;
    struct hsx_target *target;
    struct hsx_conform_runner *runner;
    cr_assert_eq(hsx_conform_parse(GOOD, strlen(GOOD), "t", &set, &error), HSX_OK);
    cr_assert_eq(hsx_target_vm_create(1, &target), HSX_OK);
    cr_assert_eq(hsx_conform_runner_create(target, &runner), HSX_OK);
    cr_assert_eq(target->ops->write_data(target, 0x2000, &stray, 1), HSX_OK);
    cr_assert_eq(hsx_conform_run(runner, &set.cases[0], false, &outcome), HSX_OK);
    cr_expect_eq(outcome.differences, 0, "%s", outcome.text);
    cr_assert_eq(hsx_conform_run(runner, &set.cases[0], true, &outcome), HSX_OK);
    cr_expect_str_eq(outcome.text, "byte at 0x2000: expected 0xA5, got 0x1");
    hsx_conform_runner_destroy(runner);
    target->ops->destroy(target);
    hsx_conform_free(&set);
}

Test(conform, a_case_that_fails_says_what_was_expected_and_got)
{
    static const struct {
        const char *text;
        const char *said;
    } cases[] = {
        {"{" BEFORE "," AFTER(20, 0, "\"3\":12", "", "none", 1) "}", "R3: expected 0xC, got 0xB"},
        {"{" BEFORE "," AFTER(20, 0, "\"3\":11,\"4\":1", "", "none", 1) "}",
         "R4: expected 0x1, got 0x0"},
        {"{" BEFORE "," AFTER(24, 0, "\"3\":11", "", "none", 1) "}", "pc: expected 0x18, got 0x14"},
        {"{" BEFORE "," AFTER(20, 2, "\"3\":11", "", "none", 1) "}", "psw: expected 0x2, got 0x0"},
        {"{" BEFORE "," AFTER(20, 0, "\"3\":11", "[32768,7]", "none", 1) "}",
         "byte at 0x8000: expected 0x7, got 0xA5"},
        {"{" BEFORE "," AFTER(20, 0, "\"3\":11", "", "break", 1) "}", "event: expected break"},
        {"{" BEFORE "," AFTER(20, 0, "\"3\":11", "", "none", 0) "}",
         "retired: expected 0x0, got 0x1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hsx_conform_outcome outcome;
        check(cases[i].text, &outcome);
        cr_expect_gt(outcome.differences, 0, "%s", cases[i].said);
        cr_expect_not_null(strstr(outcome.text, cases[i].said), "%s in %s", cases[i].said,
                           outcome.text);
    }
}

/* The parser must refuse text with this message. */
static void refuse(const char *text, const char *said)
{
    struct hsx_conform_error error = {{0}};
    struct hsx_conform_set set;
    cr_expect_eq(hsx_conform_parse(text, strlen(text), "f", &set, &error), HSX_ERR_FORMAT, "%s",
                 said);
    cr_expect_null(set.cases);
    cr_expect_eq(strncmp(error.text, said, strlen(said)), 0, "%s, got %s", said, error.text);
}

Test(conform, a_file_in_another_format_is_refused_with_its_line)
{
    refuse("{", "f:1:");
    refuse(GOOD "\n[1]\n", "f:3:1: expected a JSON object");
    refuse(GOOD "{\"name\":1}\n", "f:2: \"name\" is missing or wrong, expected a string");
    refuse("{\"name\":\"x\",\"insn\":4294967296}",
           "f:1: \"insn\" is missing or wrong, expected an integer from 0 to 4294967295");
    refuse("{\"name\":\"x\",\"insn\":-1}", "f:1: \"insn\"");
    refuse("{\"name\":\"x\",\"insn\":1.5}", "f:1: \"insn\"");
    refuse("{" BEFORE "}", "f:1: \"out\" is missing or wrong, expected an object");
    refuse("{" BEFORE ",\"call_encoding\":\"bits\"}", "f:1: \"call_encoding\"");
    refuse("{" BEFORE "," AFTER(20, 16, "", "", "none", 1) "}", "f:1: \"psw\"");
    refuse("{" BEFORE "," AFTER(20, 0, "\"16\":1", "", "none", 1) "}", "f:1: \"out.regs\"");
    refuse("{" BEFORE "," AFTER(20, 0, "\"x\":1", "", "none", 1) "}", "f:1: \"out.regs\"");
    refuse("{" BEFORE "," AFTER(20, 0, "", "[65536,1]", "none", 1) "}", "f:1: \"mem\"");
    refuse("{" BEFORE "," AFTER(20, 0, "", "[1,256]", "none", 1) "}", "f:1: \"mem\"");
    refuse("{" BEFORE "," AFTER(20, 0, "", "[1]", "none", 1) "}", "f:1: \"mem\"");
    refuse("{" BEFORE "," AFTER(20, 0, "", "", "gone", 1) "}", "f:1: \"out.event\"");
    refuse("{" BEFORE "," AFTER(20, 0, "", "", "fault", 0) "}", "f:1: \"out.fault\"");
}

Test(conform, a_case_cut_anywhere_is_refused_or_whole)
{
    char text[] = GOOD;
    for (size_t size = 1; size + 2 < sizeof text; size++) {
        struct hsx_conform_error error = {{0}};
        struct hsx_conform_set set;
        cr_expect_eq(hsx_conform_parse(text, size, "f", &set, &error), HSX_ERR_FORMAT);
        cr_expect_eq(strncmp(error.text, "f:1:", 4), 0);
    }
}

/* Runs hsx conform on text; returns the exit status, with the output in out. */
static int command(const char *text, const char *options, char *out, size_t size)
{
    char path[] = "/tmp/hsx-conform-XXXXXX";
    char line[300];
    int file = mkstemp(path);
    FILE *stream = fdopen(file, "w");
    cr_assert_not_null(stream);
    fputs(text, stream);
    fclose(stream);
    snprintf(line, sizeof line, HSX_PROGRAM " conform %s %s 2>&1", path, options);
    stream = popen(line, "r");
    cr_assert_not_null(stream);
    out[fread(out, 1, size - 1, stream)] = '\0';
    int status = pclose(stream);
    remove(path);
    cr_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

Test(conform, the_command_lists_what_fails)
{
    char out[2000];
    cr_expect_eq(command(GOOD, "", out, sizeof out), 0);

    double seconds, rate;
    int end = 0;

    sscanf(out, "1 cases on vm, 0 failed, %lf s (%lf cases a second)\n%n", &seconds, &rate, &end);
    cr_expect_eq((size_t)end, strlen(out), "%s", out);
    cr_expect_gt(rate, 1);
    cr_expect_lt(rate * seconds, 2, "%s", out);
    cr_expect_eq(command(GOOD "{" BEFORE "," AFTER(20, 0, "\"3\":12", "", "none", 1) "}", "", out,
                         sizeof out),
                 10);
    cr_expect_not_null(strstr(out, ":2: ADD#0: "), "%s", out);
    cr_expect_not_null(strstr(out, "2 cases on vm, 1 failed"), "%s", out);
    cr_expect_eq(command("{" BEFORE "," AFTER(20, 0, "\"3\":12", "", "none", 1) "}", "--json", out,
                         sizeof out),
                 10);
    cr_expect_eq(out[0], '{');
    cr_expect_not_null(strstr(out, "\"failed\":1"), "%s", out);
    cr_expect_not_null(strstr(out, "\"line\":1"), "%s", out);
    cr_expect_not_null(strstr(out, "\"seconds\":"), "%s", out);
    cr_expect_not_null(strstr(out, "\"cases_per_second\":"), "%s", out);
}

Test(conform, a_core_without_the_window_of_a_case_is_refused)
{
    char out[2000];
    char high[sizeof GOOD];
    char *at;

    strcpy(high, GOOD);
    at = strstr(high, "\"reg_base\":4096");
    memcpy(at, "\"reg_base\":5120", strlen("\"reg_base\":5120"));
    cr_expect_eq(command(GOOD, "--target rtl --model c16", out, sizeof out), 0, "%s", out);
    cr_expect_eq(command(high, "--target rtl --model c16", out, sizeof out), 1, "%s", out);
    cr_expect_not_null(strstr(out, ":1: ADD#0: its window at 0x1400 is not in this core"), "%s",
                       out);
    cr_expect_null(strstr(out, "failed"), "%s", out);
    cr_expect_eq(command(high, "", out, sizeof out), 0, "%s", out);
}

Test(conform, the_command_distinguishes_bad_files_from_bad_usage)
{
    char out[2000];
    cr_expect_eq(command("", "", out, sizeof out), 1, "no case is no proof");
    cr_expect_eq(command("{}", "", out, sizeof out), 1);
    cr_expect_eq(command(GOOD, "no-such-file", out, sizeof out), 2, "two files");
    cr_expect_eq(command(GOOD, "--target moon", out, sizeof out), 2);
}
