// SPDX-License-Identifier: Apache-2.0
#include "support.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define AT(line, column) "t.mvasm:" #line ":" #column ": "

static const struct {
    const char *text;
    const char *errors;
} cases[] = {
    /* words and operands */
    {"  FOO R1", AT(1, 3) "unknown instruction 'FOO'\n"},
    {"ADD R1, R2", AT(1, 11) "the line ends, expected another operand\n"},
    {"ADD R1, R2, R16", AT(1, 13) "'R16', expected a register R0 to R15\n"},
    {"ADD R1, R2, R3, R4", AT(1, 15) "',' after the end of the statement\n"},
    {"ADD R1,, R2, R3", AT(1, 8) "',', expected a register R0 to R15\n"},
    {"ADD R1, 5, R3", AT(1, 9) "'5', expected a register R0 to R15\n"},
    {"PUSH", AT(1, 5) "the line ends, expected a register R0 to R15\n"},
    {"RET R1", AT(1, 5) "'R' after the end of the statement\n"},
    {"LD R1, R2", AT(1, 8) "'R', expected '['\n"},
    {"LD R1, [R2+4", AT(1, 13) "the line ends, expected ']'\n"},
    {"LD R1, [4]", AT(1, 9) "'4', expected a register R0 to R15\n"},
    {"LD R1, [R2*4]", AT(1, 11) "'*', expected ']'\n"},
    {"MOV R1, R2 5", AT(1, 12) "'5' after the end of the statement\n"},
    {"!", AT(1, 1) "'!', expected a label, an instruction or a directive\n"},
    {"9x: RET", AT(1, 1) "'9', expected a label, an instruction or a directive\n"},
    /* numbers */
    {"LDI R1, 2048", AT(1, 9) "2048 is out of range, expected -2048 to 2047\n"},
    {"LDI R1, -2049", AT(1, 9) "-2049 is out of range, expected -2048 to 2047\n"},
    {"LDI R1, 12ab", AT(1, 11) "'a' in a decimal number\n"},
    {"LDI R1, 0x1G", AT(1, 12) "'G' in a hexadecimal number\n"},
    {"LDI R1, 0b12", AT(1, 12) "'2' in a binary number\n"},
    {"LDI R1, 0b", AT(1, 11) "0b needs binary digits\n"},
    {"LDI R1, 0x", AT(1, 11) "0x needs hexadecimal digits\n"},
    {"LDI R1,", AT(1, 8) "the line ends, expected a number or label\n"},
    {"LDI R1, 1 +", AT(1, 12) "the line ends, expected a number or label\n"},
    {"LDI R1, R2", AT(1, 9) "'R2' is a register, expected a number or label\n"},
    {"LDI R1, 'ab'", AT(1, 11) "expected ' after one character\n"},
    {"LDI32 R1, 4294967296", AT(1, 11) "the number does not fit in 32 bits\n"},
    {"LDI32 R1, -2147483649",
     AT(1, 11) "-2147483649 is out of range, expected -2147483648 to 4294967295\n"},
    {"LD R1, [R2+2048]", AT(1, 11) "2048 is out of range, expected -2048 to 2047\n"},
    {"ST [R2-2049], R1", AT(1, 7) "-2049 is out of range, expected -2048 to 2047\n"},
    {"JMP 4096", AT(1, 5) "4096 is out of range, expected 0 to 4095\n"},
    {"JZ -1", AT(1, 4) "-1 is out of range, expected 0 to 4095\n"},
    {"CALL 4096", AT(1, 6) "4096 is out of range, expected -2048 to 4095\n"},
    {"CALL -2049", AT(1, 6) "-2049 is out of range, expected -2048 to 4095\n"},
    {"CALL R0, 4", AT(1, 6) "CALL cannot go through R0\n"},
    {"CALL R1, f\nf: RET", AT(1, 10) "CALL through a register takes a number, not a label\n"},
    {"SVC 0x1000", AT(1, 5) "4096 is out of range, expected 0 to 4095\n"},
    {"SVC MOD=16, FN=0", AT(1, 9) "16 is out of range, expected 0 to 15\n"},
    {"SVC MOD=1, FN=256", AT(1, 15) "256 is out of range, expected 0 to 255\n"},
    {"SVC MOD=1", AT(1, 10) "the line ends, expected another operand\n"},
    {"SVC 0x01, 0x00", AT(1, 9) "SVC takes one number, as in SVC 0x001, or both by name, as in SVC "
                                "MOD=0x5, FN=0x2\n"},
    {"SVC 5 2", AT(1, 7) "SVC takes one number, as in SVC 0x005, or both by name, as in SVC "
                         "MOD=0x5, FN=0x2\n"},
    {"CALL f\n.org 0x900\nf: RET",
     AT(1, 6) "CALL to 'f' is 2304 bytes away, expected -2048 to 2047; after LDI32 of the "
              "label to Rn, CALL Rn, 0 reaches it\n"},
    {"SVC MOD=1, X=2", AT(1, 12) "expected FN=\n"},
    {"SVC f\nf: RET", AT(1, 5) "expected a number, not a label\n"},
    {"BRK 256", AT(1, 5) "256 is out of range, expected 0 to 255\n"},
    /* labels */
    {"JMP nowhere\nJZ nowhere", AT(1, 5) "unknown label 'nowhere'\n"},
    {"a: RET\nb: RET\n a: RET", AT(3, 2) "'a' is already defined at t.mvasm:1:1\n"},
    {"R1: RET", AT(1, 1) "'R1' is a register, expected a name\n"},
    /* constants */
    {".equ R1, 5", AT(1, 6) "'R1' is a register, expected a name\n"},
    {".equ 5, 5", AT(1, 6) "expected a name\n"},
    {".equ A", AT(1, 7) "the line ends, expected ','\n"},
    {".equ A, x\nx: RET", AT(1, 9) "expected a number, not a label\n"},
    {".equ A, 4294967295 + 1", AT(1, 9) "4294967296 is out of range, expected -2147483648 to "
                                        "4294967295\n"},
    {".equ A, 1\n.equ A, 2", AT(2, 6) "'A' is already defined at t.mvasm:1:6\n"},
    {".equ A, 1\nA: RET", AT(2, 1) "'A' is already defined at t.mvasm:1:6\n"},
    {"A: RET\n.equ A, 0", AT(2, 6) "'A' is already defined at t.mvasm:1:1\n"},
    {"LDI R1, A\n.equ A, 2048", AT(1, 9) "2048 is out of range, expected -2048 to 2047\n"},
    {"LDI R1, off16(A)\n.equ A, 4", AT(1, 9) "off16() needs a label in .data or .bss\n"},
    {".entry A\nRET\n.equ A, 0", AT(1, 8) "'A' is no label in .text\n"},
    {"JMP x\n.data\nx: .byte 1", AT(1, 5) "'x' is no label in .text\n"},
    {"CALL x\n.data\nx: .byte 1", AT(1, 6) "'x' is no label in .text\n"},
    {"x: JMP x+2", AT(1, 8) "target 0x2 is no multiple of 4\n"},
    {"x: LDI R1, -x", AT(1, 13) "only one label, and not subtracted, can stand in a sum\n"},
    {"x: LDI R1, x+x", AT(1, 14) "only one label, and not subtracted, can stand in a sum\n"},
    {"LDI R1, x\n.data\nx:", AT(1, 9) "16384 is out of range, expected -2048 to 2047\n"},
    {"LDI R1, off16(x)\nx:", AT(1, 9) "off16() needs a label in .data or .bss\n"},
    {"LDI R1, off16(4)", AT(1, 9) "off16() needs a label in .data or .bss\n"},
    {"LDI R1, lo16(4", AT(1, 15) "the line ends, expected ')'\n"},
    {".export x\nRET", AT(1, 9) "'x' is exported but not defined in this file\n"},
    {".extern\nRET", AT(1, 8) "expected a label\n"},
    {".import x\nJMP x", AT(2, 5) "unknown label 'x'\n"},
    /* sections and layout */
    {"RET\n.data\nADD R1, R1, R1", AT(3, 1) "an instruction outside .text\n"},
    {"RET\n.byte 1", AT(2, 1) ".byte is not allowed in .text\n"},
    {"RET\n.ascii \"a\"", AT(2, 1) ".ascii is not allowed in .text\n"},
    {"RET\n.zero 4", AT(2, 1) ".zero is not allowed in .text\n"},
    {"RET\n.bss\n.word 1", AT(3, 1) ".word is not allowed in .bss\n"},
    {"RET\n.data\n.org 8", AT(3, 1) ".org is not allowed in .data\n"},
    {"RET\n.org 6", AT(2, 6) "0x6, expected a multiple of 4\n"},
    {"RET\nRET\n.org 4", AT(3, 6) "0x4 is too low, the code has reached 0x8\n"},
    {".org 0x10004", AT(1, 6) "65540 is out of range, expected 0 to 65536\n"},
    {".org 0x10000\nRET", AT(2, 4) "code is longer than 0x10000 bytes\n"},
    {"RET\n.data\n.zero 0xC000\n.byte 1", AT(4, 7) "data is longer than 0xc000 bytes\n"},
    {"RET\n.data\n.zero 0xC000\n.bss\n.zero 1", AT(5, 8) "data is longer than 0xc000 bytes\n"},
    {"RET\n.data\n.align 0", AT(3, 8) "0 is out of range, expected 1 to 49152\n"},
    {"RET\n.bss\n.align 32749\n.align 32719",
     AT(4, 8) "no place in .bss suits this and the alignments before it\n"},
    {"RET\n.data\n.byte 256", AT(3, 7) "256 is out of range, expected -128 to 255\n"},
    {"RET\n.data\n.byte -129", AT(3, 7) "-129 is out of range, expected -128 to 255\n"},
    {"RET\n.data\n.half 65536", AT(3, 7) "65536 is out of range, expected -32768 to 65535\n"},
    {"RET\n.data\n.byte 1,", AT(3, 9) "the line ends, expected a number or label\n"},
    {"RET\n.data\n.byte x\nx:", AT(3, 7) "16385 is out of range, expected -128 to 255\n"},
    /* strings */
    {"RET\n.data\n.ascii abc", AT(3, 8) "'a', expected '\"'\n"},
    {"RET\n.data\n.ascii \"abc", AT(3, 12) "the line ends, expected \"\n"},
    {"RET\n.data\n.ascii \"\\q\"",
     AT(3, 10) "unknown escape \\q, expected one of \\n \\r \\t \\0 \\\\ \\\" \\xNN\n"},
    {"RET\n.data\n.ascii \"\\x4\"", AT(3, 10) "\\x needs two hexadecimal digits\n"},
    {"RET\n.data\n.ascii \"\\", AT(3, 10) "the line ends inside an escape\n"},
    /* whole program */
    {".entry x\nRET", AT(1, 8) "unknown label 'x'\n"},
    {".entry x\nRET\n.data\nx: .byte 1", AT(1, 8) "'x' is no label in .text\n"},
    {".entry x\nRET\nx:", AT(1, 8) "the entry 0x4 lies outside the code\n"},
    {".entry 6\nRET\nRET", AT(1, 8) "the entry 0x6 is no multiple of 4\n"},
    {".entry 8\nRET\nRET", AT(1, 8) "the entry 0x8 lies outside the code\n"},
    {".entry -4\nRET\nRET", AT(1, 8) "the entry 0xfffffffffffffffc lies outside the code\n"},
    {".entry lo16(x)\nx: RET", AT(1, 8) "expected a label or an address\n"},
    {".entry\nRET\n.entry", AT(3, 7) "a second .entry, the first is at t.mvasm:1:7\n"},
    {"RET\n.data\n.entry", AT(3, 7) ".entry without a label outside .text\n"},
    /* directives */
    {".foo", AT(1, 1) "unknown directive '.foo'\n"},
    {".value 1", AT(1, 1) "'.value' is not supported\n"},
    {".cmd x", AT(1, 1) "'.cmd' is not supported\n"},
    {".text 5", AT(1, 7) "'5' after the end of the statement\n"},
    {".hxe 3", AT(1, 6) "3 is out of range, expected 1 to 2\n"},
    {".call bytes", AT(1, 7) "expected byte or word\n"},
    {".name \"\"", AT(1, 7) "expected a name of 1 to 32 printable ASCII characters\n"},
    {".name \"a\\n\"", AT(1, 7) "expected a name of 1 to 32 printable ASCII characters\n"},
    {".flags 65536", AT(1, 8) "65536 is out of range, expected 0 to 65535\n"},
    {".hxe 1\n.name \"a\"\nRET", "t.mvasm:0:0: an app name needs version 2\n"},
    {".include x", AT(1, 10) "'x', expected '\"'\n"},
    {".include \"\"", AT(1, 10) "expected the name of a file\n"},
    {".include \"no.mvasm\"", AT(1, 10) "cannot read 'no.mvasm': No such file or directory\n"},
    {".include \"t.mvasm\"", AT(1, 10) "'t.mvasm' includes itself\n"},
    /* mailboxes */
    {".mailbox {\"target\":\"a\"}\n.mailbox {\"target\":\"a\"}\nRET",
     AT(2, 10) "duplicate name \"a\"\n"},
    {".mailbox {\"capacity\":1}", AT(1, 10) "\"target\" is missing or no string\n"},
    {".mailbox {\"target\":\"a\"} x", AT(1, 25) "'x' after the end of the statement\n"},
};

