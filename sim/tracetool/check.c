// SPDX-License-Identifier: Apache-2.0
/*
 * A trace against the C model.
 *
 * The model is driven event by event as in the trace: a tick where it has one, a completion
 * where it has one, each action from outside in its place. Its events are then compared with
 * the trace's records, field by field, as far as the trace has them.
 */
#include "check.h"
#include <hsx/target_vm.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- What a trace contains, found by reading it once */

static void survey_event(struct check *c, const struct hsx_trace_event *ev)
{
    const uint32_t of_record = HSX_TRACE_SLOT | HSX_TRACE_PC | HSX_TRACE_INSN | HSX_TRACE_EXT |
                               HSX_TRACE_NEXT_PC | HSX_TRACE_RD | HSX_TRACE_PSW | HSX_TRACE_SP |
                               HSX_TRACE_CALL_DEPTH | HSX_TRACE_ACCESS | HSX_TRACE_TURN |
                               HSX_TRACE_REGS | HSX_TRACE_CHANGED | HSX_TRACE_STEPS |
                               HSX_TRACE_SEQ | HSX_TRACE_EVENT | HSX_TRACE_PID;

    switch (ev->kind) {
    case HSX_EV_TICK:
        c->has_ticks = true;
        break;
    case HSX_EV_COMPLETE:
        c->has_completions = true;
        break;
    case HSX_EV_EXTERNAL:
        c->has_actions = true;
        break;
    case HSX_TRACE_HOST_ACCESS:
        c->has_host = true;
        break;
    default:
        c->verdict->missing |= of_record & ~ev->has;
        c->steps_seen++;
        break;
    }
}

static enum hsx_status survey(struct check *c, struct hsx_trace_error *error)
{
    const struct hsx_trace_event *event;
    enum hsx_status status;

    do {
        status = c->source->next(c->source->ctx, &event, error);
        if (status == HSX_OK && event) {
            survey_event(c, event);
        }
    } while (status == HSX_OK && event);
    return status == HSX_OK ? c->again(c->source->ctx, error) : status;
}

/* ---- The model's events */

void check_note(void *ctx, const struct hsx_trace_event *event)
{
    struct check *c = ctx;
    bool skipped = (event->kind == HSX_EV_COMPLETE && !c->has_completions) ||
                   (event->kind == HSX_EV_TICK && !c->has_ticks) ||
                   (event->kind == HSX_EV_EXTERNAL && !c->has_actions);

    if (skipped || c->status != HSX_OK) {
        return;
    }
    if (c->made_count == CHECK_MADE) {
        /* A partial trace may omit any number of the model's events. */
        tool_free(&c->made[0]);
        memmove(c->made, c->made + 1, (CHECK_MADE - 1) * sizeof c->made[0]);
        c->made_count--;
    }
    if (!tool_copy(&c->made[c->made_count], event)) {
        c->status = HSX_ERR_MEMORY;
        return;
    }
    c->made_count++;
}

static void drop_made(struct check *c)
{
    tool_free(&c->made[0]);
    c->made_count--;
    memmove(c->made, c->made + 1, c->made_count * sizeof c->made[0]);
}

/* ---- Comparing */

static uint32_t mask_of(const struct check *c, const struct hsx_trace_event *ev,
                        const struct hsx_trace_event *model)
{
    uint32_t mask = ev->has & model->has;

    /* The VM's cycles are its steps; other machines have their own clocks. */
    if (strcmp(c->source->header->target, "vm") != 0) {
        mask &= ~(uint32_t)HSX_TRACE_CYCLE;
    }
    /* Numbers and steps include events that a trace may lack. */
    if (!c->numbered) {
        mask &= ~(uint32_t)HSX_TRACE_SEQ;
    }
    /* The stores of a load are in its image. */
    if (strcmp(ev->what, "load") == 0) {
        mask &= ~(uint32_t)HSX_TRACE_STORES;
    }
    return mask;
}

