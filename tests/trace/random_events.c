// SPDX-License-Identifier: Apache-2.0
#include "random_events.h"
#include <criterion/criterion.h>
#include <stdlib.h>

uint32_t random_next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static uint32_t below(uint32_t *state, uint32_t most)
{
    return random_next(state) % most;
}

/* Mostly the records of a task's loop, sometimes anything. */
static void make_record(uint32_t *s, struct hsx_record *r)
{
    static const uint8_t widths[] = {1, 2, 4};

    r->slot = (uint8_t)below(s, RANDOM_TASKS);
    r->pc = (uint16_t)(4 * below(s, below(s, 8) == 0 ? 0x4000 : 6));
    r->insn = below(s, 4) == 0 ? random_next(s) : 0x01000000u * (1 + r->pc % 0x67) + r->pc;
    r->next_pc = (uint16_t)(below(s, 3) == 0 ? random_next(s) : r->pc + 4u);
    r->sp = (uint16_t)(0xF000u + 4 * below(s, 4));
    r->call_depth = (uint16_t)below(s, below(s, 9) == 0 ? 0x10000 : 2);
    r->psw = (uint8_t)below(s, 16);
    r->event = below(s, 2) ? HSX_EV_RETIRE : (uint8_t)below(s, HSX_EV_TICK);
    r->flags = (uint8_t)below(s, 32);
    if (r->flags & HSX_REC_EXT) {
        r->ext = random_next(s);
    }
    if (r->flags & HSX_REC_RD) {
        r->rd = (uint8_t)below(s, HSX_REGISTERS);
        r->rd_value = below(s, 2) ? random_next(s) : below(s, 300);
    }
    if (below(s, 2)) {
        r->access = (uint8_t)(widths[below(s, 3)] | (below(s, 2) ? HSX_ACC_READ : HSX_ACC_WRITE));
        r->mem_addr = (uint16_t)random_next(s);
        r->mem_value = random_next(s);
        if ((r->access & HSX_ACC_WIDTH) < 4) {
            r->mem_value &= 0xFF;
        }
    }
}

static void make_answers(uint32_t *s, struct random_event *e)
{
    e->store_count = below(s, RANDOM_STORES + 1);
    for (size_t i = 0; i < e->store_count; i++) {
        e->stores[i].len = 1 + below(s, RANDOM_BYTES);
        e->stores[i].addr = below(s, HSX_DATA_SIZE - RANDOM_BYTES);
        for (uint32_t k = 0; k < e->stores[i].len; k++) {
            e->stores[i].bytes[k] = (uint8_t)random_next(s);
        }
    }
    e->event.woken_count = below(s, RANDOM_WOKEN + 1);
    for (size_t i = 0; i < e->event.woken_count; i++) {
        e->woken[i] = 1 + below(s, 100);
    }
}

static struct hsx_context make_context(uint32_t *s)
{
    return (struct hsx_context){.pc = (uint16_t)random_next(s),
                                .sp = (uint16_t)random_next(s),
                                .reg_base = (uint16_t)random_next(s),
                                .stack_limit = (uint16_t)random_next(s),
                                .stack_top = (uint16_t)random_next(s),
                                .code_base = (uint16_t)random_next(s),
                                .data_base = (uint16_t)random_next(s),
                                .call_depth = (uint16_t)random_next(s),
                                .code_len = below(s, HSX_CODE_SIZE + 1),
                                .data_len = below(s, HSX_DATA_SIZE + 1),
                                .psw = (uint8_t)below(s, 16),
                                .slice = (uint8_t)random_next(s),
                                .flags = (uint8_t)random_next(s),
                                .state = (uint8_t)below(s, HSX_FAULTED + 1)};
}