Test(asm_errors, each_is_reported_once_with_its_place)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        expect_errors(cases[i].text, cases[i].errors);
    }
}

Test(asm_errors, several_are_reported_in_one_run)
{
    expect_errors("ADD R1\nLDI R1, 9999\nJMP nowhere\nRET",
                  "t.mvasm:1:7: the line ends, expected another operand\n"
                  "t.mvasm:2:9: 9999 is out of range, expected -2048 to 2047\n"
                  "t.mvasm:3:5: unknown label 'nowhere'\n");
}

Test(asm_errors, bad_json_is_reported_where_it_breaks)
{
    struct outcome result;

    assemble("RET\n.mailbox {\"target\" 5}", &result);
    cr_expect_eq(result.error_count, 1);
    cr_expect_not_null(strstr(result.errors, "t.mvasm:2:"), "%s", result.errors);
    cr_expect_not_null(strstr(result.errors, ": bad JSON: "), "%s", result.errors);
    release(&result);
}

Test(asm_errors, the_number_of_reports_is_limited)
{
    char text[1000] = "";
    struct outcome result;

    for (int i = 0; i < 60; i++) {
        strcat(text, "FOO\n");
    }
    assemble(text, &result);
    cr_expect_eq(result.error_count, 20);
    cr_expect_not_null(strstr(result.errors, "t.mvasm:20:1: "));
    release(&result);
}