/* In text a missing list is empty, for records that have lists. */
static uint32_t lists_of(const struct check *c, const struct hsx_trace_event *ev)
{
    bool lists = ev->kind == HSX_EV_COMPLETE || ev->kind == HSX_EV_TICK ||
                 ev->kind == HSX_EV_FAULT || ev->kind == HSX_EV_RETURN;

    return lists && c->numbered && c->source->header->tool[0] != '\0'
               ? HSX_TRACE_STORES | HSX_TRACE_WOKEN
               : 0;
}

static struct tool_history *history_of(struct check *c, uint32_t pid)
{
    return &c->tasks[pid % CHECK_TASKS];
}

void check_report(struct check *c, const struct hsx_trace_event *model,
                  const struct hsx_trace_event *ev, uint32_t field, uint32_t mask)
{
    struct hsx_trace_verdict *v = c->verdict;
    const struct hsx_trace_event *of = model ? model : ev;
    char insn[80];
    char place[160];
    char line[80];
    char expected[80] = "";
    char got[80] = "";
    char where[200] = "";
    struct tool_text t = {.text = v->what, .size = sizeof v->what};

    v->differs = true;
    v->field = field;
    v->seq = ev->seq;
    v->cycle = ev->cycle;
    v->pid = of->pid;
    c->done = true;
    hsx_tracetool_instruction(of, insn, sizeof insn);
    hsx_tracetool_place(c->options->names, of->pid, of->record.pc, place, sizeof place);
    hsx_tracetool_code_line(c->options->names, of->pid, of->record.pc, line, sizeof line);
    if (line[0] != '\0') {
        snprintf(place + strlen(place), sizeof place - strlen(place), " %s", line);
    }
    tool_add(&t, "differs at order %" PRIu64 ", cycle %" PRIu64 ": ", ev->seq, ev->cycle);
    if (model) {
        hsx_tracetool_field(field, model, ev, expected, sizeof expected);
        hsx_tracetool_field(field, ev, model, got, sizeof got);
        tool_add(&t, "%s of %s in task %" PRIu32 " at pc %s: expected %s, got %s",
                 hsx_tracetool_field_name(field), insn, of->pid, place, expected, got);
    } else {
        if (of->pid != 0) {
            snprintf(where, sizeof where, " in task %" PRIu32 " at pc %s", of->pid, place);
        }
        tool_add(&t, "%s%s, where the C model %s", insn, where, c->nothing);
    }
    fprintf(c->out, "trace check: %s\n", v->what);
    hsx_tracetool_fields("expected (C model)", model, "got (trace)", ev, mask, c->out);
    if (of->pid != 0) {
        fprintf(c->out, "\nLast events of task %" PRIu32 " that agreed, oldest first:\n", of->pid);
        tool_history_print(history_of(c, of->pid), c->options->names, c->out);
    }
    fputs("\nLast events of all tasks that agreed, oldest first:\n", c->out);
    tool_history_print(&c->all, c->options->names, c->out);
    if (model) {
        tool_line(c->options->names, model, "expected", c->out);
    }
    tool_line(c->options->names, ev, "got", c->out);
}

void check_agreed(struct check *c, const struct hsx_trace_event *event)
{
    tool_remember(&c->all, event);
    if (event->pid != 0) {
        tool_remember(history_of(c, event->pid), event);
    }
    c->verdict->events++;
}

/* Compares the model's oldest event with the trace's. */
static void compare(struct check *c, const struct hsx_trace_event *ev)
{
    struct hsx_trace_event given = *ev;
    const struct hsx_trace_event *model = &c->made[0].event;
    uint32_t mask;
    uint32_t field;

    given.has |= lists_of(c, ev);
    mask = mask_of(c, &given, model);
    field = hsx_tracetool_difference(model, &given, mask);
    /* A different kind of event, even if the trace does not give kinds. */
    if (field == 0 && model->kind != given.kind) {
        field = HSX_TRACE_EVENT;
        given.has |= HSX_TRACE_EVENT;
    }
    if (field != 0) {
        check_report(c, model, &given, field, mask | field);
        return;
    }
    check_agreed(c, model);
    drop_made(c);
}

