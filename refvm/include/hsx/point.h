// SPDX-License-Identifier: Apache-2.0
/* Where a run may have to end: breakpoints and watchpoints as a machine sees them. */
#ifndef HSX_POINT_H
#define HSX_POINT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a value is compared by, without a sign. */
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
    bool memory; /* 4 bytes at addr, else register reg of the task that is asked about */
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

/* A place, in front of an instruction, or a change, behind one that wrote another value. */
struct hsx_point {
    bool change;                    /* else a place */
    uint8_t slot;                   /* a place: whose, or HSX_ANY_SLOT */
    uint16_t pc;                    /* a place */
    struct hsx_condition condition; /* a place */
    uint16_t addr;                  /* a change: physical, */
    uint8_t len;                    /* 1 .. 4 bytes, */
    uint32_t value;                 /* that were these */
};

#ifdef __cplusplus
}
#endif

#endif
