// SPDX-License-Identifier: Apache-2.0
/* A pseudo-terminal whose other end is a serial device for another program. */
#ifndef HSX_BOARD_PTY_H
#define HSX_BOARD_PTY_H

struct pty {
    int master; /* to read and write */
    int slave;  /* held open, so that the device stays when no program uses it */
    char name[64];
};

/* Opens it in raw mode. If link is not NULL that file becomes a symbolic link to it,
 * atomically; an existing file that is not a link is kept. 0, or -1 with errno. */
int pty_open(struct pty *pty, const char *link);

/* Removes the link as well; users of the device see it hang up. */
void pty_close(struct pty *pty, const char *link);

#endif
