// SPDX-License-Identifier: Apache-2.0
/* The C reference VM as a target: every call is passed to the VM. */
#include "recall.h"
#include <hsx/target_vm.h>
#include <hsx/vm.h>
#include <stdlib.h>
#include <string.h>

struct target_vm {
    struct hsx_target base;
    struct hsx_vm *vm;
    struct recall *recall;
    struct hsx_vm_mark *mark; /* NULL: none yet */
};

static struct hsx_vm *vm_of(struct hsx_target *t)
{
    return ((struct target_vm *)t)->vm;
}

static struct recall *recall_of(struct hsx_target *t)
{
    return ((struct target_vm *)t)->recall;
}

static void destroy(struct hsx_target *t)
{
    recall_destroy(recall_of(t));
    hsx_vm_destroy(vm_of(t));
    free(((struct target_vm *)t)->mark);
    free(t);
}

static enum hsx_status run(struct hsx_target *t, struct hsx_run *run)
{
    if (t->interrupt && *t->interrupt != 0) {
        run->count = 0;
        run->retired = 0;
        run->reason = HSX_STOP_INTERRUPT;
        return HSX_OK;
    }
    if (run->tally && run->recallable) {
        return recall_run(recall_of(t), run);
    }
    recall_stop(recall_of(t));
    return hsx_vm_run(vm_of(t), run);
}

static enum hsx_status recall(struct hsx_target *t, struct hsx_record *records, uint64_t *orders,
                              size_t capacity, size_t *count)
{
    return recall_newest(recall_of(t), records, orders, capacity, count);
}

/* A call that changes the machine and must be repeated for recall. */
#define CHANGE(len, call, note)                                                                    \
    do {                                                                                           \
        enum hsx_status status = recall_prepare(recall_of(t), (len));                              \
        if (status == HSX_OK) {                                                                    \
            status = call;                                                                         \
        }                                                                                          \
        if (status == HSX_OK) {                                                                    \
            note;                                                                                  \
        }                                                                                          \
        return status;                                                                             \
    } while (0)

static enum hsx_status read_data(struct hsx_target *t, uint32_t addr, void *bytes, size_t len)
{
    if (addr > HSX_DATA_SIZE || len > HSX_DATA_SIZE - addr) {
        return HSX_ERR_ARGUMENT;
    }
    memcpy(bytes, hsx_vm_data(vm_of(t)) + addr, len);
    return HSX_OK;
}

static enum hsx_status write_data(struct hsx_target *t, uint32_t addr, const void *bytes,
                                  size_t len)
{
    if (addr > HSX_DATA_SIZE || len > HSX_DATA_SIZE - addr) {
        return HSX_ERR_ARGUMENT;
    }
    if (recall_prepare(recall_of(t), len) != HSX_OK) {
        return HSX_ERR_MACHINE;
    }
    memcpy(hsx_vm_data(vm_of(t)) + addr, bytes, len);
    recall_note_data(recall_of(t), addr, bytes, len);
    return HSX_OK;
}

static enum hsx_status read_code(struct hsx_target *t, uint32_t addr, uint32_t *words, size_t count)
{
    return hsx_vm_read_code(vm_of(t), addr, words, count);
}

static enum hsx_status write_code(struct hsx_target *t, uint32_t addr, const uint32_t *words,
                                  size_t count)
{
    enum hsx_status status = recall_before_code(recall_of(t));

    return status == HSX_OK ? hsx_vm_write_code(vm_of(t), addr, words, count) : status;
}

static enum hsx_status read_context(struct hsx_target *t, uint8_t slot, struct hsx_context *ctx)
{
    return hsx_vm_read_context(vm_of(t), slot, ctx);
}

static enum hsx_status write_context(struct hsx_target *t, uint8_t slot,
                                     const struct hsx_context *ctx)
{
    CHANGE(sizeof *ctx, hsx_vm_write_context(vm_of(t), slot, ctx),
           recall_note_context(recall_of(t), slot, ctx));
}

static enum hsx_status set_state(struct hsx_target *t, uint8_t slot, enum hsx_state state)
{
    CHANGE(0, hsx_vm_set_state(vm_of(t), slot, state),
           recall_note_state(recall_of(t), slot, state));
}

static enum hsx_status make_ready(struct hsx_target *t, uint8_t slot)
{
    CHANGE(0, hsx_vm_make_ready(vm_of(t), slot), recall_note_ready(recall_of(t), slot));
}

