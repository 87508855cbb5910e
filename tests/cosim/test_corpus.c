// SPDX-License-Identifier: Apache-2.0
/* hsx fuzz --corpus and --edits, and the changes of programs that they make. */
#include "../cli.h"
#include <criterion/criterion.h>
#include <dirent.h>
#include <hsx/corpus.h>
#include <hsx/target_vm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(corpus, .init = cli_enter, .fini = cli_leave);

static bool same_task(const struct hsx_fuzz_task *a, const struct hsx_fuzz_task *b)
{
    return a->words == b->words && memcmp(a->code, b->code, a->words * sizeof a->code[0]) == 0 &&
           memcmp(a->data, b->data, sizeof a->data) == 0 && a->entry == b->entry &&
           a->version == b->version && a->ro_len == b->ro_len && a->bss_size == b->bss_size &&
           a->stack_bytes == b->stack_bytes && a->slice == b->slice && a->odd == b->odd;
}

static bool same(const struct hsx_fuzz_program *a, const struct hsx_fuzz_program *b)
{
    bool equal = a->tasks == b->tasks && a->tick_steps == b->tick_steps &&
                 a->trap_latency == b->trap_latency && a->actions == b->actions &&
                 a->protect == b->protect;

    for (unsigned i = 0; equal && i < a->tasks; i++) {
        equal = same_task(&a->task[i], &b->task[i]);
    }
    return equal;
}

/* Changed programs are programs: each loads and runs on the C VM, and follows from its numbers. */
Test(corpus, a_changed_program_follows_from_its_numbers_and_runs)
{
    struct hsx_fuzz_program *one = malloc(sizeof *one), *again = malloc(sizeof *again);
    struct hsx_fuzz_program *spare = malloc(sizeof *spare);
    unsigned different = 0;

    cr_assert(one && again && spare);
    for (uint64_t seed = 1; seed <= 150; seed++) {
        struct hsx_fuzz_recipe recipe = {.seed = seed, .count = (unsigned)(seed % 9)};
        const unsigned tasks = 1 + (unsigned)(seed % 12);
        struct hsx_fuzz_result result;
        struct hsx_target *vm = NULL;

        for (unsigned i = 0; i < recipe.count; i++) {
            recipe.edits[i] = seed << 20 | i;
        }
        hsx_fuzz_make(&recipe, tasks, 3000, HSX_UNITS_ALL, NULL, one, spare);
        memset(spare, 0xFF, sizeof *spare);
        hsx_fuzz_make(&recipe, tasks, 3000, HSX_UNITS_ALL, NULL, again, spare);
        cr_assert(same(one, again), "seed %lu", (unsigned long)seed);
        hsx_fuzz_generate(seed, tasks, 3000, HSX_UNITS_ALL, again);
        different += !same(one, again);
        cr_assert_eq(hsx_target_vm_create(16, &vm), HSX_OK);
        cr_assert_eq(hsx_fuzz_run(one, vm, &result), HSX_OK, "seed %lu", (unsigned long)seed);
        vm->ops->destroy(vm);
    }
    cr_expect_gt(different, 120, "of 133 that are changed: %u", different);
    free(one);
    free(again);
    free(spare);
}

static int no_dot(const struct dirent *file)
{
    return file->d_name[0] != '.';
}

/* How many files a folder has; last gets the path of the last one by name. */
static int files_in(const char *dir, char *last, size_t size)
{
    struct dirent **files = NULL;
    int count = scandir(dir, &files, no_dot, alphasort);

    for (int i = 0; i < count; i++) {
        snprintf(last, size, "%s/%s", dir, files[i]->d_name);
        free(files[i]);
    }
    free(files);
    return count;
}

Test(corpus, is_the_same_for_any_number_of_processes_and_goes_on)
{
    char path[300], again[300];
    int count;

    cr_assert_eq(hsx("fuzz --seed 5 --count 130 --tasks 3 --steps 300 --corpus one"), 0, "%s",
                 text_of("err"));
    cr_expect_not_null(strstr(text_of("out"), "\ncorpus: "));
    cr_assert_eq(
        hsx("fuzz --seed 5 --count 130 --tasks 3 --steps 300 --corpus three --jobs 3 --json"), 0);
    cr_expect_not_null(strstr(text_of("out"), "\"corpus\":{\"programs\":"));
    cr_expect_eq(system("diff -r one three"), 0);
    count = files_in("one", path, sizeof path);
    cr_expect_gt(count, 50);
    cr_expect_lt(count, 130);

    cr_assert_eq(hsx("fuzz --seed 1000 --count 30 --tasks 3 --steps 300 --corpus one"), 0);
    cr_expect_gt(files_in("one", again, sizeof again), count);
    cr_expect_gt(strcmp(again, path), 0, "%s comes after %s", again, path);
    cr_assert_eq(hsx("fuzz --seed 5 --count 100 --tasks 3 --steps 300 --corpus three"), 0);
    cr_expect_lt(files_in("three", again, sizeof again), count + 100,
                 "what has been reached is not new");
}

