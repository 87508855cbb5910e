// SPDX-License-Identifier: Apache-2.0
#include "support.h"
#include <criterion/criterion.h>
#include <hsx/dis.h>
#include <hsx/isa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Mostly good opcodes, so that the listing is not all .word. */
static uint32_t random_word(uint32_t *state)
{
    uint32_t word = next(state);

    for (uint32_t tries = 0; tries < 8 && !hsx_insn_table[word >> 24].name; tries++) {
        word = (word & 0xFFFFFF) | (next(state) & 0x7F) << 24;
    }
    switch (next(state) % 4) {
    case 0:
        return word;
    case 1:
        return word & 0xFF000FFF;
    case 2:
        return word & 0xFFFFF000;
    default:
        return word & 0xFF0001FC; /* near branch targets, mostly aligned */
    }
}

Test(dis, shows_each_kind_of_operands)
{
    static const struct {
        uint32_t word;
        const char *text;
    } cases[] = {
        {0x01100FFB, "LDI R1, -5"},
        {0x02120FFC, "LD R1, [R2-4]"},
        {0x03021004, "ST [R2+4], R1"},
        {0x04120000, "MOV R1, R2"},
        {0x10123000, "ADD R1, R2, R3"},
        {0x20012000, "CMP R1, R2"},
        {0x21000FFC, "JMP 0xFFC"},
        {0x24050FFC, "CALL R5, -4"},
        {0x240009AC, "CALL -1620 ; 0x01C8"},
        {0x25000000, "RET"},
        {0x30000502, "SVC MOD=0x5, FN=0x2"},
        {0x40010000, "PUSH R1"},
        {0x41F00000, "POP R15"},
        {0x7F0000FF, "BRK 255"},
        {0x60300000, "LDI32 R3, 0x12345678"},
        {0x00000000, ".word 0x00000000"},
        {0x7F000100, ".word 0x7F000100"},
        {0x25000001, ".word 0x25000001"},
        {0x10123001, ".word 0x10123001"},
    };
    char text[HSX_DIS_SIZE];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned length = hsx_dis(cases[i].word, 0x12345678, 0x81C, false, text, sizeof text);

        cr_expect_str_eq(text, cases[i].text, "%s", text);
        cr_expect_eq(length, cases[i].word >> 24 == HSX_OP_LDI32 ? 8 : 4);
    }
    hsx_dis(0x24000FFF, 0, 8, true, text, sizeof text);
    cr_expect_str_eq(text, "CALL -1 ; 0x0004", "%s", text);
}

Test(dis, one_instruction_assembles_back)
{
    uint32_t state = 99;

    for (int i = 0; i < 3000; i++) {
        uint32_t word = random_word(&state);
        uint32_t ext = next(&state);
        char text[HSX_DIS_SIZE];
        struct outcome result;
        unsigned length = hsx_dis(word, ext, 0, false, text, sizeof text);

        assemble_good(text, &result);
        cr_assert_eq(result.image.code_len, length, "%s", text);
        cr_assert_eq(code_word(&result, 0), word, "%s: 0x%08x", text, word);
        if (length == 8) {
            cr_assert_eq(code_word(&result, 4), ext, "%s", text);
        }
        release(&result);
    }
}

static void expect_round_trip(const uint8_t *bytes, size_t size, bool call_words)
{
    struct hsx_image_error error;
    struct hsx_image image;
    struct outcome back;
    char *text;

    cr_assert_eq(hsx_image_parse(bytes, size, &image, &error), HSX_OK, "%s", error.text);
    cr_assert_eq(hsx_dis_image(&image, call_words, NULL, &text), HSX_OK);
    assemble_good(text, &back);
    cr_assert_eq(back.size, size, "%s", text);
    cr_assert_arr_eq(back.bytes, bytes, size, "%s", text);
    free(text);
    release(&back);
    hsx_image_clear(&image);
}

Test(dis, random_images_assemble_back_to_the_same_bytes)
{
    uint32_t state = 7;

    for (int i = 0; i < 150; i++) {
        static uint8_t code[0x800];
        static uint8_t ro[0x100];
        struct hsx_image image = {.version = (uint16_t)(1 + i % 2), .code = code, .ro = ro};
        struct hsx_image_error error;
        uint8_t *bytes;
        size_t size;

        image.code_len = 4 * (1 + next(&state) % (sizeof code / 4));
        image.ro_len = next(&state) % sizeof ro;
        image.bss_size = next(&state) % 3 * 5;
        image.flags = (uint16_t)next(&state);
        image.req_caps = next(&state);
        image.entry = next(&state) % image.code_len & ~3u;
        strcpy(image.name, i % 4 == 3 ? "a \"name\\" : "");
        for (uint32_t at = 0; at < image.code_len; at += 4) {
            uint32_t word = random_word(&state);

            for (int b = 0; b < 4; b++) {
                code[at + (uint32_t)b] = (uint8_t)(word >> (24 - 8 * b));
            }
        }
        for (uint32_t at = 0; at < image.ro_len; at++) {
            ro[at] = (uint8_t)next(&state);
        }
        cr_assert_eq(hsx_image_write(&image, &bytes, &size, &error), HSX_OK, "%s", error.text);
        expect_round_trip(bytes, size, false);
        expect_round_trip(bytes, size, true);
        free(bytes);
    }
}

Test(dis, an_assembled_program_comes_back_whole)
{
    struct outcome result;

    assemble_good(".name \"demo\"\n.flags 2\n.entry main\n"
                  ".mailbox {\"target\":\"app:x\",\"capacity\":64,\"bindings\":[1,{\"a\":null}]}\n"
                  "f: PUSH R1\nPOP R1\nRET\nmain: CALL f\nLDI32 R1, text\nJNZ main\n"
                  ".data\ntext: .asciz \"hello; world\"\n.bss\n.zero 100",
                  &result);
    expect_round_trip(result.bytes, result.size, true);
    release(&result);
}

Test(dis, names_targets_and_shows_addresses)
{
    struct outcome result;
    char *text;

    assemble_good("RET\nf: LDI32 R1, 5\nJMP f", &result);
    cr_assert_eq(hsx_dis_image(&result.image, false, NULL, &text), HSX_OK);
    cr_expect_not_null(strstr(text, "L0004:\n"), "%s", text);
    cr_expect_not_null(strstr(text, "LDI32 R1, 0x5                ; 0004: 60100000 00000005\n"),
                       "%s", text);
    cr_expect_not_null(strstr(text, "JMP L0004                    ; 000C: 21000004\n"), "%s", text);
    free(text);
    release(&result);
}

/* The entry is the second word of an LDI32, and a branch goes to that of another. */
Test(dis, overlapping_instructions_survive)
{
    struct hsx_image_error error;
    struct outcome result;
    uint8_t *bytes;
    size_t size;

    assemble_good("LDI32 R1, 0x25000000\nLDI32 R2, 0x25000000\nJMP 12\n", &result);
    result.image.entry = 4;
    cr_assert_eq(hsx_image_write(&result.image, &bytes, &size, &error), HSX_OK);
    expect_round_trip(bytes, size, false);
    free(bytes);
    release(&result);
}