static enum hsx_status read_queue(struct hsx_target *t, uint8_t *slots, size_t capacity,
                                  size_t *count, uint8_t *turn_left)
{
    return hsx_vm_read_queue(vm_of(t), slots, capacity, count, turn_left);
}

static enum hsx_status write_queue(struct hsx_target *t, const uint8_t *slots, size_t count,
                                   uint8_t turn_left)
{
    CHANGE(count, hsx_vm_write_queue(vm_of(t), slots, count, turn_left),
           recall_note_queue(recall_of(t), slots, count, turn_left));
}

static enum hsx_status set_alarm(struct hsx_target *t, bool armed, uint32_t when)
{
    CHANGE(0, hsx_vm_set_alarm(vm_of(t), armed, when),
           recall_note_alarm(recall_of(t), armed, when));
}

static enum hsx_status count_event(struct hsx_target *t)
{
    CHANGE(0, hsx_vm_count_event(vm_of(t)), recall_note_event(recall_of(t)));
}

static enum hsx_status set_points(struct hsx_target *t, const struct hsx_point *points,
                                  size_t count)
{
    return hsx_vm_set_points(vm_of(t), points, count);
}

static enum hsx_status jump_to(struct hsx_target *t, uint32_t now)
{
    CHANGE(0, hsx_vm_jump_to(vm_of(t), now), recall_note_jump(recall_of(t), now));
}

static enum hsx_status set_tick_steps(struct hsx_target *t, uint32_t tick_steps)
{
    CHANGE(0, hsx_vm_set_tick_steps(vm_of(t), tick_steps),
           recall_note_tick_steps(recall_of(t), tick_steps));
}

static enum hsx_status read_totals(struct hsx_target *t, struct hsx_totals *totals)
{
    return hsx_vm_read_totals(vm_of(t), totals);
}

static enum hsx_status write_totals(struct hsx_target *t, const struct hsx_totals *totals)
{
    recall_forget(recall_of(t));
    return hsx_vm_write_totals(vm_of(t), totals);
}

static enum hsx_status mark(struct hsx_target *t)
{
    return hsx_vm_mark(vm_of(t), &((struct target_vm *)t)->mark);
}

static enum hsx_status go_back(struct hsx_target *t)
{
    hsx_vm_go_back(vm_of(t), ((struct target_vm *)t)->mark);
    return HSX_OK;
}

static const struct hsx_target_ops ops = {
    .name = "vm",
    .destroy = destroy,
    .run = run,
    .recall = recall,
    .read_data = read_data,
    .write_data = write_data,
    .read_code = read_code,
    .write_code = write_code,
    .read_context = read_context,
    .write_context = write_context,
    .set_state = set_state,
    .make_ready = make_ready,
    .read_queue = read_queue,
    .write_queue = write_queue,
    .set_alarm = set_alarm,
    .count_event = count_event,
    .set_points = set_points,
    .jump_to = jump_to,
    .set_tick_steps = set_tick_steps,
    .read_totals = read_totals,
    .write_totals = write_totals,
    .mark = mark,
    .go_back = go_back,
};

enum hsx_status hsx_target_vm_create(unsigned contexts, struct hsx_target **target)
{
    struct target_vm *t = calloc(1, sizeof *t);
    enum hsx_status status;

    if (!t) {
        return HSX_ERR_MEMORY;
    }
    status = hsx_vm_create(contexts, &t->vm);
    if (status == HSX_OK) {
        t->recall = recall_create(t->vm, contexts);
        status = t->recall ? HSX_OK : HSX_ERR_MEMORY;
    }
    if (status != HSX_OK) {
        hsx_vm_destroy(t->vm);
        free(t);
        return status;
    }
    t->base.ops = &ops;
    t->base.contexts = contexts;
    t->base.windows = HSX_MAX_CONTEXTS;
    t->base.units = HSX_UNITS_ALL;
    *target = &t->base;
    return HSX_OK;
}

enum hsx_status hsx_target_vm_create_like(const struct hsx_target *other,
                                          struct hsx_target **target)
{
    struct hsx_target *made = NULL;
    enum hsx_status status = hsx_target_vm_create(other->contexts, &made);

    if (status != HSX_OK) {
        return status;
    }
    status = hsx_vm_set_units(vm_of(made), other->units);
    if (status != HSX_OK) {
        destroy(made);
        return status;
    }
    made->units = other->units;
    *target = made;
    return HSX_OK;
}
