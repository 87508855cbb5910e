// SPDX-License-Identifier: Apache-2.0
/*
 * Random mailbox calls of eight tasks against a model of contract section 7
 * that is written for clarity alone: messages in lists, numbered, searched from the
 * front.
 */
#include "puppet.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TASKS = 8,
    BOXES = 64,
    HANDLES = 256,
    MESSAGES = 16,
    QUOTA = 8,
    TEXT = 40,
    DESCRIPTORS = 48 /* four of each task's own among them */
};

struct message {
    unsigned number;
    uint32_t flags, channel, sender;
    char text[TEXT];
};

struct list {
    struct message at[MESSAGES];
    unsigned count;
};

struct box {
    bool there, opened;
    char name[48]; /* as shown by the executive */
    uint32_t id, owner, creator, capacity, mode;
    unsigned next_number;
    struct list queue;
    uint32_t waiters[TASKS]; /* pids */
    unsigned waiter_count;
};

struct handle {
    bool there;
    uint32_t pid, number;
    struct box *box;
    unsigned position; /* the next number to be read */
    bool sender, overrun, tapped, tap_overrun;
    struct list tap;
};

struct task {
    uint32_t pid;
    uint32_t next_handle;
    struct handle *waits_on; /* NULL: it does not wait */
    uint64_t deadline;       /* 0: none */
    bool answered;           /* the expected results of its last call: */
    uint32_t status;
    unsigned outputs; /* how many of out are in R1... */
    uint32_t out[4];
    char text[TEXT];
};

static struct fixture fx;
static struct box boxes[BOXES];
static struct handle handles[HANDLES];
static struct task tasks[TASKS];
static uint32_t next_id;
static uint64_t now;

/* ---- The model */

static unsigned cost(const struct message *m)
{
    return (unsigned)strlen(m->text) + 8;
}

static unsigned used(const struct list *list)
{
    unsigned sum = 0;

    for (unsigned i = 0; i < list->count; i++) {
        sum += cost(&list->at[i]);
    }
    return sum;
}

static struct message pop(struct list *list)
{
    struct message first = list->at[0];

    list->count--;
    memmove(list->at, list->at + 1, list->count * sizeof list->at[0]);
    return first;
}

static void append(struct list *list, const struct message *m)
{
    cr_assert_lt(list->count, (unsigned)MESSAGES);
    list->at[list->count++] = *m;
}

static bool fanout(const struct box *box)
{
    return (box->mode & (FANOUT | DROP | BLOCK)) != 0;
}

static bool reads(const struct handle *h, const struct box *box)
{
    return h->there && h->box == box && !h->sender && !h->tapped;
}

static void collect(struct box *box)
{
    while (fanout(box) && box->queue.count != 0) {
        bool reader = false, missing = false;

        for (unsigned i = 0; i < HANDLES; i++) {
            if (reads(&handles[i], box)) {
                reader = true;
                missing |= handles[i].position <= box->queue.at[0].number;
            }
        }
        if (!reader || missing) {
            return;
        }
        pop(&box->queue);
    }
}

static void lose_oldest(struct box *box)
{
    struct message lost = pop(&box->queue);

    for (unsigned i = 0; fanout(box) && i < HANDLES; i++) {
        if (reads(&handles[i], box) && handles[i].position <= lost.number) {
            handles[i].overrun = true;
        }
    }
}

static bool receive(struct handle *h, struct message *m)
{
    struct box *box = h->box;
    bool *overrun = h->tapped ? &h->tap_overrun : &h->overrun;

    if (h->tapped || !fanout(box)) {
        struct list *list = h->tapped ? &h->tap : &box->queue;

        if (list->count == 0) {
            return false;
        }
        *m = pop(list);
    } else {
        unsigned i = 0;

        while (i < box->queue.count && box->queue.at[i].number < h->position) {
            i++;
        }
        if (i == box->queue.count) {
            return false;
        }
        *m = box->queue.at[i];
        h->position = m->number + 1;
    }
    m->flags |= *overrun ? 8 : 0;
    *overrun = false;
    h->sender = false;
    return true;
}

static struct task *task_of(uint32_t pid)
{
    for (unsigned i = 0; i < TASKS; i++) {
        if (tasks[i].pid == pid) {
            return &tasks[i];
        }
    }
    return NULL;
}

