// SPDX-License-Identifier: Apache-2.0
#include "jobs.h"
#include "signals.h"
#include "textstream.h"
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a worker sends for each run, before the result's bytes. */
struct frame {
    uint32_t status; /* enum hsx_status */
    uint64_t size;
};

struct worker {
    pid_t process;
    int fd;
};

static enum hsx_status fail(struct jobs_error *error, uint64_t index, enum hsx_status status,
                            const char *text)
{
    error->index = index;
    snprintf(error->text, sizeof error->text, "%s", text);
    return status;
}

/* What a failed run has written is the cause, if the machine has failed; a NUL is behind it. */
static enum hsx_status fail_run(struct jobs_error *error, uint64_t index, enum hsx_status status,
                                const char *bytes, size_t size)
{
    bool known = status == HSX_ERR_MACHINE && size > 0;

    return fail(error, index, status, known ? bytes : hsx_status_name(status));
}

/* One run in this process; *bytes is the caller's. */
static enum hsx_status make_one(const struct jobs *jobs, uint64_t index, char **bytes, size_t *size)
{
    FILE *result = textstream_open(bytes, size);

    if (!result) {
        *bytes = NULL;
        return HSX_ERR_MEMORY;
    }
    enum hsx_status status = jobs->make(jobs->ctx, index, result);

    return fclose(result) == 0 ? status : HSX_ERR_MEMORY;
}

static enum hsx_status run_here(const struct jobs *jobs, struct jobs_error *error)
{
    enum hsx_status status = HSX_OK;

    for (uint64_t i = 0; status == HSX_OK && i < jobs->count && hsx_stop_signal == 0; i++) {
        char *bytes = NULL;
        size_t size = 0;

        status = make_one(jobs, i, &bytes, &size);
        if (status == HSX_OK) {
            jobs->take(jobs->ctx, i, bytes, size);
        } else {
            fail_run(error, i, status, bytes, size);
        }
        free(bytes);
    }
    return status;
}

/* ---- In a worker */

static bool send_all(int fd, const void *bytes, size_t size)
{
    for (const char *at = bytes; size > 0;) {
        ssize_t sent = write(fd, at, size);

        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return false;
        }
        at += sent;
        size -= (size_t)sent;
    }
    return true;
}

static _Noreturn void work(const struct jobs *jobs, unsigned number, int fd)
{
    enum hsx_status status = jobs->start ? jobs->start(jobs->ctx) : HSX_OK;
    bool heard = true;

    for (uint64_t i = number; heard && i < jobs->count && hsx_stop_signal == 0;
         i += jobs->workers) {
        char *bytes = NULL;
        size_t size = 0;

        if (status == HSX_OK) {
            status = make_one(jobs, i, &bytes, &size);
        }
        const struct frame frame = {.status = (uint32_t)status, .size = size};

        heard = send_all(fd, &frame, sizeof frame) && send_all(fd, bytes, size);
        heard = heard && status == HSX_OK;
        free(bytes);
    }
    _exit(0);
}

/* ---- In the parent process */

/* At a terminal an interrupt goes to the whole process group. A second one would end a
 * worker in the middle of a run, so workers have their own groups, and this process forwards
 * signals. */
static bool start_worker(const struct jobs *jobs, struct worker *workers, unsigned number)
{
    pid_t parent = getpid();
    int ends[2];

    if (pipe(ends) != 0) {
        return false;
    }
    fflush(NULL); /* otherwise buffered output would be printed twice */
    pid_t process = fork();

    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setpgid(0, 0);
        close(ends[0]);
        for (unsigned i = 0; i < number; i++) {
            close(workers[i].fd);
        }
        if (getppid() != parent) {
            _exit(1);
        }
        work(jobs, number, ends[1]);
    }
    close(ends[1]);
    if (process < 0) {
        close(ends[0]);
        return false;
    }
    workers[number] = (struct worker){.process = process, .fd = ends[0]};
    return true;
}

/* Forwards a signal to the workers once. */
static void pass_signal_on(const struct jobs *jobs, const struct worker *workers, bool *sent)
{
    for (unsigned i = 0; !*sent && i < jobs->workers; i++) {
        kill(workers[i].process, SIGTERM);
    }
    *sent = true;
}

enum received { RECEIVED, ENDED };

static enum received receive(const struct jobs *jobs, const struct worker *workers, int fd,
                             void *bytes, size_t size, bool *sent)
{
    for (char *at = bytes; size > 0;) {
        if (!*sent && !hsx_signals_wait_input(fd)) {
            pass_signal_on(jobs, workers, sent);
        }
        ssize_t got = read(fd, at, size);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return ENDED;
        }
        at += got;
        size -= (size_t)got;
    }
    return RECEIVED;
}

/* Reports why the worker with run number index sends nothing. */
static enum hsx_status lost(const struct worker *worker, uint64_t index, struct jobs_error *error)
{
    siginfo_t end;

    error->index = index;
    if (waitid(P_PID, (id_t)worker->process, &end, WEXITED | WNOWAIT) == 0 &&
        end.si_code != CLD_EXITED) {
        snprintf(error->text, sizeof error->text, "a worker was ended by signal %d (%s)",
                 end.si_status, strsignal(end.si_status));
    } else {
        snprintf(error->text, sizeof error->text, "a worker has ended before its time");
    }
    return HSX_ERR_MACHINE;
}

static enum hsx_status take_results(const struct jobs *jobs, const struct worker *workers,
                                    struct jobs_error *error)
{
    bool sent = false;

    for (uint64_t i = 0; i < jobs->count; i++) {
        const struct worker *worker = &workers[i % jobs->workers];
        struct frame frame = {0};
        char *bytes = NULL;
        enum received received = receive(jobs, workers, worker->fd, &frame, sizeof frame, &sent);

        if (received == RECEIVED && frame.size > 0) {
            bytes = malloc(frame.size + 1);
            if (!bytes) {
                return fail(error, i, HSX_ERR_MEMORY, hsx_status_name(HSX_ERR_MEMORY));
            }
            bytes[frame.size] = '\0';
            received = receive(jobs, workers, worker->fd, bytes, frame.size, &sent);
        }
        if (received == ENDED) {
            free(bytes);
            return sent ? HSX_OK : lost(worker, i, error);
        }
        enum hsx_status status = (enum hsx_status)frame.status;

        if (status == HSX_OK) {
            jobs->take(jobs->ctx, i, bytes, frame.size);
        } else {
            fail_run(error, i, status, bytes, (size_t)frame.size);
        }
        free(bytes);
        if (status != HSX_OK) {
            return status;
        }
    }
    return HSX_OK;
}

enum hsx_status jobs_run(const struct jobs *jobs, struct jobs_error *error)
{
    struct worker workers[JOBS_MAX] = {0};
    struct jobs shared = *jobs;
    enum hsx_status status = HSX_OK;
    unsigned started = 0;

    if (shared.workers > shared.count) {
        shared.workers = (unsigned)shared.count;
    }
    if (shared.workers <= 1) {
        return run_here(jobs, error);
    }
    while (started < shared.workers && start_worker(&shared, workers, started)) {
        started++;
    }
    if (started == shared.workers) {
        status = take_results(&shared, workers, error);
    } else {
        status = fail(error, 0, HSX_ERR_NO_ROOM, strerror(errno));
    }
    for (unsigned i = 0; i < started; i++) {
        if (status != HSX_OK) {
            kill(workers[i].process, SIGKILL);
        }
        close(workers[i].fd);
        while (waitpid(workers[i].process, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    return status;
}
