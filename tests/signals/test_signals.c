// SPDX-License-Identifier: Apache-2.0
/* A signal ends a command like a step limit: its output so far is complete. */
#include "../cli.h"
#include "process.h"
#include <criterion/criterion.h>
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(signals, .init = cli_enter, .fini = cli_leave);

#define HSX HSX_PROGRAM " "

static bool there(const char *path)
{
    return access(path, F_OK) == 0;
}

static void expect_object(const char *path, const char *line)
{
    json_error_t error;
    json_t *object = json_loads(line, 0, &error);

    cr_assert_not_null(object, "%s: %s: %s", path, error.text, line);
    json_decref(object);
}

/* Every line of it is a JSON object, including the last one. For speed, only the ends of
 * the lines in between are checked. */
static void expect_whole_lines(const char *path)
{
    char last[4096] = "";
    char *line = NULL;
    size_t size = 0;
    ssize_t len;
    FILE *in = fopen(path, "r");

    cr_assert_not_null(in, "%s", path);
    while ((len = getline(&line, &size, in)) > 0) {
        cr_assert(len > 2 && len < (ssize_t)sizeof last && line[0] == '{' &&
                      strcmp(line + len - 2, "}\n") == 0,
                  "%s: %s", path, line);
        if (last[0] == '\0') {
            expect_object(path, line);
        }
        memcpy(last, line, (size_t)len + 1);
    }
    free(line);
    fclose(in);
    expect_object(path, last);
}

/* The only object on standard output. */
static json_t *result(void)
{
    json_error_t error;
    json_t *object = json_load_file("out", 0, &error);

    cr_assert_not_null(object, "%s: %s", error.text, text_of("out"));
    return object;
}

/* Starts arguments, sends the signal after ms, and returns the exit status; -1: it ended
 * at once, as it had no output yet. */
static int interrupt(const char *arguments, int number, unsigned ms)
{
    char line[1500];
    pid_t pid;
    int status;

    snprintf(line, sizeof line, HSX "%s >out 2>err", arguments);
    pid = process_start(line);
    sleep_ms(ms);
    cr_assert_eq(kill(pid, number), 0);
    status = process_wait(pid);
    if (WIFSIGNALED(status)) {
        cr_expect_eq(WTERMSIG(status), number);
        return -1;
    }
    return WEXITSTATUS(status);
}

Test(signals, a_run_is_reported_and_its_trace_is_whole)
{
    unsigned reported = 0;

    /* Later ones only where a program takes long to begin, as with sanitizers on a busy machine. */
    for (unsigned i = 0; i < 12 || (reported == 0 && i < 20); i++) {
        int number = i % 2 != 0 ? SIGINT : SIGTERM;
        unsigned delay = i < 12 ? 7 * i * i % 120 : 200 * (i - 10);
        int status = interrupt("run --json --trace t.jsonl " HSX_SPIN, number, delay);

        if (status == -1) {
            cr_expect_not(there("t.jsonl"));
        } else {
            json_t *object = result();

            cr_expect_eq(status, 128 + number, "%s", text_of("err"));
            cr_expect_str_eq(json_string_value(json_object_get(object, "reason")), "interrupted");
            cr_expect_eq(json_integer_value(json_object_get(object, "exit")), status);
            json_decref(object);
            expect_whole_lines("t.jsonl");
            expect_in("err", "interrupted: ");
            reported++;
        }
        unlink("t.jsonl");
        cr_expect_eq(other_files(" out err "), 0);
    }
    cr_expect_geq(reported, 1, "no run had begun before its signal came");
}

