// SPDX-License-Identifier: Apache-2.0
/* binary16 arithmetic of section 2: round to nearest even, subnormals kept,
 * every NaN result 0x7E00. Operands and results are bit patterns. */
#ifndef HSX_VM_HALF_H
#define HSX_VM_HALF_H

#include <stdint.h>

uint16_t hsx_half_add(uint16_t a, uint16_t b);
uint16_t hsx_half_sub(uint16_t a, uint16_t b);
uint16_t hsx_half_mul(uint16_t a, uint16_t b);
uint16_t hsx_half_div(uint16_t a, uint16_t b);
uint16_t hsx_half_from_int(int32_t value);
int32_t hsx_half_to_int(uint16_t value); /* truncating; NaN 0, infinities saturate */

#endif
