// SPDX-License-Identifier: Apache-2.0
/* hsx, hsx asm and hsx dis as users run them: exit statuses, files, streams. */
#include "../cli.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(asm_cli, .init = cli_enter, .fini = cli_leave);

Test(asm_cli, assembles_and_disassembles_to_the_same_image)
{
    write_text("a.mvasm", ".extern f\nCALL f\nRET\n");
    write_text("b.mvasm", ".export f\nf: RET\n");
    cr_expect_eq(hsx("asm a.mvasm b.mvasm -o a.hxe --hxe 2 --name app"), 0);
    cr_expect_eq(hsx("dis a.hxe >a.dis.mvasm"), 0);
    cr_expect_eq(hsx("asm a.dis.mvasm -o b.hxe"), 0);
    cr_expect_eq(system("cmp a.hxe b.hxe"), 0);
}

Test(asm_cli, tells_the_place_of_an_error_and_writes_nothing)
{
    write_text("a.mvasm", "RET\n  FOO\n");
    write_text("a.hxe", "old");
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe"), 1);
    expect_in("err", "a.mvasm:2:3: unknown instruction 'FOO'\n");
    expect_in("a.hxe", "old");
    cr_expect_eq(system("test $(ls | wc -l) = 4"), 0, "no temporary file is left");
}

Test(asm_cli, the_call_unit_is_chosen)
{
    write_text("a.mvasm", "f: RET\nCALL f\n");
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe --hxe 1 --call word"), 0);
    cr_expect_eq(hsx("dis a.hxe --call word --no-sym"), 0);
    expect_in("out", "CALL L0000");
    expect_in("out", ".call word\n");
    cr_expect_eq(hsx("dis a.hxe --no-sym"), 0);
    expect_in("out", "CALL -1 ");
}

Test(asm_cli, missing_and_unwritable_files_are_input_errors)
{
    write_text("a.mvasm", "RET\n");
    cr_expect_eq(hsx("asm gone.mvasm -o a.hxe"), 1);
    expect_in("err", "gone.mvasm: cannot read 'gone.mvasm': No such file or directory\n");
    cr_expect_eq(hsx("asm a.mvasm -o none/a.hxe"), 1);
    expect_in("err", "none/a.hxe: cannot write: No such file or directory\n");
    cr_expect_eq(hsx("dis gone.hxe"), 1);
    expect_in("err", "gone.hxe: cannot read: No such file or directory\n");
    cr_expect_eq(hsx("dis a.mvasm"), 1);
    expect_in("err", "a.mvasm: offset 0x4: file ends, expected at least 32 bytes\n");
    cr_expect_eq(hsx("dis ."), 1);
}

Test(asm_cli, wrong_usage_exits_2)
{
    write_text("a.mvasm", "RET\n");
    cr_expect_eq(hsx(""), 2);
    cr_expect_eq(hsx("frobnicate"), 2);
    cr_expect_eq(hsx("--frobnicate"), 2);
    cr_expect_eq(hsx("help frobnicate"), 2);
    cr_expect_eq(hsx("asm"), 2);
    cr_expect_eq(hsx("asm a.mvasm"), 2);
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe --hxe 3"), 2);
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe --call nibble"), 2);
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe --name ''"), 2);
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe --name 123456789012345678901234567890123"), 2);
    cr_expect_eq(hsx("dis"), 2);
    cr_expect_eq(hsx("dis a b"), 2);
    cr_expect_neq(access("a.hxe", F_OK), 0);
}

Test(asm_cli, help_and_version_exit_0)
{
    cr_expect_eq(hsx("--help"), 0);
    expect_in("out", "asm ");
    expect_in("out", "dis ");
    cr_expect_eq(hsx("--version"), 0);
    expect_in("out", "hsx ");
    cr_expect_eq(hsx("asm --help"), 0);
    expect_in("out", "--hxe");
    cr_expect_eq(hsx("help dis"), 0);
    expect_in("out", "FILE.hxe");
}

Test(asm_cli, output_that_cannot_be_written_is_an_error)
{
    write_text("a.mvasm", "RET\n");
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe"), 0);
    cr_expect_eq(hsx("dis a.hxe >/dev/full 2>err"), 1);
    expect_in("err", "No space left");
    cr_expect_eq(hsx("--help >/dev/full 2>err"), 1);
    cr_expect_eq(hsx("dis a.hxe >&- 2>err"), 1);
}

Test(asm_cli, links_and_pipes_are_written_in_place)
{
    struct stat info;

    write_text("a.mvasm", "RET\n");
    cr_assert_eq(symlink("a.hxe", "link"), 0);
    cr_expect_eq(hsx("asm a.mvasm -o link"), 0);
    cr_assert_eq(lstat("link", &info), 0);
    cr_expect(S_ISLNK(info.st_mode));
    cr_expect_eq(hsx("dis a.hxe"), 0);
    cr_assert_eq(mkfifo("pipe", 0600), 0);
    cr_expect_eq(system("cat pipe >b.hxe & " HSX_PROGRAM " asm a.mvasm -o pipe && wait"), 0);
    cr_assert_eq(lstat("pipe", &info), 0);
    cr_expect(S_ISFIFO(info.st_mode));
    cr_expect_eq(system("cmp a.hxe b.hxe"), 0);
}

