// SPDX-License-Identifier: Apache-2.0
/* Runs of the RTL target: until the core holds itself, the records are full, or the host stops it.
 */
#include "rtl_target.h"
#include <stdio.h>

/* Cycles without a record after which a core that is not held hangs. The
 * longest instruction takes some dozens. */
enum { HANG_LIMIT = 20000 };

/* The most that STEP_BUDGET counts. */
#define MAX_BUDGET 0xFFFFu

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

/* The trap ports must agree with STATUS and the last record. */
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

/* After a request to hold, the core was held by it; or, if a harness lets it do single steps,
 * after a step, or before the first, when the cause is still that of its previous hold. */
static bool held_by_host(const struct hsx_target_rtl *t, uint32_t word)
{
    uint32_t cause = HSX_HOST_GET(STATUS_CAUSE, word);

    return t->stopping && HSX_HOST_GET(STATUS_HELD, word) &&
           (cause == HSX_HOST_CAUSE_HOST || (cause == HSX_HOST_CAUSE_STEPS && t->budget != 0) ||
            t->order == t->go_order);
}

/* Finds out why the core is held. */
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

/* Counts the records of a batch. */
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

/* Evaluates the counters of a held core after a stretch without records. */
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
    uint64_t events = hsx_rtl_extend(t->order, ops[ORDER].data) - t->order;
    uint64_t retired = hsx_rtl_extend(t->steps, ops[STEPS].data) - t->steps;

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

/* A run without records, on a link that can wait. */
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

enum hsx_status hsx_rtl_run(struct hsx_target *target, struct hsx_run *run)
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
            /* Held by the largest budget that the core can count, which is less than max_steps. */
            run->reason = HSX_STOP_RECORDS;
        }
        if (run->records) {
            return status;
        }
    }
    return status;
}
