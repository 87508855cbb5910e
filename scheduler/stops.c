// SPDX-License-Identifier: Apache-2.0
/* Breakpoints, watchpoints, and running one task alone. */
#include "internal.h"
#include <hsx/word.h>
#include <string.h>

static uint32_t watched(struct hsx_exec *e, const struct hsx_exec_stop *stop)
{
    uint8_t bytes[4] = {0};
    int slot = exec_slot_of(e, stop->pid);

    if (stop->kind == HSX_WATCH_MEMORY) {
        exec_read(e, stop->addr, bytes, stop->len);
    } else if (stop->kind == HSX_WATCH_REGISTER && slot >= 0) {
        exec_read(e, e->tasks[slot].window + 4u * stop->reg, bytes, sizeof bytes);
    }
    return hsx_load_word(bytes);
}

void exec_refresh_watches(struct hsx_exec *e)
{
    for (size_t i = 0; i < e->stop_count; i++) {
        e->stops[i].value = watched(e, &e->stops[i].as_set);
    }
}

bool exec_give_points(struct hsx_exec *e)
{
    struct hsx_point points[HSX_MAX_STOPS];
    size_t count = 0;

    if (!e->target->ops->set_points || (e->stop_count == 0 && !e->has_points)) {
        return false;
    }
    e->has_points = e->stop_count != 0;
    for (size_t i = 0; i < e->stop_count; i++) {
        const struct hsx_exec_stop *stop = &e->stops[i].as_set;
        int slot = exec_slot_of(e, stop->pid);
        struct hsx_point point = {.change = stop->kind != HSX_BREAK_PC,
                                  .slot = stop->pid == 0 ? HSX_ANY_SLOT : (uint8_t)slot,
                                  .pc = stop->pc,
                                  .condition = stop->condition,
                                  .addr = stop->addr,
                                  .len = stop->len,
                                  .value = e->stops[i].value};

        if (stop->kind == HSX_WATCH_REGISTER && slot >= 0) {
            point.addr = (uint16_t)(e->tasks[slot].window + 4u * stop->reg);
            point.len = 4;
        }
        if (stop->kind == HSX_WATCH_MEMORY || slot >= 0 || stop->pid == 0) {
            points[count++] = point;
        }
    }
    return exec_ok(e, e->target->ops->set_points(e->target, points, count));
}

bool exec_watch_hit(struct hsx_exec *e, struct hsx_exec_run *run)
{
    for (size_t i = 0; i < e->stop_count; i++) {
        if (watched(e, &e->stops[i].as_set) != e->stops[i].value) {
            run->reason = HSX_RUN_BREAK;
            run->stop_id = e->stops[i].as_set.id;
            run->pid = e->stops[i].as_set.pid;
            run->writer = e->writer;
            exec_refresh_watches(e);
            return true;
        }
    }
    return false;
}

static bool holds(struct hsx_exec *e, const struct hsx_condition *c, const struct hsx_context *ctx)
{
    uint8_t bytes[4];

    if (c->relation == HSX_ALWAYS) {
        return true;
    }
    exec_read(e, c->memory ? c->addr : ctx->reg_base + 4u * c->reg, bytes, sizeof bytes);
    return hsx_condition_holds(c, hsx_load_word(bytes));
}

/* The task whose instruction is next: the head of the queue, or the only one that may run. */
static bool next_task(struct hsx_exec *e, const struct hsx_exec_run *run, uint8_t *slot)
{
    uint8_t slots[HSX_MAX_CONTEXTS];
    uint8_t turn_left;
    size_t count = 0;
    int only = run->only != 0 ? exec_slot_of(e, run->only) : -1;

    if (!exec_ok(e, e->target->ops->read_queue(e->target, slots, HSX_MAX_CONTEXTS, &count,
                                               &turn_left))) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (only < 0 || slots[i] == only) {
            *slot = slots[i];
            return true;
        }
    }
    return false;
}

bool exec_break_hit(struct hsx_exec *e, struct hsx_exec_run *run)
{
    struct hsx_context ctx;
    uint32_t pid;
    uint8_t slot;

    if (!next_task(e, run, &slot) || !exec_read_context(e, slot, &ctx)) {
        return false;
    }
    pid = e->tasks[slot].pid;
    if (pid == run->back_pid && ctx.sp >= run->back_sp) {
        run->reason = HSX_RUN_RETURNED;
        run->pid = pid;
        return true;
    }
    if (e->stopped_pid == pid && e->stopped_at == e->steps) {
        return false; /* it has been hit here and is now passed */
    }
    for (size_t i = 0; i < e->stop_count; i++) {
        const struct hsx_exec_stop *stop = &e->stops[i].as_set;

        if (stop->kind == HSX_BREAK_PC && (stop->pid == pid || stop->pid == 0) &&
            stop->pc == ctx.pc && holds(e, &stop->condition, &ctx)) {
            run->reason = HSX_RUN_BREAK;
            run->stop_id = stop->id;
            run->pid = pid;
            e->stopped_pid = pid;
            e->stopped_at = e->steps;
            return true;
        }
    }
    return false;
}

