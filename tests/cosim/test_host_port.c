// SPDX-License-Identifier: Apache-2.0
/* What a master on the bus may count on (docs/host_map.md): words without a meaning do nothing, a
 * running core takes HOLD_MASK and CTRL alone, and the step budget and the counters hold to
 * the step, from any value that they are set to. */
#include "tasks.h"
#include <criterion/criterion.h>
#include <hsx/machine.h>
#include <string.h>

enum {
    RECORDS = 64,
    FREE_DATA = 0x9000,
    CONTROL_WORDS = 64,
    FOREIGN = 0x40000, /* above the map, its regions would come again */
    MAP_END = 0x100000
};

struct core {
    struct hsx_target *target;
    struct hsx_rtl_link *link;
    uint32_t order;
};

static struct core make(void)
{
    struct core core = {0};

    core.target = tasks_core(&core.link);
    return core;
}

static void destroy(struct core core)
{
    core.target->ops->destroy(core.target);
}

static void put(struct core *core, uint32_t addr, uint32_t value)
{
    tasks_write(core->link, addr, value);
}

static uint32_t get(struct core *core, uint32_t addr)
{
    return tasks_read(core->link, addr);
}

/* Clocks the core for some records, or until it is held: then true. */
static bool follow(struct core *core, size_t records)
{
    struct hsx_record taken[RECORDS];
    struct hsx_rtl_batch batch = {
        .records = taken, .capacity = records, .hang_limit = 1000, .order = core->order};

    cr_assert_eq(core->link->ops->run(core->link, &batch), HSX_OK, "%s",
                 core->link->ops->message(core->link));
    core->order = batch.order;
    cr_assert_neq(batch.outcome, HSX_RTL_HANG);
    return batch.outcome == HSX_RTL_HELD;
}

static void go(struct core *core)
{
    put(core, HSX_HOST_CTRL, 1);
}

static unsigned cause(struct core *core)
{
    return HSX_HOST_GET(STATUS_CAUSE, get(core, HSX_HOST_STATUS));
}

/* All that a held core shows, except the cycle counters. */
struct view {
    uint32_t status, id, data, code, pc, state,
        registers[HSX_HOST_TICK_STEPS / 4 - HSX_HOST_STEPS / 4 + 1];
    uint32_t lost[HSX_HOST_LOST_CAUSES];
};

static void look(struct core *core, struct view *view)
{
    memset(view, 0, sizeof *view);
    view->status = get(core, HSX_HOST_STATUS);
    view->id = get(core, HSX_HOST_ID);
    view->data = get(core, HSX_HOST_DATA + FREE_DATA);
    view->code = get(core, HSX_HOST_CODE);
    view->pc = get(core, HSX_HOST_FIELD_ADDRESS(0, HSX_CONTEXT_PC));
    view->state = get(core, HSX_HOST_FIELD_ADDRESS(0, HSX_CONTEXT_STATE));
    for (uint32_t addr = HSX_HOST_STEPS; addr <= HSX_HOST_TICK_STEPS; addr += 4) {
        if (addr != HSX_HOST_ALARM_BEFORE - 4) { /* reads as anything */
            view->registers[(addr - HSX_HOST_STEPS) / 4] = get(core, addr);
        }
    }
    for (uint32_t i = 0; i < HSX_HOST_LOST_CAUSES; i++) {
        view->lost[i] = get(core, HSX_HOST_LOST_SLOTS + 4 * i);
    }
}

static const uint32_t endless[] = {WORD(ADD, 1, 1, 2, 0), WORD(JMP, 0, 0, 0, 0)};
static const uint32_t traps[] = {WORD(SVC, 0, 0, 0, 0x123), WORD(JMP, 0, 0, 0, 0)};

#define START(core, slot, words)                                                                   \
    tasks_start((core)->target, slot, words, sizeof(words) / sizeof(words)[0])

/* Whether an access to a word of the control page does something. */
static bool has_meaning(uint32_t addr, bool write)
{
    switch (addr) {
    case HSX_HOST_CTRL:
    case HSX_HOST_HOLD_MASK:
    case HSX_HOST_STEP_BUDGET:
    case HSX_HOST_STEPS:
    case HSX_HOST_ORDER:
    case HSX_HOST_CYCLES:
    case HSX_HOST_NOW:
    case HSX_HOST_ALARM_BEFORE:
    case HSX_HOST_TICK_STEPS:
    case HSX_HOST_TICK_LEFT:
    case HSX_HOST_TURN:
    case HSX_HOST_COUNT_EVENT:
    case HSX_HOST_ALARM:
        return write;
    case HSX_HOST_QUEUE_POP:
        return !write;
    default:
        return addr >= HSX_HOST_LOST_SLOTS && write;
    }
}

