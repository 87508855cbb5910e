// SPDX-License-Identifier: Apache-2.0
/* The executive's access to its machine: contexts, memory, windows. */
#include "internal.h"
#include <hsx/word.h>
#include <string.h>

bool exec_ok(struct hsx_exec *e, enum hsx_status status)
{
    if (e->failed == HSX_OK && status != HSX_OK) {
        e->failed = status == HSX_ERR_DIVERGED ? status : HSX_ERR_MACHINE;
    }
    return e->failed == HSX_OK;
}

uint8_t exec_host_slot(const struct hsx_exec *e)
{
    return (uint8_t)e->target->contexts;
}

int exec_slot_of(const struct hsx_exec *e, uint32_t pid)
{
    for (unsigned i = 0; pid != 0 && i < e->target->contexts; i++) {
        if (e->tasks[i].pid == pid) {
            return (int)i;
        }
    }
    return -1;
}

bool exec_read_context(struct hsx_exec *e, uint8_t slot, struct hsx_context *ctx)
{
    return exec_ok(e, e->target->ops->read_context(e->target, slot, ctx));
}

void exec_read(struct hsx_exec *e, uint32_t addr, void *bytes, size_t len)
{
    if (!exec_ok(e, e->target->ops->read_data(e->target, addr, bytes, len))) {
        memset(bytes, 0, len);
    }
}

void exec_write(struct hsx_exec *e, uint32_t addr, const void *bytes, size_t len)
{
    exec_ok(e, e->target->ops->write_data(e->target, addr, bytes, len));
    if (e->has_sink) {
        e->sink.write(e->sink.ctx, addr, bytes, len);
    }
}

void exec_set_reg(struct hsx_exec *e, const struct hsx_context *ctx, unsigned n, uint32_t value)
{
    uint8_t bytes[4];

    hsx_store_word(bytes, value);
    exec_write(e, ctx->reg_base + 4 * n, bytes, sizeof bytes);
}
