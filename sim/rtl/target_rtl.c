// SPDX-License-Identifier: Apache-2.0
#include "rtl_target.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* Cycles without a record after which a core that is not held hangs. The
     * longest instruction takes some dozens. */
    HANG_LIMIT = 20000,
    ALL_CAUSES = 0xFF
};

/* The most that STEP_BUDGET counts. */
#define MAX_BUDGET 0xFFFFu

_Static_assert(
#define HSX_RET_VALUE(name, bits, member, when, text) sizeof((struct hsx_record *)0)->member +
#include <retire.def>
    sizeof((struct hsx_record *)0)->access + sizeof((struct hsx_record *)0)->flags ==
        sizeof(struct hsx_record),
    "the retirement port tells a record's every byte");

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

static enum hsx_status let_go(struct hsx_target_rtl *t, uint64_t steps)
{
    uint32_t budget = steps > MAX_BUDGET ? MAX_BUDGET : (uint32_t)steps;
    struct hsx_bus_op ops[2] = {
        {.addr = HSX_HOST_STEP_BUDGET, .data = budget, .sel = 0xF, .write = true},
        {.addr = HSX_HOST_CTRL, .data = 1, .sel = 0xF, .write = true},
    };
    enum hsx_status status = t->link->ops->bus(t->link, ops, 2);

    if (status == HSX_OK) {
        t->running = true;
        t->stopping = false;
        t->go_order = t->order;
        t->budget = budget;
        t->goes++;
    }
    return status;
}

static bool is_step(const struct hsx_record *record)
{
    return record->event == HSX_EV_RETIRE || record->event == HSX_EV_SVC ||
           record->event == HSX_EV_BRK;
}

static bool of_a_task(enum hsx_stop reason)
{
    return reason == HSX_STOP_SVC || reason == HSX_STOP_BRK || reason == HSX_STOP_FAULT ||
           reason == HSX_STOP_RETURN;
}

/* What the trap ports show must be what STATUS tells, and the last record. */
static enum hsx_status check_traps(struct hsx_target_rtl *t, uint32_t word,
                                   const struct hsx_run *run)
{
    const struct hsx_record *last =
        run->records && run->count > 0 ? &run->records[run->count - 1] : NULL;
    uint32_t cause = HSX_HOST_GET(STATUS_CAUSE, word);
    bool valid = cause >= HSX_STOP_SVC && cause <= HSX_STOP_ALARM;
    struct hsx_rtl_traps traps;

    if (!t->link->ops->read_traps) {
        return HSX_OK;
    }
    t->link->ops->read_traps(t->link, &traps);
    if (traps.idle == (HSX_HOST_GET(STATUS_COUNT, word) == 0) && traps.valid == valid &&
        traps.slot == HSX_HOST_GET(STATUS_SLOT, word) &&
        (!valid || traps.kind == cause - HSX_STOP_SVC) &&
        (!last || (last->event != HSX_EV_SVC && last->event != HSX_EV_BRK) ||
         traps.imm == (last->insn & 0xFFF))) {
        return HSX_OK;
    }
    snprintf(t->message, sizeof t->message,
             "trap ports show valid %u, kind %u, slot %u, imm 0x%03X, idle %u after 0x%08X; "
             "STATUS is 0x%08X",
             traps.valid, traps.kind, traps.slot, traps.imm, traps.idle,
             last ? (unsigned)last->insn : 0u, (unsigned)word);
    return HSX_ERR_MACHINE;
}

static bool interrupted(const struct hsx_target_rtl *t)
{
    return t->target.interrupt && *t->target.interrupt != 0;
}

/* Told to hold, the core was held by that; one that a harness lets do a step at a time, after one
 * of them, or before the first, when the cause is still that of its last hold. */
static bool held_by_host(const struct hsx_target_rtl *t, uint32_t word)
{
    uint32_t cause = HSX_HOST_GET(STATUS_CAUSE, word);

    return t->stopping && HSX_HOST_GET(STATUS_HELD, word) &&
           (cause == HSX_HOST_CAUSE_HOST || (cause == HSX_HOST_CAUSE_STEPS && t->budget != 0) ||
            t->order == t->go_order);
}

/* The core is held: why? */
static enum hsx_status read_cause(struct hsx_target_rtl *t, struct hsx_run *run)
{
    static const enum hsx_stop known[] = {HSX_STOP_STEPS, HSX_STOP_SVC,    HSX_STOP_BRK,
                                          HSX_STOP_FAULT, HSX_STOP_RETURN, HSX_STOP_ALARM,
                                          HSX_STOP_IDLE};
    uint32_t word = 0;
    enum hsx_status status = hsx_rtl_get(t, HSX_HOST_STATUS, &word);

