// SPDX-License-Identifier: Apache-2.0
/* Writing and reading the symbol file. */
#include "symbols.h"
#include <ctype.h>
#include <hsx/machine.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1, MAX_NAME = 255, MAX_PATH = 4096 };

/* ---- Writing */

/* A path may hold bytes that are not UTF-8; JSON cannot. */
static json_t *json_path(const char *path)
{
    json_t *text = path ? json_string(path) : json_null();
    char *ascii;

    if (text || !path) {
        return text;
    }
    ascii = strdup(path);
    for (char *c = ascii; c && *c != '\0'; c++) {
        if ((unsigned char)*c > 0x7F) {
            *c = '?';
        }
    }
    text = ascii ? json_string(ascii) : NULL;
    free(ascii);
    return text;
}

static json_t *json_line(unsigned line)
{
    return line != 0 ? json_integer(line) : json_null();
}

/* Takes ownership of value; false: out of memory. */
static bool append(json_t *array, json_t *value)
{
    return value && json_array_append_new(array, value) == 0;
}

static bool add_function(json_t *functions, const struct hsx_symbol *symbol)
{
    return append(functions,
                  json_pack("{s:s, s:n, s:I, s:I, s:s, s:s, s:o, s:o}", "name", symbol->name,
                            "linkage_name", "address", (json_int_t)symbol->address, "size",
                            (json_int_t)symbol->size, "type", "function", "scope",
                            symbol->global ? "global" : "local", "file", json_path(symbol->file),
                            "line", json_line(symbol->line)));
}

static bool add_variable(json_t *variables, const struct hsx_symbol *symbol)
{
    return append(variables,
                  json_pack("{s:s, s:I, s:I, s:s, s:s, s:o, s:o}", "name", symbol->name, "address",
                            (json_int_t)symbol->address, "size", (json_int_t)symbol->size, "type",
                            "data", "scope", symbol->global ? "global" : "local", "file",
                            json_path(symbol->file), "line", json_line(symbol->line)));
}

/* All places in code, including functions: "0x0010": ["name", ...] */
static bool add_label(json_t *labels, const struct hsx_symbol *symbol)
{
    char address[16];
    json_t *names;

    snprintf(address, sizeof address, "0x%04" PRIX32, symbol->address);
    names = json_object_get(labels, address);
    if (!names) {
        names = json_array();
        if (!names || json_object_set_new(labels, address, names) != 0) {
            return false;
        }
    }
    return append(names, json_string(symbol->name));
}

static bool add_symbols(const struct hsx_symbols *s, json_t *functions, json_t *variables,
                        json_t *labels)
{
    bool ok = functions && variables && labels;

    for (size_t i = 0; ok && i < s->count; i++) {
        const struct hsx_symbol *symbol = &s->symbols[i];

        if (symbol->kind == HSX_SYMBOL_DATA) {
            ok = add_variable(variables, symbol);
            continue;
        }
        ok = (symbol->kind != HSX_SYMBOL_FUNCTION || add_function(functions, symbol)) &&
             add_label(labels, symbol);
    }
    return ok;
}

static bool add_lines(const struct hsx_symbols *s, json_t *instructions)
{
    bool ok = instructions != NULL;

    for (size_t i = 0; ok && i < s->line_count; i++) {
        const struct hsx_symbol_line *at = &s->lines[i];

        ok = append(instructions, json_pack("{s:I, s:I, s:o, s:o}", "pc", (json_int_t)at->pc,
                                            "word", (json_int_t)at->word, "file",
                                            json_path(at->file), "line", json_line(at->line)));
    }
    return ok;
}

static const char *const forms[] = {[HSX_FORM_SIGNED] = "signed",
                                    [HSX_FORM_UNSIGNED] = "unsigned",
                                    [HSX_FORM_FLOAT] = "float",
                                    [HSX_FORM_BYTES] = "bytes"};
static const char *const stores[] = {[HSX_STORE_REGISTER] = "register",
                                     [HSX_STORE_MEMORY] = "memory",
                                     [HSX_STORE_CONSTANT] = "constant"};

static bool add_locals(const struct hsx_symbols *s, json_t *locals)
{
    bool ok = locals != NULL;

    for (size_t i = 0; ok && i < s->local_count; i++) {
        const struct hsx_symbol_local *local = &s->locals[i];

        ok = append(locals,
                    json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:i, s:I}", "name", local->name,
                              "type", local->type, "form", forms[local->form], "size",
                              (json_int_t)local->size, "from", (json_int_t)local->from, "to",
                              (json_int_t)local->to, "store", stores[local->store], "register",
                              (int)local->reg, "offset", (json_int_t)local->offset));
    }
    return ok;
}

