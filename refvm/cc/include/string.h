// SPDX-License-Identifier: Apache-2.0
#ifndef _STRING_H
#define _STRING_H
#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
void *memchr(const void *a, int byte, size_t size);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t most);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t size);
char *strcpy(char *restrict to, const char *restrict from);
char *strncpy(char *restrict to, const char *restrict from, size_t size);
char *strcat(char *restrict to, const char *restrict from);
char *strncat(char *restrict to, const char *restrict from, size_t size);
char *strchr(const char *s, int byte);
char *strrchr(const char *s, int byte);
char *strstr(const char *s, const char *wanted);
size_t strspn(const char *s, const char *set);
size_t strcspn(const char *s, const char *set);
char *strpbrk(const char *s, const char *set);
char *strtok(char *restrict s, const char *restrict separators);
char *strtok_r(char *restrict s, const char *restrict separators, char **restrict rest);
int strcoll(const char *a, const char *b);
size_t strxfrm(char *restrict to, const char *restrict from, size_t size);

/* Not in C11, but common. */
void *memccpy(void *restrict to, const void *restrict from, int byte, size_t size);
void *memmem(const void *a, size_t size, const void *wanted, size_t wanted_size);
void *memrchr(const void *a, int byte, size_t size);
char *stpcpy(char *restrict to, const char *restrict from);
char *stpncpy(char *restrict to, const char *restrict from, size_t size);
char *strchrnul(const char *s, int byte);
char *strdup(const char *s) __attribute__((malloc));
char *strndup(const char *s, size_t most) __attribute__((malloc));
size_t strlcat(char *restrict to, const char *restrict from, size_t size);
size_t strlcpy(char *restrict to, const char *restrict from, size_t size);
char *strsep(char **s, const char *separators);

#endif
