// SPDX-License-Identifier: Apache-2.0
/* hsx cc as a user runs it: programs that check themselves, on the VM and in lock-step,
 * random programs against gcc, and input that is refused. */
#include "../cli.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(cc, .init = cli_enter, .fini = cli_leave);

static int shell(const char *command)
{
    int status = system(command);

    cr_assert(WIFEXITED(status), "%s", command);
    return WEXITSTATUS(status);
}

/* The exit status of the task: the line of the check that failed, or 0. */
static void expect_right(const char *program, const char *level, const char *command)
{
    char line[600];
    char wanted[40] = "exit 0\n";

    snprintf(line, sizeof line, "cc -Wno-psabi %s -o p.hxe %s/programs/%s.c", level, HSX_TEST_DATA,
             program);
    cr_assert_eq(hsx(line), 0, "%s: %s", line, text_of("err"));
    snprintf(line, sizeof line, "%s p.hxe", command);
    cr_expect_eq(hsx(line), 0, "%s %s: %s", program, level, text_of("err"));
    cr_expect_not_null(strstr(text_of("err"), wanted), "%s %s fails in line: %s", program, level,
                       text_of("err"));
}

static void at_all_levels(const char *program)
{
    expect_right(program, "-O0", "run");
    expect_right(program, "-O1", "run");
    expect_right(program, "-O2", "run");
}

Test(cc, integers_of_all_widths)
{
    at_all_levels("integers");
}

Test(cc, floating_point_rounds_as_the_host_does)
{
    at_all_levels("floats");
}

Test(cc, structures_arguments_and_initial_values)
{
    at_all_levels("structures");
}

Test(cc, alignment_complex_numbers_and_what_gcc_adds)
{
    at_all_levels("kinds");
}

Test(cc, constants_made_of_addresses)
{
    at_all_levels("addresses");
}

Test(cc, control_recursion_and_frames)
{
    at_all_levels("control");
}

Test(cc, library_and_system_calls)
{
    at_all_levels("library");
}

Test(cc, numbers_and_words_of_texts)
{
    expect_right("text", "-O0 -DPART=1", "run");
    expect_right("text", "-O2 -DPART=1", "run");
    expect_right("text", "-O0 -DPART=2", "run");
    expect_right("text", "-O2 -DPART=2", "run");
}

Test(cc, heap_and_printed_doubles)
{
    expect_right("memory", "-O0", "run");
    expect_right("memory", "-O2", "run");
    expect_right("memory", "-O2", "cosim");
}

/* Programs that print no double do not contain the code for it. */
Test(cc, printf_without_doubles_is_small)
{
    static const char *const texts[] = {
        "#include <stdio.h>\nint main(void) { return printf(\"%d\\n\", 1) < 0; }\n",
        "#include <stdio.h>\nint main(void) { return printf(\"%f\\n\", 1.0) < 0; }\n"};
    long sizes[2];

    for (int i = 0; i < 2; i++) {
        write_text("p.c", texts[i]);
        cr_assert_eq(hsx("cc p.c -o p.hxe"), 0, "%s", text_of("err"));
        cr_assert_eq(hsx("image p.hxe"), 0);
        sizes[i] = strtol(strstr(text_of("out"), "code ") + strlen("code "), NULL, 10);
    }
    cr_expect_lt(sizes[0], 10000, "%ld bytes", sizes[0]);
    cr_expect_gt(sizes[1], sizes[0] + 4000, "%ld bytes", sizes[1]);
}

Test(cc, mathematics_of_newlib)
{
    expect_right("mathematics", "-DPART=1", "run");
    expect_right("mathematics", "-DPART=2", "run");
    expect_right("mathematics", "-DPART=3", "run");
    expect_right("mathematics", "-DPART=4", "run");
}

/* Functions with a loop and a switch, called in sequence and all inlined into main by the
 * optimizer; and as many that are never called. */
static unsigned write_long_program(const char *path)
{
    enum { FUNCTIONS = 520, CALLED = 130 };
    FILE *file = fopen(path, "w");
    unsigned lines = 0;

    cr_assert_not_null(file);
    for (unsigned i = 0; i < FUNCTIONS; i++) {
        unsigned n = i * 2654435761u >> 20;

        fprintf(file,
                "static int table%u[4] = {%u, %u, %u, %u};\n"
                "static int f%u(int a, int b)\n{\n    int s = 0;\n\n"
                "    for (int i = 0; i < 4; i++) {\n        if (a > table%u[i]) {\n"
                "            s += table%u[i] * b;\n        } else {\n            s ^= a + i;\n"
                "        }\n    }\n    switch (s & 7) {\n    case 1:\n        s += %u;\n"
                "        break;\n    default:\n        s = s %% %u;\n    }\n    return s;\n}\n",
                i, n, n / 3, n / 5, n / 7, i, i, i, n, n % 90 + 2);
        lines += 21;
    }
    fputs("int main(void)\n{\n    int s = 0;\n\n", file);
    for (unsigned i = 0; i < CALLED; i++) {
        fprintf(file, "    s += f%u(s, %u);\n", i, i);
        lines++;
    }
    fputs("    return s == 12345;\n}\n", file);
    cr_assert_eq(fclose(file), 0);
    return lines;
}

