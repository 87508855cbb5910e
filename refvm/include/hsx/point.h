// SPDX-License-Identifier: Apache-2.0
/* Points where a run may have to end: breakpoints and watchpoints as a machine sees them. */
#ifndef HSX_POINT_H
#define HSX_POINT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Relation of an unsigned comparison. */
enum hsx_relation {
    HSX_ALWAYS,
    HSX_EQUAL,
    HSX_NOT_EQUAL,
    HSX_LESS,
    HSX_AT_MOST,
    HSX_MORE,
    HSX_AT_LEAST
};

/* A word of data memory compared with a value. */
struct hsx_condition {
    enum hsx_relation relation;
    bool memory; /* 4 bytes at addr, else register reg of the task in question */
    uint8_t reg;
    uint16_t addr; /* physical */
    uint32_t value;
};

static inline bool hsx_condition_holds(const struct hsx_condition *condition, uint32_t word)
{
    switch (condition->relation) {
    case HSX_ALWAYS:
        return true;
    case HSX_EQUAL:
        return word == condition->value;
    case HSX_NOT_EQUAL:
        return word != condition->value;
    case HSX_LESS:
        return word < condition->value;
    case HSX_AT_MOST:
        return word <= condition->value;
    case HSX_MORE:
        return word > condition->value;
    default:
        return word >= condition->value;
    }
}

enum { HSX_MAX_POINTS = 32, HSX_ANY_SLOT = 0xFF };

/* A place, in front of an instruction, or a change, after one that wrote a different value. */
struct hsx_point {
    bool change;                    /* true: a change, false: a place */
    uint8_t slot;                   /* of a place: the task's, or HSX_ANY_SLOT */
    uint16_t pc;                    /* of a place */
    struct hsx_condition condition; /* of a place */
    uint16_t addr;                  /* of a change: physical address, */
    uint8_t len;                    /* length of 1 .. 4 bytes, */
    uint32_t value;                 /* and the bytes before the change */
};

#ifdef __cplusplus
}
#endif

#endif
