// SPDX-License-Identifier: Apache-2.0
/*
 * A board on a faulty line: a pseudo-terminal, reached by a link FILE that stays the same when the
 * cable is pulled, connected to a bridge and a simulated core, or with -l to the pseudo-terminal
 * of another board. With -m it reports memories of so many bytes. Prints "ready"; on SIGTERM it
 * prints how many faults of each kind there were, and ends.
 */
#include "faults.h"
#include "model_bridge.h"
#include "pty.h"
#include <errno.h>
#include <fcntl.h>
#include <hsx/model.h>
#include <hsx/soc_map.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SILENCE = 10, PULL_MOST = 1000, DELAY_MOST = 30, CHUNK = 4096 };

struct board {
    const char *file;
    struct pty pty; /* used by the host */
    int line;       /* of the other board; -1: none, but */
    struct model_bridge bridge;
    pid_t button; /* with line: the process that SIGUSR1 resets */
    struct faults faults;
    bool pulled; /* since the last poll */
};

static volatile sig_atomic_t stop;

static void on_term(int signal)
{
    stop = signal;
}

static void die(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

static void pause_for(unsigned milliseconds)
{
    const struct timespec time = {.tv_sec = milliseconds / 1000,
                                  .tv_nsec = (long)(milliseconds % 1000) * 1000000};

    nanosleep(&time, NULL);
}

static void plug_in(struct board *b)
{
    if (pty_open(&b->pty, b->file) != 0) {
        die(b->file);
    }
}

static void pull(struct board *b)
{
    pty_close(&b->pty, b->file);
    pause_for(1 + faults_random(&b->faults, PULL_MOST));
    plug_in(b);
    b->pulled = true;
}

static void press_reset(struct board *b)
{
    if (b->line < 0) {
        model_bridge_reset(&b->bridge);
    } else if (b->button > 0) {
        kill(b->button, SIGUSR1);
    }
}

static void write_all(int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, bytes, size);

        if (n < 0 && errno != EINTR && errno != EAGAIN) {
            return; /* as on a line without a reader */
        }
        if (n > 0) {
            bytes += n;
            size -= (size_t)n;
        }
    }
}

static void to_host(struct board *b, const uint8_t *bytes, size_t size);

/* Passes on the host's bytes, and sends the replies of the board in this process. */
static void to_board(struct board *b, const uint8_t *bytes, size_t size)
{
    if (b->line >= 0) {
        write_all(b->line, bytes, size);
        return;
    }
    for (size_t i = 0; i < size; i++) {
        if (model_bridge_byte(&b->bridge, bytes[i])) {
            to_host(b, b->bridge.reply, b->bridge.reply_size);
            return; /* it does not listen while it answers */
        }
    }
}

/* Passes bytes in one direction through the faults; those on a pulled cable are lost. */
static void pass(struct board *b, const uint8_t *bytes, size_t size,
                 void (*on)(struct board *, const uint8_t *, size_t))
{
    uint8_t out[2 * CHUNK];
    size_t count = 0;

    for (size_t i = 0; i < size; i++) {
        uint8_t byte = bytes[i];

        switch (faults_next(&b->faults)) {
        case FAULT_LOST:
            continue;
        case FAULT_DOUBLED:
            out[count++] = byte;
            break;
        case FAULT_GARBLED:
            byte ^= (uint8_t)(1 + faults_random(&b->faults, 255));
            break;
        case FAULT_DELAYED:
            on(b, out, count);
            count = 0;
            pause_for(1 + faults_random(&b->faults, DELAY_MOST));
            if (b->line < 0) {
                model_bridge_silence(&b->bridge);
            }
            break;
        case FAULT_PULLED:
            pull(b);
            return;
        case FAULT_RESET:
            press_reset(b);
            break;
        default:
            break;
        }
        out[count++] = byte;
    }
    on(b, out, count);
}

static void put_to_host(struct board *b, const uint8_t *bytes, size_t size)
{
    write_all(b->pty.master, bytes, size);
}

static void to_host(struct board *b, const uint8_t *bytes, size_t size)
{
    pass(b, bytes, size, put_to_host);
}

