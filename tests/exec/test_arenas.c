// SPDX-License-Identifier: Apache-2.0
/* Contract section 4: where loads go, when they are refused, what is reaped. */
#include "fixture.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fixture fx;

static void open_vm(void)
{
    fx_open(&fx, NULL, HSX_MAX_CONTEXTS);
}

static void close_all(void)
{
    fx_close(&fx);
}

TestSuite(arenas, .init = open_vm, .fini = close_all);

static const char *const forever = ".text\n.entry\nloop: JMP loop\n";
static const char *const ends = ".text\n.entry\nLDI R0, 1\nRET\n";

/* A program with that many bytes of data, that differs in code from others. */
static const char *with_data(char *text, size_t size, unsigned bytes, unsigned distinct)
{
    snprintf(text, size, ".text\n.entry\nLDI R1, %u\nloop: JMP loop\n.data\n.zero %u\n", distinct,
             bytes);
    return text;
}

Test(arenas, data_goes_upward_and_is_seen_where_it_was_linked)
{
    static const char *const store =
        ".text\n.entry\nLDI32 R1, word\nLDI R2, %u\nST [R1], R2\nRET\n.data\n.zero 6\nword: .word "
        "0\n";
    char text[256];
    uint32_t a, b;

    snprintf(text, sizeof text, store, 11);
    a = fx_load(&fx, text);
    snprintf(text, sizeof text, store, 22);
    b = fx_load(&fx, text);
    cr_assert_eq(fx_task(&fx, a).ctx.data_base, 0x4000, "the first lies where it was linked");
    cr_assert_eq(fx_task(&fx, b).ctx.data_base, 0x400C, "10 bytes, 4-aligned");
    cr_assert_eq(fx_run(&fx, 100), HSX_RUN_ENDED);
    cr_assert_eq(fx_word(&fx, 0x4006), 11);
    cr_assert_eq(fx_word(&fx, 0x4012), 22);
}

Test(arenas, code_may_fill_its_memory_to_the_last_word)
{
    uint32_t pid;
    struct hsx_exec_error error;

    fx_load(&fx, forever);
    pid = fx_load(&fx, ".text\n.entry\nloop: JMP loop\n.org 0xFFF8\nNOT R1, R1\n");
    cr_assert_eq(fx_task(&fx, pid).ctx.code_base, 4);
    cr_assert_eq(fx_task(&fx, pid).ctx.code_len, 0xFFFC);
    cr_expect_neq(fx_try_load(&fx, ends, 0, &pid, &error), HSX_OK, "not a word is left");
}

Test(arenas, data_is_the_image_and_then_zeros)
{
    char text[128];
    uint32_t a = fx_load(&fx, ".text\n.entry\nloop: JMP loop\n.data\n.word 0x11223344, 5\n");

    cr_assert_eq(fx_word(&fx, 0x4000), 0x11223344);
    cr_assert_eq(hsx_exec_kill(fx.exec, a), HSX_OK);
    fx_load(&fx, with_data(text, sizeof text, 64, 1));
    cr_assert_eq(fx_word(&fx, 0x4000), 0);
    cr_assert_eq(fx_word(&fx, 0x4004), 0);
}

/* Whatever the executive had at hand before: a long segment, and stacks that are shorter. */
Test(arenas, zeros_are_zero_where_another_task_had_a_long_segment)
{
    enum { WORDS = 48, STACK = 64 };
    char source[64 + 12 * WORDS] = ".text\n.entry\nloop: JMP loop\n.data\n.word -1";
    uint32_t a, b;

    for (unsigned i = 1; i < WORDS; i++) {
        strcat(source, ", -1");
    }
    strcat(source, "\n");
    cr_assert_eq(fx_try_load(&fx, source, STACK, &a, NULL), HSX_OK);
    cr_assert_eq(fx_word(&fx, 0x4000 + 4 * (WORDS - 1)), 0xFFFFFFFF);
    cr_assert_eq(hsx_exec_kill(fx.exec, a), HSX_OK);
    cr_assert_eq(fx_try_load(&fx, ".text\n.entry\nNOT R1, R1\n.bss\n.zero 192\n", STACK, &b, NULL),
                 HSX_OK);
    cr_assert_eq(fx_task(&fx, b).ctx.data_len, 4 * WORDS);
    for (unsigned i = 0; i < WORDS; i++) {
        cr_expect_eq(fx_word(&fx, 0x4000 + 4 * i), 0, "word %u", i);
    }
}

