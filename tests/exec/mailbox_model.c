// SPDX-License-Identifier: Apache-2.0
#include "mailbox_model.h"
#include "puppet.h"
#include <criterion/criterion.h>
#include <string.h>

struct mailbox_model model;

static unsigned cost(const struct message *m)
{
    return (unsigned)strlen(m->text) + 8;
}

unsigned model_used(const struct list *list)
{
    unsigned sum = 0;

    for (unsigned i = 0; i < list->count; i++) {
        sum += cost(&list->at[i]);
    }
    return sum;
}

struct message model_pop(struct list *list)
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

void model_collect(struct box *box)
{
    while (fanout(box) && box->queue.count != 0) {
        bool reader = false, missing = false;

        for (unsigned i = 0; i < HANDLES; i++) {
            if (reads(&model.handles[i], box)) {
                reader = true;
                missing |= model.handles[i].position <= box->queue.at[0].number;
            }
        }
        if (!reader || missing) {
            return;
        }
        model_pop(&box->queue);
    }
}

void model_lose_oldest(struct box *box)
{
    struct message lost = model_pop(&box->queue);

    for (unsigned i = 0; fanout(box) && i < HANDLES; i++) {
        if (reads(&model.handles[i], box) && model.handles[i].position <= lost.number) {
            model.handles[i].overrun = true;
        }
    }
}

bool model_receive(struct handle *h, struct message *m)
{
    struct box *box = h->box;
    bool *overrun = h->tapped ? &h->tap_overrun : &h->overrun;

    if (h->tapped || !fanout(box)) {
        struct list *list = h->tapped ? &h->tap : &box->queue;

        if (list->count == 0) {
            return false;
        }
        *m = model_pop(list);
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
        if (model.tasks[i].pid == pid) {
            return &model.tasks[i];
        }
    }
    return NULL;
}

void model_answer(struct task *t, uint32_t status, unsigned outputs)
{
    t->answered = true;
    t->status = status;
    t->outputs = outputs;
    memset(t->out, 0, sizeof t->out);
    t->text[0] = '\0';
}

void model_answer_message(struct task *t, const struct message *m)
{
    model_answer(t, OK, 4);
    t->out[0] = (uint32_t)strlen(m->text);
    t->out[1] = m->flags;
    t->out[2] = m->channel;
    t->out[3] = m->sender;
    strcpy(t->text, m->text);
}

void model_stop_waiting(struct task *t)
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

void model_serve(struct box *box)
{
    for (unsigned i = 0; i < box->waiter_count;) {
        struct task *t = task_of(box->waiters[i]);
        struct message m;

        if (model_receive(t->waits_on, &m)) {
            model_stop_waiting(t);
            model_answer_message(t, &m);
        } else {
            i++;
        }
    }
    model_collect(box);
}

uint32_t model_post(struct box *box, struct message *m)
{
    unsigned need = cost(m);

    if (need > box->capacity) {
        return TOO_LARGE;
    }
    while (model_used(&box->queue) + need > box->capacity) {
        if (!fanout(box) || box->mode & BLOCK) {
            return WOULDBLOCK;
        }
        model_lose_oldest(box);
    }
    m->number = box->next_number++;
    for (unsigned i = 0; i < HANDLES; i++) {
        struct handle *h = &model.handles[i];

        if (h->there && h->box == box && h->tapped) {
            while (model_used(&h->tap) + need > box->capacity) {
                model_pop(&h->tap);
                h->tap_overrun = true;
            }
            append(&h->tap, m);
        }
    }
    append(&box->queue, m);
    model_serve(box);
    return OK;
}

void model_end_box(struct box *box)
{
    while (box->waiter_count != 0) {
        struct task *t = task_of(box->waiters[0]);

        model_stop_waiting(t);
        model_answer(t, INVALID_HANDLE, 0);
    }
    for (unsigned i = 0; i < HANDLES; i++) {
        if (model.handles[i].there && model.handles[i].box == box) {
            model.handles[i].there = false;
        }
    }
    box->there = false;
}

void model_end_if_unused(struct box *box)
{
    unsigned left = 0;

    for (unsigned i = 0; i < HANDLES; i++) {
        left += model.handles[i].there && model.handles[i].box == box;
    }
    if (box->owner == 0 && box->opened && left == 0 && box->queue.count == 0) {
        model_end_box(box);
    }
}

void model_end_handle(struct handle *h)
{
    h->there = false;
    model_collect(h->box);
    model_end_if_unused(h->box);
}

struct handle *model_handle_of(uint32_t pid, uint32_t number)
{
    for (unsigned i = 0; i < HANDLES; i++) {
        if (model.handles[i].there && model.handles[i].pid == pid &&
            model.handles[i].number == number) {
            return &model.handles[i];
        }
    }
    return NULL;
}

struct box *model_find_box(const char *name)
{
    for (unsigned i = 0; i < BOXES; i++) {
        if (model.boxes[i].there && strcmp(model.boxes[i].name, name) == 0) {
            return &model.boxes[i];
        }
    }
    return NULL;
}

struct box *model_make_box(const char *name, uint32_t owner, uint32_t creator, uint32_t capacity,
                           uint32_t mode)
{
    unsigned count = 0;
    struct box *free_box = NULL;

    for (unsigned i = 0; i < BOXES; i++) {
        count += model.boxes[i].there;
        if (!model.boxes[i].there) {
            free_box = &model.boxes[i];
        }
    }
    if (count == DESCRIPTORS) {
        return NULL;
    }
    memset(free_box, 0, sizeof *free_box);
    free_box->there = true;
    free_box->id = model.next_id++;
    free_box->owner = owner;
    free_box->creator = creator;
    free_box->capacity = capacity ? capacity : 64;
    free_box->mode = mode;
    strcpy(free_box->name, name);
    return free_box;
}

struct handle *model_make_handle(struct task *t, struct box *box)
{
    for (unsigned i = 0; i < HANDLES; i++) {
        if (!model.handles[i].there) {
            model.handles[i] = (struct handle){.there = true,
                                               .pid = t->pid,
                                               .number = t->next_handle++,
                                               .box = box,
                                               .position = box->next_number};
            box->opened = true;
            model_collect(box);
            return &model.handles[i];
        }
    }
    cr_assert_fail("too many handles for the test");
    return NULL;
}

unsigned model_handles_of(uint32_t pid)
{
    unsigned count = 0;

    for (unsigned i = 0; i < HANDLES; i++) {
        count += model.handles[i].there && model.handles[i].pid == pid;
    }
    return count;
}

bool model_is_open(const struct box *box)
{
    for (unsigned i = 0; i < HANDLES; i++) {
        if (model.handles[i].there && model.handles[i].box == box) {
            return true;
        }
    }
    return false;
}
