// SPDX-License-Identifier: Apache-2.0
/* The core's counters: each clock in which it runs is a step, another event, or a slot
 * lost for a cause from docs/pipeline.md. */
#include "tasks.h"
#include <criterion/criterion.h>
#include <string.h>

enum { TASKS = TASKS_MAX, LOOPS = 80 };

struct counters {
    uint32_t cycles;
    uint32_t steps;
    uint32_t order;
    uint32_t lost[HSX_HOST_LOST_CAUSES];
    uint64_t clocks; /* in which held was low */
};

enum { NO_TASK, OWN_RESULT, TRAP, MEMORY, LONG, TICK, SQUASH };

struct core {
    struct hsx_target *target;
    struct hsx_rtl_link *link;
};

static struct core make(void)
{
    struct core core;

    core.target = tasks_core(&core.link);
    return core;
}

static void destroy(struct core core)
{
    core.target->ops->destroy(core.target);
}

static struct counters counters(struct core core)
{
    struct counters c = {.order = tasks_read(core.link, HSX_HOST_ORDER),
                         .clocks = core.link->ops->cycles(core.link)};
    struct hsx_rtl_counters read;

    cr_assert_eq(hsx_rtl_read_counters(core.link, &read), HSX_OK);
    c.cycles = read.cycles;
    c.steps = read.steps;
    memcpy(c.lost, read.lost, sizeof c.lost);
    return c;
}

/* Registers of every task: R1 = 1, R2 an aligned place outside of the windows, R3 an
 * unaligned one, R4 the window of the next task. */
static void start(struct core core, uint8_t slot, const uint32_t *words, size_t count)
{
    const uint32_t data = 0x9000 + 0x40u * slot;
    const uint32_t registers[HSX_REGISTERS] = {
        0, 1, data, data + 1, HSX_WINDOW_START + HSX_WINDOW_SIZE * ((slot + 1u) % TASKS)};

    cr_assert_eq(core.target->ops->write_data(core.target,
                                              HSX_WINDOW_START + HSX_WINDOW_SIZE * slot, registers,
                                              sizeof registers),
                 HSX_OK);
    tasks_start(core.target, slot, words, count);
}

/* The increments of the counters in one run of that many steps. */
static struct counters run(struct core core, uint64_t steps)
{
    struct counters before = counters(core);
    struct hsx_run run = {.max_steps = steps};
    struct counters after;

    cr_assert_eq(core.target->ops->run(core.target, &run), HSX_OK);
    cr_assert_eq(run.reason, HSX_STOP_STEPS);
    after = counters(core);
    after.cycles -= before.cycles;
    after.steps -= before.steps;
    after.order -= before.order;
    after.clocks -= before.clocks;
    for (unsigned i = 0; i < HSX_HOST_LOST_CAUSES; i++) {
        after.lost[i] -= before.lost[i];
    }
    return after;
}

static uint32_t sum(const struct counters *c)
{
    uint32_t sum = 0;

    for (unsigned i = 0; i < HSX_HOST_LOST_CAUSES; i++) {
        sum += c->lost[i];
    }
    return sum;
}

static const uint32_t plain[] = {WORD(ADD, 5, 5, 1, 0), WORD(JMP, 0, 0, 0, 0)};
static const uint32_t load_use[] = {WORD(LD, 6, 2, 0, 0), WORD(ADD, 5, 5, 6, 0),
                                    WORD(JMP, 0, 0, 0, 0)};
static const uint32_t call[] = {WORD(CALL, 0, 0, 0, 8), WORD(JMP, 0, 0, 0, 0),
                                WORD(RET, 0, 0, 0, 0)};
static const uint32_t unaligned[] = {WORD(LD, 6, 3, 0, 0), WORD(JMP, 0, 0, 0, 0)};
static const uint32_t multiply[] = {WORD(MUL, 6, 1, 1, 0), WORD(JMP, 0, 0, 0, 0)};
static const uint32_t into_window[] = {WORD(ST, 0, 4, 6, 0x20), WORD(JMP, 0, 0, 0, 0)};
static const uint32_t mispredicted[] = {WORD(CMP, 0, 1, 1, 0), WORD(JZ, 0, 0, 0, 12),
                                        WORD(ADD, 5, 5, 1, 0), WORD(JMP, 0, 0, 0, 0)};

