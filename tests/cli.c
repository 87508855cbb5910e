// SPDX-License-Identifier: Apache-2.0
#include "cli.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[] = "/tmp/hsx-cli-XXXXXX";

void cli_enter(void)
{
    cr_assert_not_null(mkdtemp(directory));
    cr_assert_eq(chdir(directory), 0);
}

void cli_leave(void)
{
    char command[100];

    snprintf(command, sizeof command, "rm -rf %s", directory);
    cr_expect_eq(system(command), 0);
}

int hsx(const char *arguments)
{
    const char *other = getenv("HSX_TEST_PROGRAM"); /* a changed one: is it noticed? */
    char command[1200];
    int status;

    snprintf(command, sizeof command, "%s %s%s", other ? other : HSX_PROGRAM, arguments,
             strchr(arguments, '>') ? "" : " >out 2>err");
    status = system(command);
    cr_assert(WIFEXITED(status), "%s", command);
    return WEXITSTATUS(status);
}

void write_text(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");

    cr_assert_not_null(out, "%s", path);
    cr_assert_geq(fputs(text, out), 0);
    cr_assert_eq(fclose(out), 0);
}

void read_text(const char *path, char *text, size_t size)
{
    FILE *in = fopen(path, "r");

    cr_assert_not_null(in, "%s", path);
    text[fread(text, 1, size - 1, in)] = '\0';
    fclose(in);
}

char *text_of(const char *path)
{
    static char text[4000000];

    read_text(path, text, sizeof text);
    cr_assert_lt(strlen(text), sizeof text - 1, "%s is longer than text_of reads", path);
    return text;
}

void expect_in(const char *path, const char *wanted)
{
    const char *text = text_of(path);

    cr_expect_not_null(strstr(text, wanted), "no '%s' in %s: %s", wanted, path, text);
}
