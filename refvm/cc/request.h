// SPDX-License-Identifier: Apache-2.0
/* The options of one run of the compiler. */
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
    struct cc_list clang; /* arguments passed on to clang, each owned */
    const char *output;
    char *made;          /* the default output; owned */
    const char *symbols; /* NULL: next to the output */
    const char *kinds;   /* NULL: not requested */
    int level;
    unsigned heap; /* bytes, a multiple of 8 */
    bool assembly;
    bool debug;
    bool no_symbols;
    bool stack_usage;
};

void cc_list_add(struct cc_list *list, const char *item);

#endif
