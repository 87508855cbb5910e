// SPDX-License-Identifier: Apache-2.0
/* Snapshots: a continued run equals an unbroken one; bad files are refused. */
#include "fixture.h"
#include <criterion/criterion.h>
#include <hsx/trace.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { STEPS = 3000 };

static const char *const sender =
    ".text\n.entry\nLDI R9, 1\nLDI32 R1, n\nLDI R2, 3\nSVC 0x500\nMOV R7, R1\nm: MOV R1, R7\n"
    "LDI32 R2, n\nLDI R3, 5\nLDI R4, 0\nLDI R5, 7\nSVC 0x502\nADD R8, R8, R9\nLDI R0, 2\n"
    "SVC 0x600\nJMP m\n.data\nn: .asciz \"app:snap\"\n";
static const char *const receiver =
    ".text\n.entry\nLDI32 R1, n\nLDI R2, 3\nSVC 0x500\nMOV R7, R1\nm: MOV R1, R7\nLDI32 R2, b\n"
    "LDI R3, 8\nLDI R4, 1\nLDI32 R5, i\nSVC 0x503\nPUSH R0\nPOP R10\nJMP m\n"
    ".data\nn: .asciz \"app:snap\"\nb: .zero 8\ni: .zero 20\n";
static const char *const tapping =
    ".text\n.entry\nLDI32 R1, n\nLDI R2, 3\nSVC 0x500\nMOV R7, R1\nLDI R2, 1\nSVC 0x505\n"
    "m: MOV R1, R7\nLDI32 R2, n\nLDI R3, 0\nLDI R4, -1\nLDI R5, 0\nSVC 0x503\nNOT R8, R8\nJMP m\n"
    ".data\nn: .asciz \"app:snap\"\n";
static const char *const overflow = ".text\n.entry\nm: PUSH R1\nJMP m\n";

static struct hsx_exec_config config(uint64_t latency)
{
    struct hsx_exec_config c;

    hsx_exec_config_init(&c);
    c.tick_steps = 11;
    c.trap_latency = latency;
    c.stack_bytes = 0x200;
    c.descriptors = 24; /* small pools are quick to copy */
    c.handles = 8;
    return c;
}

static void load_all(struct fixture *fx)
{
    fx_load(fx, receiver);
    fx_load(fx, sender);
    fx_load(fx, tapping);
    fx_load(fx, overflow);
    cr_assert_eq(hsx_exec_set_slice(fx->exec, 2, 3), HSX_OK);
}

/* Runs; returns the events of its trace in *text. */
static void traced(struct fixture *fx, uint64_t steps, char **text, size_t *size)
{
    FILE *out = open_memstream(text, size);
    struct hsx_trace *trace;
    struct hsx_exec_sink sink;
    uint32_t addr;
    size_t header;

    cr_assert_eq(hsx_trace_create(fx->target, out, HSX_TRACE_TEXT, NULL, &trace), HSX_OK);
    cr_assert_eq(hsx_trace_begin(trace, &(struct hsx_trace_header){0}), HSX_OK);
    sink = hsx_trace_sink(trace);
    hsx_exec_set_sink(fx->exec, &sink);
    fx_run(fx, steps);
    hsx_exec_set_sink(fx->exec, NULL);
    cr_assert_eq(hsx_trace_end(trace), HSX_OK);
    cr_assert_eq(hsx_trace_check(trace, &addr), HSX_OK);
    hsx_trace_destroy(trace);
    fclose(out);
    header = (size_t)(strchr(*text, '\n') + 1 - *text);
    *size -= header;
    memmove(*text, *text + header, *size + 1);
}

static void compare_at(uint64_t at, const struct hsx_exec_config *c, const char *whole)
{
    struct hsx_task_info before[8], after[8];
    struct hsx_exec_config other = config(0);
    struct hsx_exec_error error;
    struct fixture first, second;
    char *head, *tail;
    size_t head_size, tail_size, count;
    uint8_t *bytes;
    size_t size;

    fx_open(&first, c, 8);
    load_all(&first);
    traced(&first, at, &head, &head_size);
    cr_assert_eq(hsx_exec_save(first.exec, &bytes, &size), HSX_OK);
    cr_assert_eq(hsx_exec_tasks(first.exec, before, 8, &count), HSX_OK);
    fx_close(&first);
    other.protect = false; /* the snapshot's configuration counts */
    other.tick_steps = 1;
    fx_open(&second, &other, 8);
    fx_load(&second, overflow); /* the previous state must leave no trace */
    fx_run(&second, 5);
    cr_assert_eq(hsx_exec_restore(second.exec, bytes, size, &error), HSX_OK, "%s", error.text);
    cr_assert_eq(hsx_exec_tasks(second.exec, after, 8, &count), HSX_OK);
    cr_assert_eq(count, 4);
    cr_assert(fx_same_tasks(before, after, count), "tasks differ at %u", (unsigned)at);
    traced(&second, STEPS - at, &tail, &tail_size);
    cr_assert_eq(strncmp(whole, head, head_size), 0);
    cr_assert_str_eq(whole + head_size, tail, "saved after %u steps", (unsigned)at);
    fx_close(&second);
    free(head);
    free(tail);
    free(bytes);
}

static void compare_at_random_points(uint64_t latency, unsigned points)
{
    struct hsx_exec_config c = config(latency);
    struct fixture fx;
    uint32_t state = 12345;
    char *whole;
    size_t size;

    fx_open(&fx, &c, 8);
    load_all(&fx);
    traced(&fx, STEPS, &whole, &size);
    fx_close(&fx);
    for (unsigned i = 0; i < points; i++) {
        state = state * 1664525 + 1013904223;
        compare_at((state >> 8) % STEPS, &c, whole);
    }
    free(whole);
}

