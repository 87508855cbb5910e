// SPDX-License-Identifier: Apache-2.0
/* Limits, each from both sides: room given by callers, sizes, shares, arenas, task ids in use. */
#include "puppet.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fixture fx;

static void open_default(void)
{
    fx_open(&fx, NULL, 8);
}

static void close_all(void)
{
    fx_close(&fx);
}

TestSuite(limits, .init = open_default, .fini = close_all);

static const char *const forever = ".text\n.entry\nloop: JMP loop\n";

static void reopen(const struct hsx_exec_config *config, unsigned contexts)
{
    fx_close(&fx);
    fx_open(&fx, config, contexts);
}

/* ---- Room given by callers */

enum { MANY = 8 };

static struct hsx_task_info tasks[MANY];
static struct hsx_mbox_info boxes[MANY];
static struct hsx_exec_stop stops[MANY];
static struct hsx_host_handle handles[MANY];
static struct hsx_ring_entry ring[MANY];
static uint32_t pids[MANY];
static uint32_t awaited;

static size_t list_tasks(size_t capacity)
{
    size_t count = 0;

    cr_assert_eq(hsx_exec_tasks(fx.exec, tasks, capacity, &count), HSX_OK);
    return count;
}

static size_t list_boxes(size_t capacity)
{
    size_t count = 0;

    cr_assert_eq(hsx_exec_mailboxes(fx.exec, boxes, capacity, &count), HSX_OK);
    return count;
}

static size_t list_waiters(size_t capacity)
{
    size_t count = 0;

    cr_assert_eq(hsx_exec_waiters(fx.exec, awaited, pids, capacity, &count), HSX_OK);
    return count;
}

static size_t list_stops(size_t capacity)
{
    size_t count = 0;

    cr_assert_eq(hsx_exec_stops(fx.exec, stops, capacity, &count), HSX_OK);
    return count;
}

static size_t list_handles(size_t capacity)
{
    size_t count = 0;

    cr_assert_eq(hsx_exec_host_handles(fx.exec, handles, capacity, &count), HSX_OK);
    return count;
}

static size_t list_ring(size_t capacity)
{
    size_t count = hsx_exec_ring(fx.exec, ring, capacity);

    cr_assert_leq(count, capacity);
    return 3 > count ? 3 : count; /* how many there are is not told, but there are more */
}

Test(limits, a_list_ends_where_the_room_ends)
{
    const struct {
        const char *what;
        size_t (*list)(size_t capacity);
        void *at;
        size_t size, count; /* of one entry; how many there are */
    } lists[] = {{"tasks", list_tasks, tasks, sizeof tasks[0], 3},
                 {"mailboxes", list_boxes, boxes, sizeof boxes[0], 13},
                 {"waiters", list_waiters, pids, sizeof pids[0], 3},
                 {"stops", list_stops, stops, sizeof stops[0], 3},
                 {"handles", list_handles, handles, sizeof handles[0], 3},
                 {"ring", list_ring, ring, sizeof ring[0], 3}};
    static uint8_t untouched[sizeof tasks];
    enum hsx_mbox_status result;
    uint16_t handle;

    fx_close(&fx);
    puppets_open(&fx, HSX_PROFILE_DESKTOP, 8);
    for (unsigned i = 0; i < 3; i++) {
        uint32_t pid = puppet_load(&fx);
        uint32_t mine = p_handle(&fx, pid, "app:x", 3);

        cr_assert_eq(p_recv(&fx, pid, mine, FOREVER), BLOCKED);
        awaited = fx_task(&fx, pid).wait_descriptor;
        cr_assert_eq(hsx_exec_add_stop(fx.exec, &(struct hsx_exec_stop){.pid = pid}), HSX_OK);
        cr_assert_eq(hsx_exec_host_open(fx.exec, "app:x", 3, &handle, &result), HSX_OK);
        cr_assert_eq(result, HSX_MBOX_OK);
    }
    memset(untouched, 0xA5, sizeof untouched);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (size_t capacity = 0; capacity < 5; capacity++) {
            size_t filled = capacity < lists[i].count ? capacity : lists[i].count;

            memset(lists[i].at, 0xA5, MANY * lists[i].size);
            cr_expect_eq(lists[i].list(capacity),
                         lists[i].list == list_ring && capacity > 3 ? capacity : lists[i].count,
                         "%s", lists[i].what);
            if (lists[i].list == list_ring) {
                filled = capacity;
            }
            cr_expect_eq(memcmp((uint8_t *)lists[i].at + filled * lists[i].size, untouched,
                                (MANY - filled) * lists[i].size),
                         0, "%s: room for %zu", lists[i].what, capacity);
            cr_expect(filled == 0 || memcmp((uint8_t *)lists[i].at + (filled - 1) * lists[i].size,
                                            untouched, lists[i].size) != 0,
                      "%s: %zu are filled", lists[i].what, filled);
        }
    }
}

/* ---- Sizes that a configuration may have */

