// SPDX-License-Identifier: Apache-2.0
/* A reset of one clock at any time: afterwards the core behaves like a new one, without
 * writing what a reset must set. */
#include "random.h"
#include "tasks.h"
#include <criterion/criterion.h>
#include <hsx/exec.h>
#include <hsx/fuzz.h>
#include <hsx/model.h>
#include <hsx/target_vm.h>
#include <stdlib.h>
#include <string.h>

enum { TASKS = 7, PROGRAMS = 12, MOMENTS = 16, RECORDS = 300, STOPS = 40, LONGEST_WAIT = 30 };

/* The contents of memories and contexts before the start. */
struct image {
    uint8_t data[HSX_DATA_SIZE];
    uint32_t code[HSX_CODE_SIZE / 4];
    struct hsx_context ctx[TASKS];
    uint8_t queue[TASKS];
    size_t ready;
};

struct run {
    struct hsx_record records[RECORDS];
    uint64_t cycles[RECORDS];
    size_t count;
    uint32_t status[STOPS]; /* at each hold */
    struct hsx_rtl_traps traps[STOPS];
    size_t stops;
};

static void load(struct image *image, uint64_t seed)
{
    struct hsx_fuzz_program *program = malloc(sizeof *program);
    uint32_t pids[HSX_FUZZ_MAX_TASKS];
    struct hsx_target *vm = NULL;
    struct hsx_exec *exec = NULL;
    uint8_t turn_left;

    hsx_fuzz_generate(seed, TASKS, 100000, HSX_UNITS_ALL, program);
    cr_assert_eq(hsx_target_vm_create(TASKS_MAX, &vm), HSX_OK);
    cr_assert_eq(hsx_fuzz_load(program, vm, pids, &exec), HSX_OK);
    cr_assert_eq(vm->ops->read_data(vm, 0, image->data, sizeof image->data), HSX_OK);
    cr_assert_eq(vm->ops->read_code(vm, 0, image->code, HSX_CODE_SIZE / 4), HSX_OK);
    for (uint8_t slot = 0; slot < TASKS; slot++) {
        cr_assert_eq(vm->ops->read_context(vm, slot, &image->ctx[slot]), HSX_OK);
    }
    cr_assert_eq(vm->ops->read_queue(vm, image->queue, TASKS, &image->ready, &turn_left), HSX_OK);
    hsx_exec_destroy(exec);
    vm->ops->destroy(vm);
    free(program);
}

/* Memories, contexts and the queue, and nothing else. */
static void put(struct hsx_target *t, const struct image *image)
{
    cr_assert_eq(t->ops->write_data(t, 0, image->data, sizeof image->data), HSX_OK);
    cr_assert_eq(t->ops->write_code(t, 0, image->code, HSX_CODE_SIZE / 4), HSX_OK);
    for (uint8_t slot = 0; slot < TASKS; slot++) {
        cr_assert_eq(t->ops->write_context(t, slot, &image->ctx[slot]), HSX_OK);
    }
    for (size_t i = 0; i < image->ready; i++) {
        cr_assert_eq(t->ops->make_ready(t, image->queue[i]), HSX_OK);
    }
}

/* Lets the core continue after each hold, until nothing is left or there have been enough. */
static void follow(struct hsx_rtl_link *link, struct run *run)
{
    struct hsx_rtl_batch batch = {.hang_limit = 1000};

    memset(run, 0, sizeof *run);
    while (run->stops < STOPS && run->count < RECORDS) {
        tasks_write(link, HSX_HOST_CTRL, 1);
        batch.records = run->records + run->count;
        batch.cycles = run->cycles + run->count;
        batch.capacity = RECORDS - run->count;
        cr_assert_eq(link->ops->run(link, &batch), HSX_OK, "%s", link->ops->message(link));
        run->count += batch.count;
        if (batch.outcome != HSX_RTL_HELD) {
            return;
        }
        run->status[run->stops] = tasks_read(link, HSX_HOST_STATUS);
        link->ops->read_traps(link, &run->traps[run->stops]);
        if (HSX_HOST_GET(STATUS_COUNT, run->status[run->stops++]) == 0) {
            return;
        }
    }
}

/* Runs with control registers that a reset must clear, up to any cycle. */
static void start_anything(struct hsx_rtl_link *link)
{
    struct hsx_record records[RECORDS];
    struct hsx_rtl_batch batch = {
        .records = records, .capacity = 1 + below(RECORDS), .hang_limit = LONGEST_WAIT};

    tasks_write(link, HSX_HOST_HOLD_MASK, below(3) == 0 ? 0xFF : below(2) == 0 ? 0 : below(256));
    tasks_write(link, HSX_HOST_STEP_BUDGET, below(2) == 0 ? HSX_HOST_NONE : 1 + below(400));
    tasks_write(link, HSX_HOST_TICK_STEPS, 1 + below(40));
    tasks_write(link, HSX_HOST_TICK_LEFT, below(3) == 0 ? HSX_HOST_NONE : 1 + below(40));
    tasks_write(link, HSX_HOST_CTRL, 1);
    cr_assert_eq(link->ops->run(link, &batch), HSX_OK, "%s", link->ops->message(link));
    if (below(2) == 0) {
        batch.capacity = RECORDS;
        batch.hang_limit = 1 + below(LONGEST_WAIT);
        cr_assert_eq(link->ops->run(link, &batch), HSX_OK, "%s", link->ops->message(link));
    }
}

static void expect_new(struct hsx_rtl_link *link)
{
    struct hsx_rtl_traps traps;

    cr_assert_eq(link->ops->reset(link), HSX_OK, "%s", link->ops->message(link));
    cr_assert_eq(tasks_read(link, HSX_HOST_STATUS), 0xF1, "STATUS is 0x%08X",
                 (unsigned)tasks_read(link, HSX_HOST_STATUS));
    link->ops->read_traps(link, &traps);
    cr_assert(traps.idle && !traps.valid && traps.slot == 0);
}

static void expect_same(const struct run *got, const struct run *expected, uint64_t seed)
{
    cr_assert_eq(got->count, expected->count, "seed %u: %zu records, expected %zu", (unsigned)seed,
                 got->count, expected->count);
    for (size_t i = 0; i < got->count; i++) {
        cr_assert_eq(memcmp(&got->records[i], &expected->records[i], sizeof got->records[i]), 0,
                     "seed %u, record %zu", (unsigned)seed, i);
    }
    cr_assert_eq(memcmp(got->cycles, expected->cycles, sizeof got->cycles), 0);
    cr_assert_eq(got->stops, expected->stops);
    cr_assert_eq(memcmp(got->status, expected->status, sizeof got->status), 0);
    cr_assert_eq(memcmp(got->traps, expected->traps, sizeof got->traps), 0);
}

Test(reset, of_one_clock_at_any_time_makes_the_core_new)
{
    struct image *image = malloc(sizeof *image);
    struct run *expected = malloc(sizeof *expected);
    struct run *got = malloc(sizeof *got);

    cr_assert(image && expected && got);
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        struct hsx_rtl_link *link = NULL;
        struct hsx_target *core = tasks_core(&link);

        load(image, seed);
        expect_new(link);
        put(core, image);
        follow(link, expected);
        core->ops->destroy(core);
        core = tasks_core(&link);
        for (unsigned i = 0; i < MOMENTS; i++) {
            put(core, image);
            start_anything(link);
            expect_new(link);
            put(core, image);
            follow(link, got);
            expect_same(got, expected, seed);
            expect_new(link);
        }
        core->ops->destroy(core);
    }
    free(image);
    free(expected);
    free(got);
}
