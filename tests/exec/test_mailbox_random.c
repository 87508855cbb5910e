// SPDX-License-Identifier: Apache-2.0
/* Random mailbox calls of eight tasks against a model of contract section 7. */
#include "mailbox_model.h"
#include "puppet.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fixture fx;

/* ---- Choices */

static uint32_t state;

static unsigned pick(unsigned below)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % below;
}

/* A name as given by a task, and as displayed. */
struct name {
    char said[48], shown[48];
    uint32_t owner;
};

static struct name choose_name(const struct task *caller)
{
    static const char *const global[] = {"app:a", "app:b", "shared:c"};
    struct name n = {.owner = 0};
    uint32_t other = model.tasks[pick(TASKS)].pid;

    switch (pick(6)) {
    case 0:
        n.owner = caller->pid;
        strcpy(n.said, pick(2) ? "svc:d" : "d");
        snprintf(n.shown, sizeof n.shown, "svc:d@%u", (unsigned)n.owner);
        break;
    case 1:
        n.owner = other;
        snprintf(n.said, sizeof n.said, "svc:d@%u", (unsigned)other);
        strcpy(n.shown, n.said);
        break;
    case 2:
        n.owner = other;
        snprintf(n.said, sizeof n.said, "app:e@%u", (unsigned)other);
        strcpy(n.shown, n.said);
        break;
    default:
        strcpy(n.said, global[pick(3)]);
        strcpy(n.shown, n.said);
        break;
    }
    return n;
}

static uint32_t choose_mode(void)
{
    static const uint32_t modes[] = {3, 3, FANOUT, 3 | DROP, BLOCK, FANOUT | BLOCK};

    return modes[pick(sizeof modes / sizeof modes[0])];
}

static uint32_t choose_handle(const struct task *t)
{
    return pick(10) == 0 ? 1 + pick(60) : t->next_handle - 1 - pick(t->next_handle < 6 ? 3 : 5);
}

/* ---- Each call, in the model and executed */

static void do_open(struct task *t)
{
    struct name n = choose_name(t);
    uint32_t mode = choose_mode();
    struct box *box = model_find_box(n.shown);

    model_answer(t, NO_DESCRIPTOR, 0);
    if (model_handles_of(t->pid) < QUOTA) {
        box = box ? box : model_make_box(n.shown, n.owner, t->pid, 0, mode);
        if (box) {
            model_answer(t, OK, 1);
            t->out[0] = model_make_handle(t, box)->number;
        }
    }
    p_open(&fx, t->pid, n.said, mode);
}

static void do_bind(struct task *t)
{
    static const uint32_t capacities[] = {0, 0, 16, 40, 64, 100};
    struct name n = choose_name(t);
    uint32_t capacity = capacities[pick(6)];
    uint32_t mode = pick(2) ? 0 : choose_mode();
    struct box *box = model_find_box(n.shown);

    if (!box) {
        box = model_make_box(n.shown, n.owner, t->pid, capacity, mode);
    } else {
        if (capacity != 0) {
            box->capacity = capacity;
        }
        while (model_used(&box->queue) > box->capacity) {
            model_lose_oldest(box);
        }
        for (unsigned i = 0; i < HANDLES; i++) {
            struct handle *h = &model.handles[i];

            if (!h->there || h->box != box) {
                continue;
            }
            while (h->tapped && model_used(&h->tap) > box->capacity) {
                model_pop(&h->tap);
                h->tap_overrun = true;
            }
            if (mode != 0 && mode != box->mode) {
                h->position = box->next_number;
            }
        }
        box->mode = mode ? mode : box->mode;
        model_serve(box);
    }
    model_answer(t, box ? OK : NO_DESCRIPTOR, box ? 1 : 0);
    t->out[0] = box ? box->id : 0;
    if (box) {
        model_end_if_unused(box);
    }
    p_bind(&fx, t->pid, n.said, capacity, mode);
}

static void do_send(struct task *t)
{
    struct message m = {.flags = pick(8), .channel = pick(100), .sender = t->pid};
    uint32_t number = choose_handle(t);
    struct handle *h = model_handle_of(t->pid, number);
    unsigned len = pick(10) == 0 ? 0 : 1 + pick(TEXT - 2);
    uint32_t at;

    for (unsigned i = 0; i < len; i++) {
        m.text[i] = (char)('a' + pick(26));
    }
    if (!h) {
        model_answer(t, INVALID_HANDLE, 0);
    } else {
        uint32_t status = OK;

        h->sender = true;
        model_collect(h->box);
        if (len != 0) {
            status = model_post(h->box, &m);
        }
        model_answer(t, status, status == OK);
        t->out[0] = len;
    }
    at = puppet_text(&fx, t->pid, m.text);
    puppet_call(&fx, t->pid, SEND, (struct args){{0, number, at, len, m.flags, m.channel}});
}

