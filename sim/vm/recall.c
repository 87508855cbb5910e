// SPDX-License-Identifier: Apache-2.0
#include "recall.h"
#include <stdlib.h>
#include <string.h>

enum {
    STRETCH = 1 << 19,    /* events between two saved states */
    CALLS_SIZE = 1 << 18, /* bytes of calls between them */
    BATCH = 1024          /* records made at once */
};

/* ---- A state of the machine, without its code */

struct state {
    struct hsx_totals totals;
    struct hsx_context contexts[HSX_MAX_CONTEXTS];
    uint8_t queue[HSX_MAX_CONTEXTS];
    size_t queued;
    uint8_t turn_left;
    bool alarm_armed;
    uint32_t alarm, tick_steps;
    uint8_t data[HSX_DATA_SIZE];
};

/* ---- Recorded calls */

enum kind { RUN, DATA, CONTEXT, STATE, READY, QUEUE, ALARM, TICK_STEPS, EVENT, JUMP };

struct call {
    uint64_t number; /* RUN: steps; DATA: address; ALARM, TICK_STEPS, JUMP: their argument */
    uint32_t len;    /* of the bytes after it */
    uint8_t kind;    /* enum kind */
    uint8_t slot;    /* QUEUE: instructions left of the turn */
    uint8_t value;   /* STATE, ALARM: the state, armed */
};

/* A state and the calls since. */
struct stretch {
    struct state start;
    size_t used;
    uint8_t calls[CALLS_SIZE];
};

struct recall {
    struct hsx_vm *vm;
    unsigned contexts;
    bool alarm_armed;
    uint32_t alarm, tick_steps; /* they cannot be read from the VM */

    bool noting; /* calls are recorded: stretches[now] is in use, */
    bool before; /* and the other one is the stretch before it */
    unsigned now;
    struct stretch stretches[2];

    uint64_t made; /* records made so far; the newest HSX_RECALL are here, at number % HSX_RECALL */
    struct hsx_record records[HSX_RECALL];
    uint64_t orders[HSX_RECALL];
    struct hsx_record batch[BATCH];
};

struct recall *recall_create(struct hsx_vm *vm, unsigned contexts)
{
    struct recall *r = malloc(sizeof *r);

    if (r) {
        r->vm = vm;
        r->contexts = contexts;
        r->alarm_armed = false;
        r->alarm = 0;
        r->tick_steps = 1000;
        r->noting = r->before = false;
        r->now = 0;
        r->made = 0;
    }
    return r;
}

void recall_destroy(struct recall *r)
{
    free(r);
}

static void keep_state(const struct recall *r, struct state *s)
{
    hsx_vm_read_totals(r->vm, &s->totals);
    for (unsigned i = 0; i < r->contexts; i++) {
        hsx_vm_read_context(r->vm, (uint8_t)i, &s->contexts[i]);
    }
    hsx_vm_read_queue(r->vm, s->queue, sizeof s->queue, &s->queued, &s->turn_left);
    s->alarm_armed = r->alarm_armed;
    s->alarm = r->alarm;
    s->tick_steps = r->tick_steps;
    memcpy(s->data, hsx_vm_data(r->vm), HSX_DATA_SIZE);
}

static enum hsx_status put_back(const struct recall *r, const struct state *s)
{
    enum hsx_status status = hsx_vm_write_queue(r->vm, s->queue, s->queued, s->turn_left);

    for (unsigned i = 0; i < r->contexts && status == HSX_OK; i++) {
        status = hsx_vm_write_context(r->vm, (uint8_t)i, &s->contexts[i]);
    }
    memcpy(hsx_vm_data(r->vm), s->data, HSX_DATA_SIZE);
    if (status == HSX_OK) {
        status = hsx_vm_set_alarm(r->vm, s->alarm_armed, s->alarm);
    }
    if (status == HSX_OK) {
        status = hsx_vm_set_tick_steps(r->vm, s->tick_steps);
    }
    return status == HSX_OK ? hsx_vm_write_totals(r->vm, &s->totals) : status;
}

static uint64_t order_of(const struct recall *r)
{
    struct hsx_totals totals;

    hsx_vm_read_totals(r->vm, &totals);
    return totals.order;
}

/* ---- Making the records */

