// SPDX-License-Identifier: Apache-2.0
/* The symbol file. */
#include <criterion/criterion.h>
#include <hsx/symbols.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char whole[] =
    "{\"version\": 1, \"hxe_path\": \"app.hxe\", \"hxe_crc\": 3512153456, \"symbols\": {"
    "\"functions\": [{\"name\": \"main\", \"linkage_name\": null, \"address\": 16, \"size\": 8,"
    " \"file\": \"test.c\", \"line\": 3}, {\"name\": \"f\", \"address\": 24}],"
    "\"variables\": [{\"name\": \"v\", \"address\": 16384, \"size\": 4, \"scope\": \"local\","
    " \"type\": null}],"
    "\"locals\": [], \"labels\": {\"0x0010\": [\"main\", \"begin\"], \"0x14\": [\"loop\"]}},"
    "\"instructions\": [{\"pc\": 16, \"word\": 4294967295, \"mvasm_line\": 9, \"ordinal\": 0,"
    " \"function\": \"main\", \"file\": \"test.c\", \"directory\": null, \"line\": 4,"
    " \"column\": null}, {\"pc\": 20, \"file\": null, \"line\": null}],"
    "\"memory_regions\": [{\"name\": \"code\"}]}";

Test(symbol_file, reads_what_the_original_tools_write)
{
    struct hsx_symbols_error error;
    struct hsx_symbols *s;
    const struct hsx_symbol *main_function;
    uint32_t crc;

    cr_assert_eq(hsx_symbols_parse(whole, strlen(whole), &s, &error), HSX_OK, "%s", error.text);
    cr_expect(hsx_symbols_crc(s, &crc));
    cr_expect_eq(crc, 3512153456u);
    cr_assert_eq(hsx_symbols_count(s), 5, "main is no second symbol as a label");
    main_function = hsx_symbols_at_code(s, 16);
    cr_expect_str_eq(main_function->name, "main");
    cr_expect_eq(main_function->kind, HSX_SYMBOL_FUNCTION);
    cr_expect_eq(main_function->size, 8);
    cr_expect_str_eq(main_function->file, "test.c");
    cr_expect_eq(main_function->line, 3);
    cr_expect_str_eq(hsx_symbols_at_code(s, 20)->name, "loop");
    cr_expect_null(hsx_symbols_at_code(s, 24)->file);
    cr_expect_not(hsx_symbols_at_data(s, 0x4003)->global);
    cr_expect_eq(hsx_symbols_line_at(s, 16)->line, 4);
    cr_expect_eq(hsx_symbols_line_at(s, 20)->line, 0);
    hsx_symbols_destroy(s);
}

Test(symbol_file, has_the_fields_that_the_original_tools_read)
{
    struct hsx_symbols_error error;
    struct hsx_symbols *s;
    const json_t *symbols, *function;
    json_t *file;
    char *text;

    cr_assert_eq(hsx_symbols_parse(whole, strlen(whole), &s, &error), HSX_OK);
    text = hsx_symbols_format(s, "dir/\xFF.hxe", 5);
    file = json_loads(text, 0, NULL);
    cr_assert_not_null(file);
    cr_expect_eq(json_integer_value(json_object_get(file, "version")), 1);
    cr_expect_eq(json_integer_value(json_object_get(file, "hxe_crc")), 5);
    cr_expect_str_eq(json_string_value(json_object_get(file, "hxe_path")), "dir/?.hxe");
    symbols = json_object_get(file, "symbols");
    cr_expect_eq(json_array_size(json_object_get(symbols, "functions")), 2);
    cr_expect_eq(json_array_size(json_object_get(symbols, "variables")), 1);
    cr_expect_eq(json_array_size(json_object_get(json_object_get(symbols, "labels"), "0x0010")), 2);
    function = json_array_get(json_object_get(symbols, "functions"), 0);
    cr_expect_str_eq(json_string_value(json_object_get(function, "name")), "main");
    cr_expect_str_eq(json_string_value(json_object_get(function, "type")), "function");
    cr_expect_eq(json_integer_value(json_object_get(function, "address")), 16);
    cr_expect_eq(json_integer_value(json_object_get(function, "size")), 8);
    cr_expect_eq(json_integer_value(json_object_get(function, "line")), 3);
    cr_expect_eq(json_array_size(json_object_get(file, "instructions")), 2);
    json_decref(file);
    free(text);
    hsx_symbols_destroy(s);
}

#define PLACE(form, store, reg, offset)                                                            \
    "{\"version\":1,\"symbols\":{},\"places\":[{\"name\":\"i\",\"type\":\"unsigned int\","         \
    "\"form\":\"" form "\",\"size\":4,\"from\":16,\"to\":24,\"store\":\"" store                    \
    "\",\"register\":" reg ",\"offset\":" offset "}]}"

