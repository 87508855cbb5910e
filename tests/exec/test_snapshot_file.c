// SPDX-License-Identifier: Apache-2.0
/* Snapshots with one changed field (docs/snapshot.md), up to each limit and past it; and a target
 * that refuses one that is in order. */
#include "puppet.h"
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

/* ---- The bytes of the format */

/* Two whole machines, as bytes: size and checksum. When the format changes, so does its version;
 * when something else changes what a machine holds, these two lines change. */
static void expect_bytes(struct fixture *machine, size_t size, uint32_t crc)
{
    struct hsx_exec_config config;
    struct fixture other;
    uint8_t *bytes, *again;
    size_t bytes_size, again_size;

    cr_assert_eq(hsx_exec_save(machine->exec, &bytes, &bytes_size), HSX_OK);
    cr_expect_eq(bytes_size, size, "%zu bytes", bytes_size);
    cr_expect_eq((uint32_t)crc32(0, bytes, (uInt)bytes_size), crc, "checksum 0x%08X",
                 (unsigned)crc32(0, bytes, (uInt)bytes_size));
    hsx_exec_get_config(machine->exec, &config);
    fx_open(&other, &config, 8);
    cr_assert_eq(hsx_exec_restore(other.exec, bytes, bytes_size, NULL), HSX_OK);
    cr_assert_eq(hsx_exec_save(other.exec, &again, &again_size), HSX_OK);
    cr_expect(again_size == bytes_size && memcmp(again, bytes, bytes_size) == 0);
    free(bytes);
    free(again);
    fx_close(&other);
}

/* Full mailboxes, fan-out readers at several places, taps, waits with and without deadlines. */
Test(snapshot_bytes, of_mailboxes_stay_as_they_are)
{
    const struct fx_image image = {
        ".text\n.entry\nBRK\n.data\n.word 1, 2, 3\n"
        ".mailbox {\"target\": \"app:meta\", \"capacity\": 100, \"bindings\": [1, 2]}\n",
        2, "meta"};
    const struct hsx_mbox_message message = {.length = 9, .flags = 4, .channel = 0x1234};
    struct hsx_exec_config config;
    enum hsx_mbox_status result;
    struct fixture machine;
    uint32_t pid, p[5], handle;
    uint16_t host;
    size_t size;
    uint8_t *bytes = fx_assemble(&image, &size);

    hsx_exec_config_init(&config);
    config.profile = HSX_PROFILE_EMBEDDED;
    config.tick_steps = 0;
    config.stack_bytes = 0x100;
    config.ring = 16;
    fx_open(&machine, &config, 8);
    for (unsigned i = 0; i < 5; i++) {
        p[i] = puppet_load(&machine);
    }
    cr_assert_eq(hsx_exec_load(machine.exec, bytes, size, NULL, &pid, NULL), HSX_OK);
    free(bytes);
    fx_run(&machine, 1);
    cr_assert_eq(p_bind(&machine, p[0], "app:fan", 60, FANOUT | DROP), OK);
    for (unsigned i = 0; i < 3; i++) { /* three readers, of whom the second reads */
        handle = p_handle(&machine, p[i], "app:fan", 3);
        cr_assert_eq(p_tap(&machine, p[i], handle, i == 2), OK);
    }
    for (unsigned i = 0; i < 6; i++) {
        static const char *const texts[] = {"one", "second", "3", "the fourth", "five", "sixth"};

        handle = p_handle(&machine, p[3], "app:fan", 2);
        cr_assert_eq(p_send(&machine, p[3], handle, texts[i]), OK);
        cr_assert_eq(p_close(&machine, p[3], handle), OK);
        if (i == 3) {
            cr_assert_eq(p_recv(&machine, p[1], 4, 0), OK);
        }
    }
    cr_assert_eq(hsx_exec_host_open(machine.exec, "app:later", 3, &host, &result), HSX_OK);
    cr_assert_eq(hsx_exec_host_send(machine.exec, host, &message, "from host", &result), HSX_OK);
    cr_assert_eq(result, HSX_MBOX_OK);
    for (unsigned i = 0; i < 3; i++) { /* two wait for the same, one of them not for ever */
        handle = p_handle(&machine, p[i], i < 2 ? "app:never" : "svc:mine", 3);
        cr_assert_eq(
            puppet_call(&machine, p[i], RECV,
                        (struct args){{0, handle, PUPPET_DATA + PUPPET_BUFFER, 100 + i,
                                       i == 0 ? 500 : FOREVER, PUPPET_DATA + PUPPET_INFO}}),
            BLOCKED);
    }
    cr_assert_eq(puppet_call(&machine, p[3], 0x600, (struct args){{1000}}), BLOCKED);
    cr_assert_eq(hsx_exec_pause(machine.exec, p[3]), HSX_OK);
    cr_assert_eq(hsx_exec_kill(machine.exec, p[4]), HSX_OK);
    expect_bytes(&machine, 4469, 0x3225E108);
    fx_close(&machine);
}