static const uint32_t to_itself[] = {WORD(CMP, 0, 1, 1, 0), WORD(JNZ, 0, 0, 0, 4),
                                     WORD(ADD, 5, 5, 1, 0), WORD(JMP, 0, 0, 0, 0)};

enum { SOME = 0xFFFF };

struct expectation {
    const char *name;
    const uint32_t *first; /* the program of slot 0 */
    size_t words;
    unsigned steps;                      /* of one round of it */
    unsigned tasks;                      /* the others run the plain program */
    uint32_t lost[HSX_HOST_LOST_CAUSES]; /* in each round of slot 0; SOME: not 0 */
};

#define PROGRAM(words) #words, words, sizeof words / sizeof words[0]

static void expect_lost(const struct expectation *e)
{
    struct core core = make();
    uint64_t steps = (uint64_t)LOOPS * e->steps * e->tasks;
    struct counters once, twice;

    start(core, 0, e->first, e->words);
    for (unsigned slot = 1; slot < e->tasks; slot++) {
        start(core, (uint8_t)slot, plain, sizeof plain / sizeof plain[0]);
    }
    run(core, steps);
    once = run(core, steps);
    twice = run(core, 2 * steps);
    cr_expect_eq(twice.steps, 2 * steps);
    cr_expect_eq(twice.order, 2 * steps, "%s", e->name);
    cr_expect_eq(twice.cycles, twice.steps + sum(&twice), "%s", e->name);
    cr_expect_eq(twice.clocks, twice.cycles + 3, "%s: three clocks to the hold", e->name);
    for (unsigned i = 0; i < HSX_HOST_LOST_CAUSES; i++) {
        /* Starting and holding costs the same in one run as in one of twice the length. */
        uint32_t lost = twice.lost[i] - once.lost[i];

        if (e->lost[i] == SOME) {
            cr_expect_gt(lost, 0, "%s, cause %u", e->name, i);
        } else {
            cr_expect_eq(lost, LOOPS * e->lost[i], "%s, cause %u: %u in %u rounds", e->name, i,
                         lost, LOOPS);
        }
    }
    destroy(core);
}

Test(counters, each_cause_counts_what_the_pipeline_loses)
{
    static const struct expectation expected[] = {
        {PROGRAM(plain), 2, 16, {0}},
        {PROGRAM(plain), 2, 3, {0}},
        {PROGRAM(plain), 2, 1, {[NO_TASK] = 4}},
        {PROGRAM(load_use), 3, 16, {0}},
        {PROGRAM(load_use), 3, 1, {[NO_TASK] = 6, [OWN_RESULT] = 1}},
        {PROGRAM(call), 3, 16, {0}},
        {PROGRAM(call), 3, 1, {[NO_TASK] = 6, [OWN_RESULT] = 7}},
        {PROGRAM(unaligned), 2, 16, {[MEMORY] = 13}},
        {PROGRAM(unaligned), 2, 1, {[NO_TASK] = 4, [MEMORY] = 13}},
        {PROGRAM(multiply), 2, 16, {[OWN_RESULT] = SOME, [LONG] = 1}},
        {PROGRAM(multiply), 2, 1, {[NO_TASK] = 4, [OWN_RESULT] = SOME, [LONG] = 1}},
        {PROGRAM(mispredicted), 3, 16, {0}},
        {PROGRAM(mispredicted), 3, 1, {[NO_TASK] = SOME, [SQUASH] = SOME}},
        /* A branch to itself is taken for one backward: a loop. */
        {PROGRAM(to_itself), 4, 1, {[NO_TASK] = SOME, [SQUASH] = SOME}},
        {PROGRAM(into_window), 2, 16, {[MEMORY] = 13, [SQUASH] = SOME}},
    };

    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        expect_lost(&expected[i]);
    }
}

/* 16 tasks lose slots only after the start, which counts as a trap. The task in slot odd
 * begins with first_word. */
static struct counters run_odd(uint8_t odd, uint32_t first_word, unsigned tick_steps)
{
    struct core core = make();
    struct hsx_bus_op mask = {
        .addr = HSX_HOST_HOLD_MASK, .data = 1u << HSX_STOP_STEPS, .sel = 0xF, .write = true};
    const uint32_t words[] = {first_word, WORD(JMP, 0, 0, 0, 4)};
    struct counters c;

