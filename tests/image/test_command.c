// SPDX-License-Identifier: Apache-2.0
/* hsx image: its output, and memories in formats of other tools. */
#include "../cli.h"
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Three words of code, six bytes of data, eight bytes of zeros. */
static void enter(void)
{
    cli_enter();
    write_text(
        "a.mvasm",
        ".data\ntext: .ascii \"abcdef\"\n.zero 2\n.text\n.entry\nLDI R1, 5\nLDI R2, 6\nRET\n");
    cr_assert_eq(hsx("asm a.mvasm -o a.hxe --hxe 2 --name app --no-sym"), 0);
}

TestSuite(image_command, .init = enter, .fini = cli_leave);

Test(image_command, shows_the_parts)
{
    cr_expect_eq(hsx("image a.hxe"), 0);
    expect_in("out", "version    2\nname       app\n");
    expect_in("out", "code       12 bytes, 3 words\nread-only  8 bytes\n");
}

Test(image_command, verilog_reads_each_bank_at_its_place)
{
    cr_expect_eq(hsx("image a.hxe -f readmemh -o m"), 0);
    cr_expect_str_eq(text_of("m_even.mem"),
                     "// 2 words from word 0x0 on\n@0\n01100005\n25000000\n");
    cr_expect_str_eq(text_of("m_odd.mem"), "// 1 words from word 0x0 on\n@0\n01200006\n");
    cr_expect_str_eq(text_of("m_data.mem"),
                     "// 2 words from word 0x1000 on\n@1000\n64636261\n00006665\n");
}

Test(image_command, an_odd_first_word_begins_in_the_odd_bank)
{
    cr_expect_eq(hsx("image a.hxe -f readmemh -o m --code-base 0x14 --data-base 0x8000"), 0);
    cr_expect_str_eq(text_of("m_even.mem"), "// 1 words from word 0x3 on\n@3\n01200006\n");
    cr_expect_str_eq(text_of("m_odd.mem"), "// 2 words from word 0x2 on\n@2\n01100005\n25000000\n");
    expect_in("m_data.mem", "@2000\n");
}

Test(image_command, other_forms_hold_the_same)
{
    cr_expect_eq(hsx("image a.hxe -f bin -o m"), 0);
    cr_expect_eq(memcmp(text_of("m_even.bin"), "\x05\x00\x10\x01\x00\x00\x00\x25", 8), 0);
    cr_expect_eq(hsx("image a.hxe -f ihex -o m"), 0);
    cr_expect_str_eq(text_of("m_even.hex"), ":080000000500100100000025BD\n:00000001FF\n");
    cr_expect_str_eq(text_of("m_data.hex"), ":08400000616263646566000063\n:00000001FF\n");
    cr_expect_eq(hsx("image a.hxe -f c -o m"), 0);
    expect_in("m_data.h", "enum { data_first = 4096, data_count = 2 };");
    expect_in("m_odd.h", "static const uint32_t odd[] = {\n    0x01200006,\n};");
}

Test(image_command, all_of_a_memory_is_written_when_asked_for)
{
    cr_expect_eq(hsx("image a.hxe -f bin -o m --full"), 0);
    cr_expect_eq(system("test $(wc -c <m_even.bin) = 32768 && test $(wc -c <m_data.bin) = 65536"),
                 0);
    cr_expect_eq(system("tail -c +16385 m_data.bin | head -c 6 | grep -q abcdef"), 0);
}

Test(image_command, what_does_not_fit_is_refused_and_nothing_written)
{
    cr_expect_eq(hsx("image a.hxe -f bin -o m --code-base 0xFFF8"), 1);
    expect_in("err", "a.hxe: 12 bytes of code do not fit from 0xFFF8 on\n");
    cr_expect_eq(hsx("image a.hxe -f bin -o m --data-base 0xFFFC"), 1);
    cr_expect_eq(hsx("image a.hxe -f bin -o /nowhere/m"), 1);
    expect_in("err", "/nowhere/m_even.bin: cannot write: ");
    cr_expect_eq(hsx("image a.hxe -f hex -o m"), 2);
    cr_expect_eq(hsx("image a.hxe -f bin"), 2);
    cr_expect_eq(hsx("image a.hxe -f c -o -"), 2);
    expect_in("err", "--output - is one stream for three files, expected a PREFIX");
    cr_expect_eq(hsx("image a.mvasm"), 1);
    expect_in("err", "a.mvasm: offset 0x0 (magic)");
    cr_expect_eq(system("ls m_* 2>&1 | grep -q 'No such'"), 0);
}
