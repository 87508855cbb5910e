// SPDX-License-Identifier: Apache-2.0
#ifndef _STDIO_H
#define _STDIO_H
#include <stdarg.h>
#include <stddef.h>

#define EOF (-1)

/* All of these write to the console (SVC 1.1). There are no files. */
int putchar(int c);
int puts(const char *s);
int printf(const char *restrict format, ...) __attribute__((format(printf, 1, 2)));
int vprintf(const char *restrict format, va_list args);
int sprintf(char *restrict to, const char *restrict format, ...)
    __attribute__((format(printf, 2, 3)));
int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
    __attribute__((format(printf, 3, 4)));
int vsprintf(char *restrict to, const char *restrict format, va_list args);
int sscanf(const char *restrict s, const char *restrict format, ...)
    __attribute__((format(scanf, 2, 3)));
int vsscanf(const char *restrict s, const char *restrict format, va_list args);
int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list args);

#endif
