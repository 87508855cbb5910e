// SPDX-License-Identifier: Apache-2.0
#include "memory_file.h"

static const struct {
    const char *name;
    const char *ending;
} formats[MEMORY_FORMATS] = {
    [MEMORY_READMEMH] = {"readmemh", ".mem"},
    [MEMORY_BINARY] = {"bin", ".bin"},
    [MEMORY_C] = {"c", ".h"},
    [MEMORY_IHEX] = {"ihex", ".hex"},
};

const char *memory_format_name(enum memory_format format)
{
    return formats[format].name;
}

const char *memory_format_ending(enum memory_format format)
{
    return formats[format].ending;
}

static uint8_t byte_of(uint32_t word, unsigned n)
{
    return (uint8_t)(word >> 8 * n);
}

static void write_readmemh(FILE *out, const struct memory *m)
{
    fprintf(out, "// %zu words from word 0x%zX on\n", m->count, m->first);
    if (m->count != 0) {
        fprintf(out, "@%zX\n", m->first);
    }
    for (size_t i = 0; i < m->count; i++) {
        fprintf(out, "%08X\n", (unsigned)m->words[i]);
    }
}

static void write_binary(FILE *out, const struct memory *m)
{
    for (size_t i = 0; i < m->count; i++) {
        for (unsigned n = 0; n < 4; n++) {
            putc(byte_of(m->words[i], n), out);
        }
    }
}

/* ISO C has no empty arrays: an empty array gets one unused word. */
static void write_c(FILE *out, const struct memory *m)
{
    fputs("#include <stdint.h>\n\nenum { ", out);
    fprintf(out, "%s_first = %zu, %s_count = %zu };\n\n", m->name, m->first, m->name, m->count);
    fprintf(out, "static const uint32_t %s[] = {", m->name);
    for (size_t i = 0; i < m->count; i++) {
        fprintf(out, "%s0x%08X,", i % 6 == 0 ? "\n    " : " ", (unsigned)m->words[i]);
    }
    fputs(m->count == 0 ? "0};\n" : "\n};\n", out);
}

static void write_ihex_record(FILE *out, unsigned type, unsigned address, const uint8_t *bytes,
                              unsigned count)
{
    unsigned sum = count + (address >> 8) + (address & 0xFF) + type;

    fprintf(out, ":%02X%04X%02X", count, address & 0xFFFF, type);
    for (unsigned i = 0; i < count; i++) {
        fprintf(out, "%02X", bytes[i]);
        sum += bytes[i];
    }
    fprintf(out, "%02X\n", -sum & 0xFF);
}

/* Memories have at most 64 KiB: no extended address records are needed. */
static void write_ihex(FILE *out, const struct memory *m)
{
    for (size_t i = 0; i < m->count; i += 4) {
        uint8_t bytes[16];
        unsigned count = 0;

        for (size_t k = i; k < i + 4 && k < m->count; k++) {
            for (unsigned n = 0; n < 4; n++) {
                bytes[count++] = byte_of(m->words[k], n);
            }
        }
        write_ihex_record(out, 0, (unsigned)(4 * (m->first + i)), bytes, count);
    }
    write_ihex_record(out, 1, 0, NULL, 0);
}

void memory_write(FILE *out, enum memory_format format, const struct memory *memory)
{
    switch (format) {
    case MEMORY_READMEMH:
        write_readmemh(out, memory);
        break;
    case MEMORY_BINARY:
        write_binary(out, memory);
        break;
    case MEMORY_C:
        write_c(out, memory);
        break;
    case MEMORY_IHEX:
    case MEMORY_FORMATS:
        write_ihex(out, memory);
        break;
    }
}
