// SPDX-License-Identifier: Apache-2.0
#include "cosim_internal.h"
#include <hsx/member.h>
#include <stdio.h>
#include <string.h>

#define FIELD(type, name)                                                                          \
    {                                                                                              \
#name, (uint8_t)offsetof(struct type, name), (uint8_t)sizeof(((struct type *)0)->name)     \
    }

const struct cosim_field cosim_record_fields[] = {
    FIELD(hsx_record, slot),       FIELD(hsx_record, event),
    FIELD(hsx_record, pc),         FIELD(hsx_record, insn),
    FIELD(hsx_record, ext),        FIELD(hsx_record, next_pc),
    FIELD(hsx_record, rd),         FIELD(hsx_record, rd_value),
    FIELD(hsx_record, psw),        FIELD(hsx_record, sp),
    FIELD(hsx_record, call_depth), FIELD(hsx_record, access),
    FIELD(hsx_record, mem_addr),   FIELD(hsx_record, mem_value),
    FIELD(hsx_record, flags),      {NULL, 0, 0}};

const struct cosim_field cosim_context_fields[] = {
    FIELD(hsx_context, pc),          FIELD(hsx_context, sp),         FIELD(hsx_context, reg_base),
    FIELD(hsx_context, stack_limit), FIELD(hsx_context, stack_top),  FIELD(hsx_context, code_base),
    FIELD(hsx_context, data_base),   FIELD(hsx_context, call_depth), FIELD(hsx_context, code_len),
    FIELD(hsx_context, data_len),    FIELD(hsx_context, psw),        FIELD(hsx_context, slice),
    FIELD(hsx_context, flags),       FIELD(hsx_context, state),      {NULL, 0, 0}};

uint32_t cosim_field_value(const void *object, const struct cosim_field *field)
{
    return hsx_member_value(object, field->offset, field->size);
}

const struct cosim_field *cosim_first_difference(const struct cosim_field *fields, const void *a,
                                                 const void *b)
{
    for (; fields->name; fields++) {
        if (cosim_field_value(a, fields) != cosim_field_value(b, fields)) {
            return fields;
        }
    }
    return NULL;
}

enum hsx_status cosim_diverge(struct hsx_cosim *c, enum hsx_divergence_kind kind, int slot,
                              const char *field, uint64_t expected, uint64_t got)
{
    struct hsx_divergence *d = &c->divergence;

    d->kind = kind;
    d->order = c->order;
    d->cycle = c->cycle;
    d->slot = slot;
    d->field = field;
    d->expected = expected;
    d->got = got;
    return HSX_ERR_DIVERGED;
}

enum hsx_status cosim_agree(struct hsx_cosim *c, const char *call, enum hsx_status golden,
                            enum hsx_status device)
{
    if (golden == device || device == HSX_ERR_IO) {
        return device;
    }
    if (device == HSX_ERR_MACHINE) {
        snprintf(c->divergence.message, sizeof c->divergence.message, "%s: %s", call,
                 c->options.device_message ? c->options.device_message(c->device)
                                           : hsx_status_name(device));
        return cosim_diverge(c, HSX_DIVERGED_MACHINE, -1, call, golden, device);
    }
    snprintf(c->divergence.message, sizeof c->divergence.message,
             "%s: golden \"%s\", device \"%s\"", call, hsx_status_name(golden),
             hsx_status_name(device));
    return cosim_diverge(c, HSX_DIVERGED_STATUS, -1, call, golden, device);
}

enum hsx_status cosim_check_data(struct hsx_cosim *c, uint32_t addr, const uint8_t *golden,
                                 const uint8_t *device, size_t len)
{
    size_t i = 0;

    if (memcmp(golden, device, len) == 0) {
        return HSX_OK;
    }
    while (golden[i] == device[i]) {
        i++;
    }
    c->divergence.addr = addr + (uint32_t)i;
    return cosim_diverge(c, HSX_DIVERGED_DATA, -1, "data", golden[i], device[i]);
}

enum hsx_status cosim_check_context(struct hsx_cosim *c, uint8_t slot,
                                    const struct hsx_context *golden,
                                    const struct hsx_context *device)
{
    const struct cosim_field *field = cosim_first_difference(cosim_context_fields, golden, device);

    return field ? cosim_diverge(c, HSX_DIVERGED_CONTEXT, slot, field->name,
                                 cosim_field_value(golden, field), cosim_field_value(device, field))
                 : HSX_OK;
}

