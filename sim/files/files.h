// SPDX-License-Identifier: Apache-2.0
/* Reading and writing whole files. On failure errno says why. */
#ifndef HSX_FILES_H
#define HSX_FILES_H

#include <hsx/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { HSX_FILE_MAX = 256 << 20 }; /* bytes; longer input is endless or wrong */

/* The whole of path as *bytes, malloc'ed, with a NUL after its size bytes;
 * "-" is standard input. */
enum hsx_status hsx_read_file(const char *path, char **bytes, size_t *size);

/* The same of a regular file, a pipe or standard input, with at most `most` bytes.
 * HSX_ERR_FORMAT: it is a device or folder; HSX_ERR_NO_ROOM: it is longer. */
enum hsx_status hsx_read_file_up_to(const char *path, size_t most, char **bytes, size_t *size);

/* Writes path through a temporary file next to it and renames that, so that path holds
 * either the old content or all of the new. A link or device, such as /dev/stdout, is
 * written in place. */
enum hsx_status hsx_write_file(const char *path, const void *bytes, size_t size);

/* Whether all output to file was written. If not, errno says why. */
bool hsx_file_written(FILE *file);

/* Whether all standard output was written. If not, the program reports it on standard
 * error. */
bool hsx_stdout_written(const char *program);

/* The name of a task whose image has none: the file's, without directory and .hxe, cut to
 * size, with '?' for characters that are not printable ASCII. */
void hsx_file_task_name(const char *path, char *name, size_t size);

#endif
