// SPDX-License-Identifier: Apache-2.0
/* Counts over a trace. */
#include "lost.h"
#include <hsx/isa.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { TASKS = 256, PLACES = HSX_CODE_SIZE / 4, HOTTEST = 10 };

struct task_count {
    uint32_t pid; /* 0: free */
    uint64_t steps, turns, svcs, faults, woken;
    uint64_t cycles; /* its events, and the slots lost after them */
    uint32_t stack_top;
    uint32_t lowest_sp;
    uint32_t *places; /* owned: executions by pc / 4 */
    uint32_t *words;  /* owned: the instruction there */
};

struct counts {
    struct task_count tasks[TASKS];
    size_t task_count;
    uint64_t opcodes[256];
    uint64_t events, steps, ticks, switches, answers, actions;
    uint64_t first_cycle, last_cycle;
    uint64_t lost[LOST_CAUSES];
    struct lost loss;
    struct task_count *before; /* task of the machine's last event */
    bool has_record;
    struct hsx_record last; /* of the machine */
};

static struct task_count *task_of(struct counts *c, uint32_t pid,
                                  const struct hsx_trace_header *header)
{
    struct task_count *t;

    for (size_t i = 0; i < c->task_count; i++) {
        if (c->tasks[i].pid == pid) {
            return &c->tasks[i];
        }
    }
    if (c->task_count == TASKS) {
        return NULL;
    }
    t = &c->tasks[c->task_count++];
    *t = (struct task_count){.pid = pid, .lowest_sp = UINT32_MAX};
    for (size_t i = 0; i < header->image_count; i++) {
        if (header->images[i].pid == pid) {
            t->stack_top = header->images[i].stack_top;
        }
    }
    t->places = calloc(PLACES, sizeof *t->places);
    t->words = calloc(PLACES, sizeof *t->words);
    return t;
}

/* Each event takes one slot; the cycles between two are lost. */
static void count_cycles(struct counts *c, const struct hsx_trace_event *ev)
{
    unsigned cause;
    uint64_t slots = lost_event(&c->loss, ev, &cause);

    c->lost[cause] += slots;
    if (c->before) {
        c->before->cycles += slots;
    }
    if ((ev->has & HSX_TRACE_CYCLE) == 0) {
        return;
    }
    if (!c->has_record) {
        c->first_cycle = ev->cycle;
    }
    c->last_cycle = ev->cycle > c->last_cycle ? ev->cycle : c->last_cycle;
}

static void count_record(struct counts *c, struct task_count *t, const struct hsx_trace_event *ev)
{
    const struct hsx_record *r = &ev->record;

    if (hsx_trace_is_step(ev)) {
        c->steps++;
        c->opcodes[HSX_INSN_OPCODE(r->insn)]++;
        t->steps++;
        t->places[r->pc / 4]++;
        t->words[r->pc / 4] = r->insn;
    }
    t->svcs += ev->kind == HSX_EV_SVC;
    t->faults += ev->kind == HSX_EV_FAULT;
    t->turns += (r->flags & HSX_REC_TURN_FIRST) != 0;
    t->cycles += (ev->has & HSX_TRACE_CYCLE) != 0;
    c->before = t;
    c->switches += c->has_record && c->last.slot != r->slot;
    c->has_record = true;
    c->last = *r;
}

static enum hsx_status count_event(struct counts *c, const struct hsx_trace_event *ev,
                                   const struct hsx_trace_header *header)
{
    c->events++;
    count_cycles(c, ev);
    c->ticks += ev->kind == HSX_EV_TICK;
    c->answers += ev->kind == HSX_EV_COMPLETE;
    c->actions += ev->kind == HSX_EV_EXTERNAL;
    if (ev->pid != 0) {
        struct task_count *t = task_of(c, ev->pid, header);

        if (!t) {
            return HSX_OK;
        }
        if (!t->places || !t->words) {
            return HSX_ERR_MEMORY;
        }
        if ((ev->has & HSX_TRACE_SP) && ev->record.sp < t->lowest_sp) {
            t->lowest_sp = ev->record.sp;
        }
        if (t->stack_top == 0 && (ev->has & HSX_TRACE_SP)) {
            t->stack_top = ev->record.sp;
        }
        if (ev->kind < HSX_EV_TICK) {
            count_record(c, t, ev);
        }
    }
    for (size_t i = 0; i < ev->woken_count; i++) {
        struct task_count *t = task_of(c, ev->woken[i], header);

        if (t) {
            t->woken++;
        }
    }
    return HSX_OK;
}

