// SPDX-License-Identifier: Apache-2.0
#include "wave_check.h"
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Blocks of an FST file: a type, then the length of the rest in eight bytes, big-endian. */
enum {
    BLOCK_HEADER = 0,
    BLOCK_VALUES = 1,
    BLOCK_GEOMETRY = 3,
    BLOCK_HIERARCHY = 4,
    BLOCK_VALUES_ALIAS = 5,
    BLOCK_HIERARCHY_LZ4 = 6,
    BLOCK_HIERARCHY_LZ4_TWICE = 7,
    BLOCK_VALUES_ALIAS_2 = 8,
    BLOCK_UNFINISHED = 255,
    HEADER_SECTIONS_AT = 1 + 8 + 8 + 8 + 8 + 8 + 8 + 8 + 8 /* the number of blocks of values */
};

static uint64_t number_at(const uint8_t *bytes)
{
    uint64_t value = 0;

    for (int i = 0; i < 8; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

struct census {
    uint64_t values;
    bool geometry, hierarchy;
};

static void count(struct census *census, int type)
{
    switch (type) {
    case BLOCK_VALUES:
    case BLOCK_VALUES_ALIAS:
    case BLOCK_VALUES_ALIAS_2:
        census->values++;
        break;
    case BLOCK_GEOMETRY:
        census->geometry = true;
        break;
    case BLOCK_HIERARCHY:
    case BLOCK_HIERARCHY_LZ4:
    case BLOCK_HIERARCHY_LZ4_TWICE:
        census->hierarchy = true;
        break;
    default:
        break;
    }
}

static bool fst_whole(FILE *in, long size)
{
    struct census census = {0};
    uint8_t head[HEADER_SECTIONS_AT + 8];
    uint64_t sections;

    if (fread(head, 1, sizeof head, in) != sizeof head || head[0] != BLOCK_HEADER) {
        return false;
    }
    sections = number_at(head + HEADER_SECTIONS_AT);
    for (uint64_t at = 0; at != (uint64_t)size;) {
        uint8_t block[9];

        if (fseek(in, (long)at, SEEK_SET) != 0 || fread(block, 1, sizeof block, in) != 9 ||
            block[0] == BLOCK_UNFINISHED || number_at(block + 1) < 8 ||
            number_at(block + 1) > (uint64_t)size - at - 1) {
            return false;
        }
        count(&census, block[0]);
        at += 1 + number_at(block + 1);
    }
    return census.geometry && census.hierarchy && census.values == sections;
}

static bool vcd_whole(FILE *in, long size)
{
    char tail[256];
    long from = size > (long)sizeof tail - 1 ? size - (long)sizeof tail + 1 : 0;
    size_t got;
    char *line;

    if (fseek(in, from, SEEK_SET) != 0) {
        return false;
    }
    got = fread(tail, 1, sizeof tail - 1, in);
    tail[got] = '\0';
    if (got == 0 || tail[got - 1] != '\n') {
        return false;
    }
    tail[got - 1] = '\0';
    line = strrchr(tail, '\n');
    line = line ? line + 1 : tail;
    return (line[0] == '#' && strspn(line + 1, "0123456789") == strlen(line + 1)) ||
           strcmp(line, "$end") == 0;
}

bool hsx_wave_whole(const char *path, bool vcd, const char **error)
{
    FILE *in = fopen(path, "rb");
    bool whole = false;
    long size;

    if (!in) {
        *error = strerror(errno);
        return false;
    }
    *error = "the file is cut off; is the disk full?";
    if (fseek(in, 0, SEEK_END) == 0 && (size = ftell(in)) >= 0 && fseek(in, 0, SEEK_SET) == 0) {
        if (size == 0) {
            *error = "it has no cycle; is the disk full?";
        }
        whole = size != 0 && (vcd ? vcd_whole(in, size) : fst_whole(in, size));
    }
    fclose(in);
    return whole;
}
