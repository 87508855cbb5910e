// SPDX-License-Identifier: Apache-2.0
/*
 * Strict rotation without changing the task after each instruction.
 *
 * As long as tasks keep to their own data segments, stacks and windows, and these do not
 * overlap, no task can notice when the others run. So each runs several turns at once, up to
 * its first instruction of any other kind. The earliest of these in the order of section 5
 * ends the attempt: tasks that are past it are taken back to it, and strict rotation continues
 * from there. Records are stored in that order.
 *
 * Protection is not checked: a task simply stops at an access to other memory.
 */
#include "vm_internal.h"

#include <stdlib.h>

enum {
    FEWEST_ROUNDS = 8, /* fewer cost more than they save */
    FIRST_ROUNDS = 32,
    FIRST_PAUSE = 32, /* instructions */
    LONGEST_PAUSE = 2048
};

/* ---- Whether tasks overlap */

struct area {
    uint32_t start, end;
};

static size_t add_area(struct area *areas, size_t count, uint32_t start, uint32_t end)
{
    if (start < end)
        areas[count++] = (struct area){start, end};
    return count;
}

static int compare_areas(const void *a, const void *b)
{
    uint32_t start = ((const struct area *)a)->start;
    uint32_t other = ((const struct area *)b)->start;
    return (start > other) - (start < other);
}

/* Of all tasks that may run; a FREE slot must be rewritten before it can. */
static bool areas_are_apart(const struct hsx_vm *vm)
{
    struct area areas[3 * HSX_MAX_CONTEXTS];
    size_t count = 0;
    for (unsigned slot = 0; slot < vm->contexts; slot++) {
        const struct vm_task *task = &vm->tasks[slot];
        const struct hsx_access_map *map = &task->map;
        if (task->state == HSX_FREE && !task->queued)
            continue;
        /* Stack instructions stay between limit and top if sp is there now. */
        if (task->sp < map->stack_limit || task->sp > map->stack_top)
            return false;
        count = add_area(areas, count, map->reg_base, map->reg_base + HSX_WINDOW_SIZE);
        count = add_area(areas, count, map->data_base, map->data_base + map->data_len);
        count = add_area(areas, count, map->stack_limit, map->stack_top);
    }
    qsort(areas, count, sizeof areas[0], compare_areas);
    for (size_t i = 0; i < count; i++)
        if (areas[i].end > HSX_DATA_SIZE || (i > 0 && areas[i].start < areas[i - 1].end))
            return false;
    return true;
}

static bool all_turns_are_single(const struct hsx_vm *vm, unsigned tasks)
{
    for (unsigned i = 0; i < tasks; i++)
        if (vm->tasks[vm->ring[(uint8_t)(vm->head + i)]].rotate_end == 0)
            return false;
    return true;
}

static bool may_run_ahead(struct hsx_vm *vm, unsigned tasks)
{
    if (!vm->ahead.areas_known) {
        vm->ahead.areas_known = true;
        vm->ahead.apart = areas_are_apart(vm);
    }
    return vm->ahead.apart && all_turns_are_single(vm, tasks);
}

/* ---- Running ahead and going back */

/* One task of an attempt, and its state before. */
struct runner {
    struct vm_task before;
    uint8_t window[HSX_WINDOW_SIZE];
    struct undo *undo, *undo_end; /* its stores */
    uint32_t steps;
    uint8_t slot;
};

static void take_back(struct hsx_vm *vm, const struct runner *runner)
{
    for (const struct undo *undo = runner->undo_end; undo-- > runner->undo;)
        memcpy(vm->data + undo->address, &undo->value, undo->len);
    memcpy(vm->data + runner->before.map.reg_base, runner->window, HSX_WINDOW_SIZE);
    vm->tasks[runner->slot] = runner->before;
}

/* False: it stopped in front of an instruction that it may not run, or that changes what
 * is watched. */