Test(arenas, an_image_loaded_twice_shares_its_code)
{
    uint32_t a = fx_load(&fx, forever);
    uint32_t b = fx_load(&fx, ends);
    uint32_t c = fx_load(&fx, forever);
    uint32_t d;

    cr_assert_eq(fx_task(&fx, a).ctx.code_base, 0);
    cr_assert_eq(fx_task(&fx, b).ctx.code_base, 4);
    cr_assert_eq(fx_task(&fx, c).ctx.code_base, 0);
    cr_assert_eq(hsx_exec_kill(fx.exec, a), HSX_OK);
    d = fx_load(&fx, ".text\n.entry\nNOT R1, R1\n");
    cr_assert_eq(fx_task(&fx, d).ctx.code_base, 12, "the code is still used by task 3");
    cr_assert_eq(hsx_exec_kill(fx.exec, c), HSX_OK);
    cr_assert_eq(fx_task(&fx, fx_load(&fx, ".text\n.entry\nNOT R2, R2\n")).ctx.code_base, 0);
}

Test(arenas, stacks_go_downward_first_fit_highest)
{
    struct hsx_exec_error error;
    uint32_t pid[4];

    cr_assert_eq(fx_try_load(&fx, forever, 0x100, &pid[0], &error), HSX_OK);
    cr_assert_eq(fx_task(&fx, pid[0]).ctx.stack_limit, 0xFF00);
    cr_assert_eq(fx_task(&fx, pid[0]).ctx.stack_top, 0xFFFC);
    cr_assert_eq(fx_try_load(&fx, forever, 0x200, &pid[1], &error), HSX_OK);
    cr_assert_eq(fx_task(&fx, pid[1]).ctx.stack_limit, 0xFD00);
    cr_assert_eq(fx_task(&fx, pid[1]).ctx.stack_top, 0xFF00);
    cr_assert_eq(fx_try_load(&fx, forever, 0x100, &pid[2], &error), HSX_OK);
    cr_assert_eq(fx_task(&fx, pid[2]).ctx.stack_limit, 0xFC00);
    cr_assert_eq(hsx_exec_kill(fx.exec, pid[1]), HSX_OK);
    cr_assert_eq(fx_try_load(&fx, forever, 0x180, &pid[3], &error), HSX_OK);
    cr_assert_eq(fx_task(&fx, pid[3]).ctx.stack_limit, 0xFD80, "into the gap, at its top");
    cr_assert_eq(fx_task(&fx, pid[3]).ctx.reg_base, 0x1040, "and the lowest free window");
}

Test(arenas, windows_are_used_up_to_the_last)
{
    struct hsx_exec_config config;
    struct hsx_exec_error error;
    uint32_t pid = 0;

    fx_close(&fx);
    hsx_exec_config_init(&config);
    config.descriptors = 4 * HSX_MAX_CONTEXTS;
    fx_open(&fx, &config, HSX_MAX_CONTEXTS);
    for (unsigned i = 0; i < HSX_MAX_CONTEXTS; i++) {
        cr_assert_eq(fx_try_load(&fx, forever, 0x40, &pid, &error), HSX_OK, "%s", error.text);
    }
    cr_assert_eq(fx_task(&fx, pid).ctx.reg_base, 0x3FC0);
    cr_assert_eq(fx_try_load(&fx, forever, 0x40, &pid, &error), HSX_ERR_NO_ROOM);
    cr_assert(strstr(error.text, "192"), "%s", error.text);
    fx_run(&fx, 10 * HSX_MAX_CONTEXTS);
    for (uint32_t i = 1; i <= HSX_MAX_CONTEXTS; i++) {
        cr_assert_eq(fx_task(&fx, i).counters.steps, 10);
    }
}

/* Everything that a refused load must not change. */
struct whole {
    uint8_t data[HSX_DATA_SIZE];
    uint32_t code[HSX_CODE_SIZE / 4];
    struct hsx_totals totals;
    struct hsx_task_info tasks[16];
    struct hsx_mbox_info boxes[64];
    size_t task_count, box_count, queue_count;
    uint8_t queue[16], turn_left;
};