static void answer(struct task *t, uint32_t status, unsigned outputs)
{
    t->answered = true;
    t->status = status;
    t->outputs = outputs;
    memset(t->out, 0, sizeof t->out);
    t->text[0] = '\0';
}

static void answer_message(struct task *t, const struct message *m)
{
    answer(t, OK, 4);
    t->out[0] = (uint32_t)strlen(m->text);
    t->out[1] = m->flags;
    t->out[2] = m->channel;
    t->out[3] = m->sender;
    strcpy(t->text, m->text);
}

static void stop_waiting(struct task *t)
{
    struct box *box = t->waits_on->box;
    unsigned kept = 0;

    for (unsigned i = 0; i < box->waiter_count; i++) {
        if (box->waiters[i] != t->pid) {
            box->waiters[kept++] = box->waiters[i];
        }
    }
    box->waiter_count = kept;
    t->waits_on = NULL;
    t->deadline = 0;
}

static void serve(struct box *box)
{
    for (unsigned i = 0; i < box->waiter_count;) {
        struct task *t = task_of(box->waiters[i]);
        struct message m;

        if (receive(t->waits_on, &m)) {
            stop_waiting(t);
            answer_message(t, &m);
        } else {
            i++;
        }
    }
    collect(box);
}

static uint32_t post(struct box *box, struct message *m)
{
    unsigned need = cost(m);

    if (need > box->capacity) {
        return TOO_LARGE;
    }
    while (used(&box->queue) + need > box->capacity) {
        if (!fanout(box) || box->mode & BLOCK) {
            return WOULDBLOCK;
        }
        lose_oldest(box);
    }
    m->number = box->next_number++;
    for (unsigned i = 0; i < HANDLES; i++) {
        struct handle *h = &handles[i];

        if (h->there && h->box == box && h->tapped) {
            while (used(&h->tap) + need > box->capacity) {
                pop(&h->tap);
                h->tap_overrun = true;
            }
            append(&h->tap, m);
        }
    }
    append(&box->queue, m);
    serve(box);
    return OK;
}

static void end_box(struct box *box)
{
    while (box->waiter_count != 0) {
        struct task *t = task_of(box->waiters[0]);

        stop_waiting(t);
        answer(t, INVALID_HANDLE, 0);
    }
    for (unsigned i = 0; i < HANDLES; i++) {
        if (handles[i].there && handles[i].box == box) {
            handles[i].there = false;
        }
    }
    box->there = false;
}

static void end_if_unused(struct box *box)
{
    unsigned left = 0;

    for (unsigned i = 0; i < HANDLES; i++) {
        left += handles[i].there && handles[i].box == box;
    }
    if (box->owner == 0 && box->opened && left == 0 && box->queue.count == 0) {
        end_box(box);
    }
}

static void end_handle(struct handle *h)
{
    h->there = false;
    collect(h->box);
    end_if_unused(h->box);
}

static struct handle *handle_of(uint32_t pid, uint32_t number)
{
    for (unsigned i = 0; i < HANDLES; i++) {
        if (handles[i].there && handles[i].pid == pid && handles[i].number == number) {
            return &handles[i];
        }
    }
    return NULL;
}

static struct box *find_box(const char *name)
{
    for (unsigned i = 0; i < BOXES; i++) {
        if (boxes[i].there && strcmp(boxes[i].name, name) == 0) {
            return &boxes[i];
        }
    }
    return NULL;
}

static struct box *make_box(const char *name, uint32_t owner, uint32_t creator, uint32_t capacity,
                            uint32_t mode)
{
    unsigned count = 0;
    struct box *free_box = NULL;

    for (unsigned i = 0; i < BOXES; i++) {
        count += boxes[i].there;
        if (!boxes[i].there) {
            free_box = &boxes[i];
        }
    }
    if (count == DESCRIPTORS) {
        return NULL;
    }
    memset(free_box, 0, sizeof *free_box);
    free_box->there = true;
    free_box->id = next_id++;
    free_box->owner = owner;
    free_box->creator = creator;
    free_box->capacity = capacity ? capacity : 64;
    free_box->mode = mode;
    strcpy(free_box->name, name);
    return free_box;
}