Test(snapshot, a_continued_run_equals_an_unbroken_one)
{
    compare_at_random_points(0, 100);
}

Test(snapshot, also_while_traps_wait_for_a_far_executive)
{
    compare_at_random_points(5, 30);
}

static struct fixture fx;
static uint8_t *file;
static size_t file_size;

static void open_saved(void)
{
    struct hsx_exec_config c = config(0);

    fx_open(&fx, &c, 8);
    load_all(&fx);
    fx_run(&fx, 777);
    cr_assert_eq(hsx_exec_save(fx.exec, &file, &file_size), HSX_OK);
}

static void close_saved(void)
{
    free(file);
    fx_close(&fx);
}

TestSuite(snapshot_file, .init = open_saved, .fini = close_saved);

static void expect_refused(size_t size)
{
    struct hsx_exec_stats before, after;
    struct hsx_exec_error error;
    uint8_t *again;
    size_t again_size;

    cr_assert_eq(hsx_exec_stats(fx.exec, &before), HSX_OK);
    cr_assert_eq(hsx_exec_restore(fx.exec, file, size, &error), HSX_ERR_FORMAT);
    cr_assert_str_not_empty(error.text);
    cr_assert_eq(hsx_exec_stats(fx.exec, &after), HSX_OK);
    cr_assert(fx_same_stats(&before, &after));
    cr_assert_eq(hsx_exec_save(fx.exec, &again, &again_size), HSX_OK);
    cr_assert_eq(again_size, file_size, "the state has changed");
    free(again);
}

Test(snapshot_file, saved_twice_is_the_same)
{
    struct hsx_exec_error error;
    uint8_t *again;
    size_t size;

    cr_assert_eq(hsx_exec_restore(fx.exec, file, file_size, &error), HSX_OK, "%s", error.text);
    cr_assert_eq(hsx_exec_save(fx.exec, &again, &size), HSX_OK);
    cr_assert_eq(size, file_size);
    cr_assert_arr_eq(again, file, size);
    free(again);
}

Test(snapshot_file, damaged_and_foreign_files_are_refused)
{
    expect_refused(0);
    expect_refused(11);
    expect_refused(file_size - 1);
    file[file_size / 2] ^= 1;
    expect_refused(file_size);
    file[file_size / 2] ^= 1;
    file[0] = 'X';
    expect_refused(file_size);
}

Test(snapshot_file, of_another_machine_or_profile_are_refused)
{
    struct hsx_exec_config c;

    fx_close(&fx);
    hsx_exec_config_init(&c);
    fx_open(&fx, &c, 9);
    cr_assert_eq(hsx_exec_restore(fx.exec, file, file_size, &(struct hsx_exec_error){""}),
                 HSX_ERR_FORMAT);
    fx_close(&fx);
    c.profile = HSX_PROFILE_EMBEDDED;
    fx_open(&fx, &c, 8);
    cr_assert_eq(hsx_exec_restore(fx.exec, file, file_size, &(struct hsx_exec_error){""}),
                 HSX_ERR_FORMAT);
    cr_assert_eq(fx_run(&fx, 10), HSX_RUN_ENDED, "and the executive is as it was");
}

/* Little-endian, as in docs/snapshot.md. */
static void put(uint8_t *at, uint32_t value, unsigned width)
{
    for (unsigned i = 0; i < width; i++) {
        at[i] = (uint8_t)(value >> 8 * i);
    }
}

/* The task's arenas in the snapshot: code_base, code_len, data_base. */
static uint8_t *arenas_of(uint32_t pid)
{
    const struct hsx_task_info info = fx_task(&fx, pid);
    uint8_t wanted[10];
    size_t at = 0;

    put(wanted, info.ctx.code_base, 2);
    put(wanted + 2, info.ctx.code_len, 4);
    put(wanted + 6, info.ctx.data_base, 4);
    while (memcmp(file + at, wanted, sizeof wanted) != 0) {
        at++;
        cr_assert_leq(at, file_size - sizeof wanted);
    }
    return file + at;
}

Test(snapshot_file, arenas_outside_their_memory_are_refused)
{
    enum { HEADER = 20, CRC_AT = 16 };
    const struct hsx_context ctx = fx_task(&fx, 2).ctx;
    uint8_t *arenas = arenas_of(2);
    const struct {
        uint8_t *at;
        uint32_t value, was;
    } cases[] = {{arenas + 2, HSX_CODE_SIZE, ctx.code_len},
                 {arenas + 6, HSX_DATA_LINK - 4, ctx.data_base},
                 {arenas + 6, HSX_DATA_SIZE, ctx.data_base}};

    cr_assert_gt(ctx.code_base, 0);
    cr_assert_gt(ctx.data_len, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hsx_exec_error error = {""};

        put(cases[i].at, cases[i].value, 4);
        put(file + CRC_AT,
            (uint32_t)crc32(crc32(0, file, CRC_AT), file + HEADER, (uInt)(file_size - HEADER)), 4);
        cr_expect_eq(hsx_exec_restore(fx.exec, file, file_size, &error), HSX_ERR_FORMAT);
        cr_expect_not_null(strstr(error.text, "outside its memory"), "%zu: %s", i, error.text);
        put(cases[i].at, cases[i].was, 4);
    }
}
