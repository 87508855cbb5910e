// SPDX-License-Identifier: Apache-2.0
#include "support.h"
#include <criterion/criterion.h>
#include <hsx/isa.h>
#include <stdio.h>
#include <string.h>

struct form {
    const char *text;
    uint32_t word;
};

/* Words composed by hand from the fields of the instruction word. */
static const struct form forms[] = {
    {"LDI R1, -5", 0x01100FFB},
    {"LDI R15, 2047", 0x01F007FF},
    {"LDI R0, -2048", 0x01000800},
    {"LDI R2, 0x7f", 0x0120007F},
    {"LDI R2, 'A'", 0x01200041},
    {"LDI R2, ';'", 0x0120003B},
    {"LDI R2, '\\n'", 0x0120000A},
    {"LDI R2, '\\x7e'", 0x0120007E},
    {"LDI R2, 2+3-1", 0x01200004},
    {"LD R1, [R2+4]", 0x02120004},
    {"LD R1, [R2-4]", 0x02120FFC},
    {"LD R1, [R2]", 0x02120000},
    {"LD R1, [ R2 + 0x10 ]", 0x02120010},
    {"LDB R3, [R4+1]", 0x06340001},
    {"LDH R3, [R4-2]", 0x07340FFE},
    {"ST [R2+4], R1", 0x03021004},
    {"ST [R2], R1", 0x03021000},
    {"STB [R2-2048], R1", 0x08021800},
    {"STH [R2+2047], R1", 0x090217FF},
    {"MOV R1, R2", 0x04120000},
    {"ADD R1, R2, R3", 0x10123000},
    {"SUB R1, R2, R3", 0x11123000},
    {"MUL R1, R2, R3", 0x12123000},
    {"DIV R1, R2, R3", 0x13123000},
    {"AND R1, R2, R3", 0x14123000},
    {"OR R1, R2, R3", 0x15123000},
    {"XOR R1, R2, R3", 0x16123000},
    {"NOT R1, R2", 0x17120000},
    {"CMP R1, R2", 0x20012000},
    {"JMP 0xFFF", 0x21000FFF},
    {"JZ 4", 0x22000004},
    {"JNZ 0", 0x23000000},
    {"CALL -1620", 0x240009AC},
    {"CALL 0xFFF", 0x24000FFF},
    {"CALL R5, 8", 0x24050008},
    {"CALL R5, -4", 0x24050FFC},
    {"RET", 0x25000000},
    {"SVC 0x502", 0x30000502},
    {"SVC MOD=0x5, FN=0x2", 0x30000502},
    {"SVC mod=1, fn=0", 0x30000100},
    {"SVC 0xFFF", 0x30000FFF},
    {"LSL R1, R2, R3", 0x31123000},
    {"LSR R1, R2, R3", 0x32123000},
    {"ASR R1, R2, R3", 0x33123000},
    {"ADC R1, R2, R3", 0x34123000},
    {"SBC R1, R2, R3", 0x35123000},
    {"PUSH R1", 0x40010000},
    {"POP R1", 0x41100000},
    {"FADD R1, R2, R3", 0x50123000},
    {"FSUB R1, R2, R3", 0x51123000},
    {"FMUL R1, R2, R3", 0x52123000},
    {"FDIV R1, R2, R3", 0x53123000},
    {"I2F R1, R2", 0x54120000},
    {"F2I R1, R2", 0x55120000},
    {"BRK", 0x7F000000},
    {"BRK 255", 0x7F0000FF},
    {"add r1, r2, r3", 0x10123000},
    {"\tAdd\tR1,R2,R3\t; comment", 0x10123000},
};

Test(asm_insn, encodes_every_form)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct outcome result;

        assemble_good(forms[i].text, &result);
        cr_expect_eq(result.image.code_len, 4);
        cr_expect_eq(code_word(&result, 0), forms[i].word, "%s: 0x%08x", forms[i].text,
                     code_word(&result, 0));
        release(&result);
    }
}

Test(asm_insn, covers_the_whole_table)
{
    bool seen[256] = {false};

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        seen[forms[i].word >> 24] = true;
    }
    seen[HSX_OP_LDI32] = true; /* see takes_32_bits_into_the_second_word */
    for (int i = 0; i < 256; i++) {
        cr_expect_eq(seen[i], hsx_insn_table[i].name != NULL, "opcode 0x%02x", i);
    }
}

Test(asm_insn, takes_32_bits_into_the_second_word)
{
    struct outcome result;

    assemble_good("LDI32 R1, 0xDEADBEEF\nLDI32 R15, -2147483648\nLDI32 R2, 7\nRET", &result);
    cr_expect_eq(code_word(&result, 0), 0x60100000);
    cr_expect_eq(code_word(&result, 4), 0xDEADBEEF);
    cr_expect_eq(code_word(&result, 8), 0x60F00000);
    cr_expect_eq(code_word(&result, 12), 0x80000000);
    cr_expect_eq(code_word(&result, 20), 7);
    cr_expect_eq(code_word(&result, 24), 0x25000000);
    release(&result);
}