Test(host_port, words_without_a_meaning_do_nothing)
{
    struct core core = make();
    struct view before, after;

    for (uint8_t slot = 0; slot < 3; slot++) {
        START(&core, slot, endless);
    }
    cr_assert_eq(core.target->ops->set_tick_steps(core.target, 50), HSX_OK);
    look(&core, &before);
    for (uint32_t i = 0; i < CONTROL_WORDS; i++) {
        uint32_t addr = HSX_HOST_CONTROL + 4 * i;

        for (unsigned write = 0; write < 2; write++) {
            if (!has_meaning(addr, write)) {
                if (write) {
                    put(&core, addr, 0x5A5A0001 + i);
                } else {
                    get(&core, addr);
                }
                look(&core, &after);
                cr_expect_eq(memcmp(&before, &after, sizeof before), 0, "%s of 0x%X",
                             write ? "write" : "read", (unsigned)addr);
                before = after;
            }
        }
    }
    destroy(core);
}

/* The map's regions are not found again above it. */
Test(host_port, addresses_above_the_map_do_nothing)
{
    static const uint32_t places[] = {HSX_HOST_DATA + FREE_DATA,
                                      HSX_HOST_CODE,
                                      HSX_HOST_CONTEXT,
                                      HSX_HOST_FIELD_ADDRESS(0, HSX_CONTEXT_PUSH),
                                      HSX_HOST_HOLD_MASK,
                                      HSX_HOST_STEPS,
                                      HSX_HOST_NOW,
                                      HSX_HOST_COUNT_EVENT,
                                      HSX_HOST_QUEUE_POP,
                                      HSX_HOST_TURN,
                                      HSX_HOST_TICK_LEFT,
                                      HSX_HOST_LOST_SLOTS,
                                      HSX_HOST_CTRL};
    struct core core = make();
    struct view before, after;

    START(&core, 0, endless);
    START(&core, 1, endless);
    look(&core, &before);
    for (uint32_t base = FOREIGN; base < MAP_END; base += FOREIGN) {
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
            get(&core, base + places[i]);
            put(&core, base + places[i], 0x1FF);
            look(&core, &after);
            cr_expect_eq(memcmp(&before, &after, sizeof before), 0, "0x%X",
                         (unsigned)(base + places[i]));
            before = after;
        }
    }
    destroy(core);
}

Test(host_port, a_running_core_takes_hold_mask_and_ctrl_alone)
{
    static const uint32_t writes[] = {HSX_HOST_DATA + FREE_DATA,
                                      HSX_HOST_DATA + HSX_WINDOW_START + HSX_WINDOW_SIZE * 5,
                                      HSX_HOST_CODE + 0x800,
                                      HSX_HOST_FIELD_ADDRESS(5, HSX_CONTEXT_PC),
                                      HSX_HOST_FIELD_ADDRESS(5, HSX_CONTEXT_PUSH),
                                      HSX_HOST_STEP_BUDGET,
                                      HSX_HOST_STEPS,
                                      HSX_HOST_ORDER,
                                      HSX_HOST_CYCLES,
                                      HSX_HOST_NOW,
                                      HSX_HOST_ALARM_BEFORE,
                                      HSX_HOST_TICK_STEPS,
                                      HSX_HOST_TICK_LEFT,
                                      HSX_HOST_TURN,
                                      HSX_HOST_COUNT_EVENT,
                                      HSX_HOST_LOST_SLOTS};
    enum { WRITES = sizeof writes / sizeof writes[0] };
    struct core core = make();
    uint32_t before[WRITES];

    START(&core, 0, endless);
    START(&core, 1, endless);
    put(&core, HSX_HOST_STEP_BUDGET, HSX_HOST_NONE);
    for (size_t i = 0; i < 5; i++) {
        before[i] = get(&core, writes[i]);
    }
    go(&core);
    for (size_t i = 0; i < WRITES; i++) {
        uint32_t status;

        cr_assert(!follow(&core, 8));
        put(&core, writes[i], 5);
        cr_assert(!follow(&core, 8));
        status = get(&core, writes[i]);
        if (writes[i] < HSX_HOST_CONTROL) {
            cr_expect_eq(status, 0, "0x%X reads as 0x%X", (unsigned)writes[i], (unsigned)status);
        }
        cr_assert(!follow(&core, 8));
        status = get(&core, HSX_HOST_STATUS);
        cr_expect_eq(HSX_HOST_GET(STATUS_RUNNING, status), 1);
        cr_expect_eq(HSX_HOST_GET(STATUS_HELD, status), 0);
        cr_expect_eq(HSX_HOST_GET(STATUS_COUNT, status), 2, "0x%X", (unsigned)writes[i]);
    }
    cr_assert(!follow(&core, 8));
    get(&core, HSX_HOST_QUEUE_POP);
    cr_assert(!follow(&core, 8));
    put(&core, HSX_HOST_CTRL, 0);
    while (!follow(&core, RECORDS)) {
    }
    cr_expect_eq(cause(&core), HSX_HOST_CAUSE_HOST);
    cr_expect_eq(HSX_HOST_GET(STATUS_COUNT, get(&core, HSX_HOST_STATUS)), 2);
    for (size_t i = 0; i < 5; i++) {
        cr_expect_eq(get(&core, writes[i]), before[i], "0x%X has changed", (unsigned)writes[i]);
    }
    cr_expect_eq(get(&core, HSX_HOST_STEPS), core.order);
    cr_expect_eq(get(&core, HSX_HOST_ORDER), core.order);
    cr_expect_eq(get(&core, HSX_HOST_NOW), 0);
    destroy(core);
}

