// SPDX-License-Identifier: Apache-2.0
/* hsx run as users see it: exit statuses, streams, traces, refusals. */
#include "../cli.h"
#include "fixture.h"
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char out[1 << 16], err[1 << 16];

TestSuite(run, .init = cli_enter, .fini = cli_leave);

static void image(const char *path, const char *source)
{
    size_t size;
    uint8_t *bytes = fx_assemble(&(struct fx_image){.source = source}, &size);
    FILE *file = fopen(path, "wb");

    cr_assert_not_null(file);
    cr_assert_eq(fwrite(bytes, 1, size, file), size);
    fclose(file);
    free(bytes);
}

/* Returns the exit status; the output is in out and err. */
static int said(const char *arguments)
{
    int status = hsx(arguments);

    read_text("out", out, sizeof out);
    read_text("err", err, sizeof err);
    return status;
}

static void images(void)
{
    image("hello.hxe", ".text\n.entry\nLDI32 R1, t\nLDI R2, 3\nSVC 0x101\nSVC 0x101\nLDI R0, 7\n"
                       "SVC 0x100\n.data\nt: .ascii \"hi\\n\"\n");
    image("ret.hxe", ".text\n.entry\nLDI R0, 5\nRET\n");
    image("spin.hxe", ".text\n.entry\nloop: JMP loop\n");
    image("fault.hxe", ".text\n.entry\nPOP R1\n");
    image("wait.hxe", ".text\n.entry\nLDI R1, 1\nLDI32 R2, 0x4000\nLDI R3, 4\nLDI R4, -1\n"
                      "SVC 0x503\nRET\n.data\n.zero 4\n");
    image("brk.hxe", ".text\n.entry\nBRK\nRET\n");
    image("sleep.hxe", ".text\n.entry\nLDI R0, 50\nSVC 0x600\nRET\n");
}

Test(run, exit_statuses)
{
    static const struct {
        const char *arguments;
        int status;
    } cases[] = {
        {"run ret.hxe hello.hxe", 0},
        {"run sleep.hxe", 0},
        {"run fault.hxe ret.hxe", 3},
        {"run fault.hxe spin.hxe --steps 100", 3},
        {"run fault.hxe wait.hxe", 3},
        {"run ret.hxe spin.hxe --steps 100", 4},
        {"run wait.hxe spin.hxe --steps 100", 4},
        {"run wait.hxe ret.hxe", 5},
        {"run brk.hxe", 5},
        {"run --help", 0},
        {"run", 2},
        {"run --steps many ret.hxe", 2},
        {"run --stack 6 ret.hxe", 2},
        {"run --stack 100000 ret.hxe", 2},
        {"run --call maybe ret.hxe", 2},
        {"run --profile huge ret.hxe", 2},
        {"run --target moon ret.hxe", 2},
        {"run --contexts 0 ret.hxe", 2},
        {"run absent.hxe", 1},
        {"run err ret.hxe", 1},
    };

    images();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int status = hsx(cases[i].arguments);

        cr_expect_eq(status, cases[i].status, "hsx %s: %d, expected %d", cases[i].arguments, status,
                     cases[i].status);
    }
}

Test(run, tasks_speak_on_stdout_and_the_summary_is_on_stderr)
{
    images();
    cr_assert_eq(said("run hello.hxe ret.hxe"), 0);
    cr_assert_str_eq(out, "hi\nhi\n");
    cr_assert(strstr(err, "hello"));
    cr_assert(strstr(err, "EXITED"));
    cr_assert(strstr(err, "exit 7"));
    cr_assert(strstr(err, "RETURNED"));
    cr_assert(strstr(err, "exit 5"));
}

Test(run, lines_carry_their_task_on_request)
{
    image("part.hxe", ".text\n.entry\nLDI32 R1, t\nLDI R2, 2\nSVC 0x101\nRET\n.data\n"
                      "t: .ascii \"ab\"\n");
    images();
    cr_assert_eq(said("run --prefix part.hxe hello.hxe"), 0);
    cr_assert_str_eq(out, "[1] ab\n[2] hi\n[2] hi\n");
}

