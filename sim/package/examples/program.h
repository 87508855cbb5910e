// SPDX-License-Identifier: Apache-2.0
/* A task that adds the numbers from 1 to 10 and returns the sum with SVC 1.0 (exit). */
#include <hsx/isa.h>
#include <hsx/machine.h>
#include <string.h>

#define WORD(name, rd, rs1, rs2, imm)                                                              \
    ((uint32_t)HSX_OP_##name << 24 | (rd) << 20 | (rs1) << 16 | (rs2) << 12 | (imm))

static const uint32_t program[] = {
    WORD(LDI, 1, 0, 0, 10),    /* 00: R1 = 10 */
    WORD(LDI, 2, 0, 0, 1),     /* 04: R2 = 1 */
    WORD(ADD, 0, 0, 1, 0),     /* 08: R0 += R1 */
    WORD(SUB, 1, 1, 2, 0),     /* 0C: R1 -= 1 */
    WORD(JNZ, 0, 0, 0, 0x08),  /* 10: again */
    WORD(SVC, 0, 0, 0, 0x100), /* 14: exit with status R0 */
};

/* In slot 0: code from 0, window at 0x1000, stack in the last 4 KiB. */
static inline struct hsx_context fresh_context(void)
{
    struct hsx_context ctx;

    memset(&ctx, 0, sizeof ctx);
    ctx.sp = 0xFFFC;
    ctx.reg_base = HSX_WINDOW_START;
    ctx.stack_limit = 0xF000;
    ctx.stack_top = 0xFFFC;
    ctx.code_len = sizeof program;
    ctx.data_base = HSX_DATA_LINK;
    ctx.slice = 1;
    ctx.flags = HSX_CTX_PROTECT;
    return ctx;
}
