// SPDX-License-Identifier: Apache-2.0
/*
 * Prints what is generated from refvm/include/hsx/svc.def: the page docs/svc.md; hsx.inc, which
 * defines the numbers for assembly programs; and hsx.inc as a string, built into the assembler.
 */
#include "made_file.h"

#include <stdio.h>

struct call {
    unsigned number;
    const char *name, *call, *in, *r0, *pointer;
};

struct number {
    const char *name, *text;
    unsigned value;
};

/* clang-format off */
static const struct call calls[] = {
#define HSX_SVC(module, function, NAME, call, in, r0, pointer) \
    {(module) << 8 | (function), #NAME, call, in, r0, pointer},
#include <hsx/svc.def>
};

static const struct number statuses[] = {
#define HSX_STATUS(NAME, value, text) {#NAME, text, value},
#include <hsx/svc.def>
};

static const struct number modes[] = {
#define HSX_MODE(NAME, bit, text) {#NAME, text, bit},
#include <hsx/svc.def>
};

static const struct number flags[] = {
#define HSX_FLAG(NAME, bit, text) {#NAME, text, bit},
#include <hsx/svc.def>
};

static const struct number waits[] = {
#define HSX_WAIT(NAME, value, text) {#NAME, text, value},
#include <hsx/svc.def>
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The groups of numbers, each a section of the page. */
static const struct {
    const char *title, *prefix;
    const struct number *numbers;
    size_t count;
} groups[] = {{"Status of a mailbox call, in R0", "MBOX", statuses, COUNT(statuses)},
              {"Mode of a mailbox, any of these bits", "MODE", modes, COUNT(modes)},
              {"Flags of a message, any of these bits", "FLAG", flags, COUNT(flags)},
              {"Special timeouts of RECV", "WAIT", waits, COUNT(waits)}};

static void print_page(FILE *out)
{
    fprintf(
        out,
        "# System calls\n\n"
        "This page is generated from `refvm/include/hsx/svc.def` by the build target `svc-files`; "
        "a\n"
        "test fails when it is stale. Sections 6 and 7 of the "
        "[contract](contract.md) describe\n"
        "what the calls do.\n"
        "\nIn assembly, `.include \"hsx.inc\"` defines all numbers of this page by name, as in\n"
        "`SVC SVC_MBOX_SEND` or `LDI R2, MODE_READ + 4`; the file is built into the assembler.\n"
        "For C they are in `refvm/include/hsx/svc.h`.\n\n"
        "The immediate of `SVC` is module and function: `SVC 0x101` is function 1 of module 1. At\n"
        "the call the pc is already past the `SVC`. Arguments are the low 16 bits of their\n"
        "registers, except for sleep_ms and the length of can_tx. A pointer is one access of its\n"
        "whole length, checked like a load before anything else; if it is bad, R0 is the value in\n"
        "the last column. Outputs after a status are written only when it is OK.\n\n"
        "| SVC | name | call | in | R0; others | bad pointer |\n|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < COUNT(calls); i++) {
        fprintf(out, "| 0x%03X | SVC_%s | %s | %s | %s | %s |\n", calls[i].number, calls[i].name,
                calls[i].call, calls[i].in, calls[i].r0, calls[i].pointer);
    }
    fprintf(out, "| else | | | | 0xFFFFFF01; in module 5 0xFF | |\n");
    for (size_t g = 0; g < COUNT(groups); g++) {
        fprintf(out, "\n## %s\n\n| value | name | meaning |\n|---|---|---|\n", groups[g].title);
        for (size_t i = 0; i < groups[g].count; i++) {
            fprintf(out, "| 0x%X | %s_%s | %s |\n", groups[g].numbers[i].value, groups[g].prefix,
                    groups[g].numbers[i].name, groups[g].numbers[i].text);
        }
    }
}

/* Every line of hsx.inc between begin and end. */
static void print_lines(FILE *out, const char *begin, const char *end)
{
    static const char *const head[] = {
        "; SPDX-License-Identifier: Apache-2.0",
        "; Generated from refvm/include/hsx/svc.def by the build target svc-files; "
        "docs/svc.md describes each number."};

    for (size_t i = 0; i < COUNT(head); i++) {
        fprintf(out, "%s%s%s", begin, head[i], end);
    }
    for (size_t i = 0; i < COUNT(calls); i++) {
        fprintf(out, "%s.equ SVC_%s, 0x%03X%s", begin, calls[i].name, calls[i].number, end);
    }
    for (size_t g = 0; g < COUNT(groups); g++) {
        for (size_t i = 0; i < groups[g].count; i++) {
            fprintf(out, "%s.equ %s_%s, 0x%X%s", begin, groups[g].prefix, groups[g].numbers[i].name,
                    groups[g].numbers[i].value, end);
        }
    }
}

static void print_include(FILE *out)
{
    print_lines(out, "", "\n");
}

static void print_include_c(FILE *out)
{
    fprintf(out, "#include \"internal.h\"\n\nconst char asm_standard_include[] =\n");
    print_lines(out, "    \"", "\\n\"\n");
    fprintf(out, "    ;\n");
}

int main(int argc, char **argv)
{
    static const struct made_file kinds[] = {
        {"page", print_page}, {"include", print_include}, {"include_c", print_include_c}};

    return made_file_main(argc, argv, kinds, sizeof kinds / sizeof kinds[0]);
}
