// SPDX-License-Identifier: Apache-2.0
/* Loading: the whole load is planned before anything changes. */
#include "internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A load in progress. */
struct plan {
    const struct hsx_exec_load *load;
    struct hsx_image image;
    uint32_t *words; /* owned */
    uint32_t *ids;   /* owned; of the mailboxes in image.mailboxes */
    char name[HSX_TASK_NAME_SIZE + 1];
    struct arena_request request;
    struct arena_place place;
    bool gone[HSX_MAX_CONTEXTS]; /* ended tasks to be reaped for it */
};

bool exec_stack_ok(uint32_t bytes)
{
    return bytes >= 8 && bytes % 4 == 0 && bytes <= HSX_DATA_SIZE - HSX_DATA_LINK;
}

static enum hsx_status fail(struct hsx_exec_error *error, enum hsx_status status, const char *text)
{
    snprintf(error->text, sizeof error->text, "%s", text);
    return status;
}

static bool name_in_use(const struct hsx_exec *e, const char *name, bool live_only)
{
    for (unsigned i = 0; i < e->target->contexts; i++) {
        const struct task *t = &e->tasks[i];

        if (t->pid != 0 && !(live_only && t->ended) && strcmp(t->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Section 8: instances of one name are numbered, or there is only one. */
static enum hsx_status choose_name(const struct hsx_exec *e, struct plan *plan,
                                   struct hsx_exec_error *error)
{
    const char *given = plan->load->name ? plan->load->name : "";

    if (plan->image.version == 1) {
        snprintf(plan->name, sizeof plan->name, "%.*s", HSX_TASK_NAME_SIZE, given);
        return HSX_OK;
    }
    if (!(plan->image.flags & HSX_IMAGE_MULTIPLE)) {
        snprintf(plan->name, sizeof plan->name, "%s", plan->image.name);
        if (name_in_use(e, plan->name, true)) {
            snprintf(error->text, sizeof error->text,
                     "a task named '%s' is running, and its image allows only one", plan->name);
            return HSX_ERR_STATE;
        }
        return HSX_OK;
    }
    for (unsigned n = 0; n <= HSX_MAX_CONTEXTS; n++) {
        snprintf(plan->name, sizeof plan->name, "%s_#%u", plan->image.name, n);
        if (!name_in_use(e, plan->name, false)) {
            break;
        }
    }
    return HSX_OK;
}

static enum hsx_status read_image(struct hsx_exec *e, const uint8_t *bytes, size_t size,
                                  struct plan *plan, struct hsx_exec_error *error)
{
    struct hsx_image_error why;
    enum hsx_status status = hsx_image_parse(bytes, size, &plan->image, &why);

    if (status != HSX_OK) {
        return fail(error, status, why.text);
    }
    if (plan->image.code_len == 0) {
        return fail(error, HSX_ERR_FORMAT, "the image has no code");
    }
    plan->request.stack_bytes =
        plan->load->stack_bytes ? plan->load->stack_bytes : e->config.stack_bytes;
    if (!exec_stack_ok(plan->request.stack_bytes)) {
        return fail(error, HSX_ERR_ARGUMENT,
                    "stack size: expected a multiple of 4 from 8 to 0xC000 bytes");
    }
    if (e->next_pid > UINT16_MAX) {
        return fail(error, HSX_ERR_NO_ROOM, "task ids have run out: 65535 tasks were loaded");
    }
    plan->words = malloc(plan->image.code_len + 4);
    plan->ids = calloc(plan->image.mailboxes.count + 1, sizeof *plan->ids);
    if (!plan->words || !plan->ids) {
        return fail(error, HSX_ERR_MEMORY, "out of memory");
    }
    hsx_image_words(&plan->image, plan->words);
    plan->request.code = plan->words;
    plan->request.code_len = plan->image.code_len;
    plan->request.data_len = plan->image.ro_len + plan->image.bss_size;
    return choose_name(e, plan, error);
}

static void wake_nobody(void *ctx, uint8_t slot, enum hsx_mbox_status status,
                        const struct mbox_message *message)
{
    (void)ctx;
    (void)slot;
    (void)status;
    (void)message;
}

/* Section 7: the mailboxes that every task has, then those its image asks for. *what is
 * the mailbox that failed. */
static enum hsx_mbox_status bind_all(struct hsx_exec *e, struct plan *plan,
                                     const struct mbox_waker *waker, const char **what)
{
    static const char *const standard[] = {"svc:stdio.in", "svc:stdio.out", "svc:stdio.err",
                                           "pid:"};
    const uint16_t both = HSX_MODE_READ | HSX_MODE_WRITE;
    uint8_t slot = plan->place.slot;
    enum hsx_mbox_status status = HSX_MBOX_OK;
    uint16_t handle;
    uint32_t id;

    for (unsigned i = 0; i < EXEC_OWN_MAILBOXES && status == HSX_MBOX_OK; i++) {
        *what = standard[i];
        status = mbox_bind(e->mbox, slot, standard[i], strlen(standard[i]), 0, both, waker, &id);
    }
    mbox_release_created(e->mbox, slot);
    for (unsigned i = 0; i < 3 && status == HSX_MBOX_OK; i++) {
        *what = standard[i];
        status = mbox_open(e->mbox, slot, standard[i], strlen(standard[i]), both, &handle);
    }
    for (size_t i = 0; i < plan->image.mailboxes.count && status == HSX_MBOX_OK; i++) {
        const struct hsx_image_mailbox *box = &plan->image.mailboxes.items[i];

        *what = box->target;
        status = mbox_bind(e->mbox, slot, box->target, strlen(box->target), box->capacity,
                           box->mode, waker, &plan->ids[i]);
    }
    return status;
}

/* All changes of the load to the mailboxes. */
static enum hsx_mbox_status change_mailboxes(struct hsx_exec *e, struct plan *plan,
                                             const struct mbox_waker *waker, const char **what)
{
    for (unsigned i = 0; i < e->target->contexts; i++) {
        if (plan->gone[i]) {
            mbox_task_reap(e->mbox, (uint8_t)i, waker);
        }
    }
    mbox_task_add(e->mbox, plan->place.slot, e->next_pid);
    return bind_all(e, plan, waker, what);
}

static void explain_limit(const struct hsx_exec *e, const char *what, struct hsx_exec_error *error)
{
    const char *profile = e->config.profile == HSX_PROFILE_DESKTOP ? "desktop" : "embedded";
    char *text = error->text;
    size_t size = sizeof error->text;

    switch (e->mbox->limit) {
    case MBOX_LIMIT_POOL:
        snprintf(text, size,
                 "no mailbox descriptor left for '%s': %u live, as many as with --profile %s and "
                 "--contexts %u there may be",
                 what, e->mbox->desc_count, profile, e->target->contexts);
        break;
    case MBOX_LIMIT_QUOTA:
        snprintf(text, size,
                 "mailbox '%s': with --profile %s a task may create %u in addition to its own four",
                 what, profile, e->mbox->quota);
        break;
    case MBOX_LIMIT_HANDLES:
        snprintf(text, size, "no handle left for '%s': with --profile %s a task may have %u", what,
                 profile, e->mbox->handle_count);
        break;
    case MBOX_LIMIT_STORAGE:
        snprintf(text, size,
                 "no mailbox storage left for '%s': all capacities and taps take %u "
                 "of %u bytes",
                 what, (unsigned)e->mbox->pool_used, (unsigned)e->mbox->pool_size);
        break;
    }
}

/* Tried and undone: a task that it wakes may get a message, which is delivered only by
 * the load itself. */
static enum hsx_status plan_mailboxes(struct hsx_exec *e, struct plan *plan,
                                      struct hsx_exec_error *error)
{
    static const struct mbox_waker nobody = {.wake = wake_nobody};
    const char *what = "";
    enum hsx_mbox_status status;

    mbox_copy(e->mbox_backup, e->mbox);
    status = change_mailboxes(e, plan, &nobody, &what);
    mbox_copy(e->mbox, e->mbox_backup);
    if (status == HSX_MBOX_OK) {
        return HSX_OK;
    }
    if (status == HSX_MBOX_NO_DESCRIPTOR) {
        explain_limit(e, what, error);
        return HSX_ERR_NO_ROOM;
    }
    snprintf(error->text, sizeof error->text,
             "mailbox '%s': its name is not valid or names a task that is not there", what);
    return HSX_ERR_FORMAT;
}

/* Mark one more ended task as gone, the one that ended first. */
static bool reap_oldest(const struct hsx_exec *e, struct plan *plan)
{
    int oldest = -1;

    for (unsigned i = 0; i < e->target->contexts; i++) {
        const struct task *t = &e->tasks[i];

        if (t->pid != 0 && t->ended && !plan->gone[i] &&
            (oldest < 0 || t->end_number < e->tasks[oldest].end_number)) {
            oldest = (int)i;
        }
    }
    if (oldest >= 0) {
        plan->gone[oldest] = true;
    }
    return oldest >= 0;
}

static enum hsx_status plan_room(struct hsx_exec *e, struct plan *plan,
                                 struct hsx_exec_error *error)
{
    enum hsx_status status;

    if (e->config.stack_shares && plan->load->stack_bytes == 0) {
        plan->request.stack_bytes = arena_stack_share(e, &plan->request);
    }
    do {
        status = HSX_ERR_NO_ROOM;
        if (arena_place(e, plan->gone, &plan->request, &plan->place, error)) {
            status = plan_mailboxes(e, plan, error);
        }
    } while (status == HSX_ERR_NO_ROOM && e->failed == HSX_OK && reap_oldest(e, plan));
    return e->failed == HSX_OK ? status : e->failed;
}

static void write_zeros(struct hsx_exec *e, uint32_t addr, uint32_t len)
{
    memset(e->io, 0, len);
    exec_write(e, addr, e->io, len);
}

static void fill_memory(struct hsx_exec *e, const struct plan *plan)
{
    const struct arena_place *place = &plan->place;
    const struct hsx_image *image = &plan->image;

    if (!place->code_shared) {
        exec_ok(e, e->target->ops->write_code(e->target, place->code_base, plan->words,
                                              image->code_len / 4));
    }
    write_zeros(e, HSX_WINDOW_START + HSX_WINDOW_SIZE * (uint32_t)place->slot, HSX_WINDOW_SIZE);
    write_zeros(e, place->stack_base, plan->request.stack_bytes);
    if (plan->request.data_len != 0) {
        memset(e->io, 0, plan->request.data_len);
        if (image->ro_len != 0) {
            memcpy(e->io, image->ro, image->ro_len);
        }
        exec_write(e, place->data_base, e->io, plan->request.data_len);
    }
}

static bool call_words(const struct hsx_exec *e, const struct plan *plan)
{
    return e->config.call == HSX_CALLS_WORD ||
           (e->config.call == HSX_CALLS_BY_VERSION && plan->image.version == 2);
}

/* The task as the executive knows it; takes over the image's metadata. */
static void enter_task(struct hsx_exec *e, struct plan *plan)
{
    const struct arena_place *place = &plan->place;
    struct task *t = &e->tasks[place->slot];

    *t = (struct task){.pid = e->next_pid++,
                       .code_base = place->code_base,
                       .code_len = plan->request.code_len,
                       .data_base = place->data_base,
                       .data_len = plan->request.data_len,
                       .stack_base = place->stack_base,
                       .stack_bytes = plan->request.stack_bytes,
                       .stack_top = place->stack_top,
                       .reg_base =
                           (uint16_t)(HSX_WINDOW_START + HSX_WINDOW_SIZE * (uint32_t)place->slot),
                       .lowest_sp = place->stack_top,
                       .metadata = plan->image.mailboxes,
                       .metadata_ids = plan->ids};
    t->window = t->reg_base;
    memcpy(t->name, plan->name, sizeof t->name);
    plan->image.mailboxes = (struct hsx_mailbox_list){0};
    plan->ids = NULL;
    e->live++;
}

static void commit(struct hsx_exec *e, struct plan *plan)
{
    const struct mbox_waker waker = exec_mailbox_waker(e);
    struct hsx_exec_event event = {.kind = HSX_EV_EXTERNAL, .what = "load"};
    const struct arena_place *place = &plan->place;
    const char *what;
    struct hsx_context ctx = {
        .pc = (uint16_t)plan->image.entry,
        .sp = place->stack_top,
        .reg_base = (uint16_t)(HSX_WINDOW_START + HSX_WINDOW_SIZE * (uint32_t)place->slot),
        .stack_limit = (uint16_t)place->stack_base,
        .stack_top = place->stack_top,
        .code_base = (uint16_t)place->code_base,
        .data_base = (uint16_t)place->data_base,
        .code_len = plan->request.code_len,
        .data_len = plan->request.data_len,
        .slice = plan->load->slice ? plan->load->slice : 1,
        .flags = (uint8_t)((e->config.protect ? HSX_CTX_PROTECT : 0) |
                           (call_words(e, plan) ? HSX_CTX_CALL_WORDS : 0)),
        .state = HSX_FREE};

    exec_event_begin(e);
    for (unsigned i = 0; i < e->target->contexts; i++) {
        if (plan->gone[i]) {
            exec_forget_task(e, (uint8_t)i);
        }
    }
    change_mailboxes(e, plan, &waker, &what);
    fill_memory(e, plan);
    enter_task(e, plan);
    exec_ok(e, e->target->ops->write_context(e->target, place->slot, &ctx));
    exec_make_ready(e, place->slot, &ctx);
    exec_describe(e, &event, place->slot);
    exec_event_end(e, &event);
}

enum hsx_status hsx_exec_load(struct hsx_exec *e, const uint8_t *bytes, size_t size,
                              const struct hsx_exec_load *load, uint32_t *pid,
                              struct hsx_exec_error *error)
{
    static const struct hsx_exec_load defaults = {0};
    struct hsx_exec_error unread;
    struct plan plan = {.load = load ? load : &defaults};
    enum hsx_status status;

    if (!error) {
        error = &unread;
    }
    error->text[0] = '\0';
    exec_sync(e);
    if (e->failed != HSX_OK) {
        return fail(error, e->failed, "the machine has failed");
    }
    status = read_image(e, bytes, size, &plan, error);
    if (status == HSX_OK) {
        status = plan_room(e, &plan, error);
    }
    if (status == HSX_OK) {
        commit(e, &plan);
        *pid = e->next_pid - 1;
        status = e->failed;
    }
    hsx_image_clear(&plan.image);
    free(plan.words);
    free(plan.ids);
    return status;
}
