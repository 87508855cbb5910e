// SPDX-License-Identifier: Apache-2.0
/*
 * Konata's log: each instruction with its stages, one thread per task.
 *
 * A trace has the cycle in which an instruction retires. It is drawn as if it had passed
 * through the core's nine stages without waiting, so a wait is visible as a gap between
 * two instructions of a task.
 */
#include "export.h"
#include <inttypes.h>
#include <stdlib.h>

enum {
    STAGES = 9,
    LATE = 128,       /* cycles by which a later event may begin before this one */
    PENDING = 1 << 14 /* lines waiting for their cycle */
};

static const char *const stage_names[STAGES] = {"Is", "Cx", "Fe", "Wd", "Op",
                                                "X1", "X2", "Me", "Wb"};

/* A line of the log; step 0 is the instruction's beginning, then its stages, then its end. */
struct line {
    uint64_t cycle, id;
    unsigned step;
    uint32_t thread;
    char *label; /* owned; of step 0 */
};

struct kanata {
    FILE *out;
    struct line heap[PENDING]; /* the earliest first */
    size_t count;
    uint64_t cycle; /* that the log has reached */
    uint64_t retired, next_id;
    uint64_t
        numbers[PENDING]; /* of instructions that have begun, from 0 in the log's order, by id */
    uint64_t next_number;
    bool begun;
    unsigned stages; /* of each instruction */
};

static bool before(const struct line *a, const struct line *b)
{
    if (a->cycle != b->cycle) {
        return a->cycle < b->cycle;
    }
    return a->id != b->id ? a->id < b->id : a->step < b->step;
}

static void push(struct kanata *k, struct line line)
{
    size_t i = k->count++;

    for (; i > 0 && before(&line, &k->heap[(i - 1) / 2]); i = (i - 1) / 2) {
        k->heap[i] = k->heap[(i - 1) / 2];
    }
    k->heap[i] = line;
}

static struct line pop(struct kanata *k)
{
    struct line first = k->heap[0];
    struct line last = k->heap[--k->count];
    size_t i = 0;

    for (size_t child = 1; child < k->count; child = 2 * i + 1) {
        child += child + 1 < k->count && before(&k->heap[child + 1], &k->heap[child]);
        if (!before(&k->heap[child], &last)) {
            break;
        }
        k->heap[i] = k->heap[child];
        i = child;
    }
    k->heap[i] = last;
    return first;
}

static const char *stage_name(const struct kanata *k, unsigned step)
{
    return k->stages == 1 ? "Ex" : stage_names[step - 1];
}

static void put_line(struct kanata *k, struct line *line)
{
    uint64_t *number = &k->numbers[line->id % PENDING];

    if (!k->begun) {
        fputs("Kanata\t0004\nC=\t0\n", k->out); /* Konata accepts no other number there */
        k->begun = true;
    }
    if (line->cycle > k->cycle) {
        fprintf(k->out, "C\t%" PRIu64 "\n", line->cycle - k->cycle);
    }
    k->cycle = line->cycle;
    if (line->step == 0) {
        *number = k->next_number++;
        fprintf(k->out, "I\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu32 "\nL\t%" PRIu64 "\t0\t%s\n",
                *number, line->id, line->thread, *number, line->label ? line->label : "");
        free(line->label);
        return;
    }
    /* The end of a stage is optional in the format, but without it Konata uses one colour for
     * all. */
    if (line->step > 1) {
        fprintf(k->out, "E\t%" PRIu64 "\t0\t%s\n", *number, stage_name(k, line->step - 1));
    }
    if (line->step <= k->stages) {
        fprintf(k->out, "S\t%" PRIu64 "\t0\t%s\n", *number, stage_name(k, line->step));
    } else {
        fprintf(k->out, "R\t%" PRIu64 "\t%" PRIu64 "\t0\n", *number, k->retired++);
    }
}

/* Writes the lines that no later event can precede. */
static void flush(struct kanata *k, uint64_t until)
{
    while (k->count > 0 && (k->heap[0].cycle < until || k->count > PENDING - STAGES - 2)) {
        struct line line = pop(k);

        /* Too late only in a trace with decreasing cycles. */
        line.cycle = line.cycle < k->cycle && k->begun ? k->cycle : line.cycle;
        put_line(k, &line);
    }
}

static char *label(const struct hsx_tracetool_names *names, const struct hsx_trace_event *ev)
{
    char place[HSX_SYMBOL_TEXT_SIZE];
    char insn[80];
    char *text = NULL;
    size_t size = HSX_SYMBOL_TEXT_SIZE + sizeof insn + 16;

    hsx_tracetool_place(names, ev->pid, ev->record.pc, place, sizeof place);
    hsx_tracetool_instruction(ev, insn, sizeof insn);
    text = malloc(size);
    if (text) {
        snprintf(text, size, "%" PRIu32 ": %s: %s", ev->pid, place, insn);
    }
    return text;
}

static void instruction(struct kanata *k, const struct hsx_tracetool_names *names,
                        const struct hsx_trace_event *ev)
{
    uint64_t retires = export_time(ev);
    uint64_t begins = retires >= k->stages ? retires - k->stages + 1 : 0;
    uint64_t id = k->next_id++;

    flush(k, begins > LATE ? begins - LATE : 0);
    push(k, (struct line){begins, id, 0, ev->pid, label(names, ev)});
    for (unsigned stage = 1; stage <= k->stages; stage++) {
        uint64_t cycle = begins + stage - 1;

        push(k, (struct line){cycle < retires ? cycle : retires, id, stage, ev->pid, NULL});
    }
    push(k, (struct line){retires + 1, id, k->stages + 1, ev->pid, NULL});
}

enum hsx_status export_kanata(const struct hsx_trace_source *events,
                              const struct hsx_tracetool_names *names, FILE *out,
                              struct hsx_trace_error *error)
{
    struct kanata *k = calloc(1, sizeof *k);
    const struct hsx_trace_event *event = NULL;
    enum hsx_status status = k ? HSX_OK : HSX_ERR_MEMORY;

    if (k) {
        k->out = out;
        k->stages = events->header->target[0] == 'v' ? 1 : STAGES;
    }
    while (status == HSX_OK) {
        status = events->next(events->ctx, &event, error);
        if (status != HSX_OK || !event) {
            break;
        }
        if (event->kind < HSX_EV_TICK) {
            instruction(k, names, event);
        }
    }
    if (status == HSX_OK) {
        flush(k, UINT64_MAX);
        if (!k->begun) {
            fputs("Kanata\t0004\nC=\t0\n", out);
        }
    }
    while (k && k->count > 0) {
        free(pop(k).label);
    }
    free(k);
    return status;
}