static void take_batch(struct recall *r, size_t count, uint64_t order)
{
    for (size_t i = 0; i < count; i++) {
        r->records[r->made % HSX_RECALL] = r->batch[i];
        r->orders[r->made % HSX_RECALL] = order + i;
        r->made++;
    }
}

static enum hsx_status repeat_run(struct recall *r, uint64_t steps)
{
    for (;;) {
        struct hsx_run run = {.max_steps = steps, .records = r->batch, .capacity = BATCH};
        uint64_t order = order_of(r);
        enum hsx_status status = hsx_vm_run(r->vm, &run);

        if (status != HSX_OK) {
            return status;
        }
        take_batch(r, run.count, order);
        if (run.reason != HSX_STOP_RECORDS) {
            return HSX_OK;
        }
        steps -= run.retired;
    }
}

static enum hsx_status repeat(struct recall *r, const struct call *call, const uint8_t *bytes)
{
    struct hsx_context ctx;

    switch ((enum kind)call->kind) {
    case RUN:
        return repeat_run(r, call->number);
    case DATA:
        memcpy(hsx_vm_data(r->vm) + call->number, bytes, call->len);
        return HSX_OK;
    case CONTEXT:
        memcpy(&ctx, bytes, sizeof ctx);
        return hsx_vm_write_context(r->vm, call->slot, &ctx);
    case STATE:
        return hsx_vm_set_state(r->vm, call->slot, (enum hsx_state)call->value);
    case READY:
        return hsx_vm_make_ready(r->vm, call->slot);
    case QUEUE:
        return hsx_vm_write_queue(r->vm, bytes, call->len, call->slot);
    case ALARM:
        return hsx_vm_set_alarm(r->vm, call->value != 0, (uint32_t)call->number);
    case TICK_STEPS:
        return hsx_vm_set_tick_steps(r->vm, (uint32_t)call->number);
    case EVENT:
        return hsx_vm_count_event(r->vm);
    case JUMP:
        return hsx_vm_jump_to(r->vm, (uint32_t)call->number);
    }
    return HSX_ERR_STATE;
}

static enum hsx_status repeat_all(struct recall *r, const struct stretch *s)
{
    enum hsx_status status = HSX_OK;

    for (size_t at = 0; at < s->used && status == HSX_OK;) {
        struct call call;

        memcpy(&call, s->calls + at, sizeof call);
        status = repeat(r, &call, s->calls + at + sizeof call);
        at += sizeof call + call.len;
    }
    return status;
}

/* Makes records of everything noted; afterwards nothing is noted. */
static enum hsx_status make_records(struct recall *r)
{
    enum hsx_status status = HSX_OK;
    uint64_t order;

    if (!r->noting) {
        return HSX_OK;
    }
    order = order_of(r);
    status = put_back(r, &r->stretches[r->before ? 1 - r->now : r->now].start);
    if (status == HSX_OK && r->before) {
        status = repeat_all(r, &r->stretches[1 - r->now]);
    }
    if (status == HSX_OK) {
        status = repeat_all(r, &r->stretches[r->now]);
    }
    r->noting = false;
    return status == HSX_OK && order_of(r) != order ? HSX_ERR_MACHINE : status;
}

/* ---- Noting */

static void begin_stretch(struct recall *r)
{
    keep_state(r, &r->stretches[r->now].start);
    r->stretches[r->now].used = 0;
}

static bool has_room(const struct stretch *s, size_t len)
{
    return s->used + sizeof(struct call) + len <= CALLS_SIZE;
}

static void note(struct recall *r, struct call call, const void *bytes)
{
    struct stretch *s = &r->stretches[r->now];

    if (!r->noting) {
        return;
    }
    memcpy(s->calls + s->used, &call, sizeof call);
    if (bytes) {
        memcpy(s->calls + s->used + sizeof call, bytes, call.len);
    }
    s->used += sizeof call + call.len;
}

enum hsx_status recall_prepare(struct recall *r, size_t len)
{
    return r->noting && !has_room(&r->stretches[r->now], len) ? make_records(r) : HSX_OK;
}

/* Room for a run, and for what is usually written before the next one. */
enum { ROOM = HSX_DATA_SIZE };

static enum hsx_status make_room(struct recall *r)
{
    enum hsx_status status = HSX_OK;
    uint64_t events = 0;

