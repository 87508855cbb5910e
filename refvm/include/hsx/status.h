// SPDX-License-Identifier: Apache-2.0
/* Named results of every library call. */
#ifndef HSX_STATUS_H
#define HSX_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

enum hsx_status {
    HSX_OK = 0,
    HSX_ERR_ARGUMENT, /* a value outside what the header allows */
    HSX_ERR_MEMORY,   /* the host is out of memory */
    HSX_ERR_IO,       /* a file could not be read or written */
    HSX_ERR_FORMAT,   /* an input is malformed; the diagnostic says where */
    HSX_ERR_NO_ROOM,  /* an arena, table or pool is full */
    HSX_ERR_STATE,    /* not allowed in the present state */
    HSX_ERR_MACHINE,  /* the machine broke its contract, such as a core that hangs */
    HSX_ERR_DIVERGED  /* lock-step found a difference */
};

/* A short name such as "no room"; never NULL. */
const char *hsx_status_name(enum hsx_status status);

#ifdef __cplusplus
}
#endif

#endif