/* Without an SVC's bit the core continues after each; with it, the core is held at the next. */
Test(host_port, a_running_core_obeys_a_new_hold_mask)
{
    struct core core = make();

    START(&core, 0, endless);
    for (uint8_t slot = 1; slot < TASKS_MAX; slot++) {
        START(&core, slot, traps);
    }
    put(&core, HSX_HOST_STEP_BUDGET, HSX_HOST_NONE);
    put(&core, HSX_HOST_HOLD_MASK, 0);
    go(&core);
    cr_assert(!follow(&core, 2));
    put(&core, HSX_HOST_HOLD_MASK, 1u << HSX_HOST_CAUSE_SVC);
    cr_assert(follow(&core, RECORDS));
    cr_expect_eq(cause(&core), HSX_HOST_CAUSE_SVC);
    destroy(core);
}

/* A budget is exact, also when its last step proves not to be one, as a RET to no address does, and
 * nothing but the budget holds. */
Test(host_port, a_budget_holds_to_the_step)
{
    static const uint32_t bad_return[] = {WORD(LDI32, 1, 0, 0, 0), 0x12345678,
                                          WORD(CALL, 0, 0, 0, 8),  WORD(JMP, 0, 0, 0, 8),
                                          WORD(POP, 2, 0, 0, 0),   WORD(PUSH, 0, 1, 0, 0),
                                          WORD(RET, 0, 0, 0, 0)};
    static const uint32_t budgets[] = {0, 8, 64, 255, 256, 513};

    for (uint32_t steps = 0; steps < 40; steps++) {
        uint32_t budget = steps < 34 ? steps : budgets[steps - 34];
        struct core core = make();

        START(&core, 0, endless);
        START(&core, 1, bad_return);
        START(&core, 2, endless);
        put(&core, HSX_HOST_HOLD_MASK, 1u << HSX_HOST_CAUSE_STEPS);
        put(&core, HSX_HOST_STEP_BUDGET, budget);
        go(&core);
        while (!follow(&core, RECORDS)) {
        }
        cr_expect_eq(cause(&core), HSX_HOST_CAUSE_STEPS);
        cr_expect_eq(get(&core, HSX_HOST_STEPS), budget, "%u of %u steps",
                     (unsigned)get(&core, HSX_HOST_STEPS), (unsigned)budget);
        destroy(core);
    }
}

/* Each of the counts that an event's number is the sum of carries into each bit, also for an
 * instruction whose result, and record, comes late. */
Test(host_port, events_are_numbered_from_any_counts)
{
    static const uint32_t slow[] = {WORD(LDI, 1, 0, 0, 3), WORD(MUL, 2, 1, 1, 0),
                                    WORD(DIV, 3, 2, 1, 0), WORD(JMP, 0, 0, 0, 4)};
    struct core core = make();
    uint32_t noise = 1;

    START(&core, 0, slow);
    START(&core, 1, endless);
    cr_assert_eq(core.target->ops->set_tick_steps(core.target, 5), HSX_OK);
    for (unsigned bit = 2; bit < 32; bit++) {
        for (unsigned way = 0; way < 4; way++) {
            uint32_t counts[3];

            /* Each of the three is about to carry into this bit. */
            for (unsigned i = 0; i < 3; i++) {
                noise = noise * 1664525u + 1013904223u;
                counts[i] = way == i ? (UINT32_C(1) << bit) - 2 : noise;
            }
            put(&core, HSX_HOST_STEPS, counts[0]);
            put(&core, HSX_HOST_CYCLES, counts[1]);
            put(&core, HSX_HOST_ORDER, counts[2]);
            put(&core, HSX_HOST_COUNT_EVENT, 3);
            core.order = counts[0] + counts[1] + counts[2] + 3;
            put(&core, HSX_HOST_STEP_BUDGET, 24);
            go(&core);
            cr_assert(follow(&core, RECORDS));
            cr_expect_eq(get(&core, HSX_HOST_ORDER), core.order, "bit %u", bit);
            cr_expect_eq(get(&core, HSX_HOST_STEPS), counts[0] + 24, "bit %u", bit);
        }
    }
    destroy(core);
}

