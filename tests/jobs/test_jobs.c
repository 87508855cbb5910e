// SPDX-License-Identifier: Apache-2.0
/* Runs distributed over processes: the same results in the same order, and the messages
 * when a worker fails or a signal comes. */
#include "jobs.h"
#include "signals.h"
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RUNS = 40, NEVER = 1000 };

struct log {
    uint64_t fails_at;  /* make returns an error there */
    uint64_t breaks_at; /* the machine fails there; 0: nowhere */
    uint64_t dies_at;   /* the worker is killed there */
    uint64_t stop_at;   /* take gets a signal there */
    char text[RUNS * 64];
};

static enum hsx_status make(void *ctx, uint64_t index, FILE *result)
{
    const struct log *log = ctx;

    if (index == log->dies_at) {
        raise(SIGKILL);
    }
    if (index == log->fails_at) {
        return HSX_ERR_FORMAT;
    }
    if (log->breaks_at != 0 && index == log->breaks_at) {
        fputs("the cable is out", result);
        return HSX_ERR_MACHINE;
    }
    /* Results of all sizes; the later worker is faster. */
    usleep(index % 2 == 0 ? 2000 : 0);
    for (uint64_t i = 0; i < index; i++) {
        fputc('a' + (int)(index % 26), result);
    }
    return HSX_OK;
}

static void take(void *ctx, uint64_t index, const void *result, size_t size)
{
    struct log *log = ctx;
    size_t used = strlen(log->text);

    snprintf(log->text + used, sizeof log->text - used, "%d:%.*s ", (int)index, (int)size,
             (const char *)(size ? result : ""));
    if (index == log->stop_at) {
        raise(SIGTERM);
    }
}

static enum hsx_status run(unsigned workers, struct log *log, struct jobs_error *error)
{
    const struct jobs jobs = {
        .workers = workers, .count = RUNS, .ctx = log, .make = make, .take = take};

    log->text[0] = '\0';
    return jobs_run(&jobs, error);
}

Test(jobs, any_number_of_workers_gives_one_report)
{
    struct log one = {.fails_at = NEVER, .dies_at = NEVER, .stop_at = NEVER};
    struct log more = one;
    struct jobs_error error;

    cr_assert_eq(run(1, &one, &error), HSX_OK);
    cr_assert_not_null(strstr(one.text, " 39:nnnn"));
    for (unsigned workers = 2; workers < 50; workers += 9) {
        cr_assert_eq(run(workers, &more, &error), HSX_OK);
        cr_assert_str_eq(more.text, one.text, "%u workers", workers);
    }
}

Test(jobs, a_run_that_fails_is_named_and_ends_the_report_before_it)
{
    for (unsigned workers = 1; workers < 4; workers++) {
        struct log log = {.fails_at = 17, .dies_at = NEVER, .stop_at = NEVER};
        struct jobs_error error;

        cr_assert_eq(run(workers, &log, &error), HSX_ERR_FORMAT);
        cr_assert_eq(error.index, 17);
        cr_assert_not_null(strstr(log.text, " 16:"));
        cr_assert_null(strstr(log.text, " 18:"));
    }
}

Test(jobs, a_machine_that_fails_says_why)
{
    for (unsigned workers = 1; workers < 4; workers++) {
        struct log log = {.fails_at = NEVER, .breaks_at = 3, .dies_at = NEVER, .stop_at = NEVER};
        struct jobs_error error;

        cr_assert_eq(run(workers, &log, &error), HSX_ERR_MACHINE);
        cr_assert_eq(error.index, 3);
        cr_assert_str_eq(error.text, "the cable is out");
        cr_assert_not_null(strstr(log.text, " 2:"));
    }
}

Test(jobs, a_worker_that_dies_is_reported_with_its_run)
{
    struct log log = {.fails_at = NEVER, .dies_at = 10, .stop_at = NEVER};
    struct jobs_error error;

    cr_assert_eq(run(3, &log, &error), HSX_ERR_MACHINE);
    cr_assert_eq(error.index, 10);
    cr_assert_not_null(strstr(error.text, "signal 9"), "%s", error.text);
    cr_assert_not_null(strstr(log.text, " 9:"));
}

/* The results up to then are reported without gaps, and no worker is left. */
Test(jobs, a_signal_ends_the_report_early)
{
    for (unsigned workers = 1; workers < 4; workers += 2) {
        struct log log = {.fails_at = NEVER, .dies_at = NEVER, .stop_at = 5};
        struct jobs_error error;
        int last = -1;

        hsx_stop_signal = 0;
        hsx_signals_init();
        hsx_signals_defer();
        cr_assert_eq(run(workers, &log, &error), HSX_OK);
        cr_assert_eq(hsx_stop_signal, SIGTERM);
        for (const char *at = log.text; *at != '\0'; at = strchr(at, ' ') + 1) {
            cr_assert_eq(atoi(at), ++last);
        }
        cr_assert_geq(last, 5);
    }
}
