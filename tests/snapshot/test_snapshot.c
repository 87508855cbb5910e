// SPDX-License-Identifier: Apache-2.0
/* A run continued from a snapshot equals the uninterrupted run; a file that is not a
 * valid snapshot changes nothing. */
#include "machine.h"
#include <criterion/criterion.h>
#include <hsx/target_vm.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { STEPS = 3000, HEADER = 20, CRC_AT = 16, FORGERIES = 1000 };

static const char *const storm = HSX_TEST_IMAGES "/storm.hxe";

/* Five storms with different slices. The last one is paused before it has opened any
 * mailbox: as a reader it would keep messages that others have read. */
static void open_storm(struct machine *m, bool rtl)
{
    machine_open(m, rtl);
    for (unsigned i = 0; i < 5; i++) {
        machine_load(m, storm, (uint8_t)(1 + i * i));
    }
    cr_assert_eq(hsx_exec_pause(m->exec, 5), HSX_OK);
    machine_run(m, 400);
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* The trace of a run of steps. */
static char *unbroken(bool rtl, uint64_t steps)
{
    struct machine m;
    char *text;

    open_storm(&m, rtl);
    machine_trace(&m);
    machine_run(&m, steps);
    text = machine_text(&m);
    machine_close(&m);
    return text;
}

/* A whole trace is too long for a message. */
static void assert_same_text(const char *expected, const char *got)
{
    size_t at = 0;

    while (expected[at] != '\0' && expected[at] == got[at]) {
        at++;
    }
    while (at > 0 && expected[at - 1] != '\n') {
        at--;
    }
    cr_assert(strcmp(expected, got) == 0, "expected %.200s, got %.200s", expected + at, got + at);
}

/* The same run, but moved at a point from one machine to another; expected is
 * its trace. */
static void check_point(struct machine *from, bool rtl, uint64_t rest, const char *expected)
{
    uint8_t *bytes, *again;
    size_t size, size_again;
    struct machine to;
    char *head, *tail;

    machine_save(from, &bytes, &size);
    machine_open(&to, rtl);
    machine_load(&to, storm, 1); /* the old contents must disappear */
    machine_run(&to, 77);
    machine_restore(&to, bytes, size);
    machine_save(&to, &again, &size_again);
    cr_assert(size == size_again && memcmp(bytes, again, size) == 0, "saved again it differs");
    machine_trace(&to);
    machine_run(&to, rest);
    head = machine_text(from);
    tail = machine_text(&to);
    cr_assert(strncmp(expected, head, strlen(head)) == 0, "saving disturbed the run");
    assert_same_text(expected + strlen(head), tail);
    free(head);
    free(tail);
    free(bytes);
    free(again);
    machine_close(&to);
}

/* Random points of one run, in order; at each of them the running machine is also
 * inspected. */
static void check_points(bool from_rtl, bool to_rtl, unsigned points, uint64_t seed)
{
    char *expected = unbroken(from_rtl, STEPS);
    struct machine m;
    uint64_t at = 0;

    open_storm(&m, from_rtl);
    machine_trace(&m);
    for (unsigned i = 0; i < points; i++) {
        uint64_t step = next_random(&seed) % (2 * STEPS / points - 1);

        if (at + step > STEPS) {
            step = STEPS - at;
        }
        at += step;
        machine_run(&m, step);
        check_point(&m, to_rtl, STEPS - at, expected);
    }
    machine_close(&m);
    free(expected);
}

Test(snapshot, continues_from_100_random_points)
{
    check_points(false, false, 100, 1);
}

Test(snapshot, continues_on_the_core_from_100_random_points)
{
    check_points(true, true, 100, 2);
}

Test(snapshot, continues_on_the_core_from_the_vm)
{
    check_points(false, true, 20, 3);
}

Test(snapshot, continues_on_the_vm_from_the_core)
{
    check_points(true, false, 20, 4);
}

Test(snapshot, is_the_same_file_on_both_targets)
{
    uint8_t *bytes[2];
    size_t size[2];

    for (unsigned i = 0; i < 2; i++) {
        struct machine m;

        open_storm(&m, i == 1);
        machine_run(&m, 1999);
        machine_save(&m, &bytes[i], &size[i]);
        machine_close(&m);
    }
    cr_assert_eq(size[0], size[1]);
    cr_assert_eq(memcmp(bytes[0], bytes[1], size[0]), 0);
    free(bytes[0]);
    free(bytes[1]);
}

/* A pending tick of a snapshot comes first when the machine continues. */
Test(snapshot, keeps_a_tick_that_is_due)
{
    for (unsigned i = 0; i < 4; i++) {
        char *expected = unbroken(false, 300);
        struct machine m;

        open_storm(&m, (i & 1) != 0);
        machine_trace(&m);
        machine_run(&m, 50); /* 450 steps in total: a multiple of the tick's 50 */
        check_point(&m, (i & 2) != 0, 250, expected);
        machine_close(&m);
        free(expected);
    }
}

static struct hsx_task_info task_of(struct machine *m, uint32_t pid)
{
    struct hsx_task_info info;

    cr_assert_eq(hsx_exec_task(m->exec, pid, &info), HSX_OK);
    return info;
}

Test(snapshot, keeps_a_pause_that_waits_for_the_end_of_a_wait)
{
    struct machine from, to;
    uint8_t *bytes;
    size_t size;

    open_storm(&from, false);
    for (unsigned i = 0; i < STEPS && task_of(&from, 1).ctx.state != HSX_WAIT_MBX; i++) {
        machine_run(&from, 1);
    }
    cr_assert_eq(task_of(&from, 1).ctx.state, HSX_WAIT_MBX);
    cr_assert_eq(hsx_exec_pause(from.exec, 1), HSX_OK);
    machine_save(&from, &bytes, &size);
    machine_open(&to, false);
    machine_restore(&to, bytes, size);
    cr_assert(task_of(&to, 1).pause_pending);
    machine_run(&to, 2000);
    cr_assert_eq(task_of(&to, 1).ctx.state, HSX_PAUSED);
    free(bytes);
    machine_close(&from);
    machine_close(&to);
}

/* ---- Refused snapshots */

struct victim {
    struct machine m;
    uint8_t *before;
    size_t size;
};

static void open_victim(struct victim *v)
{
    open_storm(&v->m, false);
    machine_run(&v->m, 1500);
    machine_save(&v->m, &v->before, &v->size);
}

static void close_victim(struct victim *v)
{
    free(v->before);
    machine_close(&v->m);
}

static enum hsx_status try_restore(struct victim *v, const uint8_t *bytes, size_t size,
                                   struct hsx_exec_error *error)
{
    error->text[0] = '\0';
    return hsx_exec_restore(v->m.exec, bytes, size, error);
}

static void assert_unchanged(struct victim *v)
{
    uint8_t *now;
    size_t size;

    machine_save(&v->m, &now, &size);
    cr_assert(size == v->size && memcmp(now, v->before, size) == 0, "a refusal changed something");
    free(now);
}

Test(snapshot, refuses_each_flipped_byte)
{
    struct hsx_exec_error error;
    struct victim v;

    open_victim(&v);
    for (size_t i = 0; i < v.size; i++) {
        v.before[i] ^= 0x10;
        cr_assert_eq(try_restore(&v, v.before, v.size, &error), HSX_ERR_FORMAT, "byte %zu", i);
        cr_assert_neq(error.text[0], '\0');
        v.before[i] ^= 0x10;
    }
    assert_unchanged(&v);
    close_victim(&v);
}

Test(snapshot, refuses_every_truncation)
{
    struct hsx_exec_error error;
    struct victim v;

    open_victim(&v);
    for (size_t size = 0; size < v.size; size++) {
        cr_assert_eq(try_restore(&v, v.before, size, &error), HSX_ERR_FORMAT, "%zu bytes", size);
    }
    assert_unchanged(&v);
    close_victim(&v);
}

Test(snapshot, refuses_a_foreign_file_and_says_so)
{
    static const uint8_t image[64] = "HSXE";
    struct hsx_exec_error error;
    struct victim v;

    open_victim(&v);
    cr_assert_eq(try_restore(&v, image, sizeof image, &error), HSX_ERR_FORMAT);
    cr_assert_str_eq(error.text, "not a snapshot, expected \"HSXSNAP\" at the start");
    v.before[8]++;
    cr_assert_eq(try_restore(&v, v.before, v.size, &error), HSX_ERR_FORMAT);
    cr_assert_str_eq(error.text, "a snapshot of another version, expected 2");
    v.before[8]--;
    assert_unchanged(&v);
    close_victim(&v);
}

Test(snapshot, refuses_a_machine_of_other_limits)
{
    struct hsx_exec_error error = {""};
    struct hsx_exec_config config;
    struct hsx_target *target;
    struct hsx_exec *exec;
    struct victim v;

    open_victim(&v);
    hsx_exec_config_init(&config);
    cr_assert_eq(hsx_target_vm_create(8, &target), HSX_OK);
    cr_assert_eq(hsx_exec_create(target, &config, &exec), HSX_OK);
    cr_assert_eq(hsx_exec_restore(exec, v.before, v.size, &error), HSX_ERR_FORMAT);
    cr_assert_not_null(strstr(error.text, "made with 16 contexts, this machine has 8"));
    hsx_exec_destroy(exec);
    target->ops->destroy(target);
    close_victim(&v);
}

static void seal(uint8_t *bytes, size_t size)
{
    uLong crc = crc32(crc32(0, bytes, CRC_AT), bytes + HEADER, (uInt)(size - HEADER));

    for (unsigned i = 0; i < 4; i++) {
        bytes[CRC_AT + i] = (uint8_t)(crc >> (8 * i));
    }
}

/* With a right checksum only the contents can be refused. Accepted contents must run,
 * whatever they are: no crash, and no failed machine. */
Test(snapshot, trusts_nothing_after_a_right_checksum)
{
    struct hsx_exec_error error;
    uint64_t seed = 99;
    unsigned taken = 0;
    struct victim v;

    open_victim(&v);
    for (unsigned i = 0; i < FORGERIES; i++) {
        uint8_t *bytes = malloc(v.size);
        unsigned flips = 1 + (unsigned)(next_random(&seed) % 3);
        enum hsx_status status;

        cr_assert_not_null(bytes);
        memcpy(bytes, v.before, v.size);
        for (unsigned k = 0; k < flips; k++) {
            bytes[HEADER + next_random(&seed) % (v.size - HEADER)] ^=
                (uint8_t)(1u << next_random(&seed) % 8);
        }
        seal(bytes, v.size);
        status = try_restore(&v, bytes, v.size, &error);
        cr_assert(status == HSX_OK || status == HSX_ERR_FORMAT || status == HSX_ERR_ARGUMENT);
        if (status == HSX_OK) {
            taken++;
            machine_run(&v.m, 300);
            machine_restore(&v.m, v.before, v.size);
        }
        free(bytes);
    }
    cr_assert_gt(taken, 0u);
    cr_assert_lt(taken, (unsigned)FORGERIES);
    assert_unchanged(&v);
    close_victim(&v);
}
