// SPDX-License-Identifier: Apache-2.0
#include "process.h"
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

pid_t process_start(const char *line)
{
    char command[2000];
    pid_t pid;

    snprintf(command, sizeof command, "exec %s", line);
    fflush(NULL);
    pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        sigset_t none;

        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        signal(SIGINT, SIG_DFL);
        signal(SIGTERM, SIG_DFL);
        signal(SIGHUP, SIG_DFL);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    return pid;
}

int process_wait(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0) {
        cr_assert_eq(errno, EINTR);
    }
    return status;
}

double process_seconds(pid_t pid)
{
    char path[40];
    char text[1000] = "";
    unsigned long user, system;
    FILE *in;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    in = fopen(path, "r");
    cr_assert_not_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);

    const char *after = strrchr(text, ')');

    cr_assert_not_null(after);
    cr_assert_eq(
        sscanf(after, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system), 2);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

double process_wait_seconds(pid_t pid, int *status)
{
    double before = process_seconds(pid);
    struct rusage used;

    while (wait4(pid, status, 0, &used) < 0) {
        cr_assert_eq(errno, EINTR);
    }
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) - before;
}

void sleep_ms(unsigned ms)
{
    struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};

    nanosleep(&time, NULL);
}

unsigned other_files(const char *known)
{
    DIR *directory = opendir(".");
    const struct dirent *entry;
    unsigned count = 0;

    cr_assert_not_null(directory);
    while ((entry = readdir(directory))) {
        char word[300];

        snprintf(word, sizeof word, " %s ", entry->d_name);
        if (entry->d_name[0] != '.' && !strstr(known, word)) {
            count++;
        }
    }
    closedir(directory);
    return count;
}