/* Drives the model until it has made the event with the trace's number, or a later one. An
 * action from outside is repeated where the trace has it. */
static enum hsx_status catch_up(struct check *c, const struct hsx_trace_event *ev,
                                struct hsx_trace_error *error)
{
    for (;;) {
        uint64_t made = 0;
        struct hsx_exec_stats before;
        struct hsx_exec_stats after;
        enum hsx_status status = c->status;

        while (c->made_count > 0 && c->made[0].event.seq < ev->seq) {
            drop_made(c);
        }
        if (c->made_count > 0 || status != HSX_OK) {
            return status;
        }
        status = hsx_exec_stats(c->exec, &before);
        if (status == HSX_OK && ev->kind == HSX_EV_EXTERNAL && before.order == ev->seq) {
            return check_drive(c, ev, error);
        }
        if (status == HSX_OK) {
            status = check_run_one(c);
        }
        if (status == HSX_OK) {
            status = hsx_exec_stats(c->exec, &after);
            made = after.order - before.order;
        }
        if (status != HSX_OK || made == 0) {
            return status;
        }
    }
}

/* Checks for a misplaced or missing tick. It is due after the step that makes their number a
 * multiple, or whenever no task can run; an action of the executive or from outside may come
 * before it. */
static enum hsx_status check_tick(struct check *c, const struct hsx_trace_event *ev)
{
    const struct hsx_target_ops *ops = c->target->ops;
    uint8_t slots[HSX_MAX_CONTEXTS];
    struct hsx_exec_stats stats;
    uint8_t turn_left;
    size_t ready = 0;
    enum hsx_status status = hsx_exec_stats(c->exec, &stats);
    bool due = status == HSX_OK && stats.steps != 0 && stats.steps % c->tick_steps == 0 &&
               stats.steps != c->ticked_at;

    if (status == HSX_OK) {
        status = ops->read_queue(c->target, slots, HSX_MAX_CONTEXTS, &ready, &turn_left);
    }
    if (status != HSX_OK) {
        return status;
    }
    if (ev->kind == HSX_EV_TICK ? !due && ready != 0 : due && ev->kind < HSX_EV_TICK) {
        c->nothing = due ? "has a tick" : "has no tick that is due";
        check_report(c, NULL, ev, 0, 0);
    }
    c->ticked_at = ev->kind == HSX_EV_TICK ? stats.steps : c->ticked_at;
    return HSX_OK;
}

static enum hsx_status check_event(struct check *c, const struct hsx_trace_event *ev,
                                   struct hsx_trace_error *error)
{
    enum hsx_status status = HSX_OK;

    if (c->tick_steps != 0) {
        status = check_tick(c, ev);
        if (status != HSX_OK || c->done) {
            return status;
        }
    }
    if (c->free_running && c->source->header->partial) {
        status = catch_up(c, ev, error);
    } else {
        /* Events that are not compared may precede the one that is. */
        for (unsigned i = 0; i < CHECK_MADE && status == HSX_OK && c->made_count == 0 && !c->done;
             i++) {
            status = check_drive(c, ev, error);
            if (!c->free_running && (c->has_completions || i > 2)) {
                break;
            }
        }
    }
    if (status != HSX_OK || c->done) {
        return status;
    }
    if (c->status != HSX_OK) {
        return c->status;
    }
    if (c->made_count == 0) {
        c->nothing = ev->kind == HSX_EV_COMPLETE   ? "has no trap to complete"
                     : ev->kind == HSX_EV_EXTERNAL ? "refuses that"
                                                   : "has no task that is READY";
        check_report(c, NULL, ev, 0, 0);
        return HSX_OK;
    }
    compare(c, ev);
    return HSX_OK;
}

/* Output of tasks is not in a trace, only the fact that it was taken. */
static void ignore_console(void *ctx, uint32_t pid, const uint8_t *bytes, size_t len)
{
    (void)ctx;
    (void)pid;
    (void)bytes;
    (void)len;
}

