// SPDX-License-Identifier: Apache-2.0
/*
 * Prints what is made from the tables beside it: Verilog headers, the C header of the host
 * map, and pages of docs/.
 */
#include "made_file.h"

#include <hsx/machine.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { CONTROL_PAGE = 0x30000, CONTEXT_BYTES = 64 };

struct region {
    const char *name, *access, *text;
    unsigned address;
};

struct field {
    const char *name, *text;
    unsigned number;
};

struct reg {
    const char *name, *read, *write;
    unsigned word;
    bool counter;
};

struct bits {
    const char *reg, *name, *text;
    unsigned high, low;
};

struct port {
    const char *name, *when, *text, *member;
    unsigned bits;
};

/* clang-format off */
static const struct region regions[] = {
#define HSX_HOST_REGION(name, address, access, text) {#name, access, text, address},
#include "host_map.def"
};

static const struct field fields[] = {
#define HSX_HOST_FIELD(name, number, text) {#name, text, number},
#include "host_map.def"
};

static const struct reg registers[] = {
#define HSX_HOST_REGISTER(name, word, read, write) {#name, read, write, word, false},
#define HSX_HOST_COUNTER(name, word, read, write) {#name, read, write, word, true},
#include "host_map.def"
};

static const struct bits bits[] = {
#define HSX_HOST_BITS(register, name, high, low, text) {#register, #name, text, high, low},
#include "host_map.def"
};

static const struct field causes[] = {
#define HSX_HOST_CAUSE(name, number, text) {#name, text, number},
#include "host_map.def"
};

static const struct field lost[] = {
#define HSX_HOST_LOST(name, number, text) {#name, text, number},
#include "host_map.def"
};

static const struct port ports[] = {
#define HSX_RET_PORT(name, bits, when, text)           {#name, when, text, "", bits},
#define HSX_RET_VALUE(name, bits, member, when, text)  {#name, when, text, "`" #member "`", bits},
#define HSX_RET_ACCESS(name, bits, factor, when, text) {#name, when, text, "`access`", bits},
#define HSX_RET_FLAG(name, bits, factor, when, text)   {#name, when, text, "`flags`", bits},
#include "retire.def"
};

static const struct field events[] = {
#define HSX_RET_EVENT(name, text) {#name, text, HSX_EV_##name},
#include "retire.def"
};
/* clang-format on */

/* clang-format off */
static const struct reg soc_registers[] = {
#define HSX_SOC_REGISTER(name, word, read, write) {#name, read, write, word, false},
#include "soc_map.def"
};

