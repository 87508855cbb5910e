// SPDX-License-Identifier: Apache-2.0
/* Completion of the word at the end of a line. */
#include "shell.h"
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct candidates {
    const char *prefix;
    char **texts; /* terminated by NULL */
    size_t count;
    bool failed;
};

static void add(struct candidates *c, const char *text)
{
    char **texts;

    if (strncmp(text, c->prefix, strlen(c->prefix)) != 0) {
        return;
    }
    for (size_t i = 0; i < c->count; i++) {
        if (strcmp(c->texts[i], text) == 0) {
            return;
        }
    }
    texts = realloc(c->texts, (c->count + 2) * sizeof *texts);
    if (texts) {
        c->texts = texts;
        texts[c->count] = strdup(text);
        c->failed |= !texts[c->count];
        c->count += texts[c->count] != NULL;
        texts[c->count] = NULL;
    } else {
        c->failed = true;
    }
}

static void add_commands(struct candidates *c)
{
    const struct command *command;

    for (size_t i = 0; (command = shell_command(i)); i++) {
        add(c, command->name);
    }
}

/* Lower-case words of a usage are keywords. */
static void add_keywords(struct candidates *c, const struct command *command)
{
    const char *p = command->usage;

    while (*p != '\0') {
        size_t length = strspn(p, "abcdefghijklmnopqrstuvwxyz");
        char word[32];
        bool whole = p == command->usage || !isalnum((unsigned char)p[-1]);

        if (length != 0 && length < sizeof word && whole && !isalnum((unsigned char)p[length])) {
            memcpy(word, p, length);
            word[length] = '\0';
            if (strcmp(word, command->name) != 0) {
                add(c, word);
            }
        }
        p += length != 0 ? length : 1;
    }
}

static void add_tasks(struct hsx_shell *s, struct candidates *c)
{
    struct hsx_task_info tasks[HSX_MAX_CONTEXTS];
    size_t count = 0;

    hsx_exec_tasks(s->exec, tasks, HSX_MAX_CONTEXTS, &count);
    for (size_t i = 0; i < count && i < HSX_MAX_CONTEXTS; i++) {
        char text[16];

        snprintf(text, sizeof text, "%u", (unsigned)tasks[i].pid);
        add(c, text);
    }
}

static void add_symbols(struct hsx_shell *s, struct candidates *c)
{
    for (unsigned i = 0; i < HSX_MAX_CONTEXTS; i++) {
        const struct hsx_symbols *symbols = s->origins[i].symbols;

        for (size_t k = 0; k < hsx_symbols_count(symbols); k++) {
            add(c, hsx_symbols_get(symbols, k)->name);
        }
    }
}

static void add_mailboxes(struct hsx_shell *s, struct candidates *c)
{
    struct hsx_mbox_info *boxes;
    size_t count = 0;

    hsx_exec_mailboxes(s->exec, NULL, 0, &count);
    boxes = calloc(count + 1, sizeof *boxes);
    if (boxes) {
        hsx_exec_mailboxes(s->exec, boxes, count, &count);
    }
    for (size_t i = 0; boxes && i < count; i++) {
        add(c, boxes[i].name);
    }
    free(boxes);
}

/* A folder's name ends with a slash, so that completion can continue. */
static void add_files(struct candidates *c)
{
    const char *slash = strrchr(c->prefix, '/');
    int folder = slash ? (int)(slash - c->prefix) + 1 : 0;
    char path[4096];
    const struct dirent *entry;
    DIR *dir;

    snprintf(path, sizeof path, "%.*s", folder, c->prefix);
    dir = opendir(folder != 0 ? path : ".");
    while (dir && (entry = readdir(dir))) {
        struct stat info;
        int length;

        if (entry->d_name[0] == '.' && c->prefix[folder] != '.') {
            continue;
        }
        length = snprintf(path, sizeof path - 1, "%.*s%s", folder, c->prefix, entry->d_name);
        if (length < 0 || (size_t)length >= sizeof path - 1) {
            continue;
        }
        if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
            path[length] = '/';
            path[length + 1] = '\0';
        }
        add(c, path);
    }
    if (dir) {
        closedir(dir);
    }
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_arguments(struct hsx_shell *s, struct candidates *c, const char *name)
{
    const struct command *command = shell_find(name);

    if (!command) {
        return;
    }
    add_keywords(c, command);
    if (strstr(command->usage, "PID")) {
        add_tasks(s, c);
    }
    if (strstr(command->usage, "ADDR")) {
        add_symbols(s, c);
    }
    if (strstr(command->usage, "NAME") || strstr(command->usage, "FILTER")) {
        add_mailboxes(s, c);
    }
    if (strstr(command->usage, "FILE") && !s->sealed) {
        add_files(c);
    }
    if (strstr(command->usage, "COMMAND")) {
        add_commands(c);
    }
}

char **hsx_shell_complete(struct hsx_shell *s, const char *line, size_t *start)
{
    const char *command = strrchr(line, ';');
    const char *word = line + strlen(line);
    struct candidates c = {0};
    char name[32];

    command = command ? command + 1 : line;
    command += strspn(command, " \t");
    while (word > command && !isspace((unsigned char)word[-1])) {
        word--;
    }
    *start = (size_t)(word - line);
    c.prefix = word;
    if (word == command) {
        add_commands(&c);
    } else {
        snprintf(name, sizeof name, "%.*s", (int)strcspn(command, " \t"), command);
        add_arguments(s, &c, name);
    }
    if (c.failed) {
        hsx_shell_free_completions(c.texts);
        return NULL;
    }
    if (c.count != 0) {
        qsort(c.texts, c.count, sizeof *c.texts, compare);
    }
    return c.texts;
}

void hsx_shell_free_completions(char **texts)
{
    for (size_t i = 0; texts && texts[i]; i++) {
        free(texts[i]);
    }
    free(texts);
}
