// SPDX-License-Identifier: Apache-2.0
/*
 * A word as four bytes of data memory: little-endian, at any address (contract section
 * 1).
 */
#ifndef HSX_WORD_H
#define HSX_WORD_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline uint32_t hsx_load_word(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static inline void hsx_store_word(uint8_t *bytes, uint32_t word)
{
    bytes[0] = (uint8_t)word;
    bytes[1] = (uint8_t)(word >> 8);
    bytes[2] = (uint8_t)(word >> 16);
    bytes[3] = (uint8_t)(word >> 24);
}

#ifdef __cplusplus
}
#endif

#endif
