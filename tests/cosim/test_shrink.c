// SPDX-License-Identifier: Apache-2.0
/* The shrinker with simple differences, which need no machine. */
#include "../words.h"
#include <criterion/criterion.h>
#include <hsx/isa.h>
#include <hsx/shrink.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 6, TASKS = 6 };

static unsigned asked;

static size_t find(const struct hsx_fuzz_task *t, enum hsx_opcode op)
{
    for (size_t k = 0; k < t->words; k++) {
        if (HSX_INSN_OPCODE(t->code[k]) == (unsigned)op) {
            return k;
        }
        k += HSX_INSN_OPCODE(t->code[k]) == HSX_OP_LDI32;
    }
    return SIZE_MAX;
}

static bool multiplies(void *ctx, const struct hsx_fuzz_program *p, uint64_t *steps)
{
    (void)ctx;
    asked++;
    *steps = 17;
    for (unsigned i = 0; i < p->tasks; i++) {
        if (find(&p->task[i], HSX_OP_MUL) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/* A JNZ to a MUL in the first task, at its entry. */
static bool jumps_to_multiplication(void *ctx, const struct hsx_fuzz_program *p, uint64_t *steps)
{
    const struct hsx_fuzz_task *t = &p->task[0];
    size_t jump = find(t, HSX_OP_JNZ);

    (void)ctx;
    (void)steps;
    if (jump == SIZE_MAX || t->entry != 4 * jump) {
        return false;
    }
    size_t to = (t->code[jump] & 0xFFF) / 4;

    return to < t->words && HSX_INSN_OPCODE(t->code[to]) == HSX_OP_MUL;
}

/* Two tasks, one of which sends and the other receives. */
static bool sends_and_receives(void *ctx, const struct hsx_fuzz_program *p, uint64_t *steps)
{
    bool sends = false, receives = false;

    (void)ctx;
    (void)steps;
    for (unsigned i = 0; i < p->tasks; i++) {
        size_t k = find(&p->task[i], HSX_OP_ST);

        sends = sends || k != SIZE_MAX;
        receives = receives || (k == SIZE_MAX && find(&p->task[i], HSX_OP_LD) != SIZE_MAX);
    }
    return sends && receives;
}

static struct hsx_fuzz_program *generate(void)
{
    struct hsx_fuzz_program *p = malloc(sizeof *p);

    cr_assert_not_null(p);
    hsx_fuzz_generate(SEED, TASKS, 4000, HSX_UNITS_ALL, p);
    return p;
}

Test(shrink, one_instruction_is_left_of_a_random_program)
{
    const struct hsx_shrink how = {.shows = multiplies};
    struct hsx_shrink_result result;
    struct hsx_fuzz_program *p = generate();

    p->task[3].code[p->task[3].words - 1] = WORD(MUL, 1, 2, 3, 0);
    cr_assert_eq(hsx_fuzz_shrink(p, &how, &result), HSX_OK);
    cr_expect_eq(result.tasks, 1);
    cr_expect_eq(result.instructions, 1);
    cr_expect_eq(p->steps, 17);
    cr_expect(p->plain);
    cr_expect_not(p->actions);
    cr_expect_eq(p->task[0].odd, 0);
    cr_expect_eq(p->task[0].ro_len, 0);
    cr_expect_lt(result.tries, 400);
    free(p);
}

Test(shrink, jumps_keep_their_targets)
{
    const struct hsx_shrink how = {.shows = jumps_to_multiplication};
    struct hsx_shrink_result result;
    struct hsx_fuzz_program *p = calloc(1, sizeof *p);
    struct hsx_fuzz_task *t = &p->task[0];

    cr_assert_not_null(p);
    *p = (struct hsx_fuzz_program){.tasks = 1, .steps = 100};
    t->version = 1;
    for (unsigned i = 0; i < 20; i++) {
        t->code[t->words++] = WORD(LDI32, 1, 0, 0, 0);
        t->code[t->words++] = 0x12345678;
    }
    t->entry = 4 * (uint32_t)t->words;
    t->words++;
    for (unsigned i = 0; i < 9; i++) {
        t->code[t->words++] = WORD(ADD, 1, 2, 3, 0);
    }
    t->code[t->words - 1] = WORD(MUL, 1, 2, 3, 0);
    t->code[t->entry / 4] = WORD(JNZ, 0, 0, 0, 4 * (t->words - 1));
    cr_assert(jumps_to_multiplication(NULL, p, NULL));
    cr_assert_eq(hsx_fuzz_shrink(p, &how, &result), HSX_OK);
    cr_expect_eq(result.instructions, 2);
    cr_expect(jumps_to_multiplication(NULL, p, NULL));
    free(p);
}

Test(shrink, tasks_that_need_each_other_stay)
{
    const struct hsx_shrink how = {.shows = sends_and_receives};
    struct hsx_shrink_result result;
    struct hsx_fuzz_program *p = generate();

    for (unsigned i = 0; i < TASKS; i++) {
        for (size_t k; (k = find(&p->task[i], HSX_OP_ST)) != SIZE_MAX;) {
            p->task[i].code[k] = WORD(LD, 1, 2, 0, 0);
        }
    }
    p->task[4].code[0] = WORD(ST, 0, 1, 2, 0);
    cr_assert(sends_and_receives(NULL, p, NULL));
    cr_assert_eq(hsx_fuzz_shrink(p, &how, &result), HSX_OK);
    cr_expect_eq(result.tasks, 2);
    cr_expect_eq(result.instructions, 2);
    free(p);
}

static bool never(void *ctx, const struct hsx_fuzz_program *p, uint64_t *steps)
{
    (void)ctx;
    (void)p;
    (void)steps;
    return false;
}

static bool after_ten(void *ctx)
{
    (void)ctx;
    return asked >= 10;
}

Test(shrink, time_and_a_difference_that_does_not_come)
{
    const struct hsx_shrink none = {.shows = never};
    const struct hsx_shrink brief = {.shows = multiplies, .expired = after_ten};
    struct hsx_shrink_result result;
    struct hsx_fuzz_program *p = generate();
    struct hsx_fuzz_program *before = generate();

    cr_expect_eq(hsx_fuzz_shrink(p, &none, &result), HSX_ERR_ARGUMENT);
    cr_expect_eq(memcmp(p, before, sizeof *p), 0);
    p->task[0].code[0] = WORD(MUL, 1, 2, 3, 0);
    cr_expect_eq(hsx_fuzz_shrink(p, &brief, &result), HSX_OK);
    cr_expect_leq(result.tries, 10);
    free(p);
    free(before);
}
