// SPDX-License-Identifier: Apache-2.0
/* Access to members of the machine's structures by offset, for tables of fields. */
#ifndef HSX_MEMBER_H
#define HSX_MEMBER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The value of the unsigned member of 1, 2 or 4 bytes at that offset of object. */
static inline uint32_t hsx_member_value(const void *object, size_t offset, size_t size)
{
    const uint8_t *at = (const uint8_t *)object + offset;
    uint16_t half;
    uint32_t word;

    switch (size) {
    case 1:
        return *at;
    case 2:
        memcpy(&half, at, sizeof half);
        return half;
    default:
        memcpy(&word, at, sizeof word);
        return word;
    }
}

#ifdef __cplusplus
}
#endif

#endif
