// SPDX-License-Identifier: Apache-2.0
/* The information of hsx cc in addition to the image: symbols, lines, stack use, kinds; and
 * the commands that show it. */
#include "../cli.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(cc_debug, .init = cli_enter, .fini = cli_leave);

static const char program[] = "volatile int table[4];\n"
                              "__attribute__((noinline)) int fill(int n)\n"
                              "{\n"
                              "    int sum = 0;\n"
                              "    for (int i = 0; i < n; i++) {\n"
                              "        table[i] = i;\n"
                              "        sum += i;\n"
                              "    }\n"
                              "    return sum;\n"
                              "}\n"
                              "int main(void)\n"
                              "{\n"
                              "    return fill(4);\n"
                              "}\n";

static void compile(const char *options)
{
    char line[200];

    write_text("p.c", program);
    snprintf(line, sizeof line, "cc p.c -o p.hxe %s", options);
    cr_assert_eq(hsx(line), 0, "%s", text_of("err"));
}

Test(cc_debug, functions_and_variables_are_named)
{
    compile("-g");
    cr_expect_eq(hsx("shell -c 'load p.hxe; bp set fill; continue; info 1; peek table'"), 0);
    expect_in("out", "<fill>");
    expect_in("p.sym", "\"name\": \"table\"");
    expect_in("p.sym", "\"size\": 16");
    expect_in("p.sym", "\"file\": \"p.c\"");
}

Test(cc_debug, the_shell_steps_by_line)
{
    compile("-O0");
    cr_expect_eq(hsx("shell -c 'load p.hxe; bp set fill; continue; step line; step line; step "
                     "line'"),
                 0);
    expect_in("out", "p.c:4      int sum = 0;\n");
    expect_in("out", "p.c:5      for (int i = 0; i < n; i++) {\n");
    expect_in("out", "p.c:6          table[i] = i;\n");
    cr_expect_eq(hsx("shell -c 'load p.hxe; list 1 p.c:9; bp set p.c:9; continue; list'"), 0);
    expect_in("out", "     9      return sum;\n");
    expect_in("out", ">    9      return sum;\n");
    cr_expect_eq(hsx("shell -c 'load p.hxe; step line 1; step line 1'"), 0);
    expect_in("out", "p.c:13      return fill(4);\n");
}

Test(cc_debug, the_shell_shows_variables)
{
    compile("-g -O0");
    cr_expect_eq(hsx("shell -c 'load p.hxe; bp set p.c:7; continue; continue; continue; vars'"), 0);
    expect_in("out", "int n = 4  ([R15+");
    expect_in("out", "int sum = 1  ([R15+");
    expect_in("out", "int i = 2  ([R15+");
    cr_expect_eq(hsx("shell -c 'load p.hxe; vars'"), 0);
    expect_in("out", "no variable is known here\n");
    compile("-g -O2");
    cr_expect_eq(hsx("shell -c 'load p.hxe; bp set p.c:6; continue; continue; continue; vars'"), 0);
    expect_in("out", "int i = 2  (R");
}

/* A variable has the right value at each place where it is known: the program checks it. */
Test(cc_debug, variables_of_all_kinds_and_in_calls)
{
    write_text("q.c", "int g(int a, int b, int c, int d, int e) { return a + b + c + d + e; }\n"
                      "volatile int stop;\n"
                      "int main(void)\n{\n"
                      "    signed char c = -5;\n    unsigned short u = 65000;\n"
                      "    double d = 1.5;\n    float f = -0.25f;\n    _Float16 h = 3;\n"
                      "    long long l = -7000000000;\n    char t[4] = \"abc\";\n"
                      "    int *p = (int *)0x4004;\n"
                      "    stop = g(1, 2, 3, 4, 5);\n"
                      "    return c + u + d + f + h + l + t[0] + (p != 0);\n}\n");
    cr_assert_eq(hsx("cc -g -O0 q.c -o q.hxe"), 0, "%s", text_of("err"));
    /* in the middle of the call, when arguments are on the stack, everything has moved */
    cr_assert_eq(hsx("shell -c 'load q.hxe; bp set q.c:13; continue; step 6; vars'"), 0);
    expect_in("out", "signed char c = -5  (");
    expect_in("out", "unsigned short u = 65000  (");
    expect_in("out", "double d = 1.5  (");
    expect_in("out", "float f = -0.25  (");
    expect_in("out", "_Float16 h = 3  (");
    expect_in("out", "long long l = -7000000000  (");
    expect_in("out", "char[4] t = 61 62 63 00  (");
    expect_in("out", "int *p = 0x4004  (");
}

Test(cc_debug, a_source_that_is_gone_is_reported)
{
    compile("-O0");
    cr_assert_eq(unlink("p.c"), 0);
    cr_expect_eq(hsx("shell -c 'load p.hxe; list 1 main'"), 1);
    expect_in("err", "p.c: cannot be read here, nor next to the image");
    cr_expect_eq(hsx("shell -c 'load p.hxe; bp set fill; continue; step line'"), 0);
    expect_in("out", "p.c:4\n");
}

