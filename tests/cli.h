// SPDX-License-Identifier: Apache-2.0
/* The program hsx as a user runs it, in an empty directory. */
#ifndef TESTS_CLI_H
#define TESTS_CLI_H

#include <stddef.h>

/* For a TestSuite's init and fini: enter a new directory under /tmp, and remove it. */
void cli_enter(void);
void cli_leave(void);

/* Runs hsx with arguments, output goes to the files out and err unless they redirect it;
 * returns the exit status. */
int hsx(const char *arguments);

void write_text(const char *path, const char *text);

/* Reads a file that must exist as a string, cut to size; or whole, into a buffer
 * that is valid until the next call. */
void read_text(const char *path, char *text, size_t size);
char *text_of(const char *path);

/* The file must contain the text. */
void expect_in(const char *path, const char *wanted);

#endif