Test(run, json_is_one_object_on_stdout)
{
    json_error_t error;
    json_t *report, *task;

    images();
    cr_assert_eq(said("run --json hello.hxe fault.hxe"), 3);
    report = json_loads(out, 0, &error);
    cr_assert_not_null(report, "%s", error.text);
    cr_assert_eq(json_integer_value(json_object_get(report, "exit")), 3);
    cr_assert_eq(json_integer_value(json_object_get(report, "steps")), 6);
    cr_assert_str_eq(json_string_value(json_object_get(report, "reason")), "ended");
    cr_assert_eq(json_array_size(json_object_get(report, "tasks")), 2);
    task = json_array_get(json_object_get(report, "tasks"), 0);
    cr_assert_str_eq(json_string_value(json_object_get(task, "name")), "hello");
    cr_assert_eq(json_integer_value(json_object_get(task, "exit_status")), 7);
    cr_assert(json_is_null(json_object_get(task, "fault")));
    task = json_array_get(json_object_get(report, "tasks"), 1);
    cr_assert_str_eq(json_string_value(json_object_get(task, "fault")), "STACK_UNDERFLOW");
    cr_assert(json_is_null(json_object_get(task, "exit_status")));
    json_decref(report);
    cr_assert(strstr(err, "hi\nhi\n"), "the console goes to stderr");
}

Test(run, refusals_are_one_line_that_says_where)
{
    FILE *file;

    images();
    cr_assert_eq(said("run absent.hxe"), 1);
    cr_assert_str_eq(err, "absent.hxe: No such file or directory\n");
    file = fopen("junk.hxe", "wb");
    fputs("junk that is long enough for a header", file);
    fclose(file);
    cr_assert_eq(said("run ret.hxe junk.hxe"), 1);
    cr_assert_eq(strncmp(err, "junk.hxe: ", 10), 0, "%s", err);
    cr_assert_eq(strchr(err, '\n'), err + strlen(err) - 1, "one line");
    cr_assert_eq(said("run --stack 0xC000 ret.hxe spin.hxe"), 1);
    cr_assert(strstr(err, "spin.hxe: no room"), "%s", err);
}

Test(run, a_trace_appears_whole_or_not_at_all)
{
    static char text[1 << 16];
    struct stat info;

    images();
    cr_assert_eq(said("run --trace t.jsonl ret.hxe"), 0);
    read_text("t.jsonl", text, sizeof text);
    cr_assert_eq(strncmp(text, "{\"format\":\"hsx.trace/1\",", 24), 0);
    cr_assert(strstr(text, "\"name\":\"ret\""));
    cr_assert(strstr(text, "\n{\"seq\":0,"));
    cr_assert(strstr(text, "\"event\":\"return\""));
    cr_assert_eq(said("run --trace t.jsonl ret.hxe absent.hxe"), 1);
    read_text("t.jsonl", out, sizeof out);
    cr_assert_str_eq(out, text, "the old trace is untouched");
    cr_assert_eq(said("run --trace none/t.jsonl ret.hxe"), 1);
    cr_assert_neq(stat("none", &info), 0);
}

Test(run, a_trace_may_go_to_standard_output)
{
    static char text[1 << 16];

    images();
    cr_assert_eq(said("run --trace t.jsonl hello.hxe"), 0);
    read_text("t.jsonl", text, sizeof text);
    cr_assert_eq(said("run --trace - hello.hxe"), 0);
    cr_assert_str_eq(out, text);
    cr_assert(strstr(err, "hi\nhi\n"), "what the tasks say makes room");
    cr_assert_eq(said("run --trace - --json hello.hxe"), 2);
    cr_assert_eq(said("run --trace-from 3 hello.hxe"), 2);
    cr_assert_eq(said("run --trace t.jsonl --trace-pc 8-4 hello.hxe"), 2);
    cr_assert_eq(said("run --trace /dev/full hello.hxe"), 1);
    cr_assert(strstr(err, "/dev/full: "));
}

