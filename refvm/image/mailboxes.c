// SPDX-License-Identifier: Apache-2.0
/* Mailbox metadata (docs/image.md): JSON to and from struct hsx_mailbox_list. */
#include "image.h"
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LEGACY_ENTRY_SIZE = 16 };

struct mode_name {
    const char *name;
    uint16_t mode;
};

/* READ and WRITE are the names of section 7; the others are common in images. */
static const struct mode_name mode_names[] = {
    {"RDONLY", HSX_MODE_READ},
    {"READ", HSX_MODE_READ},
    {"WRONLY", HSX_MODE_WRITE},
    {"WRITE", HSX_MODE_WRITE},
    {"RDWR", HSX_MODE_READ | HSX_MODE_WRITE},
    {"RW", HSX_MODE_READ | HSX_MODE_WRITE},
    {"TAP", HSX_MODE_TAP},
    {"FANOUT", HSX_MODE_FANOUT},
    {"FANOUT_DROP", HSX_MODE_FANOUT_DROP},
    {"FANOUT_BLOCK", HSX_MODE_FANOUT_BLOCK},
};

static bool find_mode(const char *name, size_t length, uint16_t *mode)
{
    for (size_t i = 0; i < sizeof mode_names / sizeof mode_names[0]; i++) {
        if (strlen(mode_names[i].name) == length &&
            strncasecmp(mode_names[i].name, name, length) == 0) {
            *mode = mode_names[i].mode;
            return true;
        }
    }
    return false;
}

/* "RDWR|FANOUT_DROP": names separated by bars, spaces around them allowed. */
static bool parse_mode(const char *text, uint16_t *mode)
{
    *mode = 0;
    for (;;) {
        uint16_t one;
        size_t length;

        text += strspn(text, " ");
        length = strcspn(text, " |");
        if (!find_mode(text, length, &one)) {
            return false;
        }
        *mode |= one;
        text += length;
        text += strspn(text, " ");
        if (*text == '\0') {
            return true;
        }
        if (*text++ != '|') {
            return false;
        }
    }
}

/* One name per mailbox (section 7): no prefix means "svc:", and "shared:"
 * ignores its suffix. */
static void canonical_name(const char *target, char *name, size_t size)
{
    static const char *const prefixes[] = {"pid:", "svc:", "app:", "shared:"};
    const char *prefix = "svc:";
    int length = (int)strlen(target);

    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (strncmp(target, prefixes[i], strlen(prefixes[i])) == 0) {
            prefix = "";
        }
    }
    if (strncmp(target, "shared:", strlen("shared:")) == 0) {
        length = (int)strcspn(target, "@");
    }
    snprintf(name, size, "%s%.*s", prefix, length, target);
}

static enum hsx_status get_number(const json_t *object, const char *field, size_t index,
                                  json_int_t max, json_int_t *value, struct hsx_image_error *error)
{
    const json_t *number = json_object_get(object, field);

    *value = 0;
    if (!json_is_integer(number)) {
        return hsx_image_refuse(error, "mailbox %zu: \"%s\" is no integer", index, field);
    }
    *value = json_integer_value(number);
    if (*value < 0 || *value > max) {
        return hsx_image_refuse(error,
                                "mailbox %zu: \"%s\" is %" JSON_INTEGER_FORMAT
                                ", expected 0 to %" JSON_INTEGER_FORMAT,
                                index, field, *value, max);
    }
    return HSX_OK;
}

static enum hsx_status get_target(const json_t *object, size_t index,
                                  struct hsx_image_mailbox *mailbox, struct hsx_image_error *error)
{
    const json_t *target = json_object_get(object, "target");
    const char *field = "target";
    size_t length;

    if (!target && json_object_get(object, "name")) {
        field = "name";
        target = json_object_get(object, field);
    }
    length = json_string_length(target);
    if (!json_is_string(target)) {
        return hsx_image_refuse(error, "mailbox %zu: \"%s\" is missing or no string", index, field);
    }
    if (length == 0 || length > HSX_NAME_SIZE) {
        return hsx_image_refuse(error, "mailbox %zu: \"%s\" has %zu bytes, expected 1 to %d", index,
                                field, length, HSX_NAME_SIZE);
    }
    memcpy(mailbox->target, json_string_value(target), length + 1);
    return HSX_OK;
}

static enum hsx_status get_mode(const json_t *object, size_t index,
                                struct hsx_image_mailbox *mailbox, struct hsx_image_error *error)
{
    const json_t *text = json_object_get(object, "mode");
    json_int_t mask;
    enum hsx_status status = HSX_OK;

