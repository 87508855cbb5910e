// SPDX-License-Identifier: Apache-2.0
/*
 * The shell: commands over one machine and its executive (docs/shell.md). It shows only
 * what is the same on every target, so that the answers to a script are the same bytes on
 * each; cycles are shown on request.
 */
#ifndef HSX_SHELL_H
#define HSX_SHELL_H

#include <hsx/exec.h>
#include <signal.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

struct hsx_shell;

struct hsx_shell_config {
    struct hsx_target *target;   /* held, no task in it; outlives the shell */
    struct hsx_exec_config exec; /* its host is replaced by the shell */
    FILE *out;                   /* answers, and output of tasks */
    FILE *err;                   /* one line for each refused command */
    bool json;                   /* answers are objects, one per line */
    bool safe;                   /* control bytes in output of tasks are shown as \xNN */
    uint64_t max_steps;          /* of all clock commands together; UINT64_MAX: no limit */
    /* Why the target has failed permanently, in one line, or NULL if it has not. The current
     * command is then refused, its trace is dropped, and the shell quits. May be NULL. */
    const char *(*trouble)(const struct hsx_target *target);
    const volatile sig_atomic_t *interrupt; /* nonzero stops a clock command, and the rest of its
                                               line is skipped; may be NULL */
};

/* *config is copied. HSX_ERR_ARGUMENT and HSX_ERR_MEMORY as from hsx_exec_create. */
enum hsx_status hsx_shell_create(const struct hsx_shell_config *config, struct hsx_shell **shell);
void hsx_shell_destroy(struct hsx_shell *shell);

enum hsx_shell_result {
    HSX_SHELL_OK,
    HSX_SHELL_FAILED /* a command was refused; it did not change the machine */
};

/*
 * Do the commands of one line, separated by ';'. A refused one is reported as "PLACE:
 * COMMAND: message", without "PLACE: " if place is NULL, and the next one is done. A line
 * that cannot be split does nothing.
 */
enum hsx_shell_result hsx_shell_line(struct hsx_shell *shell, const char *line, const char *place);

/* Completions of the word at the end of line: commands, files, tasks, symbols, mailboxes,
 * sorted and terminated by NULL; NULL: none. *start is where the word begins. Free them with
 * hsx_shell_free_completions. */
char **hsx_shell_complete(struct hsx_shell *shell, const char *line, size_t *start);
void hsx_shell_free_completions(char **texts);

/* Whether the command quit was given. */
bool hsx_shell_has_quit(const struct hsx_shell *shell);

/* Load an image as the command load does. */
enum hsx_shell_result hsx_shell_load(struct hsx_shell *shell, const char *path);

/* From now on commands that use files are refused. */
void hsx_shell_seal(struct hsx_shell *shell);

/* End what is open, such as a trace. */
enum hsx_shell_result hsx_shell_finish(struct hsx_shell *shell);

#ifdef __cplusplus
}
#endif

#endif