static void take_whole(struct whole *w)
{
    memset(w, 0, sizeof *w);
    fx_read(&fx, 0, w->data, sizeof w->data);
    cr_assert_eq(fx.target->ops->read_code(fx.target, 0, w->code, HSX_CODE_SIZE / 4), HSX_OK);
    cr_assert_eq(fx.target->ops->read_totals(fx.target, &w->totals), HSX_OK);
    cr_assert_eq(
        fx.target->ops->read_queue(fx.target, w->queue, 16, &w->queue_count, &w->turn_left),
        HSX_OK);
    cr_assert_eq(hsx_exec_tasks(fx.exec, w->tasks, 16, &w->task_count), HSX_OK);
    cr_assert_eq(hsx_exec_mailboxes(fx.exec, w->boxes, 64, &w->box_count), HSX_OK);
}

static void expect_refused(const char *source, uint32_t stack, enum hsx_status status,
                           const char *about)
{
    static struct whole before, after;
    struct hsx_exec_error error;
    uint32_t pid = 1234;

    take_whole(&before);
    cr_assert_eq(fx_try_load(&fx, source, stack, &pid, &error), status, "%s", error.text);
    cr_assert(strstr(error.text, about), "'%s' does not mention '%s'", error.text, about);
    take_whole(&after);
    cr_assert(memcmp(before.data, after.data, sizeof before.data) == 0 &&
                  memcmp(before.code, after.code, sizeof before.code) == 0 &&
                  memcmp(&before.totals, &after.totals, sizeof before.totals) == 0 &&
                  before.task_count == after.task_count && before.box_count == after.box_count &&
                  fx_same_tasks(before.tasks, after.tasks, before.task_count) &&
                  fx_same_boxes(before.boxes, after.boxes, before.box_count) &&
                  before.queue_count == after.queue_count && before.turn_left == after.turn_left &&
                  memcmp(before.queue, after.queue, before.queue_count) == 0,
              "the refused load changed something");
    cr_assert_eq(pid, 1234);
}

Test(arenas, a_load_that_does_not_fit_changes_nothing)
{
    static char big_code[1 << 19];
    char text[128];
    size_t used;

    fx_load(&fx, ends);
    fx_load(&fx, forever);
    fx_run(&fx, 6);
    expect_refused(forever, 0xBFFC, HSX_ERR_NO_ROOM, "stack");
    expect_refused(with_data(text, sizeof text, 0xB000, 1), 0, HSX_ERR_NO_ROOM, "data");
    expect_refused(forever, 6, HSX_ERR_ARGUMENT, "stack");
    fx_load(&fx, with_data(text, sizeof text, 0x6000, 2));
    expect_refused(with_data(text, sizeof text, 0x4001, 1), 0x100, HSX_ERR_NO_ROOM, "data");
    strcpy(big_code, ".text\n.entry\n");
    used = strlen(big_code);
    for (unsigned i = 0; i < 0x10000 / 4; i++) {
        used += (size_t)sprintf(big_code + used, "LDI R1, %u\n", i % 2000);
    }
    expect_refused(big_code, 0, HSX_ERR_NO_ROOM, "code");
}

Test(arenas, a_stack_inside_the_linked_data_addresses_is_refused)
{
    char text[128];
    struct hsx_exec_error error;
    uint32_t pid;

    cr_assert_eq(fx_try_load(&fx, forever, 0x8000, &pid, &error), HSX_OK);
    /* Data 0x4000..0x5FFF, stack below 0x8000: it would reach down to 0x5800. */
    expect_refused(with_data(text, sizeof text, 0x2000, 1), 0x2800, HSX_ERR_NO_ROOM, "stack");
    cr_assert_eq(fx_try_load(&fx, with_data(text, sizeof text, 0x1000, 1), 0x1000, &pid, &error),
                 HSX_OK);
    /* Placed at 0x5000..0x57FF but seen at 0x4000..0x47FF: the stack is free of both. */
    cr_assert_eq(fx_try_load(&fx, with_data(text, sizeof text, 0x800, 2), 0x1000, &pid, &error),
                 HSX_OK);
    cr_assert_eq(fx_task(&fx, pid).ctx.data_base, 0x5000);
    cr_assert_eq(fx_task(&fx, pid).ctx.stack_limit, 0x6000);
}

