// SPDX-License-Identifier: Apache-2.0
#include "tasks.h"
#include <criterion/criterion.h>
#include <hsx/model.h>
#include <stdlib.h>

struct hsx_target *tasks_core(struct hsx_rtl_link **link)
{
    struct hsx_rtl_link *made = NULL;
    struct hsx_target *target = NULL;

    const char *path = getenv("HSX_TEST_MODEL");
    hsx_model_create *create = hsx_model_c16_create;
    char message[200];

    if (path) {
        cr_assert_eq(hsx_model_load(path, &create, message, sizeof message), HSX_OK, "%s", message);
    }
    cr_assert_eq(create(0, &made), HSX_OK);
    cr_assert_eq(hsx_target_rtl_create(made, TASKS_MAX, TASKS_MAX, &target), HSX_OK);
    if (link) {
        *link = made;
    }
    return target;
}

void tasks_start(struct hsx_target *target, uint8_t slot, const uint32_t *words, size_t count)
{
    const struct hsx_context ctx = {
        .sp = 0x8000,
        .reg_base = (uint16_t)(HSX_WINDOW_START + HSX_WINDOW_SIZE * slot),
        .stack_limit = 0x7000,
        .stack_top = 0x8000,
        .code_base = (uint16_t)(0x100 * slot),
        .code_len = (uint32_t)(4 * count),
        .data_base = HSX_DATA_LINK,
        .slice = 1,
        .state = HSX_READY,
    };

    cr_assert_eq(target->ops->write_code(target, ctx.code_base, words, count), HSX_OK);
    cr_assert_eq(target->ops->write_context(target, slot, &ctx), HSX_OK);
    cr_assert_eq(target->ops->make_ready(target, slot), HSX_OK);
}

uint32_t tasks_read(struct hsx_rtl_link *link, uint32_t addr)
{
    struct hsx_bus_op op = {.addr = addr, .sel = 0xF};

    cr_assert_eq(link->ops->bus(link, &op, 1), HSX_OK, "%s", link->ops->message(link));
    return op.data;
}

void tasks_write(struct hsx_rtl_link *link, uint32_t addr, uint32_t value)
{
    struct hsx_bus_op op = {.addr = addr, .data = value, .sel = 0xF, .write = true};

    cr_assert_eq(link->ops->bus(link, &op, 1), HSX_OK, "%s", link->ops->message(link));
}
