// SPDX-License-Identifier: Apache-2.0
#include "header.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum hsx_trace_format hsx_trace_format_of(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot && strcmp(dot, ".hsxt") == 0 ? HSX_TRACE_BINARY : HSX_TRACE_TEXT;
}

uint32_t hsx_trace_hash(const uint8_t *bytes, size_t size)
{
    return (uint32_t)crc32_z(0, bytes, size);
}

void hsx_trace_header_clear(struct hsx_trace_header *header)
{
    free(header->images);
    *header = (struct hsx_trace_header){0};
}

static void take_image(const struct hsx_task_info *task, struct hsx_trace_image *image)
{
    const struct hsx_context *ctx = &task->ctx;

    *image = (struct hsx_trace_image){
        .pid = task->pid,
        .slot = task->slot,
        .slice = ctx->slice,
        .entry = ctx->pc,
        .code_base = ctx->code_base,
        .code_len = ctx->code_len,
        .data_base = ctx->data_base,
        .data_len = ctx->data_len,
        .reg_base = ctx->reg_base,
        .stack_limit = ctx->stack_limit,
        .stack_top = ctx->stack_top,
    };
    snprintf(image->name, sizeof image->name, "%s", task->name);
}

enum hsx_status hsx_trace_header_take(struct hsx_exec *exec, struct hsx_trace_header *header)
{
    struct hsx_task_info *tasks = calloc(HSX_MAX_CONTEXTS, sizeof *tasks);
    size_t count = 0;
    enum hsx_status status = HSX_ERR_MEMORY;

    *header = (struct hsx_trace_header){.has_options = true};
    if (tasks) {
        status = hsx_exec_tasks(exec, tasks, HSX_MAX_CONTEXTS, &count);
    }
    if (status == HSX_OK && count != 0) {
        header->images = calloc(count, sizeof *header->images);
        status = header->images ? HSX_OK : HSX_ERR_MEMORY;
    }
    if (status == HSX_OK) {
        hsx_exec_get_config(exec, &header->options);
        header->options.host = (struct hsx_exec_host){0};
        header->image_count = count;
        for (size_t i = 0; i < count; i++) {
            take_image(&tasks[i], &header->images[i]);
        }
    }
    free(tasks);
    return status;
}

/* ---- To JSON */

/* NULL: out of memory. The name of a file is omitted if it is not UTF-8. */
static json_t *image_json(const struct hsx_trace_image *image)
{
    json_t *object =
        json_pack("{s:s, s:I, s:i, s:i}", "name", image->name, "pid", (json_int_t)image->pid,
                  "slot", (int)image->slot, "slice", (int)image->slice);
    char hash[16];
    int failed = 0;

    if (image->file[0] != '\0') {
        json_object_set_new(object, "file", json_string(image->file));
    }
    if (image->has_hash) {
        snprintf(hash, sizeof hash, "crc32:%08" PRIx32, image->hash);
        failed |= json_object_set_new(object, "hash", json_string(hash));
    }
    failed |= json_object_set_new(
        object, "place",
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "entry", (json_int_t)image->entry,
                  "code_base", (json_int_t)image->code_base, "code_len",
                  (json_int_t)image->code_len, "data_base", (json_int_t)image->data_base,
                  "data_len", (json_int_t)image->data_len, "reg_base", (json_int_t)image->reg_base,
                  "stack_limit", (json_int_t)image->stack_limit, "stack_top",
                  (json_int_t)image->stack_top));
    if (failed) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static const char *const call_words[] = {"version", "byte", "word"};
static const char *const profile_words[] = {"desktop", "embedded"};

static json_t *options_json(const struct hsx_exec_config *o)
{
    return json_pack("{s:I, s:I, s:b, s:b, s:b, s:b, s:s, s:s, s:I, s:I, s:I}", "tick_steps",
                     (json_int_t)o->tick_steps, "trap_latency", (json_int_t)o->trap_latency,
                     "protect", (int)o->protect, "stdio", (int)o->stdio, "private_names",
                     (int)o->private_names, "enforce_modes", (int)o->enforce_modes, "call",
                     call_words[o->call], "profile", profile_words[o->profile], "stack_bytes",
                     (json_int_t)o->stack_bytes, "descriptors", (json_int_t)o->descriptors,
                     "handles", (json_int_t)o->handles);
}