/* After a tick the next is as far away as TICK_STEPS says, whichever its bits. */
Test(host_port, a_tick_is_not_followed_by_another_too_early)
{
    for (uint32_t period = 8; period < HSX_MAX_TICK_STEPS; period *= 2) {
        struct core core = make();

        START(&core, 0, endless);
        START(&core, 1, endless);
        for (uint32_t ticks = 1; ticks <= 4; ticks++) {
            put(&core, HSX_HOST_TICK_STEPS, period + ticks);
            put(&core, HSX_HOST_TICK_LEFT, 2);
            put(&core, HSX_HOST_STEP_BUDGET, 8);
            go(&core);
            cr_assert(follow(&core, RECORDS));
            cr_expect_eq(get(&core, HSX_HOST_NOW), ticks, "period %u: %u ticks",
                         (unsigned)(period + ticks), (unsigned)get(&core, HSX_HOST_NOW));
        }
        destroy(core);
    }
}

/* A field takes its own bits of what is written. */
Test(host_port, bits_that_a_field_does_not_have_are_dropped)
{
    struct core core = make();

    for (uint32_t value = 0; value < 16; value++) {
        put(&core, HSX_HOST_FIELD_ADDRESS(3, HSX_CONTEXT_STATE), ~UINT32_C(15) | value);
        put(&core, HSX_HOST_FIELD_ADDRESS(3, HSX_CONTEXT_PSW), ~UINT32_C(15) | (value ^ 5));
        cr_expect_eq(get(&core, HSX_HOST_FIELD_ADDRESS(3, HSX_CONTEXT_STATE)), value);
        cr_expect_eq(get(&core, HSX_HOST_FIELD_ADDRESS(3, HSX_CONTEXT_PSW)), value ^ 5);
    }
    destroy(core);
}

/* A slot uses the window that its reg_base names, whatever its own number. */
Test(host_port, a_slot_may_have_any_window)
{
    struct core core = make();

    for (uint8_t slot = 0; slot < TASKS_MAX; slot++) {
        uint32_t window = HSX_WINDOW_START + HSX_WINDOW_SIZE * (TASKS_MAX - 1u - slot);

        START(&core, slot, endless);
        put(&core, HSX_HOST_FIELD_ADDRESS(slot, HSX_CONTEXT_REG_BASE), window);
        put(&core, HSX_HOST_DATA + window + 4, 0x1000u * slot);
        put(&core, HSX_HOST_DATA + window + 8, 1u + slot);
    }
    put(&core, HSX_HOST_STEP_BUDGET, 10 * TASKS_MAX);
    go(&core);
    while (!follow(&core, RECORDS)) {
    }
    for (uint8_t slot = 0; slot < TASKS_MAX; slot++) {
        uint32_t window = HSX_WINDOW_START + HSX_WINDOW_SIZE * (TASKS_MAX - 1u - slot);

        cr_expect_eq(get(&core, HSX_HOST_DATA + window + 4), 0x1000u * slot + 5 * (1u + slot),
                     "slot %u", slot);
    }
    destroy(core);
}

/* A reset clears HOLD_MASK, including the budget's bit. */
Test(host_port, a_budget_holds_after_a_reset)
{
    struct core core = make();

    START(&core, 0, endless);
    put(&core, HSX_HOST_HOLD_MASK, 0);
    cr_assert_eq(core.link->ops->reset(core.link), HSX_OK);
    put(&core, HSX_HOST_FIELD_ADDRESS(0, HSX_CONTEXT_PUSH), HSX_READY);
    put(&core, HSX_HOST_STEP_BUDGET, 3);
    go(&core);
    cr_assert(follow(&core, RECORDS));
    cr_expect_eq(cause(&core), HSX_HOST_CAUSE_STEPS);
    cr_expect_eq(core.order, 3);
    destroy(core);
}
