// SPDX-License-Identifier: Apache-2.0
/*
 * Memory of the compiler. It is a program of its own that runs once, so running out of
 * memory ends it: one line, exit status 1.
 */
#ifndef HSX_CC_MEMORY_H
#define HSX_CC_MEMORY_H

#include <stddef.h>

/* count zeroed elements of size bytes; never NULL. */
void *cc_allocate(size_t count, size_t size);

/* Room for one more than count elements in an array that has *room. */
void *cc_grow(void *array, size_t count, size_t *room, size_t size);

/* Tell that memory has run out, and end. */
_Noreturn void cc_no_memory(void);

/* A text in printf's manner, to be freed. */
char *cc_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