static bool run_alone(struct hsx_vm *vm, struct runner *runner, uint32_t steps,
                      struct hsx_record *records, size_t stride)
{
    struct vm_task *task = &vm->tasks[runner->slot];
    uint64_t left = steps;
    runner->undo_end = runner->undo;
    if (records != NULL && left > 0)
        hsx_vm_ahead_records(vm, task, &left, &runner->undo_end, records, stride, runner->slot);
    else if (left > 0)
        hsx_vm_ahead(vm, task, &left, &runner->undo_end);
    runner->steps = steps - (uint32_t)left;
    if (vm->look.changed) {
        vm->look.changed = false;
        take_back(vm, runner);
        run_alone(vm, runner, runner->steps - 1, NULL, 0);
        return false;
    }
    return left == 0;
}

static void start(const struct hsx_vm *vm, struct runner *runner, uint8_t slot, struct undo *undo)
{
    runner->slot = slot;
    runner->before = vm->tasks[slot];
    memcpy(runner->window, vm->data + runner->before.map.reg_base, HSX_WINDOW_SIZE);
    runner->undo = undo;
}

/* The attempt was cut short after that many whole rounds, or not at all. */
static void learn(struct ahead *ahead, uint32_t wanted, uint32_t rounds)
{
    if (rounds == wanted) {
        if (wanted == ahead->rounds && ahead->rounds < AHEAD_STEPS)
            ahead->rounds *= 2;
        ahead->pause = 0;
        return;
    }
    ahead->rounds = 2 * rounds > FEWEST_ROUNDS ? 2 * rounds : FEWEST_ROUNDS;
    if (rounds >= FEWEST_ROUNDS / 2) {
        ahead->pause = 0;
        ahead->strict = 1; /* the instruction that cut it short */
    } else {
        ahead->pause = ahead->pause == 0                  ? FIRST_PAUSE
                       : ahead->pause < LONGEST_PAUSE / 2 ? 2 * ahead->pause
                                                          : LONGEST_PAUSE;
        ahead->strict = ahead->pause;
    }
}

static uint32_t rounds_to_try(struct ahead *ahead, uint64_t limit, unsigned tasks)
{
    uint64_t most = limit < AHEAD_STEPS ? limit / tasks : AHEAD_STEPS / tasks;
    if (ahead->rounds == 0)
        ahead->rounds = FIRST_ROUNDS;
    return ahead->rounds < most ? ahead->rounds : (uint32_t)most;
}

uint64_t hsx_vm_run_ahead(struct hsx_vm *vm, uint64_t limit, struct hsx_record *records)
{
    struct runner runners[HSX_MAX_CONTEXTS];
    unsigned tasks = queue_count(vm);
    uint32_t wanted = rounds_to_try(&vm->ahead, limit, tasks);
    if (vm->ahead.strict > 0 || wanted < FEWEST_ROUNDS || !may_run_ahead(vm, tasks))
        return 0;
    uint32_t rounds = wanted; /* that all tasks retire, */
    unsigned more = 0;        /* and how many of the first tasks retire one more */
    struct undo *undo = vm->ahead.undo;
    for (unsigned i = 0; i < tasks; i++) {
        start(vm, &runners[i], vm->ring[(uint8_t)(vm->head + i)], undo);
        if (!run_alone(vm, &runners[i], rounds, records != NULL ? records + i : NULL, tasks)) {
            rounds = runners[i].steps;
            more = i;
        }
        undo = runners[i].undo_end;
    }
    for (unsigned i = 0; i < tasks; i++) {
        uint32_t steps = rounds + (i < more);
        if (runners[i].steps > steps) {
            take_back(vm, &runners[i]);
            run_alone(vm, &runners[i], steps, NULL, 0);
        }
        if (vm->tally != NULL)
            tally_task(vm, runners[i].slot, steps, steps);
    }
    for (unsigned i = 0; i < more; i++)
        vm->ring[vm->tail++] = vm->ring[vm->head++];
    learn(&vm->ahead, wanted, rounds);
    return (uint64_t)rounds * tasks + more;
}