Test(symbol_file, keeps_where_variables_are)
{
    static const char text[] = PLACE("unsigned", "memory", "15", "-8");
    struct hsx_symbols_error error;
    struct hsx_symbols *s, *again;
    const struct hsx_symbol_local *local;
    char *written;
    size_t at = 0;

    cr_assert_eq(hsx_symbols_parse(text, strlen(text), &again, &error), HSX_OK, "%s", error.text);
    written = hsx_symbols_format(again, "a.hxe", 1);
    hsx_symbols_destroy(again);
    cr_assert_eq(hsx_symbols_parse(written, strlen(written), &s, &error), HSX_OK, "%s", error.text);
    free(written);
    cr_expect_null(hsx_symbols_local_at(s, 12, &at));
    at = 0;
    cr_expect_null(hsx_symbols_local_at(s, 24, &at));
    at = 0;
    local = hsx_symbols_local_at(s, 20, &at);
    cr_assert_not_null(local);
    cr_expect_str_eq(local->name, "i");
    cr_expect_str_eq(local->type, "unsigned int");
    cr_expect_eq(local->form, HSX_FORM_UNSIGNED);
    cr_expect_eq(local->store, HSX_STORE_MEMORY);
    cr_expect_eq(local->reg, 15);
    cr_expect_eq(local->offset, -8);
    cr_expect_null(hsx_symbols_local_at(s, 20, &at));
    hsx_symbols_destroy(s);
}

Test(symbol_file, every_truncation_is_refused)
{
    for (size_t size = 0; size < strlen(whole); size++) {
        struct hsx_symbols_error error;
        struct hsx_symbols *s;

        cr_assert_eq(hsx_symbols_parse(whole, size, &s, &error), HSX_ERR_FORMAT, "%zu", size);
        cr_assert_null(s);
        cr_assert_neq(error.text[0], '\0');
    }
}

static void expect_refusal(const char *text, const char *why)
{
    struct hsx_symbols_error error;
    struct hsx_symbols *s;

    cr_expect_eq(hsx_symbols_parse(text, strlen(text), &s, &error), HSX_ERR_FORMAT, "%s", text);
    cr_expect_null(s);
    cr_expect_str_eq(error.text, why, "got: %s", error.text);
}

#define SYMBOLS(inside) "{\"version\":1,\"symbols\":{" inside "}}"

Test(symbol_file, what_is_wrong_is_reported)
{
    expect_refusal("[]", "not a symbol file, expected an object with \"version\"");
    expect_refusal("{}", "not a symbol file, expected an object with \"version\"");
    expect_refusal("{\"version\":2}", "version 2, expected 1");
    expect_refusal("{\"version\":1}", "\"symbols\" is missing or no object");
    expect_refusal(SYMBOLS("\"functions\":{}"), "\"functions\" is no array");
    expect_refusal(SYMBOLS("\"functions\":[{}]"),
                   "functions[0]: \"name\", expected 1 to 255 printable ASCII characters");
    expect_refusal(SYMBOLS("\"functions\":[{\"name\":\"a b\"}]"),
                   "functions[0]: \"name\", expected 1 to 255 printable ASCII characters");
    expect_refusal(SYMBOLS("\"functions\":[{\"name\":\"a\"}]"),
                   "functions[0]: \"address\", expected an integer from 0 to 65536");
    expect_refusal(SYMBOLS("\"variables\":[{\"name\":\"a\",\"address\":65537}]"),
                   "variables[0]: \"address\", expected an integer from 0 to 65536");
    expect_refusal(SYMBOLS("\"variables\":[{\"name\":\"a\",\"address\":1,\"size\":-1}]"),
                   "variables[0]: \"size\", expected an integer from 0 to 65536");
    expect_refusal(SYMBOLS("\"functions\":[{\"name\":\"a\",\"address\":1,\"file\":\"\\u001b\"}]"),
                   "functions[0]: \"file\", expected a path or null");
    expect_refusal(SYMBOLS("\"labels\":[]"), "\"labels\" is no object");
    expect_refusal(SYMBOLS("\"labels\":{\"16\":[\"a\"]}"),
                   "\"labels\": '16', expected an address in code such as 0x0010 with a list of "
                   "names");
    expect_refusal(SYMBOLS("\"labels\":{\"0x10\":[5]}"),
                   "\"labels\": 0x10[0], expected a name of 1 to 255 printable ASCII characters");
    expect_refusal("{\"version\":1,\"symbols\":{},\"instructions\":[{\"pc\":-4}]}",
                   "instructions[0]: \"pc\", expected an integer from 0 to 65536");
    expect_refusal(PLACE("float", "memory", "16", "0"),
                   "places[0]: \"register\", expected an integer from 0 to 15");
    expect_refusal(PLACE("round", "memory", "1", "0"),
                   "places[0]: \"form\", expected a word such as signed");
    expect_refusal(PLACE("float", "nowhere", "1", "0"),
                   "places[0]: \"store\", expected a word such as register");
    expect_refusal(PLACE("float", "memory", "1", "4294967296"),
                   "places[0]: \"offset\", expected a number of 32 bits");
    expect_refusal("{\"version\":1,\"version\":1,\"symbols\":{}}",
                   "line 1: bad JSON: duplicate object key near '\"version\"'");
}
