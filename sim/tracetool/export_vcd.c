// SPDX-License-Identifier: Apache-2.0
/*
 * The architectural state as a value change dump: what happened in each cycle at the top, a
 * scope with registers for each task. Time is the cycle.
 */
#include "export.h"
#include "textstream.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { TASKS = 256, ID_SIZE = 8, TOP = 10, OWN = 6 };

/* Variables by number: TOP at the top, then OWN and the registers of each task. */
enum { PER_TASK = OWN + HSX_REGISTERS };

static const struct {
    const char *name;
    unsigned bits;
} top_variables[TOP] = {{"order", 64},     {"event", 4},    {"task", 32},     {"pc", 16},
                        {"word", 32},      {"mem_read", 1}, {"mem_write", 1}, {"mem_addr", 16},
                        {"mem_value", 32}, {"ticks", 64}},
  own_variables[OWN] = {{"pc", 16},         {"sp", 16},   {"flags", 4},
                        {"call_depth", 16}, {"state", 4}, {"steps", 64}};

struct vcd {
    FILE *out; /* the changes, in memory until all tasks are known */
    uint32_t pids[TASKS];
    size_t tasks;
    uint64_t values[TOP + TASKS * PER_TASK];
    bool known[TOP + TASKS * PER_TASK];
    uint64_t time;
    bool timed; /* the time has been written */
    bool begun;
};

/* Printable characters, in base 94. */
static void identifier(unsigned variable, char text[ID_SIZE])
{
    size_t i = 0;

    do {
        text[i++] = (char)('!' + variable % 94);
        variable /= 94;
    } while (variable != 0);
    text[i] = '\0';
}

static unsigned bits_of(unsigned variable)
{
    unsigned own;

    if (variable < TOP) {
        return top_variables[variable].bits;
    }
    own = (variable - TOP) % PER_TASK;
    return own < OWN ? own_variables[own].bits : 32;
}

static void set(struct vcd *v, unsigned variable, uint64_t value)
{
    char id[ID_SIZE];
    unsigned bit = bits_of(variable);

    if (v->known[variable] && v->values[variable] == value) {
        return;
    }
    v->known[variable] = true;
    v->values[variable] = value;
    if (!v->timed) {
        fprintf(v->out, "#%" PRIu64 "\n", v->time);
        v->timed = true;
    }
    identifier(variable, id);
    if (bit == 1) {
        fprintf(v->out, "%c%s\n", value != 0 ? '1' : '0', id);
        return;
    }
    putc('b', v->out);
    while (bit > 1 && (value >> (bit - 1) & 1) == 0) {
        bit--;
    }
    while (bit-- > 0) {
        putc(value >> bit & 1 ? '1' : '0', v->out);
    }
    fprintf(v->out, " %s\n", id);
}

/* The first variable of a task; 0: there are too many tasks. */
static unsigned variables_of(struct vcd *v, uint32_t pid)
{
    size_t i = 0;

    while (i < v->tasks && v->pids[i] != pid) {
        i++;
    }
    if (i == TASKS) {
        return 0;
    }
    if (i == v->tasks) {
        v->pids[v->tasks++] = pid;
    }
    return TOP + (unsigned)i * PER_TASK;
}

static void set_task(struct vcd *v, const struct hsx_trace_event *ev)
{
    const struct hsx_record *r = &ev->record;
    unsigned first = variables_of(v, ev->pid);

    if (first == 0) {
        return;
    }
    if (ev->has & HSX_TRACE_PC) {
        set(v, first, ev->has & HSX_TRACE_NEXT_PC ? r->next_pc : r->pc);
    }
    if (ev->has & HSX_TRACE_SP) {
        set(v, first + 1, r->sp);
    }
    if (ev->has & HSX_TRACE_PSW) {
        set(v, first + 2, r->psw);
    }
    if (ev->has & HSX_TRACE_CALL_DEPTH) {
        set(v, first + 3, r->call_depth);
    }
    set(v, first + 4,
        ev->has & HSX_TRACE_STATE   ? ev->state
        : ev->kind == HSX_EV_SVC    ? HSX_TRAPPED
        : ev->kind == HSX_EV_BRK    ? HSX_PAUSED
        : ev->kind == HSX_EV_FAULT  ? HSX_FAULTED
        : ev->kind == HSX_EV_RETURN ? HSX_RETURNED
                                    : HSX_READY);
    set(v, first + 5,
        v->known[first + 5] ? v->values[first + 5] + hsx_trace_is_step(ev) : hsx_trace_is_step(ev));
    for (unsigned n = 0; n < HSX_REGISTERS; n++) {
        if (ev->has & HSX_TRACE_REGS) {
            set(v, first + OWN + n, ev->regs[n]);
        } else if ((r->flags & HSX_REC_RD) && r->rd == n) {
            set(v, first + OWN + n, r->rd_value);
        }
    }
}

