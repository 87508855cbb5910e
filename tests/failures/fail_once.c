// SPDX-License-Identifier: Apache-2.0
/*
 * To be preloaded: the allocation or file operation of that number fails, once.
 *
 *   HSX_FAIL_ALLOCATION=N   malloc, calloc or realloc number N, from 1 on
 *   HSX_FAIL_FILE=N         fopen, fdopen, open, write, fflush, fclose, close, rename or mkstemp
 * number N
 *   HSX_FAIL_NOT=FILE       made at the exit of a program in which there was no such call
 *
 * fclose and fflush do write their data, and then report that they did not.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

struct countdown {
    const char *variable;
    bool known;
    long left; /* calls up to the one that fails, 0 after it */
};

static struct countdown allocation = {.variable = "HSX_FAIL_ALLOCATION"};
static struct countdown file = {.variable = "HSX_FAIL_FILE"};
static const char *not_failed; /* NULL in the programs that the first one starts */

static bool fails(struct countdown *c, int error)
{
    if (!c->known) {
        const char *text = getenv(c->variable);

        c->known = true;
        c->left = text ? atol(text) : 0;
    }
    if (c->left == 0 || --c->left > 0) {
        return false;
    }
    errno = error;
    return true;
}

void *malloc(size_t size)
{
    return fails(&allocation, ENOMEM) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails(&allocation, ENOMEM) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails(&allocation, ENOMEM) ? NULL : __libc_realloc(old, size);
}

/* The C library's own function of that name. */
#define NEXT(type, name) (__extension__(type) dlsym(RTLD_NEXT, name))

FILE *fopen(const char *path, const char *mode)
{
    return fails(&file, EMFILE) ? NULL
                                : NEXT(FILE * (*)(const char *, const char *), "fopen")(path, mode);
}

FILE *fdopen(int fd, const char *mode)
{
    return fails(&file, EMFILE) ? NULL : NEXT(FILE * (*)(int, const char *), "fdopen")(fd, mode);
}

int open(const char *path, int flags, ...)
{
    va_list list;

    va_start(list, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(list, mode_t) : 0;
    va_end(list);
    return fails(&file, EMFILE)
               ? -1
               : NEXT(int (*)(const char *, int, mode_t), "open")(path, flags, mode);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    return fails(&file, ENOSPC)
               ? -1
               : NEXT(ssize_t(*)(int, const void *, size_t), "write")(fd, bytes, size);
}

int fflush(FILE *stream)
{
    int result = NEXT(int (*)(FILE *), "fflush")(stream);

    return fails(&file, ENOSPC) ? EOF : result;
}

int fclose(FILE *stream)
{
    int result = NEXT(int (*)(FILE *), "fclose")(stream);

    return fails(&file, ENOSPC) ? EOF : result;
}

int close(int fd)
{
    int result = NEXT(int (*)(int), "close")(fd);

    return fails(&file, EIO) ? -1 : result;
}

int rename(const char *from, const char *to)
{
    return fails(&file, EACCES) ? -1
                                : NEXT(int (*)(const char *, const char *), "rename")(from, to);
}

int mkstemp(char *path)
{
    return fails(&file, EACCES) ? -1 : NEXT(int (*)(char *), "mkstemp")(path);
}

__attribute__((constructor)) static void begin(void)
{
    not_failed = getenv("HSX_FAIL_NOT");
    unsetenv("HSX_FAIL_NOT");
}

__attribute__((destructor)) static void end(void)
{
    bool failed = (allocation.known && getenv(allocation.variable) && allocation.left == 0) ||
                  (file.known && getenv(file.variable) && file.left == 0);

    if (not_failed && !failed) {
        int fd =
            NEXT(int (*)(const char *, int, mode_t), "open")(not_failed, O_CREAT | O_WRONLY, 0600);

        NEXT(int (*)(int), "close")(fd);
    }
}
