// SPDX-License-Identifier: Apache-2.0
#include "support.h"
#include <criterion/criterion.h>
#include <string.h>

/* Data of the image, after one instruction of code. */
static void expect_data(const char *text, const void *bytes, size_t size)
{
    struct outcome result;
    char source[2000];

    cr_assert_lt(strlen(text), sizeof source - 20);
    strcpy(source, "RET\n.data\n");
    strcat(source, text);
    assemble_good(source, &result);
    cr_assert_eq(result.image.ro_len, size, "%s: %u bytes", text, result.image.ro_len);
    cr_expect_arr_eq(result.image.ro, bytes, size, "%s", text);
    release(&result);
}

Test(asm_directive, data_is_little_endian)
{
    expect_data(".byte 1, 0xFF, -1, -128, 'a'",
                "\x01\xFF\xFF\x80"
                "a",
                5);
    expect_data(".half 0x1234, -2", "\x34\x12\xFE\xFF", 4);
    expect_data(".hword 65535", "\xFF\xFF", 2);
    expect_data(".word 0x12345678, -1", "\x78\x56\x34\x12\xFF\xFF\xFF\xFF", 8);
}

Test(asm_directive, strings_know_their_escapes)
{
    expect_data(".ascii \"ab\"", "ab", 2);
    expect_data(".asciz \"ab\"", "ab", 3);
    expect_data(".string \"a;b\", \"c\" ; comment", "a;b\0c", 6);
    expect_data(".ascii \"\\n\\r\\t\\0\\\\\\\"\\x41\\xfF\"", "\n\r\t\0\\\"A\xFF", 8);
    expect_data(".ascii \"\"", "", 0);
}

Test(asm_directive, align_and_zero_fill_with_zero_bytes)
{
    expect_data(".byte 1\n.align 4\n.byte 2\n.align 1\n.byte 3\n.zero 2", "\1\0\0\0\2\3\0\0", 8);
}

Test(asm_directive, labels_in_data_lie_from_0x4000_on)
{
    expect_data(".byte 9\na: .word a\n.half b, lo16(b), off16(b)\nb:",
                "\x09\x01\x40\0\0"
                "\x0B\x40\x0B\x40\x0B\0",
                11);
}

Test(asm_directive, functions_take_halves_and_offsets)
{
    struct outcome result;

    assemble_good("LDI R1, off16(x)\nLD R2, [R3+off16(x)]\nLDI32 R4, lo16(0x12345678)\n"
                  "LDI32 R5, HI16(0x12345678)\nLDI R6, hi16(x)\nLDI32 R7, x + 8\n"
                  "LD R8, [R9 + lo16(5)]\n.data\n.zero 6\nx:",
                  &result);
    cr_expect_eq(code_word(&result, 0), 0x01100006);
    cr_expect_eq(code_word(&result, 4), 0x02230006);
    cr_expect_eq(code_word(&result, 12), 0x5678);
    cr_expect_eq(code_word(&result, 20), 0x1234);
    cr_expect_eq(code_word(&result, 24), 0x01600000);
    cr_expect_eq(code_word(&result, 32), 0x400E);
    cr_expect_eq(code_word(&result, 36), 0x02890005);
    release(&result);
}

Test(asm_directive, org_fills_with_zero_words)
{
    struct outcome result;

    assemble_good("RET\n.org 0x10\nlast: JMP last", &result);
    cr_expect_eq(result.image.code_len, 0x14);
    for (uint32_t at = 4; at < 0x10; at += 4) {
        cr_expect_eq(code_word(&result, at), 0);
    }
    cr_expect_eq(code_word(&result, 0x10), 0x21000010);
    release(&result);
}

Test(asm_directive, entry_is_here_or_a_label_or_0)
{
    struct outcome result;

    assemble_good("RET\nRET", &result);
    cr_expect_eq(result.image.entry, 0);
    release(&result);
    assemble_good("RET\n.entry\nRET", &result);
    cr_expect_eq(result.image.entry, 4);
    release(&result);
    assemble_good(".entry main\nRET\nRET\nmain: RET", &result);
    cr_expect_eq(result.image.entry, 8);
    release(&result);
}

