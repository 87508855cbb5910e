// SPDX-License-Identifier: Apache-2.0
/* Splits a line into commands and words: blanks separate words, ';' commands; "..." is
 * one word with the escapes \n \r \t \\ \" \xNN; '#' begins a comment. */
#include "shell.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS = 64 };

struct splitter {
    const char *at;
    char *to; /* where the next character goes */
    const char *error;
};

static bool ends_command(char c)
{
    return c == '\0' || c == ';' || c == '#' || c == '\n' || c == '\r';
}

static int hex_digit(char c)
{
    const char digits[] = "0123456789abcdef";
    const char *found = c != '\0' ? strchr(digits, tolower((unsigned char)c)) : NULL;

    return found ? (int)(found - digits) : -1;
}

static bool escape(struct splitter *p)
{
    static const char from[] = "nrt\\\"";
    static const char to[] = "\n\r\t\\\"";
    const char *found = *p->at != '\0' ? strchr(from, *p->at) : NULL;

    if (found) {
        *p->to++ = to[found - from];
        p->at++;
        return true;
    }
    if (*p->at == 'x' && hex_digit(p->at[1]) >= 0 && hex_digit(p->at[2]) >= 0) {
        int value = hex_digit(p->at[1]) * 16 + hex_digit(p->at[2]);

        if (value != 0) {
            *p->to++ = (char)value;
            p->at += 3;
            return true;
        }
    }
    p->error = "unknown escape, expected \\n \\r \\t \\\\ \\\" or \\xNN that is not \\x00";
    return false;
}

static bool quoted(struct splitter *p)
{
    p->at++;
    while (*p->at != '"') {
        if (*p->at == '\0' || *p->at == '\n') {
            p->error = "a quote is not closed";
            return false;
        }
        if (*p->at == '\\') {
            p->at++;
            if (!escape(p)) {
                return false;
            }
        } else {
            *p->to++ = *p->at++;
        }
    }
    p->at++;
    return true;
}

static bool word(struct splitter *p)
{
    while (!ends_command(*p->at) && !isspace((unsigned char)*p->at)) {
        if (*p->at != '"') {
            *p->to++ = *p->at++;
        } else if (!quoted(p)) {
            return false;
        }
    }
    *p->to++ = '\0';
    return true;
}

static void skip(const char **at, const char *set)
{
    *at += strspn(*at, set);
    if (**at == '#') {
        *at += strlen(*at);
    }
}

char **words_next(const char **line, size_t *count, const char **error)
{
    struct splitter p = {.at = *line};
    char **words;

    *error = NULL;
    *count = 0;
    skip(&p.at, " \t\r\n\v\f;");
    if (*p.at == '\0') {
        *line = p.at;
        return NULL;
    }
    words = malloc(MAX_WORDS * sizeof *words + strlen(p.at) + MAX_WORDS + 1);
    if (!words) {
        *error = "out of memory";
        return NULL;
    }
    p.to = (char *)(words + MAX_WORDS);
    while (!ends_command(*p.at)) {
        if (*count == MAX_WORDS) {
            p.error = "too many words";
            break;
        }
        words[(*count)++] = p.to;
        if (!word(&p)) {
            break;
        }
        p.at += strspn(p.at, " \t\v\f");
    }
    if (p.error) {
        free(words);
        *error = p.error;
        return NULL;
    }
    skip(&p.at, ";\r\n");
    *line = p.at;
    return words;
}