static const struct bits soc_bits[] = {
#define HSX_SOC_BITS(register, name, high, low, text) {#register, #name, text, high, low},
#include "soc_map.def"
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct reg *find_register(const char *name)
{
    for (size_t i = 0; i < COUNT(registers); i++) {
        if (strcmp(registers[i].name, name) == 0) {
            return &registers[i];
        }
    }
    return NULL;
}

static uint32_t counters(void)
{
    uint32_t mask = 0;

    for (size_t i = 0; i < COUNT(registers); i++) {
        mask |= registers[i].counter ? UINT32_C(1) << registers[i].word : 0;
    }
    return mask;
}

static bool starts_the_page(const struct bits *b)
{
    return b == bits || strcmp(b->reg, b[-1].reg) != 0;
}

/* ---- The host map */

static void made_from(FILE *out, const char *comment, const char *table)
{
    fprintf(out,
            "%s SPDX-License-Identifier: Apache-2.0\n"
            "%s Made from rtl/tables/%s by tables_gen; the build target core-tables makes it\n"
            "%s anew, a test fails when it is stale.\n",
            comment, comment, table, comment);
}

static void print_map_verilog(FILE *out)
{
    made_from(out, "//", "host_map.def");
    fprintf(out, "`ifndef HSX_HOST_MAP_VH\n`define HSX_HOST_MAP_VH\n\n"
                 "// Regions: bits 17 to 16 of an address, and with _ADDR their first byte.\n");
    for (size_t i = 0; i < COUNT(regions); i++) {
        fprintf(out, "`define HSX_HOST_%s 2'd%u\n", regions[i].name, regions[i].address >> 16);
        fprintf(out, "`define HSX_HOST_%s_ADDR 20'h%05X\n", regions[i].name, regions[i].address);
    }
    fprintf(out, "\n// Fields of a context.\n");
    for (size_t i = 0; i < COUNT(fields); i++) {
        fprintf(out, "`define HSX_CONTEXT_%s 4'd%u\n", fields[i].name, fields[i].number);
    }
    fprintf(out, "\n// Registers: words of the control page, and their first byte.\n");
    for (size_t i = 0; i < COUNT(registers); i++) {
        fprintf(out, "`define HSX_HOST_%s 6'h%02X\n", registers[i].name, registers[i].word);
        fprintf(out, "`define HSX_HOST_%s_ADDR 20'h%05X\n", registers[i].name,
                CONTROL_PAGE + 4 * registers[i].word);
    }
    fprintf(out,
            "\n// Which of the words below LOST_SLOTS hsx_totals keeps, a bit each, and its rows.\n"
            "`define HSX_HOST_COUNTERS 32'h%08X\n",
            (unsigned)counters());
    for (size_t i = 0; i < COUNT(registers); i++) {
        if (registers[i].counter) {
            fprintf(out, "`define HSX_ROW_%s 4'd%u\n", registers[i].name, registers[i].word % 8);
        }
    }
    fprintf(out, "\n// Bits of registers, to be used as a part select.\n");
    for (size_t i = 0; i < COUNT(bits); i++) {
        fprintf(out, "`define HSX_HOST_%s_%s %u:%u\n", bits[i].reg, bits[i].name, bits[i].high,
                bits[i].low);
    }
    fprintf(out, "`define HSX_HOST_MAP_VERSION 8'd%u\n", HSX_HOST_MAP_VERSION);
    fprintf(out,
            "\n// Why the core is held; the other causes are HSX_STOP_* of hsx_isa.vh.\n"
            "`define HSX_HOST_CAUSE_HOST 4'd%u\n\n// Causes of lost slots.\n",
            causes[COUNT(causes) - 1].number);
    for (size_t i = 0; i < COUNT(lost); i++) {
        fprintf(out, "`define HSX_LOST_%s 3'd%u\n", lost[i].name, lost[i].number);
    }
    fprintf(out, "\n`endif\n");
}

static void print_map_c(FILE *out)
{
    made_from(out, "//", "host_map.def");
    fprintf(out,
            "/* The map of the core's host port; docs/host_map.md tells what each means. */\n"
            "#ifndef HSX_HOST_MAP_H\n#define HSX_HOST_MAP_H\n\n/* clang-format off */\n\n"
            "/* Byte addresses: regions, then the registers of the control page. */\nenum {\n");
    for (size_t i = 0; i < COUNT(regions); i++) {
        fprintf(out, "    HSX_HOST_%s = 0x%05X,\n", regions[i].name, regions[i].address);
    }
    for (size_t i = 0; i < COUNT(registers); i++) {
        fprintf(out, "    HSX_HOST_%s = 0x%05X,\n", registers[i].name,
                CONTROL_PAGE + 4 * registers[i].word);
    }
    fprintf(out, "    HSX_HOST_CONTEXT_SIZE = %d,\n    HSX_HOST_MAP_VERSION = %d\n};\n",
            CONTEXT_BYTES, HSX_HOST_MAP_VERSION);
    fprintf(out, "\n/* Fields of a context: numbers of words from its first. */\nenum {\n");
    for (size_t i = 0; i < COUNT(fields); i++) {
        fprintf(out, "    HSX_CONTEXT_%s = %u,\n", fields[i].name, fields[i].number);
    }
    fprintf(out, "    HSX_CONTEXT_FIELDS = %u /* without PUSH */\n};\n",
            (unsigned)fields[COUNT(fields) - 2].number + 1);
    fprintf(out, "\n/* Byte address of a field. */\n"
                 "#define HSX_HOST_FIELD_ADDRESS(slot, field) \\\n"
                 "    ((uint32_t)HSX_HOST_CONTEXT + (uint32_t)(slot) * HSX_HOST_CONTEXT_SIZE + "
                 "4u * (uint32_t)(field))\n");
    fprintf(out,
            "\n/* Bits of registers: the lowest, and a mask for what is shifted down by it. */\n"
            "enum {\n");
    for (size_t i = 0; i < COUNT(bits); i++) {
        fprintf(out, "    HSX_HOST_%s_%s_SHIFT = %u,\n", bits[i].reg, bits[i].name, bits[i].low);
        fprintf(out, "    HSX_HOST_%s_%s_MASK = 0x%X%s\n", bits[i].reg, bits[i].name,
                (1u << (bits[i].high - bits[i].low + 1)) - 1, i + 1 < COUNT(bits) ? "," : "");
    }
    fprintf(out, "};\n\n/* Bits of a register's word: HSX_HOST_GET(STATUS_CAUSE, word). */\n"
                 "#define HSX_HOST_GET(bits, word) \\\n"
                 "    ((uint32_t)(word) >> HSX_HOST_##bits##_SHIFT & HSX_HOST_##bits##_MASK)\n");
    fprintf(out, "\n/* Why the core is held, in STATUS and HOLD_MASK. */\nenum {\n");
    for (size_t i = 0; i < COUNT(causes); i++) {
        fprintf(out, "    HSX_HOST_CAUSE_%s = %u%s\n", causes[i].name, causes[i].number,
                i + 1 < COUNT(causes) ? "," : "");
    }
    fprintf(out,
            "};\n\n/* Causes of lost slots: each counts at HSX_HOST_LOST_SLOTS + 4 * cause. */\n"
            "enum {\n");
    for (size_t i = 0; i < COUNT(lost); i++) {
        fprintf(out, "    HSX_LOST_%s = %u,\n", lost[i].name, lost[i].number);
    }
    fprintf(out,
            "    HSX_HOST_LOST_CAUSES = %u\n};\n\n\n/* In STEP_BUDGET and TICK_LEFT: no limit, no "
            "ticks. */\n#define HSX_HOST_NONE 0x80000000u\n\n/* clang-format on */\n\n#endif\n",
            (unsigned)COUNT(lost));
}

static void print_page_head(FILE *out, const char *title, const char *table)
{
    fprintf(
        out,
        "# %s\n\nThis page is made from `rtl/tables/%s` by the build target `core-tables`; a\n"
        "test fails when it is stale. [integration.md](integration.md) tells how to use it.\n\n",
        title, table);
}

/* The rows of `table` that belong to the register `name`. */
static void print_bits_page(FILE *out, const char *name, const struct bits *table, size_t count)
{
    fprintf(out, "\n## %s\n\n| bits | name | meaning |\n|---|---|---|\n", name);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(table[i].reg, name) != 0) {
            continue;
        }
        if (table[i].high == table[i].low) {
            fprintf(out, "| %u", table[i].low);
        } else {
            fprintf(out, "| %u..%u", table[i].high, table[i].low);
        }
        fprintf(out, " | %s | %s |\n", table[i].name, table[i].text);
    }
}

