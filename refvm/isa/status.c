// SPDX-License-Identifier: Apache-2.0
#include <hsx/status.h>

const char *hsx_status_name(enum hsx_status status)
{
    switch (status) {
    case HSX_OK:
        return "ok";
    case HSX_ERR_ARGUMENT:
        return "invalid argument";
    case HSX_ERR_MEMORY:
        return "out of memory";
    case HSX_ERR_IO:
        return "input/output error";
    case HSX_ERR_FORMAT:
        return "malformed input";
    case HSX_ERR_NO_ROOM:
        return "no room";
    case HSX_ERR_STATE:
        return "not allowed in this state";
    case HSX_ERR_MACHINE:
        return "machine broke its contract";
    case HSX_ERR_DIVERGED:
        return "diverged";
    }
    return "unknown status";
}
