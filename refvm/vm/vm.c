// SPDX-License-Identifier: Apache-2.0
/* All of a machine except its code and its execution. */
#include "vm_internal.h"

#include <hsx/context.h>
#include <stdlib.h>

enum hsx_status hsx_vm_create(unsigned contexts, struct hsx_vm **vm)
{
    if (contexts < 1 || contexts > HSX_MAX_CONTEXTS)
        return HSX_ERR_ARGUMENT;
    struct hsx_vm *made = aligned_alloc(_Alignof(struct hsx_vm), sizeof *made);
    if (made == NULL)
        return HSX_ERR_MEMORY;
    /* Zeroed ops equal predecoded zero words, HANDLER_ILLEGAL, but for the length of their blocks;
     * these have no plans. */
    memset(made, 0, offsetof(struct hsx_vm, heads));
    for (size_t i = 0; i <= HSX_CODE_WORDS; i++)
        made->ops[i].words = 1;
    made->contexts = contexts;
    made->units = HSX_UNITS_ALL;
    for (unsigned slot = 0; slot < contexts; slot++)
        hsx_vm_write_context(made, (uint8_t)slot, &(struct hsx_context){0});
    hsx_vm_set_tick_steps(made, 1000);
    *vm = made;
    return HSX_OK;
}

void hsx_vm_destroy(struct hsx_vm *vm)
{
    free(vm);
}

uint8_t *hsx_vm_data(struct hsx_vm *vm)
{
    return vm->data;
}

enum hsx_status hsx_vm_read_context(const struct hsx_vm *vm, uint8_t slot, struct hsx_context *ctx)
{
    if (slot >= vm->contexts)
        return HSX_ERR_ARGUMENT;
    const struct vm_task *task = &vm->tasks[slot];
    *ctx = (struct hsx_context){
        .pc = pc_from_fetch(task->fetch),
        .sp = task->sp,
        .reg_base = task->map.reg_base,
        .stack_limit = task->map.stack_limit,
        .stack_top = task->map.stack_top,
        .code_base = (uint16_t)((task->code - vm->ops) * 4),
        .data_base = task->map.data_base,
        .call_depth = task->call_depth,
        .code_len = vm->code_len[slot],
        .data_len = task->map.data_len,
        .psw = task_psw(task->nz, task->carry, task->overflow),
        .slice = vm->slice[slot],
        .flags = (uint8_t)((task->map.protect ? HSX_CTX_PROTECT : 0) |
                           (task->call_shift != 0 ? HSX_CTX_CALL_WORDS : 0)),
        .state = task->state,
    };
    return HSX_OK;
}

enum hsx_status hsx_vm_write_context(struct hsx_vm *vm, uint8_t slot, const struct hsx_context *ctx)
{
    if (slot >= vm->contexts || !hsx_context_valid(ctx))
        return HSX_ERR_ARGUMENT;
    struct vm_task *task = &vm->tasks[slot];
    uint8_t slice = ctx->slice != 0 ? ctx->slice : 1;
    forget_areas(vm);
    uint32_t fetch_end = ctx->code_len / 4;
    *task = (struct vm_task){
        .code = vm->ops + ctx->code_base / 4,
        .nz = task_nz(ctx->psw),
        .fetch = fetch_from_pc(ctx->pc),
        .fetch_end = fetch_end,
        .rotate_end = slice == 1 ? fetch_end : 0,
        .sp = ctx->sp,
        .lowest_sp = UINT16_MAX,
        .call_depth = ctx->call_depth,
        .carry = (ctx->psw & HSX_PSW_C) != 0,
        .overflow = (ctx->psw & HSX_PSW_V) != 0,
        .call_shift = (ctx->flags & HSX_CTX_CALL_WORDS) != 0 ? 2 : 0,
        .slice = slice,
        .state = ctx->state,
        .queued = task->queued,
    };
    hsx_access_map_init(&task->map, ctx);
    vm->code_len[slot] = ctx->code_len;
    vm->slice[slot] = ctx->slice;
    return HSX_OK;
}

enum hsx_status hsx_vm_set_state(struct hsx_vm *vm, uint8_t slot, enum hsx_state state)
{
    if (slot >= vm->contexts || (unsigned)state > HSX_FAULTED)
        return HSX_ERR_ARGUMENT;
    if (state == HSX_FREE || vm->tasks[slot].state == HSX_FREE)
        forget_areas(vm);
    vm->tasks[slot].state = (uint8_t)state;
    return HSX_OK;
}

enum hsx_status hsx_vm_make_ready(struct hsx_vm *vm, uint8_t slot)
{
    if (slot >= vm->contexts)
        return HSX_ERR_ARGUMENT;
    struct vm_task *task = &vm->tasks[slot];
    if (task->queued)
        return HSX_ERR_STATE;
    if (task->state == HSX_FREE)
        forget_areas(vm);
    task->queued = true;
    task->state = HSX_READY;
    vm->ring[vm->tail++] = slot;
    return HSX_OK;
}

