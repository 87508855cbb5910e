// SPDX-License-Identifier: Apache-2.0
#include "line_editor.h"
#include "signals.h"
#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { HISTORY_SIZE = 500 };

struct line_editor {
    EditLine *edit;
    History *history;
    const char *prompt;
    char *path; /* of the history; NULL: there is no home */
};

static char *prompt_of(EditLine *edit)
{
    struct line_editor *editor;

    el_get(edit, EL_CLIENTDATA, &editor);
    return (char *)editor->prompt;
}

/* For libedit, which by itself would begin a read again after a signal. */
static int read_key(EditLine *edit, wchar_t *key)
{
    unsigned char byte;
    ssize_t count;

    (void)edit;
    if (!hsx_signals_wait_input(STDIN_FILENO)) {
        return 0;
    }
    count = read(STDIN_FILENO, &byte, 1);
    *key = byte;
    return (int)count;
}

static void open_history(struct line_editor *e)
{
    const char *home = getenv("HOME");
    HistEvent event;

    e->history = history_init();
    if (!e->history) {
        return;
    }
    history(e->history, &event, H_SETSIZE, HISTORY_SIZE);
    history(e->history, &event, H_SETUNIQUE, 1);
    el_set(e->edit, EL_HIST, history, e->history);
    if (home && asprintf(&e->path, "%s/.hsx_history", home) >= 0) {
        history(e->history, &event, H_LOAD, e->path);
    }
}

struct line_editor *line_editor_open(const char *prompt)
{
    struct line_editor *e = calloc(1, sizeof *e);

    if (!e) {
        return NULL;
    }
    e->prompt = prompt;
    e->edit = el_init("hsx", stdin, stdout, stderr);
    if (!e->edit) {
        free(e);
        return NULL;
    }
    el_set(e->edit, EL_CLIENTDATA, e);
    el_set(e->edit, EL_PROMPT, prompt_of);
    el_set(e->edit, EL_EDITOR, "emacs");
    el_set(e->edit, EL_GETCFN, read_key);
    open_history(e);
    el_source(e->edit, NULL);
    return e;
}

const char *line_editor_read(struct line_editor *e)
{
    HistEvent event;
    int count = 0;
    const char *line;

    el_resize(e->edit);
    while (!(line = el_gets(e->edit, &count)) && hsx_stop_signal == SIGINT) {
        hsx_stop_signal = 0;
        fputs("^C\n", stdout);
    }
    if (!line || count <= 0) {
        return NULL;
    }
    if (e->history && line[0] != '\n') {
        history(e->history, &event, H_ENTER, line);
    }
    return line;
}

void line_editor_close(struct line_editor *e)
{
    HistEvent event;

    if (e->history) {
        if (e->path) {
            history(e->history, &event, H_SAVE, e->path);
        }
        history_end(e->history);
    }
    el_end(e->edit);
    free(e->path);
    free(e);
}