/* Ended tasks of each kind, an open turn, traps of a far executive, a tick that is due. */
Test(snapshot_bytes, of_tasks_stay_as_they_are)
{
    struct hsx_exec_load load = {.name = "a name", .slice = 5};
    struct hsx_exec_config config;
    struct fixture machine;
    struct hsx_context ctx;
    size_t size;
    uint8_t *bytes;
    uint32_t pid;

    hsx_exec_config_init(&config);
    config.profile = HSX_PROFILE_EMBEDDED;
    config.trap_latency = 20;
    config.tick_steps = 7;
    config.stack_bytes = 0x200;
    config.ring = 40;
    config.protect = false;
    fx_open(&machine, &config, 8);
    fx_load(&machine, ".text\n.entry\nLDI R0, 3\nRET\n");
    fx_load(&machine, ".text\n.entry\nPUSH R1\nPOP R2\nPOP R3\n");
    fx_load(&machine, ".text\n.entry\nLDI R0, 9\nSVC 0x100\n");
    bytes = fx_assemble(
        &(struct fx_image){.source = "a: CALL b\nJMP a\nb: PUSH R1\nSVC 0x000\nPOP R1\nRET"},
        &size);
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(hsx_exec_load(machine.exec, bytes, size, &load, &pid, NULL), HSX_OK);
    }
    free(bytes);
    cr_assert_eq(hsx_exec_pause(machine.exec, pid), HSX_OK);
    ctx = fx_task(&machine, pid).ctx;
    ctx.sp = (uint16_t)(ctx.stack_limit - 4);
    cr_assert_eq(hsx_exec_write_context(machine.exec, pid, &ctx), HSX_OK);
    cr_assert_eq(hsx_exec_resume(machine.exec, pid), HSX_OK);
    cr_assert_eq(fx_state(&machine, pid), HSX_FAULTED);
    fx_load(&machine, ".text\n.entry\nl: ADD R1, R1, R1\nJMP l\n.data\n.zero 200\n");
    fx_run(&machine, 56);
    expect_bytes(&machine, 4402, 0x19CC0E5F);
    fx_close(&machine);
}

/* Handles have numbers of their task: the one in the first place of the next task may have the
 * same. */
Test(snapshot_bytes, take_handles_of_one_number_from_two_tasks)
{
    struct fixture machine;
    uint32_t first, second;
    uint8_t *bytes;
    size_t size;

    puppets_open(&machine, HSX_PROFILE_DESKTOP, 2);
    first = puppet_load(&machine);
    second = puppet_load(&machine);
    for (uint32_t handle = 1; handle <= 3; handle++) {
        cr_assert_eq(p_close(&machine, second, handle), OK);
    }
    cr_assert_eq(p_handle(&machine, second, "app:a", 3), 4);
    cr_assert_eq(p_handle(&machine, first, "app:b", 3), 4);
    cr_assert_eq(hsx_exec_save(machine.exec, &bytes, &size), HSX_OK);
    cr_expect_eq(hsx_exec_restore(machine.exec, bytes, size, NULL), HSX_OK);
    free(bytes);
    fx_close(&machine);
}

/* In each part of them that is read or written at once. */
Test(snapshot_bytes, hold_both_memories_to_their_ends)
{
    struct fixture from, to;
    uint8_t *bytes;
    size_t size;

    fx_open(&from, NULL, 8);
    fx_open(&to, NULL, 8);
    for (uint32_t at = 0; at < HSX_CODE_SIZE; at += 252) {
        const uint32_t word = ~at;

        cr_assert_eq(from.target->ops->write_code(from.target, at, &word, 1), HSX_OK);
        cr_assert_eq(hsx_exec_poke(from.exec, at, &word, sizeof word), HSX_OK);
    }
    cr_assert_eq(hsx_exec_save(from.exec, &bytes, &size), HSX_OK);
    cr_assert_eq(hsx_exec_restore(to.exec, bytes, size, NULL), HSX_OK);
    free(bytes);
    for (uint32_t at = 0; at < HSX_CODE_SIZE; at += 252) {
        uint32_t word = 0;

        cr_assert_eq(to.target->ops->read_code(to.target, at, &word, 1), HSX_OK);
        cr_assert_eq(word, ~at, "code at 0x%04X", (unsigned)at);
        cr_assert_eq(fx_word(&to, at), ~at, "data at 0x%04X", (unsigned)at);
    }
    fx_close(&from);
    fx_close(&to);
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
    for (uint32_t pid = 1; pid <= 3;
         pid++) { /* other tasks than the saved ones, in the same slots */
        cr_assert_eq(hsx_exec_kill(fx.exec, pid), HSX_OK);
        fx_load(&fx,
                ".text\n.entry\nNOT R1, R1\nloop: PUSH R1\nPOP R1\nJMP loop\n.data\n.word 1\n");
    }
    for (unsigned writes = 0; writes < 3; writes++) {
        struct hsx_exec_error error = {""};
        uint8_t *before, *after;
        size_t size, size_after;

        fx_run(&fx, 100);
        fx_set_reg(&fx, 6, 7, writes);
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
