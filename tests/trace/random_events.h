// SPDX-License-Identifier: Apache-2.0
/* Artificial events of the record order: any values that a trace can hold. */
#ifndef TESTS_RANDOM_EVENTS_H
#define TESTS_RANDOM_EVENTS_H

#include <hsx/trace.h>

enum { RANDOM_TASKS = 5, RANDOM_STORES = 3, RANDOM_WOKEN = 3, RANDOM_BYTES = 40 };

struct random_event {
    struct hsx_exec_event event; /* its pointers are into this struct */
    struct hsx_record record;
    struct hsx_exec_mail mail;
    char name[8];
    uint8_t message[RANDOM_BYTES];
    uint32_t woken[RANDOM_WOKEN];
    size_t store_count;
    struct {
        uint32_t addr, len;
        uint8_t bytes[RANDOM_BYTES];
    } stores[RANDOM_STORES];
};

/* count events, to be freed; the same for the same seed. */
struct random_event *random_events(uint32_t seed, size_t count);
void random_report(const struct hsx_exec_sink *sink, const struct random_event *event);

uint32_t random_next(uint32_t *state);

#endif
