// SPDX-License-Identifier: Apache-2.0
/* Stores of the executive, collected for the event that they belong to. */
#include "encode.h"
#include <stdlib.h>

void store_list_add(struct store_list *list, uint32_t addr, const void *bytes, size_t len)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        void *more = realloc(list->items, capacity * sizeof *list->items);

        if (!more) {
            list->lost = true;
            return;
        }
        list->items = more;
        list->capacity = capacity;
    }
    bytes_add(&list->bytes, bytes, len);
    if (list->bytes.lost) {
        list->lost = true;
        return;
    }
    list->items[list->count++] = (struct hsx_trace_store){.addr = addr, .len = (uint32_t)len};
}

const struct hsx_trace_store *store_list_settle(struct store_list *list)
{
    static const uint8_t none; /* even stores of no bytes need a valid pointer */
    const uint8_t *at = list->bytes.data ? list->bytes.data : &none;

    for (size_t i = 0; i < list->count; i++) {
        list->items[i].bytes = at;
        at += list->items[i].len;
    }
    return list->items;
}

void store_list_clear(struct store_list *list)
{
    list->count = 0;
    list->bytes.used = 0;
}

void store_list_free(struct store_list *list)
{
    free(list->items);
    bytes_free(&list->bytes);
    *list = (struct store_list){0};
}

void store_list_apply(const struct hsx_trace_store *stores, size_t count, uint8_t *image)
{
    for (size_t i = 0; i < count; i++) {
        if (stores[i].addr <= HSX_DATA_SIZE && stores[i].len <= HSX_DATA_SIZE - stores[i].addr) {
            memcpy(image + stores[i].addr, stores[i].bytes, stores[i].len);
        }
    }
}
