// SPDX-License-Identifier: Apache-2.0
#ifndef TEXTSTREAM_H
#define TEXTSTREAM_H

#include <stddef.h>
#include <stdio.h>

/*
 * A stream whose text is collected in memory. What open_memstream does, except that glibc's loses
 * text without an error when memory runs out while it grows; here fclose tells.
 *
 * *text and *size belong to the stream until fclose. If that returns 0, *text has all *size bytes
 * and a NUL after them, and the caller frees it; else memory ran out at some time and *text is
 * NULL. Returns NULL, and *text is NULL, if there is no memory for the stream.
 */
FILE *textstream_open(char **text, size_t *size);

#endif