Test(arenas, only_as_many_ended_tasks_are_reaped_as_a_load_needs_oldest_first)
{
    struct hsx_exec_error error;
    struct hsx_task_info info;
    uint32_t pid;

    cr_assert_eq(
        fx_try_load(&fx, ".text\n.entry\nLDI R1, 1\nLDI R1, 2\nRET\n", 0x4000, &pid, &error),
        HSX_OK);
    cr_assert_eq(fx_try_load(&fx, ends, 0x4000, &pid, &error), HSX_OK);
    cr_assert_eq(fx_try_load(&fx, forever, 0x3000, &pid, &error), HSX_OK);
    fx_run(&fx, 50);
    cr_assert_eq(fx_state(&fx, 1), HSX_RETURNED);
    cr_assert_eq(fx_state(&fx, 2), HSX_RETURNED);
    cr_assert_eq(fx_task(&fx, 2).exit_status, 1, "an ended task can be looked at");
    cr_assert_eq(fx_try_load(&fx, forever, 0x800, &pid, &error), HSX_OK, "fits next to them");
    cr_assert_eq(fx_state(&fx, 2), HSX_RETURNED);
    cr_assert_eq(fx_try_load(&fx, forever, 0x4000, &pid, &error), HSX_OK);
    cr_assert_eq(pid, 5, "ids are not used again");
    cr_assert_eq(hsx_exec_task(fx.exec, 2, &info), HSX_ERR_ARGUMENT, "2 ended first");
    cr_assert_eq(fx_state(&fx, 1), HSX_RETURNED);
    cr_assert_eq(fx_task(&fx, pid).ctx.stack_limit, 0x8000);
    cr_assert_eq(fx_task(&fx, pid).ctx.reg_base, 0x1040);
}

Test(arenas, a_reaped_task_takes_its_mailboxes_along_from_every_slot)
{
    for (unsigned slot = 0; slot < 3; slot++) {
        struct hsx_mbox_info boxes[16];
        size_t count;
        uint32_t pid;

        fx_close(&fx);
        fx_open(&fx, NULL, 3);
        for (unsigned i = 0; i < 3; i++) {
            fx_load(&fx, i == slot ? ends : forever);
        }
        fx_run(&fx, 10);
        pid = fx_load(&fx, forever);
        cr_assert_eq(fx_task(&fx, pid).slot, slot);
        cr_assert_eq(hsx_exec_mailboxes(fx.exec, boxes, 16, &count), HSX_OK);
        cr_expect_eq(count, 12, "four of each");
        for (size_t i = 0; i < count; i++) {
            cr_expect_neq(boxes[i].owner, slot + 1, "%s", boxes[i].name);
        }
    }
}

Test(arenas, a_load_that_reaping_cannot_help_reaps_nobody)
{
    fx_load(&fx, ends);
    fx_load(&fx, forever);
    fx_run(&fx, 6);
    expect_refused(forever, 0xC000, HSX_ERR_NO_ROOM, "stack");
    cr_assert_eq(fx_state(&fx, 1), HSX_RETURNED);
}

Test(arenas, instances_are_numbered_or_single)
{
    struct fx_image image = {forever, 2, "app"};
    struct hsx_exec_error error;
    uint32_t pid;
    size_t size;
    uint8_t *single = fx_assemble(&image, &size);
    uint8_t *multiple;

    cr_assert_eq(hsx_exec_load(fx.exec, single, size, NULL, &pid, &error), HSX_OK);
    cr_assert_str_eq(fx_task(&fx, pid).name, "app");
    cr_assert_eq(hsx_exec_load(fx.exec, single, size, NULL, &pid, &error), HSX_ERR_STATE);
    cr_assert(strstr(error.text, "'app'"));
    cr_assert_eq(hsx_exec_kill(fx.exec, pid), HSX_OK);
    cr_assert_eq(hsx_exec_load(fx.exec, single, size, NULL, &pid, &error), HSX_OK);
    image.name = "many";
    multiple = fx_assemble_multiple(&image, &size);
    for (unsigned i = 0; i < 3; i++) {
        char name[16];

        snprintf(name, sizeof name, "many_#%u", i);
        cr_assert_eq(hsx_exec_load(fx.exec, multiple, size, NULL, &pid, &error), HSX_OK);
        cr_assert_str_eq(fx_task(&fx, pid).name, name);
    }
    free(single);
    free(multiple);
}

