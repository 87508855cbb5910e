// SPDX-License-Identifier: Apache-2.0
/*
 * The shell: commands over one machine and its executive (docs/shell.md). It
 * looks only at what is the same on every target, so that a script answers the
 * same bytes on each; cycles are told when asked for.
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
    FILE *out;                   /* answers, and what tasks say */
    FILE *err;                   /* one line for each command that is refused */
    bool json;                   /* answers are objects, one a line */
    bool safe;                   /* control bytes that tasks say are shown as \xNN */
    uint64_t max_steps;          /* of all clock commands together; UINT64_MAX: no limit */
    /* Why the target has failed for good, in one line, or NULL as long as it has not. The command
     * at work is then refused for that, its trace is dropped, and the shell has quit. May be
     * NULL. */
    const char *(*trouble)(const struct hsx_target *target);
    const volatile sig_atomic_t *interrupt; /* nonzero stops a clock command, and nothing behind
                                               it on its line is done; may be NULL */
};

/* *config is copied. HSX_ERR_ARGUMENT and HSX_ERR_MEMORY as hsx_exec_create. */
enum hsx_status hsx_shell_create(const struct hsx_shell_config *config, struct hsx_shell **shell);
void hsx_shell_destroy(struct hsx_shell *shell);

enum hsx_shell_result {
    HSX_SHELL_OK,
    HSX_SHELL_FAILED /* a command was refused; the machine is as before that command */
};

/*
 * Do the commands of one line, which ';' separates. A refused one is told as
 * "PLACE: COMMAND: what is wrong", without "PLACE: " if place is NULL, and the
 * next one is done. A line that cannot be split does nothing.
 */
enum hsx_shell_result hsx_shell_line(struct hsx_shell *shell, const char *line, const char *place);

/* What the word at the end of line could become: commands, files, tasks, symbols, mailboxes,
 * sorted, NULL behind the last; NULL: nothing. *start is where the word begins. The caller's,
 * for hsx_shell_free_completions. */
char **hsx_shell_complete(struct hsx_shell *shell, const char *line, size_t *start);
void hsx_shell_free_completions(char **texts);

/* The command quit was given. */
bool hsx_shell_has_quit(const struct hsx_shell *shell);

/* Load an image as the command load does. */
enum hsx_shell_result hsx_shell_load(struct hsx_shell *shell, const char *path);

/* From here on commands that use files are refused. */
void hsx_shell_seal(struct hsx_shell *shell);

/* End what is open, such as a trace. */
enum hsx_shell_result hsx_shell_finish(struct hsx_shell *shell);

#ifdef __cplusplus
}
#endif

#endif
