// SPDX-License-Identifier: Apache-2.0
/* Reads the events of a trace of either form, in order. */
#include "chunk.h"
#include "header.h"
#include "text.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

enum {
    HELD = 64,          /* the most places by which a retirement port delays a record */
    LINE_MOST = 1 << 24 /* no event is longer: text omits the stores of loads */
};

/* Lines that precede one with a lower number. */
struct held {
    struct text_event items[HELD + 1];
    size_t count;
    size_t order[HELD + 1]; /* indices of items, by seq */
};

struct hsx_trace_reader {
    FILE *in;
    char *name; /* owned */
    enum hsx_trace_format format;
    struct hsx_trace_header header;
    char cut[200];
    uint64_t read;
    /* text */
    char *line; /* owned */
    size_t line_size;
    uint64_t line_number;
    bool line_kept; /* line has not been used yet */
    bool at_end;
    struct text_event event;
    struct text_event next;
    bool has_next;
    struct held *held; /* owned */
    uint64_t due;      /* the next number, if none is missing */
    /* binary */
    struct chunk_reader chunks;
    struct decoder *decoder; /* owned */
    bool has_chunk;
    uint64_t skip_steps; /* events up to so many steps are skipped */
    bool skipping;
};

static enum hsx_status say(struct hsx_trace_reader *r, enum hsx_status status,
                           struct hsx_trace_error *error)
{
    char text[sizeof error->text];

    if (status == HSX_ERR_MEMORY) {
        snprintf(error->text, sizeof error->text, "out of memory");
    }
    memcpy(text, error->text, sizeof text);
    if (r->format == HSX_TRACE_TEXT && status == HSX_ERR_FORMAT && r->line_number != 0) {
        snprintf(error->text, sizeof error->text, "%.100s:%" PRIu64 ": %.150s", r->name,
                 r->line_number, text);
    } else {
        snprintf(error->text, sizeof error->text, "%.100s: %.160s", r->name, text);
    }
    return status;
}

/* ---- Text */

static bool make_room(struct hsx_trace_reader *r)
{
    size_t size = r->line_size != 0 ? 2 * r->line_size : 1024;
    char *line = realloc(r->line, size);

    if (line) {
        r->line = line;
        r->line_size = size;
    }
    return line != NULL;
}

/* Reads a line with its end into r->line, or part of one that is too long or cut off. *len 0:
 * there is none. getline would read an endless line. */
static enum hsx_status read_line(struct hsx_trace_reader *r, size_t *len,
                                 struct hsx_trace_error *error)
{
    int c = 0;

    for (*len = 0; c != '\n' && *len <= LINE_MOST; r->line[(*len)++] = (char)c) {
        if (*len + 1 >= r->line_size && !make_room(r)) {
            return HSX_ERR_MEMORY;
        }
        c = getc_unlocked(r->in);
        if (c == EOF) {
            break;
        }
    }
    r->line[*len] = '\0';
    if (ferror(r->in)) {
        snprintf(error->text, sizeof error->text, "%s", strerror(errno));
        return HSX_ERR_IO;
    }
    return HSX_OK;
}

/* Reads the next line that is not blank into r->line. */
static enum hsx_status next_line(struct hsx_trace_reader *r, struct hsx_trace_error *error)
{
    if (r->line_kept) {
        r->line_kept = false;
        return HSX_OK;
    }
    while (!r->at_end) {
        size_t len;
        enum hsx_status status = read_line(r, &len, error);

        if (status != HSX_OK || len == 0) {
            r->at_end = true;
            return status;
        }
        r->read += len;
        r->line_number++;
        if (len > LINE_MOST) {
            snprintf(error->text, sizeof error->text, "the line is too long");
            return HSX_ERR_FORMAT;
        }
        if (r->line[len - 1] != '\n') {
            snprintf(r->cut, sizeof r->cut, "cut off in line %" PRIu64, r->line_number);
            r->at_end = true;
        } else if (len != strspn(r->line, " \t\r\n")) {
            return HSX_OK;
        }
    }
    return HSX_OK;
}

static enum hsx_status parse_line(struct hsx_trace_reader *r, json_t **object,
                                  struct hsx_trace_error *error)
{
    json_error_t why;

    *object = json_loads(r->line, JSON_REJECT_DUPLICATES, &why);
    if (!*object) {
        snprintf(error->text, sizeof error->text, "neither JSON nor a binary trace: %.100s",
                 why.text);
        return json_error_code(&why) == json_error_out_of_memory ? HSX_ERR_MEMORY : HSX_ERR_FORMAT;
    }
    return HSX_OK;
}

/* The first line, if it is a header. */
static enum hsx_status open_text(struct hsx_trace_reader *r, struct hsx_trace_error *error)
{
    json_t *object = NULL;
    enum hsx_status status;

