// SPDX-License-Identifier: Apache-2.0
/* The demos in C, on the VM, on the core and in lock-step: the output is the same everywhere. */
#include "../cli.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAID = 4000 };

TestSuite(cc_demos, .init = cli_enter, .fini = cli_leave);

/* Runs hsx with these arguments, where images are names of demos; stores the output and
 * returns the exit status. */
static int run(const char *how, const char *images, const char *more, char *said)
{
    char line[900];
    char names[100];
    int status;

    snprintf(line, sizeof line, "%s", how);
    strcpy(names, images);
    for (char *name = strtok(names, " "); name; name = strtok(NULL, " ")) {
        size_t used = strlen(line);

        snprintf(line + used, sizeof line - used, " " HSX_DEMOS "/%s.hxe", name);
    }
    strcat(line, " ");
    strcat(line, more);
    strcat(line, " >out 2>err");
    status = hsx(line);
    read_text("out", said, SAID);
    return status;
}

static void alike(const char *images, const char *more, char *said)
{
    static const char *const others[] = {"run --target rtl", "cosim"};
    char other[SAID];
    int status = run("run", images, more, said);

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        cr_expect_eq(run(others[i], images, more, other), status, "%s %s: %s", others[i], images,
                     text_of("err"));
        cr_expect_str_eq(other, said, "%s says of %s: %s", others[i], images, other);
    }
    expect_in("err", "0 divergences");
}

Test(cc_demos, ten_messages_reach_the_consumer)
{
    char said[SAID];
    char line[60];

    alike("producer consumer", "", said);
    for (int i = 1; i <= 10; i++) {
        snprintf(line, sizeof line, "consumer: got message %d\n", i);
        cr_expect_not_null(strstr(said, line), "%s", said);
    }
    /* C and assembly exchange messages */
    cr_expect_eq(run("cosim", "producer ../consumer", "", said), 0, "%s", text_of("err"));
    cr_expect_eq(run("cosim", "consumer ../producer", "", said), 0, "%s", text_of("err"));
}

Test(cc_demos, a_task_takes_commands)
{
    FILE *in = fopen("commands", "w");
    char said[SAID];

    cr_assert_not_null(in);
    fputs("add 40 2\necho hello\nadd -1 1\ncount\nquit\n", in);
    cr_assert_eq(fclose(in), 0);
    alike("prompt", "--stdin <commands", said);
    cr_expect_str_eq(said, "42\nhello\n0\n4\n", "%s", said);
}

Test(cc_demos, the_controller_reaches_its_target_and_counts_what_is_late)
{
    char said[SAID];
    const char *line = "period 60: 59.81 degrees, heating  320, late 2\n";
    const char *first;

    alike("plant control logger logger", "", said);
    first = strstr(said, line);
    cr_assert_not_null(first, "%s", said);
    cr_expect_not_null(strstr(first + 1, line), "the second logger got it too: %s", said);
    cr_expect_not_null(strstr(said, "logger: lost 0 times, deadlines missed 3\n"), "%s", said);
    /* a controller that missed three deadlines ends with 3 */
    expect_in("err", "exit 3");
}

Test(cc_demos, the_filter_rounds_as_the_assembly_does)
{
    char said[SAID];

    alike("fir16", "", said);
    cr_expect_str_eq(said, "fir16: right\n");
}
