// SPDX-License-Identifier: Apache-2.0
/* Accesses of the host port as requests on the line. */
#include "serial_link.h"
#include <hsx/machine.h>
#include <stdio.h>
#include <string.h>

enum { WHOLE_WORD = 0xF };

static enum hsx_status line_failed(struct serial_link *s)
{
    snprintf(s->why, s->why_size, "%s", s->bridge.message);
    return HSX_ERR_IO;
}

static enum hsx_status request(struct serial_link *s, enum frame_command command, uint32_t addr,
                               uint32_t *words, size_t count)
{
    struct frame_request r = {.command = command, .address = addr, .count = count, .words = words};
    bool write = command == FRAME_WRITE || command == FRAME_WRITE_ONE;
    uint32_t step = command == FRAME_WRITE || command == FRAME_READ ? 4 : 0;

    if (bridge_request(&s->bridge, &r) != HSX_OK) {
        return line_failed(s);
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t at = addr + step * (uint32_t)i;

        if (write || at == HSX_HOST_QUEUE_POP) {
            kept_written(&s->kept, at, words[i]);
        }
    }
    return HSX_OK;
}

enum hsx_status serial_get(struct serial_link *s, uint32_t addr, uint32_t *value)
{
    return request(s, FRAME_READ, addr, value, 1);
}

enum hsx_status serial_set(struct serial_link *s, uint32_t addr, uint32_t value)
{
    return request(s, FRAME_WRITE, addr, &value, 1);
}

enum hsx_status serial_read(struct serial_link *s, uint32_t addr, uint32_t *words, size_t count)
{
    return request(s, FRAME_READ, addr, words, count);
}

enum hsx_status serial_read_controls(struct serial_link *s, uint32_t *words)
{
    enum hsx_status status = serial_read(s, HSX_HOST_STATUS, words, KEPT_CONTROLS);

    if (status == HSX_OK && HSX_HOST_GET(STATUS_HELD, words[0])) {
        kept_put(&s->kept, HSX_HOST_STATUS, words, KEPT_CONTROLS);
        s->cycles += words[(HSX_HOST_CYCLES - HSX_HOST_STATUS) / 4] - (uint32_t)s->cycles;
    }
    return status;
}

enum hsx_status serial_read_one(struct serial_link *s, uint32_t addr, uint32_t *words, size_t count)
{
    return request(s, FRAME_READ_ONE, addr, words, count);
}

/* Consecutive reads, beginning with a word that can be cached: done from the cache, after one
 * request if it is not there. Returns how many were done. */
static size_t read_kept(struct serial_link *s, struct hsx_bus_op *ops, size_t count,
                        enum hsx_status *status)
{
    uint32_t words[FRAME_WORDS];
    uint32_t first;
    size_t together = kept_together(ops->addr, &first);
    size_t n = 0;

    if (!kept_find(&s->kept, ops->addr, &ops->data)) {
        if (together == KEPT_CONTROLS) {
            *status = serial_read_controls(s, words);
        } else {
            size_t ahead = 1;

            while (ahead < count && !ops[ahead].write &&
                   ops[ahead].addr == ops[0].addr + 4 * ahead) {
                ahead++;
            }
            while (together < FRAME_WORDS && first + 4 * together < ops[0].addr + 4 * ahead) {
                together += KEPT_BLOCK;
            }
            *status = serial_read(s, first, words, together);
            if (*status == HSX_OK) {
                kept_put(&s->kept, first, words, together);
            }
        }
        if (*status == HSX_OK) {
            ops->data = words[(ops->addr - first) / 4];
        }
        return 1;
    }
    while (n < count && !ops[n].write && kept_find(&s->kept, ops[n].addr, &ops[n].data)) {
        n++;
    }
    return n;
}

static bool can_keep(uint32_t addr)
{
    uint32_t first;

    return kept_together(addr, &first) != 0;
}

static bool in_region(uint32_t addr, uint32_t region, uint32_t size)
{
    return addr >= region && addr - region < size;
}

/* The line transfers whole words: to change part of one, it is read first. */
static bool is_partial(const struct hsx_bus_op *op)
{
    return op->write && op->sel != WHOLE_WORD && in_region(op->addr, HSX_HOST_DATA, HSX_DATA_SIZE);
}

static enum hsx_status write_partial(struct serial_link *s, const struct hsx_bus_op *op)
{
    uint32_t word = 0;
    uint32_t mask = 0;
    struct hsx_bus_op read = {.addr = op->addr};
    enum hsx_status status = HSX_OK;

    read_kept(s, &read, 1, &status);
    word = read.data;
    for (int lane = 0; lane < 4; lane++) {
        mask |= op->sel >> lane & 1 ? 0xFFu << 8 * lane : 0;
    }
    serial_forget(s); /* it may be a register */
    return status == HSX_OK ? serial_set(s, op->addr, (word & ~mask) | (op->data & mask)) : status;
}

static bool is_code(uint32_t addr)
{
    return in_region(addr, HSX_HOST_CODE, HSX_CODE_SIZE);
}

static bool *code_known(struct serial_link *s, uint32_t addr)
{
    return &s->code_known[(addr - HSX_HOST_CODE) / 4];
}

static bool is_unwritten_code(struct serial_link *s, const struct hsx_bus_op *op)
{
    return !op->write && is_code(op->addr) && !*code_known(s, op->addr);
}

/* The number of accesses, from the first, that one request can do; *step is 4, or 0 if all are
 * to one address. */
