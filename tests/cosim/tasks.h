/* Tasks of few instructions for a target. */
#ifndef TESTS_COSIM_TASKS_H
#define TESTS_COSIM_TASKS_H

#include <hsx/isa.h>
#include <hsx/rtl.h>

#define WORD(op, rd, rs1, rs2, imm)                                                                \
    ((uint32_t)HSX_OP_##op << 24 | (uint32_t)(rd) << 20 | (uint32_t)(rs1) << 16 |                  \
     (uint32_t)(rs2) << 12 | ((uint32_t)(imm)&0xFFF))

enum { TASKS_MAX = 16 };

/* The RTL core with as many contexts and windows; link may be NULL. */
struct hsx_target *tasks_core(struct hsx_rtl_link **link);

/* Slot runs words, from address 0x100 * slot of the code, with a slice of 1. */
void tasks_start(struct hsx_target *target, uint8_t slot, const uint32_t *words, size_t count);

#endif
