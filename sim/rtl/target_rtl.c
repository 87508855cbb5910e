// SPDX-License-Identifier: Apache-2.0
#include "rtl_target.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALL_CAUSES = 0xFF };

_Static_assert(
#define HSX_RET_VALUE(name, bits, member, when, text) sizeof((struct hsx_record *)0)->member +
#include <retire.def>
    sizeof((struct hsx_record *)0)->access + sizeof((struct hsx_record *)0)->flags ==
        sizeof(struct hsx_record),
    "the retirement port covers every byte of a record");

struct hsx_target_rtl *hsx_rtl_of(struct hsx_target *target)
{
    return (struct hsx_target_rtl *)target;
}

static void rtl_destroy(struct hsx_target *target)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);

    t->link->ops->destroy(t->link);
    free(t->mark);
    free(t);
}

static enum hsx_status rtl_mark(struct hsx_target *target)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);

    if (t->running || !t->link->ops->mark) {
        return HSX_ERR_STATE;
    }
    if (!t->mark) {
        t->mark = malloc(sizeof *t->mark);
    }
    if (!t->mark) {
        return HSX_ERR_MEMORY;
    }
    *t->mark = *t;
    return t->link->ops->mark(t->link);
}

static enum hsx_status rtl_go_back(struct hsx_target *target)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    struct hsx_target_rtl *mark = t->mark;

    *t = *mark;
    t->mark = mark;
    return t->link->ops->go_back(t->link);
}

static const struct hsx_target_ops rtl_ops = {
    .name = "rtl",
    .destroy = rtl_destroy,
    .run = hsx_rtl_run,
    .read_data = hsx_rtl_read_data,
    .write_data = hsx_rtl_write_data,
    .read_code = hsx_rtl_read_code,
    .write_code = hsx_rtl_write_code,
    .read_context = hsx_rtl_read_context,
    .write_context = hsx_rtl_write_context,
    .set_state = hsx_rtl_set_state,
    .make_ready = hsx_rtl_make_ready,
    .read_queue = hsx_rtl_read_queue,
    .write_queue = hsx_rtl_write_queue,
    .set_alarm = hsx_rtl_set_alarm,
    .count_event = hsx_rtl_count_event,
    .jump_to = hsx_rtl_jump_to,
    .set_tick_steps = hsx_rtl_set_tick_steps,
    .read_totals = hsx_rtl_read_totals,
    .write_totals = hsx_rtl_write_totals,
    .mark = rtl_mark,
    .go_back = rtl_go_back,
};

/* Tasks rely on zeroed memory, as in the C VM. */
static enum hsx_status clear_memory(struct hsx_target_rtl *t)
{
    static const uint8_t zeros[HSX_DATA_SIZE];

    if (t->link->ops->clear) {
        return t->link->ops->clear(t->link);
    }
    enum hsx_status status = hsx_rtl_write_data(&t->target, 0, zeros, sizeof zeros);
    uint32_t words[256] = {0};

    for (uint32_t addr = 0; status == HSX_OK && addr < HSX_CODE_SIZE; addr += sizeof words) {
        status = hsx_rtl_write_code(&t->target, addr, words, sizeof words / sizeof words[0]);
    }
    return status;
}

enum hsx_status hsx_target_rtl_reset(struct hsx_target *target)
{
    static const struct hsx_totals zero;
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    enum hsx_status status = t->link->ops->reset(t->link);

    t->tick_steps = 0;
    t->alarm_before = 0;
    t->alarm_armed = false;
    t->running = false;
    t->stopping = false;
    t->message[0] = '\0';
    if (status == HSX_OK) {
        status = hsx_rtl_set(t, HSX_HOST_HOLD_MASK, ALL_CAUSES);
    }
    if (status == HSX_OK) {
        status = clear_memory(t);
    }
    /* A reset does not change the core's counters. */
    return status == HSX_OK ? hsx_rtl_write_totals(target, &zero) : status;
}

/* The contents of the core's ID. */
struct identity {
    unsigned contexts, windows, units;
};

static enum hsx_status identify(struct hsx_rtl_link *link, struct identity *core)
{
    struct hsx_bus_op id = {.addr = HSX_HOST_ID, .sel = 0xF};
    enum hsx_status status = link->ops->reset(link);

    if (status == HSX_OK) {
        status = link->ops->bus(link, &id, 1);
    }
    core->contexts = HSX_HOST_GET(ID_CONTEXTS, id.data);
    core->windows = HSX_HOST_GET(ID_WINDOWS, id.data);
    core->units = (HSX_HOST_GET(ID_HAS_MULDIV, id.data) ? HSX_UNIT_MULDIV : 0) |
                  (HSX_HOST_GET(ID_HAS_FP16, id.data) ? HSX_UNIT_FP16 : 0);
    if (status == HSX_OK && HSX_HOST_GET(ID_VERSION, id.data) != HSX_HOST_MAP_VERSION) {
        return HSX_ERR_FORMAT;
    }
    return status;
}

enum hsx_status hsx_target_rtl_create(struct hsx_rtl_link *link, unsigned contexts,
                                      unsigned windows, struct hsx_target **target)
{
    struct hsx_target_rtl *t;
    struct identity core;
    enum hsx_status status = identify(link, &core);

    windows = windows ? windows : core.windows;
    contexts = contexts ? contexts : core.contexts;
    if (status == HSX_OK && (contexts == 0 || contexts > core.contexts || contexts > windows ||
                             windows > core.windows || windows > HSX_MAX_CONTEXTS)) {
        status = HSX_ERR_ARGUMENT;
    }
    if (status != HSX_OK) {
        link->ops->destroy(link);
        return status;
    }
    t = calloc(1, sizeof *t);
    if (!t) {
        link->ops->destroy(link);
        return HSX_ERR_MEMORY;
    }
    t->target.ops = &rtl_ops;
    t->target.contexts = contexts;
    t->target.windows = windows;
    t->target.units = core.units;
    t->link = link;
    hsx_target_rtl_access_directly(&t->target, true);
    status = hsx_target_rtl_reset(&t->target);
    hsx_target_rtl_access_directly(&t->target, false);
    if (status != HSX_OK) {
        rtl_destroy(&t->target);
        return status;
    }
    *target = &t->target;
    return HSX_OK;
}

enum hsx_status hsx_target_rtl_wave(struct hsx_target *target, const struct hsx_rtl_wave *wave)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);

    hsx_target_rtl_access_directly(target, false); /* the wave shows the bus */
    return t->link->ops->wave(t->link, wave);
}

void hsx_target_rtl_access_directly(struct hsx_target *target, bool directly)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);

    if (t->link->ops->access_directly) {
        t->link->ops->access_directly(t->link, directly ? hsx_target_windows_end(target) : 0);
    }
}

const char *hsx_target_rtl_message(const struct hsx_target *target)
{
    const struct hsx_target_rtl *t = (const struct hsx_target_rtl *)target;

    return t->message[0] != '\0' ? t->message : t->link->ops->message(t->link);
}

bool hsx_target_rtl_watch_lost(struct hsx_target *target, struct hsx_lost_watch *watch)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);

    if (!t->link->ops->watch_lost) {
        return false;
    }
    t->link->ops->watch_lost(t->link, watch);
    return true;
}
