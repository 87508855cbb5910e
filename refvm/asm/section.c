// SPDX-License-Identifier: Apache-2.0
#include "internal.h"
#include <hsx/machine.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { DATA_MAX = HSX_DATA_SIZE - HSX_DATA_LINK };

/* The range of numbers that a field can hold (docs/mvasm.md). */
static const struct {
    int64_t min;
    int64_t max;
} ranges[FIELDS] = {
    [FIELD_SIMM] = {-2048, 2047},           [FIELD_TARGET] = {0, 0xFFF},
    [FIELD_CALL] = {-2048, 0xFFF},          [FIELD_CALL_REG] = {-2048, 0xFFF},
    [FIELD_CODE] = {INT32_MIN, UINT32_MAX}, [FIELD_BYTE] = {-128, 255},
    [FIELD_HALF] = {-32768, 65535},         [FIELD_WORD] = {INT32_MIN, UINT32_MAX},
};

static bool has_room(const struct assembler *a, size_t size)
{
    if (a->current == SECTION_TEXT) {
        return size <= HSX_CODE_SIZE - a->sections[SECTION_TEXT].size;
    }
    return size <= DATA_MAX - a->sections[SECTION_DATA].size - a->sections[SECTION_BSS].size;
}

static bool grow(struct section *section, size_t size)
{
    size_t capacity = section->capacity ? section->capacity : 256;
    uint8_t *bytes;

    while (capacity < section->size + size) {
        capacity *= 2;
    }
    bytes = realloc(section->bytes, capacity);
    if (!bytes) {
        return false;
    }
    section->bytes = bytes;
    section->capacity = capacity;
    return true;
}

bool asm_reserve(struct cursor *c, size_t size, uint32_t *offset)
{
    struct assembler *a = c->assembler;
    struct section *section = &a->sections[a->current];

    if (!has_room(a, size)) {
        a->stop = true;
        if (a->current == SECTION_TEXT) {
            return asm_fail(c, "code is longer than 0x%x bytes", HSX_CODE_SIZE);
        }
        return asm_fail(c, "data is longer than 0x%x bytes", DATA_MAX);
    }
    *offset = (uint32_t)section->size;
    if (a->current != SECTION_BSS) {
        if ((!section->bytes || section->size + size > section->capacity) && !grow(section, size)) {
            asm_out_of_memory(a);
            return false;
        }
        memset(section->bytes + section->size, 0, size);
    }
    section->size += size;
    return true;
}

uint32_t asm_get_code(const struct assembler *a, uint32_t offset)
{
    const uint8_t *b = a->sections[SECTION_TEXT].bytes + offset;

    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

void asm_set_code(struct assembler *a, uint32_t offset, uint32_t word)
{
    uint8_t *b = a->sections[SECTION_TEXT].bytes + offset;

    for (int i = 0; i < 4; i++) {
        b[i] = (uint8_t)(word >> (24 - 8 * i));
    }
}

static void set_data(struct assembler *a, uint32_t offset, int64_t value, int size)
{
    uint8_t *b = a->sections[SECTION_DATA].bytes + offset;

    for (int i = 0; i < size; i++) {
        b[i] = (uint8_t)((uint64_t)value >> 8 * i);
    }
}

bool asm_store(struct assembler *a, enum field field, uint32_t offset, int64_t value,
               const struct position *at)
{
    if (value < ranges[field].min || value > ranges[field].max) {
        asm_report(a, at, "%" PRId64 " is out of range, expected %" PRId64 " to %" PRId64, value,
                   ranges[field].min, ranges[field].max);
        return false;
    }
    switch (field) {
    case FIELD_CODE:
        asm_set_code(a, offset, (uint32_t)value);
        break;
    case FIELD_BYTE:
        set_data(a, offset, value, 1);
        break;
    case FIELD_HALF:
        set_data(a, offset, value, 2);
        break;
    case FIELD_WORD:
        set_data(a, offset, value, 4);
        break;
    default:
        asm_set_code(a, offset, asm_get_code(a, offset) | ((uint32_t)value & 0xFFF));
        break;
    }
    return true;
}

bool asm_put_value(struct cursor *c, enum field field, uint32_t offset,
                   const struct expression *value)
{
    struct assembler *a = c->assembler;
    struct fixup *fixups;

    if (!value->symbol) {
        return asm_store(a, field, offset, value->addend, &value->at);
    }
    /* The capacity doubles whenever the count is a power of two. */
    if ((a->fixup_count & (a->fixup_count - 1)) == 0) {
        size_t room = a->fixup_count ? 2 * a->fixup_count : 1;

        fixups = realloc(a->fixups, room * sizeof *fixups);
        if (!fixups) {
            asm_out_of_memory(a);
            return false;
        }
        a->fixups = fixups;
    }
    a->fixups[a->fixup_count++] = (struct fixup){field, offset, *value};
    return true;
}
