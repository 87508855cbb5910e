// SPDX-License-Identifier: Apache-2.0
#include "kept.h"
#include <string.h>

static bool is_data(uint32_t addr)
{
    return addr - HSX_HOST_DATA < HSX_DATA_SIZE;
}

static bool is_context(uint32_t addr)
{
    return addr >= HSX_HOST_CONTEXT && addr - HSX_HOST_CONTEXT < 4 * KEPT_CONTEXTS * KEPT_BLOCK;
}

static bool is_control(uint32_t addr)
{
    return addr >= HSX_HOST_STATUS && addr <= HSX_HOST_NOW;
}

void kept_forget(struct kept *kept)
{
    memset(kept->data_known, 0, sizeof kept->data_known);
    memset(kept->context_known, 0, sizeof kept->context_known);
    kept->controls_known = false;
}

bool kept_find(const struct kept *kept, uint32_t addr, uint32_t *value)
{
    if (is_data(addr) && kept->data_known[(addr - HSX_HOST_DATA) / 4 / KEPT_BLOCK]) {
        *value = kept->data[(addr - HSX_HOST_DATA) / 4];
        return true;
    }
    if (is_context(addr) && kept->context_known[(addr - HSX_HOST_CONTEXT) / 4 / KEPT_BLOCK]) {
        *value = kept->contexts[(addr - HSX_HOST_CONTEXT) / 4];
        return true;
    }
    if (is_control(addr) && kept->controls_known) {
        *value = kept->controls[(addr - HSX_HOST_STATUS) / 4];
        return true;
    }
    return false;
}

size_t kept_together(uint32_t addr, uint32_t *first)
{
    if (is_data(addr) || is_context(addr)) {
        *first = addr - addr % (4 * KEPT_BLOCK);
        return KEPT_BLOCK;
    }
    *first = HSX_HOST_STATUS;
    return is_control(addr) ? KEPT_CONTROLS : 0;
}

void kept_put(struct kept *kept, uint32_t first, const uint32_t *words, size_t count)
{
    if (is_control(first)) {
        memcpy(kept->controls, words, sizeof kept->controls);
        kept->controls_known = true;
        return;
    }
    bool data = is_data(first);
    uint32_t at = (first - (data ? (uint32_t)HSX_HOST_DATA : (uint32_t)HSX_HOST_CONTEXT)) / 4;

    memcpy((data ? kept->data : kept->contexts) + at, words, count * sizeof words[0]);
    for (size_t i = 0; i < count; i += KEPT_BLOCK) {
        (data ? kept->data_known : kept->context_known)[at / KEPT_BLOCK + i / KEPT_BLOCK] = true;
    }
}

void kept_written(struct kept *kept, uint32_t addr, uint32_t value)
{
    if (addr == HSX_HOST_CTRL) {
        kept_forget(kept);
    } else if (is_data(addr)) {
        kept->data[(addr - HSX_HOST_DATA) / 4] = value;
    } else if (addr >= HSX_HOST_CONTEXT) {
        /* A field may read back differently, and a slot pushed to the queue changes STATUS. */
        if (is_context(addr)) {
            kept->context_known[(addr - HSX_HOST_CONTEXT) / 4 / KEPT_BLOCK] = false;
        }
        kept->controls_known = false;
    }
}
