// SPDX-License-Identifier: Apache-2.0
#include <hsx/translate.h>

bool hsx_translate(const struct hsx_context *ctx, uint32_t addr, uint32_t len, uint16_t *physical)
{
    struct hsx_access_map map;
    uint32_t moved = addr & 0xFFFF;

    hsx_access_map_init(&map, ctx);
    /* len is checked first: it may be too large to add to an address. */
    if (len > HSX_DATA_SIZE || (len > 0 && !hsx_access(&map, addr & 0xFFFF, len, &moved))) {
        return false;
    }
    *physical = (uint16_t)moved;
    return true;
}