static void change(struct vcd *v, const struct hsx_trace_event *ev)
{
    const struct hsx_record *r = &ev->record;
    uint64_t time = export_time(ev);

    if (!v->begun || time > v->time) {
        v->time = time;
        v->timed = false;
        v->begun = true;
    }
    set(v, 0, ev->seq);
    set(v, 1, ev->kind);
    set(v, 2, ev->pid);
    set(v, 3, r->pc);
    set(v, 4, r->insn);
    set(v, 5, (r->access & HSX_ACC_READ) != 0);
    set(v, 6, (r->access & HSX_ACC_WRITE) != 0);
    set(v, 7, r->mem_addr);
    set(v, 8, r->mem_value);
    if (ev->kind == HSX_EV_TICK) {
        set(v, 9, ev->now);
    }
    if (ev->pid != 0) {
        set_task(v, ev);
    }
}

static void declare(FILE *out, unsigned variable, const char *name)
{
    char id[ID_SIZE];

    identifier(variable, id);
    fprintf(out, "$var wire %u %s %s $end\n", bits_of(variable), id, name);
}

static void put_header(const struct vcd *v, const struct hsx_trace_header *header, FILE *out)
{
    fprintf(out, "$comment trace of %s by %s; one unit of time is a cycle $end\n",
            header->target[0] != '\0' ? header->target : "an unknown machine",
            header->tool[0] != '\0' ? header->tool : "an unknown tool");
    fputs("$timescale 1ns $end\n$scope module hsx $end\n", out);
    for (unsigned i = 0; i < TOP; i++) {
        declare(out, i, top_variables[i].name);
    }
    for (size_t i = 0; i < v->tasks; i++) {
        char name[HSX_TASK_NAME_SIZE + 1];

        snprintf(name, sizeof name, "%s", tool_task_name(header, v->pids[i]));
        for (char *c = name; *c != '\0'; c++) {
            if (strchr(" .#$[]", *c)) {
                *c = '_';
            }
        }
        fprintf(out, "$scope module task%" PRIu32 "%s%s $end\n", v->pids[i],
                name[0] != '\0' ? "_" : "", name);
        for (unsigned k = 0; k < PER_TASK; k++) {
            char reg[8];

            snprintf(reg, sizeof reg, "R%u", k - OWN);
            declare(out, TOP + (unsigned)i * PER_TASK + k, k < OWN ? own_variables[k].name : reg);
        }
        fputs("$upscope $end\n", out);
    }
    fputs("$upscope $end\n$enddefinitions $end\n", out);
}

enum hsx_status export_vcd(const struct hsx_trace_source *events,
                           const struct hsx_tracetool_names *names, FILE *out,
                           struct hsx_trace_error *error)
{
    struct vcd *v = calloc(1, sizeof *v);
    const struct hsx_trace_event *event = NULL;
    char *changes = NULL;
    size_t size = 0;
    enum hsx_status status = HSX_OK;

    (void)names;
    if (v) {
        v->out = textstream_open(&changes, &size);
    }
    if (!v || !v->out) {
        free(v);
        return HSX_ERR_MEMORY;
    }
    while (status == HSX_OK) {
        status = events->next(events->ctx, &event, error);
        if (status != HSX_OK || !event) {
            break;
        }
        change(v, event);
    }
    if (fclose(v->out) != 0 && status == HSX_OK) {
        status = HSX_ERR_MEMORY;
    }
    if (status == HSX_OK) {
        put_header(v, events->header, out);
        fwrite(changes, 1, size, out);
    }
    free(changes);
    free(v);
    return status;
}
