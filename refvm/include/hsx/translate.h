// SPDX-License-Identifier: Apache-2.0
/*
 * Translation and protection of data accesses (contract section 4): the rule shared by the
 * VM's loads and stores and the executive's SVC pointers.
 */
#ifndef HSX_TRANSLATE_H
#define HSX_TRANSLATE_H

#include <hsx/machine.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The parts of a context that an access depends on. */
struct hsx_access_map {
    uint32_t data_len;
    uint16_t data_base;
    uint16_t reg_base;
    uint16_t stack_limit;
    uint16_t stack_top;
    bool protect;
};

static inline void hsx_access_map_init(struct hsx_access_map *map, const struct hsx_context *ctx)
{
    map->data_len = ctx->data_len;
    map->data_base = ctx->data_base;
    map->reg_base = ctx->reg_base;
    map->stack_limit = ctx->stack_limit;
    map->stack_top = ctx->stack_top;
    map->protect = (ctx->flags & HSX_CTX_PROTECT) != 0;
}

/* The protection check of an access of len > 0 bytes at address, before translation. */
static inline bool hsx_access_allowed(const struct hsx_access_map *map, uint32_t address,
                                      uint32_t len)
{
    uint32_t end = address + len;
    return end <= HSX_SHARED_PAGE ||
           (address >= map->reg_base && end <= (uint32_t)map->reg_base + HSX_WINDOW_SIZE) ||
           (address >= HSX_DATA_LINK && end <= HSX_DATA_LINK + map->data_len) ||
           (address >= map->stack_limit && end <= map->stack_top);
}

/* An access of len > 0 bytes at address < 0x10000: true and the physical address, or false
 * for MEM_FAULT. */
static inline bool hsx_access(const struct hsx_access_map *map, uint32_t address, uint32_t len,
                              uint32_t *physical)
{
    uint32_t offset = address - HSX_DATA_LINK;
    if (offset < map->data_len) {
        *physical = offset + map->data_base;
        bool inside = offset + len <= map->data_len;
        return *physical + len <= HSX_DATA_SIZE &&
               (inside || (address + len <= HSX_DATA_SIZE &&
                           (!map->protect || hsx_access_allowed(map, address, len))));
    }
    *physical = address;
    return address + len <= HSX_DATA_SIZE &&
           (!map->protect || hsx_access_allowed(map, address, len));
}

/* A pointer given to an SVC: one access of len bytes at addr (taken modulo 0x10000) by a
 * task. True and the physical address, or false for what would be MEM_FAULT. len 0 passes. */
bool hsx_translate(const struct hsx_context *ctx, uint32_t addr, uint32_t len, uint16_t *physical);

#ifdef __cplusplus
}
#endif

#endif
