// SPDX-License-Identifier: Apache-2.0
/* Answers are made as JSON, from which the text is printed, so that both agree. */
#include "shell.h"
#include <hsx/isa.h>
#include <stdlib.h>
#include <string.h>

void answer_set(struct hsx_shell *s, const char *key, json_t *value)
{
    json_object_set_new(s->answer, key, value);
}

json_t *json_number(uint64_t value)
{
    return json_integer((json_int_t)value);
}

void answer_number(struct hsx_shell *s, const char *key, uint64_t value)
{
    answer_set(s, key, json_number(value));
}

void answer_text(struct hsx_shell *s, const char *key, const char *value)
{
    answer_set(s, key, json_text(value));
}

void answer_add(struct hsx_shell *s, const char *key, json_t *item)
{
    json_t *list = json_object_get(s->answer, key);

    if (!list) {
        list = json_array();
        answer_set(s, key, list);
    }
    json_array_append_new(list, item);
}

json_t *json_bytes(const uint8_t *bytes, size_t len)
{
    json_t *text = json_stringn((const char *)bytes, len);
    char *wide = text ? NULL : malloc(2 * len + 1);
    size_t used = 0;

    if (!wide) {
        return text;
    }
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] < 0x80) {
            wide[used++] = (char)bytes[i];
        } else {
            wide[used++] = (char)(0xC0 | bytes[i] >> 6);
            wide[used++] = (char)(0x80 | (bytes[i] & 0x3F));
        }
    }
    text = json_stringn(wide, used);
    free(wide);
    return text;
}

json_t *json_text(const char *text)
{
    return json_bytes((const uint8_t *)text, strlen(text));
}

static json_t *result_of(const struct hsx_task_info *task)
{
    if (task->ctx.state == HSX_RETURNED || task->ctx.state == HSX_EXITED) {
        return json_number(task->exit_status);
    }
    return json_null();
}

json_t *json_task(const struct hsx_task_info *task)
{
    json_t *fault =
        task->ctx.state == HSX_FAULTED ? json_string(hsx_fault_name(task->fault)) : json_null();
    json_t *deadline = task->has_deadline ? json_number(task->deadline) : json_null();
    json_t *object = json_object();

    json_object_set_new(object, "pid", json_number(task->pid));
    json_object_set_new(object, "name", json_text(task->name));
    json_object_set_new(object, "state", json_string(hsx_state_name(task->ctx.state)));
    json_object_set_new(object, "pause_pending", json_boolean(task->pause_pending));
    json_object_set_new(object, "pc", json_number(task->ctx.pc));
    json_object_set_new(object, "sp", json_number(task->ctx.sp));
    json_object_set_new(object, "slice", json_number(task->ctx.slice));
    json_object_set_new(object, "steps", json_number(task->counters.steps));
    json_object_set_new(object, "exit_status", result_of(task));
    json_object_set_new(object, "fault", fault);
    json_object_set_new(object, "waits_on", json_number(task->wait_descriptor));
    json_object_set_new(object, "deadline", deadline);
    return object;
}

uint64_t get_number(const json_t *object, const char *key)
{
    return (uint64_t)json_integer_value(json_object_get(object, key));
}

const char *get_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

void print_quoted(FILE *out, const uint8_t *bytes, size_t len)
{
    fputc('"', out);
    for (size_t i = 0; i < len; i++) {
        uint8_t c = bytes[i];

        if (c == '"' || c == '\\') {
            fprintf(out, "\\%c", c);
        } else if (c == '\n') {
            fputs("\\n", out);
        } else if (c < 0x20 || c >= 0x7F) {
            fprintf(out, "\\x%02X", c);
        } else {
            fputc(c, out);
        }
    }
    fputc('"', out);
}

void print_safely(FILE *out, const char *name, int width)
{
    int columns = 0;

    for (const char *at = name; *at != '\0'; at++) {
        uint8_t c = (uint8_t)*at;
        bool second = c == 0xC2 && (uint8_t)at[1] >= 0x80 && (uint8_t)at[1] < 0xA0;

        if (second) {
            c = (uint8_t) * ++at;
        }
        if (second || c < 0x20 || c == 0x7F) {
            columns += fprintf(out, "\\x%02X", c);
        } else {
            fputc(c, out);
            columns += c < 0x80 || c >= 0xC0;
        }
    }
    fprintf(out, "%*s", columns < width ? width - columns : 0, "");
}
