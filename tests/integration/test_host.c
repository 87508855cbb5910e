// SPDX-License-Identifier: Apache-2.0
/*
 * The worked example of docs/integration.md: the host of fpga/example on the
 * Verilated core, with nothing else of this project between them.
 */
#include "host.h"
#include <criterion/criterion.h>
#include <hsx/model.h>
#include <hsx/rtl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = HSX_WINDOW_START, CODE_BASE = 0x100 };

static uint32_t bus_read(void *ctx, uint32_t addr)
{
    struct hsx_rtl_link *link = ctx;
    struct hsx_bus_op op = {.addr = addr, .sel = 0xF};

    cr_assert_eq(link->ops->bus(link, &op, 1), HSX_OK, "%s", link->ops->message(link));
    return op.data;
}

static void bus_write(void *ctx, uint32_t addr, uint32_t value)
{
    struct hsx_rtl_link *link = ctx;
    struct hsx_bus_op op = {.addr = addr, .data = value, .sel = 0xF, .write = true};

    cr_assert_eq(link->ops->bus(link, &op, 1), HSX_OK, "%s", link->ops->message(link));
}

static struct hsx_host open_host(void)
{
    struct hsx_rtl_link *link;

    cr_assert_eq(hsx_model_c16_create(0, &link), HSX_OK);
    cr_assert_eq(link->ops->reset(link), HSX_OK);
    return (struct hsx_host){.ctx = link, .read = bus_read, .write = bus_write};
}

static void close_host(const struct hsx_host *host)
{
    struct hsx_rtl_link *link = host->ctx;

    link->ops->destroy(link);
}

/* docs: begin */
/* R0 = SVC 0x242(R1, R2), then the end of the task. */
static const uint32_t adder_code[] = {
    0x01100014, /* LDI R1, 20 */
    0x01200016, /* LDI R2, 22 */
    0x30000242, /* SVC 0x242  */
    0x25000000, /* RET        */
};

static const struct hsx_context adder = {
    .sp = 0xFFFC,
    .reg_base = WINDOW,
    .stack_limit = 0xF000,
    .stack_top = 0xFFFC,
    .code_base = CODE_BASE,
    .code_len = sizeof adder_code,
    .data_base = HSX_DATA_LINK,
    .slice = 1,
    .flags = HSX_CTX_PROTECT,
};

static uint32_t run_adder(const struct hsx_host *host)
{
    static const uint32_t zeros[HSX_REGISTERS];
    uint8_t slot;

    hsx_host_wait(host, &slot); /* a core held by its reset */
    hsx_host_load_code(host, CODE_BASE, adder_code, sizeof adder_code / sizeof adder_code[0]);
    hsx_host_start(host, 0, &adder, zeros);
    for (;;) {
        hsx_host_go(host, 0xFF);
        switch (hsx_host_wait(host, &slot)) {
        case HSX_STOP_SVC:
            hsx_host_write_reg(host, WINDOW, 0,
                               hsx_host_read_reg(host, WINDOW, 1) +
                                   hsx_host_read_reg(host, WINDOW, 2));
            hsx_host_resume(host, slot);
            break;
        default: /* HSX_STOP_RETURN, or the task's fault, whose code is in R0 */
            return hsx_host_read_reg(host, WINDOW, 0);
        }
    }
}
/* docs: end */

Test(integration, host_completes_an_svc)
{
    struct hsx_host host = open_host();

    cr_expect_eq(run_adder(&host), 42);
    close_host(&host);
}

Test(integration, two_tasks_take_turns)
{
    /* R1 is its LED's address: it counts there for R2 rounds. */
    static const uint32_t code[] = {
        0x01900001, /* LDI R9, 1          */
        0x08013000, /* STB [R1], R3       */
        0x10339000, /* ADD R3, R3, R9     */
        0x20032000, /* CMP R3, R2         */
        0x23000004, /* JNZ 4              */
        0x7F000005, /* BRK 5              */
    };
    struct hsx_host host = open_host();
    uint8_t slot;

    hsx_host_wait(&host, &slot);
    hsx_host_load_code(&host, 0, code, sizeof code / sizeof code[0]);
    for (uint8_t i = 0; i < 2; i++) {
        const struct hsx_context ctx = {.sp = (uint16_t)(0xFF00 - 0x100 * i),
                                        .reg_base = (uint16_t)(WINDOW + 0x40 * i),
                                        .stack_limit = (uint16_t)(0xFE00 - 0x100 * i),
                                        .stack_top = (uint16_t)(0xFF00 - 0x100 * i),
                                        .code_len = sizeof code,
                                        .data_base = HSX_DATA_LINK,
                                        .slice = 1,
                                        .flags = HSX_CTX_PROTECT};
        const uint32_t regs[HSX_REGISTERS] = {[1] = 0x800u + i, [2] = 10u + 10 * i};

        hsx_host_start(&host, i, &ctx, regs);
    }
    hsx_host_go(&host, 0xFF);
    cr_expect_eq(hsx_host_wait(&host, &slot), HSX_STOP_BRK);
    cr_expect_eq(slot, 0);
    /* Strict rotation: the slower task is one turn behind. */
    cr_expect_eq(bus_read(host.ctx, 0x800) & 0xFFFF, 0x0909);
    hsx_host_go(&host, 0xFF);
    cr_expect_eq(hsx_host_wait(&host, &slot), HSX_STOP_BRK);
    cr_expect_eq(slot, 1);
    cr_expect_eq(bus_read(host.ctx, 0x800) & 0xFFFF, 0x1309);
    hsx_host_go(&host, 0xFF);
    cr_expect_eq(hsx_host_wait(&host, &slot), HSX_STOP_IDLE);
    close_host(&host);
}

