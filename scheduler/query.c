// SPDX-License-Identifier: Apache-2.0
/* Queries about tasks, counters and mailboxes; nothing here changes anything. */
#include "internal.h"
#include <hsx/word.h>
#include <stdlib.h>
#include <string.h>

/* The task with the open turn is the head of the queue, if its turn has steps left. */
static int running_slot(struct hsx_exec *e)
{
    uint8_t slots[HSX_MAX_CONTEXTS];
    size_t count = 0;
    uint8_t turn_left = 0;

    if (!exec_ok(e, e->target->ops->read_queue(e->target, slots, HSX_MAX_CONTEXTS, &count,
                                               &turn_left))) {
        return -1;
    }
    return count != 0 && turn_left != 0 ? slots[0] : -1;
}

enum hsx_status hsx_task_info_read(struct hsx_target *machine, struct hsx_task_info *info)
{
    uint8_t r0[4] = {0};
    enum hsx_status status = machine->ops->read_context(machine, info->slot, &info->ctx);

    if (status == HSX_OK) {
        status = machine->ops->read_data(machine, info->window, r0, sizeof r0);
    }
    if (status != HSX_OK) {
        return status;
    }
    if (info->ctx.state == HSX_RETURNED || info->ctx.state == HSX_EXITED) {
        info->exit_status = hsx_load_word(r0);
    } else if (info->ctx.state == HSX_FAULTED) {
        info->fault = hsx_load_word(r0);
    }
    return HSX_OK;
}

static void describe(struct hsx_exec *e, uint8_t slot, bool running, struct hsx_task_info *info)
{
    const struct task *t = &e->tasks[slot];
    const struct timer *timer = timers_of(&e->timers, slot);

    exec_take_tally(e, slot);
    *info = (struct hsx_task_info){.pid = t->pid,
                                   .slot = slot,
                                   .window = t->reg_base,
                                   .stack_bytes = t->stack_bytes,
                                   .stack_used_max = (uint32_t)t->stack_top - t->lowest_sp,
                                   .pause_pending = t->pause_pending,
                                   .has_deadline = timer != NULL,
                                   .deadline = timer ? timer->deadline : 0,
                                   .counters = t->counters};
    memcpy(info->name, t->name, sizeof info->name);
    exec_ok(e, hsx_task_info_read(e->target, info));
    if (t->wait.kind == HSX_WAIT_MBX) {
        info->wait_descriptor = e->mbox->descs[e->mbox->tasks[slot].wait_desc].id;
    }
    if (running) {
        info->ctx.state = HSX_RUNNING;
    }
}

enum hsx_status hsx_exec_tasks(struct hsx_exec *e, struct hsx_task_info *tasks, size_t capacity,
                               size_t *count)
{
    uint32_t last = 0;
    int running = running_slot(e);

    *count = 0;
    for (;;) {
        int next = -1;

        for (unsigned i = 0; i < e->target->contexts; i++) {
            uint32_t pid = e->tasks[i].pid;

            if (pid > last && (next < 0 || pid < e->tasks[next].pid)) {
                next = (int)i;
            }
        }
        if (next < 0) {
            return e->failed;
        }
        if (*count < capacity) {
            describe(e, (uint8_t)next, next == running, &tasks[*count]);
        }
        (*count)++;
        last = e->tasks[next].pid;
    }
}

enum hsx_status hsx_exec_task(struct hsx_exec *e, uint32_t pid, struct hsx_task_info *info)
{
    int slot = exec_slot_of(e, pid);

    if (slot < 0) {
        return HSX_ERR_ARGUMENT;
    }
    describe(e, (uint8_t)slot, slot == running_slot(e), info);
    return e->failed;
}

void hsx_exec_get_config(const struct hsx_exec *e, struct hsx_exec_config *config)
{
    *config = e->config;
}

enum hsx_status hsx_exec_stats(struct hsx_exec *e, struct hsx_exec_stats *stats)
{
    exec_sync(e);
    *stats = (struct hsx_exec_stats){.order = e->order,
                                     .steps = e->steps,
                                     .cycles = e->cycles,
                                     .now = e->now,
                                     .live = e->live,
                                     .broken_invariants = e->broken_invariants,
                                     .last_broken_pid = e->last_broken_pid,
                                     .last_broken = e->last_broken};
    for (unsigned i = 0; i < e->target->contexts; i++) {
        stats->tasks += e->tasks[i].pid != 0;
    }
    return e->failed;
}

/* The metadata about a descriptor, from the task that it came with, unless that is reaped. */
static const struct hsx_image_mailbox *metadata_of(const struct hsx_exec *e, uint32_t id)
{
    for (unsigned i = 0; i < e->target->contexts; i++) {
        const struct task *t = &e->tasks[i];

        for (size_t k = 0; k < t->metadata.count; k++) {
            if (t->metadata_ids[k] == id) {
                return &t->metadata.items[k];
            }
        }
    }
    return NULL;
}

static void describe_box(const struct hsx_exec *e, const struct mbox_desc *d,
                         struct hsx_mbox_info *info)
{
    const struct hsx_image_mailbox *box = metadata_of(e, d->id);

    *info = (struct hsx_mbox_info){.descriptor = d->id,
                                   .owner = d->owner,
                                   .capacity = d->ring.size,
                                   .used = mbox_ring_used(&d->ring),
                                   .high_water = d->high_water,
                                   .messages = d->ring.count,
                                   .mode = d->mode,
                                   .handles = d->handle_count,
                                   .taps = d->tap_count,
                                   .waiters = d->waiter_count};
    mbox_format_name(d, info->name, sizeof info->name);
    if (box) {
        info->from_image = true;
        info->has_owner_pid = box->has_owner;
        info->owner_pid = box->owner_pid;
        info->bindings = box->bindings;
    }
}

enum hsx_status hsx_exec_mailboxes(struct hsx_exec *e, struct hsx_mbox_info *boxes, size_t capacity,
                                   size_t *count)
{
    uint32_t last = 0;

    *count = 0;
    for (;;) {
        const struct mbox_desc *next = NULL;

        for (unsigned i = 0; i < e->mbox->desc_count; i++) {
            const struct mbox_desc *d = &e->mbox->descs[i];

            if (d->id > last && (!next || d->id < next->id)) {
                next = d;
            }
        }
        if (!next) {
            return e->failed;
        }
        if (*count < capacity) {
            describe_box(e, next, &boxes[*count]);
        }
        (*count)++;
        last = next->id;
    }
}

enum hsx_status hsx_exec_waiters(struct hsx_exec *e, uint32_t descriptor, uint32_t *pids,
                                 size_t capacity, size_t *count)
{
    int index = mbox_find_id(e->mbox, descriptor);

    *count = 0;
    if (index == MBOX_NONE) {
        return HSX_ERR_ARGUMENT;
    }
    for (int16_t slot = e->mbox->descs[index].first_waiter; slot != MBOX_NONE;
         slot = e->mbox->tasks[slot].wait_next) {
        if (*count < capacity) {
            pids[*count] = e->tasks[slot].pid;
        }
        (*count)++;
    }
    return e->failed;
}

const char *hsx_state_name(enum hsx_state state)
{
    static const char *const names[] = {"FREE",  "READY",  "RUNNING",  "TRAPPED", "WAIT_MBX",
                                        "SLEEP", "PAUSED", "RETURNED", "EXITED",  "FAULTED"};

    return (size_t)state < sizeof names / sizeof names[0] ? names[state] : "?";
}