char *hsx_symbols_format(const struct hsx_symbols *s, const char *path, uint32_t crc)
{
    json_t *functions = json_array();
    json_t *variables = json_array();
    json_t *labels = json_object();
    json_t *instructions = json_array();
    json_t *locals = json_array();
    bool ok = add_symbols(s, functions, variables, labels) && add_lines(s, instructions) &&
              add_locals(s, locals);
    json_t *whole =
        json_pack("{s:i, s:o, s:I, s:{s:o, s:o, s:o}, s:o, s:o, s:[]}", "version", VERSION,
                  "hxe_path", json_path(path), "hxe_crc", (json_int_t)crc, "symbols", "functions",
                  functions, "variables", variables, "labels", labels, "instructions", instructions,
                  "places", locals, "memory_regions");
    char *text = ok && whole ? json_dumps(whole, JSON_INDENT(1)) : NULL;

    json_decref(whole);
    return text;
}

/* ---- Reading */

struct reader {
    struct hsx_symbols *symbols;
    struct hsx_symbols_error *error;
    enum hsx_status status;
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct reader *r, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(r->error->text, sizeof r->error->text, format, list);
    va_end(list);
    r->status = HSX_ERR_FORMAT;
    return false;
}

static bool good_name(const char *name, size_t length)
{
    bool good = length != 0 && length <= MAX_NAME;

    for (size_t i = 0; good && i < length; i++) {
        good = name[i] > 0x20 && name[i] < 0x7F;
    }
    return good;
}

/* Paths are shown on terminals. */
static bool good_path(const char *path, size_t length)
{
    bool good = length <= MAX_PATH;

    for (size_t i = 0; good && i < length; i++) {
        good = (unsigned char)path[i] >= 0x20 && path[i] != 0x7F;
    }
    return good;
}

/* where[index].key as a number up to most; a missing one and null give `missing`, -1 if
 * not allowed. */
static bool take_number(struct reader *r, const char *where, size_t index, const json_t *object,
                        const char *key, json_int_t missing, json_int_t most, uint32_t *number)
{
    const json_t *value = json_object_get(object, key);
    json_int_t got = json_is_integer(value) ? json_integer_value(value) : -1;

    if (missing >= 0 && (!value || json_is_null(value))) {
        got = missing;
    }
    if (got < 0 || got > most) {
        return refuse(r, "%s[%zu]: \"%s\", expected an integer from 0 to %" JSON_INTEGER_FORMAT,
                      where, index, key, most);
    }
    *number = (uint32_t)got;
    return true;
}

static bool take_file(struct reader *r, const char *where, size_t index, const json_t *object,
                      const char **file)
{
    const json_t *value = json_object_get(object, "file");

    *file = NULL;
    if (!value || json_is_null(value)) {
        return true;
    }
    if (!json_is_string(value) || !good_path(json_string_value(value), json_string_length(value))) {
        return refuse(r, "%s[%zu]: \"file\", expected a path or null", where, index);
    }
    *file = json_string_value(value);
    return true;
}

static bool add(struct reader *r, const struct hsx_symbol *symbol)
{
    if (hsx_symbols_add(r->symbols, symbol) != HSX_OK) {
        r->status = HSX_ERR_MEMORY;
        return false;
    }
    return true;
}

static bool read_symbol(struct reader *r, const char *where, size_t index, const json_t *object,
                        enum hsx_symbol_kind kind)
{
    uint32_t most = kind == HSX_SYMBOL_DATA ? HSX_DATA_SIZE : HSX_CODE_SIZE;
    const json_t *name = json_object_get(object, "name");
    const json_t *scope = json_object_get(object, "scope");
    struct hsx_symbol symbol = {.name = json_string_value(name), .kind = kind};
    uint32_t line = 0;

    if (!json_is_string(name) || !good_name(symbol.name, json_string_length(name))) {
        return refuse(r, "%s[%zu]: \"name\", expected 1 to %d printable ASCII characters", where,
                      index, MAX_NAME);
    }
    if (!take_number(r, where, index, object, "address", -1, most, &symbol.address) ||
        !take_number(r, where, index, object, "size", 0, most, &symbol.size) ||
        !take_number(r, where, index, object, "line", 0, INT32_MAX, &line) ||
        !take_file(r, where, index, object, &symbol.file)) {
        return false;
    }
    symbol.line = line;
    symbol.global = !json_is_string(scope) || strcmp(json_string_value(scope), "local") != 0;
    return add(r, &symbol);
}