Test(asm_cli, symbols_are_next_to_the_image_and_dis_uses_them)
{
    write_text("a.mvasm", "twice: RET\nJMP twice\n");
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe"), 0);
    expect_in("a.sym", "\"name\": \"twice\"");
    expect_in("a.sym", "\"file\": \"a.mvasm\"");
    cr_expect_eq(hsx("dis a.hxe"), 0);
    expect_in("out", "    JMP twice                    ; 0004 <twice+0x4>: 21000000\n");
    cr_expect_eq(rename("a.sym", "other.sym"), 0);
    cr_expect_eq(hsx("dis a.hxe"), 0);
    expect_in("out", "    JMP L0000                    ; 0004: 21000000\n");
    cr_expect_eq(hsx("dis a.hxe --sym other.sym"), 0);
    expect_in("out", "JMP twice");
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe --no-sym"), 0);
    cr_expect_neq(access("a.sym", F_OK), 0);
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe --sym b.sym"), 0);
    cr_expect_neq(access("a.sym", F_OK), 0);
    cr_expect_eq(access("b.sym", F_OK), 0);
    cr_expect_eq(hsx("asm a.mvasm -o /dev/null"), 0);
    cr_expect_neq(access("/dev/null.sym", F_OK), 0);
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe --sym b.sym --no-sym"), 2);
}

Test(asm_cli, symbols_of_another_image_are_not_used)
{
    write_text("a.mvasm", "twice: RET\n");
    write_text("b.mvasm", "thrice: RET\nRET\n");
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe"), 0);
    cr_expect_eq(hsx("asm b.mvasm -o b.hxe"), 0);
    cr_expect_eq(rename("b.sym", "a.sym"), 0);
    cr_expect_eq(hsx("dis a.hxe"), 0);
    expect_in("err", "a.sym: not used: the symbols of another image\n");
    expect_in("out", "    RET                          ; 0000: 25000000\n");
    cr_expect_eq(hsx("dis a.hxe --sym a.sym"), 1);
    expect_in("err", "a.sym: the symbols of another image\n");
    cr_expect_eq(hsx("dis a.hxe --sym gone.sym"), 1);
    expect_in("err", "gone.sym: No such file or directory\n");
    write_text("a.sym", "{");
    cr_expect_eq(hsx("dis a.hxe"), 0);
    expect_in("err", "a.sym: not used: line 1: bad JSON: ");
}

Test(asm_cli, the_listing_goes_to_standard_output_or_a_file)
{
    write_text("a.mvasm", "twice: RET\n");
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe --listing"), 0);
    expect_in("out", "0000  25000000                     1  twice: RET\n");
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe --listing=a.lst"), 0);
    expect_in("a.lst", "0000  function  twice  a.mvasm:1\n");
    cr_expect_eq(unlink("a.hxe"), 0);
    cr_expect_eq(unlink("a.sym"), 0);
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe --listing=none/a.lst"), 1);
    expect_in("err", "none/a.lst: cannot write: No such file or directory\n");
    cr_expect_neq(access("a.hxe", F_OK), 0, "all or nothing");
    cr_expect_neq(access("a.sym", F_OK), 0);
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe --listing=/dev/full"), 1);
    cr_expect_neq(access("a.hxe", F_OK), 0);
}

Test(asm_cli, devices_and_endless_files_are_refused)
{
    write_text("a.mvasm", "RET\n.include \"/dev/zero\"\n.include \".\"\n.include \"pipe\"\n");
    cr_assert_eq(mkfifo("pipe", 0600), 0);
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe"), 1);
    expect_in("err", "a.mvasm:2:10: '/dev/zero' is no regular file\n");
    expect_in("err", "a.mvasm:3:10: '.' is no regular file\n");
    expect_in("err", "a.mvasm:4:10: 'pipe' is no regular file\n");
    cr_expect_eq(hsx("asm /dev/zero -o a.hxe"), 1);
    expect_in("err", "/dev/zero: '/dev/zero' is no regular file\n");
    cr_expect_eq(system("yes | " HSX_PROGRAM " asm /dev/stdin -o a.hxe 2>err"), 256);
    expect_in("err", "/dev/stdin: '/dev/stdin' is longer than 16777216 bytes\n");
    cr_expect_eq(system("echo RET | " HSX_PROGRAM " asm /dev/stdin -o a.hxe 2>err"), 0);
    cr_expect_eq(access("a.hxe", F_OK), 0);
}

Test(asm_cli, an_image_without_code_is_not_run)
{
    write_text("a.mvasm", ".data\n.byte 1\n");
    cr_expect_eq(hsx("asm a.mvasm -o a.hxe"), 0);
    cr_expect_eq(hsx("dis a.hxe"), 0);
    cr_expect_eq(hsx("run a.hxe"), 1);
    expect_in("err", "a.hxe: the image has no code\n");
}

Test(asm_cli, an_endless_image_is_refused)
{
    cr_expect_eq(hsx("dis /dev/zero"), 1);
    expect_in("err", "/dev/zero: cannot read: File too large\n");
    cr_expect_eq(hsx("run /dev/zero"), 1);
    expect_in("err", "/dev/zero: File too large\n");
}