/* The numbers in a file make the program again, which reaches what the file says. */
Test(corpus, a_program_of_it_is_made_again_by_its_edits)
{
    char path[300], command[700], edits[400] = "";
    struct hsx_corpus_entry entry;
    const size_t points = hsx_coverage_points();
    uint64_t *reached = calloc(points, sizeof *reached), *counts = calloc(points, sizeof *counts);
    unsigned line;

    cr_assert(reached && counts);
    cr_assert_eq(hsx("fuzz --seed 5 --count 180 --tasks 3 --steps 300 --corpus c"), 0);
    cr_assert_eq(system("grep -l '^edit' c/* | tail -n 1 >last"), 0);
    read_text("last", path, sizeof path);
    path[strcspn(path, "\n")] = '\0';

    FILE *in = fopen(path, "r");

    cr_assert_eq(hsx_corpus_read(in, &entry, reached, &line), HSX_OK, "%s:%u", path, line);
    fclose(in);
    cr_assert_gt(entry.recipe.count, 0, "%s", path);
    for (unsigned i = 0; i < entry.recipe.count; i++) {
        sprintf(edits + strlen(edits), "%s%lu", i == 0 ? "" : ",",
                (unsigned long)entry.recipe.edits[i]);
    }
    snprintf(command, sizeof command,
             "fuzz --seed %lu --count 1 --tasks 3 --steps 300 --edits %s --coverage=counts",
             (unsigned long)entry.recipe.seed, edits);
    cr_assert_eq(hsx(command), 0, "%s", text_of("err"));
    in = fopen("counts", "r");
    cr_assert_eq(hsx_coverage_read(in, counts, &line), HSX_OK);
    fclose(in);
    for (size_t point = 0; point < points; point++) {
        cr_expect(reached[point] == 0 || reached[point] == counts[point], "point %zu", point);
    }
    free(reached);
    free(counts);
}

Test(corpus, files_that_are_none_are_refused)
{
    static const char *const bad[][2] = {
        {"hsx-corpus/2\\ntasks 6\\nsteps 1\\nseed 1\\nreached\\n", "x.program:1: expected"},
        {"", "x.program:1: expected"},
        {"hsx-corpus/1\\ntasks 129\\nsteps 1\\nseed 1\\nreached\\n", "x.program:2: expected"},
        {"hsx-corpus/1\\ntasks 6\\nsteps 0\\nseed 1\\nreached\\n", "x.program:3: expected"},
        {"hsx-corpus/1\\ntasks 6\\nsteps 9\\nseed -1\\nreached\\n", "x.program:4: expected"},
        {"hsx-corpus/1\\ntasks 6\\nsteps 9\\nseed 1\\nedit\\nreached\\n", "x.program:5: expected"},
        {"hsx-corpus/1\\ntasks 6\\nsteps 9\\nseed 1\\nedit 1\\n", "x.program:6: expected"},
        {"hsx-corpus/1\\ntasks 6\\nsteps 9\\nseed 1\\nreached\\n1\\tno such\\n",
         "x.program:6: expected"},
    };
    char command[300];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(command, sizeof command, "mkdir -p c && printf '%s' >c/x.program", bad[i][0]);
        cr_assert_eq(system(command), 0);
        cr_expect_eq(hsx("fuzz --count 2 --corpus c"), 1);
        cr_expect_not_null(strstr(text_of("err"), bad[i][1]), "%s: %s", bad[i][1], text_of("err"));
        cr_expect_str_eq(text_of("out"), "");
    }
    cr_expect_eq(hsx("fuzz --count 1 --corpus c/x.program"), 1);
    cr_expect_not_null(strstr(text_of("err"), "c/x.program: "), "%s", text_of("err"));
    cr_expect_eq(hsx("fuzz --count 2 --edits 1"), 2);
    cr_expect_eq(hsx("fuzz --count 1 --edits 1,"), 2);
    cr_expect_eq(hsx("fuzz --count 1 --edits 1 --corpus d"), 2);
    cr_expect_eq(hsx("fuzz --count 1 --steer x --corpus d"), 2);
    cr_expect_neq(access("d", F_OK), 0);
}