Test(asm_errors, the_number_of_mailboxes_is_limited)
{
    static char text[50000] = "RET\n";
    size_t used = strlen(text);
    struct outcome result;

    for (int i = 0; i < 1024; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 ".mailbox {\"target\":\"app:%d\"}\n", i);
    }
    assemble_good(text, &result);
    cr_expect_eq(result.image.mailboxes.count, 1024);
    release(&result);
    strcpy(text + used, ".mailbox {\"target\":\"app:x\"}\n");
    expect_errors(text, "t.mvasm:1026:10: more than 1024 mailboxes\n");
}

Test(asm_errors, bytes_that_cannot_be_shown_are_shown_as_numbers)
{
    expect_errors("\x1b[31m",
                  AT(1, 1) "'\\x1B', expected a label, an instruction or a directive\n");
    expect_errors("RET \xC3\xA4", AT(1, 5) "'\\xC3' after the end of the statement\n");
    expect_errors("RET \xEF\xBB\xBF", AT(1, 5) "'\\xEF' after the end of the statement\n");
    expect_errors(".include \"\xC3\xA4\xEF\xBB\xBF\xFF\\n\"",
                  AT(1, 10) "cannot read '\xC3\xA4\\xEF\\xBB\\xBF\\xFF\\x0A': No such file or "
                            "directory\n");
}

Test(asm_errors, nul_bytes_are_reported_and_end_no_message)
{
    struct outcome result;

    assemble_bytes("RET \0 JMP", 9, &result);
    cr_expect_str_eq(result.errors, AT(1, 5) "'\\x00' after the end of the statement\n");
    release(&result);
    assemble_bytes("LDI \0R1, 1", 11, &result);
    cr_expect_str_eq(result.errors, AT(1, 5) "'\\x00', expected a register R0 to R15\n");
    release(&result);
}

Test(asm_errors, long_names_are_shown_whole)
{
    char name[1001], text[1100], expected[1100];

    memset(name, 'n', 1000);
    name[1000] = '\0';
    snprintf(text, sizeof text, "JMP %s", name);
    snprintf(expected, sizeof expected, AT(1, 5) "unknown label '%s'\n", name);
    expect_errors(text, expected);
}