/* One task counts in R1 for ever; two stop at a BRK after `before` instructions.
 * The core is not held for that: the counting task must remain alone in the queue. */
static void expect_survivor(const struct hsx_host *host, uint8_t slice, uint32_t before)
{
    enum { COUNTING = 0, STOPPING = 0x40, STEPS = 200 };
    static const uint32_t counting[] = {
        0x01200001, /* LDI R2, 1      */
        0x10112000, /* ADD R1, R1, R2 */
        0x21000004, /* JMP 4          */
    };
    static const uint32_t zeros[HSX_REGISTERS];
    uint32_t stopping[16];
    uint8_t slot;

    for (uint32_t i = 0; i < 16; i++) {
        stopping[i] = i == before ? 0x7F000000u : 0x01300000u; /* BRK, else LDI R3, 0 */
    }
    hsx_host_load_code(host, COUNTING, counting, sizeof counting / sizeof counting[0]);
    hsx_host_load_code(host, STOPPING, stopping, 16);
    for (uint8_t i = 0; i < 3; i++) {
        const struct hsx_context ctx = {.sp = 0xFF00,
                                        .reg_base = (uint16_t)(WINDOW + 0x40 * i),
                                        .stack_limit = 0xFE00,
                                        .stack_top = 0xFF00,
                                        .code_base = i == 1 ? COUNTING : STOPPING,
                                        .code_len = 0x40,
                                        .slice = slice};

        hsx_host_start(host, i, &ctx, zeros);
    }
    host->write(host->ctx, HSX_HOST_STEP_BUDGET, STEPS);
    hsx_host_go(host, 1u << HSX_STOP_STEPS);
    cr_expect_eq(hsx_host_wait(host, &slot), HSX_STOP_STEPS);
    cr_expect_eq(host->read(host->ctx, HSX_HOST_QUEUE_POP) >> HSX_HOST_STATUS_SLOT_SHIFT & 0xFFFF,
                 0x101, "one in the queue, slot 1: slice %u, BRK after %u instructions", slice,
                 before);
    cr_expect_eq(HSX_HOST_GET(STATUS_COUNT, host->read(host->ctx, HSX_HOST_STATUS)), 0);
    cr_expect_eq(hsx_host_read_reg(host, WINDOW + 0x40, 1), (STEPS - 2 * (before + 1)) / 2,
                 "slice %u, BRK after %u instructions", slice, before);
}

Test(integration, tasks_that_stop_unnoticed_leave_the_others_in_the_queue)
{
    struct hsx_host host = open_host();
    uint8_t slot;

    hsx_host_wait(&host, &slot);
    for (uint8_t slice = 1; slice <= 5; slice++) {
        for (uint32_t before = 0; before < 10; before++) {
            expect_survivor(&host, slice, before);
        }
    }
    close_host(&host);
}

static char *read_source(const char *name)
{
    char path[1000];
    char *text = NULL;
    size_t room = 0;
    FILE *in;

    snprintf(path, sizeof path, "%s/%s", HSX_SOURCE_DIR, name);
    in = fopen(path, "r");
    cr_assert_not_null(in, "%s", path);
    cr_assert_gt(getdelim(&text, &room, '\0', in), 0);
    fclose(in);
    return text;
}

Test(integration, documentation_shows_this_example)
{
    char *page = read_source("docs/integration.md");
    char *source = read_source("tests/integration/test_host.c");
    char *begin = strstr(source, "/* docs: begin */\n");
    char *end = strstr(source, "/* docs: end */\n");

    cr_assert(begin && end);
    begin += strlen("/* docs: begin */\n");
    *end = '\0';
    cr_expect_not_null(strstr(page, begin), "docs/integration.md shows another program");
    free(page);
    free(source);
}
