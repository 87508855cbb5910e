// SPDX-License-Identifier: Apache-2.0
/* The lock-step as a target: reads and writes while both machines are held. */
#include "cosim_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct hsx_cosim *cosim_of(struct hsx_target *target)
{
    return (struct hsx_cosim *)target;
}

static const struct hsx_cosim *const_cosim_of(const struct hsx_target *target)
{
    return (const struct hsx_cosim *)target;
}

static void cosim_destroy(struct hsx_target *target)
{
    struct hsx_cosim *c = cosim_of(target);

    c->device->ops->destroy(c->device);
    c->golden->ops->destroy(c->golden);
    free(c->tasks);
    free(c);
}

static enum hsx_status cosim_read_data(struct hsx_target *target, uint32_t addr, void *bytes,
                                       size_t len)
{
    struct hsx_cosim *c = cosim_of(target);

    if (cosim_diverged(c)) {
        return HSX_ERR_DIVERGED;
    }
    enum hsx_status golden = c->golden->ops->read_data(c->golden, addr, bytes, len);

    if (golden != HSX_OK) {
        return golden;
    }
    enum hsx_status device = c->device->ops->read_data(c->device, addr, c->device_memory, len);
    enum hsx_status status = cosim_agree(c, "read_data", golden, device);

    c->stats.reads++;
    return status == HSX_OK ? cosim_check_data(c, addr, bytes, c->device_memory, len) : status;
}

static enum hsx_status cosim_read_code(struct hsx_target *target, uint32_t addr, uint32_t *words,
                                       size_t count)
{
    struct hsx_cosim *c = cosim_of(target);

    if (cosim_diverged(c)) {
        return HSX_ERR_DIVERGED;
    }
    enum hsx_status golden = c->golden->ops->read_code(c->golden, addr, words, count);

    for (size_t done = 0; golden == HSX_OK && done < count;) {
        uint32_t device[64];
        size_t part = count - done < 64 ? count - done : 64;
        enum hsx_status status = cosim_agree(
            c, "read_code", golden,
            c->device->ops->read_code(c->device, addr + 4 * (uint32_t)done, device, part));

        for (size_t i = 0; status == HSX_OK && i < part; i++) {
            if (words[done + i] != device[i]) {
                c->divergence.addr = addr + 4 * (uint32_t)(done + i);
                return cosim_diverge(c, HSX_DIVERGED_CODE, -1, "code", words[done + i], device[i]);
            }
        }
        if (status != HSX_OK) {
            return status;
        }
        done += part;
    }
    c->stats.reads++;
    return golden;
}

static enum hsx_status cosim_read_context(struct hsx_target *target, uint8_t slot,
                                          struct hsx_context *ctx)
{
    struct hsx_cosim *c = cosim_of(target);
    struct hsx_context device = {0};

    if (cosim_diverged(c)) {
        return HSX_ERR_DIVERGED;
    }
    enum hsx_status of_golden = c->golden->ops->read_context(c->golden, slot, ctx);

    if (of_golden != HSX_OK || !c->known[slot]) {
        return of_golden;
    }
    enum hsx_status status = cosim_agree(c, "read_context", of_golden,
                                         c->device->ops->read_context(c->device, slot, &device));

    c->stats.reads++;
    return status == HSX_OK ? cosim_check_context(c, slot, ctx, &device) : status;
}

static enum hsx_status cosim_read_queue(struct hsx_target *target, uint8_t *slots, size_t capacity,
                                        size_t *count, uint8_t *turn_left)
{
    struct hsx_cosim *c = cosim_of(target);
    uint8_t device[HSX_MAX_CONTEXTS];
    size_t device_count = 0;
    uint8_t device_left = 0;

    if (cosim_diverged(c)) {
        return HSX_ERR_DIVERGED;
    }
    enum hsx_status of_golden =
        c->golden->ops->read_queue(c->golden, slots, capacity, count, turn_left);

    if (of_golden != HSX_OK) {
        return of_golden;
    }
    enum hsx_status status = cosim_agree(
        c, "read_queue", of_golden,
        c->device->ops->read_queue(c->device, device, sizeof device, &device_count, &device_left));

    c->stats.reads++;
    return status == HSX_OK
               ? cosim_check_queue(c, slots, *count, *turn_left, device, device_count, device_left)
               : status;
}

