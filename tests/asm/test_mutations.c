// SPDX-License-Identifier: Apache-2.0
/* Random damage to sources gives an image or an error with a place, never a crash. */
#include "support.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { ROUNDS = 15000 };

static const char program[] =
    ".name \"demo\"\n.entry main\n.extern g\n.export f\n.call word\n"
    ".mailbox {\"target\":\"app:x\",\"capacity\":64,\"mode\":\"RDWR|TAP\"}\n"
    ".text\nf:  PUSH R1 ; save\n    POP R15\n    RET\n"
    "main: LDI R1, -5\n LDI32 R2, data+4\n LD R1, [R2+lo16(4)]\n ST [R2-4], R3\n"
    " CALL f\n CALL R5, 8\n JNZ main\n SVC MOD=0x5, FN=0x2\n SVC 0x100\n BRK 7\n"
    ".org 0x100\n .word 0x12345678\n.include \"g.inc\"\n"
    ".data\ndata: .byte 1, 'a', -1\n .half 2\n .align 4\n .word data, hi16(data)\n"
    " .asciz \"a\\n\\x41;\\\"\"\n .zero 9\n.bss\n.zero 4\nz:\n";

static uint32_t next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Bytes are replaced or removed, or lines are swapped. */
static void damage(char *text, uint32_t *state)
{
    static const char bytes[] = "\n\n;:.,[]()+-'\"\\=0x9RZ \t{}$\x01\xFF";
    unsigned count = 1 + next(state) % 3;

    while (count-- > 0) {
        size_t length = strlen(text);
        size_t at = next(state) % length;
        size_t from = next(state) % length;
        size_t span = next(state) % 12;

        switch (next(state) % 3) {
        case 0:
            text[at] = bytes[next(state) % (sizeof bytes - 1)];
            break;
        case 1:
            memmove(text + at, text + at + 1, length - at);
            break;
        default:
            if (from + span < length && at + span < length) {
                memmove(text + at, text + from, span);
            }
            break;
        }
    }
}

Test(asm_mutations, never_crash)
{
    uint32_t state = 0xBEEF;
    unsigned accepted = 0;

    for (int i = 0; i < ROUNDS; i++) {
        char text[sizeof program];
        const struct source files[] = {
            {"t.mvasm", text}, {"g.mvasm", ".export g\ng: RET\n"}, {"g.inc", "h: JMP h\n"}, {0}};
        struct outcome result;

        memcpy(text, program, sizeof program);
        damage(text, &state);
        assemble_files(files, 2, NULL, &result);
        cr_assert(result.status == HSX_OK || result.status == HSX_ERR_FORMAT ||
                  result.status == HSX_ERR_IO);
        accepted += result.status == HSX_OK;
        release(&result);
    }
    cr_expect_gt(accepted, 100, "the damage must not always be fatal, or little is tested");
}
