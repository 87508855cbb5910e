// SPDX-License-Identifier: Apache-2.0
/* Prints what is made from refvm/svc.def: the page docs/svc.md. */
#include <stdio.h>
#include <string.h>

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
#include "../svc.def"
};

static const struct number statuses[] = {
#define HSX_STATUS(NAME, value, text) {#NAME, text, value},
#include "../svc.def"
};

static const struct number modes[] = {
#define HSX_MODE(NAME, bit, text) {#NAME, text, bit},
#include "../svc.def"
};

static const struct number flags[] = {
#define HSX_FLAG(NAME, bit, text) {#NAME, text, bit},
#include "../svc.def"
};

static const struct number waits[] = {
#define HSX_WAIT(NAME, value, text) {#NAME, text, value},
#include "../svc.def"
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The groups of numbers: a section of the page each. */
static const struct {
    const char *title;
    const struct number *numbers;
    size_t count;
} groups[] = {{"Status of a mailbox call, in R0", statuses, COUNT(statuses)},
              {"Mode of a mailbox, a union", modes, COUNT(modes)},
              {"Flags of a message, a union", flags, COUNT(flags)},
              {"Timeouts of RECV that are no milliseconds", waits, COUNT(waits)}};

static void print_page(FILE *out)
{
    fprintf(
        out,
        "# System calls\n\n"
        "This page is made from `refvm/svc.def` by the build target `svc-files`; a test fails\n"
        "when it is stale. `refvm/include/hsx/svc.h` has the numbers for C. What the calls do\n"
        "is in sections 6 and 7 of the [contract](contract.md).\n\n"
        "`SVC` carries module and function: `SVC 0x101` is function 1 of module 1. The pc has\n"
        "moved past it. Arguments are the low 16 bits of their registers, but for sleep_ms and\n"
        "the length of can_tx. A pointer is one access of its whole length, checked like a load\n"
        "before anything else; a bad one gives the answer in the last column. Outputs behind a\n"
        "status are written when it is OK.\n\n"
        "| SVC | call | in | R0; others | bad pointer |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < COUNT(calls); i++) {
        fprintf(out, "| 0x%03X | %s | %s | %s | %s |\n", calls[i].number, calls[i].call,
                calls[i].in, calls[i].r0, calls[i].pointer);
    }
    fprintf(out, "| else | | | 0xFFFFFF01; in module 5 0xFF | |\n");
    for (size_t g = 0; g < COUNT(groups); g++) {
        fprintf(out, "\n## %s\n\n| value | name | meaning |\n|---|---|---|\n", groups[g].title);
        for (size_t i = 0; i < groups[g].count; i++) {
            fprintf(out, "| 0x%X | %s | %s |\n", groups[g].numbers[i].value,
                    groups[g].numbers[i].name, groups[g].numbers[i].text);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 3 || strcmp(argv[1], "page") != 0) {
        fprintf(stderr, "usage: svc_gen page FILE\n");
        return 2;
    }

    FILE *out = fopen(argv[2], "w");

    if (!out) {
        perror(argv[2]);
        return 1;
    }
    print_page(out);

    int failed = ferror(out);

    if (fclose(out) != 0 || failed) {
        perror(argv[2]);
        return 1;
    }
    return 0;
}
