// SPDX-License-Identifier: Apache-2.0
/*
 * Random tasks with protection, many of which were made without it in mind, on the C VM. Every byte
 * that a task reads or writes, itself or through an SVC, is in the shared page or its own arenas;
 * and nothing else has changed when all memory is looked at.
 */
#include <criterion/criterion.h>
#include <hsx/exec.h>
#include <hsx/fuzz.h>
#include <hsx/isa.h>
#include <hsx/target_vm.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRAMS = 400, MOST_TASKS = 12, STEPS = 3000, WRITES = 512 };

enum place { SHARED, WINDOW, DATA, STACK, PLACES };

struct arena {
    uint32_t start, end;
};

struct watch {
    uint64_t seed;
    struct hsx_target *target;
    struct arena arenas[MOST_TASKS + 1][PLACES]; /* by pid */
    unsigned tasks;
    uint8_t memory[HSX_DATA_SIZE]; /* according to all reported events */
    bool loaded;
    struct {
        uint32_t addr, len;
    } writes[WRITES]; /* of the executive, for the event that comes */
    size_t write_count;
    uint64_t accesses[PLACES], refused, served; /* of all programs */
};

static struct watch watch;

static bool within(const struct arena *arena, uint32_t addr, uint32_t len)
{
    return addr >= arena->start && addr + len <= arena->end;
}

static enum place place_of(uint32_t pid, uint32_t addr, uint32_t len)
{
    enum place place = SHARED;

    while (place < PLACES && !within(&watch.arenas[pid][place], addr, len)) {
        place++;
    }
    return place;
}

static void learn_arenas(void *ctx, struct hsx_exec *exec)
{
    (void)ctx;
    for (uint32_t pid = 1; pid <= watch.tasks; pid++) {
        struct arena *arenas = watch.arenas[pid];
        struct hsx_task_info info;

        cr_assert_eq(hsx_exec_task(exec, pid, &info), HSX_OK);
        arenas[SHARED] = (struct arena){0, HSX_SHARED_PAGE};
        arenas[WINDOW] = (struct arena){info.ctx.reg_base, info.ctx.reg_base + HSX_WINDOW_SIZE};
        arenas[DATA] = (struct arena){info.ctx.data_base, info.ctx.data_base + info.ctx.data_len};
        arenas[STACK] = (struct arena){info.ctx.stack_limit, info.ctx.stack_top};
        for (uint32_t other = 1; other < pid; other++) {
            for (enum place a = WINDOW; a < PLACES; a++) {
                for (enum place b = WINDOW; b < PLACES; b++) {
                    const struct arena *theirs = &watch.arenas[other][b];

                    cr_assert(arenas[a].end <= theirs->start || theirs->end <= arenas[a].start,
                              "arenas %d of task %u and %d of task %u meet", a, pid, b, other);
                }
            }
        }
    }
    cr_assert_eq(watch.target->ops->read_data(watch.target, 0, watch.memory, HSX_DATA_SIZE),
                 HSX_OK);
    watch.loaded = true;
}

static void put(uint32_t addr, uint32_t value, uint32_t width)
{
    for (uint32_t i = 0; i < width; i++) {
        watch.memory[addr + i] = (uint8_t)(value >> 8 * i);
    }
}

static void take_record(uint32_t pid, const struct hsx_record *r)
{
    const uint32_t width = r->access & HSX_ACC_WIDTH;

    watch.refused += r->event == HSX_EV_FAULT && r->rd_value == HSX_FAULT_MEM;
    if (width != 0) {
        enum place place = place_of(pid, r->mem_addr, width);

        cr_assert_lt(place, PLACES, "seed %lu: task %u at 0x%04X, access 0x%02X of 0x%04X",
                     (unsigned long)watch.seed, pid, r->pc, r->access, r->mem_addr);
        watch.accesses[place]++;
    }
    if ((r->access & HSX_ACC_WRITE) != 0) {
        put(r->mem_addr, r->mem_value, width);
    }
    if ((r->flags & HSX_REC_R15) != 0) {
        put(watch.arenas[pid][WINDOW].start + 4 * 15, r->sp, 4);
    }
    if ((r->flags & HSX_REC_RD) != 0) {
        put(watch.arenas[pid][WINDOW].start + 4u * r->rd, r->rd_value, 4);
    }
}