static void do_recv(struct task *t)
{
    static const uint32_t timeouts[] = {0, 0, 3, 5, FOREVER};
    uint32_t number = choose_handle(t);
    uint32_t timeout = timeouts[pick(5)];
    struct handle *h = model_handle_of(t->pid, number);
    struct message m;

    if (!h) {
        model_answer(t, INVALID_HANDLE, 0);
    } else if (model_receive(h, &m)) {
        model_collect(h->box);
        model_answer_message(t, &m);
    } else if (timeout == 0) {
        model_answer(t, NO_DATA, 1);
    } else {
        t->waits_on = h;
        t->deadline = timeout == FOREVER ? 0 : model.now + timeout;
        h->box->waiters[h->box->waiter_count++] = t->pid;
    }
    p_recv(&fx, t->pid, number, timeout);
}

static void do_peek(struct task *t)
{
    uint32_t number = choose_handle(t);
    struct handle *h = model_handle_of(t->pid, number);

    if (!h) {
        model_answer(t, INVALID_HANDLE, 0);
    } else {
        struct handle copy = *h;
        struct box box = *h->box;
        struct list *list = h->tapped ? &h->tap : &h->box->queue;
        struct message m;

        copy.box = &box;
        model_answer(t, OK, 3);
        t->out[0] = list->count;
        t->out[1] = model_used(list);
        t->out[2] = model_receive(&copy, &m) ? (uint32_t)strlen(m.text) : 0;
    }
    puppet_call(&fx, t->pid, PEEK, (struct args){{0, number}});
}

static void do_tap(struct task *t)
{
    uint32_t number = choose_handle(t);
    bool on = pick(2);
    struct handle *h = model_handle_of(t->pid, number);

    model_answer(t, h ? OK : INVALID_HANDLE, 0);
    if (h && h->tapped != on) {
        h->tapped = on;
        h->tap.count = 0;
        h->tap_overrun = false;
        model_collect(h->box);
    }
    p_tap(&fx, t->pid, number, on);
}

static void do_close(struct task *t)
{
    uint32_t number = choose_handle(t);
    struct handle *h = model_handle_of(t->pid, number);

    model_answer(t, h ? OK : INVALID_HANDLE, 0);
    if (h) {
        model_end_handle(h);
    }
    p_close(&fx, t->pid, number);
}

static void enter(struct task *t)
{
    static const char *const standard[] = {"svc:stdio.in@%u", "svc:stdio.out@%u",
                                           "svc:stdio.err@%u", "pid:%u"};
    struct box *made[4];

    *t = (struct task){.pid = puppet_load(&fx), .next_handle = 1};
    for (unsigned i = 0; i < 4; i++) {
        char name[48];

        snprintf(name, sizeof name, standard[i], (unsigned)t->pid);
        made[i] = model_make_box(name, t->pid, 0, 0, 3);
        cr_assert_not_null(made[i]);
    }
    for (unsigned i = 0; i < 3; i++) {
        model_make_handle(t, made[i]);
    }
}

static void do_kill(struct task *t)
{
    uint32_t pid = t->pid;

    if (t->waits_on) {
        model_stop_waiting(t);
    }
    for (unsigned i = 0; i < HANDLES; i++) {
        if (model.handles[i].there && model.handles[i].pid == pid) {
            model_end_handle(&model.handles[i]);
        }
    }
    t->pid = 0;
    for (unsigned i = 0; i < BOXES; i++) {
        if (model.boxes[i].there &&
            (model.boxes[i].owner == pid ||
             (model.boxes[i].creator == pid && !model_is_open(&model.boxes[i])))) {
            model_end_box(&model.boxes[i]);
        }
    }
    cr_assert_eq(hsx_exec_kill(fx.exec, pid), HSX_OK);
    puppets_drain(&fx);
    enter(t);
}

static void do_remove(void)
{
    static const char *const global[] = {"app:a", "app:b", "shared:c"};
    struct box *box = model_find_box(global[pick(3)]);

    if (box) {
        uint32_t id = box->id;

        model_end_box(box);
        cr_assert_eq(hsx_exec_remove_mailbox(fx.exec, id), HSX_OK);
        puppets_drain(&fx);
    }
}

/* All tasks wait: time advances to the next deadline, if there is one. */
static bool let_time_pass(void)
{
    uint64_t first = 0;

    for (unsigned i = 0; i < TASKS; i++) {
        if (model.tasks[i].deadline != 0 && (first == 0 || model.tasks[i].deadline < first)) {
            first = model.tasks[i].deadline;
        }
    }
    if (first == 0) {
        return false;
    }
    model.now = first;
    for (unsigned i = 0; i < TASKS; i++) {
        if (model.tasks[i].deadline == first) {
            model_stop_waiting(&model.tasks[i]);
            model_answer(&model.tasks[i], TIMEOUT, 4);
        }
    }
    puppets_wait(&fx);
    return true;
}

