// SPDX-License-Identifier: Apache-2.0
/* Memory as instructions and words. */
#include "shell.h"
#include <hsx/dis.h>
#include <hsx/word.h>
#include <string.h>

bool code_word(struct hsx_shell *s, const struct hsx_context *ctx, uint32_t pc, uint32_t *word)
{
    struct hsx_target *t = s->config.target;

    return pc % 4 == 0 && pc + 4 <= ctx->code_len &&
           t->ops->read_code(t, ctx->code_base + pc, word, 1) == HSX_OK;
}

unsigned code_text(struct hsx_shell *s, const struct hsx_context *ctx, uint16_t pc, char *text,
                   size_t size)
{
    uint32_t word = 0;
    uint32_t ext = 0;
    unsigned len;

    if (!code_word(s, ctx, pc, &word)) {
        snprintf(text, size, "(no code here)");
        return 4;
    }
    code_word(s, ctx, pc + 4u, &ext);
    len = hsx_dis(word, ext, pc, (ctx->flags & HSX_CTX_CALL_WORDS) != 0, text, size);
    for (char *c = text; *c != '\0'; c++) {
        if (*c == '\t') {
            *c = ' ';
        }
    }
    return len;
}

uint32_t data_word(struct hsx_shell *s, uint32_t addr, unsigned len)
{
    struct hsx_target *t = s->config.target;
    uint8_t bytes[4] = {0};

    t->ops->read_data(t, addr, bytes, len);
    return hsx_load_word(bytes);
}
