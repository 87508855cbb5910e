// SPDX-License-Identifier: Apache-2.0
/* Snapshots with one changed field (docs/snapshot.md), up to each limit and past it; and a target
 * that refuses one that is in order. */
#include "fixture.h"
#include <criterion/criterion.h>
#include <hsx/machine.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Offsets of the first parts, whose lengths do not vary. */
enum { CRC_AT = 16, HEADER = 20, NOW = 54, NEXT_PID = 62, NEXT_END = 66 };

static struct fixture fx;
static uint8_t *file;
static size_t file_size;

/* Task 1 sleeps for as long as there is, task 2 has ended, task 3 runs. */
static void open_saved(void)
{
    fx_open(&fx, NULL, 4);
    fx_load(&fx, ".text\n.entry\nLDI R0, -1\nSVC 0x600\nRET\n");
    fx_load(&fx, ".text\n.entry\nRET\n");
    fx_load(&fx, ".text\n.entry\nloop: JMP loop\n");
    fx_run(&fx, 2500);
    cr_assert_eq(hsx_exec_save(fx.exec, &file, &file_size), HSX_OK);
}

static void close_saved(void)
{
    free(file);
    fx_close(&fx);
}

TestSuite(snapshot_field, .init = open_saved, .fini = close_saved);

static uint64_t get(size_t at, unsigned width)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < width; i++) {
        value |= (uint64_t)file[at + i] << 8 * i;
    }
    return value;
}

static void put(size_t at, uint64_t value, unsigned width)
{
    for (unsigned i = 0; i < width; i++) {
        file[at + i] = (uint8_t)(value >> 8 * i);
    }
}

/* The place of some bytes that are there once. */
static size_t find(const void *bytes, size_t len)
{
    size_t found = 0;

    for (size_t at = HEADER; at + len <= file_size; at++) {
        if (memcmp(file + at, bytes, len) == 0) {
            cr_assert_eq(found, 0, "it is there twice");
            found = at;
        }
    }
    cr_assert_neq(found, 0, "it is not there");
    return found;
}

/* The snapshot with another value is taken if why is NULL, else refused with those words; the value
 * that it had comes back. */
static void expect(size_t at, unsigned width, uint64_t value, const char *why)
{
    uint64_t was = get(at, width);
    struct hsx_exec_error error = {""};
    enum hsx_status status;

    put(at, value, width);
    put(CRC_AT, crc32(crc32(0, file, CRC_AT), file + HEADER, (uInt)(file_size - HEADER)), 4);
    status = hsx_exec_restore(fx.exec, file, file_size, &error);
    cr_expect_eq(status, why ? HSX_ERR_FORMAT : HSX_OK, "%zu = %llu: %s", at,
                 (unsigned long long)value, error.text);
    cr_expect(!why || strstr(error.text, why), "%zu = %llu: '%s', not '%s'", at,
              (unsigned long long)value, error.text, why);
    put(at, was, width);
}

Test(snapshot_field, a_deadline_is_in_the_future_and_in_reach)
{
    /* The wait of task 1 and its deadline. */
    static const uint8_t wait[16] = {HSX_SLEEP, [8] = 0xFF, 0xFF, 0xFF, 0xFF};
    uint64_t deadline = fx_task(&fx, 1).deadline;
    uint64_t now = get(NOW, 8);

    cr_assert_eq(now, 2);
    cr_assert_eq(deadline, UINT32_MAX);
    expect(NOW, 8, 0, NULL); /* the furthest */
    expect(NOW, 8, now, NULL);
    expect(NOW, 8, deadline - 1, NULL);
    expect(NOW, 8, deadline, "deadline");
    expect(NOW, 8, deadline + 1, "deadline");
    put(NOW, 0, 8);
    put(CRC_AT, crc32(crc32(0, file, CRC_AT), file + HEADER, (uInt)(file_size - HEADER)), 4);
    cr_assert_eq(hsx_exec_restore(fx.exec, file, file_size, NULL), HSX_OK);
    expect(find(wait, sizeof wait) + 8, 8, 1ull << 32, "deadline");
}

Test(snapshot_field, ids_and_ends_are_below_the_next)
{
    cr_assert_eq(get(NEXT_PID, 4), 4);
    cr_assert_eq(get(NEXT_END, 8), 1);
    expect(NEXT_PID, 4, 3, "id");
    expect(NEXT_PID, 4, 0, "id");
    expect(NEXT_PID, 4, 5, NULL);
    expect(NEXT_PID, 4, 0x10000, NULL);
    expect(NEXT_PID, 4, 0x10001, "range");
    expect(NEXT_END, 8, 0, "end");
    expect(NEXT_END, 8, 2, NULL);
}

/* Each handle of task 1: its place, its number, its mode. */
Test(snapshot_field, a_task_has_each_handle_once)
{
    uint8_t handle[6] = {0, 0, 0, 0, 3, 0};

    for (uint8_t n = 1; n <= 3; n++) {
        size_t at;

        handle[0] = (uint8_t)(n - 1);
        handle[2] = n;
        at = find(handle, sizeof handle);
        for (uint16_t number = 0; number <= 5; number++) { /* 4 and 5 are not yet due */
            expect(at + 2, 2, number, number == n ? NULL : "handle");
        }
    }
}

/* ---- A target that refuses */

static const struct hsx_target_ops *whole;
static unsigned writes_left; /* of contexts, before one is refused */

static enum hsx_status write_context(struct hsx_target *t, uint8_t slot,
                                     const struct hsx_context *ctx)
{
    if (writes_left == 0) {
        writes_left = UINT32_MAX;
        return HSX_ERR_ARGUMENT;
    }
    writes_left--;
    return whole->write_context(t, slot, ctx);
}

/* It refuses after it has taken several contexts, and gets the old ones back. */
Test(snapshot_field, a_target_that_refuses_has_its_old_state_back)
{
    struct hsx_target_ops ops;

    whole = fx.target->ops;
    ops = *whole;
    ops.write_context = write_context;
    for (unsigned writes = 0; writes < 3; writes++) {
        struct hsx_exec_error error = {""};
        uint8_t *before, *after;
        size_t size, size_after;

        fx_run(&fx, 100);
        fx_set_reg(&fx, 3, 7, writes);
        cr_assert_eq(hsx_exec_save(fx.exec, &before, &size), HSX_OK);
        fx.target->ops = &ops;
        writes_left = writes;
        cr_expect_eq(hsx_exec_restore(fx.exec, file, file_size, &error), HSX_ERR_ARGUMENT);
        cr_expect_str_eq(error.text, "this target cannot hold it");
        fx.target->ops = whole;
        cr_assert_eq(hsx_exec_save(fx.exec, &after, &size_after), HSX_OK);
        cr_expect_eq(size_after, size);
        cr_expect(size_after == size && memcmp(before, after, size) == 0, "after %u writes",
                  writes);
        free(before);
        free(after);
    }
    cr_expect_eq(fx_run(&fx, 100), HSX_RUN_STEPS);
}
