// SPDX-License-Identifier: Apache-2.0
/*
 * A machine that only counts and recalls its newest events on request gives the executive
 * the same results as one with a record for every event: the same counters, high-water
 * marks, trace ring and snapshots.
 */
#include "fixture.h"
#include <criterion/criterion.h>
#include <hsx/exec.h>
#include <hsx/fuzz.h>
#include <hsx/target_vm.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRAMS = 150, LOOKS = 400, CONTEXTS = 16 };

struct looks {
    struct {
        uint8_t *bytes;
        size_t size;
    } snapshots[LOOKS];
    unsigned taken, seen, every;
};

static void look(void *ctx, struct hsx_exec *exec)
{
    struct looks *looks = ctx;

    if (looks->seen++ % looks->every == 0 && looks->taken < LOOKS) {
        unsigned i = looks->taken++;

        cr_assert_eq(hsx_exec_save(exec, &looks->snapshots[i].bytes, &looks->snapshots[i].size),
                     HSX_OK);
    }
}

static void run_program(const struct hsx_fuzz_program *program, bool recalls, struct looks *looks)
{
    const struct hsx_fuzz_watch watch = {.look = look, .ctx = looks};
    struct hsx_target *target = NULL;
    struct hsx_fuzz_result result;
    struct hsx_target_ops ops;

    cr_assert_eq(hsx_target_vm_create(CONTEXTS, &target), HSX_OK);
    ops = *target->ops;
    if (!recalls) {
        ops.recall = NULL;
        target->ops = &ops;
    }
    cr_assert_eq(hsx_fuzz_run_watched(program, target, &watch, &result), HSX_OK, "seed %lu",
                 (unsigned long)program->seed);
    target->ops->destroy(target);
}

static size_t first_difference(const uint8_t *a, const uint8_t *b, size_t size)
{
    size_t i = 0;

    while (i < size && a[i] == b[i]) {
        i++;
    }
    return i;
}

Test(recall, counting_and_recalling_is_as_good_as_records)
{
    struct hsx_fuzz_program *program = malloc(sizeof *program);
    static struct looks with, without;

    cr_assert_not_null(program);
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        with = without = (struct looks){.every = 1 + seed % 7};
        hsx_fuzz_generate(seed, (unsigned)(1 + seed % 12), 8000, HSX_UNITS_ALL, program);
        run_program(program, false, &without);
        run_program(program, true, &with);
        cr_assert_eq(with.taken, without.taken, "seed %lu", (unsigned long)seed);
        for (unsigned i = 0; i < with.taken; i++) {
            size_t size = with.snapshots[i].size;

            cr_assert_eq(size, without.snapshots[i].size, "seed %lu, look %u: size",
                         (unsigned long)seed, i);
            cr_assert_eq(first_difference(with.snapshots[i].bytes + 20,
                                          without.snapshots[i].bytes + 20, size - 20),
                         size - 20, "seed %lu, look %u", (unsigned long)seed, i);
            free(with.snapshots[i].bytes);
            free(without.snapshots[i].bytes);
        }
    }
    free(program);
}

/* Two machines that do the same; one of them recalls. */
struct pair {
    struct hsx_target *target[2];
    struct hsx_target_ops ops;
    struct hsx_exec *exec[2];
};

static void open_pair(struct pair *p, uint32_t tick_steps)
{
    struct hsx_exec_config config;

    hsx_exec_config_init(&config);
    config.tick_steps = tick_steps;
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_eq(hsx_target_vm_create(CONTEXTS, &p->target[i]), HSX_OK);
        if (i == 0) {
            p->ops = *p->target[i]->ops;
            p->ops.recall = NULL;
            p->target[i]->ops = &p->ops;
        }
        cr_assert_eq(hsx_exec_create(p->target[i], &config, &p->exec[i]), HSX_OK);
    }
}

static void load_into_pair(struct pair *p, const char *source)
{
    size_t size;
    uint8_t *image = fx_assemble(&(struct fx_image){.source = source}, &size);

    for (unsigned i = 0; i < 2; i++) {
        struct hsx_exec_error error;
        uint32_t pid;

        cr_assert_eq(hsx_exec_load(p->exec[i], image, size, NULL, &pid, &error), HSX_OK, "%s",
                     error.text);
    }
    free(image);
}

static void run_pair(struct pair *p, uint64_t steps)
{
    for (unsigned i = 0; i < 2; i++) {
        struct hsx_exec_run run = {.max_steps = steps};

        cr_assert_eq(hsx_exec_run(p->exec[i], &run), HSX_OK);
    }
}

static void expect_same_rings(struct pair *p, const char *when)
{
    static struct hsx_ring_entry rings[2][HSX_DEFAULT_RING];
    size_t count[2];

    for (unsigned i = 0; i < 2; i++) {
        count[i] = hsx_exec_ring(p->exec[i], rings[i], HSX_DEFAULT_RING);
    }
    cr_assert_eq(count[0], count[1], "%s", when);
    for (size_t i = 0; i < count[0]; i++) {
        const struct hsx_ring_entry *a = &rings[0][i], *b = &rings[1][i];

        cr_assert(a->order == b->order && a->pid == b->pid && a->pc == b->pc &&
                      a->event == b->event,
                  "%s: entry %zu", when, i);
    }
}