/* One poll of both ends. */
static void serve(struct board *b)
{
    struct pollfd ends[2] = {{.fd = b->pty.master, .events = POLLIN},
                             {.fd = b->line, .events = POLLIN}};
    uint8_t bytes[CHUNK];
    int wait = b->line < 0 && b->bridge.going ? 0 : SILENCE;
    int found = poll(ends, b->line < 0 ? 1 : 2, wait);

    b->pulled = false;
    if (found == 0 && wait != 0) {
        model_bridge_silence(&b->bridge);
    }
    if (found > 0 && ends[0].revents) {
        ssize_t n = read(b->pty.master, bytes, sizeof bytes);

        if (n > 0) {
            pass(b, bytes, (size_t)n, to_board);
        }
    }
    if (found > 0 && b->line >= 0 && ends[1].revents && !b->pulled) {
        ssize_t n = read(b->line, bytes, sizeof bytes);

        if (n <= 0 && errno != EINTR && errno != EAGAIN) {
            stop = SIGTERM;
        }
        if (n > 0) {
            to_host(b, bytes, (size_t)n);
        }
    }
    if (b->line < 0) {
        model_bridge_run(&b->bridge);
    }
}

static unsigned number(const char *text)
{
    return (unsigned)strtoul(text, NULL, 10);
}

static void parse(struct board *b, int argc, char **argv)
{
    int option;

    while ((option = getopt(argc, argv, "l:b:s:e:r:p:q:m:")) != -1) {
        switch (option) {
        case 'l':
            b->line = open(optarg, O_RDWR | O_NOCTTY | O_CLOEXEC);
            if (b->line < 0) {
                die(optarg);
            }
            break;
        case 'b':
            b->button = (pid_t)number(optarg);
            break;
        case 's':
            b->faults.state = number(optarg);
            break;
        case 'e':
            b->faults.every = number(optarg);
            break;
        case 'r':
            b->faults.resets = number(optarg);
            break;
        case 'p':
            b->faults.pulls = number(optarg);
            break;
        case 'q':
            b->faults.quiet = number(optarg);
            break;
        case 'm':
            b->bridge.page[0] = (uint32_t)HSX_SOC_VERSION << HSX_SOC_ID_VERSION_SHIFT;
            b->bridge.page[(HSX_SOC_CODE_BYTES - HSX_SOC_ID) / 4] = number(optarg);
            b->bridge.page[(HSX_SOC_DATA_BYTES - HSX_SOC_ID) / 4] = number(optarg);
            break;
        default:
            exit(2);
        }
    }
    if (optind + 1 != argc) {
        fprintf(stderr, "usage: faulty_board [-l LINE [-b PID]] [-s SEED] [-e BYTES] [-r RESETS] "
                        "[-p PULLS] [-q BYTES] [-m BYTES] FILE\n");
        exit(2);
    }
    b->file = argv[optind];
}

int main(int argc, char **argv)
{
    struct board b = {.line = -1};
    struct sigaction action = {.sa_handler = on_term};

    parse(&b, argc, argv);
    sigaction(SIGTERM, &action, NULL);
    if (b.line < 0 && hsx_model_c16_create(0, &b.bridge.core) != HSX_OK) {
        die("core");
    }
    if (b.line < 0) {
        model_bridge_reset(&b.bridge);
    }
    plug_in(&b);
    printf("ready\n");
    fflush(stdout);
    while (!stop && !b.bridge.broken) {
        serve(&b);
    }
    pty_close(&b.pty, b.file);
    if (b.bridge.broken) {
        fprintf(stderr, "core: %s\n", b.bridge.core->ops->message(b.bridge.core));
    }
    printf("faults lost %u doubled %u garbled %u delayed %u pulled %u reset %u\n",
           b.faults.count[FAULT_LOST], b.faults.count[FAULT_DOUBLED], b.faults.count[FAULT_GARBLED],
           b.faults.count[FAULT_DELAYED], b.faults.count[FAULT_PULLED],
           b.faults.count[FAULT_RESET]);
    if (b.line < 0) {
        b.bridge.core->ops->destroy(b.bridge.core);
    }
    return b.bridge.broken ? EXIT_FAILURE : EXIT_SUCCESS;
}
