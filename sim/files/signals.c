// SPDX-License-Identifier: Apache-2.0
#include "signals.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

volatile sig_atomic_t hsx_stop_signal;

static volatile sig_atomic_t deferred;
static volatile sig_atomic_t interrupts_deferred;

/* Paths are stored here, as a handler must not use memory that may be freed. */
enum { PLACE_FREE, PLACE_TAKEN, PLACE_NOTED };

static struct {
    atomic_int state;
    char path[PATH_MAX];
} temporaries[HSX_TEMPORARIES];

static const int ending[] = {SIGINT, SIGTERM, SIGHUP};

enum { ENDING = sizeof ending / sizeof ending[0] };

static void remove_temporaries(void)
{
    for (size_t i = 0; i < HSX_TEMPORARIES; i++) {
        if (atomic_load(&temporaries[i].state) == PLACE_NOTED) {
            unlink(temporaries[i].path);
        }
    }
}

void hsx_signals_give_up(const char *line)
{
    remove_temporaries();
    if (write(STDERR_FILENO, line, strlen(line)) < 0) {
        _exit(2);
    }
    _exit(1);
}

void *hsx_signals_memory(size_t size)
{
    void *memory = malloc(size);

    if (!memory) {
        hsx_signals_give_up("out of memory\n");
    }
    return memory;
}

static void on_bus_error(int number)
{
    (void)number;
    hsx_signals_give_up("a file cannot be written: is the disk full?\n");
}

static void on_signal(int number)
{
    int cause = errno;

    if (deferred && (hsx_stop_signal == 0 || (number == SIGINT && interrupts_deferred))) {
        hsx_stop_signal = number;
        errno = cause;
        return;
    }
    remove_temporaries();
    signal(number, SIG_DFL);
    raise(number); /* delivered when the handler returns */
}

/* /dev/null opened in the opposite direction fails like a closed descriptor. */
static void guard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) {
            /* The lowest free number is this one. */
            if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) {
                _exit(1);
            }
        }
    }
}

static void ending_set(sigset_t *set)
{
    sigemptyset(set);
    for (size_t i = 0; i < ENDING; i++) {
        sigaddset(set, ending[i]);
    }
}

void hsx_signals_init(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

    guard_descriptors();
    ending_set(&action.sa_mask);
    for (size_t i = 0; i < ENDING; i++) {
        struct sigaction old;

        if (sigaction(ending[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN) {
            sigaction(ending[i], &action, NULL);
        }
    }
    action.sa_handler = on_bus_error;
    sigaction(SIGBUS, &action, NULL);
}

void hsx_signals_defer(void)
{
    deferred = 1;
}

void hsx_signals_defer_interrupts(void)
{
    interrupts_deferred = 1;
    deferred = 1;
}

int hsx_signals_exit(int status)
{
    return hsx_stop_signal != 0 ? 128 + hsx_stop_signal : status;
}

bool hsx_signals_wait_input(int fd)
{
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    sigset_t old;
    bool ready = false;

    hsx_signals_block(&old);
    while (!ready && hsx_stop_signal == 0) {
        /* Signals are unblocked only in here, so that none is missed before it. */
        int found = ppoll(&wanted, 1, NULL, &old);

        ready = found > 0 || (found < 0 && errno != EINTR);
    }
    hsx_signals_unblock(&old);
    return ready;
}

int hsx_temporary_note(const char *path)
{
    size_t size = strlen(path) + 1;

    for (int i = 0; size <= PATH_MAX && i < HSX_TEMPORARIES; i++) {
        int expected = PLACE_FREE;

        if (atomic_compare_exchange_strong(&temporaries[i].state, &expected, PLACE_TAKEN)) {
            memcpy(temporaries[i].path, path, size);
            atomic_store(&temporaries[i].state, PLACE_NOTED);
            return i;
        }
    }
    return HSX_NO_TEMPORARY;
}

void hsx_temporary_forget(int place)
{
    if (place != HSX_NO_TEMPORARY) {
        atomic_store(&temporaries[place].state, PLACE_FREE);
    }
}

void hsx_signals_block(sigset_t *old)
{
    sigset_t set;

    ending_set(&set);
    sigprocmask(SIG_BLOCK, &set, old);
}

void hsx_signals_unblock(const sigset_t *old)
{
    sigprocmask(SIG_SETMASK, old, NULL);
}