/* Cycles are the device's; the golden machine has no clock. */
static enum hsx_status cosim_read_totals(struct hsx_target *target, struct hsx_totals *totals)
{
    struct hsx_cosim *c = cosim_of(target);
    struct hsx_totals golden = {0};
    enum hsx_status of_golden = c->golden->ops->read_totals(c->golden, &golden);
    enum hsx_status of_device = c->device->ops->read_totals(c->device, totals);

    if (cosim_diverged(c)) {
        return HSX_OK;
    }
    enum hsx_status status = cosim_agree(c, "read_totals", of_golden, of_device);

    return status == HSX_OK ? cosim_check_totals(c, &golden, totals) : status;
}

/* A call that changes both machines in the same way. */
#define BOTH(call, ...)                                                                            \
    (cosim_diverged(c) ? HSX_ERR_DIVERGED                                                          \
                       : cosim_agree(c, #call, c->golden->ops->call(c->golden, __VA_ARGS__),       \
                                     c->device->ops->call(c->device, __VA_ARGS__)))

static enum hsx_status cosim_write_data(struct hsx_target *target, uint32_t addr, const void *bytes,
                                        size_t len)
{
    struct hsx_cosim *c = cosim_of(target);

    return BOTH(write_data, addr, bytes, len);
}

static enum hsx_status cosim_write_code(struct hsx_target *target, uint32_t addr,
                                        const uint32_t *words, size_t count)
{
    struct hsx_cosim *c = cosim_of(target);

    return BOTH(write_code, addr, words, count);
}

static enum hsx_status cosim_write_context(struct hsx_target *target, uint8_t slot,
                                           const struct hsx_context *ctx)
{
    struct hsx_cosim *c = cosim_of(target);
    enum hsx_status status = BOTH(write_context, slot, ctx);

    if (status == HSX_OK) {
        c->known[slot] = true;
    }
    return status;
}

static enum hsx_status cosim_set_state(struct hsx_target *target, uint8_t slot,
                                       enum hsx_state state)
{
    struct hsx_cosim *c = cosim_of(target);

    return BOTH(set_state, slot, state);
}

static enum hsx_status cosim_make_ready(struct hsx_target *target, uint8_t slot)
{
    struct hsx_cosim *c = cosim_of(target);

    return BOTH(make_ready, slot);
}

static enum hsx_status cosim_write_queue(struct hsx_target *target, const uint8_t *slots,
                                         size_t count, uint8_t turn_left)
{
    struct hsx_cosim *c = cosim_of(target);

    return BOTH(write_queue, slots, count, turn_left);
}

static enum hsx_status cosim_set_alarm(struct hsx_target *target, bool armed, uint32_t when)
{
    struct hsx_cosim *c = cosim_of(target);

    return BOTH(set_alarm, armed, when);
}

static enum hsx_status cosim_count_event(struct hsx_target *target)
{
    struct hsx_cosim *c = cosim_of(target);
    enum hsx_status status =
        cosim_diverged(c) ? HSX_ERR_DIVERGED
                          : cosim_agree(c, "count_event", c->golden->ops->count_event(c->golden),
                                        c->device->ops->count_event(c->device));

    if (status == HSX_OK) {
        cosim_remember_event(c, HSX_EV_COMPLETE);
    }
    return status;
}

static enum hsx_status cosim_jump_to(struct hsx_target *target, uint32_t now)
{
    struct hsx_cosim *c = cosim_of(target);
    enum hsx_status status = BOTH(jump_to, now);

    if (status == HSX_OK) {
        cosim_remember_event(c, HSX_EV_TICK);
    }
    return status;
}

static enum hsx_status cosim_set_tick_steps(struct hsx_target *target, uint32_t tick_steps)
{
    struct hsx_cosim *c = cosim_of(target);

    return BOTH(set_tick_steps, tick_steps);
}