Test(signals, every_command_that_runs_tasks_gets_the_signal)
{
    static const struct {
        const char *arguments, *said;
    } commands[] = {
        {"run " HSX_SPIN, "interrupted: "},
        {"run --target rtl " HSX_SPIN, "interrupted: "},
        {"cosim " HSX_SPIN, "0 divergences"},
        {"fuzz --count 1000000 --json", ""},
        {"conform --json --target rtl --check-windows 1 " HSX_VECTORS, ""},
        {"shell " HSX_SPIN " -c 'clock run; ps; quit'", ""},
        {"shell --target rtl " HSX_SPIN " -c 'clock run; ps'", ""},
    };

    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        unsigned ms = 100;
        int status = -1;

        /* On a busy machine it takes time until there is something to interrupt. */
        for (bool begun = false; !begun && ms <= 12800; ms *= 2) {
            status = interrupt(commands[i].arguments, SIGTERM, ms);
            begun = status != -1 && (strncmp(commands[i].arguments, "shell", 5) != 0 ||
                                     strstr(text_of("out"), "stopped"));
        }
        if (strncmp(commands[i].arguments, "conform", 7) == 0 && status == 0) {
            continue; /* all cases had been done */
        }
        cr_expect_eq(status, 128 + SIGTERM, "%s: %d: %s", commands[i].arguments, status,
                     text_of("err"));
        expect_in("err", commands[i].said);
        if (strstr(commands[i].arguments, "--json")) {
            json_decref(result());
        }
        if (strncmp(commands[i].arguments, "shell", 5) == 0) {
            expect_in("out", "stopped: interrupted");
            cr_expect_null(strstr(text_of("out"), "pid"), "the rest of the line is not done");
        }
        cr_expect_eq(other_files(" out err "), 0);
    }
}

Test(signals, a_script_that_waits_for_its_next_line_ends_with_its_trace)
{
    char command[1000];
    unsigned waited = 0;
    pid_t pid;
    int status;

    cr_assert_eq(mkfifo("in", 0600), 0);
    snprintf(command, sizeof command, HSX "shell %s <in >out 2>err", HSX_SPIN);
    pid = process_start(command);

    FILE *in = fopen("in", "w");

    cr_assert_not_null(in);
    fprintf(in, "trace on t.jsonl\nclock step 1000\nhelp quit\n");
    fflush(in);
    /* Its answers are buffered; the trace's temporary file shows that it has started. */
    while (other_files(" in out err ") == 0 && waited < 30000) {
        sleep_ms(20);
        waited += 20;
    }
    sleep_ms(200);
    kill(pid, SIGINT);
    status = process_wait(pid);
    fclose(in);
    cr_assert(WIFEXITED(status));
    cr_expect_eq(WEXITSTATUS(status), 128 + SIGINT);
    expect_whole_lines("t.jsonl");
    cr_expect_eq(other_files(" in out err t.jsonl "), 0);
}

/* A wave makes the core a hundred times slower. Processor time is measured, as any other time may
 * be long on a busy machine; after the signal a run only has to write the end of its wave. */
Test(signals, a_run_that_writes_a_wave_is_reported_at_once)
{
    static const char *const lines[] = {
        HSX "run --target rtl --wave w.fst " HSX_SPIN " >out 2>err",
        HSX "cosim --wave w.fst " HSX_SPIN " >out 2>err",
    };

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        pid_t pid = process_start(lines[i]);
        double took;
        int status;

        for (unsigned waited = 0; waited < 60000 && process_seconds(pid) < 0.6; waited += 20) {
            sleep_ms(20);
        }
        kill(pid, SIGTERM);
        took = process_wait_seconds(pid, &status);
        cr_assert(WIFEXITED(status), "%s", lines[i]);
        cr_expect_eq(WEXITSTATUS(status), 128 + SIGTERM, "%s: %s", lines[i], text_of("err"));
        cr_expect(there("w.fst"));
#ifdef HSX_SANITIZED
        (void)took; /* longer with sanitizers */
#else
        cr_expect_leq(took, 0.7, "%s: %.2f s", lines[i], took);
#endif
        unlink("w.fst");
    }
}

/* Two pending signals are delivered one after the other. */
Test(signals, a_second_signal_ends_at_once_and_leaves_nothing)
{
    int status;
    pid_t pid = process_start(HSX "run --trace t.jsonl " HSX_SPIN " >out 2>err");

    for (unsigned waited = 0; waited < 30000 && other_files(" out err ") == 0; waited += 20) {
        sleep_ms(20);
    }
    sleep_ms(300);
    kill(pid, SIGSTOP);
    kill(pid, SIGINT);
    kill(pid, SIGTERM);
    kill(pid, SIGCONT);
    status = process_wait(pid);
    cr_expect(WIFSIGNALED(status));
    cr_expect_eq(other_files(" out err "), 0);
}

/* ---- At each file operation */

/* Runs arguments with a failure at call number at; false: there were not that many calls. */
static bool strike(const char *arguments, unsigned at, int number, int *status)
{
    char line[1800];

    snprintf(line, sizeof line,
             "env ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 HSX_INJECT_LOG=log "
             "HSX_INJECT_AT=%u "
             "HSX_INJECT_SIGNAL=%d LD_PRELOAD=" HSX_INJECT " " HSX "%s >out 2>err",
             at, number, arguments);
    fclose(fopen("log", "w"));
    *status = process_wait(process_start(line));

    char *log = text_of("log");
    unsigned calls = 0;

    for (; *log; log++) {
        calls += *log == '\n';
    }
    return at <= calls;
}