static void print_map_page(FILE *out)
{
    print_page_head(out, "The host's address map", "host_map.def");
    fprintf(out,
            "Addresses count bytes. All accesses are of 32-bit words. The same numbers are in\n"
            "`rtl/hsx_host_map.vh` for Verilog and `rtl/include/hsx/host_map.h` for C.\n\n"
            "## Regions\n\n| from | name | | |\n|---|---|---|---|\n");
    for (size_t i = 0; i < COUNT(regions); i++) {
        fprintf(out, "| 0x%05X | %s | %s | %s |\n", regions[i].address, regions[i].name,
                regions[i].access, regions[i].text);
    }
    fprintf(
        out,
        "\n## Context\n\nField *k* of the context in slot *s* lies at 0x%05X + %u *s* + 4 *k*.\n"
        "\n| *k* | field | meaning |\n|---|---|---|\n",
        regions[2].address, CONTEXT_BYTES);
    for (size_t i = 0; i < COUNT(fields); i++) {
        fprintf(out, "| %u | %s | %s |\n", fields[i].number, fields[i].name, fields[i].text);
    }
    fprintf(out, "\n## Control page\n\n| address | register | reads as | a write means |\n"
                 "|---|---|---|---|\n");
    for (size_t i = 0; i < COUNT(registers); i++) {
        fprintf(out, "| 0x%05X | %s | %s | %s |\n", CONTROL_PAGE + 4 * registers[i].word,
                registers[i].name, registers[i].read, registers[i].write);
    }
    fprintf(out, "\nWhat has no text reads as anything, and does nothing when written.\n");
    for (size_t i = 0; i < COUNT(bits); i++) {
        if (starts_the_page(&bits[i])) {
            print_bits_page(out, bits[i].reg, bits, COUNT(bits));
        }
    }
    fprintf(out, "\n## Why the core is held\n\n| cause | name | meaning |\n|---|---|---|\n");
    for (size_t i = 0; i < COUNT(causes); i++) {
        fprintf(out, "| %u | %s | %s |\n", causes[i].number, causes[i].name, causes[i].text);
    }
    fprintf(
        out,
        "\n## Lost slots\n\nEach cause has a counter, which can be read and written. The words up "
        "to 0x%05X are\nkept for more of them; so far they repeat every eight.\n\n"
        "| address | cause | |\n|---|---|---|\n",
        CONTROL_PAGE + 4 * (find_register("LOST_SLOTS")->word + HSX_HOST_LOST_ROOM) - 4);
    for (size_t i = 0; i < COUNT(lost); i++) {
        fprintf(out, "| 0x%05X | %s | %s |\n",
                CONTROL_PAGE + 4 * (find_register("LOST_SLOTS")->word + lost[i].number),
                lost[i].name, lost[i].text);
    }
}

