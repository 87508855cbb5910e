// SPDX-License-Identifier: Apache-2.0
/* The machine's part of a snapshot: reading it from a target, writing it to one, and its
 * bytes. */
#include "snapshot_parts.h"
#include <hsx/word.h>
#include <string.h>

enum { CHUNK = 1024 };

static enum hsx_status read_code(struct hsx_target *t, uint8_t *code)
{
    uint32_t words[CHUNK / 4];
    enum hsx_status status = HSX_OK;

    for (uint32_t at = 0; at < HSX_CODE_SIZE && status == HSX_OK; at += CHUNK) {
        status = t->ops->read_code(t, at, words, CHUNK / 4);
        for (uint32_t i = 0; status == HSX_OK && i < CHUNK; i++) {
            code[at + i] = (uint8_t)(words[i / 4] >> (8 * (i % 4)));
        }
    }
    return status;
}

static enum hsx_status write_code(struct hsx_target *t, const uint8_t *code)
{
    uint32_t words[CHUNK / 4];
    enum hsx_status status = HSX_OK;

    for (uint32_t at = 0; at < HSX_CODE_SIZE && status == HSX_OK; at += CHUNK) {
        for (uint32_t i = 0; i < CHUNK / 4; i++) {
            words[i] = hsx_load_word(code + at + 4 * i);
        }
        status = t->ops->write_code(t, at, words, CHUNK / 4);
    }
    return status;
}

enum hsx_status snap_read_machine(struct hsx_target *t, struct snap_machine *m)
{
    enum hsx_status status = read_code(t, m->code);

    if (status == HSX_OK) {
        status = t->ops->read_data(t, 0, m->data, HSX_DATA_SIZE);
    }
    for (unsigned i = 0; i < t->contexts && status == HSX_OK; i++) {
        status = t->ops->read_context(t, (uint8_t)i, &m->contexts[i]);
        if (m->contexts[i].state == HSX_FREE) {
            m->contexts[i] = (struct hsx_context){0};
        }
    }
    if (status == HSX_OK) {
        status = t->ops->read_queue(t, m->queue, HSX_MAX_CONTEXTS, &m->queue_count, &m->turn_left);
    }
    return status == HSX_OK ? t->ops->read_totals(t, &m->totals) : status;
}

static enum hsx_status write_contexts(struct hsx_target *t, const struct snap_machine *m)
{
    enum hsx_status status = HSX_OK;

    for (unsigned i = 0; i < t->contexts && status == HSX_OK; i++) {
        if (m->contexts[i].state == HSX_FREE) {
            status = t->ops->set_state(t, (uint8_t)i, HSX_FREE);
        } else {
            status = t->ops->write_context(t, (uint8_t)i, &m->contexts[i]);
        }
    }
    return status;
}

enum hsx_status snap_write_machine(struct hsx_target *t, const struct snap_machine *m)
{
    enum hsx_status status = write_contexts(t, m);

    if (status == HSX_OK) {
        status = write_code(t, m->code);
    }
    if (status == HSX_OK) {
        status = t->ops->write_data(t, 0, m->data, HSX_DATA_SIZE);
    }
    if (status == HSX_OK) {
        status = t->ops->write_queue(t, m->queue, m->queue_count, m->turn_left);
    }
    /* The tick's period first: the machine's position within it follows from the totals. */
    if (status == HSX_OK) {
        status = t->ops->set_tick_steps(t, m->tick_steps);
    }
    if (status == HSX_OK) {
        status = t->ops->write_totals(t, &m->totals);
    }
    return status == HSX_OK ? t->ops->set_alarm(t, m->alarm_armed, m->alarm) : status;
}

static void code_context(struct codec *c, struct hsx_context *x)
{
    CODEC(c, x->state, HSX_FAULTED);
    if (x->state == HSX_FREE) {
        return;
    }
    CODEC(c, x->pc, UINT16_MAX);
    CODEC(c, x->sp, UINT16_MAX);
    CODEC(c, x->reg_base, UINT16_MAX);
    CODEC(c, x->stack_limit, UINT16_MAX);
    CODEC(c, x->stack_top, UINT16_MAX);
    CODEC(c, x->code_base, UINT16_MAX);
    CODEC(c, x->data_base, UINT16_MAX);
    CODEC(c, x->call_depth, UINT16_MAX);
    CODEC(c, x->code_len, HSX_CODE_SIZE);
    CODEC(c, x->data_len, HSX_DATA_SIZE - HSX_DATA_LINK);
    CODEC(c, x->psw, 15);
    CODEC(c, x->slice, UINT8_MAX);
    CODEC(c, x->flags, HSX_CTX_PROTECT | HSX_CTX_CALL_WORDS);
}

void snap_code_machine(struct codec *c, struct snap_machine *m, unsigned contexts)
{
    CODEC(c, m->totals.order, UINT64_MAX);
    CODEC(c, m->totals.steps, UINT64_MAX);
    CODEC(c, m->totals.tick_due, 1);
    for (unsigned i = 0; i < contexts; i++) {
        code_context(c, &m->contexts[i]);
    }
    CODEC(c, m->queue_count, contexts);
    for (size_t i = 0; i < m->queue_count; i++) {
        CODEC(c, m->queue[i], contexts - 1);
    }
    CODEC(c, m->turn_left, UINT8_MAX);
    codec_sparse(c, m->code, sizeof m->code);
    codec_sparse(c, m->data, sizeof m->data);
}
