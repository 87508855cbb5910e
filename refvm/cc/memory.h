// SPDX-License-Identifier: Apache-2.0
/*
 * Memory of the compiler. It is a separate program that runs once, so running out of
 * memory ends it: one line, exit status 1.
 */
#ifndef HSX_CC_MEMORY_H
#define HSX_CC_MEMORY_H

#include <stddef.h>
#include <stdio.h>

/* count zeroed elements of size bytes; never NULL. */
void *cc_allocate(size_t count, size_t size);

/* Makes room for count + 1 elements in an array with room for *room. */
void *cc_grow(void *array, size_t count, size_t *room, size_t size);

/* Report that memory has run out, and exit. */
_Noreturn void cc_no_memory(void);

/* Text formatted as by printf, to be freed. */
char *cc_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A stream that collects text in memory; never NULL. */
FILE *cc_text_open(char **text, size_t *size);

/* Ends it; *text is to be freed. */
void cc_text_close(FILE *stream);

#endif
