// SPDX-License-Identifier: Apache-2.0
/* Makes the model do what happened according to a trace. */
#include "check.h"
#include <string.h>

static enum hsx_status stop_check(struct check *c, const char *why, const char *what)
{
    snprintf(c->verdict->stopped, sizeof c->verdict->stopped, why, what);
    c->done = true;
    return HSX_OK;
}

/* One retired instruction, fault or end, and the ticks and completions at its place if
 * the trace has none. */
enum hsx_status check_run_one(struct check *c)
{
    struct hsx_exec_run run = {.max_steps = 1,
                               .stop_on = 1u << HSX_EV_BRK | 1u << HSX_EV_FAULT |
                                          1u << HSX_EV_RETURN | 1u << HSX_EV_COMPLETE |
                                          1u << HSX_EV_TICK,
                               .only = c->only};

    c->only = 0;
    return hsx_exec_run(c->exec, &run);
}

/* Bytes of a stack arena; the topmost one ends four bytes past its top. */
static uint32_t stack_of(uint32_t limit, uint32_t top)
{
    return top > limit ? top + (top == HSX_DATA_SIZE - 4 ? 4 : 0) - limit : 0;
}

enum hsx_status check_load_next(struct check *c, const struct hsx_trace_event *ev,
                                struct hsx_trace_error *error)
{
    const struct hsx_trace_program *program;
    struct hsx_exec_load load = {0};
    struct hsx_exec_error why;
    char name[HSX_TASK_NAME_SIZE + 1] = "";
    uint32_t pid;
    enum hsx_status status;

    if (c->loaded == c->options->program_count) {
        return stop_check(c, "a load needs an image, and no %s was given", "more");
    }
    program = &c->options->programs[c->loaded++];
    for (size_t i = 0; i < c->source->header->image_count; i++) {
        const struct hsx_trace_image *image = &c->source->header->images[i];

        if (image->pid == c->loaded) {
            snprintf(name, sizeof name, "%s", image->name);
            load.slice = image->slice;
            load.stack_bytes = stack_of(image->stack_limit, image->stack_top);
        }
    }
    load.name = name;
    if (ev && (ev->has & HSX_TRACE_CONTEXT)) {
        load.slice = ev->context.slice;
        load.stack_bytes = stack_of(ev->context.stack_limit, ev->context.stack_top);
    }
    status = hsx_exec_load(c->exec, program->bytes, program->size, &load, &pid, &why);
    if (status != HSX_OK) {
        snprintf(error->text, sizeof error->text, "%.80s: %.180s", program->path, why.text);
        return HSX_ERR_FORMAT;
    }
    return HSX_OK;
}

static enum hsx_status poke(struct check *c, const struct hsx_trace_event *ev)
{
    if (ev->store_count != 1) {
        return stop_check(c, "%s from outside does not say what it wrote", "a poke");
    }
    return hsx_exec_poke(c->exec, ev->stores[0].addr, ev->stores[0].bytes, ev->stores[0].len);
}

/* Repeats an action of the host, or of a debugger with a task's handle, on mailboxes. The
 * result is in the model's event. */
static enum hsx_status act_on_mailboxes(struct check *c, const struct hsx_trace_event *ev)
{
    const char *name = ev->mail.name;
    struct hsx_mbox_message message = {
        .length = ev->mail.length, .flags = ev->mail.flags, .channel = ev->mail.channel};
    enum hsx_mbox_status result;
    uint32_t descriptor;
    uint16_t handle = (uint16_t)ev->mail.number;
    uint8_t none; /* of a received message, which is in the event */

