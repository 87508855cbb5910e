// SPDX-License-Identifier: Apache-2.0
/* What one run of the compiler is asked for. */
#ifndef HSX_CC_REQUEST_H
#define HSX_CC_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

struct cc_list {
    const char **items;
    size_t count, room;
};

struct cc_request {
    struct cc_list files;
    struct cc_list clang; /* arguments that go to clang as they are, each owned */
    const char *output;
    char *made;          /* the same where nobody named it; owned */
    const char *symbols; /* NULL: beside the output */
    const char *kinds;   /* NULL: not wanted */
    int level;
    unsigned heap; /* bytes, a multiple of 8 */
    bool assembly;
    bool debug;
    bool no_symbols;
    bool stack_usage;
};

void cc_list_add(struct cc_list *list, const char *item);

#endif
