// SPDX-License-Identifier: Apache-2.0
/* Memories, contexts and the queue of the RTL target, through the host port. */
#include "rtl_target.h"
#include <hsx/context.h>
#include <hsx/word.h>
#include <stdlib.h>
#include <string.h>

enum {
    TURN_OPEN = 0x100, /* in TURN; the bits below are the instructions done in this turn */
    BATCH = 64,        /* bus accesses passed to the link at once */
    SHORTCUT = 256,    /* for this many bytes or more, memory outside the core is copied directly */
    WHOLE_WORD = 0xF
};

enum hsx_status hsx_rtl_get(struct hsx_target_rtl *t, uint32_t addr, uint32_t *value)
{
    struct hsx_bus_op op = {.addr = addr, .sel = WHOLE_WORD};
    enum hsx_status status = t->link->ops->bus(t->link, &op, 1);

    *value = op.data;
    return status;
}

enum hsx_status hsx_rtl_set(struct hsx_target_rtl *t, uint32_t addr, uint32_t value)
{
    struct hsx_bus_op op = {.addr = addr, .data = value, .sel = WHOLE_WORD, .write = true};

    return t->link->ops->bus(t->link, &op, 1);
}

/* Bytes [addr, addr + len) of data memory over the bus, at most BATCH words. */
static enum hsx_status move_data(struct hsx_target_rtl *t, uint32_t addr, uint8_t *bytes,
                                 size_t len, bool write)
{
    struct hsx_bus_op ops[BATCH];
    uint32_t first = addr & ~3u;
    size_t count = (addr + len - first + 3) / 4;
    enum hsx_status status;

    memset(ops, 0, count * sizeof ops[0]);
    for (size_t i = 0; i < count; i++) {
        ops[i].addr = first + 4 * (uint32_t)i;
        ops[i].write = write;
        ops[i].sel = write ? 0 : WHOLE_WORD;
    }
    for (size_t i = 0; write && i < len; i++) {
        uint32_t at = addr + (uint32_t)i - first;

        ops[at / 4].data |= (uint32_t)bytes[i] << 8 * (at & 3);
        ops[at / 4].sel |= (uint8_t)(1u << (at & 3));
    }
    status = t->link->ops->bus(t->link, ops, count);
    for (size_t i = 0; !write && status == HSX_OK && i < len; i++) {
        uint32_t at = addr + (uint32_t)i - first;

        bytes[i] = (uint8_t)(ops[at / 4].data >> 8 * (at & 3));
    }
    return status;
}

static bool inside_core(const struct hsx_target_rtl *t, uint32_t addr)
{
    return addr >= HSX_WINDOW_START && addr < hsx_target_windows_end(&t->target);
}

/* The same for whole words without the bus: all outside the core, or all in windows and
 * only read. */
static enum hsx_status move_ram(struct hsx_target_rtl *t, uint32_t addr, uint8_t *bytes, size_t len,
                                bool write)
{
    uint32_t words[BATCH];
    enum hsx_status status;

    for (size_t i = 0; write && i < len; i += 4) {
        words[i / 4] = hsx_load_word(bytes + i);
    }
    if (write) {
        return t->link->ops->write_ram(t->link, HSX_RAM_DATA, addr, words, len / 4);
    }

    if (inside_core(t, addr)) {
        status = t->link->ops->read_windows(t->link, addr, words, len / 4);
    } else {
        status = t->link->ops->read_ram(t->link, HSX_RAM_DATA, addr, words, len / 4);
    }
    for (size_t i = 0; status == HSX_OK && i < len; i += 4) {
        hsx_store_word(bytes + i, words[i / 4]);
    }
    return status;
}

/* The end of the stretch of memory that contains addr, windows or other memory. */
static uint32_t stretch_end(const struct hsx_target_rtl *t, uint32_t addr)
{
    if (inside_core(t, addr)) {
        return hsx_target_windows_end(&t->target);
    }
    return addr < HSX_WINDOW_START ? HSX_WINDOW_START : HSX_DATA_SIZE;
}

static bool without_bus(const struct hsx_target_rtl *t, uint32_t addr, bool write)
{
    return !inside_core(t, addr) || (!write && t->link->ops->read_windows);
}