struct written {
    const char *arguments;
    const char *file;
    bool (*whole)(const char *path);
};

/* It may be empty if the signal came early enough. */
static bool has_whole_lines(const char *path)
{
    const char *text = text_of(path);
    size_t len = strlen(text);

    return len == 0 || text[len - 1] == '\n';
}

static bool is_image(const char *path)
{
    char line[300];

    snprintf(line, sizeof line, "dis %s >dis.out 2>dis.err", path);
    bool good = hsx(line) == 0;

    unlink("dis.out");
    unlink("dis.err");
    return good;
}

static bool is_snapshot(const char *path)
{
    char line[300];

    snprintf(line, sizeof line, "shell -c 'restore %s' >re.out 2>re.err", path);
    bool good = hsx(line) == 0;

    unlink("re.out");
    unlink("re.err");
    return good;
}

static const struct written written[] = {
    {"run --steps 300 --trace t.jsonl " HSX_SPIN, "t.jsonl", has_whole_lines},
    {"asm source.mvasm -o image.hxe", "image.hxe", is_image},
    {"shell " HSX_SPIN " -c 'clock step 100; save machine.snap'", "machine.snap", is_snapshot},
    {"shell " HSX_SPIN " -c 'trace on t.jsonl; clock step 100; trace off'", "t.jsonl",
     has_whole_lines},
    {"run --target rtl --steps 50 --wave w.vcd " HSX_SPIN, "w.vcd", has_whole_lines},
};

enum { WRITTEN = sizeof written / sizeof written[0] };

Test(signals, at_each_file_operation_a_signal_leaves_whole_files)
{
    write_text("source.mvasm", ".entry\nRET\n");
    for (size_t i = 0; i < WRITTEN; i++) {
        int status;
        unsigned at = 1;

        for (; strike(written[i].arguments, at, SIGTERM, &status); at++) {
            if (there(written[i].file)) {
                cr_expect(written[i].whole(written[i].file), "%s at %u", written[i].arguments, at);
            }
            unlink(written[i].file);
            cr_expect_eq(other_files(" out err log source.mvasm image.sym "), 0, "%s at %u",
                         written[i].arguments, at);
        }
        cr_expect_geq(at, 4, "%s: nothing was struck", written[i].arguments);
        unlink(written[i].file);
    }
}

Test(signals, at_each_file_operation_a_full_disk_is_reported)
{
    write_text("source.mvasm", ".entry\nRET\n");
    for (size_t i = 0; i < WRITTEN; i++) {
        int status;

        for (unsigned at = 1; strike(written[i].arguments, at, 0, &status); at++) {
            bool good = WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 4);

            cr_expect_eq(there(written[i].file), good, "%s at %u: status 0x%X",
                         written[i].arguments, at, (unsigned)status);
            cr_expect(good || strstr(text_of("err"), "No space left") ||
                          strstr(text_of("err"), "is the disk full?"),
                      "%s at %u: %s", written[i].arguments, at, text_of("err"));
            unlink(written[i].file);
            cr_expect_eq(other_files(" out err log source.mvasm image.sym "), 0, "%s at %u",
                         written[i].arguments, at);
        }
        unlink(written[i].file);
    }
}

/* ---- Standard descriptors */

Test(signals, closed_standard_descriptors_are_not_given_to_files)
{
    static const char *const closed[] = {">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"};

    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++) {
        char line[1000];

        snprintf(line, sizeof line, "run --trace t.jsonl " HSX_DEMOS "/three.hxe %s", closed[i]);
        hsx(line);
        expect_whole_lines("t.jsonl");
        unlink("t.jsonl");
    }
    cr_expect_eq(hsx("run " HSX_DEMOS "/three.hxe >&- 2>err"), 1);
    expect_in("err", "standard output: Bad file descriptor");
    cr_expect_eq(hsx("cosim --steps 500 " HSX_DEMOS "/three.hxe >&- 2>err"), 1);
    expect_in("err", "standard output: Bad file descriptor");
    cr_expect_eq(hsx("shell <&- >out 2>err"), 1);
}
