// SPDX-License-Identifier: Apache-2.0
/* Lines from a terminal, with editing and a history that outlives the program. */
#ifndef HSX_CLI_LINE_EDITOR_H
#define HSX_CLI_LINE_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

struct line_editor;

/* The completions of the word at the end of line, sorted and terminated by NULL, and where
 * the word begins; NULL: none. release frees them. */
struct line_completer {
    void *ctx;
    char **(*complete)(void *ctx, const char *line, size_t *start);
    void (*release)(char **texts);
};

/* NULL: the terminal does not support editing. prompt must outlive the editor. */
struct line_editor *line_editor_open(const char *prompt, const struct line_completer *completer);
/* The next line, valid until the next call; NULL at the end of input or at a signal other than
 * SIGINT, which drops the line and begins another one. Signals are deferred (signals.h). */
const char *line_editor_read(struct line_editor *editor);
void line_editor_close(struct line_editor *editor);

#endif
