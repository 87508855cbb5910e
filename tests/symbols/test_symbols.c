// SPDX-License-Identifier: Apache-2.0
/* Lookup of symbols by address, and of addresses by name. */
#include <criterion/criterion.h>
#include <hsx/symbols.h>
#include <string.h>

static struct hsx_symbols *s;

static void add(const char *name, enum hsx_symbol_kind kind, bool global, uint32_t address,
                uint32_t size)
{
    const struct hsx_symbol symbol = {name, kind, global, address, size, "dir/a.mvasm", 7};

    cr_assert_eq(hsx_symbols_add(s, &symbol), HSX_OK);
}

static void setup(void)
{
    cr_assert_eq(hsx_symbols_create(&s), HSX_OK);
    add("loop", HSX_SYMBOL_LABEL, false, 0x18, 0);
    add("table", HSX_SYMBOL_DATA, true, 0x4008, 8);
    add("main", HSX_SYMBOL_FUNCTION, false, 0x10, 0x10);
    add("begin", HSX_SYMBOL_LABEL, true, 0x10, 0);
    add(".Llocal", HSX_SYMBOL_LABEL, false, 0x1C, 0);
    add("text", HSX_SYMBOL_DATA, false, 0x4000, 5);
    add("twice", HSX_SYMBOL_FUNCTION, true, 0x20, 8);
    add("loop", HSX_SYMBOL_LABEL, false, 0x24, 0);
    add("twice", HSX_SYMBOL_LABEL, false, 0x14, 0);
    add("twice", HSX_SYMBOL_LABEL, false, 0x24, 0);
    for (uint32_t pc = 0x10; pc < 0x28; pc += 4) {
        const struct hsx_symbol_line line = {pc, 0, pc < 0x20 ? "dir/a.mvasm" : "b.mvasm",
                                             pc < 0x20 ? pc : pc - 0x10};

        cr_assert_eq(hsx_symbols_add_line(s, &line), HSX_OK);
    }
    hsx_symbols_seal(s);
}

static void teardown(void)
{
    hsx_symbols_destroy(s);
}

TestSuite(symbols, .init = setup, .fini = teardown);

static void expect_code(uint32_t pc, const char *expected)
{
    char text[HSX_SYMBOL_TEXT_SIZE];

    cr_expect_eq(hsx_symbols_code_text(s, pc, text, sizeof text), expected[0] != '\0');
    cr_expect_str_eq(text, expected, "0x%x is '%s', expected '%s'", (unsigned)pc, text, expected);
}

static void expect_data(uint32_t address, const char *expected)
{
    char text[HSX_SYMBOL_TEXT_SIZE];

    cr_expect_eq(hsx_symbols_data_text(s, address, text, sizeof text), expected[0] != '\0');
    cr_expect_str_eq(text, expected, "0x%x is '%s'", (unsigned)address, text);
}

Test(symbols, code_is_named_by_the_nearest_symbol)
{
    expect_code(0x0, "");
    expect_code(0xF, "");
    expect_code(0x10, "main");
    expect_code(0x14, "twice");
    expect_code(0x16, "twice+0x2");
    expect_code(0x18, "loop");
    expect_code(0x1C, "loop+0x4");
    expect_code(0x20, "twice");
    expect_code(0x2A, "loop+0x6");
    expect_code(0x2C, "");
    expect_code(0x4000, "");
}

Test(symbols, data_is_named_within_its_size)
{
    expect_data(0x3FFF, "");
    expect_data(0x4000, "text");
    expect_data(0x4004, "text+0x4");
    expect_data(0x4005, "");
    expect_data(0x400F, "table+0x7");
    expect_data(0x4010, "");
    expect_data(0x10, "");
}

Test(symbols, nothing_is_known_without_symbols)
{
    struct hsx_symbols_error error;
    char text[8] = "x";
    uint32_t address;
    bool data;

    cr_expect_not(hsx_symbols_code_text(NULL, 0, text, sizeof text));
    cr_expect_str_eq(text, "");
    cr_expect_null(hsx_symbols_line_at(NULL, 0));
    cr_expect_eq(hsx_symbols_count(NULL), 0);
    cr_expect_eq(hsx_symbols_resolve(NULL, "main", &address, &data, &error), HSX_ERR_ARGUMENT);
    cr_expect_str_eq(error.text, "'main' is no symbol");
}

static void expect_address(const char *text, uint32_t expected, bool expected_data)
{
    struct hsx_symbols_error error = {""};
    uint32_t address = 0;
    bool data;

    cr_expect_eq(hsx_symbols_resolve(s, text, &address, &data, &error), HSX_OK, "%s: %s", text,
                 error.text);
    cr_expect_eq(address, expected, "%s is 0x%x", text, (unsigned)address);
    cr_expect_eq(data, expected_data);
}

static void expect_refusal(const char *text, const char *why)
{
    struct hsx_symbols_error error = {""};
    uint32_t address;
    bool data;

    cr_expect_eq(hsx_symbols_resolve(s, text, &address, &data, &error), HSX_ERR_ARGUMENT);
    cr_expect_str_eq(error.text, why, "%s", error.text);
}

Test(symbols, names_lead_to_addresses)
{
    expect_address("main", 0x10, false);
    expect_address("begin+4", 0x14, false);
    expect_address("main-0x10", 0, false);
    expect_address("table+0x4", 0x400C, true);
    expect_address("twice", 0x20, false); /* the global one */
    expect_refusal("gone", "'gone' is no symbol");
    expect_refusal("mai", "'mai' is no symbol");
    expect_refusal("", "'' is no symbol");
    expect_refusal("loop", "'loop' is defined in 2 files, expected file:line or an address");
    expect_refusal("main+x", "'main+x', expected a number after '+'");
    expect_refusal("main+", "'main+', expected a number after '+'");
    expect_refusal("main+4294967296", "'main+4294967296', expected a number after '+'");
}

Test(symbols, lines_lead_to_their_code_or_the_next)
{
    expect_address("dir/a.mvasm:16", 0x10, false);
    expect_address("a.mvasm:17", 0x14, false);
    expect_address("b.mvasm:16", 0x20, false);
    expect_refusal("b.mvasm:21", "'b.mvasm:21': no code comes from that line or a later one");
    expect_refusal("mvasm:16", "'mvasm:16': no code comes from that line or a later one");
    expect_refusal("a.mvasm:", "'a.mvasm:', expected a line's number after ':'");
    cr_expect_eq(hsx_symbols_line_at(s, 0x20)->line, 0x10);
    cr_expect_str_eq(hsx_symbols_line_at(s, 0x20)->file, "b.mvasm");
    cr_expect_null(hsx_symbols_line_at(s, 0x22));
}