    mailbox->mode = HSX_MODE_READ | HSX_MODE_WRITE;
    if (json_object_get(object, "mode_mask")) {
        status = get_number(object, "mode_mask", index, UINT16_MAX, &mask, error);
        if (status == HSX_OK && mask != 0) {
            mailbox->mode = (uint16_t)mask;
        }
        if (status == HSX_OK && text) {
            status = hsx_image_refuse(error,
                                      "mailbox %zu: expected \"mode\" or \"mode_mask\", "
                                      "not both",
                                      index);
        }
    } else if (text &&
               (!json_is_string(text) || !parse_mode(json_string_value(text), &mailbox->mode))) {
        status = hsx_image_refuse(error,
                                  "mailbox %zu: bad \"mode\", expected names such as "
                                  "\"RDWR|FANOUT_DROP\"",
                                  index);
    }
    return status;
}

static enum hsx_status get_extras(const json_t *object, size_t index,
                                  struct hsx_image_mailbox *mailbox, struct hsx_image_error *error)
{
    const json_t *owner = json_object_get(object, "owner_pid");
    const json_t *bindings = json_object_get(object, "bindings");
    json_int_t number;
    enum hsx_status status;

    if (owner && !json_is_null(owner)) {
        status = get_number(object, "owner_pid", index, UINT32_MAX, &number, error);
        if (status != HSX_OK) {
            return status;
        }
        mailbox->has_owner = true;
        mailbox->owner_pid = (uint32_t)number;
    }
    if (bindings) {
        mailbox->bindings = json_dumps(bindings, JSON_COMPACT | JSON_ENCODE_ANY);
        if (!mailbox->bindings) {
            return HSX_ERR_MEMORY;
        }
    }
    return HSX_OK;
}

static enum hsx_status parse_mailbox(const json_t *object, size_t index, json_t *seen,
                                     struct hsx_image_mailbox *mailbox,
                                     struct hsx_image_error *error)
{
    char name[HSX_NAME_SIZE + sizeof "svc:"];
    json_int_t capacity = 0;
    enum hsx_status status;

    if (!json_is_object(object)) {
        return hsx_image_refuse(error, "mailbox %zu: expected an object", index);
    }
    status = get_target(object, index, mailbox, error);
    if (status == HSX_OK && json_object_get(object, "capacity") &&
        !json_is_null(json_object_get(object, "capacity"))) {
        status = get_number(object, "capacity", index, UINT16_MAX, &capacity, error);
        mailbox->capacity = (uint16_t)capacity;
    }
    if (status == HSX_OK) {
        status = get_mode(object, index, mailbox, error);
    }
    if (status != HSX_OK) {
        return status;
    }
    canonical_name(mailbox->target, name, sizeof name);
    if (json_object_get(seen, name)) {
        return hsx_image_refuse(error, "mailbox %zu: duplicate name \"%s\"", index,
                                mailbox->target);
    }
    if (json_object_set_new(seen, name, json_true()) != 0) {
        return HSX_ERR_MEMORY;
    }
    return get_extras(object, index, mailbox, error);
}

static void clear_from(struct hsx_mailbox_list *list, size_t first)
{
    for (size_t i = first; i < list->count; i++) {
        free(list->items[i].bindings);
    }
    list->count = first;
}

static enum hsx_status append(const json_t *array, struct hsx_mailbox_list *list,
                              struct hsx_image_error *error)
{
    size_t before = list->count;
    size_t count = json_array_size(array);
    enum hsx_status status = HSX_OK;
    struct hsx_image_mailbox *items;
    json_t *seen;

    if (count == 0) {
        return HSX_OK;
    }
    items = realloc(list->items, (before + count) * sizeof *items);
    if (!items) {
        return HSX_ERR_MEMORY;
    }
    list->items = items;
    seen = json_object();
    if (!seen) {
        return HSX_ERR_MEMORY;
    }
    for (size_t i = 0; status == HSX_OK && i < before; i++) {
        char name[HSX_NAME_SIZE + sizeof "svc:"];

        canonical_name(items[i].target, name, sizeof name);
        status = json_object_set_new(seen, name, json_true()) == 0 ? HSX_OK : HSX_ERR_MEMORY;
    }
    for (size_t i = 0; status == HSX_OK && i < count; i++) {
        items[before + i] = (struct hsx_image_mailbox){0};
        list->count++;
        status = parse_mailbox(json_array_get(array, i), i, seen, &items[before + i], error);
    }
    if (status != HSX_OK) {
        clear_from(list, before);
    }
    json_decref(seen);
    return status;
}

/* An object with a list, or the list alone. */
static enum hsx_status append_root(const json_t *root, struct hsx_mailbox_list *list,
                                   struct hsx_image_error *error)
{
    const json_t *version = json_object_get(root, "version");
    const json_t *mailboxes = json_is_array(root) ? root : json_object_get(root, "mailboxes");

    if (version && (!json_is_integer(version) || json_integer_value(version) != 1)) {
        return hsx_image_refuse(error, "\"version\" is not 1");
    }
    if (!json_is_array(mailboxes)) {
        return hsx_image_refuse(error, "\"mailboxes\" is missing or no array");
    }
    return append(mailboxes, list, error);
}