static enum hsx_status cosim_write_totals(struct hsx_target *target,
                                          const struct hsx_totals *totals)
{
    struct hsx_cosim *c = cosim_of(target);
    enum hsx_status status = BOTH(write_totals, totals);

    if (status == HSX_OK) {
        c->order = totals->order;
    }
    return status;
}

/* All operations except recall, which only a followed device has. */
#define OPERATIONS                                                                                 \
    .name = "cosim", .destroy = cosim_destroy, .run = cosim_run, .read_data = cosim_read_data,     \
    .write_data = cosim_write_data, .read_code = cosim_read_code, .write_code = cosim_write_code,  \
    .read_context = cosim_read_context, .write_context = cosim_write_context,                      \
    .set_state = cosim_set_state, .make_ready = cosim_make_ready, .read_queue = cosim_read_queue,  \
    .write_queue = cosim_write_queue, .set_alarm = cosim_set_alarm,                                \
    .count_event = cosim_count_event, .jump_to = cosim_jump_to,                                    \
    .set_tick_steps = cosim_set_tick_steps, .read_totals = cosim_read_totals,                      \
    .write_totals = cosim_write_totals

static const struct hsx_target_ops cosim_ops = {OPERATIONS};
static const struct hsx_target_ops following_ops = {OPERATIONS, .recall = cosim_recall};

enum hsx_status hsx_cosim_create(struct hsx_target *device, struct hsx_target *golden,
                                 const struct hsx_cosim_options *options, struct hsx_target **cosim)
{
    struct hsx_cosim *c = calloc(1, sizeof *c);
    struct cosim_ring *tasks = calloc(device->contexts, sizeof *tasks);
    bool usable = device->contexts == golden->contexts && device->units == golden->units;

    if (!c || !tasks || !usable) {
        free(c);
        free(tasks);
        device->ops->destroy(device);
        golden->ops->destroy(golden);
        return usable ? HSX_ERR_MEMORY : HSX_ERR_ARGUMENT;
    }
    c->target.ops = options && options->follow ? &following_ops : &cosim_ops;
    c->target.contexts = device->contexts;
    c->target.windows = device->windows;
    c->target.units = device->units;
    c->device = device;
    c->golden = golden;
    c->tasks = tasks;
    if (options) {
        c->options = *options;
    }
    if (c->options.check_steps == 0) {
        c->options.check_steps = UINT64_MAX;
    }
    c->until_check = c->options.check_steps;
    *cosim = &c->target;
    return HSX_OK;
}

void hsx_cosim_restart(struct hsx_target *cosim, struct hsx_target *golden, const char *reproduce)
{
    struct hsx_cosim *c = cosim_of(cosim);

    c->golden->ops->destroy(c->golden);
    c->golden = golden;
    c->options.reproduce = reproduce;
    c->stats = (struct hsx_cosim_stats){0};
    c->divergence = (struct hsx_divergence){0};
    c->order = 0;
    c->cycle = 0;
    c->until_check = c->options.check_steps;
    memset(c->known, 0, sizeof c->known);
    c->all.count = 0;
    for (unsigned slot = 0; slot < c->target.contexts; slot++) {
        c->tasks[slot].count = 0;
    }
}

enum hsx_status hsx_cosim_finish(struct hsx_target *cosim)
{
    struct hsx_cosim *c = cosim_of(cosim);

    return cosim_diverged(c) ? HSX_ERR_DIVERGED : cosim_check_all(c);
}

const struct hsx_divergence *hsx_cosim_divergence(const struct hsx_target *cosim)
{
    return &const_cosim_of(cosim)->divergence;
}

void hsx_cosim_read_stats(const struct hsx_target *cosim, struct hsx_cosim_stats *stats)
{
    *stats = const_cosim_of(cosim)->stats;
}

struct hsx_target *hsx_cosim_device(const struct hsx_target *cosim)
{
    return const_cosim_of(cosim)->device;
}

struct hsx_target *hsx_cosim_golden(const struct hsx_target *cosim)
{
    return const_cosim_of(cosim)->golden;
}