static size_t stretch(struct serial_link *s, const struct hsx_bus_op *ops, size_t count,
                      uint32_t *step)
{
    size_t n = 1;

    *step = count > 1 ? ops[1].addr - ops[0].addr : 4;
    if (*step != 0 && *step != 4) {
        return 1;
    }
    while (n < count && n < FRAME_WORDS && ops[n].write == ops[0].write &&
           ops[n].addr == ops[n - 1].addr + *step && !is_partial(&ops[n]) &&
           !is_unwritten_code(s, &ops[n])) {
        n++;
    }
    return n;
}

/* Writes 0 to unwritten code that the task of a context could reach, as it counts as 0. */
static enum hsx_status clear_reachable(struct serial_link *s, uint32_t from, uint32_t len)
{
    static const uint32_t zeros[FRAME_WORDS];
    uint32_t end = len < HSX_CODE_SIZE - from ? from + len : HSX_CODE_SIZE;
    enum hsx_status status = HSX_OK;

    for (uint32_t at = from; at < end && status == HSX_OK;) {
        size_t n = 0;

        while (n < FRAME_WORDS && at + 4 * n < end && !s->code_known[at / 4 + n]) {
            s->code_known[at / 4 + n] = true;
            s->code[at / 4 + n] = 0;
            n++;
        }
        if (n != 0) {
            status = request(s, FRAME_WRITE, HSX_HOST_CODE + at, (uint32_t *)(uintptr_t)zeros, n);
        }
        at += 4 * (uint32_t)(n != 0 ? n : 1);
    }
    return status;
}

static void push(struct serial_link *s, uint8_t slot)
{
    s->trace.tasks[slot].pushed = true;
    s->queue_known = s->queue_known && s->queue_count < sizeof s->queue;
    if (s->queue_known) {
        s->queue[s->queue_count++] = slot;
    }
}

/* Updates the link's state after an access. */
static enum hsx_status note(struct serial_link *s, const struct hsx_bus_op *op)
{
    if (op->write && (in_region(op->addr, HSX_HOST_CONTEXT, HSX_HOST_CONTROL - HSX_HOST_CONTEXT) ||
                      in_region(op->addr, HSX_HOST_DATA + HSX_WINDOW_START,
                                HSX_WINDOW_END - HSX_WINDOW_START))) {
        serial_forget(s);
    }
    if (op->addr == HSX_HOST_CTRL && op->write) {
        s->stopping = true;
    } else if (op->addr == HSX_HOST_STEP_BUDGET && op->write) {
        s->budget = op->data;
    } else if (op->addr == HSX_HOST_QUEUE_POP || op->addr == HSX_HOST_TURN) {
        s->queue_known = false;
    } else if (op->addr == HSX_HOST_CYCLES && op->write) {
        s->cycles = 0;
    } else if (op->write && is_code(op->addr)) {
        *code_known(s, op->addr) = true;
        s->code[(op->addr - HSX_HOST_CODE) / 4] = op->data;
    } else if (op->write &&
               in_region(op->addr, HSX_HOST_CONTEXT, HSX_HOST_CONTROL - HSX_HOST_CONTEXT)) {
        uint32_t field = op->addr % HSX_HOST_CONTEXT_SIZE / 4;
        uint8_t slot = (uint8_t)((op->addr - HSX_HOST_CONTEXT) / HSX_HOST_CONTEXT_SIZE);

        if (field == HSX_CONTEXT_PUSH) {
            push(s, slot);
            return HSX_OK;
        }
        s->trace.tasks[slot].known = false;
        if (field == HSX_CONTEXT_CODE_BASE) {
            s->code_base = op->data & (HSX_CODE_SIZE - 4);
        } else if (field == HSX_CONTEXT_CODE_LEN) {
            return clear_reachable(s, s->code_base, op->data);
        }
    }
    return HSX_OK;
}

static enum hsx_status do_stretch(struct serial_link *s, struct hsx_bus_op *ops, size_t count,
                                  uint32_t step)
{
    enum frame_command command = step == 0 ? (ops[0].write ? FRAME_WRITE_ONE : FRAME_READ_ONE)
                                           : (ops[0].write ? FRAME_WRITE : FRAME_READ);
    uint32_t words[FRAME_WORDS];

    for (size_t i = 0; i < count; i++) {
        words[i] = ops[i].data;
    }
    enum hsx_status status = request(s, command, ops[0].addr, words, count);

    for (size_t i = 0; status == HSX_OK && i < count; i++) {
        if (!ops[i].write) {
            ops[i].data = words[i];
        }
        status = note(s, &ops[i]);
    }
    return status;
}

enum hsx_status serial_bus(struct hsx_rtl_link *link, struct hsx_bus_op *ops, size_t count)
{
    struct serial_link *s = serial_of(link);
    enum hsx_status status = HSX_OK;

    while (count > 0 && status == HSX_OK) {
        size_t n = 1;

        if (ops->addr == HSX_HOST_CTRL && ops->write && ops->data == 1) {
            s->going = true;
            s->stopping = false;
        } else if (ops->addr == HSX_HOST_CTRL && ops->write && !s->trace.running) {
            s->going = false; /* it is held between two steps */
        } else if (is_partial(ops)) {
            status = write_partial(s, ops);
        } else if (is_unwritten_code(s, ops)) {
            ops->data = 0;
        } else if (!ops->write && can_keep(ops->addr)) {
            n = read_kept(s, ops, count, &status);
        } else {
            uint32_t step;

            n = stretch(s, ops, count, &step);
            status = do_stretch(s, ops, n, step);
        }
        ops += n;
        count -= n;
    }
    return status;
}