enum hsx_status hsx_mailboxes_parse(const char *json, size_t size, struct hsx_mailbox_list *list,
                                    struct hsx_image_error *error)
{
    json_error_t cause;
    json_t *root = json_loadb(json, size, JSON_REJECT_DUPLICATES, &cause);
    enum hsx_status status;

    *error = (struct hsx_image_error){0};
    if (!root) {
        if (json_error_code(&cause) == json_error_out_of_memory) {
            return HSX_ERR_MEMORY;
        }
        return hsx_image_refuse(error, "bad JSON at byte %d: %.160s", cause.position, cause.text);
    }
    status = append_root(root, list, error);
    json_decref(root);
    return status;
}

/* One entry of the older table: the offset of its name in the section, its capacity and
 * its mode. */
static enum hsx_status get_entry(const uint8_t *bytes, size_t size, size_t index, json_t **object,
                                 struct hsx_image_error *error)
{
    const uint8_t *entry = bytes + index * LEGACY_ENTRY_SIZE;
    uint32_t name = get32(entry);
    unsigned capacity = (unsigned)entry[4] << 8 | entry[5];
    unsigned mode = (unsigned)entry[6] << 8 | entry[7];

    if (name >= size || !memchr(bytes + name, 0, size - name)) {
        return hsx_image_refuse(error,
                                "mailbox %zu: its name at 0x%" PRIx32 " does not end within the "
                                "section's 0x%zx bytes",
                                index, name, size);
    }
    *object = json_string((const char *)bytes + name);
    if (!*object) {
        return hsx_image_refuse(error, "mailbox %zu: its name is no UTF-8", index);
    }
    *object = json_pack("{s:o, s:i}", "target", *object, "capacity", (int)capacity);
    if (*object && mode != 0) {
        json_object_set_new(*object, "mode_mask", json_integer(mode));
    }
    return *object ? HSX_OK : HSX_ERR_MEMORY;
}

static enum hsx_status parse_table(const uint8_t *bytes, size_t size, size_t count,
                                   struct hsx_mailbox_list *list, struct hsx_image_error *error)
{
    enum hsx_status status = HSX_OK;
    json_t *array;

    *error = (struct hsx_image_error){0};
    if (count > size / LEGACY_ENTRY_SIZE) {
        return hsx_image_refuse(error, "neither JSON nor a table of %zu mailboxes", count);
    }
    array = json_array();
    status = array ? HSX_OK : HSX_ERR_MEMORY;
    for (size_t i = 0; status == HSX_OK && i < count; i++) {
        json_t *object = NULL;

        status = get_entry(bytes, size, i, &object, error);
        if (status == HSX_OK && json_array_append_new(array, object) != 0) {
            status = HSX_ERR_MEMORY;
        }
    }
    if (status == HSX_OK) {
        status = append(array, list, error);
    }
    json_decref(array);
    return status;
}

enum hsx_status hsx_mailboxes_parse_section(const uint8_t *bytes, size_t size, size_t count,
                                            struct hsx_mailbox_list *list,
                                            struct hsx_image_error *error)
{
    size_t first = 0;

    while (first < size &&
           (bytes[first] == ' ' || (bytes[first] >= '\t' && bytes[first] <= '\r'))) {
        first++;
    }
    if (size != 0 && (first == size || bytes[first] == '{' || bytes[first] == '[')) {
        return hsx_mailboxes_parse((const char *)bytes, size, list, error);
    }
    return parse_table(bytes, size, count, list, error);
}

static json_t *make_object(const struct hsx_image_mailbox *mailbox)
{
    json_t *object = json_pack("{s:s, s:i, s:i}", "target", mailbox->target, "capacity",
                               mailbox->capacity, "mode_mask", mailbox->mode);

    if (object && mailbox->has_owner) {
        json_object_set_new(object, "owner_pid", json_integer(mailbox->owner_pid));
    }
    if (object && mailbox->bindings) {
        json_t *bindings = json_loads(mailbox->bindings, JSON_DECODE_ANY, NULL);

        if (!bindings || json_object_set_new(object, "bindings", bindings) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

char *hsx_mailboxes_format(const struct hsx_mailbox_list *list)
{
    json_t *array = json_array();
    json_t *root;
    char *text = NULL;

    for (size_t i = 0; array && i < list->count; i++) {
        if (json_array_append_new(array, make_object(&list->items[i])) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    if (!array) {
        return NULL;
    }
    root = json_pack("{s:i, s:o}", "version", 1, "mailboxes", array);
    if (root) {
        text = json_dumps(root, JSON_COMPACT);
    }
    json_decref(root);
    return text;
}

char *hsx_mailbox_format(const struct hsx_image_mailbox *mailbox)
{
    json_t *object = make_object(mailbox);
    char *text = json_dumps(object, JSON_COMPACT);

    json_decref(object);
    return text;
}

void hsx_mailboxes_clear(struct hsx_mailbox_list *list)
{
    clear_from(list, 0);
    free(list->items);
    *list = (struct hsx_mailbox_list){0};
}