enum hsx_status cosim_check_queue(struct hsx_cosim *c, const uint8_t *golden, size_t golden_count,
                                  uint8_t golden_left, const uint8_t *device, size_t device_count,
                                  uint8_t device_left)
{
    for (size_t i = 0; i < golden_count && i < device_count; i++) {
        if (golden[i] != device[i]) {
            c->divergence.addr = (uint32_t)i;
            return cosim_diverge(c, HSX_DIVERGED_QUEUE, -1, "place", golden[i], device[i]);
        }
    }
    if (golden_count != device_count) {
        return cosim_diverge(c, HSX_DIVERGED_QUEUE, -1, "count", golden_count, device_count);
    }
    return golden_left == device_left
               ? HSX_OK
               : cosim_diverge(c, HSX_DIVERGED_QUEUE, -1, "turn_left", golden_left, device_left);
}

enum hsx_status cosim_check_totals(struct hsx_cosim *c, const struct hsx_totals *golden,
                                   const struct hsx_totals *device)
{
    if (golden->order != device->order) {
        return cosim_diverge(c, HSX_DIVERGED_TOTALS, -1, "order", golden->order, device->order);
    }
    if (golden->steps != device->steps) {
        return cosim_diverge(c, HSX_DIVERGED_TOTALS, -1, "steps", golden->steps, device->steps);
    }
    return golden->now == device->now
               ? HSX_OK
               : cosim_diverge(c, HSX_DIVERGED_TOTALS, -1, "now", golden->now, device->now);
}

static enum hsx_status check_memory(struct hsx_cosim *c)
{
    enum hsx_status golden =
        c->golden->ops->read_data(c->golden, 0, c->golden_memory, HSX_DATA_SIZE);
    enum hsx_status device =
        c->device->ops->read_data(c->device, 0, c->device_memory, HSX_DATA_SIZE);
    enum hsx_status status = cosim_agree(c, "read_data", golden, device);

    return status == HSX_OK
               ? cosim_check_data(c, 0, c->golden_memory, c->device_memory, HSX_DATA_SIZE)
               : status;
}

static enum hsx_status check_contexts(struct hsx_cosim *c)
{
    enum hsx_status status = HSX_OK;

    for (unsigned slot = 0; status == HSX_OK && slot < c->target.contexts; slot++) {
        struct hsx_context golden;
        struct hsx_context device;

        if (!c->known[slot]) {
            continue;
        }
        enum hsx_status of_golden = c->golden->ops->read_context(c->golden, (uint8_t)slot, &golden);
        enum hsx_status of_device = c->device->ops->read_context(c->device, (uint8_t)slot, &device);

        status = cosim_agree(c, "read_context", of_golden, of_device);
        if (status == HSX_OK) {
            status = cosim_check_context(c, (uint8_t)slot, &golden, &device);
        }
    }
    return status;
}

static enum hsx_status check_queues(struct hsx_cosim *c)
{
    uint8_t golden[HSX_MAX_CONTEXTS];
    uint8_t device[HSX_MAX_CONTEXTS];
    size_t golden_count = 0;
    size_t device_count = 0;
    uint8_t golden_left = 0;
    uint8_t device_left = 0;
    enum hsx_status of_golden =
        c->golden->ops->read_queue(c->golden, golden, sizeof golden, &golden_count, &golden_left);
    enum hsx_status of_device =
        c->device->ops->read_queue(c->device, device, sizeof device, &device_count, &device_left);
    enum hsx_status status = cosim_agree(c, "read_queue", of_golden, of_device);

    return status == HSX_OK ? cosim_check_queue(c, golden, golden_count, golden_left, device,
                                                device_count, device_left)
                            : status;
}

static enum hsx_status check_totals(struct hsx_cosim *c)
{
    struct hsx_totals golden = {0};
    struct hsx_totals device = {0};
    enum hsx_status of_golden = c->golden->ops->read_totals(c->golden, &golden);
    enum hsx_status of_device = c->device->ops->read_totals(c->device, &device);
    enum hsx_status status = cosim_agree(c, "read_totals", of_golden, of_device);

    return status == HSX_OK ? cosim_check_totals(c, &golden, &device) : status;
}

enum hsx_status cosim_check_all(struct hsx_cosim *c)
{
    enum hsx_status status = check_totals(c);

    if (status == HSX_OK) {
        status = check_queues(c);
    }
    if (status == HSX_OK) {
        status = check_contexts(c);
    }
    if (status == HSX_OK) {
        status = check_memory(c);
    }
    if (status == HSX_OK && c->options.device_check) {
        status = cosim_agree(c, "check", HSX_OK, c->options.device_check(c->device));
    }
    c->stats.checks++;
    return status;
}
