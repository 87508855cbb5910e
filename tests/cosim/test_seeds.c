// SPDX-License-Identifier: Apache-2.0
/* A seed of hsx fuzz stands for one program, whatever compiler hsx was built with: CI builds this
 * test with two. */
#include <criterion/criterion.h>
#include <hsx/coverage.h>
#include <hsx/fuzz.h>
#include <stdlib.h>
#include <zlib.h>

static uLong add(uLong sum, const void *bytes, size_t size)
{
    return crc32(sum, bytes, (uInt)size);
}

#define ADD(value) sum = add(sum, &(value), sizeof(value))

static uLong sum_of_task(uLong sum, const struct hsx_fuzz_task *t)
{
    sum = add(sum, t->code, t->words * sizeof t->code[0]);
    sum = add(sum, t->data, sizeof t->data);
    ADD(t->entry);
    ADD(t->version);
    ADD(t->ro_len);
    ADD(t->bss_size);
    ADD(t->stack_bytes);
    ADD(t->slice);
    ADD(t->same_as);
    ADD(t->odd);
    ADD(t->stack_limit);
    ADD(t->stack_top);
    ADD(t->data_base);
    ADD(t->data_len);
    ADD(t->call_depth);
    ADD(t->code_base);
    ADD(t->code_len);
    return sum;
}

static void expect_sum(unsigned tasks, uint64_t seeds, const struct hsx_fuzz_aim *aim, uLong wanted)
{
    struct hsx_fuzz_program *program = malloc(sizeof *program);
    struct hsx_fuzz_program *spare = malloc(sizeof *spare);
    uLong sum = 0;

    cr_assert(program && spare);
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        hsx_fuzz_generate_aimed(seed, tasks, 2000, HSX_UNITS_ALL, aim, program);
        hsx_fuzz_edit(program, seed, spare);
        ADD(program->protect);
        ADD(program->tick_steps);
        ADD(program->trap_latency);
        ADD(program->actions);
        ADD(program->high_code);
        for (unsigned i = 0; i < tasks; i++) {
            sum = sum_of_task(sum, &program->task[i]);
        }
    }
    free(program);
    free(spare);
    cr_expect_eq(sum, wanted, "%u tasks: %#lx", tasks, sum);
}

/* If the generator changes on purpose, so do these sums, and published seeds belong to the commits
 * before it (docs/verification.md). */
Test(seeds, stand_for_the_same_programs_with_any_compiler)
{
    uint64_t *no_counts = calloc(hsx_coverage_points(), sizeof *no_counts);
    struct hsx_fuzz_aim *aim = no_counts ? hsx_fuzz_aim_create(no_counts) : NULL;

    cr_assert(aim);
    expect_sum(6, 300, NULL, 0xB92C2B69);
    expect_sum(16, 100, NULL, 0xA03C1060);
    expect_sum(6, 100, aim, 0xDF2D6FD0);
    hsx_fuzz_aim_destroy(aim);
    free(no_counts);
}