Test(limits, a_configuration_beyond_a_limit_is_refused)
{
    static const struct {
        unsigned contexts, descriptors, handles;
        uint32_t stack;
        bool good;
    } cases[] = {{1, HSX_MAX_DESCRIPTORS + 1, 0, 0x100, false},
                 {1, 0, UINT16_MAX, 0x100, true},
                 {1, 0, UINT16_MAX + 1, 0x100, false},
                 {1, 0, 0, 4, false},
                 {1, 0, 0, 8, true},
                 {1, 0, 0, 10, false},
                 {1, 0, 0, 0xC000, true},
                 {1, 0, 0, 0xC004, false},
                 {HSX_MAX_CONTEXTS, 0, 0, 0x100, true}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hsx_exec *e = NULL;
        struct hsx_exec_config config;

        hsx_exec_config_init(&config);
        config.descriptors = cases[i].descriptors;
        config.handles = cases[i].handles;
        config.stack_bytes = cases[i].stack;
        reopen(NULL, cases[i].contexts);
        hsx_exec_destroy(fx.exec);
        cr_expect_eq(hsx_exec_create(fx.target, &config, &e),
                     cases[i].good ? HSX_OK : HSX_ERR_ARGUMENT, "case %zu", i);
        fx.exec = e;
    }
}

/* ---- Shares of the stack memory */

Test(limits, the_last_stacks_have_exactly_the_least_share)
{
    enum { CONTEXTS = 4, ALL = HSX_DATA_SIZE - HSX_DATA_LINK };
    const uint32_t most = ALL - (CONTEXTS - 1) * HSX_LEAST_SHARE;
    struct hsx_exec_config config;
    struct hsx_exec_error error;
    uint32_t pid = 0;

    hsx_exec_config_init(&config);
    config.stack_shares = true;
    config.stack_bytes = most + 4;
    reopen(&config, CONTEXTS);
    cr_expect_eq(fx_task(&fx, fx_load(&fx, forever)).stack_bytes, ALL / CONTEXTS, "too much");
    config.stack_bytes = most;
    reopen(&config, CONTEXTS);
    cr_expect_eq(fx_task(&fx, fx_load(&fx, forever)).stack_bytes, most, "it leaves the least");
    for (unsigned i = 1; i < CONTEXTS; i++) {
        cr_expect_eq(fx_task(&fx, fx_load(&fx, forever)).stack_bytes, HSX_LEAST_SHARE);
    }
    cr_expect_eq(fx_try_load(&fx, forever, 8, &pid, &error), HSX_ERR_NO_ROOM);
}

/* ---- The invariants of a task that becomes READY */

Test(limits, a_full_stack_is_no_violation)
{
    struct hsx_exec_error error;
    struct hsx_exec_stats stats;
    struct hsx_context ctx;
    uint32_t pid;

    cr_assert_eq(fx_try_load(&fx, "PUSH R1\nSVC 0x000\nBRK\nPOP R2\nRET", 8, &pid, &error), HSX_OK);
    fx_run(&fx, 3);
    ctx = fx_task(&fx, pid).ctx;
    cr_assert_eq(ctx.sp, ctx.stack_limit);
    cr_expect_eq(ctx.state, HSX_PAUSED);
    cr_assert_eq(hsx_exec_resume(fx.exec, pid), HSX_OK);
    cr_assert_eq(hsx_exec_stats(fx.exec, &stats), HSX_OK);
    cr_expect_eq(stats.broken_invariants, 0);
    cr_expect_eq(fx_state(&fx, pid), HSX_READY);
    cr_assert_eq(hsx_exec_pause(fx.exec, pid), HSX_OK);
    ctx.sp = (uint16_t)(ctx.stack_limit - 1);
    cr_assert_eq(hsx_exec_write_context(fx.exec, pid, &ctx), HSX_OK);
    cr_assert_eq(hsx_exec_resume(fx.exec, pid), HSX_OK);
    cr_expect_eq(fx_state(&fx, pid), HSX_FAULTED);
}

enum { FIRST, SECOND };

/* Two tasks as they were loaded, their arenas next to each other, and one field that a debugger
 * changes. */