Test(cc, ten_thousand_lines_take_less_than_five_seconds)
{
#ifdef __SANITIZE_ADDRESS__
    enum { SECONDS = 25 };
#else
    enum { SECONDS = 5 };
#endif
    struct rusage used;

    cr_assert_geq(write_long_program("long.c"), 10000);
    cr_assert_eq(hsx("cc -Wno-everything long.c"), 0, "%s", text_of("err"));
    cr_assert_eq(getrusage(RUSAGE_CHILDREN, &used), 0);
    cr_expect_lt(used.ru_utime.tv_sec, SECONDS, "%ld s", (long)used.ru_utime.tv_sec);
    cr_expect_eq(hsx("run --stack 0x2000 long.hxe"), 0, "%s", text_of("err"));
    expect_in("err", "exit 0");
}

Test(cc, code_beyond_the_reach_of_jumps)
{
    at_all_levels("far");
}

Test(cc, programs_run_in_lock_step)
{
    expect_right("structures", "-O2", "cosim");
    expect_right("library", "-O0", "cosim");
    expect_right("far", "-O2", "cosim");
}

/* Loads and stores of up to 32 bits are single instructions. */
Test(cc, atomic_loads_and_stores_and_long_double)
{
    write_text("a.c",
               "#include <stdatomic.h>\n_Atomic int a = 40;\nvolatile long double d = 1.5L;\n"
               "int main(void)\n{\n    atomic_store(&a, atomic_load(&a) - 1);\n"
               "    atomic_signal_fence(memory_order_seq_cst);\n"
               "    return a + (int)(d * 2) + (sizeof d == sizeof(double));\n}\n");
    cr_assert_eq(hsx("cc -Wall -Werror a.c -o a.hxe"), 0, "%s", text_of("err"));
    hsx("run a.hxe");
    expect_in("err", "exit 43");
}

Test(cc, several_files_are_one_program)
{
    write_text("a.c",
               "int twice(int);\nextern int base;\nint main(void) { return twice(base); }\n");
    write_text("b.c", "int base = 21;\nstatic int two(void) { return 2; }\n"
                      "int twice(int a) { return two() * a; }\n");
    cr_assert_eq(hsx("cc a.c b.c -o ab.hxe"), 0, "%s", text_of("err"));
    hsx("run ab.hxe");
    expect_in("err", "exit 42");
}

Test(cc, assembly_assembles_to_the_same_image)
{
    write_text("a.c", "#include <stdio.h>\nint main(void) { return puts(\"x\") + 7; }\n");
    cr_assert_eq(hsx("cc a.c"), 0, "%s", text_of("err"));
    cr_assert_eq(hsx("cc a.c -S"), 0, "%s", text_of("err"));
    expect_in("a.mvasm", "main:\n");
    cr_assert_eq(hsx("asm a.mvasm -o b.hxe"), 0, "%s", text_of("err"));
    cr_expect_eq(shell("cmp a.hxe b.hxe"), 0);
}