static enum hsx_status access_data(struct hsx_target *target, uint32_t addr, uint8_t *bytes,
                                   size_t len, bool write)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    bool shortcut = len >= SHORTCUT;

    if (addr > HSX_DATA_SIZE || len > HSX_DATA_SIZE - addr) {
        return HSX_ERR_ARGUMENT;
    }
    if (t->running) {
        return HSX_ERR_STATE;
    }
    while (len > 0) {
        size_t part = 4 * BATCH - (addr & 3); /* ends at a word, so that windows are not split */
        enum hsx_status status;

        if (part > stretch_end(t, addr) - addr) {
            part = stretch_end(t, addr) - addr;
        }
        if (part > len) {
            part = len;
        }
        if (shortcut && ((addr | part) & 3) == 0 && without_bus(t, addr, write)) {
            status = move_ram(t, addr, bytes, part, write);
        } else {
            status = move_data(t, addr, bytes, part, write);
        }
        if (status != HSX_OK) {
            return status;
        }
        addr += (uint32_t)part;
        bytes += part;
        len -= part;
    }
    return HSX_OK;
}

enum hsx_status hsx_rtl_read_data(struct hsx_target *target, uint32_t addr, void *bytes, size_t len)
{
    return access_data(target, addr, bytes, len, false);
}

enum hsx_status hsx_rtl_write_data(struct hsx_target *target, uint32_t addr, const void *bytes,
                                   size_t len)
{
    return access_data(target, addr, (uint8_t *)(uintptr_t)bytes, len, true);
}

static enum hsx_status access_code(struct hsx_target *target, uint32_t addr, uint32_t *words,
                                   size_t count, bool write)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    struct hsx_bus_op ops[BATCH];

    if ((addr & 3) != 0 || addr > HSX_CODE_SIZE || count > (HSX_CODE_SIZE - addr) / 4) {
        return HSX_ERR_ARGUMENT;
    }
    if (t->running) {
        return HSX_ERR_STATE;
    }
    if (4 * count >= SHORTCUT) {
        return write ? t->link->ops->write_ram(t->link, HSX_RAM_CODE, addr, words, count)
                     : t->link->ops->read_ram(t->link, HSX_RAM_CODE, addr, words, count);
    }
    for (size_t i = 0; i < count; i++) {
        ops[i] = (struct hsx_bus_op){.addr = HSX_HOST_CODE + addr + 4 * (uint32_t)i,
                                     .data = write ? words[i] : 0,
                                     .sel = WHOLE_WORD,
                                     .write = write};
    }

    enum hsx_status status = t->link->ops->bus(t->link, ops, count);

    for (size_t i = 0; !write && status == HSX_OK && i < count; i++) {
        words[i] = ops[i].data;
    }
    return status;
}

enum hsx_status hsx_rtl_read_code(struct hsx_target *target, uint32_t addr, uint32_t *words,
                                  size_t count)
{
    return access_code(target, addr, words, count, false);
}

enum hsx_status hsx_rtl_write_code(struct hsx_target *target, uint32_t addr, const uint32_t *words,
                                   size_t count)
{
    return access_code(target, addr, (uint32_t *)(uintptr_t)words, count, true);
}

static enum hsx_status check_slot(const struct hsx_target_rtl *t, uint8_t slot)
{
    if (slot >= t->target.contexts) {
        return HSX_ERR_ARGUMENT;
    }
    return t->running ? HSX_ERR_STATE : HSX_OK;
}

static void context_ops(struct hsx_bus_op *ops, uint8_t slot, bool write)
{
    for (uint32_t i = 0; i < HSX_CONTEXT_FIELDS; i++) {
        ops[i].addr = HSX_HOST_FIELD_ADDRESS(slot, i);
        ops[i].sel = WHOLE_WORD;
        ops[i].write = write;
    }
}

enum hsx_status hsx_rtl_read_context(struct hsx_target *target, uint8_t slot,
                                     struct hsx_context *ctx)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    struct hsx_bus_op ops[HSX_CONTEXT_FIELDS] = {0};
    enum hsx_status status = check_slot(t, slot);

    if (status != HSX_OK) {
        return status;
    }
    context_ops(ops, slot, false);
    status = t->link->ops->bus(t->link, ops, HSX_CONTEXT_FIELDS);
    if (status != HSX_OK) {
        return status;
    }
    *ctx = (struct hsx_context){
        .pc = (uint16_t)ops[HSX_CONTEXT_PC].data,
        .sp = (uint16_t)ops[HSX_CONTEXT_SP].data,
        .reg_base = (uint16_t)ops[HSX_CONTEXT_REG_BASE].data,
        .stack_limit = (uint16_t)ops[HSX_CONTEXT_STACK_LIMIT].data,
        .stack_top = (uint16_t)ops[HSX_CONTEXT_STACK_TOP].data,
        .code_base = (uint16_t)ops[HSX_CONTEXT_CODE_BASE].data,
        .code_len = ops[HSX_CONTEXT_CODE_LEN].data,
        .data_base = (uint16_t)ops[HSX_CONTEXT_DATA_BASE].data,
        .data_len = ops[HSX_CONTEXT_DATA_LEN].data,
        .call_depth = (uint16_t)ops[HSX_CONTEXT_CALL_DEPTH].data,
        .psw = (uint8_t)ops[HSX_CONTEXT_PSW].data,
        .slice = (uint8_t)ops[HSX_CONTEXT_SLICE].data,
        .flags = (uint8_t)ops[HSX_CONTEXT_FLAGS].data,
        .state = (uint8_t)ops[HSX_CONTEXT_STATE].data,
    };
    return HSX_OK;
}