Test(limits, one_changed_field_is_enough_to_overlap_another_task)
{
    static const struct {
        const char *what;
        int task;
        struct hsx_context change; /* added to the context */
        bool good;
    } cases[] = {{"less data", FIRST, {.data_len = UINT32_MAX}, true},
                 {"data into the other's", FIRST, {.data_len = 1}, false},
                 {"data moved away", SECOND, {.data_base = 4}, true},
                 {"data moved into the other's", SECOND, {.data_base = 0xFFFC}, false},
                 {"a smaller stack", FIRST, {.stack_limit = 4}, true},
                 {"a stack into the other's", FIRST, {.stack_limit = 0xFFFC}, false},
                 {"a top into the other's", SECOND, {.stack_top = 4}, false},
                 {"a free window", SECOND, {.reg_base = 0x40}, true},
                 {"the other's window", SECOND, {.reg_base = 0xFFC0}, false}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct hsx_context *change = &cases[i].change;
        struct hsx_exec_stats stats;
        struct hsx_context ctx;
        uint32_t pid[2];

        reopen(NULL, 8);
        for (unsigned k = 0; k < 2; k++) {
            pid[k] = fx_load(&fx, ".text\n.entry\nloop: JMP loop\n.data\n.zero 0x100\n");
            cr_assert_eq(hsx_exec_pause(fx.exec, pid[k]), HSX_OK);
        }
        ctx = fx_task(&fx, pid[cases[i].task]).ctx;
        ctx.data_len += change->data_len;
        ctx.data_base = (uint16_t)(ctx.data_base + change->data_base);
        ctx.stack_limit = (uint16_t)(ctx.stack_limit + change->stack_limit);
        ctx.stack_top = (uint16_t)(ctx.stack_top + change->stack_top);
        ctx.reg_base = (uint16_t)(ctx.reg_base + change->reg_base);
        cr_assert_eq(hsx_exec_write_context(fx.exec, pid[cases[i].task], &ctx), HSX_OK);
        cr_assert_eq(hsx_exec_resume(fx.exec, pid[cases[i].task]), HSX_OK);
        cr_assert_eq(hsx_exec_stats(fx.exec, &stats), HSX_OK);
        cr_expect_eq(stats.broken_invariants, !cases[i].good, "%s", cases[i].what);
        cr_expect(cases[i].good || strstr(stats.last_broken, "overlaps"), "%s", cases[i].what);
        cr_expect_eq(fx_state(&fx, pid[cases[i].task]), cases[i].good ? HSX_READY : HSX_FAULTED);
    }
}

/* ---- The nearest range of a refused access */

Test(limits, a_hint_names_the_range_that_is_nearest_to_the_whole_access)
{
    enum { LEN = 16 };
    static const struct {
        uint32_t address;
        const char *range;
    } cases[] = {{0x1017, "the shared page, 0x0000 to 0x0FFF;"}, /* 24 bytes away, and 26 */
                 {0x1018, "its register window, 0x1040 to 0x107F;"},
                 {0x2837, "its register window, 0x1040 to 0x107F;"},
                 {0x2838, "its data segment, 0x4000 to 0x45FF;"},
                 {0xA1F8, "its data segment, 0x4000 to 0x45FF;"},
                 {0xA1F9, "its stack, 0xFE00 to 0xFEFF;"}};
    uint32_t pid;

    fx_close(&fx);
    puppets_open(&fx, HSX_PROFILE_DESKTOP, 8);
    puppet_load(&fx);
    pid = puppet_load(&fx);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hsx_exec_error hint;

        cr_expect_eq(puppet_call(&fx, pid, 0x101, (struct args){{0, cases[i].address, LEN}}),
                     0xFFFFFF04);
        cr_assert_eq(hsx_exec_hint(fx.exec, pid, &hint), HSX_OK);
        cr_expect_not_null(strstr(hint.text, "refused 16 bytes"), "%s", hint.text);
        cr_expect_not_null(strstr(hint.text, cases[i].range), "%04X: %s",
                           (unsigned)cases[i].address, hint.text);
        cr_assert_eq(hsx_exec_kill(fx.exec, pid), HSX_OK);
        pid = puppet_load(&fx);
    }
}

/* ---- Which limit a load has met */

static void expect_no_room(const char *mailboxes, const char *why)
{
    char source[400];
    struct hsx_exec_error error = {""};
    uint32_t pid;
    size_t size;
    uint8_t *bytes;

    snprintf(source, sizeof source, ".text\n.entry\nRET\n%s", mailboxes);
    bytes = fx_assemble(&(struct fx_image){source, 2, "limited"}, &size);
    cr_expect_eq(hsx_exec_load(fx.exec, bytes, size, NULL, &pid, &error), HSX_ERR_NO_ROOM);
    cr_expect_not_null(strstr(error.text, why), "'%s', not '%s'", error.text, why);
    free(bytes);
}

#define BOX(n) ".mailbox {\"target\": \"app:" #n "\"}\n"

Test(limits, a_load_says_which_limit_of_mailboxes_it_meets)
{
    enum { DESCRIPTORS = 16 + 4 * 2 };
    struct hsx_exec_config config;
    enum hsx_mbox_status result;
    uint32_t id;

    hsx_exec_config_init(&config);
    config.profile = HSX_PROFILE_EMBEDDED;
    reopen(&config, 2);
    expect_no_room(BOX(a) BOX(b) BOX(c) BOX(d) BOX(e),
                   "mailbox 'app:e': with --profile embedded a task may create 4");
    for (unsigned i = 0; i < DESCRIPTORS - 2; i++) {
        char name[] = "app:A";

        name[4] = (char)(name[4] + i);
        cr_assert_eq(hsx_exec_host_bind(fx.exec, name, 64, 3, &id, &result), HSX_OK);
    }
    expect_no_room("", "no mailbox descriptor left for 'svc:stdio.err': 24 live");
    config.handles = 2;
    reopen(&config, 2);
    expect_no_room("",
                   "no handle left for 'svc:stdio.err': with --profile embedded a task may have 2");
}
