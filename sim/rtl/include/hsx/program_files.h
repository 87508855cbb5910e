// SPDX-License-Identifier: Apache-2.0
/*
 * Files that come with a program: they are looked for from where it lies, so that a build folder
 * and an installed tree can be moved.
 */
#ifndef HSX_PROGRAM_FILES_H
#define HSX_PROGRAM_FILES_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The directory with file in it, as path (size bytes): the first of count places, relative to
 * the running program's directory, that has it. False: none has; path then is the last of them,
 * or empty when the program's own place is not known. */
bool hsx_rtl_program_files(const char *const *places, size_t count, const char *file, char *path,
                           size_t size);

#ifdef __cplusplus
}
#endif

#endif