    r->held = calloc(1, sizeof *r->held);
    if (!r->held) {
        return HSX_ERR_MEMORY;
    }
    status = next_line(r, error);
    if (status != HSX_OK || r->at_end) {
        return status;
    }
    status = parse_line(r, &object, error);
    if (status == HSX_OK && json_object_get(object, "format")) {
        status = header_parse(object, &r->header, error);
    } else {
        r->line_kept = true;
    }
    json_decref(object);
    return status;
}

/* Reads the event of the next line into *event; *got false at the end. */
static enum hsx_status line_event(struct hsx_trace_reader *r, struct text_event *event, bool *got,
                                  struct hsx_trace_error *error)
{
    json_t *object = NULL;
    enum hsx_status status = next_line(r, error);

    *got = false;
    if (status != HSX_OK || r->at_end) {
        return status;
    }
    status = parse_line(r, &object, error);
    if (status == HSX_OK) {
        status = text_parse(object, event, error);
        *got = status == HSX_OK;
    }
    json_decref(object);
    return status;
}

static void swap_events(struct text_event *a, struct text_event *b)
{
    struct text_event c = *a;

    *a = *b;
    *b = c;
    a->event.woken = a->woken;
    b->event.woken = b->woken;
}

static void hold(struct hsx_trace_reader *r, struct text_event *event)
{
    struct held *h = r->held;
    size_t place = h->count;
    size_t item = h->count++;

    swap_events(&h->items[item], event);
    while (place > 0 && h->items[h->order[place - 1]].event.seq > h->items[item].event.seq) {
        h->order[place] = h->order[place - 1];
        place--;
    }
    h->order[place] = item;
}

/* Moves the held event with the lowest number to r->event. */
static void release(struct hsx_trace_reader *r)
{
    struct held *h = r->held;
    size_t item = h->order[0];
    size_t last = --h->count;

    swap_events(&r->event, &h->items[item]);
    memmove(h->order, h->order + 1, last * sizeof h->order[0]);
    if (item != last) {
        swap_events(&h->items[item], &h->items[last]);
        for (size_t i = 0; i < last; i++) {
            if (h->order[i] == last) {
                h->order[i] = item;
            }
        }
    }
    r->due = r->event.event.seq + 1;
}

static bool is_barrier(const struct hsx_trace_event *event)
{
    return event->kind == HSX_TRACE_HOST_ACCESS || (event->has & HSX_TRACE_SEQ) == 0;
}

/*
 * A retirement port shows long operations late. A line whose number is not due is held until
 * HELD others are held, or until a line that cannot be delayed comes.
 */
static enum hsx_status next_text(struct hsx_trace_reader *r, const struct hsx_trace_event **event,
                                 struct hsx_trace_error *error)
{
    struct held *h = r->held;

    for (;;) {
        enum hsx_status status;

        if (h->count > 0 && (h->items[h->order[0]].event.seq <= r->due || h->count == HELD ||
                             r->has_next || r->at_end)) {
            release(r);
            *event = &r->event.event;
            return HSX_OK;
        }
        if (r->has_next) {
            swap_events(&r->event, &r->next);
            r->has_next = false;
            *event = &r->event.event;
            return HSX_OK;
        }
        if (r->at_end) {
            *event = NULL;
            return HSX_OK;
        }
        status = line_event(r, &r->next, &r->has_next, error);
        if (status != HSX_OK) {
            return status;
        }
        if (r->has_next && !is_barrier(&r->next.event)) {
            hold(r, &r->next);
            r->has_next = false;
        }
    }
}

/* ---- Binary */

static enum hsx_status open_binary(struct hsx_trace_reader *r, struct hsx_trace_error *error)
{
    struct chunk_head head;
    bool end;
    json_t *object;
    enum hsx_status status;

    r->decoder = calloc(1, sizeof *r->decoder);
    if (!r->decoder || !chunk_reader_open(&r->chunks, r->in)) {
        return HSX_ERR_MEMORY;
    }
    status = chunk_read(&r->chunks, &head, &end, error);
    if (status != HSX_OK) {
        return status;
    }
    if (end) {
        snprintf(r->cut, sizeof r->cut, "cut off in its header");
        r->at_end = true;
        return HSX_OK;
    }
    object = json_loadb((const char *)r->chunks.body.data, r->chunks.body.used,
                        JSON_REJECT_DUPLICATES, NULL);
    if (head.kind != CHUNK_HEADER || !json_is_object(object)) {
        json_decref(object);
        snprintf(error->text, sizeof error->text, "has no header");
        return HSX_ERR_FORMAT;
    }
    status = header_parse(object, &r->header, error);
    json_decref(object);
    return status;
}

static enum hsx_status next_chunk(struct hsx_trace_reader *r, struct hsx_trace_error *error)
{
    uint64_t at = r->chunks.offset;
    struct chunk_head head;
    enum hsx_status status = chunk_read(&r->chunks, &head, &r->at_end, error);

