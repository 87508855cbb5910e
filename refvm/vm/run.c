// SPDX-License-Identifier: Apache-2.0
/* Turns, ticks and stops around the execution loops (section 5). */
#include "vm_internal.h"

/* What one call of run_turns did. */
struct progress {
    enum vm_end end;
    uint64_t retired;
    uint64_t records; /* events: retired, fault or end */
    uint8_t slot;     /* of the task that ended the loop */
};

static void leave_queue(struct hsx_vm *vm)
{
    vm->tasks[vm->ring[vm->head++]].queued = false;
    vm->turn_left = 0;
}

static void rotate_queue(struct hsx_vm *vm)
{
    vm->ring[vm->tail++] = vm->ring[vm->head++];
    vm->turn_left = 0;
}

/* The head has retired count >= 1 instructions and is still READY. count exceeds what was
 * left of its turn only when it is the only task. */
static void account_turn(struct hsx_vm *vm, uint64_t count)
{
    uint8_t slice = vm->tasks[vm->ring[vm->head]].slice;
    uint64_t turn = vm->turn_left != 0 ? vm->turn_left : slice;
    if (count < turn) {
        vm->turn_left = (uint8_t)(turn - count);
        return;
    }
    uint64_t in_last = (count - turn) % slice;
    rotate_queue(vm);
    vm->turn_left = in_last != 0 ? (uint8_t)(slice - in_last) : 0;
}

/* Marks where turns begin and end among records of one task: turn instructions were left
 * of the turn at records[0], which began there if opened. */
static void mark_turns(struct hsx_record *records, uint64_t count, uint64_t turn, uint8_t slice,
                       bool opened)
{
    if (opened)
        records[0].flags |= HSX_REC_TURN_FIRST;
    for (uint64_t last = turn - 1; last < count; last += slice) {
        records[last].flags |= HSX_REC_TURN_ROTATE;
        if (last + 1 < count)
            records[last + 1].flags |= HSX_REC_TURN_FIRST;
    }
}

/* Turns begun by count events of one task: turn instructions were left of the turn at the
 * first, which opened it if opened. */
static uint64_t turns_begun(uint64_t count, uint64_t turn, uint8_t slice, bool opened)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): slice is at least 1 (vm_task) */
    return (count > 0 && opened) + (count > turn ? 1 + (count - turn - 1) / slice : 0);
}

/* The word and place of the instruction that stopped the task. */
static void tally_stop(struct hsx_vm *vm, uint8_t slot, enum vm_end end)
{
    const struct vm_task *task = &vm->tasks[slot];
    bool retired = end == VM_END_SVC || end == VM_END_BRK;
    uint16_t pc = (uint16_t)(pc_from_fetch(task->fetch) - (retired ? 4 : 0));
    vm->tally->pc = pc;
    vm->tally->insn = end == VM_END_FAULT || end == VM_END_PLACE ? 0 : task->code[pc / 4].word;
}

static struct progress run_head(struct hsx_vm *vm, uint64_t limit, struct hsx_record *records)
{
    uint8_t slot = vm->ring[vm->head];
    struct vm_task *task = &vm->tasks[slot];
    uint8_t slice = task->slice;
    bool opened = vm->turn_left == 0;
    uint8_t turn = opened ? slice : vm->turn_left;
    if (queue_count(vm) > 1 && limit > turn)
        limit = turn;
    bool single = opened && slice == 1;
    uint64_t left = limit;
    struct progress progress = {.slot = slot};
    if (records != NULL)
        progress.end = hsx_vm_turn_records(vm, task, &left, records, slot,
                                           single ? HSX_REC_TURN_FIRST | HSX_REC_TURN_ROTATE : 0);
    else
        progress.end = hsx_vm_turn(vm, task, &left);
    progress.retired = limit - left;
    progress.records = progress.retired;
    if (progress.end == VM_END_FAULT || progress.end == VM_END_RETURN)
        progress.records++;
    if (records != NULL && !single)
        mark_turns(records, progress.records, turn, slice, opened);
    if (vm->tally != NULL) {
        tally_task(vm, slot, progress.retired, turns_begun(progress.records, turn, slice, opened));
        if (progress.end != VM_END_BUDGET)
            tally_stop(vm, slot, progress.end);
    }
    if (progress.end == VM_END_BUDGET || progress.end == VM_END_PLACE) {
        if (progress.retired > 0)
            account_turn(vm, progress.retired);
        return progress;
    }
    leave_queue(vm);
    /* An event that ends a turn early never puts the task at the tail. */
    if (records != NULL)
        records[progress.records - 1].flags &= (uint8_t)~HSX_REC_TURN_ROTATE;
    return progress;
}