char *header_format(const struct hsx_trace_header *header)
{
    json_t *images = json_array();
    json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:b}", "format", TRACE_FORMAT, "tool",
                               header->tool, "target", header->target, "host",
                               header->host == HSX_TRACE_HOST_HSX ? "hsx" : "recorded", "partial",
                               (int)header->partial);
    char *text = NULL;
    int failed = 0;

    for (size_t i = 0; i < header->image_count; i++) {
        failed |= json_array_append_new(images, image_json(&header->images[i]));
    }
    failed |= json_object_set_new(object, "images", images);
    if (header->has_options) {
        failed |= json_object_set_new(object, "options", options_json(&header->options));
    }
    failed |= json_object_set_new(object, "core",
                                  json_pack("{s:I, s:I}", "contexts", (json_int_t)header->contexts,
                                            "windows", (json_int_t)header->windows));
    if (!failed) {
        text = json_dumps(object, JSON_COMPACT);
    }
    json_decref(object);
    return text;
}

/* ---- From JSON */

static enum hsx_status wrong(struct hsx_trace_error *error, const char *key, const char *expected)
{
    snprintf(error->text, sizeof error->text, "header: \"%s\" is not what it should be: %s", key,
             expected);
    return HSX_ERR_FORMAT;
}

/* key of object, 0 if missing; false: not an integer from 0 to most. */
static bool get_number(const json_t *object, const char *key, uint64_t most, uint64_t *value)
{
    const json_t *item = json_object_get(object, key);

    *value = 0;
    if (!item) {
        return true;
    }
    if (!json_is_integer(item) || json_integer_value(item) < 0 ||
        (uint64_t)json_integer_value(item) > most) {
        return false;
    }
    *value = (uint64_t)json_integer_value(item);
    return true;
}

static bool get_u32(const json_t *object, const char *key, uint32_t most, uint32_t *value)
{
    uint64_t number;
    bool ok = get_number(object, key, most, &number);

    *value = (uint32_t)number;
    return ok;
}

/* Missing: "". */
static bool get_text(const json_t *object, const char *key, char *text, size_t size)
{
    const json_t *item = json_object_get(object, key);

    text[0] = '\0';
    if (!item) {
        return true;
    }
    if (!json_is_string(item)) {
        return false;
    }
    snprintf(text, size, "%s", json_string_value(item));
    for (char *c = text; *c != '\0'; c++) {
        if (*c < 0x20 || *c > 0x7E) {
            *c = '?';
        }
    }
    return true;
}

static bool get_hash(const json_t *object, struct hsx_trace_image *image)
{
    static const char prefix[] = "crc32:";
    char text[16];
    const char *number = text + strlen(prefix);
    size_t digits;

    if (!get_text(object, "hash", text, sizeof text)) {
        return false;
    }
    image->has_hash = text[0] != '\0';
    if (!image->has_hash) {
        return true;
    }
    if (strncmp(text, prefix, strlen(prefix)) != 0) {
        return false;
    }
    digits = strspn(number, "0123456789abcdefABCDEF");
    image->hash = (uint32_t)strtoul(number, NULL, 16);
    return digits >= 1 && digits <= 8 && number[digits] == '\0';
}

static bool get_image(const json_t *object, struct hsx_trace_image *image)
{
    const json_t *place = json_object_get(object, "place");
    uint32_t slot = 0;
    uint32_t slice = 0;
    bool ok = json_is_object(object) && (!place || json_is_object(place)) &&
              get_text(object, "name", image->name, sizeof image->name) &&
              get_text(object, "file", image->file, sizeof image->file) &&
              get_u32(object, "pid", UINT32_MAX, &image->pid) &&
              get_u32(object, "slot", UINT8_MAX, &slot) &&
              get_u32(object, "slice", UINT8_MAX, &slice) && get_hash(object, image) &&
              get_u32(place, "entry", HSX_CODE_SIZE, &image->entry) &&
              get_u32(place, "code_base", HSX_CODE_SIZE, &image->code_base) &&
              get_u32(place, "code_len", HSX_CODE_SIZE, &image->code_len) &&
              get_u32(place, "data_base", HSX_DATA_SIZE, &image->data_base) &&
              get_u32(place, "data_len", HSX_DATA_SIZE, &image->data_len) &&
              get_u32(place, "reg_base", HSX_DATA_SIZE, &image->reg_base) &&
              get_u32(place, "stack_limit", HSX_DATA_SIZE, &image->stack_limit) &&
              get_u32(place, "stack_top", HSX_DATA_SIZE, &image->stack_top);

    image->slot = (uint8_t)slot;
    image->slice = (uint8_t)slice;
    return ok;
}

