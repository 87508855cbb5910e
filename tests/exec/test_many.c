// SPDX-License-Identifier: Apache-2.0
/* hsx run with as many tasks as fit, and with one more. */
#include "../cli.h"
#include "fixture.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char err[1 << 16];

TestSuite(many, .init = cli_enter, .fini = cli_leave);

static void write_image(const char *path, const char *source)
{
    size_t size;
    uint8_t *bytes = fx_assemble(&(struct fx_image){.source = source}, &size);
    FILE *file = fopen(path, "wb");

    cr_assert_not_null(file);
    cr_assert_eq(fwrite(bytes, 1, size, file), size);
    fclose(file);
    free(bytes);
}

/* Each has its code, data and stack, sends itself a message and returns its number. */
static int run_many(unsigned tasks, const char *options)
{
    static char arguments[1 << 13];
    size_t used = (size_t)snprintf(arguments, sizeof arguments, "run %s", options);

    for (unsigned i = 0; i < tasks; i++) {
        used += (size_t)snprintf(arguments + used, sizeof arguments - used, " %u", i % 4);
    }
    int status = hsx(arguments);

    read_text("err", err, sizeof err);
    return status;
}

Test(many, as_many_tasks_as_contexts)
{
    static const char *const targets[] = {"vm", "rtl"};
    char options[80], path[32], source[400];

    for (unsigned i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%u", i);
        snprintf(source, sizeof source,
                 ".text\n.entry\nLDI R1, 1\nLDI32 R2, d\nLDI R3, 4\nSVC 0x502\nPUSH R3\n"
                 "LDI R4, 0\nSVC 0x503\nPOP R5\nLDI R0, %u\nRET\n.data\nd: .word %u\n",
                 i, i);
        write_image(path, source);
    }
    for (unsigned t = 0; t < 2; t++) {
        snprintf(options, sizeof options, "--target %s --contexts 128", targets[t]);
        cr_assert_eq(run_many(128, options), 0, "%s: %s", targets[t], err);
        cr_assert_not_null(strstr(err, "  128  3 "), "%s: %s", targets[t], err);
        cr_assert_null(strstr(err, "FAULTED"), "%s", targets[t]);
    }
}

Test(many, a_refusal_names_the_limit_and_the_option)
{
    write_image("0", ".text\n.entry\nRET\n");
    write_image("1", ".text\n.entry\nRET\n");
    write_image("2", ".text\n.entry\nRET\n");
    write_image("3", ".text\n.entry\nRET\n");
    cr_assert_eq(run_many(13, "--stack 4096"), 1);
    cr_assert_str_eq(err, "0: no room for 4096 bytes of stack: data and stacks share 49152; "
                          "--stack makes stacks smaller\n");
    cr_assert_eq(run_many(17, "--stack 256"), 1);
    cr_assert_str_eq(err, "0: no free place for a task: all 16 are taken; --contexts gives "
                          "up to 192\n");
}

static unsigned field_of(const char *text, unsigned pid, const char *field)
{
    char key[40];
    const char *at;
    unsigned value = 0;

    snprintf(key, sizeof key, "\"command\":\"dumpregs\",\"ok\":true,\"pid\":%u,", pid);
    at = strstr(text, key);
    cr_assert_not_null(at, "no task %u in %s", pid, text);
    snprintf(key, sizeof key, "\"%s\":", field);
    at = strstr(at, key);
    cr_assert_not_null(at);
    sscanf(at + strlen(key), "%u", &value);
    return value;
}

Test(many, stacks_shrink_where_the_usual_ones_do_not_fit)
{
    /* Eleven of 4096 bytes leave 4096 for the five others. */
    static const struct {
        unsigned contexts, tasks, limit, top;
    } cases[] = {{16, 11, 0x5000, 0x6000},
                 {16, 12, 0x4CD0, 0x5000},
                 {16, 16, 0x4000, 0x4334},
                 {128, 1, 0xFF00, 0xFFFC},
                 {128, 128, 0x8000, 0x8100}};
    static char arguments[1 << 13], out[1 << 18];

    write_image("0", ".text\n.entry\nRET\n");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t used = (size_t)snprintf(arguments, sizeof arguments,
                                       "shell --json --contexts %u -c '", cases[i].contexts);

        for (unsigned n = 0; n < cases[i].tasks; n++) {
            used += (size_t)snprintf(arguments + used, sizeof arguments - used, "load 0;");
        }
        snprintf(arguments + used, sizeof arguments - used, "dumpregs %u'", cases[i].tasks);
        cr_assert_eq(hsx(arguments), 0);
        read_text("out", out, sizeof out);
        cr_expect_eq(field_of(out, cases[i].tasks, "stack_limit"), cases[i].limit, "case %zu", i);
        cr_expect_eq(field_of(out, cases[i].tasks, "stack_top"), cases[i].top, "case %zu", i);
    }
}
