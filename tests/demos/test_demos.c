// SPDX-License-Identifier: Apache-2.0
/* The demo programs on the reference VM, under protection: their output and how they end.
 * Each checks its result against its own constant. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { EXIT_DONE = 0, EXIT_FAULTED = 3, EXIT_WAITING = 5 };

/* Runs the demos named in order with the command line's other arguments. */
static int run(const char *demos, const char *arguments, char *said, size_t size)
{
    char command[1000] = HSX_PROGRAM " run ";
    char names[100];
    FILE *out;
    int status;

    strcpy(names, demos);
    for (char *name = strtok(names, " "); name; name = strtok(NULL, " ")) {
        size_t used = strlen(command);

        snprintf(command + used, sizeof command - used, HSX_DEMOS "/%s.hxe ", name);
    }
    strcat(command, arguments);
    strcat(command, " 2>/dev/null");
    out = popen(command, "r");
    cr_assert_not_null(out);
    said[fread(said, 1, size - 1, out)] = '\0';
    status = pclose(out);
    cr_assert(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void expect_run(const char *demos, int status, const char *said)
{
    char got[4000];

    cr_expect_eq(run(demos, "", got, sizeof got), status, "%s", demos);
    cr_expect_str_eq(got, said, "%s said:\n%s", demos, got);
}

Test(demos, computations_check_themselves)
{
    expect_run("crc32", EXIT_DONE, "crc32: right\n");
    expect_run("sieve", EXIT_DONE, "sieve: primes below 8192: 1028\n");
    expect_run("fir16", EXIT_DONE, "fir16: right\n");
    expect_run("stackmix", EXIT_DONE, "stackmix: right\n");
}

Test(demos, computations_share_one_machine)
{
    char got[4000];

    cr_expect_eq(run("crc32 sieve fir16 stackmix crc32 fir16", "", got, sizeof got), EXIT_DONE);
    cr_expect_null(strstr(got, "wrong"), "%s", got);
}

/* Both orders of loading: OPEN or BIND creates the mailbox, whichever is first. */
Test(demos, ten_messages_reach_the_consumer_in_order)
{
    static const char *const orders[] = {"producer consumer", "consumer producer"};
    char got[4000];

    for (int i = 0; i < 2; i++) {
        const char *at = got;

        cr_expect_eq(run(orders[i], "", got, sizeof got), EXIT_DONE);
        for (int message = 1; message <= 10; message++) {
            char line[60];

            snprintf(line, sizeof line, "consumer: got message %d\n", message);
            at = strstr(at, line);
            cr_assert_not_null(at, "%s: no '%s' in order in\n%s", orders[i], line, got);
        }
        cr_expect_not_null(strstr(got, "producer: sending message 10\n"));
    }
}

Test(demos, a_consumer_alone_waits_for_ever)
{
    expect_run("consumer", EXIT_WAITING, "");
}

Test(demos, one_image_serves_three_tasks_in_turn)
{
    expect_run("three three three", EXIT_DONE,
               "task A: count 1\ntask B: count 1\ntask C: count 1\n"
               "task A: count 2\ntask B: count 2\ntask C: count 2\n"
               "task A: count 3\ntask B: count 3\ntask C: count 3\n");
}

Test(demos, a_stack_overflow_stops_only_its_task)
{
    char got[4000];

    expect_run("overflow sieve", EXIT_FAULTED, "sieve: primes below 8192: 1028\n");
    cr_expect_eq(run("overflow", "--json", got, sizeof got), EXIT_FAULTED);
    cr_expect_not_null(strstr(got, "STACK_OVERFLOW"), "%s", got);
}