enum hsx_status hsx_rtl_set_state(struct hsx_target *target, uint8_t slot, enum hsx_state state)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    enum hsx_status status = check_slot(t, slot);

    if (status != HSX_OK) {
        return status;
    }
    return hsx_rtl_set(t, HSX_HOST_FIELD_ADDRESS(slot, HSX_CONTEXT_STATE), (uint32_t)state);
}

enum hsx_status hsx_rtl_make_ready(struct hsx_target *target, uint8_t slot)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    enum hsx_status status = check_slot(t, slot);

    return status == HSX_OK
               ? hsx_rtl_set(t, HSX_HOST_FIELD_ADDRESS(slot, HSX_CONTEXT_PUSH), HSX_READY)
               : status;
}

static enum hsx_status read_slice(struct hsx_target_rtl *t, uint8_t slot, uint32_t *slice)
{
    return hsx_rtl_get(t, HSX_HOST_FIELD_ADDRESS(slot, HSX_CONTEXT_SLICE), slice);
}

/* Puts the slot at the queue's tail, with its present state. */
static enum hsx_status push(struct hsx_target_rtl *t, uint8_t slot)
{
    uint32_t state = 0;
    enum hsx_status status =
        hsx_rtl_get(t, HSX_HOST_FIELD_ADDRESS(slot, HSX_CONTEXT_STATE), &state);

    return status == HSX_OK ? hsx_rtl_set(t, HSX_HOST_FIELD_ADDRESS(slot, HSX_CONTEXT_PUSH), state)
                            : status;
}

/* Empties the queue into slots, which has room for all contexts. */
static enum hsx_status pop_all(struct hsx_target_rtl *t, uint8_t *slots, size_t *count)
{
    *count = 0;
    for (;;) {
        uint32_t head = 0;
        enum hsx_status status = hsx_rtl_get(t, HSX_HOST_QUEUE_POP, &head);

        if (status != HSX_OK || HSX_HOST_GET(STATUS_COUNT, head) == 0) {
            return status;
        }
        if (*count == t->target.contexts) {
            return HSX_ERR_MACHINE;
        }
        slots[(*count)++] = (uint8_t)HSX_HOST_GET(STATUS_SLOT, head);
    }
}

static enum hsx_status push_all(struct hsx_target_rtl *t, const uint8_t *slots, size_t count,
                                uint8_t turn_left)
{
    enum hsx_status status = HSX_OK;
    uint32_t slice = 0;

    for (size_t i = 0; status == HSX_OK && i < count; i++) {
        status = push(t, slots[i]);
    }
    if (status == HSX_OK && turn_left != 0 && count != 0) {
        status = read_slice(t, slots[0], &slice);
    }
    if (status != HSX_OK) {
        return status;
    }
    return hsx_rtl_set(t, HSX_HOST_TURN, turn_left ? TURN_OPEN | ((slice - turn_left) & 0xFF) : 0);
}

/* What is left of the turn of slot, according to the word of STATUS. */
static enum hsx_status turn_left_of(struct hsx_target_rtl *t, uint32_t word, uint8_t slot,
                                    uint8_t *left)
{
    uint32_t slice = 0;
    enum hsx_status status = HSX_OK;

    *left = 0;
    if (HSX_HOST_GET(STATUS_TURN_OPEN, word)) {
        status = read_slice(t, slot, &slice);
        *left = (uint8_t)(slice - HSX_HOST_GET(STATUS_TURN, word));
    }
    return status;
}

