// SPDX-License-Identifier: Apache-2.0
#include "line_editor.h"
#include "signals.h"
#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HISTORY_SIZE = 500 };

struct line_editor {
    EditLine *edit;
    History *history;
    const char *prompt;
    struct line_completer completer;
    char *path; /* of the history; NULL: no home folder */
};

static char *prompt_of(EditLine *edit)
{
    struct line_editor *editor;

    el_get(edit, EL_CLIENTDATA, &editor);
    return (char *)editor->prompt;
}

/* For libedit, which by default would restart a read after a signal. */
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

/* The length of their common prefix. */
static size_t common_length(char **texts)
{
    size_t length = strlen(texts[0]);

    for (size_t i = 1; texts[i]; i++) {
        size_t same = 0;

        while (same < length && texts[i][same] == texts[0][same]) {
            same++;
        }
        length = same;
    }
    return length;
}

static void list(char **texts)
{
    fputc('\n', stdout);
    for (size_t i = 0; texts[i]; i++) {
        fprintf(stdout, "%s%s", texts[i], texts[i + 1] ? "  " : "\n");
    }
}

/* A single text: all of it, and a blank unless it is a folder. Several: their common prefix
 * or, if that is already there, their list. */
static unsigned char insert(EditLine *edit, char **texts, size_t typed)
{
    size_t common = common_length(texts);
    size_t last = strlen(texts[0]);
    char *rest;

    if (texts[1] && common == typed) {
        list(texts);
        return CC_REDISPLAY;
    }
    rest = strndup(texts[0] + typed, common - typed);
    if (!rest || (*rest != '\0' && el_insertstr(edit, rest) != 0)) {
        free(rest);
        return CC_ERROR;
    }
    free(rest);
    if (!texts[1] && (last == 0 || texts[0][last - 1] != '/')) {
        el_insertstr(edit, " ");
    }
    return CC_REFRESH;
}

static unsigned char complete_word(EditLine *edit, int key)
{
    const LineInfo *line = el_line(edit);
    char *text = strndup(line->buffer, (size_t)(line->cursor - line->buffer));
    unsigned char result = CC_ERROR;
    struct line_editor *e;
    size_t start = 0;
    char **texts;

    (void)key;
    el_get(edit, EL_CLIENTDATA, &e);
    texts = text ? e->completer.complete(e->completer.ctx, text, &start) : NULL;
    if (texts) {
        result = insert(edit, texts, strlen(text) - start);
        e->completer.release(texts);
    }
    free(text);
    return result;
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

struct line_editor *line_editor_open(const char *prompt, const struct line_completer *completer)
{
    struct line_editor *e = calloc(1, sizeof *e);

    if (!e) {
        return NULL;
    }
    e->prompt = prompt;
    e->completer = *completer;
    e->edit = el_init("hsx", stdin, stdout, stderr);
    if (!e->edit) {
        free(e);
        return NULL;
    }
    el_set(e->edit, EL_CLIENTDATA, e);
    el_set(e->edit, EL_PROMPT, prompt_of);
    el_set(e->edit, EL_EDITOR, "emacs");
    el_set(e->edit, EL_GETCFN, read_key);
    el_set(e->edit, EL_ADDFN, "hsx-complete", "Complete the word", complete_word);
    el_set(e->edit, EL_BIND, "^I", "hsx-complete", NULL);
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