static void make_mail(uint32_t *s, struct random_event *e)
{
    e->mail = (struct hsx_exec_mail){.number = random_next(s),
                                     .capacity = (uint16_t)random_next(s),
                                     .mode = (uint16_t)random_next(s),
                                     .on = below(s, 2) != 0,
                                     .message = {.length = (uint16_t)below(s, RANDOM_BYTES + 1),
                                                 .flags = (uint16_t)random_next(s),
                                                 .channel = (uint16_t)random_next(s),
                                                 .sender = (uint16_t)random_next(s)},
                                     .result = (enum hsx_mbox_status)below(s, 256)};
    for (size_t i = 0; i < sizeof e->name - 1; i++) {
        e->name[i] = (char)(1 + below(s, 255));
    }
    for (size_t i = 0; i < e->mail.message.length; i++) {
        e->message[i] = (uint8_t)random_next(s);
    }
    e->mail.name = below(s, 2) ? e->name : NULL;
    e->mail.bytes = e->mail.message.length != 0 ? e->message : NULL;
    e->event.mail = &e->mail;
    e->event.what = "send";
}

static void make_event(uint32_t *s, struct random_event *e)
{
    static const char *const what[] = {"kill", "pause", "resume", "poke"};
    unsigned kind = below(s, 12);

    if (kind < 9) {
        make_record(s, &e->record);
        e->event.kind = (enum hsx_event)e->record.event;
        e->event.slot = e->record.slot;
        e->event.record = &e->record;
    } else if (kind == 9) {
        e->event.kind = HSX_EV_TICK;
        e->record.event = HSX_EV_TICK;
        e->event.record = below(s, 2) ? &e->record : NULL;
    } else {
        e->event.kind = kind == 10 ? HSX_EV_COMPLETE : HSX_EV_EXTERNAL;
        e->event.what = kind == 10 ? NULL : what[below(s, 4)];
        e->event.insn = kind == 10 ? random_next(s) : 0;
        e->event.slot = (uint8_t)below(s, RANDOM_TASKS);
        e->event.ctx = make_context(s);
        if (kind == 11 && below(s, 2)) {
            make_mail(s, e);
        }
        if (kind == 10 && below(s, 2)) {
            e->event.mailbox.descriptor = 1 + below(s, 300);
            e->event.mailbox.messages = below(s, 9);
            for (unsigned i = 0; i < 6; i++) {
                e->event.mailbox.name[i] = (char)(1 + below(s, 255));
            }
        }
    }
    if (kind >= 9 || below(s, 20) == 0) {
        make_answers(s, e);
    }
    if (e->event.kind != HSX_EV_TICK && !(kind == 11 && below(s, 3) == 0)) {
        e->event.pid = 1 + e->event.slot + RANDOM_TASKS * below(s, 2);
        e->event.reg_base = (uint16_t)(HSX_WINDOW_START + HSX_WINDOW_SIZE * e->event.slot);
    } else {
        e->event.slot = 0;
        e->event.ctx = (struct hsx_context){0};
    }
}

struct random_event *random_events(uint32_t seed, size_t count)
{
    struct random_event *events = calloc(count, sizeof *events);
    uint64_t steps = 0;
    uint64_t cycle = 0;
    uint64_t now = 0;

    cr_assert_not_null(events);
    for (size_t i = 0; i < count; i++) {
        struct hsx_exec_event *ev = &events[i].event;

        make_event(&seed, &events[i]);
        steps += ev->kind == HSX_EV_RETIRE || ev->kind == HSX_EV_SVC || ev->kind == HSX_EV_BRK;
        cycle += below(&seed, 10) == 0 ? below(&seed, 1 << 20) : 3;
        now += ev->kind == HSX_EV_TICK ? 1 + below(&seed, 2) * below(&seed, 100) : 0;
        ev->order = i;
        ev->steps = steps;
        ev->cycle = cycle;
        ev->now = now;
        ev->woken = events[i].woken;
    }
    return events;
}

void random_report(const struct hsx_exec_sink *sink, const struct random_event *event)
{
    for (size_t i = 0; i < event->store_count; i++) {
        sink->write(sink->ctx, event->stores[i].addr, event->stores[i].bytes, event->stores[i].len);
    }
    sink->event(sink->ctx, &event->event);
}
