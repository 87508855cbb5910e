#include "host.h"
#include <hsx/rtl.h>

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
    host->write(host->ctx,
                HSX_HOST_CONTEXT + slot * (uint32_t)HSX_HOST_CONTEXT_SIZE + HSX_HOST_CONTEXT_PUSH,
                HSX_READY);
}

void hsx_host_start(const struct hsx_host *host, uint8_t slot, const struct hsx_context *ctx,
                    const uint32_t regs[HSX_REGISTERS])
{
    /* In the order of the host map; the state is written by the push. */
    const uint32_t fields[] = {
        ctx->pc,        ctx->sp,       ctx->reg_base,  ctx->stack_limit, ctx->stack_top,
        ctx->code_base, ctx->code_len, ctx->data_base, ctx->data_len,    ctx->call_depth,
        ctx->psw,       ctx->slice,    ctx->flags,
    };
    uint32_t base = HSX_HOST_CONTEXT + slot * (uint32_t)HSX_HOST_CONTEXT_SIZE;

    for (unsigned n = 0; n < HSX_REGISTERS; n++) {
        hsx_host_write_reg(host, ctx->reg_base, n, regs[n]);
    }
    for (unsigned i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        host->write(host->ctx, base + 4 * i, fields[i]);
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
    } while ((status & 1) == 0);
    *slot = (uint8_t)(status >> 8);
    return (enum hsx_stop)(status >> 4 & 0xF);
}