static enum hsx_status get_images(const json_t *list, struct hsx_trace_header *header,
                                  struct hsx_trace_error *error)
{
    size_t count = json_array_size(list);

    if (!list) {
        return HSX_OK;
    }
    if (!json_is_array(list) || count > UINT16_MAX) {
        return wrong(error, "images", "an array");
    }
    header->images = calloc(count + 1, sizeof *header->images);
    if (!header->images) {
        return HSX_ERR_MEMORY;
    }
    header->image_count = count;
    for (size_t i = 0; i < count; i++) {
        if (!get_image(json_array_get(list, i), &header->images[i])) {
            return wrong(error, "images", "objects with name, pid, slot, hash and place");
        }
    }
    return HSX_OK;
}

static bool get_word(const json_t *object, const char *key, const char *const *words,
                     unsigned count, unsigned *index)
{
    char text[HSX_TRACE_WORD];

    *index = 0;
    if (!get_text(object, key, text, sizeof text)) {
        return false;
    }
    while (*index < count && strcmp(text, words[*index]) != 0) {
        ++*index;
    }
    return *index < count;
}

static bool get_options(const json_t *object, struct hsx_exec_config *o)
{
    uint32_t descriptors;
    uint32_t handles;
    unsigned call;
    unsigned profile;

    hsx_exec_config_init(o);
    if (!json_is_object(object) || !json_is_boolean(json_object_get(object, "protect")) ||
        !get_u32(object, "tick_steps", HSX_MAX_TICK_STEPS, &o->tick_steps) ||
        !get_number(object, "trap_latency", INT64_MAX, &o->trap_latency) ||
        !get_word(object, "call", call_words, 3, &call) ||
        !get_word(object, "profile", profile_words, 2, &profile) ||
        !get_u32(object, "stack_bytes", HSX_DATA_SIZE, &o->stack_bytes) ||
        !get_u32(object, "descriptors", INT16_MAX, &descriptors) ||
        !get_u32(object, "handles", UINT16_MAX, &handles)) {
        return false;
    }
    o->protect = json_is_true(json_object_get(object, "protect"));
    o->stdio = json_is_true(json_object_get(object, "stdio"));
    o->private_names = json_is_true(json_object_get(object, "private_names"));
    o->enforce_modes = json_is_true(json_object_get(object, "enforce_modes"));
    o->call = (enum hsx_call_mode)call;
    o->profile = (enum hsx_profile)profile;
    o->descriptors = descriptors;
    o->handles = handles;
    return true;
}

static enum hsx_status parse_parts(const json_t *object, struct hsx_trace_header *header,
                                   struct hsx_trace_error *error)
{
    static const char *const hosts[] = {"hsx", "recorded"};
    const json_t *core = json_object_get(object, "core");
    const json_t *options = json_object_get(object, "options");
    unsigned host = HSX_TRACE_HOST_HSX;
    char format[HSX_TRACE_WORD];

    if (!get_text(object, "format", format, sizeof format) || strcmp(format, TRACE_FORMAT) != 0) {
        return wrong(error, "format", TRACE_FORMAT);
    }
    if (!get_text(object, "tool", header->tool, sizeof header->tool) ||
        !get_text(object, "target", header->target, sizeof header->target)) {
        return wrong(error, "tool", "text, and so \"target\"");
    }
    if (json_object_get(object, "host") && !get_word(object, "host", hosts, 2, &host)) {
        return wrong(error, "host", "hsx or recorded");
    }
    header->host = (enum hsx_trace_host)host;
    header->partial = json_is_true(json_object_get(object, "partial"));
    if ((core && !json_is_object(core)) ||
        !get_u32(core, "contexts", HSX_MAX_CONTEXTS, &header->contexts) ||
        !get_u32(core, "windows", HSX_MAX_CONTEXTS, &header->windows)) {
        return wrong(error, "core", "an object with contexts and windows");
    }
    if (options) {
        header->has_options = true;
        if (!get_options(options, &header->options)) {
            return wrong(error, "options", "an object as in docs/trace.md");
        }
    }
    return get_images(json_object_get(object, "images"), header, error);
}

enum hsx_status header_parse(const json_t *object, struct hsx_trace_header *header,
                             struct hsx_trace_error *error)
{
    enum hsx_status status;

    *header = (struct hsx_trace_header){0};
    status = parse_parts(object, header, error);
    if (status != HSX_OK) {
        hsx_trace_header_clear(header);
    }
    return status;
}