    if (strcmp(ev->what, "send") == 0) {
        return name[0] != '\0'
                   ? hsx_exec_host_post(c->exec, name, &message, ev->mail.bytes, &result)
                   : hsx_exec_host_send(c->exec, handle, &message, ev->mail.bytes, &result);
    }
    if (strcmp(ev->what, "recv") == 0) {
        return hsx_exec_host_recv(c->exec, handle, &message, &none, 0, &result);
    }
    if (strcmp(ev->what, "open") == 0) {
        return hsx_exec_host_open(c->exec, name, ev->mail.mode, &handle, &result);
    }
    if (strcmp(ev->what, "bind") == 0) {
        return hsx_exec_host_bind(c->exec, name, ev->mail.capacity, ev->mail.mode, &descriptor,
                                  &result);
    }
    if (strcmp(ev->what, "tap") == 0) {
        return hsx_exec_host_tap(c->exec, handle, ev->mail.on, &result);
    }
    if (strcmp(ev->what, "remove") == 0) {
        return hsx_exec_remove_mailbox(c->exec, ev->mail.number);
    }
    if (strcmp(ev->what, "close") != 0) {
        return stop_check(c, "an action from outside cannot be repeated: %s", ev->what);
    }
    return ev->pid != 0 ? hsx_exec_close_handle(c->exec, ev->pid, handle, &result)
                        : hsx_exec_host_close(c->exec, handle, &result);
}

static enum hsx_status act(struct check *c, const struct hsx_trace_event *ev,
                           struct hsx_trace_error *error)
{
    enum hsx_status status;

    if (strcmp(ev->what, "load") == 0) {
        return check_load_next(c, ev, error);
    }
    if (strcmp(ev->what, "step") == 0) {
        c->only = ev->pid;
        return check_run_one(c);
    }
    if (strcmp(ev->what, "kill") == 0) {
        status = hsx_exec_kill(c->exec, ev->pid);
    } else if (strcmp(ev->what, "pause") == 0) {
        status = hsx_exec_pause(c->exec, ev->pid);
    } else if (strcmp(ev->what, "resume") == 0) {
        status = hsx_exec_resume(c->exec, ev->pid);
    } else if (strcmp(ev->what, "poke") == 0) {
        status = poke(c, ev);
    } else if (strcmp(ev->what, "slice") == 0 && (ev->has & HSX_TRACE_CONTEXT)) {
        status = hsx_exec_set_slice(c->exec, ev->pid, ev->context.slice);
    } else if (strcmp(ev->what, "context") == 0 && (ev->has & HSX_TRACE_CONTEXT)) {
        status = hsx_exec_write_context(c->exec, ev->pid, &ev->context);
    } else if (ev->has & HSX_TRACE_MAIL) {
        status = act_on_mailboxes(c, ev);
    } else {
        return stop_check(c, "an action from outside cannot be repeated: %s", ev->what);
    }
    /* Refused: the model makes no event, which is then the difference. */
    return status == HSX_ERR_STATE || status == HSX_ERR_ARGUMENT ? HSX_OK : status;
}

/* Lets the model do what happened according to the trace. */
enum hsx_status check_drive(struct check *c, const struct hsx_trace_event *ev,
                            struct hsx_trace_error *error)
{
    struct hsx_exec_stats stats;
    enum hsx_status status;

    c->driving = ev;
    if (c->free_running && ev->kind != HSX_EV_EXTERNAL) {
        return check_run_one(c);
    }
    switch (ev->kind) {
    case HSX_EV_TICK:
        status = hsx_exec_stats(c->exec, &stats);
        if (status != HSX_OK) {
            return status;
        }
        /* More than one tick: nothing could run, so the model jumps as well. */
        return (ev->has & HSX_TRACE_NOW) && ev->now != stats.now + 1 ? check_run_one(c)
                                                                     : hsx_exec_tick(c->exec);
    case HSX_EV_COMPLETE:
        status = hsx_exec_complete_trap(c->exec, ev->pid);
        return status == HSX_ERR_STATE ? HSX_OK : status;
    case HSX_EV_EXTERNAL:
        return act(c, ev, error);
    default:
        return check_run_one(c);
    }
}
