// SPDX-License-Identifier: Apache-2.0
#include "protocol.h"
#include <errno.h>
#include <hsx/icarus.h>
#include <hsx/program_files.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SILENCE_SECONDS = 10, WAITS_A_SECOND = 10 };

#define ICARUS_MODULE "hsx_vpi"

struct icarus {
    struct hsx_rtl_link link;
    pid_t process;
    int fd;
    bool wave;   /* a wave was requested */
    bool vcd;    /* its format, an argument of vvp; else FST */
    bool silent; /* vvp did not respond and was ended */
    uint64_t cycles;
    char message[160];
};

static struct icarus *icarus_of(struct hsx_rtl_link *link)
{
    return (struct icarus *)link;
}

static enum hsx_status lost(struct icarus *v)
{
    snprintf(v->message, sizeof v->message,
             v->silent ? "the design has not come to its next clock edge for %d s, as in a loop "
                         "without a delay"
                       : "vvp has ended",
             SILENCE_SECONDS);
    return HSX_ERR_MACHINE;
}

/* Waits for the socket. False: vvp was silent for too long, and was ended. Short waits
 * are counted, so that time in which this process was stopped does not count. */
static bool wait_for(struct icarus *v, short events)
{
    struct pollfd wanted = {.fd = v->fd, .events = events};

    for (int waits = 0; waits < SILENCE_SECONDS * WAITS_A_SECOND;) {
        int found = poll(&wanted, 1, 1000 / WAITS_A_SECOND);

        if (found > 0) {
            return true;
        }
        if (found < 0 && errno != EINTR) {
            return false;
        }
        waits += found == 0;
    }
    v->silent = true;
    kill(v->process, SIGKILL);
    return false;
}

/* The socket is not ready, or a signal came: try again. */
static bool again(ssize_t moved)
{
    return moved < 0 && (errno == EAGAIN || errno == EINTR);
}

