// SPDX-License-Identifier: Apache-2.0
/* The events that a sink is told, one by one or many at once: each once, in the record order. */
#include "fixture.h"
#include <criterion/criterion.h>
#include <string.h>

enum { MOST = 4000 };

/* What was told, by order number. */
struct told {
    unsigned times[MOST];
    uint8_t kind[MOST]; /* enum hsx_event */
    uint32_t pid[MOST];
    uint64_t next;
    bool in_order;
    unsigned woken;
};

static void add(struct told *told, uint64_t order, uint8_t kind, uint32_t pid)
{
    cr_assert_lt(order, (uint64_t)MOST);
    told->in_order = told->in_order && order == told->next;
    told->next = order + 1;
    told->times[order]++;
    told->kind[order] = kind;
    told->pid[order] = pid;
}

static void event(void *ctx, const struct hsx_exec_event *event)
{
    struct told *told = ctx;

    add(told, event->order, (uint8_t)event->kind, event->pid);
    told->woken += (unsigned)event->woken_count;
}

static void records(void *ctx, const struct hsx_exec_records *records)
{
    for (size_t i = 0; i < records->count; i++) {
        uint16_t reg_base;
        uint32_t pid = 0;

        if (records->records[i].event != HSX_EV_TICK) {
            hsx_exec_slot_task(records->exec, records->records[i].slot, &pid, &reg_base);
        }
        add(ctx, records->order + i, records->records[i].event, pid);
    }
}

static void write(void *ctx, uint32_t addr, const void *bytes, size_t len)
{
    (void)ctx, (void)addr, (void)bytes, (void)len;
}

static void take(struct told *told, bool at_once)
{
    const struct hsx_exec_sink sink = {
        .ctx = told, .event = event, .write = write, .records = at_once ? records : NULL};
    struct hsx_exec_config config;
    struct hsx_exec_stats stats;
    struct fixture fx;

    memset(told, 0, sizeof *told);
    told->in_order = true;
    hsx_exec_config_init(&config);
    config.tick_steps = 50;
    fx_open(&fx, &config, 8);
    hsx_exec_set_sink(fx.exec, &sink);
    fx_load(&fx, ".text\n.entry\nLDI R0, 3\nSVC 0x600\nLDI R0, 20\nSVC 0x600\nRET\n");
    fx_load(&fx, ".text\n.entry\nNOT R1, R1\nPOP R1\n");
    fx_load(&fx, ".text\n.entry\nSVC 0x999\nBRK\n");
    fx_load(&fx, ".text\n.entry\nLDI R1, 1\nLDI R2, 300\nl: SUB R2, R2, R1\nJNZ l\nRET\n");
    cr_assert_eq(fx_run(&fx, 2000), HSX_RUN_STALLED);
    cr_assert_eq(hsx_exec_kill(fx.exec, 3), HSX_OK);
    cr_assert_eq(hsx_exec_stats(fx.exec, &stats), HSX_OK);
    cr_expect(told->in_order, "all at once: %d", at_once);
    cr_expect_eq(stats.order, told->next);
    for (uint64_t i = 0; i < stats.order; i++) {
        cr_assert_eq(told->times[i], 1, "event %u: %u times", (unsigned)i, told->times[i]);
    }
    fx_close(&fx);
}

static unsigned count(const struct told *told, enum hsx_event kind, uint32_t pid)
{
    unsigned count = 0;

    for (uint64_t i = 0; i < told->next; i++) {
        count += told->kind[i] == kind && told->pid[i] == pid;
    }
    return count;
}

Test(sink, is_told_each_event_once_and_in_order)
{
    static struct told single, many;

    take(&single, false);
    take(&many, true);
    cr_expect_eq(memcmp(&single, &many, sizeof single), 0, "both ways tell the same");
    cr_expect_eq(count(&single, HSX_EV_EXTERNAL, 1), 1);
    cr_expect_eq(count(&single, HSX_EV_EXTERNAL, 3), 2, "its load and its end");
    cr_expect_eq(count(&single, HSX_EV_SVC, 1), 2);
    cr_expect_eq(count(&single, HSX_EV_COMPLETE, 1), 2);
    cr_expect_eq(count(&single, HSX_EV_FAULT, 2), 1);
    cr_expect_eq(count(&single, HSX_EV_RETIRE, 2), 1);
    cr_expect_eq(count(&single, HSX_EV_BRK, 3), 1);
    cr_expect_eq(count(&single, HSX_EV_RETURN, 1), 1);
    cr_expect_eq(count(&single, HSX_EV_RETURN, 4), 1);
    cr_expect_eq(count(&single, HSX_EV_RETIRE, 4), 602);
    cr_expect_eq(count(&single, HSX_EV_TICK, 0), 13, "612 steps are 12 ticks, and one jumps");
    cr_expect_eq(single.woken, 2, "each sleep");
}
