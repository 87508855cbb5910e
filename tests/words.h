// SPDX-License-Identifier: Apache-2.0
/* Instructions as words, for programs that are not in an image file. */
#ifndef TESTS_WORDS_H
#define TESTS_WORDS_H

#include <hsx/isa.h>
#include <stdint.h>

#define WORD(op, rd, rs1, rs2, imm)                                                                \
    ((uint32_t)HSX_OP_##op << 24 | (uint32_t)(rd) << 20 | (uint32_t)(rs1) << 16 |                  \
     (uint32_t)(rs2) << 12 | ((uint32_t)(imm)&0xFFF))

#endif