Test(asm_directive, bss_follows_data)
{
    struct outcome result;

    assemble_good(
        "LDI32 R1, table\nLDI32 R2, end\n.bss\n.zero 1\n.align 16\ntable: .zero 32\nend:\n"
        ".data\n.byte 1",
        &result);
    cr_expect_eq(result.image.ro_len, 16, "padded, so that .align holds in .bss");
    cr_expect_eq(result.image.bss_size, 48);
    cr_expect_eq(code_word(&result, 4), 0x4020);
    cr_expect_eq(code_word(&result, 12), 0x4040);
    release(&result);
}

Test(asm_directive, mailboxes_become_metadata)
{
    struct outcome result;

    assemble_good(".mailbox {\"target\":\"app:a;b\",\"capacity\":80,\"mode\":\"RDWR\"} ; comment\n"
                  ".mailbox {\"target\":\"x\",\"mode_mask\":8}\nRET",
                  &result);
    cr_expect_eq(result.image.version, 2, "metadata needs it");
    cr_assert_eq(result.image.mailboxes.count, 2);
    cr_expect_str_eq(result.image.mailboxes.items[0].target, "app:a;b");
    cr_expect_eq(result.image.mailboxes.items[0].capacity, 80);
    cr_expect_eq(result.image.mailboxes.items[1].mode, 8);
    release(&result);
}

Test(asm_directive, header_fields_can_be_set)
{
    struct outcome result;

    assemble_good(".hxe 2\n.name \"my \\\"app\\\"\"\n.flags 2\n.caps 0x80000001\n.call byte\n"
                  "f: RET\nCALL f",
                  &result);
    cr_expect_eq(result.image.version, 2);
    cr_expect_str_eq(result.image.name, "my \"app\"");
    cr_expect_eq(result.image.flags, HSX_IMAGE_MULTIPLE);
    cr_expect_eq(result.image.req_caps, 0x80000001);
    cr_expect_eq(code_word(&result, 4), 0x24000FFC);
    release(&result);
}

Test(asm_directive, the_version_is_1_unless_2_is_needed)
{
    const struct source plain[] = {{"t.mvasm", "RET"}, {0}};
    struct hsx_asm_options options = {.name = "app"};
    struct outcome result;

    assemble_good("RET", &result);
    cr_expect_eq(result.image.version, 1);
    release(&result);
    assemble_good(".call word\nRET", &result);
    cr_expect_eq(result.image.version, 2);
    release(&result);
    assemble_files(plain, 1, &options, &result);
    cr_expect_eq(result.image.version, 2);
    cr_expect_str_eq(result.image.name, "app");
    release(&result);
}

Test(asm_directive, options_win_over_the_source)
{
    const struct source files[] = {{"t.mvasm", ".hxe 1\n.call word\n.name \"a\"\nf: RET\nCALL f"},
                                   {0}};
    struct hsx_asm_options options = {.version = 2, .call = HSX_CALL_BYTE, .name = "b"};
    struct outcome result;

    assemble_files(files, 1, &options, &result);
    cr_assert_eq(result.status, HSX_OK, "%s", result.errors);
    cr_expect_eq(result.image.version, 2);
    cr_expect_str_eq(result.image.name, "b");
    cr_expect_eq(code_word(&result, 4), 0x24000FFC);
    release(&result);
}

Test(asm_directive, words_in_text_are_code)
{
    struct outcome result;

    assemble_good(".word 0x12345678, f\nf: RET", &result);
    cr_expect_eq(code_word(&result, 0), 0x12345678);
    cr_expect_eq(code_word(&result, 4), 8);
    release(&result);
}

