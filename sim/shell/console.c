// SPDX-License-Identifier: Apache-2.0
/* Output of tasks: printed at once, each line with its task; with JSON it is part of the
 * answer. */
#include "shell.h"
#include <stdlib.h>
#include <string.h>

enum { JOIN_LIMIT = 4096 };

void console_break(struct hsx_shell *s)
{
    hsx_write_said_end(&s->said);
    if (s->inside_line) {
        fputc('\n', s->config.out);
        s->inside_line = false;
    }
}

static void print(struct hsx_shell *s, uint32_t pid, const char *bytes, size_t len)
{
    if (s->said_pid != pid) {
        console_break(s);
    }
    s->said_pid = pid;
    while (len != 0) {
        const char *end = memchr(bytes, '\n', len);
        size_t part = end ? (size_t)(end - bytes) + 1 : len;

        if (!s->inside_line) {
            fprintf(s->config.out, "[%u] ", (unsigned)pid);
        }
        hsx_write_said(&s->said, bytes, part);
        s->inside_line = end == NULL;
        bytes += part;
        len -= part;
    }
}

static json_t *joined(const json_t *a, const json_t *b)
{
    size_t a_len = json_string_length(a);
    size_t b_len = json_string_length(b);
    char *text = malloc(a_len + b_len + 1);
    json_t *whole = NULL;

    if (text) {
        memcpy(text, json_string_value(a), a_len);
        memcpy(text + a_len, json_string_value(b), b_len);
        whole = json_stringn(text, a_len + b_len);
    }
    free(text);
    return whole;
}

/* Consecutive calls of one task are merged into one item, up to a size. */
static void collect(struct hsx_shell *s, uint32_t pid, const uint8_t *bytes, size_t len)
{
    json_t *list = json_object_get(s->answer, "console");
    json_t *last = list ? json_array_get(list, json_array_size(list) - 1) : NULL;
    json_t *text = json_bytes(bytes, len);

    if (last && get_number(last, "pid") == pid &&
        json_string_length(json_object_get(last, "text")) < JOIN_LIMIT) {
        json_object_set_new(last, "text", joined(json_object_get(last, "text"), text));
        json_decref(text);
        return;
    }
    answer_add(s, "console", json_pack("{s:I, s:o}", "pid", (json_int_t)pid, "text", text));
}

static void on_console(void *ctx, uint32_t pid, const uint8_t *bytes, size_t len)
{
    struct hsx_shell *s = ctx;

    if (s->config.json) {
        collect(s, pid, bytes, len);
    } else {
        print(s, pid, (const char *)bytes, len);
    }
}

static void on_can(void *ctx, uint32_t pid, uint16_t id, const uint8_t *bytes, size_t len)
{
    struct hsx_shell *s = ctx;
    json_t *data = json_array();

    if (s->config.json) {
        for (size_t i = 0; i < len; i++) {
            json_array_append_new(data, json_number(bytes[i]));
        }
        answer_add(
            s, "can",
            json_pack("{s:I, s:i, s:o}", "pid", (json_int_t)pid, "id", (int)id, "bytes", data));
        return;
    }
    json_decref(data);
    console_break(s);
    fprintf(s->config.out, "[%u] CAN 0x%03X:", (unsigned)pid, (unsigned)id);
    for (size_t i = 0; i < len; i++) {
        fprintf(s->config.out, " %02X", bytes[i]);
    }
    fputc('\n', s->config.out);
}

struct hsx_exec_host console_host(struct hsx_shell *s)
{
    return (struct hsx_exec_host){.ctx = s, .console = on_console, .can = on_can};
}
