// SPDX-License-Identifier: Apache-2.0
/* The shell at a terminal: the interrupt key stops a run or drops a line. */
#include "../cli.h"
#include "process.h"
#include <criterion/criterion.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(terminal, .init = cli_enter, .fini = cli_leave);

enum { PATIENCE_MS = 60000 };

static struct {
    pid_t pid;
    int fd;
    char said[200000];
    size_t size;  /* of it */
    size_t taken; /* checked already */
} term;

static void open_shell(const char *target)
{
    term.pid = forkpty(&term.fd, NULL, NULL, NULL);
    cr_assert_geq(term.pid, 0);
    if (term.pid == 0) {
        signal(SIGINT, SIG_DFL);
        signal(SIGTERM, SIG_DFL);
        setenv("TERM", "dumb", 1);
        setenv("HOME", ".", 1);
        setenv("LSAN_OPTIONS", "print_suppressions=0:suppressions=" HSX_LEAKS, 1);
        execl(HSX_PROGRAM, "hsx", "shell", "--target", target, HSX_SPIN, (char *)NULL);
        _exit(127);
    }
}

/* Reads the shell's output until it contains wanted. */
static void expect_said(const char *wanted)
{
    for (unsigned waited = 0; !strstr(term.said + term.taken, wanted);) {
        struct pollfd in = {.fd = term.fd, .events = POLLIN};

        cr_assert_lt(waited, PATIENCE_MS, "no '%s' in '%s'", wanted, term.said + term.taken);
        if (poll(&in, 1, 100) <= 0) {
            waited += 100;
            continue;
        }
        ssize_t got = read(term.fd, term.said + term.size, sizeof term.said - 1 - term.size);

        cr_assert_gt(got, 0, "the shell has ended: %s", term.said + term.taken);
        term.size += (size_t)got;
    }
    term.taken = (size_t)(strstr(term.said + term.taken, wanted) - term.said) + strlen(wanted);
}

static void type(const char *keys)
{
    cr_assert_eq(write(term.fd, keys, strlen(keys)), (ssize_t)strlen(keys));
}

/* Processor time is measured, as any other time may be long on a busy machine. */
static void expect_stops(const char *command)
{
    double start, took;

    type(command);
    start = process_seconds(term.pid);
    for (unsigned waited = 0; process_seconds(term.pid) - start < 0.05; waited += 20) {
        cr_assert_lt(waited, PATIENCE_MS, "%s", command);
        sleep_ms(20);
    }
    start = process_seconds(term.pid);
    type("\003");
    expect_said("stopped: interrupted");
    expect_said("hsx> ");
    took = process_seconds(term.pid) - start;
#ifdef HSX_SANITIZED
    (void)took; /* longer with sanitizers */
#else
    cr_expect_leq(took, 0.1, "%s: %.2f s", command, took);
#endif
}

static void close_shell(int expected)
{
    int status = process_wait(term.pid);

    cr_assert(WIFEXITED(status));
    cr_expect_eq(WEXITSTATUS(status), expected);
    close(term.fd);
}

static void open_line(const char *line)
{
    term.pid = forkpty(&term.fd, NULL, NULL, NULL);
    cr_assert_geq(term.pid, 0);
    if (term.pid == 0) {
        signal(SIGTERM, SIG_DFL);
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
}

Test(terminal, a_long_run_shows_how_far_it_is)
{
    open_line("exec " HSX_PROGRAM " run --steps 1000000000000 " HSX_SPIN);
    expect_said(" steps, ");
    expect_said(" a second, ");
    expect_said(" left");
    kill(term.pid, SIGTERM);
    expect_said("\033[K");
    expect_said("interrupted: ");
    close_shell(128 + SIGTERM);
    open_line("exec " HSX_PROGRAM " fuzz --count 1000000");
    expect_said(" programs, ");
    kill(term.pid, SIGTERM);
    close_shell(128 + SIGTERM);
    open_line(HSX_PROGRAM " run --steps 60000000 " HSX_SPIN " 2>err; echo done");
    expect_said("done");
    cr_expect_null(strstr(text_of("err"), "a second"), "%s", text_of("err"));
}

static void expect_runs_stop(const char *target)
{
    open_shell(target);
    expect_said("hsx> ");
    expect_stops("clock run\n");
    expect_stops("clock run\n");
    expect_stops("step 1000000000\n");
    type("trace on t.jsonl\n");
    expect_said("hsx> ");
    expect_stops("clock run\n");
    type("bp set 1 never\n");
    expect_said("breakpoint 1: ");
    expect_said("hsx> ");
    expect_stops("clock run\n");
    type("watch set 1 R9\n");
    expect_said("hsx> ");
    expect_stops("clock run; clock run\n");
    type("quit\n");
    close_shell(0);
    cr_expect_eq(access("t.jsonl", F_OK), 0);
}

Test(terminal, the_interrupt_key_stops_a_run_of_the_vm)
{
    expect_runs_stop("vm");
}

Test(terminal, the_interrupt_key_stops_a_run_of_the_core)
{
    expect_runs_stop("rtl");
}

Test(terminal, at_the_prompt_the_interrupt_key_drops_the_line)
{
    open_shell("vm");
    expect_said("hsx> ");
    for (unsigned i = 0; i < 3; i++) {
        type("nonsense");
        expect_said("nonsense");
        type("\003");
        expect_said("^C");
        expect_said("hsx> ");
    }
    for (unsigned i = 0; i < 3; i++) {
        kill(term.pid, SIGINT);
        expect_said("hsx> ");
    }
    type("ps\n");
    expect_said("spin");
    cr_expect_null(strstr(term.said, "unknown command"));
    expect_said("hsx> ");
    kill(term.pid, SIGTERM);
    close_shell(128 + SIGTERM);
}

Test(terminal, tab_completes_commands_keywords_symbols_and_files)
{
    FILE *file = fopen("a file.hxe", "w");

    fclose(file);
    cr_assert_not_null(file = fopen("only.hxe", "w"));
    fclose(file);
    open_shell("vm");
    expect_said("hsx> ");
    type("dump\t1\n");
    expect_said("hsx> dumpregs 1");
    expect_said("reg_base 0x1000");
    expect_said("hsx> ");
    type("bp se\t1 nev\t\n");
    expect_said("breakpoint 1: ");
    expect_said("<never> of task 1");
    expect_said("hsx> ");
    type("st\t");
    expect_said("stack  step");
    type("\025load on\t\n");
    expect_said("load only.hxe");
    expect_said("only.hxe: ");
    expect_said("hsx> ");
    type("ps; qu\t\n");
    close_shell(0);
}
