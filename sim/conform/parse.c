// SPDX-License-Identifier: Apache-2.0
#include <hsx/conform.h>
#include <hsx/isa.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The position for a message. The first error of a file is kept. */
struct place {
    const char *file;
    size_t line;
    struct hsx_conform_error *error;
    bool failed;
};

static void fail(struct place *place, const char *what, const char *expected)
{
    if (!place->failed)
        snprintf(place->error->text, sizeof place->error->text, "%s:%zu: %s, expected %s",
                 place->file, place->line, what, expected);
    place->failed = true;
}

static void fail_member(struct place *place, const char *key, const char *expected)
{
    char what[64];
    snprintf(what, sizeof what, "\"%s\" is missing or wrong", key);
    fail(place, what, expected);
}

static bool is_number(const json_t *value, uint64_t max)
{
    return json_is_integer(value) && json_integer_value(value) >= 0 &&
           (uint64_t)json_integer_value(value) <= max;
}

static uint64_t number(struct place *place, const json_t *object, const char *key, uint64_t max)
{
    const json_t *value = json_object_get(object, key);
    if (is_number(value, max))
        return (uint64_t)json_integer_value(value);
    char expected[64];
    snprintf(expected, sizeof expected, "an integer from 0 to %" PRIu64, max);
    fail_member(place, key, expected);
    return 0;
}

static uint16_t half(struct place *place, const json_t *object, const char *key)
{
    return (uint16_t)number(place, object, key, 0xFFFF);
}

/* A list of [address, byte]; owned by the caller, even after an error. */
static struct hsx_conform_byte *bytes(struct place *place, const json_t *object, size_t *count)
{
    const json_t *list = json_object_get(object, "mem");
    size_t size = json_array_size(list);
    struct hsx_conform_byte *made = calloc(size + 1, sizeof *made);
    if (made == NULL || !json_is_array(list)) {
        fail_member(place, "mem", made == NULL ? "memory" : "a list of [address, byte]");
        return made;
    }
    for (size_t i = 0; i < size; i++) {
        const json_t *pair = json_array_get(list, i);
        const json_t *addr = json_array_get(pair, 0);
        const json_t *value = json_array_get(pair, 1);
        if (json_array_size(pair) != 2 || !is_number(addr, 0xFFFF) || !is_number(value, 0xFF)) {
            fail_member(place, "mem", "a list of [address below 65536, byte]");
            return made;
        }
        made[i] = (struct hsx_conform_byte){(uint16_t)json_integer_value(addr),
                                            (uint8_t)json_integer_value(value)};
    }
    *count = size;
    return made;
}

static void registers(struct place *place, const json_t *object, uint32_t *regs)
{
    const json_t *list = json_object_get(object, "regs");
    bool good = json_array_size(list) == HSX_REGISTERS;
    for (size_t i = 0; good && i < HSX_REGISTERS; i++) {
        const json_t *value = json_array_get(list, i);
        good = is_number(value, UINT32_MAX);
        regs[i] = (uint32_t)json_integer_value(value);
    }
    if (!good)
        fail_member(place, "regs", "sixteen 32-bit integers");
}

/* Applies changed registers, {"3": value}, to those from before. */
static void changed_registers(struct place *place, json_t *object, uint32_t *regs)
{
    json_t *changes = json_object_get(object, "regs");
    const char *key;
    json_t *value;
    if (!json_is_object(changes))
        fail_member(place, "out.regs", "an object of changed registers");
    json_object_foreach(changes, key, value)
    {
        char *end;
        unsigned long index = strtoul(key, &end, 10);
        if (key[0] < '0' || key[0] > '9' || *end != '\0' || index >= HSX_REGISTERS ||
            !is_number(value, UINT32_MAX)) {
            fail_member(place, "out.regs", "register numbers \"0\" to \"15\" with 32-bit integers");
            return;
        }
        regs[index] = (uint32_t)json_integer_value(value);
    }
}

static uint32_t fault_code(struct place *place, const json_t *out)
{
    const char *name = json_string_value(json_object_get(out, "fault"));
    for (uint32_t code = HSX_FAULT_STACK_UNDERFLOW; name != NULL && code <= HSX_FAULT_CODE;
         code++) {
        if (strcmp(name, hsx_fault_name(code)) == 0)
            return code;
    }
    fail_member(place, "out.fault", "the name of a fault such as MEM_FAULT");
    return 0;
}

static enum hsx_conform_event event(struct place *place, const json_t *out)
{
    static const char *const names[] = {"none", "fault", "return", "break"};
    const char *name = json_string_value(json_object_get(out, "event"));
    for (unsigned i = 0; name != NULL && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0)
            return (enum hsx_conform_event)i;
    }
    fail_member(place, "out.event", "none, fault, return or break");
    return HSX_CONFORM_NONE;
}

static bool call_words(struct place *place, const json_t *object)
{
    const json_t *value = json_object_get(object, "call_encoding");
    const char *name = json_string_value(value);
    if (value != NULL && (name == NULL || (strcmp(name, "word") != 0 && strcmp(name, "byte") != 0)))
        fail_member(place, "call_encoding", "byte or word");
    return name != NULL && strcmp(name, "word") == 0;
}

