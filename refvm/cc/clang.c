// SPDX-License-Identifier: Apache-2.0
#include "clang.h"
#include "memory.h"
#include "signals.h"
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

void cc_list_add(struct cc_list *list, const char *item)
{
    list->items = cc_grow(list->items, list->count, &list->room, sizeof *list->items);
    list->items[list->count++] = item;
}

static void add_arguments(struct cc_list *args, const struct cc_request *request,
                          const char *include, const char *file)
{
    static const char *const always[] = {
        "--target=riscv32-unknown-elf",
        "-march=rv32imaf_zfh",
        "-mabi=ilp32",
        "-D__hsx__=1",
        "-D__STDC_NO_ATOMICS__=1",
        "-D__STDC_NO_COMPLEX__=1",
        "-D__STDC_NO_THREADS__=1",
        "-U__riscv",
        "-std=c11",
        "-fno-builtin",
        "-fno-vectorize",
        "-fno-slp-vectorize",
        "-ffp-contract=off",
        "-fno-common",
        "-Xclang",
        "-ffloat16-excess-precision=none",
        "-Xclang",
        "-mlong-double-64",
        "-nostdlibinc",
        "-isystem",
    };

    for (size_t i = 0; i < sizeof always / sizeof *always; i++) {
        cc_list_add(args, always[i]);
    }
    cc_list_add(args, include);
    cc_list_add(args, request->level == 0 ? "-O0" : request->level == 1 ? "-O1" : "-O2");
    cc_list_add(args, "-Xclang");
    cc_list_add(args, request->level == 0 ? "-disable-O0-optnone" : "-disable-llvm-passes");
    /* line tables give the positions of errors and the lines of symbol files */
    cc_list_add(args, request->debug ? "-g" : "-gline-tables-only");
    for (size_t i = 0; i < request->clang.count; i++) {
        cc_list_add(args, request->clang.items[i]);
    }
    cc_list_add(args, "-emit-llvm");
    cc_list_add(args, "-c");
    cc_list_add(args, "-o");
    cc_list_add(args, "-");
    cc_list_add(args, "--");
    cc_list_add(args, file);
    cc_list_add(args, NULL);
}

/* Starts the program with its standard output as *from; returns an error number. */
static int start(const char *program, char *const *args, pid_t *child, int *from)
{
    posix_spawn_file_actions_t actions;
    int ends[2];
    int error;

    if (pipe(ends) != 0) {
        return errno;
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    error = posix_spawnp(child, program, &actions, NULL, args, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (error != 0) {
        close(ends[0]);
        return error;
    }
    *from = ends[0];
    return 0;
}

/* A pipe, so that a signal cannot leave a temporary file behind. */
static char *read_all(int from, size_t *size)
{
    size_t room = 1 << 16;
    char *bytes = cc_allocate(room, 1);

    *size = 0;
    for (;;) {
        ssize_t got = read(from, bytes + *size, room - *size);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return bytes;
        }
        *size += (size_t)got;
        if (*size == room) {
            char *larger = cc_allocate(room * 2, 1);

            memcpy(larger, bytes, room);
            free(bytes);
            bytes = larger;
            room *= 2;
        }
    }
}

char *cc_clang(const struct cc_request *request, const char *home, const char *file, size_t *size)
{
    const char *clang = getenv("HSX_CLANG");
    char *include = cc_text("%s/include", home);
    struct cc_list args = {0};
    char *bitcode = NULL;
    int status = 0;
    pid_t child = -1;
    int error;
    int from = -1;

    clang = clang && *clang ? clang : "clang-16";
    cc_list_add(&args, clang);
    add_arguments(&args, request, include, file);
    error = start(clang, (char *const *)args.items, &child, &from);
    free(args.items);
    free(include);
    if (error != 0) {
        fprintf(stderr, "hsx cc: cannot run %s: %s; on Debian 12: apt-get install clang-16\n",
                clang, strerror(error));
        return NULL;
    }
    bitcode = read_all(from, size);
    close(from);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status) && hsx_stop_signal == 0) {
        fprintf(stderr, "hsx cc: %s was ended by a signal: %s\n", clang,
                strsignal(WTERMSIG(status)));
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        free(bitcode);
        return NULL;
    }
    return bitcode;
}