    t->running = false;
    if (status != HSX_OK) {
        return status;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (HSX_HOST_GET(STATUS_HELD, word) &&
            HSX_HOST_GET(STATUS_CAUSE, word) == (uint32_t)known[i]) {
            run->reason = known[i];
            run->slot = of_a_task(known[i]) ? (uint8_t)HSX_HOST_GET(STATUS_SLOT, word) : 0;
            break;
        }
    }
    if (held_by_host(t, word)) {
        run->reason = HSX_STOP_INTERRUPT;
        run->slot = 0;
        return check_traps(t, word, run);
    }
    if (run->reason == HSX_STOP_STEPS && t->budget != 0) {
        snprintf(t->message, sizeof t->message, "held by the step budget %u steps too early",
                 (unsigned)t->budget);
        return HSX_ERR_MACHINE;
    }
    if (run->reason != HSX_STOP_RECORDS) {
        return check_traps(t, word, run);
    }
    snprintf(t->message, sizeof t->message, "held for no known cause, STATUS is 0x%08X",
             (unsigned)word);
    return HSX_ERR_MACHINE;
}

/* Counts what a batch holds. */
static void account(struct hsx_target_rtl *t, const struct hsx_rtl_batch *batch,
                    struct hsx_run *run)
{
    uint64_t retired = 0;

    for (size_t i = 0; i < batch->count; i++) {
        retired += is_step(&batch->records[i]);
        t->now += batch->records[i].event == HSX_EV_TICK;
    }
    t->order += batch->count;
    t->steps += retired;
    t->others += (uint32_t)(batch->count - retired);
    t->budget -= (uint32_t)retired;
    run->retired += retired;
}

static enum hsx_status run_batch(struct hsx_target_rtl *t, struct hsx_rtl_batch *batch,
                                 struct hsx_run *run)
{
    enum hsx_status status;

    batch->order = (uint32_t)t->order;
    batch->hang_limit = HANG_LIMIT;
    batch->interrupt = t->stopping ? NULL : t->target.interrupt;
    batch->count = 0;
    status = t->link->ops->run(t->link, batch);
    account(t, batch, run);
    run->count += run->records ? batch->count : 0;
    if (status == HSX_OK && batch->outcome == HSX_RTL_HANG) {
        snprintf(t->message, sizeof t->message,
                 "the core hangs: %u cycles without a record or a hold before order number %llu",
                 (unsigned)HANG_LIMIT, (unsigned long long)t->order);
        return HSX_ERR_MACHINE;
    }
    return status;
}

/* reg is the low half of a counter close to value. */
static uint64_t extend(uint64_t value, uint32_t reg)
{
    return value + (uint64_t)(int64_t)(int32_t)(reg - (uint32_t)value);
}

/* What the counters of a held core tell of a stretch without records. */
static enum hsx_status account_counters(struct hsx_target_rtl *t, struct hsx_run *run)
{
    enum { STEPS, ORDER, CYCLES, NOW, COUNT };
    struct hsx_bus_op ops[COUNT] = {[STEPS] = {.addr = HSX_HOST_STEPS, .sel = 0xF},
                                    [ORDER] = {.addr = HSX_HOST_ORDER, .sel = 0xF},
                                    [CYCLES] = {.addr = HSX_HOST_CYCLES, .sel = 0xF},
                                    [NOW] = {.addr = HSX_HOST_NOW, .sel = 0xF}};
    enum hsx_status status = t->link->ops->bus(t->link, ops, COUNT);

    if (status != HSX_OK) {
        return status;
    }
    uint64_t events = extend(t->order, ops[ORDER].data) - t->order;
    uint64_t retired = extend(t->steps, ops[STEPS].data) - t->steps;

    if (retired > t->budget || retired > events) {
        snprintf(t->message, sizeof t->message,
                 "%llu steps and %llu events were counted in a run of at most %u steps",
                 (unsigned long long)retired, (unsigned long long)events, (unsigned)t->budget);
        return HSX_ERR_MACHINE;
    }
    t->order += events;
    t->steps += retired;
    t->others += (uint32_t)(events - retired);
    t->now = ops[NOW].data;
    t->budget -= (uint32_t)retired;
    run->retired += retired;
    return HSX_OK;
}