Test(cc_debug, faults_and_traces_name_the_line)
{
    write_text("p.c", "int main(void)\n{\n    volatile int *p = (int *)0x3F00;\n"
                      "    return *p;\n}\n");
    cr_assert_eq(hsx("cc p.c -o p.hxe"), 0, "%s", text_of("err"));
    cr_expect_eq(hsx("run --trace t.jsonl p.hxe") & ~0xFF, 0);
    expect_in("err", "MEM_FAULT at pc");
    expect_in("err", "p.c:4");
    cr_expect_eq(hsx("trace show --lines t.jsonl"), 0);
    expect_in("out", "; p.c:4\n");
}

Test(cc_debug, symbols_can_be_left_out_or_put_elsewhere)
{
    compile("--no-sym");
    cr_expect_neq(access("p.sym", F_OK), 0);
    compile("--sym other.sym");
    cr_expect_neq(access("p.sym", F_OK), 0);
    cr_expect_eq(access("other.sym", F_OK), 0);
    cr_expect_eq(hsx("cc p.c -o p.hxe --sym a --no-sym"), 2);
    cr_expect_eq(hsx("cc p.c -o p.hxe --sym /nowhere/p.sym"), 1);
    expect_in("err", "/nowhere/p.sym: cannot write");
}

Test(cc_debug, the_image_is_the_same_with_and_without_g)
{
    static const char *const levels[] = {"-O0", "-O1", "-O2"};

    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        char line[400];

        for (int debug = 0; debug < 2; debug++) {
            snprintf(line, sizeof line, "cc -Wno-psabi %s %s %s/programs/structures.c -o p.hxe",
                     levels[i], debug ? "-g" : "", HSX_TEST_DATA);
            cr_assert_eq(hsx(line), 0, "%s", text_of("err"));
            cr_assert_eq(rename("p.hxe", debug ? "with.hxe" : "without.hxe"), 0);
        }
        /* the app name is the file's, so both were called p */
        cr_expect_eq(system("cmp -s with.hxe without.hxe"), 0, "%s", levels[i]);
    }
}

/* The program's minimal stack is enough, and one word less is not. */
static void expect_least_stack(const char *text, const char *level)
{
    char line[100];
    const char *at;
    unsigned long least;

    write_text("p.c", text);
    snprintf(line, sizeof line, "cc %s -fstack-usage p.c -o p.hxe", level);
    cr_assert_eq(hsx(line), 0, "%s", text_of("err"));
    at = strstr(text_of("p.su"), "program\t");
    cr_assert_not_null(at);
    least = strtoul(at + strlen("program\t"), NULL, 10);
    snprintf(line, sizeof line, "run --stack %lu p.hxe", least);
    hsx(line);
    expect_in("err", "EXITED");
    snprintf(line, sizeof line, "run --stack %lu p.hxe", least - 4);
    hsx(line);
    expect_in("err", "STACK_OVERFLOW");
}

Test(cc_debug, the_least_stack_is_what_a_program_needs)
{
    static const char calls[] =
        "__attribute__((noinline)) static int deep(int a, int b, int c, int d, int e)\n"
        "{\n    volatile int v[5] = {a, b, c, d, e};\n    return v[a] + v[4];\n}\n"
        "__attribute__((noinline)) static int middle(int a)\n"
        "{\n    volatile int x[3] = {a};\n    return deep(a, 1, 2, 3, x[0]) + x[1];\n}\n"
        "static int (*volatile way)(int) = middle;\n"
        "int main(void) { return way(2); }\n";

    expect_least_stack(calls, "-O0");
    expect_least_stack(calls, "-O2");
    expect_in("p.su", "p.c:1:deep\t");
    expect_in("p.su", "\tstatic\n");
}

Test(cc_debug, where_there_is_no_least_stack_it_says_why)
{
    write_text("p.c", "int f(int n, volatile int *p) { return n ? *p + f(n - 1, p) * 3 : *p; }\n"
                      "int main(void) { volatile int q = 3; return f(q, &q); }\n");
    cr_assert_eq(hsx("cc -O0 -fstack-usage p.c -o p.hxe"), 0, "%s", text_of("err"));
    expect_in("p.su", "program\t-\trecursion of f\n");
    write_text("p.c", "int main(int n, char **v) { volatile char a[n + 1]; a[n] = 1;"
                      " return a[n] + !v; }\n");
    cr_assert_eq(hsx("cc -O0 -fstack-usage p.c -o p.hxe"), 0, "%s", text_of("err"));
    expect_in("p.su", "p.c:1:main\t");
    expect_in("p.su", "\tdynamic\n");
    expect_in("p.su", "program\t-\tvariable frame of main\n");
    cr_expect_eq(hsx("cc -fanything p.c -o p.hxe"), 2);
    expect_in("err", "expected stack-usage");
}

Test(cc_debug, the_version_is_the_projects)
{
    char version[40];

    cr_assert_eq(hsx("--version"), 0);
    snprintf(version, sizeof version, "%s", text_of("out") + strlen("hsx "));
    cr_assert_eq(hsx("cc --version"), 0);
    expect_in("out", version);
    cr_assert_eq(hsx("cc --version >/dev/full 2>err"), 1);
    expect_in("err", "hsx-cc: standard output: No space left on device\n");
}
