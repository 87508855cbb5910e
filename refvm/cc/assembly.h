// SPDX-License-Identifier: Apache-2.0
/* Assembly beside the C files: the library's, and files of the user's. */
#ifndef HSX_CC_ASSEMBLY_H
#define HSX_CC_ASSEMBLY_H

#include "request.h"
#include <stdbool.h>
#include <stddef.h>

struct cc_unit {
    const char *path; /* as messages show it */
    char *text;       /* owned, NUL-terminated */
    size_t size;
};

struct cc_assembly {
    struct cc_unit *units; /* the library first */
    size_t count, room;
    struct cc_list exports; /* names that the units define for others; owned */
    struct cc_list words;   /* names that the user's units speak of, sorted once asked for; owned */
    bool sorted;
};

/* Take text over, as one more unit. */
void cc_assembly_add(struct cc_assembly *assembly, const char *path, char *text, size_t size);
void cc_assembly_clear(struct cc_assembly *assembly);

/* Whether a unit defines a name for others: it has a line `.export NAME` or `.extern NAME`. The
 * assembler says so if it keeps no such promise. */
bool cc_assembly_exports(const struct cc_assembly *assembly, const char *name);

/* Whether one of the user's units may use what C calls so. */
bool cc_assembly_mentions(struct cc_assembly *assembly, const char *name);

#endif
