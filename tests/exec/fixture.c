// SPDX-License-Identifier: Apache-2.0
#include "fixture.h"
#include <criterion/criterion.h>
#include <hsx/asm.h>
#include <hsx/target_vm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void console(void *ctx, uint32_t pid, const uint8_t *bytes, size_t len)
{
    struct fixture *fx = ctx;

    (void)pid;
    cr_assert_lt(fx->said_len + len, sizeof fx->said);
    memcpy(fx->said + fx->said_len, bytes, len);
    fx->said_len += len;
    fx->said[fx->said_len] = '\0';
}

static void can(void *ctx, uint32_t pid, uint16_t id, const uint8_t *bytes, size_t len)
{
    struct fixture *fx = ctx;

    fx->can_pid = pid;
    fx->can_id = id;
    memcpy(fx->can_bytes, bytes, len);
    fx->can_len = len;
    fx->can_count++;
}

void fx_open(struct fixture *fx, const struct hsx_exec_config *config, unsigned contexts)
{
    struct hsx_exec_config with_host;

    memset(fx, 0, sizeof *fx);
    hsx_exec_config_init(&with_host);
    if (config) {
        with_host = *config;
    }
    with_host.host = (struct hsx_exec_host){.ctx = fx, .console = console, .can = can};
    cr_assert_eq(hsx_target_vm_create(contexts, &fx->target), HSX_OK);
    cr_assert_eq(hsx_exec_create(fx->target, &with_host, &fx->exec), HSX_OK);
}

void fx_close(struct fixture *fx)
{
    hsx_exec_destroy(fx->exec);
    fx->target->ops->destroy(fx->target);
}

static enum hsx_status read_source(void *context, const char *path, char **text, size_t *size)
{
    (void)path;
    *text = strdup(context);
    *size = strlen(context);
    return *text ? HSX_OK : HSX_ERR_MEMORY;
}

static void report(void *context, const struct hsx_asm_error *error)
{
    (void)context;
    fprintf(stderr, "test program:%u: %s\n", error->line, error->text);
}

uint8_t *fx_assemble(const struct fx_image *image, size_t *size)
{
    const char *const path = "test";
    char *source = strdup(image->source);
    struct hsx_asm_options options = {.version = image->version ? image->version : 1,
                                      .name = image->name,
                                      .context = source,
                                      .read = read_source,
                                      .report = report};
    uint8_t *bytes;

    cr_assert_eq(hsx_assemble(&path, 1, &options, &bytes, size), HSX_OK);
    free(source);
    return bytes;
}

uint8_t *fx_assemble_multiple(const struct fx_image *image, size_t *size)
{
    uint8_t *bytes = fx_assemble(image, size);
    uLong crc;

    bytes[7] |= 2;
    crc = crc32(crc32(0, bytes, 28), bytes + 96, (uInt)(*size - 96));
    for (unsigned i = 0; i < 4; i++) {
        bytes[28 + i] = (uint8_t)(crc >> (24 - 8 * i));
    }
    return bytes;
}

enum hsx_status fx_try_load(struct fixture *fx, const char *source, uint32_t stack_bytes,
                            uint32_t *pid, struct hsx_exec_error *error)
{
    const struct hsx_exec_load load = {.name = "test", .stack_bytes = stack_bytes};
    size_t size;
    uint8_t *bytes = fx_assemble(&(struct fx_image){.source = source}, &size);
    enum hsx_status status = hsx_exec_load(fx->exec, bytes, size, &load, pid, error);

    free(bytes);
    return status;
}

uint32_t fx_load(struct fixture *fx, const char *source)
{
    struct hsx_exec_error error;
    uint32_t pid = 0;

    cr_assert_eq(fx_try_load(fx, source, 0, &pid, &error), HSX_OK, "%s", error.text);
    return pid;
}

enum hsx_run_end fx_run(struct fixture *fx, uint64_t steps)
{
    struct hsx_exec_run run = {.max_steps = steps};

    cr_assert_eq(hsx_exec_run(fx->exec, &run), HSX_OK);
    return run.reason;
}

struct hsx_task_info fx_task(struct fixture *fx, uint32_t pid)
{
    struct hsx_task_info info = {0};

    cr_assert_eq(hsx_exec_task(fx->exec, pid, &info), HSX_OK, "no task %u", (unsigned)pid);
    return info;
}

enum hsx_state fx_state(struct fixture *fx, uint32_t pid)
{
    return (enum hsx_state)fx_task(fx, pid).ctx.state;
}

void fx_read(struct fixture *fx, uint32_t addr, void *bytes, size_t len)
{
    cr_assert_eq(fx->target->ops->read_data(fx->target, addr, bytes, len), HSX_OK);
}

uint32_t fx_word(struct fixture *fx, uint32_t addr)
{
    uint8_t b[4];

    fx_read(fx, addr, b, sizeof b);
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

uint32_t fx_reg(struct fixture *fx, uint32_t pid, unsigned n)
{
    return fx_word(fx, fx_task(fx, pid).ctx.reg_base + 4 * n);
}

void fx_set_reg(struct fixture *fx, uint32_t pid, unsigned n, uint32_t value)
{
    const uint8_t b[4] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                          (uint8_t)(value >> 24)};

    cr_assert_eq(hsx_exec_poke(fx->exec, fx_task(fx, pid).ctx.reg_base + 4 * n, b, sizeof b),
                 HSX_OK);
}

bool fx_same_tasks(const struct hsx_task_info *a, const struct hsx_task_info *b, size_t count)
{
    for (; count-- > 0; a++, b++) {
        if (a->pid != b->pid || a->slot != b->slot || strcmp(a->name, b->name) != 0 ||
            memcmp(&a->ctx, &b->ctx, sizeof a->ctx) != 0 || a->window != b->window ||
            a->stack_bytes != b->stack_bytes || a->stack_used_max != b->stack_used_max ||
            a->exit_status != b->exit_status || a->fault != b->fault ||
            a->pause_pending != b->pause_pending || a->wait_descriptor != b->wait_descriptor ||
            a->has_deadline != b->has_deadline || a->deadline != b->deadline ||
            memcmp(&a->counters, &b->counters, sizeof a->counters) != 0) {
            return false;
        }
    }
    return true;
}

bool fx_same_boxes(const struct hsx_mbox_info *a, const struct hsx_mbox_info *b, size_t count)
{
    for (; count-- > 0; a++, b++) {
        if (a->descriptor != b->descriptor || strcmp(a->name, b->name) != 0 ||
            a->owner != b->owner || a->capacity != b->capacity || a->used != b->used ||
            a->high_water != b->high_water || a->messages != b->messages || a->mode != b->mode ||
            a->handles != b->handles || a->taps != b->taps || a->waiters != b->waiters ||
            a->from_image != b->from_image || a->has_owner_pid != b->has_owner_pid ||
            a->owner_pid != b->owner_pid || a->bindings != b->bindings) {
            return false;
        }
    }
    return true;
}

bool fx_same_stats(const struct hsx_exec_stats *a, const struct hsx_exec_stats *b)
{
    return a->order == b->order && a->steps == b->steps && a->cycles == b->cycles &&
           a->now == b->now && a->tasks == b->tasks && a->live == b->live &&
           a->broken_invariants == b->broken_invariants &&
           a->last_broken_pid == b->last_broken_pid && a->last_broken == b->last_broken;
}