enum hsx_status hsx_vm_read_queue(const struct hsx_vm *vm, uint8_t *slots, size_t capacity,
                                  size_t *count, uint8_t *turn_left)
{
    unsigned queued = queue_count(vm);
    if (capacity < queued)
        return HSX_ERR_ARGUMENT;
    for (unsigned i = 0; i < queued; i++)
        slots[i] = vm->ring[(uint8_t)(vm->head + i)];
    *count = queued;
    *turn_left = vm->turn_left;
    return HSX_OK;
}

enum hsx_status hsx_vm_write_queue(struct hsx_vm *vm, const uint8_t *slots, size_t count,
                                   uint8_t turn_left)
{
    bool queued[HSX_MAX_CONTEXTS] = {false};
    if (count > vm->contexts || (count == 0 && turn_left != 0))
        return HSX_ERR_ARGUMENT;
    for (size_t i = 0; i < count; i++) {
        if (slots[i] >= vm->contexts || queued[slots[i]])
            return HSX_ERR_ARGUMENT;
        queued[slots[i]] = true;
    }
    forget_areas(vm); /* a FREE slot may be in it */
    for (unsigned slot = 0; slot < vm->contexts; slot++)
        vm->tasks[slot].queued = queued[slot];
    for (size_t i = 0; i < count; i++)
        vm->ring[i] = slots[i];
    vm->head = 0;
    vm->tail = (uint8_t)count;
    vm->turn_left = turn_left;
    return HSX_OK;
}

enum hsx_status hsx_vm_set_alarm(struct hsx_vm *vm, bool armed, uint32_t when)
{
    vm->alarm_armed = armed;
    vm->alarm = when;
    return HSX_OK;
}

enum hsx_status hsx_vm_count_event(struct hsx_vm *vm)
{
    vm->order++;
    return HSX_OK;
}

enum hsx_status hsx_vm_jump_to(struct hsx_vm *vm, uint32_t now)
{
    vm->order++;
    vm->now = now;
    return HSX_OK;
}

static void restart_tick_count(struct hsx_vm *vm)
{
    vm->to_tick = vm->tick_steps == 0 ? UINT64_MAX : vm->tick_steps - vm->steps % vm->tick_steps;
}

enum hsx_status hsx_vm_set_tick_steps(struct hsx_vm *vm, uint32_t tick_steps)
{
    vm->tick_steps = tick_steps;
    if (tick_steps == 0)
        vm->tick_due = false;
    restart_tick_count(vm);
    return HSX_OK;
}

enum hsx_status hsx_vm_read_totals(const struct hsx_vm *vm, struct hsx_totals *totals)
{
    *totals = (struct hsx_totals){.order = vm->order,
                                  .steps = vm->steps,
                                  .cycles = vm->steps,
                                  .now = vm->now,
                                  .tick_due = vm->tick_due};
    return HSX_OK;
}

enum hsx_status hsx_vm_write_totals(struct hsx_vm *vm, const struct hsx_totals *totals)
{
    if (totals->tick_due > 1)
        return HSX_ERR_ARGUMENT;
    vm->order = totals->order;
    vm->steps = totals->steps;
    vm->now = totals->now;
    vm->tick_due = totals->tick_due != 0;
    restart_tick_count(vm);
    return HSX_OK;
}

/* The small members follow the memories, up to the state of running ahead. */
enum { SMALL = offsetof(struct hsx_vm, ahead) - offsetof(struct hsx_vm, code_len) };

struct hsx_vm_mark {
    struct vm_task tasks[HSX_MAX_CONTEXTS];
    uint8_t data[HSX_DATA_SIZE];
    uint8_t small[SMALL];
};

enum hsx_status hsx_vm_mark(const struct hsx_vm *vm, struct hsx_vm_mark **mark)
{
    if (*mark == NULL)
        *mark = aligned_alloc(_Alignof(struct hsx_vm_mark), sizeof **mark);
    if (*mark == NULL)
        return HSX_ERR_MEMORY;
    memcpy((*mark)->tasks, vm->tasks, vm->contexts * sizeof vm->tasks[0]);
    memcpy((*mark)->data, vm->data, sizeof vm->data);
    memcpy((*mark)->small, vm->code_len, SMALL);
    return HSX_OK;
}

void hsx_vm_go_back(struct hsx_vm *vm, const struct hsx_vm_mark *mark)
{
    memcpy(vm->tasks, mark->tasks, vm->contexts * sizeof vm->tasks[0]);
    memcpy(vm->data, mark->data, sizeof vm->data);
    memcpy(vm->code_len, mark->small, SMALL);
    forget_areas(vm);
}