/* ---- Comparing */

static void check_answer(struct task *t, unsigned op)
{
    cr_assert_eq(fx_state(&fx, t->pid), HSX_PAUSED, "op %u: task %u is %s", op, (unsigned)t->pid,
                 hsx_state_name(fx_state(&fx, t->pid)));
    cr_assert_eq(fx_reg(&fx, t->pid, 0), t->status, "op %u: task %u has status %u, expected %u", op,
                 (unsigned)t->pid, (unsigned)fx_reg(&fx, t->pid, 0), (unsigned)t->status);
    for (unsigned i = 0; i < t->outputs; i++) {
        cr_assert_eq(fx_reg(&fx, t->pid, 1 + i), t->out[i], "op %u: task %u R%u is %u, not %u", op,
                     (unsigned)t->pid, 1 + i, (unsigned)fx_reg(&fx, t->pid, 1 + i),
                     (unsigned)t->out[i]);
    }
    if (t->text[0] != '\0') {
        char got[TEXT] = "";

        fx_read(&fx, fx_task(&fx, t->pid).ctx.data_base + PUPPET_BUFFER, got, strlen(t->text));
        cr_assert_str_eq(got, t->text, "op %u", op);
    }
    t->answered = false;
}

static void check_boxes(unsigned op)
{
    struct hsx_mbox_info info[BOXES];
    size_t count;
    unsigned expected = 0;

    cr_assert_eq(hsx_exec_mailboxes(fx.exec, info, BOXES, &count), HSX_OK);
    for (unsigned i = 0; i < BOXES; i++) {
        expected += model.boxes[i].there;
    }
    cr_assert_eq(count, expected, "op %u: %u mailboxes, expected %u", op, (unsigned)count,
                 expected);
    for (size_t i = 0; i < count; i++) {
        struct box *box = model_find_box(info[i].name);
        uint32_t pids[TASKS];
        size_t waiters;

        cr_assert_not_null(box, "op %u: %s", op, info[i].name);
        cr_assert_eq(info[i].descriptor, box->id);
        cr_assert_eq(info[i].capacity, box->capacity);
        cr_assert_eq(info[i].mode, box->mode);
        cr_assert_eq(info[i].messages, box->queue.count, "op %u: %s", op, box->name);
        cr_assert_eq(info[i].used, model_used(&box->queue));
        cr_assert_eq(hsx_exec_waiters(fx.exec, box->id, pids, TASKS, &waiters), HSX_OK);
        cr_assert_eq(waiters, box->waiter_count, "op %u: %s", op, box->name);
        cr_assert_arr_eq(pids, box->waiters, waiters * sizeof pids[0]);
    }
}

static void one_op(unsigned op)
{
    static void (*const ops[])(struct task *) = {do_open, do_open, do_bind, do_send, do_send,
                                                 do_send, do_send, do_recv, do_recv, do_recv,
                                                 do_recv, do_peek, do_tap,  do_close};
    struct task *idle[TASKS];
    unsigned count = 0;

    for (unsigned i = 0; i < TASKS; i++) {
        if (!model.tasks[i].waits_on) {
            idle[count++] = &model.tasks[i];
        }
    }
    if (count == 0 ? !let_time_pass() : pick(200) == 0) {
        do_kill(&model.tasks[pick(TASKS)]);
    } else if (pick(100) == 0) {
        do_remove();
    } else if (count != 0 && !(pick(8) == 0 && let_time_pass())) {
        ops[pick(sizeof ops / sizeof ops[0])](idle[pick(count)]);
    }
    for (unsigned i = 0; i < TASKS; i++) {
        if (model.tasks[i].answered) {
            check_answer(&model.tasks[i], op);
        } else if (model.tasks[i].waits_on) {
            cr_assert_eq(fx_state(&fx, model.tasks[i].pid), HSX_WAIT_MBX, "op %u", op);
        }
    }
    check_boxes(op);
}

static void run_ops(uint32_t seed, unsigned count)
{
    struct hsx_exec_config config;

    hsx_exec_config_init(&config);
    config.tick_steps = 0;
    config.stack_bytes = 0x100;
    config.descriptors = DESCRIPTORS - 4 * TASKS;
    config.handles = QUOTA;
    fx_open(&fx, &config, TASKS);
    model = (struct mailbox_model){.next_id = 1};
    state = seed;
    for (unsigned i = 0; i < TASKS; i++) {
        enter(&model.tasks[i]);
    }
    for (unsigned op = 0; op < count; op++) {
        one_op(op);
    }
    fx_close(&fx);
}

Test(mailbox_random, ten_thousand_calls_by_eight_tasks_equal_the_model)
{
    for (uint32_t seed = 1; seed <= 4; seed++) {
        run_ops(seed * 0x9E3779B9u, 10000);
    }
}