/* ---- The system page */

static void print_soc_verilog(FILE *out)
{
    made_from(out, "//", "soc_map.def");
    fprintf(out, "`ifndef HSX_SOC_MAP_VH\n`define HSX_SOC_MAP_VH\n\n"
                 "// Registers: words of the page.\n");
    for (size_t i = 0; i < COUNT(soc_registers); i++) {
        fprintf(out, "`define HSX_SOC_%s 4'd%u\n", soc_registers[i].name, soc_registers[i].word);
    }
    fprintf(out, "\n// Bits of registers, to be used as a part select.\n");
    for (size_t i = 0; i < COUNT(soc_bits); i++) {
        fprintf(out, "`define HSX_SOC_%s_%s %u:%u\n", soc_bits[i].reg, soc_bits[i].name,
                soc_bits[i].high, soc_bits[i].low);
    }
    fprintf(out,
            "`define HSX_SOC_VERSION 8'd%u\n\n// Word addresses of data memory.\n"
            "`define HSX_SOC_LED_DEFAULT 14'h%04X\n`define HSX_SOC_PIN_DEFAULT 14'h%04X\n\n"
            "`endif\n",
            HSX_SOC_VERSION, HSX_SOC_LED_DEFAULT / 4, HSX_SOC_PIN_DEFAULT / 4);
}

static void print_soc_c(FILE *out)
{
    made_from(out, "//", "soc_map.def");
    fprintf(out, "/* The system page; docs/soc_map.md tells what each register means. */\n"
                 "#ifndef HSX_SOC_MAP_H\n#define HSX_SOC_MAP_H\n\n/* clang-format off */\n\n"
                 "/* Byte addresses of the registers. */\nenum {\n");
    for (size_t i = 0; i < COUNT(soc_registers); i++) {
        fprintf(out, "    HSX_SOC_%s = 0x%05X,\n", soc_registers[i].name,
                HSX_SOC_PAGE + 4 * soc_registers[i].word);
    }
    fprintf(out,
            "    HSX_SOC_VERSION = %d\n};\n\n"
            "/* Data addresses that LEDs and pins show after reset. */\nenum {\n"
            "    HSX_SOC_LED_DEFAULT = 0x%04X,\n    HSX_SOC_PIN_DEFAULT = 0x%04X\n};\n\n"
            "/* Bits of registers: the lowest, and a mask for what is shifted down by it. */\n"
            "enum {\n",
            HSX_SOC_VERSION, HSX_SOC_LED_DEFAULT, HSX_SOC_PIN_DEFAULT);
    for (size_t i = 0; i < COUNT(soc_bits); i++) {
        fprintf(out, "    HSX_SOC_%s_%s_SHIFT = %u,\n", soc_bits[i].reg, soc_bits[i].name,
                soc_bits[i].low);
        fprintf(out, "    HSX_SOC_%s_%s_MASK = 0x%X%s\n", soc_bits[i].reg, soc_bits[i].name,
                (1u << (soc_bits[i].high - soc_bits[i].low + 1)) - 1,
                i + 1 < COUNT(soc_bits) ? "," : "");
    }
    fprintf(out, "};\n\n/* clang-format on */\n\n#endif\n");
}

static void print_soc_page(FILE *out)
{
    fprintf(out,
            "# The system page\n\nThis page is made from `rtl/tables/soc_map.def` by the build "
            "target `core-tables`; a\ntest fails when it is stale. [serial.md](serial.md) tells "
            "how a PC gets at it.\n\n"
            "The system of `fpga/soc/` has these registers in addition to the core's own "
            "([host_map.md](host_map.md)),\nat any time, whether the core runs or not. "
            "Addresses count bytes; all accesses are of 32-bit words.\nThe same numbers are in "
            "`fpga/soc/hsx_soc_map.vh` for Verilog and\n`rtl/include/hsx/soc_map.h` for C.\n\n"
            "| address | register | reads as | a write means |\n|---|---|---|---|\n");
    for (size_t i = 0; i < COUNT(soc_registers); i++) {
        fprintf(out, "| 0x%05X | %s | %s | %s |\n", HSX_SOC_PAGE + 4 * soc_registers[i].word,
                soc_registers[i].name, soc_registers[i].read, soc_registers[i].write);
    }
    fprintf(out,
            "\nWhat has no text reads as 0, and does nothing when written. The page repeats every "
            "64 bytes\nup to 0x7FFFC; what lies above reads as 0.\n");
    for (size_t i = 0; i < COUNT(soc_bits); i++) {
        if (i == 0 || strcmp(soc_bits[i].reg, soc_bits[i - 1].reg) != 0) {
            print_bits_page(out, soc_bits[i].reg, soc_bits, COUNT(soc_bits));
        }
    }
}

