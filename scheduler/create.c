// SPDX-License-Identifier: Apache-2.0
/* Creating and destroying an executive for a target. */
#include "internal.h"
#include <stdlib.h>

void hsx_exec_config_init(struct hsx_exec_config *config)
{
    *config = (struct hsx_exec_config){.profile = HSX_PROFILE_DESKTOP,
                                       .call = HSX_CALLS_BY_VERSION,
                                       .protect = true,
                                       .stack_bytes = HSX_DEFAULT_STACK,
                                       .tick_steps = HSX_DEFAULT_TICK_STEPS,
                                       .ring = HSX_DEFAULT_RING};
}

unsigned exec_descriptors(const struct hsx_exec *e)
{
    unsigned profile = e->config.profile == HSX_PROFILE_DESKTOP ? 256 : 16;

    return e->config.descriptors ? e->config.descriptors : profile;
}

enum hsx_status exec_create_pools(struct hsx_exec *e)
{
    bool desktop = e->config.profile == HSX_PROFILE_DESKTOP;
    unsigned descriptors = exec_descriptors(e) + EXEC_OWN_MAILBOXES * e->target->contexts;
    unsigned handles = e->config.handles ? e->config.handles : desktop ? 64 : 8;
    enum hsx_status status = mbox_create(e->target->contexts + 1, descriptors, handles, &e->mbox);

    if (status == HSX_OK) {
        status = mbox_create(e->target->contexts + 1, descriptors, handles, &e->mbox_backup);
    }
    if (status == HSX_OK) {
        e->mbox->quota = desktop ? 64 : 4;
        e->mbox->private_names = e->config.private_names;
        e->mbox->enforce_modes = e->config.enforce_modes;
        mbox_task_add(e->mbox, exec_host_slot(e), 0);
    }
    if (status == HSX_OK && e->config.ring != 0) {
        e->ring = calloc(e->config.ring, sizeof *e->ring);
        e->spare_ring = calloc(e->config.ring, sizeof *e->ring);
        status = e->ring && e->spare_ring ? HSX_OK : HSX_ERR_MEMORY;
    }
    exec_clear_tally(e);
    return status;
}

/* The machine may have run before; the executive continues from its totals. */
static enum hsx_status adopt(struct hsx_exec *e)
{
    const struct hsx_target_ops *ops = e->target->ops;
    struct hsx_totals totals;
    enum hsx_status status = ops->read_totals(e->target, &totals);

    if (status == HSX_OK) {
        e->order = totals.order;
        e->steps = totals.steps;
        e->cycles = totals.cycles;
        e->now = totals.now;
        status = ops->set_tick_steps(e->target, e->config.tick_steps);
    }
    return status == HSX_OK ? ops->set_alarm(e->target, false, 0) : status;
}

enum hsx_status hsx_exec_create(struct hsx_target *target, const struct hsx_exec_config *config,
                                struct hsx_exec **exec)
{
    struct hsx_exec *e;
    enum hsx_status status;

    if (!exec_stack_ok(config->stack_bytes) || config->descriptors > HSX_MAX_DESCRIPTORS ||
        config->handles > UINT16_MAX || target->contexts > HSX_MAX_CONTEXTS) {
        return HSX_ERR_ARGUMENT;
    }
    e = calloc(1, sizeof *e);
    if (!e) {
        return HSX_ERR_MEMORY;
    }
    e->target = target;
    e->config = *config;
    e->next_pid = 1;
    e->next_stop_id = 1;
    timers_init(&e->timers);
    status = exec_create_pools(e);
    if (status == HSX_OK) {
        status = adopt(e);
    }
    if (status != HSX_OK) {
        hsx_exec_destroy(e);
        return status;
    }
    *exec = e;
    return HSX_OK;
}

void exec_release(struct hsx_exec *e)
{
    for (unsigned i = 0; i < HSX_MAX_CONTEXTS; i++) {
        hsx_mailboxes_clear(&e->tasks[i].metadata);
        free(e->tasks[i].metadata_ids);
    }
    mbox_destroy(e->mbox);
    mbox_destroy(e->mbox_backup);
    free(e->ring);
    free(e->spare_ring);
}

void hsx_exec_destroy(struct hsx_exec *e)
{
    if (e) {
        exec_release(e);
        free(e);
    }
}