/* Strict rotation has retired count instructions, and the queue is as it left it. */
static void tally_rotation(struct hsx_vm *vm, uint64_t count)
{
    unsigned tasks = queue_count(vm);
    uint64_t rounds = count / tasks;
    unsigned more = (unsigned)(count % tasks); /* tasks with one turn more: the last ones */
    for (unsigned i = rounds > 0 ? 0 : tasks - more; i < tasks; i++) {
        uint64_t turns = rounds + (i >= tasks - more);
        tally_task(vm, vm->ring[(uint8_t)(vm->head + i)], turns, turns);
    }
}

static uint64_t rotate(struct hsx_vm *vm, uint64_t limit, struct hsx_record *records)
{
    uint64_t ahead = hsx_vm_run_ahead(vm, limit, records);
    if (ahead > 0)
        return ahead;
    if (vm->ahead.strict > 0 && limit > vm->ahead.strict)
        limit = vm->ahead.strict;
    uint64_t left = limit;
    if (records != NULL)
        hsx_vm_rotate_records(vm, &left, records);
    else
        hsx_vm_rotate(vm, &left);
    uint64_t retired = limit - left;
    vm->ahead.strict -= retired < vm->ahead.strict ? (uint32_t)retired : vm->ahead.strict;
    if (vm->tally != NULL && retired > 0)
        tally_rotation(vm, retired);
    return retired;
}

/* Runs at least one event and at most limit >= 1 instructions of the tasks in the queue,
 * which is not empty, or stops at a place; no tick is due before limit. */
static struct progress run_turns(struct hsx_vm *vm, uint64_t limit, struct hsx_record *records)
{
    if (queue_count(vm) > 1 && vm->turn_left == 0 &&
        vm->tasks[vm->ring[vm->head]].rotate_end != 0) {
        uint64_t retired = rotate(vm, limit, records);
        if (retired > 0)
            return (struct progress){.end = VM_END_BUDGET, .retired = retired, .records = retired};
    }
    return run_head(vm, limit, records);
}

static void count_steps(struct hsx_vm *vm, const struct progress *progress)
{
    vm->steps += progress->retired;
    vm->order += progress->records;
    if (vm->tally != NULL)
        vm->tally->events += progress->records;
    if (vm->to_tick == UINT64_MAX)
        return;
    vm->to_tick -= progress->retired;
    if (vm->to_tick == 0) {
        vm->tick_due = true;
        vm->to_tick = vm->tick_steps;
    }
}

static struct progress advance(struct hsx_vm *vm, uint64_t limit, struct hsx_record *records)
{
    if (limit > vm->to_tick)
        limit = vm->to_tick;
    struct progress progress = run_turns(vm, limit, records);
    count_steps(vm, &progress);
    return progress;
}

/* True when the tick reaches the alarm. */
static bool make_tick(struct hsx_vm *vm, struct hsx_record *record)
{
    if (record != NULL)
        *record = (struct hsx_record){.event = HSX_EV_TICK};
    vm->tick_due = false;
    vm->order++;
    vm->now++;
    if (vm->tally != NULL) {
        vm->tally->events++;
        vm->tally->ticks++;
    }
    return vm->alarm_armed && vm->now == vm->alarm;
}

static enum hsx_stop stop_of(enum vm_end end)
{
    switch (end) {
    case VM_END_SVC:
        return HSX_STOP_SVC;
    case VM_END_BRK:
        return HSX_STOP_BRK;
    case VM_END_FAULT:
        return HSX_STOP_FAULT;
    case VM_END_RETURN:
        return HSX_STOP_RETURN;
    case VM_END_PLACE:
        return HSX_STOP_POINT;
    case VM_END_BUDGET:
    case VM_END_LEFT:
        break;
    }
    return HSX_STOP_STEPS;
}

/* The VM's cycles are its steps: each record gets the count after its event. Of the records from
 * `from` on, the first ones retired, and the machine had done so many steps before them. */
static void fill_cycles(const struct hsx_run *run, size_t from, uint64_t steps, uint64_t retired)
{
    if (run->cycles == NULL)
        return;
    uint64_t *cycles = run->cycles + from;
    for (uint64_t i = 0; i < retired; i++)
        cycles[i] = steps + i + 1;
    if (run->count - from > retired) /* one event more */
        cycles[retired] = steps + retired;
}