static bool read_symbols(struct reader *r, const char *where, const json_t *array,
                         enum hsx_symbol_kind kind)
{
    const json_t *object;
    size_t i;

    if (array && !json_is_array(array)) {
        return refuse(r, "\"%s\" is no array", where);
    }
    json_array_foreach(array, i, object)
    {
        if (!read_symbol(r, where, i, object, kind)) {
            return false;
        }
    }
    return true;
}

static bool read_address(const char *text, uint32_t *address)
{
    char *end;
    unsigned long value;

    if (text[0] != '0' || text[1] != 'x' || !isxdigit((unsigned char)text[2]) ||
        strlen(text) > 10) {
        return false;
    }
    value = strtoul(text + 2, &end, 16);
    *address = (uint32_t)value;
    return *end == '\0' && value <= HSX_CODE_SIZE;
}

/* Among the first `functions` symbols, which are sorted by address. */
static bool is_function(const struct hsx_symbols *s, size_t functions, uint32_t address,
                        const char *name)
{
    size_t first = 0;
    size_t last = functions;

    while (first < last) {
        size_t middle = first + (last - first) / 2;

        if (s->symbols[middle].address < address) {
            first = middle + 1;
        } else {
            last = middle;
        }
    }
    for (size_t i = first; i < functions && s->symbols[i].address == address; i++) {
        if (strcmp(s->symbols[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool read_labels(struct reader *r, json_t *labels)
{
    size_t functions;
    const char *key;
    json_t *names;

    if (labels && !json_is_object(labels)) {
        return refuse(r, "\"labels\" is no object");
    }
    hsx_symbols_seal(r->symbols);
    functions = r->symbols->code_count;
    json_object_foreach(labels, key, names)
    {
        struct hsx_symbol symbol = {.kind = HSX_SYMBOL_LABEL};
        const json_t *name;
        size_t i;

        if (!read_address(key, &symbol.address) || !json_is_array(names)) {
            return refuse(r,
                          "\"labels\": '%.20s', expected an address in code such as 0x0010 with "
                          "a list of names",
                          good_path(key, strlen(key)) ? key : "?");
        }
        json_array_foreach(names, i, name)
        {
            symbol.name = json_string_value(name);
            if (!symbol.name || !good_name(symbol.name, json_string_length(name))) {
                return refuse(r,
                              "\"labels\": %s[%zu], expected a name of 1 to %d printable ASCII "
                              "characters",
                              key, i, MAX_NAME);
            }
            if (!is_function(r->symbols, functions, symbol.address, symbol.name) &&
                !add(r, &symbol)) {
                return false;
            }
        }
    }
    return true;
}

static bool read_lines(struct reader *r, const json_t *array)
{
    static const char where[] = "instructions";
    const json_t *object;
    size_t i;

    if (array && !json_is_array(array)) {
        return refuse(r, "\"%s\" is no array", where);
    }
    json_array_foreach(array, i, object)
    {
        struct hsx_symbol_line at = {0};
        uint32_t line = 0;

        if (!take_number(r, where, i, object, "pc", -1, HSX_CODE_SIZE, &at.pc) ||
            !take_number(r, where, i, object, "word", 0, UINT32_MAX, &at.word) ||
            !take_number(r, where, i, object, "line", 0, INT32_MAX, &line) ||
            !take_file(r, where, i, object, &at.file)) {
            return false;
        }
        at.line = line;
        if (hsx_symbols_add_line(r->symbols, &at) != HSX_OK) {
            r->status = HSX_ERR_MEMORY;
            return false;
        }
    }
    return true;
}

/* The index of the field's value among the words that it may hold. */
static bool take_word(struct reader *r, const char *where, size_t index, const json_t *object,
                      const char *key, const char *const *words, size_t count, unsigned *which)
{
    const char *word = json_string_value(json_object_get(object, key));

    for (*which = 0; word && *which < count; ++*which) {
        if (strcmp(words[*which], word) == 0) {
            return true;
        }
    }
    return refuse(r, "%s[%zu]: \"%s\", expected a word such as %s", where, index, key, words[0]);
}

static bool printable(const json_t *value)
{
    size_t length = json_string_length(value);
    const char *text = json_string_value(value);
    bool good = text && length <= MAX_NAME;

    for (size_t i = 0; good && i < length; i++) {
        good = text[i] >= 0x20 && text[i] < 0x7F;
    }
    return good;
}

static bool read_local(struct reader *r, const char *where, size_t index, const json_t *object)
{
    const json_t *name = json_object_get(object, "name");
    const json_t *type = json_object_get(object, "type");
    const json_t *offset = json_object_get(object, "offset");
    json_int_t value = json_is_integer(offset) ? json_integer_value(offset) : INT64_MAX;
    struct hsx_symbol_local local = {.name = json_string_value(name),
                                     .type = json_string_value(type)};
    unsigned form = 0;
    unsigned store = 0;
    uint32_t reg = 0;

    if (!local.name || !good_name(local.name, json_string_length(name)) || !printable(type)) {
        return refuse(r, "%s[%zu]: \"name\" or \"type\", expected at most %d printable characters",
                      where, index, MAX_NAME);
    }
    if (value < INT32_MIN || value > INT32_MAX) {
        return refuse(r, "%s[%zu]: \"offset\", expected a number of 32 bits", where, index);
    }
    if (!take_number(r, where, index, object, "size", -1, HSX_DATA_SIZE, &local.size) ||
        !take_number(r, where, index, object, "from", -1, HSX_CODE_SIZE, &local.from) ||
        !take_number(r, where, index, object, "to", -1, HSX_CODE_SIZE, &local.to) ||
        !take_number(r, where, index, object, "register", -1, HSX_REGISTERS - 1, &reg) ||
        !take_word(r, where, index, object, "form", forms, sizeof forms / sizeof *forms, &form) ||
        !take_word(r, where, index, object, "store", stores, sizeof stores / sizeof *stores,
                   &store)) {
        return false;
    }
    local.form = (enum hsx_symbol_form)form;
    local.store = (enum hsx_symbol_store)store;
    local.reg = reg;
    local.offset = (int32_t)value;
    if (hsx_symbols_add_local(r->symbols, &local) != HSX_OK) {
        r->status = HSX_ERR_MEMORY;
        return false;
    }
    return true;
}

static bool read_locals(struct reader *r, const json_t *array)
{
    static const char where[] = "places"; /* "locals" are different in the original format */
    const json_t *object;
    size_t i;

    if (array && !json_is_array(array)) {
        return refuse(r, "\"%s\" is no array", where);
    }
    json_array_foreach(array, i, object)
    {
        if (!read_local(r, where, i, object)) {
            return false;
        }
    }
    return true;
}

static bool read_whole(struct reader *r, const json_t *whole)
{
    const json_t *version = json_object_get(whole, "version");
    const json_t *crc = json_object_get(whole, "hxe_crc");
    json_t *symbols = json_object_get(whole, "symbols");

    if (!json_is_object(whole) || !json_is_integer(version)) {
        return refuse(r, "not a symbol file, expected an object with \"version\"");
    }
    if (json_integer_value(version) != VERSION) {
        return refuse(r, "version %" JSON_INTEGER_FORMAT ", expected %d",
                      json_integer_value(version), VERSION);
    }
    if (!json_is_object(symbols)) {
        return refuse(r, "\"symbols\" is missing or no object");
    }
    r->symbols->has_crc = json_is_integer(crc);
    r->symbols->crc = (uint32_t)json_integer_value(crc);
    return read_symbols(r, "functions", json_object_get(symbols, "functions"),
                        HSX_SYMBOL_FUNCTION) &&
           read_symbols(r, "variables", json_object_get(symbols, "variables"), HSX_SYMBOL_DATA) &&
           read_labels(r, json_object_get(symbols, "labels")) &&
           read_lines(r, json_object_get(whole, "instructions")) &&
           read_locals(r, json_object_get(whole, "places"));
}

enum hsx_status hsx_symbols_parse(const char *text, size_t size, struct hsx_symbols **symbols,
                                  struct hsx_symbols_error *error)
{
    struct reader r = {.error = error, .status = hsx_symbols_create(symbols)};
    json_error_t cause;
    json_t *whole;

    error->text[0] = '\0';
    if (r.status != HSX_OK) {
        return r.status;
    }
    r.symbols = *symbols;
    whole = json_loadb(text, size, JSON_REJECT_DUPLICATES, &cause);
    if (!whole) {
        refuse(&r, "line %d: bad JSON: %.150s", cause.line, cause.text);
        for (char *c = error->text; *c != '\0'; c++) {
            *c = (char)(*c < 0x20 || *c > 0x7E ? '?' : *c);
        }
    } else if (read_whole(&r, whole)) {
        hsx_symbols_seal(r.symbols);
    }
    json_decref(whole);
    if (r.status != HSX_OK) {
        hsx_symbols_destroy(r.symbols);
        *symbols = NULL;
    }
    return r.status;
}
