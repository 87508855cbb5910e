// SPDX-License-Identifier: Apache-2.0
/* The FPGA report program on canned tool output, and input that it refuses. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char scratch[64];

static void make_scratch(void)
{
    snprintf(scratch, sizeof scratch, "/tmp/hsx_fpga_XXXXXX");
    cr_assert_not_null(mkdtemp(scratch));
}

static void drop_scratch(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf %s", scratch);
    cr_expect_eq(system(command), 0);
}

TestSuite(fpga_report, .init = make_scratch, .fini = drop_scratch);

static void write_file(const char *name, const char *text)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", scratch, name);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

static char *read_file(const char *name)
{
    char path[128];
    static char text[8192];

    snprintf(path, sizeof path, "%s/%s", scratch, name);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* Runs the program in the folder of canned files; its stderr goes to the scratch file "err". */
static int run(const char *arguments)
{
    char command[1024];

    snprintf(command, sizeof command, "cd %s/data && %s %s >%s/out 2>%s/err", HSX_TEST_DATA,
             HSX_FPGA_REPORT, arguments, scratch, scratch);
    int status = system(command);
    cr_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

Test(fpga_report, json_has_a_row_for_each_configuration)
{
    char arguments[256];
    char path[128];
    double least;
    json_int_t lc;
    json_int_t bram;
    const char *critical;

    snprintf(arguments, sizeof arguments, "manifest.json --json %s/report.json", scratch);
    cr_assert_eq(run(arguments), 0, "%s", read_file("err"));
    snprintf(path, sizeof path, "%s/report.json", scratch);
    json_t *rows = json_load_file(path, 0, NULL);
    cr_assert_eq(json_array_size(rows), 6);
    json_t *routed = json_array_get(rows, 0);
    cr_assert_eq(json_unpack(routed, "{s:I, s:I, s:s}", "lc", &lc, "bram", &bram, "critical_path",
                             &critical),
                 0);
    cr_expect_eq(lc, 3020, "the median without the shell");
    cr_expect_eq(bram, 14);
    cr_expect_str_eq(critical, "firsttwo to lasttwo, 0.8 ns logic, 2.0 ns routing");
    json_t *speeds = json_object_get(routed, "fmax_mhz");
    cr_expect_eq(json_array_size(speeds), 3);
    least = json_real_value(json_array_get(speeds, 1));
    cr_expect_eq(least, 85.25);
    json_t *area = json_array_get(rows, 5);
    cr_expect_eq(json_integer_value(json_object_get(area, "lc")), 2200, "two LUTs a carry cell");
    cr_expect_eq(json_integer_value(json_object_get(area, "bram")), 9);
    cr_expect_eq(json_integer_value(json_object_get(area, "dsp")), 1);
    cr_expect_eq(json_array_size(json_object_get(area, "fmax_mhz")), 0);
    json_t *ecp5 = json_array_get(rows, 4);
    cr_expect_eq(json_integer_value(json_object_get(ecp5, "lc")), 4000);
    cr_expect_eq(json_integer_value(json_object_get(ecp5, "bram")), 9);
    cr_expect_eq(json_integer_value(json_object_get(ecp5, "dsp")), 3);
    json_decref(rows);
}

Test(fpga_report, page_keeps_what_is_around_the_table)
{
    char arguments[256];

    write_file("page.md",
               "before\n<!-- fpga-report: begin -->\nold\n<!-- fpga-report: end -->\nafter\n");
    snprintf(arguments, sizeof arguments, "manifest.json --page %s/page.md", scratch);
    cr_assert_eq(run(arguments), 0, "%s", read_file("err"));
    const char *page = read_file("page.md");
    cr_expect_eq(strncmp(page, "before\n<!-- fpga-report: begin -->\n| goal", 40), 0);
    cr_expect_not_null(strstr(page, "| hx8k | 16 | none | 3020 | 14 | 0 | 3 | 88.0 | 85.2 |"));
    cr_expect_not_null(strstr(page, "| ecp5 | 16 | none | 2200 | 9 | 1 | | | | |\n"));
    cr_expect_not_null(strstr(page, "<!-- fpga-report: end -->\nafter\n"));
    cr_expect_null(strstr(page, "old"));
}

Test(fpga_report, goals_stand_next_to_results)
{
    char arguments[256];

    write_file("page.md", "<!-- fpga-report: begin -->\n<!-- fpga-report: end -->\n");
    snprintf(arguments, sizeof arguments, "manifest.json --page %s/page.md", scratch);
    cr_assert_eq(run(arguments), 0, "%s", read_file("err"));
    const char *page = read_file("page.md");
    cr_expect_not_null(strstr(page, "| Fmax on hx8k, median | 85 MHz | 88.0 MHz | met |\n"));
    cr_expect_not_null(strstr(page, "| LC | at most 3500 | 3020 | met |\n"));
    cr_expect_not_null(strstr(page, "| block RAM | at most 14 | 14 | met |\n"));
    cr_expect_not_null(
        strstr(page, "| LC from 16 to 64 contexts | at most +5 % | +6.0 % | missed |\n"),
        "3201 against 3020");
}

Test(fpga_report, a_design_that_does_not_fit_keeps_its_row)
{
    char arguments[256];

    write_file("page.md", "<!-- fpga-report: begin -->\n<!-- fpga-report: end -->\n");
    snprintf(arguments, sizeof arguments, "manifest.json --page %s/page.md", scratch);
    cr_assert_eq(run(arguments), 0, "%s", read_file("err"));
    const char *page = read_file("page.md");
    cr_expect_not_null(strstr(
        page, "| up5k | 64 | none | 5300 | 20 | 0 | | | | none: ERROR: Unable to place cell 'a', "
              "no Bels remaining of type 'ICESTORM_LC' (2 of 2 seeds could not be placed "
              "and routed) |\n"));
    cr_expect_not_null(strstr(page, "| 90.5 | 90.5 | firstone to lastone, 0.8 ns logic, 2.0 ns "
                                    "routing (1 of 2 seeds could not be placed and routed) |\n"));
}

Test(fpga_report, a_page_without_marks_is_left_alone)
{
    char arguments[256];

    write_file("page.md", "no marks\n");
    snprintf(arguments, sizeof arguments, "manifest.json --page %s/page.md", scratch);
    cr_expect_eq(run(arguments), 1);
    cr_expect_str_eq(read_file("page.md"), "no marks\n");
}

Test(fpga_report, bad_input_is_named)
{
    char arguments[256];

    cr_expect_eq(run("absent.json"), 1);
    cr_expect_not_null(strstr(read_file("err"), "absent.json"));
    cr_expect_eq(run(""), 2);
    cr_expect_eq(run("manifest.json >/dev/full 2>/dev/null #"), 1);
    write_file("bad.json", "[{\"device\": \"hx8k\", \"contexts\": 16, \"without\": \"none\","
                           " \"shell\": \"shell.report\", \"reports\": [\"missing.report\"]}]");
    snprintf(arguments, sizeof arguments, "%s/bad.json", scratch);
    cr_expect_eq(run(arguments), 1);
    cr_expect_not_null(strstr(read_file("err"), "missing.report"));
    write_file("bad.json", "[{\"device\": \"hx8k\"}]");
    cr_expect_eq(run(arguments), 1);
    cr_expect_not_null(strstr(read_file("err"), "bad.json"));
    write_file("bad.json", "[{\"device\": \"hx8k\", \"contexts\": 16, \"without\": \"none\","
                           " \"shell\": \"shell.report\", \"reports\": [\"shell.stat\"]}]");
    cr_expect_eq(run(arguments), 1);
    cr_expect_not_null(strstr(read_file("err"), "shell.stat"));
}