enum hsx_status hsx_rtl_read_queue(struct hsx_target *target, uint8_t *slots, size_t capacity,
                                   size_t *count, uint8_t *turn_left)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    uint8_t all[HSX_MAX_CONTEXTS];
    uint32_t word = 0;
    uint8_t left = 0;
    size_t held = 0;
    enum hsx_status status = t->running ? HSX_ERR_STATE : HSX_OK;

    if (status == HSX_OK) {
        status = hsx_rtl_get(t, HSX_HOST_STATUS, &word);
    }
    if (status == HSX_OK) {
        status = pop_all(t, all, &held);
    }
    if (status == HSX_OK && held != 0) {
        status = turn_left_of(t, word, all[0], &left);
    }
    if (status == HSX_OK) {
        status = push_all(t, all, held, left);
    }
    if (status != HSX_OK) {
        return status;
    }
    if (held > capacity) {
        return HSX_ERR_ARGUMENT;
    }
    memcpy(slots, all, held);
    *count = held;
    *turn_left = left;
    return HSX_OK;
}

enum hsx_status hsx_rtl_write_queue(struct hsx_target *target, const uint8_t *slots, size_t count,
                                    uint8_t turn_left)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    uint8_t old[HSX_MAX_CONTEXTS];
    size_t held = 0;
    enum hsx_status status = t->running ? HSX_ERR_STATE : HSX_OK;

    if (count > target->contexts) {
        return HSX_ERR_ARGUMENT;
    }
    for (size_t i = 0; status == HSX_OK && i < count; i++) {
        status = check_slot(t, slots[i]);
    }
    if (status == HSX_OK) {
        status = pop_all(t, old, &held);
    }
    return status == HSX_OK ? push_all(t, slots, count, turn_left) : status;
}

static enum hsx_status write_fields(struct hsx_target_rtl *t, uint8_t slot,
                                    const struct hsx_context *ctx)
{
    const uint32_t values[HSX_CONTEXT_FIELDS] = {
        [HSX_CONTEXT_PC] = ctx->pc,
        [HSX_CONTEXT_SP] = ctx->sp,
        [HSX_CONTEXT_REG_BASE] = ctx->reg_base,
        [HSX_CONTEXT_STACK_LIMIT] = ctx->stack_limit,
        [HSX_CONTEXT_STACK_TOP] = ctx->stack_top,
        [HSX_CONTEXT_CODE_BASE] = ctx->code_base,
        [HSX_CONTEXT_CODE_LEN] = ctx->code_len,
        [HSX_CONTEXT_DATA_BASE] = ctx->data_base,
        [HSX_CONTEXT_DATA_LEN] = ctx->data_len,
        [HSX_CONTEXT_CALL_DEPTH] = ctx->call_depth,
        [HSX_CONTEXT_PSW] = ctx->psw,
        [HSX_CONTEXT_SLICE] = ctx->slice,
        [HSX_CONTEXT_FLAGS] = ctx->flags,
        [HSX_CONTEXT_STATE] = ctx->state,
    };
    struct hsx_bus_op ops[HSX_CONTEXT_FIELDS] = {0};

    context_ops(ops, slot, true);
    for (int i = 0; i < HSX_CONTEXT_FIELDS; i++) {
        ops[i].data = values[i];
    }
    return t->link->ops->bus(t->link, ops, HSX_CONTEXT_FIELDS);
}

/* The queue contains each task's slice, so a changed one must be pushed again. */
enum hsx_status hsx_rtl_write_context(struct hsx_target *target, uint8_t slot,
                                      const struct hsx_context *ctx)
{
    struct hsx_target_rtl *t = hsx_rtl_of(target);
    uint8_t slots[HSX_MAX_CONTEXTS];
    uint8_t turn_left = 0;
    uint32_t slice = 0;
    size_t count = 0;
    bool valid = hsx_context_valid(ctx) && ctx->reg_base < hsx_target_windows_end(&t->target);
    enum hsx_status status = valid ? check_slot(t, slot) : HSX_ERR_ARGUMENT;

    if (status == HSX_OK) {
        status = read_slice(t, slot, &slice);
    }
    if (status != HSX_OK || slice == ctx->slice) {
        return status == HSX_OK ? write_fields(t, slot, ctx) : status;
    }
    status = hsx_rtl_read_queue(target, slots, HSX_MAX_CONTEXTS, &count, &turn_left);
    if (status == HSX_OK) {
        status = write_fields(t, slot, ctx);
    }
    return status == HSX_OK ? hsx_rtl_write_queue(target, slots, count, turn_left) : status;
}