static void stop(struct hsx_run *run, enum hsx_stop reason, uint8_t slot)
{
    run->reason = reason;
    run->slot = slot;
}

static bool head_at_place(const struct hsx_vm *vm)
{
    const struct vm_task *head = &vm->tasks[vm->ring[vm->head]];
    return queue_count(vm) > 0 && hsx_vm_at_place(vm, head, pc_from_fetch(head->fetch), false);
}

/* One instruction, even with a point in front. */
static struct progress advance_past_place(struct hsx_vm *vm)
{
    vm->look.places = false;
    struct progress progress = advance(vm, 1, NULL);
    vm->look.places = true; /* it is set if the head is at one */
    return progress;
}

static void stop_at_head(const struct hsx_vm *vm, struct hsx_run *run)
{
    uint8_t slot = vm->ring[vm->head];
    run->tally->pc = pc_from_fetch(vm->tasks[slot].fetch);
    run->tally->insn = 0;
    stop(run, HSX_STOP_POINT, slot);
}

static void stop_at_change(const struct hsx_vm *vm, struct hsx_run *run)
{
    run->tally->pc = vm->look.pc;
    run->tally->insn = 0;
    stop(run, HSX_STOP_POINT, vm->look.slot);
}

static void run_until_stop(struct hsx_vm *vm, struct hsx_run *run)
{
    bool recording = run->records != NULL;
    run->count = 0;
    run->retired = 0;
    stop(run, HSX_STOP_STEPS, 0);
    for (;;) {
        bool full = recording && run->count == run->capacity;
        struct hsx_record *record = recording ? run->records + run->count : NULL;
        size_t from = run->count;
        uint64_t steps = vm->steps;
        bool pass = run->pass && run->retired == 0;
        if (!vm->tick_due) {
            if (run->retired == run->max_steps)
                return;
            if (queue_count(vm) == 0) {
                stop(run, HSX_STOP_IDLE, 0);
                return;
            }
        }
        if (full) {
            stop(run, HSX_STOP_RECORDS, 0);
            return;
        }
        if (run->look && vm->tick_due && !pass && head_at_place(vm)) {
            stop_at_head(vm, run);
            return;
        }
        if (vm->tick_due) {
            bool alarm = make_tick(vm, record);
            run->count += recording;
            fill_cycles(run, from, steps, 0);
            if (alarm) {
                stop(run, HSX_STOP_ALARM, 0);
                return;
            }
            continue;
        }
        uint64_t limit = run->max_steps - run->retired;
        if (recording && limit > run->capacity - run->count)
            limit = run->capacity - run->count;
        struct progress progress =
            pass && head_at_place(vm) ? advance_past_place(vm) : advance(vm, limit, record);
        run->retired += progress.retired;
        run->count += recording ? progress.records : 0;
        fill_cycles(run, from, steps, progress.retired);
        if (run->look && vm->look.changed) {
            stop_at_change(vm, run);
            return;
        }
        if (progress.end != VM_END_BUDGET) {
            stop(run, stop_of(progress.end), progress.slot);
            return;
        }
        /* A tick that came due with the last step waits for the next call. */
        if (run->retired == run->max_steps)
            return;
    }
}

enum hsx_status hsx_vm_run(struct hsx_vm *vm, struct hsx_run *run)
{
    if (run->records != NULL ? run->capacity == 0 || run->tally != NULL : run->cycles != NULL)
        return HSX_ERR_ARGUMENT;
    if (run->look && run->tally == NULL)
        return HSX_ERR_ARGUMENT;
    vm->tally = run->tally;
    hsx_vm_look(vm, run->look);
    run_until_stop(vm, run);
    hsx_vm_look(vm, false);
    vm->tally = NULL;
    return HSX_OK;
}

enum hsx_status hsx_vm_step(struct hsx_vm *vm, struct hsx_record *record, enum hsx_stop *reason)
{
    *reason = HSX_STOP_STEPS;
    *record = (struct hsx_record){0};
    if (vm->tick_due)
        *reason = make_tick(vm, record) ? HSX_STOP_ALARM : HSX_STOP_STEPS;
    else if (queue_count(vm) == 0)
        *reason = HSX_STOP_IDLE;
    else
        *reason = stop_of(advance(vm, 1, record).end);
    return HSX_OK;
}