Test(arenas, metadata_mailboxes_are_bound_before_the_task_runs)
{
    const struct fx_image image = {
        ".text\n.entry\nloop: JMP loop\n.mailbox {\"target\": \"app:meta\", \"capacity\": 100, "
        "\"mode\": \"RDWR|FANOUT_DROP\", \"owner_pid\": 7, \"bindings\": [1, 2]}\n",
        2, "meta"};
    const struct fx_image absent = {
        ".text\n.entry\nloop: JMP loop\n.mailbox {\"target\": \"svc:x@99\"}\n", 2, "absent"};
    struct hsx_mbox_info boxes[8];
    struct hsx_exec_error error;
    uint32_t pid;
    size_t count, size;
    uint8_t *bytes = fx_assemble(&image, &size);

    cr_assert_eq(hsx_exec_load(fx.exec, bytes, size, NULL, &pid, &error), HSX_OK, "%s", error.text);
    free(bytes);
    cr_assert_eq(hsx_exec_mailboxes(fx.exec, boxes, 8, &count), HSX_OK);
    cr_assert_eq(count, 5);
    cr_assert_str_eq(boxes[4].name, "app:meta");
    cr_assert_eq(boxes[4].capacity, 100);
    cr_assert_eq(boxes[4].mode, 0x13);
    cr_assert(boxes[4].from_image);
    cr_assert_eq(boxes[4].owner_pid, 7);
    cr_assert_str_eq(boxes[4].bindings, "[1,2]");
    cr_assert_not(boxes[0].from_image);
    bytes = fx_assemble(&absent, &size);
    cr_assert_eq(hsx_exec_load(fx.exec, bytes, size, NULL, &pid, &error), HSX_ERR_FORMAT);
    cr_assert(strstr(error.text, "svc:x@99"));
    free(bytes);
    cr_assert_eq(hsx_exec_mailboxes(fx.exec, boxes, 8, &count), HSX_OK);
    cr_assert_eq(count, 5);
}

Test(arenas, a_malformed_image_is_refused)
{
    const uint8_t junk[40] = "not an image";
    struct hsx_exec_error error;
    uint32_t pid;

    cr_assert_eq(hsx_exec_load(fx.exec, junk, sizeof junk, NULL, &pid, &error), HSX_ERR_FORMAT);
    cr_assert_str_not_empty(error.text);
}

Test(arenas, a_thousand_loads_and_kills_leave_nothing)
{
    static struct whole before, after;
    uint32_t keep = fx_load(&fx, forever);
    const struct fx_image image = {
        ".text\n.entry\nLDI32 R1, n\nSVC 0x500\nloop: JMP loop\n.data\nn: .asciz \"app:x\"\n"
        ".mailbox {\"target\": \"svc:m\", \"capacity\": 500}\n",
        2, "cycle"};
    struct hsx_exec_error error;
    uint32_t pid;
    size_t size;
    uint8_t *bytes = fx_assemble(&image, &size);

    fx_run(&fx, 10);
    take_whole(&before);
    for (unsigned i = 0; i < 1000; i++) {
        cr_assert_eq(hsx_exec_load(fx.exec, bytes, size, NULL, &pid, &error), HSX_OK);
        cr_assert_eq(fx_task(&fx, pid).ctx.reg_base, 0x1040);
        fx_run(&fx, 8);
        cr_assert_eq(hsx_exec_kill(fx.exec, pid), HSX_OK);
    }
    free(bytes);
    take_whole(&after);
    cr_assert_eq(after.task_count, 1);
    cr_assert_eq(after.box_count, before.box_count);
    cr_assert_eq(after.tasks[0].pid, keep);
    cr_assert_eq(pid, 1001);
    cr_assert_eq(fx_task(&fx, fx_load(&fx, ends)).ctx.stack_limit, 0xE000);
}