/* Each calls the other, and each uses a variable of the other. */
Test(cc, assembly_and_c_in_one_program)
{
    static const char *const levels[] = {"-O0", "-O2"};

    write_text("a.c",
               "#include <stdio.h>\nint add(int, int);\nextern int table[2];\nint base = 40;\n"
               "static int seen;\nint note(int a) { return seen = 2 * a; }\n"
               "int main(void)\n{\n    int sum = add(2, 4) + seen + table[1] + base;\n"
               "    return printf(\"%d\\n\", sum) < 0;\n}\n");
    /* a JNZ that reaches, though there are over 4 KiB of C */
    write_text("b.mvasm", "; note, base: names of C\n.text\n    .export add\n.import note\n"
                          ".import base\nadd:\n    LDI R12, 1\n    LDI R13, 0\nagain:\n"
                          "    ADD R13, R13, R1\n    SUB R2, R2, R12\n    JNZ again\n"
                          "    MOV R1, R13\n    CALL note\n    LDI32 R1, base\n"
                          "    LDI R2, 7\n    ST [R1], R2\n    RET\n"
                          ".data\n.export table\ntable:\n    .word 5, 6\n");
    for (int i = 0; i < 2; i++) {
        char line[100];

        snprintf(line, sizeof line, "cc %s -fstack-usage a.c b.mvasm", levels[i]);
        cr_assert_eq(hsx(line), 0, "%s", text_of("err"));
        hsx("run a.hxe");
        expect_in("out", "45\n");
        cr_expect_eq(hsx("cosim a.hxe"), 0, "%s", text_of("err"));
        expect_in("a.su", "program\t-\tassembly of add\n");
    }
    expect_in("a.sym", "\"file\": \"b.mvasm\"");
    cr_assert_eq(hsx("cc -S a.c b.mvasm -o a.mvasm"), 0, "%s", text_of("err"));
    cr_assert_eq(hsx("asm b.mvasm a.mvasm -o c.hxe"), 0, "%s", text_of("err"));
    cr_expect_eq(shell("cmp -i 96 a.hxe c.hxe"), 0);
    write_text("b.mvasm", ".text\n.export add\nadd:\n    FOO R1\n"
                          ".data\n.export table\ntable:\n    .word 5, 6\n");
    cr_expect_eq(hsx("cc a.c b.mvasm"), 1);
    expect_in("err", "b.mvasm:4: unknown instruction 'FOO'");
    cr_expect_eq(hsx("cc a.c none.mvasm"), 1);
    expect_in("err", "none.mvasm: cannot read");
}

/* Instructions of the kernels compared with hand-written assembly. */
static double steps_of(const char *image, const char *options)
{
    char line[300];
    const char *at;

    snprintf(line, sizeof line, "run %s %s", options, image);
    cr_assert_eq(hsx(line) & ~0xFF, 0);
    at = strstr(text_of("err"), "ended: ");
    cr_assert_not_null(at, "%s", text_of("err"));
    return strtod(at + strlen("ended: "), NULL);
}

static void compare_kernel(const char *name, int rounds)
{
    char line[600];
    double ours, by_hand;

    snprintf(line, sizeof line, "cc -DKERNEL=%s -DROUNDS=%d %s/programs/kernels.c -o c.hxe", name,
             rounds, HSX_TEST_DATA);
    cr_assert_eq(hsx(line), 0, "%s", text_of("err"));
    snprintf(line, sizeof line,
             "sed 's/@ROUNDS@/%d/; s/@CRC_BYTES@/4096/; s/@CRC_TABLE@/0x6000/g; "
             "s/@SIEVE_TABLE@/0x6000/; s/@SIEVE_END@/0x8000/; s/@SIEVE_LIMIT@/91/; s/@.*_DATA@//' "
             "%s/%s.mvasm.in >h.mvasm",
             rounds, HSX_KERNELS, name);
    cr_assert_eq(shell(line), 0);
    cr_assert_eq(hsx("asm h.mvasm -o h.hxe"), 0);
    ours = steps_of("c.hxe", "");
    by_hand = steps_of("h.hxe", "--no-protect");
    cr_expect_lt(ours, by_hand * 1.3, "%s: %.0f instructions against %.0f", name, ours, by_hand);
}

Test(cc, kernels_are_close_to_assembly_by_hand)
{
    compare_kernel("xorshift", 10000);
    compare_kernel("sieve", 3);
    compare_kernel("crc32", 3);
}

/* Random programs print a checksum of their variables, which must equal that of gcc for 32 bits.
 * Those that end do so at once. */
Test(cc, random_programs_agree_with_gcc)
{
    enum { PROGRAMS = 50, MOST_SEEDS = 200 };
    int compared = 0;

    if (shell("command -v csmith >/dev/null && echo 'int main(void) { return 0; }' >t.c && "
              "gcc -m32 t.c -o t 2>/dev/null") != 0) {
        cr_skip_test("no csmith or no gcc -m32 here");
    }
    for (int seed = 1; compared < PROGRAMS && seed < MOST_SEEDS; seed++) {
        char line[400];
        char right[100];

        snprintf(line, sizeof line,
                 "csmith --seed %d --no-packed-struct --max-funcs 3 --max-block-depth 2 --concise "
                 ">p.c && gcc -m32 -w -I/usr/include/csmith p.c -o n && timeout 0.3 ./n >right",
                 seed);
        if (shell(line) != 0) {
            continue;
        }
        read_text("right", right, sizeof right);
        snprintf(line, sizeof line, "cc -Wno-everything -O%d -I/usr/include/csmith p.c -o p.hxe",
                 seed % 3);
        cr_assert_eq(hsx(line), 0, "seed %d: %s", seed, text_of("err"));
        cr_expect_eq(hsx("run --stack 0x3000 p.hxe"), 0, "seed %d: %s", seed, text_of("err"));
        cr_expect_str_eq(text_of("out"), right, "seed %d -O%d", seed, seed % 3);
        compared++;
    }
    cr_expect_eq(compared, PROGRAMS);
}

