// SPDX-License-Identifier: Apache-2.0
/* The assembler's symbols and lines, and the listing. */
#include "support.h"
#include <criterion/criterion.h>
#include <hsx/dis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct source files[] = {
    {"a.mvasm", ".entry main\nLDI R1, 0\nmain: LDI32 R1, text\nloop: CALL put\n.include \"i.inc\"\n"
                "JMP loop\n.equ N, 3\n.data\ntext: .ascii \"abcdefghij\"\nword: .word 1\n"
                ".bss\nbuffer: .zero N"},
    {"b.mvasm", ".export put, last\nput: RET\n.word 5, 6\nlast:\n"},
    {"i.inc", "inner: RET"},
    {0}};

static struct hsx_symbols *assemble_symbols(struct outcome *result, char **listing)
{
    struct hsx_asm_options options = {.listing = listing};

    cr_assert_eq(hsx_symbols_create(&options.symbols), HSX_OK);
    assemble_files(files, 2, &options, result);
    cr_assert_eq(result->status, HSX_OK, "%s", result->errors);
    return options.symbols;
}

Test(asm_symbols, kinds_places_and_sizes)
{
    static const char expected[] = "main f0 0004+20 a.mvasm:3\nloop l0 000C+0 a.mvasm:4\n"
                                   "inner l0 0010+0 i.inc:1\nput f1 0018+12 b.mvasm:2\n"
                                   "last f1 0024+0 b.mvasm:4\ntext d0 4000+10 a.mvasm:9\n"
                                   "word d0 400A+4 a.mvasm:10\nbuffer d0 400E+3 a.mvasm:12\n";
    struct outcome result;
    struct hsx_symbols *s = assemble_symbols(&result, NULL);
    char got[1000] = "";

    for (size_t i = 0; i < hsx_symbols_count(s); i++) {
        const struct hsx_symbol *at = hsx_symbols_get(s, i);

        snprintf(got + strlen(got), sizeof got - strlen(got), "%s %c%d %04X+%u %s:%u\n", at->name,
                 "fld"[at->kind], at -> global, (unsigned)at -> address, (unsigned)at -> size,
                 at -> file, at -> line);
    }
    cr_expect_str_eq(got, expected, "got:\n%s", got);
    hsx_symbols_destroy(s);
    release(&result);
}

Test(asm_symbols, each_instruction_has_its_line)
{
    static const struct {
        uint32_t pc;
        const char *file;
        unsigned line;
    } expected[] = {{0, "a.mvasm", 2},    {4, "a.mvasm", 3},    {0xC, "a.mvasm", 4},
                    {0x10, "i.inc", 1},   {0x14, "a.mvasm", 6}, {0x18, "b.mvasm", 2},
                    {0x1C, "b.mvasm", 3}, {0x20, "b.mvasm", 3}};
    struct outcome result;
    struct hsx_symbols *s = assemble_symbols(&result, NULL);

    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        const struct hsx_symbol_line *at = hsx_symbols_line_at(s, expected[i].pc);

        cr_assert_not_null(at, "0x%x", (unsigned)expected[i].pc);
        cr_expect_str_eq(at->file, expected[i].file);
        cr_expect_eq(at->line, expected[i].line);
        cr_expect_eq(at->word, code_word(&result, expected[i].pc));
    }
    cr_expect_null(hsx_symbols_line_at(s, 8), "the second word of LDI32");
    hsx_symbols_destroy(s);
    release(&result);
}

Test(asm_symbols, the_listing_shows_lines_with_what_they_make)
{
    static const char *const expected[] = {
        "a.mvasm\n",
        "                                   1  .entry main\n",
        "\n0000  01100000                     2  LDI R1, 0\n",
        "\n0004  60100000 00004000            3  main: LDI32 R1, text\n",
        "\ni.inc\n0010  25000000                     1  inner: RET\n\na.mvasm\n",
        "\n4000  61 62 63 64 65 66 67 68      9  text: .ascii \"abcdefghij\"\n4008  69 6A\n",
        "\n400E  3 zeroed                    12  buffer: .zero N\n",
        "\n001C  00000005 00000006            3  .word 5, 6\n",
        "\nSymbols\n0004  function  main  a.mvasm:3\n000C  label     loop  a.mvasm:4\n",
        "\n400E  data      buffer  a.mvasm:12\n"};
    struct outcome result;
    char *listing;
    struct hsx_symbols *s = assemble_symbols(&result, &listing);

    cr_assert_not_null(listing);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        cr_expect_not_null(strstr(listing, expected[i]), "%s is not in:\n%s", expected[i], listing);
    }
    free(listing);
    hsx_symbols_destroy(s);
    release(&result);
}

Test(asm_symbols, there_are_no_symbols_of_a_source_with_errors)
{
    struct hsx_asm_options options = {0};
    const struct source bad[] = {{"t.mvasm", "main: FOO"}, {0}};
    char *listing = (char *)bad;
    struct outcome result;

    options.listing = &listing;
    cr_assert_eq(hsx_symbols_create(&options.symbols), HSX_OK);
    assemble_files(bad, 1, &options, &result);
    cr_expect_eq(result.status, HSX_ERR_FORMAT);
    cr_expect_null(listing);
    cr_expect_eq(hsx_symbols_count(options.symbols), 0);
    hsx_symbols_destroy(options.symbols);
    release(&result);
}

Test(asm_symbols, a_disassembly_has_names_and_assembles_to_the_same)
{
    struct outcome result, again;
    struct hsx_symbols *s = assemble_symbols(&result, NULL);
    char *text;

    cr_assert_eq(hsx_dis_image(&result.image, false, s, &text), HSX_OK);
    cr_expect_not_null(strstr(text, "main:\n    LDI32 R1, 0x4000             ; 0004 <main>: "
                                    "60100000 00004000 <text>\nloop:\n    CALL put "),
                       "%s", text);
    cr_expect_not_null(strstr(text, "; 001C <put+0x4>: 00000005\n"), "%s", text);
    cr_expect_not_null(strstr(text, "\nbuffer:\n    .zero 3 ; 400E\n"), "%s", text);
    assemble_good(text, &again);
    cr_expect_eq(again.size, result.size);
    cr_expect_arr_eq(again.bytes, result.bytes, result.size);
    free(text);
    hsx_symbols_destroy(s);
    release(&again);
    release(&result);
}

Test(asm_symbols, names_that_the_assembler_does_not_take_are_not_used)
{
    static const char *const names[] = {"R5", "a-b", "9a", "L0004", "x$1"};
    struct outcome result;

    assemble_good("RET\nJMP 4", &result);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct hsx_symbol symbol = {.name = names[i], .address = 4};
        struct outcome again;
        struct hsx_symbols *s;
        char *text;

        cr_assert_eq(hsx_symbols_create(&s), HSX_OK);
        cr_assert_eq(hsx_symbols_add(s, &symbol), HSX_OK);
        hsx_symbols_seal(s);
        cr_assert_eq(hsx_dis_image(&result.image, false, s, &text), HSX_OK);
        cr_expect_not_null(strstr(text, "\nL0004:\n    JMP L0004"), "%s", text);
        assemble_good(text, &again);
        release(&again);
        free(text);
        hsx_symbols_destroy(s);
    }
    release(&result);
}
