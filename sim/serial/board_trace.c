// SPDX-License-Identifier: Apache-2.0
#include "board_trace.h"
#include <hsx/soc_map.h>
#include <string.h>

#define FIELD(name, word)                                                                          \
    (((word) >> HSX_SOC_TRACE_WORD_##name##_SHIFT) & HSX_SOC_TRACE_WORD_##name##_MASK)

enum { NO_EVENT = HSX_SOC_TRACE_WORD_EVENT_MASK };

static bool has_value(uint32_t first)
{
    return FIELD(RD_WE, first) || FIELD(MEM_RE, first) || FIELD(MEM_WE, first);
}

size_t board_trace_size(uint32_t first)
{
    if (FIELD(EVENT, first) == NO_EVENT) {
        return 0;
    }
    return BOARD_TRACE_LEAST + FIELD(ELSEWHERE, first) + FIELD(R15_WE, first) + has_value(first);
}

bool board_trace_due(const struct board_trace *t)
{
    return (t->reorder.present >> t->reorder.due % HSX_REORDER_WINDOW & 1) != 0;
}

uint32_t board_trace_missing(const struct board_trace *t)
{
    uint32_t records = t->order_end - t->order_first - t->came;
    uint32_t begun = t->have != 0 ? (uint32_t)(board_trace_size(t->record[0]) - t->have) : 0;

    return begun + BOARD_TRACE_USUAL * (records - (t->have != 0));
}

void board_trace_decode(struct board_trace *t, struct hsx_retired *retired)
{
    const uint32_t *word = t->record;
    uint32_t first = *word++;
    struct hsx_record *r = &retired->record;
    struct board_trace_task *task = &t->tasks[FIELD(SLOT, first)];

    memset(retired, 0, sizeof *retired);
    retired->order = t->reorder.due + ((FIELD(ORDER, first) - t->reorder.due) &
                                       (uint32_t)HSX_SOC_TRACE_WORD_ORDER_MASK);
    t->cycle += (uint16_t)(*word - t->stamp);
    t->stamp = (uint16_t)*word;
    retired->cycle = t->cycle;
    r->event = (uint8_t)FIELD(EVENT, first);
    if (r->event == HSX_EV_TICK) {
        return;
    }
    r->slot = (uint8_t)FIELD(SLOT, first);
    r->psw = (uint8_t)FIELD(PSW, first);
    r->flags =
        (uint8_t)((FIELD(TURN_FIRST, first) ? HSX_REC_TURN_FIRST : 0) |
                  (FIELD(TURN_ROTATE, first) ? HSX_REC_TURN_ROTATE : 0) |
                  (FIELD(RD_WE, first) ? HSX_REC_RD : 0) |
                  (FIELD(R15_WE, first) ? HSX_REC_R15 : 0) | (FIELD(EXT, first) ? HSX_REC_EXT : 0));
    r->pc = (uint16_t)(*word++ >> 16);
    r->next_pc = (uint16_t)(r->pc + (FIELD(EXT, first) ? 8 : 4));
    if (FIELD(ELSEWHERE, first)) {
        r->next_pc = (uint16_t)(*word >> 16);
        r->mem_addr = (uint16_t)*word++;
    }
    if (FIELD(R15_WE, first)) {
        task->sp = (uint16_t)(*word >> 16);
        task->call_depth = (uint16_t)*word++;
    }
    r->sp = task->sp;
    r->call_depth = task->call_depth;
    r->access = (uint8_t)((FIELD(MEM_RE, first) ? HSX_ACC_READ : 0) |
                          (FIELD(MEM_WE, first) ? HSX_ACC_WRITE : 0));
    if (FIELD(RD_WE, first)) {
        r->rd = (uint8_t)FIELD(RD, first);
        r->rd_value = *word;
    }
    if (r->access != 0) {
        r->mem_value = *word;
    }
}
