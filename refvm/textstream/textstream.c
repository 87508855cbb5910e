// SPDX-License-Identifier: Apache-2.0
#include "textstream.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

struct textstream {
    char **text;
    size_t *size;
    size_t capacity;
    bool failed; /* stays, as what is written later may find memory again */
};

static bool make_room(struct textstream *s, size_t count)
{
    size_t needed = *s->size + count + 1;

    if (needed <= s->capacity) {
        return true;
    }
    size_t capacity = needed > 2 * s->capacity ? needed : 2 * s->capacity;
    char *text = realloc(*s->text, capacity);

    if (text) {
        *s->text = text;
        s->capacity = capacity;
    }
    return text != NULL;
}

static ssize_t add(void *cookie, const char *bytes, size_t count)
{
    struct textstream *s = cookie;

    if (s->failed || !make_room(s, count)) {
        s->failed = true;
        return 0;
    }
    memcpy(*s->text + *s->size, bytes, count);
    *s->size += count;
    (*s->text)[*s->size] = '\0';
    return (ssize_t)count;
}

static int finish(void *cookie)
{
    struct textstream *s = cookie;
    bool failed = s->failed;

    if (failed) {
        free(*s->text);
        *s->text = NULL;
        *s->size = 0;
    }
    free(s);
    return failed ? EOF : 0;
}

FILE *textstream_open(char **text, size_t *size)
{
    struct textstream *s = calloc(1, sizeof *s);
    FILE *stream = NULL;

    *text = NULL;
    *size = 0;
    if (s) {
        s->text = text;
        s->size = size;
        stream = make_room(s, 0)
                     ? fopencookie(s, "w", (cookie_io_functions_t){.write = add, .close = finish})
                     : NULL;
    }
    if (!stream) {
        free(*text);
        *text = NULL;
        free(s);
        return NULL;
    }
    **text = '\0';
    return stream;
}