/* Without records, on a link that can wait. */
static enum hsx_status run_freely(struct hsx_target_rtl *t, struct hsx_run *run)
{
    enum hsx_status status = HSX_OK;

    do {
        status = let_go(t, run->max_steps - run->retired);
        if (status == HSX_OK) {
            status = t->link->ops->wait(t->link, t->target.interrupt);
        }
        t->running = false;
        t->stopping = interrupted(t);
        if (status == HSX_OK) {
            status = account_counters(t, run);
        }
        run->reason = HSX_STOP_RECORDS;
        if (status == HSX_OK) {
            status = read_cause(t, run);
        }
    } while (status == HSX_OK && run->reason == HSX_STOP_STEPS && run->retired < run->max_steps);
    return status;
}

static enum hsx_status rtl_run(struct hsx_target *target, struct hsx_run *run)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    struct hsx_record scratch[256];
    enum hsx_status status = HSX_OK;

    run->count = 0;
    run->retired = 0;
    if (run->records && run->capacity == 0) {
        return HSX_ERR_ARGUMENT;
    }
    if (t->running && run->max_steps < t->budget) {
        return HSX_ERR_STATE;
    }
    if (!run->records && !t->running && t->link->ops->wait) {
        return run_freely(t, run);
    }
    while (status == HSX_OK) {
        struct hsx_rtl_batch batch = {
            .records = run->records ? run->records + run->count : scratch,
            .cycles = run->records && run->cycles ? run->cycles + run->count : NULL,
            .capacity =
                run->records ? run->capacity - run->count : sizeof scratch / sizeof scratch[0],
        };

        if (!t->running) {
            status = let_go(t, run->max_steps - run->retired);
        }
        if (status == HSX_OK) {
            status = run_batch(t, &batch, run);
        }
        run->reason = HSX_STOP_RECORDS;
        if (status == HSX_OK && batch.outcome == HSX_RTL_INTERRUPTED) {
            status = hsx_rtl_set(t, HSX_HOST_CTRL, 0);
            t->stopping = true;
            continue;
        }
        if (status == HSX_OK && batch.outcome == HSX_RTL_HELD) {
            status = read_cause(t, run);
            if (run->reason != HSX_STOP_STEPS || run->retired == run->max_steps) {
                return status;
            }
            /* Held by the most that the core can count, which is fewer than max_steps. */
            run->reason = HSX_STOP_RECORDS;
        }
        if (run->records) {
            return status;
        }
    }
    return status;
}

static enum hsx_status set_register(struct hsx_target *target, uint32_t addr, uint32_t value)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);

    return t->running ? HSX_ERR_STATE : hsx_rtl_set(t, addr, value);
}

/* Tells the core t->now and the alarm. Its NOW is the sum of ALARM_BEFORE and of
 * what it counts, so that the alarm is where the count wraps to 0. */
static enum hsx_status write_time(struct hsx_target_rtl *t)
{
    uint32_t counted = t->now - t->alarm_before;
    struct hsx_bus_op ops[3] = {
        {.addr = HSX_HOST_ALARM_BEFORE, .data = t->alarm_before, .sel = 0xF, .write = true},
        {.addr = HSX_HOST_NOW, .data = counted, .sel = 0xF, .write = true},
        {.addr = HSX_HOST_ALARM,
         .data = (uint32_t)t->alarm_armed | (uint32_t)(counted == 0) << 1,
         .sel = 0xF,
         .write = true}};

    return t->running ? HSX_ERR_STATE : t->link->ops->bus(t->link, ops, 3);
}

static enum hsx_status rtl_set_alarm(struct hsx_target *target, bool armed, uint32_t when)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);

    if (t->running) {
        return HSX_ERR_STATE;
    }
    t->alarm_armed = armed;
    t->alarm_before = when - 1;
    return write_time(t);
}

static enum hsx_status rtl_count_event(struct hsx_target *target)
{
    enum hsx_status status = set_register(target, HSX_HOST_COUNT_EVENT, 1);

    hsx_rtl_of(target)->order += status == HSX_OK;
    return status;
}

static enum hsx_status rtl_jump_to(struct hsx_target *target, uint32_t now)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);

    if (t->running) {
        return HSX_ERR_STATE;
    }
    t->now = now;

    enum hsx_status status = write_time(t);

    return status == HSX_OK ? rtl_count_event(target) : status;
}

/* Steps until the next tick is due, from how many have been done. */
static uint32_t tick_left(const struct hsx_target_rtl *t, uint64_t steps)
{
    return t->tick_steps ? t->tick_steps - (uint32_t)(steps % t->tick_steps) : HSX_HOST_NONE;
}

