// SPDX-License-Identifier: Apache-2.0
/* Assembly in addition to the C files: the library's and the user's. */
#ifndef HSX_CC_ASSEMBLY_H
#define HSX_CC_ASSEMBLY_H

#include "request.h"
#include <stdbool.h>
#include <stddef.h>

struct cc_unit {
    const char *path; /* as shown in messages */
    char *text;       /* owned, NUL-terminated */
    size_t size;
};

struct cc_assembly {
    struct cc_unit *units; /* the library first */
    size_t count, room;
    struct cc_list exports; /* names that the units export; owned */
    struct cc_list words;   /* names that the user's units mention, sorted on first use; owned */
    bool sorted;
};

/* Add text, which becomes owned, as one more unit. */
void cc_assembly_add(struct cc_assembly *assembly, const char *path, char *text, size_t size);
void cc_assembly_clear(struct cc_assembly *assembly);

/* Whether a unit exports a name: it has a line `.export NAME` or `.extern NAME`. If it does not
 * define the name, the assembler reports that. */
bool cc_assembly_exports(const struct cc_assembly *assembly, const char *name);

/* Whether one of the user's units may use this name of C. */
bool cc_assembly_mentions(struct cc_assembly *assembly, const char *name);

#endif