    if (status != HSX_OK) {
        return status;
    }
    if (r->at_end) {
        snprintf(r->cut, sizeof r->cut, "%s", r->chunks.cut);
        return HSX_OK;
    }
    if (head.kind != CHUNK_EVENTS || !decoder_start(r->decoder, r->chunks.body.data,
                                                    r->chunks.body.used, head.seq, head.steps)) {
        snprintf(error->text, sizeof error->text, "chunk at byte %" PRIu64 ": its content is wrong",
                 at);
        return HSX_ERR_FORMAT;
    }
    r->has_chunk = true;
    return HSX_OK;
}

static enum hsx_status next_binary(struct hsx_trace_reader *r, const struct hsx_trace_event **event,
                                   struct hsx_trace_error *error)
{
    *event = NULL;
    while (!r->at_end) {
        bool bad = false;

        if (r->has_chunk && decoder_next(r->decoder, &bad)) {
            *event = &r->decoder->event;
            return HSX_OK;
        }
        if (bad) {
            snprintf(error->text, sizeof error->text,
                     "the chunk before byte %" PRIu64 " is malformed", r->chunks.offset);
            return HSX_ERR_FORMAT;
        }
        enum hsx_status status = next_chunk(r, error);

        if (status != HSX_OK) {
            return status;
        }
    }
    return HSX_OK;
}

/* ---- Both */

enum hsx_status hsx_trace_open(FILE *in, const char *name, struct hsx_trace_reader **reader,
                               struct hsx_trace_error *error)
{
    struct hsx_trace_reader *r = calloc(1, sizeof *r);
    uint8_t first[CHUNK_MAGIC_SIZE];
    int c = getc(in);
    enum hsx_status status = HSX_OK;

    error->text[0] = '\0';
    if (!r || !(r->name = strdup(name))) {
        free(r);
        snprintf(error->text, sizeof error->text, "out of memory");
        return HSX_ERR_MEMORY;
    }
    r->in = in;
    /* No text begins with the first byte of the magic number. */
    if (c == 0x89) {
        first[0] = (uint8_t)c;
        r->format = HSX_TRACE_BINARY;
        if (!chunk_is_magic(first, 1 + fread(first + 1, 1, sizeof first - 1, in))) {
            snprintf(error->text, sizeof error->text,
                     "begins like a binary trace of another version");
            status = HSX_ERR_FORMAT;
        }
    } else if (c != EOF) {
        ungetc(c, in);
    } else if (ferror(in)) {
        snprintf(error->text, sizeof error->text, "%s", strerror(errno));
        status = HSX_ERR_IO;
    } else {
        snprintf(error->text, sizeof error->text, "is empty, expected a trace");
        status = HSX_ERR_FORMAT;
    }
    if (status == HSX_OK) {
        status = r->format == HSX_TRACE_BINARY ? open_binary(r, error) : open_text(r, error);
    }
    if (status != HSX_OK) {
        say(r, status, error);
        hsx_trace_close(r);
        return status;
    }
    *reader = r;
    return HSX_OK;
}

void hsx_trace_close(struct hsx_trace_reader *r)
{
    if (!r) {
        return;
    }
    if (r->held) {
        for (size_t i = 0; i <= HELD; i++) {
            text_event_free(&r->held->items[i]);
        }
    }
    text_event_free(&r->event);
    text_event_free(&r->next);
    free(r->held);
    free(r->line);
    if (r->decoder) {
        decoder_free(r->decoder);
        chunk_reader_free(&r->chunks);
        free(r->decoder);
    }
    hsx_trace_header_clear(&r->header);
    free(r->name);
    free(r);
}

enum hsx_trace_format hsx_trace_reader_format(const struct hsx_trace_reader *reader)
{
    return reader->format;
}

const struct hsx_trace_header *hsx_trace_reader_header(const struct hsx_trace_reader *reader)
{
    return &reader->header;
}

const char *hsx_trace_cut(const struct hsx_trace_reader *reader)
{
    return reader->cut[0] != '\0' ? reader->cut : NULL;
}

uint64_t hsx_trace_bytes(const struct hsx_trace_reader *reader)
{
    return reader->format == HSX_TRACE_BINARY ? reader->chunks.offset : reader->read;
}

enum hsx_status hsx_trace_next(struct hsx_trace_reader *r, const struct hsx_trace_event **event,
                               struct hsx_trace_error *error)
{
    enum hsx_status status;

    error->text[0] = '\0';
    do {
        status = r->format == HSX_TRACE_BINARY ? next_binary(r, event, error)
                                               : next_text(r, event, error);
    } while (status == HSX_OK && *event && r->skipping && (*event)->steps <= r->skip_steps);
    r->skipping = false;
    return status == HSX_OK ? HSX_OK : say(r, status, error);
}

enum hsx_status hsx_trace_seek(struct hsx_trace_reader *r, uint64_t steps,
                               struct hsx_trace_error *error)
{
    error->text[0] = '\0';
    if (r->format == HSX_TRACE_BINARY && chunk_seek(&r->chunks, steps)) {
        r->has_chunk = false;
        r->at_end = false;
        r->cut[0] = '\0';
    }
    r->skip_steps = steps;
    r->skipping = true;
    return HSX_OK;
}
