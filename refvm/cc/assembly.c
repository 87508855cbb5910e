// SPDX-License-Identifier: Apache-2.0
#include "assembly.h"
#include "memory.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool in_name(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr("_.$", c));
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

/* The name after a directive that exports it or declares it external; NULL: another line.
 */
static const char *directive_name(const char *line)
{
    static const char *const directives[] = {".export", ".extern"};

    line = skip_blanks(line);
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++) {
        size_t size = strlen(directives[i]);

        if (strncmp(line, directives[i], size) == 0 && !in_name(line[size])) {
            return skip_blanks(line + size);
        }
    }
    return NULL;
}

static void read_exports(struct cc_assembly *assembly, const char *text)
{
    for (const char *line = text; line; line = strchr(line, '\n')) {
        const char *name;
        size_t size = 0;

        line += *line == '\n';
        name = directive_name(line);
        while (name && in_name(name[size])) {
            size++;
        }
        if (size > 0) {
            cc_list_add(&assembly->exports, cc_text("%.*s", (int)size, name));
        }
        if (*line == '\0') {
            break;
        }
    }
}

static void read_words(struct cc_assembly *assembly, const char *text)
{
    while (*text) {
        size_t size = 0;

        while (in_name(text[size])) {
            size++;
        }
        if (size > 0 && !isdigit((unsigned char)*text)) {
            cc_list_add(&assembly->words, cc_text("%.*s", (int)size, text));
        }
        text += size > 0 ? size : *text == ';' ? strcspn(text, "\n") : 1;
    }
}

void cc_assembly_add(struct cc_assembly *assembly, const char *path, char *text, size_t size)
{
    assembly->units =
        cc_grow(assembly->units, assembly->count, &assembly->room, sizeof *assembly->units);
    read_exports(assembly, text);
    if (assembly->count > 0) {
        read_words(assembly, text);
    }
    assembly->units[assembly->count++] = (struct cc_unit){path, text, size};
}

static void clear_list(struct cc_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free((char *)list->items[i]);
    }
    free(list->items);
}

void cc_assembly_clear(struct cc_assembly *assembly)
{
    for (size_t i = 0; i < assembly->count; i++) {
        free(assembly->units[i].text);
    }
    free(assembly->units);
    clear_list(&assembly->exports);
    clear_list(&assembly->words);
}

bool cc_assembly_exports(const struct cc_assembly *assembly, const char *name)
{
    for (size_t i = 0; i < assembly->exports.count; i++) {
        if (strcmp(assembly->exports.items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool cc_assembly_mentions(struct cc_assembly *assembly, const char *name)
{
    struct cc_list *words = &assembly->words;

    if (words->count == 0) {
        return false;
    }
    if (!assembly->sorted) {
        qsort(words->items, words->count, sizeof *words->items, by_text);
        assembly->sorted = true;
    }
    return bsearch(&name, words->items, words->count, sizeof *words->items, by_text) != NULL;
}