    for (uint8_t slot = 0; slot < TASKS; slot++) {
        if (slot == odd) {
            start(core, slot, words, 2);
        } else {
            start(core, slot, plain, sizeof plain / sizeof plain[0]);
        }
    }
    cr_assert_eq(core.link->ops->bus(core.link, &mask, 1), HSX_OK);
    cr_assert_eq(core.target->ops->set_tick_steps(core.target, tick_steps), HSX_OK);
    c = run(core, 1000);
    cr_expect_eq(c.cycles, c.order + sum(&c));
    cr_expect_eq(c.clocks, c.cycles + 3);
    cr_expect_eq(hsx_target_rtl_check(core.target), HSX_OK, "%s",
                 hsx_target_rtl_message(core.target));
    destroy(core);
    return c;
}

Test(counters, ticks_and_tasks_that_leave_have_their_own_causes)
{
    struct counters none = run_odd(0, WORD(ADD, 5, 5, 1, 0), 0);
    struct counters ticks = run_odd(0, WORD(ADD, 5, 5, 1, 0), 30);
    struct counters svc = run_odd(0, WORD(SVC, 0, 0, 0, 1), 0);
    struct counters fault = run_odd(0, WORD(POP, 5, 0, 0, 0), 0);
    struct counters end = run_odd(0, WORD(RET, 0, 0, 0, 0), 0);

    cr_expect_eq(none.order, 1000);
    cr_expect_eq(none.lost[TRAP], 8, "until the first instruction is in stage 7: %u",
                 none.lost[TRAP]);
    cr_expect_eq(none.lost[TICK], 1, "before the hold");
    cr_expect_eq(sum(&none), 9);
    cr_expect_eq(ticks.order, 1000 + 33);
    cr_expect_eq(ticks.lost[TICK], none.lost[TICK] + 3 * 33);
    cr_expect_eq(svc.order, 1000);
    cr_expect_eq(fault.order, 1001);
    cr_expect_eq(end.order, 1001);
    cr_expect_eq(svc.lost[TRAP], none.lost[TRAP] + 10);
    cr_expect_eq(fault.lost[TRAP], none.lost[TRAP] + 10);
    cr_expect_eq(end.lost[TRAP], none.lost[TRAP] + 10);
    cr_expect_eq(sum(&ticks) - ticks.lost[TICK], none.lost[TRAP]);
    cr_expect_eq(sum(&fault), 19);
}

Test(counters, whose_instructions_a_squash_hits_does_not_matter)
{
    for (uint8_t slot = 0; slot < TASKS; slot++) {
        struct counters c = run_odd(slot, WORD(BRK, 0, 0, 0, 0), 0);

        for (unsigned i = 0; i < HSX_HOST_LOST_CAUSES; i++) {
            uint32_t lost = i == TRAP ? 18 : i == TICK ? 1 : 0; /* before the hold */

            cr_expect_eq(c.lost[i], lost, "slot %u, cause %u: %u", slot, i, c.lost[i]);
        }
    }
}

/* Each bit of the count to the next tick borrows once. */
Test(counters, ticks_come_after_any_number_of_steps)
{
    for (uint32_t period = 2; period <= HSX_MAX_TICK_STEPS; period = 2 * period - 1) {
        struct core core = make();
        struct hsx_totals totals;

        for (uint8_t slot = 0; slot < 4; slot++) {
            start(core, slot, plain, sizeof plain / sizeof plain[0]);
        }
        cr_assert_eq(core.target->ops->set_tick_steps(core.target, period), HSX_OK);
        run(core, period - 1);
        cr_assert_eq(core.target->ops->read_totals(core.target, &totals), HSX_OK);
        cr_expect_eq(totals.now, 0, "period %u: a tick too early", period);
        cr_expect_eq(totals.tick_due, 0, "period %u: due too early", period);
        run(core, 2);
        cr_assert_eq(core.target->ops->read_totals(core.target, &totals), HSX_OK);
        cr_expect_eq(totals.now, 1, "period %u: no tick", period);
        destroy(core);
    }
}

/* A tick's slots are always counted separately, whatever is in the pipeline when it
 * comes. */
