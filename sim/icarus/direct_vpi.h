// SPDX-License-Identifier: Apache-2.0
/* Accesses of the host port done on the memories of a held core under vvp. */
#ifndef HSX_ICARUS_DIRECT_VPI_H
#define HSX_ICARUS_DIRECT_VPI_H

#include <hsx/rtl_link.h>

enum direct_outcome {
    DIRECT_DONE,
    DIRECT_NEEDS_BUS,
    DIRECT_UNKNOWN /* a bit of what was read is X or Z */
};

/* False: the design is not the core with its memories, so no word can be accessed. */
bool direct_find(void);

/* As hsx_rtl_rams_access does it. */
enum direct_outcome direct_access(struct hsx_bus_op *op, uint32_t windows_end);

#endif
