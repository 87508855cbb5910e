// SPDX-License-Identifier: Apache-2.0
/* A pseudo-terminal whose other end is a serial device for somebody else. */
#ifndef HSX_BOARD_PTY_H
#define HSX_BOARD_PTY_H

#ifdef __cplusplus
extern "C" {
#endif

struct pty {
    int master; /* to read and write */
    int slave;  /* held open, so that the device stays when nobody uses it */
    char name[64];
};

/* Raw. With link not NULL that file becomes a symbolic link to it, in one step; another file of
 * that name that is no link stays. 0, or -1 with errno. */
int pty_open(struct pty *pty, const char *link);

/* The link goes, too; who uses the device sees it hang up. */
void pty_close(struct pty *pty, const char *link);

#ifdef __cplusplus
}
#endif

#endif
