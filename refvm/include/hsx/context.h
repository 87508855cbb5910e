// SPDX-License-Identifier: Apache-2.0
/*
 * Which contexts a machine accepts. All machines refuse the same ones, so that a
 * debugger's write or a snapshot has the same result on each.
 */
#ifndef HSX_CONTEXT_H
#define HSX_CONTEXT_H

#include <hsx/machine.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline bool hsx_context_valid(const struct hsx_context *ctx)
{
    return ctx->reg_base % HSX_WINDOW_SIZE == 0 && ctx->code_base % 4 == 0 &&
           ctx->data_base % 4 == 0 && ctx->code_len <= HSX_CODE_SIZE &&
           ctx->code_base + ctx->code_len <= HSX_CODE_SIZE &&
           ctx->data_len <= HSX_DATA_SIZE - HSX_DATA_LINK && ctx->psw < 16 &&
           (ctx->flags & ~(HSX_CTX_PROTECT | HSX_CTX_CALL_WORDS)) == 0 && ctx->state <= HSX_FAULTED;
}

#ifdef __cplusplus
}
#endif

#endif