/* ---- As JSON */

static double share(uint64_t part, uint64_t whole)
{
    return whole != 0 ? (double)part / (double)whole : 0;
}

static json_t *tasks_json(const struct counts *c, const struct hsx_trace_header *header)
{
    json_t *list = json_array();

    for (size_t i = 0; i < c->task_count; i++) {
        const struct task_count *t = &c->tasks[i];
        uint64_t used = t->lowest_sp <= t->stack_top ? t->stack_top - t->lowest_sp : 0;

        json_array_append_new(
            list, json_pack("{s:I, s:s, s:I, s:f, s:I, s:I, s:I, s:I, s:I, s:I}", "pid",
                            (json_int_t)t->pid, "name", tool_task_name(header, t->pid), "steps",
                            (json_int_t)t->steps, "share", share(t->steps, c->steps), "cycles",
                            (json_int_t)t->cycles, "turns", (json_int_t)t->turns, "svcs",
                            (json_int_t)t->svcs, "woken", (json_int_t)t->woken, "faults",
                            (json_int_t)t->faults, "stack_used_max", (json_int_t)used));
    }
    return list;
}

static json_t *mix_json(const struct counts *c)
{
    json_t *list = json_array();
    bool taken[256] = {false};

    for (;;) {
        int best = -1;
        const char *name;

        for (int i = 0; i < 256; i++) {
            if (!taken[i] && c->opcodes[i] != 0 && (best < 0 || c->opcodes[i] > c->opcodes[best])) {
                best = i;
            }
        }
        if (best < 0) {
            return list;
        }
        taken[best] = true;
        name = hsx_insn_table[best].name;
        json_array_append_new(list, json_pack("{s:s, s:I, s:f}", "name", name ? name : "illegal",
                                              "count", (json_int_t)c->opcodes[best], "share",
                                              share(c->opcodes[best], c->steps)));
    }
}

static json_t *hottest_json(struct counts *c, const struct hsx_tracetool_names *names)
{
    json_t *list = json_array();

    for (size_t n = 0; n < HOTTEST; n++) {
        struct task_count *best = NULL;
        size_t at = 0;
        struct hsx_trace_event event = {0};
        char place[HSX_SYMBOL_TEXT_SIZE];
        char insn[80];

        for (size_t i = 0; i < c->task_count; i++) {
            for (size_t k = 0; k < PLACES; k++) {
                if (c->tasks[i].places[k] != 0 &&
                    (!best || c->tasks[i].places[k] > best->places[at])) {
                    best = &c->tasks[i];
                    at = k;
                }
            }
        }
        if (!best) {
            break;
        }
        event.record.insn = best->words[at];
        event.record.pc = (uint16_t)(4 * at);
        hsx_tracetool_place(names, best->pid, (uint16_t)(4 * at), place, sizeof place);
        hsx_tracetool_instruction(&event, insn, sizeof insn);
        json_array_append_new(list, json_pack("{s:I, s:I, s:s, s:s, s:I, s:f}", "pid",
                                              (json_int_t)best->pid, "pc", 4 * (json_int_t)at,
                                              "place", place, "instruction", insn, "count",
                                              (json_int_t)best->places[at], "share",
                                              share(best->places[at], c->steps)));
        best->places[at] = 0;
    }
    return list;
}

static json_t *lost_json(const struct counts *c)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < LOST_CAUSES; i++) {
        json_array_append_new(list, json_pack("{s:s, s:I}", "cause", lost_cause_name(i), "slots",
                                              (json_int_t)c->lost[i]));
    }
    return list;
}

