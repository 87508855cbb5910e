// SPDX-License-Identifier: Apache-2.0
/* Completions of the tab key, and names where a machine has symbols. */
#include "../cli.h"
#include <criterion/criterion.h>
#include <hsx/shell.h>
#include <hsx/target_vm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct hsx_target *target;
static struct hsx_shell *shell;
static char *said;
static size_t said_size;
static FILE *out;

static void setup(void)
{
    struct hsx_shell_config config = {.max_steps = 1000};
    FILE *source;

    cli_enter();
    source = fopen("prog.mvasm", "w");
    fputs(".name \"prog\"\n.flags 2\n.entry main\nmain: LDI R1, 1\nmiddle: CALL maximum\nRET\n"
          "maximum: RET\n.data\nmemory: .word 5\n",
          source);
    fclose(source);
    cr_assert_eq(hsx("asm prog.mvasm -o prog.hxe"), 0);
    cr_assert_eq(hsx_target_vm_create(4, &target), HSX_OK);
    out = open_memstream(&said, &said_size);
    hsx_exec_config_init(&config.exec);
    config.target = target;
    config.out = out;
    config.err = out;
    cr_assert_eq(hsx_shell_create(&config, &shell), HSX_OK);
    cr_assert_eq(hsx_shell_line(shell, "load prog.hxe; load prog.hxe", NULL), HSX_SHELL_OK);
}

static void teardown(void)
{
    hsx_shell_destroy(shell);
    target->ops->destroy(target);
    fclose(out);
    free(said);
    cli_leave();
}

TestSuite(complete, .init = setup, .fini = teardown);

/* The candidates for the end of line, separated by blanks. */
static void expect_candidates(const char *line, size_t where, const char *expected)
{
    char got[1000] = "";
    size_t start = 0;
    char **texts = hsx_shell_complete(shell, line, &start);

    for (size_t i = 0; texts && texts[i]; i++) {
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s", i ? " " : "", texts[i]);
    }
    cr_expect_str_eq(got, expected, "'%s' could be: %s", line, got);
    cr_expect_eq(start, where, "'%s': %zu", line, start);
    hsx_shell_free_completions(texts);
}

Test(complete, commands)
{
    expect_candidates("st", 0, "stack step");
    expect_candidates("  fin", 2, "finish");
    expect_candidates("ps; dum", 4, "dumpregs");
    expect_candidates("nothing", 0, "");
    expect_candidates("help dis", 5, "disasm");
    expect_candidates("nothing x", 8, "");
}

Test(complete, words_of_a_command_tasks_symbols_and_mailboxes)
{
    expect_candidates("clock r", 6, "run");
    expect_candidates("clock run unt", 10, "until");
    expect_candidates("bp set 1 m", 9, "main maximum memory middle");
    expect_candidates("disasm ", 7, "1 2 main maximum memory middle");
    expect_candidates("d ", 2, "");
    expect_candidates("dumpregs ", 9, "1 2");
    expect_candidates("listen svc:stdio.e", 7, "svc:stdio.err@1 svc:stdio.err@2");
    expect_candidates("mbox r", 5, "rm");
}

Test(complete, files_and_folders)
{
    cr_assert_eq(system("mkdir -p folder/inner && touch folder/one folder/.hidden"), 0);
    expect_candidates("load pro", 5, "prog.hxe prog.mvasm prog.sym");
    expect_candidates("load fol", 5, "folder/");
    expect_candidates("load folder/", 5, "folder/inner/ folder/one");
    expect_candidates("load folder/.", 5, "folder/../ folder/./ folder/.hidden");
    expect_candidates("load gone/", 5, "");
    expect_candidates("trace on p", 9, "prog.hxe prog.mvasm prog.sym");
    hsx_shell_seal(shell);
    expect_candidates("load pro", 5, "");
}

Test(complete, names_follow_a_reload_and_go_with_their_task)
{
    expect_candidates("kill 1; peek mem", 13, "memory");
    cr_assert_eq(
        hsx_shell_line(shell, "reload 1; bp set 3 middle; kill 2; next 3; peek memory 4", NULL),
        HSX_SHELL_OK);
    fflush(out);
    cr_expect_not_null(strstr(said, "breakpoint 1: 0x0004 <middle> of task 3\n"), "%s", said);
    cr_expect_not_null(strstr(said, "0x4000  05 00 00 00 "), "%s", said);
    cr_assert_eq(hsx_shell_line(shell, "kill 3", NULL), HSX_SHELL_OK);
    expect_candidates("peek mem", 5, "");
    cr_expect_eq(hsx_shell_line(shell, "peek memory", NULL), HSX_SHELL_FAILED);
}
