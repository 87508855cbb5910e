// SPDX-License-Identifier: Apache-2.0
#include "vcd.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_SIGNALS = 8000,
    ID = 12,
    FIRST = '!',
    DIGITS = '~' - FIRST + 2,
    IDS = DIGITS * DIGITS * DIGITS
};

struct change {
    uint64_t time;
    char *bits; /* in the text, which is split up */
};

struct signal {
    char *name;
    char id[ID];
};

/* Of an identifier, which may have several signals. */
struct history {
    struct change *changes;
    size_t count, capacity;
};

struct vcd {
    char *text;
    char timescale[16];
    struct signal *signals;
    size_t count;
    uint64_t first, last;
    char *values;              /* after the definitions */
    struct history *histories; /* by identifier */
};

static char *whole(const char *path)
{
    FILE *in = fopen(path, "r");
    char *text;
    long size;

    cr_assert_not_null(in, "%s", path);
    fseek(in, 0, SEEK_END);
    size = ftell(in);
    rewind(in);
    text = malloc((size_t)size + 1);
    cr_assert_not_null(text);
    cr_assert_eq(fread(text, 1, (size_t)size, in), (size_t)size);
    text[size] = '\0';
    fclose(in);
    return text;
}

static void define(struct vcd *v, const char *scope, const char *line)
{
    struct signal *s = &v->signals[v->count];
    char name[200];

    if (sscanf(line, "$var %*s %*u %11s %199s", s->id, name) == 2) {
        cr_assert_lt(v->count, MAX_SIGNALS);
        cr_assert_geq(asprintf(&s->name, "%s%s", scope, name), 0);
        v->count++;
    }
}

static void read_definitions(struct vcd *v)
{
    char scope[1000] = "";
    char name[200];
    char *at = v->text;

    while (strncmp(at, "$enddefinitions", 15) != 0) {
        char *end = strchr(at, '\n');

        cr_assert_not_null(end, "no end of definitions");
        if (strncmp(at, "$timescale", 10) == 0) {
            sscanf(at + 10, " %15s", v->timescale);
        } else if (sscanf(at, "$scope %*s %199s", name) == 1) {
            strcat(strcat(scope, name), ".");
        } else if (strncmp(at, "$upscope", 8) == 0) {
            scope[strlen(scope) - 1] = '\0';
            char *dot = strrchr(scope, '.');

            *(dot ? dot + 1 : scope) = '\0';
        } else {
            define(v, scope, at);
        }
        at = end + 1;
    }
    v->values = at;
}

static struct history *history_of(const struct vcd *v, const char *id)
{
    unsigned place = 0;

    for (; *id; id++) {
        place = DIGITS * place + (unsigned)(*id - FIRST) + 1;
        cr_assert_lt(place, IDS);
    }
    return &v->histories[place];
}

static void note(struct vcd *v, uint64_t time, char *bits, const char *id)
{
    struct history *h = history_of(v, id);

    if (h->count == h->capacity) {
        h->capacity = h->capacity ? 2 * h->capacity : 4;
        h->changes = realloc(h->changes, h->capacity * sizeof *h->changes);
        cr_assert_not_null(h->changes);
    }
    h->changes[h->count++] = (struct change){time, bits};
}

/* A value and its identifier; in a vector there is a blank between them. */
static void read_value(struct vcd *v, uint64_t time, char *line)
{
    char *blank = strchr(line, ' ');

    if (line[0] == 'b' && blank) {
        *blank = '\0';
        note(v, time, line + 1, blank + 1);
    } else if (line[0] != '\0' && strchr("01xz", line[0])) {
        char *id = strdup(line + 1);

        cr_assert_not_null(id);
        line[1] = '\0';
        note(v, time, line, id);
        free(id);
    }
}

struct vcd *vcd_read(const char *path)
{
    struct vcd *v = calloc(1, sizeof *v);
    bool any = false;
    char *next;

    cr_assert_not_null(v);
    v->text = whole(path);
    v->signals = calloc(MAX_SIGNALS + 1, sizeof *v->signals);
    v->histories = calloc(IDS, sizeof *v->histories);
    cr_assert(v->signals && v->histories);
    read_definitions(v);
    for (char *line = v->values; line; line = next) {
        next = strchr(line, '\n');
        if (next) {
            *next++ = '\0';
        }
        if (line[0] == '#') {
            v->last = strtoull(line + 1, NULL, 10);
            v->first = any ? v->first : v->last;
            any = true;
        } else {
            read_value(v, v->last, line);
        }
    }
    return v;
}

void vcd_free(struct vcd *v)
{
    for (size_t i = 0; i < v->count; i++) {
        free(v->signals[i].name);
    }
    for (size_t i = 0; i < IDS; i++) {
        free(v->histories[i].changes);
    }
    free(v->histories);
    free(v->signals);
    free(v->text);
    free(v);
}

uint64_t vcd_first(const struct vcd *v)
{
    return v->first;
}

uint64_t vcd_last(const struct vcd *v)
{
    return v->last;
}

const char *vcd_timescale(const struct vcd *v)
{
    return v->timescale;
}

static const struct signal *find(const struct vcd *v, const char *path)
{
    for (size_t i = 0; i < v->count; i++) {
        if (strcmp(v->signals[i].name, path) == 0) {
            return &v->signals[i];
        }
    }
    return NULL;
}

bool vcd_has(const struct vcd *v, const char *path)
{
    return find(v, path) != NULL;
}

const char *vcd_bits(const struct vcd *v, const char *path, uint64_t time)
{
    const struct signal *s = find(v, path);
    const char *bits = NULL;

    if (s) {
        const struct history *h = history_of(v, s->id);

        for (size_t i = 0; i < h->count && h->changes[i].time <= time; i++) {
            bits = h->changes[i].bits;
        }
    }
    return bits;
}

uint64_t vcd_number(const struct vcd *v, const char *path, uint64_t time)
{
    const char *bits = vcd_bits(v, path, time);
    uint64_t value = 0;

    cr_assert_not_null(bits, "no %s at %llu", path, (unsigned long long)time);
    for (; *bits; bits++) {
        cr_assert(*bits == '0' || *bits == '1', "%s at %llu: %s", path, (unsigned long long)time,
                  bits);
        value = value << 1 | (uint64_t)(*bits - '0');
    }
    return value;
}
