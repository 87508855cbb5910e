// SPDX-License-Identifier: Apache-2.0
/*
 * Each allocation of the executive fails once: the call that needed it says so and has changed
 * nothing, the next try succeeds, and in the end all memory is given back. The linker's --wrap
 * leads the calls of the project's libraries here; those of other libraries are not counted.
 */
#include "fixture.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BLOCKS = 1000 };

static void *blocks[MOST_BLOCKS]; /* allocated and not freed */
static size_t block_count;
static unsigned calls, failing; /* allocations so far, and which of them fails; 0: none */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);

static void *add(void *block)
{
    if (block) {
        cr_assert_lt(block_count, (size_t)MOST_BLOCKS);
        blocks[block_count++] = block;
    }
    return block;
}

static void take_out(const void *block)
{
    for (size_t i = 0; i < block_count; i++) {
        if (blocks[i] == block) {
            blocks[i] = blocks[--block_count];
            return;
        }
    }
}

static bool fails(void)
{
    return ++calls == failing;
}

void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : add(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : add(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size);
void *__wrap_realloc(void *block, size_t size)
{
    if (fails()) {
        return NULL;
    }
    take_out(block);
    return add(__real_realloc(block, size));
}

void __wrap_free(void *block);
void __wrap_free(void *block)
{
    take_out(block);
    __real_free(block);
}

static const struct fx_image image = {
    ".text\n.entry\nLDI32 R1, n\nSVC 0x500\nloop: JMP loop\n.data\nn: .asciz \"app:x\"\n.zero "
    "6000\n"
    ".mailbox {\"target\": \"svc:m\", \"capacity\": 500, \"bindings\": [1, 2]}\n"
    ".mailbox {\"target\": \"app:n\", \"capacity\": 70}\n",
    2, "memory"};

/* Between these the allocation with this number, from 1, fails; true: there was one. */
static void begin(unsigned number)
{
    calls = 0;
    failing = number;
}

static bool end(void)
{
    bool failed = calls >= failing;

    failing = 0;
    return failed;
}

/* What a snapshot holds is all that must not have changed. */
static uint8_t *save(struct fixture *fx, size_t *size)
{
    uint8_t *bytes;

    cr_assert_eq(hsx_exec_save(fx->exec, &bytes, size), HSX_OK);
    return bytes;
}

static void expect_unchanged(struct fixture *fx, const uint8_t *bytes, size_t size,
                             const char *what, unsigned attempt)
{
    size_t now;
    uint8_t *after = save(fx, &now);

    cr_expect(now == size && memcmp(bytes, after, size) == 0, "%s, allocation %u: it has changed",
              what, attempt);
    free(after);
}

Test(memory, that_is_refused_to_a_new_executive_is_given_back)
{
    struct hsx_exec_config config;
    unsigned attempt = 0;
    struct fixture fx;

    fx_open(&fx, NULL, 4);
    hsx_exec_destroy(fx.exec);
    hsx_exec_config_init(&config);
    for (bool failed = true; failed;) {
        size_t blocks_before = block_count;
        struct hsx_exec *e = NULL;
        enum hsx_status status;

        begin(++attempt);
        status = hsx_exec_create(fx.target, &config, &e);
        failed = end();
        cr_expect_eq(status, failed ? HSX_ERR_MEMORY : HSX_OK, "allocation %u", attempt);
        cr_expect_eq(e == NULL, failed);
        hsx_exec_destroy(e);
        cr_expect_eq(block_count, blocks_before, "allocation %u: %zu are left", attempt,
                     block_count - blocks_before);
    }
    cr_expect_geq(attempt, 12u, "the executive, twice the mailboxes, the trace ring");
    fx.target->ops->destroy(fx.target);
    cr_expect_eq(block_count, 0);
}

Test(memory, that_is_refused_to_a_load_changes_nothing)
{
    unsigned attempt = 0;
    struct fixture fx;
    size_t size, file_size;
    uint8_t *bytes = fx_assemble(&image, &size);
    uint8_t *file;

    fx_open(&fx, NULL, 4);
    file = save(&fx, &file_size);
    for (bool failed = true; failed;) {
        struct hsx_exec_error error;
        size_t blocks_before = block_count;
        enum hsx_status status;
        uint32_t pid;

        begin(++attempt);
        status = hsx_exec_load(fx.exec, bytes, size, NULL, &pid, &error);
        failed = end();
        if (failed) {
            cr_expect_eq(status, HSX_ERR_MEMORY, "allocation %u: %s", attempt, error.text);
            cr_expect_str_not_empty(error.text);
            cr_expect_eq(block_count, blocks_before, "allocation %u: not all is given back",
                         attempt);
            expect_unchanged(&fx, file, file_size, "load", attempt);
        } else {
            cr_expect_eq(status, HSX_OK);
        }
    }
    cr_expect_geq(attempt, 3u);
    free(bytes);
    free(file);
    fx_close(&fx);
    cr_expect_eq(block_count, 0);
}

Test(memory, that_is_refused_to_a_snapshot_changes_nothing)
{
    struct hsx_exec_error error;
    unsigned attempt = 0;
    struct fixture fx;
    size_t size, file_size, saved_size;
    uint8_t *bytes = fx_assemble(&image, &size);
    uint8_t *file, *saved;
    uint32_t pid;

    fx_open(&fx, NULL, 4);
    cr_assert_eq(hsx_exec_load(fx.exec, bytes, size, NULL, &pid, &error), HSX_OK);
    for (uint32_t at = 0x5800; at < 0xE000; at += 4) { /* pages that a snapshot must hold */
        cr_assert_eq(hsx_exec_poke(fx.exec, at, "full", 4), HSX_OK);
    }
    fx_run(&fx, 100);
    file = save(&fx, &file_size);
    for (bool failed = true; failed;) {
        size_t blocks_before = block_count;
        enum hsx_status status;

        saved = NULL;
        begin(++attempt);
        status = hsx_exec_save(fx.exec, &saved, &saved_size);
        failed = end();
        if (failed) {
            cr_expect_eq(status, HSX_ERR_MEMORY, "allocation %u", attempt);
            cr_expect_eq(block_count, blocks_before, "allocation %u: not all is given back",
                         attempt);
        } else {
            cr_expect_eq(status, HSX_OK);
            cr_expect(saved_size == file_size && memcmp(saved, file, file_size) == 0);
            cr_expect_eq(block_count, blocks_before + 1);
            free(saved);
        }
        expect_unchanged(&fx, file, file_size, "save", attempt);
    }
    cr_expect_geq(attempt, 4u, "the machine, and the file as it grows");
    fx_run(&fx, 100);
    saved = save(&fx, &saved_size);
    attempt = 0;
    for (bool failed = true; failed;) {
        size_t blocks_before = block_count;
        enum hsx_status status;

        begin(++attempt);
        status = hsx_exec_restore(fx.exec, file, file_size, &error);
        failed = end();
        cr_expect_eq(status, failed ? HSX_ERR_MEMORY : HSX_OK, "allocation %u: %s", attempt,
                     error.text);
        cr_expect_eq(block_count, blocks_before, "allocation %u: not all is given back", attempt);
        expect_unchanged(&fx, failed ? saved : file, failed ? saved_size : file_size, "restore",
                         attempt);
    }
    cr_expect_geq(attempt, 12u, "another executive, and the machine as it was");
    free(bytes);
    free(file);
    free(saved);
    fx_close(&fx);
    cr_expect_eq(block_count, 0);
}