static struct handle *make_handle(struct task *t, struct box *box)
{
    for (unsigned i = 0; i < HANDLES; i++) {
        if (!handles[i].there) {
            handles[i] = (struct handle){.there = true,
                                         .pid = t->pid,
                                         .number = t->next_handle++,
                                         .box = box,
                                         .position = box->next_number};
            box->opened = true;
            collect(box);
            return &handles[i];
        }
    }
    cr_assert_fail("too many handles for the test");
    return NULL;
}

static unsigned handles_of(uint32_t pid)
{
    unsigned count = 0;

    for (unsigned i = 0; i < HANDLES; i++) {
        count += handles[i].there && handles[i].pid == pid;
    }
    return count;
}

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
    uint32_t other = tasks[pick(TASKS)].pid;

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
    struct box *box = find_box(n.shown);

    answer(t, NO_DESCRIPTOR, 0);
    if (handles_of(t->pid) < QUOTA) {
        box = box ? box : make_box(n.shown, n.owner, t->pid, 0, mode);
        if (box) {
            answer(t, OK, 1);
            t->out[0] = make_handle(t, box)->number;
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
    struct box *box = find_box(n.shown);

    if (!box) {
        box = make_box(n.shown, n.owner, t->pid, capacity, mode);
    } else {
        if (capacity != 0) {
            box->capacity = capacity;
        }
        while (used(&box->queue) > box->capacity) {
            lose_oldest(box);
        }
        for (unsigned i = 0; i < HANDLES; i++) {
            struct handle *h = &handles[i];

            if (!h->there || h->box != box) {
                continue;
            }
            while (h->tapped && used(&h->tap) > box->capacity) {
                pop(&h->tap);
                h->tap_overrun = true;
            }
            if (mode != 0 && mode != box->mode) {
                h->position = box->next_number;
            }
        }
        box->mode = mode ? mode : box->mode;
        serve(box);
    }
    answer(t, box ? OK : NO_DESCRIPTOR, box ? 1 : 0);
    t->out[0] = box ? box->id : 0;
    if (box) {
        end_if_unused(box);
    }
    p_bind(&fx, t->pid, n.said, capacity, mode);
}

static void do_send(struct task *t)
{
    struct message m = {.flags = pick(8), .channel = pick(100), .sender = t->pid};
    uint32_t number = choose_handle(t);
    struct handle *h = handle_of(t->pid, number);
    unsigned len = pick(10) == 0 ? 0 : 1 + pick(TEXT - 2);
    uint32_t at;

    for (unsigned i = 0; i < len; i++) {
        m.text[i] = (char)('a' + pick(26));
    }
    if (!h) {
        answer(t, INVALID_HANDLE, 0);
    } else {
        uint32_t status = OK;

        h->sender = true;
        collect(h->box);
        if (len != 0) {
            status = post(h->box, &m);
        }
        answer(t, status, status == OK);
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
    struct handle *h = handle_of(t->pid, number);
    struct message m;

    if (!h) {
        answer(t, INVALID_HANDLE, 0);
    } else if (receive(h, &m)) {
        collect(h->box);
        answer_message(t, &m);
    } else if (timeout == 0) {
        answer(t, NO_DATA, 1);
    } else {
        t->waits_on = h;
        t->deadline = timeout == FOREVER ? 0 : now + timeout;
        h->box->waiters[h->box->waiter_count++] = t->pid;
    }
    p_recv(&fx, t->pid, number, timeout);
}

static void do_peek(struct task *t)
{
    uint32_t number = choose_handle(t);
    struct handle *h = handle_of(t->pid, number);

    if (!h) {
        answer(t, INVALID_HANDLE, 0);
    } else {
        struct handle copy = *h;
        struct box box = *h->box;
        struct list *list = h->tapped ? &h->tap : &h->box->queue;
        struct message m;

        copy.box = &box;
        answer(t, OK, 3);
        t->out[0] = list->count;
        t->out[1] = used(list);
        t->out[2] = receive(&copy, &m) ? (uint32_t)strlen(m.text) : 0;
    }
    puppet_call(&fx, t->pid, PEEK, (struct args){{0, number}});
}

static void do_tap(struct task *t)
{
    uint32_t number = choose_handle(t);
    bool on = pick(2);
    struct handle *h = handle_of(t->pid, number);

    answer(t, h ? OK : INVALID_HANDLE, 0);
    if (h && h->tapped != on) {
        h->tapped = on;
        h->tap.count = 0;
        h->tap_overrun = false;
        collect(h->box);
    }
    p_tap(&fx, t->pid, number, on);
}

static void do_close(struct task *t)
{
    uint32_t number = choose_handle(t);
    struct handle *h = handle_of(t->pid, number);

    answer(t, h ? OK : INVALID_HANDLE, 0);
    if (h) {
        end_handle(h);
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
        made[i] = make_box(name, t->pid, 0, 0, 3);
        cr_assert_not_null(made[i]);
    }
    for (unsigned i = 0; i < 3; i++) {
        make_handle(t, made[i]);
    }
}

static bool is_open(const struct box *box)
{
    for (unsigned i = 0; i < HANDLES; i++) {
        if (handles[i].there && handles[i].box == box) {
            return true;
        }
    }
    return false;
}

static void do_kill(struct task *t)
{
    uint32_t pid = t->pid;

    if (t->waits_on) {
        stop_waiting(t);
    }
    for (unsigned i = 0; i < HANDLES; i++) {
        if (handles[i].there && handles[i].pid == pid) {
            end_handle(&handles[i]);
        }
    }
    t->pid = 0;
    for (unsigned i = 0; i < BOXES; i++) {
        if (boxes[i].there &&
            (boxes[i].owner == pid || (boxes[i].creator == pid && !is_open(&boxes[i])))) {
            end_box(&boxes[i]);
        }
    }
    cr_assert_eq(hsx_exec_kill(fx.exec, pid), HSX_OK);
    puppets_drain(&fx);
    enter(t);
}

static void do_remove(void)
{
    static const char *const global[] = {"app:a", "app:b", "shared:c"};
    struct box *box = find_box(global[pick(3)]);

    if (box) {
        uint32_t id = box->id;

        end_box(box);
        cr_assert_eq(hsx_exec_remove_mailbox(fx.exec, id), HSX_OK);
        puppets_drain(&fx);
    }
}

/* All tasks wait: time advances to the next deadline, if there is one. */
static bool let_time_pass(void)
{
    uint64_t first = 0;

    for (unsigned i = 0; i < TASKS; i++) {
        if (tasks[i].deadline != 0 && (first == 0 || tasks[i].deadline < first)) {
            first = tasks[i].deadline;
        }
    }
    if (first == 0) {
        return false;
    }
    now = first;
    for (unsigned i = 0; i < TASKS; i++) {
        if (tasks[i].deadline == first) {
            stop_waiting(&tasks[i]);
            answer(&tasks[i], TIMEOUT, 4);
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
        expected += boxes[i].there;
    }
    cr_assert_eq(count, expected, "op %u: %u mailboxes, expected %u", op, (unsigned)count,
                 expected);
    for (size_t i = 0; i < count; i++) {
        struct box *box = find_box(info[i].name);
        uint32_t pids[TASKS];
        size_t waiters;

        cr_assert_not_null(box, "op %u: %s", op, info[i].name);
        cr_assert_eq(info[i].descriptor, box->id);
        cr_assert_eq(info[i].capacity, box->capacity);
        cr_assert_eq(info[i].mode, box->mode);
        cr_assert_eq(info[i].messages, box->queue.count, "op %u: %s", op, box->name);
        cr_assert_eq(info[i].used, used(&box->queue));
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
        if (!tasks[i].waits_on) {
            idle[count++] = &tasks[i];
        }
    }
    if (count == 0 ? !let_time_pass() : pick(200) == 0) {
        do_kill(&tasks[pick(TASKS)]);
    } else if (pick(100) == 0) {
        do_remove();
    } else if (count != 0 && !(pick(8) == 0 && let_time_pass())) {
        ops[pick(sizeof ops / sizeof ops[0])](idle[pick(count)]);
    }
    for (unsigned i = 0; i < TASKS; i++) {
        if (tasks[i].answered) {
            check_answer(&tasks[i], op);
        } else if (tasks[i].waits_on) {
            cr_assert_eq(fx_state(&fx, tasks[i].pid), HSX_WAIT_MBX, "op %u", op);
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
    memset(boxes, 0, sizeof boxes);
    memset(handles, 0, sizeof handles);
    memset(tasks, 0, sizeof tasks);
    next_id = 1;
    now = 0;
    state = seed;
    for (unsigned i = 0; i < TASKS; i++) {
        enter(&tasks[i]);
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