static void read_after(struct place *place, json_t *out, struct hsx_conform_case *test)
{
    if (!json_is_object(out))
        fail_member(place, "out", "an object");
    test->out_pc = half(place, out, "pc");
    test->out_sp = half(place, out, "sp");
    test->out_psw = (uint8_t)number(place, out, "psw", 15);
    test->retired = number(place, out, "retired", 1) == 1;
    memcpy(test->out_regs, test->regs, sizeof test->regs);
    changed_registers(place, out, test->out_regs);
    test->out_mem = bytes(place, out, &test->out_mem_count);
    test->event = event(place, out);
    if (test->event == HSX_CONFORM_FAULT)
        test->fault = fault_code(place, out);
}

static void read_case(struct place *place, json_t *object, struct hsx_conform_case *test)
{
    const char *name = json_string_value(json_object_get(object, "name"));
    test->line = place->line;
    test->name = strdup(name != NULL ? name : "");
    if (name == NULL || test->name == NULL)
        fail_member(place, "name", "a string");
    test->insn = (uint32_t)number(place, object, "insn", UINT32_MAX);
    if (json_object_get(object, "ext") != NULL)
        test->ext = (uint32_t)number(place, object, "ext", UINT32_MAX);
    test->call_words = call_words(place, object);
    test->pc = half(place, object, "pc");
    test->sp = half(place, object, "sp");
    test->reg_base = half(place, object, "reg_base");
    test->stack_limit = half(place, object, "stack_limit");
    test->stack_top = half(place, object, "stack_top");
    test->call_depth = half(place, object, "call_depth");
    test->psw = (uint8_t)number(place, object, "psw", 15);
    registers(place, object, test->regs);
    test->mem = bytes(place, object, &test->mem_count);
    if (test->pc % 4 != 0)
        fail_member(place, "pc", "a multiple of 4");
    if (test->reg_base % HSX_WINDOW_SIZE != 0 || test->reg_base < HSX_WINDOW_START ||
        test->reg_base >= HSX_WINDOW_END)
        fail_member(place, "reg_base", "a multiple of 64 from 0x1000 to 0x3FC0");
    read_after(place, json_object_get(object, "out"), test);
}

static void free_case(struct hsx_conform_case *test)
{
    free(test->name);
    free(test->mem);
    free(test->out_mem);
}

void hsx_conform_free(struct hsx_conform_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        free_case(&set->cases[i]);
    free(set->cases);
    *set = (struct hsx_conform_set){0};
}

static bool is_blank(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (strchr(" \t\r", text[i]) == NULL || text[i] == '\0')
            return false;
    }
    return true;
}

/* Makes room for one more case; the new one is zero and counted. */
static struct hsx_conform_case *add_case(struct hsx_conform_set *set, size_t *capacity)
{
    if (set->count == *capacity) {
        size_t wanted = *capacity != 0 ? *capacity * 2 : 64;
        struct hsx_conform_case *grown = realloc(set->cases, wanted * sizeof *grown);
        if (grown == NULL)
            return NULL;
        set->cases = grown;
        *capacity = wanted;
    }
    struct hsx_conform_case *added = &set->cases[set->count++];
    *added = (struct hsx_conform_case){0};
    return added;
}

static enum hsx_status read_line(struct place *place, const char *text, size_t size,
                                 struct hsx_conform_set *set, size_t *capacity)
{
    json_error_t json_error;
    json_t *object = json_loadb(text, size, JSON_REJECT_DUPLICATES, &json_error);
    if (!json_is_object(object)) {
        snprintf(place->error->text, sizeof place->error->text, "%s:%zu:%d: %.120s", place->file,
                 place->line, object == NULL ? json_error.column : 1,
                 object == NULL ? json_error.text : "expected a JSON object");
        json_decref(object);
        return HSX_ERR_FORMAT;
    }
    struct hsx_conform_case *test = add_case(set, capacity);
    if (test == NULL)
        fail(place, "out of memory", "room for the cases");
    else
        read_case(place, object, test);
    json_decref(object);
    return place->failed ? HSX_ERR_FORMAT : HSX_OK;
}

enum hsx_status hsx_conform_parse(const char *text, size_t size, const char *name,
                                  struct hsx_conform_set *set, struct hsx_conform_error *error)
{
    struct place place = {.file = name, .error = error};
    size_t capacity = 0;
    enum hsx_status status = HSX_OK;
    *set = (struct hsx_conform_set){0};
    for (size_t at = 0; at < size && status == HSX_OK;) {
        const char *newline = memchr(text + at, '\n', size - at);
        size_t length = newline != NULL ? (size_t)(newline - (text + at)) : size - at;
        place.line++;
        if (!is_blank(text + at, length))
            status = read_line(&place, text + at, length, set, &capacity);
        at += length + 1;
    }
    if (status != HSX_OK)
        hsx_conform_free(set);
    return status;
}