Test(asm_directive, equ_names_a_number)
{
    struct outcome result;

    assemble_good(".equ WORD, 4\n.EQU EIGHT, WORD + WORD\n.equ MINUS, -WORD\n"
                  "LDI R1, EIGHT - WORD\nLD R2, [R3 + WORD]\nLD R2, [R3 - WORD]\n"
                  "SVC MOD=WORD + 1, FN=EIGHT\nJMP EIGHT\nCALL MINUS\n"
                  "LDI32 R4, x + EIGHT\n.data\n.zero EIGHT\n"
                  "x: .byte WORD, MINUS\n.word hi16(BIG)\n.equ BIG, 0x12345678",
                  &result);
    cr_expect_eq(code_word(&result, 0), 0x01100004);
    cr_expect_eq(code_word(&result, 4), 0x02230004);
    cr_expect_eq(code_word(&result, 8), 0x02230FFC);
    cr_expect_eq(code_word(&result, 12), 0x30000508);
    cr_expect_eq(code_word(&result, 16), 0x21000008, "a number is the field itself");
    cr_expect_eq(code_word(&result, 20), 0x24000FFC);
    cr_expect_eq(code_word(&result, 28), 0x4010);
    cr_assert_eq(result.image.ro_len, 14);
    cr_expect_arr_eq(result.image.ro + 8, "\4\xFC\x34\x12\0\0", 6);
    release(&result);
}

Test(asm_directive, a_constant_may_stand_before_its_equ)
{
    struct outcome result;

    assemble_good("LDI R1, N\nJMP N\nLDI32 R2, lo16(N)\n.equ N, 8\n.equ N, 8", &result);
    cr_expect_eq(code_word(&result, 0), 0x01100008);
    cr_expect_eq(code_word(&result, 4), 0x21000008);
    cr_expect_eq(code_word(&result, 12), 8);
    release(&result);
}

Test(asm_directive, align_takes_any_number)
{
    struct outcome result;

    expect_data(".byte 1\n.align 3\n.byte 2\n.align 5\n.byte 3", "\1\0\0\2\0\3", 6);
    assemble_good("LDI32 R1, x\n.data\n.byte 1\n.bss\n.align 3\n.zero 1\n.align 10\nx: .zero 1",
                  &result);
    cr_expect_eq(result.image.ro_len, 30, ".bss begins at a multiple of 3 and 10");
    cr_expect_eq(code_word(&result, 4), 0x4000 + 40);
    release(&result);
}

Test(asm_directive, bytes_may_be_strings)
{
    expect_data(".byte \"abc\", 0, 'd', 'ef', '\\n', '', '\\x41', 'x' + 1", "abc\0def\nAy", 10);
    expect_data(".ascii 'it\\'s \"x\"'\n.asciz 'b'", "it's \"x\"b\0", 10);
    expect_data(".byte '\\'', '\\'\\'', 'a;b'",
                "\x27\x27\x27"
                "a;b",
                6);
}

Test(asm_directive, a_source_without_code_makes_an_image_without_code)
{
    struct outcome result;

    assemble_good(".data\n.byte 5", &result);
    cr_expect_eq(result.image.code_len, 0);
    cr_expect_eq(result.image.entry, 0);
    cr_expect_eq(result.image.ro_len, 1);
    release(&result);
    assemble_good("", &result);
    release(&result);
}

Test(asm_directive, a_byte_order_mark_begins_a_source)
{
    struct outcome result;

    assemble_good("\xEF\xBB\xBF.entry\nRET", &result);
    release(&result);
    expect_errors("\xEF\xBB\xBF!", "t.mvasm:1:1: '!', expected a label, an instruction or a "
                                   "directive\n");
}

Test(asm_directive, the_entry_may_be_an_address)
{
    struct outcome result;

    assemble_good(".entry 0x4\nRET\nRET", &result);
    cr_expect_eq(result.image.entry, 4);
    release(&result);
    assemble_good(".equ HERE, 8\n.entry HERE - 4\nRET\nRET", &result);
    cr_expect_eq(result.image.entry, 4);
    release(&result);
}