/* The standard input of a task is what its RECV stored in addition to its registers. */
static size_t give_input(void *ctx, uint32_t pid, uint8_t *bytes, size_t size)
{
    struct check *c = ctx;
    const struct hsx_trace_event *ev = c->driving;

    (void)pid;
    for (size_t i = 0; ev && ev->kind == HSX_EV_COMPLETE && i < ev->store_count; i++) {
        const struct hsx_trace_store *s = &ev->stores[i];

        if (s->addr < HSX_WINDOW_START || s->addr >= HSX_WINDOW_END) {
            size_t len = s->len < size ? s->len : size;

            memcpy(bytes, s->bytes, len);
            return len;
        }
    }
    return 0;
}

/* ---- Both ways of checking */

static enum hsx_status check_by_executive(struct check *c, struct hsx_trace_error *error)
{
    const struct hsx_trace_header *header = c->source->header;
    struct hsx_exec_config config = header->has_options ? header->options : c->options->config;
    unsigned contexts = header->contexts != 0 ? header->contexts : c->options->contexts;
    struct hsx_exec_sink sink;
    const struct hsx_trace_event *event = NULL;
    enum hsx_status status = hsx_target_vm_create(contexts, &c->target);

    c->free_running =
        header->partial || (c->steps_seen != 0 && !c->has_completions && !c->has_ticks);
    if (!c->free_running) {
        bool by_steps = strcmp(header->target, "vm") == 0 || strcmp(header->target, "rtl") == 0;

        c->tick_steps = by_steps && header->has_options && c->has_ticks ? config.tick_steps : 0;
        config.trap_latency = c->has_completions ? UINT64_MAX : 0;
        config.tick_steps = c->has_ticks ? 0 : config.tick_steps;
    }
    config.host = (struct hsx_exec_host){.ctx = c, .console = ignore_console, .input = give_input};
    c->numbered = c->has_actions && (header->partial || c->has_completions || c->has_ticks ||
                                     header->tool[0] != '\0');
    if (status == HSX_OK) {
        status = hsx_exec_create(c->target, &config, &c->exec);
    }
    if (status == HSX_OK) {
        status = hsx_trace_create_call(c->target, check_note, c, &c->trace);
    }
    if (status == HSX_OK) {
        sink = hsx_trace_sink(c->trace);
        hsx_exec_set_sink(c->exec, &sink);
    }
    while (status == HSX_OK && (!c->has_actions || header->partial) && !c->done &&
           c->loaded < c->options->program_count) {
        status = check_load_next(c, NULL, error);
    }
    while (status == HSX_OK && !c->done) {
        status = c->source->next(c->source->ctx, &event, error);
        if (status != HSX_OK || !event) {
            break;
        }
        status = check_event(c, event, error);
    }
    return status;
}

static void check_free(struct check *c)
{
    while (c->made_count > 0) {
        drop_made(c);
    }
    hsx_trace_destroy(c->trace);
    hsx_exec_destroy(c->exec);
    if (c->target) {
        c->target->ops->destroy(c->target);
    }
    free(c);
}

enum hsx_status
hsx_tracetool_check(struct hsx_trace_source *events,
                    enum hsx_status (*again)(void *ctx, struct hsx_trace_error *error),
                    const struct hsx_trace_check *check, FILE *out,
                    struct hsx_trace_verdict *verdict, struct hsx_trace_error *error)
{
    struct check *c = calloc(1, sizeof *c);
    enum hsx_status status;

    *verdict = (struct hsx_trace_verdict){0};
    if (!c) {
        return HSX_ERR_MEMORY;
    }
    c->source = events;
    c->again = again;
    c->options = check;
    c->out = out;
    c->verdict = verdict;
    status = survey(c, error);
    if (status == HSX_OK) {
        bool recorded = events->header->host == HSX_TRACE_HOST_RECORDED;

        verdict->no_completions = !recorded && c->steps_seen != 0 && !c->has_completions;
        verdict->no_ticks = !c->has_ticks;
        verdict->no_actions = !recorded && !c->has_actions;
        status = recorded ? check_by_host(c, error) : check_by_executive(c, error);
    }
    check_free(c);
    return status;
}
