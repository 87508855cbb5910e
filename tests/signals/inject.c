// SPDX-License-Identifier: Apache-2.0
/*
 * To be preloaded: in call number HSX_INJECT_AT of a file operation, counted from 1, the
 * process gets the signal HSX_INJECT_SIGNAL, or, if that is 0, the call fails because the
 * disk is full. HSX_INJECT_LOG gets a line for each call.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int number_of(const char *name)
{
    const char *text = getenv(name);

    return text ? atoi(text) : 0;
}

static void note(const char *call)
{
    const char *path = getenv("HSX_INJECT_LOG");
    int fd = path ? (int)open(path, O_WRONLY | O_APPEND) : -1;

    if (fd >= 0) {
        if (write(fd, call, strlen(call)) < 0 || write(fd, "\n", 1) < 0) {
            _exit(99);
        }
        close(fd);
    }
}

/* True: the call must fail. */
static bool strikes(const char *call)
{
    static int calls;
    int cause = errno;
    int signal_number = number_of("HSX_INJECT_SIGNAL");
    bool now = ++calls == number_of("HSX_INJECT_AT");

    note(call);
    if (now && signal_number != 0) {
        raise(signal_number);
    }
    errno = now && signal_number == 0 ? ENOSPC : cause;
    return now && signal_number == 0;
}

/* The original function, as a pointer to a function of the same type. */
#define NEXT(name)                                                                                 \
    __typeof__(&name) next;                                                                        \
    void *found = dlsym(RTLD_NEXT, #name);                                                         \
    memcpy(&next, &found, sizeof next)

int mkstemp(char *template)
{
    NEXT(mkstemp);
    return strikes("mkstemp") ? -1 : next(template);
}

FILE *fopen(const char *path, const char *mode)
{
    NEXT(fopen);
    return strikes("fopen") ? NULL : next(path, mode);
}

FILE *fdopen(int fd, const char *mode)
{
    NEXT(fdopen);
    return strikes("fdopen") ? NULL : next(fd, mode);
}

int fchmod(int fd, mode_t mode)
{
    NEXT(fchmod);
    return strikes("fchmod") ? -1 : next(fd, mode);
}

int rename(const char *from, const char *to)
{
    NEXT(rename);
    return strikes("rename") ? -1 : next(from, to);
}

/* Data that cannot be written is lost, and the stream is closed anyway. */
int fclose(FILE *stream)
{
    NEXT(fclose);
    if (strikes("fclose")) {
        next(stream);
        errno = ENOSPC;
        return EOF;
    }
    return next(stream);
}