static json_t *counts_json(struct counts *c, const struct hsx_trace_header *header,
                           const struct hsx_tracetool_names *names)
{
    uint64_t cycles = c->has_record ? c->last_cycle - c->first_cycle + 1 : 0;
    json_t *object = json_pack(
        "{s:s, s:I, s:I, s:I, s:f, s:I, s:I, s:I, s:I}", "target", header->target, "events",
        (json_int_t)c->events, "steps", (json_int_t)c->steps, "cycles", (json_int_t)cycles, "ipc",
        share(c->steps, cycles), "switches", (json_int_t)c->switches, "ticks", (json_int_t)c->ticks,
        "answers", (json_int_t)c->answers, "actions", (json_int_t)c->actions);

    json_object_set_new(object, "tasks", tasks_json(c, header));
    json_object_set_new(object, "mix", mix_json(c));
    json_object_set_new(object, "lost", lost_json(c));
    json_object_set_new(object, "hottest", hottest_json(c, names));
    return object;
}

enum hsx_status hsx_tracetool_stats(const struct hsx_trace_source *events,
                                    const struct hsx_tracetool_names *names, json_t **stats,
                                    struct hsx_trace_error *error)
{
    struct counts *c = calloc(1, sizeof *c);
    const struct hsx_trace_event *event = NULL;
    enum hsx_status status = c ? HSX_OK : HSX_ERR_MEMORY;

    while (status == HSX_OK) {
        status = events->next(events->ctx, &event, error);
        if (status != HSX_OK || !event) {
            break;
        }
        status = count_event(c, event, events->header);
    }
    if (status == HSX_OK) {
        *stats = counts_json(c, events->header, names);
        status = *stats ? HSX_OK : HSX_ERR_MEMORY;
    }
    for (size_t i = 0; c && i < c->task_count; i++) {
        free(c->tasks[i].places);
        free(c->tasks[i].words);
    }
    free(c);
    return status;
}

/* ---- As text */

static json_int_t number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static double percent(const json_t *object)
{
    return 100 * json_real_value(json_object_get(object, "share"));
}

static const char *string(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

void hsx_tracetool_stats_print(const json_t *stats, FILE *out)
{
    enum { MIX = 12 };

    const json_t *list = json_object_get(stats, "tasks");
    size_t i;
    const json_t *item;

    fprintf(out,
            "%lld instructions in %lld cycles: IPC %.3f; %lld switches, %lld ticks, %lld SVCs "
            "answered, %lld actions from outside\n",
            (long long)number(stats, "steps"), (long long)number(stats, "cycles"),
            json_real_value(json_object_get(stats, "ipc")), (long long)number(stats, "switches"),
            (long long)number(stats, "ticks"), (long long)number(stats, "answers"),
            (long long)number(stats, "actions"));
    fprintf(out, "\n%6s  %-20s %10s %7s %10s %9s %7s %7s %11s\n", "task", "name", "steps", "share",
            "cycles", "turns", "SVCs", "woken", "stack bytes");
    json_array_foreach(list, i, item)
    {
        fprintf(out, "%6lld  %-20s %10lld %6.1f%% %10lld %9lld %7lld %7lld %11lld\n",
                (long long)number(item, "pid"), string(item, "name"),
                (long long)number(item, "steps"), percent(item), (long long)number(item, "cycles"),
                (long long)number(item, "turns"), (long long)number(item, "svcs"),
                (long long)number(item, "woken"), (long long)number(item, "stack_used_max"));
    }
    fputs("\ninstruction mix:", out);
    json_array_foreach(json_object_get(stats, "mix"), i, item)
    {
        if (i < MIX) {
            fprintf(out, "%s %s %.1f%%", i != 0 ? "," : "", string(item, "name"), percent(item));
        }
    }
    fputs("\n\nlost slots:", out);
    json_array_foreach(json_object_get(stats, "lost"), i, item)
    {
        fprintf(out, "%s %s %lld", i != 0 ? "," : "", string(item, "cause"),
                (long long)number(item, "slots"));
    }
    fprintf(out, "\n\n%6s  %-26s %-26s %10s %7s\n", "task", "hottest place", "instruction", "times",
            "share");
    json_array_foreach(json_object_get(stats, "hottest"), i, item)
    {
        fprintf(out, "%6lld  %-26s %-26s %10lld %6.1f%%\n", (long long)number(item, "pid"),
                string(item, "place"), string(item, "instruction"),
                (long long)number(item, "count"), percent(item));
    }
}
