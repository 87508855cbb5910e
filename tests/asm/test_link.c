// SPDX-License-Identifier: Apache-2.0
#include "support.h"
#include <criterion/criterion.h>
#include <string.h>

static void link_good(const struct source *files, size_t count, struct outcome *result)
{
    assemble_files(files, count, NULL, result);
    cr_assert_eq(result->status, HSX_OK, "%s", result->errors);
}

static void link_bad(const struct source *files, size_t count, const char *errors)
{
    struct outcome result;

    assemble_files(files, count, NULL, &result);
    cr_expect_eq(result.status, HSX_ERR_FORMAT);
    cr_expect_str_eq(result.errors, errors, "got:\n%sexpected:\n%s", result.errors, errors);
    release(&result);
}

Test(asm_link, files_follow_each_other_in_order)
{
    const struct source files[] = {
        {"a.mvasm", ".extern f, table\n.entry start\nstart: CALL f\nLDI32 R1, table\n"
                    ".data\n.byte 1, 2"},
        {"b.mvasm", ".export f\nf: RET\nJMP f\n.data\n.export table\n.align 4\ntable: .byte 7"},
        {0}};
    struct outcome result;

    link_good(files, 2, &result);
    cr_expect_eq(code_word(&result, 0), 0x2400000C);
    cr_expect_eq(code_word(&result, 8), 0x4004);
    cr_expect_eq(code_word(&result, 12), 0x25000000);
    cr_expect_eq(code_word(&result, 16), 0x2100000C, "labels move with their file");
    cr_expect_eq(result.image.ro_len, 5);
    cr_expect_eq(result.image.ro[4], 7);
    release(&result);
    link_good((const struct source[]){files[1], files[0], {0}}, 2, &result);
    cr_expect_eq(code_word(&result, 0), 0x25000000);
    cr_expect_eq(result.image.entry, 8);
    cr_expect_eq(code_word(&result, 8), 0x24000FF8);
    release(&result);
}

Test(asm_link, import_is_extern)
{
    const struct source files[] = {
        {"a.mvasm", ".import f\nJMP f"}, {"b.mvasm", "f: RET\n.export f"}, {0}};
    struct outcome result;

    link_good(files, 2, &result);
    cr_expect_eq(code_word(&result, 0), 0x21000004);
    release(&result);
}

Test(asm_link, labels_that_are_not_exported_stay_in_their_file)
{
    const struct source files[] = {{"a.mvasm", ".extern f\nloop: JMP loop\nJMP f"},
                                   {"b.mvasm", "loop: JMP loop\nf: RET"},
                                   {0}};

    link_bad(files, 2, "a.mvasm:3:5: unknown label 'f'\n");
}

Test(asm_link, one_name_can_serve_two_files)
{
    const struct source files[] = {
        {"a.mvasm", "loop: JMP loop"}, {"b.mvasm", ".export loop\nloop: JMP loop"}, {0}};
    struct outcome result;

    link_good(files, 2, &result);
    cr_expect_eq(code_word(&result, 0), 0x21000000, "a file's own label comes first");
    cr_expect_eq(code_word(&result, 4), 0x21000004);
    release(&result);
}

Test(asm_link, a_name_is_exported_once)
{
    const struct source files[] = {
        {"a.mvasm", "f: RET\n.export f"}, {"b.mvasm", ".export f\nf: RET"}, {0}};

    link_bad(files, 2, "b.mvasm:1:9: 'f' is already exported at a.mvasm:2:9\n");
}

Test(asm_link, a_header_may_declare_what_its_user_defines)
{
    const struct source files[] = {
        {"a.mvasm", ".include \"f.inc\"\n.export f\nf: RET\nJMP f"}, {"f.inc", ".extern f\n"}, {0}};
    struct outcome result;

    link_good(files, 1, &result);
    cr_expect_eq(code_word(&result, 4), 0x21000000);
    release(&result);
}

Test(asm_link, each_file_starts_in_text)
{
    const struct source files[] = {{"a.mvasm", "RET\n.data\n.byte 1"}, {"b.mvasm", "RET"}, {0}};
    struct outcome result;

    link_good(files, 2, &result);
    cr_expect_eq(result.image.code_len, 8);
    release(&result);
}

Test(asm_link, entry_can_lie_in_another_file)
{
    const struct source files[] = {
        {"a.mvasm", ".entry main\n.extern main\nRET"}, {"b.mvasm", ".export main\nmain: RET"}, {0}};
    struct outcome result;

    link_good(files, 2, &result);
    cr_expect_eq(result.image.entry, 4);
    release(&result);
}