static enum hsx_status rtl_set_tick_steps(struct hsx_target *target, uint32_t tick_steps)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    enum hsx_status status = tick_steps > HSX_MAX_TICK_STEPS
                                 ? HSX_ERR_ARGUMENT
                                 : set_register(target, HSX_HOST_TICK_STEPS, tick_steps);

    if (status != HSX_OK) {
        return status;
    }
    t->tick_steps = tick_steps;
    return set_register(target, HSX_HOST_TICK_LEFT, tick_left(t, t->steps));
}

/* While the core is held these are its own registers, so that lock-step
 * compares them; while it runs, what its records add up to. */
static enum hsx_status rtl_read_totals(struct hsx_target *target, struct hsx_totals *totals)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    struct hsx_bus_op ops[4] = {{.addr = HSX_HOST_ORDER, .sel = 0xF},
                                {.addr = HSX_HOST_STEPS, .sel = 0xF},
                                {.addr = HSX_HOST_NOW, .sel = 0xF},
                                {.addr = HSX_HOST_STATUS, .sel = 0xF}};

    totals->cycles = t->link->ops->cycles(t->link);
    if (t->running) {
        totals->order = t->order;
        totals->steps = t->steps;
        totals->now = t->now;
        totals->tick_due = 0;
        return HSX_OK;
    }

    enum hsx_status status = t->link->ops->bus(t->link, ops, 4);

    totals->order = extend(t->order, ops[0].data);
    totals->steps = extend(t->steps, ops[1].data);
    totals->now = ops[2].data;
    totals->tick_due = HSX_HOST_GET(STATUS_TICK_DUE, ops[3].data);
    return status;
}

static enum hsx_status rtl_write_totals(struct hsx_target *target, const struct hsx_totals *totals)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);

    if (totals->tick_due > 1) {
        return HSX_ERR_ARGUMENT;
    }
    if (t->running) {
        return HSX_ERR_STATE;
    }

    uint32_t left = t->tick_steps != 0 && totals->tick_due ? 0 : tick_left(t, totals->steps);
    struct hsx_bus_op ops[4] = {
        {.addr = HSX_HOST_STEPS, .data = (uint32_t)totals->steps, .sel = 0xF, .write = true},
        {.addr = HSX_HOST_CYCLES, .data = 0, .sel = 0xF, .write = true},
        {.addr = HSX_HOST_ORDER,
         .data = (uint32_t)totals->order - (uint32_t)totals->steps,
         .sel = 0xF,
         .write = true},
        {.addr = HSX_HOST_TICK_LEFT, .data = left, .sel = 0xF, .write = true}};
    enum hsx_status status = t->link->ops->bus(t->link, ops, 4);

    for (uint32_t i = 0; status == HSX_OK && i < HSX_HOST_LOST_CAUSES; i++) {
        status = hsx_rtl_set(t, HSX_HOST_LOST_SLOTS + 4 * i, 0);
    }
    t->order = totals->order;
    t->steps = totals->steps;
    t->now = totals->now;
    t->first_cycle = t->link->ops->cycles(t->link);
    t->first_steps = (uint32_t)totals->steps;
    t->others = 0;
    t->goes = 0;
    return status == HSX_OK ? write_time(t) : status;
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
    .run = rtl_run,
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
    .set_alarm = rtl_set_alarm,
    .count_event = rtl_count_event,
    .jump_to = rtl_jump_to,
    .set_tick_steps = rtl_set_tick_steps,
    .read_totals = rtl_read_totals,
    .write_totals = rtl_write_totals,
    .mark = rtl_mark,
    .go_back = rtl_go_back,
};

/* Tasks count on memory that is zero, as it is in the C VM. */
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
    /* A reset leaves the core's counters as they are. */
    return status == HSX_OK ? rtl_write_totals(target, &zero) : status;
}

/* What the core's ID tells. */
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
    t->target.units = core.units;
    t->link = link;
    t->windows_end = HSX_WINDOW_START + windows * HSX_WINDOW_SIZE;
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

    hsx_target_rtl_access_directly(target, false); /* it shows the bus */
    return t->link->ops->wave(t->link, wave);
}

void hsx_target_rtl_access_directly(struct hsx_target *target, bool directly)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);

    if (t->link->ops->access_directly) {
        t->link->ops->access_directly(t->link, directly ? t->windows_end : 0);
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
