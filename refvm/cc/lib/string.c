// SPDX-License-Identifier: Apache-2.0
/* Functions that operations of C call, which work word by word, and those that newlib has
 * only with per-thread structures. The rest of string.h is newlib's. */
#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Data may lie at any address (contract section 1), so words need no alignment. */
typedef uint32_t word __attribute__((aligned(1), may_alias));

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    unsigned char *d = to;
    const unsigned char *s = from;

    for (; size >= 4; size -= 4, d += 4, s += 4) {
        *(word *)d = *(const word *)s;
    }
    for (; size > 0; size--) {
        *d++ = *s++;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    unsigned char *d = to;
    const unsigned char *s = from;

    if ((uintptr_t)d - (uintptr_t)s >= size) {
        return memcpy(to, from, size);
    }
    while (size-- > 0) {
        d[size] = s[size];
    }
    return to;
}

void *memset(void *to, int byte, size_t size)
{
    unsigned char *d = to;
    uint32_t all = (unsigned char)byte * 0x01010101u;

    for (; size >= 4; size -= 4, d += 4) {
        *(word *)d = all;
    }
    for (; size > 0; size--) {
        *d++ = (unsigned char)byte;
    }
    return to;
}

char *strtok(char *restrict s, const char *restrict separators)
{
    static char *rest;

    return strtok_r(s, separators, &rest);
}

char *strndup(const char *s, size_t most)
{
    size_t size = strnlen(s, most);
    char *copy = malloc(size + 1);

    if (copy) {
        memcpy(copy, s, size);
        copy[size] = '\0';
    }
    return copy;
}

char *strdup(const char *s)
{
    return strndup(s, SIZE_MAX - 1);
}

int strncasecmp(const char *a, const char *b, size_t size)
{
    for (; size > 0; size--, a++, b++) {
        int order = tolower((unsigned char)*a) - tolower((unsigned char)*b);

        if (order != 0 || *a == '\0') {
            return order;
        }
    }
    return 0;
}

int strcasecmp(const char *a, const char *b)
{
    return strncasecmp(a, b, SIZE_MAX);
}