Test(asm_link, a_second_entry_is_refused_across_files)
{
    const struct source files[] = {{"a.mvasm", ".entry\nRET"}, {"b.mvasm", ".entry 4\nRET"}, {0}};

    link_bad(files, 2, "b.mvasm:1:8: a second .entry, the first is at a.mvasm:1:7\n");
}

Test(asm_link, include_is_relative_to_the_including_file)
{
    const struct source files[] = {{"src/a.mvasm", ".include \"lib/b.inc\"\nJMP inner"},
                                   {"src/lib/b.inc", ".include \"c.inc\"\r\n"},
                                   {"src/lib/c.inc", "RET\ninner: RET\n"},
                                   {0}};
    struct outcome result;

    link_good(files, 1, &result);
    cr_expect_eq(code_word(&result, 8), 0x21000004);
    release(&result);
}

Test(asm_link, hsx_inc_is_built_in)
{
    const struct source files[] = {
        {"src/a.mvasm", ".include \"hsx.inc\"\nSVC SVC_MBOX_SEND\nLDI R1, MODE_READ + MODE_WRITE\n"
                        "LDI R2, MBOX_INTERNAL_ERROR\nLDI32 R3, WAIT_FOREVER\n"},
        {0}};
    struct outcome result;

    link_good(files, 1, &result);
    cr_expect_eq(code_word(&result, 0), 0x30000502);
    cr_expect_eq(code_word(&result, 4), 0x01100003);
    cr_expect_eq(code_word(&result, 8), 0x012000FF);
    cr_expect_eq(code_word(&result, 16), 0xFFFF);
    release(&result);
}

Test(asm_link, a_file_called_hsx_inc_comes_before_the_one_built_in)
{
    const struct source files[] = {{"src/a.mvasm", ".include \"hsx.inc\"\nSVC SVC_EXIT"},
                                   {"src/hsx.inc", ".equ SVC_EXIT, 0x123\n"},
                                   {0}};
    struct outcome result;

    link_good(files, 1, &result);
    cr_expect_eq(code_word(&result, 0), 0x30000123);
    release(&result);
}

Test(asm_link, an_error_names_the_included_file)
{
    const struct source files[] = {
        {"src/a.mvasm", "RET\n.include \"b.inc\""}, {"src/b.inc", "\n FOO"}, {0}};

    link_bad(files, 1, "src/b.inc:2:2: unknown instruction 'FOO'\n");
}

Test(asm_link, include_cycles_are_refused)
{
    const struct source files[] = {{"a.mvasm", "RET\n.include \"b.inc\""},
                                   {"b.inc", ".include \"c.inc\""},
                                   {"c.inc", "  .include \"b.inc\""},
                                   {0}};

    link_bad(files, 1, "c.inc:1:12: 'b.inc' includes itself\n");
}

Test(asm_link, constants_are_exported_like_labels)
{
    const struct source files[] = {{"a.mvasm", ".extern N\nLDI R1, N\nRET"},
                                   {"b.mvasm", ".export N\n.equ N, 7\n.equ M, 1"},
                                   {"c.mvasm", ".equ M, 2\n.include \"n.inc\"\nLDI R2, M"},
                                   {"n.inc", ".equ M, 2"},
                                   {0}};
    struct outcome result;

    link_good(files, 3, &result);
    cr_expect_eq(code_word(&result, 0), 0x01100007);
    cr_expect_eq(code_word(&result, 8), 0x01200002, "each file has its own");
    release(&result);
}

Test(asm_link, extern_exports_what_the_file_defines)
{
    const struct source files[] = {
        {"a.mvasm", ".extern f\nJMP f"}, {"b.mvasm", ".extern f\nf: RET"}, {0}};
    struct outcome result;

    link_good(files, 2, &result);
    cr_expect_eq(code_word(&result, 0), 0x21000004);
    release(&result);
}

Test(asm_link, the_first_bare_entry_counts)
{
    const struct source files[] = {{"a.mvasm", "RET\n.entry\nRET"},
                                   {"b.mvasm", ".entry\nRET"},
                                   {"c.mvasm", "m: RET\n.entry m"},
                                   {0}};
    struct outcome result;

    link_good(files, 2, &result);
    cr_expect_eq(result.image.entry, 4);
    release(&result);
    link_bad(files, 3, "c.mvasm:2:8: a second .entry, the first is at a.mvasm:2:7\n");
}
