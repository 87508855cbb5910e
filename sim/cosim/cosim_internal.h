// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of the lock-step. */
#ifndef HSX_COSIM_INTERNAL_H
#define HSX_COSIM_INTERNAL_H

#include <hsx/cosim.h>

enum {
    COSIM_BATCH = 1024, /* records that the device runs ahead of the golden machine */
    COSIM_HISTORY = 16  /* events kept for the report, of all tasks and of each */
};

/* Slot of an event that the executive made. */
enum { COSIM_EXECUTIVE = 0xFF };

struct cosim_event {
    struct hsx_record record;
    uint64_t order;
    uint64_t cycle;
};

/* The newest COSIM_HISTORY events: number n is at n % COSIM_HISTORY. */
struct cosim_ring {
    struct cosim_event events[COSIM_HISTORY];
    uint64_t count;
};

struct hsx_cosim {
    struct hsx_target target;
    struct hsx_target *device;
    struct hsx_target *golden;
    struct hsx_cosim_options options;
    struct hsx_cosim_stats stats;
    struct hsx_divergence divergence;
    uint64_t order;               /* of the next event */
    uint64_t cycle;               /* of the last record */
    uint64_t until_check;         /* steps */
    bool known[HSX_MAX_CONTEXTS]; /* slots that were written: others are undefined in hardware */
    struct cosim_ring all;
    struct cosim_ring *tasks; /* one per slot */
    struct hsx_record device_records[COSIM_BATCH];
    struct hsx_record golden_records[COSIM_BATCH + 1];
    uint64_t cycles[COSIM_BATCH];
    uint8_t device_memory[HSX_DATA_SIZE];
    uint8_t golden_memory[HSX_DATA_SIZE];
};

struct hsx_cosim *cosim_of(struct hsx_target *target);

static inline bool cosim_diverged(const struct hsx_cosim *c)
{
    return c->divergence.kind != HSX_DIVERGED_NOT;
}

/* ---- run.c: two of the target's operations */

enum hsx_status cosim_run(struct hsx_target *target, struct hsx_run *run);
enum hsx_status cosim_recall(struct hsx_target *target, struct hsx_record *records,
                             uint64_t *orders, size_t capacity, size_t *count);
/* Adds an action of the executive to the history. */
void cosim_remember_event(struct hsx_cosim *c, uint8_t event);

/* ---- compare.c */

/* Notes a divergence at the next event and returns HSX_ERR_DIVERGED. */
enum hsx_status cosim_diverge(struct hsx_cosim *c, enum hsx_divergence_kind kind, int slot,
                              const char *field, uint64_t expected, uint64_t got);

/* One field of a record or context, for comparing and printing. */
struct cosim_field {
    const char *name;
    uint8_t offset;
    uint8_t size; /* bytes, 1, 2 or 4 */
};

/* Both end with a NULL name. */
extern const struct cosim_field cosim_record_fields[];
extern const struct cosim_field cosim_context_fields[];

uint32_t cosim_field_value(const void *object, const struct cosim_field *field);

/* The first field that differs, or NULL. */
const struct cosim_field *cosim_first_difference(const struct cosim_field *fields, const void *a,
                                                 const void *b);

/* Compare one part of the held machines; HSX_ERR_DIVERGED when they differ. */
enum hsx_status cosim_check_data(struct hsx_cosim *c, uint32_t addr, const uint8_t *golden,
                                 const uint8_t *device, size_t len);
enum hsx_status cosim_check_context(struct hsx_cosim *c, uint8_t slot,
                                    const struct hsx_context *golden,
                                    const struct hsx_context *device);
enum hsx_status cosim_check_queue(struct hsx_cosim *c, const uint8_t *golden, size_t golden_count,
                                  uint8_t golden_left, const uint8_t *device, size_t device_count,
                                  uint8_t device_left);
enum hsx_status cosim_check_totals(struct hsx_cosim *c, const struct hsx_totals *golden,
                                   const struct hsx_totals *device);

/* All of the above, reading both machines. */
enum hsx_status cosim_check_all(struct hsx_cosim *c);

/* The two results of one call: HSX_OK if both are; a difference is a divergence. */
enum hsx_status cosim_agree(struct hsx_cosim *c, const char *call, enum hsx_status golden,
                            enum hsx_status device);

#endif
