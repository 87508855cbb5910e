// SPDX-License-Identifier: Apache-2.0
/* Checks that a loaded snapshot is a state that a machine can be in. The executive relies
 * on all of this without checking again. */
#include "snapshot_parts.h"

struct check {
    struct codec *c;
    const struct hsx_exec *e;
    const struct snap_machine *m;
};

static bool is_ended(uint8_t state)
{
    return state == HSX_RETURNED || state == HSX_EXITED || state == HSX_FAULTED;
}

static unsigned places_in_queue(const struct snap_machine *m, uint8_t slot)
{
    unsigned count = 0;

    for (size_t i = 0; i < m->queue_count; i++) {
        count += m->queue[i] == slot;
    }
    return count;
}

static unsigned traps_of(const struct hsx_exec *e, uint8_t slot)
{
    unsigned count = 0;

    for (size_t i = 0; i < e->trap_count; i++) {
        count += e->traps[i].slot == slot;
    }
    return count;
}

/* What a task waits for must agree in all places that record it. */
static void check_state(const struct check *k, uint8_t slot)
{
    const struct task *t = &k->e->tasks[slot];
    const struct mbox_task *mail = &k->e->mbox->tasks[slot];
    const struct timer *timer = timers_of(&k->e->timers, slot);
    uint8_t state = k->m->contexts[slot].state;
    bool waits = state == HSX_WAIT_MBX || state == HSX_SLEEP;

    codec_check(k->c, (state == HSX_FREE) == (t->pid == 0) && mail->pid == t->pid,
                "a task and its context differ");
    codec_check(k->c, state != HSX_RUNNING && t->ended == is_ended(state),
                "a task has ended or not");
    codec_check(k->c, places_in_queue(k->m, slot) == (state == HSX_READY),
                "the queue and a task's state differ");
    codec_check(k->c, traps_of(k->e, slot) == (state == HSX_TRAPPED),
                "the traps and a task's state differ");
    codec_check(k->c, t->wait.kind == (waits ? state : HSX_FREE),
                "a wait and a task's state differ");
    codec_check(k->c, (mail->wait_desc != MBOX_NONE) == (state == HSX_WAIT_MBX),
                "a mailbox's waiters and a task's state differ");
    codec_check(k->c, timer ? waits : state != HSX_SLEEP, "a deadline and a task's state differ");
    codec_check(
        k->c, !timer || (timer->deadline > k->e->now && timer->deadline - k->e->now <= UINT32_MAX),
        "a deadline has passed or is too far away");
    codec_check(k->c, !t->pause_pending || waits || state == HSX_TRAPPED,
                "a pause is pending for nothing");
}

static bool is_within(uint32_t start, uint32_t len, uint32_t low, uint32_t high)
{
    return start >= low && start <= high && len <= high - start;
}

static void check_arenas(const struct check *k, uint8_t slot)
{
    const struct task *t = &k->e->tasks[slot];

    codec_check(k->c,
                t->reg_base == HSX_WINDOW_START + HSX_WINDOW_SIZE * slot &&
                    is_within(t->code_base, t->code_len, 0, HSX_CODE_SIZE) &&
                    t->code_base % 4 == 0 && t->code_len % 4 == 0 &&
                    is_within(t->data_base, t->data_len, HSX_DATA_LINK, HSX_DATA_SIZE) &&
                    exec_stack_ok(t->stack_bytes) &&
                    is_within(t->stack_base, t->stack_bytes, HSX_DATA_LINK, HSX_DATA_SIZE) &&
                    t->stack_top > t->stack_base &&
                    t->stack_top <= t->stack_base + t->stack_bytes && t->lowest_sp <= t->stack_top,
                "an arena lies outside its memory");
    for (unsigned i = 0; i < slot; i++) {
        const struct task *o = &k->e->tasks[i];

        codec_check(k->c,
                    o->pid == 0 ||
                        (arena_apart(t->data_base, t->data_len, o->data_base, o->data_len) &&
                         arena_apart(t->data_base, t->data_len, o->stack_base, o->stack_bytes) &&
                         arena_apart(t->stack_base, t->stack_bytes, o->data_base, o->data_len) &&
                         arena_apart(t->stack_base, t->stack_bytes, o->stack_base, o->stack_bytes)),
                    "two arenas overlap");
        codec_check(k->c, o->pid != t->pid, "a task id is there twice");
    }
}

/* Addresses that the executive will write to without any further check. */
static void check_addresses(const struct check *k, uint8_t slot)
{
    const struct task *t = &k->e->tasks[slot];
    const struct hsx_context *x = &k->m->contexts[slot];

    codec_check(k->c,
                x->reg_base == t->window && x->reg_base % HSX_WINDOW_SIZE == 0 &&
                    x->code_base + x->code_len <= HSX_CODE_SIZE,
                "a context lies outside its memory");
    codec_check(k->c,
                is_within(t->wait.buffer, t->wait.max_length, 0, HSX_DATA_SIZE) &&
                    (!t->wait.has_info || is_within(t->wait.info, 20, 0, HSX_DATA_SIZE)),
                "a wait's answer lies outside memory");
}

void snap_check(struct codec *c, const struct hsx_exec *e, const struct snap_machine *machine)
{
    const struct check k = {c, e, machine};

    for (uint8_t i = 0; i < e->target->contexts && !c->failed; i++) {
        const struct task *t = &e->tasks[i];

        check_state(&k, i);
        if (t->pid != 0) {
            codec_check(c, t->pid < e->next_pid && e->mbox->tasks[i].next_number != 0,
                        "a task id is not yet due");
            codec_check(c, t->end_number < e->next_end_number || !t->ended,
                        "an end is not yet due");
            check_arenas(&k, i);
            check_addresses(&k, i);
        }
    }
    codec_check(c, e->next_pid != 0 && e->mbox->next_id != 0, "an id of 0 is due");
    codec_check(c, e->mbox->tasks[exec_host_slot(e)].next_number != 0, "the host is not there");
    codec_check(c, e->mbox->tasks[exec_host_slot(e)].pid == 0, "the host is a task");
    codec_check(c, machine->queue_count != 0 || machine->turn_left == 0, "nobody's turn is open");
}
