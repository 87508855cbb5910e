// SPDX-License-Identifier: Apache-2.0
#include "script.h"
#include "signals.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Makes room for more bytes, and for the NUL. */
static bool make_room(struct script *s)
{
    memmove(s->bytes, s->bytes + s->begin, s->end - s->begin);
    s->end -= s->begin;
    s->begin = 0;
    if (s->capacity - s->end > 1) {
        return true;
    }
    size_t capacity = s->capacity * 2;
    char *bytes = realloc(s->bytes, capacity);

    if (bytes) {
        s->bytes = bytes;
        s->capacity = capacity;
    }
    return bytes != NULL;
}

static bool read_more(struct script *s)
{
    ssize_t count;

    if (!s->bytes) {
        s->capacity = 4096;
        s->bytes = malloc(s->capacity);
    }
    if (!s->bytes || !make_room(s)) {
        s->failed = true;
        return false;
    }
    if (!hsx_signals_wait_input(STDIN_FILENO)) {
        return false;
    }
    count = read(STDIN_FILENO, s->bytes + s->end, s->capacity - 1 - s->end);
    s->failed = count < 0;
    s->ended = count == 0;
    s->end += count > 0 ? (size_t)count : 0;
    return count > 0;
}

static const char *take(struct script *s, size_t len, size_t *taken)
{
    const char *line = s->bytes + s->begin;

    s->begin += len + (s->begin + len < s->end);
    *taken = len;
    return line;
}

const char *script_line(struct script *s, size_t *len)
{
    while (hsx_stop_signal == 0) {
        size_t there = s->end - s->begin;
        char *newline = there != 0 ? memchr(s->bytes + s->begin, '\n', there) : NULL;

        if (newline) {
            *newline = '\0';
            return take(s, (size_t)(newline - (s->bytes + s->begin)), len);
        }
        if (s->ended && there != 0) {
            s->bytes[s->end] = '\0';
            return take(s, there, len);
        }
        if (s->ended || s->failed || (!read_more(s) && !s->ended)) {
            break;
        }
    }
    return NULL;
}

void script_close(struct script *s)
{
    free(s->bytes);
    *s = (struct script){0};
}