/* What the executive wrote for an event is of the task that the event is about, or of one that
 * it woke. */
static void check_writes(const struct hsx_exec_event *event)
{
    for (size_t i = 0; i < watch.write_count; i++) {
        const uint32_t addr = watch.writes[i].addr, len = watch.writes[i].len;
        bool fine = event->pid != 0 && place_of(event->pid, addr, len) != PLACES;

        for (size_t k = 0; k < event->woken_count; k++) {
            fine = fine || place_of(event->woken[k], addr, len) != PLACES;
        }
        cr_assert(fine, "seed %lu: an event of kind %d for task %u wrote %u bytes at 0x%04X",
                  (unsigned long)watch.seed, event->kind, event->pid, len, addr);
        watch.served++;
    }
}

static void hear_event(void *ctx, const struct hsx_exec_event *event)
{
    (void)ctx;
    if (watch.loaded && event->record && event->kind != HSX_EV_TICK) {
        take_record(event->pid, event->record);
    }
    if (watch.loaded && event->kind != HSX_EV_EXTERNAL) {
        check_writes(event);
    }
    watch.write_count = 0;
}

static void hear_write(void *ctx, uint32_t addr, const void *bytes, size_t len)
{
    (void)ctx;
    memcpy(&watch.memory[addr], bytes, len);
    if (watch.loaded && len > 0) {
        cr_assert_lt(watch.write_count, WRITES);
        watch.writes[watch.write_count].addr = addr;
        watch.writes[watch.write_count++].len = (uint32_t)len;
    }
}

static void look_at_memory(void *ctx, struct hsx_exec *exec)
{
    static uint8_t memory[HSX_DATA_SIZE];

    (void)ctx;
    (void)exec;
    cr_assert_eq(watch.target->ops->read_data(watch.target, 0, memory, sizeof memory), HSX_OK);
    for (uint32_t i = 0; i < HSX_DATA_SIZE; i++) {
        cr_assert_eq(memory[i], watch.memory[i], "seed %lu: 0x%04X has changed",
                     (unsigned long)watch.seed, i);
    }
}

static void run_program(struct hsx_fuzz_program *program)
{
    const struct hsx_exec_sink sink = {.write = hear_write, .event = hear_event};
    const struct hsx_fuzz_watch heard = {
        .loaded = learn_arenas, .look = look_at_memory, .sink = &sink};
    struct hsx_fuzz_result result;

    watch.seed = program->seed;
    watch.tasks = program->tasks;
    watch.loaded = false;
    watch.write_count = 0;
    cr_assert_eq(hsx_target_vm_create(MOST_TASKS, &watch.target), HSX_OK);
    cr_assert_eq(hsx_fuzz_run_watched(program, watch.target, &heard, &result), HSX_OK);
    watch.target->ops->destroy(watch.target);
}

Test(isolation, hostile_tasks_reach_nothing_but_their_own)
{
    struct hsx_fuzz_program *program = malloc(sizeof *program);

    cr_assert_not_null(program);
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        hsx_fuzz_generate(seed, (unsigned)(2 + seed % (MOST_TASKS - 1)), STEPS, HSX_UNITS_ALL,
                          program);
        program->protect = true;
        for (unsigned i = 0; i < program->tasks; i++) {
            program->task[i].odd = 0; /* contexts as loads make them */
        }
        run_program(program);
    }
    free(program);
    for (enum place place = SHARED; place < PLACES; place++) {
        cr_expect_gt(watch.accesses[place], 1000, "place %d: %lu", place,
                     (unsigned long)watch.accesses[place]);
    }
    cr_expect_gt(watch.refused, 300, "%lu", (unsigned long)watch.refused);
    cr_expect_gt(watch.served, 5000, "%lu", (unsigned long)watch.served);
}