static bool send_all(struct icarus *v, const void *bytes, size_t size)
{
    const char *at = bytes;

    while (size > 0) {
        ssize_t sent = send(v->fd, at, size, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (again(sent) && wait_for(v, POLLOUT)) {
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

static bool receive_all(struct icarus *v, void *bytes, size_t size)
{
    char *at = bytes;

    while (size > 0) {
        ssize_t got = recv(v->fd, at, size, MSG_DONTWAIT);

        if (again(got) && wait_for(v, POLLIN)) {
            continue;
        }
        if (got <= 0) {
            return false;
        }
        at += got;
        size -= (size_t)got;
    }
    return true;
}

static bool receive_reply(struct icarus *v, struct icarus_reply *reply)
{
    do {
        if (!receive_all(v, reply, sizeof *reply)) {
            return false;
        }
    } while (reply->status == ICARUS_ALIVE);
    return true;
}

/* Sends a request and receives the reply's header. */
static enum hsx_status ask(struct icarus *v, const struct icarus_request *request,
                           const void *payload, size_t size, struct icarus_reply *reply)
{
    if (v->fd < 0 || !send_all(v, request, sizeof *request) || !send_all(v, payload, size) ||
        !receive_reply(v, reply)) {
        return lost(v);
    }
    v->cycles = reply->cycles;
    if (reply->status != HSX_OK) {
        reply->message[sizeof reply->message - 1] = '\0';
        snprintf(v->message, sizeof v->message, "%s", reply->message);
    }
    return (enum hsx_status)reply->status;
}

static void icarus_destroy(struct hsx_rtl_link *link)
{
    struct icarus *v = icarus_of(link);
    const struct icarus_request end = {.kind = ICARUS_END_WAVE};

    if (v->fd >= 0 && v->wave) {
        send_all(v, &end, sizeof end);
    }
    /* The VPI module ends the simulation when the socket is closed. */
    if (v->fd >= 0) {
        close(v->fd);
    }
    if (v->process > 0) {
        while (waitpid(v->process, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    free(v);
}

static enum hsx_status icarus_reset(struct hsx_rtl_link *link)
{
    const struct icarus_request request = {.kind = ICARUS_RESET};
    struct icarus_reply reply;

    return ask(icarus_of(link), &request, NULL, 0, &reply);
}

static enum hsx_status icarus_bus(struct hsx_rtl_link *link, struct hsx_bus_op *ops, size_t count)
{
    struct icarus *v = icarus_of(link);

    while (count > 0) {
        size_t part = count < ICARUS_OPS ? count : ICARUS_OPS;
        const struct icarus_request request = {.kind = ICARUS_BUS, .count = (uint32_t)part};
        struct icarus_reply reply;
        enum hsx_status status = ask(v, &request, ops, part * sizeof *ops, &reply);

        if (status != HSX_OK) {
            return status;
        }
        if (!receive_all(v, ops, part * sizeof *ops)) {
            return lost(v);
        }
        ops += part;
        count -= part;
    }
    return HSX_OK;
}

/* Runs for at most ICARUS_RECORDS of the records that the batch has room for. */
static enum hsx_status run_part(struct icarus *v, struct hsx_rtl_batch *batch)
{
    size_t room = batch->capacity - batch->count;
    const struct icarus_request request = {
        .kind = ICARUS_RUN,
        .count = (uint32_t)(room < ICARUS_RECORDS ? room : ICARUS_RECORDS),
        .order = batch->order,
        .hang_limit = batch->hang_limit};
    struct icarus_reply reply = {0};
    uint64_t scratch[ICARUS_RECORDS];
    uint64_t *cycles = batch->cycles ? batch->cycles + batch->count : scratch;
    enum hsx_status status = ask(v, &request, NULL, 0, &reply);

    if (reply.count > request.count ||
        !receive_all(v, batch->records + batch->count, reply.count * sizeof *batch->records) ||
        !receive_all(v, cycles, reply.count * sizeof *cycles)) {
        return lost(v);
    }
    batch->count += reply.count;
    batch->order = reply.order;
    batch->outcome = (enum hsx_rtl_outcome)reply.outcome;
    return status;
}

static enum hsx_status icarus_run(struct hsx_rtl_link *link, struct hsx_rtl_batch *batch)
{
    enum hsx_status status;

    batch->count = 0;
    do {
        status = run_part(icarus_of(link), batch);
        if (status != HSX_OK || batch->outcome != HSX_RTL_FULL || batch->count == batch->capacity) {
            return status;
        }
    } while (!batch->interrupt || *batch->interrupt == 0);
    batch->outcome = HSX_RTL_INTERRUPTED;
    return status;
}

static enum hsx_status icarus_read_ram(struct hsx_rtl_link *link, enum hsx_ram ram, uint32_t addr,
                                       uint32_t *words, size_t count)
{
    struct icarus *v = icarus_of(link);
    const struct icarus_request request = {
        .kind = ICARUS_READ_RAM, .count = (uint32_t)count, .ram = ram, .addr = addr};
    struct icarus_reply reply;
    enum hsx_status status = ask(v, &request, NULL, 0, &reply);

    if (status == HSX_OK && !receive_all(v, words, count * sizeof *words)) {
        return lost(v);
    }
    return status;
}

static enum hsx_status icarus_write_ram(struct hsx_rtl_link *link, enum hsx_ram ram, uint32_t addr,
                                        const uint32_t *words, size_t count)
{
    const struct icarus_request request = {
        .kind = ICARUS_WRITE_RAM, .count = (uint32_t)count, .ram = ram, .addr = addr};
    struct icarus_reply reply;

    return ask(icarus_of(link), &request, words, count * sizeof *words, &reply);
}

/* If the simulation is gone, the next access fails. */
static void icarus_access_directly(struct hsx_rtl_link *link, uint32_t windows_end)
{
    const struct icarus_request request = {.kind = ICARUS_DIRECT, .addr = windows_end};
    struct icarus_reply reply;

    ask(icarus_of(link), &request, NULL, 0, &reply);
}

static enum hsx_status icarus_wave(struct hsx_rtl_link *link, const struct hsx_rtl_wave *wave)
{
    struct icarus *v = icarus_of(link);
    const size_t size = strlen(wave->path) + 1;
    const struct icarus_request request = {
        .kind = ICARUS_WAVE, .count = (uint32_t)size, .from = wave->from, .to = wave->to};
    struct icarus_reply reply;

    if (size > ICARUS_PATH || wave->vcd != v->vcd) {
        snprintf(v->message, sizeof v->message, "this simulation cannot write such a wave");
        return HSX_ERR_ARGUMENT;
    }
    v->wave = true;
    return ask(v, &request, wave->path, size, &reply);
}

static uint64_t icarus_cycles(const struct hsx_rtl_link *link)
{
    return ((const struct icarus *)link)->cycles;
}

static const char *icarus_message(const struct hsx_rtl_link *link)
{
    return ((const struct icarus *)link)->message;
}

static const struct hsx_rtl_link_ops icarus_ops = {
    .simulator = "icarus",
    .destroy = icarus_destroy,
    .reset = icarus_reset,
    .bus = icarus_bus,
    .run = icarus_run,
    .read_ram = icarus_read_ram,
    .write_ram = icarus_write_ram,
    .read_windows = NULL,
    .access_directly = icarus_access_directly,
    .mark = NULL,
    .go_back = NULL,
    .wave = icarus_wave,
    .cycles = icarus_cycles,
    .message = icarus_message,
    .wait = NULL,
    .clear = NULL,
};

/* Keeps signals from a terminal away from vvp, which would get them as well; it ends when
 * the socket is closed. */
static bool keep_signals_away(posix_spawnattr_t *attributes)
{
    sigset_t set;

    return sigprocmask(SIG_BLOCK, NULL, &set) == 0 && sigaddset(&set, SIGINT) == 0 &&
           sigaddset(&set, SIGTERM) == 0 && sigaddset(&set, SIGHUP) == 0 &&
           posix_spawnattr_setsigmask(attributes, &set) == 0 &&
           posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK) == 0;
}

/* Starts vvp with one end of the socket as ICARUS_FD and empty standard input. */
static bool spawn(struct icarus *v, const char *directory, const char *program, int theirs)
{
    char *const words[] = {"vvp",
                           "-n",
                           "-M",
                           (char *)directory,
                           "-m",
                           ICARUS_MODULE,
                           (char *)program,
                           v->vcd ? "-vcd" : "-fst",
                           NULL};
    extern char **environ;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    bool spawned;

    if (posix_spawn_file_actions_init(&actions) != 0) {
        return false;
    }
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return false;
    }
    spawned = keep_signals_away(&attributes) &&
              posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", 0, 0) == 0 &&
              posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO) == 0 &&
              posix_spawn_file_actions_adddup2(&actions, theirs, ICARUS_FD) == 0 &&
              posix_spawnp(&v->process, words[0], &actions, &attributes, words, environ) == 0;
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return spawned;
}

enum hsx_status hsx_icarus_create(const char *directory, const char *program,
                                  struct hsx_rtl_link **link)
{
    const struct hsx_icarus_options options = {.directory = directory, .program = program};

    return hsx_icarus_start(&options, link);
}

enum hsx_status hsx_icarus_start(const struct hsx_icarus_options *options,
                                 struct hsx_rtl_link **link)
{
    const char *directory = options->directory;
    const char *program = options->program;
    char found[PATH_MAX];
    char core[PATH_MAX + sizeof "/hsx_icarus_wave.vvp"];
    struct icarus *v;
    struct icarus_reply ready;
    int ends[2];

    if (!directory) {
        /* In the build folder, and in an installation. */
        static const char *const places[] = {"sim/icarus", HSX_ICARUS_INSTALLED};

        if (!hsx_rtl_program_files(places, sizeof places / sizeof places[0], ICARUS_MODULE ".vpi",
                                   found, sizeof found)) {
            return HSX_ERR_STATE;
        }
        directory = found;
    }
    if (!program) {
        snprintf(core, sizeof core, "%.*s/%s", PATH_MAX, directory,
                 options->wave ? "hsx_icarus_wave.vvp" : "hsx_icarus.vvp");
        program = core;
    }
    v = calloc(1, sizeof *v);
    if (!v) {
        return HSX_ERR_MEMORY;
    }
    v->link.ops = &icarus_ops;
    v->vcd = options->vcd;
    /* Both close on exec: the child's end is the one that dup2 puts in place. */
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        free(v);
        return HSX_ERR_IO;
    }
    v->fd = ends[0];
    if (!spawn(v, directory, program, ends[1])) {
        close(ends[1]);
        icarus_destroy(&v->link);
        return HSX_ERR_IO;
    }
    close(ends[1]);
    if (!receive_all(v, &ready, sizeof ready)) {
        enum hsx_status status = v->silent ? HSX_ERR_MACHINE : HSX_ERR_IO;

        icarus_destroy(&v->link);
        return status;
    }
    *link = &v->link;
    return HSX_OK;
}