Test(run, a_trace_is_binary_by_its_name_or_on_request)
{
    static char text[1 << 16];

    images();
    cr_assert_eq(said("run --trace t.hsxt --trace-format text hello.hxe"), 0);
    read_text("t.hsxt", text, sizeof text);
    cr_assert_eq(text[0], '{');
    cr_assert_eq(said("run --trace t.hsxt hello.hxe"), 0);
    read_text("t.hsxt", text, sizeof text);
    cr_assert_eq(strncmp(text, "\x89HSXT", 5), 0);
    cr_assert_eq(said("run --trace b --trace-format binary hello.hxe"), 0);
    read_text("b", out, sizeof out);
    cr_assert_str_eq(out, text);
}

/* The events of the trace with the digits of each cycle field removed. */
static void without_cycles(const char *path, char *text, size_t size)
{
    char *to;
    const char *from;

    read_text(path, text, size);
    for (to = text, from = strchr(text, '\n') + 1; *from;) {
        if (strncmp(from, "\"cycle\":", 8) == 0) {
            from += 8 + strspn(from + 8, "0123456789");
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}

Test(run, a_trace_of_the_core_equals_that_of_the_vm_but_for_cycles)
{
    static char vm[1 << 20], rtl[1 << 20];

    images();
    image("say.hxe", ".text\n.entry\nLDI R9, 1\nLDI R8, 40\nm: LDI32 R1, n\nSVC 0x500\n"
                     "LDI32 R2, n\nLDI R3, 5\nSVC 0x502\nLDI R0, 2\nSVC 0x600\nSUB R8, R8, R9\n"
                     "JNZ m\nRET\n.data\nn: .asciz \"app:x\"\n");
    image("hear.hxe", ".text\n.entry\nLDI R9, 1\nLDI R8, 40\nLDI32 R1, n\nSVC 0x500\nMOV R7, R1\n"
                      "m: MOV R1, R7\nLDI32 R2, b\nLDI R3, 8\nLDI R4, 1\nLDI R5, 0\nSVC 0x503\n"
                      "SUB R8, R8, R9\nJNZ m\nRET\n.data\nn: .asciz \"app:x\"\nb: .zero 8\n");
    cr_assert_eq(said("run --tick-steps 7 --trace vm.jsonl hear.hxe say.hxe fault.hxe hear.hxe "
                      "--steps 1500"),
                 3);
    cr_assert_eq(said("run --tick-steps 7 --trace rtl.jsonl hear.hxe say.hxe fault.hxe hear.hxe "
                      "--steps 1500 --target rtl"),
                 3, "%s", err);
    without_cycles("vm.jsonl", vm, sizeof vm);
    without_cycles("rtl.jsonl", rtl, sizeof rtl);
    cr_assert_str_eq(vm, rtl);
    cr_assert(strstr(vm, "\"event\":\"tick\""));
}

/* Writes a prompt to stdio.out, reads lines from stdio.in and copies them to stdio.err; "q" ends
 * it. */
static const char echoing[] =
    ".text\n.entry\nloop: LDI R1, 1\nLDI32 R2, ask\nLDI R3, 2\nSVC 0x402\n"
    "LDI R1, 1\nLDI32 R2, buffer\nLDI R3, 60\nLDI R4, -1\nLDI R5, 0\nSVC 0x503\n"
    "MOV R3, R1\nLDI R1, 2\nLDI32 R2, buffer\nSVC 0x402\n"
    "LDI32 R2, buffer\nLDB R4, [R2]\nLDI R5, 'q'\nCMP R4, R5\nJNZ loop\nLDI R0, 0\nSVC 0x100\n"
    ".data\nask: .ascii \"> \"\n.bss\nbuffer: .zero 60\n";

Test(run, standard_streams_are_the_same_on_all_targets)
{
    static const char *const commands[] = {
        "run echo.hxe ret.hxe --stdin <in", "run echo.hxe ret.hxe --stdin=1 --target rtl <in",
        "cosim ret.hxe echo.hxe --stdin=2 <in", "cosim echo.hxe --stdin --trap-latency 50 <in"};
    FILE *in;

    images();
    image("echo.hxe", echoing);
    in = fopen("in", "w");
    fputs("first\n\na line that is longer than a message can be, so that it comes in two\nq", in);
    fclose(in);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        cr_expect_eq(said(commands[i]), 0, "%s: %s", commands[i], err);
        cr_expect_str_eq(out,
                         "> first\n> \n> a line that is longer than a message can be, so that it "
                         "> comes in two\n> q",
                         "%s: %s", commands[i], out);
    }
    cr_expect_eq(system("echo q | " HSX_PROGRAM " run echo.hxe --stdin --prefix >out 2>err"), 0);
    read_text("out", out, sizeof out);
    cr_expect_str_eq(out, "[1] > q\n");
}

Test(run, input_that_ends_leaves_its_reader_waiting)
{
    images();
    image("echo.hxe", echoing);
    cr_expect_eq(said("run echo.hxe --stdin </dev/null"), 5);
    cr_expect_str_eq(out, "> ");
    cr_expect_eq(said("run echo.hxe"), 5, "standard input is not touched unless asked for");
    cr_expect_eq(said("run echo.hxe --stdin=2"), 2);
    cr_expect_not_null(strstr(err, "--stdin is 2, expected a task from 1 to 1"), "%s", err);
    cr_expect_eq(said("shell echo.hxe --stdin </dev/null"), 2);
}

Test(run, a_refused_access_is_explained)
{
    static const struct {
        const char *source, *hint;
    } cases[] = {
        {"LDI32 R1, 0x4010\nLD R2, [R1+4]\nRET\n.bss\n.zero 0x10\n",
         "task 1: LD at pc 0x0008 reads 4 bytes at 0x4014; the nearest range that it may use is "
         "its "
         "data segment, 0x4000 to 0x400F; --no-protect allows the access\n"},
        {"LDI32 R1, 0xEFFF\nSTB [R1], R2\nRET\n",
         "task 1: STB at pc 0x0008 writes 1 byte at 0xEFFF; the nearest range that it may use is "
         "its stack, 0xF000 to 0xFFFB; --no-protect allows the access\n"},
        {"LDI32 R1, 0xFFFE\nLD R2, [R1]\nRET\n",
         "task 1: LD at pc 0x0008 reads 4 bytes at 0xFFFE, which pass the end of memory\n"},
        {"LDI32 R0, 0x2000\nLDH R2, [R0]\nRET\n",
         "task 1: LDH at pc 0x0008: the address, which was in R0, is none that the task may use; "
         "--no-protect may allow it\n"},
        {"LDI R1, 1\nLDI32 R2, 0x4000\nLDI R3, 4\nLDI32 R5, 0x4004\nSVC 0x503\nLDI32 R1, 0x3000\n"
         "SVC 0x101\nRET\n.bss\n.zero 0x10\n",
         "task 1: RECV (SVC 0x503) at pc 0x0018 refused 20 bytes at 0x4004; the nearest range that "
         "it may use is its data segment, 0x4000 to 0x400F; --no-protect allows the access\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char source[400];

        snprintf(source, sizeof source, ".text\n.entry\n%s", cases[i].source);
        image("a.hxe", source);
        said("run a.hxe");
        cr_expect_not_null(strstr(err, cases[i].hint), "case %zu: %s", i, err);
        said("cosim a.hxe");
        cr_expect_not_null(strstr(err, cases[i].hint), "case %zu in lock-step: %s", i, err);
        said("run a.hxe --json");
        cr_expect_not_null(strstr(out, "\"hint\":\""), "%s", out);
        if (i != 2) {
            said("run a.hxe --no-protect");
            cr_expect_null(strstr(err, "--no-protect"), "case %zu: %s", i, err);
        }
    }
    image("ret.hxe", ".text\n.entry\nRET\n");
    said("run ret.hxe --json");
    cr_expect_not_null(strstr(out, "\"hint\":null"), "%s", out);
}

Test(run, a_run_can_begin_from_a_snapshot)
{
    static const char *const commands[] = {
        "run --restore x.snap", "run --restore x.snap --target rtl", "cosim --restore x.snap"};

    image("count.hxe", ".text\n.entry\nLDI R1, 100\nLDI R2, 1\nl: SUB R1, R1, R2\nJNZ l\n"
                       "LDI32 R1, t\nLDI R2, 3\nSVC 0x101\nLDI R0, 9\nSVC 0x100\n"
                       ".data\nt: .ascii \"hi\\n\"\n");
    image("ret.hxe", ".text\n.entry\nLDI R0, 5\nRET\n");
    cr_assert_eq(said("shell count.hxe -c 'step 50; save x.snap'"), 0);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        cr_expect_eq(said(commands[i]), 0, "%s: %s", commands[i], err);
        cr_expect_str_eq(out, "hi\n", "%s: %s", commands[i], out);
        cr_expect_not_null(strstr(err, "count                 EXITED             207  exit 9"),
                           "%s: %s", commands[i], err);
    }
    cr_expect_eq(said("cosim --restore x.snap ret.hxe"), 0, "%s", err);
    cr_expect_not_null(strstr(err, "    2  ret                   RETURNED "), "%s", err);
    cr_expect_eq(said("run --restore count.hxe"), 1);
    cr_expect_str_eq(err, "count.hxe: not a snapshot, expected \"HSXSNAP\" at the start\n");
    cr_expect_eq(said("cosim --restore gone.snap"), 1);
    cr_expect_str_eq(err, "gone.snap: No such file or directory\n");
    cr_expect_eq(said("cosim --restore x.snap --contexts 8"), 1);
    cr_expect_eq(said("shell --restore x.snap"), 2);
}

Test(run, the_summary_names_places)
{
    write_text("a.mvasm", ".entry main\nmain: LDI R1, 1\nsub:\nPOP R1\n");
    cr_assert_eq(said("asm a.mvasm -o a.hxe"), 0);
    cr_expect_eq(said("run a.hxe --json"), 3);
    cr_expect_not_null(strstr(err, "STACK_UNDERFLOW at pc 0x0004 <sub, a.mvasm:4>\n"), "%s", err);
    cr_expect_not_null(strstr(out, "\"symbol\":\"sub, a.mvasm:4\""), "%s", out);
    cr_expect_eq(said("cosim a.hxe --steps 0"), 0);
    cr_expect_not_null(strstr(err, "at pc 0x0000 <main, a.mvasm:2>\n"), "%s", err);
}

Test(run, control_bytes_are_escaped_for_terminals)
{
    static const char bytes[] =
        "a\\x1b[2J\\r\\x07\\x7f\\t\\xc3\\xa4\\xc2\\x9b\\xff\\xe2\\x82\\xac\\xe2\\x82";
    static const char escaped[] =
        "a\\x1B[2J\\x0D\\x07\\x7F\t\xC3\xA4\\xC2\\x9B\\xFF\xE2\x82\xAC\\xE2\\x82\n";
    char source[500];

    snprintf(
        source, sizeof source,
        ".text\n.entry\nLDI32 R1, t\nLDI R2, 1\nLDI R3, %d\nLDI R4, 1\n"
        "l: SVC 0x101\nADD R1, R1, R4\nSUB R3, R3, R4\nJNZ l\nRET\n.data\nt: .ascii \"%s\\n\"\n",
        23, bytes);
    image("a.hxe", source);
    cr_expect_eq(said("run a.hxe --console=safe"), 0);
    cr_expect_str_eq(out, escaped, "%s", out);
    cr_expect_eq(said("cosim a.hxe --console=safe --prefix"), 0);
    cr_expect_str_eq(out + 4, escaped, "%s", out);
    cr_expect_eq(said("shell a.hxe --console=safe -c 'clock run'"), 0);
    cr_expect_not_null(strstr(out, escaped), "%s", out);
    cr_expect_eq(said("run a.hxe"), 0);
    cr_expect_not_null(strstr(out, "a\x1b[2J\r"), "no terminal: as it is");
    cr_expect_eq(said("run a.hxe --console=cooked"), 2);
    /* script provides a terminal */
    cr_expect_eq(system("script -qec '" HSX_PROGRAM " run a.hxe' /dev/null >out 2>err </dev/null"),
                 0);
    read_text("out", out, sizeof out);
    cr_expect_not_null(strstr(out, "a\\x1B[2J\\x0D"), "%s", out);
}

Test(run, lines_typed_at_a_terminal_reach_a_task)
{
    images();
    image("echo.hxe", echoing);
    /* script turns its piped input into terminal input. */
    cr_expect_eq(system("(sleep 0.3; echo typed; sleep 0.3; echo q) | script -qec '" HSX_PROGRAM
                        " run echo.hxe sleep.hxe --stdin' /dev/null >out 2>err"),
                 0);
    read_text("out", out, sizeof out);
    cr_expect_not_null(strstr(out, "> typed\r\ntyped\r\n> q\r\nq\r\n"), "%s", out);
    cr_expect_not_null(strstr(out, "echo                  EXITED"), "%s", out);
}

/* Lines of out, a trace, for instructions. */
static unsigned retired_lines(void)
{
    unsigned lines = 0;

    for (const char *at = out; (at = strstr(at, "\"event\":\"retire\"")); at++) {
        lines++;
    }
    return lines;
}

Test(run, a_trace_may_be_of_some_steps_of_one_task)
{
    write_text("a.mvasm", ".entry main\nmain: ADD R1, R1, R1\nJMP main\n");
    cr_assert_eq(said("asm a.mvasm -o a.hxe"), 0);
    cr_expect_eq(said("run --steps 100 a.hxe a.hxe --trace t.jsonl --trace-from 20 --trace-to 40 "
                      "--trace-task 2"),
                 4, "%s", err);
    read_text("t.jsonl", out, sizeof out);
    cr_expect_eq(retired_lines(), 10, "%s", out);
    cr_expect_null(strstr(out, "\"pid\":1,\"slot\":0,\"pc\""), "%s", out);
}

Test(run, a_trace_of_one_function_is_asked_for_by_its_name)
{
    write_text("a.mvasm", ".entry main\nmain: CALL f\nRET\nf: LDI R1, 1\ninner: LDI R2, 2\nRET\n");
    cr_assert_eq(said("asm a.mvasm -o a.hxe"), 0);
    cr_expect_eq(said("run a.hxe --trace t.jsonl --trace-pc f"), 0, "%s", err);
    read_text("t.jsonl", out, sizeof out);
    cr_expect_null(strstr(out, "\"pc\":0,\"opcode\""), "%s", out);
    cr_expect_eq(retired_lines(), 3, "LDI, LDI and RET: %s", out);
    cr_expect_eq(said("cosim a.hxe --trace t.jsonl --trace-pc inner"), 0, "%s", err);
    read_text("t.jsonl", out, sizeof out);
    cr_expect_not_null(strstr(out, "\"pc\":12,\"opcode\""), "%s", out);
    cr_expect_null(strstr(out, "\"pc\":8,\"opcode\""), "%s", out);
    cr_expect_eq(said("run a.hxe --trace u.jsonl --trace-pc nobody"), 1);
    cr_expect_str_eq(err, "--trace-pc is 'nobody', which no symbol file next to an image has\n");
    cr_expect_eq(said("run a.hxe --trace u.jsonl --trace-pc f,x"), 1);
    cr_expect_neq(system("test -e u.jsonl"), 0);
}