/* ---- The retirement port */

/* One line of a macro for each port: N in the format is its name, R its range. With a waiver
 * Verilator's warning of that name is off in the macro, wherever it is used. */
static void print_ports(FILE *out, const char *macro, const char *format, const char *separator,
                        const char *waiver)
{
    fprintf(out, "`define %s \\\n", macro);
    if (waiver != NULL) {
        fprintf(out, "  /* verilator lint_off %s */ \\\n", waiver);
    }
    for (size_t i = 0; i < COUNT(ports); i++) {
        char range[16] = "";

        if (ports[i].bits > 1) {
            snprintf(range, sizeof range, "[%u:0] ", ports[i].bits - 1);
        }
        fprintf(out, "  ");
        for (const char *at = format; *at != '\0'; at++) {
            if (*at == 'N') {
                fprintf(out, "ret_%s", ports[i].name);
            } else if (*at == 'R') {
                fprintf(out, "%s", range);
            } else {
                fputc(*at, out);
            }
        }
        fprintf(out, "%s\n", i + 1 < COUNT(ports) ? separator : waiver != NULL ? " \\" : "");
    }
    if (waiver != NULL) {
        fprintf(out, "  /* verilator lint_on %s */\n", waiver);
    }
    fprintf(out, "\n");
}

static void print_retire_verilog(FILE *out)
{
    made_from(out, "//", "retire.def");
    fprintf(out, "`ifndef HSX_RETIRE_VH\n`define HSX_RETIRE_VH\n\n"
                 "// Declarations for a module's list of ports, without a comma at the end.\n");
    print_ports(out, "HSX_RET_PORTS", "output wire RN", ", \\", NULL);
    fprintf(out, "// The same as wires of a module that has no such ports.\n");
    print_ports(out, "HSX_RET_WIRES", "wire RN;", " \\", NULL);
    fprintf(out, "// The port list of a module that looks at the port.\n");
    print_ports(out, "HSX_RET_INPUTS", "input wire RN", ", \\", NULL);
    fprintf(out, "// Connections of an instance to signals of the same names.\n");
    print_ports(out, "HSX_RET_CONNECT", ".N(N)", ", \\", NULL);
    fprintf(out, "// An instance whose port is left open.\n");
    print_ports(out, "HSX_RET_OPEN", ".N()", ", \\", "PINCONNECTEMPTY");
    fprintf(out, "`endif\n");
}

static void print_retire_page(FILE *out)
{
    print_page_head(out, "The retirement port", "retire.def");
    fprintf(
        out,
        "In a cycle with `ret_valid` the port describes one event of the record order (contract\n"
        "section 10). A port that does not belong to the event is 0. Macros for port lists and\n"
        "instances are in `rtl/hsx_retire.vh`; the last column is the member of `struct "
        "hsx_record`\nin `refvm/include/hsx/machine.h` that a harness puts it into.\n\n"
        "| port | bits | of which events | meaning | member |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < COUNT(ports); i++) {
        fprintf(out, "| `ret_%s` | %u | %s | %s | %s |\n", ports[i].name, ports[i].bits,
                ports[i].when, ports[i].text, ports[i].member);
    }
    fprintf(out, "\n## Events\n\n| `ret_event` | name | meaning |\n|---|---|---|\n");
    for (size_t i = 0; i < COUNT(events); i++) {
        fprintf(out, "| %u | %s | %s |\n", events[i].number, events[i].name, events[i].text);
    }
}

int main(int argc, char **argv)
{
    static const struct made_file kinds[] = {{"map_verilog", print_map_verilog},
                                             {"map_c", print_map_c},
                                             {"map_page", print_map_page},
                                             {"retire_verilog", print_retire_verilog},
                                             {"retire_page", print_retire_page},
                                             {"soc_verilog", print_soc_verilog},
                                             {"soc_c", print_soc_c},
                                             {"soc_page", print_soc_page}};

    return made_file_main(argc, argv, kinds, sizeof kinds / sizeof kinds[0]);
}
