// SPDX-License-Identifier: Apache-2.0
#include "names.h"
#include "memory.h"
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct name {
    LLVMValueRef global;
    char *label;
};

struct cc_names {
    struct name *slots; /* a hash table, open addressing */
    size_t count, room;
    unsigned made;
};

struct cc_names *cc_names_new(void)
{
    struct cc_names *names = cc_allocate(1, sizeof *names);

    names->room = 256;
    names->slots = cc_allocate(names->room, sizeof *names->slots);
    return names;
}

void cc_names_free(struct cc_names *names)
{
    if (!names) {
        return;
    }
    for (size_t i = 0; i < names->room; i++) {
        free(names->slots[i].label);
    }
    free(names->slots);
    free(names);
}

/* room is a power of two. */
static struct name *place_of(struct name *slots, size_t room, LLVMValueRef global)
{
    size_t at = ((size_t)global >> 4) * 2654435761u & (room - 1);

    while (slots[at].global && slots[at].global != global) {
        at = (at + 1) & (room - 1);
    }
    return &slots[at];
}

static void make_room(struct cc_names *names)
{
    struct name *old = names->slots;
    size_t room = names->room;

    if (names->count * 2 < room) {
        return;
    }
    names->room *= 2;
    names->slots = cc_allocate(names->room, sizeof *names->slots);
    for (size_t i = 0; i < room; i++) {
        if (old[i].global) {
            *place_of(names->slots, names->room, old[i].global) = old[i];
        }
    }
    free(old);
}

/* MVASM reads R0 to R15, in upper or lower case, as registers. */
static bool is_register(const char *text, size_t size)
{
    if ((text[0] != 'R' && text[0] != 'r') || size < 2 || size > 3) {
        return false;
    }
    for (size_t i = 1; i < size; i++) {
        if (!isdigit((unsigned char)text[i])) {
            return false;
        }
    }
    return true;
}

static char *label_of(struct cc_names *names, LLVMValueRef global)
{
    size_t size;
    const char *text = LLVMGetValueName2(global, &size);
    bool fits = size > 0 && (isalpha((unsigned char)text[0]) || text[0] == '_' || text[0] == '.');

    for (size_t i = 0; i < size; i++) {
        fits = fits && (isalnum((unsigned char)text[i]) || strchr("_.$", text[i]));
    }
    if (fits && !is_register(text, size)) {
        return cc_text("%.*s", (int)size, text);
    }
    return cc_text(".name$%u", names->made++);
}

const char *cc_name_of(struct cc_names *names, LLVMValueRef global)
{
    struct name *name;

    make_room(names);
    name = place_of(names->slots, names->room, global);
    if (!name->global) {
        name->global = global;
        name->label = label_of(names, global);
        names->count++;
    }
    return name->label;
}
