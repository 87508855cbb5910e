// SPDX-License-Identifier: Apache-2.0
/* hsx fuzz --coverage and --steer, and their points. */
#include "../cli.h"
#include <criterion/criterion.h>
#include <hsx/coverage.h>
#include <hsx/fuzz.h>
#include <hsx/isa.h>
#include <hsx/target_vm.h>
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

/* The number of points in the file that were not reached before. */
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

/* Points for kill, pause and all contexts in use. */
Test(coverage, states_and_queue_follow_the_executive)
{
    cr_assert_eq(hsx("fuzz --seed 81 --count 40 --coverage=counts"), 0);
    cr_expect(reached("counts", "state PAUSED FREE"));
    cr_expect(reached("counts", "state WAIT_MBX READY"));
    cr_expect(reached("counts", "queue empty"));
    cr_expect_not(reached("counts", "queue full"));
    cr_assert_eq(hsx("fuzz --seed 1 --count 1 --tasks 16 --coverage=full"), 0);
    cr_expect(reached("full", "queue full"));
}

/* The counts of one protected task with these words on the C VM; its data segment has 64 bytes,
 * its stack 16. */
static uint64_t *counts_of_code(const uint32_t *words, size_t count)
{
    struct hsx_fuzz_program *program = calloc(1, sizeof *program);
    struct hsx_coverage *coverage = hsx_coverage_create(16);
    uint64_t *counts = calloc(hsx_coverage_points(), sizeof *counts);
    struct hsx_fuzz_result result;
    struct hsx_target *vm = NULL;

    cr_assert(program && coverage && counts);
    cr_assert_eq(hsx_target_vm_create(16, &vm), HSX_OK);
    program->tasks = 1;
    program->steps = 100;
    program->units = HSX_UNITS_ALL;
    program->protect = program->plain = true;
    memcpy(program->task[0].code, words, count * sizeof *words);
    program->task[0].words = count;
    program->task[0].version = 1;
    program->task[0].ro_len = 64;
    program->task[0].stack_bytes = 16;
    program->task[0].same_as = -1;

    const struct hsx_exec_sink sink = hsx_coverage_sink(coverage);
    const struct hsx_fuzz_watch watch = {.sink = &sink};

    hsx_coverage_begin(coverage);
    cr_assert_eq(hsx_fuzz_run_watched(program, vm, &watch, &result), HSX_OK);
    memcpy(counts, hsx_coverage_counts(coverage), hsx_coverage_points() * sizeof *counts);
    hsx_coverage_destroy(coverage);
    vm->ops->destroy(vm);
    free(program);
    return counts;
}

/* The only point of the group that was reached, or "". */
static void point_of(const uint64_t *counts, const char *group, char name[HSX_COVERAGE_NAME])
{
    char(*names)[HSX_COVERAGE_NAME] = hsx_coverage_names();
    const size_t length = strlen(group);

    cr_assert_not_null(names);
    name[0] = '\0';
    for (size_t point = 0, points = hsx_coverage_points(); point < points; point++) {
        if (counts[point] != 0 && strncmp(names[point], group, length) == 0) {
            cr_expect_str_empty(name, "%s and %s", name, names[point]);
            memcpy(name, names[point], HSX_COVERAGE_NAME);
        }
    }
    free(names);
}

Test(coverage, faults_show_how_close_they_came_to_an_arena)
{
    static const struct {
        uint32_t address, access;
        const char *point;
    } cases[] = {
        {0x4040, 0x08010000, "refused data segment, just after the end, write"},
        {0x403F, 0x07010000, "refused data segment, over the end, read"},
        {0x3FFF, 0x09010000, "refused data segment, over the start, write"},
        {0x3FFC, 0x02010000, "refused data segment, just before the start, read"},
        {0x1040, 0x02010000, "refused own window, just after the end, read"},
        {0xFFEF, 0x06010000, "refused stack, just before the start, read"},
        {0xFFFF, 0x03010000, "refused memory, over the end, write"},
        {0x8000, 0x03010000, ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        /* The pointer is written through the window as memory, and used with an offset. */
        const uint32_t code[] = {0x60200000, cases[i].address + 1, 0x60300000,
                                 0x1004,     0x03032000,           cases[i].access | 0xFFF};
        uint64_t *counts = counts_of_code(code, sizeof code / sizeof code[0]);
        char name[HSX_COVERAGE_NAME];

        point_of(counts, "refused ", name);
        cr_expect_str_eq(name, cases[i].point, "%04X: %s", (unsigned)cases[i].address, name);
        free(counts);
    }
}

Test(coverage, bounds_are_what_just_fits_and_what_just_does_not)
{
    static const struct {
        uint32_t code[5];
        size_t words;
        const char *point;
    } cases[] = {
        {{0x40000000, 0x40000000, 0x40000000, 0x21000010, 0},
         5,
         "bound push into the last word of the stack"},
        {{0x41000000, 0}, 2, "bound pop of the word above the stack"},
        {{0x40000000, 0x41000000, 0}, 3, "bound pop of the first word of the stack"},
        {{0x60000000, 1}, 2, "bound fetch of the "},
        {{0x60000000}, 1, "bound fetch of a second word after the code"},
        {{0x21000002, 0}, 2, "bound fetch at an address that is not aligned"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t *counts = counts_of_code(cases[i].code, cases[i].words);
        char name[HSX_COVERAGE_NAME];

        if (strcmp(cases[i].point, "bound fetch of the ") == 0) {
            point_of(counts, "bound fetch of the last", name);
            cr_expect_str_not_empty(name);
            point_of(counts, "bound fetch of the word after", name);
            cr_expect_str_not_empty(name);
        } else {
            point_of(counts, "bound ", name);
            cr_expect_str_eq(name, cases[i].point, "%s", name);
        }
        free(counts);
    }
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