Test(counters, ticks_lose_three_slots_each_among_long_and_slow_instructions)
{
    static const struct {
        const uint32_t *words;
        size_t count;
        unsigned cause, least, each; /* lost slots of its own */
    } programs[] = {{multiply, 2, LONG, 0, 1}, {unaligned, 2, MEMORY, 13, 13}};

    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        for (unsigned period = 7; period < 40; period += 4) {
            struct core core = make();
            struct counters c;

            start(core, 0, programs[i].words, programs[i].count);
            for (uint8_t slot = 1; slot < TASKS; slot++) {
                start(core, slot, plain, sizeof plain / sizeof plain[0]);
            }
            cr_assert_eq(core.target->ops->set_tick_steps(core.target, period), HSX_OK);
            c = run(core, 2ull * TASKS * LOOPS);

            unsigned ticks = c.order - c.steps;

            cr_expect_eq(ticks, 2 * TASKS * LOOPS / period, "period %u: %u ticks", period, ticks);
            /* A result may use one of a tick's empty slots, an access cannot. */
            cr_expect_leq(c.lost[programs[i].cause], LOOPS * programs[i].each,
                          "program %zu, period %u: %u of its own slots", i, period,
                          c.lost[programs[i].cause]);
            cr_expect_geq(c.lost[programs[i].cause], LOOPS * programs[i].least,
                          "program %zu, period %u: %u of its own slots", i, period,
                          c.lost[programs[i].cause]);
            cr_expect_eq(c.lost[TICK], 3 * ticks + 1 /* before the hold */,
                         "program %zu, period %u: %u of ticks", i, period, c.lost[TICK]);
            destroy(core);
        }
    }
}

Test(counters, a_wrong_one_is_noticed)
{
    for (unsigned i = 0; i < HSX_HOST_LOST_CAUSES; i++) {
        struct core core = make();
        struct hsx_bus_op op = {.addr = HSX_HOST_LOST_SLOTS + 4 * i, .sel = 0xF};
        struct counters c;

        start(core, 0, plain, sizeof plain / sizeof plain[0]);
        run(core, 100);
        cr_expect_eq(hsx_target_rtl_check(core.target), HSX_OK);
        c = counters(core);
        op.data = c.lost[i] + 1;
        op.write = true;
        cr_assert_eq(core.link->ops->bus(core.link, &op, 1), HSX_OK);
        cr_expect_eq(hsx_target_rtl_check(core.target), HSX_ERR_MACHINE);
        cr_expect_not_null(strstr(hsx_target_rtl_message(core.target), "CYCLES went up by "), "%s",
                           hsx_target_rtl_message(core.target));
        destroy(core);
    }
}

Test(counters, are_right_again_from_restored_totals)
{
    const struct hsx_totals totals = {.order = 0x1FFFFFFF0, .steps = 0xFFFFFF00, .now = 3};
    struct core core = make();

    start(core, 0, unaligned, sizeof unaligned / sizeof unaligned[0]);
    run(core, 100);
    cr_assert_eq(core.target->ops->write_totals(core.target, &totals), HSX_OK);
    run(core, 300);
    cr_expect_eq(hsx_target_rtl_check(core.target), HSX_OK, "%s",
                 hsx_target_rtl_message(core.target));
    cr_expect_lt(tasks_read(core.link, HSX_HOST_STEPS), 100, "STEPS has wrapped");
    destroy(core);
}

/* A carry into each bit of each of them, with ticks. */
Test(counters, go_on_from_any_totals)
{
    struct core core = make();

    start(core, 0, plain, sizeof plain / sizeof plain[0]);
    cr_assert_eq(core.target->ops->set_tick_steps(core.target, 5), HSX_OK);
    run(core, 50);
    for (unsigned bit = 3; bit < 32; bit++) {
        const uint32_t least = (UINT32_C(1) << bit) - 5;
        const uint32_t noise = UINT32_C(0x9E3779B9) * bit;

        for (unsigned way = 0; way < 2; way++) {
            const struct hsx_totals totals = {
                .order = least + (uint64_t)noise, .steps = way == 0 ? least : noise, .now = least};
            struct hsx_totals then;
            struct counters c;

            cr_assert_eq(core.target->ops->write_totals(core.target, &totals), HSX_OK);
            c = run(core, 50);
            cr_assert_eq(core.target->ops->read_totals(core.target, &then), HSX_OK);
            cr_expect_eq(c.steps, 50, "bit %u", bit);
            cr_expect_eq(then.steps, totals.steps + 50, "bit %u", bit);
            cr_expect_eq(then.order - totals.order, c.order, "bit %u", bit);
            cr_expect_eq(then.now - totals.now, c.order - 50, "bit %u", bit);
            cr_expect_eq(hsx_target_rtl_check(core.target), HSX_OK, "%s",
                         hsx_target_rtl_message(core.target));
        }
    }
    destroy(core);
}
