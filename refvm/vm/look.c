// SPDX-License-Identifier: Apache-2.0
/*
 * Runs that end at breakpoints and watchpoints.
 *
 * A word with a point in front of it is marked in the predecoded code, so that other words cost
 * nothing; whether the point is this task's and its condition holds is checked there. Watched
 * bytes are marked singly, and the loops that check each write run only while there are any.
 */
#include "vm_internal.h"

void hsx_vm_look(struct hsx_vm *vm, bool look)
{
    vm->look.changed = vm->look.places = vm->look.watching = false;
    for (size_t i = 0; look && i < vm->look.count; i++) {
        vm->look.watching |= vm->look.points[i].change;
        vm->look.places |= !vm->look.points[i].change;
    }
}

bool hsx_vm_at_place(const struct hsx_vm *vm, const struct vm_task *task, uint32_t pc, bool ahead)
{
    uint8_t slot = (uint8_t)(task - vm->tasks);
    for (size_t i = 0; vm->look.places && i < vm->look.count; i++) {
        const struct hsx_point *point = &vm->look.points[i];
        const struct hsx_condition *condition = &point->condition;
        if (point->change || point->pc != (uint16_t)pc ||
            (point->slot != slot && point->slot != HSX_ANY_SLOT))
            continue;
        if (ahead && condition->memory && condition->relation != HSX_ALWAYS)
            return true;
        uint32_t addr =
            condition->memory ? condition->addr : task->map.reg_base + 4u * condition->reg;
        if (hsx_condition_holds(condition, load32(vm->data + addr)))
            return true;
    }
    return false;
}

bool hsx_vm_watched_changed(struct hsx_vm *vm, const struct vm_task *task, uint32_t pc)
{
    for (size_t i = 0; i < vm->look.count; i++) {
        const struct hsx_point *point = &vm->look.points[i];
        uint32_t value = 0;
        if (!point->change)
            continue;
        memcpy(&value, vm->data + point->addr, point->len);
        if (value != point->value) {
            vm->look.changed = true;
            vm->look.slot = (uint8_t)(task - vm->tasks);
            vm->look.pc = (uint16_t)pc;
            return true;
        }
    }
    return false;
}

static bool is_valid(const struct hsx_vm *vm, const struct hsx_point *point)
{
    const struct hsx_condition *condition = &point->condition;
    if (point->change)
        return point->len >= 1 && point->len <= 4 && point->addr + point->len <= HSX_DATA_SIZE;
    return (point->slot == HSX_ANY_SLOT || point->slot < vm->contexts) &&
           (condition->memory ? condition->addr <= HSX_DATA_SIZE - 4
                              : condition->reg < HSX_REGISTERS);
}

static void forget_points(struct hsx_vm *vm)
{
    struct look *look = &vm->look;
    for (size_t i = 0; i < look->count; i++)
        if (look->points[i].change)
            memset(look->watched + look->points[i].addr, 0, look->points[i].len);
    bool *marked = look->marked;
    while ((marked = memchr(marked, 1, (size_t)(look->marked + HSX_CODE_WORDS - marked)))) {
        *marked = false;
        hsx_vm_predecode(vm, (size_t)(marked - look->marked), 1);
    }
    look->count = 0;
}

/* A place outside a task's code is found when the fetch there fails. */
static void mark_place(struct hsx_vm *vm, const struct hsx_point *point)
{
    for (unsigned slot = 0; slot < vm->contexts; slot++) {
        const struct vm_task *task = &vm->tasks[slot];
        if ((point->slot != slot && point->slot != HSX_ANY_SLOT) ||
            fetch_from_pc(point->pc) >= task->fetch_end)
            continue;
        size_t index = (size_t)(task->code - vm->ops) + point->pc / 4;
        if (!vm->look.marked[index]) {
            vm->look.marked[index] = true;
            hsx_vm_predecode(vm, index, 1);
        }
    }
}

enum hsx_status hsx_vm_set_points(struct hsx_vm *vm, const struct hsx_point *points, size_t count)
{
    struct look *look = &vm->look;
    if (count > HSX_MAX_POINTS)
        return HSX_ERR_ARGUMENT;
    for (size_t i = 0; i < count; i++)
        if (!is_valid(vm, &points[i]))
            return HSX_ERR_ARGUMENT;
    forget_points(vm);
    for (size_t i = 0; i < count; i++) {
        look->points[i] = points[i];
        if (points[i].change)
            memset(look->watched + points[i].addr, 1, points[i].len);
        else
            mark_place(vm, &points[i]);
    }
    look->count = count;
    return HSX_OK;
}