Test(asm_insn, branches_take_labels_before_and_after)
{
    struct outcome result;

    assemble_good("top: JMP end\nJZ top\nend:\nJNZ end", &result);
    cr_expect_eq(code_word(&result, 0), 0x21000008);
    cr_expect_eq(code_word(&result, 4), 0x22000000);
    cr_expect_eq(code_word(&result, 8), 0x23000008);
    release(&result);
}

Test(asm_insn, the_last_branch_target_is_0xffc)
{
    struct outcome result;

    assemble_good("JMP far\n.org 0xFFC\nfar: RET", &result);
    cr_expect_eq(code_word(&result, 0), 0x21000FFC);
    release(&result);
    expect_errors("JMP far\n.org 0x1000\nfar: RET",
                  "t.mvasm:1:5: branch to 'far' at 0x1000, expected at most 0xffc\n");
}

Test(asm_insn, calls_count_bytes_in_version_1_and_words_in_version_2)
{
    const struct source files[] = {{"t.mvasm", "RET\nf: RET\nCALL f\nCALL g\ng: RET"}, {0}};
    struct hsx_asm_options options = {.version = 1};
    struct outcome result;

    assemble_files(files, 1, &options, &result);
    cr_expect_eq(code_word(&result, 8), 0x24000FFC);
    cr_expect_eq(code_word(&result, 12), 0x24000004);
    release(&result);
    options.version = 2;
    assemble_files(files, 1, &options, &result);
    cr_expect_eq(code_word(&result, 8), 0x24000FFF);
    cr_expect_eq(code_word(&result, 12), 0x24000001);
    release(&result);
    options.call = HSX_CALL_BYTE;
    assemble_files(files, 1, &options, &result);
    cr_expect_eq(code_word(&result, 8), 0x24000FFC);
    release(&result);
    options = (struct hsx_asm_options){.version = 1, .call = HSX_CALL_WORD};
    assemble_files(files, 1, &options, &result);
    cr_expect_eq(result.image.version, 1);
    cr_expect_eq(code_word(&result, 8), 0x24000FFF);
    release(&result);
}

/* The known example of a backward offset: 0x081C, -1620, 0x01C8. */
Test(asm_insn, a_backward_call_gets_its_byte_offset)
{
    struct outcome result;

    assemble_good(".org 0x1C8\nf: RET\n.org 0x81C\nCALL f", &result);
    cr_expect_eq(code_word(&result, 0x81C), 0x240009AC);
    release(&result);
}

static void expect_reach(unsigned distance, bool forward, enum hsx_call_unit unit, bool good)
{
    struct hsx_asm_options options = {.call = unit};
    struct source files[] = {{"t.mvasm", NULL}, {0}};
    struct outcome result;
    char text[100];

    snprintf(text, sizeof text, forward ? "CALL f\n.org %u\nf: RET" : "f: RET\n.org %u\nCALL f",
             distance);
    files[0].text = text;
    assemble_files(files, 1, &options, &result);
    cr_expect_eq(result.status == HSX_OK, good, "%u %s: %s", distance, forward ? "on" : "back",
                 result.errors);
    if (!good) {
        cr_expect_not_null(strstr(result.errors, "CALL to 'f' is "));
    }
    release(&result);
}

Test(asm_insn, calls_reach_as_far_as_the_field)
{
    expect_reach(2044, true, HSX_CALL_BYTE, true);
    expect_reach(2048, true, HSX_CALL_BYTE, false);
    expect_reach(2048, false, HSX_CALL_BYTE, true);
    expect_reach(2052, false, HSX_CALL_BYTE, false);
    expect_reach(8188, true, HSX_CALL_WORD, true);
    expect_reach(8192, true, HSX_CALL_WORD, false);
    expect_reach(8192, false, HSX_CALL_WORD, true);
    expect_reach(8196, false, HSX_CALL_WORD, false);
}

Test(asm_insn, commas_may_be_left_out)
{
    struct outcome result, other;

    assemble_good("ADD R1 R2 R3\nLD R1 [R2+4]\nST [R2-4] R1\nLDI R1 -5\nLDI32 R1 0b101\nCALL R5 8\n"
                  "SVC MOD=0x5 FN=0x2\nCMP R1 R2\nMOV R1\tR2",
                  &result);
    assemble_good("ADD R1, R2, R3\nLD R1, [R2+4]\nST [R2-4], R1\nLDI R1, -5\nLDI32 R1, 5\n"
                  "CALL R5, 8\nSVC MOD=0x5, FN=0x2\nCMP R1, R2\nMOV R1, R2",
                  &other);
    cr_assert_eq(result.size, other.size);
    cr_expect_arr_eq(result.bytes, other.bytes, other.size);
    release(&result);
    release(&other);
}