/* Refused input leaves no file; there is one line and exit status 1. */
static void refuse(const char *text, const char *options, const char *wanted)
{
    char line[200];

    write_text("bad.c", text);
    snprintf(line, sizeof line, "cc %s bad.c -o bad.hxe", options);
    cr_expect_eq(hsx(line), 1, "%s", text);
    expect_in("err", wanted);
    cr_expect_neq(access("bad.hxe", F_OK), 0, "%s", text);
}

Test(cc, refusals_name_the_place)
{
    refuse("int main(void) { return x; }\n", "", "bad.c:1:25: error:");
    refuse("int other(void) { return 1; }\n", "", "no file defines main");
    refuse("int f(void);\nint main(void) { return f(); }\n", "",
           "bad.c:2: no file defines the function f");
    refuse("extern int v;\nint main(void) { return v; }\n", "",
           "bad.c:2: no file defines the variable v");
    refuse("int main(void)\n{\n    __asm__ volatile(\"NOP\");\n    return 0;\n}\n", "",
           "bad.c:3: inline assembly is not supported");
    refuse("_Atomic int x;\nint main(void)\n{\n    return x++;\n}\n", "",
           "bad.c:4: an atomic operation is not supported");
    refuse("_Atomic long long x;\nint main(void)\n{\n    return (int)x;\n}\n",
           "-Wno-atomic-alignment", "bad.c:4: an atomic operation on more than 32 bits");
    refuse("__int128 x;\nint main(void) { return (int)x; }\n", "", "bad.c:1:1: error: __int128");
    refuse("_Thread_local int x;\nint main(void) { return x; }\n", "",
           "bad.c:2: the thread-local variable x");
    refuse("__attribute__((constructor)) void f(void) {}\nint main(void) { return 0; }\n", "",
           "bad.c:1: the attribute constructor is not supported");
    refuse("int v;\n__attribute__((destructor)) void f(void) { v++; }\n"
           "int main(void) { return 0; }\n",
           "", "bad.c:2: the attribute destructor is not supported");
    refuse("__asm__(\"NOP\");\nint main(void) { return 0; }\n", "",
           "bad.c: assembly outside of functions is not supported");
    refuse("int main(int n, char **v)\n{\n    void *to[] = {&&a, &&b};\n"
           "    goto *to[n];\na:\n    return 1;\nb:\n    return 2;\n}\n",
           "", "bad.c:1: a jump to a computed label is not supported");
    refuse(
        "typedef int v4 __attribute__((vector_size(16)));\nvolatile v4 a, b;\nint main(void)\n{\n"
        "    a = a + b;\n    return a[2];\n}\n",
        "", "bad.c:5: a vector type is not supported");
    refuse("_Alignas(0x8000) char v[2] = {1};\nint main(void) { return v[0]; }\n", "-O0",
           "v is aligned to 32768 bytes; at most 16 KiB are supported");
    refuse("volatile char big[50000];\nint main(void) { return big[7]; }\n", "", "48 KiB");
    cr_expect_eq(hsx("cc missing.c -o m.hxe"), 1);
    expect_in("err", "missing.c: cannot read");
    cr_expect_eq(hsx("cc bad.o"), 1);
    expect_in("err", "bad.o: expected a file in C or assembly");
    cr_expect_eq(hsx("cc -O7 bad.c -o m.hxe"), 2);
    expect_in("err", "expected 0, 1 or 2");
}

/* As where memory is short and the system ends clang. */
Test(cc, a_clang_that_a_signal_ends_is_reported)
{
    cr_assert_eq(shell("echo 'int main(void) { return 0; }' >a.c; "
                       "printf '#!/bin/sh\\nkill -9 $$\\n' >clang.sh; chmod +x clang.sh"),
                 0);
    cr_assert_eq(setenv("HSX_CLANG", "./clang.sh", 1), 0);
    cr_expect_eq(hsx("cc a.c -o a.hxe"), 1);
    cr_expect_str_eq(text_of("err"), "hsx cc: ./clang.sh was ended by a signal: Killed\n");
    cr_expect_neq(access("a.hxe", F_OK), 0);
}

Test(cc, output_that_cannot_be_written_is_an_error)
{
    write_text("a.c", "int main(void) { return 7; }\n");
    cr_expect_eq(hsx("cc a.c -o /nowhere/a.hxe"), 1);
    expect_in("err", "/nowhere/a.hxe: cannot write");
    cr_expect_eq(hsx("cc a.c -o /dev/full"), 1);
}