static void close_pair(struct pair *p)
{
    for (unsigned i = 0; i < 2; i++) {
        hsx_exec_destroy(p->exec[i]);
        p->target[i]->ops->destroy(p->target[i]);
    }
}

static const char counting[] = ".text\n.entry\nLDI R1, 1\nnext:\nADD R2, R2, R1\nPUSH R2\n"
                               "POP R3\nJMP next\n";
static const char trapping[] = ".text\n.entry\nnext:\nLDI R0, 0\nSVC MOD=6, FN=0\nJMP next\n";

/* Longer than the stretch for which the machine keeps states. */
Test(recall, long_runs_end_with_their_newest_events)
{
    static const uint64_t runs[] = {1 << 19, 100, 1300000, 10, 600000, 3};
    struct pair p;

    open_pair(&p, 777);
    load_into_pair(&p, counting);
    load_into_pair(&p, counting);
    load_into_pair(&p, counting);
    for (unsigned i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        run_pair(&p, runs[i]);
        if (i != 0 && i != 3) {
            expect_same_rings(&p, "after a long run");
        }
    }
    close_pair(&p);
}

/* More calls in between than the machine records. */
Test(recall, many_traps_and_writes_end_with_their_newest_events)
{
    static uint8_t bytes[40000];
    struct pair p;

    open_pair(&p, 100);
    load_into_pair(&p, trapping);
    load_into_pair(&p, counting);
    run_pair(&p, 60000);
    expect_same_rings(&p, "after many traps");
    for (unsigned k = 0; k < 40; k++) {
        for (unsigned i = 0; i < 2; i++) {
            memset(bytes, (int)k, sizeof bytes);
            cr_assert_eq(hsx_exec_poke(p.exec[i], 0x4000, bytes, sizeof bytes), HSX_OK);
        }
        run_pair(&p, 1 + 3 * k);
        if (k % 16 == 15) {
            expect_same_rings(&p, "after many writes");
        }
    }
    close_pair(&p);
}

/* The stack's high-water mark when a debugger has set sp below its minimum so far. */
Test(recall, a_lower_sp_counts_from_the_next_event_on)
{
    struct hsx_task_info info[2];
    struct pair p;

    open_pair(&p, 0);
    load_into_pair(&p, ".text\n.entry\nPOP R1\nPOP R2\nnext:\nJMP next\n");
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_eq(hsx_exec_task(p.exec[i], 1, &info[i]), HSX_OK);
        info[i].ctx.sp -= 64;
        cr_assert_eq(hsx_exec_write_context(p.exec[i], 1, &info[i].ctx), HSX_OK);
    }
    run_pair(&p, 100);
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_eq(hsx_exec_task(p.exec[i], 1, &info[i]), HSX_OK);
        cr_assert_eq(info[i].stack_used_max, 60);
    }
    close_pair(&p);
}

/* Of a sink: whether order numbers have no gaps, and the times of the events. */
struct numbers {
    uint64_t next;
    uint64_t steps;
    uint64_t now;
    unsigned events;
};

static void number_event(void *ctx, const struct hsx_exec_event *event)
{
    struct numbers *numbers = ctx;

    cr_assert_eq(event->order, numbers->next, "event %u", numbers->events);
    numbers->next++;
    numbers->events++;
    numbers->steps = event->steps;
    numbers->now = event->now;
}

static void number_records(void *ctx, const struct hsx_exec_records *records)
{
    struct numbers *numbers = ctx;

    cr_assert_eq(records->order, numbers->next, "before event %u", numbers->events);
    numbers->next += records->count;
}

static void ignore_write(void *ctx, uint32_t addr, const void *bytes, size_t len)
{
    (void)ctx, (void)addr, (void)bytes, (void)len;
}

/* Two tasks that sleep, one that computes, and one that ends, with ticks. */
static struct numbers count_events(bool many_at_once)
{
    struct numbers numbers = {0};
    const struct hsx_exec_sink sink = {.ctx = &numbers,
                                       .records = many_at_once ? number_records : NULL,
                                       .write = ignore_write,
                                       .event = number_event};
    struct hsx_exec_config config;
    struct fixture fx;

    hsx_exec_config_init(&config);
    config.tick_steps = 100;
    fx_open(&fx, &config, CONTEXTS);
    hsx_exec_set_sink(fx.exec, &sink);
    for (int i = 0; i < 2; i++) {
        fx_load(&fx, ".text\n.entry\nloop: LDI R0, 3\nSVC 0x600\nJMP loop\n");
    }
    fx_load(&fx, ".text\n.entry\nloop: ADD R1, R1, R2\nJMP loop\n");
    fx_load(&fx, ".text\n.entry\nRET\n");
    cr_expect_eq(fx_run(&fx, 5000), HSX_RUN_STEPS);
    hsx_exec_set_sink(fx.exec, NULL);
    fx_close(&fx);
    return numbers;
}

Test(recall, a_sink_sees_each_order_number_once)
{
    struct numbers one_by_one = count_events(false);
    struct numbers many_at_once = count_events(true);

    cr_expect_gt(one_by_one.events, 5000);
    cr_expect_gt(many_at_once.events, 50, "answers of the executive");
    cr_expect_lt(many_at_once.events, 1000, "records are not events then");
    cr_expect_eq(one_by_one.next, many_at_once.next);
}
