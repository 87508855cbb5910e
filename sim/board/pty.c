// SPDX-License-Identifier: Apache-2.0
#include "pty.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static int make_link(const char *name, const char *link)
{
    char temporary[PATH_MAX];
    struct stat old;

    if (lstat(link, &old) == 0 && !S_ISLNK(old.st_mode)) {
        errno = EEXIST;
        return -1;
    }
    if (snprintf(temporary, sizeof temporary, "%s.%ld", link, (long)getpid()) >=
        (int)sizeof temporary) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (symlink(name, temporary) != 0) {
        return -1;
    }
    if (rename(temporary, link) != 0) {
        int why = errno;

        unlink(temporary);
        errno = why;
        return -1;
    }
    return 0;
}

int pty_open(struct pty *pty, const char *link)
{
    struct termios mode;
    const char *name;

    pty->slave = -1;
    pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (pty->master >= 0 && grantpt(pty->master) == 0 && unlockpt(pty->master) == 0 &&
        (name = ptsname(pty->master))) {
        snprintf(pty->name, sizeof pty->name, "%s", name);
        pty->slave = open(pty->name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    }
    if (pty->slave >= 0 && tcgetattr(pty->slave, &mode) == 0) {
        cfmakeraw(&mode);
        if (tcsetattr(pty->slave, TCSANOW, &mode) == 0 &&
            (!link || make_link(pty->name, link) == 0)) {
            return 0;
        }
    }
    int why = errno;

    pty_close(pty, NULL);
    errno = why;
    return -1;
}

void pty_close(struct pty *pty, const char *link)
{
    if (link) {
        unlink(link);
    }
    if (pty->slave >= 0) {
        close(pty->slave);
    }
    if (pty->master >= 0) {
        close(pty->master);
    }
    pty->slave = -1;
    pty->master = -1;
}