bool exec_put_first(struct hsx_exec *e, uint32_t pid)
{
    struct hsx_exec_event event = {.kind = HSX_EV_EXTERNAL, .what = "step"};
    uint8_t slots[HSX_MAX_CONTEXTS];
    uint8_t turn_left;
    size_t count = 0;
    size_t at = 0;
    int slot = exec_slot_of(e, pid);

    if (!exec_ok(e, e->target->ops->read_queue(e->target, slots, HSX_MAX_CONTEXTS, &count,
                                               &turn_left))) {
        return false;
    }
    while (at < count && slots[at] != slot) {
        at++;
    }
    if (at == count || at == 0) {
        return at < count;
    }
    memmove(slots + 1, slots, at);
    slots[0] = (uint8_t)slot;
    exec_event_begin(e);
    exec_ok(e, e->target->ops->write_queue(e->target, slots, count, 0));
    exec_describe(e, &event, slots[0]);
    exec_event_end(e, &event);
    return e->failed == HSX_OK;
}

void exec_keep_stops(struct hsx_exec *e, const struct hsx_exec *from)
{
    e->next_stop_id = from->next_stop_id;
    for (size_t i = 0; i < from->stop_count; i++) {
        uint32_t pid = from->stops[i].as_set.pid;

        if (pid == 0 || exec_slot_of(e, pid) >= 0) {
            e->stops[e->stop_count++] = from->stops[i];
        }
    }
}

/* ---- The list */

static bool valid(const struct hsx_exec *e, const struct hsx_exec_stop *stop)
{
    if (stop->kind == HSX_WATCH_MEMORY) {
        return stop->len >= 1 && stop->len <= 4 && stop->addr + stop->len <= HSX_DATA_SIZE;
    }
    if (stop->kind == HSX_BREAK_PC &&
        (stop->condition.reg >= HSX_REGISTERS ||
         (stop->condition.memory && stop->condition.addr > HSX_DATA_SIZE - 4))) {
        return false;
    }
    if (stop->kind == HSX_BREAK_PC && stop->pid == 0) {
        return true;
    }
    return exec_slot_of(e, stop->pid) >= 0 && stop->reg < HSX_REGISTERS;
}

enum hsx_status hsx_exec_add_stop(struct hsx_exec *e, struct hsx_exec_stop *stop)
{
    if (!valid(e, stop)) {
        return HSX_ERR_ARGUMENT;
    }
    if (e->stop_count == HSX_MAX_STOPS) {
        return HSX_ERR_NO_ROOM;
    }
    stop->id = e->next_stop_id++;
    if (stop->kind == HSX_WATCH_MEMORY) {
        stop->pid = 0;
    }
    e->stops[e->stop_count].as_set = *stop;
    e->stops[e->stop_count++].value = watched(e, stop);
    return e->failed;
}

static void remove_at(struct hsx_exec *e, size_t i)
{
    e->stop_count--;
    memmove(&e->stops[i], &e->stops[i + 1], (e->stop_count - i) * sizeof e->stops[0]);
}

enum hsx_status hsx_exec_remove_stop(struct hsx_exec *e, uint32_t id)
{
    for (size_t i = 0; i < e->stop_count; i++) {
        if (e->stops[i].as_set.id == id) {
            remove_at(e, i);
            return HSX_OK;
        }
    }
    return HSX_ERR_ARGUMENT;
}

void exec_remove_stops_of(struct hsx_exec *e, uint32_t pid)
{
    for (size_t i = e->stop_count; i-- > 0;) {
        if (e->stops[i].as_set.pid == pid) {
            remove_at(e, i);
        }
    }
}

enum hsx_status hsx_exec_stops(const struct hsx_exec *e, struct hsx_exec_stop *stops,
                               size_t capacity, size_t *count)
{
    *count = e->stop_count;
    for (size_t i = 0; i < e->stop_count && i < capacity; i++) {
        stops[i] = e->stops[i].as_set;
    }
    return HSX_OK;
}
