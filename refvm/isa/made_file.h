// SPDX-License-Identifier: Apache-2.0
/*
 * The main function of a program that prints files from a table: PROGRAM KIND FILE.
 */
#ifndef HSX_ISA_MADE_FILE_H
#define HSX_ISA_MADE_FILE_H

#include <stddef.h>
#include <stdio.h>

struct made_file {
    const char *kind;
    void (*print)(FILE *out);
};

/*
 * Write the file of the kind that the arguments name. Returns the program's exit status: 0, 1 if
 * the file cannot be written, 2 for wrong usage; errors go to standard error.
 */
int made_file_main(int argc, char **argv, const struct made_file *kinds, size_t count);

#endif
