// SPDX-License-Identifier: Apache-2.0
/* hsx fuzz --coverage and --steer, and the points behind them. */
#include "../cli.h"
#include <criterion/criterion.h>
#include <hsx/coverage.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(coverage, .init = cli_enter, .fini = cli_leave);

static uint64_t *counts_of(const char *path)
{
    uint64_t *counts = calloc(hsx_coverage_points(), sizeof *counts);
    FILE *in = fopen(path, "r");
    unsigned line;

    cr_assert(counts && in, "%s", path);
    cr_assert_eq(hsx_coverage_read(in, counts, &line), HSX_OK, "%s:%u", path, line);
    fclose(in);
    return counts;
}

/* How many points the file has that were not among those before. */
static size_t new_points(const uint64_t *before, const char *path)
{
    uint64_t *counts = counts_of(path);
    size_t count = 0;

    for (size_t point = 0, points = hsx_coverage_points(); point < points; point++) {
        count += counts[point] != 0 && before[point] == 0;
    }
    free(counts);
    return count;
}

static bool reached(const char *path, const char *name)
{
    char(*names)[HSX_COVERAGE_NAME] = hsx_coverage_names();
    uint64_t *counts = counts_of(path);
    bool found = false;

    cr_assert_not_null(names);
    for (size_t point = 0, points = hsx_coverage_points(); point < points; point++) {
        found = found || (counts[point] != 0 && strcmp(names[point], name) == 0);
    }
    free(names);
    free(counts);
    return found;
}

Test(coverage, points_have_names_of_their_own)
{
    char(*names)[HSX_COVERAGE_NAME] = hsx_coverage_names();

    cr_assert_not_null(names);
    for (size_t a = 0, points = hsx_coverage_points(); a < points; a++) {
        cr_assert_lt(strlen(names[a]), HSX_COVERAGE_NAME - 1, "%s", names[a]);
        for (size_t b = 0; b < a; b++) {
            if (strcmp(names[a], names[b]) == 0) {
                cr_assert_fail("%s", names[a]);
            }
        }
    }
    free(names);
}

Test(coverage, any_number_of_processes_counts_the_same)
{
    cr_assert_eq(hsx("fuzz --seed 5 --count 12 --coverage=one"), 0, "%s", text_of("err"));
    cr_assert_eq(hsx("fuzz --seed 5 --count 12 --coverage=three --jobs 3"), 0);
    static char one[100000];

    read_text("one", one, sizeof one);
    cr_expect_gt(strlen(one), 10000);
    cr_expect_str_eq(one, text_of("three"));
}

Test(coverage, holes_are_what_the_counts_do_not_have)
{
    cr_assert_eq(hsx("fuzz --seed 5 --count 2 --coverage=counts"), 0);

    char *out = text_of("out");
    char *hole = strstr(out, "\nhole: ");

    cr_assert_not_null(hole);
    cr_assert_not_null(strstr(out, "coverage: "));
    hole += strlen("\nhole: ");
    hole[strcspn(hole, "\n")] = '\0';
    cr_expect_not(reached("counts", hole), "%s", hole);
    cr_expect(reached("counts", "lost squash"));
    cr_expect(reached("counts", "state FREE READY"));
}

/* What kill, pause and all contexts in use are told by. */
Test(coverage, states_and_queue_follow_the_executive)
{
    cr_assert_eq(hsx("fuzz --seed 1 --count 40 --coverage=counts"), 0);
    cr_expect(reached("counts", "state PAUSED FREE"));
    cr_expect(reached("counts", "state WAIT_MBX READY"));
    cr_expect(reached("counts", "queue empty"));
    cr_expect_not(reached("counts", "queue full"));
    cr_assert_eq(hsx("fuzz --seed 1 --count 1 --tasks 16 --coverage=full"), 0);
    cr_expect(reached("full", "queue full"));
}

Test(coverage, steered_programs_reach_what_others_do_not)
{
    cr_assert_eq(hsx("fuzz --seed 1 --count 60 --coverage=before"), 0);
    cr_assert_eq(hsx("fuzz --seed 1001 --count 15 --coverage=plain"), 0);
    cr_assert_eq(hsx("fuzz --seed 1001 --count 15 --coverage=aimed --steer before"), 0);

    uint64_t *before = counts_of("before");
    size_t plain = new_points(before, "plain");
    size_t aimed = new_points(before, "aimed");

    cr_expect_gt(aimed, 2 * plain, "%zu points by steering, %zu without", aimed, plain);
    free(before);
}

Test(coverage, a_bad_file_of_counts_is_named_with_its_line)
{
    static const char *const bad[] = {
        "1\tlost squash\n1\tlost nothing\n", "1\tlost squash\n0\tlost trap\n",
        "1\tlost squash\nlost trap\n", "1\tlost squash\n1 lost trap\n",
        "1\tlost squash\n-1\tlost trap\n"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        FILE *out = fopen("bad", "w");

        cr_assert_not_null(out);
        fputs(bad[i], out);
        fclose(out);
        cr_expect_eq(hsx("fuzz --count 1 --steer bad --coverage=kept"), 1);
        cr_expect_not_null(strstr(text_of("err"), "bad:2: expected a count"), "%s", text_of("err"));
    }
    cr_expect_null(fopen("kept", "r"));
    cr_expect_eq(hsx("fuzz --count 1 --steer missing"), 1);
    cr_expect_not_null(strstr(text_of("err"), "missing: No such file"), "%s", text_of("err"));
    cr_expect_eq(hsx("fuzz --count 1 --coverage --trace t"), 2);
}
