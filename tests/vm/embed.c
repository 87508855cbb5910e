// SPDX-License-Identifier: Apache-2.0
/*
 * The smallest embedding of libhsxvm, shown in docs/refvm.md: one task adds the
 * numbers from 1 to 10 and returns the sum with SVC 1.0 (exit).
 */
#include <hsx/isa.h>
#include <hsx/vm.h>
#include <stdio.h>

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

/* A task in slot 0: code from 0, window at 0x1000, stack in the last 4 KiB. */
static enum hsx_status start(struct hsx_vm *vm)
{
    const struct hsx_context ctx = {
        .sp = 0xFFFC,
        .reg_base = HSX_WINDOW_START,
        .stack_limit = 0xF000,
        .stack_top = 0xFFFC,
        .code_len = sizeof program,
        .data_base = HSX_DATA_LINK,
        .slice = 1,
        .flags = HSX_CTX_PROTECT,
    };
    enum hsx_status status = hsx_vm_write_code(vm, 0, program, sizeof program / 4);
    if (status == HSX_OK)
        status = hsx_vm_write_context(vm, 0, &ctx);
    if (status == HSX_OK)
        status = hsx_vm_make_ready(vm, 0);
    return status;
}

int main(void)
{
    struct hsx_vm *vm;
    struct hsx_record records[100];
    struct hsx_run run = {.max_steps = 1000, .records = records, .capacity = 100};

    if (hsx_vm_create(1, &vm) != HSX_OK)
        return 1;
    enum hsx_status status = start(vm);
    if (status == HSX_OK)
        status = hsx_vm_run(vm, &run);
    if (status == HSX_OK && run.reason == HSX_STOP_SVC) {
        /* A register is a word of data memory, little-endian. */
        const uint8_t *r0 = hsx_vm_data(vm) + HSX_WINDOW_START;
        printf("R0 = %u after %u instructions, stopped by the word %08X at %04X\n",
               r0[0] | (unsigned)r0[1] << 8, (unsigned)run.retired,
               (unsigned)records[run.count - 1].insn, records[run.count - 1].pc);
    } else {
        fprintf(stderr, "%s\n", hsx_status_name(status));
    }
    hsx_vm_destroy(vm);
    return status == HSX_OK ? 0 : 1;
}