    if (r->noting) {
        events = order_of(r) - r->stretches[r->now].start.totals.order;
        if (events < STRETCH && has_room(&r->stretches[r->now], ROOM)) {
            return HSX_OK;
        }
        if (events < HSX_RECALL) {
            status = make_records(r);
        }
    }
    r->before = r->noting;
    r->now = r->before ? 1 - r->now : r->now;
    begin_stretch(r);
    r->noting = true;
    return status;
}

/* A run that ends at a point is repeated by its number of steps; without steps there is
 * nothing to note. */
static enum hsx_status run_noted(struct recall *r, struct hsx_run *run)
{
    struct stretch *s = &r->stretches[r->now];
    size_t at = s->used;

    note(r, (struct call){.kind = RUN, .number = run->max_steps}, NULL);

    enum hsx_status status = hsx_vm_run(r->vm, run);

    if (status == HSX_OK && run->reason == HSX_STOP_POINT) {
        s->used = at;
        if (run->retired != 0) {
            note(r, (struct call){.kind = RUN, .number = run->retired}, NULL);
        }
    }
    return status;
}

enum hsx_status recall_run(struct recall *r, struct hsx_run *run)
{
    uint64_t steps = run->max_steps;
    uint64_t retired = 0;
    bool pass = run->pass;
    enum hsx_status status;

    do {
        status = make_room(r);
        if (status != HSX_OK) {
            return status;
        }
        run->max_steps = steps - retired < STRETCH ? steps - retired : STRETCH;
        status = run_noted(r, run);
        retired += run->retired;
        run->pass = pass && retired == 0;
    } while (status == HSX_OK && run->reason == HSX_STOP_STEPS && retired < steps);
    run->max_steps = steps;
    run->pass = pass;
    run->retired = retired;
    return status;
}

void recall_stop(struct recall *r)
{
    r->noting = false;
}

enum hsx_status recall_before_code(struct recall *r)
{
    return make_records(r);
}

void recall_forget(struct recall *r)
{
    r->noting = false;
    r->made = 0;
}

void recall_note_data(struct recall *r, uint32_t addr, const void *bytes, size_t len)
{
    note(r, (struct call){.kind = DATA, .number = addr, .len = (uint32_t)len}, bytes);
}

void recall_note_context(struct recall *r, uint8_t slot, const struct hsx_context *ctx)
{
    note(r, (struct call){.kind = CONTEXT, .slot = slot, .len = sizeof *ctx}, ctx);
}

void recall_note_state(struct recall *r, uint8_t slot, enum hsx_state state)
{
    note(r, (struct call){.kind = STATE, .slot = slot, .value = (uint8_t)state}, NULL);
}

void recall_note_ready(struct recall *r, uint8_t slot)
{
    note(r, (struct call){.kind = READY, .slot = slot}, NULL);
}

void recall_note_queue(struct recall *r, const uint8_t *slots, size_t count, uint8_t turn_left)
{
    note(r, (struct call){.kind = QUEUE, .slot = turn_left, .len = (uint32_t)count}, slots);
}

void recall_note_alarm(struct recall *r, bool armed, uint32_t when)
{
    r->alarm_armed = armed;
    r->alarm = when;
    note(r, (struct call){.kind = ALARM, .value = armed, .number = when}, NULL);
}

void recall_note_tick_steps(struct recall *r, uint32_t tick_steps)
{
    r->tick_steps = tick_steps;
    note(r, (struct call){.kind = TICK_STEPS, .number = tick_steps}, NULL);
}

void recall_note_event(struct recall *r)
{
    note(r, (struct call){.kind = EVENT}, NULL);
}

void recall_note_jump(struct recall *r, uint32_t now)
{
    note(r, (struct call){.kind = JUMP, .number = now}, NULL);
}

enum hsx_status recall_newest(struct recall *r, struct hsx_record *records, uint64_t *orders,
                              size_t capacity, size_t *count)
{
    enum hsx_status status = make_records(r);
    uint64_t known = r->made < HSX_RECALL ? r->made : HSX_RECALL;

    *count = capacity < known ? capacity : (size_t)known;
    for (size_t i = 0; i < *count; i++) {
        size_t at = (size_t)((r->made - *count + i) % HSX_RECALL);

        records[i] = r->records[at];
        orders[i] = r->orders[at];
    }
    return status;
}
