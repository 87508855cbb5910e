// SPDX-License-Identifier: Apache-2.0
#include "host.h"
#include <hsx/host_map.h>

void hsx_host_load_code(const struct hsx_host *host, uint32_t addr, const uint32_t *words,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        host->write(host->ctx, HSX_HOST_CODE + addr + 4 * (uint32_t)i, words[i]);
    }
}

uint32_t hsx_host_read_reg(const struct hsx_host *host, uint16_t reg_base, unsigned n)
{
    return host->read(host->ctx, reg_base + 4 * n);
}

void hsx_host_write_reg(const struct hsx_host *host, uint16_t reg_base, unsigned n, uint32_t value)
{
    host->write(host->ctx, reg_base + 4 * n, value);
}

void hsx_host_resume(const struct hsx_host *host, uint8_t slot)
{
    host->write(host->ctx, HSX_HOST_FIELD_ADDRESS(slot, HSX_CONTEXT_PUSH), HSX_READY);
}

void hsx_host_start(const struct hsx_host *host, uint8_t slot, const struct hsx_context *ctx,
                    const uint32_t regs[HSX_REGISTERS])
{
    /* The push writes the state. */
    const uint32_t fields[] = {
        [HSX_CONTEXT_PC] = ctx->pc,
        [HSX_CONTEXT_SP] = ctx->sp,
        [HSX_CONTEXT_REG_BASE] = ctx->reg_base,
        [HSX_CONTEXT_STACK_LIMIT] = ctx->stack_limit,
        [HSX_CONTEXT_STACK_TOP] = ctx->stack_top,
        [HSX_CONTEXT_CODE_BASE] = ctx->code_base,
        [HSX_CONTEXT_CODE_LEN] = ctx->code_len,
        [HSX_CONTEXT_DATA_BASE] = ctx->data_base,
        [HSX_CONTEXT_DATA_LEN] = ctx->data_len,
        [HSX_CONTEXT_CALL_DEPTH] = ctx->call_depth,
        [HSX_CONTEXT_PSW] = ctx->psw,
        [HSX_CONTEXT_SLICE] = ctx->slice,
        [HSX_CONTEXT_FLAGS] = ctx->flags,
    };

    for (unsigned n = 0; n < HSX_REGISTERS; n++) {
        hsx_host_write_reg(host, ctx->reg_base, n, regs[n]);
    }
    for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        host->write(host->ctx, HSX_HOST_FIELD_ADDRESS(slot, i), fields[i]);
    }
    hsx_host_resume(host, slot);
}

void hsx_host_go(const struct hsx_host *host, uint32_t hold_mask)
{
    host->write(host->ctx, HSX_HOST_HOLD_MASK, hold_mask);
    host->write(host->ctx, HSX_HOST_CTRL, 1);
}

enum hsx_stop hsx_host_wait(const struct hsx_host *host, uint8_t *slot)
{
    uint32_t status;

    do {
        status = host->read(host->ctx, HSX_HOST_STATUS);
    } while (!HSX_HOST_GET(STATUS_HELD, status));
    *slot = (uint8_t)HSX_HOST_GET(STATUS_SLOT, status);
    return (enum hsx_stop)HSX_HOST_GET(STATUS_CAUSE, status);
}
