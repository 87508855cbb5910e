// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>
#include <stdint.h>

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

size_t strlen(const char *s)
{
    const char *end = s;

    while (*end) {
        end++;
    }
    return (size_t)(end - s);
}

size_t strnlen(const char *s, size_t most)
{
    size_t size = 0;

    while (size < most && s[size]) {
        size++;
    }
    return size;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const unsigned char *x = a;
    const unsigned char *y = b;

    for (; size > 0; size--, x++, y++) {
        if (*x != *y) {
            return *x - *y;
        }
    }
    return 0;
}

void *memchr(const void *a, int byte, size_t size)
{
    const unsigned char *x = a;

    for (; size > 0; size--, x++) {
        if (*x == (unsigned char)byte) {
            return (void *)x;
        }
    }
    return NULL;
}

int strcmp(const char *a, const char *b)
{
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t size)
{
    for (; size > 0; size--, a++, b++) {
        if (*a != *b || *a == '\0') {
            return (unsigned char)*a - (unsigned char)*b;
        }
    }
    return 0;
}

char *strcpy(char *restrict to, const char *restrict from)
{
    char *d = to;

    while ((*d++ = *from++)) {
    }
    return to;
}

char *strncpy(char *restrict to, const char *restrict from, size_t size)
{
    char *d = to;

    for (; size > 0 && *from; size--) {
        *d++ = *from++;
    }
    while (size-- > 0) {
        *d++ = '\0';
    }
    return to;
}

char *strcat(char *restrict to, const char *restrict from)
{
    strcpy(to + strlen(to), from);
    return to;
}

char *strncat(char *restrict to, const char *restrict from, size_t size)
{
    char *d = to + strlen(to);

    for (; size > 0 && *from; size--) {
        *d++ = *from++;
    }
    *d = '\0';
    return to;
}

char *strchr(const char *s, int byte)
{
    for (;; s++) {
        if (*s == (char)byte) {
            return (char *)s;
        }
        if (*s == '\0') {
            return NULL;
        }
    }
}

char *strrchr(const char *s, int byte)
{
    const char *found = NULL;

    for (;; s++) {
        if (*s == (char)byte) {
            found = s;
        }
        if (*s == '\0') {
            return (char *)found;
        }
    }
}

char *strstr(const char *s, const char *wanted)
{
    size_t size = strlen(wanted);

    for (;; s++) {
        if (strncmp(s, wanted, size) == 0) {
            return (char *)s;
        }
        if (*s == '\0') {
            return NULL;
        }
    }
}

size_t strspn(const char *s, const char *set)
{
    size_t size = 0;

    while (s[size] && strchr(set, s[size])) {
        size++;
    }
    return size;
}

size_t strcspn(const char *s, const char *set)
{
    size_t size = 0;

    while (s[size] && !strchr(set, s[size])) {
        size++;
    }
    return size;
}
